"""What may be asked: the limits of a question."""

import re

from corpus.errors import QuestionError
from corpus.language import LANGUAGES
from index.lexical import stop_words

QUESTION_LIMIT = 1000  # characters
K_LIMIT = 100
NOT_UNICODE = ("The question is not valid Unicode.", "Send it as UTF-8.")
WORD = re.compile(r"[^\W\d_][\w’'-]*")
LONG, SEVERAL = 4, 4  # letters of a word that titles begin with a capital, and such words


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
        raise QuestionError(*NOT_UNICODE)
    if not 1 <= k <= K_LIMIT:
        raise QuestionError(f"k is {k}.", f"Ask for 1 to {K_LIMIT} passages.")
    if language is not None and language not in LANGUAGES:
        raise QuestionError(
            f"The language {language!r} is not known.", f"Use one of {', '.join(LANGUAGES)}."
        )


def as_read(question: str) -> str:
    """The question in small letters where its capitals tell no names: all of it, Or Like A Title.

    A title has all its long words in capitals, and behind the first word one that says nothing.
    """
    words = WORD.findall(question)
    long = [word for word in words if len(word) >= LONG]
    empty = stop_words("en") | stop_words("it")
    titled = (
        len(long) >= SEVERAL
        and all(word[0].isupper() for word in long)
        and any(word[0].isupper() and word.lower() in empty for word in words[1:])
    )
    return question.lower() if titled or question.isupper() else question
