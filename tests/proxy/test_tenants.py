"""Bytes of one tenant never reach another, whatever the provider does to connections (tests/chaos/tenants.py; the long form is 100,000 calls)."""

from __future__ import annotations

import pytest

from tests.chaos.tenants import crowd

MASKS = "guardrails:\n  - {name: s, detector: secrets, on: [request, reply], action: mask}\n"


@pytest.mark.covers("U14", "U15", "C11", "T12")
@pytest.mark.parametrize(("guards", "calls"), [("", 300), (MASKS, 150)], ids=["plain", "guarded"])
async def test_nobody_sees_a_byte_of_somebody_else(tmp_path, guards, calls):
    """Tenants share client connections, a pool, and a provider that poisons, cuts and resets: every byte that a client, the provider or the record gets names its own call."""
    tally = await crowd(tmp_path, calls, 11, guards=guards)
    assert tally.foreign == []
    assert not [name for name in tally.calls if name.startswith(("odd", "not HTTP", "error: gateway"))], tally.calls
    assert tally.crossed.keys() <= {"client", "record"} and sum(tally.crossed.values()) <= 2 * tally.calls["its own tenant's poison"]
    assert tally.calls["as owed"] > calls // 2 and tally.calls["error: cut"] + tally.calls["error: provider_reset"] > 0
