"""The widget's one script: how it is made, served and documented."""

import base64
import gzip
import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from conftest import ROOT
from fakes import client_of
from starlette.testclient import TestClient

from embed.hashes import version_of
from service.versions import _warn
from views.strings import all_strings
from views.widget import (
    CODE,
    HERE,
    ROOM,
    SHARED,
    encoded,
    integrity,
    version,
    widget_script,
    widget_strings,
    widget_tag,
)

SMALL = 8000  # bytes, compressed by gzip
FORBIDDEN = ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "Function(", "Storage",
             "cookie", "document.write", ".style", "indexedDB")  # fmt: skip


@pytest.fixture
def client(tmp_path: Path, no_settings: Path) -> Iterator[TestClient]:
    with client_of(tmp_path, cors_origins="https://www.comune.example") as client:
        yield client


def test_the_script_is_small() -> None:
    """Code, style and both languages together, as browsers get them."""
    assert len(encoded(widget_script(), "br")) < len(encoded(widget_script(), "gzip")) <= SMALL


def test_the_script_is_the_same_for_an_origin_that_may_ask(tmp_path: Path) -> None:
    """A cache between keeps one copy for every site: it must not name one of them."""
    with client_of(tmp_path, cors_origins="https://a.example") as client:
        for path, allowed in (("/widget/rinvio.js", "*"), ("/v1/documents", "https://a.example")):
            got = client.get(path, headers={"Origin": "https://a.example"})
            assert got.headers["access-control-allow-origin"] == allowed


@pytest.mark.parametrize("path", ["/widget/rinvio.js", f"/widget/{version()}/rinvio.js"])
def test_the_script_is_for_any_page(client: TestClient, path: str) -> None:
    """Pages of all origins may load and check it; the address with a version holds for good."""
    got = client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert got.content == widget_script()
    assert got.headers["content-type"] == "text/javascript; charset=utf-8"
    assert got.headers["access-control-allow-origin"] == "*"
    assert got.headers["cross-origin-resource-policy"] == "cross-origin"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert ("immutable" in got.headers["cache-control"]) == (version() in path)
    assert client.head(path).headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br; q=0.000, gzip", "gzip"),
        ("br;q=0.001", "br"),
        ("identity", None),
        ("", None),
    ],
)
def test_the_client_chooses_the_compression(
    client: TestClient, accepted: str, coding: str | None
) -> None:
    """The smallest that the client takes, said so, and told apart in caches."""
    with client.stream("GET", "/widget/rinvio.js", headers={"Accept-Encoding": accepted}) as got:
        raw = b"".join(got.iter_raw())
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding](raw)
    assert got.headers.get("content-encoding") == coding
    assert "Accept-Encoding" in got.headers["vary"]
    assert unpacked == widget_script()


def test_what_a_client_has_is_not_sent_again(client: TestClient) -> None:
    """Its entity tag gets a 304 without a body, that of another coding the script."""
    asked = {"Accept-Encoding": "gzip"}
    tag = client.get("/widget/rinvio.js", headers=asked).headers["etag"]
    again = client.get("/widget/rinvio.js", headers={**asked, "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/widget/rinvio.js", headers={"Accept-Encoding": "br", "If-None-Match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize("path", ["/widget/demo.html", "/widget/demo.css", "/assets/rinvio.css"])
def test_files_beside_the_script_are_not_sent_again_either(client: TestClient, path: str) -> None:
    """So a page that is looked at once more costs no bytes; with another tag it is sent."""
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content
    part = client.head(path, headers={"Range": "bytes=0-9"})  # of GET only (RFC 9110, 14.2)
    assert (part.status_code, part.headers["content-length"]) == (200, str(len(first.content)))


def test_a_version_that_was_handed_out_is_there_after_updates(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever pinned a version gets its very bytes from the next ones too, in any coding."""
    pinned, script = f"/widget/{version()}/rinvio.js", widget_script()
    assert client.get(pinned).content == script
    monkeypatch.setattr("service.widget.widget_script", lambda: b"updated")
    monkeypatch.setattr("service.widget.version", lambda: version_of(b"updated"))
    assert client.get("/widget/rinvio.js").content == b"updated"
    got = client.get(pinned, headers={"Accept-Encoding": "gzip"})
    assert (got.content, got.headers["content-encoding"]) == (script, "gzip")
    assert "immutable" in got.headers["cache-control"]
    (kept,) = (tmp_path / "index" / "widget").iterdir()
    with monkeypatch.context() as patch:
        patch.setattr(
            Path, "read_bytes", lambda _: (_ for _ in ()).throw(PermissionError(13, "no"))
        )
        assert client.get(pinned).status_code == 404
    kept.write_bytes(b"changed")
    assert client.get(pinned).status_code == 404


def test_a_version_is_sent_where_nothing_can_be_kept(
    client: TestClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An index that cannot be written to costs no visitor the script; it is tried again."""
    _warn.cache_clear()
    folder, pinned = tmp_path / "index" / "widget", f"/widget/{version()}/rinvio.js"
    folder.write_text("in the way")
    assert client.get(pinned).content == widget_script()
    assert client.get(pinned).content == widget_script()
    assert caplog.text.count("will miss it") == 1
    folder.unlink()
    assert client.get(pinned).content == widget_script()
    assert [path.name for path in folder.iterdir()] == [f"{version()}.js"]


def test_no_other_version_is_there(client: TestClient) -> None:
    """An address never serves what it does not name."""
    assert client.get("/widget/000000000000/rinvio.js").status_code == 404
    assert client.get("/widget/..%2fCURRENT/rinvio.js").status_code == 404
    assert client.get("/widget/strings.toml").status_code == 404


def test_the_tag_is_checked_by_the_browser() -> None:
    """The version and the hash in the tag are those of the script; what is typed in is escaped."""
    digest = base64.b64encode(hashlib.sha384(widget_script()).digest()).decode()
    tag = widget_tag('https://a.example/"><script>', "it")
    assert integrity() == f"sha384-{digest}"
    assert f'integrity="sha384-{digest}" crossorigin="anonymous"' in tag
    assert f"/widget/{version()}/rinvio.js" in tag
    assert '"><script>' not in tag.replace('"></rinvio', "").partition("\n")[0]
    assert "integrity" not in widget_tag("https://a.example", "en", pinned=False)


def test_the_demo_is_as_strict_as_can_be(client: TestClient) -> None:
    """The page that shows the widget opens nothing that the widget does not need."""
    policy = client.get("/widget/demo.html").headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; connect-src 'self'" in policy
    assert "trusted-types 'none'" in policy
    assert "unsafe" not in policy


def test_both_languages_say_the_same() -> None:
    """The same sentences with the same blanks; none is written twice; all that is used is there."""
    english, italian = widget_strings().values()
    assert english.keys() == italian.keys()
    blanks = re.compile(r"{\w+}")
    assert [blanks.findall(english[key]) for key in english] == [
        blanks.findall(italian[key]) for key in english
    ]
    own = tomllib.loads((HERE / "strings.toml").read_text(encoding="utf-8"))["en"]
    assert not own.keys() & set(SHARED)
    assert set(SHARED) <= all_strings()["en"].keys()
    used = set(re.findall(r"words\.(\w+)", "".join((HERE / name).read_text() for name in CODE)))
    assert used <= english.keys()


@pytest.mark.parametrize("forbidden", FORBIDDEN)
def test_the_sources_do_without(forbidden: str) -> None:
    """No markup from text, no code from text, nothing stored, no inline style."""
    assert forbidden not in "".join((HERE / name).read_text() for name in CODE)


def test_the_room_that_it_needs_is_the_same_everywhere() -> None:
    """The guide, the demo and our own page give the one line that /embed writes."""
    for place in ("docs/widget.md", "widget/demo.css", "views/rinvio.css"):
        assert ROOM in (ROOT / place).read_text(encoding="utf-8")


def test_every_file_is_in_the_wheel() -> None:
    """The patterns of the package take all files of the widget."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    packed = {path for pattern in tools["package-data"]["widget"] for path in HERE.glob(pattern)}
    assert {path for path in HERE.iterdir() if path.is_file()} - packed == {HERE / "__init__.py"}
