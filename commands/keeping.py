"""The commands that look after an index: go back, say what is served, check it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Optional

import typer

from commands.common import IndexOption, JsonOption, published, settings_of
from corpus.errors import GenerationError
from views.stderr import say


def rollback(
    index: IndexOption = None,
    to: Annotated[Optional[str], typer.Option(metavar="ID", help="Which one [the last].")] = None,
) -> None:
    """Serve the generation before this one again."""
    from index.rollback import rollback as go_back

    left, served = go_back(settings_of(index=index).index, to)
    with published():
        if left == served:
            print(f"{served} is served already.", flush=True)
        else:
            print(f"Now serving {served} instead of {left or 'none'}.", flush=True)
            say("A build of the same documents publishes the other again: mend them first.")


def info(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Show which generation is served, what it holds, and those before it."""
    from index.gate import recorded
    from index.manifest import read_manifest
    from index.publishing import current, history, left
    from views.terminal import show_info

    folder = settings_of(index=index).index
    version = current(folder)
    manifest = read_manifest(folder / "generations" / version, version)
    earlier = history(folder)[1:]
    others = left(folder)
    unusable = _unusable(folder, [*earlier, *others])
    try:
        verdict = recorded(folder, version)
    except GenerationError as error:
        say(f"{error.wrong} {error.cure}")
        verdict = None
    if as_json:
        known = {"earlier": earlier, "left": others, "unusable": sorted(unusable)}
        gate = asdict(verdict) if verdict else None
        print(json.dumps({"index_version": version, **known, "gate": gate, **asdict(manifest)}))
    else:
        show_info(version, manifest, _marked(earlier, unusable), _marked(others, unusable), verdict)


def _unusable(index: Path, names: list[str]) -> set[str]:
    """The generations that cannot be gone back to: of another format, or without a manifest."""
    from index.manifest import read_manifest

    found = set()
    for name in names:
        try:
            read_manifest(index / "generations" / name, name)
        except GenerationError as error:
            say(error.wrong)
            found.add(name)
    return found


def _marked(names: list[str], unusable: set[str]) -> list[str]:
    return [f"{name} (cannot be served)" if name in unusable else name for name in names]


def verify(index: IndexOption = None) -> None:
    """Check every file of the served generation, and every stored place against its text."""
    from index.generation import verify_spans
    from index.languages import check_languages
    from index.ledger import check_ledger
    from index.publishing import current
    from index.publishing import verify as check
    from index.store import Store

    folder = settings_of(index=index).index
    version = current(folder)
    manifest = check(folder, version)
    check_languages(folder)
    check_ledger(folder)
    places = verify_spans(Store(folder / "generations" / version))
    files = len(manifest.files) + len(manifest.encoder_files)
    print(f"{version}: {files} files intact, {places} places hold their text.")
