"""Reads documents: what is there is read whole, or refused by name."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from corpus.decoding import decoded, file_bytes
from corpus.document import Block, Document, Heading
from corpus.errors import CorpusError
from corpus.finding import find_documents
from corpus.html import page_title
from corpus.language import detect_language, in_other_script
from corpus.layout import plain_layout
from corpus.markdown import markdown_layout
from corpus.metadata import read_front_matter, read_sidecar
from corpus.paragraphs import INVISIBLE, LINE_END, TITLE_LENGTH, is_title
from corpus.plain import blanked

OWN_FIELDS = ("title", "language", "url")
SAMPLE = 4000  # characters of a document that tell its language


@dataclass(frozen=True)
class File:
    """A document that is yet to be read, with the file of its metadata if it has one."""

    id: str
    path: Path
    sidecar: Path | None = None

    @property
    def origin(self) -> str:
        """The sha256 of all that `read` depends on; CorpusError when it cannot be read."""
        about = [self.id, *(_named(path) for path in (self.path, self.sidecar) if path)]
        return hashlib.sha256("\n".join(about).encode()).hexdigest()

    def read(self) -> Document:
        """The document; CorpusError when it is not UTF-8 text with words in it."""
        origin = self.origin  # first: were the file changed meanwhile, the next build reads again
        text = decoded(self.path)
        if not text.strip(f"{INVISIBLE} \t\r\n\f\v\xa0"):
            raise CorpusError(f"{self.path} is empty.", "Write its text, or remove the file.")
        fields, body = read_front_matter(text, self.path)
        markdown = self.path.suffix.lower() == ".md"
        if markdown:
            try:
                headings, blocks = markdown_layout(text, body)
            except RecursionError as error:
                raise CorpusError(
                    f"{self.path} has brackets, quotations or lists within hundreds of others.",
                    "Write it flatter, or name it .txt.",
                ) from error
            highest = [heading.text for heading in headings if heading.level == 1]
            # Whatever stands above a single one: a picture, a date
            fields.setdefault("title", highest[0] if len(highest) == 1 else page_title(text, body))
        else:
            headings, blocks = plain_layout(text, body)
        if not blocks:
            raise CorpusError(
                f"{self.path} has no text below its headings.",
                "Write some, or remove the file.",
            )
        fields |= read_sidecar(self.sidecar) if self.sidecar else {}
        sample = text[body : body + SAMPLE]
        if "language" not in fields and in_other_script(sample):
            raise CorpusError(
                f"{self.path} is in a script that no language known here is written in.",
                "Say which it is, as language: ja, in its front matter or a file beside it.",
            )
        language = str(fields.get("language") or detect_language(sample))
        read = blanked(text, headings, blocks, markdown, body, language)
        return Document(
            id=self.id,
            title=str(fields.get("title") or _first_line(read or text, headings, blocks, self.id)),
            text=text,
            language=language,
            url=str(fields["url"]) if "url" in fields else None,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            origin=origin,
            headings=headings,
            blocks=blocks,
            metadata={name: value for name, value in fields.items() if name not in OWN_FIELDS},
            blanked=read,
        )


def find_files(folder: Path) -> list[File]:
    """The documents below `folder`, unread, in the order of their ids; see `find_documents`."""
    return [File(*found) for found in find_documents(folder)]


def _named(path: Path) -> str:
    """How a file is read, by its suffix, and what there is to read."""
    return f"{path.suffix.lower()} {hashlib.sha256(file_bytes(path)).hexdigest()}"


def _first_line(
    text: str, headings: tuple[Heading, ...], blocks: tuple[Block, ...], document_id: str
) -> str:
    """A title for a document that declares none: its first short line, else its file's name.

    `text` is as models read it. Of several lines the first counts only where all are short, and
    the next does not go on.
    """
    start, end = blocks[0].start, blocks[0].end
    if headings and headings[0].start < start:
        return headings[0].text
    first, *below = (" ".join(line.split()) for line in LINE_END.split(text[start:end]))
    short = all(len(line) <= TITLE_LENGTH for line in [first, *below])
    goes_on = bool(below) and below[0][:1].islower() and not first.isupper()
    if short and (not below or (is_title(first) and not goes_on)):
        return first
    return document_id.rpartition("/")[2].replace("-", " ").replace("_", " ")
