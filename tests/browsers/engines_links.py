"""Where links lead in Firefox and WebKit: to the marked sentence, here and in originals."""

import json
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from browsers.drivers import Driver
from originals import PAGE, PLACE, cited, is_around, marked
from sites import Partner, served
from test_fragments import DOCUMENT
from test_pages_in_a_browser import QUESTIONS

from api import create_app
from settings import load_settings

FOLLOW = """async (question) => {
  const element = document.querySelector("rinvio-search");
  await element.ask(question);
  return element.shadowRoot.querySelector("[part=link]").href;
}"""
MARKED = """async () => {
  const marks = [...document.querySelectorAll("mark")];
  const seen = marks.map((mark) => mark.getBoundingClientRect());
  const inView = seen.every((box) => box.height > 0 && box.top >= 0 && box.bottom <= innerHeight);
  return [marks.map((mark) => mark.textContent), inView];
}"""


def test_the_link_opens_the_document_at_the_sentence(
    driver: Driver, partner: Partner, tram_service: str
) -> None:
    """The widget's answer leads to the reader, the sentence marked and in view."""
    partner.embed(tram_service)
    driver.open(partner.origin)
    driver.open(driver.run(FOLLOW, "the tram stops at the old harbour"))
    assert driver.run(MARKED) == [["The tram stops at the old harbour."], True]


@pytest.fixture(scope="module")
def answering(case_study) -> Iterator[str]:
    with served(create_app(load_settings(index=case_study))) as address:
        yield address


def test_every_citation_opens_with_its_sentence_in_view(driver: Driver, answering: str) -> None:
    """For each question of the case study, every passage's link shows just its quote marked."""
    links = {}
    for question in QUESTIONS:
        body = json.dumps({"question": question}).encode()
        asked = Request(f"{answering}/v1/ask", body, {"Content-Type": "application/json"})
        with urlopen(asked) as got:
            found = [passage["citation"] for passage in json.load(got)["passages"]]
        links |= {citation["link"]: citation["quote"] for citation in found}
    assert len(links) > 10
    with driver.narrow():
        for link, quote in links.items():
            driver.open(answering + link)
            assert driver.run(MARKED) == [[quote], True], link


def test_originals_open_with_the_sentence_marked(driver: Driver) -> None:
    """Each fragment has the browser mark its very sentence, and bring it into view."""
    site = Partner()
    site.pages["/"] = PAGE
    with served(site) as address:
        sure = [each for each in cited(address, DOCUMENT) if each.sure]
        assert len(sure) >= 5
        for each in sure:
            driver.open(each.link)
            place = driver.run(PLACE, each.line, each.start, each.end)
            assert is_around(marked(driver.picture()), place), each.link
