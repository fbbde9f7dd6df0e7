"""Which names of a question are said to be in no document: only those that surely are not."""

from pathlib import Path

import pytest
from fakes import build_fake, documents_of, open_fake

from qa.answer import Answer
from qa.features import unknown_names
from qa.question import as_read
from views.strings import unmentioned

ENGLISH = (
    "The Ministry paid 30,000 euros to Turin in 2019. Twelve U.S. cities joined the U.K. plan. "
    "In the 1970s it bought a 120kW engine."
)
BROKEN = (
    "The Stadt-\nwerke of the quarter of Con\u00adne\u00adwitz paid Annika Böhm 11.60 euros, "
    "and 1,250,000 euros in all."
)
NOTED = (
    "The council approved it on 14.05.2021 at 12.30, with T.A.R. and for 300 tonnes of CO₂. "
    "Anna Rossi gave € 312\u2009500 in 2023/2024, 96\u00a0     000 and "
    "1.200,50 later; her number is +39 051 219 3111."
)
TIMED = (
    "The desk is open until 10 p.m., buses leave at 13:20, the bar closes at 1.15 p.m. or 09:30."
)
ITALIAN = "Il Comune di Torino ha pagato 30.000 euro alla Germania nel 2019."


@pytest.mark.parametrize(
    ("written", "language", "question", "names"),
    [
        ("en", "en", "What did Bologna pay?", ["Bologna"]),
        ("en", "en", "What is Bologna's budget?", ["Bologna"]),
        ("en", "en", "What is Torino's budget in 2019?", []),
        ("en", "en", "What did the 12 U.S. cities pay in 2021?", ["12", "2021"]),
        ("en", "en", "Is it in Turin. Please say so.", []),
        ("en", "en", "Was it 120 kW in 1970 or 121 kW in 1971?", ["121", "1971"]),
        ("en", "en", "Who paid 30000 or 30.000 or 30,000 or 30,001 euros?", ["30,001"]),
        ("en", "it", "Che cosa ha pagato il Ministero a Bologna nel 2021?", ["Bologna", "2021"]),
        ("it", "en", "What did Germany pay Turin in January?", []),
        ("it", "it", "Che cosa ha pagato il Ministero a Torino?", ["Ministero"]),
        ("it", "de", "Was hat die Stadt Bologna bezahlt?", []),
        ("en", "en", "Dear Sir or Madam, my name is Rossi. Did Turin pay?", []),
        ("broken", "en", "Who is Bohm, who is Boehm, who is Böhm, who is Bihm?", ["Bihm"]),
        ("broken", "en", "What do Stadtwerke and Connewitz pay?", []),
        ("broken", "en", "Is it 11,60 or 11.60 or 11.61 euros?", ["11.61"]),
        ("broken", "en", "Who paid 1 250 000 or 1.25 million or 1 250 001?", ["1250001"]),
        ("en", "en", "What happened on 30.06.2018, 30/6/18 and 1-2-2018 in 2021?", ["2021"]),
        ("noted", "en", "Was it at 12:30 in 2021, or on 14 May, or at 12:40?", ["12:40"]),
        ("noted", "en", "How much CO2 did the TAR or the T.A.R. or the TUR save?", ["TUR"]),
        ("noted", "en", "Did Mr Rossi give EUR 312,500 in 2023/24 or in 2024/25?", ["2024/25"]),
        ("noted", "en", "Is it 96,000 or 96.000 or 96,001?", ["96,001"]),
        ("noted", "en", "Is it 1,200.50 or 1200.50 or 1.200,60?", ["1.200,60"]),
        ("noted", "it", "Chi regola il D.Lgs. 267/2000 di S.Giovanni?", []),
        ("rows", "en", "Were 1,250 people there, 150 buses, or 25 000 or 1 251?", ["1251"]),
        ("noted", "en", "Who answers at 051 219 3111 or 051 219 3112?", ["3112"]),
        ("timed", "en", "Do buses leave at 1.20 pm, 01:20 p.m. or 13.20, or at 13:40?", ["13:40"]),
        ("timed", "en", "Is it 13:15, 1.15 or 10, 22:00, 9.30 a.m. or 15.15?", ["15.15"]),
        ("timed", "it", "Chi apre alle 09.30 o 01.15, 11 p.m.i. o 10 pm?", ["11"]),
        ("both", "en", "Did the Ministry or the Commune of Bologna pay?", ["Bologna"]),
    ],
)
def test_a_name_is_missing_only_where_no_spelling_of_it_is_there(
    tmp_path: Path, written: str, language: str, question: str, names: list[str]
) -> None:
    """Cities and numbers in any language, other names in the documents' own."""
    texts = {"en": [ENGLISH], "it": [ITALIAN], "both": [ENGLISH, ITALIAN], "broken": [BROKEN]}
    texts |= {"noted": [NOTED], "timed": [TIMED]}
    texts |= {"rows": ["In 2019 1,250 people and 25 000 came. Buses 12 150 210"]}
    files = {f"{number}.txt": text for number, text in enumerate(texts[written])}
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", files))
    assert unknown_names(open_fake(tmp_path / "i").generation, question, language) == names


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("WHO SPONSORED THE SUMMIT?", "who sponsored the summit?"),
        ("How Many Local Actors Took Part In It?", "how many local actors took part in it?"),
        (
            "Chi Ha Pagato Il Summit Nella Nostra Sede?",
            "chi ha pagato il summit nella nostra sede?",
        ),
        (
            "Did the Open Innovation Summit take place?",
            "Did the Open Innovation Summit take place?",
        ),
        ("Accelerate Baltimore Torino City Lab", "Accelerate Baltimore Torino City Lab"),
        ("Where is The Hague?", "Where is The Hague?"),
    ],
)
def test_capitals_that_tell_no_names_are_not_read(question: str, read: str) -> None:
    """Of a question all in capitals, or written like a title."""
    assert as_read(question) == read


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Bologna",), "I documenti non menzionano Bologna."),
        (("Bologna", "Palermo"), "I documenti non menzionano Bologna né Palermo."),
        (("Bari", "Pisa", "Roma"), "I documenti non menzionano Bari, Pisa né Roma."),
        ((), ""),
    ],
)
def test_names_are_listed_as_people_do(names: tuple[str, ...], said: str) -> None:
    """The last one joined by a word."""
    answer = Answer("?", "it", False, 0.1, "name_not_found", names, None, (), "v")
    assert unmentioned(answer, "it") == said
