"""A simulated provider and open SDK clients for the tests of the demo."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.demo.provider import Provider
from tests.support.sdk import Caller
from tests.support.simulated import simulated


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with simulated() as running:
        yield running


@pytest.fixture(scope="module")
def plain(provider: Provider) -> Iterator[Caller]:
    with Caller(provider.url, asynchronous=False) as caller:
        yield caller


@pytest.fixture(scope="module")
def later(provider: Provider) -> Iterator[Caller]:
    with Caller(provider.url, asynchronous=True) as caller:
        yield caller
