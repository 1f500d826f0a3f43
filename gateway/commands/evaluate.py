"""`tidegate eval`: one detector over stored exchanges. What would a rule on it have found last week, and where should its threshold be?"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from typing import Any

from gateway.commands.base import NOT_SO, OK, USAGE, Command, complain, config_option, settings
from gateway.commands.progress import INTERRUPTED, Progress
from gateway.commands.replay import LIMITED, STOPPED, window_is_empty, window_options
from gateway.config_judges import REPLY_JUDGES

EXAMPLES = """\
  tidegate eval --detector moderation --since 7d
  tidegate eval --detector injection --on request --app checkout --limit 500
  tidegate eval --detector pii --kinds PERSON --json
"""
LIMIT = 1_000
STEPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # thresholds that are tried
_EXAMPLES = 5


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--detector", required=True, metavar="NAME", help="as in a rule")
    parser.add_argument("--kinds", default="", metavar="KIND,...", help="only these (default: all that it finds)")
    parser.add_argument("--on", choices=("request", "reply"), help="only that side (default: both)")
    window_options(parser, LIMIT)
    config_option(parser)
    parser.add_argument("--json", action="store_true", help='print {"detector", "exchanges", "of", "stopped", "limited", "masked", "errors", "bytes", "seconds", "kinds", "apps", "examples", "failed"}')


def _run(args: argparse.Namespace) -> int:
    from gateway.config_rules import unknown

    current = settings(args)
    known = {*current.engines.names}
    if args.detector not in known:
        complain(f'--detector: there is no "{args.detector}"; expected one of {", ".join(sorted(known))}')
        return USAGE
    finds = current.engines.kinds(args.detector)
    if wrong := [kind for kind in args.kinds.split(",") if kind and kind not in finds]:
        complain(f"--kinds: {unknown(wrong[0], args.detector, finds)}")
        return USAGE
    if args.on == "request" and (args.detector in REPLY_JUDGES or args.detector in current.detectors.formats):
        complain(f"--on: {args.detector} judges replies")
        return USAGE
    if window_is_empty(args):
        return USAGE
    result = evaluated(current, args)
    print(json.dumps(result, ensure_ascii=False)) if args.json else _show(result)
    return INTERRUPTED if result["stopped"] else NOT_SO if result["failed"] else OK


def evaluated(current: Any, args: argparse.Namespace) -> dict[str, Any]:
    """The detector on every exchange. Raises as gateway.commands.stored does."""
    from gateway.commands import stored
    from gateway.commands.judging import Configured, Excerpts, StandIn
    from gateway.commands.traffic import exchanges, number
    from gateway.config_guard import Guardrail

    kinds = tuple(kind for kind in args.kinds.split(",") if kind)
    rule = Guardrail(name="eval", detector=args.detector, on=(args.on,) if args.on else ("request", "reply"), action="flag", kinds=kinds or tuple(sorted(current.engines.kinds(args.detector))), min_score=0)
    pool = StandIn()
    at_work = Configured(current.model_copy(update={"guardrails": (rule,)}), pool)
    scores: dict[str, list[float]] = defaultdict(list)  # by kind: the best of each exchange that has one
    apps: Counter[str] = Counter()
    best: list[tuple[float, str, Any]] = []
    total = masked = errors = characters = 0
    began = time.perf_counter()
    target, window = stored.target(current), {"since": args.since, "until": args.until, "app": args.app, "env": args.env, "limit": args.limit}
    with Progress(number(target, **window)) as progress:
        for exchange in progress.over(exchanges(target, **window)):
            total += 1
            masked += exchange.masked
            errors += exchange.is_error
            characters += len(exchange.request_body) + (0 if exchange.is_error else len(exchange.reply_body))
            _, noted = at_work.judged(exchange, replies=not exchange.is_error)
            found: dict[str, Any] = {}
            for one in noted:
                if one.finding.kind not in found or found[one.finding.kind].finding.score < one.finding.score:
                    found[one.finding.kind] = one
            for kind, one in found.items():
                scores[kind].append(one.finding.score)
                best.append((one.finding.score, exchange.id, one))
            apps[exchange.app] += any(one.finding.score >= 0.5 for one in found.values())
            best = sorted(best, key=lambda each: (-each[0], each[1]))[: _EXAMPLES * 4]
    excerpts = Excerpts(current)
    return {
        "detector": args.detector,
        "exchanges": total,
        "of": max(total, progress.total),
        "stopped": progress.stopped,
        "limited": total == args.limit,  # there may be older ones
        "masked": masked,
        "errors": errors,
        "bytes": characters,
        "seconds": round(time.perf_counter() - began, 2),
        "kinds": {kind: {"exchanges": len(each), "at_least": {str(step): sum(score >= step for score in each) for step in STEPS}} for kind, each in sorted(scores.items())},
        "apps": {app: count for app, count in apps.most_common() if count},
        "examples": [{"id": id, "kind": one.finding.kind, "score": round(score, 3), "excerpt": excerpts.of(one)} for score, id, one in best[:_EXAMPLES]],
        "failed": pool.failed,
    }


def _show(result: dict[str, Any]) -> None:
    print(f"{result['detector']} on {result['exchanges']:,} exchanges, {result['bytes'] / 1e6:,.1f} MB, {result['seconds']:,.1f} s")
    print(STOPPED.format(**result) if result["stopped"] else "", end="")
    print(LIMITED if result["limited"] else "", end="")
    if result["masked"]:
        print(f"  {result['masked']:,} were stored with something masked, which is not found any more")
    if result["errors"]:
        print(f"  {result['errors']:,} replies are errors, in words of the provider or the gate: left out")
    for detector, why in result["failed"].items():
        print(f"  {detector} gave no answer: {why}")
    if not result["kinds"]:
        print("nothing found")
        return
    print(f"\nexchanges with a score of at least\n{'kind':<28}" + "".join(f"{step:>8}" for step in STEPS))
    for kind, each in result["kinds"].items():
        print(f"{kind:<28}" + "".join(f"{each['at_least'][str(step)]:>8,}" for step in STEPS))
    if result["apps"]:
        print("\nat 0.5 or more, by app: " + ", ".join(f"{app} {count:,}" for app, count in result["apps"].items()))
    print("\nthe highest, masked")
    for example in result["examples"]:
        print(f"  {example['score']:.2f} {example['kind']} {example['id']}: {example['excerpt']}")


COMMAND = Command("eval", "run one detector over stored exchanges and show what it finds at which threshold", EXAMPLES, _arguments, _run)
