"""`tidegate guard`: try a text on the rules of the configuration, and see which kinds there are. Nothing is sent, nothing is recorded."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from detectors.base import Finding
from gateway.commands import kinds
from gateway.commands.base import NOT_SO, OK, Command, complain, config_option, config_path
from gateway.config import Settings, load, parse
from gateway.config_guard import NAMES
from gateway.dialects.leaves import Edit, Leaf, Walked, edited
from gateway.errors import ConfigError
from gateway.guard.engines import Answer, Ask, Engines, Unanswered
from gateway.guard.judge import Tally
from gateway.guard.placeholders import Placeholders
from gateway.guard.policy import Direction, Rule
from gateway.guard.scan import Guarding
from gateway.guard.whole import check

EXAMPLES = """\
  tidegate guard try "My card is 4111 1111 1111 1111"
  tidegate guard try --on reply --app shop --json "Write to alice@example.com"
  tidegate guard try - < letter.txt
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
    config_option(tried)
    tried.add_argument("--json", action="store_true", help='print {"verdict", "on", "text", "findings", "failed"}')
    summary = "list the kinds that detectors find, with an example and their scores"
    listed = actions.add_parser("kinds", help=summary, description=summary.capitalize() + ".")
    kinds.arguments(listed)
    config_option(listed)


def _run(args: argparse.Namespace) -> int:
    if args.action == "kinds":
        return kinds.run(_readable(args), args)
    settings = _settings(args)
    text = sys.stdin.buffer.read() if args.text == "-" else os.fsencode(args.text)
    result = tried(settings, text.decode(errors="replace"), on=args.on, app=args.app, env=args.env, model=args.model)
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


def tried(settings: Settings, text: str, *, on: str | None = None, app: str | None = None, env: str | None = None, model: str = "") -> dict[str, Any]:
    """What the rules make of a text: verdict, text (as it would go on), findings with their places and the rule that took each, direction, and which detectors failed, why."""
    policy = settings.policy
    who = {"app": app or settings.server.default_app, "env": env or settings.server.default_env, "model": model}
    direction = Direction(on) if on else (Direction.REQUEST if policy.rules_for(Direction.REQUEST, **who) else Direction.LOG)
    rules = policy.rules_for(direction, **who)
    content = settings.store.content
    if direction is Direction.LOG and content != "redacted":
        rules = ()  # none is asked then
        complain(f"store.content is {content}: {'no text is stored, whatever is found' if content == 'none' else 'texts are stored as they are, whatever rules are on: log'}")
    tally = Tally()
    scan = _Noting(rules, settings.engines, direction, tally, Placeholders())
    checking = check(Walked((Leaf("", "user", "", text),)), scan)
    answer: Answer | None = None
    pool = _Pool(settings)
    while True:
        try:
            ask = checking.send(answer)
        except StopIteration as end:
            edits = end.value.get(0, ())
            break
        answer = pool.answer(ask) if isinstance(ask, Ask) else None
    return {
        "verdict": tally.judged(direction),
        "on": direction.value,
        "text": "" if scan.stopped or (direction is Direction.LOG and content == "none") else edited(text, edits),
        "findings": [
            {"detector": f.detector, "kind": f.kind, "start": f.start, "end": f.end, "score": round(f.score, 3), "rule": rule, "action": action} for f, rule, action in scan.noted
        ],
        "failed": pool.failed,
    }


class _Noting(Guarding):
    """Also remembers each finding, with the rule that takes it; one that none takes is shown with none."""

    def __init__(self, rules: Sequence[Rule], engines: Engines, direction: Direction, tally: Tally, placeholders: Placeholders) -> None:
        super().__init__(rules, engines, direction, tally, placeholders)
        self.noted: list[tuple[Finding, str | None, str | None]] = []

    def replace(self, findings: Iterable[Finding], raw: str, telling: str = "") -> list[Edit]:
        findings = list(findings)
        for finding in findings:
            wanting = [rule for rule in self.rules if rule.wants(finding)]
            rule = next((rule for rule in wanting if rule.enforce), wanting[0] if wanting else None)  # who only observes leaves it to the next
            self.noted.append((finding, rule.name if rule else None, (rule.action.value if rule.enforce else "observe") if rule else None))
        return super().replace(findings, raw, telling)


class _Pool:
    """Answers in the detector pool's place: the running gate's pool for detectors of the operator's own, a model of our own for names."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.failed: dict[str, str] = {}  # by detector, why

    def answer(self, ask: Ask) -> Answer:
        if ask.engine.name == NAMES:
            print("tidegate: loading the language model that finds names, which takes some seconds ...", file=sys.stderr, flush=True)
            found: Answer = named(self._settings).find_all(list(ask.texts))
            return found
        from gateway.detection.blocking import BlockingPool
        from gateway.detection.frames import DetectorFailed

        client = BlockingPool(self._settings.detection_terms.socket)
        try:
            return client.find(ask.engine.name, [(text.raw, text.before) for text in ask.texts], deadline_s=30.0)
        except DetectorFailed as e:
            self.failed[ask.engine.detector] = f"{e.reason}{': ' if e.detail else ''}{e.detail}"
            if e.detail == "no pool":
                self.failed[ask.engine.detector] += ": detectors of your own are asked where the gate runs them, and none runs on this data_dir"
            return Unanswered(e.reason)
        finally:
            client.close()


def named(settings: Settings) -> Any:
    """The names model as the gate's pool makes it. Raises StopIteration if no rule asks for it."""
    model = next(model for model in settings.detection_terms.models if model.name == NAMES)
    module, _, name = model.factory.partition(":")
    return getattr(import_module(module), name)(**model.options)  # late: it loads spaCy


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


COMMAND = Command("guard", "try a text on the rules without sending it anywhere, list the kinds of findings", EXAMPLES, _arguments, _run)
