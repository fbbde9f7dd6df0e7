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
from qa.verifier import (
    CARD_FILE,
    FOLDER,
    MODEL_FILE,
    TOKENIZER_FILES,
    Languages,
    Span,
    Verdict,
    Verifier,
    encoded,
    open_tokenizers,
)

PASSAGE = (
    "The tram depot opened in 1911. It was designed by Anna Rossi. "
    "Since the fire it has served as a market hall."
)
SPANS = [(0, 30), (31, 61), (62, len(PASSAGE))]


EN, IT, IT_ON_EN = ("en", "en"), ("it", "it"), ("it", "en")


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    """The one that ships."""
    return Verifier()


@pytest.mark.parametrize(
    ("question", "languages", "place"),
    [
        ("When did the tram depot open?", EN, 0),
        ("Who designed the depot?", EN, 1),
        ("What has the depot served as since the fire?", EN, 2),
        ("Quando è stato aperto il deposito dei tram?", IT_ON_EN, 0),
        ("Chi ha progettato il deposito?", IT_ON_EN, 1),
    ],
)
def test_it_points_at_the_sentence_that_answers(
    verifier: Verifier, question: str, languages: Languages, place: int
) -> None:
    """The answer's sentence has the greatest share, and the verdict is above a foreign one's."""
    verdict = verifier.judge(question, PASSAGE, SPANS, languages)
    assert max(range(3), key=verdict.shares.__getitem__) == place
    assert all(0 <= share <= 1 for share in verdict.shares)
    assert sum(verdict.shares) == pytest.approx(1, abs=0.01)
    assert verdict.logit > verifier.judge("Who won the chess final?", PASSAGE, SPANS, EN).logit


def test_a_word_of_two_languages_is_read_in_its_own(verifier: Verifier) -> None:
    """Which language a text is in changes how it is read; names stay the same."""
    text = "Il deposito apre come mercato."
    assert verifier.judge("Come apre?", text, (), IT) != verifier.judge("Come apre?", text, (), EN)
    names = "Zdeněk Wójcik"
    assert verifier.judge(names, names, (), IT).logit > verifier.judge(names, text, (), IT).logit


@pytest.mark.parametrize("name", ["Torino", "torino"])
def test_a_name_of_the_text_is_read_as_it_is_there(name: str) -> None:
    """However the question writes it; its other words are read as those of its language."""
    tokenizers = open_tokenizers(FOLDER, 160)
    asked = encoded(tokenizers, f"Quali tram vanno a {name}?", "The tram to Torino.", IT_ON_EN)
    of_question = [n for n, side in zip(asked.ids, asked.type_ids, strict=True) if side == 0]
    numbers = {
        (word, code): tokenizer.encode(word, add_special_tokens=False).ids[0]
        for word in ("torino", "tram")
        for code, tokenizer in tokenizers.items()
    }
    assert len(set(numbers.values())) == 4
    read = {pair for pair, number in numbers.items() if number in of_question}
    assert read == {("torino", "en"), ("tram", "it")}


@pytest.mark.parametrize(
    ("languages", "known"), [(EN, True), (IT_ON_EN, True), (("fr", "en"), False)]
)
def test_it_says_which_languages_it_reads(
    verifier: Verifier, languages: Languages, known: bool
) -> None:
    """English and Italian, in any pair."""
    assert verifier.reads(languages) == known


def test_what_is_past_its_limit_has_no_share(verifier: Verifier) -> None:
    """A long passage is read as far as the tokens go; the rest has nothing of the answer."""
    text = "The tram depot opened in 1911. " + "Nothing else is known. " * 60
    spans = [(0, 30), (1000, len(text))]
    verdict = verifier.judge("When did the depot open?", text, spans, EN)
    assert verdict.shares[0] > 0.5
    assert verdict.shares[1] == 0


@pytest.mark.parametrize("languages", [EN, IT, IT_ON_EN])
def test_a_question_longer_than_its_limit_is_read_in_part(
    verifier: Verifier, languages: Languages
) -> None:
    """The longest questions that may be asked, of letters it knows and of others."""
    for question in ("When did the depot open, " * 40, "歳" * 1000, "x " * 500):
        verdict = verifier.judge(question, PASSAGE, SPANS, languages)
        assert all(0 <= share <= 1 for share in verdict.shares)


@pytest.mark.parametrize("languages", [EN, IT_ON_EN])
def test_the_same_pair_gets_the_same_verdict(verifier: Verifier, languages: Languages) -> None:
    """Twice asked, and asked of a second verifier: the same numbers."""
    first = verifier.judge("Who designed it?", PASSAGE, SPANS, languages)
    assert verifier.judge("Who designed it?", PASSAGE, SPANS, languages) == first
    assert Verifier().judge("Who designed it?", PASSAGE, SPANS, languages) == first


@pytest.mark.parametrize("name", [MODEL_FILE, CARD_FILE, *TOKENIZER_FILES.values()])
def test_a_missing_or_altered_file_is_refused(tmp_path: Path, name: str) -> None:
    """At the start: that it is the verifier, and what to do."""
    folder = tmp_path / "models"
    shutil.copytree(FOLDER, folder)
    with (folder / name).open("r+b") as stream:
        stream.write(b"x")
    with pytest.raises(EncoderError, match=r"verifier.*Install rinvio again"):
        Verifier(folder)
    (folder / name).unlink()
    with pytest.raises(EncoderError, match=r"verifier.*Install rinvio again"):
        Verifier(folder)


def test_what_counts_as_unseen_was_left_out_of_its_training() -> None:
    """The figures are of articles that the card says it never saw."""
    card = json.loads((FOLDER / CARD_FILE).read_text(encoding="utf-8"))
    unseen = json.loads((ROOT / "benchmarks" / "unseen.json").read_text(encoding="utf-8"))
    assert card["unseen_articles"] == unseen


class LastSentence(Verifier):
    """Always sure that the last sentence answers."""

    def __init__(self) -> None:
        """Load nothing."""
        self.asked: list[tuple[str, list[str]]] = []

    def judge(
        self, question: str, text: str, spans: Sequence[Span], languages: Languages
    ) -> Verdict:
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
    ("question", "sign", "said"),
    [
        ("What did Turin adopt from Baltimore?", 3.0, True),
        ("What did Baltimore adopt from Turin?", 0.0, False),
    ],
)
def test_what_reads_better_with_its_names_exchanged_is_told(
    tmp_path: Path, question: str, sign: float, said: bool
) -> None:
    """The same text is judged with two names in each other's place; the gain is a sign."""
    text = "By law a programme from Turin is what Baltimore adopted."
    documents = documents_of(tmp_path / "d", {"a.txt": text})
    build_fake(tmp_path / "i", documents)

    class Prefers(LastSentence):
        def judge(
            self, question: str, text: str, spans: Sequence[Span], languages: Languages
        ) -> Verdict:
            verdict = super().judge(question, text, spans, languages)
            right = question.startswith("What did Baltimore")
            return replace(verdict, logit=2.0 if right else -1.0)

    verifier = Prefers()
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

    class Wants(LastSentence):
        def __init__(self, wanted: str) -> None:
            super().__init__()
            self.wanted = wanted

        def judge(
            self, question: str, text: str, spans: Sequence[Span], languages: Languages
        ) -> Verdict:
            verdict = super().judge(question, text, spans, languages)
            return verdict if self.wanted in text else replace(verdict, logit=-20.0)

    late, red, none = Wants("late"), Wants("Red"), Wants("Ships")
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
