"""Which sentence of today is shown where a cited one reads otherwise."""

from difflib import SequenceMatcher
from pathlib import Path

import pytest
from fakes import build_fake, documents_of, open_fake
from test_proof import TRAM, built, followed

from corpus.document import Sentence
from index.ledger import Given
from qa.proof import COMPARED, PARTS, prove


def test_of_equal_sentences_the_nearest_is_shown(tmp_path: Path) -> None:
    """Where what was cited is another sentence now, and that stands there twice."""
    other = TRAM.replace("morning", "evening")
    filler = "The pool is closed on Sundays. " * 5
    index = tmp_path / "i"
    build_fake(index, documents_of(tmp_path / "d", {"a.txt": TRAM}))
    given = open_fake(index).ask("where does the tram stop?").passages[0].citation
    build_fake(index, documents_of(tmp_path / "d", {"a.txt": f"{other} {filler}{other}"}))
    proof = open_fake(index).prove(given.id)
    assert (proof.status, proof.now.start) == ("changed", 0)


def test_a_long_sentence_is_changed_not_gone(tmp_path: Path) -> None:
    """Its letters are too frequent for difflib's idea of what tells two texts apart."""
    words = ["residents", "streets", "entrance", "roadside", "interested", "stations", "trains"]
    long = " ".join(["The", *(f"{word} near {other}" for word in words for other in words[:3])])
    built(tmp_path, "a", f"{long}.")
    given = open_fake(tmp_path / "i").ask("residents near trains?").passages[0].citation
    built(tmp_path, "a", f"{long.replace('residents', 'people')}.")
    assert open_fake(tmp_path / "i").prove(given.id).status == "changed"


def test_a_changed_sentence_is_found_behind_others(tmp_path: Path) -> None:
    """It need not be the one that stands nearest to the old place."""
    changed = TRAM.replace("morning", "evening")
    proof, _ = followed(
        tmp_path, {"a.txt": TRAM}, {"a.txt": f"Dogs bark. {'Cats sleep. ' * 9}{changed}"}, TRAM
    )
    assert (proof.status, proof.now.quote) == ("changed", changed)


def test_a_sentence_without_spaces_is_compared_by_characters(tmp_path: Path) -> None:
    """Some languages write none: one character changed of many is the sentence, changed."""
    quote = "有轨电车每天早上停靠在旧港口。"
    said = {"a.yaml": "language: zh"}
    later = {"a.txt": quote.replace("早", "晚"), **said}
    proof, _ = followed(tmp_path, {"a.txt": quote, **said}, later, quote)
    assert proof.status == "changed"


def test_few_words_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quote that is gone costs little in a large document: words, a bounded number of each."""
    compared: list[int] = []

    class Counting(SequenceMatcher):
        def set_seq1(self, a: list[str]) -> None:
            compared.append(len(a))
            super().set_seq1(a)

    monkeypatch.setattr("qa.proof.SequenceMatcher", Counting)
    [document] = documents_of(tmp_path, {"a.txt": f"{TRAM} " * 2 * COMPARED + "pool " * 4 * PARTS})
    end = 2 * COMPARED * len(f"{TRAM} ")
    places = [Sentence(at, at + len(TRAM)) for at in range(0, end, len(f"{TRAM} "))]
    given = Given("a", "", end, end + 28, "Swimming is free on Sundays.")
    pool = Sentence(end, len(document.text))
    assert prove("c-0", given, document, None, [*places, pool], "").status == "gone"
    assert [count for count in compared if count] == [9] * (COMPARED - 1) + [PARTS]
