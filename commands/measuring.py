"""The commands that measure: an index, what is asked in vain, a page that embeds the widget."""

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, Optional

import typer

from commands.common import (
    NOT_ANSWERED,
    IndexOption,
    JsonOption,
    check_writable,
    named,
    settings_of,
)
from views.stderr import say

DAY = "%Y-%m-%d"


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


def evaluate(
    questions: Annotated[
        Optional[Path],
        typer.Option(metavar="FILE", parser=named, help="Questions to ask the index."),
    ] = None,
    data: Annotated[
        Optional[list[Path]],
        typer.Option(
            metavar="DIR",
            parser=named,
            help="A data set with its own documents; may be repeated.",
        ),
    ] = None,
    index: IndexOption = None,
    encoder: Annotated[
        Optional[str], typer.Option(metavar="NAME", help="For the documents of --data [e5].")
    ] = None,
    html: Annotated[
        Optional[Path],
        typer.Option(metavar="FILE", parser=named, help="Write a report with plots."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure retrieval, evidence, refusal and calibration."""
    from evaluation.run import evaluate as run

    settings = settings_of(index=index, encoder=encoder)
    if html:
        check_writable(html)
    run(settings, questions, data or [], html, as_json)


def gaps(
    kept_in: Annotated[
        Optional[Path],
        typer.Option("--gaps", metavar="FILE", parser=named, help="Where the service keeps them."),
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
    html: Annotated[
        Optional[Path], typer.Option(metavar="FILE", parser=named, help="Write a page.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what people ask in vain: refused questions that mean the same, most asked first."""
    from index.generation import Generation
    from qa.clusters import find_clusters
    from qa.gaps import GapLog
    from views.gaps import Report, gaps_json, gaps_page, show_gaps

    settings = settings_of(gaps=kept_in, index=index)
    kept = GapLog.of(settings.gaps)
    if settings.gaps and not settings.gaps.exists():
        say(f"There is no {settings.gaps}: nothing was refused yet, or its name is another.")
    if delete_before:
        gone = kept.forget(delete_before.date())
        print(json.dumps({"deleted": gone}) if as_json else f"Deleted {gone} questions.")
        return
    if html:
        check_writable(html)
    asked = kept.read(since.date() if since else date.min)
    if not as_json:
        say(f"grouping {len(asked)} refused questions ...")
    clusters = find_clusters(asked, Generation.open(settings.index).encoder, least)
    report = Report(sum(gap.times for gap in asked), least, clusters)
    if html:
        html.write_text(gaps_page(report, language), encoding="utf-8")
    if as_json:
        print(gaps_json(report))
    elif not html:
        show_gaps(report, language)
