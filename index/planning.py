"""Says what a build would do, and writes nothing: neither index nor encoder."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from corpus.document import Source
from corpus.errors import GenerationError
from corpus.passages import PASSAGE_WORDS, CountTokens
from index.changes import Changes, changes
from index.cutting import Progress, write_store
from index.earlier import find_earlier
from index.embedded import KEPT_FILE, Embedded
from index.encoder import Encoder, EncoderCard, OnnxEncoder
from index.export import is_exported
from index.generation import OpenEncoder
from index.store import Store

SAMPLE = 32  # texts embedded to tell how long all will take
TOKENS_A_WORD = 1.5  # about what both packaged encoders need for English and Italian
TOKEN_LIMIT = 256


@dataclass(frozen=True)
class Plan:
    """What a build would do, against the generation `index_version` (None without any).

    Of `texts` passages and sentences `to_embed` have no vector yet, which takes about
    `seconds` on this machine. Where the encoder is yet to be exported the texts are cut by
    a guess of its tokens (`exact` is false), and the time is not known.
    """

    index_version: str | None
    changes: Changes
    texts: int
    to_embed: int
    seconds: float | None
    exact: bool


def plan(
    documents: Iterable[Source],
    index: Path,
    encoder_folder: Path,
    open_encoder: OpenEncoder = OnnxEncoder,
    progress: Progress = lambda step, done, total: None,
) -> Plan:
    """What `index.build.build` would do with the same arguments; all documents are read.

    A temporary folder takes what is cut. CorpusError names a document that cannot be used,
    GenerationError says that the folder is full.
    """
    exported = is_exported(encoder_folder)
    card = EncoderCard.load(encoder_folder) if exported else _guessed(encoder_folder.name)
    encoder = cache(partial(open_encoder, encoder_folder))
    count: CountTokens = (lambda text: encoder().count_tokens(text)) if exported else _guess
    earlier = find_earlier(index, card.fingerprint)
    with _refusing_disk(), TemporaryDirectory() as place:
        aside = Path(place)
        write_store(documents, aside, card, count, PASSAGE_WORDS, earlier, progress)
        if (index / KEPT_FILE).is_file():
            shutil.copyfile(index / KEPT_FILE, aside / KEPT_FILE)
        before = earlier.folder if earlier else None
        with closing(Embedded(aside, aside, earlier)) as embedded, closing(Store(aside)) as store:
            missing, some = _missing(embedded, store)
            return Plan(
                index_version=before.name if before else None,
                changes=changes(aside, before),
                texts=len(store) + store.sentence_count,
                to_embed=missing,
                seconds=_seconds(encoder, some, missing) if exported else None,
                exact=exported,
            )


@contextmanager
def _refusing_disk() -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise GenerationError(
            f"The temporary folder {gettempdir()} cannot be used ({error}).",
            "Check its free space, or name another folder: TMPDIR.",
        ) from error


def _missing(embedded: Embedded, store: Store) -> tuple[int, list[str]]:
    """How many texts have no vector, and at most SAMPLE of them, evenly from all."""
    passages, sentences = embedded.missing("passages"), embedded.missing("sentences")
    count = len(passages) + len(sentences)

    def text(place: int) -> str:
        if place < len(passages):
            return store.indexed_text(int(passages[place]))
        return store.sentence_text(int(sentences[place - len(passages)]))[0]

    return count, [text(place) for place in range(0, count, max(1, -(-count // SAMPLE)))]


def _seconds(encoder: Callable[[], Encoder], texts: Sequence[str], missing: int) -> float:
    """How long `missing` texts take, by the time that some of them take."""
    if not texts:
        return 0.0
    encode = encoder().encode_passages
    encode(texts[:1])  # the first run of a model takes longer
    began = time.perf_counter()
    encode(texts)
    return round((time.perf_counter() - began) * missing / len(texts), 1)


def _guess(text: str) -> int:
    """Tokens of a text without its encoder."""
    return round(len(text.split()) * TOKENS_A_WORD) + 2


def _guessed(fingerprint: str) -> EncoderCard:
    """The card of an encoder that is yet to be exported, as far as a plan needs it."""
    return EncoderCard(
        name="",
        fingerprint=fingerprint,
        precision="",
        dimension=0,
        token_limit=TOKEN_LIMIT,
        query_prompt="",
        passage_prompt="",
        cosine_fp32=1.0,
        cosine=1.0,
        background=(0.0, 1.0),
        licence="",
        files={},
    )
