"""Renders a document with the cited sentence marked, and what has become of a citation."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from corpus.document import Document
from corpus.language import detect_language, in_other_script
from corpus.metadata import FRONT_MATTER
from qa.answer import Citation
from qa.citation import MARK
from qa.proof import Proof
from views.formats import Copy
from views.html import render

BLANK_LINES = re.compile(r"(?>\r\n|\r|\n)[ \t]*(?>\r\n|\r|\n)\s*")
DEEPEST = 6  # HTML has no <h7>


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or the front matter of a document.

    `marked` are the words of it that are cited, between `before` and `after`. `level` is
    that of its HTML element and `id` its address, both of headings only.
    """

    kind: str  # "heading", "paragraph" or "front"
    before: str
    marked: str = ""
    after: str = ""
    level: int = 0
    id: str = ""


def reader_page(
    language: str,
    document: Document,
    cited: Citation | None = None,
    proof: Proof | None = None,
    asked_for: str | None = None,
    copies: tuple[Copy, ...] = (),
) -> str:
    """A whole document; `cited` is marked and can be taken away as `copies`.

    Where a citation was `asked_for` that is not there, `proof` says what has become of it.
    """
    marked = cited or (proof.now if proof else None)
    blocks = list(reader_blocks(document, marked))
    return render(
        "reader.html",
        language,
        document=document,
        blocks=blocks,
        contents=[block for block in blocks if block.kind == "heading"],
        cited=cited,
        proof=proof,
        asked_for=asked_for,
        copies=copies,
        mark_id=MARK,
    )


def reader_blocks(document: Document, marked: Citation | None = None) -> Iterator[Block]:
    """The text in its order, nothing left out but white space and the marks of headings.

    A heading that holds marked words is text: earlier it was, when they were cited.
    """
    text = document.text
    place = (marked.start, marked.end) if marked else (0, 0)
    end = _front_matter(document, place)
    if end:
        yield Block("front", text[:end].strip())
    levels: list[int] = []
    used: dict[str, int] = {}
    for heading in document.headings:
        if heading.start < place[1] and place[0] < heading.end:
            continue
        yield from _paragraphs(text, end, heading.start, place)
        levels = [level for level in levels if level < heading.level] + [heading.level]
        depth = min(len(levels) + 1, DEEPEST)
        yield Block("heading", heading.text, level=depth, id=_address(heading.text, used))
        end = heading.end
    yield from _paragraphs(text, end, len(text), place)


def _front_matter(document: Document, place: tuple[int, int]) -> int:
    """Where the fields at the top end; 0 without any, or where they hold what has to be seen."""
    match = FRONT_MATTER.match(document.text)
    shown = [*(heading.start for heading in document.headings), *(place if any(place) else ())]
    return match.end() if match and match.end() <= min(shown, default=match.end()) else 0


def _paragraphs(text: str, start: int, end: int, place: tuple[int, int]) -> Iterator[Block]:
    """The text cut at blank lines, but nowhere within the marked words."""
    gaps = [gap.span() for gap in BLANK_LINES.finditer(text, start, end)]
    kept = [gap for gap in gaps if gap[1] <= place[0] or place[1] <= gap[0]]
    begins = [start, *(gap[1] for gap in kept)]
    for begin, stop in zip(begins, [*(gap[0] for gap in kept), end], strict=True):
        block = _paragraph(text, begin, stop, place)
        if block.before or block.marked:
            yield block


def _paragraph(text: str, begin: int, stop: int, place: tuple[int, int]) -> Block:
    if not begin <= place[0] < place[1] <= stop:
        return Block("paragraph", text[begin:stop].strip())
    before, after = text[begin : place[0]].lstrip(), text[place[1] : stop].rstrip()
    return Block("paragraph", before, text[slice(*place)], after)


def _address(heading: str, used: dict[str, int]) -> str:
    """The id of a heading by its words, numbered where several have the same."""
    words = "-".join(["s", *re.findall(r"\w+", heading.casefold())])
    used[words] = used.get(words, 0) + 1
    return words if used[words] == 1 else f"{words}.{used[words]}"


def gone_page(language: str, proof: Proof, likely: Collection[str]) -> str:
    """What a citation said whose whole document is no longer there.

    Where its language is not sure, it is one of the `likely` ones; where its script is none of
    theirs, it is said to be unknown.
    """
    quoted = "" if in_other_script(proof.quote) else detect_language(proof.quote, likely)
    return render("gone.html", language, proof=proof, quoted=quoted)
