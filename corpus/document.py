"""What a document is, and the places in it: headings, passages, sentences.

Every `start` and `end` counts code points of the document's `text`, and
`text[start:end]` is the thing itself: text is decoded once and never changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

Span = tuple[int, int]  # start and end
Metadata = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Heading:
    """A title line: its words, its depth (1 is the highest) and the line's span."""

    text: str
    level: int
    start: int
    end: int


@dataclass(frozen=True)
class Block:
    """A stretch of running text that no sentence crosses: a paragraph or a list item.

    The row of a table is a single sentence, whatever it holds; `columns` are the words at the
    head of its columns, None outside of tables.
    """

    start: int
    end: int
    columns: str | None = None


@dataclass(frozen=True)
class Document:
    """One source, as it was read.

    `sha256` is that of `text` in UTF-8; `origin` names all the bytes that it was read from;
    `blanked` is the text as models read it (`corpus.plain`), None where that is the text itself;
    `metadata` holds whatever else its sidecar or front matter says (publisher, programme,
    cities, licence and so on).
    """

    id: str
    title: str
    text: str
    language: str
    url: str | None
    sha256: str
    origin: str
    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    metadata: Metadata = field(default_factory=dict)
    blanked: str | None = None

    @property
    def plain(self) -> str:
        """The text as models read it: each word in its place, blanks for marks."""
        return self.text if self.blanked is None else self.blanked

    @property
    def characters(self) -> int:
        """The length of the text."""
        return len(self.text)

    def read(self) -> "Document":
        """Itself: it has been read."""
        return self


@dataclass(frozen=True)
class Summary:
    """What a list shows of a document: all but its text, of which it says the length."""

    id: str
    title: str
    language: str
    url: str | None
    sha256: str
    characters: int
    metadata: Metadata


class Source(Protocol):
    """A document, or the files that it can be read from."""

    @property
    def id(self) -> str:
        """The id of the document."""

    @property
    def origin(self) -> str:
        """Names all bytes that `read` depends on: equal origins, equal documents."""

    def read(self) -> Document:
        """The document; CorpusError when it cannot be used."""


@dataclass(frozen=True)
class Sentence:
    """The span of one sentence."""

    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """The unit that is retrieved: consecutive sentences below one heading.

    `headings` is the path of headings above it, outermost first; `first` and `last`
    number its sentences in the document's list.
    """

    document_id: str
    start: int
    end: int
    headings: tuple[str, ...]
    first: int
    last: int
