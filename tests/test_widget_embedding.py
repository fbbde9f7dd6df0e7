"""The widget in pages of others: strict policies, hostile style sheets, tags that a CMS mangles."""

import pytest
from hostile import HOSTILE, HOSTILE_CITATION, LOOK, PLACE
from playwright.sync_api import Browser, Page, expect
from sites import EMBEDDED, REPLIES, Partner, answer_of
from starlette.responses import JSONResponse
from widget_page import UNFOLD, Open, Widget

from views.widget import ROOM, integrity, version, widget_script, widget_strings

WORDS = widget_strings()["en"]


def test_the_service_answers_in_a_page_of_another_origin(
    open_widget: Open, tram_service: str
) -> None:
    """From the question to the marked sentence in view, with the real service behind it."""
    widget = open_widget(tram_service)
    widget.ask("the tram stops at the old harbour")
    expect(widget.part("quote").first).to_have_text("The tram stops at the old harbour.")
    widget.part("link").first.click()
    mark = widget.page.locator("mark")
    expect(mark).to_have_text("The tram stops at the old harbour.")
    expect(mark).to_be_in_viewport()


def test_a_strict_policy_has_nothing_to_report(open_widget: Open) -> None:
    """No violation, no error, nothing stored, nothing moved; one request before the question."""
    seen: list[str] = []
    errors: list[str] = []
    page = open_widget().page
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.reload()
    widget = Widget(page, page.locator("rinvio-search"))
    expect(widget.input).to_be_visible()
    assert [url.partition("/widget/")[2] for url in seen if "/widget/" in url] == ["rinvio.js"]
    assert len(seen) == 3  # the page, its style sheet and the script
    for question in ("answer", "name_not_found", "answer"):
        widget.ask(question)
        widget.comes_to("refusal" if "name" in question else "answer")
    assert [url.rpartition("/")[2] for url in seen[3:]] == ["ask"] * 3
    stored = (
        "[localStorage.length, sessionStorage.length, document.cookie, violations, window.errors]"
    )
    assert page.evaluate(stored) == [0, 0, "", [], []]
    assert (errors, page.context.cookies()) == ([], [])


def test_nothing_moves(open_widget: Open) -> None:
    """Where the page keeps room, the layout does not shift when the script arrives or answers."""
    widget = open_widget(css=ROOM)
    widget.ask("answer")
    widget.comes_to("answer")
    assert widget.page.evaluate("shift") == 0


@pytest.mark.parametrize(
    ("placed", "said"),
    [
        ('<head><script src="{service}/widget/rinvio.js" data-lang="it"></script></head>', "head"),
        ('<rinvio-search></rinvio-search><script src="/copy.js"></script>', "endpoint"),
    ],
)
def test_a_script_in_the_wrong_place_says_so(
    page: Page, partner: Partner, scripted: str, placed: str, said: str
) -> None:
    """In the head there is nothing to see, and a copy elsewhere knows no service."""
    partner.embed(
        scripted, page=f"<!doctype html><title>x</title>{placed}".replace("{service}", scripted)
    )
    partner.policy = ""
    page.route("**/copy.js", lambda route: route.fulfill(body=widget_script().decode()))
    with page.expect_console_message(lambda message: said in message.text) as heard:
        page.goto(partner.origin)
        if said == "endpoint":
            Widget(page, page.locator("rinvio-search")).ask("answer")
    assert heard.value.text.startswith("rinvio-search:")


def test_a_hostile_document_is_inert(widget: Widget, monkeypatch: pytest.MonkeyPatch) -> None:
    """Markup is text, addresses that are not of the web are no links, directions stay inside."""
    reply = JSONResponse(answer_of(HOSTILE_CITATION, {**HOSTILE_CITATION, "link": "data:,x"}))
    monkeypatch.setitem(REPLIES, "hostile", reply)
    widget.ask("hostile")
    widget.comes_to("answer")
    assert widget.part("quote").first.text_content() == HOSTILE_CITATION["quote"]
    assert widget.part("title").first.text_content() == HOSTILE_CITATION["title"]
    for tag in ("script", "img", "b", "i", "a", "[onclick]", "[cite]"):
        expect(widget.part("result").locator(tag)).to_have_count(0)
    isolated = "(all) => all.map((bdi) => getComputedStyle(bdi).unicodeBidi)"
    assert set(widget.part("result").locator("bdi").evaluate_all(isolated)) == {"isolate"}


@pytest.mark.parametrize("style", HOSTILE)
def test_hostile_style_sheets_change_nothing(open_widget: Open, style: str) -> None:
    """Sizes, colours, fonts and every pixel are those of a page without any style."""
    looks = []
    for css in ("", HOSTILE[style]):
        widget = open_widget(css=PLACE + css)
        widget.ask("answer")
        widget.comes_to("answer")
        widget.element.evaluate(UNFOLD)
        looks.append((widget.element.evaluate(LOOK), widget.part("frame").screenshot()))
    assert looks[0] == looks[1]


def test_quotes_can_be_selected(open_widget: Open) -> None:
    """Also where a page forbids it for its own words."""
    widget = open_widget(css="body { user-select: none }")
    assert widget.part("frame").evaluate("(e) => getComputedStyle(e).userSelect") == "text"


def test_a_narrow_phone_and_forced_colours(open_widget: Open) -> None:
    """At 320 pixels nothing is cut off; where colours are taken away the quote is still marked."""
    widget = open_widget()
    widget.page.set_viewport_size({"width": 320, "height": 600})
    widget.page.emulate_media(forced_colors="active")
    widget.ask("answer")
    widget.comes_to("answer")
    assert widget.page.evaluate("document.documentElement.scrollWidth") == 320
    marked = widget.part("answer").locator("> figure bdi").first
    expect(marked).to_have_css("outline-style", "solid")


def test_where_the_tag_is_stripped_the_script_mounts_itself(page: Page, open_widget: Open) -> None:
    """`data-*` of the script are the attributes; the element stands where the script stands."""
    stripped = """<!doctype html><html lang="en"><body><main><p>Before</p>
      <script src="{service}/widget/rinvio.js" data-lang="it" data-limit="2"></script>
      <p>After</p></main></body></html>"""
    widget = open_widget(page=stripped)
    expect(widget.part("button")).to_have_text(widget_strings()["it"]["ask"])
    assert widget.element.evaluate("(element) => element.limit") == 2
    assert widget.element.evaluate("(element) => element.nextElementSibling.textContent") == "After"


def test_a_script_that_runs_again_mounts_nothing_more(
    page: Page, partner: Partner, scripted: str
) -> None:
    """Where a page is put back with what was mounted in it, as Turbo does."""
    partner.embed(
        scripted, '<body><script src="{service}/widget/rinvio.js" data-lang="it"></script>'
    )
    partner.policy = ""
    page.goto(partner.origin)
    expect(page.locator("rinvio-search")).to_have_count(1)
    page.evaluate("""() => new Promise((ran) => {
      const before = document.querySelector("script"), again = document.createElement("script");
      for (const { name, value } of before.attributes) again.setAttribute(name, value);
      again.onload = ran;
      before.replaceWith(again);
    })""")
    expect(page.locator("rinvio-search")).to_have_count(1)


def framed(page: Page, partner: Partner, service: str, attributes: str = "") -> Widget:
    """The widget in a frame of the partner's page."""
    partner.embed(service)
    partner.policy = ""
    partner.pages["/frame"] = f'<iframe {attributes} src="/"></iframe>'
    page.goto(f"{partner.origin}/frame")
    return Widget(page, page.frame_locator("iframe").locator("rinvio-search"))


def test_links_leave_the_frame(page: Page, partner: Partner, scripted: str) -> None:
    """No page of the service is ever shown in one."""
    widget = framed(page, partner, scripted)
    widget.ask("answer")
    widget.part("link").first.click()
    page.wait_for_url(f"{scripted}/read/**")


def test_a_page_without_an_origin_is_told_so(page: Page, partner: Partner, scripted: str) -> None:
    """In a sandbox no setting of the service could help; it can be asked even without forms."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    widget = framed(page, partner, scripted, 'sandbox="allow-scripts"')
    widget.ask("answer")
    expect(widget.status).to_have_text(WORDS["origin_not_allowed"])
    assert any("no origin that a service could allow" in line for line in told)


def test_two_scripts_and_two_elements_get_along(open_widget: Open) -> None:
    """Loaded twice, in two versions or twice in a page: no error, and each element is itself."""
    twice = EMBEDDED.replace("</head>", '<script src="{service}/widget/rinvio.js"></script></head>')
    widget = open_widget(page=twice.replace("</main>", "<rinvio-search></rinvio-search></main>"))
    second = Widget(widget.page, widget.page.locator("rinvio-search").nth(1))
    widget.ask("answer")
    widget.comes_to("answer")
    expect(second.status).to_be_empty()
    second.ask("answer")
    second.comes_to("answer")
    assert widget.violations() == []
    assert widget.page.evaluate("window.errors") == []


@pytest.mark.parametrize("hash_", ["right", "wrong"])
def test_integrity_is_checked(page: Page, partner: Partner, scripted: str, hash_: str) -> None:
    """The published hash lets the script run; with another one the link is left."""
    claimed = integrity() if hash_ == "right" else integrity().replace("-", "-A")[:-1]
    tag = f'integrity="{claimed}" crossorigin="anonymous" src="{{service}}/widget/{version()}/'
    partner.embed(scripted, EMBEDDED.replace('src="{service}/widget/', tag))
    page.goto(partner.origin)
    widget = Widget(page, page.locator("rinvio-search"))
    expect(widget.input).to_have_count(1 if hash_ == "right" else 0)
    expect(page.get_by_role("link", name="Ask elsewhere")).to_be_visible(visible=hash_ == "wrong")


def test_without_javascript_a_link_is_left(
    browser: Browser, partner: Partner, scripted: str
) -> None:
    """What stands inside the tag is shown."""
    partner.embed(scripted)
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(partner.origin)
        expect(page.get_by_role("link", name="Ask elsewhere")).to_be_visible()
