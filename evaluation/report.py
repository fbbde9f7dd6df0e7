"""Shows figures: a table in the terminal, and one self-contained HTML page with plots."""

import io
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
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; }
table { border-collapse: collapse; margin: 1rem 0; }
td, th { border: 1px solid #bbb; padding: .3rem .6rem; text-align: left; vertical-align: top; }
svg { max-width: 100%; height: auto; }
"""


def show(name: str, figures: Figures) -> None:
    """Print the figures, one column in all and one for each language."""
    columns = {"all": figures, **figures["languages"]}
    table = Table("figure", *map(_plain, columns), title=_plain(name))
    flat = {column: dict(_flat(values)) for column, values in columns.items()}
    for figure in flat["all"]:
        table.add_row(figure, *(_cell(values.get(figure)) for values in flat.values()))
    Console().print(table)


def _plain(text: str) -> str:
    return markup.escape(visible(text))


def html_report(name: str, figures: Figures, outcomes: Sequence[Outcome]) -> str:
    """One HTML page: the figures, three plots, the worst errors. It loads nothing else."""
    columns = {"all": figures, **figures["languages"]}
    flat = {column: dict(_flat(values)) for column, values in columns.items()}
    rows = "".join(
        _row("td", [figure, *(_cell(values.get(figure)) for values in flat.values())])
        for figure in flat["all"]
    )
    errors = "".join(
        _row(
            "td",
            [
                outcome.query.kind,
                f"{outcome.confidence:.2f}",
                "answered" if outcome.answered else "refused",
                outcome.query.text,
                outcome.quote,
                _gold(outcome),
            ],
        )
        for outcome in worst(outcomes)
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>Rinvio: {escape(name)}</title><style>{STYLE}</style>"
        f"<h1>{escape(name)}</h1><table>{_row('th', ['figure', *columns])}{rows}</table>"
        f"<h2>Confidence</h2>{plots([outcome for outcome in outcomes if outcome.judged])}"
        f"<h2>The worst {WORST} errors</h2><table>"
        f"{_row('th', ['kind', 'confidence', '', 'question', 'quote', 'gold'])}{errors}</table>"
    )


def worst(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes whose confidence is furthest from the truth."""
    judged = [outcome for outcome in outcomes if outcome.judged]
    return sorted(judged, key=lambda o: -abs(o.confidence - o.right))[:WORST]


def plots(outcomes: Sequence[Outcome]) -> str:
    """Reliability diagram, risk-coverage curve and histograms by kind, as one SVG."""
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
        spread.hist(values, bins=20, range=(0, 1), histtype="step", density=True, label=kind)
    spread.set(title="Confidence by kind", xlabel="confidence")
    spread.legend()
    svg = io.StringIO()
    with rc_context({"svg.hashsalt": "rinvio"}):  # else it differs each time
        drawing.savefig(svg, format="svg", metadata={"Date": None})
    return svg.getvalue().partition("<!DOCTYPE")[2].partition(">")[2]


def _gold(outcome: Outcome) -> str:
    if outcome.query.kind != ANSWERABLE:
        return "(none)"
    places = [
        f"{document} {start}-{end}"
        for document, spans in outcome.query.spans.items()
        for start, end in spans[:1]
    ]
    return ", ".join(places)


def _row(cell: str, values: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{cell}>{escape(value)}</{cell}>" for value in values) + "</tr>"


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
