"""The pages in a real browser: reachable by everybody, inert, the cited sentence in view."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from playwright.sync_api import Browser, Locator, Page, expect
from sites import served
from states import FROM_AFAR, LANGUAGES, State, states

from api import create_app
from settings import load_settings

SCHEMES = ("light", "dark")
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`p { margin-bottom: 2em !important } * { line-height: 1.5 !important;
    letter-spacing: .12em !important; word-spacing: .16em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""  # WCAG 2.2, 1.4.12
SMALL = {"width": 320, "height": 640}
AXE = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
QUESTIONS = [
    json.loads(line)["question"]
    for line in (ROOT / "tests" / "case-study.jsonl").read_text(encoding="utf-8").splitlines()
]
VIOLATIONS = (
    "addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.blockedURI))"
)


@contextmanager
def visiting(browser: Browser, **options) -> Iterator[Page]:
    """A page of its own; nothing on it may fail, ask for a dialog or go elsewhere."""
    context = browser.new_context(**options)
    context.set_default_timeout(10_000)
    page = context.new_page()
    failed: list[str] = []
    page.add_init_script(VIOLATIONS)
    page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("dialog", lambda dialog: failed.append(dialog.message))
    yield page
    context.close()
    assert [words for words in failed if "the server responded with a status of" not in words] == []


@pytest.fixture(scope="module")
def addresses(browser, library, unready):
    """The whole address of a state, once the far address has used up its day."""
    with visiting(browser, extra_http_headers=FROM_AFAR) as page:
        page.goto(library + states("en")["too-many"].path)

    def address(state: State) -> str:
        return (library if state.ready else unready) + state.path

    return address


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", states("en"))
def test_everybody_can_use_it(browser, addresses, name: str, lang: str) -> None:
    """Light and dark, axe finds nothing, folded parts opened.

    Nothing is wider than 320 px, with the widest spacing that readers may set.
    """
    state = states(lang)[name]
    with visiting(browser, extra_http_headers=state.headers, viewport=SMALL) as page:
        page.goto(addresses(state))
        for details in page.locator("details").all():
            details.evaluate("e => { e.removeAttribute('name'); e.open = true; }")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, options=AXE)
            assert found.violations_count == 0, found.generate_report()
        page.evaluate(SPACED)
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


def test_every_citation_opens_with_its_sentence_in_view(browser, case_study: Path) -> None:
    """For each question of the case study, every passage's link shows just its quote marked."""
    with (
        served(create_app(load_settings(index=case_study))) as address,
        visiting(browser, viewport=SMALL) as page,
    ):
        links = {}
        for question in QUESTIONS:
            answer = page.request.post(address + "/v1/ask", data={"question": question}).json()
            links |= {p["citation"]["link"]: p["citation"]["quote"] for p in answer["passages"]}
        assert len(links) > 10
        for link, quote in links.items():
            page.goto(address + link)
            mark = page.locator("mark")
            assert mark.count() == 1
            assert mark.text_content() == quote
            expect(mark).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_works_without_javascript(browser, library, lang: str) -> None:
    """Ask, open the document, see the sentence, unfold the formats: all without a script."""
    with visiting(browser, java_script_enabled=False) as page:
        page.goto(library + states(lang)["home"].path)
        page.locator("#q").fill("What did Baltimore adopt from Torino City Lab?")
        page.locator("#q").press("Enter")
        page.locator(".take > summary").click()
        expect(page.locator("[data-copies]").first).to_be_hidden()
        page.locator(".copies summary").first.click()
        expect(page.locator("#as-plain")).to_contain_text("Baltimore adopted a focus")
        page.locator(".answer .button").click()
        expect(page.locator("mark")).to_be_in_viewport(ratio=1)
        assert page.locator("html").get_attribute("lang") == lang


def test_a_keyboard_is_enough(browser, library) -> None:
    """Skip, ask, copy and open by Tab, Enter and Space, with the focus in sight all the way."""
    with visiting(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(library + "/?lang=en")
        press(page, "Tab", "Enter", "Tab")
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type("What did Baltimore adopt from Torino City Lab?")
        with page.expect_navigation():
            press(page, "Enter")
        walk_to(page, page.locator(".take > summary"))
        press(page, "Enter")
        walk_to(page, page.locator("[data-copies=as-markdown]"))
        press(page, "Space")
        expect(page.get_by_role("status")).to_have_text("Copied: Markdown.")
        assert page.evaluate("navigator.clipboard.readText()").startswith("> As a result of")
        press(page, "Tab")
        expect(page.get_by_role("status")).to_be_empty()  # it could cover what has the focus
        page.goto(library + states("en")["answer"].path)
        walk_to(page, page.locator(".answer .button"))
        with page.expect_navigation():
            press(page, "Enter")
        expect(page.locator("mark")).to_be_in_viewport()
        walk_to(page, page.locator(".rinvio"))
        press(page, "Enter")
        walk_to(page, page.locator("nav a").last)
        press(page, "Enter")
        expect(page.locator("article h2").last).to_be_in_viewport()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def walk_to(page: Page, wanted: Locator) -> None:
    """Tab until `wanted` has the focus; every stop on the way can be seen."""
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
        if wanted.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is out of reach")


COPIED = """async (kind) => {
  const [item] = await navigator.clipboard.read();
  return (await item.getType(kind)).text();
}"""


def test_plain_text_brings_its_link_along(browser, library) -> None:
    """An editor takes the formatted quote with its link, a field for text the words."""
    with visiting(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(library + states("en")["reader-cited"].path)
        page.locator("[data-copies=as-plain]").click()
        expect(page.get_by_role("status")).to_have_text("Copied: Plain text.")
        assert page.evaluate(COPIED, "text/plain").startswith("“")
        assert "<blockquote" in page.evaluate(COPIED, "text/html")
        assert '<a href="http' in page.evaluate(COPIED, "text/html")


def test_the_question_that_was_answered_is_there_to_read(browser, library) -> None:
    """Behind Back the field may hold another one."""
    with visiting(browser) as page:
        page.goto(library + states("en")["answer"].path)
        page.locator("#q").fill("Who is the mayor of Turin?")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("h1")).to_have_text("What did Baltimore adopt from Torino City Lab?")


def test_copying_without_a_clipboard_selects(browser, library) -> None:
    """Where the browser has no clipboard for us, the text is selected and the status says so."""
    with visiting(browser) as page:
        page.add_init_script("delete Navigator.prototype.clipboard")
        page.goto(library + states("it")["reader-cited"].path)
        page.locator("[data-copies=as-ris]").click()
        expect(page.get_by_role("status")).to_contain_text("Selezionato")
        assert page.evaluate("getSelection().toString()").startswith("TY  - RPRT")


def test_documents_are_inert(browser, library) -> None:
    """Markup, handlers, links and direction marks of a document are words and nothing more."""
    with visiting(browser) as page:
        page.goto(library + states("en")["reader-untrusted"].path)
        assert page.title().endswith("– Rinvio")
        article = page.locator("article")
        expect(article).to_contain_text('<img src="/x" onerror=')
        assert article.locator("img, script, a, b").count() == 0
        page.goto(library + "/?lang=en")
        lines = page.locator(".documents .place").filter(has_text="esuoh")
        ours, theirs = lines.evaluate(
            """line => {
              const range = document.createRange();
              range.selectNodeContents(line.firstChild);
              const box = line.querySelector("bdi").getBoundingClientRect();
              return [range.getBoundingClientRect().right, box.left];
            }"""
        )
        assert ours <= theirs
        assert page.locator("h2").first.inner_text() == "For example"


def test_paper_shows_the_document_and_the_mark(browser, library) -> None:
    """Printed, a page has no form, button or navigation, and the cited sentence is underlined."""
    with visiting(browser) as page:
        page.emulate_media(media="print")
        page.goto(library + states("en")["reader-cited"].path)
        for gone in ("nav", ".copies", "header.bar", ".skip"):
            expect(page.locator(gone).first).to_be_hidden()
        expect(page.locator("article")).to_be_visible()
        mark = page.locator("mark")
        assert mark.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"
        page.goto(library + states("en")["answer"].path)
        expect(page.locator("form")).to_be_hidden()
        expect(page.locator(".answer blockquote")).to_be_visible()


def test_forced_colours_keep_the_mark(browser, library) -> None:
    """In the colours of the reader's system, marked words still differ from those around."""
    with visiting(browser, forced_colors="active") as page:
        page.goto(library + states("en")["reader-cited"].path)
        colour = "e => getComputedStyle(e).backgroundColor"
        assert page.locator("mark").evaluate(colour) != page.locator("article").evaluate(colour)
