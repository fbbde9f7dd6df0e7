"""A page elsewhere that documents were made of: one screen a line, each sentence to be marked."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

import numpy as np
from PIL import Image

from corpus.document import Document, Sentence
from qa.fragments import original

LONG = "The tram of the old town " + "stops and goes, " * 9 + "and waits at the pier."
LINES = [
    "Here nothing is cited.",
    "The tram stops at the harbour. It is red.",
    "In May the tram stops at the harbour. It is blue.",
    "Perché il tram-bus, «sociale», costa 50 % & più?",
    LONG,
    "The tram stops at the harbour. It is red.",
    "So it goes. " * 15 + "So it ends.",
    "A last line, so that there is something below.",
]
TEXT = "\n".join(LINES)
MARK = (255, 0, 255)
PAGE = "<!doctype html><meta charset='utf-8'><title>Original</title>" + (
    "<style>p { height: 100vh; margin: 0; font: 16px/2 sans-serif }"
    " ::target-text { background: rgb(255, 0, 255); color: rgb(255, 0, 255) }</style>"
    + "".join(f"<p>{escape(line)}</p>" for line in LINES)
)
# Where a sentence stands in the window, once the browser has gone to its line and painted it.
PLACE = """async (line, start, end) => {
  const paragraph = document.querySelectorAll("p")[line];
  const painted = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const words = document.createRange();
  words.setStart(paragraph.firstChild, start);
  words.setEnd(paragraph.firstChild, end);
  const inView = ({ top, bottom }) => top >= 0 && bottom <= innerHeight;
  for (let frames = 0; frames < 300 && !inView(words.getBoundingClientRect()); frames++) {
    await painted();
  }
  await painted();
  await painted();
  const { left, top, right, bottom } = words.getBoundingClientRect();
  return [left, top, right, bottom];
}"""


@dataclass(frozen=True)
class Cited:
    """A sentence of the page: its line, its place in it, and the link that leads to it."""

    line: int
    start: int
    end: int
    link: str

    @property
    def sure(self) -> bool:
        """Whether the link names words."""
        return ":~:text=" in self.link


def cited(address: str, document: Document) -> Iterator[Cited]:
    """Every sentence of the page at `address`, each under an address of its own."""
    begin = len(LINES[0]) + 1
    for line, words in enumerate(LINES[1:], 1):
        for place in re.finditer(r"\S.*?[.?](?= |$)", words):
            source = replace(document, url=f"{address}/?{begin}.{place.start()}", text=TEXT)
            span = Sentence(begin + place.start(), begin + place.end())
            yield Cited(line, place.start(), place.end(), str(original(source, span)))
        begin += len(words) + 1


def marked(picture: bytes) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of what is marked in a picture of the window."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
    down, across = np.nonzero((pixels == MARK).all(axis=2))
    if not len(down):
        return None
    return across.min(), down.min(), across.max() + 1, down.max() + 1


def is_around(seen: tuple[int, int, int, int] | None, place: list[float]) -> bool:
    """Whether the mark is around these words and no others: to 2 px, and half a line down.

    Some browsers mark the height of the letters, some that of the line.
    """
    if seen is None:
        return False
    across = [abs(a - b) for a, b in zip(seen[::2], place[::2], strict=True)]
    down = [abs(a - b) for a, b in zip(seen[1::2], place[1::2], strict=True)]
    return max(across) <= 2 and max(down) <= 16
