"""Makes the rows that `fit_confidence.py` fits: questions asked, their signs, right or not."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.document import Document
from evaluation.datasets import ANSWERABLE, DataSet, Query
from evaluation.outcomes import holds
from index.encoder import Vectors
from index.generation import Generation
from negatives import parts, with_exchanged_name, with_opposite
from qa.evidence import quoted
from qa.question import as_read
from qa.reading import read
from qa.retrieval import Retrieval, narrowed, retrieve
from qa.roles import with_exchanged_roles
from qa.verifier import Verifier
from verifier_recipe import UNSEEN

QUESTIONS = 500  # of each set, and of the unanswerable and of the foreign
FOREIGN = ("foreign", "article left out")


@dataclass(frozen=True)
class Asked:
    """A question of a set: its words, how it was made, and the document it was written for."""

    query: Query
    text: str
    kind: str
    document: str
    fold: int
    data: str


@dataclass(frozen=True)
class Row:
    """What a question got, with and without the verifier.

    Features, whether it was right, whether in its own language; `alone` says whether its article
    alone was asked.
    """

    values: dict[str, tuple[float, ...]]
    right: dict[str, bool]
    same_language: dict[str, bool]
    kind: str
    fold: int
    data: str
    alone: bool


def folds() -> dict[str, int]:
    """The fold of each article that the verifier never saw, by its titles in all languages."""
    return {title: n for n, titles in enumerate(UNSEEN) for title in titles}


def questions_of(
    data: DataSet, foreign: DataSet, fold_of: dict[str, int], chance: random.Random
) -> Iterator[Asked]:
    """The questions of a set on unseen articles, the negatives made of them, and `foreign` ones.

    The foreign are dealt to the unseen documents, and so to their folds.
    """
    documents = {document.id: document for document in data.documents}
    unseen = {name: fold_of[d.title] for name, d in documents.items() if d.title in fold_of}
    for query in chance.sample(foreign.queries, QUESTIONS):
        home = chance.choice(list(unseen))
        yield Asked(query, query.text, "foreign", home, unseen[home], data.name)
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
        yield Asked(query, query.text, query.kind, home, unseen[home], data.name)
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
                yield Asked(query, text, kind, home, unseen[home], data.name)


def articles_of(data: DataSet, fold_of: dict[str, int]) -> Iterator[DataSet]:
    """Each article that the verifier never saw, as a set without questions."""
    articles: dict[str, list[Document]] = defaultdict(list)
    for document in data.documents:
        if document.title in fold_of:
            articles[document.title].append(document)
    for number, documents in enumerate(articles.values()):
        yield DataSet(f"{data.name}-article-{number}", documents, [])


def rows_of(
    data: DataSet, asked: Sequence[Asked], generation: Generation, verifier: Verifier
) -> list[Row]:
    """What `generation`, the index of a whole set or of one article, says of its questions."""
    titles = {document.id: document.title for document in data.documents}
    own = [item for item in asked if item.document in titles]
    vectors = generation.encoder.encode_queries([as_read(item.text) for item in own])
    ids = np.array(generation.store.document_ids())[generation.store.document_of_passage]
    articles = np.array([titles[name] for name in ids])
    alone = len(set(titles.values())) == 1
    rows = []
    for item, vector in zip(own, vectors, strict=True):
        lexical = generation.lexical.scores(as_read(item.text))
        found = retrieve(generation, vector, lexical, item.query.language)
        kept = np.ones(len(found.numbers), np.bool_)
        if item.kind == "article left out":
            kept = articles[found.numbers] != titles[item.document]
        elif item.kind == "passage left out":
            kept = ids[found.numbers] != item.document
        if kept.any():
            seen = narrowed(generation, found, kept)
            rows.append(_row(generation, verifier, item, vector, seen, alone))
    return rows


def _row(
    generation: Generation,
    verifier: Verifier,
    item: Asked,
    vector: Vectors,
    found: Retrieval,
    alone: bool,
) -> Row:
    gold = item.query.spans if item.kind in {"whole", "passage left out"} else {}
    row = Row({}, {}, {}, item.kind, item.fold, item.data, alone)
    for way, judge in (("verified", verifier), ("unverified", None)):
        question = as_read(item.text)
        reading = read(generation, judge, question, vector, item.query.language, found)
        best = reading.found[0]
        quote = quoted(generation.store, best.number, best.sentence_number)
        row.values[way] = reading.signs
        row.right[way] = holds(quote, gold.get(best.passage.document_id, ()))
        row.same_language[way] = best.same_language
    return row
