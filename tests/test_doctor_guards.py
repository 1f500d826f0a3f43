"""What doctor says of detectors: why one fails, of late or at all, in words that hold no text."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import time
import uuid
from pathlib import Path

import pytest

from gateway import cli
from gateway.commands import stored
from gateway.commands.doctor_guards import GUARD_ERRORS, detection
from gateway.config import Settings, parse
from gateway.detection.blocking import BlockingPool
from gateway.detection.client import DetectorFailed
from gateway.exchange import Finding
from gateway.store.client import Store
from gateway.store.rows import encode
from tests.detection.serving import running
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange

PROVIDERS = "providers: {openai: {dialect: openai, base_url: 'https://api.example'}}\ndata_dir: .\n"


def settings(folder: Path, detector: str) -> Settings:
    rule = "guardrails: [{name: r, detector: own, on: request, action: block}]\n"
    return parse(f"{PROVIDERS}{rule}detectors: {{custom: {{own: {{kinds: [ONE], deadline_ms: 20000, {detector}}}}}}}\n", base=folder)


def nobody() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def advice(config: Settings) -> list[tuple[str, str, str]]:
    return [(each.severity, each.where, each.what) for each in detection(config).advice]


def test_a_webhook_that_fails_is_a_warning_with_its_reason(tmp_path):
    """Before anybody has asked it, by an empty text; after that by what became of the last texts."""
    config = settings(tmp_path, f"webhook: 'http://127.0.0.1:{nobody()}/', allow_private: true")
    with running(tmp_path, customs=config.detection_terms.customs) as pool:
        assert advice(config) == [("warning", "detectors.own", "nobody has asked it yet, and it does not answer: unavailable: connection refused")]
        asking = BlockingPool(pool.path)
        with pytest.raises(DetectorFailed):
            asking.find("own", [("my-card-number", "")], deadline_s=20)
        asking.close()
        ((severity, where, what),) = advice(config)
        assert (severity, where) == ("warning", "detectors.own") and what.startswith("2 failures in the last ten minutes, the last 0 s ago: unavailable: connection refused")


def test_a_moderation_service_that_the_model_stands_in_for_is_a_warning(tmp_path):
    """Texts are judged, but not by whom the operator chose."""
    service = f"detectors: {{moderation: {{service: {{url: 'http://127.0.0.1:{nobody()}/v1/moderations', allow_private: true}}}}}}\n"
    config = parse(f"{PROVIDERS}{service}guardrails: [{{name: r, detector: moderation, on: request, action: block}}]\n", base=tmp_path)
    terms = config.detection_terms
    with running(tmp_path, *terms.models, endpoints=terms.endpoints) as pool:
        asking = BlockingPool(pool.path)
        assert asking.find("moderation", [("hello there", "")], deadline_s=20) == [[]]
        asking.close()
        ((severity, where, what, act),) = [(each.severity, each.where, each.what, each.act) for each in detection(config).advice]
        assert (severity, where) == ("warning", "detectors.moderation") and "unavailable: connection refused" in what and "the local model judges in its place" in act


def test_an_entry_that_cannot_be_loaded_is_an_error(tmp_path):
    """It will not come by itself: "is still being loaded" would be a lie."""
    config = settings(tmp_path, "entry: 'no.such.module:find'")
    with running(tmp_path, customs=config.detection_terms.customs, ready=False):
        end = time.monotonic() + 60
        while (found := advice(config))[0][0] != "error":
            assert time.monotonic() < end, found
            time.sleep(0.02)  # another process changes this: nothing here could be awaited
        assert found == [("error", "detectors.own", "cannot be loaded: ModuleNotFoundError: No module named 'no'")]


def test_a_detector_that_works_is_no_news(tmp_path):
    """Advice is for what somebody must act on."""
    (tmp_path / "fine.py").write_text("def find(text):\n    return []\n")
    config = settings(tmp_path, "entry: 'fine:find'")
    terms = config.detection_terms
    with running(tmp_path, customs=tuple(type(each)(**{name: getattr(each, name) for name in each.__slots__ if name != "path"}, path=tmp_path) for each in terms.customs)):
        assert advice(config) == []


@pytest.mark.slow
def test_guard_errors_on_record_are_a_warning(tmp_path, monkeypatch):
    """A pool that has been started again remembers nothing; the rows do. Old ones, and those of a detector that the pool has told of, are not told."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tidegate.yaml").write_text(PROVIDERS)
    (tmp_path / "run").mkdir(mode=0o700)
    now = dt.datetime.now(dt.UTC)

    async def fill(server: ClickHouseServer) -> None:
        failed = (Finding("pii", "error", "request", "error", 0.0, 2), Finding("pii", "EMAIL_ADDRESS", "request", "mask", 0.9, 1))
        rows = [exchange(n, id=uuid.UUID(int=n + 1), started_at=now - dt.timedelta(minutes=minutes), verdict="error", findings=failed) for n, minutes in enumerate((1, 2, 60))]
        writer = Store(server.target)
        await writer.insert([encode(row) for row in rows], token="guards")
        await writer.close()

    with ClickHouseServer(tmp_path) as server:
        (tmp_path / "run/store.json").write_text(f'{{"port": {server.http_port}}}')
        assert cli.main(["migrate"]) == 0
        asyncio.run(fill(server))
        config = parse(PROVIDERS, base=tmp_path)
        rows = stored.ask(stored.target(config).reader(), GUARD_ERRORS)
    found = [(each.severity, each.where, each.what.partition(" (")[0]) for each in detection(config, rows).advice]
    assert found == [("warning", "detectors.pii", "gave no answer for 2 exchanges of the last ten minutes")]
