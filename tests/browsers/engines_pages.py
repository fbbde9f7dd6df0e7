"""The pages in Firefox and WebKit: faultless, a keyboard is enough, documents are inert."""

import pytest
from browsers.drivers import ENTER, SPACE, Driver
from browsers.keyboard import tab, tab_to
from states import ANSWERED, LANGUAGES, states
from widget_page import AXE

CHECK = """async () => {
  for (const folded of document.querySelectorAll("details")) {
    folded.removeAttribute("name");
    folded.open = true;
  }
  const options = { rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] };
  const { violations } = await axe.run(document, options);
  return violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`);
}"""
UNTIL = """async (selector) => {
  while (!document.querySelector(selector)) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}"""
IN_VIEW = """async (selector) => {
  const { top, bottom, height } = document.querySelector(selector).getBoundingClientRect();
  return height > 0 && top >= 0 && bottom <= innerHeight;
}"""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["home", "answer", "refused", "reader-cited", "embed-other"])
def test_axe_finds_nothing(driver: Driver, library: str, name: str, lang: str) -> None:
    """No page has a fault that axe can find, with everything unfolded."""
    driver.open(library + states(lang)[name].path)
    driver.run(f"async () => {{ {AXE} }}")
    assert driver.run(CHECK) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_keyboard_is_enough(driver: Driver, library: str, lang: str) -> None:
    """Skip, ask, copy, open and go on by Tab, Enter and Space, the focus seen all the way."""
    driver.open(f"{library}/?lang={lang}")
    assert tab(driver, ".skip")
    driver.press(ENTER)
    driver.run(UNTIL, "main:target")
    assert tab(driver, "#q")
    driver.follow(*ANSWERED[lang], ENTER)
    tab_to(driver, ".take > summary")
    driver.press(ENTER)
    driver.run(UNTIL, ".take[open]")
    tab_to(driver, "[data-copies=as-markdown]")
    driver.press(SPACE)
    driver.run(UNTIL, "#copied:not(:empty)")  # copied, or selected where that is not allowed
    driver.open(library + states(lang)["answer"].path)
    tab_to(driver, ".answer .button")
    driver.follow(ENTER)
    assert driver.run(IN_VIEW, "mark")
    assert tab(driver, ".rinvio")
    driver.press(ENTER)
    driver.run(UNTIL, "#citation:target")
    tab_to(driver, "nav li:last-child a")
    driver.press(ENTER)
    driver.run(UNTIL, "article h2:target")
    assert driver.run(IN_VIEW, "article h2:target")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_for_web_masters_by_keyboard(driver: Driver, library: str, lang: str) -> None:
    """The address is typed, the lines are written, and each can be copied."""
    driver.open(f"{library}/embed?lang={lang}")
    tab_to(driver, "#site")
    driver.follow(*"www.comune.example", ENTER)
    driver.run(UNTIL, ".yes")
    tab_to(driver, "[data-copies=tag]")
    driver.press(SPACE)
    driver.run(UNTIL, "#copied:not(:empty)")


def test_documents_are_inert(driver: Driver, library: str) -> None:
    """Markup, handlers and links of a document are words and nothing more."""
    driver.open(library + states("en")["reader-untrusted"].path)
    made = """async () => [document.title.includes("run"),
      document.querySelectorAll("article :is(img, script, a, b)").length,
      document.querySelector("article").textContent.includes("<img src")]"""
    assert driver.run(made) == [False, 0, True]
