"""`tidegate check`: is the configuration right, with the files that it names and the functions of detectors; and what in it can never act.

Functions are loaded as the gate will, in sealed processes of a moment. Nothing is sent anywhere: whether a webhook answers is for `tidegate doctor`.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from gateway.commands.base import OK, USAGE, Command, complain, config_option, config_path
from gateway.commands.doubts import doubts
from gateway.commands.literals import written
from gateway.config import BASE_VARIABLE, Settings, load
from gateway.config_guard import customs
from gateway.errors import ConfigError, JournalError
from gateway.keys import KeysFile, pepper

EXAMPLES = """\
  tidegate check
  tidegate check --config /etc/tidegate/tidegate.yaml --json
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    config_option(parser)
    parser.add_argument("--json", action="store_true", help='print {"ok", "problems", "warnings"}')


def _run(args: argparse.Namespace) -> int:
    path = config_path(args)
    settings: Settings | None = None
    try:
        settings = load(path)
        problems = [*beside(settings), *_unloadable(settings, Path(os.environ.get(BASE_VARIABLE) or path.resolve().parent))]
    except ConfigError as e:
        problems = e.problems
    warnings = [f"{doubt.where}: {doubt.what}; {doubt.act}" for doubt in doubts(settings)] if settings else []
    if settings and (literal := written(path)) is not None:
        warnings.append(f"{path}: {literal.what}; {literal.act}")
    for warning in warnings if not args.json else ():
        complain(f"warning: {warning}")
    if args.json:
        print(json.dumps({"ok": not problems, "problems": problems, "warnings": warnings}))
    elif settings and not problems:
        keys = len(settings.keys) + sum(record.revoked_at is None for record in KeysFile(settings.effective_keys_file).list())
        print(f"{path}: ok: {len(settings.providers)} providers ({', '.join(settings.providers)}), {keys} keys, store {'embedded' if settings.store.embedded else 'external'}")
    else:
        for problem in problems:
            complain(problem)
    return USAGE if problems else OK


def beside(settings: Settings) -> list[str]:
    """Problems of the files that a right configuration names."""
    problems = [*without_certificates(settings), *_data_dir(settings)]
    if any(problem.startswith("data_dir: ") for problem in problems):
        return problems  # of what is in it nothing can be said
    try:
        records = KeysFile(settings.effective_keys_file).list()
    except ConfigError as e:
        return problems + [f"keys_file: {problem}" if settings.keys_file and problem.startswith(f"{settings.keys_file}: ") else problem for problem in e.problems]
    fixed = {key.id for key in settings.keys}
    for record in records:
        if record.revoked_at is None:
            problems += [f'{settings.effective_keys_file.name}: key {record.id}: "{p}" is not a configured provider' for p in record.providers if p not in settings.providers]
        if record.id in fixed:
            problems.append(f"{settings.effective_keys_file.name}: key {record.id}: the id is also in the configuration; rename one")
    return problems


def without_certificates(settings: Settings) -> list[str]:
    """Files that should hold certificates and do not."""
    return [
        f"providers.{name}.ca_file: {provider.ca_file} cannot be read as certificates; expected a PEM file that this user can read"
        for name, provider in settings.providers.items()
        if provider.ca_file and not _certificates(provider.ca_file)
    ]


def _certificates(path: Path) -> bool:
    """Whether a file holds certificates: a worker that is given another cannot start."""
    import ssl  # late: few configurations need it

    try:
        ssl.create_default_context(cafile=str(path))
    except (OSError, ValueError):  # ssl's own errors are OSErrors
        return False
    return True


def _data_dir(settings: Settings) -> Iterator[str]:
    """Whether the gate could write there, and whether its keys can be read."""
    from gateway.journal_seal import journal_key  # late: brings cryptography

    data_dir = settings.data_dir
    try:
        there = next(path for path in (data_dir, *data_dir.absolute().parents) if _exists(path))
    except OSError as e:  # a name too long, a directory on the way that this user may not enter
        yield f"data_dir: {e.filename or data_dir}: {e.strerror}; expected a directory, or a path where one can be made"
        return
    if not there.is_dir():
        yield f"data_dir: {there} is a file; expected a directory, or a path where one can be made"
    elif not os.access(there, os.W_OK | os.X_OK):
        yield f"data_dir: {there} cannot be written to by this user; give it to the gate's user, or name another"
        return  # what is in it may not even be looked at
    if settings.journal_key is None and (data_dir / "journal.key").exists():
        try:
            journal_key(data_dir)
        except JournalError as e:
            yield f"journal.key: {e}"
    if settings.key_pepper is None and (data_dir / "pepper").exists():
        try:
            pepper(data_dir)
        except ConfigError as e:
            yield from (f"pepper: {problem}" for problem in e.problems)


def _exists(path: Path) -> bool:
    """Raises OSError if that cannot be said."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _unloadable(settings: Settings, base: Path) -> list[str]:
    """Functions of detectors that cannot be loaded. base: where they are looked for first, the configuration's directory."""
    wanted = [replace(custom, path=base) for custom in customs(settings.detectors, settings.guard) if custom.entry]
    if not wanted:
        return []
    from gateway.detection.trial import unloadable  # late: brings the pool

    entries = {custom.name: custom.entry for custom in wanted}
    hint = "expected a module beside the configuration, or one that is installed, with that function"
    return [f'detectors.custom.{name}.entry: "{entries[name]}" {why}; {hint}' for name, why in unloadable(wanted).items()]


COMMAND = Command("check", "validate the configuration and name every problem", EXAMPLES, _arguments, _run)
