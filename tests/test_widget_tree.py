"""What assistive technology is given of the widget."""

import pytest
from playwright.sync_api import expect
from sites import CITATION
from test_widget import LANGUAGES, STATES
from widget_page import Widget

from views.widget import widget_strings


@pytest.mark.parametrize("question", ["answer", "low_confidence", "rate_limited_later"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_accessible_tree(widget: Widget, question: str, language: str) -> None:
    """What assistive technology is given in each state is what was agreed on."""
    widget.set("lang", language)
    widget.ask(question)
    widget.comes_to(STATES[question][0])
    expect(widget.element).to_match_aria_snapshot(tree(question, widget_strings()[language]))


def tree(question: str, t: dict[str, str]) -> str:
    """The accessible tree in the state that follows on `question`, in the words `t`."""
    form = f"""
- search:
  - text: {t["label"]}
  - searchbox "{t["label"]}": {question}
  - button "{t["ask"]}"
- status: {t[STATES[question][1]]}
"""
    first = f"""
  - figure:
    - blockquote: {CITATION["quote"]}
    - text: The trams of Torino · {t["section"]} Lines / Line 4 ·
    - link "{t["read"]}"
    - text: ·
    - link "{t["original"]}"
"""
    below = {
        "answer": f"""
- group "{t["answer"]}":
  - paragraph: {t["confidence_high"]}
{first}
  - group: {t["also"]} (1)
""",
        "low_confidence": f"""
- group "{t["refused"]}":
  - paragraph: {t["low_confidence"]}
  - paragraph: {t["nearest"]}
  - list:
    - listitem:
      - figure:
        - blockquote: Il tram passa ogni dieci minuti.
    - listitem:
      - figure:
        - blockquote: {CITATION["quote"]}
""",
    }
    return form + below.get(question, "")
