"""A real OTLP receiver, for who needs one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.otlp import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver
