"""`rinvio check-embed`: services that are down, have moved, or are not the script's own."""

import pytest
from sites import EMBEDDED, Partner, moved_to, served
from test_check_embed import found


def test_a_service_that_is_down_is_a_finding(partner: Partner) -> None:
    """Beside what the page's policy keeps out, and not the page's fault."""
    partner.embed("http://127.0.0.1:9")
    partner.policy = "default-src 'self'"
    code, topics = found(partner.origin)
    assert code == 1
    assert topics["script"][0].startswith("Start the service")
    assert len(topics["policy"]) == 2


def test_a_service_that_has_moved(partner: Partner, scripted: str) -> None:
    """Its new address is what to write, and no setting is missing."""
    with served(moved_to(scripted, {})) as old:
        partner.embed(old)
        code, topics = found(partner.origin)
        partner.embed(
            "http://127.0.0.1:9", EMBEDDED.replace("search>", f'search endpoint="{old}">', 1)
        )
        elsewhere = found(partner.origin, "--service", scripted)[1]["origin"]
    assert (code, topics["origin"]) == (1, [f"Write {scripted}/ in the tag."])
    assert elsewhere == topics["origin"]


def test_the_address_that_is_asked_need_not_be_the_script_s(
    partner: Partner, scripted: str
) -> None:
    """That of the element wins over the script's; policy and permission are those of it."""
    stranger = scripted.replace("127.0.0.1", "localhost")
    for change in (
        ("search>", f'search endpoint="{stranger}">'),
        ("<script", f'<script data-endpoint="{stranger}"'),
    ):
        partner.embed(scripted, EMBEDDED.replace(*change, 1))
        partner.policy = f"script-src {scripted}; connect-src {scripted}"
        code, topics = found(partner.origin)
        assert code == 1
        assert topics["policy"] == [f"Say instead: connect-src {scripted} {stranger}"]
        assert topics["origin"] == topics["script"] == [""]


@pytest.mark.parametrize("endpoint", ["/search", "{{ service }}"])
def test_an_endpoint_where_no_service_is(partner: Partner, scripted: str, endpoint: str) -> None:
    """On the page's own site too: it answers, but not as a service does."""
    partner.embed(scripted, EMBEDDED.replace("search>", f'search endpoint="{endpoint}">', 1))
    code, topics = found(partner.origin)
    assert code == 1
    assert topics["origin"] == ["Write the service's own address, whole."]


def test_nothing_is_said_of_a_script_that_was_not_asked_for(
    partner: Partner, scripted: str
) -> None:
    """The tag pins a version of another service: its hash is not held against this one's script."""
    pinned = EMBEDDED.replace("<script", '<script crossorigin integrity="sha384-AAAA"')
    partner.embed("http://127.0.0.1:9", pinned.replace("/widget/", "/widget/0123456789ab/"))
    code, topics = found(partner.origin, "--service", scripted)
    assert code == 1
    assert topics["tag"][0].startswith("Exchange the host")
    assert topics.keys().isdisjoint({"version", "integrity"})
