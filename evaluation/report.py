"""Shows figures: a table in the terminal, and one self-contained HTML page with plots."""

import io
import re
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from rich import markup
from rich.console import Console
from rich.table import Table

from corpus.visible import visible
from evaluation.datasets import ANSWERABLE
from evaluation.measures import Figures, reliability, risk_coverage
from evaluation.outcomes import Outcome

WORST = 20
SPOKEN = (
    'role="img" aria-label="Three plots: how often answers of each confidence are right, how many '
    'are wrong among the surest, and how the confidence of each kind of question is spread"'
)
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
div { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
td, th { border: 1px solid #bbb; padding: .3rem .6rem; text-align: left; vertical-align: top; }
svg { max-width: 100%; height: auto; }
"""


def show(name: str, figures: Figures) -> None:
    """Print the figures, one column in all and one for each language."""
    names, rows = _rows(figures)
    table = Table(*map(_plain, names), title=_plain(name))
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, emoji=False).print(table)


def _plain(text: str) -> str:
    return markup.escape(visible(text))


def html_report(runs: Sequence[tuple[str, Figures, Sequence[Outcome]]]) -> str:
    """One HTML page: of each run the figures, three plots, the worst errors. It loads nothing."""
    title = escape(", ".join(name for name, _, _ in runs))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Rinvio: {title}</title><style>{STYLE}</style>"
        + "".join(_section(*run) for run in runs)
    )


def _section(name: str, figures: Figures, outcomes: Sequence[Outcome]) -> str:
    wrong = errors(outcomes)
    told = [
        [
            outcome.query.kind,
            f"{outcome.confidence:.2f}",
            "answered" if outcome.answered else "refused",
            outcome.query.text,
            outcome.quote,
            _gold(outcome),
        ]
        for outcome in wrong[:WORST]
    ]
    return (
        f"<h1>{escape(name)}</h1>{_table(*_rows(figures))}"
        f"<h2>Confidence</h2>{plots([outcome for outcome in outcomes if outcome.judged], name)}"
        f"<h2>The worst {len(told)} of {len(wrong)} errors</h2>"
        f"{_table(['kind', 'confidence', 'was', 'question', 'quote', 'gold'], told)}"
    )


def errors(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """What was answered wrongly, and what was refused although it has an answer; worst first."""
    wrong = [
        outcome
        for outcome in outcomes
        if outcome.judged
        and (not outcome.right if outcome.answered else outcome.query.kind == ANSWERABLE)
    ]
    return sorted(wrong, key=lambda outcome: -abs(outcome.confidence - outcome.right))


def plots(outcomes: Sequence[Outcome], name: str) -> str:
    """Reliability diagram, risk-coverage curve and histograms by kind, as one SVG.

    What it refers to inside has ids made of `name`, which differ in each of a page.
    """
    if not outcomes:
        return "<p>No question could be judged.</p>"
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    confidence = np.array([outcome.confidence for outcome in outcomes])
    right = np.array([outcome.right for outcome in outcomes])
    drawing = Figure(figsize=(12, 3.6), layout="constrained")
    calibration, risk, spread = drawing.subplots(1, 3)
    bins = reliability(confidence, right)
    calibration.plot([0, 1], [0, 1], color="#bbb")
    calibration.plot([b[0] for b in bins], [b[1] for b in bins], marker="o", color="#7a2e1f")
    calibration.set(title="Reliability", xlabel="confidence", ylabel="share right")
    risk.plot(*risk_coverage(confidence, right), color="#7a2e1f")
    risk.set(title="Risk and coverage", xlabel="share answered", ylabel="share wrong among them")
    for kind in sorted({outcome.query.kind for outcome in outcomes}):
        values = [outcome.confidence for outcome in outcomes if outcome.query.kind == kind]
        share = [1 / len(values)] * len(values)
        spread.hist(values, bins=20, range=(0, 1), histtype="step", weights=share, label=kind)
    spread.set(title="Confidence by kind", xlabel="confidence", ylabel="share of the kind")
    spread.legend()
    svg = io.StringIO()
    with rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):  # the same each time; words
        drawing.savefig(svg, format="svg", metadata={"Date": None})
    drawn = svg.getvalue().partition("<!DOCTYPE")[2].partition(">")[2]
    return re.sub("<g id=[^>]*>", "<g>", drawn).replace("<svg", f"<svg {SPOKEN}", 1)


def _gold(outcome: Outcome) -> str:
    if outcome.query.kind != ANSWERABLE:
        return "(none)"
    if outcome.query.evidence:
        return " / ".join(outcome.query.evidence)
    places = [
        f"{document} {start}-{end}"
        for document, spans in outcome.query.spans.items()
        for start, end in spans[:1]
    ]
    return ", ".join(places)


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(value)}</td>" for value in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return f"<div><table><tr>{head}</tr>{body}</table></div>"


def _rows(figures: Figures) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and a row for each figure: of all questions, of each language."""
    columns = {"all": figures, **figures["languages"]}
    flat = {column: dict(_flat(values)) for column, values in columns.items()}
    rows = [[name, *(_cell(values.get(name)) for values in flat.values())] for name in flat["all"]]
    return ["figure", *columns], rows


def _flat(figures: Figures, prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in figures.items():
        if name == "languages":
            continue
        if isinstance(value, dict):
            within = "" if name in {"retrieval", "evidence", "refusal"} else f"{name}: "
            rows += _flat(value, within)
        else:
            rows.append((prefix + name, value))
    return rows


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
