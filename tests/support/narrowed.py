"""promtool's unit tests with the rules that they ask about, and no others.

promtool evaluates every rule of a file at every step of every group of tests, most of them over series that are not there, and that was nine tenths of its time. What a
rule does depends on its own expression, on recorded series that it names and on alerts that it names in ALERTS: with these beside it, it does the same alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

Rules = list[dict[str, Any]]  # of a rules file: its groups
_RECORDED = re.compile(r"\btidegate:\w+:\w+")
_NAMED = re.compile(r'\balertname="(\w+)"')


def needed(groups: Rules, names: Collection[str]) -> set[str]:
    """The alerts of these names and all that their expressions depend on: names of alerts and of recorded series."""
    expressions = {rule.get("alert") or rule["record"]: rule["expr"] for group in groups for rule in group["rules"]}
    found, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name in expressions and name not in found:
            found.add(name)
            waiting += [*_RECORDED.findall(expressions[name]), *_NAMED.findall(expressions[name])]
    return found


def narrowed(groups: Rules, names: Collection[str]) -> Rules:
    """The groups with no more than these alerts need, in their order."""
    kept = needed(groups, names)
    chosen = ({**group, "rules": [rule for rule in group["rules"] if (rule.get("alert") or rule["record"]) in kept]} for group in groups)
    return [group for group in chosen if group["rules"]]


def split(path: Path, folder: Path) -> list[Path]:
    """One file of promtool's tests as several in `folder`: its groups by what they ask about, each with its own rules."""
    whole = yaml.safe_load(path.read_text())
    rules: Rules = [group for file in whole["rule_files"] for group in yaml.safe_load((path.parent / file).read_text())["groups"]]
    by_names: dict[frozenset[str], list[dict[str, Any]]] = {}
    for group in whole["tests"]:
        by_names.setdefault(frozenset(case["alertname"] for case in group["alert_rule_test"]), []).append(group)
    written = []
    for number, (names, tests) in enumerate(by_names.items()):
        beside = folder / f"{path.stem}.{number}.rules.yaml"
        beside.write_text(yaml.safe_dump({"groups": narrowed(rules, names)}, allow_unicode=True))
        written.append(folder / f"{path.stem}.{number}.yaml")
        written[-1].write_text(yaml.safe_dump({**whole, "rule_files": [beside.name], "tests": tests}, allow_unicode=True, sort_keys=False))
    return written
