"""Where a browser goes for a text directive: the specification, slowly, without a browser.

It takes parts of words too, which no browser does: what it finds once, a browser finds once.
"""

import re
import unicodedata
from urllib.parse import unquote

from qa.fragments import Words

QUOTES = {"“": '"', "”": '"'}


def folded(text: str) -> str:
    """Letter by letter what a browser compares, as long as the text: what it ignores is a NUL."""
    plain = []
    for letter in text:
        base = unicodedata.normalize("NFD", letter)[0].casefold()
        plain.append("\0" if letter in "\u0300\u0301\u00ad" else QUOTES.get(base, base))
    return "".join(plain)


def found(text: str, words: str, start: int) -> list[tuple[int, int]]:
    """Every place from `start` on where a line of the text has these words."""
    letters = [re.escape(letter) for letter in folded(words) if letter != "\0"]
    pattern = r"\0*".join(r"\s+" if letter == r"\ " else letter for letter in letters)
    pattern = pattern.replace(r"\s+", r"[^\S\n]+")
    overlapping = re.finditer(rf"(?=({pattern}\0*))", folded(text)[start:])
    return [(start + each.start(1), start + each.end(1)) for each in overlapping]


def parsed(directive: str) -> Words:
    """A text directive, read as the specification says."""
    parts = directive.split(",")
    prefix = parts.pop(0)[:-1] if parts[0].endswith("-") else ""
    suffix = parts.pop()[1:] if parts[-1].startswith("-") else ""
    start, end = [*parts, ""][:2]
    return Words(*map(unquote, (prefix, start, end, suffix)))


def goes_to(text: str, words: Words) -> tuple[int, int] | None:
    """Where a browser goes: the first range of the directive's words between its context."""

    def follows(suffix: str, end: int) -> bool:
        gap = len(text[end:]) - len(text[end:].lstrip())
        return not suffix or any(place[0] == end + gap for place in found(text, suffix, end))

    def after_prefix() -> list[int]:
        ends = [place[1] for place in found(text, words.prefix, 0)]
        return [end + len(text[end:]) - len(text[end:].lstrip()) for end in ends]

    starts = found(text, words.start, 0)
    if words.prefix:
        starts = [place for place in starts if place[0] in after_prefix()]
    for begin, stop in starts:
        ends = found(text, words.end, stop) if words.end else [(begin, stop)]
        for _, end in ends:
            if follows(words.suffix, end):
                return begin, end
    return None
