"""One connection to ClickHouse over HTTP: insert batches, ask questions, run the schema's statements.

Rules of this file: every call ends within its deadline; every failure is StoreUnavailable (the same bytes and token may be sent again) or
StoreRejected (the rows or the statement are at fault); values are bound, never pasted into SQL; what a caller may read in a
message is code, name and place, and for statements without rows ClickHouse's own words.

Connections are made when first needed, and again after a failure: a server may be restarted under a Store. An insert's body is a generator, which
clickhouse-connect does not send twice; were it to repeat an insert by itself after a remote close, as it does with plain bytes, the
token would make that harmless.

Proxies of the environment are ignored: what is configured is where rows go.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any

import aiohttp
import lz4.frame  # type: ignore[import-untyped]
import orjson
from clickhouse_connect.driver.asyncclient import AsyncClient
from clickhouse_connect.driver.exceptions import Error as DriverError

from gateway.errors import StoreError, StoreUnavailable
from gateway.store import rollup
from gateway.store.codes import failure
from gateway.store.target import DEADLINE_S, Target

CONNECT_S = 5.0
KEPT_S = 2.0  # a connection may idle for so long; servers close it after 3 s (ours) or 10, and whoever has been busy with something else meanwhile has not been told
ACCESS_DENIED = 497
_CHUNK_BYTES = 96 * 1024  # of an insert's body: large enough to be cheap, small enough not to hold the event loop, and not to be mapped by itself (gateway.allocator)
_ONE_BLOCK = 100_000_000  # rows; a batch must be one block, because deduplication is by block
_BOUND = re.compile(r"\{(\w+):")
_TABLE = re.compile(r"[a-z][a-z0-9_]*")
_NETWORK = (aiohttp.ClientError, OSError)
_INSERT_SETTINGS = {
    "async_insert": "0",
    "insert_deduplicate": "1",
    "deduplicate_blocks_in_dependent_materialized_views": "1",
    "distributed_foreground_insert": "1",  # through a Distributed table: an acknowledgement means that the shards have it
    "max_insert_block_size": str(_ONE_BLOCK),
    "min_insert_block_size_rows": str(_ONE_BLOCK),
    "min_insert_block_size_bytes": str(1 << 40),
    "input_format_parallel_parsing": "0",  # it would cut the body into blocks by itself
    "max_partitions_per_insert_block": "0",  # a late batch may span many days
    "input_format_skip_unknown_fields": "0",
    "input_format_null_as_default": "0",  # a null where none is allowed is an error of ours, not an empty string
}
_READ_SETTINGS = {
    "readonly": "2",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_quote_decimals": "1",  # exact
    "output_format_json_quote_denormals": "0",  # NaN is null
    "date_time_output_format": "iso",
}


class Store:
    """A store as one user. Use in one event loop; any number of calls at a time."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._client: AsyncClient | None = None
        self._connecting = asyncio.Lock()
        self._exchanges = f"`{target.database}`.exchanges"

    async def insert(self, rows: Sequence[bytes], *, token: str, deadline_s: float = DEADLINE_S) -> None:
        """Store one batch of exchanges, lines made by `rows.encode`. See insert_rows."""
        await self.insert_rows("exchanges", rows, token=token, deadline_s=deadline_s)

    async def insert_rows(self, table: str, rows: Sequence[bytes], *, token: str, deadline_s: float = DEADLINE_S) -> None:
        """Store one batch of lines (JSON objects by column name, UTF-8, without a newline; a column that is left out gets its default), all or nothing,
        once: the same rows with the same token may be sent any number of times.

        table: of the schema, a plain name; on a cluster the Distributed one.
        token: bound to the rows' content; the same token with other rows drops them in silence.
        """
        if not _TABLE.fullmatch(table):
            raise ValueError(f'"{table[:60]}" is not the name of a table')
        settings = {**_INSERT_SETTINGS, "insert_deduplication_token": token}
        what = f"insert of {len(rows)} rows at {self.target.place}"
        compression = None if self.target.loopback else "lz4"
        async with _bounded(deadline_s, what):
            client = await self._connected()
            packed = await asyncio.to_thread(_pack, rows) if compression else None
            try:
                body = _whole(packed) if packed is not None else _lines(rows)
                await client.raw_insert(f"`{self.target.database}`.{table}", None, body, settings, "JSONEachRow", compression)
            except DriverError as e:
                raise _translated(e, what) from None  # the cause quotes rows
            except _NETWORK as e:
                raise StoreUnavailable(f"{what}: {type(e).__name__}") from None

    async def stored_ids(self, batch_id: str, *, deadline_s: float = DEADLINE_S) -> set[str]:
        """The ids of a batch's rows that are in the store: what to ask before a retry that comes after the token may be forgotten."""
        sql = f"SELECT toString(id) AS id FROM {self._exchanges} WHERE batch_id = {{batch_id:String}}"
        return {row["id"] for row in await self.query_json(sql, {"batch_id": batch_id}, deadline_s=deadline_s)}

    async def remembers(self, batch_id: str) -> bool | None:
        """Whether the store is certain to know the tokens of a batch of which it has rows. None: it cannot tell (it is more than one server, or system.parts is not for this user), or has none of them.

        A table remembers its last so many parts by their tokens. Parts are numbered as they come, and a part's name says its first number, merged or not; so how many
        came after the batch's can be counted.
        """
        engine, window = await self._deduplication()
        if engine != "MergeTree":
            return None
        first = "min(toUInt64OrZero(splitByChar('_', _part)[2])) AS first, count() AS rows"
        ours = await self.query_one(f"SELECT {first} FROM {self._exchanges} WHERE batch_id = {{batch_id:String}}", {"batch_id": batch_id})
        if not ours["rows"]:
            return None
        last = "SELECT max(max_block_number) AS last FROM system.parts WHERE database = {database:String} AND table = 'exchanges'"
        try:
            newest = await self.query_one(last, {"database": self.target.database})
        except StoreError as e:
            if e.code == ACCESS_DENIED:  # on a server of the user's own, this may not be granted
                return None
            raise
        return bool(newest["last"] - ours["first"] < window // 2)  # half: parts that have been deleted since count, too

    async def counts(self, batch_ids: Sequence[str], since: float) -> dict[str, int] | None:
        """How many rows of each batch there are; a batch of which there is none is left out. since: no row began before, seconds since the epoch.

        None: the table is on more than one server, which is another's promise not to lose rows.
        """
        engine, _ = await self._deduplication()
        if engine != "MergeTree":
            return None
        sql = f"SELECT batch_id, count() AS n FROM {self._exchanges} WHERE started_at >= toDateTime64({{since:Float64}}, 6, 'UTC') AND batch_id IN {{ids:Array(String)}} GROUP BY batch_id"
        return {row["batch_id"]: row["n"] for row in await self.query_json(sql, {"since": since, "ids": list(batch_ids)})}

    async def mend(self, minutes: Collection[int]) -> list[int] | None:
        """See `rollup.mend`."""
        engine, _ = await self._deduplication()
        return await rollup.mend(self, minutes) if engine == "MergeTree" else None

    async def boot(self, *, deadline_s: float = 3.0) -> int | None:
        """When the server started, seconds since the epoch by its own clock, a second more or less; None: it does not answer."""
        try:
            row = await self.query_one("SELECT toUnixTimestamp(now()) - uptime() AS boot", deadline_s=deadline_s)
        except StoreError:
            return None
        return int(row["boot"])

    async def _deduplication(self) -> tuple[str, int]:
        """The engine of the table of exchanges, and how many parts it remembers."""
        window = "toUInt32OrZero(extract(engine_full, 'non_replicated_deduplication_window = (\\\\d+)')) AS window"
        sql = f"SELECT engine, {window} FROM system.tables WHERE database = {{database:String}} AND name = 'exchanges'"
        found = await self.query_json(sql, {"database": self.target.database})
        return (found[0]["engine"], found[0]["window"]) if found else ("", 0)

    async def last_line(self, ledger: str, *, deadline_s: float = DEADLINE_S) -> int:
        """The number of the last line that the table `ledger` has of a ledger; -1: none."""
        sql = f"SELECT toInt64(max(seq)) AS last, count() AS lines FROM `{self.target.database}`.ledger WHERE ledger = {{ledger:String}}"
        row = await self.query_one(sql, {"ledger": ledger}, deadline_s=deadline_s)
        return int(row["last"]) if row["lines"] else -1

    async def query_json(self, sql: str, parameters: Mapping[str, Any] | None = None, *, deadline_s: float = DEADLINE_S) -> list[dict[str, Any]]:
        """The rows of a SELECT, by column name. Decimals and UUIDs are strings, times ISO 8601 strings in UTC, NaN is None.

        parameters: for the `{name:Type}` places of the SQL; each must have its place.
        """
        answer = await self.query_bytes(sql, "JSONEachRow", parameters, deadline_s=deadline_s)
        try:
            return [orjson.loads(line) for line in answer.splitlines()]
        except ValueError:  # it failed on the way, after the status had been sent, or something in between answered
            raise StoreUnavailable(f"query at {self.target.place}: the answer is not a whole one") from None

    async def query_one(self, sql: str, parameters: Mapping[str, Any] | None = None, *, deadline_s: float = DEADLINE_S) -> dict[str, Any]:
        """The only row of a SELECT that has one."""
        rows = await self.query_json(sql, parameters, deadline_s=deadline_s)
        if len(rows) != 1:
            raise StoreUnavailable(f"query at {self.target.place}: {len(rows)} rows where there is always one")
        return rows[0]

    async def query_bytes(self, sql: str, output: str, parameters: Mapping[str, Any] | None = None, *, deadline_s: float = DEADLINE_S) -> bytes:
        """The answer to a SELECT in one of ClickHouse's formats."""
        if unplaced := set(parameters or ()) - set(_BOUND.findall(sql)):
            raise ValueError(f"parameters without a place in the SQL: {', '.join(sorted(unplaced))}")
        what = f"query at {self.target.place}"
        async with _bounded(deadline_s, what):
            client = await self._connected()
            try:
                return await client.raw_query(sql, dict(parameters or {}), dict(_READ_SETTINGS), output)
            except DriverError as e:
                raise _translated(e, what, detail=True) from None
            except _NETWORK as e:
                raise StoreUnavailable(f"{what}: {type(e).__name__}") from None

    async def execute(self, sql: str, parameters: Mapping[str, Any] | None = None, *, deadline_s: float = DEADLINE_S) -> None:
        """Run a statement that answers nothing: the schema's. `use_database` is off, because the database may not be there yet."""
        what = f"{' '.join(sql.split()[:3])} at {self.target.place}"
        async with _bounded(deadline_s, what):
            client = await self._connected()
            try:
                await client.command(sql, dict(parameters or {}), use_database=False)
            except DriverError as e:
                raise _translated(e, what, detail=True) from None
            except _NETWORK as e:
                raise StoreUnavailable(f"{what}: {type(e).__name__}") from None

    async def ping(self, *, deadline_s: float = 3.0) -> bool:
        """Whether the store answers a query of this user."""
        try:
            return await self.query_bytes("SELECT 1", "TabSeparated", deadline_s=deadline_s) == b"1\n"
        except StoreError:
            return False

    async def close(self) -> None:
        """Close the connections; a later call would open new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _connected(self) -> AsyncClient:
        async with self._connecting:
            if self._client is None:
                self._client = await self._connect()
            return self._client

    async def _connect(self) -> AsyncClient:
        target = self.target
        client = AsyncClient(
            interface="https" if target.secure else "http",
            host=target.host,
            port=target.port,
            username=target.user,
            password=target.password,
            compress=False if target.loopback else "lz4",
            connect_timeout=CONNECT_S,
            send_receive_timeout=600,  # the deadline of each call is the limit
            query_retries=0,  # when to try again is the caller's decision
            autogenerate_session_id=False,  # a session would let one query at a time through
            keepalive_timeout=KEPT_S,
            client_name="tidegate",
        )
        client._backend.proxy_url = None  # there is no public way to say "none"; test_client.py would notice if this stopped working
        what = f"connection to {target.place}"
        try:
            await client.__aenter__()
        except DriverError as e:
            await client.close()
            raise _translated(e, what) from None
        except _NETWORK as e:
            await client.close()
            raise StoreUnavailable(f"{what}: {type(e).__name__}") from None
        except asyncio.CancelledError:
            await client.close()
            raise
        client.database = target.database  # not given above: connecting would fail while the database does not exist
        return client


class _bounded:
    """A deadline around a block; when it passes, the block is cancelled and the error says so."""

    def __init__(self, seconds: float, what: str) -> None:
        self._seconds, self._what, self._timeout = seconds, what, asyncio.timeout(seconds)

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(self, *raised: Any) -> None:
        try:
            await self._timeout.__aexit__(*raised)
        except TimeoutError:
            raise StoreUnavailable(f"{self._what}: no answer within {self._seconds:g} s") from None


async def _lines(rows: Sequence[bytes]) -> AsyncIterator[bytes]:
    """The rows as chunks of a body, each line with its newline."""
    chunk: list[bytes] = []
    size = 0
    for row in rows:
        if chunk and size + len(row) > _CHUNK_BYTES:
            chunk.append(b"")
            yield b"\n".join(chunk)
            await asyncio.sleep(0)  # a fast peer never makes the writer wait: let others have the loop between chunks
            chunk, size = [], 0
        chunk.append(row)
        size += len(row)
    if chunk:
        yield b"\n".join(chunk)


async def _whole(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _CHUNK_BYTES):
        yield body[start : start + _CHUNK_BYTES]
        await asyncio.sleep(0)


def _pack(rows: Sequence[bytes]) -> bytes:
    packed: bytes = lz4.frame.compress(b"\n".join(rows))
    return packed


def _translated(error: DriverError, what: str, *, detail: bool = False) -> StoreError:
    """The driver's error as one of ours. detail: keep ClickHouse's words, only where no row can be among them."""
    if error.code is None:
        return StoreUnavailable(f"{what}: {_reason(error)}")
    ours = failure(error.code, what)
    if not detail:
        return ours
    said = re.sub(r"\s+", " ", str(error)).split("DB::Exception:", 1)[-1]
    said = re.sub(r" \((for url|version) .*", "", said).strip()
    return type(ours)(f"{ours}: {said[:500]}", ours.code)


def _reason(error: DriverError) -> str:
    """Why there was no answer of ClickHouse: the cause's class, or the HTTP status that something in between gave."""
    if error.__cause__ is not None:
        number = getattr(error.__cause__, "errno", None)
        return f"cannot be reached ({os.strerror(number) if number else type(error.__cause__).__name__})"
    status = re.search(r"HTTP status (\d{3})", str(error))
    return f"HTTP status {status[1]} without an answer of ClickHouse" if status else "no answer of ClickHouse"
