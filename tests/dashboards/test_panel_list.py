"""dashboards/PANELS.md is the list of what the boards ask, and of nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.panel_list import without_rows, written
from tests.support.panels import Board

DASHBOARDS = Path(__file__).parents[2] / "dashboards"


def test_the_list_is_that_of_the_boards():
    """Who reads which query a panel runs, and that it returned rows, must not read of another one. `make panels` writes it anew."""
    boards = [Board.load(file) for file in sorted((DASHBOARDS / "boards").glob("*.json"))]
    assert without_rows((DASHBOARDS / "PANELS.md").read_text()) == without_rows(written(boards, {}))


def test_the_list_has_no_blank_panel():
    """It is what was shown when it was last written."""
    counts = [int(count) for count in re.findall(r"(?m)^\w+: .*: (\d+) rows$", (DASHBOARDS / "PANELS.md").read_text())]
    assert len(counts) > 50
    assert 0 not in counts
