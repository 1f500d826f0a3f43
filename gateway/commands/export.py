"""`tidegate export`: exchanges of an app and a time, as JSON lines or Parquet, to a file or to stdout.

The file appears under its name only when it is whole: a half export that looks like a whole one is worse than none.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

from gateway.commands.base import OK, USAGE, Command, complain, config_option, settings
from gateway.commands.output import appearing

EXAMPLES = """\
  tidegate export --since 2026-01-01 --until 2026-02-01 --app checkout > january.jsonl
  tidegate export --since 7d --format parquet --output week.parquet
  tidegate export --since 1h --without-bodies
"""
_FORMATS = {"jsonl": "JSONEachRow", "parquet": "Parquet"}
_BODIES = "prompt_text, reply_text, request_body, reply_body"
_UNITS = {"m": 60, "h": 3600, "d": 86400}


def _arguments(parser: argparse.ArgumentParser) -> None:
    config_option(parser)
    parser.add_argument("--since", type=moment, metavar="TIME", help="from this time on: 2026-01-31, 2026-01-31T12:00:00Z, or a span back from now: 30m, 12h, 7d")
    parser.add_argument("--until", type=moment, metavar="TIME", help="until before this time")
    parser.add_argument("--app", help="only this app's")
    parser.add_argument("--env", help="only this environment's")
    parser.add_argument("--format", choices=tuple(_FORMATS), default="jsonl", help="default: %(default)s")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there (default: stdout)")
    parser.add_argument("--without-bodies", action="store_true", help="leave prompts and replies out")


def moment(text: str) -> dt.datetime:
    """A point in time from a word of the command line; without an offset it is UTC."""
    try:
        if text[-1:] in _UNITS and text[:-1].isdigit():
            return dt.datetime.now(dt.UTC) - dt.timedelta(seconds=int(text[:-1]) * _UNITS[text[-1]])
        found = dt.datetime.fromisoformat(text)
        return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f'"{text}" is not a time; expected 2026-01-31, 2026-01-31T12:00:00Z, 30m, 12h or 7d') from None


def _run(args: argparse.Namespace) -> int:
    from gateway.commands import stored  # late: brings the HTTP client

    if args.since and args.until and args.since >= args.until:
        complain("--since is not before --until")
        return USAGE
    if args.output is None and args.format == "parquet" and sys.stdout.isatty():
        complain("Parquet is not for a terminal; use --output FILE")
        return USAGE
    target = stored.target(settings(args))  # not as the reader: its limits on time and size are for questions, not for exports
    options = {
        "param_since": stamp(args.since or dt.datetime(1970, 1, 2, tzinfo=dt.UTC)),
        "param_until": stamp(args.until or dt.datetime(2200, 1, 1, tzinfo=dt.UTC)),
        "param_app": args.app or "",
        "param_env": args.env or "",
    }
    if args.output is None:
        stored.stream(target, query(args), sys.stdout.buffer, options)
        return OK
    with appearing(args.output) as file:
        written = stored.stream(target, query(args), file, options, progress=_show(sys.stderr.isatty()))
    print(f"{args.output}: {written} bytes", file=sys.stderr)
    return OK


def query(args: argparse.Namespace) -> str:
    """The export's query; every value in it is bound by the server."""
    columns = f"* EXCEPT ({_BODIES})" if args.without_bodies else "*"
    conditions = ["started_at >= {since:DateTime64(6, 'UTC')}", "started_at < {until:DateTime64(6, 'UTC')}"]
    conditions += [f"{name} = {{{name}:String}}" for name in ("app", "env") if getattr(args, name) is not None]
    return f"SELECT {columns} FROM exchanges WHERE {' AND '.join(conditions)} ORDER BY started_at FORMAT {_FORMATS[args.format]}"


def stamp(time: dt.datetime) -> str:
    """A time as ClickHouse reads it, in UTC."""
    return time.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _show(terminal: bool) -> Callable[[int], None]:
    def show(written: int) -> None:
        if terminal:
            print(f"\r{written / 1e6:,.1f} MB", end="", file=sys.stderr, flush=True)

    return show


COMMAND = Command("export", "write exchanges to JSON lines or Parquet", EXAMPLES, _arguments, _run)
