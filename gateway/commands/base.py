"""What a command is, and what all of them share: the --config option and the words for an exit code.

Modules of commands are imported for every call, `--help` included, so they import heavy things (HTTP clients, the store) inside
the functions that need them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.config import Settings, load

OK, NOT_SO, USAGE = 0, 1, 2  # done; the thing asked for is not so; wrong usage or configuration
DEFAULT_CONFIG = Path("tidegate.yaml")


@dataclass(frozen=True, slots=True)
class Command:
    """One command. arguments: declares its options.  run: does it and returns the exit code.  examples: shown by --help."""

    name: str
    summary: str
    examples: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


class OutputFailed(Exception):
    """A result could not be written: the disk is full, or whoever read it has left (`| head`)."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"the output cannot be written: {error.strerror}")
        self.reader_left = isinstance(error, BrokenPipeError)


def config_option(parser: argparse.ArgumentParser) -> None:
    """Declare --config. None means that it was not given."""
    parser.add_argument("--config", type=Path, metavar="FILE", help=f"the configuration (default: {DEFAULT_CONFIG} here)")


def config_path(args: argparse.Namespace) -> Path:
    """The configuration file that was asked for."""
    return args.config or DEFAULT_CONFIG


def settings(args: argparse.Namespace) -> Settings:
    """The configuration that was asked for. Raises ConfigError."""
    return load(config_path(args), needs_secrets=False)


def complain(message: str) -> None:
    """Tell the person at the terminal what went wrong, away from the command's output."""
    print(f"tidegate: {message}", file=sys.stderr)
