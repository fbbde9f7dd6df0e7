"""Makes questions that the documents do not answer out of questions that they do."""

import random
import re
from dataclasses import dataclass

from qa.roles import names_in

NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*(?<![.,])(?!\w)")
YEAR = re.compile(r"1\d{3}|20\d\d")
NEAR = 0.65  # how often a name is taken from the text itself, where it deceives most
OPPOSITES = """
    first last, largest smallest, biggest smallest, most least, more less, before after,
    highest lowest, higher lower, maximum minimum, early late, earlier later, began ended,
    begin end, start end, started ended, increase decrease, increased decreased, north south,
    northern southern, east west, eastern western, win lose, won lost, majority minority,
    oldest newest, old new, true false, strong weak, stronger weaker, longest shortest,
    rise fall, support oppose, supported opposed, accept reject, accepted rejected,
    positive negative, above below, open closed, allowed forbidden, legal illegal, rich poor,
    public private, internal external, male female, men women, man woman, king queen,
    father mother, son daughter, enemy ally, success failure, common rare,
    advantage disadvantage, benefit harm, inside outside, primo ultimo, prima ultima,
    primo secondo, maggiore minore, grande piccolo, grande piccola, più meno, prima dopo,
    nord sud, est ovest, settentrionale meridionale, orientale occidentale,
    aumentato diminuito, inizio fine, iniziato finito, vinto perso, massimo minimo,
    maggioranza minoranza, vecchio nuovo, alto basso, forte debole, pubblico privato,
    interno esterno, accettato respinto
"""
PAIRS = [tuple(pair.split()) for pair in OPPOSITES.split(",")]


@dataclass(frozen=True)
class Part:
    """A name, year or number of a text: where it stands and what kind it is."""

    start: int
    end: int
    words: str
    kind: str


def parts(text: str) -> list[Part]:
    """The names, years and numbers of `text`; a name is never its first word."""
    found = [Part(start, end, text[start:end], "name") for start, end in names_in(text)]
    for match in NUMBER.finditer(text):
        kind = "year" if YEAR.fullmatch(match[0]) else "number"
        found.append(Part(*match.span(), match[0], kind))
    return found


def with_exchanged_name(
    question: str, near: str, pool: list[Part], chance: random.Random
) -> str | None:
    """One name or number exchanged for another of its kind, from `near` or `pool`; None without."""
    own = parts(question)
    if not own:
        return None
    old = chance.choice(own)

    def others(found: list[Part]) -> list[str]:
        return [
            part.words
            for part in found
            if part.kind == old.kind
            and part.words.lower() not in question.lower()
            and old.words.lower() not in part.words.lower()
        ]

    local, far = others(parts(near)), others(pool)
    source = local if local and (chance.random() < NEAR or not far) else far
    return question[: old.start] + chance.choice(source) + question[old.end :] if source else None


def with_opposite(question: str, chance: random.Random) -> str | None:
    """One word exchanged for its opposite; None when no word has one here."""
    places = [
        (match, opposites)
        for match in re.finditer(r"\w+", question)
        if (opposites := _opposites(match[0]))
    ]
    if not places:
        return None
    match, opposites = chance.choice(places)
    return question[: match.start()] + chance.choice(opposites) + question[match.end() :]


def _opposites(word: str) -> list[str]:
    return [b if a == word else a for a, b in PAIRS if word in {a, b}]
