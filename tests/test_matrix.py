"""What reads the tests' sources, at the end of each run of theirs."""

from __future__ import annotations

import ast
import gc

from tests.matrix import parsed

SOURCE = "found = [1, 2, (3 + 4) * 5, called(one, two)[three]]\n" * 20


class Mourned:
    """Held by itself, so that the collector frees it; and parses then, as whatever logs a traceback does."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        ast.parse("a + b * c")


def test_sources_are_read_whatever_the_collector_frees() -> None:
    """Two of seven runs of a test that had passed ended with a SystemError, from the parser under the table of what is covered."""
    threshold = gc.get_threshold()
    gc.freeze()  # what other tests have left is not looked at each time
    try:
        for allocations in range(50, 1500, 29):
            gc.collect()
            Mourned()
            gc.set_threshold(allocations, 1000, 1000)  # the collector's turn is so late in what follows
            assert len(parsed(SOURCE).body) == 20
            assert gc.isenabled()
    finally:
        gc.set_threshold(*threshold)
