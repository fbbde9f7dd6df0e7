"""What may be asked: the limits of a question."""

from corpus.errors import QuestionError
from corpus.language import LANGUAGES

QUESTION_LIMIT = 1000  # characters
K_LIMIT = 100


def check_question(question: str, k: int, language: str | None) -> None:
    """QuestionError when a question, a number of passages or a language is out of bounds."""
    if not question.strip():
        raise QuestionError("The question is empty.", "Ask one in a sentence.")
    if len(question) > QUESTION_LIMIT:
        raise QuestionError(
            f"The question has {len(question)} characters, more than {QUESTION_LIMIT}.",
            "Ask one thing in a sentence or two.",
        )
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("The question is not valid Unicode.", "Send it as UTF-8.")
    if not 1 <= k <= K_LIMIT:
        raise QuestionError(f"k is {k}.", f"Ask for 1 to {K_LIMIT} passages.")
    if language is not None and language not in LANGUAGES:
        raise QuestionError(
            f"The language {language!r} is not known.", f"Use one of {', '.join(LANGUAGES)}."
        )
