"""Shows what people ask in vain: in the terminal, as JSON, as one page that loads nothing else."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from markupsafe import Markup
from rich.table import Table

from corpus.visible import visible
from qa.clusters import Cluster
from views.html import HERE, render
from views.strings import Strings, language_name, strings
from views.terminal import console, plain


@dataclass(frozen=True)
class Report:
    """The clusters of at least `least` questions, out of `kept` refused ones."""

    kept: int
    least: int
    clusters: Sequence[Cluster]


def show_gaps(report: Report, language: str) -> None:
    """Print a table, in English or Italian."""
    words = strings(language)
    keys = ("times", "question", "also_asked", "language", "days", "reasons")
    table = Table(*(words[f"gaps_{key}"] for key in keys), show_lines=True)
    for cluster in report.clusters:
        table.add_row(
            str(cluster.count),
            f"[bold]{plain(cluster.question)}[/bold]",
            plain("\n".join(cluster.wordings)),
            language_name(cluster.language, language),
            days(cluster),
            "\n".join(reasons(cluster, words)),
        )
    if report.clusters:
        console().print(table)
    print(summary(report, words))


def gaps_json(report: Report) -> str:
    """The report for scripts; days as YYYY-MM-DD."""
    return json.dumps(asdict(report), default=str)


def gaps_page(report: Report, language: str) -> str:
    """The report as one HTML page, in English or Italian."""
    words = strings(language)
    shown = [_visible(cluster) for cluster in report.clusters]
    rows = [(cluster, days(cluster), reasons(cluster, words)) for cluster in shown]
    style = Markup((HERE / "rinvio.css").read_text(encoding="utf-8"))  # noqa: S704  # our own file
    return render("gaps.html", language, rows=rows, summary=summary(report, words), style=style)


def _visible(cluster: Cluster) -> Cluster:
    """What strangers wrote as a page may have it."""
    wordings = tuple(visible(wording) for wording in cluster.wordings)
    return replace(cluster, question=visible(cluster.question), wordings=wordings)


def summary(report: Report, words: Strings) -> str:
    """How many questions there are, and how many of them are shown."""
    shown = sum(cluster.count for cluster in report.clusters)
    return words["gaps_summary"].format(shown=shown, kept=report.kept, least=report.least)


def days(cluster: Cluster) -> str:
    """The day, or the first and the last."""
    return " – ".join(dict.fromkeys((cluster.first.isoformat(), cluster.last.isoformat())))


def reasons(cluster: Cluster, words: Strings) -> list[str]:
    """Why they were refused, the most frequent reason first, with its count."""
    return [f"{words[f'gaps_{reason}']} ({times})" for reason, times in cluster.reasons.items()]
