"""What the gate tells others never touches what it relays: a collector that is down, slow or silent is the recorder's matter (FAILURES G16).

Alerts have no sink of ours: Prometheus asks for the series and Alertmanager sends (deploy/prometheus, deploy/alertmanager), so nothing about them is queued or sent here. Collectors are
called by the recorder alone, with a bounded queue (test_span_collectors.py, test_otlp_metrics.py) and with no secret in what is sent (tests/chaos/test_canary.py). Detectors' services
are called by the pool, with deadlines and circuits (G6, G7), an embeddings endpoint by drift's own process. Here: that workers cannot reach any of it.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gateway
from tests.matrix import parsed

ROOT = Path(gateway.__file__).parent
SENDERS = ("requests", "urllib.request", "http.client", "httpx", "opentelemetry", "clickhouse_connect", "smtplib", "grpc")
ELSEWHERE = ("gateway.record", "gateway.drift", "gateway.console", "gateway.store")


def imported(path: Path) -> set[str]:
    """Modules that a file names, at its head or in a function."""
    found: set[str] = set()
    for node in ast.walk(parsed(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update((node.module, *(f"{node.module}.{alias.name}" for alias in node.names)))
    return found


def reached(first: list[str]) -> dict[str, set[str]]:
    """Modules of ours from these on, with what each names."""
    seen: dict[str, set[str]] = {}
    todo = list(first)
    while todo:
        name = todo.pop()
        inner = ROOT.parent / Path(*name.split("."))
        file = next((each for each in (inner.with_suffix(".py"), inner / "__init__.py") if each.exists()), None)
        if name in seen or not name.startswith("gateway") or file is None:
            continue
        seen[name] = imported(file)
        todo += seen[name]
    return seen


@pytest.mark.covers("G16")
def test_workers_know_nobody_to_tell() -> None:
    """Their one way out is the providers' pool: no sender to a collector, a store or a mailbox can be reached from a module of theirs, so none can hold a request up."""
    seen = reached([f"gateway.proxy.{path.stem}" for path in (ROOT / "proxy").glob("*.py")])
    assert {"gateway.proxy.worker", "gateway.journal", "gateway.detection.client", "gateway.guard.scan"} <= set(seen)
    assert {name: senders for name, modules in seen.items() if (senders := {module for module in modules if module.startswith(SENDERS)})} == {}
    assert [name for name in seen if name.startswith(ELSEWHERE)] == []


def test_a_sender_would_be_found() -> None:
    """The look itself: from the recorder's main module there is one."""
    seen = reached(["gateway.record.main"])
    assert any(module.startswith(SENDERS) for modules in seen.values() for module in modules)
