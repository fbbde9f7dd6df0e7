"""What the confidence model looks at: signs that a sentence does or does not answer.

Every feature is a plain number from the question, the evidence, its passage, the
verifier's verdict (0 without one) and how many passages there are (in a large index something
is like any question); none needs the gold answer.
"""

import math
import re
import unicodedata
from collections.abc import Sequence, Set
from itertools import pairwise

import numpy as np

from index.generation import Generation
from index.lexical import stems
from index.names import canonical
from index.numbers import AFTERNOON, SPACED, in_24_hours, joined
from index.store import Store
from qa.evidence import DOUBTED, Evidence
from qa.verifier import Verdict

# A word that does not begin a sentence, which is a name if it has a capital; a number of two
# digits or more, since documents write smaller ones in words.
NAME = re.compile(
    rf"(?<=[^?!]\s)[^\W\d_](?:(?:\.[^\W\d_])+(?![^\W_])|[\w’'-]*)|"
    rf"{SPACED.pattern}|(?<![\w.,])\d[\d.,:/]*\d(?!\w)"
)
# Of what is said to be in no document: the part that asks, dates, numbers in groups, ...
PART = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý])")
SALUTATION = re.compile(
    r"^\s*(?:dear|hello|hi|gentil[ei]|egregi[oaie]|spettabile|buongiorno)\b[^,.!?\n]*[,.!\n]",
    re.IGNORECASE,
)
DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)")
COUNTED = re.compile(r"(\w[\w.,]*) (?:milli|mili|billi|mln|bn)", re.IGNORECASE)
# fmt: off
# Documents write them otherwise, or leave them out: forms of address, currencies, dates.
NO_NAMES = {
    "mr", "mrs", "ms", "miss", "dr", "prof", "sig", "dott", "ing", "avv", "arch", "cllr", "hon",
    "eur", "usd", "gbp", "chf", "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday",
}
# fmt: on
UMLAUT = re.compile(r"([aou])e")
POSSESSIVE = re.compile(r"['’]s$")
NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|thousand|"
    r"million|billion|half|third|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|dodici|venti|"
    r"cento|mille|milioni|miliardi|metà)\b",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\b(?:1\d{3}|20\d\d)s?\b|\b(?:centur|decade|secol|january|february|march|april|june|july|"
    r"august|september|october|november|december|gennaio|febbraio|marzo|aprile|maggio|giugno|"
    r"luglio|agosto|settembre|ottobre|novembre|dicembre|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday|luned|marted|mercoled|gioved|venerd|sabato|domenica|today|oggi)",
    re.IGNORECASE,
)
ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|large|big|long|far|old|often|tall|high)\b|\bwhat (?:percent|number|share)|"
    r"\bpopulation\b|\bpercentage\b|\bquant[iaoe]\b|\bpopolazione\b|\bpercentuale\b",
    re.IGNORECASE,
)
ASKS_TIME = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b|\bquando\b|"
    r"\b(?:che|quale|qual) (?:anno|data|giorno|mese|secolo)\b",
    re.IGNORECASE,
)
ASKS_NAME = re.compile(r"\bwho(?:m|se)?\b|\bchi\b|\bwhere\b|\bdove\b", re.IGNORECASE)

FEATURES = (
    "similarity",
    "coverage",
    "passage_coverage",
    "fused",
    "dense",
    "lead",
    "names_in_sentence",
    "names_in_passage",
    "names_unread",
    "number_not_in_passage",
    "names_reversed",
    "number_missing",
    "time_missing",
    "name_missing",
    "question_words",
    "verdict",
    "undoubted",
    "share",
    "index_size",
)
FEW, MANY = 10, 1000  # passages: how much likelier a likeness by chance is was measured between


def names_of(question: str) -> list[str]:
    """The names and numbers of a question in order: see NAME.

    A text all in capitals tells nothing of names.
    """
    if question.isupper():
        return []
    composed = unicodedata.normalize("NFC", question)
    found = (name[0] for name in NAME.finditer(composed))
    found = (joined(name) if SPACED.fullmatch(name) else name for name in found)
    return [word for word in found if word[0].isupper() or word[0].isdigit()]


def unknown_names(generation: Generation, question: str, language: str) -> list[str]:
    """The names that stand nowhere in the documents, as far as that can be told.

    None in German, where nouns look alike; where any document is in another language only numbers
    and cities, since "Ministero" may be there as "Ministry"; no initials, nothing behind a full
    stop, where any word has a capital, nothing of how the question is introduced, no date, no hour
    with "pm", and none of NO_NAMES.
    """
    if language == "de":
        return []
    written = generation.manifest.languages
    asked = next((part for part in reversed(PART.split(question)) if "?" in part), question)
    asked = AFTERNOON.sub("", DATE.sub("", SALUTATION.sub("", asked)))
    counted = COUNTED.findall(asked)
    names = [POSSESSIVE.sub("", name) for name in names_of(asked)]
    return [
        name
        for name in names
        if len(name) > 1
        and f". {name}" not in asked
        and name not in counted
        and name.casefold() not in NO_NAMES
        and (set(written) == {language} or name[0].isdigit() or canonical(name.casefold()))
        and not any(
            generation.lexical.knows(spelling, code)
            for spelling in _spellings(name)
            for code in written
        )
    ]


def _spellings(name: str) -> set[str]:
    """A word with "oe" for "ö" too."""
    return {name, UMLAUT.sub(r"\1", name)}


def features(
    generation: Generation,
    question: str,
    best: Evidence,
    others: Sequence[Evidence],
    verdict: Verdict | None = None,
) -> tuple[float, ...]:
    """The values of FEATURES for `best`, of which `others` are the other passages' evidence."""
    store = generation.store
    sentence, language = store.sentence_text(best.sentence_number)
    said = stems(sentence, language)
    passage = set(stems(store.indexed_text(best.number), language))
    words = generation.lexical.weights(question, language)
    asked = AFTERNOON.sub(lambda time: _as_written(time, passage, language), question)
    names = [stem for name in names_of(asked) for stem in stems(name, language)]
    read = np.array([best.number, *(other.number for other in others)])
    unread = [name for name in names if not generation.lexical.stands_in(name, language, read)]
    unrelated, related = generation.encoder.card.background
    ranked = sorted(others, key=lambda other: -other.score)
    rival = next((other.score for other in ranked if not _copied(store, other, best)), None)
    lead = 0.2 if rival is None else best.score - rival
    new_names = [
        name for name in names_of(", " + sentence) if not set(stems(name, language)) <= set(words)
    ]
    return (
        best.similarity,
        best.coverage,
        coverage(words, passage),
        best.fused,
        (best.dense - unrelated) / (related - unrelated),
        lead,
        _share(names, set(said)),
        _share(names, passage),
        float(len(unread)),
        float(any(name[0].isdigit() and name not in passage for name in names)),
        _reversed(names, said) if verdict is None else _better_exchanged(verdict),
        float(bool(ASKS_NUMBER.search(question)) and not NUMBER.search(sentence)),
        float(bool(ASKS_TIME.search(question)) and not TIME.search(sentence)),
        float(bool(ASKS_NAME.search(question)) and not new_names),
        min(len(words), 12) / 12,
        verdict.logit if verdict else 0.0,
        max(verdict.logit - DOUBTED, 0.0) if verdict else 0.0,
        verdict.shares[best.sentence_number - best.passage.first] if verdict else 0.0,
        math.log10(min(max(len(store.document_of_passage), FEW), MANY)),
    )


def _as_written(time: re.Match[str], passage: Set[str], language: str) -> str:
    """An hour with "pm" in 24 hours where the passage, as stems, has it so."""
    hour = in_24_hours(time)
    return hour if set(stems(hour, language)) <= passage else time[0]


def _copied(store: Store, other: Evidence, best: Evidence) -> bool:
    """Whether the passage of `best` says the same, word for word, in another place."""
    if best.passage.first <= other.sentence_number <= best.passage.last:
        return False
    sentence, _ = store.sentence_text(other.sentence_number)
    return " ".join(sentence.split()) in " ".join(store.indexed_text(best.number).split())


def coverage(words: dict[str, float], stems: Set[str]) -> float:
    """The share of the weights of `words` that `stems` hold, 0 to 1."""
    total = sum(words.values())
    return sum([words[word] for word in words if word in stems]) / total if total else 0.0


def _share(names: Sequence[str], held: set[str]) -> float:
    return sum(name in held for name in names) / len(names) if names else 1.0


def _reversed(names: Sequence[str], said: Sequence[str]) -> float:
    """The share of neighbouring names that the sentence has in the other order."""
    pairs = [(a, b) for a, b in pairwise(names) if a != b]
    placed = [(said.index(a), said.index(b)) for a, b in pairs if a in said and b in said]
    return sum(first > second for first, second in placed) / len(placed) if placed else 0.0


def _better_exchanged(verdict: Verdict) -> float:
    """By how many log odds the question reads better with two names in each other's place."""
    return 0.0 if verdict.exchanged is None else max(verdict.exchanged - verdict.logit, 0.0)
