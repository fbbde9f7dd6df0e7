"""What a site may rely on: attributes, properties, methods, events, parts and colours."""

import re
from typing import Any

import pytest
from conftest import ROOT
from playwright.sync_api import Page, expect
from sites import CITATION, EMBEDDED
from widget_page import Open, Widget

from views.widget import CODE, HERE, widget_strings

WORDS = widget_strings()["en"]


def test_the_table_is_complete(widget: Widget) -> None:
    """docs/widget.md lists exactly the attributes, methods, events, parts and custom properties."""
    table = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
    listed: dict[str, set[str]] = {}
    for kind, name in re.findall(r"^\| (\w+) \| `([\w:-]+)", table, re.MULTILINE):
        listed.setdefault(kind, set()).add(name)
    css = (HERE / "rinvio-search.css").read_text()
    assert listed == {
        "attribute": set(widget.element.evaluate("(e) => e.constructor.observedAttributes")),
        "method": set(widget.element.evaluate(METHODS)),
        "event": events_of(widget) | {f"rinvio:{name}" for name in written(r'#emit\(\s*"(\w+)"')},
        "part": parts_of(widget) | written(r'(?:part: |linked\()"(\w+)"'),
        "style": set(re.findall(r"var\((--rinvio-[\w-]+)", css)),
    }


def test_every_code_of_an_error_is_listed() -> None:
    """docs/widget.md names exactly the codes that rinvio:error may carry."""
    table = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
    (codes,) = re.findall(r"`code` is one of(.*?)\.\n", table, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", codes)) == written(
        r'(?:Failure\(|return )"(\w+)"', "rinvio-search.js"
    )


def written(pattern: str, *files: str) -> set[str]:
    """What stands in the sources, for states that no visit comes to as well."""
    return set(re.findall(pattern, "".join((HERE / name).read_text() for name in files or CODE)))


METHODS = """(element) => {
  const all = Object.getOwnPropertyDescriptors(element.constructor.prototype);
  const methods = Object.keys(all).filter((name) => typeof all[name].value === "function");
  return methods.filter((name) => !/Callback$|^constructor$/.test(name));
}"""


def parts_of(widget: Widget) -> set[str]:
    """The names of all parts in all states."""
    names = (
        "({ shadowRoot: root }) => [...root.querySelectorAll('[part]')].map((e) => e.part.value)"
    )
    found: set[str] = set()
    for question, state in (("answer", "answer"), ("low_confidence", "refusal")):
        widget.ask(question)
        widget.comes_to(state)
        found |= set(widget.element.evaluate(names))
    widget.page.goto(widget.page.url.replace("127.0.0.1", "localhost"))  # may not ask
    widget.ask("answer")
    widget.comes_to("error")
    return found | set(widget.element.evaluate(names))


def events_of(widget: Widget) -> set[str]:
    """The names of all events that a visit sends."""
    widget.page.evaluate("addEventListener('rinvio:cite', (event) => event.preventDefault())")
    for question in ("failed", "no_match", "answer"):
        widget.element.evaluate("async (element, question) => element.ask(question)", question)
    widget.part("link").first.click()
    return {f"rinvio:{name}" for name, _ in widget.page.evaluate("events")}


@pytest.mark.parametrize(("theme", "scheme", "dark"), [
    ("", "dark", True), ("auto", "light", False), ("dark", "light", True), ("light", "dark", False),
])  # fmt: skip
def test_themes(open_widget: Open, theme: str, scheme: str, dark: bool) -> None:
    """The element follows the reader's system unless it is told to be light or dark."""
    widget = open_widget()
    widget.page.emulate_media(color_scheme=scheme)
    widget.set("theme", theme)
    paper = "rgb(23, 30, 41)" if dark else "rgb(255, 255, 255)"
    expect(widget.part("frame")).to_have_css("background-color", paper)


def test_a_site_brings_its_own_colours(open_widget: Open) -> None:
    """Custom properties and ::part reach inside."""
    css = "rinvio-search { --rinvio-accent: rgb(0, 0, 9) } ::part(label) { color: rgb(0, 9, 0) }"
    widget = open_widget(css=css)
    expect(widget.part("button")).to_have_css("background-color", "rgb(0, 0, 9)")
    expect(widget.part("label")).to_have_css("color", "rgb(0, 9, 0)")


SPOKEN = """([around, own, inShadow]) => {
  const host = document.createElement("div");
  host.lang = around;
  const search = document.createElement("rinvio-search");
  if (own !== null) search.setAttribute("lang", own);
  (inShadow ? host.attachShadow({ mode: "open" }) : host).append(search);
  document.body.append(host);
  return search.shadowRoot.querySelector("[part=frame]").lang;
}"""


@pytest.mark.parametrize(
    ("around", "own", "in_shadow", "spoken"),
    [
        ("it", None, False, "it"),
        ("IT-it", None, False, "it"),
        ("it", "", False, "it"),
        ("it", None, True, "it"),
        ("en", "IT", False, "it"),
        ("fr", None, False, "en"),
    ],
)
def test_it_speaks_the_language_around_it(
    widget: Widget, around: str, own: str | None, in_shadow: bool, spoken: str
) -> None:
    """Its own, else that of the nearest element which says one, also out of shadow roots."""
    assert widget.page.evaluate(SPOKEN, [around, own, in_shadow]) == spoken


def test_a_control_named_lang_is_no_language(widget: Widget) -> None:
    """A form gives it out as its own property."""
    spoken = """() => {
      const form = document.createElement("form");
      form.append(document.createElement("input"), document.createElement("rinvio-search"));
      form.firstChild.name = "lang";
      document.body.append(form);
      return form.lastChild.shadowRoot.querySelector("label").textContent;
    }"""
    assert widget.page.evaluate(spoken) == widget.part("label").first.text_content()


def test_it_can_be_asked_before_it_is_in_a_page(widget: Widget) -> None:
    asked = """() => {
      const search = document.createElement("rinvio-search");
      search.clear();
      return search.ask(" ");
    }"""
    assert widget.page.evaluate(asked) is None


def test_it_follows_the_language_of_the_page(widget: Widget) -> None:
    """Set by a script after the element appeared, and before a question or after it."""
    for language in ("it", "en"):
        widget.page.evaluate("to => document.documentElement.lang = to", language)
        expect(widget.part("button")).to_have_text(widget_strings()[language]["ask"])


def test_an_element_that_is_moved_keeps_its_question(widget: Widget) -> None:
    """A dialog or a framework that puts it elsewhere does not lose what was asked."""
    move = "element => { element.ask('answer'); document.body.prepend(element); }"
    widget.element.evaluate(move)
    widget.comes_to("answer")


def test_a_hidden_element_is_hidden(open_widget: Open) -> None:
    """`hidden` works as on every element."""
    widget = open_widget()
    widget.set("hidden", "")
    expect(widget.input).to_be_hidden()


def test_attributes_and_properties_mirror_each_other(widget: Widget) -> None:
    """Each attribute has a property, with a default, and limits are kept."""
    names = widget.element.evaluate("(e) => e.constructor.observedAttributes")
    assert widget.element.evaluate("(e, names) => names.every((name) => name in e)", names)
    read: Any = lambda name: widget.element.evaluate("(e, name) => e[name]", name)  # noqa: E731
    assert [read(n) for n in ("lang", "placeholder", "limit", "theme")] == ["", "", 5, "auto"]
    widget.element.evaluate("(e) => Object.assign(e, {limit: 99, placeholder: 'p', theme: 'dark'})")
    assert [read("limit"), widget.element.get_attribute("limit")] == [20, "99"]
    assert widget.element.get_attribute("theme") == "dark"
    expect(widget.input).to_have_attribute("placeholder", "p")
    widget.set("limit", "none")
    assert read("limit") == 5


def test_properties_set_before_the_script_count(page: Page, open_widget: Open) -> None:
    """A framework may set properties before the element is defined."""
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => {"
        " document.querySelector('rinvio-search').placeholder = 'early' })"
    )
    late = EMBEDDED.replace(" async", " defer")
    expect(open_widget(page=late).input).to_have_attribute("placeholder", "early")


def test_methods_and_events(widget: Widget) -> None:
    """ask() resolves to the answer, clear() forgets; each step has its event on the way up."""
    found = widget.element.evaluate("async (element) => (await element.ask('answer')).citation.id")
    assert found == "c-1"
    assert widget.element.evaluate("async (element) => await element.ask('failed')") is None
    widget.element.evaluate("async (element) => { await element.ask('no_match'); element.clear() }")
    expect(widget.input).to_have_value("")
    events = widget.page.evaluate("events")
    assert [name for name, _ in events] == ["ask", "answer", "ask", "error", "ask", "refused"]
    assert events[0][1] == {"question": "answer"}
    assert events[1][1]["answer"]["citation"]["quote"] == CITATION["quote"]
    assert events[3][1] == {
        "question": "failed",
        "code": "failed",
        "status": 500,
        "retryAfter": None,
        "message": WORDS["failed"],
    }
    assert events[5][1]["answer"]["reason"] == "no_match"


def test_a_page_may_open_citations_itself(widget: Widget) -> None:
    """rinvio:cite tells which citation is followed; cancelled, the browser stays."""
    widget.page.evaluate("addEventListener('rinvio:cite', (event) => event.preventDefault())")
    widget.ask("answer")
    widget.part("link").first.click()
    (detail,) = [detail for name, detail in widget.page.evaluate("events") if name == "cite"]
    assert detail["citation"]["id"] == "c-1"
    assert detail["url"].endswith("/read/tram?c=c-1&lang=en#cited")


def test_an_element_that_is_taken_away_is_silent(widget: Widget) -> None:
    """Removed while a question is under way, it ends it without an error."""
    gone = widget.element.evaluate(
        "async (element) => { const asked = element.ask('loading'); element.remove();"
        " return [await asked, events.map(([name]) => name), errors] }"
    )
    assert gone == [None, ["ask"], []]
