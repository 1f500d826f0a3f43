"""What an operator promises, and so what is worth waking somebody for. Set in `objectives:` of the configuration (gateway/config_objectives.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class AppObjectives:
    """What holds for one app in the place of the default; None: the default holds."""

    availability: float | None = None
    cost_per_day_usd: float | None = None
    blocked_share: float | None = None
    novel_share: float | None = None


@dataclass(frozen=True, slots=True)
class ProviderObjectives:
    """What holds for one provider in the place of the default; None: the default holds."""

    latency_p90_s: float | None = None
    first_chunk_p90_s: float | None = None


@dataclass(frozen=True, slots=True)
class Objectives:
    """Shares are 0 to 1, `_s` seconds, `_usd` US dollars.

    availability: share of exchanges, over 30 days, that no fault of a provider or of the gate may spoil; counted for each party by itself.
    latency_p90_s, first_chunk_p90_s: nine of ten exchanges take at most this long, by provider and model.
    cost_per_day_usd: None: no budget.  cost_spike: how many times the same hour of last week.  cost_spike_usd: dollars an hour below which nothing is a spike.
    blocked_share: of an app's exchanges.  novel_share: of an app's traffic in topics that its baseline has never seen.
    least_calls: in a rule's window, below which a share says nothing.  quiet_envs: what happens there wakes nobody (money counts all the same), beside
    `canary`, which is the gate's own traffic and never does.  ingest_lag_s, journal_bytes: of the record.  disk_free_bytes: of data_dir.
    runbooks: URL or path that a runbook's file name is appended to.
    """

    availability: float = 0.995
    latency_p90_s: float = 30.0
    first_chunk_p90_s: float = 10.0
    cost_per_day_usd: float | None = None
    cost_spike: float = 3.0
    cost_spike_usd: float = 5.0
    blocked_share: float = 0.1
    novel_share: float = 0.1
    least_calls: int = 20
    quiet_envs: tuple[str, ...] = ("dev",)
    ingest_lag_s: float = 60.0
    journal_bytes: int = 1 << 30
    disk_free_bytes: int = 2 << 30
    runbooks: str = "deploy/runbooks/"
    apps: Mapping[str, AppObjectives] = field(default_factory=lambda: MappingProxyType({}))
    providers: Mapping[str, ProviderObjectives] = field(default_factory=lambda: MappingProxyType({}))
