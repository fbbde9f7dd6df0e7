"""Makes the verifier's examples: a question, what the index shows for it, whether it answers.

Read by `train_verifier.py`. The index is asked as the product asks it, and the passage
of its first citation is what is shown, for answerable and unanswerable questions alike, so
that how a passage was chosen tells nothing.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from evaluation.datasets import DataSet, Query
from index.encoder import Vectors
from index.generation import Generation
from negatives import Part, parts, with_exchanged_name, with_opposite
from qa.evidence import Evidence, find_evidence
from qa.retrieval import narrowed, retrieve
from qa.roles import with_exchanged_roles
from qa.verifier import Languages

SEED = 7
OPEN = 6  # citations among which another document's passage is looked for
POOL = 3000  # names of a set without titles
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Example:
    """A question and a text; `spans` are the answers in it, none when it does not answer.

    `article` is the question's, `shown` the text's; `languages` are theirs.
    """

    question: str
    text: str
    spans: Spans
    kind: str
    article: str
    shown: str
    data: str
    languages: Languages


def examples_of(data: DataSet, generation: Generation) -> Iterator[Example]:
    """All examples of a set whose index is `generation`, the questions in their order."""
    maker = _Maker(data, generation)
    queries = [query for query in data.queries if _asked(query)]
    vectors = generation.encoder.encode_queries([query.text for query in queries])
    for query, vector in zip(queries, vectors, strict=True):
        yield from maker.examples(query, vector)


class _Maker:
    def __init__(self, data: DataSet, generation: Generation) -> None:
        self.data, self.generation, self.store = data.name, generation, generation.store
        self.chance = random.Random(SEED)
        self.documents = {document.id: document for document in data.documents}
        self.home = np.array(self.store.document_ids())[self.store.document_of_passage]
        self.asked = {self.documents[_home(q)].title for q in data.queries if _asked(q)}
        self.pools: dict[str, list[Part]] = defaultdict(list)
        for document in data.documents:
            self.pools[document.title] += parts(document.text)
        if len(self.pools[""]) > POOL:
            self.pools[""] = self.chance.sample(self.pools[""], POOL)

    def examples(self, query: Query, vector: Vectors) -> Iterator[Example]:
        """Those of one question, whose vector is `vector`."""
        home = _home(query)
        lexical = self.generation.lexical.scores(query.text)
        found = retrieve(self.generation, vector, lexical, query.language)
        shown = find_evidence(self.generation, found, vector, query.text)
        own = self.home[found.numbers] == home
        title = self.documents[home].title
        best = None
        if own.any():
            at_home = narrowed(self.generation, found, own)
            best = find_evidence(self.generation, at_home, vector, query.text)[0]
        if query.written_for:
            if best:
                yield self._example(query, best.number, query.kind)
            if shown[0].passage.document_id != home:
                yield self._example(query, shown[0].number, f"{query.kind}, open")
            return
        if query.spans:
            yield from self._whole(query, home, shown, best)
        elif self.documents[shown[0].passage.document_id].title in self.asked - {title}:
            yield self._example(query, shown[0].number, "another document")

    def _whole(
        self, query: Query, home: str, shown: list[Evidence], best: Evidence | None
    ) -> Iterator[Example]:
        numbers = dict.fromkeys(item.number for item in (shown[0], best) if item)
        right = [e for n in numbers if (e := self._example(query, n, "answer")).spans]
        if not right and best:
            right = [
                e
                for n in np.flatnonzero(self.home == home).tolist()
                if (e := self._example(query, n, "answer, found elsewhere")).spans
            ][:1]
        yield from right
        if best:
            beside = self._example(query, best.number, "beside")
            if not beside.spans and not self._says(query, home, beside.text):
                yield beside
        for item in shown[:OPEN]:
            away = self.documents[item.passage.document_id]
            other = self._example(query, item.number, "another document")
            if away.id == home or away.title not in self.asked:
                continue
            if not self._says(query, home, other.text):
                yield other
                break
        if right:
            yield from self._changed(right[-1], self.pools[self.documents[home].title])

    def _changed(self, right: Example, pool: list[Part]) -> Iterator[Example]:
        changed = {
            "name exchanged": with_exchanged_name(right.question, right.text, pool, self.chance),
            "roles exchanged": with_exchanged_roles(right.question),
            "opposite": with_opposite(right.question, self.chance),
        }
        for kind, question in changed.items():
            if question:
                yield replace(right, question=question, spans=(), kind=kind)

    def _example(self, query: Query, number: int, kind: str) -> Example:
        passage, text = self.store.passage(number), self.store.indexed_text(number)
        shift = len(text) - passage.end
        spans = tuple(
            (start + shift, end + shift)
            for start, end in query.spans.get(passage.document_id, ())
            if passage.start <= start and end <= passage.end
        )
        article = self.documents[_home(query)].title
        shown = self.documents[passage.document_id].title
        languages = (query.language, self.store.language_of(number))
        return Example(query.text, text, spans, kind, article, shown, self.data, languages)

    def _says(self, query: Query, home: str, text: str) -> bool:
        """Whether `text` happens to hold an answer's words."""
        own = self.documents[home].text
        return any(own[start:end].lower() in text.lower() for start, end in query.spans[home])


def _asked(query: Query) -> bool:
    return bool(query.relevant or query.written_for)


def _home(query: Query) -> str:
    """The document that a question was written for."""
    return query.written_for or next(iter(query.spans or query.relevant))
