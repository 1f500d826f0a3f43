"""From figures to something to read: medians with their spread, ratios taken within a round, one table a section.

Rules of this file: pure. A ratio is formed between two figures of the same round and then summed up, never between two medians: what the machine does to
one round it does to both.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

Rounds = list[dict[str, dict[str, float]]]  # one a round: target -> figure -> value
TARGETS = ("direct", "bare aiohttp", "tidegate", "tidegate guarded")
TITLES = {
    "whole": "replies in one piece, 64 open",
    "single": "replies in one piece, 1 open",
    "paced": "streams, 64 open, a chunk every 20 ms (CPU per content chunk)",
    "burst": "streams, 16 open, chunks as fast as they go (CPU per content chunk)",
    "one_stream": "streams, 1 open, a chunk every 5 ms",
    "many": "slow streams, all open at once, a chunk every 100 ms",
    "large_1mb": "small requests beside 20 bodies of 1 MB a second",
    "large_10mb": "small requests beside 20 bodies of 10 MB a second",
    "store_stopped": "store running and stopped: ratio of median latencies",
}
IDLE_ROLES = ("cpu_supervisor_us", "cpu_console_us", "cpu_supervisor_ms_per_large", "cpu_console_ms_per_large")  # in bench.json, but no part of an exchange
_DIGITS = {"ratio": 2, "ratio_one_open": 2, "ratio_64_open": 2, "drain_s": 2}


def spread(values: Iterable[float]) -> dict[str, float]:
    """median, min, max."""
    found = list(values)
    return {"median": statistics.median(found), "min": min(found), "max": max(found)}


def compared(rounds: Rounds, figure: str) -> dict[str, float]:
    """The gate's figure over the bare proxy's, round by round."""
    return spread(r["tidegate"][figure] / r["bare aiohttp"][figure] for r in rounds)


def headline(sections: dict[str, Rounds]) -> dict[str, dict[str, float]]:
    """The ratios that bars are set on, as far as their sections were run."""
    found: dict[str, dict[str, float]] = {}
    if whole := sections.get("whole"):
        found["worker_cpu_vs_bare_aiohttp"] = compared(whole, "cpu_worker_us")
        found["system_cpu_vs_bare_aiohttp"] = spread(r["tidegate"]["cpu_system_us"] / r["bare aiohttp"]["cpu_worker_us"] for r in whole)
    if paced := sections.get("paced"):
        found["stream_cpu_vs_bare_aiohttp"] = compared(paced, "cpu_worker_us")
    if single := sections.get("single"):
        for name in ("p50", "p99"):
            found[f"added_{name}_ms"] = spread((r["tidegate"][f"{name}_us"] - r["direct"][f"{name}_us"]) / 1e3 for r in single)
            found[f"bare_added_{name}_ms"] = spread((r["bare aiohttp"][f"{name}_us"] - r["direct"][f"{name}_us"]) / 1e3 for r in single)
    if burst := sections.get("burst"):
        found["burst_cpu_vs_bare_aiohttp"] = compared(burst, "cpu_worker_us")
    if one := sections.get("one_stream"):
        found["added_first_byte_ms"] = spread((r["tidegate"]["first_p50_us"] - r["direct"]["first_p50_us"]) / 1e3 for r in one)
        found["bare_added_first_byte_ms"] = spread((r["bare aiohttp"]["first_p50_us"] - r["direct"]["first_p50_us"]) / 1e3 for r in one)
    for name, section, figure in (
        ("guarded_added_p50_ms", "single", "p50_us"),
        ("guarded_added_p99_ms", "single", "p99_us"),
        ("guarded_stream_added_p50_ms", "one_stream", "whole_p50_us"),
        ("guarded_stream_added_p99_ms", "one_stream", "whole_p99_us"),
        ("guarded_added_first_byte_ms", "one_stream", "first_p50_us"),
    ):
        rounds = sections.get(section, [])
        if rounds and "tidegate guarded" in rounds[0]:
            found[name] = spread((r["tidegate guarded"][figure] - r["direct"][figure]) / 1e3 for r in rounds)
    return found


def render(result: dict[str, Any]) -> str:
    """The whole result as text. Each figure: median (min-max) over the rounds."""
    lines = [f"{result['rounds']} rounds; median (min-max); us: microseconds, MB: 10^6 bytes", *(f"note: {note}" for note in result["notes"])]
    for name, rounds in result["sections"].items():
        lines += ["", TITLES[name], *_section(rounds)]
    for target, roles_mb in result["rss_after_start_mb"].items():
        lines += ["", f"resident memory after start, MB, {target}: " + ", ".join(f"{role} {mb:.1f}" for role, mb in roles_mb.items())]
    for target, steps in result.get("memory", {}).items():
        roles = [role for role in steps[0] if role != "requests"]
        lines += ["", f"resident memory, MB, {target}", *_aligned([["requests", *roles], *([f"{s['requests']:,.0f}", *(f"{s[r]:.1f}" for r in roles)] for s in steps)])]
    if idle := result.get("idle_cpu"):
        lines += ["", "CPU while nothing is asked of it: " + ", ".join(f"{role} {share:.1%}" for role, share in idle.items())]
    rows = [[name, _cell(values, 3), _verdict(values["median"], result["bars"].get(name))] for name, values in result["headline"].items()]
    return "\n".join([*lines, "", "in short", *_aligned(rows)])


def _verdict(median: float, bar: float | None) -> str:
    return "" if bar is None else f"bar {bar:g}: {'met' if median <= bar else 'MISSED'}"


def _section(rounds: Rounds) -> list[str]:
    targets = [t for t in TARGETS if t in rounds[0]]
    figures = [f for f in dict.fromkeys(f for t in targets for f in rounds[0][t]) if f not in IDLE_ROLES]
    body = [[f, *(_cell(spread(r[t][f] for r in rounds), _DIGITS.get(f, 1)) if f in rounds[0][t] else "-" for t in targets)] for f in figures]
    return _aligned([["", *targets], *body])


def _cell(values: dict[str, float], digits: int) -> str:
    return f"{values['median']:,.{digits}f} ({values['min']:,.{digits}f}-{values['max']:,.{digits}f})"


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  " + "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))).rstrip() for row in rows]
