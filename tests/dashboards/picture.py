"""The picture of the boards: panels' own queries, asked of the real engines after a few minutes of traffic, and drawn by us.

    python -m tests.dashboards.picture --out docs/boards.png [--seconds 150]

Grafana does not run here, so this is no screenshot: the figures are those that the panels would show, the looks are matplotlib's.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import re
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.dates as mdates
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.gridspec import GridSpec, GridSpecFromSubplotSpec
from matplotlib.ticker import FuncFormatter, MaxNLocator

from tests.support.observed import observed
from tests.support.panels import Answer, Board, Engines, Span, Target, ask, choices

BOARDS = Path(__file__).parents[2] / "dashboards" / "boards"
# Of each board, panels by title with their widths of 24.
ROWS: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    ("tidegate-overview", (("How much traffic is there, and whose?", 8), ("Whose fault are the errors?", 8), ("How long do calls take?", 8))),
    ("tidegate-cost", (("Which app spends it?", 8), ("Where do the tokens go?", 8), ("Which model costs how much?", 8))),
    ("tidegate-guards", (("What do the guards decide?", 8), ("How long do the guards take?", 8), ("What is found, and what is done about it?", 8))),
    ("tidegate-drift", (("Which topics moved, and what do they look like?", 24),)),
)
CAPTION = (
    "Drawn by this project's own plotting (matplotlib) from the boards' queries, asked of a real Prometheus and ClickHouse under simulated traffic with faults. "
    "It is not a screenshot: Grafana did not draw it."
)
SETTLED_S = 12.0  # until rates are of the traffic alone
INK, FAINT, GRID, PAPER, CARD = "#1f2933", "#66727f", "#e3e8ee", "#f4f6f8", "#ffffff"
COLOURS = ("#2563a8", "#e08a1e", "#2f8f6b", "#c2453d", "#7a5ab8", "#12889c", "#8a6d3b", "#d1609a", "#5f6b7a")
MEANINGS = {"provider": "#c2453d", "policy": "#e08a1e", "caller": "#2563a8", "gateway": "#7a5ab8", "p50": "#8fb8de", "p90": "#2563a8", "p99": "#16345c"}
MEANINGS |= {"passed": "#2f8f6b", "masked": "#2563a8", "flagged": "#e0b01e", "blocked": "#e08a1e", "error": "#c2453d", "not_checked": "#9aa5b1"}


def draw(engines: Engines, span: Span, shown: Span, out: Path) -> None:
    """shown: the part of the span that curves are drawn over."""
    plt.rcParams |= {"font.family": "DejaVu Sans", "font.size": 9, "text.color": INK, "axes.labelcolor": FAINT, "xtick.color": FAINT, "ytick.color": FAINT}
    figure = plt.figure(figsize=(16, 13.2), facecolor=PAPER)
    grid = GridSpec(len(ROWS), 1, figure, left=0.05, right=0.985, top=0.905, bottom=0.05, hspace=0.52, height_ratios=[1, 1, 1, 0.7])
    for row, (uid, panels) in enumerate(ROWS):
        board = Board.load(BOARDS / f"{uid}.json")
        chosen = choices(board, engines, span)
        across = GridSpecFromSubplotSpec(1, len(panels), grid[row, 0], wspace=0.19, width_ratios=[width for _, width in panels])
        for place, (title, width) in enumerate(panels):
            axes = figure.add_subplot(across[0, place])
            panel = next(p for p in board.panels if p.get("title") == title)
            targets = [target for target in board.targets if target.panel == title]
            series = targets[0].shape in ("range", "timeseries")
            answers = [ask(target, engines, shown if series else span, chosen) for target in targets]
            _card(axes, title)
            if place == 0:
                axes.annotate(board.title.removeprefix("Tidegate: "), (0, 1), xytext=(0, 27), xycoords="axes fraction", textcoords="offset points", fontsize=12.5, fontweight="bold", color=INK)
            if series:
                _curves(axes, panel, targets, answers)
            else:
                _table(axes, answers[0], width)
    figure.text(0.05, 0.965, "Tidegate's boards", fontsize=17, fontweight="bold")
    figure.text(0.05, 0.018, CAPTION, fontsize=9, color=FAINT)
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=110, facecolor=PAPER, metadata={"Software": None})


def _card(axes: Axes, title: str) -> None:
    axes.set_facecolor(CARD)
    axes.set_title(title, loc="left", fontsize=10, color=INK, pad=7)
    for side in axes.spines.values():
        side.set_color(GRID)
    axes.tick_params(length=0)


# ------------------------------------------------------------------ curves


def _curves(axes: Axes, panel: Any, targets: Sequence[Target], answers: Sequence[Answer]) -> None:
    defaults = panel["fieldConfig"]["defaults"]
    legends = {target["refId"]: target.get("legendFormat") or "" for target in panel["targets"]}
    lines: list[tuple[str, list[float], list[float]]] = []
    for target, answer in zip(targets, answers, strict=True):
        for series in answer.series:
            points = [(at, value) for at, value in series.points if math.isfinite(value)]
            if points and max(abs(value) for _, value in points) > 0:
                lines.append((_legend(legends[target.ref_id], series.labels), *_with_gaps(points)))
    lines.sort(key=lambda line: -math.fsum(filter(math.isfinite, line[2])))
    lines, left = lines[:8], lines[8:]
    stacked = (defaults.get("custom", {}).get("stacking") or {}).get("mode") == "normal"
    colours = {name: MEANINGS.get(name, COLOURS[place % len(COLOURS)]) for place, (name, _, _) in enumerate(lines)}
    if stacked:
        times = sorted({at for _, there, _ in lines for at in there})
        values = [[dict(zip(there, known, strict=True)).get(at, 0.0) for at in times] for _, there, known in lines]
        axes.stackplot(_dates(times), values, labels=[name for name, _, _ in lines], colors=[colours[name] for name, _, _ in lines], alpha=0.85, linewidth=0)
    else:
        for name, there, known in lines:
            axes.plot(_dates(there), known, color=colours[name], label=name, linewidth=1.7, solid_capstyle="round")
    axes.set_ylim(bottom=0)
    axes.margins(x=0)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=3, maxticks=6))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%H:%M:%S"))  # type: ignore[no-untyped-call]
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _with_unit(value, defaults.get("unit", ""))))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    legend = axes.legend(loc="upper left", fontsize=7.6, frameon=True, ncols=2 if len(lines) > 4 else 1, borderpad=0.4, labelspacing=0.3, handlelength=1.1, columnspacing=1.0)
    legend.get_frame().set(facecolor=CARD, edgecolor="none", alpha=0.85)
    top = axes.get_ylim()[1]
    axes.set_ylim(top=top * (1.28 if len(lines) <= 4 else 1.42))  # room for the legend
    if left:
        axes.text(0.99, 0.03, f"and {len(left)} more", transform=axes.transAxes, ha="right", fontsize=7.5, color=FAINT)


def _with_gaps(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Times and values; NaN where a curve is to be broken, because there was nothing to measure."""
    step = min((later - at for (at, _), (later, _) in pairwise(points)), default=0.0)
    times, values = [points[0][0]], [points[0][1]]
    for (before, _), (at, value) in pairwise(points):
        if at - before > 2.5 * step:
            times.append(before + step)
            values.append(math.nan)
        times.append(at)
        values.append(value)
    return times, values


def _dates(times: Sequence[float]) -> list[Any]:
    return [dt.datetime.fromtimestamp(at, dt.UTC) for at in times]


def _legend(form: str, labels: dict[str, str]) -> str:
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: labels.get(found[1], ""), form) or ", ".join(labels.values())


def _with_unit(value: float, unit: str) -> str:
    if unit == "percentunit":
        return f"{100 * value:.3g} %"
    if unit == "s":
        return f"{value:.3g} s" if value >= 1 or not value else f"{value * 1000:.3g} ms" if value >= 0.001 else f"{value * 1e6:.3g} µs"
    return f"${value:.4f}".rstrip("0").rstrip(".") if unit == "currencyUSD" else (f"{value:,.0f}" if value >= 100 else f"{value:.3g}") + {"reqps": " req/s", "eps": "/s", "cps": "/s"}.get(unit, "")


# ------------------------------------------------------------------ tables


def _table(axes: Axes, answer: Answer, width: int) -> None:
    """The first rows and columns that fit."""
    axes.set_xticks([])
    axes.set_yticks([])
    room = 6.4 * width  # characters
    cells = [[name for name, _ in answer.columns], *([_cell(value) for value in row] for row in answer.data[:7])]
    widths: list[int] = []
    for place in range(len(answer.columns)):
        widest = min(64 if width > 12 else 40, max(len(row[place]) for row in cells)) + 2
        if sum(widths) + widest > room:
            break
        widths.append(widest)
    height = 1 / (len(cells) + 0.6)
    for line, row in enumerate(cells):
        x, y = 0.014, 1 - height * (line + 0.8)
        for place, size in enumerate(widths):
            number = re.match(r"(Nullable\()?(U?Int|Float|Decimal)", answer.columns[place][1]) is not None
            text = row[place] if len(row[place]) < size else row[place][: size - 3] + "…"
            across = x + (0.97 * (size - 1.2) / sum(widths) if number else 0)
            axes.text(across, y, text, transform=axes.transAxes, fontsize=8, va="center", ha="right" if number else "left", color=FAINT if line == 0 else INK, fontweight="bold" if line == 0 else "normal")
            x += 0.97 * size / sum(widths)
        if line:
            axes.axhline(y + height / 2, color=GRID, linewidth=0.7)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if value is None:
        return "-"
    try:
        return f"{float(value):,.4g}" if not isinstance(value, bool) else str(value)
    except (TypeError, ValueError):
        return re.sub(r"(\d\d:\d\d:\d\d)\.\d+", r"\1", " ".join(str(value).split()))


def main() -> None:
    parser = argparse.ArgumentParser(description="The picture of the boards.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=150.0, help="of traffic that are drawn")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as root, observed(Path(root), seconds=given.seconds, rate=10.0, calm=True) as scene:
        shown = Span(scene.watched + SETTLED_S, scene.span.end, scene.span.scrape_s)
        draw(Engines(scene.prometheus, scene.reader), scene.span, shown, given.out)


if __name__ == "__main__":
    main()
