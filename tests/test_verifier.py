"""The verifier: its files, what it says of a passage, and what the engine makes of that."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import build_fake, documents_of, open_fake

from corpus.errors import EncoderError
from qa.verifier import CARD_FILE, FOLDER, MODEL_FILE, TOKENIZER_FILE, Span, Verdict, Verifier

PASSAGE = (
    "The tram depot opened in 1911. It was designed by Anna Rossi. "
    "Since the fire it has served as a market hall."
)
SPANS = [(0, 30), (31, 61), (62, len(PASSAGE))]


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier()


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("When did the tram depot open?", 0),
        ("Who designed the depot?", 1),
        ("Chi ha progettato il deposito?", 1),
        ("What has the depot served as since the fire?", 2),
    ],
)
def test_it_points_at_the_sentence_that_answers(
    verifier: Verifier, question: str, place: int
) -> None:
    """The answer's sentence has the greatest share, and the verdict is above a foreign one's."""
    verdict = verifier.judge(question, PASSAGE, SPANS)
    assert max(range(3), key=verdict.shares.__getitem__) == place
    assert all(0 <= share <= 1 for share in verdict.shares)
    assert sum(verdict.shares) == pytest.approx(1, abs=0.01)
    assert verdict.logit > verifier.judge("Who won the chess final?", PASSAGE, SPANS).logit


def test_what_is_past_its_limit_has_no_share(verifier: Verifier) -> None:
    """A long passage is read as far as the tokens go; the rest has nothing of the answer."""
    text = "The tram depot opened in 1911. " + "Nothing else is known. " * 60
    verdict = verifier.judge("When did the depot open?", text, [(0, 30), (1000, len(text))])
    assert verdict.shares[0] > 0.5
    assert verdict.shares[1] == 0


def test_a_question_longer_than_its_limit_is_read_in_part(verifier: Verifier) -> None:
    """The longest questions that may be asked, of letters it knows and of others."""
    for question in ("When did the depot open, " * 40, "歳" * 1000, "x " * 500):
        verdict = verifier.judge(question, PASSAGE, SPANS)
        assert all(0 <= share <= 1 for share in verdict.shares)


def test_the_same_pair_gets_the_same_verdict(verifier: Verifier) -> None:
    """Twice asked, and asked of a second verifier: the same numbers."""
    first = verifier.judge("Who designed it?", PASSAGE, SPANS)
    assert verifier.judge("Who designed it?", PASSAGE, SPANS) == first
    assert Verifier().judge("Who designed it?", PASSAGE, SPANS) == first


@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE, CARD_FILE])
def test_a_missing_or_altered_file_is_refused(tmp_path: Path, name: str) -> None:
    """The error says that it is the verifier, and what to do."""
    for file in (MODEL_FILE, TOKENIZER_FILE, CARD_FILE):
        shutil.copy(FOLDER / file, tmp_path / file)
    with (tmp_path / name).open("r+b") as stream:
        stream.write(b"x")
    with pytest.raises(EncoderError, match=r"verifier.*Install rinvio again"):
        Verifier(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(EncoderError, match=r"verifier.*Install rinvio again"):
        Verifier(tmp_path)


class LastSentence(Verifier):
    """Always sure that the last sentence answers."""

    def __init__(self) -> None:
        """Load nothing."""
        self.asked: list[tuple[str, list[str]]] = []

    def judge(self, question: str, text: str, spans: Sequence[Span]) -> Verdict:
        self.asked.append((question, [text[start:end] for start, end in spans]))
        return Verdict(4.0, (*[0.0] * (len(spans) - 1), 1.0))


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
    assert answer.explain["confidence"][0]["verdict"] == 4.0
    assert answer.explain["confidence"][0]["share"] == 1.0


@pytest.mark.parametrize(
    ("question", "sign", "why"),
    [
        ("What did Turin adopt from Baltimore?", 3.0, "direction_not_supported"),
        ("What did Baltimore adopt from Turin?", 0.0, "low_confidence"),
    ],
)
def test_what_reads_better_with_its_names_exchanged_is_told(
    tmp_path: Path, question: str, sign: float, why: str
) -> None:
    """The same text is judged with two names in each other's place; the gain is a sign."""
    text = "By law a programme from Turin is what Baltimore adopted."
    documents = documents_of(tmp_path / "d", {"a.txt": text})
    build_fake(tmp_path / "i", documents)

    class Prefers(LastSentence):
        def judge(self, question: str, text: str, spans: Sequence[Span]) -> Verdict:
            right = question.startswith("What did Baltimore")
            return replace(super().judge(question, text, spans), logit=2.0 if right else -1.0)

    verifier = Prefers()
    answer = open_fake(tmp_path / "i", verifier).ask(question, explain=True)
    assert len(verifier.asked) == 2
    assert answer.explain is not None
    assert answer.explain["confidence"][0]["names_reversed"] == sign
    assert answer.reason == why


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
