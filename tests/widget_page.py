"""A page of a partner with the widget in it, and what a test does with it in the browser."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files

import pytest
from fakes import build_fake, documents_of, open_fake
from playwright.sync_api import Locator, Page, expect
from sites import Partner, scripted_service, served

from api import create_app
from settings import load_settings

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
WATCH = """
window.violations = [];
window.errors = [];
window.events = [];
window.shift = 0;
addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
addEventListener("error", (event) => errors.push(event.message));
addEventListener("unhandledrejection", (event) => errors.push(String(event.reason)));
for (const name of ["ask", "answer", "refused", "error", "cite"]) {
  addEventListener(`rinvio:${name}`, (event) => events.push([name, event.detail]));
}
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
HEAR = """(element) => {
  window.said = [];
  const status = element.shadowRoot.querySelector("[role=status]");
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const { data } of addedNodes) said.push(data);
  }).observe(status, { childList: true });
}"""

UNFOLD = """({ shadowRoot }) => {
  for (const folded of shadowRoot.querySelectorAll("details")) folded.open = true;
}"""


@dataclass(frozen=True)
class Widget:
    """The widget of a page: its parts, and what people do with it."""

    page: Page
    element: Locator

    @property
    def input(self) -> Locator:
        return self.element.get_by_role("searchbox")

    @property
    def status(self) -> Locator:
        return self.element.get_by_role("status")

    def part(self, name: str) -> Locator:
        return self.element.locator(f"[part={name}]")

    def set(self, attribute: str, value: str) -> None:
        self.element.evaluate(f"(element, to) => element.setAttribute('{attribute}', to)", value)

    def ask(self, question: str) -> None:
        """Type a question and press Enter."""
        self.input.fill(question)
        self.input.press("Enter")

    def comes_to(self, state: str) -> None:
        """Wait until it is in this state and has said so."""
        expect(self.element.locator(f"[data-state={state}]")).to_be_attached()
        expect(self.status).not_to_be_empty()

    def violations(self) -> list[tuple[str, str]]:
        """What axe finds wrong with the page as it is."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]


Open = Callable[..., Widget]


@pytest.fixture(scope="session")
def partner() -> Iterator[Partner]:
    """A site that embeds the widget."""
    site = Partner()
    with served(site) as site.origin:
        yield site


@pytest.fixture(scope="session")
def scripted(partner: Partner) -> Iterator[str]:
    """The origin of a service whose replies are written down, and which knows the partner."""
    with served(scripted_service(partner.origin)) as origin:
        yield origin


@pytest.fixture(scope="session")
def tram_service(tmp_path_factory: pytest.TempPathFactory, partner: Partner) -> Iterator[str]:
    """The real service of two documents, which knows the partner."""
    folder = tmp_path_factory.mktemp("tram")
    documents = documents_of(folder / "documents", {
        "lines/tram.md": "# Trams\n\nThe tram stops at the old harbour. " + "It goes on. " * 400,
        "bus.txt": "The bus is blue.",
    })  # fmt: skip
    build_fake(folder / "index", documents)
    settings = load_settings(index=folder / "index", cors_origins=partner.origin)
    with served(create_app(settings, lambda *_: open_fake(folder / "index"))) as origin:
        yield origin


@pytest.fixture
def open_widget(page: Page, partner: Partner, scripted: str) -> Open:
    """Opens a page of the partner that embeds a service, the scripted one unless told."""

    def opened(service: str = scripted, **embedded: str) -> Widget:
        partner.embed(service, **embedded)
        page.add_init_script(WATCH)
        page.goto(partner.origin)
        widget = Widget(page, page.locator("rinvio-search").first)
        expect(widget.input).to_be_visible()
        return widget

    return opened


@pytest.fixture
def widget(open_widget: Open) -> Widget:
    """The widget of the scripted service in a page of the partner."""
    return open_widget()
