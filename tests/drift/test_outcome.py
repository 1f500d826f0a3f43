"""The rows that a run leaves: what is in them, that they go in, and that they go in once."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Iterator

import orjson
import pytest

from detectors.drift.base import Row
from gateway.drift import past
from gateway.drift.outcome import MAX_IDS, exchange_ids, run_line, topic_lines
from gateway.drift.past import ASKED, Asked
from gateway.store.client import Store
from gateway.store.migrate import migrate
from tests.support.clickhouse import ClickHouseServer
from tests.support.drift_runs import START, report, run, stored, topic, untested

HOUR = dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    with ClickHouseServer(tmp_path_factory.mktemp("outcome")) as server:
        asyncio.run(migrate(server.target, retention_days=3650))
        yield server


async def test_what_is_written_is_what_is_read(server: ClickHouseServer):
    """Numbers in an alert's page must be those that the statistics said."""
    made = run(app="round-trip")
    store = Store(server.target)
    await stored(store, [made])
    found = await past.one(store, made.id)
    await store.close()
    assert found is not None
    assert (found["pvalue"], found["alarm_alpha"], found["permutations"], found["novel_share"]) == (made.report.pvalue, made.alarm_alpha, 999, made.report.novel_share)
    assert [(each["name"], each["pvalue"], each["significant"]) for each in found["aspects"]] == [(a.name, a.pvalue, a.significant) for a in made.report.aspects]
    assert found["topics"][0]["baseline_interval"] == list(made.report.topics[0].baseline_interval)


async def test_a_run_that_is_sent_again_is_there_once(server: ClickHouseServer):
    """The answer to an insert may be lost; a second row would be a second look."""
    made = run(app="again")
    store = Store(server.target)
    await stored(store, [made, made])
    rows = await past.runs(store, Asked(app="again"))
    topics = await past.topics_of(store, [str(made.id)])
    await store.close()
    assert (len(rows), len(topics[str(made.id)])) == (1, 1)


async def test_two_gates_that_look_from_the_same_last_look_are_one_look(server: ClickHouseServer):
    """Both have read how much of the budget is left; if both spent it, the yearly rate would be twice the stated one."""
    last = uuid.uuid4()
    store = Store(server.target)
    first, second = run(app="two", after=last), run(app="two", after=last)
    third = run(1, app="two", after=first.id)
    await stored(store, [first, second, third])
    rows = await past.runs(store, Asked(app="two"))
    looked = await past.looked(store, "two", START + HOUR)
    await store.close()
    assert [row["id"] for row in rows] == [str(third.id), str(first.id)]
    assert looked[""].last == third.id
    assert looked[""].spent == pytest.approx(0.0004)


async def test_runs_go_on_after_some_were_deleted(server: ClickHouseServer):
    """Somebody deletes an app's rows: the next run follows none again, as the first one did, and must not be taken for its repetition, now and for ever."""
    store = Store(server.target)
    await stored(store, [run(0, app="deleted", after=None)])
    await store.execute("ALTER TABLE tidegate.drift_runs DELETE WHERE app = 'deleted' SETTINGS mutations_sync = 2")
    again = run(1, app="deleted", after=None)
    await stored(store, [again])
    rows = await past.runs(store, Asked(app="deleted"))
    await store.close()
    assert [row["id"] for row in rows] == [str(again.id)]


async def test_what_the_looks_of_a_year_have_spent_is_known(server: ClickHouseServer):
    """Alarms over time rest on this: a restart, an upgrade or a second console must forget none of it; a run that took no look spent nothing."""
    made = [
        run(0, app="budget", alarm_alpha=0.01),
        run(24 * 10, app="budget", alarm_alpha=0.002),
        run(24 * 366, app="budget", alarm_alpha=0.004),
        run(24 * 367, app="budget", alarm_alpha=0.0),
        run(24 * 367, app="budget", prompt="b", alarm_alpha=0.0),
        run(24 * 368, app="budget", kind=ASKED, alarm_alpha=None),
    ]
    store = Store(server.target)
    await stored(store, made)
    found = await past.looked(store, "budget", START + 24 * 368 * HOUR)
    await store.close()
    one, other = found[""], found["b"]
    assert (one.last, one.last_at, one.looked_at) == (made[3].id, made[3].started_at, made[2].started_at)
    assert one.spent == pytest.approx(0.006)
    assert (other.last, other.looked_at, other.spent) == (made[4].id, None, 0.0)


async def test_runs_that_were_asked_for_are_all_kept_and_are_no_looks(server: ClickHouseServer):
    """Somebody who runs it ten times in a row must see ten runs, and spends nothing of the budget."""
    store = Store(server.target)
    await stored(store, [run(n, app="asked", kind=ASKED, alarm_alpha=None, after=None) for n in range(3)])
    rows, looked = await past.runs(store, Asked(app="asked")), await past.looked(store, "asked", START)
    await store.close()
    assert (len(rows), looked) == (3, {})


async def test_an_alarm_stands_until_the_next_look_and_no_run_by_hand_has_a_part_in_it(server: ClickHouseServer):
    """Looks may be days apart, more than a series lasts: an alarm that goes out in between is a false all-clear, one that a curious person sets wakes people for nothing."""
    look, idle = dict(alarm=True, alarm_alpha=0.0003), dict(alarm=False, alarm_alpha=0.0)
    made = [
        run(0, app="long", **look), run(48, app="long", **idle),
        run(0, app="over", **look), run(40, app="over", alarm=False, alarm_alpha=0.0003), run(48, app="over", **idle),
        run(48, app="curious", report=untested(), **idle), run(49, app="curious", kind=ASKED, alarm=True, alarm_alpha=None),
        run(0, app="blind", **look), run(48, app="blind", report=untested(), **idle),
        run(48, app="by-hand", kind=ASKED, alarm=True, alarm_alpha=None),
        run(0, app="renamed", kind="provider", alarm=False, alarm_alpha=0.0004), run(30, app="renamed", kind="provider", alarm=True, alarm_alpha=0.0), run(48, app="renamed", kind="provider", **idle),
    ]  # fmt: skip
    store = Store(server.target)
    await stored(store, made)
    rows = await past.newest(store, START + 47 * HOUR, START + 49 * HOUR)
    await store.close()
    names = ("long", "over", "curious", "blind", "by-hand", "renamed")
    found = {row["app"]: row for row in rows if row["app"] in names}
    assert {app: bool(row["alarm"]) for app, row in found.items()} == {"long": True, "over": False, "curious": False, "blind": False, "renamed": True}
    curious = found["curious"]  # all that is said of it is the scheduled run's, which came to nothing
    assert (curious["tested"], curious["pvalue"], curious["novel_share"], curious["at"]) == (False, None, None, pytest.approx(made[5].started_at.timestamp()))


async def test_alarms_in_a_row_are_those_of_the_newest_looks(server: ClickHouseServer, monkeypatch: pytest.MonkeyPatch):
    """Who is woken only when a second look bears the first one out needs looks counted, not runs: hourly runs between two looks repeat what the look before said."""
    monkeypatch.setattr(past, "IN_A_ROW", 3)
    patterns = {"none": "...", "one": "aa.a", "two": ".aa", "ended": "aaa.", "many": "a" * 9}  # of looks, oldest first
    made = [run(n, app=f"row-{name}", alarm=look == "a", alarm_alpha=0.0003) for name, looks in patterns.items() for n, look in enumerate(looks)]
    made += [run(20, app=f"row-{name}", alarm=False, alarm_alpha=0.0) for name in patterns]  # a run between looks
    made += [run(21, app="row-two", kind=ASKED, alarm=True, alarm_alpha=None), run(0, app="row-two", prompt="b", alarm=True, alarm_alpha=0.0003), run(20, app="row-two", prompt="b", alarm=False, alarm_alpha=0.0)]
    made += [run(20, app="row-blind", report=untested(), alarm=False, alarm_alpha=0.0), *(run(n, app="row-blind", alarm=True, alarm_alpha=0.0003) for n in range(2))]
    store = Store(server.target)
    await stored(store, made)
    rows = await past.newest(store, START + 10 * HOUR, START + 22 * HOUR)
    await store.close()
    found = {(row["app"], row["prompt_name"]): (bool(row["alarm"]), row["in_a_row"]) for row in rows if row["app"].startswith("row-")}
    assert found == {
        ("row-none", ""): (False, 0), ("row-one", ""): (True, 1), ("row-two", ""): (True, 2), ("row-two", "b"): (True, 1), ("row-ended", ""): (False, 0),
        ("row-many", ""): (True, 3), ("row-blind", ""): (False, 0),
    }  # fmt: skip


async def test_a_series_shows_no_run_from_the_future(server: ClickHouseServer):
    """One alarm that a wrong clock dated a year ahead would burn for a year, whatever the looks of today say."""
    made = [run(0, app="dated", alarm=False, alarm_alpha=0.0003), run(24 * 400, app="dated", alarm=True, alarm_alpha=0.0003)]
    store = Store(server.target)
    await stored(store, made)
    rows = await past.newest(store, START - HOUR, START + HOUR)
    await store.close()
    [found] = [row for row in rows if row["app"] == "dated"]
    assert (bool(found["alarm"]), found["in_a_row"], found["at"]) == (False, 0, pytest.approx(made[0].started_at.timestamp()))


async def test_a_look_from_the_future_is_none(server: ClickHouseServer):
    """A clock that was a year ahead for an hour: until then every look would come before the last one, with nothing saved for it, and none could alarm."""
    made = [run(0, app="ahead", alarm_alpha=0.01), run(24 * 400, app="ahead", alarm_alpha=0.03)]
    store = Store(server.target)
    await stored(store, made)
    found = await past.looked(store, "ahead", START + HOUR)
    await store.close()
    assert (found[""].last, found[""].last_at, found[""].looked_at, found[""].spent) == (made[0].id, START, START, pytest.approx(0.01))


async def test_topics_are_remembered_as_they_were_last_seen(server: ClickHouseServer):
    """A trend line is one topic over runs: it needs the first moment, the newest centre, and none of another model's space."""
    store = Store(server.target)
    later = run(5, app="memory", report=report(topics=(topic(keywords=("pedido", "dinero")),)))
    await stored(store, [run(0, app="memory"), later, run(6, app="memory", model="another")])
    half = run(7, app="memory", report=report(topics=(topic(keywords=("half",)),)))
    await store.insert_rows("drift_topics", topic_lines(half), token="half")  # killed before its own row
    found = await past.remembered(store, "memory", "", "bundled", START.replace(day=25))
    await store.close()
    assert [(each.id, each.first_seen, each.keywords, each.centre) for each in found] == [(uuid.UUID(int=900), START, ("pedido", "dinero"), (0.0, 1.0, 0.0, 0.0))]


def test_nothing_tested_is_no_p_value():
    """NULL is what "not known" is in this store; 1 would be an answer, and so would a share of 0."""
    row = orjson.loads(run_line(run(report=untested())))
    assert (row["pvalue"], row["novel_share"], row["tested"], row["aspects.name"]) == (None, None, False, [])
    assert orjson.loads(row["report"])["novel_share"] is None


def test_half_characters_do_not_cost_a_run():
    """A text of the record may hold half of an emoji; the row has to go in all the same."""
    made = run(report=report(topics=(topic(exemplars=("\ud83d broken",)),), notes=("\udc00",)))
    assert orjson.loads(run_line(made))["notes"] == ["?"]
    assert orjson.loads(topic_lines(made)[0])["exemplars"] == ["? broken"]


def test_a_repetition_is_the_same_bytes():
    """Deduplication is by token, and the token promises the same rows."""
    made = run()
    assert run_line(made) == run_line(made)
    assert made.token != run().token


@pytest.mark.parametrize(("direction", "expected"), [("new", [11, 13]), ("grown", [11, 13]), ("shrunk", [20]), ("gone", [20])])
def test_a_topic_names_the_exchanges_it_is_made_of(direction: str, expected: list[int]):
    """Who reads "gone" wants to see what used to come; rows of a file have no exchange."""
    baseline = [Row("a", id=str(uuid.UUID(int=20))), Row("b", id="2")]
    window = [Row("c", id=str(uuid.UUID(int=11))), Row("d", id="17"), Row("e", id=str(uuid.UUID(int=13)))]
    found = exchange_ids(topic(direction=direction, rows=(0, 1, 2), baseline_rows=(0, 1)), baseline, window)
    assert [each.int for each in found] == expected


def test_a_large_topic_names_some_of_its_exchanges():
    """A row of 20,000 ids is a page that does not open."""
    window = [Row("a", id=str(uuid.UUID(int=n))) for n in range(2 * MAX_IDS)]
    assert len(exchange_ids(topic(rows=tuple(range(2 * MAX_IDS))), [], window)) == MAX_IDS
