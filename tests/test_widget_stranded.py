"""The widget where it cannot ask: what visitor and web master are told, and the way out."""

import pytest
from playwright.sync_api import Page, expect
from sites import ANY, Partner, gateway, moved_to, served
from widget_page import Open, Widget

from views.widget import widget_strings

WORDS = widget_strings()["en"]


def test_a_page_that_may_not_ask_is_told_so(page: Page, partner: Partner, scripted: str) -> None:
    """The visitor gets a sentence and a link, the web master the origin and the setting."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    partner.embed(scripted)
    stranger = partner.origin.replace("127.0.0.1", "localhost")
    page.goto(stranger)
    widget = Widget(page, page.locator("rinvio-search"))
    widget.ask("answer")
    expect(widget.status).to_have_text(WORDS["origin_not_allowed"])
    expect(widget.part("fallback")).to_have_attribute("href", f"{scripted}/?lang=en")
    words = next(line for line in told if line.startswith("rinvio-search:"))
    assert f"add {stranger} to the setting cors_origins" in words
    assert widget.violations() == []


def test_a_service_that_is_gone_is_told_so(page: Page, open_widget: Open, partner: Partner) -> None:
    """The visitor gets a sentence, the web master the line of the policy that may be missing."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    widget = open_widget()
    widget.set("endpoint", "http://127.0.0.1:9/")
    widget.ask("answer")
    expect(widget.status).to_have_text(WORDS["unreachable"])
    expect(widget.part("fallback")).to_have_attribute("href", "http://127.0.0.1:9/?lang=en")
    assert any("connect-src http://127.0.0.1:9" in line for line in told)
    assert [name for name, _ in page.evaluate("events")] == ["ask", "error"]
    assert page.evaluate("events[1][1].code") == "unreachable"


def test_without_a_service_the_page_s_own_link_comes_back(open_widget: Open) -> None:
    """A script that cannot tell where it came from, as in a bundle, knows no other way out."""
    widget = open_widget()
    widget.set("endpoint", "nowhere:")
    own = widget.page.get_by_role("link", name="Ask elsewhere")
    expect(own).to_be_hidden()
    widget.ask("answer")
    expect(widget.status).to_have_text(WORDS["failed"])
    expect(own).to_be_visible()
    assert widget.violations() == []


def test_a_reply_that_is_lost_is_no_matter_of_permission(
    page: Page, open_widget: Open, scripted: str
) -> None:
    """Of a page that may ask nobody says that it may not."""
    widget = open_widget()
    page.route(f"{scripted}/v1/ask", lambda route: route.abort("connectionreset"))
    widget.ask("answer")
    expect(widget.status).to_have_text(WORDS["unreachable"])


def test_a_gateway_s_error_is_no_matter_of_permission(page: Page, partner: Partner) -> None:
    """A proxy whose service is down answers without the headers that let a page read it."""
    with served(gateway()) as service:
        partner.embed(service)
        page.goto(partner.origin)
        widget = Widget(page, page.locator("rinvio-search"))
        widget.ask("answer")
        expect(widget.status).to_have_text(WORDS["unreachable"])


@pytest.mark.parametrize("headers", [ANY, {}])
def test_a_service_that_has_moved_is_told_so(
    page: Page, partner: Partner, scripted: str, headers: dict[str, str]
) -> None:
    """No question follows a redirection; the console names the new address where it may be read."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    with served(moved_to(scripted, headers)) as old:
        partner.embed(old)
        partner.policy = ""
        page.goto(partner.origin)
        widget = Widget(page, page.locator("rinvio-search"))
        widget.ask("answer")
        expect(widget.status).to_have_text(WORDS["unreachable"])
    moved = f"{old}/ has moved to {scripted}/: write that in the tag."
    unknown = f"{old}/ does not answer. Is it running, at this very address,"
    assert any((moved if headers else unknown) in line for line in told)
