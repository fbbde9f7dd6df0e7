"""Reads a folder of documents: what is there is read whole, or refused by name."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from corpus.document import Block, Document, Heading
from corpus.errors import CorpusError
from corpus.language import detect_language
from corpus.layout import TITLE_LENGTH, markdown_layout, plain_layout
from corpus.metadata import SIDECARS, Fields, read_front_matter, read_sidecar

SUFFIXES = (".md", ".txt")
OWN_FIELDS = ("title", "language", "url")
SAMPLE = 4000  # characters of a document that tell its language
CONTROL = {chr(code) for code in range(32)} - set("\t\n\r\f\v")


def read_corpus(folder: Path) -> Iterator[Document]:
    """The documents below `folder`, in the order of their ids.

    Every file counts but hidden ones; CorpusError names the first that cannot be used.
    """
    for document_id, path, sidecar in find_documents(folder):
        yield read_document(document_id, path, sidecar)


def find_documents(folder: Path) -> list[tuple[str, Path, Path | None]]:
    """Id, file and sidecar of each document below `folder`; CorpusError when any is amiss."""
    found: dict[str, Path] = {}
    sidecars: dict[str, Path] = {}
    for path in sorted(_files(folder)):
        relative = path.relative_to(folder)
        kind = path.suffix.lower()
        if kind not in SUFFIXES and kind not in SIDECARS:
            raise CorpusError(
                f"{path} is not a .txt or .md document.",
                "Convert it to text, or move it out of the documents folder.",
            )
        known = found if kind in SUFFIXES else sidecars
        document_id = relative.with_suffix("").as_posix()
        if document_id in known:
            raise CorpusError(
                f"{path} and {known[document_id]} would have the same id, {document_id}.",
                "Rename or remove one of them.",
            )
        known[document_id] = path
    _check(folder, found, sidecars)
    return [(name, found[name], sidecars.get(name)) for name in sorted(found)]


def _files(folder: Path) -> Iterator[Path]:
    """Every file below `folder` but hidden ones; CorpusError for what cannot be looked into."""

    def refuse(error: OSError) -> None:
        raise CorpusError(
            f"The documents folder {error.filename} cannot be read ({error.strerror}).",
            "Check the folder and its permissions, or name another with --documents FOLDER.",
        ) from error

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in [*folders, *files]:
            path = Path(parent, name)
            if path.is_symlink() and name in folders:
                raise CorpusError(
                    f"{path} is a link to a folder.", "Copy its documents, or remove the link."
                )
            try:
                name.encode()
            except UnicodeEncodeError as error:
                raise CorpusError(
                    f"The name of {str(path)!a} is not UTF-8.", "Rename it."
                ) from error
        yield from (Path(parent, name) for name in files if not name.startswith("."))


def _check(folder: Path, found: dict[str, Path], sidecars: dict[str, Path]) -> None:
    if orphan := next((path for name, path in sidecars.items() if name not in found), None):
        raise CorpusError(
            f"The metadata {orphan} belongs to no document.",
            f"Add {orphan.with_suffix('.txt').name} beside it, or remove it.",
        )
    if not found:
        raise CorpusError(
            f"There are no documents in {folder}.", "Put .txt or .md files there, in UTF-8."
        )


def read_document(document_id: str, path: Path, sidecar: Path | None = None) -> Document:
    """The document in `path`; CorpusError when it is not UTF-8 text with words in it."""
    text = _decoded(path)
    fields: Fields = {}
    body = 0
    if path.suffix.lower() == ".md":
        fields, body = read_front_matter(text, path)
    headings, blocks = (
        markdown_layout(text, body) if path.suffix.lower() == ".md" else plain_layout(text)
    )
    if not blocks:
        raise CorpusError(
            f"{path} has no text below its headings.", "Write some, or remove the file."
        )
    fields |= read_sidecar(sidecar) if sidecar else {}
    return Document(
        id=document_id,
        title=str(fields.get("title") or _first_line(text, headings, blocks, document_id)),
        text=text,
        language=str(fields.get("language") or detect_language(text[body : body + SAMPLE])),
        url=str(fields["url"]) if "url" in fields else None,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        headings=headings,
        blocks=blocks,
        metadata={name: value for name, value in fields.items() if name not in OWN_FIELDS},
    )


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{path} cannot be read ({error.strerror}).", "Check the file and its permissions."
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CorpusError(
            f"{path} is not UTF-8 (line {line}, byte {error.start}).",
            f"Convert it: iconv -f WINDOWS-1252 -t UTF-8 {path.name} > new.txt",
        ) from error
    if control := next((character for character in text if character in CONTROL), None):
        line = text[: text.index(control)].count("\n") + 1
        raise CorpusError(
            f"{path} looks binary (a control character in line {line}).",
            "Save the document as plain text.",
        )
    if not text.strip("\ufeff\u200b \t\r\n\f\v\xa0"):
        raise CorpusError(f"{path} is empty.", "Write its text, or remove the file.")
    return text


def _first_line(
    text: str, headings: tuple[Heading, ...], blocks: tuple[Block, ...], document_id: str
) -> str:
    """A title for a document that declares none: its first short line, else its file's name."""
    start, end = blocks[0].start, blocks[0].end
    if headings and headings[0].start < start:
        return headings[0].text
    line = text[start:end]
    if len(line) <= TITLE_LENGTH and "\n" not in line:
        return line
    return document_id.rpartition("/")[2].replace("-", " ").replace("_", " ")
