"""The halves of an index that are searched: vectors against numpy, BM25 against its formula."""

import math
import random
from pathlib import Path

import bm25s
import faiss
import numpy as np
import pytest

from index.arrays import write_array
from index.lexical import Lexical, stems
from index.names import TABLE, canonical
from index.stems import SentenceStems, write_stems
from index.vectors import PassageVectors, quantised, restored, write_passages
from index.words import Worded, write_lexical


def unit_vectors(count: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def lexical_of(folder: Path, texts: list[tuple[str, str]]) -> Lexical:
    write_lexical(folder, [Worded(language, [text], [("", 0, 0)]) for text, language in texts])
    return Lexical(folder)


def test_search_agrees_with_numpy(tmp_path: Path) -> None:
    """FAISS gives the rows and cosines that a plain product and sort give, saved and loaded."""
    vectors, questions = unit_vectors(50, 1), unit_vectors(5, 2)
    write_passages(tmp_path, [vectors[:20], vectors[20:]], vectors.shape)
    loaded = PassageVectors(tmp_path)
    for question in questions:
        rows, cosines = loaded.search(question, 7)
        expected = np.argsort(-(vectors @ question), kind="stable")[:7]
        assert rows.tolist() == expected.tolist()
        np.testing.assert_allclose(cosines, (vectors @ question)[expected], rtol=1e-5)
        np.testing.assert_allclose(loaded.cosines(question, rows), cosines, rtol=1e-5)


@pytest.mark.parametrize("rows", [1, 50, 700])
def test_vectors_are_written_as_their_libraries_would(tmp_path: Path, rows: int) -> None:
    """Block by block, the files are those of faiss.write_index and numpy.save, byte for byte."""
    vectors = unit_vectors(rows, 1)
    index = faiss.IndexFlatIP(16)
    index.add(vectors)
    faiss.write_index(index, str(tmp_path / "whole.faiss"))
    write_passages(tmp_path, np.array_split(vectors, 7), vectors.shape)
    assert (tmp_path / "passages.faiss").read_bytes() == (tmp_path / "whole.faiss").read_bytes()
    np.save(tmp_path / "whole.npy", vectors)
    write_array(tmp_path / "blocks.npy", np.array_split(vectors, 7), np.float32, (16,))
    assert (tmp_path / "blocks.npy").read_bytes() == (tmp_path / "whole.npy").read_bytes()


@pytest.mark.parametrize("at_a_time", [3, 1000])
def test_words_are_sorted_as_bm25s_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_a_time: int
) -> None:
    """However few are counted and sorted at a time, bm25s' own index has the same numbers."""
    monkeypatch.setattr("index.postings.TEXTS", at_a_time)
    monkeypatch.setattr("index.postings.POSTINGS", at_a_time)
    chance = random.Random(3)
    words = [f"word{'x' * number}" for number in range(9)]
    texts = [" ".join(chance.choices(words, k=chance.randrange(12))) for _ in range(40)]
    lexical = lexical_of(tmp_path, [(text, "sl") for text in texts])
    rows = [[lexical.number(stem, "sl") for stem in stems(text, "sl")] for text in texts]
    theirs = bm25s.BM25(k1=1.5, b=0.75, method="lucene")
    vocabulary = {f"sl:{word}": lexical.number(word, "sl") for word in words}
    theirs.index((rows, vocabulary), create_empty_token=False, show_progress=False)
    for name, values in theirs.scores.items():
        ours = bm25s.BM25.load(tmp_path / "lexical").scores[name]
        np.testing.assert_allclose(ours, values, rtol=1e-6)
        assert np.asarray(ours).dtype == np.asarray(values).dtype


def own_memory() -> int:
    """Bytes of memory that are this process's own, not a mapped file's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) * 1024


@pytest.mark.skipif(not Path("/proc").exists(), reason="only Linux says what memory is mapped")
def test_vectors_are_mapped_rather_than_read(tmp_path: Path) -> None:
    """Opening a file of 64 MB takes no memory of its own: processes share the file's."""
    vectors = unit_vectors(1_000_000, 1)
    write_passages(tmp_path, [vectors], vectors.shape)
    first = vectors[0].copy()
    before = own_memory()
    loaded = PassageVectors(tmp_path)
    assert own_memory() - before < vectors.nbytes / 8
    assert loaded.search(first, 1)[0].tolist() == [0]


def three(folder: Path) -> PassageVectors:
    write_passages(folder, [unit_vectors(3, 1)], (3, 16))
    return PassageVectors(folder)


def test_search_returns_no_more_than_there_is(tmp_path: Path) -> None:
    """K above the count gives every passage once, never a row -1."""
    rows, _ = three(tmp_path).search(unit_vectors(1, 2)[0], 10)
    assert sorted(rows.tolist()) == [0, 1, 2]


def test_search_refuses_another_dimension(tmp_path: Path) -> None:
    """A vector of the wrong size is a ValueError that names both sizes."""
    with pytest.raises(ValueError, match=r"16 numbers.*\(3,\)"):
        three(tmp_path).search(np.ones(3, np.float32), 1)


def test_quantised_vectors_keep_their_direction() -> None:
    """int8 rows restore to unit vectors within a cosine of 0.999."""
    vectors = unit_vectors(100, 3)
    back = restored(quantised(vectors))
    assert float((vectors * back).sum(axis=1).min()) > 0.999
    np.testing.assert_allclose(np.linalg.norm(back, axis=1), 1, rtol=1e-5)


def test_lexical_scores_are_bm25(tmp_path: Path) -> None:
    """Scores are Lucene's BM25 (k1 1.5, b 0.75) over stems."""
    texts = ["tram tram harbour", "harbour pool", "pool roof bicycle bridge"]
    lexical = lexical_of(tmp_path, [(text, "en") for text in texts])
    lengths = [len(stems(text, "en")) for text in texts]
    average = sum(lengths) / 3

    def bm25(word: str, row: int) -> float:
        holders = sum(word in stems(text, "en") for text in texts)
        count = stems(texts[row], "en").count(word)
        rarity = math.log(1 + (3 - holders + 0.5) / (holders + 0.5))
        return rarity * count / (count + 1.5 * (0.25 + 0.75 * lengths[row] / average))

    expected = [bm25("tram", row) + bm25("harbour", row) for row in range(3)]
    np.testing.assert_allclose(lexical.scores("Trams, harbours?"), expected, rtol=1e-5)


def test_a_word_is_looked_up_among_passages(tmp_path: Path) -> None:
    """`stands_in` is true where one of the passages holds the stem in that language."""
    texts = [("tram harbour", "en"), ("harbour", "en"), ("tram", "it"), ("pool tram", "en")]
    lexical = lexical_of(tmp_path, texts)
    for numbers in ([0], [1], [2], [3], [1, 2], [2, 3], [1, 2, 3]):
        expected = any(texts[n][1] == "en" and "tram" in texts[n][0] for n in numbers)
        assert lexical.stands_in("tram", "en", np.array(numbers)) == expected
    assert not lexical.stands_in("bicycle", "en", np.array([0]))


@pytest.mark.parametrize("question", ["???", "who is it?", "e il la lo", "", "xyzzy"])
def test_lexical_knows_questions_without_words(tmp_path: Path, question: str) -> None:
    """Punctuation, stop words and unknown words score 0 everywhere."""
    texts = [("The tram runs.", "en"), ("Il tram passa ogni dieci minuti.", "it")]
    lexical = lexical_of(tmp_path, texts)
    assert lexical.scores(question).tolist() == [0, 0]


def test_a_city_has_one_name_in_every_language() -> None:
    """Turin and Torino, Baltimore and Baltimora, Milan and Milano meet; ordinary words do not."""
    for names in ("Turin Torino", "Baltimore Baltimora", "Milan Milano", "Genoa Genova"):
        english, italian = (stems(name, "en")[0] for name in names.split())
        assert english == italian
    assert stems("pari", "it") != stems("Parigi", "it")


@pytest.mark.parametrize(
    "names", ["Venice Venezia Venedig", "Mantua Mantova", "Cologne Colonia Köln", "Seoul Seul"]
)
def test_a_smaller_or_differently_spelt_city_has_one_name_too(names: str) -> None:
    """A city of few people that many languages name, and one whose name is a word elsewhere."""
    assert len({stems(name, "en") for name in names.split()}) == 1


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Venice", "Dayton"),
        ("Olbia", "Antalya"),
        ("Sparta", "Isparta"),
        ("Canton", "Guangzhou"),
        ("Augusta", "Augsburg"),
        ("Alessandria", "Alexandria"),
        ("Costanza", "Constanţa"),
    ],
)
def test_no_city_is_called_by_the_name_of_another(name: str, other: str) -> None:
    """Not even where the larger one was once called so, or both are in some language."""
    assert stems(name, "en") != stems(other, "en")


@pytest.mark.parametrize(
    "word", ["gums", "limo", "luck", "pets", "gran", "lontra", "pecora", "pesto", "sala"]
)
def test_an_ordinary_word_is_no_city(word: str) -> None:
    """English and Italian words are left out, whichever city some language calls so."""
    assert canonical(word) is None


def test_a_name_stands_for_one_city() -> None:
    """No name is in two rows of the table, where the later would take it."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    names = [name for line in lines if not line.startswith("#") for name in line.split("\t")]
    assert len({*names}) == len(names)


def test_a_turkish_capital_is_one_letter() -> None:
    """İstanbul is the same word however it is typed."""
    assert len({tuple(stems(name, "en")) for name in ("İstanbul", "Istanbul", "istanbul")}) == 1


def test_each_language_has_its_own_stems(tmp_path: Path) -> None:
    """A question finds Italian passages by Italian stems and English ones by English stems."""
    texts = [("The bridges are old.", "en"), ("I ponti sono vecchi.", "it")]
    lexical = lexical_of(tmp_path, texts)
    assert np.flatnonzero(lexical.scores("bridge")).tolist() == [0]
    assert np.flatnonzero(lexical.scores("ponte")).tolist() == [1]


def test_sentences_gain_the_weights_of_their_stems(tmp_path: Path) -> None:
    """Known stems count, unknown ones and empty sentences do not, in any order."""
    held = [[1, 4, 9], [], [4], [2, 3], []]
    write_stems(tmp_path, [*map(len, held)], [np.array(row, np.int32) for row in held])
    weights = {4: 2.0, 9: 0.5, 3: 1.0, 7: 100.0}
    loaded = SentenceStems.load(tmp_path)
    rows = np.array([1, 2, 3, 0, 1, 4])
    expected = [sum(weights.get(stem, 0) for stem in held[row]) for row in rows]
    assert loaded.sums(rows, weights).tolist() == expected
    assert loaded.sums(rows, {}).tolist() == [0] * 6
