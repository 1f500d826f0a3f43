"""`tidegate guard`: try a text, or recorded traffic, on rules, and see which kinds there are. Nothing is sent, nothing is recorded."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.commands import kinds, replay
from gateway.commands.base import NOT_SO, OK, Command, complain, config_option, config_path
from gateway.config import Settings, load, parse
from gateway.errors import ConfigError
from gateway.guard.policy import Direction, Rule

EXAMPLES = """\
  tidegate guard try "My card is 4111 1111 1111 1111"
  tidegate guard try --on reply --app shop --json "Write to alice@example.com"
  tidegate guard try - < letter.txt
  tidegate guard replay --since 7d --rules new.yaml
  tidegate guard kinds
  tidegate guard kinds secrets --json
"""
_MAX_SHOWN = 40  # findings, in words


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    summary = "show what the rules make of a text"
    tried = actions.add_parser("try", help=summary, description=summary.capitalize() + ". Exit code 1 if it would be blocked or could not be checked.")
    tried.add_argument("text", help="the text, or - to read it from stdin")
    tried.add_argument("--on", choices=[direction.value for direction in Direction], help="as a request, a reply, or for the record (default: request, if a rule looks at requests, else log)")
    tried.add_argument("--app", help="of this app (default: server.default_app)")
    tried.add_argument("--env", help="of this environment (default: server.default_env)")
    tried.add_argument("--model", default="", help="for this model")
    tried.add_argument("--prompt", default="", help="for this prompt")
    tried.add_argument("--context", action="append", default=[], metavar="TEXT", help="what a reply is compared with by grounding; may be repeated")
    config_option(tried)
    tried.add_argument("--json", action="store_true", help='print {"verdict", "on", "text", "findings", "failed", "not_asked"}')
    summary = "show what changed rules would have done to recorded traffic"
    replayed = actions.add_parser("replay", help=summary, description=summary.capitalize() + ", beside today's. Exit code 1 if a detector gave no answer.")
    replay.arguments(replayed)
    summary = "list the kinds that detectors find, with an example and their scores"
    listed = actions.add_parser("kinds", help=summary, description=summary.capitalize() + ".")
    kinds.arguments(listed)
    config_option(listed)


def _run(args: argparse.Namespace) -> int:
    if args.action == "kinds":
        return kinds.run(_readable(args), args)
    if args.action == "replay":
        return replay.run(args)
    settings = _settings(args)
    text = sys.stdin.buffer.read() if args.text == "-" else os.fsencode(args.text)
    result = tried(settings, text.decode(errors="replace"), on=args.on, app=args.app, env=args.env, model=args.model, prompt=args.prompt, context=args.context)
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        _show(result)
    return NOT_SO if result["verdict"] in ("blocked", "error") else OK


def _settings(args: argparse.Namespace) -> Settings:
    """The configuration; without any file, what a new one would say."""
    path = config_path(args)
    if args.config is None and not path.exists():
        from gateway.commands.serve import default_text

        return parse(default_text(), needs_secrets=False, base=path.resolve().parent)
    return load(path, needs_secrets=False)


def _readable(args: argparse.Namespace) -> Settings | None:
    """The configuration, if it is one: who has misspelled a kind is sent here."""
    try:
        return _settings(args)
    except ConfigError as e:
        complain(f"the configuration has {len(e.problems)} problems (tidegate check names them), so detectors and patterns of your own are not listed")
        return None


def tried(settings: Settings, text: str, *, on: str | None = None, app: str | None = None, env: str | None = None, model: str = "", prompt: str = "", context: Sequence[str] = ()) -> dict[str, Any]:
    """What the rules make of a text: verdict, text (as it would go on), findings with their places and the rule that took each, direction, which detectors failed, why,
    and which of the file's rules were not asked, with what limits them."""
    from gateway.commands import judging  # late, as are the next: it brings what the record plane needs
    from gateway.dialects.base import Operation
    from gateway.dialects.leaves import Leaf, Walked, edited
    from gateway.guard.judge import Tally
    from gateway.guard.placeholders import Placeholders
    from gateway.guard.whole_reply import WholeReply, about

    policy = settings.policy
    who: dict[str, Any] = {"app": app or settings.server.default_app, "env": env or settings.server.default_env, "model": model, "prompt": prompt}
    direction = Direction(on) if on else (Direction.REQUEST if any(Direction.REQUEST in rule.on for rule in policy.rules) else Direction.LOG)
    rules = policy.rules_for(direction, **who)
    content = settings.store.content
    if direction is Direction.LOG and content != "redacted":
        rules = ()  # none is asked then
        complain(f"store.content is {content}: {'no text is stored, whatever is found' if content == 'none' else 'texts are stored as they are, whatever rules are on: log'}")
    tally, pool = Tally(), judging.StandIn()
    scan = judging.Noting(rules, settings.engines, direction, tally, Placeholders())
    edits = pool.drive(Walked((Leaf("", "user", "", text),)), scan, settings.detection_terms).get(0, ())
    if scan.reply_judges and not scan.stopped:
        pool.put(WholeReply(Operation(), scan, lambda: about(context), len(text)).texts((text,)), settings.detection_terms)
        pool.failed |= {engine.detector: "nothing to compare with; give --context" for engine in scan.reply_judges if engine.compares and not context}
    return {
        "verdict": tally.judged(direction),
        "on": direction.value,
        "text": "" if scan.stopped or (direction is Direction.LOG and content == "none") else edited(text, edits),
        "findings": [
            {
                **{"detector": (f := one.finding).detector, "kind": f.kind, "start": f.start, "end": f.end, "score": round(f.score, 3)},
                **{"rule": one.rule.name if one.rule else None, "action": one.action},
            }
            for one in scan.noted
        ],
        "failed": pool.failed,
        "not_asked": [{"rule": rule.name, "only": only} for rule in policy.rules[: len(settings.guardrails)] if (only := _only(rule, direction, who))],
    }


def _only(rule: Rule, on: Direction, who: Mapping[str, str]) -> dict[str, list[str]]:
    """By setting, what keeps a rule from looking; empty: it looks."""
    elsewhere = {} if on in rule.on else {"on": sorted(rule.on)}
    return elsewhere | {limit: sorted(getattr(rule, limit)) for limit in rule.limits(**who)}


def _show(result: dict[str, Any]) -> None:
    print(f"verdict: {result['verdict']} (on: {result['on']})")
    for detector, why in result["failed"].items():
        print(f"  {detector} gave no answer: {why}")
    if not result["findings"]:
        print("no findings")
    for finding in result["findings"][:_MAX_SHOWN]:
        rule = f"{finding['action']} by {finding['rule']}" if finding["rule"] else "no rule wants it"
        print(f"  {finding['detector']} {finding['kind']} at {finding['start']}-{finding['end']}, score {finding['score']:.2f}: {rule}")
    if result["verdict"] not in ("blocked", "error"):
        print(f"text: {result['text']}")
    for each in result["not_asked"]:
        limits = "; ".join(f"{limit}: {', '.join(names)}" for limit, names in each["only"].items())
        print(f"not asked: {each['rule']}, only for {limits}")
    if any(each["only"].keys() - {"on"} for each in result["not_asked"]):
        print("  (--app, --env, --model and --prompt say whose text it is)")


COMMAND = Command("guard", "try a text or recorded traffic on rules without sending it anywhere, list the kinds of findings", EXAMPLES, _arguments, _run)
