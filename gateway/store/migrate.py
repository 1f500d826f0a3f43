"""Bring a database to the schema this code knows.

Rules of this file: every statement may be run twice, so a migration that was killed is simply run again from the start; a version is
written to `schema_migrations` after its last statement; a database with a newer version than ours is left alone (its rows would
lose what we do not know of); two that migrate at once do each other no harm.

Retention is no migration: it follows the configuration, and the tables' TTL is changed when it differs. What is done to rows before they go is said in the same clause, so it is kept in step here, too.

Source of truth: schema/NNNN_name.sql, one file a version, never edited once released.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from importlib import resources
from string import Template

from gateway.errors import StoreError, StoreRejected, StoreUnavailable
from gateway.store.client import Store
from gateway.store.target import Target
from gateway.store.topology import Topology, render

ROLLUP_DAYS = 400  # the rollup is small: it outlives the exchanges, so that this year can be compared with the last; and so do drift's figures
CACHE_DAYS = 90  # of vectors, which can be computed again
DDL_DEADLINE_S = 180.0
_OLD = {"exchanges": ", toDate(started_at) + toIntervalDay(2) RECOMPRESS CODEC(ZSTD(7))"}  # by table, as the server words it: when its day and the next are over; columns without a codec of their own
_FILE = re.compile(r"(\d{4})_(\w+)\.sql")
_TTL = r"TTL \w+\(\w+\) \+ toIntervalDay\((\d+)\)"
_RACES = {57, 60, 82, 218, 517}  # TABLE_ALREADY_EXISTS, UNKNOWN_TABLE and TABLE_IS_DROPPED (taken off for a moment), DATABASE_ALREADY_EXISTS, CANNOT_ASSIGN_ALTER: another one is migrating

_HISTORY = """
CREATE TABLE IF NOT EXISTS $database.schema_migrations $on_cluster
(version UInt32, name String, gateway_version String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = $history_engine ORDER BY version;
"""


@dataclass(frozen=True, slots=True)
class Migration:
    version: int
    name: str
    sql: str


def migrations() -> list[Migration]:
    """All known versions, in order."""
    found = []
    for file in resources.files("gateway.store").joinpath("schema").iterdir():
        if match := _FILE.fullmatch(file.name):
            found.append(Migration(int(match[1]), match[2], file.read_text()))
    return sorted(found, key=lambda migration: migration.version)


async def migrate(target: Target, *, retention_days: int, gateway_version: str = "", topology: Topology | None = None) -> list[int]:
    """Create or upgrade the schema and set the retention. Returns the versions that were applied, [] when there was nothing to do.

    topology: by default what the target says.
    Raises StoreUnavailable (try again), StoreRejected (a statement is wrong for this server), StoreError (the database is newer than
    this gateway).
    """
    topology = topology or Topology(database=target.database, cluster=target.cluster)
    store = Store(target)
    try:
        known = migrations()
        present = await _version(store, topology)
        if present > known[-1].version:
            raise StoreError(
                f"database {topology.database} at {target.place} has schema version {present}, this gateway knows up to {known[-1].version}; "
                "upgrade the gateway or point store.url at another database"
            )
        applied = []
        if present < known[-1].version:
            await _create_database(store, topology)
            for statement in render(_HISTORY, topology):
                await _run(store, statement)
        for migration in known:
            if migration.version > present and migration.version > await _version(store, topology):  # else another has been there meanwhile, and what it has made is in use
                await _apply(store, topology, migration, gateway_version)
                applied.append(migration.version)
        await _retain(store, topology, retention_days)
        return applied
    finally:
        await store.close()


def script(topology: Topology, *, retention_days: int) -> list[str]:
    """Everything that `migrate` would do to a server that has nothing, as statements to be run by somebody else: for an administrator who gives no gateway the right
    to make tables. A gateway that finds the result has nothing left to do.
    """
    statements = [_database(topology), *render(_HISTORY, topology)]
    for migration in migrations():
        statements += render(migration.sql, topology)
    for table, (column, days, quoting) in _retention(retention_days).items():
        statements += [_ttl(topology, f"{table}{topology.local}", "", column, days), *(_ttl(topology, f"{table}{topology.local}", name, column, retention_days) for name in quoting)]
    rows = ", ".join(f"({migration.version}, '{migration.name}')" for migration in migrations())
    return [*statements, f"INSERT INTO `{topology.database}`.schema_migrations (version, name) VALUES {rows}"]


async def version(target: Target) -> int:
    """The schema version of a database; 0: none yet."""
    store = Store(target)
    try:
        return await _version(store, Topology(database=target.database))
    finally:
        await store.close()


async def _version(store: Store, topology: Topology) -> int:
    try:
        row = await store.query_one(f"SELECT max(version) AS version FROM `{topology.database}`.schema_migrations")
    except StoreUnavailable as e:
        if e.code in (60, 81):  # no such table, no such database: nothing is there yet
            return 0
        raise
    return int(row["version"])


async def _create_database(store: Store, topology: Topology) -> None:
    """Where there is one already it is left alone: its administrator may have made it and keep the right to make others."""
    try:
        await store.query_json("SELECT 1")
        present = True
    except StoreUnavailable as e:
        if e.code != 81:
            raise
        present = False  # a query is asked in its database, which is not there
    if topology.clause or not present:
        await _run(store, _database(topology))


def _database(topology: Topology) -> str:
    return f"CREATE DATABASE IF NOT EXISTS `{topology.database}` {topology.clause}".rstrip()


async def _apply(store: Store, topology: Topology, migration: Migration, gateway_version: str) -> None:
    for statement in render(migration.sql, topology):
        await _run(store, statement)
    sql = Template("INSERT INTO `$database`.schema_migrations (version, name, gateway_version) SELECT $version, {name:String}, {by:String}")
    await store.execute(
        sql.substitute(database=topology.database, version=migration.version), {"name": migration.name, "by": gateway_version}, deadline_s=DDL_DEADLINE_S
    )


async def _run(store: Store, statement: str) -> None:
    """One statement; when another migration ran the same one in the same moment, once more."""
    for last in (False, False, True):
        try:
            await store.execute(statement, deadline_s=DDL_DEADLINE_S)
            return
        except StoreUnavailable as e:
            if last or e.code not in _RACES:
                raise
            await asyncio.sleep(0.2)


def _retention(retention_days: int) -> dict[str, tuple[str, int, tuple[str, ...]]]:
    """By table: its column of time, how many days its rows are kept, and the columns in it that only last as long as the exchanges."""
    figures, cache = max(retention_days, ROLLUP_DAYS), min(retention_days, CACHE_DAYS)
    return {
        "exchanges": ("started_at", retention_days, ()),
        "ledger": ("last_at", retention_days, ()),
        "exchanges_1m": ("minute", figures, ()),
        "drift_runs": ("started_at", figures, ("report",)),
        "drift_topics": ("started_at", figures, ("exchange_ids", "exemplars")),
        "drift_embeddings": ("at", cache, ()),
    }


def _ttl(topology: Topology, table: str, name: str, column: str, days: int) -> str:
    """name: of the column that is emptied; "": rows go."""
    what, old = (f"COLUMN {name} TTL", "") if name else ("TTL", _OLD.get(table.removesuffix(topology.local), ""))
    return f"ALTER TABLE `{topology.database}`.`{table}` {topology.clause} MODIFY {what} toDate({column}) + INTERVAL {days} DAY{old}"


async def _retain(store: Store, topology: Topology, retention_days: int) -> None:
    """Keep the tables' TTL in step, and that of columns which quote traffic in rows that outlive it. A changed TTL is applied to what is stored in the
    background, where a table holds exchanges by dropping whole parts, or compressing them once more.
    """
    wanted = _retention(retention_days)
    sql = "SELECT name, create_table_query FROM system.tables WHERE database = {database:String} AND name IN {names:Array(String)}"
    rows = await store.query_json(sql, {"database": topology.database, "names": [f"{table}{topology.local}" for table in wanted]})
    if len(rows) < len(wanted):
        raise StoreRejected(f"database {topology.database} at {store.target.place} says it is migrated, but tables are missing; drop schema_migrations and migrate again")
    for row in rows:
        table = row["name"].removesuffix(topology.local)
        column, days, quoting = wanted[table]
        columns, _, rest = row["create_table_query"].partition(" ENGINE = ")
        present = {"": re.search(_TTL, rest), **{name: re.search(rf"`{name}` [^`]*{_TTL}", columns) for name in quoting}}
        for name, found in present.items():
            kept = retention_days if name else days
            if found is None or int(found[1]) != kept or (not name and _OLD.get(table, "") not in rest):
                await _run(store, _ttl(topology, row["name"], name, column, kept))
