"""One gate, one simulated provider and one round of all calls for the whole of the e2e tests.

The calls are made once, each directly and through the gate, by synchronous and by asynchronous clients; the tests look at what came of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from gateway.demo.provider import Provider, Received
from tests.support.gate import RunningGate
from tests.support.sdk import FAILING, GOOD, Caller, Seen
from tests.support.simulated import simulated

HEADERS = {
    "x-tidegate-app": "e2e",
    "x-tidegate-env": "dev",
    "x-tidegate-user": "u-1",
    "x-tidegate-session": "s-1",
    "x-tidegate-prompt": "hello@2",
    "x-tidegate-tags": "suite=sdk,run=1",
}
MODES = ("sync", "async")
# One call here is one call there; and a test that looks at its row waits for the batch that the row is in.
_MORE = "retries: {per_request: 0}\nrecord: {max_batch_s: 0.1}\n"
ROWS = "SELECT * REPLACE (toString(cost_usd) AS cost_usd) FROM exchanges WHERE app = 'e2e'"


@dataclass(frozen=True)
class Pair:
    """A call made twice. received: what the provider got, directly and from the gate."""

    direct: Seen
    gated: Seen
    received: tuple[Received, Received]


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    with simulated() as running:
        yield running


@pytest.fixture(scope="session")
def gate(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGate]:
    """Three providers with the default paths, and the same three with hardly any patience under /impatient-<dialect>/."""
    lines = []
    for name, prices in (("openai", "openai"), ("anthropic", "anthropic"), ("gemini", "google")):
        common = f'dialect: {name}, base_url: "{provider.url}", allow_private: true, prices_as: {prices}'
        lines += [f"  {name}: {{{common}}}", f"  impatient-{name}: {{{common}, timeouts: {{first_byte_s: 0.3, idle_s: 0.3}}}}"]
    with RunningGate(tmp_path_factory.mktemp("gate"), "\n".join(lines), more=_MORE) as running:
        yield running


@pytest.fixture(scope="session")
def callers(gate: RunningGate) -> Iterator[dict[str, Caller]]:
    """Clients of the gate, by mode."""
    with Caller(gate.base_url, asynchronous=False, headers=HEADERS) as plain, Caller(gate.base_url, asynchronous=True, headers=HEADERS) as later:
        yield {"sync": plain, "async": later}


@pytest.fixture(scope="session")
def direct(provider: Provider) -> Iterator[dict[str, Caller]]:
    """Clients of the provider itself, by mode; the same headers, so that requests can be compared."""
    with Caller(provider.url, asynchronous=False) as plain, Caller(provider.url, asynchronous=True) as later:
        yield {"sync": plain, "async": later}


@pytest.fixture(scope="session")
def pairs(provider: Provider, callers: dict[str, Caller], direct: dict[str, Caller]) -> dict[tuple[str, str], Pair]:
    """Every call of the table, by mode and id."""
    made = {}
    for mode in MODES:
        for case in (*GOOD, *FAILING):
            straight = direct[mode].make(case)
            first = provider.received[-1]
            gated = callers[mode].make(case)
            made[mode, case.id] = Pair(straight, gated, (first, provider.received[-1]))
    return made


@pytest.fixture(scope="session")
def rows(gate: RunningGate, pairs: dict[tuple[str, str], Pair]) -> dict[str, dict[str, Any]]:
    """The rows of those calls, by request id without dashes."""
    gate.settle(at_least=len(pairs))
    return {row["id"].replace("-", ""): row for row in gate.sql(ROWS)}
