"""Two names in each other's place."""

import pytest

from qa.roles import as_written, names_in, with_exchanged_roles

TEXT = "In 2019 the city of Baltimore adopted a programme from Torino City Lab, in Turin."


@pytest.mark.parametrize(
    ("question", "exchanged"),
    [
        ("What did Turin adopt from Baltimore?", "What did Baltimore adopt from Turin?"),
        ("What did Rome’s mayor ask Oslo's?", "What did Oslo’s mayor ask Rome's?"),
        ("Cosa ha preso Torino da Open Works?", "Cosa ha preso Open Works da Torino?"),
        (
            "Did Bo of Turin see Al in the City of Rome?",
            "Did City of Rome see Al in the Bo of Turin?",
        ),
        ("Baltimore took what from Turin?", "Turin took what from Baltimore?"),
    ],
)
def test_the_first_and_the_last_name_change_places(question: str, exchanged: str) -> None:
    """Whole names, without their possessive s; the first word where the text has it as a name."""
    assert with_exchanged_roles(question, TEXT) == exchanged
    assert with_exchanged_roles(exchanged, TEXT) == question


@pytest.mark.parametrize(
    "question",
    [
        "",
        "What did the mayor of Turin adopt?",
        "Where is what was adopted?",
        "What did Turin adopt from the City of Turin?",
        "what did baltimore adopt from turin?",
    ],
)
def test_one_name_has_no_other_place(question: str) -> None:
    """Nor has a name within the other, nor are small letters a name."""
    assert with_exchanged_roles(question, TEXT) is None


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("what did torino city lab tell baltimore?", "What did Torino City Lab tell Baltimore?"),
        ("is it in the city?", "Is it in the city?"),
        ("what of Turin and baltimore?", "What of Turin and baltimore?"),
        ("ß in turin?", "SS in Turin?"),
        ("", ""),
    ],
)
def test_small_letters_are_read_as_the_text_writes_its_names(question: str, written: str) -> None:
    """Somebody who types no capitals asks the same; capitals that are there are left alone."""
    assert as_written(question, TEXT) == written


def test_names_stand_in_quotes_and_not_at_the_beginning() -> None:
    """A capital after a full stop, or a quote after it, need not be a name."""
    text = "He liked the “Torino City Lab”. “The rest” he did not. Rome (Italy) was far."
    assert [text[start:end] for start, end in names_in(text)] == ["Torino City Lab", "Italy"]
