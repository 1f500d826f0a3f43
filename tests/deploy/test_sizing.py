"""The sizing page: its tables are computed from what was measured, and what it says of the gate's own limits is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

from dashboards.alerts.objectives import Objectives
from evaluation.sizing import tables
from gateway.config import parse
from gateway.record.metrics import MAX_GROUPS
from gateway.record.recorder import Limits
from gateway.store.migrate import ROLLUP_DAYS, migrations

MEASURED = json.loads((tables.HERE / "measured.json").read_text())
PAGE = tables.PAGE.read_text()


def test_the_tables_are_those_of_what_was_measured() -> None:
    """A figure that was typed in outlives its measurement."""
    assert tables.put(PAGE, tables.tables(MEASURED)) == PAGE, "run evaluation/sizing/tables.py"


def test_the_arithmetic_of_nodes() -> None:
    """By hand: 1,000 a second at 6 ms of recorder are 6 busy recorders, 10 at 60 %; at 12 ms of workers 20 of those, 2 a gate; at 1.2 ms of store 2 processors."""
    assert tables._cell(1_000, {"recorder": 6_000, "worker": 12_000, "store": 1_200}) == "10 x 2; 2.0"
    assert tables._cell(10, {"recorder": 400, "worker": 200, "store": 100}) == "1 x 1; < 0.1"


def test_every_part_was_measured_alike() -> None:
    """Six parts and the rollup, each with its machine and the load it ran beside."""
    parts = {name: part for name, part in MEASURED.items() if name != "rollup"}
    assert set(parts) == {f"{content}_{kind}" for content in ("redacted", "full", "none") for kind in ("whole", "streamed")}
    assert len({part["exchanges"] for part in parts.values()}) == 1
    assert all({"processors", "kernel", "python", "load_before"} <= part["machine"].keys() for part in MEASURED.values())
    assert re.search(rf"{parts['full_whole']['exchanges']:,} chat calls", PAGE)


def test_limits_that_the_page_names_are_the_gates() -> None:
    """Defaults that arithmetic on the page starts from."""
    settings = parse("providers: {openai: {dialect: openai, base_url: 'https://api.openai.com'}}")
    assert settings.record.hold_s == 600 and "(600 s)" in PAGE
    assert next(field for field in Limits.__dataclass_fields__.values() if field.name == "max_held_bytes").default == 1 << 30 and "1 GiB of it at most" in PAGE
    assert ROLLUP_DAYS == 400 and "kept for 400 days" in PAGE
    assert MAX_GROUPS == 2000 and "At most 2,000 combinations" in PAGE
    assert settings.store.retention_days == tables.DAYS == 90


def test_links_lead_somewhere() -> None:
    """The pages of deploy/ refer to files beside them."""
    for page in (tables.PAGE, tables.PAGE.parent / "README.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
        for named in re.findall(r"`((?:deploy|compose|clickhouse|alertmanager|tests)/[\w./-]+)`", page.read_text()):
            if "secrets" not in named or named.endswith(".sh"):
                root = page.parent.parent if named.startswith(("deploy/", "tests/")) else page.parent
                assert (root / named).exists() or named == "deploy/.env", f"{page.name}: {named}"
    assert Path(tables.HERE / "run.py").exists()


def test_the_least_room_is_what_the_store_asks_for() -> None:
    """Below it nothing is stored; who plans a disk must know it before that."""
    tables_of = "".join(migration.sql for migration in migrations())
    [least] = re.findall(r"min_free_disk_bytes_to_perform_insert = ([0-9]+)", tables_of)
    said = f"{int(least) >> 20} MiB"
    assert f"Below {said} ClickHouse takes no more rows" in PAGE and f"With less than {said} free" in (tables.PAGE.parents[1] / "README.md").read_text()
    assert f"`disk_free_bytes`, {Objectives().disk_free_bytes >> 30} GiB" in PAGE
