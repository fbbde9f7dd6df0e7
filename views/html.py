"""Renders the pages: home with question and answer, the reader, errors. No JavaScript needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from corpus.document import Document, Heading, Sentence
from qa.answer import Answer
from views.strings import confidence_key, refusal, strings

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Part:
    """A stretch of a document as the reader shows it."""

    kind: str  # "text", "heading" or "mark"
    text: str
    level: int = 0


def home_page(
    language: str,
    documents: Sequence[Document],
    total: int,
    question: str,
    answer: Answer | None,
) -> str:
    """The form, the answer to `question` if one was asked, and `documents` out of `total`."""
    words = strings(language)
    sure = words[confidence_key(answer.confidence)] if answer else ""
    why = refusal(answer, language) if answer and not answer.answered else ""
    return render(
        "home.html",
        language,
        documents=documents,
        total=total,
        question=question,
        answer=answer,
        sure=sure,
        why=why,
    )


def reader_page(
    language: str, document: Document, cited: Sentence | None, asked_for: str | None
) -> str:
    """A whole document, the cited sentence marked."""
    parts = reader_parts(document, cited)
    return render(
        "reader.html", language, document=document, parts=parts, cited=cited, asked_for=asked_for
    )


def error_page(language: str, message: str) -> str:
    """What went wrong, in words."""
    return render("error.html", language, message=message)


def reader_parts(document: Document, cited: Sentence | None) -> list[Part]:
    """The document's text cut at its headings and around the cited sentence, nothing left out."""
    places: list[Heading | Sentence] = [*document.headings, *([cited] if cited else [])]
    parts: list[Part] = []
    end = 0
    for place in sorted(places, key=lambda place: place.start):
        parts.append(Part("text", document.text[end : place.start]))
        words = document.text[place.start : place.end]
        if isinstance(place, Heading):
            parts.append(Part("heading", words, min(place.level + 1, 6)))
        else:
            parts.append(Part("mark", words))
        end = place.end
    return [part for part in [*parts, Part("text", document.text[end:])] if part.text]


def render(template: str, language: str, **values: Any) -> str:
    """The page that `template` makes of `values`, in English or Italian."""
    other = "en" if language == "it" else "it"
    page = _environment().get_template(template)
    return page.render(t=strings(language), language=language, other=other, **values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
