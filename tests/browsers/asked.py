"""The widget in a page of the partner, in a browser that is not Chromium."""

import io

from browsers.drivers import Driver
from PIL import Image, ImageChops
from sites import Partner

# From the element of the page, as a function that the driver can run.
OF_ELEMENT = "async (...values) => ({function})(document.querySelector('rinvio-search'), ...values)"
ASK = "async (element, question) => { element.ask(question); }"
COMES_TO = """async ({ shadowRoot }, state) => {
  const frame = shadowRoot.querySelector("[part=frame]");
  const status = shadowRoot.querySelector("[role=status]");
  while (frame.dataset.state !== state || !status.textContent) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return status.textContent;
}"""
UNTIL = """async ({ shadowRoot }, selector) => {
  while (!shadowRoot.querySelector(selector)) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}"""
PAINTED = """async () => {
  for (const _ of "12") await new Promise((resolve) => requestAnimationFrame(resolve));
}"""
BOX = """async (element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return [left, top, right, bottom].map(Math.round);
}"""
HASTEN = """async () => {
  const later = window.setTimeout;
  window.setTimeout = (then, ms) => later(then, ms === 15_000 ? 0 : ms);
}"""


class Asked:
    """The widget of a page of the partner, in a browser."""

    def __init__(self, driver: Driver, partner: Partner, service: str, css: str = "") -> None:
        partner.embed(service, css=css)
        self.driver = driver
        driver.open(partner.origin)

    def run(self, function: str, *values: object) -> object:
        """What a function returns of the element."""
        return self.driver.run(OF_ELEMENT.replace("{function}", function), *values)

    def ask(self, question: str, state: str) -> object:
        """What is said once the question has led to this state."""
        self.run(ASK, question)
        return self.run(COMES_TO, state)

    def set(self, attribute: str, value: str) -> None:
        self.run("(element, ...said) => element.setAttribute(...said)", attribute, value)

    def picture(self) -> Image.Image:
        """Its pixels, cut out of what is in view: WebKit misplaces pictures of one element."""
        self.run(PAINTED)
        left, top, right, bottom = self.run(BOX)
        seen = Image.open(io.BytesIO(self.driver.picture()))
        assert right <= seen.width
        assert bottom <= seen.height
        return seen.crop((left, top, right, bottom))


def differing(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int] | None:
    """The rectangle outside which two pictures of one size are alike: left, top, right, bottom."""
    assert one.size == other.size
    return ImageChops.difference(one, other).getbbox()
