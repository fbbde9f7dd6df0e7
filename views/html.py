"""Renders the pages: the form, the answer, errors. Every one works without JavaScript."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from corpus.document import Summary
from qa.answer import Answer
from qa.question import QUESTION_LIMIT
from views.formats import Copy
from views.policy import PLAIN
from views.strings import confidence_key, language_name, percent, refusal, strings, unmentioned

HERE = Path(__file__).parent
ASSETS = {
    "copy.js": "text/javascript",
    "rinvio.css": "text/css",
    "rinvio.svg": "image/svg+xml",
}
EXAMPLES = 4  # questions on the home page
FRESH = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}


def respond(
    page: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    policy: str = PLAIN,
) -> HTMLResponse:
    """A page as a response, under one of `views.policy`; fetched anew each time, by language."""
    own = {**FRESH, "Content-Security-Policy": policy}
    return HTMLResponse(page, status, {**own, **(headers or {})})


def home_page(
    language: str, documents: Sequence[Summary], total: int, asked_nothing: bool = False
) -> str:
    """The form and `documents` out of `total`; `asked_nothing` says that the form was empty."""
    return render(
        "home.html",
        language,
        documents=documents,
        total=total,
        asked_nothing=asked_nothing,
        examples=_examples(documents, language),
    )


def answer_page(language: str, answer: Answer, copies: Sequence[Copy] = ()) -> str:
    """The form with its question, and the answer, to be taken away as `copies`, or why not.

    Of an answer it is said which of the question's names no document holds.
    """
    return render(
        "answer.html",
        language,
        question=answer.question,
        answer=answer,
        sure=confidence_key(answer.confidence),
        copies=copies,
        why=unmentioned(answer, language) if answer.answered else refusal(answer, language),
    )


def error_page(language: str, title: str, message: str, question: str = "") -> str:
    """What went wrong and what to do, in words, and the form to ask again."""
    return render("error.html", language, title=title, message=message, question=question)


def render(template: str, language: str, **values: Any) -> str:
    """A template with the words of `language`."""
    other = "en" if language == "it" else "it"
    page = _environment().get_template(template)
    return page.render(t=strings(language), language=language, other=other, **values)


def _examples(documents: Sequence[Summary], language: str) -> list[str]:
    """Questions that documents bring along in this language, as `questions_en` or so."""
    field = f"questions_{language}"
    given = [document.metadata.get(field, ()) for document in documents]
    lists = [[each] if isinstance(each, str) else each for each in given]
    return [question for each in lists for question in each][:EXAMPLES]


@lru_cache
def fingerprint(name: str) -> str:
    """A short name for the content of an asset: another content, another address."""
    return hashlib.sha256((HERE / name).read_bytes()).hexdigest()[:12]


def _asset(name: str) -> str:
    return f"/assets/{name}?v={fingerprint(name)}"


def _in_language(link: str, language: str) -> str:
    """A link of ours that has a query, to its page in `language`."""
    address, mark, fragment = link.partition("#")
    return f"{address}&lang={language}{mark}{fragment}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "in_language": _in_language,
        "language_name": language_name,
        "percent": percent,
    }
    environment.globals |= {"asset": _asset, "question_limit": QUESTION_LIMIT}
    return environment
