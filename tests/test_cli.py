"""The commands, their help, their words and their exit codes."""

import json
import os
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from conftest import ROOT
from fakes import TRAM, build_fake, documents_of
from typer.testing import CliRunner

from cli import _exit_code, app
from corpus.errors import GenerationError
from index.publishing import current, rollback
from settings import check_writable
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


def test_errors_end_with_their_cure(no_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2; what is wrong and what to do, on two lines, without a traceback."""
    code = _exit_code(lambda: app(["ask", "tram?"], standalone_mode=False))
    wrong, cure = capsys.readouterr().err.splitlines()
    assert code == 2
    assert wrong == "rinvio: There is no index in data/index."
    assert cure == "Build one: rinvio build --documents FOLDER --index data/index"


@pytest.mark.parametrize(
    "command", [("ask", "tram?"), ("serve",), ("info",), ("verify",), ("rollback",), ("build",)]
)
def test_an_index_that_is_a_file_is_not_to_be_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    """Somebody names a file of their own: the cure is another name."""
    file = tmp_path / "report.txt"
    file.write_text("Annual report", encoding="utf-8")
    code = _exit_code(lambda: app([*command, "--index", str(file)], standalone_mode=False))
    wrong, cure = capsys.readouterr().err.splitlines()
    assert code == 2
    assert wrong == f"rinvio: {file} is not a folder."
    assert cure == "Name the folder of an index, or one to be made: --index DIR"


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (OSError(28, "No space left on device", "x.html"), False),
        (FileNotFoundError(2, "No such file"), True),
        (ValueError("odd"), True),
    ],
)
def test_only_our_faults_are_called_so(
    capsys: pytest.CaptureFixture[str], error: Exception, ours: bool
) -> None:
    """A full disk has a cure and no traceback, whatever met it; a fault has one. Exit code 2."""

    def command() -> None:
        raise error

    code = _exit_code(command)
    said = capsys.readouterr().err
    assert code == 2
    assert ("Traceback" in said, "fault of the program" in said) == (ours, ours)
    assert ("Check free space" in said) == (not ours)


def test_a_closed_pipe_is_an_error() -> None:
    """1 would read as "the documents do not say"."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "cli", "--help"]
    assert subprocess.run(command, cwd=ROOT, stdout=write).returncode == 2
    os.close(write)


def test_what_is_published_is_no_failure() -> None:
    """Though a full disk takes no report of it."""
    code = "from commands.common import published\nwith published(): print('x', flush=True)"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 0
    assert "the index is published; this report cannot be written" in done.stderr


def test_a_reader_who_leaves_is_no_failure_of_what_is_published() -> None:
    """The library that prints tables ends the program at a closed pipe; the index is served."""
    code = (
        "from commands.common import published\nfrom rich.console import Console\n"
        "with published(): Console().print('x')"
    )
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True
    )
    os.close(write)
    assert done.returncode == 0
    assert "the index is published; this report cannot be written" in done.stderr


@pytest.mark.parametrize("ending", [".", "none/report.html"])
def test_a_report_that_cannot_be_written_is_said_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    """A folder, or a file in one that is not there: exit code 2, and the option to change."""
    command = ["eval", "--data", str(tmp_path / "none"), "--html", str(tmp_path / ending)]
    code = _exit_code(lambda: app(command, standalone_mode=False))
    wrong, cure = capsys.readouterr().err.splitlines()
    assert code == 2
    assert "cannot be written" in wrong
    assert "--html" in cure


def test_a_report_that_is_not_written_leaves_no_file(tmp_path: Path) -> None:
    """Whether it could be is tried without leaving an empty one, or touching one that is there."""
    new, old = tmp_path / "new.html", tmp_path / "old.html"
    old.write_text("old")
    for path in (new, old):
        check_writable(path)
    assert not new.exists()
    assert old.read_text() == "old"


def test_an_address_in_use_is_said_at_once(
    case_study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is loaded before it is known that nothing can listen there; exit code 2, the cure."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = ["serve", "--index", str(case_study), "--port", port]
        code = _exit_code(lambda: app(command, standalone_mode=False))
    wrong, cure = capsys.readouterr().err.splitlines()
    assert code == 2
    assert (
        wrong == f"rinvio: Nothing can listen at 127.0.0.1, port {port} (Address already in use)."
    )
    assert "--port" in cure


def test_a_terminal_shows_words_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """No picture for :phone:, and one line end for each of a file from Windows."""
    _print(plain("Call :phone: [now]\r\nor later\x1b[2J"))
    assert capsys.readouterr().out == "Call :phone: [now]\nor later\ufffd[2J\n"


def test_going_back_nowhere_says_so(tmp_path: Path, case_study: Path) -> None:
    """What is served already is said to be; an index that is not there is not made."""
    served = current(case_study)
    result = CliRunner().invoke(app, ["rollback", "--index", str(case_study), "--to", served])
    assert result.output == f"{served} is served already.\n"
    with pytest.raises(GenerationError, match="There is no index"):
        rollback(tmp_path / "none")
    assert not (tmp_path / "none").exists()


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
