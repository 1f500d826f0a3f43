"""`tidegate drift compare`: two files of texts. Needs no gate, no store and no configuration."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.commands import drift_show
from gateway.commands.base import USAGE, complain

if TYPE_CHECKING:
    from detectors.drift.base import Row

ALPHA = 0.05
FORMS = (
    '{"text"} or {"input", "output"}; {"prompt", "completion" (or "response", "output")}; {"messages": [...]}, of which the last of the user is the input; '
    'lines of tidegate export; each with "session" (or "session_id") and "id" if it has them'
)
_STDIN = Path("-")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare its options."""
    parser.add_argument("baseline", type=Path, metavar="BASELINE.jsonl", help=f"what was tested on, a JSON object a line: {FORMS}; - is stdin")
    parser.add_argument("window", type=Path, metavar="WINDOW.jsonl", help="what is compared with it, in the same form")
    parser.add_argument("--alpha", type=share, default=ALPHA, metavar="A", help="the probability of an alarm where nothing has changed (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the permutations; the same seed gives the same report (default: %(default)s)")
    report_options(parser)


def report_options(parser: argparse.ArgumentParser) -> None:
    """Declare how a report is shown."""
    parser.add_argument("--json", action="store_true", help='print {"alarm", "alpha", "pvalue", "tested", "aspects", "topics", "structure", "notes", ...}; rows are positions from 0')
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page with pictures, too")
    parser.add_argument("--all", action="store_true", help="list every structural feature that was tested, not only the significant ones")
    parser.add_argument("--fail-on-drift", action="store_true", help="exit with 1 if there is drift, with 3 if it could not be tested")


def share(text: str) -> float:
    """A probability from a word of the command line, above 0 and below 1."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not an alpha; expected a number above 0 and below 1, such as 0.05')
    return value


def run(args: argparse.Namespace) -> int:
    """Compare. Returns the exit code, as of drift_show.code; 2: a file cannot be read or written."""
    if args.baseline == _STDIN == args.window:
        complain("only one of the two can be stdin")
        return USAGE
    if args.seed < 0:
        complain("--seed: expected 0 or more")
        return USAGE
    if not drift_show.can_write(args.html):
        return USAGE
    baseline, window = read(args.baseline), read(args.window)
    if baseline is None or window is None:
        return USAGE
    from detectors.drift.compare import compare  # late, as all that follows: it brings scikit-learn
    from gateway.drift.masking import Masking

    done = True
    waiting = drift_show.Waiting("embedding texts")
    try:
        embedding = drift_show.Embedding(waiting)
        report = compare(baseline, window, embedding, alpha=args.alpha, seed=args.seed)
        masked = Masking().report(report, baseline, window)
        if args.html is not None:
            from gateway.drift import page

            sides = [embedding([row.input or "" for row in rows]) for rows in (baseline, window)] if report.tested else []
            done = drift_show.written(args.html, page.compared(masked, *sides, names=(str(args.baseline), str(args.window)), every=args.all))
    finally:
        waiting.end()
    drift_show.result(masked, as_json=args.json, every=args.all)
    return drift_show.code(report, fails=args.fail_on_drift) if done else USAGE


def read(path: Path) -> list[Row] | None:
    """The rows of a file; None: it cannot be read as such, which was said."""
    from gateway.drift.lines import UnusableLine, rows

    try:
        if path == _STDIN:
            return rows(sys.stdin.buffer)
        with path.open("rb") as file:
            return rows(file)
    except OSError as e:
        complain(f"{path}: it cannot be read: {e.strerror or e}")
    except UnusableLine as e:
        complain(f"{path}: {e}")
    return None
