"""`make bench-store`: what the record costs on disk, and what its questions take over ten million rows.

    python -m tests.bench.store [--rows 10000000] [--base 30000] [--days 30] [--texts recent|all] [--rounds 5] [--keep DIR] [--json FILE] [--check]

One embedded store, as `tidegate serve` has it, alone. First `--base` exchanges of some 2 KB asked and 1 KB answered go in as the recorder puts them in: rows as JSON
lines, a thousand a batch, with a token. Their texts are drawn word by word from a chain over Python's own language reference (evaluation/sizing/texts.py), so no two are alike, and they
compress about as English does. After OPTIMIZE their bytes on disk are read from system.parts, once as they are while their day lasts and once as they are when it is over and they have been compressed
once more (the table's own clause, said to be due at once): **bytes an exchange** is the mean over `--days` of which two are the former.

Then the table is filled up to `--rows` out of these inside ClickHouse, a copy of all of them at a time, a day after another over `--days` days that end now: new ids, times, sessions, traces, durations and
costs; two copies of one text stand hours apart, so none gains by the other. Texts of more than two days ago are one repeated line of the same length (their columns are as long in memory, and
cheap on disk), because no question asked here reads them; `--texts all` keeps them. Each question is asked `--rounds` times, questions in turns: medians, with the first answer beside.

The questions: percentiles by model and cost by app and day, from the rollup and from the rows; the explorer's pages (gateway/store/queries.py); a word among the texts of a day; every panel of
the boards that asks ClickHouse. Exit code 1 with --check if a bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from evaluation.sizing.texts import Prose, request
from gateway.exchange import Exchange, Outcome
from gateway.store import queries
from gateway.store.client import Store
from gateway.store.migrate import migrate
from gateway.store.queries import Cursor, Filters
from gateway.store.rows import encode
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange
from tests.support.panels import ALL, CLICKHOUSE, Board, Chosen, Span, expand

ROOT = Path(__file__).parent.parent.parent
BATCH = 1000
REPLY_CHARS = 1000
BYTES_BAR, ROLLUP_BAR_MS, RAW_BAR_MS = 1300.0, 300.0, 2000.0
YOUNG_DAYS = 2  # of a store whose texts have not been compressed once more: today and yesterday
DEADLINE_S = 120.0
MEMORY = 2_000_000_000  # what `store.memory_bytes` is by default
FILL_MEMORY = 8_000_000_000  # while the table is filled, in blocks that no gate would send
# name, weight: few apps make most of the traffic.
APPS = (("checkout", 30), ("support", 22), ("search", 15), ("coding", 10), ("summaries", 8), ("sales", 5), ("legal", 4), ("hr", 3), ("ops", 2), ("lab", 1))
ENVS = (("prod", 80), ("staging", 14), ("dev", 6))
MODELS = (  # provider, dialect, model, answered as
    (("openai", "openai", "gpt-4o-mini", "gpt-4o-mini-2024-07-18"), 40),
    (("openai", "openai", "gpt-4o", "gpt-4o-2024-08-06"), 15),
    (("azure", "openai", "gpt-4.1", "gpt-4.1-2025-04-14"), 10),
    (("anthropic", "anthropic", "claude-sonnet-4-6", "claude-sonnet-4-6"), 20),
    (("gemini", "gemini", "gemini-2.5-flash", "gemini-2.5-flash"), 15),
)
OUTCOMES = ((Outcome.OK, 970), (Outcome.PROVIDER_ERROR, 20), (Outcome.PROVIDER_TIMEOUT, 10))
WORD = "metaclass"  # stands in about one prompt of forty
# Where a copy differs from what it is a copy of. {at}: its beginning, seconds since the epoch; the others are numbers of the copy.
CHANGED = {
    "started_at": "fromUnixTimestamp64Micro(toInt64(1000000 * ({first} + {day} * 86400 + (toUnixTimestamp64Micro(b.started_at) / 1e6 - {base} + {shift}) % 86400 + rand(1) % 1000000 / 1e6)), 'UTC')",
    "id": "reinterpretAsUUID(concat(reinterpretAsString(rand64(2)), reinterpretAsString(bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(started_at)), 16), 0x7000 + rand(3) % 4096))))",
    "session_id": "concat(b.session_id, '-{copy}')",
    "trace_id": "lower(concat(hex(rand64(4)), hex(rand64(5))))",
    "span_id": "lower(hex(rand64(6)))",
    "duration_s": "b.duration_s * (0.5 + rand(7) / 4294967296)",
    "upstream_s": "duration_s - b.overhead_s",
    "time_to_first_chunk_s": "b.time_to_first_chunk_s * (0.5 + rand(8) / 4294967296)",
    "overhead_s": "b.overhead_s * (0.5 + rand(9) / 4294967296)",
    "batch_id": "lower(hex(sipHash128(b.batch_id, {copy})))",
}
LINE = "these words stand in for a text of the same length "


@dataclass
class Question:
    """bar_ms: None: told, not judged.  kind: `rollup` or `rows`, for the table."""

    name: str
    kind: str
    ask: Callable[[], Awaitable[int]]
    bar_ms: float | None
    took_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    rows: int = 0

    def told(self) -> dict[str, Any]:
        later = self.took_ms[1:] or self.took_ms
        figures = {"median_ms": median(later), "min_ms": min(later), "max_ms": max(later), "first_ms": self.took_ms[0], "store_cpu_ms": median(self.cpu_ms[1:] or self.cpu_ms)}
        return {"name": self.name, "of": self.kind, "rows": self.rows, **figures, "bar_ms": self.bar_ms}


async def main() -> int:
    args = _parser().parse_args()
    found: dict[str, Any] = {"rows": args.rows, "days": args.days, "texts": args.texts, "load_average": os.getloadavg()}
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-store-", dir=args.keep) as directory:
        found["disk"] = await _served(Path(directory), MEMORY, lambda store, server: disk(store, server, args.base, args.days))
        _say(f"{found['disk']['bytes']:.0f} bytes an exchange")
        if args.rows:
            end = int(time.time())
            found["fill"] = await _served(Path(directory), FILL_MEMORY, lambda store, server: fill(store, server, args, end))
            found["questions"] = await _served(Path(directory), MEMORY, lambda _, server: ask(server, args, end))
    print(render(found))
    if args.json is not None:
        args.json.write_text(json.dumps(found, indent=1, default=str) + "\n")
    return 1 if args.check and missed(found) else 0


async def _served(directory: Path, memory: int, work: Callable[[Store, ClickHouseServer], Awaitable[Any]]) -> Any:
    """Do something with a store that may take so much memory."""
    with ClickHouseServer(directory, arguments=["--memory", str(memory), "--grant", "SELECT ON system.parts_columns"]) as server:
        await migrate(server.target, retention_days=3650)
        store = Store(server.target)
        try:
            return await work(store, server)
        finally:
            await store.close()


async def disk(store: Store, server: ClickHouseServer, count: int, days: int) -> dict[str, Any]:
    """Bytes on disk of an exchange, merged, and the processor time that the store took to insert it, to merge it and to compress it once more. days: that a store keeps, for the mean."""
    cpu: list[float] = []
    sizes = {"request_body": 0, "reply_body": 0, "prompt_text": 0, "reply_text": 0}
    for first, batch in sample(count):
        for each in batch:
            for name in sizes:
                sizes[name] += len(getattr(each, name).encode())
        lines = [encode(each) for each in batch]
        await store.query_json("SELECT 1")  # a connection that has been idle may have been closed
        before = _cpu_ms(server)
        await store.insert(lines, token=f"base-{first}")
        cpu.append((_cpu_ms(server) - before) * 1e3 / len(lines))
    merging = await _optimized(store, server) / count
    young = await _parts(store)
    clause = (await store.query_one("SELECT extract(create_table_query, 'TTL (.+) SETTINGS') AS clause FROM system.tables WHERE database = 'tidegate' AND name = 'exchanges'"))["clause"]
    await store.execute(f"ALTER TABLE tidegate.exchanges MODIFY TTL {clause.replace('toIntervalDay(2)', 'toIntervalDay(-1)')} SETTINGS mutations_sync = 1", deadline_s=600.0)
    again = await _optimized(store, server) / count
    await store.execute(f"ALTER TABLE tidegate.exchanges MODIFY TTL {clause} SETTINGS materialize_ttl_after_modify = 0")
    old = await _parts(store)
    fresh, later = (parts["exchanges"]["bytes"] / count for parts in (young, old))
    sql = (
        "SELECT column, sum(column_data_compressed_bytes) AS bytes FROM system.parts_columns "
        "WHERE active AND database = 'tidegate' AND table = 'exchanges' GROUP BY column ORDER BY bytes DESC LIMIT 8"
    )
    columns = {row["column"]: row["bytes"] / count for row in await store.query_json(sql)}
    of_each = {name: size / count for name, size in sizes.items()}
    return {
        "exchanges": count,
        "bytes": (fresh * YOUNG_DAYS + later * (days - YOUNG_DAYS)) / days,
        "young_bytes": fresh,
        "old_bytes": later,
        "plain_bytes": old["exchanges"]["plain"] / count,
        "columns": columns,
        "texts": of_each,
        "insert_cpu_us": {"median": median(cpu), "min": min(cpu)},
        "optimize_cpu_us": merging,
        "recompress_cpu_us": again,
    }


async def _optimized(store: Store, server: ClickHouseServer) -> float:
    """Merge what there is; the store's processor time, us."""
    before = _cpu_ms(server)
    for table in ("exchanges", "exchanges_1m"):
        await store.execute(f"OPTIMIZE TABLE tidegate.{table} FINAL", deadline_s=600.0)
    return (_cpu_ms(server) - before) * 1e3


def _today() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def sample(count: int) -> Any:
    """(number of the first, exchanges) a batch, over today."""
    prose, rng = Prose(1), random.Random(1)
    base = _today()
    for first in range(0, count, BATCH):
        batch_id = uuid.UUID(int=rng.getrandbits(128)).hex
        yield first, [_exchange(prose, rng, number, base + dt.timedelta(seconds=86400 * number / count), batch_id) for number in range(first, min(first + BATCH, count))]


def _exchange(prose: Prose, rng: random.Random, number: int, started_at: dt.datetime, batch_id: str) -> Exchange:
    def drawn(of: Any) -> Any:
        return rng.choices([value for value, _ in of], [weight for _, weight in of])[0]

    provider, dialect, asked, answered = drawn(MODELS)
    outcome = drawn(OUTCOMES)
    body = {**request(prose, number, False), "model": asked}
    messages: Any = body["messages"]
    said = prose.text(REPLY_CHARS)
    used = {"prompt_tokens": rng.randrange(300, 600), "completion_tokens": len(said) // 4}
    head = {"id": f"chatcmpl-{rng.randbytes(12).hex()}", "object": "chat.completion", "created": int(started_at.timestamp()), "model": answered}
    choice = {"index": 0, "message": {"role": "assistant", "content": said, "refusal": None}, "logprobs": None, "finish_reason": "stop"}
    ok = outcome == Outcome.OK
    reply: dict[str, Any] = {**head, "choices": [choice], "usage": used} if ok else {"error": {"message": "The server is overloaded.", "type": "server_error"}}
    duration, app = rng.lognormvariate(0.3, 0.8), drawn(APPS)
    request_body, reply_body = json.dumps(body), json.dumps(reply)
    return exchange(
        number, id=uuid.UUID(int=((int(started_at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | rng.getrandbits(62))), started_at=started_at, app=app, env=drawn(ENVS),
        key_id=f"{app}-key", user_id=f"u-{rng.randrange(5000)}", session_id=f"s-{number // 3}", trace_id=rng.randbytes(16).hex(), span_id=rng.randbytes(8).hex(),
        prompt_name=f"prompt-{rng.randrange(20)}", tags={"team": app}, provider=provider, dialect=dialect, request_model=asked, response_model=answered if ok else "",
        is_stream=False, status=200 if ok else 503, upstream_status=200 if ok else 503, outcome=outcome, error_code="" if ok else "overloaded", finish_reason="stop" if ok else "",
        duration_s=duration, time_to_first_chunk_s=duration / 4, upstream_s=duration - 0.001, overhead_s=rng.lognormvariate(-7, 0.5),
        input_tokens=used["prompt_tokens"] if ok else None, output_tokens=used["completion_tokens"] if ok else None, usage_raw=json.dumps(used) if ok else "",
        cost_usd=Decimal(used["prompt_tokens"] * 150 + used["completion_tokens"] * 600).scaleb(-9) if ok else None, request_bytes=len(request_body), reply_bytes=len(reply_body),
        prompt_text="\n\n".join(message["content"] for message in messages), reply_text=said if ok else "", request_body=request_body, reply_body=reply_body, batch_id=batch_id,
    )  # fmt: skip


async def fill(store: Store, server: ClickHouseServer, args: argparse.Namespace, end: int) -> dict[str, Any]:
    """Fill the table from the first exchanges; what merges leave is what a store looks like that has been running for a while."""
    base = int((await store.query_one("SELECT toUnixTimestamp(toStartOfDay(min(started_at))) AS base FROM tidegate.exchanges"))["base"])
    await store.execute("CREATE TABLE tidegate.bench_base AS tidegate.exchanges")
    await store.execute("INSERT INTO tidegate.bench_base SELECT * FROM tidegate.exchanges", deadline_s=600.0)
    for table in ("exchanges", "exchanges_1m"):
        await store.execute(f"TRUNCATE TABLE tidegate.{table}")
    columns = [row["name"] for row in await store.query_json("SELECT name FROM system.columns WHERE database = 'tidegate' AND table = 'exchanges' AND default_kind != 'ALIAS' ORDER BY position")]
    copies = -(-args.rows // args.base)
    a_day = -(-copies // args.days)
    first = end - args.days * 86400
    began, before = time.monotonic(), _cpu_ms(server)
    places = sorted((args.days - 1 - copy % args.days, copy // args.days * 86400 // a_day, copy) for copy in range(copies))
    for done, (day, shift, copy) in enumerate(places, 1):  # a day after another, as they come: what lies side by side on disk came at about the same time
        sql = copied(columns, {"first": first, "day": day, "shift": shift, "base": base, "copy": copy}, texts=args.texts == "all" or day >= args.days - 2, limit=min(args.base, args.rows - copy * args.base))
        await store.execute(sql, deadline_s=600.0)
        _say(f"{done * args.base:,} rows, {time.monotonic() - began:.0f} s")
    await store.execute("DROP TABLE tidegate.bench_base SYNC")
    await _merged(store)
    parts = await _parts(store)
    return {"copies": copies, "seconds": time.monotonic() - began, "store_cpu_s": (_cpu_ms(server) - before) / 1e3, "tables": parts}


def copied(columns: list[str], of: dict[str, int], *, texts: bool, limit: int) -> str:
    """One copy of the base, elsewhere in time."""
    changed = {name: expression.format(**of) for name, expression in CHANGED.items()}
    if not texts:
        line = LINE * 200
        changed |= {name: f"substring('{line}', 1, length(b.{name}))" for name in ("prompt_text", "reply_text", "request_body", "reply_body")}
    chosen = ", ".join(f"{changed[name]} AS `{name}`" if name in changed else f"b.`{name}` AS `{name}`" for name in columns)
    names = ", ".join(f"`{name}`" for name in columns)
    # A thread and a block at a time: what one insert holds in memory is a copy of the base at most.
    return f"INSERT INTO tidegate.exchanges ({names}) SELECT {chosen} FROM tidegate.bench_base AS b LIMIT {limit} SETTINGS max_threads = 1, max_insert_threads = 1, prefer_column_name_to_alias = 0"


async def _merged(store: Store) -> None:
    """Wait until the store has no merge left that it would make by itself, or for five minutes."""
    quiet, until = 0, time.monotonic() + 300.0
    while quiet < 5 and time.monotonic() < until:
        row = await store.query_one("SELECT count() AS n FROM system.merges")
        quiet = quiet + 1 if row["n"] == 0 else 0
        await asyncio.sleep(1.0)  # another process's work


async def ask(server: ClickHouseServer, args: argparse.Namespace, end: int) -> list[dict[str, Any]]:
    """Every question, in turns."""
    store = Store(server.target.reader())
    try:
        asked = [*_figures(store, end), *await _explorer(store, end), *_search(store, end), *_boards(store, end)]
        for number in range(args.rounds + 1):
            for question in asked:
                _say(f"round {number}: {question.name}, {question.kind}")
                await store.query_json("SELECT 1")
                began, before = time.monotonic(), _cpu_ms(server)
                question.rows = await question.ask()
                question.took_ms.append((time.monotonic() - began) * 1e3)
                question.cpu_ms.append(_cpu_ms(server) - before)
    finally:
        await store.close()
    return [question.told() for question in asked]


def _figures(store: Store, end: int) -> list[Question]:
    day, month = f"toDateTime({end - 86400}, 'UTC')", f"toDateTime({end - 30 * 86400}, 'UTC')"
    percentiles = "quantilesTDigestMergeIf(0.5, 0.75, 0.9, 0.99)(duration_state, outcome = 'ok')"
    model = "if(response_model != '', response_model, request_model)"
    asked = {
        ("p50, p90, p99 by model, 24 h", "rollup"): f"SELECT model, sum(exchanges) AS n, {percentiles} AS p FROM tidegate.exchanges_1m WHERE minute >= {day} GROUP BY model",
        ("p50, p90, p99 by model, 24 h", "rows"): f"SELECT {model} AS model, count() AS n, quantilesTDigestIf(0.5, 0.9, 0.99)(duration_s, outcome = 'ok') AS p FROM tidegate.exchanges WHERE started_at >= {day} GROUP BY model",
        ("cost by app and day, 30 days", "rollup"): f"SELECT app, day, sum(cost_usd) AS cost FROM tidegate.cost_by_day WHERE day >= toDate({month}) GROUP BY app, day",
        ("cost by app and day, 30 days", "rows"): f"SELECT app, toDate(started_at) AS day, sum(cost_usd) AS cost FROM tidegate.exchanges WHERE started_at >= {month} GROUP BY app, day",
        ("p50, p90, p99 by model and day, 30 days", "rollup"): f"SELECT day, model, duration_p50_s, duration_p90_s, duration_p99_s FROM tidegate.latency_by_model WHERE day >= toDate({month})",
    }  # fmt: skip
    return [Question(name, kind, _query(store, sql), ROLLUP_BAR_MS if kind == "rollup" else RAW_BAR_MS) for (name, kind), sql in asked.items()]


async def _explorer(store: Store, end: int) -> list[Question]:
    middle = dt.datetime.fromtimestamp(end - 15 * 86400, dt.UTC)
    somewhere = await store.query_one(f"SELECT toString(id) AS id, session_id FROM tidegate.exchanges WHERE started_at < toDateTime({end - 15 * 86400}, 'UTC') AND app = 'support' LIMIT 1")
    pages = {
        "newest": (Filters(), None),
        "newest of an app": (Filters(app="support"), None),
        "newest that failed": (Filters(outcome=Outcome.PROVIDER_ERROR), None),
        "newest of a model, 24 h": (Filters(model="gpt-4o", since=dt.datetime.fromtimestamp(end - 86400, dt.UTC)), None),
        "in the middle": (Filters(), Cursor(middle, uuid.UUID(int=1 << 127))),
        "a session of 15 days ago": (Filters(session_id=somewhere["session_id"]), None),
        "of an app that is not there": (Filters(app="nobody"), None),
    }

    def page(filters: Filters, cursor: Cursor | None) -> Callable[[], Awaitable[int]]:
        async def ask() -> int:
            return len((await queries.page(store, filters, cursor, 50, deadline_s=DEADLINE_S)).rows)

        return ask

    async def one() -> int:
        return int(await queries.one(store, uuid.UUID(somewhere["id"]), deadline_s=DEADLINE_S) is not None)

    return [*(Question(f"explorer: {name}", "rows", page(*of), RAW_BAR_MS) for name, of in pages.items()), Question("explorer: one, whole", "rows", one, RAW_BAR_MS)]


def _search(store: Store, end: int) -> list[Question]:
    day = f"started_at >= toDateTime({end - 86400}, 'UTC')"
    newest = "ORDER BY started_at DESC LIMIT 50"
    asked = {
        "a word in prompts and replies, 24 h, newest 50": f"SELECT id FROM tidegate.exchanges WHERE {day} AND (hasToken(prompt_text, '{WORD}') OR hasToken(reply_text, '{WORD}')) {newest}",
        "part of a word, any case, 24 h, newest 50": f"SELECT id FROM tidegate.exchanges WHERE {day} AND (prompt_text ILIKE '%{WORD[:7]}%' OR reply_text ILIKE '%{WORD[:7]}%') {newest}",
        "a word that is nowhere, 24 h": f"SELECT id FROM tidegate.exchanges WHERE {day} AND (hasToken(prompt_text, 'qwyjibo') OR hasToken(reply_text, 'qwyjibo')) {newest}",
    }
    return [Question(f"search: {name}", "rows", _query(store, sql), RAW_BAR_MS) for name, sql in asked.items()]


def _boards(store: Store, end: int) -> list[Question]:
    """Every panel that asks ClickHouse, over the last 24 hours or the span that it states; everything chosen."""
    found = []
    for path in sorted((ROOT / "dashboards" / "boards").glob("*.json")):
        board = Board.load(path)
        chosen = {variable["name"]: Chosen((), variable["name"] if variable["type"] == "datasource" else ALL, multi=variable["type"] != "datasource") for variable in board.variables}
        for target in board.targets:
            if target.engine == CLICKHOUSE:
                span = Span(end - (30 * 86400 if target.time_from else 86400), end)
                sql = expand(target.query, target.engine, span, chosen, target.interval)
                kind = "rollup" if "exchanges_1m" in sql or "cost_by_day" in sql else "rows"
                found.append(Question(f"board: {target.name}", kind, _query(store, sql), ROLLUP_BAR_MS if kind == "rollup" else RAW_BAR_MS))
    return found


def _query(store: Store, sql: str) -> Callable[[], Awaitable[int]]:
    async def ask() -> int:
        return len(await store.query_json(sql, deadline_s=DEADLINE_S))

    return ask


async def _parts(store: Store) -> dict[str, dict[str, int]]:
    sql = (
        "SELECT table, count() AS parts, sum(rows) AS rows, sum(bytes_on_disk) AS bytes, sum(data_uncompressed_bytes) AS plain, sum(marks) AS marks "
        "FROM system.parts WHERE database = 'tidegate' AND active AND table IN ('exchanges', 'exchanges_1m') GROUP BY table"
    )
    return {row.pop("table"): {name: int(value) for name, value in row.items()} for row in await store.query_json(sql)}


def missed(found: dict[str, Any]) -> list[str]:
    """The bars that are."""
    over = [f"{found['disk']['bytes']:.0f} bytes an exchange, bar {BYTES_BAR:.0f}"] if found["disk"]["bytes"] > BYTES_BAR else []
    return over + [f"{q['name']} ({q['of']}): {q['median_ms']:.0f} ms, bar {q['bar_ms']:.0f}" for q in found.get("questions", ()) if q["bar_ms"] is not None and q["median_ms"] > q["bar_ms"]]


def render(found: dict[str, Any]) -> str:
    size = found["disk"]
    verdict = "met" if size["bytes"] <= BYTES_BAR else "MISSED"
    lines = [
        f"load average at the start {', '.join(f'{load:.1f}' for load in found['load_average'])}",
        f"bytes on disk an exchange ({', '.join(f'{name} {chars:,.0f}' for name, chars in size['texts'].items())}): {size['bytes']:,.0f}, bar {BYTES_BAR:,.0f}: {verdict}",
        f"  {size['young_bytes']:,.0f} while their day and the next last, {size['old_bytes']:,.0f} from then on; of these " + ", ".join(f"{name} {share:.0f}" for name, share in size["columns"].items()),
        f"store's processor time a row: inserting {size['insert_cpu_us']['median']:.0f} us (least {size['insert_cpu_us']['min']:.0f}), merging all at once {size['optimize_cpu_us']:.0f} us, compressing once more {size['recompress_cpu_us']:.0f} us",
    ]
    if "fill" in found:
        tables = found["fill"]["tables"]
        lines += [f"{name}: {t['rows']:,} rows in {t['parts']} parts, {t['bytes'] / 1e9:.2f} GB, {t['marks']:,} granules" for name, t in tables.items()]
        lines += ["", f"{'question':<72}{'of':>8}{'rows':>6}{'median':>9}{'range':>16}{'first':>8}{'CPU':>8}{'bar':>7}   ms"]
        for q in found["questions"]:
            verdict = "" if q["bar_ms"] is None else "met" if q["median_ms"] <= q["bar_ms"] else "MISSED"
            span = f"{q['min_ms']:,.0f}-{q['max_ms']:,.0f}"
            lines.append(f"{q['name']:<72}{q['of']:>8}{q['rows']:>6}{q['median_ms']:>9,.0f}{span:>16}{q['first_ms']:>8,.0f}{q['store_cpu_ms']:>8,.0f}{q['bar_ms'] or 0:>7,.0f}   {verdict}")
    return "\n".join([*lines, "", "missed: " + ("; ".join(missed(found)) or "nothing")])


def _cpu_ms(server: ClickHouseServer) -> float:
    assert server.process is not None
    return time.clock_gettime_ns((~server.process.pid << 3) | 2) / 1e6  # CPUCLOCK_SCHED, as clock_getcpuclockid composes it


def _say(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Bytes on disk of an exchange, and what questions take over millions of them.")
    parser.add_argument("--rows", type=int, default=10_000_000, help="in the table when questions are asked; 0: only bytes on disk (default ten million)")
    parser.add_argument("--base", type=int, default=30_000, help="exchanges with texts of their own (default 30000)")
    parser.add_argument("--days", type=int, default=30, help="that the rows are spread over, up to now (default 30)")
    parser.add_argument("--texts", choices=("recent", "all"), default="recent", help="which rows have texts of their own: those of two days, or all (some 16 GB; default recent)")
    parser.add_argument("--rounds", type=int, default=5, help="of questions, after a first one (default 5)")
    parser.add_argument("--keep", type=Path, help="a directory on the disk to measure (default: the system's temporary one)")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--check", action="store_true", help="exit 1 if a bar is missed")
    return parser


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
