"""`tidegate drift show`: stored runs once more, from a real server."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import cli
from gateway.drift.past import ASKED
from gateway.store.client import Store
from tests.support.clickhouse import ClickHouseServer
from tests.support.drift_runs import report, run, stored, topic, untested

NAMED = run(3, id=uuid.UUID("3f2aaaaa-0000-4000-8000-000000000001"), app="again")
RUNS = [
    run(1, id=uuid.UUID("3f2bbbbb-0000-4000-8000-000000000002"), app="again", report=report(topics=(topic(share_window=0.05),)), alarm=False, alarm_alpha=0.0),
    run(2, app="again", report=untested(), alarm=False, alarm_alpha=0.0),
    replace(NAMED, topics=(replace(NAMED.topics[0], label="refunds <in> Spanish"),)),
    run(4, app="again-by-hand", kind=ASKED, alarm_alpha=None),
]
Shown = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def filled(clickhouse: ClickHouseServer) -> ClickHouseServer:
    async def fill() -> None:
        store = Store(clickhouse.target)
        await stored(store, RUNS)
        await store.close()

    asyncio.run(fill())
    return clickhouse


@pytest.fixture
def shown(filled: ClickHouseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shown:
    """The command, in a directory with a configuration."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tidegate.yaml").write_text(f"providers: {{o: {{dialect: openai, base_url: 'https://h'}}}}\nstore: {{url: '{filled.url}'}}\nserver: {{default_app: again}}\n")

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["drift", "show", *arguments])
        return (code, *capsys.readouterr())

    return command


def test_a_run_is_shown_as_it_was_printed_and_as_a_page(shown: Shown, tmp_path: Path) -> None:
    """An alarm went off in the night; in the morning its page can be made, with the trend until then and nothing of later runs."""
    code, out, err = shown("3F2aa", "--html", "drift.html")
    page = (tmp_path / "drift.html").read_text()
    assert (code, err) == (0, "") and f"run {NAMED.id}" in out and "It could alarm at p = .0002 or below, of the yearly budget, and did." in out
    for text in (out.replace("<in>", "&lt;in&gt;"), page):
        assert "reembolso" in text or "refunds &lt;in&gt; Spanish" in text
        assert "11 %" in text and "Conversations were thinned to one row." in text
    assert "2 runs from" in page and "¿Cuándo recibiré el reembolso?" in page and 'id="map"' not in page


def test_without_a_name_the_newest_of_the_app_is_meant(shown: Shown) -> None:
    """The default app's, or that of the app that is named; JSON is what the console gives."""
    assert f"run {NAMED.id}" in shown()[1]
    code, out, _ = shown("--app", "again-by-hand", "--json")
    said = json.loads(out)
    assert (code, said["app"], said["report"]["topics"][0]["rows"], said["topics"][0]["keywords"]) == (0, "again-by-hand", [1, 4, 5], ["reembolso", "pedido"])
    assert "no part in alarms over time" in shown("--app", "again-by-hand")[1]


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (("3f2",), 2, "four characters"),
        (("shop",), 2, "is not a run"),
        (("3f2a", "--app", "again"), 2, "RUN and --app"),
        (("12-34",), 2, "is not a run"),
        (("dead0000",), 1, 'no run begins with "dead0000"'),
        (("--app", "nobody"), 1, 'no run of the app "nobody"'),
        (("3f2a", "--html", "none/there.html"), 2, "cannot be written"),
    ],
)
def test_what_is_not_there_is_said(shown: Shown, arguments: tuple[str, ...], code: int, problem: str) -> None:
    """A word that was mistyped must not show another run."""
    found, out, err = shown(*arguments)
    assert (found, out, problem in err) == (code, "", True), err


def test_a_beginning_that_several_have_is_none(shown: Shown, filled: ClickHouseServer) -> None:
    """Of two runs neither is guessed."""

    async def more() -> None:
        store = Store(filled.target)
        await stored(store, [run(5, id=uuid.UUID(f"beef0000-0000-4000-8000-00000000000{n}"), app=f"beef-{n}") for n in range(2)])
        await store.close()

    asyncio.run(more())
    assert shown("beef")[0] == 1 and "several runs begin" in shown("beef0")[2]
    assert shown("beef0000-0000-4000-8000-000000000001")[0] == 0


def test_a_report_whose_retention_is_over_is_said(shown: Shown, filled: ClickHouseServer) -> None:
    """Figures are kept longer than what quotes traffic."""
    from gateway.drift.outcome import run_line

    async def old() -> None:
        store = Store(filled.target)
        line = json.loads(run_line(run(6, id=uuid.UUID("0d0d0000-0000-4000-8000-000000000001"), app="old")))
        await store.insert_rows("drift_runs", [json.dumps({**line, "report": ""}).encode()], token="old")
        await store.close()

    asyncio.run(old())
    code, out, err = shown("0d0d")
    assert (code, out) == (1, "") and "no longer kept" in err
