"""Which language a question is taken to be in."""

import pytest

from corpus.language import detect_language


@pytest.mark.parametrize(
    ("text", "likely", "language"),
    [
        ("Dove ha sede Energiprojekt AB?", ("en", "it"), "it"),
        ("asdf qwer zxcv", ("en", "it"), "en"),
        ("Was hat Baltimore übernommen?", ("en", "it"), "de"),
        ("12 + 30 = ?", (), "en"),
        ("Who leads Città Metropolitana di Torino?", ("en", "it"), "en"),
        ("What's Casa del Quartiere?", ("en", "it"), "en"),
        ("Chi dirige la Nordsee Towns Foundation?", ("en", "it"), "it"),
        ("Wo ist Palazzo Vecchio?", ("de", "en", "it"), "de"),
        ("Was Elena Fabbri the mayor of Torino?", ("de", "en", "it"), "en"),
        ("Quand'è la festa di San Giovanni?", ("en", "it"), "it"),
        ("Qui a Torino quanto costa il tram?", ("en", "it"), "it"),
        ("Qui est le maire de Turin?", ("en", "it"), "fr"),
        ("wat is the deadline of the call", ("en", "it"), "en"),
    ],
)
def test_an_unsure_guess_goes_to_a_likely_language(
    text: str, likely: tuple[str, ...], language: str
) -> None:
    """A short text counts as one of the likely languages, a clear one as what it is.

    Names tell less than the word that asks.
    """
    assert detect_language(text, likely, asked=True) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Come to the library on Mondays.", "en"),
        ("Comment cards were collected by the staff in all the branches.", "en"),
    ],
)
def test_a_statement_is_in_no_language_for_its_first_word(text: str, language: str) -> None:
    """The words of a quote tell its language, also where the first one asks in another."""
    assert detect_language(text, ("en", "it")) == language


@pytest.mark.parametrize(
    ("shares", "language"),
    [
        ({"fr": 0.0, "en": 0.5, "it": None}, "en"),
        ({"fr": 0.5, "en": 0.5, "it": None}, "fr"),
        ({"fr": None, "en": 1.0, "it": None}, "fr"),
    ],
)
def test_of_the_documents_languages_that_of_the_words_is_likeliest(
    shares: dict[str, float | None], language: str
) -> None:
    """Where the first guess is one of them; a question may be in another."""
    assert detect_language("programme of COOLSTREETS", tuple(shares)) == "fr"
    told = detect_language("programme of COOLSTREETS", tuple(shares), lambda _, code: shares[code])
    assert told == language
