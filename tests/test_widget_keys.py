"""The widget by keyboard, in pages that have shortcuts and buttons of their own."""

import pytest
from playwright.sync_api import expect
from widget_page import Widget


def test_the_keyboard_is_enough(widget: Widget) -> None:
    """Tab leads from the field to button, link, passages and on; focus never leaves by itself."""
    keyboard = widget.page.keyboard
    keyboard.press("Tab")
    expect(widget.input).to_be_focused()
    keyboard.type("answer")
    keyboard.press("Enter")
    widget.comes_to("answer")
    expect(widget.input).to_be_focused()
    for part in ("button", "link", "original", "summary"):
        keyboard.press("Tab")
        expect(widget.part(part).first).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(widget.part("passages").get_by_role("link")).to_be_focused()


def test_escape_forgets_everything(widget: Widget) -> None:
    """Esc clears field and answer, silences what is under way, and keeps the focus."""
    widget.ask("answer")
    widget.comes_to("answer")
    widget.input.press("Escape")
    expect(widget.input).to_have_value("")
    expect(widget.input).to_be_focused()
    expect(widget.part("result")).to_be_empty()
    widget.ask("loading")
    widget.input.press("Escape")
    expect(widget.element.locator("[data-state=idle]")).to_be_attached()
    expect(widget.status).to_be_empty()


TYPED = ["a", "/", "?", "ArrowLeft", "Shift+ArrowRight", "Home", "Control+End", "PageUp",
         "Alt+PageDown", "Backspace", "Control+Delete", "Enter"]  # fmt: skip
PASSED = ["Tab", "Escape", "F2", "Control+k"]
HEARD = """window.heard = [];
for (const type of ["keydown", "keypress", "keyup"]) {
  addEventListener(type, (event) => heard.push(event.key));
}"""


def test_typing_does_not_reach_the_page_s_shortcuts(widget: Widget) -> None:
    """Characters and keys that edit stay in the field; all others still reach the page."""
    widget.page.evaluate(HEARD)
    for key in [*TYPED, *PASSED]:
        widget.input.press(key)
    modifiers = {"Shift", "Control", "Alt"}
    assert set(widget.page.evaluate("heard")) - modifiers == {"Tab", "Escape", "F2", "k"}
    widget.input.fill("b")
    widget.input.press("Home")
    widget.input.press("a")
    expect(widget.input).to_have_value("ab")


def test_a_question_runs_in_its_own_direction(widget: Widget) -> None:
    """One in Arabic begins at the right."""
    widget.input.fill("متى تفتح المكتبة؟")
    expect(widget.input).to_have_css("direction", "rtl")


def test_enter_and_space_do_what_the_control_does(widget: Widget) -> None:
    """A page that has a use of its own for them sees neither, and other keys as ever."""
    widget.ask("answer")
    widget.comes_to("answer")
    widget.page.evaluate(HEARD)
    for key, unfolded in (("Enter", True), ("Space", False)):
        widget.part("summary").press(key)
        expect(widget.part("passages")).to_be_visible(visible=unfolded)
    widget.part("summary").press("ArrowDown")
    widget.input.fill("")
    for key in ("Enter", "Space"):
        widget.part("button").press(key)
    widget.comes_to("empty")
    assert set(widget.page.evaluate("heard")) == {"ArrowDown"}
    widget.page.evaluate("addEventListener('keydown', (event) => event.preventDefault())")
    widget.input.fill("answer")
    widget.part("button").press("Enter")
    widget.comes_to("answer")


@pytest.mark.parametrize("composing", [{"isComposing": True}, {"keyCode": 229}])
def test_enter_that_ends_a_composition_asks_nothing(widget: Widget, composing: dict) -> None:
    """Enter may choose a character of an input method: it is no question yet."""
    passed = widget.input.evaluate(
        "(input, composing) => input.dispatchEvent("
        "new KeyboardEvent('keydown', { key: 'Enter', cancelable: true, ...composing }))",
        composing,
    )
    assert not passed


def test_enter_asks_whatever_the_page_does_with_it(widget: Widget) -> None:
    """ASP.NET pages give it to a button of their own, and cancel what it does in a form."""
    widget.page.evaluate(
        "for (const type of ['keydown', 'keypress'])"
        " addEventListener(type, (event) => event.key === 'Enter' && event.preventDefault())"
    )
    widget.ask("answer")
    widget.comes_to("answer")
