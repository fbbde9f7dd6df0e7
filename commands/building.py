"""The command that builds an index, or says what it would build."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from commands.common import IndexOption, JsonOption, named, published, settings_of
from views.stderr import say

if TYPE_CHECKING:
    from corpus.reading import File
    from index.cutting import Progress
    from index.gate import Gate
    from settings import Settings


def build(
    documents: Annotated[
        Optional[Path],
        typer.Option(
            metavar="DIR",
            parser=named,
            help="Folder of .txt and .md documents [those that ship].",
        ),
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
            parser=named,
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
    from evaluation.acceptance import read_questions
    from index.build import build as build_index
    from index.export import ensure_encoder
    from index.gate import RefusedError
    from index.languages import ensure_languages
    from index.publishing import history
    from views.terminal import build_progress, show_build

    settings = settings_of(
        documents=documents, index=index, encoder=encoder, precision=precision, gate=gate
    )
    files = find_files(settings.documents)  # a wrong folder is refused before exporting
    known = history(settings.index)  # so is a wrong index
    if "documents" not in settings.model_fields_set:
        _check_unnamed(settings.index, known, files)
    if dry_run:
        if settings.gate:
            read_questions(settings.gate)  # what would be refused later is refused now
        _show_plan(settings, files, as_json)
        return
    with build_progress(quiet=as_json) as progress:
        judge = _gate(settings, progress)
        encoders = settings.index / "encoders"
        folder = ensure_encoder(settings.encoder, encoders, settings.precision, say)
        ensure_languages(settings.index)
        try:
            report = build_index(files, settings.index, folder, progress=progress, gate=judge)
        except RefusedError as refused:
            if as_json:
                print(json.dumps({"changed": False, "gate": asdict(refused.verdict)}))
            raise
    with published():
        if as_json:
            print(json.dumps(asdict(report)), flush=True)
        else:
            show_build(report)


def _check_unnamed(index: Path, known: list[str], files: "list[File]") -> None:
    """Refuse to put the documents that ship, which nobody named, in the place of others.

    `known` are the generations of the index; where none can be read, they may have been others.
    """
    from corpus.errors import SettingsError
    from index.publishing import current, forgotten

    if forgotten(index):
        current(index)  # GenerationError says what there is to go back to
    if not known:
        return
    generations = (index / "generations" / name for name in known)
    held = next(filter(None, map(_documents_of, generations)), None)
    if held is None:
        wrong = "is damaged, and may be of other documents than those that ship"
    elif others := set(held) - {file.id for file in files}:
        wrong = f"is of other documents ({min(others)}, ...), which do not ship"
    else:
        return
    raise SettingsError(
        f"The index {index} {wrong}.",
        "Name their folder: --documents DIR, or documents in rinvio.toml.",
    )


def _documents_of(generation: Path) -> list[str]:
    """The ids of its documents; none where it is too damaged to say."""
    from index.store import Store

    try:
        return Store(generation).document_ids()
    except Exception:  # whatever is in a file that something else has written to
        return []


def _gate(settings: "Settings", progress: "Progress") -> "Gate | None":
    if settings.gate is None:
        return None
    from evaluation.gate import gate_of

    return gate_of(settings, settings.gate, progress)


def _show_plan(settings: "Settings", files: "list[File]", as_json: bool) -> None:
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
