"""The widget in Firefox and WebKit: `make test-engines`. What Chromium is asked is in tests/."""

import pytest
from browsers.asked import COMES_TO, HASTEN, UNTIL, Asked, differing
from browsers.drivers import ENTER, ESCAPE, Driver
from browsers.keyboard import tab
from hostile import HOSTILE, HOSTILE_CITATION, LOOK, PLACE
from sites import REPLIES, Partner, answer_of
from starlette.responses import JSONResponse
from test_widget import LANGUAGES, STATES
from widget_page import AXE, UNFOLD

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


@pytest.fixture
def asked(driver: Driver, partner: Partner, scripted: str) -> Asked:
    return Asked(driver, partner, scripted)


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


def test_the_keyboard_is_enough(asked: Asked) -> None:
    """Tab leads from the field to button, links and passages, seen all the way; Esc forgets."""
    driver = asked.driver
    assert tab(driver, "[part=input]")
    driver.press(*"answer", ENTER)
    asked.run(COMES_TO, "answer")
    for part in ("button", "link", "original", "summary"):
        assert tab(driver, f"[part={part}]")
    driver.press(ENTER)
    asked.run(UNTIL, "details[open]")
    assert tab(driver, "[part=passages] [part=link]")
    asked.run("({ shadowRoot }) => shadowRoot.querySelector('input').focus()")
    driver.press(ESCAPE)
    asked.run(UNTIL, "[part=result]:empty")
    assert asked.run("({ shadowRoot: root }) => root.activeElement.value") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_its_role_and_name(asked: Asked, language: str) -> None:
    """What assistive technology is given is what was agreed on, as far as a driver tells it."""
    t = widget_strings()[language]
    asked.set("lang", language)
    asked.ask("answer", "answer")
    asked.run(UNFOLD)
    known = {
        "form": ("search", ""),
        "input": ("searchbox", t["label"]),
        "[part=button]": ("button", t["ask"]),
        "[part=status]": ("status", ""),
        "[part=answer]": ("group", t["answer"]),
        "figure": ("figure", ""),
        "blockquote": ("blockquote", ""),
        "[part=link]": ("link", t["read"]),
        "[part=original]": ("link", t["original"]),
        "ol": ("list", ""),
        "li": ("listitem", ""),
    }
    inside = "document.querySelector('rinvio-search').shadowRoot.querySelector('{}')"
    found = {what: asked.driver.is_known_as(inside.format(what), *known[what]) for what in known}
    assert [what for what, as_agreed in found.items() if not as_agreed] == []


def test_no_connection_is_told_from_no_service(asked: Asked) -> None:
    """Without a network the visitor hears so, and with it again the answer."""
    with asked.driver.offline():
        assert asked.ask("answer", "error") == widget_strings()["en"]["offline"]
    assert asked.ask("answer", "answer") == widget_strings()["en"]["found"]


def test_a_late_answer_is_given_up(asked: Asked) -> None:
    """The browser ends what takes too long, and the visitor is told why."""
    asked.driver.run(HASTEN)
    assert asked.ask("loading", "error") == widget_strings()["en"]["timeout"]


@pytest.mark.parametrize(("language", "wait"), [("en", "7 seconds"), ("it", "7 secondi")])
def test_a_wait_is_named_in_seconds(asked: Asked, language: str, wait: str) -> None:
    """Too many questions: the service says to this origin how long to wait."""
    asked.set("lang", language)
    said = widget_strings()[language]["rate_limited"].format(wait=wait)
    assert asked.ask("rate_limited", "error") == said


def test_a_page_that_may_not_ask_is_told_so(asked: Asked, partner: Partner) -> None:
    """An origin that is not listed is told from a service that is gone."""
    asked.driver.open(partner.origin.replace("127.0.0.1", "localhost"))
    assert asked.ask("answer", "error") == widget_strings()["en"]["origin_not_allowed"]
    asked.set("endpoint", "http://127.0.0.1:9/")
    assert asked.ask("answer", "error") == widget_strings()["en"]["unreachable"]


@pytest.mark.parametrize("style", HOSTILE)
def test_hostile_style_sheets_change_nothing(
    driver: Driver, partner: Partner, scripted: str, style: str
) -> None:
    """Sizes, colours, fonts and every pixel are those of a page without any style."""
    looks, pictures = [], []
    for css in ("", HOSTILE[style]):
        asked = Asked(driver, partner, scripted, PLACE + css)
        asked.ask("answer", "answer")
        asked.run(UNFOLD)
        looks.append(asked.run(LOOK))
        pictures.append(asked.picture())
    assert looks[0] == looks[1]
    assert differing(*pictures) is None


def test_a_hostile_document_is_inert(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Markup is text, and addresses that are not of the web are no links."""
    reply = JSONResponse(answer_of(HOSTILE_CITATION, HOSTILE_CITATION))
    monkeypatch.setitem(REPLIES, "hostile", reply)
    asked.ask("hostile", "answer")
    made = """({ shadowRoot: root }) => [root.querySelector("[part=quote]").textContent,
      root.querySelectorAll("script, img, b, i, a, [onclick], [cite]").length]"""
    assert asked.run(made) == [HOSTILE_CITATION["quote"], 0]
