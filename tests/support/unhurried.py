"""A gate in the test's own process that sends nobody away for being busy: for tests of something else, on machines that are."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from unittest import mock

from gateway.proxy import admission

UNHURRIED = "server: {max_queue: 4096, queue_s: 60}\nretries: {per_request: 0}\nbreaker: {failures: 0}\n"


@contextlib.contextmanager
def unhurried() -> Iterator[str]:
    """YAML for the gate's configuration, which holds while the block lasts."""
    with mock.patch.object(admission, "PRESSED_S", float("inf")):
        yield UNHURRIED
