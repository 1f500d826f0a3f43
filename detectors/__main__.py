"""`python -m detectors NAME`: run one detector over text on standard input.

Without options: one text, one line per finding (kind, start, end, score; code points). With --jsonl: lines {"id", "text"} in, and out, as soon as
each is done, {"id", "findings": [{"kind", "start", "end", "score"}], "scores": {kind: the highest}}. Exit codes: 0 done, 1 a line was not
what it should be (it is named on standard error), 2 wrong usage.

Those of JUDGES judge a text as a whole: their "scores" has every kind, also where nothing is found, and a line may have a "source" (of injection:
user, material), which otherwise is --source. `format` and `grounding` have options of their own: see detectors.reply_commands.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

from detectors import DETECTORS, JUDGES, reply_commands
from detectors.base import Finding
from detectors.text import Text
from detectors.tiers import merge

OK, BAD_LINE, USAGE = 0, 1, 2
SOURCES = ("user", "material")
THRESHOLD = 0.5  # as in a rule that names no other
EXAMPLES = """\
examples:
  echo 'call Ann Example at 415-555-0132' | python -m detectors pii
  python -m detectors pii --tier patterns --jsonl < texts.jsonl > findings.jsonl
  python -m detectors secrets --json < .env
  python -m detectors injection --source material --jsonl < pages.jsonl > scores.jsonl
  python -m detectors format --schema order.schema.json --fenced < reply.txt
  python -m detectors grounding --jsonl < replies-with-context.jsonl
"""
Scores = Mapping[str, float] | None  # None: the highest of the findings
Find = Callable[[str, str], tuple[list[Finding], Scores]]  # text, source


def main(arguments: Sequence[str] | None = None, stdin: TextIO | None = None, stdout: TextIO | None = None) -> int:
    """Run it; returns the exit code. arguments, stdin, stdout: the process's own if not given."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given and given[0] in reply_commands.NAMES:
        return reply_commands.main(given[0], given[1:], stdin, stdout)
    args = _parser().parse_args(given)
    if args.detector not in DETECTORS and args.detector not in JUDGES:
        _complain(f'unknown detector "{args.detector}"; expected one of {", ".join((*DETECTORS, *JUDGES, *reply_commands.NAMES))}')
        return USAGE
    if args.source != SOURCES[0] and args.detector not in JUDGES:
        _complain("--source: only what judges whole texts asks for one")
        return USAGE
    if args.tier != "all" and args.detector != "pii":
        _complain("--tier: only pii has tiers")
        return USAGE
    source = stdin or io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="")
    out = stdout or sys.stdout
    find = _find(args.detector, args.tier)
    try:
        return _lines(find, source, out, args.min_score, args.source) if args.jsonl else _whole(find, source, out, args.min_score, args.source, as_json=args.json)
    except BrokenPipeError:  # whoever read the output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m detectors", description="Find what a detector finds in text on standard input.", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("detector", metavar="NAME", help=f"one of {', '.join((*DETECTORS, *JUDGES, *reply_commands.NAMES))}; the last two have options of their own: NAME --help")
    parser.add_argument("--jsonl", action="store_true", help='each line of the input is {"id", "text"}, each line of the output its findings')
    parser.add_argument("--json", action="store_true", help="print the findings of the one text as JSON")
    parser.add_argument("--tier", choices=("all", "patterns", "names"), default="all", help="of pii: patterns alone, names alone, or both (default)")
    parser.add_argument("--source", choices=SOURCES, default=SOURCES[0], help="of what judges whole texts: what the user says (default), or material: tool results, documents")
    parser.add_argument("--min-score", type=_score, default=THRESHOLD, metavar="S", help=f"leave out findings below this score, 0 to 1 (default: {THRESHOLD})")
    return parser


def _score(text: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 1:
        raise argparse.ArgumentTypeError("expected a number from 0 to 1")
    return score


def _find(name: str, tier: str) -> Find:
    """What finds, from one text."""
    if name in JUDGES:
        judge = JUDGES[name]()
        return lambda text, source: judge(Text(text), source)
    if name != "pii" or tier != "all":
        one = DETECTORS["names" if tier == "names" else name]()
        return lambda text, _: (one.find(Text(text)), None)
    patterns, names = DETECTORS["pii"](), DETECTORS["names"]()

    def both(raw: str, _: str) -> tuple[list[Finding], Scores]:
        text = Text(raw)
        return merge(raw, patterns.find(text), names.find(text)), None

    return both


def _whole(find: Find, source: TextIO, out: TextIO, least: float, told: str, *, as_json: bool) -> int:
    found, scores = find(source.read(), told)
    findings = [f for f in found if f.score >= least]
    if as_json:
        print(json.dumps(_record(findings, scores)), file=out)
    else:
        for f in findings:
            print(f"{f.kind} {f.start} {f.end} {f.score:.2f}", file=out)
    out.flush()
    return OK


def _lines(find: Find, source: TextIO, out: TextIO, least: float, told: str) -> int:
    code, progress = OK, _Progress(source)
    for number, line in enumerate(source, 1):
        if line.strip():
            try:
                row = json.loads(line)
                text, said = row["text"], row.get("source", told)
                if not isinstance(text, str) or said not in SOURCES:
                    raise TypeError
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                _complain(f'line {number}: expected a JSON object {{"id", "text"}} with text a string, and a source, if any, one of {", ".join(SOURCES)}')
                code = BAD_LINE
            else:
                findings, scores = find(text, said)
                print(json.dumps({"id": row.get("id")} | _record([f for f in findings if f.score >= least], scores)), file=out, flush=True)
        progress.at(number, line)
    progress.end()
    return code


def _record(findings: Sequence[Finding], scores: Scores) -> dict[str, object]:
    if scores is None:
        highest: dict[str, float] = {}
        for f in findings:
            highest[f.kind] = max(highest.get(f.kind, 0.0), f.score)
        scores = highest
    return {"findings": [{"kind": f.kind, "start": f.start, "end": f.end, "score": f.score} for f in findings], "scores": dict(scores)}


class _Progress:
    """A line on standard error that says how far it is: only where that is a terminal and the input a file."""

    def __init__(self, source: TextIO) -> None:
        self._total, self._done, self._shown = 0, 0, -1
        if sys.stderr.isatty():
            try:
                self._total = os.fstat(source.fileno()).st_size
            except (OSError, ValueError):
                return

    def at(self, number: int, line: str) -> None:
        if not self._total:
            return
        self._done += len(line.encode("utf-8", "replace"))
        percent = min(100, 100 * self._done // self._total)
        if percent != self._shown:
            self._shown = percent
            sys.stderr.write(f"\r{'#' * (percent // 4):25} {percent:3} %  {number} lines")
            sys.stderr.flush()

    def end(self) -> None:
        if self._shown >= 0:
            sys.stderr.write("\n")


def _complain(message: str) -> None:
    sys.stderr.write(f"detectors: {message}\n")


if __name__ == "__main__":
    sys.exit(main())
