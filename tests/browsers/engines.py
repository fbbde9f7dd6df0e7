"""The widget in Firefox and WebKit: `make test-engines`. What Chromium is asked is in tests/."""

from collections.abc import Iterator

import pytest
from drivers import Driver, firefox, webkit
from sites import Partner
from test_widget import LANGUAGES, STATES
from widget_page import AXE

from views.widget import widget_strings

SEE = """async (steps, language) => {
  const element = document.querySelector("rinvio-search");
  const frame = element.shadowRoot.querySelector("[part=frame]");
  const status = element.shadowRoot.querySelector("[role=status]");
  const said = [];
  const faults = {};
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const { data } of addedNodes) said.push(data);
  }).observe(status, { childList: true });
  element.lang = language;
  for (const [question, state] of steps) {
    element.ask(question);
    while (frame.dataset.state !== state || !status.textContent) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    for (const folded of element.shadowRoot.querySelectorAll("details")) folded.open = true;
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    faults[question] = violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`);
  }
  return { said, faults };
}"""
BREAK_THE_POLICY = """async () => {
  const told = new Promise((resolve) =>
    addEventListener("securitypolicyviolation", resolve, { once: true }));
  new Image().src = "/last.png";
  await told;
}"""

FOLLOW = """async (question) => {
  const element = document.querySelector("rinvio-search");
  await element.ask(question);
  return element.shadowRoot.querySelector("[part=link]").href;
}"""
MARKED = """async () => {
  const mark = document.querySelector("mark");
  const { top, bottom } = mark.getBoundingClientRect();
  return [mark.textContent, top >= 0 && bottom <= innerHeight];
}"""


@pytest.fixture(scope="module", params=[firefox, webkit], ids=["firefox", "webkit"])
def driver(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Driver]:
    with request.param(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_faultless_and_said_once(
    driver: Driver, partner: Partner, scripted: str, language: str
) -> None:
    """Under the strict policy: axe finds nothing, and each state is announced once."""
    partner.embed(scripted)
    driver.open(partner.origin)
    driver.run(f"async () => {{ {AXE} }}")
    steps = [(question, state) for question, (state, _) in STATES.items()]
    seen = driver.run(SEE, steps, language)
    words = widget_strings()[language]
    assert {question: faults for question, faults in seen["faults"].items() if faults} == {}
    expected = [words[key] for _, key in STATES.values()]
    assert [each for each in seen["said"] if each != words["loading"]] == [
        each for each in expected if each != words["loading"]
    ]


def test_the_strict_policy_has_nothing_to_report(
    driver: Driver, partner: Partner, scripted: str
) -> None:
    """One report comes, of what the test itself does; nothing is stored."""
    partner.embed(scripted)
    driver.open(partner.origin)
    asked = "async () => (await document.querySelector('rinvio-search').ask('answer')).citation.id"
    assert driver.run(asked) == "c-1"
    stored = "async () => [localStorage.length, sessionStorage.length, document.cookie]"
    assert driver.run(stored) == [0, 0, ""]
    driver.run(BREAK_THE_POLICY)
    assert partner.reports.get(timeout=30)["blocked-uri"].endswith("/last.png")


def test_the_link_opens_the_document_at_the_sentence(
    driver: Driver, partner: Partner, tram_service: str
) -> None:
    """The real service's answer leads to its reader, the sentence marked and in view."""
    partner.embed(tram_service)
    driver.open(partner.origin)
    driver.open(driver.run(FOLLOW, "the tram stops at the old harbour"))
    assert driver.run(MARKED) == ["The tram stops at the old harbour.", True]
