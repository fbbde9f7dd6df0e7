"""Embeds the texts of a new generation that no earlier one has, and writes its vectors."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.arrays import Numbers, Rows, write_array
from index.earlier import Earlier, Table
from index.embedded import Embedded
from index.encoder import EncoderCard, Vectors
from index.store import Store
from index.vectors import SENTENCES_FILE, quantised, write_passages

CHUNK = 512  # texts read, embedded and kept at a time: bounds memory, and what a kill can cost
Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class Work:
    """How many vectors were made, and how many a killed build had left."""

    embedded: int
    resumed: int


def write_vectors(
    index: Path,
    aside: Path,
    store: Store,
    card: EncoderCard,
    encode: Encode,
    earlier: Earlier | None,
    progress: Callable[[int, int], None],
) -> Work:
    """Write the vectors of all passages and sentences of `store` into `aside`.

    Equal texts are embedded once; `progress` hears how many are done of how many.
    """
    size = card.dimension
    with closing(Embedded(index, aside, earlier)) as embedded:
        resumed = embedded.kept("passages") + embedded.kept("sentences")
        done = _embed_all(embedded, store, encode, progress)
        blocks = embedded.blocks("passages", np.float32, size)
        write_passages(aside, blocks, (len(store), size))
        blocks = embedded.blocks("sentences", np.int8, size)
        write_array(aside / SENTENCES_FILE, blocks, np.int8, (size,))
    return Work(done, resumed)


def _embed_all(
    embedded: Embedded, store: Store, encode: Encode, progress: Callable[[int, int], None]
) -> int:
    passages, sentences = embedded.missing("passages"), embedded.missing("sentences")
    done, total = 0, len(passages) + len(sentences)

    def keep(table: Table, numbers: Sequence[int], rows: Rows) -> None:
        nonlocal done
        embedded.add(table, numbers, rows)
        done += len(numbers)
        progress(done, total)

    for numbers, vectors in _chunks(passages, store.indexed_text, encode):
        keep("passages", numbers, vectors)
    for numbers, vectors in _chunks(sentences, lambda n: store.sentence_text(n)[0], encode):
        keep("sentences", numbers, quantised(vectors))
    return done


def _chunks(
    missing: Numbers, text_of: Callable[[int], str], encode: Encode
) -> Iterator[tuple[list[int], Vectors]]:
    """The texts `missing`, CHUNK at a time, with their vectors."""
    for begin in range(0, len(missing), CHUNK):
        texts = [(text_of(number), number) for number in missing[begin : begin + CHUNK].tolist()]
        # The longest first: no core waits at the end for another's long text.
        texts.sort(key=lambda pair: -len(pair[0]))
        yield [number for _, number in texts], encode([text for text, _ in texts])
