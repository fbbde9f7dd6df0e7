"""Makes questions that the documents do not answer out of questions that they do."""

import random
import re

from qa.features import names_of


def with_exchanged_name(question: str, pool: list[str], chance: random.Random) -> str | None:
    """One name or number replaced by another of its kind from `pool`; None without any."""
    names = names_of(question)
    if not names:
        return None
    name = chance.choice(names)
    alike = [other for other in pool if other[0].isdigit() == name[0].isdigit() and other != name]
    return question.replace(name, chance.choice(alike), 1) if alike else None


def with_exchanged_roles(question: str, chance: random.Random) -> str | None:
    """Two names of the question in each other's place; None with fewer than two."""
    names = sorted({name for name in names_of(question) if not name[0].isdigit()})
    if len(names) < 2:
        return None
    first, second = chance.sample(names, 2)
    other = {first: second, second: first}
    pattern = re.compile(rf"(?<!\w)(?:{re.escape(first)}|{re.escape(second)})(?!\w)")
    exchanged = pattern.sub(lambda match: other[match[0]], question)
    return exchanged if exchanged != question else None
