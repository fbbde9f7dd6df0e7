"""Two names in each other's place."""

import pytest

from qa.roles import with_exchanged_roles

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
        (
            "what did torino city lab adopt from baltimore?",
            "what did baltimore adopt from torino city lab?",
        ),
    ],
)
def test_the_first_and_the_last_name_change_places(question: str, exchanged: str) -> None:
    """Whole names, without their possessive s; without capitals, the names of the text."""
    assert with_exchanged_roles(question, TEXT) == exchanged
    assert with_exchanged_roles(exchanged, TEXT) == question


@pytest.mark.parametrize(
    "question",
    [
        "",
        "What did the mayor of Turin adopt?",
        "Where is what was adopted?",
        "What did Turin adopt from the City of Turin?",
        "what did bologna adopt from oslo?",
    ],
)
def test_one_name_has_no_other_place(question: str) -> None:
    """Nor has a name within the other, nor small letters that the text does not know."""
    assert with_exchanged_roles(question, TEXT) is None
