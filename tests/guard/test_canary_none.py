"""Law 8 under `store.content: none`: of what was said, and of keys in the places of ids, models and labels, nothing is in any column or file."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import pytest

from tests.guard.test_canary import LABELS, PERSONAL, SECRETS, Run, bodies, found_in, misplaced, rows_of
from tests.support.gate import RunningGate
from tests.support.simulated import simulated


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """All calls made, whole and streamed, with canaries in their texts and in everything else that a caller chooses."""
    with simulated() as provider:
        lines = "\n".join(f'  {name}: {{dialect: {name}, base_url: "{provider.url}", allow_private: true}}' for name in ("openai", "anthropic", "gemini"))
        with RunningGate(tmp_path_factory.mktemp("none"), lines, more="store: {content: none}\n") as gate:
            run = Run(gate, provider)
            with httpx2.Client(timeout=30, verify=False) as client:
                for path, body in [*bodies("sim-echo"), *misplaced(), *bodies("sim-400")[:4], *bodies("sim-error-event")[:4]]:
                    run.post(client, "plain", path, json.dumps(body).encode(), **LABELS)
                for secret in (*SECRETS.values(), *PERSONAL.values()):
                    run.post(client, "plain", "/v1/chat/completions", json.dumps({"model": secret, "messages": [{"role": secret, "content": "sim-echo"}], secret: secret}).encode())
            gate.settle(at_least=run.calls)
            yield run


def test_no_column_and_no_file_holds_one(ran):
    """Every table, every file, every page, all that the processes said."""
    rows = list(rows_of(ran.gate, "SELECT * FROM exchanges"))
    assert len(rows) >= ran.calls and all(row["prompt_text"] == "" == row["reply_text"] for row in rows)
    for row in rows:
        held = {column: found_in(json.dumps(value, ensure_ascii=False)) for column, value in row.items()}
        assert not any(held.values()), (row["endpoint"], {column: kinds for column, kinds in held.items() if kinds})
    assert {"gpt-4o-mini", "claude-sonnet-4-6", "gemini-2.0-flash"} <= {row["request_model"] for row in rows}
    assert any("<" in row["user_id"] for row in rows) and any("<" in row["session_id"] for row in rows)
    assert not found_in(ran.gate.log.read_bytes()) and not found_in(ran.gate.metrics())
    assert not [path.name for path in ran.gate.root.rglob("*") if path.is_file() and not path.is_socket() and found_in(path.read_bytes())]
