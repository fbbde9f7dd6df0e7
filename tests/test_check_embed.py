"""`rinvio check-embed`: what it finds wrong with a page, and what it says to do."""

import json
import re
from contextlib import nullcontext
from urllib.request import Request

import pytest
from sites import EMBEDDED, STRICT, Partner
from test_cli import run

from embed.check import MOUNTING, Finding
from embed.hashes import integrities
from embed.page import OnTheWeb
from views.widget import integrity, version, widget_script


def found(*arguments: str) -> tuple[int, dict[str, list[str]]]:
    """The exit code, and the cures of all findings by topic, "" where it is right."""
    code, output = run("check-embed", *arguments, "--json")
    topics: dict[str, list[str]] = {}
    for finding in json.loads(output):
        topics.setdefault(finding["topic"], []).append(finding["cure"])
        assert finding["right"] == (finding["cure"] == "")
    return code, topics


def test_a_page_where_all_is_right(partner: Partner, scripted: str) -> None:
    """Exit code 0, and every topic was looked at."""
    tag = f'integrity="{integrity()}" crossorigin src="{{service}}/widget/{version()}/'
    partner.embed(scripted, EMBEDDED.replace('src="{service}/widget/', tag))
    code, topics = found(partner.origin)
    right = ["tag", "script", "version", "integrity", "policy", "origin"]
    assert (code, topics) == (0, {topic: [""] for topic in right})


def test_an_address_is_typed_as_people_read_it(partner: Partner, scripted: str) -> None:
    """With letters that are sent as numbers."""
    partner.embed(scripted)
    partner.pages["/città"] = partner.pages["/"]
    assert found(f"{partner.origin}/città")[0] == 0


def test_a_tag_is_found_whatever_its_address_is_relative_to(
    partner: Partner, scripted: str
) -> None:
    """To the page, as on the service's own demo, or to what the page says in <base>."""
    assert found(f"{scripted}/widget/demo.html")[0] == 0
    based = EMBEDDED.replace("<meta", '<base href="{service}/"><meta', 1)
    partner.embed(scripted, based.replace('src="{service}/', 'src="'))
    assert found(partner.origin)[0] == 0


def test_every_policy_of_the_page_is_read(partner: Partner, scripted: str) -> None:
    """Headers and meta tags both have to allow the script and the questions."""
    meta = "<meta http-equiv='Content-Security-Policy' content=\"script-src 'self'\"><link"
    partner.embed(scripted, EMBEDDED.replace("<link", meta, 1))
    partner.policy = "default-src 'self'"
    code, topics = found(partner.origin)
    assert code == 1
    assert topics["policy"] == [
        f"Add: script-src 'self' {scripted}",
        f"Add: connect-src 'self' {scripted}",
        f"Say instead: script-src 'self' {scripted}",
    ]


def test_a_sandbox_has_to_leave_the_page_its_origin(partner: Partner, scripted: str) -> None:
    """Said by the server; in the page's own HTML browsers do not obey it."""
    meta = "<meta http-equiv='Content-Security-Policy' content='sandbox'><link"
    partner.embed(scripted, EMBEDDED.replace("<link", meta, 1))
    assert found(partner.origin)[0] == 0
    partner.policy = "sandbox Allow-Scripts"
    code, topics = found(partner.origin)
    assert (code, topics["policy"]) == (1, ["Add to its sandbox: allow-same-origin"])


def test_an_origin_that_may_not_ask(partner: Partner, scripted: str) -> None:
    """The origin after redirects is named, and the setting."""
    partner.embed(scripted)
    stranger = partner.origin.replace("127.0.0.1", "localhost")
    code, topics = found(f"{stranger}/?q=1")
    assert code == 1
    assert f"RINVIO_CORS_ORIGINS={stranger})" in topics["origin"][0]


@pytest.mark.parametrize(
    ("change", "topic", "cure"),
    [
        ((r"<script.*?</script>", ""), "tag", r"Add <script src="),
        ((r"<rinvio-search>.*</rinvio-search>", ""), "tag", "data-lang"),
        ((r"<script.*?</script>", r"<template>\g<0></template>"), "tag", r"Add <script src="),
        ((r"<rinvio-search>.*</rinvio-search>", r"<noscript>\g<0></noscript>"), "tag", "data-lang"),
        (
            (r"<script.*?</script>", r"<textarea>\g<0></textarea>"),
            "tag",
            r"Add <script src=",
        ),
        (("<script", '<script type="module"'), "tag", "Leave type out"),
        (
            ("<script", '<script crossorigin="Use-Credentials"'),
            "tag",
            'crossorigin="anonymous"',
        ),
        (  # a head that nobody wrote
            (
                r".*(<script )(.*?</script>).*",
                r'<!doctype html><title>a</title>\1data-lang="" \2<p>',
            ),
            "tag",
            "where the search belongs",
        ),
        (
            (r"<script (.*</head>.*)<rinvio-search>.*</rinvio-search>", r'<script data-lang="" \1'),
            "tag",
            "where the search belongs",
        ),
        (("/widget/", "/widget/0123456789ab/"), "version", f"{version()}/rinvio.js"),
        (("<script", '<script integrity="sha384-AAAA"'), "integrity", "crossorigin"),
        (
            ("<script", '<script crossorigin integrity="sha384-AAAA"'),
            "integrity",
            re.escape(integrity()),
        ),
        (  # browsers look at the longest kind of hash only
            (
                "<script",
                f'<script crossorigin integrity="{integrities(widget_script())[1]} sha384-AAAA"',
            ),
            "integrity",
            re.escape(integrity()),
        ),
    ],
)
def test_a_tag_that_does_not_work(
    partner: Partner, scripted: str, change: tuple[str, str], topic: str, cure: str
) -> None:
    """What is missing or wrong in the tag is named with what to write."""
    partner.embed(scripted, re.sub(*change, EMBEDDED, flags=re.DOTALL))
    code, topics = found(partner.origin, "--service", scripted)
    assert code == 1
    assert re.search(cure, topics[topic][0])


def test_strict_dynamic_asks_for_a_nonce(partner: Partner, scripted: str) -> None:
    """Where addresses do not count, no address is proposed."""
    partner.embed(scripted)
    partner.policy = STRICT.format(service="'nonce-x' 'strict-dynamic'")
    assert found(partner.origin)[1]["policy"][0] == "Give the script tag the nonce of the page."


def test_an_old_version_is_told_with_the_new_lines(
    partner: Partner, scripted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that pins an earlier version works, and its web master hears of the later one."""
    monkeypatch.setattr("service.widget.kept", lambda index, wanted: b"an earlier one")
    old = re.sub("/widget/", "/widget/0123456789ab/", EMBEDDED)
    partner.embed(scripted, old)
    code, output = run("check-embed", partner.origin)
    assert code == 0
    assert "right  The page pins an old version, 0123456789ab" in output
    for new in (version(), integrity()):
        assert new in output


def test_words_for_people(partner: Partner, scripted: str) -> None:
    """Without --json each finding is a line, with its cure below."""
    partner.embed(scripted)
    code, output = run("check-embed", partner.origin)
    assert code == 0
    assert output.startswith(f"right  The tag loads {scripted}/widget/rinvio.js.\n")


@pytest.mark.parametrize(
    "change",
    [
        ("<script", '<script type="text/ecmascript"'),
        (  # a policy outside of the head
            "<main>",
            "<main><meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">",
        ),
        ("<title>", "<title><textarea>"),
    ],
)
def test_what_browsers_take_is_right(
    partner: Partner, scripted: str, change: tuple[str, str]
) -> None:
    """Old names of JavaScript run it, and what browsers do not obey keeps nothing out."""
    partner.embed(scripted, re.sub(*change, EMBEDDED))
    assert found(partner.origin)[0] == 0


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://127.0.0.1:9/", "nonsense", "http://["])
def test_a_page_that_cannot_be_read(url: str) -> None:
    """Is an error that names the address."""
    from corpus.errors import PageError
    from embed.page import read_page

    with pytest.raises(PageError, match=re.escape(url)):
        read_page(url)


def test_what_mounts_the_search_is_what_the_script_reads() -> None:
    """The attributes of a script tag that make the element are those that the element has."""
    (listed,) = re.findall(r"const ATTRIBUTES = (.*?);", widget_script().decode())
    assert [f"data-{name}" for name in json.loads(listed)] == list(MOUNTING)


def test_no_page_leads_off_the_web_or_commands_the_terminal() -> None:
    """A redirection is followed to other pages only, and what a page says is shown as words."""
    handler = OnTheWeb()
    for address, followed in (("https://b.example/", True), ("ftp://b.example/", False)):
        with nullcontext() if followed else pytest.raises(ValueError, match="leads to ftp"):
            handler.redirect_request(Request("https://a.example/"), None, 301, "", {}, address)
    assert "\x1b" not in str(Finding("tag", False, "type is \x1b[2J", "\x1b]0;x"))
