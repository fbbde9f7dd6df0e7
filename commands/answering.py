"""The commands that answer: one question, or everybody over HTTP."""

import sys
from typing import Annotated, Optional

import typer

from commands.common import NOT_ANSWERED, IndexOption, JsonOption, settings_of


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In any language.")],
    index: IndexOption = None,
    k: Annotated[int, typer.Option("-k", help="The most passages to show.")] = 5,
    language: Annotated[
        Optional[str], typer.Option(metavar="CODE", help="Of the question [detected].")
    ] = None,
    explain: Annotated[bool, typer.Option(help="With --json: the scores of each passage.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Answer a question. Exit code 0: answered, 1: the documents do not say, 2: an error."""
    from corpus.visible import escaped
    from qa.engine import Engine
    from views.schemas import answer_json
    from views.terminal import show_answer

    settings = settings_of(index=index)
    engine = Engine.open(settings.index, settings.verifier, settings.threshold)
    answer = engine.ask(question, k, language, explain)
    if as_json:
        shown = escaped(answer_json(answer).decode()) + "\n"
        sys.stdout.buffer.write(shown.encode())  # UTF-8, whatever the terminal has
    else:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        show_answer(answer, f"http://{host}:{settings.port}")
    if not answer.answered:
        raise typer.Exit(NOT_ANSWERED)


def serve(
    index: IndexOption = None,
    host: Annotated[Optional[str], typer.Option(help="Address [127.0.0.1].")] = None,
    port: Annotated[Optional[int], typer.Option(help="Port, 0 for a free one [8000].")] = None,
    workers: Annotated[Optional[int], typer.Option(help="Processes [1].")] = None,
) -> None:
    """Serve the page, the API and the reader."""
    from corpus.errors import GenerationError
    from index.publishing import current, history
    from qa.gaps import GapLog
    from service.serving import serve as run

    settings = settings_of(index=index, host=host, port=port, workers=workers)
    if settings.gaps:
        GapLog.of(settings.gaps)  # say at once that it is a folder
    try:
        current(settings.index)  # say at once that there is no index
    except GenerationError:
        if not history(settings.index)[1:]:  # none before it that could be served meanwhile
            raise
    run(settings)
