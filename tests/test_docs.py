"""The README says what is true."""

import re

from conftest import ROOT

from cli import app
from settings import Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_is_short() -> None:
    """At most 600 words."""
    assert len(README.split()) <= 600


def test_every_setting_is_listed_with_its_default() -> None:
    """docs/settings.md has exactly the settings, and the defaults that can be written down."""
    settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", settings, re.MULTILINE))
    assert list(rows) == list(Settings.model_fields)
    for name in ("index", "encoder", "precision", "host", "port", "workers", "rate_limit"):
        assert rows[name] == f"`{Settings.model_fields[name].default}`"


def test_the_readme_s_commands_exist() -> None:
    """Every `rinvio` command in the README is one of the commands; every make target too."""
    commands = {info.name or info.callback.__name__ for info in app.registered_commands}
    assert set(re.findall(r"rinvio ([\w-]+)", README)) <= commands
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make (\w+)", README)) <= targets


def test_links_lead_to_files() -> None:
    """Every relative link and picture of the README is there."""
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / target).stat().st_size > 0, target
