"""Content-Security-Policies of pages, read as browsers read them."""

import pytest

from embed.policy import Policy

W = "https://rinvio.example"
SCRIPT = f"{W}/widget/rinvio.js"
PAGE = "https://www.comune.example/cerca"


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        ("script-src 'none'", False),
        ("script-src 'self'", False),
        ("img-src 'none'", True),
        ("default-src 'none'", False),
        ("default-src 'none'; script-src https:", True),
        ("script-src http:", True),
        ("script-src *", True),
        (f"script-src 'self' {W}", True),
        ("SCRIPT-SRC https://RINVIO.example", True),
        ("script-src rinvio.example", True),
        ("script-src *.example", True),
        ("script-src https://*", True),
        ("script-src http://*:443", True),
        ("script-src *.rinvio.example", False),
        ("script-src https://rinvio.example:443", True),
        ("script-src https://rinvio.example:8443", False),
        ("script-src https://rinvio.example:*", True),
        (f"script-src {W}/widget/", True),
        (f"script-src {W}/widget", False),
        (f"script-src {SCRIPT}", True),
        (f"script-src {W}; script-src 'none'", True),
        (f"script-src {W}; script-src-elem 'self'", False),
        (f"script-src {W} 'strict-dynamic'", False),
        ("script-src 'strict-dynamic' 'nonce-abc'", True),
        ("script-src 'nonce-xyz'", False),
    ],
)
def test_a_policy_is_read_as_browsers_read_it(policy: str, allowed: bool) -> None:
    """Sources match by scheme, host, port and path; fallbacks and nonces count."""
    parsed = Policy.parse(policy)
    assert parsed.allows("script-src", SCRIPT, PAGE, ["'nonce-abc'"]) is allowed


@pytest.mark.parametrize(
    ("policy", "mended"),
    [
        ("default-src 'none'", f"script-src {W}"),
        ("default-src 'self'", f"script-src 'self' {W}"),
        ("script-src 'self' 'nonce-x'", f"script-src 'self' 'nonce-x' {W}"),
        ("script-src 'self'; script-src-elem 'none'", f"script-src-elem {W}"),
    ],
)
def test_the_mended_line_keeps_what_was_there(policy: str, mended: str) -> None:
    """What is to be added never takes anything away, and is enough."""
    assert Policy.parse(policy).mended("script-src", W) == mended
    assert Policy.parse(mended).allows("script-src", SCRIPT, PAGE)
