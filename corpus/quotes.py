"""Chooses how much of a text to quote, so that what is quoted can be understood alone."""

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.document import Sentence
from corpus.paragraphs import LINE_END

# A question, or a bare yes or no: what is meant comes behind it.
LEADING = re.compile(r"\?$|^(?:(?:A|R)[:.] )?(?:yes|no|sì|sí|oui|non|ja|nein)[.!]$", re.IGNORECASE)
QUOTE_WORDS = 60  # of a quote of two sentences; a longer one stays one sentence
# A first word that means something said before.
POINTS_BACK = re.compile(
    r"(?:it|its|they|their|he|his|she|her|this|these|those|such|both|"
    r"ess[oaie]|egli|ella|lui|lei|loro|quest[oaie]|quell[oaie]|tal[ei]|ciò|entramb[ie])\b",
    re.IGNORECASE,
)
# An article and its noun (no name, no "art. 9"), which means the same noun of the sentence before.
ARTICLE = re.compile(
    r"(?:the|il|lo|la|i|gli|le)\s+(\w{4,})\b(?!\.)|l['’](\w{4,})\b(?!\.)", re.IGNORECASE
)


def quotes(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """For each of a document's sentences in order, the place to quote it from.

    A sentence that begins by pointing back ("It ...", or "The programme ..." after one that
    speaks of a programme) is quoted with the one before, where no paragraph ends between; one
    behind a question with that question, and with a bare yes or no between.
    """
    found = list(sentences[:1])
    for before, after in pairwise(sentences):
        start = after.start
        if _leans(text, before, after):
            both = _leads(text, before) and found[-1].start < before.start  # question, yes, why
            start = found[-1].start if both else before.start
        found.append(Sentence(start, after.end))
    return found


def _leans(text: str, before: Sentence, after: Sentence) -> bool:
    between = text[before.end : after.start]
    if between.strip() or len(text[before.start : after.end].split()) > QUOTE_WORDS:
        return False
    said = text[after.start : after.end]
    if _leads(text, before):
        return not said.endswith("?")
    if len(LINE_END.findall(between)) > 1:
        return False
    if POINTS_BACK.match(said):
        return True
    article = ARTICLE.match(said)
    if article is None:
        return False
    noun = article[1] or article[2]
    return noun.islower() and noun in re.findall(r"\w+", text[before.start : before.end])


def _leads(text: str, sentence: Sentence) -> bool:
    return LEADING.search(text[sentence.start : sentence.end]) is not None


def pattern_of(words: str) -> str:
    """What finds `words` in a text, however its lines are broken."""
    return r"\s+".join(map(re.escape, words.split()))


def citable(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Every place of a document that a citation may name, in order: its sentences and quotes."""
    return sorted({*sentences, *quotes(text, sentences)}, key=lambda span: (span.start, span.end))
