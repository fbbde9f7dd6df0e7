"""Who needs a key, who does not, and where keys never show."""

import json
import traceback
from pathlib import Path

import pytest
from fakes import client_of
from starlette.testclient import TestClient

from corpus.errors import SettingsError
from settings import load_settings

KEY, OTHER = "a-key-of-the-museum", "a-key-of-the-library"
PARTNER = "https://www.comune.example"
SETTINGS = {"api_keys": f"{KEY}, {OTHER}", "cors_origins": PARTNER}
ASK = "/v1/ask?q=tram"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": f"Bearer {KEY}"}, 200),
        ({"Authorization": f"bearer  {OTHER}"}, 200),
        ({"Authorization": f"Bearer {KEY}x"}, 401),
        ({"Authorization": "Bearer "}, 401),
        ({"Authorization": f"Basic {KEY}"}, 401),
        ({"Origin": PARTNER}, 200),
        ({"Origin": "https://www.comune.example.evil.example"}, 401),
        ({"Origin": "null"}, 401),
        ({"Origin": "https://testserver"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 401),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 401),
    ],
)
def test_programs_need_a_key(
    tmp_path: Path, no_settings: Path, headers: dict[str, str], status: int
) -> None:
    """With keys set, the API answers holders of one, our own pages and allowed origins."""
    with client_of(tmp_path, **SETTINGS) as client:
        response = client.get(ASK, headers=headers)
    assert response.status_code == status
    if status == 401:
        assert response.headers["www-authenticate"] == 'Bearer realm="rinvio"'
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("root", ["/docs", "/docs/", "/"])
def test_a_root_path_opens_nothing(tmp_path: Path, no_settings: Path, root: str) -> None:
    """`uvicorn --root-path` puts it before every path; keys and limits hold all the same."""
    with client_of(tmp_path, **SETTINGS, rate_limit="2/day") as client:
        below = TestClient(client.app, root_path=root)
        base = f"http://testserver{root}"  # as an address: "//" would begin a host
        paths = (f"{base}{ASK}", f"{base}/metrics", f"{base}/healthz", f"{base}{ASK}")
        assert [below.get(path).status_code for path in paths] == [401, 401, 200, 429]


def test_pages_and_health_need_none(tmp_path: Path, no_settings: Path) -> None:
    """People ask on the page; orchestrators look at the health."""
    with client_of(tmp_path, **SETTINGS) as client:
        for path in ("/", "/?q=tram", "/read/tram", "/healthz", "/readyz"):
            assert client.get(path).status_code == 200


def test_without_keys_the_api_is_open(tmp_path: Path, no_settings: Path) -> None:
    """No keys, no questions asked."""
    with client_of(tmp_path) as client:
        assert client.get(ASK).status_code == 200


@pytest.mark.parametrize(
    ("settings", "address", "headers", "status"),
    [
        ({}, "127.0.0.1", {}, 200),
        ({}, "::1", {}, 200),
        ({}, "203.0.113.5", {}, 403),
        ({}, "203.0.113.5", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ({}, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ({}, "127.0.0.1", {"X-Real-IP": "203.0.113.5"}, 403),
        ({}, "127.0.0.1", {"Origin": PARTNER, "X-Forwarded-For": "198.51.100.7"}, 403),
        (SETTINGS, "127.0.0.1", {}, 401),
        (SETTINGS, "203.0.113.5", {"Origin": PARTNER}, 401),
        (SETTINGS, "203.0.113.5", {"Sec-Fetch-Site": "same-origin"}, 401),
        (SETTINGS, "203.0.113.5", {"Authorization": f"Bearer {KEY}"}, 200),
    ],
)
def test_the_metrics_are_the_operator_s(
    tmp_path: Path,
    no_settings: Path,
    settings: dict[str, str],
    address: str,
    headers: dict[str, str],
    status: int,
) -> None:
    """A holder of a key reads them; without keys only a program on this machine does."""
    with client_of(tmp_path, address=address, **settings) as client:
        assert client.get("/metrics", headers=headers).status_code == status


def test_guessing_keys_is_limited(tmp_path: Path, no_settings: Path) -> None:
    """Wrong keys count as requests of their address, whatever they ask for."""
    with client_of(tmp_path, rate_limit="2/minute", **SETTINGS) as client:
        statuses = [client.get(ASK, headers={"Authorization": "Bearer x"}) for _ in range(3)]
        assert [response.status_code for response in statuses] == [401, 401, 429]
        assert client.get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 429


def test_a_refused_script_can_read_why(tmp_path: Path, no_settings: Path) -> None:
    """A 429 to a page of an allowed origin carries the headers that let its script see it."""
    with client_of(tmp_path, rate_limit="1/day", **SETTINGS) as client:
        client.get(ASK, headers={"Origin": PARTNER})
        refused = client.get(ASK, headers={"Origin": PARTNER})
    assert refused.status_code == 429
    assert refused.headers["access-control-allow-origin"] == PARTNER
    assert "Retry-After" in refused.headers["access-control-expose-headers"]


def test_keys_are_never_shown(no_settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in a representation, a dump, nor an error with its whole traceback."""
    settings = load_settings(api_keys=f"{KEY},{OTHER}")
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert KEY not in shown
    assert KEY not in json.dumps(settings.model_dump(), default=str)
    for wrong in ("short-key", f"{KEY}, short-key"):
        monkeypatch.setenv("RINVIO_API_KEYS", wrong)
        with pytest.raises(SettingsError, match="RINVIO_API_KEYS") as caught:
            load_settings()
        told = "".join(traceback.format_exception(caught.value))
        assert "16 characters" in told
        assert KEY not in told
        assert "short-key" not in told


def test_keys_may_be_a_list(no_settings: Path) -> None:
    """In rinvio.toml they may be an array."""
    Path("rinvio.toml").write_text(f'api_keys = ["{KEY}", "{OTHER}"]\n')
    assert [key.get_secret_value() for key in load_settings().api_keys] == [KEY, OTHER]
