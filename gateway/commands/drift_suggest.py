"""`tidegate drift baseline suggest`: production's texts that would close the gap, as lines to add to what is tested."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.commands import drift_show
from gateway.commands.base import NOT_SO, OK, USAGE, complain, config_option, settings
from gateway.commands.drift_baseline import count
from gateway.commands.drift_compare import share
from gateway.commands.drift_run import compared, what_is_compared

if TYPE_CHECKING:
    from gateway.drift.embeddings import Embeddings
    from gateway.drift.run import Ran

MOST = 50
_LONGEST = 50_000  # characters of a text


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare its options."""
    what_is_compared(parser)
    parser.add_argument("--alpha", type=share, metavar="A", help="how sure it must be that something has changed (default: drift.alpha)")
    parser.add_argument("--most", type=count, default=MOST, metavar="N", help="texts (default: %(default)s)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the lines there (default: stdout)")
    config_option(parser)


def run(args: argparse.Namespace) -> int:
    """Suggest. Returns the exit code: 1 if there is too little to compare, 2 if --out cannot be written. Raises StoreError, EmbeddingError, NotThere, ConfigError, OutputFailed."""
    if not drift_show.can_write(args.out):
        return USAGE
    ran, lines = asyncio.run(compared(settings(args), args, lambda ran, _, embeddings: _lines(ran, embeddings, args.most), alpha=args.alpha))
    report = ran.run.report
    if not report.tested:
        complain(f"nothing was compared: {' '.join(report.notes)}")
        return NOT_SO
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    done = args.out is not None and drift_show.written(args.out, text)
    if done:
        print(f"{args.out}: {len(lines):,} texts", file=sys.stderr)
    elif lines:
        print("\n".join(drift_show.shown(text.splitlines())))
    if not lines:
        complain("nothing to suggest: no topic of the inputs is new or has grown")
    return OK if done or args.out is None else USAGE


async def _lines(ran: Ran, embeddings: Embeddings, most: int) -> list[dict[str, Any]]:
    """{"text", "topic", "id"}, masked, those that read the same once."""
    from detectors.drift.suggest import suggest
    from gateway.drift import words
    from gateway.drift.masking import Masking

    named = [each for each in ran.run.topics if each.topic.aspect == "topics"]
    if not named:
        return []
    rows = ran.window.rows
    vectors = await embeddings.of([row.input or "" for row in rows])
    masking = Masking()
    said: dict[str, dict[str, Any]] = {}
    for at in suggest(rows, vectors, [each.topic for each in named], most):
        text = masking.text(rows[at].input or "", _LONGEST)
        of = next(each for each in named if at in each.topic.rows)
        said.setdefault(text, {"text": text, "topic": of.label or words.about(of.topic), "id": rows[at].id})
    return list(said.values())
