"""`tidegate check`: is the configuration right, the keys file and the files it names included."""

from __future__ import annotations

import argparse
import json

from gateway.commands.base import OK, USAGE, Command, complain, config_option, config_path
from gateway.config import Settings, load
from gateway.errors import ConfigError
from gateway.keys import KeysFile

EXAMPLES = """\
  tidegate check
  tidegate check --config /etc/tidegate/tidegate.yaml --json
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    config_option(parser)
    parser.add_argument("--json", action="store_true", help='print {"ok", "problems"}')


def _run(args: argparse.Namespace) -> int:
    path = config_path(args)
    settings: Settings | None = None
    try:
        settings = load(path)
        problems = beside(settings)
    except ConfigError as e:
        problems = e.problems
    if args.json:
        print(json.dumps({"ok": not problems, "problems": problems}))
    elif settings and not problems:
        print(f"{path}: ok: {len(settings.providers)} providers ({', '.join(settings.providers)}), {len(settings.keys)} keys, store {'embedded' if settings.store.embedded else 'external'}")
    else:
        for problem in problems:
            complain(problem)
    return USAGE if problems else OK


def beside(settings: Settings) -> list[str]:
    """Problems of the files that a right configuration names."""
    problems = [
        f"providers.{name}.ca_file: {provider.ca_file} is not a file that can be read; expected PEM certificates"
        for name, provider in settings.providers.items()
        if provider.ca_file and not provider.ca_file.is_file()
    ]
    try:
        records = KeysFile(settings.effective_keys_file).list()
    except ConfigError as e:
        return problems + e.problems
    fixed = {key.id for key in settings.keys}
    for record in records:
        if record.revoked_at is None:
            problems += [f'{settings.effective_keys_file.name}: key {record.id}: "{p}" is not a configured provider' for p in record.providers if p not in settings.providers]
        if record.id in fixed:
            problems.append(f"{settings.effective_keys_file.name}: key {record.id}: the id is also in the configuration; rename one")
    return problems


COMMAND = Command("check", "validate the configuration and name every problem", EXAMPLES, _arguments, _run)
