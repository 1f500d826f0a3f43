"""`tidegate serve`: run the gate. Writes a commented configuration where there is none, so that the first start just works."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import resources
from pathlib import Path

from gateway.commands.base import DEFAULT_CONFIG, Command, config_option
from gateway.commands.check import beside, without_certificates
from gateway.config import load
from gateway.errors import ConfigError

EXAMPLES = """\
  tidegate serve
  tidegate serve --config /etc/tidegate/tidegate.yaml
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    config_option(parser)


def _run(args: argparse.Namespace) -> int:
    path: Path = args.config or DEFAULT_CONFIG
    if args.config is None and write_default(path):  # a path that was asked for and is not there is an error, not a wish
        print(f"There was no {path} here, so a commented default was written. Every setting is explained in it.", file=sys.stderr)
    settings = load(path)
    if problems := without_certificates(settings):  # else every worker would end as often as it is started
        raise ConfigError(problems)
    from gateway import supervisor  # late: only this command needs it

    return supervisor.run(settings, path.resolve(), judge=beside)


def write_default(path: Path) -> bool:
    """Write the default configuration. False: there is a file already, it is left alone."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    except OSError as e:
        raise ConfigError([f"{path} cannot be written here: {e.strerror}; name a configuration with --config FILE"]) from e
    with os.fdopen(fd, "w") as file:
        file.write(default_text())
    return True


def default_text() -> str:
    """The commented default configuration."""
    return (resources.files("gateway") / "default.yaml").read_text()


COMMAND = Command("serve", "run the gate (writes a default tidegate.yaml if there is none)", EXAMPLES, _arguments, _run)
