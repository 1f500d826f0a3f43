"""`tidegate sql`: a query against the record, as a user who can only read. Any of ClickHouse's formats, streamed to stdout."""

from __future__ import annotations

import argparse
import sys

from gateway.commands.base import OK, USAGE, Command, complain, config_option, settings

EXAMPLES = """\
  tidegate sql "SELECT started_at, app, request_model, outcome, cost_usd FROM exchanges ORDER BY started_at DESC LIMIT 10"
  tidegate sql "SELECT day, app, env, model, exchanges, duration_p50_s, duration_p90_s FROM latency_by_model ORDER BY ALL"
  tidegate sql --format JSONEachRow "SELECT * FROM cost_by_day"
  tidegate sql --format Parquet "SELECT * EXCEPT (request_body, reply_body) FROM exchanges" > exchanges.parquet
  echo "SHOW TABLES" | tidegate sql -
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    config_option(parser)
    parser.add_argument("query", help='the query, or "-" to read it from stdin')
    parser.add_argument("--format", default="PrettyCompact", metavar="NAME", help="a ClickHouse format: JSONEachRow, CSVWithNames, Parquet, Pretty, Vertical, ... (default: %(default)s)")


def _run(args: argparse.Namespace) -> int:
    from gateway.commands import stored  # late: brings the HTTP client

    query = sys.stdin.read() if args.query == "-" else args.query
    if not query.strip():
        complain("the query is empty")
        return USAGE
    if not args.format.isalnum():
        complain(f'--format: "{args.format}" is not the name of a format')
        return USAGE
    target = stored.target(settings(args)).reader()
    colour = "1" if sys.stdout.isatty() else "0"
    stored.stream(target, query, sys.stdout.buffer, {"default_format": args.format, "output_format_pretty_color": colour})
    return OK


COMMAND = Command("sql", "query the record, read-only, in any ClickHouse format", EXAMPLES, _arguments, _run)
