"""`tidegate drift`: does production still look like what was tested, and if not, what has changed? Each noun is a file beside this one."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from gateway.commands import drift_again, drift_baseline, drift_compare, drift_run, drift_show, drift_suggest
from gateway.commands.base import Command, complain
from gateway.errors import ConfigError, TidegateError

EXAMPLES = """\
  tidegate drift compare dev.jsonl production.jsonl --html drift.html
  tidegate drift run --app checkout --window 7d
  tidegate drift runs --app checkout
  tidegate drift baseline create release-7 --app checkout --prompt answer@7
  tidegate drift baseline suggest --app checkout --out more.jsonl
"""


_COMPARED = (
    "exit codes: 0 compared, whatever was found; 1 not tested (too little to compare, no store); 2 wrong usage or configuration, or a file cannot be read or written\n"
    "with --fail-on-drift: 0 no drift; 1 drift; 2 as above; 3 not tested"
)
_SUGGESTED = "exit codes: 0 compared, even if there is nothing to suggest; 1 not tested (too little to compare, no store); 2 wrong usage or configuration, or --out cannot be written"
_KEPT = "exit codes: 0 done; 1 not done (there is no such thing, no store); 2 wrong usage or configuration, or a file cannot be read"


class _Lines(argparse.HelpFormatter):
    """Lines of an epilog stay lines; each is wrapped."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(super(_Lines, self)._fill_text(line, width, indent) for line in text.splitlines())


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    add = _adder(actions)
    add(
        "compare", "compare two files of texts", ", without a gate or a store.",
        "drift compare dev.jsonl production.jsonl --alpha 0.01 --html drift.html", drift_compare.arguments, drift_compare.run, _COMPARED,
    )  # fmt: skip
    add(
        "run", "compare an app's production with its baseline now", ".",
        "drift run --app checkout --baseline release-7 --window 7d", drift_run.arguments, drift_run.run, _COMPARED,
    )  # fmt: skip
    add("runs", "list the last runs", ", scheduled ones and others.", "drift runs --app checkout --limit 50", drift_run.list_arguments, drift_run.list_runs)
    add("show", "show a run that was stored once more", ", in the terminal and as a page.", "drift show 3f2a --html drift.html", drift_again.arguments, drift_again.run)
    summary = "keep what production is compared with under a name"
    kept = actions.add_parser("baseline", help=summary, description=summary.capitalize() + ".", epilog="example: tidegate drift baseline create release-7 --app checkout --since 14d --until 7d")
    nested = _adder(kept.add_subparsers(title="actions", dest="baseline_action", metavar="ACTION", required=True))
    nested("create", "keep exchanges or a file of texts as a baseline", ".", "drift baseline create golden --file dev.jsonl", drift_baseline.create_arguments, drift_baseline.create)
    nested("list", "list baselines", ".", "drift baseline list --app checkout", drift_baseline.list_arguments, drift_baseline.list_all)
    nested("show", "show a baseline and some of its texts, masked", ".", "drift baseline show golden@2", drift_baseline.show_arguments, drift_baseline.show)
    nested("remove", "remove a baseline", "; its number is not given again.", "drift baseline remove golden@1", drift_baseline.remove_arguments, drift_baseline.remove)
    nested(
        "suggest", "propose production's texts that what is tested lacks", ', masked, as lines {"text", "topic", "id"}.',
        "drift baseline suggest --app checkout --out more.jsonl", drift_suggest.arguments, drift_suggest.run, _SUGGESTED,
    )  # fmt: skip


def _adder(actions: Any) -> Callable[..., None]:
    def add(name: str, summary: str, rest: str, example: str, arguments: Callable[[argparse.ArgumentParser], None], run: Callable[[argparse.Namespace], int], codes: str = _KEPT) -> None:
        parser = actions.add_parser(name, help=summary, description=summary[:1].upper() + summary[1:] + rest, epilog=f"example: tidegate {example}\n{codes}", formatter_class=_Lines)
        arguments(parser)
        parser.set_defaults(act=run)

    return add


def _run(args: argparse.Namespace) -> int:
    try:
        code: int = args.act(args)
    except ConfigError:
        raise
    except TidegateError as e:  # the store is down, the app unknown: to a pipeline that is no drift
        if not getattr(args, "fail_on_drift", False):
            raise
        complain(str(e))
        return drift_show.NOT_TESTED
    return code


COMMAND = Command("drift", "compare production with what was tested, and say what has changed", EXAMPLES, _arguments, _run)
