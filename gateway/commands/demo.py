"""`tidegate demo`: the main job on this machine alone, with a simulated provider. The work is done in gateway/demo."""

from __future__ import annotations

import argparse

from gateway.commands.base import Command

EXAMPLES = """\
  tidegate demo
  tidegate demo --seconds 20 --exit
  tidegate demo --json --exit
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=_positive, default=20.0, metavar="N", help="how long to send traffic (default: 20)")
    parser.add_argument("--json", action="store_true", help="print what was recorded as JSON")
    parser.add_argument("--exit", action="store_true", help="stop when the traffic ends, instead of staying up to be looked at")


def _positive(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86400:
        raise argparse.ArgumentTypeError("expected seconds, more than 0 and at most 86400")
    return seconds


def _run(args: argparse.Namespace) -> int:
    from gateway.demo import show  # late: brings the providers' SDKs

    return show.run(seconds=args.seconds, as_json=args.json, exit_after=args.exit)


COMMAND = Command("demo", "see it work: gate, store, a simulated provider and traffic, on this machine alone", EXAMPLES, _arguments, _run)
