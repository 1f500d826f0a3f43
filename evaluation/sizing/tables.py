"""The tables of deploy/SIZING.md, from measured.json and the bench's figures: `python evaluation/sizing/tables.py` writes them into the page, between its marks.

Arithmetic only, so that whoever has other figures can put them in the place of ours.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "deploy/SIZING.md"
# Microseconds of processor per exchange, `make bench` (tests/bench/README.md): the dearer of two rounds of the long form, content: full, no rules. A request of 1.4 KB; a reply of 0.8 KB
# whole, or of 64 chunks 20 ms apart, whose figures are per chunk.
BENCH = {"whole": {"worker": 244.2, "recorder": 382.5, "store": 123.1}, "streamed": {"worker": 64 * 54.2, "recorder": 64 * 29.8, "store": 64 * 13.3}}
BUSY = 0.6  # of a processor, at most, so that a peak and a restart have room
RATES = (10, 1_000, 100_000)
DAYS, DAY_S = 90, 86_400
NAMES = {"redacted": "redacted", "full": "full", "none": "none"}


def tables(measured: dict[str, Any]) -> dict[str, str]:
    """Markdown by mark."""
    return {"million": _million(measured), "rollup": _rollup(measured), "retention": _retention(measured), "nodes": _nodes(measured)}


def _parts(measured: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(*name.split("_"), part) for name, part in measured.items() if name != "rollup"]  # type: ignore[misc]


def _million(measured: dict[str, Any]) -> str:
    lines = ["| store.content | replies | request, reply, bytes | journal, GB | `exchanges`, GB | of it filters | worker, recorder, store, CPU hours |", "|---|---|---|---|---|---|---|"]
    for content, kind, part in _parts(measured):
        cpu, table = part["cpu_us"], part["exchanges_table"]
        hours = " / ".join(f"{cpu[name] / 3600:.2f}" for name in ("worker-0", "recorder", "store"))
        lines.append(
            f"| {content} | {kind} | {part['request_bytes']:,.0f}, {part['reply_bytes']:,.0f} | {part['journal_bytes'] / 1000:.2f} | {table['bytes_per_row'] / 1000:.2f} | "
            f"{table['filter_bytes_per_row'] / 1000:.3f} | {hours} |"
        )
    return "\n".join(lines)


def _rollup(measured: dict[str, Any]) -> str:
    part = measured["rollup"]
    table = part["exchanges_1m_table"]
    worst = part["combinations"] * 1440 * 365 * table["bytes_per_row"] / 1e9
    return (
        f"{part['exchanges']:,} exchanges over a day of {part['minutes']:,} minutes and {part['combinations']} combinations made {table['rows']:,} rows of {table['bytes_per_row']:.0f} bytes "
        f"({table['plain_bytes_per_row']:.0f} before compression). If every combination had traffic in every minute, a year of these {part['combinations']} were {worst:.1f} GB."
    )


def _retention(measured: dict[str, Any]) -> str:
    lines = [f"| store.content, replies | bytes an exchange | {' | '.join(f'{rate:,}/s' for rate in RATES)} |", f"|---|---|{'---|' * len(RATES)}"]
    for content, kind, part in _parts(measured):
        each = part["exchanges_table"]["bytes_per_row"]
        lines.append(f"| {content}, {kind} | {each:,.0f} | {' | '.join(_size(each * rate * DAY_S * DAYS) for rate in RATES)} |")
    return "\n".join(lines)


def _size(count: float) -> str:
    return f"{count / 1e12:,.1f} TB" if count >= 1e12 else f"{count / 1e9:,.0f} GB"


def _nodes(measured: dict[str, Any]) -> str:
    costs = {f"full, {kind} (bench)": figures for kind, figures in BENCH.items()}
    for kind in ("whole", "streamed"):
        cpu = measured[f"redacted_{kind}"]["cpu_us"]
        costs[f"redacted, {kind} (here)"] = {"worker": cpu["worker-0"], "recorder": cpu["recorder"], "store": cpu["store"]}
    lines = [
        f"| exchanges | µs: worker, recorder, store | most of one gate, /s | {' | '.join(f'{rate:,}/s' for rate in RATES)} |",
        f"|---|---|---|{'---|' * len(RATES)}",
    ]
    for name, cost in costs.items():
        cells = [_cell(rate, cost) for rate in RATES]
        shown = ", ".join(f"{cost[who]:,.0f}" for who in ("worker", "recorder", "store"))
        lines.append(f"| {name} | {shown} | {BUSY * 1e6 / cost['recorder']:,.0f} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(rate: int, cost: dict[str, float]) -> str:
    """gates x workers each, processors of the store."""
    gates = math.ceil(rate * cost["recorder"] / (BUSY * 1e6))
    workers = math.ceil(rate * cost["worker"] / (BUSY * 1e6) / gates)
    store = rate * cost["store"] / (BUSY * 1e6)
    return f"{gates:,} x {workers}; {store:,.1f}" if store >= 0.1 else f"{gates:,} x {workers}; < 0.1"


def put(page: str, made: dict[str, str]) -> str:
    """The page with its tables anew. Raises ValueError if a mark is missing."""
    for mark, text in made.items():
        page, found = re.subn(rf"(<!-- {mark} -->\n).*?(\n<!-- /{mark} -->)", lambda match, text=text: match[1] + text + match[2], page, flags=re.S)  # type: ignore[misc]
        if found != 1:
            raise ValueError(f"{PAGE.name} has no mark {mark}")
    return page


if __name__ == "__main__":
    PAGE.write_text(put(PAGE.read_text(), tables(json.loads((HERE / "measured.json").read_text()))))
