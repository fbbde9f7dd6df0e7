"""The names of a question: as they are written, and two of them in each other's place."""

import re

from corpus.document import Span

# Capitalised words in a row, joined by "of" and its like, that do not begin a sentence.
NAME = re.compile(
    r"(?:(?<=[\w,;’'\"(] )|(?<=[\w,;] [“\"«(]))"
    r"(?:[A-ZÀ-Ý](?:(?!['’]s\b)[\w’'.-])*\w"
    r"(?: (?:of|the|de|di|del|della|von) (?=[A-ZÀ-Ý])| (?=[A-ZÀ-Ý]))?)+"
)
SHORTEST = 3  # letters


def names_in(text: str) -> list[Span]:
    """Where the names of `text` stand, without a possessive s; its first word is never one."""
    spans = [match.span() for match in NAME.finditer(text)]
    return [(start, end) for start, end in spans if end - start >= SHORTEST]


def as_written(question: str, text: str) -> str:
    """The question with a capital first, and `text`'s names as they are if it has no capitals."""
    written = question
    if question.islower():
        for start, end, name in _shared(question, text, [], re.IGNORECASE):
            written = written[:start] + name + written[end:]
    return written[:1].upper() + written[1:]


def with_exchanged_roles(question: str, text: str = "") -> str | None:
    """The first and the last name in each other's place; None with fewer than two.

    A name that `text` holds counts at the beginning too.
    """
    own = names_in(question)
    names = sorted([*own, *((start, end) for start, end, _ in _shared(question, text, own))])
    words = [question[start:end].lower() for start, end in names]
    others = [n for n, word in enumerate(words) if word not in words[0] and words[0] not in word]
    if not others:
        return None
    (a, b), (c, d) = names[0], names[others[-1]]
    return question[:a] + question[c:d] + question[b:c] + question[a:b] + question[d:]


def _shared(
    question: str, text: str, taken: list[Span], flags: re.RegexFlag = re.NOFLAG
) -> list[tuple[int, int, str]]:
    """Where names of `text` stand in `question`, the longest first, beside what is `taken`."""
    found: list[tuple[int, int, str]] = []
    names = {text[start:end] for start, end in names_in(text)}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        for match in re.finditer(rf"\b{re.escape(name)}\b", question, flags):
            start, end = match.span()
            if all(end <= a or b <= start for a, b in [*taken, *(place[:2] for place in found)]):
                found.append((start, end, name))
    return found
