"""The pages over HTTP, in every state and both languages."""

import html
import re
from html.parser import HTMLParser as Tags
from itertools import pairwise

import httpx2
import pytest
from library import CHANGED, CITED, DROPPED, REMOVED
from states import FROM_AFAR, LANGUAGES, State, states
from tinyhtml5.parser import HTMLParser

from index.ledger import citation_id
from views.formats import FORMATS
from views.strings import all_strings, strings

EVERY = [(name, lang) for lang in LANGUAGES for name in states(lang)]
VOID = {"input", "link", "meta", "img", "br"}


class Page(Tags):
    """What a page holds: its elements in order, and its words with the language they are in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, str]] = []
        self._languages: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.elements.append((tag, found))
        inner = found.get("lang") or (self._languages[-1] if self._languages else "")
        inner = "code" if found.get("translate") == "no" else inner
        for name in ("alt", "aria-label", "placeholder", "data-done", "data-selected"):
            if found.get(name):
                self.words.append((inner, found[name]))
        if tag not in VOID:
            self._languages.append(inner)

    def handle_endtag(self, tag):
        self._languages.pop()

    def handle_data(self, text):
        text = re.sub("\u2068.*\u2069", "", text)  # of a document or a question, in a title
        if text.strip():
            self.words.append((self._languages[-1], re.sub(r"^\W+|\W+$", "", text)))

    def all(self, *names):
        return [attributes for name, attributes in self.elements if name in names]


@pytest.fixture(scope="session")
def fetch(library: str, unready: str):
    """Gets the page of a state; its first answer uses up what a far address may ask in a day."""
    with httpx2.Client() as client:
        client.get(library + states("en")["too-many"].path, headers=FROM_AFAR)

        def fetched(state: State) -> httpx2.Response:
            address = (library if state.ready else unready) + state.path
            return client.get(address, headers=state.headers)

        yield fetched


@pytest.fixture(scope="session")
def pages(fetch):
    """The response of every state in every language."""
    return {(name, lang): fetch(states(lang)[name]) for name, lang in EVERY}


@pytest.mark.parametrize("state", EVERY, ids="-".join)
def test_every_state_is_a_whole_page(pages, state) -> None:
    """Its status, its language, no error of HTML, one h1, headings without gaps, unique ids."""
    name, lang = state
    response = pages[state]
    assert response.status_code == states(lang)[name].status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept-Language" in response.headers["vary"]
    parser = HTMLParser()
    parser.parse(response.text)
    assert parser.errors == []
    page = Page(response.text)
    assert page.all("html") == [{"lang": lang}]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for _, attributes in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for", "data-copies"):
            assert name not in attributes or attributes[name] in ids


@pytest.mark.parametrize("state", EVERY, ids="-".join)
def test_nothing_comes_from_elsewhere_and_nothing_runs_inline(pages, state) -> None:
    """Only our own files are loaded, and the policy allows scripts only where there is one."""
    response = pages[state]
    page = Page(response.text)
    for attributes in page.all("link", "img", "script"):
        assert (attributes.get("src") or attributes.get("href")).startswith(
            ("/assets/", "/widget/")
        )
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
    assert not page.all("style", "iframe", "object", "embed")
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert ("script-src 'self'" in policy) == bool(page.all("script"))
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", states("en"))
def test_no_english_is_left_on_italian_pages(pages, name: str) -> None:
    """What stands on both is a name, a format, or in the language of a document."""
    strings = all_strings()
    same = {value for key, value in strings["en"].items() if strings["it"][key] == value}
    same |= {"Content-Security-Policy", "https://www.comune.example"}
    english, italian = (
        {words for language, words in Page(pages[name, lang].text).words if language == lang}
        for lang in LANGUAGES
    )
    shared = {words for words in english & italian if re.search("[a-z]", words)} - same
    assert shared == set()


def test_an_error_keeps_the_question(pages) -> None:
    """What was asked stands in the form again, where asking anew can help."""
    for name in ("busy", "too-many", "not-ready", "fault", "too-long"):
        [field] = [
            each for each in Page(pages[name, "en"].text).all("input") if each.get("id") == "q"
        ]
        assert field["value"]


def test_a_busy_service_says_how_long_to_wait(pages) -> None:
    """Retry-After, and for too many questions the time in words."""
    assert pages["busy", "it"].headers["retry-after"] == "1"
    assert "Attendi 24 ore" in pages["too-many", "it"].text


def test_a_refusal_shows_what_comes_near_as_no_answer(pages) -> None:
    """In words why, the nearest passages under their own heading, and no answer anywhere."""
    for lang, why in (("en", "do not mention Bologna"), ("it", "non menzionano Bologna")):
        page = pages["unknown-name", lang].text
        assert why in page
        assert all_strings()[lang]["not_an_answer"] in page
        assert 'class="answer"' not in page
        assert page.count("<blockquote") > 1


def test_examples_are_in_the_language_of_the_page(pages) -> None:
    """The questions that a document brings along are offered to those who read their language."""
    assert "Who is the mayor of Baltimore?" in pages["home", "en"].text
    assert "Chi è il sindaco di Baltimora?" in pages["home", "it"].text
    assert "mayor" not in pages["home", "it"].text


def test_the_reader_follows_a_citation(pages) -> None:
    """Marked where it stands or where it reads otherwise; said in its own words when it is gone."""
    marked = {
        "reader": [],
        "reader-cited": [CITED],
        "reader-changed": [CHANGED.replace("dodici", "tredici")],
        "reader-dropped": [],
    }
    for name, quotes in marked.items():
        assert re.findall('<mark id="cited">(.*?)</mark>', pages[name, "en"].text) == quotes
        noted = 'class="near" href="#citation"' in pages[name, "en"].text
        assert noted == (name == "reader-changed")
    for name, quote in (
        ("reader-changed", CHANGED),
        ("reader-dropped", DROPPED),
        ("reader-gone", REMOVED),
    ):
        assert f"<p>{quote}</p></blockquote>" in pages[name, "en"].text


def test_the_original_opens_at_the_same_words(pages) -> None:
    """Where a document has an address elsewhere, the reader leads to the cited words there."""
    fragment = "#:~:text=L%27acqua%20piovana%20viene%20raccolta%20sui%20tetti%20delle%20palestre."
    hrefs = [link["href"] for link in Page(pages["reader-original", "it"].text).all("a")]
    assert f"https://www.comune.example/orti/scuole.html{fragment}" in hrefs
    assert "comune.example" not in pages["reader-cited", "it"].text


def test_a_citation_of_another_document_is_not_in_this_one(library: str) -> None:
    """The reader says so, and tells nothing of the other."""
    identity = citation_id("orti/scuole", DROPPED)
    page = httpx2.get(f"{library}/read/baltimore-turin?lang=en&c={identity}").text
    assert "is not in this document" in page
    assert DROPPED not in page


@pytest.mark.parametrize("name", FORMATS)
def test_a_citation_is_a_file_in_every_format(library: str, name: str) -> None:
    """Each comes with its media type and a name, holds the quote, and links to this service."""
    identity = citation_id("baltimore-turin", CITED)
    response = httpx2.get(f"{library}/v1/citations/{identity}/{name}?lang=it")
    chosen = FORMATS[name]
    assert response.headers["content-type"].partition(";")[0] == chosen.media_type
    assert response.headers["content-disposition"].endswith(f'"{identity}.{chosen.suffix}"')
    assert f"{library}/read/baltimore-turin?c={identity}#cited" in html.unescape(response.text)
    assert "caratteri" in response.text


def test_what_no_longer_stands_is_no_file(library: str) -> None:
    """A changed or unknown citation is 404, an unknown format 422."""
    changed = citation_id("orti/scuole", CHANGED)
    for path, status in ((f"{changed}/ris", 404), ("c-0/ris", 404), (f"{changed}/pdf", 422)):
        response = httpx2.get(f"{library}/v1/citations/{path}")
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"


def test_files_are_kept_as_long_as_their_address_names_their_content(pages, library: str) -> None:
    """What a page loads may be kept for good; without its fingerprint, for minutes."""
    [sheet, _] = Page(pages["home", "en"].text).all("link")
    for address, caching in ((sheet["href"], "immutable"), ("/assets/rinvio.css", "max-age=600")):
        assert caching in httpx2.get(library + address).headers["cache-control"]
    assert httpx2.get(f"{library}/assets/html.py").status_code == 404


def test_who_mistypes_an_address_gets_a_page(library: str) -> None:
    """A browser's visitor one in their language, a program the problem as JSON."""
    people = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "it"}
    for path in ("/foo", "/embed/x"):
        page = httpx2.get(library + path, headers=people)
        assert (page.status_code, strings("it")["not_found_title"] in page.text) == (404, True)
        assert httpx2.get(library + path).json()["status"] == 404
    for path, status in (("/v1/foo", 404), ("/v1/ask", 422)):
        assert httpx2.get(library + path, headers=people).json()["status"] == status
