"""Shows answers, builds and generations in a terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from corpus.visible import visible
from index.build import BuildReport
from index.cutting import Progress
from index.gate import GateVerdict
from index.manifest import Manifest
from index.planning import Plan
from qa.answer import Answer, Citation
from views.stderr import say
from views.strings import confidence_key, percent, refusal, strings, unmentioned

NAMED = 10  # documents that a plan names of each kind; --json names all
PLAIN_EVERY = 10.0  # seconds between two lines of progress where there is no terminal


def show_answer(answer: Answer, service: str = "") -> None:
    """Print the quote with its place, or that the documents do not say.

    Links lead to the reader of the `service` at that address.
    """
    words = strings(answer.language)
    if answer.citation:
        key, share = confidence_key(answer.confidence), percent(answer.confidence)
        sure = f"{words[key]}, {share}{words['percent']}"
        _print(f"[bold]{plain(answer.citation.quote)}[/bold]")
        _print(f"{plain(_place(answer.citation, words, service))} ({sure})")
        if answer.names_not_found:
            _print(plain(unmentioned(answer, answer.language)))
        return
    why = plain(refusal(answer, answer.language))
    _print(f"[bold]{words['refused']}[/bold] {why}")
    _print(f"\n{words['nearest']}")
    for passage in answer.passages:
        _print(f"{passage.rank}. {plain(passage.citation.quote)}")
        _print(f"   [dim]{plain(_place(passage.citation, words, service))}[/dim]")


def plain(text: str) -> str:
    """Words of documents and of strangers as a table may have them: neither markup nor control."""
    return escape(visible(text))


def _print(text: str) -> None:
    """Print without breaking lines: a quote or a link is copied whole."""
    console().print(text, soft_wrap=True)


def console() -> Console:
    """Standard output, which shows words as they are: no colours of its own, :smile: no picture."""
    return Console(highlight=False, emoji=False)


def _place(citation: Citation, words: dict[str, str], service: str) -> str:
    section = " / ".join(citation.sections)
    place = words["place"].format(start=citation.start, end=citation.end)
    return " · ".join(filter(None, (citation.title, section, place, service + citation.link)))


def _pairs() -> Table:
    """A table of names and values, without lines."""
    return Table(show_header=False, box=None, padding=(0, 2, 0, 0))


def show_build(report: BuildReport) -> None:
    """Print the summary of a build."""
    table = _pairs()
    state = "published" if report.changed else "repaired" if report.repaired else "unchanged"
    changes = (
        f"{report.documents_added:,} added, {report.documents_changed:,} changed, "
        f"{report.documents_removed:,} removed"
    )
    resumed = f", {report.resumed:,} kept from a build that was stopped" * bool(report.resumed)
    table.add_row("index version", f"{report.index_version} ({state})")
    table.add_row("encoder", plain(report.encoder))
    table.add_row("documents", f"{report.documents:,} ({changes})")
    table.add_row("passages", f"{report.passages:,}")
    table.add_row("sentences", f"{report.sentences:,}")
    table.add_row("embedded", f"{report.embedded:,} (reused {report.reused:,}{resumed})")
    table.add_row("seconds", f"{report.seconds:,.1f}")
    table.add_row("size", f"{report.bytes / 1e6:,.2f} MB")
    if report.gate:
        table.add_row("gate", str(report.gate.figures))
    console().print(table)


def show_plan(plan: Plan) -> None:
    """Print what a build would do."""
    table = _pairs()
    table.add_row("compared with", plan.index_version or "nothing: there is no index yet")
    for name in ("added", "changed", "removed"):
        ids = getattr(plan.changes, name)
        more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
        table.add_row(name, f"{len(ids):,}  {plain(', '.join(ids[:NAMED]))}{more}")
    table.add_row("unchanged", f"{plan.changes.unchanged:,}")
    about = "" if plan.exact else "about "
    table.add_row("to embed", f"{about}{plan.to_embed:,} of {about}{plan.texts:,} texts")
    time_needed = "not known: the encoder is yet to be exported"
    table.add_row("seconds", time_needed if plan.seconds is None else f"about {plan.seconds:,.0f}")
    console().print(table)


def show_info(
    version: str,
    manifest: Manifest,
    earlier: list[str],
    left: list[str],
    verdict: GateVerdict | None,
) -> None:
    """Print what is served and what can be gone back to."""
    table = _pairs()
    table.add_row("index version", version)
    table.add_row("encoder", f"{plain(manifest.encoder_name)} ({manifest.encoder})")
    table.add_row("documents", f"{manifest.documents:,}")
    table.add_row("passages", f"{manifest.passages:,}")
    table.add_row("sentences", f"{manifest.sentences:,}")
    table.add_row("languages", ", ".join(manifest.languages))
    table.add_row("gate", str(verdict.figures) if verdict else "none")
    table.add_row("earlier", ", ".join(earlier) or "none")
    if left:
        table.add_row("left", f"{', '.join(left)} (rinvio rollback --to)")
    console().print(table)


@contextmanager
def build_progress(quiet: bool) -> Iterator[Progress]:
    """What `index.build.build` reports to: a bar on a terminal, plain lines elsewhere."""
    if quiet:
        yield lambda step, done, total: None
    elif sys.stderr.isatty():
        with _bars() as progress:
            yield progress
    else:
        yield _PlainLines()


@contextmanager
def _bars() -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description:10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step)
            bars.update(tasks[step], completed=done, total=total or None)

        yield progress


class _PlainLines:
    """A line when a step begins and ends, and now and then between."""

    def __init__(self) -> None:
        self._step = ""
        self._last = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step != self._step or done == total or now - self._last > PLAIN_EVERY:
            self._step, self._last = step, now
            say(f"{step} {done}/{total}" if total else f"{step} ...")
