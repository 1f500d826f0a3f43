"""A run over a real ClickHouse server: from exchanges to rows, with the real statistics, and what may go wrong on the way."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from detectors.drift import looks
from gateway.demo.prompts import SHOP, pick
from gateway.drift import past
from gateway.drift.embeddings import Embeddings
from gateway.drift.masking import Masking
from gateway.drift.past import ASKED, SCHEDULED, Asked, Looked
from gateway.drift.run import FINE, Ran, Terms, Tools, allowance, run, untested
from gateway.drift.samples import Source
from gateway.drift.selecting import Reads
from gateway.errors import StoreUnavailable
from gateway.store.client import Store
from gateway.store.rows import encode
from tests.support.clickhouse import ClickHouseServer
from tests.support.drift_runs import START
from tests.support.exchanges import exchange

NOW = START
TERMS = Terms(Source(env="dev"), min_rows=40)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MATTERS = "invoice bill ledger account payslip salary bonus tax audit budget payroll pension receipt expense refund ticket".split()
TEMPLATE = "You are the assistant of a shop for clothes and household goods. Be brief, and never promise a date that you do not know.\nThe customer says: "


class Words:
    """A model that is quick: a text's vector says which of the demo's words are in it."""

    name, batch, calls = "words", 1000, 1

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def vectors(self, texts: Sequence[str]) -> Any:
        self.asked += texts
        found = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                rng = np.random.default_rng(sum(word.encode()) * 31 + len(word))
                found[row] += rng.standard_normal(64)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    async def close(self) -> None:
        pass


async def filled(store: Store, app: str, *, dev: int = 150, prod: int = 150, news: bool = True, ago: dt.timedelta = HOUR, before: str = "") -> None:
    """Questions as the demo's shop gets them: in prod, where there is news, also those that nobody tested."""
    rng = random.Random(f"{app} {ago}")
    rows = []
    for env, count in (("dev", dev), ("prod", prod)):
        for number in range(count):
            question = pick(SHOP, env if news else "dev", rng).question(rng)
            rows.append(
                exchange(
                    id=uuid.uuid4(), app=app, env=env, started_at=NOW - ago - dt.timedelta(seconds=count - number), session_id="", prompt_name="a" if number % 2 else "b",
                    prompt_text=before + question, reply_text=f"An answer to {question}", request_body="", reply_body="",
                )
            )
    await store.insert([encode(row) for row in rows], token=f"{app}{ago}")


@asynccontextmanager
async def working(clickhouse: ClickHouseServer, **changes: Any) -> AsyncIterator[tuple[Store, Store, Tools]]:
    reader, writer = Store(clickhouse.target.reader()), Store(clickhouse.target)
    try:
        yield reader, writer, replace(Tools(Embeddings(writer, Words()), Masking()), **changes)
    finally:
        await reader.close()
        await writer.close()


async def test_news_in_production_is_a_run_with_topics(clickhouse: ClickHouseServer):
    """Refunds in Spanish, which the dev set has never seen: found, named, with the exchanges it is made of, and written down as it was reported."""
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, "news")
        ran = await run(reader, writer, TERMS, tools, app="news", now=NOW)
        stored = await past.one(reader, ran.run.id)
        ids = [str(id) for topic in ran.run.topics for id in topic.exchange_ids if topic.topic.direction == "new"]
        envs = await reader.query_json("SELECT DISTINCT env FROM tidegate.exchanges WHERE id IN {ids:Array(UUID)}", {"ids": ids})
    assert stored is not None
    assert (stored["alarm"], stored["kind"], stored["alarm_alpha"], stored["baseline"], stored["model"]) == (True, ASKED, None, "dev", "words")
    assert stored["pvalue"] == ran.run.report.pvalue <= TERMS.alpha
    assert {topic["id"] for topic in stored["topics"]} == {str(topic.id) for topic in ran.run.topics}
    assert any(topic["direction"] == "new" and topic["share_window"] > 0.1 for topic in stored["topics"])
    assert envs == [{"env": "prod"}]
    assert dt.datetime.fromisoformat(stored["window_to"]) <= NOW - HOUR
    assert (len(ran.baseline.rows), len(ran.window.rows)) == (150, 150)


async def test_the_same_again_is_the_same_topic(clickhouse: ClickHouseServer):
    """A trend line needs one topic over runs, first seen when it was first seen; and vectors are computed once."""
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, "again")
        first = await run(reader, writer, TERMS, tools, app="again", now=NOW)
        await filled(writer, "again", dev=0, ago=HOUR / 2)
        computed = tools.embeddings.computed
        second = await run(reader, writer, replace(TERMS, window=150), tools, app="again", now=NOW + HOUR)
    before = {topic.id for topic in first.run.topics}
    again = [topic for topic in second.run.topics if topic.id in before]
    assert again and all(topic.first_seen == NOW for topic in again)
    assert {row.id for row in first.window.rows}.isdisjoint(row.id for row in second.window.rows)
    assert tools.embeddings.computed - computed < computed


async def test_no_news_is_no_alarm_and_a_row(clickhouse: ClickHouseServer):
    """"We looked, and it is the same" is what people want to read most days."""
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, "same", news=False)
        ran = await run(reader, writer, TERMS, tools, app="same", now=NOW)
        [stored] = await past.runs(reader, Asked(app="same"))
    assert (stored["tested"], stored["alarm"], ran.run.report.tested) == (True, False, True)
    assert stored["pvalue"] > TERMS.alpha


async def test_too_little_says_so(clickhouse: ClickHouseServer):
    """A baseline of twelve rows must not be compared with anything: the row says why, and has no p-value."""
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, "small", dev=12)
        await run(reader, writer, TERMS, tools, app="small", now=NOW, kind=SCHEDULED)
        await run(reader, writer, TERMS, tools, app="nobody", now=NOW)
        small, nobody = [(await past.runs(reader, Asked(app=app)))[0] for app in ("small", "nobody")]
    assert (small["tested"], small["alarm"], small["pvalue"], small["alarm_alpha"]) == (False, False, None, 0.0)
    assert "the baseline has 12 rows" in small["notes"][-1]
    assert (nobody["tested"], nobody["rows_window"]) == (False, 0)


async def test_a_prompt_is_compared_by_itself(clickhouse: ClickHouseServer):
    """Two prompts of one app are two questions; each run says whose it is."""
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, "prompts")
        ran = await run(reader, writer, TERMS, tools, app="prompts", prompt="a", now=NOW)
        [stored] = await past.runs(reader, Asked(app="prompts"))
    assert (stored["prompt_name"], len(ran.window.rows), len(ran.baseline.rows)) == ("a", 75, 75)


async def test_what_is_shown_of_texts_is_masked(clickhouse: ClickHouseServer):
    """Where content is kept in full, drift must not be the way by which an address gets on a page (and to a labelling provider)."""
    rng = random.Random(3)
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, "masked", prod=90, news=False)
        texts = [f"write {rng.choice(MATTERS)} and {rng.choice(MATTERS)} to {rng.choice(MATTERS)}@example.com" for _ in range(110)]
        rows = [
            exchange(id=uuid.uuid4(), app="masked", env="prod", started_at=NOW - HOUR / 2, session_id="", prompt_text=text, request_body="", reply_body="", reply_text="ok") for text in texts
        ]
        await writer.insert([encode(row) for row in rows], token="masked")
        ran = await run(reader, writer, TERMS, tools, app="masked", now=NOW)
        stored = await past.one(reader, ran.run.id)
    assert ran.run.topics
    assert "<EMAIL_ADDRESS>" in repr(stored)
    assert "@example" not in repr(stored)


async def test_the_template_of_prompts_is_no_part_of_them(clickhouse: ClickHouseServer):
    """Where whole prompts are compared, a page of instructions in each would drown the line that differs."""
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, "template", before=TEMPLATE)
        model = Words()
        tools = replace(tools, embeddings=Embeddings(writer, model))
        ran = await run(reader, writer, replace(TERMS, reads=Reads("prompt")), tools, app="template", now=NOW)
    assert ran.run.report.tested
    assert all(row.input is not None and row.input.startswith(TEMPLATE) for row in ran.window.rows)
    assert not [text for text in model.asked if text.startswith("You are")]


class Failing(Store):
    """A store that goes away at the n-th write to drift's own tables."""

    def __init__(self, inner: Store, at: int) -> None:
        super().__init__(inner.target)
        self._left = at

    async def insert_rows(self, table: str, rows: Sequence[bytes], *, token: str, deadline_s: float = 30.0) -> None:
        if table in ("drift_topics", "drift_runs"):
            self._left -= 1
            if self._left < 0:
                raise StoreUnavailable("gone")
        await super().insert_rows(table, rows, token=token, deadline_s=deadline_s)


@pytest.mark.parametrize("at", [0, 1])
async def test_a_store_that_goes_away_leaves_no_half_run(clickhouse: ClickHouseServer, at: int):
    """Topics without their run, or a run without its topics, would be read as a result."""
    app = f"half-{at}"
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, app)
        broken = Failing(writer, at)
        with pytest.raises(StoreUnavailable):
            await run(reader, broken, TERMS, tools, app=app, now=NOW, kind=SCHEDULED)
        await broken.close()
        assert await past.runs(reader, Asked(app=app)) == []
        assert await past.remembered(reader, app, "", "words", NOW + HOUR) == []
        assert await past.looked(reader, app, NOW + HOUR) == {}


async def test_two_gates_at_the_same_time_are_one_run(clickhouse: ClickHouseServer):
    """Two consoles over one store, started at the same moment: the budget is spent once, and one row stands."""
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, "two", news=False)
        both = await asyncio.gather(*(run(reader, writer, TERMS, tools, app="two", now=NOW, kind=SCHEDULED) for _ in range(2)))
        rows = await past.runs(reader, Asked(app="two"))
    assert len(rows) == 1
    assert rows[0]["id"] in {str(each.run.id) for each in both}


async def test_a_run_that_failed_is_a_row_and_the_next_one_follows_it(clickhouse: ClickHouseServer):
    """Else an app whose run needs too much memory is tried again every minute, and nobody sees why there is no result."""
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, "failed", news=False)
        await untested(reader, writer, TERMS, "Nothing was tested: it needed more memory than a run may have.", app="failed", now=NOW)
        await run(reader, writer, TERMS, tools, app="failed", now=NOW + HOUR, kind=SCHEDULED)
        after, failed = await past.runs(reader, Asked(app="failed"))
    assert (failed["tested"], failed["notes"], failed["kind"]) == (False, ["Nothing was tested: it needed more memory than a run may have."], SCHEDULED)
    assert after["tested"]


async def test_nothing_is_stored_where_nothing_should_be(clickhouse: ClickHouseServer):
    """A look without a writer is a look: the command's --no-store."""
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, "dry")
        ran: Ran = await run(reader, None, TERMS, tools, app="dry", now=NOW)
        assert ran.run.report.tested
        assert await past.runs(reader, Asked(app="dry")) == []


# ------------------------------------------------------------------ alarms over time


async def test_a_scheduled_run_alarms_by_the_budget_and_not_by_alpha(clickhouse: ClickHouseServer):
    """A daily check at 1 % alarms every hundredth day by chance. The first look may alarm; the next, an hour later, may not: nothing has been saved."""
    async with working(clickhouse) as (reader, writer, tools):
        await filled(writer, "budget")
        first = await run(reader, writer, TERMS, tools, app="budget", now=NOW, kind=SCHEDULED)
        second = await run(reader, writer, TERMS, tools, app="budget", now=NOW + HOUR, kind=SCHEDULED)
        asked = await run(reader, writer, TERMS, tools, app="budget", now=NOW + HOUR)
        third = await run(reader, writer, TERMS, tools, app="budget", now=NOW + 2 * DAY, kind=SCHEDULED)
    assert first.run.alarm_alpha == looks.LEAST
    assert (first.run.alarm, first.run.report.permutations) == (True, FINE)
    assert first.run.report.pvalue <= looks.LEAST
    assert (second.run.alarm, second.run.alarm_alpha, second.run.report.alarm) == (False, 0.0, True)
    assert second.run.report.permutations < FINE
    assert (asked.run.alarm, asked.run.alarm_alpha) == (True, None)
    assert third.run.alarm
    assert third.run.alarm_alpha == pytest.approx(TERMS.yearly * 2 * DAY.total_seconds() / looks.YEAR)


@pytest.mark.parametrize(("every", "yearly"), [(6 * HOUR, 0.05), (DAY, 0.05), (40 * DAY, 0.05), (DAY, 1.0)])
def test_no_year_spends_more_than_its_budget(every: dt.timedelta, yearly: float):
    """The stated rate is a sum of levels: over any year, however often is looked, and while prompts come and go."""
    terms = replace(TERMS, yearly=yearly)
    spent: list[tuple[dt.datetime, str, float]] = []
    last: dict[str, dt.datetime] = {}
    now = NOW
    while now < NOW + 800 * DAY:
        day = (now - NOW) // DAY
        prompts = ["", "b", "c"][: 1 + (day // 100) % 3]
        for prompt in prompts:
            year = now - dt.timedelta(seconds=looks.YEAR)
            known = {
                name: Looked(uuid.UUID(int=0), now, last.get(name), sum(level for at, of, level in spent if of == name and at > year)) for name in {of for _, of, _ in spent} | set(last)
            }
            level = allowance(known, prompt, replace(terms, shares=len(prompts)), now)
            if level:
                spent.append((now, prompt, level))
                last[prompt] = now
        now += every
        spent = [one for one in spent if one[0] > now - 400 * DAY]
        assert sum(level for at, _, level in spent if at > now - dt.timedelta(seconds=looks.YEAR)) <= yearly + 1e-9
    assert spent and min(level for *_, level in spent) >= looks.LEAST


def test_a_clock_that_was_set_back_is_no_look():
    """A level that is not a number, or negative, would be anything."""
    known = {"": Looked(uuid.UUID(int=0), NOW, NOW + DAY, 0.001)}
    assert allowance(known, "", TERMS, NOW) == 0.0
