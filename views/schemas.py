"""What the API reads and writes, as its OpenAPI document describes it.

`qa.answer.Answer` is the shape of an answer; the rest is here.
"""

from dataclasses import asdict, fields
from typing import Annotated, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from corpus.document import Document, Summary
from corpus.language import LANGUAGES
from qa.answer import Answer
from qa.question import K_LIMIT, QUESTION_LIMIT

BODY_LIMIT = 16_384  # bytes: a question of QUESTION_LIMIT characters fits, escaped or not
QUESTION_EXAMPLE = "what did Baltimore adopt from Torino City Lab?"
# What the engine refuses besides is described, so that generated clients need not try.
QuestionText = Annotated[
    str,
    Field(min_length=1, max_length=QUESTION_LIMIT, json_schema_extra={"pattern": r"\S"}),
]
LanguageCode = Annotated[
    str | None,
    Field(
        description="ISO 639-1 code; null has it detected",
        json_schema_extra={"enum": [*LANGUAGES, None]},
    ),
]
LinkedLanguageCode = Annotated[
    str,
    Field(
        description="ISO 639-1 code; empty has it detected",
        json_schema_extra={"enum": [*LANGUAGES, ""]},
    ),
]


class Question(BaseModel):
    """A question as it is posted; unknown fields are refused."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"question": QUESTION_EXAMPLE, "k": 5}]},
    )

    question: QuestionText
    k: int = Field(5, ge=1, le=K_LIMIT, description="the most passages to return")
    language: LanguageCode = None
    explain: bool = Field(False, description="return the scores of each passage")


class LinkedQuestion(BaseModel):
    """A question as a link asks it; unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid")

    q: QuestionText = Field(examples=[QUESTION_EXAMPLE])
    k: int = Field(5, ge=1, le=K_LIMIT)
    language: LinkedLanguageCode = ""  # which a query string can say, and null it cannot
    explain: bool = False


class Readiness(BaseModel):
    """Which generation answers; `refused`: a newer one is published that cannot be served."""

    status: Literal["ready"] = "ready"
    index_version: str
    refused: bool


class DocumentSummary(BaseModel):
    """A document without its text."""

    id: str
    title: str
    language: str
    url: str | None
    sha256: str
    characters: int
    metadata: dict[str, str | list[str]]


class DocumentList(BaseModel):
    """A page of the list of documents."""

    total: int
    documents: list[DocumentSummary]
    index_version: str


class HeadingPlace(BaseModel):
    """A heading and its span in the text."""

    text: str
    level: int
    start: int
    end: int


class WholeDocument(DocumentSummary):
    """A document with its text, to which the places in citations refer."""

    text: str
    headings: list[HeadingPlace]


def summary(document: Document | Summary) -> DocumentSummary:
    """A document without its text."""
    return DocumentSummary(
        id=document.id,
        title=document.title,
        language=document.language,
        url=document.url,
        sha256=document.sha256,
        characters=document.characters,
        metadata={
            name: value if isinstance(value, str) else list(value)
            for name, value in document.metadata.items()
        },
    )


def whole(document: Document) -> WholeDocument:
    """A document with its text."""
    headings = [HeadingPlace(**asdict(heading)) for heading in document.headings]
    return WholeDocument(**dict(summary(document)), text=document.text, headings=headings)


def answer_json(answer: Answer) -> bytes:
    """An answer as JSON: equal answers, equal bytes; `explain` only when it was asked for."""
    shown = {part.name: getattr(answer, part.name) for part in fields(answer)}
    if answer.explain is None:
        del shown["explain"]
    return orjson.dumps(shown)
