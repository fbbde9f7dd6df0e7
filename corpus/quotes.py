"""Chooses how much of a text to quote, so that what is quoted can be understood alone."""

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.document import Sentence
from corpus.paragraphs import LINE_END, MARK

# What only leads to the sentence behind it: a question, a bare yes or no.
BARE = re.compile(r"(?:[AR][:.] )?(?:yes|no|sì|sí|oui|non|ja|nein)[.!]", re.IGNORECASE)
TAG = r"</?[a-zA-Z][^<>]*>"
# What may stand around the words of a sentence: quotation marks, marks of Markdown, tags.
BEFORE = re.compile(rf"(?:[\s>*_`“”„«»\"'(]|{TAG})*")
BEHIND = re.compile(rf"(?<![\s>*_”»)\"'])(?:[\s*_”»)\"']|{TAG})+\Z")
MARKS = re.compile(rf"(?:[\s>\\]|{TAG})*")  # between two sentences, where no words are
# Between two sentences of one paragraph: at most one line ends.
NEXT = re.compile(r"[^\S\r\n]*(?:<br\s*/?>|\\)?[^\S\r\n]*(?:\r\n|\r|\n)?[ \t>]*", re.IGNORECASE)
# Words of somebody else, from sign to sign; what stands before the first tells it from the last.
QUOTATION = re.compile(r"(?<![^\s>*_(\['’])(?:“[^“”]*”|«[^«»]*»)")
REACH = 12  # sentences before one that may be of the same quotation
LISTED = 12  # sentences behind one that may be too, or the items of a list that it introduces
QUOTE_WORDS = 60  # of a quote of several sentences; a longer one stays one sentence
ITEM = re.compile(MARK)
BLANK = " \t\r\n\f\v>"  # between items, in a quotation of Markdown too
LETTER = r"(?:[^\W_]|[\u0300-\u036f])"  # or a digit; an accent may stand behind its letter
JOINT = r"[.,:/'’\u00ad-]"  # may stand inside of a word or a number: 3.5, dell'arte, Anna-Maria
WITHIN = rf"(?<={LETTER})(?={JOINT}?{LETTER})|(?<={LETTER}{JOINT})(?={LETTER})"
# A first word that means something said before.
POINTS_BACK = re.compile(
    r"(?:it|its|they|their|he|his|she|her|this|these|those|such|both|"
    r"ess[oaie]|egli|ella|lui|lei|loro|quest[oaie]|quell[oaie]|tal[ei]|ciò|entramb[ie])\b",
    re.IGNORECASE,
)
# An article and its noun (no name, no "art. 9", no "city of Turin"), which means the same noun of
# the sentence before.
ARTICLE = re.compile(
    r"(?:(?:the|il|lo|la|i|gli|le)\s+|l['’])(\w{4,})\b(?!\.|\s+(?:of|di)\s+(?-i:[A-ZÀ-Ý]))",
    re.IGNORECASE,
)


def quotes(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """For each of a document's sentences in order, the place to quote it from."""
    return [
        quote_of(
            text,
            sentences[max(0, place - REACH) : place + 1],
            sentences[place + 1 : place + 1 + LISTED],
        )
        for place in range(len(sentences))
    ]


def quote_of(text: str, sentences: Sequence[Sentence], behind: Sequence[Sentence]) -> Sentence:
    """The place to quote the last of a few `sentences` from, which stands before those `behind`.

    A sentence that begins by pointing back ("It ...", or "The programme ..." after one that
    speaks of a programme) is quoted with the one before, where no paragraph ends between; one
    behind a question with that question, and with a bare yes or no between; where the question
    ends a paragraph, with all of that, if it fits. One that introduces
    a list is quoted with as many of its items as QUOTE_WORDS allow, one of a quotation of several
    sentences with that, and with what its first one is quoted with.
    """
    start, last = _start(text, sentences), sentences[-1]
    found = Sentence(start, _end_of_list(text, start, last, behind))
    return _with_quotation(text, found, [*sentences, *behind])


def _start(text: str, sentences: Sequence[Sentence]) -> int:
    """Where the quote of the last of a few `sentences` begins."""
    *earlier, last = sentences
    if not earlier or not _leans(text, earlier[-1], last):
        return last.start
    if BARE.fullmatch(_bare(text[earlier[-1].start : earlier[-1].end])):
        return _start(text, earlier)
    if NEXT.fullmatch(text, earlier[-1].end, last.start):
        return earlier[-1].start
    start = _start_of_paragraph(text, earlier)
    return start if len(text[start : last.end].split()) <= QUOTE_WORDS else earlier[-1].start


def _start_of_paragraph(text: str, sentences: Sequence[Sentence]) -> int:
    """Where the paragraph of the last of a few `sentences` begins."""
    start = sentences[-1].start
    for before, after in pairwise(sentences[::-1]):
        if not NEXT.fullmatch(text, after.end, before.start):
            break
        start = after.start
    return start


def _with_quotation(text: str, found: Sentence, near: Sequence[Sentence]) -> Sentence:
    """`found` and all the sentences of the quotation that begins or ends in it, if that fits."""
    for said in QUOTATION.finditer(text, near[0].start, near[-1].end):
        if said.start() >= found.end or said.end() <= found.start:
            continue
        run = [each for each in near if each.start < said.end() and each.end > said.start()]
        if len(run) == 1 or not all(NEXT.fullmatch(text, a.end, b.start) for a, b in pairwise(run)):
            continue
        end = max(found.end, run[-1].end)
        for first in (run[0].start, _start(text, near[: near.index(run[0]) + 1])):
            start = min(found.start, first)
            if len(text[start:end].split()) <= QUOTE_WORDS:
                found = Sentence(start, end)
    return found


def _end_of_list(text: str, start: int, last: Sentence, behind: Sequence[Sentence]) -> int:
    """Where a quote from `start` ends whose `last` sentence may introduce a list."""
    whole = end = last.end  # of the last item that is quoted whole, and of what was looked at
    if not _bare(text[last.start : end]).endswith(":"):
        return end
    for item in behind:
        between = text[end : item.start]
        begins = LINE_END.search(between) and ITEM.fullmatch(between.strip(BLANK))
        goes_on = not between.strip(BLANK) and len(LINE_END.findall(between)) < 2
        if begins or not goes_on:
            whole = end
        if not begins and (not goes_on or end == last.end):
            return whole
        if len(text[start : item.end].split()) > QUOTE_WORDS:
            return whole
        end = item.end
    return end


def leads(sentence: str) -> bool:
    """Whether a sentence only leads to the one behind it: a question, a bare yes or no."""
    return _asks(sentence) or BARE.fullmatch(_bare(sentence)) is not None


def _asks(sentence: str) -> bool:
    return _bare(sentence).endswith("?")


def _bare(sentence: str) -> str:
    """A sentence without the marks around its words."""
    return BEHIND.sub("", BEFORE.sub("", sentence, count=1))


def _leans(text: str, before: Sentence, after: Sentence) -> bool:
    between = text[before.end : after.start]
    if not MARKS.fullmatch(between) or len(text[before.start : after.end].split()) > QUOTE_WORDS:
        return False
    said = _bare(text[after.start : after.end])
    if leads(text[before.start : before.end]):
        return not _asks(said)
    if not NEXT.fullmatch(between):
        return False
    if POINTS_BACK.match(said):
        return True
    article = ARTICLE.match(said)
    if article is None:
        return False
    noun = article[1]
    return noun.islower() and noun in re.findall(r"\w+", text[before.start : before.end])


def pattern_of(words: str) -> str:
    """What finds `words` in a text, no parts of others, however its lines are broken."""
    joined = r"\s+".join(map(re.escape, words.split()))
    return f"(?!{WITHIN}){joined}(?!{WITHIN})"


def citable(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Every place of a document that a citation may name, in order: its sentences and quotes."""
    return sorted({*sentences, *quotes(text, sentences)}, key=lambda span: (span.start, span.end))
