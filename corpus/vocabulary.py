"""The words of a language: those of the texts that Punkt was trained on."""

from functools import lru_cache

from corpus.importing import not_imported
from corpus.language import LANGUAGES

CLOSED = ("da", "de", "et", "fi", "nl", "no", "sv")  # write compounds as one word


@lru_cache(maxsize=len(LANGUAGES))
def vocabulary(language: str) -> frozenset[str]:
    """The words, in small letters, of a language (ISO 639-1) that has hyphens in compounds.

    Some tens of thousands, compounds and their parts among them (self-made, self); none of a
    language that joins its compounds, or for which Punkt has no parameters.
    """
    if language not in LANGUAGES or language in CLOSED:
        return frozenset()
    with not_imported("scipy", "sklearn"):  # as where Punkt is made
        from punkt.data import load_module

    words: dict[str, int] = load_module(LANGUAGES[language]).ORTHO_CONTEXT
    return frozenset(words).union(*(word.split("-") for word in words))
