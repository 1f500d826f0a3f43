"""`tidegate guard replay`: what changed rules would have done to recorded traffic, beside what today's do to the same."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from gateway import config_yaml
from gateway.commands.base import NOT_SO, OK, USAGE, complain, config_option, config_path
from gateway.commands.export import moment
from gateway.commands.progress import INTERRUPTED, Progress
from gateway.config import Settings, load, parse
from gateway.errors import ConfigError
from gateway.guard.policy import Direction, Policy

if TYPE_CHECKING:  # they bring what the record plane needs
    from gateway.commands.judging import Excerpts, Noted

LIMIT = 10_000
STOPPED = "  stopped after {exchanges:,} of {of:,} exchanges, the newest: what follows is of these\n"
LIMITED = "  as many as --limit allows, the newest: older ones may not have been looked at\n"
_EXAMPLES = 3  # of each rule on each side
_RECORDED = "recorded"  # the verdicts of the time
_SIDES = ("now", "new")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `guard replay`."""
    parser.add_argument("--rules", type=Path, required=True, metavar="FILE", help="a configuration, or only its guardrails, detectors and guard; paths in it are relative to where --config lies")
    window_options(parser, LIMIT)
    config_option(parser)
    parser.add_argument("--json", action="store_true", help='print {"exchanges", "of", "stopped", "limited", "without_bodies", "masked", "gates_own", "verdicts", "changes", "rules", "examples", "failed"}')


def window_options(parser: argparse.ArgumentParser, limit: int) -> None:
    """Declare which stored exchanges are meant."""
    parser.add_argument("--since", type=moment, default="7d", metavar="TIME", help="from this time on: 2026-01-31, 2026-01-31T12:00:00Z, or a span back from now: 30m, 12h, 7d (default: %(default)s)")
    parser.add_argument("--until", type=moment, metavar="TIME", help="until before this time")
    parser.add_argument("--app", default="", help="only this app's")
    parser.add_argument("--env", default="", help="only this environment's")
    parser.add_argument("--limit", type=_number, default=limit, metavar="N", help="the newest N exchanges at most (default: %(default)s)")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:10]) > 0):
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of exchanges; expected 1 or more')
    return int(text)


def window_is_empty(args: argparse.Namespace) -> bool:
    """Whether no moment lies in it, which is then said."""
    if args.until is None or args.since < args.until:
        return False
    complain("--since is not before --until")
    return True


def changed(path: Path, config: Path) -> Settings:
    """The configuration with what `path` says in its place: all of it, or its guards' part over that of `config`. Raises ConfigError, with the lines of `path`."""
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as e:
        raise ConfigError([f"{path}: it cannot be read: {e.strerror if isinstance(e, OSError) else 'not UTF-8'}"]) from e
    said = config_yaml.read(text).value
    if isinstance(said, dict) and "providers" not in said:
        present = config_yaml.read(config.read_text()).value
        rest = {key: value for key, value in (present if isinstance(present, dict) else {}).items() if key not in said}
        text = f"{text}\n{yaml.safe_dump(rest)}" if rest else text  # behind, so that the lines of problems are the file's
    return parse(text, name=str(path), base=config.resolve().parent, needs_secrets=False)


def run(args: argparse.Namespace) -> int:
    """Run `guard replay`. Returns the exit code: 1 if the new rules could not be asked."""
    if window_is_empty(args):
        return USAGE
    now = load(config_path(args), needs_secrets=False)
    new = changed(args.rules, config_path(args))
    result = replayed(now, new, args)
    print(json.dumps(result, ensure_ascii=False)) if args.json else _show(result)
    return INTERRUPTED if result["stopped"] else NOT_SO if result["failed"] else OK


@dataclass(slots=True)
class _Side:
    verdicts: Counter[str] = field(default_factory=Counter)
    exchanges: Counter[str] = field(default_factory=Counter)  # by rule
    findings: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def take(self, id: str, verdict: str, noted: list[Noted], excerpts: Excerpts) -> None:
        """What its rules make of one exchange."""
        self.verdicts[verdict] += 1
        taken = [(one.rule.name, one) for one in noted if one.rule is not None]
        self.exchanges.update({name for name, _ in taken})
        for name, one in taken:
            self.findings[name] += 1
            examples = self.examples.setdefault(name, [])
            if len(examples) < _EXAMPLES and all(example["id"] != id for example in examples):
                examples.append({"id": id, "kind": one.finding.kind, "score": round(one.finding.score, 3), "excerpt": excerpts.of(one)})


def replayed(now: Settings, new: Settings, args: argparse.Namespace) -> dict[str, Any]:
    """Both configurations on the same exchanges. Raises as gateway.commands.stored does."""
    from gateway.commands import stored
    from gateway.commands.judging import Configured, Excerpts, StandIn
    from gateway.commands.traffic import exchanges, number

    pool, excerpts = StandIn(), Excerpts(now)
    today = Configured(now, pool)
    rules_of = {"now": today, "new": Configured(new, pool, today)}
    sides = {side: _Side() for side in rules_of}
    recorded: Counter[str] = Counter()
    changes: Counter[tuple[str, str]] = Counter()
    total = masked = without = own = 0
    target, window = stored.target(now), {"since": args.since, "until": args.until, "app": args.app, "env": args.env, "limit": args.limit}
    with Progress(number(target, **window)) as progress:
        for exchange in progress.over(exchanges(target, **window)):
            total += 1
            masked += exchange.masked
            without += not exchange.request_body and not exchange.reply_body
            own += exchange.gates_own
            recorded[exchange.verdict] += 1
            verdicts = []
            for side, rules in rules_of.items():
                verdict, noted = rules.judged(exchange, replies=not exchange.gates_own)
                verdicts.append(verdict)
                sides[side].take(exchange.id, verdict, noted, excerpts)
            if verdicts[0] != verdicts[1]:
                changes[verdicts[0], verdicts[1]] += 1
    names = list(dict.fromkeys(rule.name for rules in rules_of.values() for rule in rules.policy.rules if Direction.LOG not in rule.on))
    return {
        "exchanges": total,
        "of": max(total, progress.total),
        "stopped": progress.stopped,
        "limited": total == args.limit,  # there may be older ones
        "without_bodies": without,
        "masked": masked,
        "gates_own": own,
        "verdicts": {_RECORDED: dict(recorded), **{side: dict(kept.verdicts) for side, kept in sides.items()}},
        "changes": [{"now": a, "new": b, "exchanges": count} for (a, b), count in changes.most_common()],
        "rules": [
            {"name": name, **{side: _numbers(rules_of[side].policy, kept, name) for side, kept in sides.items()}} for name in names
        ],
        "examples": [
            {"rule": name, "side": side, **example} for name in names for side, kept in sides.items() for example in kept.examples.get(name, ())
        ],
        "failed": pool.failed,
    }


def _numbers(policy: Policy, side: _Side, name: str) -> dict[str, Any] | None:
    rule = next((rule for rule in policy.rules if rule.name == name), None)
    if rule is None:
        return None
    does = rule.action.value if rule.enforce else f"observe {rule.action.value}"
    return {"action": does, "exchanges": side.exchanges[name], "findings": side.findings[name]}


def _show(result: dict[str, Any]) -> None:
    total = result["exchanges"]
    print(f"{total:,} exchanges, judged by today's rules and by the new ones")
    print(STOPPED.format(**result) if result["stopped"] else "", end="")
    print(LIMITED if result["limited"] else "", end="")
    if result["without_bodies"]:
        print(f"  {result['without_bodies']:,} have no stored body: there was nothing to judge")
    if result["masked"]:
        print(f"  {result['masked']:,} were stored with something masked, which no rule can find any more: counts for what is masked at rest are too low")
    if result["gates_own"]:
        print(f"  {result['gates_own']:,} were answered by the gate itself, which no rule looks at: what their providers said, if they were asked, is not there")
    for detector, why in result["failed"].items():
        print(f"  {detector} gave no answer: {why}")
    names = sorted({name for verdicts in result["verdicts"].values() for name in verdicts})
    print(f"\n{'verdict':<24}{'as recorded':>14}{'now':>10}{'new':>10}")
    for name in names:
        print(f"{name:<24}" + "".join(f"{result['verdicts'][side].get(name, 0):>{width},}" for side, width in ((_RECORDED, 14), *((side, 10) for side in _SIDES))))
    if result["changes"]:
        print("\nchanged: " + ", ".join(f"{each['exchanges']:,} from {each['now']} to {each['new']}" for each in result["changes"]))
    print(f"\n{'rule':<24}{'now':>34}{'new':>34}")
    for rule in result["rules"]:
        print(f"{rule['name']:<24}" + "".join(f"{_cell(rule[side]):>34}" for side in _SIDES))
    if result["examples"]:
        print("\nexamples, masked")
    for example in result["examples"]:
        print(f"  {example['side']} {example['rule']} {example['kind']} {example['score']:.2f} {example['id']}: {example['excerpt']}")


def _cell(numbers: dict[str, Any] | None) -> str:
    return "-" if numbers is None else f"{numbers['action']} {numbers['findings']:,} in {numbers['exchanges']:,}"

