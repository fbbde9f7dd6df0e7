"""Finds, in each of the best passages, the sentence that answers the question."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.document import Passage, Sentence, Span
from corpus.quotes import LISTED, REACH, quote_of
from index.encoder import Vectors
from index.generation import Generation
from index.store import Store
from index.vectors import restored
from qa.retrieval import CROSSING, Retrieval
from qa.roles import with_exchanged_roles
from qa.verifier import Verdict, Verifier

READ = 20  # passages that are ranked again by their sentences
# What the score is made of (benchmarks/README.md): the passage's fused score, the
# sentence's similarity, the question's words in the sentence.
FUSED_WEIGHT, SIMILARITY_WEIGHT, COVERAGE_WEIGHT = 0.3, 0.25, 0.45
CROSSING_WEIGHT = 0.4  # of the similarity in another language, where only names cover anything
NO_ANSWER = -1.0  # similarity and coverage of a sentence that asks
SHARE_WEIGHT = 0.5  # of the verifier's share, when it chooses among the sentences of a passage
# Below DOUBTED a first passage has NEXT more read, if they would win with even odds; the best
# score, with VERDICT_WEIGHT for the verdict, wins.
DOUBTED, NEXT, VERDICT_WEIGHT = -2.0, 2, 0.05


class Evidence(NamedTuple):
    """The best sentence of a passage, with the scores that put it there.

    `similarity` is the cosine of question and sentence on the encoder's own scale: 0 for
    unrelated text, 1 for a typical answer; `coverage` is the share of the question's words,
    weighted by rarity, that the sentence holds.
    """

    number: int
    passage: Passage
    sentence_number: int
    same_language: bool
    dense: float
    lexical: float
    fused: float
    similarity: float
    coverage: float
    score: float


def find_evidence(
    generation: Generation, retrieval: Retrieval, vector: Vectors, question: str, k: int = READ
) -> list[Evidence]:
    """The best sentence of each of the first passages, the likeliest answer first.

    A passage whose best sentence an earlier one has shown is left out. With `k` above READ
    the passages that follow keep the order of the retrieval.
    """
    numbers = retrieval.numbers[: max(READ, k)].tolist()
    passages = [generation.store.passage(number) for number in numbers]
    similarity, shares = _of_sentences(generation, numbers, passages, vector, question)
    lengths = [passage.last - passage.first + 1 for passage in passages]
    same = retrieval.same_language[: len(numbers)]
    scores = _sum(similarity, shares, np.repeat(same, lengths))
    found = []
    begin = 0
    for place, (number, passage) in enumerate(zip(numbers, passages, strict=True)):
        end = begin + lengths[place]
        best = begin + int(scores[begin:end].argmax())
        fused = float(retrieval.fused[place])
        found.append(
            Evidence(
                number=number,
                passage=passage,
                sentence_number=passage.first + best - begin,
                same_language=bool(same[place]),
                dense=float(retrieval.dense[place]),
                lexical=float(retrieval.lexical[place]),
                fused=fused,
                similarity=float(similarity[best]),
                coverage=float(shares[best]),
                score=FUSED_WEIGHT * fused + float(scores[best]),
            )
        )
        begin = end
    read = sorted(found[:READ], key=lambda evidence: (-evidence.score, evidence.number))
    distinct: dict[int, Evidence] = {}
    for item in read + found[READ:]:
        distinct.setdefault(item.sentence_number, item)
    return list(distinct.values())


def verified(
    generation: Generation,
    verifier: Verifier,
    found: Sequence[Evidence],
    vector: Vectors,
    question: str,
    language: str,
) -> tuple[list[Evidence], Verdict | None]:
    """`found` with the passage first that the verifier prefers, and its verdict on that.

    It reads the first one and, where that does not seem to answer, those of the next NEXT
    that would win with even odds; the sentence that it points at is the evidence. A question with
    two names is then judged with those in each other's place: of such a pair a passage answers
    one as a rule, and bare words do not say which. `language` is the question's: what is in a
    language that the verifier does not read stays as it is, without a verdict.
    """
    store = generation.store
    texts: dict[int, str] = {}  # those that were read, by place in `found`
    verdicts: dict[int, Verdict] = {}
    scores: dict[int, float] = {}
    for place, item in enumerate(found[: 1 + NEXT]):
        if scores and item.score < max(scores.values()):
            break
        languages = (language, store.language_of(item.number))
        if verifier.reads(languages):
            texts[place] = store.indexed_text(item.number)
            spans = _sentences_in(generation, item.passage, texts[place])
            verdicts[place] = verifier.judge(question, texts[place], spans, languages)
            scores[place] = item.score + VERDICT_WEIGHT * verdicts[place].logit
        if place == 0 and (not verdicts or verdicts[0].logit >= DOUBTED):
            break
    if not scores:
        return list(found), None
    chosen = max(scores, key=scores.__getitem__)
    best, verdict = found[chosen], verdicts[chosen]
    if exchanged := with_exchanged_roles(question, texts[chosen]):
        languages = (language, store.language_of(best.number))
        other = verifier.judge(exchanged, texts[chosen], (), languages)
        verdict = replace(verdict, exchanged=other.logit)
    verdict = _passed_on(generation, best, verdict)
    best = _pointed_at(generation, best, verdict, vector, question)
    return [best, *found[:chosen], *found[chosen + 1 :]], verdict


def quoted(store: Store, number: int, sentence_number: int) -> Sentence:
    """The place in its document to quote a sentence of passage `number` from."""
    document = store.document(int(store.document_of_passage[number]))
    near = store.sentences_near(sentence_number, REACH, LISTED)
    return quote_of(document.text, *near)


def _sentences_in(generation: Generation, passage: Passage, text: str) -> list[Span]:
    """Where the sentences of `passage` stand in its indexed `text`."""
    shift = len(text) - passage.end  # the context comes before the passage's own words
    places = generation.store.sentences(passage.first, passage.last)
    return [(place.start + shift, place.end + shift) for place in places]


def _passed_on(generation: Generation, item: Evidence, verdict: Verdict) -> Verdict:
    """The verdict on `item`; what a sentence that only leads to the next was given goes to that."""
    told = list(verdict.shares)
    for place in generation.store.leading(item.number):
        told[place + 1] += told[place]
        told[place] = 0.0
    return replace(verdict, shares=tuple(told))


def _pointed_at(
    generation: Generation, item: Evidence, verdict: Verdict, vector: Vectors, question: str
) -> Evidence:
    """`item` with the sentence of its passage that the verdict points at."""
    passage = item.passage
    similarity, shares = _of_sentences(generation, [item.number], [passage], vector, question)
    scores = _sum(similarity, shares, np.full(len(shares), item.same_language))
    chosen = int((scores + SHARE_WEIGHT * np.array(verdict.shares)).argmax())
    return item._replace(
        sentence_number=passage.first + chosen,
        similarity=float(similarity[chosen]),
        coverage=float(shares[chosen]),
    )


def _sum(similarity: Vectors, shares: Vectors, same_language: NDArray[np.bool_]) -> Vectors:
    """The scores of sentences, those of both languages on one scale."""
    in_other = CROSSING_WEIGHT * (similarity + CROSSING)
    alike = np.where(same_language, SIMILARITY_WEIGHT * similarity, in_other)
    scores: Vectors = alike + COVERAGE_WEIGHT * shares
    return scores


def _of_sentences(
    generation: Generation,
    numbers: Sequence[int],
    passages: Sequence[Passage],
    vector: Vectors,
    question: str,
) -> tuple[Vectors, Vectors]:
    """Similarity and coverage of every sentence of `passages`, one after the other.

    Both of shape (sentences,); `numbers` are those of the passages. A question that the document
    asks, like its title, is like any question and answers none: what it has goes to the sentence
    behind it.
    """
    ranges = [range(passage.first, passage.last + 1) for passage in passages]
    rows = np.fromiter(chain.from_iterable(ranges), np.int64)
    unrelated, related = generation.encoder.card.background
    cosines = restored(generation.sentence_vectors[rows]) @ vector
    similarity = (cosines - np.float32(unrelated)) / np.float32(related - unrelated)
    shares = _coverages(generation, rows, numbers, ranges, question)
    begin = 0
    for number, passage in zip(numbers, passages, strict=True):
        for place in generation.store.leading(number):
            for values in (similarity, shares):
                asked, answer = begin + place, begin + place + 1
                values[answer] = max(values[asked], values[answer])
                values[asked] = NO_ANSWER
        begin += passage.last - passage.first + 1
    return similarity, shares


def _coverages(
    generation: Generation,
    rows: NDArray[np.int64],
    numbers: Sequence[int],
    ranges: Sequence[range],
    question: str,
) -> Vectors:
    """The coverage of the question by each sentence of `rows`: the `ranges` of passages."""
    lexical = generation.lexical
    languages = [generation.store.language_of(number) for number in numbers]
    weights: dict[int, float] = {}
    wholes: dict[str, float] = {}
    for code in set(languages):
        words = lexical.weights(question, code)
        known = {stem: lexical.number(stem, code) for stem in words}
        weights |= {n: words[stem] for stem, n in known.items() if n is not None}
        wholes[code] = sum(words.values()) or 1.0
    whole = np.repeat([wholes[code] for code in languages], [len(part) for part in ranges])
    shares: Vectors = (generation.sentence_stems.sums(rows, weights) / whole).astype(np.float32)
    return shares
