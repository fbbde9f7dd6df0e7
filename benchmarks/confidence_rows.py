"""Makes the rows that `fit_confidence.py` fits: questions asked, their signs, right or not."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.datasets import ANSWERABLE, DataSet, Query
from index.encoder import Vectors
from index.generation import Generation
from negatives import parts, with_exchanged_name, with_opposite
from qa.evidence import Evidence, find_evidence, verified
from qa.features import features
from qa.retrieval import Retrieval, narrowed, retrieve
from qa.roles import with_exchanged_roles
from qa.verifier import Verifier
from verifier_recipe import UNSEEN

QUESTIONS = 500  # of each set, and of the unanswerable and of the foreign
FOREIGN = ("foreign", "article left out")


@dataclass(frozen=True)
class Asked:
    """A question to ask: its words, how it was made, and the document it was written for."""

    query: Query
    text: str
    kind: str
    document: str
    fold: int


@dataclass(frozen=True)
class Row:
    """What a question got, with and without the verifier: features, and whether it was right."""

    values: dict[str, tuple[float, ...]]
    right: dict[str, bool]
    kind: str
    fold: int
    same_language: bool


def folds() -> dict[str, int]:
    """The fold of each article that the verifier never saw, by its titles in all languages."""
    return {title: n for n, titles in enumerate(UNSEEN) for title in titles}


def questions_of(data: DataSet, fold_of: dict[str, int], chance: random.Random) -> Iterator[Asked]:
    """The questions of a set on unseen articles, and the negatives made of them."""
    documents = {document.id: document for document in data.documents}
    unseen = {name: fold_of[d.title] for name, d in documents.items() if d.title in fold_of}
    pools = {
        title: [part for d in data.documents if d.title == title for part in parts(d.text)]
        for title in fold_of
    }
    elsewhere = {
        title: [part for other in pools if other != title for part in pools[other]]
        for title in fold_of
    }
    whole = [q for q in data.queries if q.spans and next(iter(q.spans)) in unseen]
    others = [q for q in data.queries if q.kind != ANSWERABLE and q.written_for in unseen]
    for query in chance.sample(others, min(QUESTIONS, len(others))):
        home = query.written_for
        yield Asked(query, query.text, query.kind, home, unseen[home])
    for query in chance.sample(whole, min(QUESTIONS, len(whole))):
        home = next(iter(query.spans))
        document = documents[home]
        texts = {
            "whole": query.text,
            "article left out": query.text,
            "passage left out": query.text,
            "name exchanged": with_exchanged_name(
                query.text, document.text, pools[document.title], chance
            ),
            "name from elsewhere": with_exchanged_name(
                query.text, "", elsewhere[document.title], chance
            ),
            "roles exchanged": with_exchanged_roles(query.text),
            "opposite": with_opposite(query.text, chance),
        }
        for kind, text in texts.items():
            if text is not None:
                yield Asked(query, text, kind, home, unseen[home])


def foreign_questions(data: DataSet, count: int, chance: random.Random) -> Iterator[Asked]:
    """Questions on anything, dealt to the folds."""
    for number, query in enumerate(chance.sample(data.queries, QUESTIONS)):
        yield Asked(query, query.text, "foreign", "", number % count)


def rows_of(
    data: DataSet, asked: Sequence[Asked], generation: Generation, verifier: Verifier
) -> list[Row]:
    """The rows of each question and corpus size."""
    vectors = generation.encoder.encode_queries([item.text for item in asked])
    titles = {document.id: document.title for document in data.documents}
    ids = np.array(generation.store.document_ids())[generation.store.document_of_passage]
    articles = np.array([titles[name] for name in ids])
    rows = []
    for item, vector in zip(asked, vectors, strict=True):
        found = retrieve(
            generation, vector, generation.lexical.scores(item.text), item.query.language
        )
        own = articles[found.numbers] == titles.get(item.document, "")
        for kept in _corpora(item, ids[found.numbers], own):
            if kept.any():
                seen = narrowed(generation, found, kept)
                rows.append(_row(generation, verifier, item, vector, seen))
    return rows


def _corpora(item: Asked, ids: NDArray[Any], own: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Which candidates count: in the whole set, and in the question's article alone."""
    if item.kind in FOREIGN:
        return [~own]
    everything = ids != item.document if item.kind == "passage left out" else ids != ""
    return [everything, everything & own]


def _row(
    generation: Generation, verifier: Verifier, item: Asked, vector: Vectors, found: Retrieval
) -> Row:
    plain = find_evidence(generation, found, vector, item.text)
    read, verdict = verified(generation, verifier, plain, vector, item.text, item.query.language)
    gold = item.query.spans if item.kind in {"whole", "passage left out"} else {}

    def right(evidence: Evidence) -> bool:
        spans = gold.get(evidence.passage.document_id, ())
        place = generation.store.sentence(evidence.sentence_number)
        return any(place.start <= first and last <= place.end for first, last in spans)

    values = {
        "verified": features(generation, item.text, read[0], read[1:], verdict),
        "unverified": features(generation, item.text, plain[0], plain[1:]),
    }
    rights = {"verified": right(read[0]), "unverified": right(plain[0])}
    return Row(values, rights, item.kind, item.fold, read[0].same_language)
