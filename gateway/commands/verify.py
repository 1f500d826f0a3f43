"""`tidegate verify`: hold the record against the recorder's ledger, and say what was changed, deleted or added by somebody else (FAILURES T23)."""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
from typing import TYPE_CHECKING

from gateway.commands.base import NOT_SO, OK, Command, config_option, settings
from gateway.commands.export import moment
from gateway.config import Settings
from gateway.errors import ConfigError

if TYPE_CHECKING:
    from gateway.commands.verified import Report

EXAMPLES = """\
  tidegate verify
  tidegate verify --since 7d --json | jq '.faults[]'
  tidegate verify --head 1042:6c0b2f6d1c7a4e0f9a3b5d7e8c1f2a4b

Exit code 0: every row is as it was stored, none is missing, none was added, and the ledger is whole. 1: something is not so, and is named.
Note "head" of a ledger away from this machine now and then, and give it back with --head: a ledger whose end was cut off, in every place that it is kept, does not have it.
"""
_NAMED = 10  # rows of a fault that a person is shown


def _arguments(parser: argparse.ArgumentParser) -> None:
    config_option(parser)
    parser.add_argument("--since", type=moment, metavar="TIME", help="rows from this time on: 2026-01-31, 2026-01-31T12:00:00Z, or a span back from now: 30m, 12h, 7d")
    parser.add_argument("--head", type=_head, metavar="LINE:MAC", help="a line that an earlier look said was the last: it must be there still")
    parser.add_argument("--other", action="append", default=[], metavar="LEDGER", help="a ledger in the store that is another gate's; may be given again")
    parser.add_argument("--json", action="store_true", help='print {"clean", "rows", "batches", "expired", "absent", "under_way", "before", "others", "ledgers", "faults"}')


def _head(text: str) -> tuple[int, str]:
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{32})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f'"{text[:60]}" is not a line and its mac; expected what verify says behind "head", such as 1042:6c0b...')
    return int(found[1]), found[2]


def _run(args: argparse.Namespace) -> int:
    from gateway.commands import stored  # late: brings the HTTP client
    from gateway.commands.drift_show import Waiting
    from gateway.commands.verified import Verification

    config = settings(args)
    since = int(args.since.timestamp() * 1_000_000) if args.since else 0
    waiting = Waiting("rows")
    try:
        report = Verification(stored.target(config), config.data_dir / "ledger", _key(config), since=since, others=args.other).run(head=args.head, progress=waiting.at)
    except OSError as e:
        raise ConfigError([f"{e.filename or config.data_dir}: {e.strerror}; verify has to run as the gate's user"]) from e
    finally:
        waiting.end()
    if args.json:
        print(json.dumps({"clean": not report.faults, **dataclasses.asdict(report)}))
    else:
        print("\n".join(words(report)))
    return NOT_SO if report.faults else OK


def _key(config: Settings) -> bytes:
    """The journal's, which is there if anything was ever recorded. Raises ConfigError."""
    from gateway.config_reading import UNSET  # late, as the rest
    from gateway.errors import JournalError
    from gateway.journal_seal import journal_key

    secret = config.journal_key.get_secret_value() if config.journal_key else None
    if secret == UNSET:
        raise ConfigError(["journal_key: names a variable that is not set here; the ledger's keys come from it"])
    if secret is None and not (config.data_dir / "journal.key").exists():
        raise ConfigError([f"{config.data_dir / 'journal.key'}: not there; the ledger's keys come from it"])
    try:
        return journal_key(config.data_dir, secret)
    except JournalError as e:
        raise ConfigError([str(e)]) from e


def words(report: Report) -> list[str]:
    """What was found, as lines."""
    lines = []
    for ledger in report.ledgers:
        where = "" if ledger["file"] else ", in the store alone"
        lines.append(f"ledger     {ledger['ledger']}{where}: " + (f"{ledger['lines']} lines since {ledger['began']}, head {ledger['head']}" if ledger["opens"] else "not written with this journal key"))
    lines.append(f"rows       {report.rows:,} as they were stored, in {report.batches:,} batches")
    others = sum(report.others.values())
    for count, what in (
        (report.expired, "beyond retention"),
        (report.absent, "never stored: in quarantine, or dropped"),
        (report.under_way, "batches under way"),
        (report.before, "from before the ledger began: nobody vouches for them"),
        (others, "of ledgers that do not open under this key: nobody here vouches for them"),
    ):
        if count:
            lines.append(f"           {count:,} {what}")
    for fault in report.faults:
        lines += ["", f"{fault.kind}: {fault.what}"]
        lines += [f"    {id}" for id in fault.ids[:_NAMED]] + ([f"    and {len(fault.ids) - _NAMED} more"] if len(fault.ids) > _NAMED else [])
    return [*lines, "", "clean" if not report.faults else "NOT clean: see above"]


COMMAND = Command("verify", "hold the record against its ledger: what was changed, deleted or added", EXAMPLES, _arguments, _run)
