"""Rinvio in a terminal: build, ask, serve, rollback, info, verify, eval, gaps, check-embed."""

import errno
import os
import sys
import traceback
from collections.abc import Callable
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from commands.answering import ask, serve
from commands.building import build
from commands.common import REFUSED, WRONG
from commands.keeping import info, rollback, verify
from commands.measuring import check_embed, evaluate, gaps
from corpus.errors import GateError, RinvioError
from views.stderr import say

# What the system says of a disk or a limit is no fault of the program, wherever it comes up.
REFUSALS = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO, errno.ESTALE),
    *(errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENAMETOOLONG),
}
REFUSAL_CURE = "Check free space, permissions and limits, then try again."

app = typer.Typer(
    name="rinvio",
    help="Ask documents a question; get the sentence that answers, word for word, with its place.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _say_version(asked: bool) -> None:
    if asked:
        print(f"rinvio {version('rinvio')}")
        raise typer.Exit


@app.callback()
def _before(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Show it and exit."),
    ] = False,
) -> None:
    """Take what stands before the command's name."""


def _add(command: Callable[..., None], example: str, name: str | None = None) -> None:
    app.command(name, epilog=f"Example: rinvio {example}")(command)


_add(build, "build --documents reports/ --index data/index")
_add(ask, 'ask "what did Baltimore adopt from Torino City Lab?"')
_add(serve, "serve --port 8080")
_add(rollback, "rollback --index data/index")
_add(info, "info --json")
_add(verify, "verify --index data/index")
_add(check_embed, "check-embed https://www.comune.example/", "check-embed")
_add(evaluate, "eval --questions questions.jsonl --html report.html", "eval")
_add(gaps, "gaps --since 2026-01-01 --html gaps.html")


def main() -> NoReturn:
    """Run the command; an error of Rinvio ends it with its cure and exit code 2, or 3."""
    nowhere = Path(os.devnull).open("w")  # noqa: SIM115 - open until the end
    sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere  # if a caller closed them
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # of a terminal that is not UTF-8
    sys.exit(_exit_code(app))


def _exit_code(command: Callable[[], Any]) -> int:
    try:
        command()
    except RinvioError as error:
        say(f"rinvio: {error.wrong}\n{error.cure}")
        return REFUSED if isinstance(error, GateError) else WRONG
    except SystemExit as end:  # both libraries of the terminal end with 1 at a closed pipe
        if isinstance(end.__context__, BrokenPipeError):
            return WRONG
        raise
    except OSError as error:
        if error.errno not in REFUSALS:
            return _fault()
        say(f"rinvio: the system refuses: {error}.\n{REFUSAL_CURE}")
        return WRONG
    except Exception:  # 1 would read as "the documents do not say"
        return _fault()
    return 0


def _fault() -> int:
    say(f"{traceback.format_exc()}rinvio: this is a fault of the program; please report it.")
    return WRONG


if __name__ == "__main__":
    main()
