"""`python -m detectors format` and `... grounding`: what judges a reply against something, an assertion or a context, so that it takes more than a text.

    format: one reply on standard input, one line per breach (kind, start, end, detail); with --jsonl, lines {"id", "text"} in and
    {"id", "findings": [{"kind", "start", "end", "score", "detail"}], "scores"} out.
    grounding --jsonl: lines {"id", "text", "context": [{"id", "text"}, ...]} in and {"id", "findings", "scores"} out.

Exit codes as in detectors.__main__: 0 done, 1 a line was not what it should be, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

OK, BAD_LINE, USAGE = 0, 1, 2
NAMES = ("format", "grounding")
_LENGTHS = ("max_chars", "min_chars", "max_words", "min_words", "max_lines", "min_lines")
Judge = Callable[[dict[str, Any]], list[dict[str, object]]]  # a line, findings


def main(name: str, arguments: Sequence[str], stdin: TextIO | None = None, stdout: TextIO | None = None) -> int:
    """Run `name`, one of NAMES; returns the exit code."""
    args = _parser(name).parse_args(arguments)
    source = stdin or io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="")
    out = stdout or sys.stdout
    try:
        judge = _format(args) if name == "format" else _grounding(args)
    except (ValueError, OSError) as failed:
        sys.stderr.write(f"detectors: {name}: {failed}\n")
        return USAGE
    if args.jsonl:
        return _lines(judge, source, out, 'an object {"id", "text"}' if name == "format" else 'an object {"id", "text", "context": [{"id", "text"}]}')
    if name == "grounding":
        sys.stderr.write("detectors: grounding: a reply is judged with its context; expected --jsonl\n")
        return USAGE
    for found in judge({"text": source.read()}):
        out.write(f"{found['kind']} {found['start']} {found['end']} {found['detail']}\n")
    out.flush()
    return OK


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m detectors {name}", description="Judge replies on standard input.")
    parser.add_argument("--jsonl", action="store_true", help="each line of the input is a reply, each line of the output its findings")
    if name == "grounding":
        parser.add_argument("--kind", action="append", default=[], metavar="KIND", help="look for this kind alone; may be given again (default: all)")
        return parser
    parser.add_argument("--schema", type=Path, metavar="F", help="a file with a JSON Schema that the reply must satisfy")
    parser.add_argument("--formats", action="store_true", help="`format` of the schema asserts too")
    parser.add_argument("--is-json", action="store_true", help="the reply must be JSON")
    parser.add_argument("--fenced", action="store_true", help="and may stand in a code fence")
    parser.add_argument("--pattern", default="", metavar="RE2", help="must be found in the reply")
    for length in _LENGTHS:
        parser.add_argument(f"--{length.replace('_', '-')}", type=int, metavar="N")
    parser.add_argument("--language", action="append", default=[], metavar="CODE", help="the reply is in this language (ISO 639-1); may be given again")
    parser.add_argument("--contains", action="append", default=[], metavar="PHRASE")
    parser.add_argument("--lacks", action="append", default=[], metavar="PHRASE")
    parser.add_argument("--not-empty", action="store_true")
    return parser


def _format(args: argparse.Namespace) -> Judge:
    """Raises ValueError or OSError."""
    from detectors.format import Assertions, Format

    schema = args.schema.read_text(encoding="utf-8") if args.schema else ""
    texts: dict[str, Any] = {"languages": tuple(args.language), "contains": tuple(args.contains), "lacks": tuple(args.lacks)}
    flags: dict[str, Any] = {"json": args.is_json, "fenced": args.fenced, "formats": args.formats, "not_empty": args.not_empty}
    detector = Format(Assertions(schema=schema, pattern=args.pattern, **flags, **texts, **{length: getattr(args, length) for length in _LENGTHS}))

    def judge(row: dict[str, Any]) -> list[dict[str, object]]:
        return [{"kind": each.kind, "start": each.start, "end": each.end, "score": 1.0, "detail": each.detail} for each in detector.explain(_text(row["text"]))]

    return judge


def _grounding(args: argparse.Namespace) -> Judge:
    """Raises ValueError."""
    from detectors.grounding import KINDS, Grounding, Source

    detector = Grounding(args.kind or KINDS)

    def judge(row: dict[str, Any]) -> list[dict[str, object]]:
        context = [Source(str(each.get("id", "")), _text(each["text"])) for each in row["context"]]
        return [{"kind": each.kind, "start": each.start, "end": each.end, "score": each.score} for each in detector.check(_text(row["text"]), context)]

    return judge


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _lines(judge: Judge, source: TextIO, out: TextIO, expected: str) -> int:
    code = OK
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            found = judge(row)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            sys.stderr.write(f"detectors: line {number}: expected {expected}, with text a string\n")
            code = BAD_LINE
            continue
        scores: dict[str, float] = {}
        for each in found:
            scores[str(each["kind"])] = max(scores.get(str(each["kind"]), 0.0), float(str(each["score"])))
        out.write(json.dumps({"id": row.get("id"), "findings": found, "scores": scores}) + "\n")
        out.flush()
    return code
