"""Rinvio in a terminal: build, ask, serve, rollback, info, verify, eval, gaps, check-embed."""

import json
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, Optional

import typer

from corpus.errors import GateError, RinvioError

NOT_ANSWERED, WRONG, REFUSED = 1, 2, 3
DAY = "%Y-%m-%d"

app = typer.Typer(
    name="rinvio",
    help="Ask documents a question; get the sentence that answers, word for word, with its place.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

IndexOption = Annotated[
    Optional[Path], typer.Option("--index", metavar="DIR", help="Folder of the index [data/index].")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


@app.command(epilog="Example: rinvio build --documents reports/ --index data/index")
def build(
    documents: Annotated[
        Optional[Path],
        typer.Option(metavar="DIR", help="Folder of .txt and .md documents [those that ship]."),
    ] = None,
    index: IndexOption = None,
    encoder: Annotated[
        Optional[str],
        typer.Option(metavar="NAME", help="e5, minilm, a sentence-transformers name or path [e5]."),
    ] = None,
    precision: Annotated[
        Optional[str], typer.Option(metavar="int8|fp32", help="Weights of a new encoder [int8].")
    ] = None,
    gate: Annotated[
        Optional[Path],
        typer.Option(
            metavar="FILE",
            help="Publish only if these acceptance questions (as tests/case-study.jsonl) fare "
            "no worse than with the served index: evidence first, answered rightly, others "
            "answered. Where nothing is served: at least 80 %, 50 %, and at most 10 %.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; write nothing, ask nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Read the documents and publish an index of them; only what changed is embedded.

    Exit code 0: published, or nothing to publish; 2: an error; 3: refused by --gate. Unless it
    is 0, what was served is served still.
    """
    from corpus.reading import find_files
    from index.build import build as build_index
    from index.export import ensure_encoder
    from index.gate import RefusedError
    from views.terminal import build_progress, show_build

    settings = _settings(
        documents=documents, index=index, encoder=encoder, precision=precision, gate=gate
    )
    files = find_files(settings.documents)  # a wrong folder is refused before exporting
    if dry_run:
        _show_plan(settings, files, as_json)
        return
    with build_progress(quiet=as_json) as progress:
        judge = _gate(settings, progress) if settings.gate else None
        encoders = settings.index / "encoders"
        folder = ensure_encoder(settings.encoder, encoders, settings.precision, _say)
        try:
            report = build_index(files, settings.index, folder, progress=progress, gate=judge)
        except RefusedError as refused:
            if as_json:
                print(json.dumps({"changed": False, "gate": asdict(refused.verdict)}))
            raise
    if as_json:
        print(json.dumps(asdict(report)))
    else:
        show_build(report)


def _gate(settings: Any, progress: Any) -> Any:
    from evaluation.gate import gate_of

    return gate_of(settings, settings.gate, progress)


def _show_plan(settings: Any, files: Any, as_json: bool) -> None:
    from index.export import fingerprint
    from index.planning import plan
    from views.terminal import build_progress, show_plan

    folder = settings.index / "encoders" / fingerprint(settings.encoder, settings.precision)
    with build_progress(quiet=as_json) as progress:
        planned = plan(files, settings.index, folder, progress=progress)
    if as_json:
        print(json.dumps(asdict(planned)))
    else:
        show_plan(planned)


@app.command(epilog='Example: rinvio ask "what did Baltimore adopt from Torino City Lab?"')
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
    from qa.engine import Engine
    from views.schemas import answer_json
    from views.terminal import show_answer

    settings = _settings(index=index)
    engine = Engine.open(settings.index, settings.verifier, settings.threshold)
    answer = engine.ask(question, k, language, explain)
    if as_json:
        print(answer_json(answer).decode())
    else:
        show_answer(answer)
    if not answer.answered:
        raise typer.Exit(NOT_ANSWERED)


@app.command(epilog="Example: rinvio serve --port 8080")
def serve(
    index: IndexOption = None,
    host: Annotated[Optional[str], typer.Option(help="Address [127.0.0.1].")] = None,
    port: Annotated[Optional[int], typer.Option(help="Port, 0 for a free one [8000].")] = None,
    workers: Annotated[Optional[int], typer.Option(help="Processes [1].")] = None,
) -> None:
    """Serve the page, the API and the reader."""
    from index.publishing import current
    from service.serving import serve as run

    settings = _settings(index=index, host=host, port=port, workers=workers)
    current(settings.index)  # say at once that there is no index
    run(settings)


@app.command(epilog="Example: rinvio rollback --index data/index")
def rollback(
    index: IndexOption = None,
    to: Annotated[Optional[str], typer.Option(metavar="ID", help="Which one [the last].")] = None,
) -> None:
    """Serve the generation before this one again."""
    from index.publishing import rollback as go_back

    left, served = go_back(_settings(index=index).index, to)
    print(f"Now serving {served} instead of {left}.")


@app.command(epilog="Example: rinvio info --json")
def info(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Show which generation is served, what it holds, and those before it."""
    from index.gate import recorded
    from index.manifest import read_manifest
    from index.publishing import current, history
    from views.terminal import show_info

    folder = _settings(index=index).index
    version = current(folder)
    manifest = read_manifest(folder / "generations" / version, version)
    earlier = history(folder)[1:]
    verdict = recorded(folder, version)
    if as_json:
        said = {"earlier": earlier, "gate": asdict(verdict) if verdict else None}
        print(json.dumps({"index_version": version, **said, **asdict(manifest)}))
    else:
        show_info(version, manifest, earlier, verdict)


@app.command(epilog="Example: rinvio verify --index data/index")
def verify(index: IndexOption = None) -> None:
    """Check every file of the served generation, and every stored place against its text."""
    from index.generation import verify as check
    from index.generation import verify_spans
    from index.ledger import recall
    from index.publishing import current
    from index.store import Store

    folder = _settings(index=index).index
    version = current(folder)
    manifest = check(folder, version)
    recall(folder, "")  # the ledger of citations can be read
    places = verify_spans(Store(folder / "generations" / version))
    files = len(manifest.files) + len(manifest.encoder_files)
    print(f"{version}: {files} files intact, {places} places hold their text.")


@app.command("check-embed", epilog="Example: rinvio check-embed https://www.comune.example/")
def check_embed(
    url: Annotated[str, typer.Argument(metavar="URL", help="The page that has the widget.")],
    service: Annotated[
        Optional[str], typer.Option(metavar="URL", help="The service [the tag's].")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """See whether the widget works in a page. Exit code 0: it should, 1: it cannot, 2: an error."""
    from embed.check import check
    from embed.page import read_page

    findings = check(read_page(url), service)
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings]))
    else:
        print("\n".join(str(finding) for finding in findings))
    if not all(finding.right for finding in findings):
        raise typer.Exit(NOT_ANSWERED)


@app.command("eval", epilog="Example: rinvio eval --questions questions.jsonl --html report.html")
def evaluate(
    questions: Annotated[
        Optional[Path], typer.Option(metavar="FILE", help="Questions to ask the index.")
    ] = None,
    data: Annotated[
        Optional[list[Path]],
        typer.Option(metavar="DIR", help="A data set with its own documents; may be repeated."),
    ] = None,
    index: IndexOption = None,
    encoder: Annotated[
        Optional[str], typer.Option(metavar="NAME", help="For the documents of --data [e5].")
    ] = None,
    html: Annotated[
        Optional[Path], typer.Option(metavar="FILE", help="Write a report with plots.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure retrieval, evidence, refusal and calibration."""
    from evaluation.run import evaluate as run

    settings = _settings(index=index, encoder=encoder)
    run(settings, questions, data or [], html, as_json)


@app.command(epilog="Example: rinvio gaps --since 2026-01-01 --html gaps.html")
def gaps(
    kept_in: Annotated[
        Optional[Path], typer.Option("--gaps", metavar="FILE", help="Where the service keeps them.")
    ] = None,
    index: IndexOption = None,
    least: Annotated[
        int, typer.Option(min=5, help="Questions in a group; fewer could point at a person.")
    ] = 5,
    since: Annotated[
        Optional[datetime], typer.Option(formats=[DAY], help="First day, as 2026-01-31 [all].")
    ] = None,
    delete_before: Annotated[
        Optional[datetime], typer.Option(formats=[DAY], help="Forget earlier days, and end.")
    ] = None,
    language: Annotated[Literal["en", "it"], typer.Option(help="Of the report.")] = "en",
    html: Annotated[Optional[Path], typer.Option(metavar="FILE", help="Write a page.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what people ask in vain: refused questions that mean the same, most asked first."""
    from index.generation import Generation
    from qa.clusters import find_clusters
    from qa.gaps import GapLog
    from settings import check_writable
    from views.gaps import Report, gaps_json, gaps_page, show_gaps

    settings = _settings(gaps=kept_in, index=index)
    kept = GapLog.of(settings.gaps)
    if delete_before:
        gone = kept.forget(delete_before.date())
        print(json.dumps({"deleted": gone}) if as_json else f"Deleted {gone} questions.")
        return
    if html:
        check_writable(html)
    asked = kept.read(since.date() if since else date.min)
    if not as_json:
        _say(f"grouping {len(asked)} refused questions ...")
    clusters = find_clusters(asked, Generation.open(settings.index).encoder, least)
    report = Report(sum(gap.times for gap in asked), least, clusters)
    if html:
        html.write_text(gaps_page(report, language), encoding="utf-8")
    if as_json:
        print(gaps_json(report))
    elif not html:
        show_gaps(report, language)


def _settings(**options: Any) -> Any:
    from settings import load_settings

    return load_settings(**options)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def main() -> NoReturn:
    """Run the command; an error of Rinvio ends it with its cure and exit code 2, or 3."""
    sys.exit(_exit_code(app))


def _exit_code(command: Callable[[], Any]) -> int:
    try:
        command()
    except RinvioError as error:
        print(f"rinvio: {error.wrong}\n{error.cure}", file=sys.stderr)
        return REFUSED if isinstance(error, GateError) else WRONG
    except BrokenPipeError:
        return WRONG
    except Exception:  # 1 would read as "the documents do not say"
        traceback.print_exc()
        print("rinvio: this is a fault of the program; please report it.", file=sys.stderr)
        return WRONG
    return 0


if __name__ == "__main__":
    main()
