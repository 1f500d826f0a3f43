"""How a migration's text becomes statements: for one server, or for a cluster.

Rules of this file: pure. A migration is SQL with `$names`:

    $database               where everything lives
    $on_cluster             `ON CLUSTER name`, or nothing
    $local                  `_local` in a cluster, where the plain name belongs to the Distributed table; else nothing
    $cluster                the cluster's name
    $exchanges_engine, $rollup_engine, $drift_NAME_engine, $ledger_engine, $deduplication      the engines and the settings that make a repeated insert harmless

A statement under a line `-- only: cluster` is left out on one server. Macros `{shard}` and `{replica}` are the cluster's own, filled in by each
server.

Not testable with the embedded server, because it lacks what they need: that ON CLUSTER reaches every server (it has no DDL queue), and that
replicas copy each other's parts (no interserver port). Tested instead: the statements parse on the real server word for word, and the same tables
without replication work on two servers through Distributed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Template

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_OTHERS = {  # table: what it is made of, and the column of which the greatest holds
    "drift_runs": ("MergeTree", ""),
    "drift_topics": ("MergeTree", ""),
    "drift_embeddings": ("ReplacingMergeTree", "at"),
    "drift_baselines": ("ReplacingMergeTree", "changed_at"),
    "drift_samples": ("MergeTree", ""),
    "drift_seen": ("AggregatingMergeTree", ""),
    "ledger": ("MergeTree", ""),
}


@dataclass(frozen=True, slots=True)
class Topology:
    """Where the tables go. cluster None: one server. replicated, on_cluster: False only where servers are set up one by one, as tests do."""

    database: str = "tidegate"
    cluster: str | None = None
    replicated: bool = True
    on_cluster: bool = True

    def __post_init__(self) -> None:
        for what, name in (("database", self.database), ("cluster", self.cluster)):
            if name is not None and not _NAME.fullmatch(name):
                raise ValueError(f'store.{what}: "{name}" is not a plain name; expected letters, digits, "_" and "-"')

    @property
    def local(self) -> str:
        return "_local" if self.cluster else ""

    @property
    def clause(self) -> str:
        return f"ON CLUSTER `{self.cluster}`" if self.cluster and self.on_cluster else ""

    def names(self) -> dict[str, str]:
        """The values of the `$names`."""
        replicated = bool(self.cluster and self.replicated)
        return {
            "database": f"`{self.database}`",
            "cluster": self.cluster or "",
            "on_cluster": self.clause,
            "local": self.local,
            "exchanges_engine": self._engine("MergeTree", "exchanges_local") if replicated else "MergeTree",
            "rollup_engine": self._engine("AggregatingMergeTree", "exchanges_1m_local") if replicated else "AggregatingMergeTree",
            **{
                f"{table}_engine": self._engine(kind, f"{table}_local", latest) if replicated else f"{kind}({latest})" if latest else kind
                for table, (kind, latest) in _OTHERS.items()
            },
            "deduplication": (
                "replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800"
                if replicated
                else "non_replicated_deduplication_window = 1000"
            ),
            "history_engine": f"ReplicatedMergeTree('/clickhouse/tables/{self.database}/schema_migrations', '{{shard}}-{{replica}}')" if replicated else "MergeTree",
        }

    def _engine(self, kind: str, table: str, latest: str = "") -> str:
        return f"Replicated{kind}('/clickhouse/tables/{{shard}}/{self.database}/{table}', '{{replica}}'{', ' + latest if latest else ''})"


def render(version_sql: str, topology: Topology) -> list[str]:
    """The statements of a migration, in order, without comments and without the semicolon at their end."""
    statements = []
    for part in re.split(r";[ \t]*(?:\n|\Z)", version_sql):
        lines = part.strip().splitlines()
        comments = [line for line in lines if line.startswith("--")]
        text = "\n".join(line.rstrip() for line in lines if not line.startswith("--")).strip()
        if text and (topology.cluster or "-- only: cluster" not in comments):
            rendered = Template(text).substitute(topology.names())
            statements.append(re.sub(r"[ \t]+(?=\n|$)", "", rendered))
    return statements
