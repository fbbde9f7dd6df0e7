"""How the language of a question and that of a passage meet: what judges the two depends on it."""

from typing import Literal

Relation = Literal["english", "same_language", "other_language"]


def relation_of(question_language: str, same_language: bool) -> Relation:
    """Both English, both the same other one, or not the same."""
    if not same_language:
        return "other_language"
    return "english" if question_language == "en" else "same_language"
