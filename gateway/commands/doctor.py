"""`tidegate doctor`: look at the running system and say what is wrong, what is weak, and what to do about it."""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
from typing import Any

from gateway.commands.base import NOT_SO, OK, Command, config_option, config_path, settings
from gateway.commands.doctor_config import Advice, weak_spots
from gateway.commands.doctor_defaults import weakened
from gateway.config import Settings, parse, text_of
from gateway.errors import ConfigError

EXAMPLES = """\
  tidegate doctor
  tidegate doctor --json | jq '.findings[] | select(.severity == "error")'

Exit code 0: everything that should run does (there may be warnings and notes). 1: something does not.
"""
_ORDER = ("error", "warning", "note")


def _arguments(parser: argparse.ArgumentParser) -> None:
    config_option(parser)
    parser.add_argument("--json", action="store_true", help='print {"healthy", "gate", "store", "record", "detectors", "drift", "findings"}')


def _run(args: argparse.Namespace) -> int:
    from gateway.commands import doctor_drift, doctor_guards, doctor_live  # late: bring the HTTP client

    config, broken = _config(args)
    gate = doctor_live.processes(config)
    up = bool(gate.seen and gate.seen["supervisor"]["alive"])
    looks = {"gate": gate, "store": doctor_live.store(config, up=up), "record": doctor_live.recorded(config, up=up)}
    looks["detectors"] = doctor_guards.detection(config, looks["store"].seen.get("guard_errors", ()), up=up)
    looks["drift"] = doctor_drift.watched(config, uptime_s=looks["gate"].seen.get("uptime_s"))
    findings = sorted([a for look in looks.values() for a in look.advice] + broken + weak_spots(config) + weakened(config, config_path(args)), key=lambda a: _ORDER.index(a.severity))
    healthy = not any(a.severity == "error" for a in findings)
    seen = {name: look.seen for name, look in looks.items()}
    if args.json:
        print(json.dumps({"healthy": healthy, **seen, "findings": [dataclasses.asdict(a) for a in findings]}, default=str))
    else:
        print("\n".join([*report(seen), *doctor_drift.report(seen["drift"]), *advice(findings), "", "healthy" if healthy else "NOT healthy: see the errors above"]))
    return OK if healthy else NOT_SO


def _config(args: argparse.Namespace) -> tuple[Settings, list[Advice]]:
    """The configuration; where the file is broken, that which the gate runs with, for it is now that somebody has to look. Raises ConfigError if there is none."""
    try:
        return settings(args), []
    except ConfigError as e:
        path = config_path(args).resolve()
        try:
            named = re.search(r"""^data_dir:\s*["']?([^"'#\n]+)""", text_of(path), re.MULTILINE)
            running = parse(text_of(path.parent / (named[1].strip() if named else ".tidegate") / "run" / "tidegate.yaml"), base=path.parent, needs_secrets=False)
        except (ConfigError, ValueError):
            raise e from None
        more = f" (and {len(e.problems) - 1} more)" if len(e.problems) > 1 else ""
        act = "tidegate check names every problem; what is said here is of the configuration that the gate runs with, and it would not start again with the file"
        return running, [Advice("error", "configuration", f"{e.problems[0]}{more}", act)]


def report(seen: dict[str, dict[str, Any]]) -> list[str]:
    """What runs, as lines."""
    gate, store, record = seen["gate"], seen["store"], seen["record"]
    lines = []
    if gate:
        lines.append(f"gate       pid {gate['supervisor']['pid']}, apps at {gate['listen']}, admin at {gate['admin']}, up {_span(gate['uptime_s'])}")
        for process in gate["processes"]:
            state = process["state"] if process["alive"] or process["state"] != "running" else "dead"
            lines.append(f"  {process['name']:<12} {state:<9} pid {process['pid'] or '-':<8} restarts {process['restarts']}")
    if store.get("reachable"):
        lines.append(f"store      ClickHouse {store['version']} at {store['place']}, {store.get('rows', '?')} exchanges, newest {store.get('newest_at') or '-'}")
    held, kept = record["journal"], record["quarantine"]
    lines.append(f"journal    {held['streams']} streams, {held['bytes'] / 1e6:.1f} MB, oldest {_span(held['oldest_segment_age_s'])}; quarantine {kept['rows']} rows, {kept['damaged']} damaged places")
    if record["recorder"]:
        lines.append(_recorder(record["recorder"]))
    if seen["detectors"].get("reachable"):
        pool = seen["detectors"]["detectors"]
        lines.append("detectors  " + ", ".join(f"{name}: {sum(one['jobs'].values())} jobs, {one.get('restarts', 0)} restarts" for name, one in pool.items()))
    return lines


def _recorder(state: dict[str, Any]) -> str:
    """What the recorder says of its exchanges, in a line; --json has all of it."""
    counted = [f"{state[name]:,} {name}" for name in ("accepted", "stored", "quarantined") if isinstance(state.get(name), int)]
    if isinstance(dropped := state.get("dropped"), dict):
        counted.append(f"{sum(dropped.values()):,} dropped")
    waiting = state.get("in_journal")
    behind = "" if not waiting else f"; {waiting:,} in the journal, the oldest for {_span(state.get('oldest_age_s'))}"
    return f"recorder   {', '.join(counted)}{behind}"


def advice(findings: list[Advice]) -> list[str]:
    """What was found, as lines."""
    lines: list[str] = []
    for found in findings:
        if found.severity == "note":  # of which any gate has some: a line each
            lines += [*([""] if lines and not lines[-1].startswith("note: ") else []), f"note: {found.where}: {found.what}; {found.act}"]
        else:
            lines += ["", f"{found.severity}: {found.where}: {found.what}", f"    {found.act}"]
    return lines


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


COMMAND = Command("doctor", "look at the running system: processes, store, journal, drift, weak spots", EXAMPLES, _arguments, _run)
