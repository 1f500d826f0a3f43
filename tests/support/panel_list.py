"""The list of panels that is checked in, dashboards/PANELS.md: every query, its engine, and how many rows it returned when the list was last written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from tests.support.panels import CLICKHOUSE, PROMETHEUS, Board, Target

ENGINES = {PROMETHEUS: ("Prometheus", "promql"), CLICKHOUSE: ("ClickHouse", "sql")}
_HEAD = """# Every panel, and what it asks

Written by `make panels`, which is part of the tests: a gate under traffic of every kind ([tests/support/observed.py](../tests/support/observed.py)), a real Prometheus that
scrapes it, a real ClickHouse as the reader's user, and every query of every board expanded and asked as Grafana would
([tests/support/panels.py](../tests/support/panels.py)), with every variable on All. A row is one that shows something: of Prometheus a point of a curve that is a number, of ClickHouse a row that is not all
NULL. A query without a row fails the test. How many there are varies from run to run; which queries there are is held equal to the boards.
"""


def written(boards: Sequence[Board], rows: Mapping[Target, int]) -> str:
    """As Markdown. rows: of those targets that were asked."""
    lines = [_HEAD]
    asked = [target for board in boards for target in board.targets]
    lines.append(f"{len(boards)} boards, {sum(1 for _ in groupby(asked, lambda t: (t.board, t.panel)))} panels, {len(asked)} queries, {sum(rows.get(t, 0) == 0 for t in asked)} without rows.\n")
    for board in boards:
        lines.append(f"## {board.title} (`{board.uid}`)\n")
        for title, targets in groupby(board.targets, lambda target: target.panel):
            lines.append(f"### {title}\n")
            for target in targets:
                engine, language = ENGINES[target.engine]
                lines.append(f"{target.ref_id}: {engine}, {target.shape}, {target.kind}: {rows.get(target, 0)} rows\n\n```{language}\n{target.query}\n```\n")
    return "\n".join(lines)


def without_rows(text: str) -> str:
    """The list, but for what differs from run to run."""
    return re.sub(r"(?m)\d+ (rows|without rows\.)$", r"N \1", text)
