"""Reads files of text in UTF-8, or says how to convert them."""

import re
import shlex
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from itertools import groupby
from pathlib import Path
from unicodedata import combining

from corpus.errors import CorpusError

CONTROL = r"[\x00-\x08\x0e-\x1f\x7f]"
# None is in texts but NEL, the end of a line; as bytes they are Windows-1252's quotation marks.
LATE_CONTROL = r"[\x80-\x84\x86-\x9f]"
BEYOND_LATIN = re.compile(r"[^\x00-\u02ff]+")
ACCENTS = 30  # on one letter, at most (Unicode's UAX 15): to order more takes Python ever longer


def file_bytes(path: Path) -> bytes:
    """What a file holds; CorpusError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{path} cannot be read ({error.strerror}).", "Check the file and its permissions."
        ) from error


def decoded(path: Path) -> str:
    """The text of a file; CorpusError names the line that is not UTF-8, or not text."""
    raw = file_bytes(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        utf16 = raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        if not utf16 and (found := re.search(CONTROL, raw.decode("latin-1"))):
            raise _binary(path, raw[: found.start()].count(b"\n")) from error
        written_in = "UTF-16" if utf16 else "WINDOWS-1252"
        named = shlex.quote(str(path))
        raise CorpusError(
            f"{path} is not UTF-8 (line {line}, byte {error.start}).",
            f"Convert it: iconv -f {written_in} -t UTF-8 {named} > new.txt && mv new.txt {named}",
        ) from error
    if control := re.search(CONTROL, text):
        raise _binary(path, text[: control.start()].count("\n"))
    if control := re.search(LATE_CONTROL, text):
        raise _late_control(path, control, raw)
    _check_accents(path, text)
    return text


def _check_accents(path: Path, text: str) -> None:
    for run in BEYOND_LATIN.finditer(text):
        for accented, marks in groupby(run[0], lambda mark: combining(mark) > 0):
            if accented and sum(1 for _ in marks) > ACCENTS:
                line = text[: run.start()].count("\n") + 1
                raise CorpusError(
                    f"{path} has a letter with more than {ACCENTS} accents (line {line}).",
                    "Take them away: nobody can read them.",
                )


def _late_control(path: Path, control: re.Match[str], raw: bytes) -> CorpusError:
    """The error for one; text of Windows that was converted as if it were Latin-1 can be undone."""
    line = control.string.count("\n", 0, control.start()) + 1
    has = f"{path} has the control character U+{ord(control[0]):04X} in line {line}"
    named = shlex.quote(str(path))
    try:
        raw.decode().encode("latin-1").decode("cp1252")
    except UnicodeError:
        return CorpusError(f"{has}.", "Take it away, or write the sign that it stands for.")
    return CorpusError(
        f"{has}: it was in Windows-1252 and was converted as ISO-8859-1.",
        f"Undo that: iconv -f UTF-8 -t ISO-8859-1 {named} | iconv -f WINDOWS-1252 -t UTF-8 "
        f"> {named}.new && mv {named}.new {named}",
    )


def _binary(path: Path, lines: int) -> CorpusError:
    """The error for a control character after so many lines."""
    return CorpusError(
        f"{path} looks binary (a control character in line {lines + 1}).",
        "Save the document as plain text.",
    )
