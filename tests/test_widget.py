"""The widget in a real browser: what it shows, says and does."""

import pytest
from playwright.sync_api import Page, expect
from sites import CITATION
from widget_page import HEAR, UNFOLD, Open, Widget

from views.widget import widget_strings

LANGUAGES = ["en", "it"]
# What the scripted service replies, the state that follows, and the string that says so.
STATES = {
    "answer": ("answer", "found"),
    "likely": ("answer", "found"),
    "perhaps": ("answer", "found_perhaps"),
    "unmentioned": ("answer", "found_perhaps"),
    "of_a_later_version": ("refusal", "refused"),
    "no_match": ("refusal", "refused"),
    "name_not_found": ("refusal", "refused"),
    "direction": ("refusal", "refused"),
    "low_confidence": ("refusal", "refused"),
    "loading": ("loading", "loading"),
    "rate_limited_later": ("error", "rate_limited_later"),
    "busy": ("error", "busy"),
    "question_refused": ("error", "question_refused"),
    "blocked": ("error", "failed"),
    "failed": ("error", "failed"),
    "nonsense": ("error", "failed"),
    " ": ("empty", "empty"),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(widget: Widget, language: str, theme: str) -> None:
    """No state has a fault that axe can find."""
    widget.set("lang", language)
    widget.set("theme", theme)
    found = {"idle": widget.violations()}
    for question, (state, _) in STATES.items():
        widget.ask(question)
        widget.comes_to(state)
        widget.element.evaluate(UNFOLD)
        found[question] = widget.violations()
    assert {state: faults for state, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_said_once(widget: Widget, language: str) -> None:
    """The live region is there before, and says in its language what happened, once."""
    words = widget_strings()[language]
    widget.set("lang", language)
    widget.element.evaluate(HEAR)
    for question, (state, key) in STATES.items():
        widget.ask(question)
        widget.comes_to(state)
        expect(widget.status).to_have_text(words[key])
        *before, last = widget.page.evaluate("said.splice(0)")
        assert (last, set(before) - {words["loading"]}) == (words[key], set()), question


def test_a_wait_is_named_in_its_unit(widget: Widget) -> None:
    """Too many questions: the sentence says how long to wait, as the service said."""
    widget.ask("rate_limited")
    expect(widget.status).to_contain_text("7 seconds")
    widget.set("lang", "it")
    expect(widget.status).to_contain_text("7 secondi")
    widget.ask("hour")
    expect(widget.status).to_contain_text("60 minuti")


def test_a_refusal_that_it_does_not_know_is_shown(widget: Widget) -> None:
    """A version that a site has pinned may be older than the service."""
    widget.ask("of_a_later_version")
    expect(widget.part("reason")).to_have_text(widget_strings()["en"]["low_confidence"])
    expect(widget.part("quote")).to_have_text(CITATION["quote"])
    assert widget.page.evaluate("events.map(([name]) => name)") == ["ask", "refused"]


def test_no_connection_is_told_from_no_service(widget: Widget) -> None:
    """Without a network the visitor hears so."""
    widget.page.context.set_offline(True)
    widget.ask("answer")
    expect(widget.status).to_have_text(widget_strings()["en"]["offline"])


def test_a_late_answer_is_given_up(page: Page, open_widget: Open) -> None:
    """After a quarter of a minute without an answer the visitor is told, and may ask again."""
    page.clock.install()
    widget = open_widget()
    widget.ask("loading")
    page.clock.run_for(14_000)
    expect(widget.status).to_have_text(widget_strings()["en"]["loading"])
    page.clock.run_for(2_000)
    expect(widget.status).to_have_text(widget_strings()["en"]["timeout"])


def test_another_question_takes_the_place_of_the_first(widget: Widget) -> None:
    """A question that is overtaken ends in silence: no error, no announcement, null."""
    words = widget_strings()["en"]
    overtaken = widget.element.evaluate_handle("(element) => ({ first: element.ask('loading') })")
    expect(widget.status).to_have_text(words["loading"])  # said of the first one before the second
    widget.element.evaluate(HEAR)
    widget.ask("answer")
    widget.comes_to("answer")
    assert overtaken.evaluate("async ({ first }) => await first") is None
    assert widget.page.evaluate("said") in ([words["found"]], [words["loading"], words["found"]])
    assert [name for name, _ in widget.page.evaluate("events")] == ["ask", "ask", "answer"]


@pytest.mark.parametrize("way", ["Enter", "click"])
def test_a_question_is_asked_once(widget: Widget, way: str) -> None:
    """Key, button and form each ask by themselves, and none of them together."""
    widget.page.evaluate(
        "window.asked = 0; document.addEventListener('rinvio:ask', () => window.asked++)"
    )
    widget.part("input").fill("answer")
    if way == "Enter":
        widget.part("input").press("Enter")
    else:
        widget.part("button").click()
    widget.comes_to("answer")
    assert widget.page.evaluate("asked") == 1


def test_an_answer_is_a_quote_with_its_place(widget: Widget, scripted: str) -> None:
    """The quote in its language, how sure, its source and page; other passages are folded."""
    widget.set("lang", "it")
    widget.ask("answer")
    widget.comes_to("answer")
    quote = widget.part("answer").locator("> figure > blockquote")
    page = f"{scripted}/read/tram?c=c-1&lang=it#cited"
    expect(quote).to_have_text(CITATION["quote"])
    expect(quote).to_have_attribute("lang", "en")
    expect(quote).to_have_attribute("cite", page)
    expect(widget.part("link").first).to_have_attribute("href", page)
    expect(widget.part("original").first).to_have_attribute("href", CITATION["url"])
    expect(widget.part("confidence")).to_have_text("molto probabilmente la risposta")
    expect(widget.part("source").first).to_contain_text(
        "The trams of Torino · Sezione Lines / Line 4"
    )
    expect(widget.part("passages")).to_be_hidden()
    widget.part("summary").click()
    expect(widget.part("passages").get_by_role("listitem")).to_have_count(1)
    expect(widget.part("passages").locator("blockquote")).to_have_attribute("lang", "it")


@pytest.mark.parametrize(
    ("question", "key"), [("answer", "high"), ("likely", "middle"), ("perhaps", "low")]
)
def test_confidence_is_said_in_words(widget: Widget, question: str, key: str) -> None:
    """The words are those of the pages for the same probability."""
    widget.ask(question)
    expect(widget.part("confidence")).to_have_text(widget_strings()["en"][f"confidence_{key}"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_says_which_name_is_nowhere(widget: Widget, language: str) -> None:
    """Whoever asked of Atlantis reads that no document speaks of it, beside the quote."""
    widget.set("lang", language)
    widget.ask("unmentioned")
    why = widget_strings()[language]["name_not_found"].format(names="Atlantis")
    expect(widget.part("answer").locator("[part=reason]")).to_have_text(why)
    expect(widget.part("quote")).to_have_count(1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_why_and_what_is_near(widget: Widget, language: str) -> None:
    """The reason in plain words, with the name; the passages are marked as no answer."""
    words = widget_strings()[language]
    widget.set("lang", language)
    widget.ask("name_not_found")
    why = words["name_not_found"].format(names="Atlantis")
    expect(widget.part("reason")).to_have_text(why)
    expect(widget.part("nearest")).to_have_text(words["nearest"])
    expect(widget.part("refusal").locator("blockquote")).to_have_count(2)
    expect(widget.part("answer")).to_have_count(0)
