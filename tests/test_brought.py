"""What each process brings along when it starts: a gate is five of them, and whoever waits for its first answer waits for their imports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from detectors import pii_kinds
from detectors.recognisers import addresses_of_mail, cards, crypto, iban, ip, keyed, national_ids, phones, street, web

ROOT = Path(__file__).parent.parent
RECOGNISERS = {"detectors.pii", "detectors.secrets", "phonenumbers"}
VIEWS = {"re2"}  # of a text; needed by who has one to look at
MODELS = {"numpy", "onnxruntime", "presidio_analyzer", "scipy", "sklearn", "spacy", "tokenizers"}
DRIVERS = {"clickhouse_connect", "urllib3"}
NOT_BROUGHT = {
    "gateway.cli": VIEWS | RECOGNISERS | MODELS | DRIVERS | {"aiohttp", "gateway.dialects", "gateway.supervisor"},
    "gateway.supervisor": VIEWS | RECOGNISERS | MODELS | DRIVERS | {"aiohttp", "cryptography.x509", "gateway.dialects"},
    "gateway.proxy.worker": RECOGNISERS | MODELS | DRIVERS | {"cryptography.x509", "opentelemetry", "prometheus_client"},
    "gateway.record.main": RECOGNISERS | MODELS | {"cryptography.x509", "opentelemetry"},
    "gateway.console.main": VIEWS | RECOGNISERS | MODELS | DRIVERS | {"cryptography.x509"},
    "gateway.detection.main": RECOGNISERS | MODELS | DRIVERS | {"aiohttp"},
}
PLAIN = "providers: {openai: {dialect: openai, base_url: 'https://api.openai.com'}}"


def modules(code: str) -> set[str]:
    """What is loaded in a fresh process after some code."""
    ran = subprocess.run([sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return set(ran.stdout.split())


@pytest.mark.parametrize("process", NOT_BROUGHT)
def test_a_process_brings_nothing_that_it_can_do_without(process: str):
    """One import at the head of the wrong file is a tenth of a second for every process, and nobody would see it."""
    assert not modules(f"import {process}") & NOT_BROUGHT[process]


def test_to_read_a_configuration_takes_no_recogniser():
    """Every process reads it, and few look at texts: not to check it, nor to know its rules or what the pool is to run."""
    code = f"from gateway.config import parse; settings = parse({PLAIN!r}); assert not settings.needs_pool and settings.policy.rules"
    assert not modules(code) & RECOGNISERS


def test_a_worker_without_rules_takes_no_recogniser():
    """What is masked in the record alone is the recorder's business."""
    guard = "from gateway.proxy.worker import Worker; worker = Worker.__new__(Worker); worker.settings, worker._coming, worker._next_pool = settings, False, False; worker._guard()"
    rule = "\nguardrails: [{name: keys, detector: secrets, on: request, action: block}]"
    assert not modules(f"from gateway.config import parse; settings = parse({PLAIN!r}); {guard}") & RECOGNISERS
    assert "detectors.secrets" in modules(f"from gateway.config import parse; settings = parse({PLAIN + rule!r}); {guard}")


def test_no_other_package_looks_on_when_the_configuration_is_read():
    """It holds secrets; and to look for plugins of pydantic is to read the metadata of every package there is."""
    modules("import pydantic.plugin._loader as loader; loader.entry_points = None; import gateway.config")


def test_the_kinds_of_personal_data_are_those_of_the_recognisers():
    """They are written down where they can be known without loading one: a kind left out there could be in no rule."""
    kinds = {each.KIND for each in (addresses_of_mail, cards, crypto, iban, ip, phones, street, web)} | {ip.HARDWARE}
    assert kinds | national_ids.KINDS | keyed.KINDS == pii_kinds.KINDS
    assert pii_kinds.KINDS - {ip.HARDWARE} == pii_kinds.DEFAULT


def test_processes_that_make_starts_keep_their_bytecode():
    """Where PYTHONDONTWRITEBYTECODE is set, as it is in many containers, each process of each gate in the tests would compile every module anew."""
    make = shutil.which("make")
    assert make is not None
    said = subprocess.run(
        [make, "--no-print-directory", "--eval", "probe: ; @printenv PYTHONDONTWRITEBYTECODE || echo unset", "probe"],
        cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert said.stdout == "unset\n"
