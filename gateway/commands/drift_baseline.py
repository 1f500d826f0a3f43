"""`tidegate drift baseline`: what production is compared with, kept under a name. Each version once; the latest counts."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.commands import drift_show
from gateway.commands.base import NOT_SO, OK, USAGE, complain, config_option, settings
from gateway.commands.drift_compare import read
from gateway.commands.drift_run import reach, stored
from gateway.commands.export import moment

if TYPE_CHECKING:
    from gateway.config import Settings
    from gateway.drift.baselines import Baseline
    from gateway.drift.samples import Source

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_RESERVED = "dev"  # in drift.baseline and --baseline it means the environment
_SHOWN = 5
_LAYOUT = "{:<24} {:>7} {:<16} {:<7} {:>8} {:<19} {}"


def create_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `create`."""
    parser.add_argument("name", type=_name, metavar="NAME", help="small letters, digits, . _ and -; if there is one of that name, this is its next version")
    parser.add_argument("--app", help="of this app (default: with --file every app, else server.default_app)")
    parser.add_argument("--file", type=Path, metavar="F.jsonl", help='texts from a file: lines {"text"}, or {"input", "output", "session", "id"}; - is stdin')
    parser.add_argument("--env", help="exchanges of this environment (default: dev, if nothing else is said)")
    parser.add_argument("--since", type=moment, metavar="TIME", help="exchanges from this time on: 2026-01-31, 2026-01-31T12:00:00Z, or a span back from now: 12h, 7d")
    parser.add_argument("--until", type=moment, metavar="TIME", help="exchanges until before this time")
    parser.add_argument("--tag", type=_tag, action="append", default=[], metavar="K=V", help="exchanges with this tag; may be repeated")
    parser.add_argument("--prompt", type=_prompt, metavar="NAME[@VERSION]", help="exchanges of this prompt, or of this version of it")
    parser.add_argument("--description", default="", metavar="TEXT", help="a line for who finds it later")
    parser.add_argument("--most", type=count, default=5000, metavar="N", help="of more rows, these many, drawn at random (default: %(default)s)")
    _common(parser)


def list_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `list`."""
    parser.add_argument("--app", help="only this app's, and every app's")
    parser.add_argument("--all", action="store_true", help="every version, not the latest alone")
    _common(parser)


def show_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `show`."""
    parser.add_argument("name", type=stored, metavar="NAME[@VERSION]", help="the latest version, or this one")
    parser.add_argument("--app", help="this app's, or else every app's (default: server.default_app)")
    _common(parser)


def remove_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `remove`."""
    parser.add_argument("name", type=stored, metavar="NAME[@VERSION]", help="all versions, or this one")
    parser.add_argument("--app", default="", help="this app's (default: every app's)")
    _common(parser)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    config_option(parser)


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f'"{text}" is not a name; expected small letters, digits, ".", "_" and "-", 64 at most, such as release-7')
    if text == _RESERVED:
        raise argparse.ArgumentTypeError(f'"{_RESERVED}" means the exchanges of that environment; take another name')
    return text


def _tag(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f'"{text}" is not a tag; expected KEY=VALUE')
    return key, value


def _prompt(text: str) -> tuple[str, str]:
    name, _, version = text.partition("@")
    if not name:
        raise argparse.ArgumentTypeError(f'"{text}" is not a prompt; expected NAME or NAME@VERSION')
    return name, version


def count(text: str) -> int:
    """A number of rows from a word of the command line."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:10]) <= 20_000):
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of rows; expected 1 to 20000')
    return int(text)


# ------------------------------------------------------------------ create


def create(args: argparse.Namespace) -> int:
    """Run `create`. Raises StoreError, ConfigError."""
    said = [f"--{name}" for name in ("env", "since", "until", "tag", "prompt") if getattr(args, name)]
    if args.file is not None and said:
        complain(f"--file and {said[0]}: a baseline is texts of a file, or exchanges of the record")
        return USAGE
    if args.since and args.until and args.since >= args.until:
        complain("--since is not before --until")
        return USAGE
    config = settings(args)
    if args.file is not None and config.store.content == "none":
        complain("store.content is none: no text is kept, and there would be none of production to compare these with; tidegate drift compare takes two files")
        return NOT_SO
    try:
        made = _of_file(config, args) if args.file is not None else asyncio.run(_of_record(config, args, not said))
    except ValueError as e:  # there is nothing of it, or its name is being taken by others
        complain(str(e))
        return NOT_SO
    if made is None:
        return USAGE
    least = config.drift.of(made.app).min_rows
    small = f"too few to be compared with anything: drift.min_rows is {least:,}" if made.rows < least else ""
    if args.json:
        print(json.dumps({**_as_json(made), **({"note": small} if small else {})}, ensure_ascii=False))
    else:
        drawn = f" of {made.of_rows:,}" if made.of_rows > made.rows else ""
        print(f"{made.name}, version {made.version}, of {_whose(made)}: {made.rows:,} row{'s' if made.rows != 1 else ''}{drawn}{f', {small}' if small else ''}")
    return OK


def _of_file(config: Settings, args: argparse.Namespace) -> Baseline | None:
    rows = read(args.file)
    if rows is None:
        return None
    reach(config)

    async def kept() -> Baseline:
        from gateway.drift import baselines, main

        async with main.stores(config) as (_, writer):
            now, file = dt.datetime.now(dt.UTC), "" if str(args.file) == "-" else args.file.name
            return await baselines.of_rows(writer, args.app or "", args.name, rows, now=now, file=file, description=args.description, most=args.most, mask=_as_the_record(config, args.app or ""))

    return asyncio.run(kept())


async def _of_record(config: Settings, args: argparse.Namespace, dev: bool) -> Baseline:
    reach(config)
    from gateway.drift import baselines, main
    from gateway.drift.samples import Source

    prompt, version = args.prompt or ("", "")
    app = args.app or config.server.default_app
    source: Source = Source(env=args.env or ("dev" if dev else ""), prompt_version=version, tags=tuple(sorted(args.tag)), since=args.since, until=args.until)
    env = config.drift.of(app).env
    async with main.stores(config) as (_, writer):
        return await baselines.of_exchanges(writer, app, args.name, source, now=dt.datetime.now(dt.UTC), prompt=prompt, env=env, description=args.description, most=args.most)


def _as_the_record(config: Settings, app: str) -> Callable[[str], str] | None:
    """What the record does to texts by the rules that need no gate; None: it keeps them as they are."""
    if config.store.content != "redacted":
        return None
    from gateway.config_guard import policy
    from gateway.record.redaction import Redactor

    redaction = Redactor(policy((), config.detectors, config.guard, redacts=True), config.engines).begin(app=app, env="")

    def masked(text: str) -> str:
        said = redaction.text(text) if redaction is not None else text
        return "" if said is None else said

    return masked


# ------------------------------------------------------------------ list, show, remove


def list_all(args: argparse.Namespace) -> int:
    """Run `list`. Raises StoreError, ConfigError."""
    config = settings(args)
    reach(config)

    async def found() -> list[Baseline]:
        from gateway.drift import baselines, main

        async with main.stores(config) as (reader, _):
            return await baselines.listed(reader, args.app, every=args.all)

    rows = asyncio.run(found())
    if args.json:
        print(json.dumps([_as_json(row) for row in rows], ensure_ascii=False))
        return OK
    if not rows:
        print("no baselines; make one with: tidegate drift baseline create NAME. Until then production is compared with the exchanges of env: dev")
        return OK
    from gateway.drift.report_text import plain

    lines = [_LAYOUT.format("NAME", "VERSION", "APP", "SOURCE", "ROWS", "CREATED", "DESCRIPTION")]
    for row in rows:
        created = row.created_at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
        lines.append(_LAYOUT.format(row.name, row.version, plain(row.app or "(every app)", 16), row.source, f"{row.rows:,}", created, plain(row.description, 60)).rstrip())
    print("\n".join(drift_show.shown(lines)))
    return OK


def show(args: argparse.Namespace) -> int:
    """Run `show`. Returns the exit code: 1 if there is none. Raises StoreError, ConfigError."""
    config = settings(args)
    app, (name, version) = args.app or config.server.default_app, args.name
    reach(config)

    async def found() -> tuple[Baseline, Any] | None:
        from gateway.drift import baselines, main
        from gateway.drift.selecting import Reads

        async with main.stores(config) as (reader, _):
            known = await baselines.find(reader, app, name, version)
            return None if known is None else (known, await baselines.read(reader, app, name, version, reads=Reads(**config.drift.of(app).reads())))

    got = asyncio.run(found())
    if got is None:
        complain(f'there is no baseline "{name}"{f" version {version}" if version else ""} for the app "{app}"; tidegate drift baseline list shows those there are')
        return NOT_SO
    from gateway.drift.masking import Masking
    from gateway.drift.report_text import plain

    known, sample = got
    masking = Masking()
    texts = [masking.text(row.input if row.input is not None else row.output or "") for row in sample.rows[:_SHOWN]]
    if args.json:
        print("\n".join(drift_show.shown([json.dumps({**_as_json(known), "readable": len(sample.rows), "sessions": sample.sessions, "notes": list(sample.notes), "texts": texts}, ensure_ascii=False)])))
        return OK
    look = drift_show.look()
    lines = [
        f"{known.name}, version {known.version}, of {_whose(known)}, made {known.created_at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC",
        *([plain(known.description, look.width)] if known.description else []),
        f"made of: {known.source} {plain(json.dumps(known.spec, ensure_ascii=False), 200) if known.spec else ''}".rstrip(),
        f"rows: {len(sample.rows):,} in {sample.sessions:,} conversations{f', drawn from {known.of_rows:,}' if known.of_rows > known.rows else ''}",
        *(f"note: {note}" for note in sample.notes),
        *(f'  e.g. "{plain(text, look.width - 9)}"' for text in texts),
    ]
    print("\n".join(drift_show.shown(lines)))
    return OK


def remove(args: argparse.Namespace) -> int:
    """Run `remove`. Returns the exit code: 1 if there is none. Raises StoreError, ConfigError."""
    config, (name, version) = settings(args), args.name
    reach(config)

    async def gone() -> list[int]:
        from gateway.drift import baselines, main

        async with main.stores(config) as (_, writer):
            return await baselines.remove(writer, args.app, name, version)

    versions = sorted(asyncio.run(gone()))
    if not versions:
        complain(f'there is no baseline "{name}"{f" version {version}" if version else ""} of {f"the app {args.app}" if args.app else "every app; name the app with --app"}')
        return NOT_SO
    print(json.dumps({"name": name, "app": args.app, "removed": versions}) if args.json else f"{name}: removed version{'s' if len(versions) > 1 else ''} {', '.join(map(str, versions))}")
    return OK


def _whose(baseline: Baseline) -> str:
    return f"the app {baseline.app}" if baseline.app else "every app"


def _as_json(baseline: Baseline) -> dict[str, Any]:
    return {
        "name": baseline.name,
        "version": baseline.version,
        "app": baseline.app,
        "source": baseline.source,
        "spec": baseline.spec,
        "description": baseline.description,
        "created_at": baseline.created_at.astimezone(dt.UTC).isoformat(),
        "rows": baseline.rows,
        "of_rows": baseline.of_rows,
    }
