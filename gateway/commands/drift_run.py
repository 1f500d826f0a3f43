"""`tidegate drift run` and `runs`: an app's window against its baseline now, out of the record; and what earlier runs found."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import datetime as dt
import json
import re
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gateway.commands import drift_show
from gateway.commands.base import OK, USAGE, config_option, settings
from gateway.commands.drift_compare import report_options, share
from gateway.errors import ConfigError, NotThere, StoreUnavailable

if TYPE_CHECKING:
    from gateway.config import Settings
    from gateway.drift.embeddings import Embeddings
    from gateway.drift.run import Ran, Terms
    from gateway.store.client import Store

REACH_S = 3.0  # for a connection to the store, before anything is loaded that takes long
_NAMED = 10  # of what there is, where something else was asked for
_SPAN = re.compile(r"([0-9]{1,6})([mhd])")
_HOURS = {"m": 1 / 60, "h": 1.0, "d": 24.0}
_STORED = re.compile(r"([^@]+)@([0-9]{1,9})")
_LAYOUT = "{:<8} {:<16} {:<16} {:<12} {:<10} {:<16} {:>13} {:>8} {:>6} {:>7}"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `drift run`."""
    what_is_compared(parser)
    parser.add_argument("--alpha", type=share, metavar="A", help="the probability of an alarm where nothing has changed (default: drift.alpha)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the permutations (default: %(default)s)")
    parser.add_argument("--keep", action=argparse.BooleanOptionalAction, default=True, help="keep the result in drift_runs and drift_topics (default: yes)")
    report_options(parser)
    config_option(parser)


def what_is_compared(parser: argparse.ArgumentParser) -> None:
    """Declare which samples are meant."""
    parser.add_argument("--app", help="whose traffic (default: server.default_app)")
    parser.add_argument("--prompt", default="", metavar="NAME", help="only exchanges of this prompt")
    parser.add_argument("--baseline", type=stored, metavar="NAME[@VERSION]", help="a baseline of `drift baseline list`, or dev: that environment's exchanges (default: drift.baseline)")
    parser.add_argument("--window", type=window, metavar="N|7d", help="the last N exchanges, or those of so many days (12h: hours) (default: drift.window)")


def stored(text: str) -> tuple[str, int | None]:
    """A stored baseline from a word of the command line."""
    named = _STORED.fullmatch(text)
    if not text or text.startswith("@"):
        raise argparse.ArgumentTypeError(f'"{text}" is not a baseline; expected NAME or NAME@VERSION')
    return (named[1], int(named[2])) if named else (text, None)


def window(text: str) -> tuple[int | None, float | None]:
    """Rows, or hours, from a word of the command line."""
    span = _SPAN.fullmatch(text)
    if span and int(span[1]):
        return None, int(span[1]) * _HOURS[span[2]]
    if text.isascii() and text.isdigit() and 0 < int(text[:10]) <= 20_000:
        return int(text), None
    raise argparse.ArgumentTypeError(f'"{text}" is not a window; expected a number of exchanges, 1 to 20000, or a span: 12h, 7d')


def run(args: argparse.Namespace) -> int:
    """Run `drift run`. Returns the exit code, as of drift_show.code; 2: --html cannot be written. Raises StoreError, EmbeddingError, NotThere, ConfigError."""
    if not drift_show.can_write(args.html):
        return USAGE
    config = settings(args)
    ran, page = asyncio.run(_ran(config, args))
    done = page is None or drift_show.written(args.html, page)
    made = ran.run
    labels = {place: named.label for place, named in enumerate(made.topics) if named.label}
    drift_show.result(made.report, as_json=args.json, every=args.all, more=_facts(ran, kept=args.keep), named=[_named(each) for each in made.topics], labels=labels)
    return drift_show.code(made.report, fails=args.fail_on_drift) if done else USAGE


def terms(config: Settings, args: argparse.Namespace, now: dt.datetime) -> Terms:
    """What the configuration says about the app, and what the command line says instead."""
    from gateway.drift import main
    from gateway.drift.samples import Source

    found = main.terms(config, args.app or config.server.default_app, now)
    if args.baseline is not None:
        name, version = args.baseline
        found = dataclasses.replace(found, source=Source(env=name) if (name, version) == ("dev", None) else Source(name=name, version=version))
    if args.window is not None:
        rows, hours = args.window
        found = dataclasses.replace(found, window=rows or found.window, window_hours=hours)
    return found


async def compared(config: Settings, args: argparse.Namespace, then: Callable[[Ran, Any, Embeddings], Any], *, alpha: float | None = None, keep: bool = False, seed: int = 0) -> tuple[Ran, Any]:
    """A run, and what `then` makes of it while the stores are open: it gets the run, the store to read from, and the embeddings.

    Raises as gateway.drift.run.run does; NotThere if the app is not in the record; ConfigError if there is no such baseline. Then there is no run.
    """
    reach(config)
    from gateway.drift import main
    from gateway.drift.run import run as made_of

    now = dt.datetime.now(dt.UTC)
    meant = terms(config, args, now)
    if alpha is not None:
        meant = dataclasses.replace(meant, alpha=alpha)
    app = args.app or config.server.default_app
    waiting = drift_show.Waiting("embedding texts")
    try:
        async with main.stores(config) as (reader, writer), main.tools(config, writer) as tools:
            await _there(reader, meant, app, by_default=not args.app)
            shown = _shown(tools.embeddings, waiting)
            ran = await made_of(reader, writer if keep else None, meant, dataclasses.replace(tools, embeddings=shown), app=app, prompt=args.prompt, now=now, seed=seed)
            return ran, await then(ran, reader, shown)
    finally:
        waiting.end()


async def _ran(config: Settings, args: argparse.Namespace) -> tuple[Ran, str | None]:
    async def page(ran: Ran, reader: Any, embeddings: Embeddings) -> str | None:
        if args.html is None:
            return None
        from gateway.drift.page_run import of_run

        return await of_run(ran, reader, embeddings, every=args.all)

    return await compared(config, args, page, alpha=args.alpha, keep=args.keep, seed=args.seed)


def reach(config: Settings) -> None:
    """Find out that the store is down before the statistics are loaded, which takes longer. Raises StoreUnavailable, ConfigError."""
    from gateway.commands.stored import target

    at = target(config)
    try:
        socket.create_connection((at.host, at.port), timeout=REACH_S).close()
    except OSError as e:
        raise StoreUnavailable(f"the store at {at.place} cannot be reached ({type(e).__name__}); is the gate running? tidegate doctor tells") from None


async def _there(reader: Store, meant: Terms, app: str, *, by_default: bool) -> None:
    """Whether what is to be compared is there at all: a word that was mistyped is no sample that is too small. Raises NotThere, ConfigError, StoreError."""
    from gateway.drift import baselines, samples

    if not await samples.any_of(reader, app, meant.env):
        apps = await samples.apps(reader, meant.env)
        others = f'there are: {", ".join(apps[:_NAMED])}{", ..." if len(apps) > _NAMED else ""}' if apps else "there are none of any app; send some through the gate first"
        raise NotThere(f'no exchanges of app "{app}"{" (server.default_app)" if by_default else ""} with env "{meant.env}"; {others}')
    source = meant.source
    if source.name and await baselines.find(reader, app, source.name, source.version) is None:
        kept = [f"{each.name}@{each.version}" for each in await baselines.listed(reader, app, every=source.version is not None)]
        others = f'there are: {", ".join(kept[:_NAMED])}{", ..." if len(kept) > _NAMED else ""}' if kept else "none is stored: tidegate drift baseline create makes one"
        version = "" if source.version is None else f" version {source.version}"
        raise ConfigError([f'there is no baseline "{source.name}"{version} for the app "{app}"; {others}'])


def _shown(embeddings: Embeddings, waiting: drift_show.Waiting) -> Embeddings:
    """The same embeddings with a bar."""
    from gateway.drift import embeddings as module

    class Shown(module.Embeddings):
        def __init__(self) -> None:
            self.__dict__.update(embeddings.__dict__)

        async def of(self, texts: Any, *, progress: Callable[[int, int], None] = waiting.at) -> Any:
            found = await super().of(texts, progress=progress)
            waiting.say("comparing")
            return found

    return Shown()


def _facts(ran: Ran, *, kept: bool) -> dict[str, Any]:
    made = ran.run
    sides = {
        name: {"name": side.name, "version": side.version, "rows": side.rows, "sessions": side.sessions, "since": _moment(side.span[0]), "until": _moment(side.span[1])}
        for name, side in (("baseline", made.baseline), ("window", made.window))
    }
    own = {"run_id": str(made.id), "kept": kept, "started_at": _moment(made.started_at), "seconds": round(made.seconds, 3), "app": made.app, "prompt": made.prompt, "model": made.model}
    return {**own, **sides}


def _named(named: Any) -> dict[str, Any]:
    return {"id": str(named.id), "label": named.label, "first_seen": _moment(named.first_seen), "exchange_ids": [str(each) for each in named.exchange_ids]}


def _moment(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(dt.UTC).isoformat()


# ------------------------------------------------------------------ runs


def list_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `drift runs`."""
    parser.add_argument("--app", help="only this app's")
    parser.add_argument("--prompt", metavar="NAME", help="only this prompt's; '' for those of all prompts together")
    parser.add_argument("--limit", type=int, choices=range(1, 201), default=20, metavar="N", help="the newest N, 200 at most (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON, with aspects and structure")
    config_option(parser)


def list_runs(args: argparse.Namespace) -> int:
    """Run `drift runs`. Raises StoreError, ConfigError."""
    config = settings(args)
    reach(config)
    rows = asyncio.run(_runs(config, args))
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, default=str))
        return OK
    if not rows:
        print("no runs; tidegate drift run makes one, and a running gate as often as drift.every says")
        return OK
    from gateway.drift import words
    from gateway.drift.report_text import plain

    lines = [_LAYOUT.format("RUN", "STARTED", "APP", "PROMPT", "KIND", "BASELINE", "ROWS", "P", "DRIFT", "NEW")]
    for row in rows:
        p = words.probability(row["pvalue"]) if row["tested"] and row["pvalue"] is not None else "-"
        drift = "-" if not row["tested"] else "yes" if row["alarm"] else "no"
        names = [plain(str(row[name]) or "-", wide) for name, wide in (("app", 16), ("prompt_name", 12), ("kind", 10), ("baseline", 16))]
        counts = f"{row['rows_window']:,}/{row['rows_baseline']:,}"
        lines.append(_LAYOUT.format(str(row["id"])[:8], str(row["started_at"])[:16], *names, counts, p, drift, "-" if row["novel_share"] is None else words.percent(row["novel_share"])))
    print("\n".join(drift_show.shown([line.rstrip() for line in lines])))
    return OK


async def _runs(config: Settings, args: argparse.Namespace) -> list[dict[str, Any]]:
    from gateway.drift import main, past

    async with main.stores(config) as (reader, _):
        return await past.runs(reader, past.Asked(app=args.app, prompt=args.prompt, limit=args.limit))
