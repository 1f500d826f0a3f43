"""`tidegate guard kinds`: what the detectors find, so that nobody has to guess a kind's name or a score."""

from __future__ import annotations

import argparse
import json
from typing import Any

from detectors import catalogue, judge_kinds
from gateway.commands.base import NOT_SO, OK, complain
from gateway.config import Settings
from gateway.config_guard import SURE, UNNAMED_KINDS
from gateway.config_judges import GROUNDING, INJECTION, MODERATION

_SCORES = """\
score: how sure a detector is, in the fixed steps shown, the surest first; no probability. A rule takes what scores min_score (0.5) or more.
*: what a rule on pii means that names no kinds.  names: found by a language model, unless the rule says tier: patterns."""

_JUDGED = "What has no scores here scores 1 (formats), or anything from 0 to 1: tidegate eval shows how many exchanges each threshold takes."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the action, --config aside."""
    parser.add_argument("detector", nargs="?", help="only this one: pii, secrets, moderation, injection, grounding, or one of detectors.formats or detectors.custom (default: all)")
    parser.add_argument("--json", action="store_true", help='print {detector: {kind: {"what", "example", "scores", "usual", "model"}}}')


def run(settings: Settings | None, args: argparse.Namespace) -> int:
    """Print them. settings None: the configuration cannot be read, so it is known of the built-in ones alone."""
    found = kinds(settings)
    if args.detector is not None and args.detector not in found:
        complain(f'unknown detector "{args.detector}"; known here: {", ".join(found)}')
        return NOT_SO
    found = {name: described for name, described in found.items() if args.detector in (None, name)}
    print(json.dumps(found, ensure_ascii=False) if args.json else "\n".join(_lines(found)))
    return OK


def kinds(settings: Settings | None) -> dict[str, dict[str, dict[str, Any]]]:
    """By detector and kind: what, example, scores (falling), usual (in a rule that names none), model (of the names tier)."""
    found = {
        "pii": {kind: _one(each, usual=kind in UNNAMED_KINDS) for kind, each in catalogue.PII.items()},
        "secrets": {kind: _one(each, usual=True) for kind, each in catalogue.secrets().items()},
    }
    judges = {MODERATION: judge_kinds.MODERATION, INJECTION: judge_kinds.INJECTION, GROUNDING: judge_kinds.GROUNDING}
    judges |= dict.fromkeys(settings.detectors.formats if settings is not None else (), judge_kinds.FORMAT)
    for name, described in judges.items():
        found[name] = {kind: _one(catalogue.Described(what, "", ()), usual=True) for kind, what in described.items()}
    if settings is not None:
        for own in settings.detectors.pii.patterns:
            scores = (max(SURE, own.score), own.score) if own.context else (own.score,)
            found["pii"][own.kind] = _one(catalogue.Described(f"your pattern {own.pattern}", "", tuple(sorted(set(scores), reverse=True))), usual=True)
        for name, custom in settings.detectors.custom.items():
            where = f"function {custom.entry}" if custom.entry else "web service"
            found[name] = {kind: _one(catalogue.Described(f"your {where}", "", ()), usual=True) for kind in custom.kinds}
    return found


def _one(each: catalogue.Described, *, usual: bool) -> dict[str, Any]:
    return {"what": each.what, "example": each.example, "scores": list(each.scores), "usual": usual, "model": each.pooled}


def _lines(found: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
    lines = []
    for detector, described in found.items():
        lines += [f"{detector}:"]
        for kind, each in described.items():
            scores = " ".join(f"{score:g}" for score in each["scores"])
            what = f"{each['what']} (names)" if each["model"] else each["what"]
            mark = "*" if detector == "pii" and each["usual"] else " "
            line = f"{mark} {kind:<26} {scores:<24} {what}"
            lines.append(f"{line}   e.g. {each['example']}" if each["example"] else line.rstrip())
        lines.append("")
    return [*lines, *((_JUDGED,) if found.keys() - {"pii", "secrets"} else ()), *((_SCORES,) if found.keys() & {"pii", "secrets"} else ())]
