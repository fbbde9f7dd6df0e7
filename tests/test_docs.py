"""The README and the operators' documentation say what is true."""

import configparser
import re
import shlex
from dataclasses import fields
from pathlib import Path

import typer
from conftest import ROOT
from typer.testing import CliRunner

from api import create_app
from cli import REFUSED, WRONG, app
from evaluation.acceptance import read_questions
from index.build import BuildReport
from qa.confidence import Confidence
from settings import Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
SERVING = OPERATING.split("\n## Serving\n")[1].split("\n## ")[0]
REBUILDING = OPERATING.split("\n## Rebuilding\n")[1].split("\n## ")[0]


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
    for name in ("queue", "timeout"):
        assert rows[name] == f"`{Settings.model_fields[name].default:g}`"
    assert rows["threshold"] == f"`{Confidence.load().threshold}`"


def test_the_readme_s_commands_exist() -> None:
    """Every `rinvio` command in the README is one of the commands; every make target too."""
    commands = {info.name or info.callback.__name__ for info in app.registered_commands}
    assert set(re.findall(r"rinvio ([\w-]+)", README)) <= commands
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make (\w+)", README)) <= targets


def test_every_endpoint_stands_in_the_readme() -> None:
    """Those that OpenAPI lists, whatever their parameters are called."""
    paths = {re.sub(r"{[^}]+}", "{}", path) for path in create_app().openapi()["paths"]}
    assert paths <= set(re.split(r"[\s`?]", re.sub(r"{[^}]+}", "{}", README)))


def test_links_lead_to_files() -> None:
    """Every relative link and picture of the README is there."""
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / target).stat().st_size > 0, target


def test_every_option_of_build_is_explained_to_operators() -> None:
    """The section on rebuilding names each option, and no other; each field of the report too."""
    command = typer.main.get_command(app).commands["build"]
    options = {name for option in command.params for name in option.opts} - {"--help"}
    assert set(re.findall(r"`(--[a-z-]+)", REBUILDING)) == options
    assert {field.name for field in fields(BuildReport)} <= set(re.findall(r"`(\w+)`", REBUILDING))


def test_exit_codes_of_build_are_those_documented() -> None:
    """0, an error and a shut gate, each in the table and in --help."""
    rows = re.findall(r"^\| (\d) \| ", REBUILDING, re.MULTILINE)
    assert list(map(int, rows)) == [0, WRONG, REFUSED]
    said = CliRunner().invoke(app, ["build", "--help"]).output
    assert all(f"{code}:" in said for code in rows)


def units_in(section: str) -> list[configparser.ConfigParser]:
    units = []
    for block in re.findall(r"```ini\n(.*?)```", section, re.DOTALL):
        unit = configparser.ConfigParser()
        unit.optionxform = str
        unit.read_string(block)
        units.append(unit)
    return units


def test_the_service_is_started_again_unless_that_is_no_use() -> None:
    """The unit serves, and is restarted after a signal, but not after an error with a cure."""
    (unit,) = units_in(SERVING)
    program, command = shlex.split(unit["Service"]["ExecStart"])
    assert (Path(program).name, command) == ("rinvio", "serve")
    assert unit["Service"]["Restart"] == "always"
    assert unit["Service"]["RestartPreventExitStatus"] == str(WRONG)


def test_the_units_can_be_installed() -> None:
    """The service and the timer are INI files whose commands are commands of Rinvio."""
    service, timer = units_in(REBUILDING)
    (cron,) = re.findall(r"^17 .*&& (.*?) >>", REBUILDING, re.MULTILINE)
    for line in (service["Service"]["ExecStart"], cron):
        program, command, *arguments = shlex.split(line)
        assert (Path(program).name, command) == ("rinvio", "build")
        assert set(arguments[::2]) <= {"--documents", "--gate", "--json"}
    assert service["Service"]["Type"] == "oneshot"
    assert timer["Timer"]["Persistent"] == "true"


def test_the_acceptance_question_shown_can_be_read(tmp_path: Path) -> None:
    """The JSON line of the documentation is one that --gate reads."""
    (line,) = re.findall(r"```json\n(.*?)```", REBUILDING, re.DOTALL)
    path = tmp_path / "questions.jsonl"
    path.write_text(line, encoding="utf-8")
    (query,) = read_questions(path).queries
    assert query.evidence == ("sponsored by the Fondazione Brodolini",)
