"""What a model reads of a text: its words, without the marks that a reader of a page never sees.

Nothing moves: a mark gives way to as many blanks, so that every place stays what it is. Only a
word that something breaks is whole, where its end is, and behind the blanks.
"""

import re
from collections.abc import Iterator, Sequence, Set
from html import unescape

from corpus.document import Block, Heading, Span
from corpus.layout import asides
from corpus.paragraphs import BULLET
from corpus.vocabulary import vocabulary

TAG = r"</?[a-z][\w-]*(?::[a-z][\w-]*)?(?:\s[^<>]*)?/?>|<!\[[^<>]*>"  # <o:p>, <![if ...]>: Word's
# Of Markdown within a block: tags, where a quotation goes on, pictures and the addresses of
# links, what emphasises.
MARK = re.compile(
    rf"{TAG}|^[ \t]*(?:>[ \t]?)+|!?\[(?=[^\[\]]*\]\()|\](?=\()|"
    r"(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)|"
    r"\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}|(?<!\w)_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?!\w)|`+|~~",
    re.IGNORECASE | re.MULTILINE,
)
ENTITY = re.compile(r"&(?:[a-z]+\d*|#\d{1,7}|#x[\da-f]{1,6});", re.IGNORECASE)
SEEN = re.compile(r"\S")
LETTERS = r"[^\W\d_]{2,}"
# A word that the end of a line may break, no part of several: short- and long-term, two-year-old
OR = "and|or|und|oder|bzw|et|ou|ed|en"
BROKEN = re.compile(
    rf"(?<![\w‐-])(?P<begin>{LETTERS})[-‐][^\S\n]*\n\s*"
    rf"(?!(?:{OR})\b)(?=(?P<rest>{LETTERS}))"
)
WRITTEN = re.compile(rf"{LETTERS}(?:[-‐]{LETTERS})?")
GAP = "\0"  # within a word, while it is made whole
WORD = re.compile(rf"(?<!\w)\w+(?:['’&]?{GAP}+\w+)+")


def blanked(
    text: str,
    headings: Sequence[Heading],
    blocks: Sequence[Block],
    markdown: bool,
    body: int = 0,
    language: str = "",
) -> str | None:
    """`text` with blanks for what is not read, as long as it; None where there is nothing of that.

    That is whatever stands between headings and blocks (a comment, what is hidden) but for the
    marks of items; in `markdown` tags, addresses of links, and the marks of emphasis and of
    tables; in plain text, which begins at `body`, what pages repeat; in both the hyphens of words
    that lines break. `language` (ISO 639-1) tells which those are, and which are compounds.
    """
    parts: list[Heading | Block] = [*headings, *blocks]
    parts.sort(key=lambda part: part.start)
    paged = text if markdown else "".join(_without(text, asides(text, body)))
    read = "".join(_pieces(paged, parts, markdown, language))
    return None if read == text else read


def _without(text: str, spans: Sequence[Span]) -> Iterator[str]:
    place = 0
    for start, end in spans:
        yield text[place:start]
        yield _blank(text[start:end])
        place = end
    yield text[place:]


def _pieces(
    text: str, parts: Sequence[Heading | Block], markdown: bool, language: str
) -> Iterator[str]:
    place = 0
    written = set(WRITTEN.findall(text.lower()))
    for part in parts:
        yield _between(text, place, part.start)
        words = text[part.start : part.end]
        yield _whole(_unmarked(words, part) if markdown else words, written, language)
        place = part.end
    yield _between(text, place, len(text))


def _between(text: str, start: int, end: int) -> str:
    """Blanks, and the mark of an item at the end if there is one."""
    line = max(text.rfind("\n", start, end) + 1, start)
    mark = BULLET.match(text, line)
    kept = line if mark and mark.end() == end else end
    return _blank(text[start:kept]) + text[kept:end]


def _blank(words: str) -> str:
    return SEEN.sub(" ", words)


def _unmarked(words: str, part: Heading | Block) -> str:
    """The words of a part of Markdown; those of a table's row without the lines between cells."""
    if isinstance(part, Block) and part.columns is not None:
        words = words.replace("|", " ")
    words = MARK.sub(lambda mark: _blank(mark[0]), words)
    return ENTITY.sub(lambda entity: _meant(entity[0]), words)


def _meant(entity: str) -> str:
    """The character that an entity stands for, and gaps; itself where that is unknown."""
    character = unescape(entity)
    return entity if len(character) > 1 else character.ljust(len(entity), GAP)


def _whole(words: str, written: Set[str], language: str) -> str:
    """`words`, those whole that an entity or the end of a line breaks, and blanks for the gaps.

    A compound keeps its hyphen; the words that are `written` in the text tell which are some.
    """

    def joined(broken: re.Match[str]) -> str:
        begin, rest = broken.groups()
        small = begin[-1].islower() and rest[0].islower()
        if small and not _is_compound(begin, rest, written, language):
            return begin.ljust(len(broken[0]), GAP)
        return broken[0]

    gapped = BROKEN.sub(joined, words)
    found = WORD.sub(lambda word: word[0].replace(GAP, "").rjust(len(word[0])), gapped)
    return found.replace(GAP, " ")


def _is_compound(begin: str, rest: str, written: Set[str], language: str) -> bool:
    """Whether two parts have a hyphen in any line: as elsewhere, or since both are words.

    Parts of a name, which has a capital, are none.
    """
    whole, apart = f"{begin}{rest}".lower(), f"{begin}-{rest}".lower()
    known = vocabulary(language)
    for words in (written, known):
        if whole in words or apart in words:
            return whole not in words
    return begin in known and rest in known
