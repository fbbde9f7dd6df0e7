"""What the engine makes of the verifier's verdicts."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes import build_fake, documents_of, open_fake

from qa.verifier import Languages, Span, Verdict, Verifier


class LastSentence(Verifier):
    """Points at the last sentence, as sure as it is told for a question and a text."""

    def __init__(self, logit: Callable[[str, str], float] = lambda _question, _text: 4.0) -> None:
        """Load nothing."""
        self.logit = logit
        self.asked: list[tuple[str, list[str]]] = []

    def judge(
        self, question: str, text: str, spans: Sequence[Span], languages: Languages
    ) -> Verdict:
        self.asked.append((question, [text[start:end] for start, end in spans]))
        return Verdict(self.logit(question, text), (*[0.0] * (len(spans) - 1), 1.0))


def test_a_copy_of_a_document_is_no_rival(tmp_path: Path) -> None:
    """An answer leads what is said elsewhere, not what says the same, whatever breaks its lines."""
    text = "Trams are red. Cars were blue. Trams had stopped."
    files = {"a.txt": text, "b.txt": text.replace(" are", "\nare"), "c.txt": "The pool is shut."}
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", files))
    explain = open_fake(tmp_path / "i").ask("which trams are red?", explain=True).explain
    assert explain is not None
    first, _, other = [passage["score"] for passage in explain["passages"]]
    assert first > other
    assert explain["confidence"][0]["lead"] == pytest.approx(first - other, abs=1e-3)


def test_what_leads_to_an_answer_leaves_it_its_share(tmp_path: Path) -> None:
    """The verifier may point at a bare yes; the sentence behind it is cited, and as sure."""
    text = "It is new.\n\nMay companies apply? Yes. They pay half.\n\nIt is red."
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": text}))

    class AtYes(LastSentence):
        def judge(self, *asked: Any) -> Verdict:
            return Verdict(4.0, (0.1, 0.2, 0.6, 0.1, 0.0))

    answer = open_fake(tmp_path / "i", AtYes()).ask("may companies apply?", explain=True)
    assert answer.passages[0].citation.quote == "May companies apply? Yes. They pay half."
    assert answer.explain is not None
    assert answer.explain["confidence"][0]["share"] == pytest.approx(0.9)


def test_the_engine_cites_the_sentence_pointed_at(tmp_path: Path) -> None:
    """It is asked once, of the first passage's own sentences, and its signs are explained."""
    text = "Trams are red. Cars were blue. Trams had stopped."
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": text}))
    assert open_fake(tmp_path / "i").ask("which trams are red?").passages[0].citation.quote == (
        "Trams are red."
    )
    verifier = LastSentence()
    answer = open_fake(tmp_path / "i", verifier).ask("which trams are red?", explain=True)
    sentences = ["Trams are red.", "Cars were blue.", "Trams had stopped."]
    assert verifier.asked == [("Which trams are red?", sentences)]
    assert answer.passages[0].citation.quote == "Trams had stopped."
    assert answer.explain is not None
    signs = answer.explain["confidence"][0]
    assert (signs["verdict"], signs["undoubted"], signs["share"]) == (4.0, 6.0, 1.0)


@pytest.mark.parametrize(("logit", "above"), [(-3.0, 0.0), (-1.5, 0.5)])
def test_how_far_a_verdict_is_above_doubt_is_a_sign(
    tmp_path: Path, logit: float, above: float
) -> None:
    """Below doubt it is nothing: how little is believed there says less."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "Trams are red."}))
    engine = open_fake(tmp_path / "i", LastSentence(lambda *_: logit))
    answer = engine.ask("which trams are red?", explain=True)
    assert answer.explain is not None
    assert answer.explain["confidence"][0]["undoubted"] == above


@pytest.mark.parametrize(
    ("question", "sign", "said"),
    [
        ("What did Turin adopt from Baltimore?", 3.0, True),
        ("What did Baltimore adopt from Turin?", 0.0, False),
        ("What did Turin adopt from Baltimore in 2019?", 3.0, False),  # 2019 is not in the text
    ],
)
def test_what_reads_better_with_its_names_exchanged_is_told(
    tmp_path: Path, question: str, sign: float, said: bool
) -> None:
    """The same text is judged with two names in each other's place; the gain is a sign."""
    text = "By law a programme from Turin is what Baltimore adopted."
    documents = documents_of(tmp_path / "d", {"a.txt": text})
    build_fake(tmp_path / "i", documents)

    def logit(question: str, _: str) -> float:
        return 2.0 if question.startswith("What did Baltimore") else -1.0

    verifier = LastSentence(logit)
    answer = open_fake(tmp_path / "i", verifier).ask(question, explain=True)
    assert len(verifier.asked) == 2
    assert answer.explain is not None
    assert answer.explain["confidence"][0]["names_reversed"] == sign
    assert (answer.reason == "direction_not_supported") == said


def test_a_doubted_first_passage_has_the_next_ones_read(tmp_path: Path) -> None:
    """The one that answers best is cited, and what was first follows; a sure one is enough.

    What could not win is not read.
    """
    texts = {"a.txt": "Red trams stop here.", "b.txt": "Trams run late.", "c.txt": "Buses run."}
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", texts))

    def sure_of(word: str) -> LastSentence:
        return LastSentence(lambda _, text: 4.0 if word in text else -20.0)

    late, red, none = sure_of("late"), sure_of("Red"), sure_of("Ships")
    question = "which red trams stop?"
    answer = open_fake(tmp_path / "i", late).ask(question, explain=True)
    quotes = [passage.citation.quote for passage in answer.passages]
    assert quotes == ["Trams run late.", "Red trams stop here.", "Buses run."]
    assert answer.explain is not None
    assert answer.explain["confidence"][0]["verdict"] == 4.0
    assert [asked for _, asked in late.asked] == [[texts["a.txt"]], [texts["b.txt"]]]
    assert open_fake(tmp_path / "i", red).ask(question).passages[0].citation.quote == quotes[1]
    assert len(red.asked) == 1
    assert open_fake(tmp_path / "i", none).ask(question).passages[0].citation.quote == quotes[1]
    assert len(none.asked) == 3


def test_what_it_does_not_read_is_judged_without_it(tmp_path: Path) -> None:
    """A question in French: by the models for what no verifier read."""
    documents = documents_of(tmp_path / "d", {"a.txt": "Trams are red. Cars were blue."})
    build_fake(tmp_path / "i", documents)
    verifier = LastSentence()
    question = "which trams are red?"
    judged = open_fake(tmp_path / "i", verifier).ask(question, language="fr")
    assert verifier.asked == []
    assert judged == open_fake(tmp_path / "i").ask(question, language="fr")


def test_no_sentence_is_cited_twice(tmp_path: Path) -> None:
    """Passages overlap: the verifier may point at the sentence that the next one shows."""
    sentences = [
        "Red trams stop often near many harbours of ours.",
        "Nobody has ever counted so many things before now.",
        "Our old ferries carry goods over water each day.",
        "Weather may still change without much of a warning.",
        "Some people like walking when evenings become quite long.",
    ]
    documents = documents_of(tmp_path / "d", {"a.txt": " ".join(sentences)})
    build_fake(tmp_path / "i", documents, passage_words=30)
    question = "red trams stop, old ferries?"
    plain = open_fake(tmp_path / "i").ask(question)
    assert [p.citation.quote for p in plain.passages] == [sentences[0], sentences[2]]
    answer = open_fake(tmp_path / "i", LastSentence()).ask(question)
    assert [p.citation.quote for p in answer.passages] == [sentences[2]]
