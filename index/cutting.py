"""Fills the store of a new generation: cuts what is new, takes the rest from an earlier one."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from corpus.document import Document, Source
from corpus.passages import CountTokens, context_of, passages, sentences
from index.earlier import Earlier
from index.encoder import EncoderCard
from index.manifest import Manifest
from index.recipe import recipe
from index.writer import StoreWriter

Progress = Callable[[str, int, int], None]  # the step, how many are done, how many there are


def write_store(
    sources: Iterable[Source],
    folder: Path,
    card: EncoderCard,
    count_tokens: CountTokens,
    words: int,
    earlier: Earlier | None,
    progress: Progress,
) -> None:
    """Write the documents with their passages of about `words` words into `folder`.

    One is in memory at a time. CorpusError names the first that cannot be used, or the library
    that is missing.
    """
    way = card.fingerprint, words, recipe()
    same = earlier and _way(earlier.manifest) == way
    with StoreWriter(folder, earlier.folder if earlier and same else None) as writer:
        for source in sources:
            if not writer.take(source.id, source.origin):
                _add(writer, source.read(), card, count_tokens, words)
            progress("reading", writer.documents, 0)


def _way(manifest: Manifest) -> tuple[str, int, str]:
    """All that decides how the documents of a generation were cut."""
    return manifest.encoder, manifest.passage_words, manifest.recipe


def _add(
    writer: StoreWriter,
    document: Document,
    card: EncoderCard,
    count_tokens: CountTokens,
    words: int,
) -> None:
    limit = card.token_limit
    spans = sentences(document, count_tokens, limit)
    cut = passages(document, spans, count_tokens, limit, words)
    contexts = list(map(context_of(document, count_tokens, limit), (p.start for p in cut)))
    places = zip(contexts, cut, strict=True)
    whole = [above + document.plain[passage.start : passage.end] for above, passage in places]
    said = [document.plain[sentence.start : sentence.end] for sentence in spans]
    writer.add(
        document,
        cut,
        contexts,
        [vector_key(card, text) for text in whole],
        spans,
        [vector_key(card, text) for text in said],
    )


def vector_key(card: EncoderCard, text: str) -> bytes:
    """What names the vector of `text`: equal keys, equal vectors."""
    return hashlib.sha256(f"{card.fingerprint}\n{text}".encode()).digest()[:16]
