"""Puts two names of a question in each other's place: who did it, and to whom."""

import re

# Capitalised words in a row, joined by "of" and its like, that do not begin a sentence.
NAME = re.compile(
    r"(?<=[\w,;’'\"(] )"
    r"(?:[A-ZÀ-Ý](?:(?!['’]s\b)[\w’'.-])*\w"
    r"(?: (?:of|the|de|di|del|della|von) (?=[A-ZÀ-Ý])| (?=[A-ZÀ-Ý]))?)+"
)
SHORTEST = 3  # letters
Span = tuple[int, int]


def names_in(text: str) -> list[Span]:
    """Where the names of `text` stand, without a possessive s; its first word is never one."""
    spans = [match.span() for match in NAME.finditer(text)]
    return [(start, end) for start, end in spans if end - start >= SHORTEST]


def with_exchanged_roles(question: str, text: str = "") -> str | None:
    """The first and the last name in each other's place; None with fewer than two.

    The names of `text` count too: where a question begins with one, and everywhere in a
    question without capitals.
    """
    names = sorted([*names_in(question), *_names_of(text, question)])
    words = [question[start:end].lower() for start, end in names]
    others = [n for n, word in enumerate(words) if word not in words[0] and words[0] not in word]
    if not others:
        return None
    (a, b), (c, d) = names[0], names[others[-1]]
    return question[:a] + question[c:d] + question[b:c] + question[a:b] + question[d:]


def _names_of(text: str, question: str) -> list[Span]:
    """Where names of `text` stand in `question`, the longest first, beside its own."""
    flags = re.IGNORECASE if question.islower() else re.NOFLAG
    taken = names_in(question)
    own = len(taken)
    for name in sorted({text[start:end] for start, end in names_in(text)}, key=_longest_first):
        for match in re.finditer(rf"\b{re.escape(name)}\b", question, flags):
            if all(match.end() <= start or end <= match.start() for start, end in taken):
                taken.append(match.span())
    return taken[own:]


def _longest_first(name: str) -> tuple[int, str]:
    return -len(name), name
