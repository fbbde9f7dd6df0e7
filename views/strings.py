"""The sentences that people read, in English and Italian."""

import math
import re
import tomllib
from functools import lru_cache
from pathlib import Path

from qa.answer import Answer
from qa.engine import PAGE_LANGUAGES

Strings = dict[str, str]


@lru_cache(maxsize=1)
def all_strings() -> dict[str, Strings]:
    """Every string by language and key."""
    text = Path(__file__).with_name("strings.toml").read_text(encoding="utf-8")
    strings: dict[str, Strings] = tomllib.loads(text)
    return strings


def strings(language: str) -> Strings:
    """The strings of `language`, English for any other."""
    return all_strings().get(language, all_strings()["en"])


def page_language(chosen: str | None, accept_language: str) -> str:
    """The language that was chosen, else the best of an Accept-Language header that is there."""
    accepted = re.sub(r"\s", "", accept_language.lower())
    ranges = [part.partition(";q=") for part in accepted.split(",")]
    wanted = sorted(
        (part for part in ranges if _weight(part[2]) > 0),
        key=lambda part: -_weight(part[2]),  # stable: equals keep their order
    )
    codes = ((chosen or "")[:2].lower(), *(part[0][:2] for part in wanted))
    return next((code for code in codes if code in PAGE_LANGUAGES), PAGE_LANGUAGES[0])


def _weight(text: str) -> float:
    """The weight of a language range, 1 when it has none."""
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


def refusal(answer: Answer, language: str) -> str:
    """Why the documents do not answer, in words."""
    return strings(language)[str(answer.reason)].format(names=_names(answer, language))


def unmentioned(answer: Answer, language: str) -> str:
    """That no document holds some of the question's names, in words; "" where all are held."""
    names = _names(answer, language)
    return strings(language)["name_not_found"].format(names=names) if names else ""


def _names(answer: Answer, language: str) -> str:
    """The names that no document holds, as they are listed: "Bologna, Palermo or Lyon"."""
    *others, last = answer.names_not_found or ("",)
    return strings(language)["or"].join(filter(None, (", ".join(others), last)))


def confidence_key(confidence: float) -> str:
    """The key of the words for a probability."""
    if confidence >= 0.9:
        return "confidence_high"
    return "confidence_middle" if confidence >= 0.7 else "confidence_low"


def percent(confidence: float) -> int:
    """A probability in percent, rounded down: no more than its words say, and never certain."""
    return min(int(round(confidence * 100, 6)), 99)


def language_name(code: str, language: str) -> str:
    """How a page says which language a document is in; nothing where it has no word for it."""
    return strings(language).get(f"language_{code}", "")


def duration(seconds: int, words: Strings) -> str:
    """A time to wait in its largest full unit, in words, which are read aloud as they stand."""
    for unit, length in (("hours", 3600), ("minutes", 60)):
        if seconds > length:
            return f"{math.ceil(seconds / length)} {words[unit]}"
    return f"{seconds} {words['second' if seconds == 1 else 'seconds']}"
