"""The verifier: its files, what it says of a passage, and what the engine makes of that."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from fakes import build_fake, documents_of, open_fake

from corpus.errors import EncoderError
from qa.relation import relation_of
from qa.verifier import CARD_FILE, MODEL_FILE, TOKENIZER_FILE, Span, Verdict, Verifier
from qa.verifiers import ENGLISH, FOLDER, MULTILINGUAL, Verifiers

PASSAGE = (
    "The tram depot opened in 1911. It was designed by Anna Rossi. "
    "Since the fire it has served as a market hall."
)
SPANS = [(0, 30), (31, 61), (62, len(PASSAGE))]


BOTH = pytest.mark.parametrize("folder", [ENGLISH, MULTILINGUAL], ids=lambda folder: folder.name)


@pytest.mark.parametrize(
    ("folder", "question", "place"),
    [
        (ENGLISH, "When did the tram depot open?", 0),
        (ENGLISH, "Who designed the depot?", 1),
        (ENGLISH, "What has the depot served as since the fire?", 2),
        (MULTILINGUAL, "When did the tram depot open?", 0),
        (MULTILINGUAL, "Chi ha progettato il deposito?", 1),
    ],
)
def test_it_points_at_the_sentence_that_answers(folder: Path, question: str, place: int) -> None:
    """The answer's sentence has the greatest share, and the verdict is above a foreign one's."""
    verifier = Verifier(folder)
    verdict = verifier.judge(question, PASSAGE, SPANS)
    assert max(range(3), key=verdict.shares.__getitem__) == place
    assert all(0 <= share <= 1 for share in verdict.shares)
    assert sum(verdict.shares) == pytest.approx(1, abs=0.01)
    assert verdict.logit > verifier.judge("Who won the chess final?", PASSAGE, SPANS).logit


@BOTH
def test_what_is_past_its_limit_has_no_share(folder: Path) -> None:
    """A long passage is read as far as the tokens go; the rest has nothing of the answer."""
    text = "The tram depot opened in 1911. " + "Nothing else is known. " * 60
    verdict = Verifier(folder).judge("When did the depot open?", text, [(0, 30), (1000, len(text))])
    assert verdict.shares[0] > 0.5
    assert verdict.shares[1] == 0


@BOTH
def test_a_question_longer_than_its_limit_is_read_in_part(folder: Path) -> None:
    """The longest questions that may be asked, of letters it knows and of others."""
    verifier = Verifier(folder)
    for question in ("When did the depot open, " * 40, "歳" * 1000, "x " * 500):
        verdict = verifier.judge(question, PASSAGE, SPANS)
        assert all(0 <= share <= 1 for share in verdict.shares)


@BOTH
def test_the_same_pair_gets_the_same_verdict(folder: Path) -> None:
    """Twice asked, and asked of a second verifier: the same numbers."""
    verifier = Verifier(folder)
    first = verifier.judge("Who designed it?", PASSAGE, SPANS)
    assert verifier.judge("Who designed it?", PASSAGE, SPANS) == first
    assert Verifier(folder).judge("Who designed it?", PASSAGE, SPANS) == first


@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE, CARD_FILE])
@pytest.mark.parametrize("english", [True, False])
def test_a_missing_or_altered_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, english: bool
) -> None:
    """At the start, also of the one not needed yet: that it is the verifier, and what to do."""
    shutil.copytree(FOLDER, tmp_path / "models")
    for kind in ("ENGLISH", "MULTILINGUAL"):
        monkeypatch.setattr(f"qa.verifiers.{kind}", tmp_path / "models" / kind.lower())
    altered = tmp_path / "models" / "english" / name
    with altered.open("r+b") as stream:
        stream.write(b"x")
    with pytest.raises(EncoderError, match=r"verifier.*Install rinvio again"):
        Verifiers(english=english)
    altered.unlink()
    with pytest.raises(EncoderError, match=r"verifier.*Install rinvio again"):
        Verifiers(english=english)


@pytest.mark.parametrize(
    ("asked", "same", "reads"),
    [("en", True, ENGLISH), ("it", True, MULTILINGUAL), ("it", False, MULTILINGUAL)],
)
def test_english_on_english_has_a_verifier_of_its_own(asked: str, same: bool, reads: Path) -> None:
    """What reads a pair depends on both languages, and is loaded once."""
    verifiers = Verifiers()
    verifier = verifiers.of(relation_of(asked, same_language=same))
    assert verifier is verifiers.of(relation_of(asked, same_language=same))
    question = "When did the tram depot open?"
    assert verifier.judge(question, PASSAGE, ()) == Verifier(reads).judge(question, PASSAGE, ())


@BOTH
def test_what_counts_as_unseen_was_left_out_of_its_training(folder: Path) -> None:
    """The figures are of articles that the card says it never saw."""
    card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    unseen = json.loads((ROOT / "benchmarks" / "unseen.json").read_text(encoding="utf-8"))
    assert card["unseen_articles"] == unseen


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
        ("What did Baltimore adopt from Turin?", 0.0, None),
    ],
)
def test_what_reads_better_with_its_names_exchanged_is_told(
    tmp_path: Path, question: str, sign: float, why: str | None
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
