"""The page that writes what a web master pastes."""

import html
import re
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect
from sites import Partner

from corpus.errors import PageError
from embed.origins import origin_of
from embed.page import read_page
from settings import load_settings
from views.widget import ROOM, widget_tag


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://www.comune.example", "https://www.comune.example"),
        (" HTTPS://WWW.Comune.Example/orti/?a=b#c ", "https://www.comune.example"),
        ("www.comune.example/orti", "https://www.comune.example"),
        ("https://www.comune.example:443", "https://www.comune.example"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("https://me:secret@comune.example", "https://comune.example"),
        ("https://città.example", "https://xn--citt-3na.example"),
        ("https://www.gießen.example", "https://www.xn--gieen-nqa.example"),
        ("http://[::1]:80", "http://[::1]"),
        ("", None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("https://", None),
        ("https://a b.example", None),
        ("https://a.example:99999", None),
        ("https://*.example", None),
        ('"><script>', None),
    ],
)
def test_an_origin_is_found_in_what_people_type(typed: str, origin: str | None) -> None:
    """Whole addresses, bare hosts and other scripts become what browsers send; the rest nothing."""
    assert origin_of(typed) == origin


@given(st.text(max_size=40) | st.text(max_size=30).map("https://{}".format))
def test_whatever_is_typed_gives_a_setting_that_holds_or_nothing(typed: str) -> None:
    """What the page tells the operator to set is accepted as a setting, as it stands."""
    origin = origin_of(typed)
    if origin is not None:
        assert load_settings(cors_origins=origin).cors_origins == (origin,)
        assert origin_of(origin) == origin


def embed(library: str, site: str = "", lang: str = "en", speaks: str = "it") -> str:
    asked = f"?lang={lang}&speaks={speaks}&site={quote(site)}"
    return httpx2.get(f"{library}/embed{asked}").text


def codes(page: str) -> dict[str, str]:
    """What there is to paste, by the ids of the page."""
    return {
        name: html.unescape(text)
        for name, text in re.findall('<pre id="(.*?)".*?>(.*?)</pre>', page, re.S)
    }


def test_what_to_paste_is_right_for_this_service(library: str) -> None:
    """The tag with its hash, the tag that follows, and the two sources of the policy."""
    pasted = codes(embed(library))
    assert pasted["tag"] == widget_tag(library, "it")
    assert "integrity=" in pasted["tag"]
    assert pasted["following"] == widget_tag(library, "it", pinned=False)
    assert pasted["policy"] == f"script-src {library}; connect-src {library}"
    assert pasted["room"] == ROOM
    assert "setting" not in pasted


def test_the_colours_that_were_chosen_are_in_every_tag(library: str) -> None:
    """In both tags and in the preview; what is no theme is as if nothing had been chosen."""
    page = httpx2.get(f"{library}/embed?speaks=it&theme=light").text
    assert codes(page)["tag"] == widget_tag(library, "it", theme="light")
    assert '<rinvio-search lang="it" theme="light">' in codes(page)["following"]
    assert page.count('<rinvio-search lang="it" theme="light">') == 1
    assert "theme=" not in codes(httpx2.get(f"{library}/embed?theme=%22%3E").text)["tag"]


def test_what_was_chosen_is_kept_in_the_other_language(library: str) -> None:
    """The link to the page in English carries the language of the search, once it was stated."""
    link = re.compile('<a href="([^"]*)" lang="en" hreflang')
    for chosen, carried in (("&speaks=it&theme=dark", "&speaks=it&theme=dark"), ("", "")):
        page = httpx2.get(f"{library}/embed?lang=it{chosen}").text
        assert html.unescape(link.search(page)[1]) == f"/embed?lang=en{carried}"


def test_it_says_whether_a_site_may_ask(library: str) -> None:
    """A listed site and our own may; another is told the setting; what is no site is said to be."""
    assert "https://www.comune.example may already ask" in embed(library, "www.comune.example/it")
    assert f"{library} may already ask" in embed(library, library)
    page = embed(library, "https://altra.example/")
    assert "https://altra.example may not ask yet" in page
    assert codes(page)["setting"] == "RINVIO_CORS_ORIGINS=https://altra.example"
    wrong = embed(library, "<script>alert(1)</script>")
    assert "This is not the address of a site" in wrong
    assert "<script>alert" not in wrong


def test_the_preview_is_the_very_tag_and_answers(browser: Browser, library: str) -> None:
    """Under the page's own policy the widget runs by its hash, and asks this service."""
    with browser.new_context() as context:
        page = context.new_page()
        failed: list[str] = []
        page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
        page.goto(f"{library}/embed?lang=it&speaks=it")
        [script] = page.locator("script[integrity]").all()
        tag = page.locator("#tag").text_content()
        for name in ("src", "integrity", "crossorigin"):
            assert f'{script.get_attribute(name)}"' in tag
        widget = page.locator("rinvio-search")
        widget.get_by_role("searchbox").fill(
            "Chi ha sponsorizzato l'Open Innovation Summit del 2019?"
        )
        widget.get_by_role("searchbox").press("Enter")
        expect(widget.locator("blockquote").first).to_contain_text("Fondazione Giacamo Brodolini")
        page.locator("[data-copies=policy]").click()
        expect(page.locator("#copied")).not_to_be_empty()
        assert failed == []


@pytest.mark.parametrize(
    "code",
    [
        "<![foo[ x ]]>",
        '<script src="http://[/widget/rinvio.js"></script>',
        '<script src="http://a.example:99999/widget/rinvio.js"></script>',
        '<base href="http://[">',
        '<rinvio-search endpoint="javascript:x"></rinvio-search>',
    ],
)
def test_html_that_cannot_be_read_is_no_fault_of_ours(partner: Partner, code: str) -> None:
    """The page is named, whatever its author or its CMS wrote."""
    partner.embed("http://127.0.0.1:9", code)
    with pytest.raises(PageError, match=re.escape(partner.origin)):
        read_page(partner.origin)
