"""Deep links into originals: the right place, or none."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from originals import LONG, PAGE, PLACE, cited, is_around, marked
from playwright.sync_api import Browser
from sites import Partner, served
from text_directives import goes_to, parsed

from corpus.document import Document, Sentence
from qa.fragments import fragment, original

DOCUMENT = Document("a", "A", "", "en", None, "", "", (), ())
# Few words, so that sentences often share their beginnings, ends or all of their words.
ALIKE = [
    "tram",
    "Tram",
    "tra",
    "caffè",
    "caffe\u0300",
    "so\u00adft",
    "a-b",
    "x,y",
    "“so”",
    "&",
    "–",
]
WORDS = st.sampled_from([*ALIKE, "the", "harbour", "l'harbour", "42"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(lambda words: " ".join(words) + ".")
LINES = st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join)
TEXTS = st.lists(LINES, min_size=1, max_size=5).map("\n".join)


def widened(text: str, span: Sentence) -> tuple[int, int]:
    """A span with the rest of its first and last words."""
    start = span.start - len(re.search(r"\S*\Z", text[: span.start])[0])
    return start, span.end + len(re.match(r"\S*", text[span.end :])[0])


@given(TEXTS, st.data())
@settings(max_examples=1500, deadline=None)
def test_a_fragment_leads_to_its_words_or_there_is_none(text: str, data: st.DataObject) -> None:
    """However alike its sentences are, a reader is never led to another place."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = Sentence(start, end)
    if text[start:end].strip() != text[start:end]:
        return
    words = fragment(text, span)
    if words is not None:
        assert goes_to(text, parsed(str(words))) == widened(text, span)


def directive(text: str, quote: str) -> str | None:
    words = fragment(text, Sentence(text.index(quote), text.index(quote) + len(quote)))
    return str(words) if words else None


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("One. A tram-line, here.", "A tram-line, here.", "A%20tram%2Dline%2C%20here."),
        (f"One. {LONG} Two.", LONG, "The%20tram%20of%20the%20old,and%20waits%20at%20the%20pier."),
        ("It stops\nat the town.", "It stops\nat the town.", "It%20stops,at%20the%20town."),
        ("It stops. In May it stops. It goes.", "it stops.", "May-,it%20stops.,-It"),
        ("It stops. " * 9, "It stops.", None),
        ("It *stops* here.", "It *stops* here.", None),
        ("Caffè here. CAFFE\u0300 here.", "Caffè here.", "Caff%C3%A8%20here.,-CAFFE%CC%80"),
    ],
)  # fmt: skip
def test_a_directive_is_as_short_as_it_can_be(text: str, quote: str, expected: str | None) -> None:
    """Whole words, else both ends of them, with context only where they stand more than once."""
    assert directive(text, quote) == expected


@pytest.mark.parametrize(
    ("url", "text", "expected"),
    [
        (None, "It stops.", None),
        ("https://a.example/", "It stops.", "https://a.example/#:~:text=It%20stops."),
        ("https://a.example/#top", "It stops.", "https://a.example/#top:~:text=It%20stops."),
        ("https://a.example/", "It stops. It stops.", "https://a.example/#:~:text=It%20stops.,-It"),
        ("https://a.example/", "It stops. " * 9, "https://a.example/"),
        ("https://a.example/a.PDF?b", "One.\fIt stops.\f", "https://a.example/a.PDF?b#page=2"),
        ("https://a.example/a.pdf", "It stops.", "https://a.example/a.pdf"),
        ("https://a.example/a.pdf#page=9", "\fIt stops.\f", "https://a.example/a.pdf#page=9"),
    ],
)  # fmt: skip
def test_an_original_opens_as_near_as_is_sure(url, text: str, expected) -> None:
    """Words on a page, the page of a PDF where it is known, else the beginning, or nothing."""
    start = text.index("It stops.")
    document = replace(DOCUMENT, url=url, text=text)
    assert original(document, Sentence(start, start + 9)) == expected


def test_chromium_marks_what_the_fragment_says(browser: Browser) -> None:
    """In a real page with one screen for each line, just the sentence is marked, and in view."""
    site = Partner()
    site.pages["/"] = PAGE
    with served(site) as address, browser.new_context() as context:
        sentences = list(cited(address, DOCUMENT))
        sure = [each for each in sentences if each.sure]
        assert 5 <= len(sure) < len(sentences)
        for each in sure:
            page = context.new_page()
            page.goto(each.link)
            at = (each.line, each.start, each.end)
            place = page.evaluate(f"(at) => ({PLACE})(...at)", at)
            assert is_around(marked(page.screenshot()), place), each.link
            page.close()
