"""Walks through a page by Tab, whichever the browser: each stop of the focus has to be seen."""

from browsers.drivers import TAB, Driver

DEEPEST = """const focused = () => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
};"""
BEFORE = f"async () => {{ {DEEPEST} window.before = focused(); }}"
# Keys may reach the page after the driver has said so: what follows is waited for.
AFTER = f"""async (selector) => {{ {DEEPEST}
  const unseen = (element) =>
    element !== document.body && getComputedStyle(element).outlineStyle === "none";
  while (focused() === window.before || unseen(focused())) {{
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }}
  return focused().matches(selector);
}}"""


def tab(driver: Driver, selector: str) -> bool:
    """Whether the next stop is such an element; it has an outline, or this never returns."""
    driver.run(BEFORE)
    driver.press(TAB)
    return driver.run(AFTER, selector)


def tab_to(driver: Driver, selector: str) -> None:
    """Go on until the focus is on such an element."""
    assert any(tab(driver, selector) for _ in range(40)), f"{selector} is out of reach"
