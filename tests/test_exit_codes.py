"""What a command says, and ends with, where it cannot do what it was told."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from test_cli import run
from typer.testing import CliRunner

from cli import _exit_code, app
from commands.common import check_writable
from corpus.errors import GenerationError
from index.publishing import current
from index.rollback import rollback
from settings import SHIPPED_DOCUMENTS

ASKED = "what did Baltimore adopt from Torino City Lab?"


def test_errors_end_with_their_cure(no_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2; what is wrong and what to do, on two lines, without a traceback."""
    code = _exit_code(lambda: app(["ask", "tram?"], standalone_mode=False))
    wrong, cure = capsys.readouterr().err.splitlines()
    assert code == 2
    assert wrong == "rinvio: There is no index in data/index."
    assert cure == "Build one: rinvio build --documents FOLDER --index data/index"


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "tram?"),
        ("serve",),
        ("info",),
        ("verify",),
        ("rollback",),
        ("build",),
        ("build", "--documents", str(SHIPPED_DOCUMENTS)),
    ],
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
        (OSError(5, "Input/output error", "CURRENT"), False),
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


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_any_terminal_shows_the_answer(case_study: Path, options: list[str]) -> None:
    """One that is not UTF-8 shows its own marks for the others; JSON is always UTF-8."""
    command = [sys.executable, "-m", "cli", "ask", "--index", str(case_study), *options, ASKED]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    assert done.returncode == 0
    assert ("“Torino City Lab”" if options else "?Torino City Lab?") in done.stdout.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_what_is_published_is_no_failure() -> None:
    """Though a full disk takes no report of it."""
    code = "from commands.common import published\nwith published(): print('x', flush=True)"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 0
    assert "the index is published; this report cannot be written" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full"])
def test_an_error_that_cannot_be_said_keeps_its_code(tmp_path: Path, closed: str) -> None:
    """A script that looks at the code would take 1 for "the documents do not say"."""
    command = f"{sys.executable} -m cli info --index {tmp_path} {closed}"
    assert subprocess.run(command, cwd=ROOT, shell=True).returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_a_log_that_takes_nothing_stops_no_work() -> None:
    """Progress without a terminal goes on, whatever becomes of its lines; no disk is blamed."""
    code = (
        "from views.terminal import build_progress\n"
        "with build_progress(False) as progress:\n"
        "    for done in range(3): progress('embedding', done, 2)\n"
        "print('built')"
    )
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=full, text=True)
    assert (done.returncode, done.stdout) == (0, "built\n")


@pytest.mark.parametrize("option", ["--index", "--documents", "--gate"])
def test_an_empty_path_is_a_wrong_option(option: str) -> None:
    """As of a variable without value: it would be the folder that one is in."""
    done = CliRunner().invoke(app, ["build", option, ""])
    assert done.exit_code == 2
    assert f"'{option}': it is empty." in done.output


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


def test_going_back_nowhere_says_so(tmp_path: Path, case_study: Path) -> None:
    """What is served already is said to be; an index that is not there is not made."""
    served = current(case_study)
    said = run("rollback", "--index", str(case_study), "--to", served)
    assert said == (0, f"{served} is served already.\n")
    with pytest.raises(GenerationError, match="There is no index"):
        rollback(tmp_path / "none")
    assert not (tmp_path / "none").exists()
