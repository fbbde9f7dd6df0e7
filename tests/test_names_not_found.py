"""Which names of a question are said to be in no document: only those that surely are not."""

from pathlib import Path

import pytest
from fakes import build_fake, documents_of, open_fake

from qa.features import unknown_names

ENGLISH = (
    "The Ministry paid 30,000 euros to Turin in 2019. Twelve U.S. cities joined the U.K. plan."
)
BROKEN = (
    "The Stadt-\nwerke of the quarter of Con\u00adne\u00adwitz paid Annika Böhm 11.60 euros, "
    "and 1,250,000 euros in all."
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
        ("both", "en", "Did the Ministry or the Commune of Bologna pay?", ["Bologna"]),
    ],
)
def test_a_name_is_missing_only_where_no_spelling_of_it_is_there(
    tmp_path: Path, written: str, language: str, question: str, names: list[str]
) -> None:
    """Cities and numbers in any language, other names in the documents' own."""
    texts = {"en": [ENGLISH], "it": [ITALIAN], "both": [ENGLISH, ITALIAN], "broken": [BROKEN]}
    files = {f"{number}.txt": text for number, text in enumerate(texts[written])}
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", files))
    assert unknown_names(open_fake(tmp_path / "i").generation, question, language) == names
