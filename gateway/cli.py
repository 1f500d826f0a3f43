"""The command `tidegate`: reads the command line, runs one command, turns its errors into an exit code.

0: done.  1: the thing asked for is not so (the store is down, the key does not exist, the system is not well).  2: wrong usage or
configuration. Results go to stdout, everything else to stderr. A command is one file in gateway/commands and one line below.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import gateway
from gateway.commands import check, dashboards, demo, doctor, drift, evaluate, export, guard, keys, migrate, serve, sql, verify
from gateway.commands.base import NOT_SO, USAGE, Command, OutputFailed, complain
from gateway.errors import ConfigError, TidegateError

COMMANDS: tuple[Command, ...] = (
    serve.COMMAND,
    demo.COMMAND,
    check.COMMAND,
    doctor.COMMAND,
    sql.COMMAND,
    export.COMMAND,
    verify.COMMAND,
    keys.COMMAND,
    guard.COMMAND,
    evaluate.COMMAND,
    drift.COMMAND,
    dashboards.COMMAND,
    migrate.COMMAND,
)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="tidegate",
        description="Tidegate relays your apps' LLM traffic and records every exchange in ClickHouse.",
        epilog="Exit codes: 0 done, 1 the thing asked for is not so, 2 wrong usage or configuration, 130 ended by Ctrl-C.",
    )
    top.add_argument("--version", action="version", version=f"tidegate {gateway.__version__}")
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        sub = commands.add_parser(
            command.name,
            help=command.summary,
            description=command.summary[:1].upper() + command.summary[1:] + ".",
            epilog="examples:\n" + command.examples.rstrip(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.arguments(sub)
        sub.set_defaults(run=command.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. argv: without the program's name; None: the process's own. Returns the exit code."""
    if sys.stderr is None:  # closed (`2>&-`): what is said there would go to stdout, and what is opened next would be file 2
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stderr = os.fdopen(2, "w", closefd=False)
    try:
        args = parser().parse_args(argv)
    except SystemExit as e:  # argparse: 0 after --help, 2 after wrong usage
        return e.code if isinstance(e.code, int) else USAGE
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except ConfigError as e:
        for problem in e.problems:
            complain(problem)
        return USAGE
    except TidegateError as e:
        complain(str(e))
        return NOT_SO
    except (BrokenPipeError, OutputFailed) as e:
        if isinstance(e, OutputFailed) and not e.reader_left:
            complain(str(e))
        else:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nothing may be written at exit either
        return NOT_SO
    except KeyboardInterrupt:
        return 130  # what a shell expects of a program ended by ctrl-c
