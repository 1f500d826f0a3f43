"""The per-minute rollup held against the rows that it sums up, and made anew where they disagree (FAILURES S10).

An insert stores rows and feeds the rollup, but not in one step: a server that is killed, or loses power, may have kept the one without the other. The
same insert with the same token makes up for that as long as the token is known; where it is not, this does: the minutes in question are counted on both sides, and
those that differ are deleted from the rollup and summed up anew, by the very statement that feeds it. A minute without one row is left as it is: rows are deleted when they are beyond
retention, or by somebody, and the rollup is what is left of them.

Not atomic. Who reads in between finds a minute missing, for some milliseconds; if it is broken off there, the next comparison finds that, and so it does where
another gate has inserted into the same minute meanwhile. Tables on one server alone: of a cluster's, which are replicated, neither half is lost by one server.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import TYPE_CHECKING

from gateway.log import event

if TYPE_CHECKING:
    from gateway.store.client import Store

TURNS = 3
_AT_ONCE = 500  # minutes
_SUMS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens")


async def mend(store: Store, minutes: Collection[int]) -> list[int]:
    """Compare minutes (their beginnings, seconds since the epoch) and mend those that differ. Returns these. Raises StoreError."""
    mended: set[int] = set()
    ordered = sorted(minutes)
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        for _ in range(TURNS):
            some = await differing(store, some)
            if not some:
                break
            await _anew(store, some)
            mended.update(some)
            event("rollup_mended", level=logging.WARNING, minutes=len(some))
    return sorted(mended)


async def differing(store: Store, minutes: Collection[int]) -> list[int]:
    """Those of some minutes in which there are rows, and the rollup does not say the same."""
    if not minutes:
        return []
    database = store.target.database
    rows = ", ".join(["count() AS n", *(f"sum(ifNull({name}, 0)) AS s{at}" for at, name in enumerate(_SUMS))])
    sums = ", ".join(["sum(exchanges) AS n", *(f"sum(ifNull({name}, 0)) AS s{at}" for at, name in enumerate(_SUMS))])
    between = "started_at >= toDateTime({first:UInt32}) AND started_at < toDateTime({last:UInt32}) + 60"
    sql = (
        f"SELECT 'rows' AS side, toUnixTimestamp(toStartOfMinute(started_at)) AS at, {rows} FROM `{database}`.exchanges WHERE {between} AND at IN {{minutes:Array(UInt32)}} GROUP BY at "
        f"UNION ALL SELECT 'rollup' AS side, toUnixTimestamp(minute) AS at, {sums} FROM `{database}`.exchanges_1m "
        "WHERE minute IN (SELECT toDateTime(arrayJoin({minutes:Array(UInt32)}))) GROUP BY at"
    )
    found = await store.query_json(sql, {"first": min(minutes), "last": max(minutes), "minutes": sorted(minutes)})
    sides: dict[str, dict[int, tuple[int, ...]]] = {"rows": {}, "rollup": {}}
    for row in found:
        values = (row["n"], *(row[f"s{at}"] for at in range(len(_SUMS))))
        if any(values):
            sides[row["side"]][row["at"]] = values
    return sorted(at for at in minutes if at in sides["rows"] and sides["rows"][at] != sides["rollup"].get(at))


async def _anew(store: Store, minutes: Collection[int]) -> None:
    database = store.target.database
    about = {"database": database}
    feed = await store.query_one("SELECT as_select FROM system.tables WHERE database = {database:String} AND name = 'exchanges_1m_feed'", about)
    columns = await store.query_json("SELECT name FROM system.columns WHERE database = {database:String} AND table = 'exchanges_1m' ORDER BY position", about)
    names = ", ".join(column["name"] for column in columns)
    those = {"minutes": sorted(minutes)}
    here = "minute IN (SELECT toDateTime(arrayJoin({minutes:Array(UInt32)})))"
    literal = f"toUnixTimestamp(minute) IN ({', '.join(str(int(at)) for at in minutes)})"  # a mutation keeps its text, so nothing in it may be bound
    await store.execute(f"DELETE FROM `{database}`.exchanges_1m WHERE {literal}")
    # The same sums may have been made before, and would be taken for a repeated insert.
    await store.execute(f"INSERT INTO `{database}`.exchanges_1m ({names}) SELECT {names} FROM ({feed['as_select']}) WHERE {here} SETTINGS insert_deduplicate = 0", those)
