"""The commands, their help and what they say."""

import json
from importlib.metadata import version
from pathlib import Path

import pytest
from fakes import TRAM, build_fake, documents_of
from typer.testing import CliRunner

from cli import _exit_code, app
from index.publishing import current
from views.terminal import _print, plain

COMMANDS = ("build", "ask", "serve", "rollback", "info", "verify", "eval", "gaps", "check-embed")
runner = CliRunner()


def run(*arguments: str) -> tuple[int, str]:
    result = runner.invoke(app, arguments)
    return result.exit_code, result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    """--help explains itself and shows a command that can be typed."""
    code, output = run(command, "--help")
    assert code == 0
    assert f"Example: rinvio {command}" in output


def test_the_version_is_the_package_s() -> None:
    """--version names what is installed, and nothing else runs."""
    assert run("--version") == (0, f"rinvio {version('rinvio')}\n")


def test_the_commands_are_these() -> None:
    """The command line offers exactly the documented commands."""
    names = [info.name or info.callback.__name__ for info in app.registered_commands]
    assert sorted(names) == sorted(COMMANDS)


def test_an_answer_is_printed_whole(case_study: Path) -> None:
    """The quote stands on one line, its place on the next; exit code 0."""
    question = "what did Baltimore adopt from Torino City Lab?"
    code, output = run("ask", "--index", str(case_study), question)
    quote, place = output.splitlines()
    assert code == 0
    assert quote.startswith("As a result of the IUC exchange, Baltimore adopted a focus")
    assert quote.endswith("“Torino City Lab”.")
    assert "Social Innovation · characters 168 to 279" in place
    assert " · http://127.0.0.1:8000/read/baltimore-turin?c=c-" in place


def test_a_link_leads_to_where_the_service_listens(
    case_study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address of IPv6 stands in brackets."""
    monkeypatch.setenv("RINVIO_HOST", "::1")
    monkeypatch.setenv("RINVIO_PORT", "8080")
    _, output = run("ask", "--index", str(case_study), "Who sponsored the Open Innovation Summit?")
    assert " · http://[::1]:8080/read/baltimore-turin?c=c-" in output


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How do I renew a passport?", "The documents do not say."),
        ("Qual è la ricetta della bagna cauda?", "I documenti non lo dicono."),
    ],
)
def test_a_refusal_has_its_own_exit_code(case_study: Path, question: str, words: str) -> None:
    """Exit code 1, in plain words of the question's language, with what is nearest."""
    code, output = run("ask", "--index", str(case_study), question)
    assert code == 1
    assert words in output


def test_json_is_the_api_s(case_study: Path) -> None:
    """--json prints what POST /v1/ask answers."""
    from qa.engine import Engine
    from views.schemas import answer_json

    question = "Who sponsored the Open Innovation Summit?"
    code, output = run("ask", "--index", str(case_study), "--json", question)
    assert code == 0
    expected = answer_json(Engine.open(case_study).ask(question)).decode()
    assert output.strip() == expected


def test_json_does_not_command_the_terminal(case_study: Path) -> None:
    """A question's control characters are escaped, and the same when they are read."""
    question = "Who sponsored the Open\x9b31m \u202eInnovation Summit?"
    _, output = run("ask", "--index", str(case_study), "--json", question)
    assert not {*output} & {"\x9b", "\u202e"}
    assert json.loads(output)["question"] == question


def test_a_terminal_shows_words_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """No picture for :phone:, one line end for each of Windows, no line turned round."""
    _print(plain("Call :phone: [now]\r\nor later\x1b[2J \u202e\u2066"))
    assert capsys.readouterr().out == "Call :phone: [now]\nor later\ufffd[2J \ufffd\ufffd\n"


def test_info_and_verify_speak_of_the_served_generation(case_study: Path) -> None:
    """Info names it and what it holds; verify checks every file of it."""
    code, output = run("info", "--index", str(case_study), "--json")
    about = json.loads(output)
    assert (code, about["documents"], about["encoder_name"]) == (0, 1, "e5")
    code, output = run("verify", "--index", str(case_study))
    places = about["passages"] + about["sentences"]
    files = len(about["files"]) + len(about["encoder_files"])
    said = f"{about['index_version']}: {files} files intact, {places} places hold their text.\n"
    assert (code, output) == (0, said)


def test_build_reports_for_scripts(case_study: Path, no_settings: Path) -> None:
    """Build --json prints one line of JSON, whatever else happens on the way."""
    code, output = run("build", "--index", str(case_study), "--json")
    report = json.loads(output)
    assert (code, report["documents"], report["embedded"]) == (0, 1, 0)
    assert report["changed"] is False


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_documents_that_nobody_named_replace_no_others(
    tmp_path: Path, no_settings: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    """An index of somebody's own documents stays unless their folder is named; exit code 2."""
    index = tmp_path / "index"
    build_fake(index, documents_of(tmp_path / "documents", TRAM))
    served = current(index)
    command = ["build", "--index", str(index), *more]
    code = _exit_code(lambda: app(command, standalone_mode=False))
    wrong, cure = capsys.readouterr().err.splitlines()
    assert (code, current(index)) == (2, served)
    assert "of other documents (tram, ...)" in wrong
    assert "--documents" in cure
    held = index / "generations" / served / "documents.sqlite"
    for damage in (b"", b"?" * held.stat().st_size):  # then nobody knows whose they are
        whole = held.read_bytes()
        held.write_bytes(damage)
        assert _exit_code(lambda: app(command, standalone_mode=False)) == 2
        assert "may be of other documents" in capsys.readouterr().err
        held.write_bytes(whole)
    (index / "CURRENT").unlink()  # then neither: a copy of the index that ended early
    assert _exit_code(lambda: app(command, standalone_mode=False)) == 2
    assert "rinvio rollback --to" in capsys.readouterr().err
    assert (index / "generations" / served).is_dir()


def test_build_shows_a_summary(case_study: Path, no_settings: Path) -> None:
    """Without --json, plain lines of progress and a table at the end."""
    code, output = run("build", "--index", str(case_study))
    assert code == 0
    for words in ("index version", "passages", "embedded", "MB"):
        assert words in output
