"""Draws the figures of the service into benchmarks/results/."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

RESULTS = Path("benchmarks/results")
OURS, PEER = "#7a2e1f", "#9a938c"


def save(drawing: Figure, name: str) -> None:
    """Write one SVG; the same figures give the same file."""
    RESULTS.mkdir(exist_ok=True)
    with rc_context({"svg.hashsalt": "rinvio"}):
        drawing.savefig(RESULTS / f"{name}.svg", metadata={"Date": None})


def bars(rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> None:
    """One panel a figure, one bar a service with its median, a dot for each repetition."""
    drawing = Figure(figsize=(13, 1.2 + 0.5 * len(rows)), layout="constrained")
    names = [f"{row['service']} ({row['encoder']})" for row in rows]
    panels = drawing.subplots(1, len(titles), sharey=True)
    for panel, (figure, title) in zip(panels, titles.items(), strict=True):
        colours = [PEER if row["service"].startswith("txtai") else OURS for row in rows]
        panel.barh(names, [row["median"][figure] for row in rows], color=colours, alpha=0.7)
        for name, row in zip(names, rows, strict=True):
            single = [run[figure] for run in row["repetitions"] if figure in run]
            panel.plot(single, [name] * len(single), ".", color="black", markersize=3)
        panel.set_title(title, fontsize=9)
    panels[0].invert_yaxis()
    save(drawing, "service")


def draw_memory(figures: Mapping[str, Any]) -> None:
    """Megabytes over the number of answers."""
    drawing = Figure(figsize=(6, 3.2), layout="constrained")
    panel = drawing.subplots()
    panel.plot(*zip(*figures["way"], strict=True), color=OURS)
    panel.set(xlabel="answers", ylabel="memory, MB (PSS)", ylim=(0, None))
    save(drawing, "memory")


def draw_crowds(rows: Sequence[Mapping[str, Any]]) -> None:
    """Latency of what was answered, and the share that was refused, by number of clients."""
    drawing = Figure(figsize=(9, 3.2), layout="constrained")
    left, right = drawing.subplots(1, 2)
    clients = [row["clients"] for row in rows]
    for figure, style in (("p50", "-"), ("p99", "--")):
        left.plot(clients, [row[figure] for row in rows], style, color=OURS, label=figure)
    left.set(yscale="log", ylabel="milliseconds")
    left.yaxis.set_major_formatter("{x:,.0f}")
    left.legend()
    right.plot(clients, [row["refused"] for row in rows], color=OURS)
    right.set(ylabel="share refused (503)", ylim=(0, 1))
    for panel in (left, right):
        panel.set(xscale="log", xlabel="clients")
        panel.set_xticks(clients, labels=map(str, clients))
        panel.set_xticks([], minor=True)
    save(drawing, "crowds")
