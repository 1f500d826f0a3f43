"""Every weakened default has a name: `tidegate doctor` says it, and SECURITY.md lists it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from gateway.commands.doctor_config import weak_spots
from gateway.commands.doctor_defaults import weakened
from gateway.config import parse
from gateway.keys import KeyRecord, KeysFile
from tests.matrix import SECURITY

ONE = "providers: {o: {dialect: openai, base_url: 'https://api.example'}}\n"
HELD = "providers: {o: {dialect: openai, base_url: 'https://api.example', key: k}, p: {dialect: anthropic, base_url: 'https://b.example', key: k}}\n"
SOUND = f"{ONE}server: {{admin_token: {'0123456789' * 3}}}\n"
DIGEST = "0" * 64

WEAKENED = [  # severity, where, what a file says, and what of it is enough
    ("note", "server.admin_token", ONE, SOUND),
    ("warning", "server.drain_s", ONE + "server: {drain_s: 0}", ONE + "server: {drain_s: 30}"),
    ("note", "server.listen", ONE + "server: {listen: '0.0.0.0:8080'}", HELD + "server: {listen: '0.0.0.0:8080'}"),
    ("warning", "server.max_body_bytes", ONE + "server: {max_body_bytes: 1073741824}", ONE + "server: {max_body_bytes: 67108864}"),
    ("warning", "guard.max_reply_bytes", ONE + "guard: {max_reply_bytes: 1073741824}", ONE),
    ("warning", "record.max_body_bytes", ONE + "record: {max_body_bytes: 1073741824}", ONE),
    ("warning", "server.header_timeout_s", ONE + "server: {header_timeout_s: 3600}", ONE + "server: {header_timeout_s: 20}"),
    ("warning", "server.body_timeout_s", ONE + "server: {body_timeout_s: 86400}", ONE + "server: {body_timeout_s: 300}"),
    ("note", "record.hold_s", ONE + "record: {hold_s: 0}", ONE),
    ("warning", "retries.on", ONE + "retries: {on: [unreachable, timeout]}", ONE + "retries: {on: [unreachable, rate_limited]}"),
    ("warning", "providers.o.retries.on", "providers: {o: {dialect: openai, base_url: 'https://api.example', retries: {on: reset}}}", ONE),
    ("warning", "routes.r.retries.on", ONE + "routes: {r: {targets: [o], retries: {on: [reset]}}}", ONE + "routes: {r: {targets: [o], retries: {per_request: 2}}}"),
    ("note", "retries.of_traffic", ONE + "retries: {of_traffic: 1}", ONE + "retries: {of_traffic: 0.2}"),
    ("note", "breaker.failures", ONE + "breaker: {failures: 0}", ONE + "breaker: {failures: 3}"),
    ("note", "keys", HELD + f"keys: [{{id: a, digest: '{DIGEST}'}}]", HELD + f"keys: [{{id: a, digest: '{DIGEST}', providers: [o]}}]"),
    ("note", "key_pepper", HELD + f"keys: [{{id: a, digest: '{DIGEST}'}}]", HELD + f"keys: [{{id: a, digest: '{DIGEST}'}}]\nkey_pepper: {'0123456789' * 3}"),
    ("note", "telemetry.content", ONE + "telemetry: {otlp_endpoint: 'http://127.0.0.1:4318', content: true}", ONE + "telemetry: {otlp_endpoint: 'http://127.0.0.1:4318'}"),
    ("warning", "detectors.custom.t.webhook", ONE + "detectors: {custom: {t: {webhook: 'http://t.example/', kinds: [RUDE]}}}", ONE + "detectors: {custom: {t: {webhook: 'https://t.example/', kinds: [RUDE]}}}"),
    ("note", "detectors.custom.t.allow_private", ONE + "detectors: {custom: {t: {webhook: 'https://t.example/', allow_private: true, kinds: [RUDE]}}}", ONE + "detectors: {custom: {t: {webhook: 'http://127.0.0.1/', allow_private: true, kinds: [RUDE]}}}"),
    ("warning", "detectors.moderation.service.url", ONE + "detectors: {moderation: {service: {url: 'http://m.example/v1/moderations'}}}", ONE),
    ("warning", "drift.embeddings.url", ONE + "drift: {embeddings: {url: 'http://e.example/v1/embeddings', model: m}}", ONE),
]
# Those that doctor_config has, with tests in test_cli.py and test_check.py or here.
OTHERS = [
    ("warning", "server.listen", ONE + "server: {listen: '0.0.0.0:8080'}"),
    ("warning", "server.admin", ONE + "server: {admin: '0.0.0.0:8081', admin_token: abcdefghijklmnopqrstuvwx}"),
    ("warning", "providers.o.base_url", "providers: {o: {dialect: openai, base_url: 'http://llm.example'}}"),
    ("note", "providers.o.allow_private", "providers: {o: {dialect: openai, base_url: 'https://h', allow_private: true}}"),
    ("warning", "store.url", ONE + "store: {url: 'http://u:p@db.example:8123'}"),
    ("note", "store.content", ONE + "store: {content: full}"),
    ("note", "guard.unscannable", ONE + "guardrails: [{name: r, detector: secrets, on: request, action: block}]"),
    ("note", "guardrails.r", ONE + "guardrails: [{name: r, detector: secrets, on: request, action: block, mode: observe}]"),
    ("warning", "guardrails.r", ONE + "guardrails: [{name: r, detector: secrets, on: request, action: block, on_error: allow}]"),
    ("note", "journal_key", ONE),
    ("note", "durability", ONE),
    ("warning", "telemetry.otlp_endpoint", ONE + "telemetry: {otlp_endpoint: 'http://otel.example:4318'}"),
]


@pytest.mark.parametrize(("severity", "where", "weak", "enough"), WEAKENED, ids=[case[1] for case in WEAKENED])
def test_a_weakened_default_is_named_and_a_sound_value_is_not(severity: str, where: str, weak: str, enough: str, tmp_path: Path) -> None:
    """Each of these works, and somebody set it once for a reason that may be gone: doctor is where it is seen again."""
    (found,) = [advice for advice in weakened(parse(weak, base=tmp_path)) if advice.where == where]
    assert found.severity == severity and found.what and found.act
    assert where not in {advice.where for advice in weakened(parse(enough, base=tmp_path))}


@pytest.mark.parametrize(("severity", "where", "weak"), OTHERS)
def test_what_is_weak_in_any_configuration_is_named(severity: str, where: str, weak: str, tmp_path: Path) -> None:
    """The list in SECURITY.md has these, too; a check that is lost would be missed by nobody else."""
    (tmp_path / ".tidegate").mkdir(mode=0o700)
    assert (severity, where) in {(advice.severity, advice.where) for advice in weak_spots(parse(weak, base=tmp_path))}


def test_the_shipped_file_weakens_nothing(tmp_path: Path) -> None:
    """What everybody starts from: nothing to warn of, one note, that there is no token yet."""
    shipped = (Path(__file__).parent.parent / "gateway" / "default.yaml").read_text()
    found = weakened(parse(shipped, base=tmp_path, needs_secrets=False))
    assert [(advice.severity, advice.where) for advice in found] == [("note", "server.admin_token")]


def test_keys_of_the_file_count_and_revoked_ones_do_not(tmp_path: Path) -> None:
    """Most keys are made by a command, not written into the configuration."""
    now = dt.datetime.now(dt.UTC)
    (tmp_path / ".tidegate").mkdir(mode=0o700)
    keys = KeysFile(tmp_path / ".tidegate" / "keys.yaml")
    wide = KeyRecord("wide", DIGEST, "a", "prod", (), now)
    keys.add(dataclasses.replace(wide, id="old", digest="1" * 64, revoked_at=now))
    assert not [advice for advice in weakened(parse(HELD, base=tmp_path)) if advice.where == "keys"]
    keys.add(wide)
    (found,) = [advice for advice in weakened(parse(HELD, base=tmp_path)) if advice.where == "keys"]
    assert found.what.startswith("wide: ") and "o, p" in found.what


@pytest.mark.parametrize(("mode", "severity"), [(0o644, "warning"), (0o600, "note")])
def test_secrets_that_stand_in_the_file_are_named_and_not_shown(mode: int, severity: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is copied, mailed and committed; an environment is not. doctor's own output is pasted into tickets."""
    secret = "sk-" + "written" * 4
    monkeypatch.setenv("GIVEN", "elsewhere" * 3)
    file = tmp_path / "tidegate.yaml"
    text = f"providers: {{o: {{dialect: openai, base_url: 'https://h', key: {secret}}}, p: {{dialect: openai, base_url: 'https://h', key: '${{GIVEN}}'}}}}\nstore: {{url: 'https://u:{secret}@db.example'}}\n"
    file.write_text(text)
    file.chmod(mode)
    (found,) = [advice for advice in weakened(parse(text, base=tmp_path), file) if advice.where == str(file)]
    assert found.severity == severity and found.what.startswith("providers.o.key, store.url: ")
    assert secret not in repr(found)


def test_the_list_in_the_document_is_this_one() -> None:
    """Who hardens a gate reads SECURITY.md first; a weakness that is not in it is one that nobody looks for."""
    text = SECURITY.read_text()
    named = {where.replace("providers.o", "providers.NAME").replace("routes.r", "routes.NAME").replace("guardrails.r", "guardrails.NAME").replace("custom.t", "custom.NAME") for _, where, *_ in (*WEAKENED, *OTHERS)}
    assert sorted(where for where in named if f"`{where}`" not in text) == []
