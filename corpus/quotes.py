"""Chooses how much of a text to quote, so that what is quoted can be understood alone."""

import re
from collections.abc import Sequence

from corpus.document import Sentence
from corpus.paragraphs import LINE_END

# What only leads to the sentence behind it: a question, a bare yes or no.
BARE = re.compile(r"(?:[AR][:.] )?(?:yes|no|sì|sí|oui|non|ja|nein)[.!]", re.IGNORECASE)
REACH = 2  # sentences before one that decide where its quote begins
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
    return [
        _quote(text, sentences[max(0, place - REACH) : place + 1])
        for place in range(len(sentences))
    ]


def leads(sentence: str) -> bool:
    """Whether a sentence only leads to the one behind it: a question, a bare yes or no."""
    return sentence.endswith("?") or BARE.fullmatch(sentence) is not None


def _quote(text: str, sentences: Sequence[Sentence]) -> Sentence:
    """The place to quote the last of a few sentences from."""
    *earlier, last = sentences
    start = last.start
    if earlier and _leans(text, earlier[-1], last):
        start = earlier[-1].start
        answered = len(earlier) == REACH and _leans(text, *earlier)
        if answered and BARE.fullmatch(text, start, earlier[-1].end):
            start = earlier[0].start
    return Sentence(start, last.end)


def _leans(text: str, before: Sentence, after: Sentence) -> bool:
    between = text[before.end : after.start]
    if between.strip() or len(text[before.start : after.end].split()) > QUOTE_WORDS:
        return False
    said = text[after.start : after.end]
    if leads(text[before.start : before.end]):
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


def pattern_of(words: str) -> str:
    """What finds `words` in a text, however its lines are broken."""
    return r"\s+".join(map(re.escape, words.split()))


def citable(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Every place of a document that a citation may name, in order: its sentences and quotes."""
    return sorted({*sentences, *quotes(text, sentences)}, key=lambda span: (span.start, span.end))
