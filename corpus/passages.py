"""Cuts a document into sentences and passages."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby

from corpus.document import Document, Passage, Sentence
from corpus.layout import heading_paths
from corpus.paragraphs import trimmed
from corpus.quotes import leads
from corpus.sentences import sentence_spans

PASSAGE_WORDS = 60  # chosen by `benchmarks/retrieval.py --words` (benchmarks/README.md)
OVERLAP = 1  # sentences that a passage shares with the one before it
CHARACTERS_A_TOKEN = 8  # more than any language's average: where to begin to look for a cut
CONTEXT_SHARE = 4  # title and headings take at most a quarter of the encoder's tokens

CountTokens = Callable[[str], int]


def sentences(document: Document, count_tokens: CountTokens, token_limit: int) -> list[Sentence]:
    """Every sentence, in order; one too long for the encoder is cut at white space."""
    room = token_limit - token_limit // CONTEXT_SHARE
    found: list[Sentence] = []
    for block in document.blocks:
        for sentence in sentence_spans(document.text, block, document.language, document.plain):
            found += _pieces(document.text, sentence, count_tokens, room)
    return found


def passages(
    document: Document,
    sentences: Sequence[Sentence],
    count_tokens: CountTokens,
    token_limit: int,
    words: int = PASSAGE_WORDS,
) -> list[Passage]:
    """Passages of whole sentences: about `words` words, never across a heading.

    With their context (see `context_of`) they take at most `token_limit` tokens.
    """
    found: list[Passage] = []
    path_of = heading_paths(document.headings)
    above = context_of(document, count_tokens, token_limit)
    begins = [heading.start for heading in document.headings]
    sections = [bisect_right(begins, sentence.start) for sentence in sentences]

    def fits(start: int, end: int) -> bool:
        text = document.plain[start:end]
        return len(text.split()) <= words and count_tokens(above(start) + text) <= token_limit

    def leading(place: Sentence) -> bool:
        return leads(document.text[place.start : place.end])

    for _, group in groupby(range(len(sentences)), key=sections.__getitem__):
        numbers = list(group)
        path = path_of(sentences[numbers[0]].start)
        for first, last in _windows(numbers, sentences, fits, leading):
            start, end = sentences[first].start, sentences[last].end
            found.append(Passage(document.id, start, end, path, first, last))
    return found


def context_of(
    document: Document, count_tokens: CountTokens, token_limit: int
) -> Callable[[int], str]:
    """A function that gives what stands above a place: title, headings, heads of columns.

    It is for the encoder, the lexical index and the verifier only, never for a quote. Where it
    is long, the innermost words are kept.
    """
    path_of = heading_paths(document.headings)
    starts = [block.start for block in document.blocks]
    longest = CHARACTERS_A_TOKEN * token_limit

    @cache
    def context(path: tuple[str, ...], columns: str | None) -> str:
        above = dict.fromkeys([document.title, *path, *filter(None, [columns])])
        words = " / ".join(above)[-longest:].split()
        while words and count_tokens(" ".join(words)) > token_limit // CONTEXT_SHARE:
            words = words[len(words) // 2 + 1 :]
        return " ".join(words) + "\n" if words else ""

    def above(place: int) -> str:
        block = document.blocks[bisect_right(starts, place) - 1]
        return context(path_of(place), block.columns)

    return above


def _windows(
    numbers: Sequence[int],
    sentences: Sequence[Sentence],
    fits: Callable[[int, int], bool],
    leading: Callable[[Sentence], bool],
) -> Iterator[tuple[int, int]]:
    """First and last sentence of each passage: as many as fit, overlapping where that fits too.

    One that only leads to the next, as a question does, begins the passage with that.
    """
    first, fresh = numbers[0], numbers[0]
    while fresh <= numbers[-1]:
        if not fits(sentences[first].start, sentences[fresh].end):
            first = fresh
        last = fresh
        while last < numbers[-1] and fits(sentences[first].start, sentences[last + 1].end):
            last += 1
        while fresh < last < numbers[-1] and leading(sentences[last]):
            last -= 1
        yield first, last
        first, fresh = max(last + 1 - OVERLAP, first + 1), last + 1


def _pieces(text: str, sentence: Sentence, count: CountTokens, room: int) -> Iterator[Sentence]:
    start, end = sentence.start, sentence.end
    while start < end:
        stop = _longest_piece(text, start, end, count, room)
        piece = trimmed(text, start, stop)
        if piece[0] < piece[1]:
            yield Sentence(*piece)
        start = stop


def _longest_piece(text: str, start: int, end: int, count: CountTokens, room: int) -> int:
    """The furthest stop, after white space if there is any, at which the piece takes `room`."""
    stop = min(end, start + CHARACTERS_A_TOKEN * room)
    while count(text[start:stop]) > room and stop - start > 1:
        stop = start + max(1, (stop - start) * 2 // 3)
    if stop < end:
        space = max(text.rfind(mark, start + 1, stop) for mark in (" ", "\n", "\t"))
        stop = space + 1 if space > start else stop
    return stop
