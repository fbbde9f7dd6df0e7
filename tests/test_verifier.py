"""The verifier: its files, and what it says of a passage."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import ROOT

from corpus.errors import EncoderError
from qa.verifier import (
    CARD_FILE,
    FOLDER,
    MODEL_FILE,
    TOKENIZER_FILES,
    Languages,
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
