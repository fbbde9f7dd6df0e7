"""Who counts as one client, and how often it may ask."""

from pathlib import Path

import pytest
from fakes import client_of
from starlette.testclient import TestClient

from service import clients, limits
from settings import Settings

ASK = "/v1/ask?q=tram"


def asked(client: TestClient, path: str = ASK, **headers: str) -> int:
    """The status of one request."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    status: int = client.get(path, headers=named).status_code
    return status


def test_who_asks_too_often_has_to_wait(tmp_path: Path, no_settings: Path) -> None:
    """The API and pages that ask count together; 429 says in how many seconds to come back."""
    with client_of(tmp_path, rate_limit="3/hour") as client:
        assert [asked(client, path) for path in (ASK, "/?q=tram", "/v1/documents")] == [200] * 3
        refused = client.get(ASK)
        assert refused.status_code == 429
        assert refused.headers["content-type"] == "application/problem+json"
        assert 1 <= int(refused.headers["retry-after"]) <= 1200
        page = client.get("/?%71=tram&lang=it")
        assert (page.status_code, page.headers["content-type"][:9]) == (429, "text/html")
        assert "troppe domande" in page.text


def test_what_costs_nothing_is_not_limited(tmp_path: Path, no_settings: Path) -> None:
    """Health and the form stay open to who asked too often; a whole document costs something."""
    with client_of(tmp_path, rate_limit="1/day") as client:
        assert [asked(client), asked(client)] == [200, 429]
        assert asked(client, "/read/tram") == 429
        for path in ("/healthz", "/", "/?lang=it", "/assets/rinvio.css"):
            assert asked(client, path) == 200


def test_the_limit_can_be_switched_off(tmp_path: Path, no_settings: Path) -> None:
    """`off` is no limit."""
    with client_of(tmp_path, rate_limit="off") as client:
        assert {asked(client, "/v1/documents") for _ in range(150)} == {200}


def test_the_whole_amount_may_come_at_once(tmp_path: Path, no_settings: Path) -> None:
    """The default is 120/minute; as many of a longer time are answered at once, the next is not."""
    assert Settings.model_fields["rate_limit"].default == "120/minute"
    with client_of(tmp_path, rate_limit="120/day") as client:
        assert [asked(client, "/v1/documents") for _ in range(121)] == [200] * 120 + [429]


def test_programs_on_this_machine_are_free(tmp_path: Path, no_settings: Path) -> None:
    """Loopback is not limited, unless a proxy asks on it for somebody else."""
    with client_of(tmp_path, address="127.0.0.1", rate_limit="1/day") as client:
        assert [asked(client) for _ in range(3)] == [200] * 3
        forwarded = [asked(client, x_forwarded_for="198.51.100.7") for _ in range(2)]
        assert forwarded == [200, 429]
        assert asked(client, x_forwarded_for="198.51.100.8") == 200
        pretended = [asked(client, x_forwarded_for="127.0.0.1") for _ in range(2)]
        assert pretended == [200, 429]


def test_only_a_trusted_proxy_names_its_clients(tmp_path: Path, no_settings: Path) -> None:
    """Who is not trusted cannot pass for another; who is, is believed for what it saw itself."""
    with client_of(tmp_path, address="203.0.113.5", rate_limit="1/day") as client:
        assert [asked(client, x_forwarded_for=f"198.51.100.{n}") for n in (1, 2)] == [200, 429]
    trusted = {"trusted_proxies": "203.0.113.0/24, ::1", "rate_limit": "1/day"}
    with client_of(tmp_path / "2", address="203.0.113.5", **trusted) as client:
        assert [asked(client, x_forwarded_for=f"198.51.100.{n}") for n in (1, 2)] == [200, 200]
        forged = "192.0.2.9, 198.51.100.1"  # the proxy adds to what its client sent
        assert asked(client, x_forwarded_for=forged) == 429
        second = "198.51.100.{}, ::ffff:203.0.113.7"  # another trusted one, of both families
        assert [asked(client, x_forwarded_for=second.format(n)) for n in (3, 4)] == [200, 200]


def test_only_a_trusted_proxy_chooses_ids(tmp_path: Path, no_settings: Path) -> None:
    """A valid X-Request-ID of a trusted proxy is kept; any other is replaced."""
    with client_of(tmp_path, address="127.0.0.1") as client:
        for given, kept in (("abc-1.2_3", True), ("a b", False), ("x" * 65, False)):
            made = client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"]
            assert (made == given) is kept
    with client_of(tmp_path / "2", address="203.0.113.5") as client:
        made = client.get("/healthz", headers={"X-Request-ID": "abc"}).headers["x-request-id"]
        assert made != "abc"


def test_the_limiter_forgets(
    tmp_path: Path, no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It remembers CLIENTS addresses and no more, so that its memory has an end."""
    monkeypatch.setattr(limits, "CLIENTS", 2)
    with client_of(tmp_path, address="127.0.0.1", rate_limit="1/day") as client:

        def of(number: int) -> int:
            return asked(client, x_forwarded_for=f"198.51.100.{number}")

        assert [of(1), of(2), of(2), of(1)] == [200, 200, 429, 429]
        assert [of(3), of(1), of(2)] == [200, 429, 200]


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        ("x" * 1000, "x" * 45),
    ],
)
def test_a_client_is_an_address_or_a_network(address: str, client: str) -> None:
    """One IPv6 client owns a /64; what is no address is one client, cut short."""
    assert clients.client_of({"client": (address, 1)}) == client


def test_an_address_of_both_families_is_one(tmp_path: Path, no_settings: Path) -> None:
    """A socket for IPv6 and IPv4 writes 127.0.0.1 as ::ffff:127.0.0.1: local, and trusted."""
    with client_of(tmp_path, address="::ffff:127.0.0.1", rate_limit="1/day") as client:
        assert [asked(client) for _ in range(3)] == [200] * 3
        of = [asked(client, x_forwarded_for=f"198.51.100.{n}") for n in (1, 2, 1)]
        assert of == [200, 200, 429]


def test_a_client_without_address_is_one_client() -> None:
    """A server that names no address makes nobody local."""
    assert clients.client_of({"client": None}) == ""
