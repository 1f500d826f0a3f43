"""`tidegate drift show`: a run that was stored, as it was printed then, and as a page."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.commands import drift_show
from gateway.commands.base import NOT_SO, OK, USAGE, complain, config_option, settings
from gateway.commands.drift_run import reach

if TYPE_CHECKING:
    from gateway.config import Settings

_ID = re.compile(r"[0-9a-fA-F]{4}[0-9a-fA-F-]{0,32}")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `drift show`."""
    parser.add_argument("begins", nargs="?", type=_id, metavar="RUN", help="its id, or four characters and more that it begins with (default: the newest of the app)")
    parser.add_argument("--app", help="whose newest run, where none is named (default: server.default_app)")
    parser.add_argument("--prompt", metavar="NAME", help="the newest of this prompt; '' for all prompts together")
    parser.add_argument("--json", action="store_true", help="print JSON: what GET /api/drift/RUN gives")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write it as a page, too; without a map, for which rows it read is not kept")
    parser.add_argument("--all", action="store_true", help="list every structural feature that was tested, not only the significant ones")
    config_option(parser)


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise argparse.ArgumentTypeError(f'"{text}" is not a run; expected its id, or four characters and more that it begins with: tidegate drift runs lists them')
    return text


def run(args: argparse.Namespace) -> int:
    """Run `drift show`. Returns the exit code: 1 if there is no such run, or no report of it any more. Raises StoreError, ConfigError."""
    if args.begins and (args.app or args.prompt is not None):
        complain("RUN and --app or --prompt: a run is named, or the newest is meant")
        return USAGE
    if not drift_show.can_write(args.html):
        return USAGE
    config = settings(args)
    reach(config)
    row, page = asyncio.run(_found(config, args))
    if row is None:
        return NOT_SO
    if args.json:
        print("\n".join(drift_show.shown([json.dumps(row, ensure_ascii=False, default=str)])))
    if row["report"] is None:
        complain(f"run {row['id']} of {row['started_at'][:16]}: its report is no longer kept (store.retention_days); tidegate drift runs has its figures")
        return NOT_SO
    if not args.json:
        from gateway.drift import page_run, report_json, report_text

        labels = {place: label for place, label in enumerate(row["report"].get("labels", ())) if label}
        print("\n".join(drift_show.shown([*page_run.facts(row), *report_text.lines(report_json.report(row["report"]), drift_show.look(), labels=labels, every=args.all)])))
    return OK if page is None or drift_show.written(args.html, page) else USAGE


async def _found(config: Settings, args: argparse.Namespace) -> tuple[dict[str, Any] | None, str | None]:
    """The run, and its page if one is asked for. What is not there was said."""
    from gateway.drift import main, past

    async with main.stores(config) as (reader, _):
        app = args.app or config.server.default_app
        if args.begins:
            ids = await past.begins(reader, args.begins)
            if len(ids) != 1:
                complain(f'{"several runs begin" if ids else "no run begins"} with "{args.begins}"; tidegate drift runs lists them')
                return None, None
        else:
            newest = await past.runs(reader, past.Asked(app=app, prompt=args.prompt, limit=1))
            if not newest:
                complain(f'there is no run of the app "{app}"; tidegate drift run makes one, and a running gate as often as drift.every says')
                return None, None
            ids = [newest[0]["id"]]
        row = await past.one(reader, ids[0])
        if row is None or row["report"] is None or args.html is None:
            return row, None
        from gateway.drift import page_run, report_json

        return row, await page_run.of_stored(row, report_json.report(row["report"]), reader, every=args.all)
