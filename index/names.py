"""Lets the names that a city has in several languages meet: Torino and Turin are one word."""

from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("city_names.tsv")


def canonical(word: str) -> str | None:
    """The one name that stands for all names of a city, None when `word` (casefolded) is none."""
    return _table().get(word)


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {name: row[0] for row in rows for name in row}
