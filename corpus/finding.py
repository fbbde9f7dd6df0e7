"""Finds the documents in a folder: every file counts, or is refused by name."""

import os
from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from unicodedata import category

from corpus.errors import CorpusError
from corpus.metadata import SIDECARS

LOST = "lost+found"
SUFFIXES = (".md", ".txt")
PANDOC = "pandoc --wrap=none -t gfm -o {name}.md {file}"
CONVERTED_BY = {".pdf": "pdftotext {file} {name}.txt"} | dict.fromkeys(
    (".docx", ".odt", ".rtf", ".htm", ".html", ".epub"), PANDOC
)


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
                f"Convert it to text{_by_command(path)}, or move it out of the documents folder.",
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


def _by_command(path: Path) -> str:
    """The command that makes a document of a file, in brackets; nothing where none is known."""
    command = CONVERTED_BY.get(path.suffix.lower(), "")
    names = {"file": quote(path.name), "name": quote(path.stem)}
    return f" ({command.format(**names)})" if command else ""


def _files(folder: Path) -> Iterator[Path]:
    """Every file below `folder` but hidden ones; CorpusError for what cannot be looked into."""

    def refuse(error: OSError) -> None:
        raise CorpusError(
            f"The documents folder {error.filename} cannot be read ({error.strerror}).",
            "Check the folder and its permissions, or name another with --documents FOLDER.",
        ) from error

    for parent, folders, files in os.walk(folder, onerror=refuse):
        # What no one wrote: hidden folders, and the one of a file system's own.
        folders[:] = [name for name in folders if not name.startswith(".") and name != LOST]
        files = [name for name in files if not name.startswith(".")]
        for name in [*folders, *files]:
            path = Path(parent, name)
            if path.is_symlink() and name in folders:
                raise CorpusError(
                    f"{path} is a link to a folder.", "Copy its documents, or remove the link."
                )
            if path.is_symlink() and not _leads_into(path, folder):
                raise CorpusError(
                    f"{path} is a link that leads out of the documents folder, or nowhere.",
                    "Copy the document, or remove the link.",
                )
            try:
                name.encode()
            except UnicodeEncodeError as error:
                raise CorpusError(
                    f"The name of {str(path)!a} is not UTF-8.", "Rename it."
                ) from error
            if any(category(character) in {"Cc", "Zl", "Zp"} for character in name):
                raise CorpusError(
                    f"The name of {str(path)!a} has a line end or another control character.",
                    "Rename it: no link could lead there.",
                )
            if path.exists() and not path.is_dir() and not path.is_file():
                raise CorpusError(f"{path} is neither file nor folder.", "Move it elsewhere.")
        yield from (Path(parent, name) for name in files)


def _leads_into(link: Path, folder: Path) -> bool:
    try:
        return link.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # it leads to itself
        return False


def _check(folder: Path, found: dict[str, Path], sidecars: dict[str, Path]) -> None:
    if orphan := next((path for name, path in sidecars.items() if name not in found), None):
        known = orphan.with_suffix("")  # turin.txt of turin.txt.yaml
        named = known.with_suffix(orphan.suffix).name
        missing = orphan.with_suffix(".txt").name
        raise CorpusError(
            f"The metadata {orphan} belongs to no document.",
            f"Rename it to {named}."
            if known in found.values()
            else f"Add {missing} beside it, or remove it.",
        )
    if not found:
        raise CorpusError(
            f"There are no documents in {folder}.", "Put .txt or .md files there, in UTF-8."
        )
