"""What the gate is built from, and what it is built to: locks, the wheel, the bill of materials, imports without a network."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.matrix import SECURITY

ROOT = Path(__file__).parent.parent
LOCKS = ("runtime", "demo", "dev")
# Beside Python sources, these and no other files are in the wheel.
ALLOWED = re.compile(
    r"gateway/(?:README\.md|default\.yaml|store/schema/\d{4}_[a-z_]+\.sql)|detectors/weights/(?:(?:INJECTION|MODERATION)\.md|(?:injection|moderation)\.(?:json|npz)|minilm_vocab\.txt)"
    r"|dashboards/boards/tidegate-[a-z]+\.json|tidegate-[0-9.]+\.dist-info/(?:METADATA|WHEEL|RECORD|entry_points\.txt|top_level\.txt|licenses/LICENSE)"
)
# Of CycloneDX 1.6's schema, what ours uses.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "dependencies"],
    "properties": {
        "$schema": {"type": "string"},
        "bomFormat": {"const": "CycloneDX"},
        "specVersion": {"const": "1.6"},
        "serialNumber": {"type": "string", "pattern": "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},
        "version": {"const": 1},
        "metadata": {"type": "object", "required": ["timestamp", "component"], "properties": {"timestamp": {"type": "string", "format": "date-time"}, "component": {"$ref": "#/$defs/component"}}, "additionalProperties": False},
        "components": {"type": "array", "items": {"$ref": "#/$defs/component"}, "minItems": 50},
        "dependencies": {"type": "array", "uniqueItems": True, "items": {"type": "object", "required": ["ref", "dependsOn"], "properties": {"ref": {"type": "string"}, "dependsOn": {"type": "array", "uniqueItems": True, "items": {"type": "string"}}}, "additionalProperties": False}},
    },
    "additionalProperties": False,
    "$defs": {
        "component": {
            "type": "object",
            "required": ["type", "bom-ref", "name", "version", "purl", "licenses"],
            "properties": {
                "type": {"enum": ["application", "library"]},
                "bom-ref": {"type": "string"},
                "name": {"type": "string", "pattern": "^[a-z0-9-]+$"},
                "version": {"type": "string", "minLength": 1},
                "purl": {"type": "string", "pattern": "^pkg:pypi/[a-z0-9-]+@[^@]+$"},
                "licenses": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"oneOf": [
                        {"type": "object", "required": ["expression"], "properties": {"expression": {"type": "string", "minLength": 2}}, "additionalProperties": False},
                        {"type": "object", "required": ["license"], "properties": {"license": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 2}}, "additionalProperties": False}}, "additionalProperties": False},
                    ]},
                },
                "properties": {"type": "array", "items": {"type": "object", "required": ["name", "value"], "properties": {"name": {"const": "lock:sha256"}, "value": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}, "additionalProperties": False}},
            },
            "additionalProperties": False,
        }
    },
}


def locked(name: str) -> dict[str, tuple[str, list[str]]]:
    """A lock as lock/sbom reads it: name to version and hashes."""
    found: dict[str, tuple[str, list[str]]] = runpy.run_path(str(ROOT / "lock" / "sbom"))["locked"]((ROOT / "lock" / f"{name}.txt").read_text())
    return found


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(subprocess.run([sys.executable, "lock/sbom", "-"], cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    return made


@pytest.mark.covers("T20")
@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_is_a_pin_or_a_hash(name: str) -> None:
    """One line without a hash, or with an index of its own, is a way in; pip would take a URL, a path or an option there as well."""
    lines = (ROOT / "lock" / f"{name}.txt").read_text().splitlines()
    pin, hashed = re.compile(r"[A-Za-z0-9._-]+(?:\[[a-z0-9,-]+\])?==[A-Za-z0-9.+!]+(?: ; [^\\#]+)? \\"), re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
    assert [line for line in lines if not pin.fullmatch(line) and not hashed.fullmatch(line)] == []
    assert all(hashes for _, hashes in locked(name).values())


@pytest.mark.covers("T20")
def test_what_is_installed_is_what_is_locked() -> None:
    """The smaller locks are parts of the largest, to the hash; nothing installs by a number that another set does not have."""
    dev = locked("dev")
    for name in ("runtime", "demo"):
        for distribution, (version, hashes) in locked(name).items():
            assert dev[distribution][0] == version and set(hashes) <= set(dev[distribution][1]), distribution
    install = (ROOT / "lock" / "install").read_text()
    ways = [line.partition(" install ")[2] for line in install.splitlines() if " install --" in line]
    assert len(ways) == 2 and all("--no-deps" in way for way in ways) and "--index-url" not in install  # what is locked, by its hash, and this project, for which no index is asked
    assert "--require-hashes --only-binary :all:" in ways[0] and "--no-index" in ways[1]


@pytest.mark.covers("T20")
def test_direct_dependencies_are_the_number_that_the_document_says() -> None:
    """Each is somebody who can be taken over: one more is a decision, and SECURITY.md is where it is defended."""
    direct = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert f"{len(direct)} are asked for directly, {len(locked('runtime'))} are locked" in SECURITY.read_text()


@pytest.mark.covers("T20")
def test_the_bill_of_materials_is_the_lock_with_licences(bill: dict[str, Any]) -> None:
    """Whoever asks what is inside gets all of it, in a form that scanners read, with hashes that the lock has and a licence for each."""
    jsonschema_rs.validator_for(SCHEMA, validate_formats=True).validate(bill)
    runtime = locked("runtime")
    assert {c["name"]: (c["version"], sorted(p["value"] for p in c["properties"])) for c in bill["components"]} == {name: (version, sorted(hashes)) for name, (version, hashes) in runtime.items()}
    needs = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert set(needs) == {c["bom-ref"] for c in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    reached, left = set(), [bill["metadata"]["component"]["bom-ref"]]
    while left:
        ref = left.pop()
        if ref not in reached:
            reached.add(ref)
            left += needs[ref]
    assert reached == set(needs)  # nothing is locked that nobody asks for


@pytest.mark.covers("T20")
def test_licences_are_none_that_binds_an_operator(bill: dict[str, Any]) -> None:
    """An AGPL or GPL part would bind whoever runs the gate as a service, or ships it; SECURITY.md says that there is none."""
    said = {c["name"]: " ".join(x.get("expression") or x["license"]["name"] for x in c["licenses"]) for c in bill["components"]}
    assert {name: licence for name, licence in said.items() if re.search(r"\b[AL]?GPL|General Public|SSPL|Business Source|Commons Clause|Proprietary", licence)} == {}


@pytest.mark.covers("T20")
def test_the_wheel_is_reproducible_and_holds_nothing_else(tmp_path: Path) -> None:
    """Two builds have the same bytes (lock/wheel compares them), so anybody can check one against the sources; a .pth would run at every start of Python."""
    said = subprocess.run(["lock/wheel", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"})
    assert said.returncode == 0, said.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        entries = opened.infolist()
    names = {entry.filename for entry in entries}
    assert sorted(name for name in names if not name.endswith(".py") and not ALLOWED.fullmatch(name)) == []
    ours = {str(path.relative_to(ROOT)) for package in ("gateway", "detectors", "dashboards") for path in (ROOT / package).rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == ours
    assert len(names) == len(entries) and not any(name.endswith((".pth", ".so", ".pyc")) or name.startswith("/") or ".." in name for name in names)
    assert {entry.date_time for entry in entries} == {(2023, 11, 14, 22, 13, 20)}
    assert {entry.external_attr >> 16 & 0o7777 for entry in entries} <= {0o644, 0o664, 0o755}
    assert {c for c in "".join(names) if not c.isprintable()} == set()


OFFLINE = """
import asyncio, datetime, importlib, pkgutil, socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=2)
except OSError as e:
    assert e.errno == 101, e  # the network is unreachable: there is none
else:
    raise SystemExit("there is a network here")
import detectors
names = ["gateway.supervisor", "gateway.proxy.worker", "gateway.record.main", "gateway.console.main", "gateway.detection.main", "gateway.store.embedded", "gateway.cli"]
names += [found.name for found in pkgutil.iter_modules(detectors.__path__, "detectors.") if found.name != "detectors.__main__"]
for name in names:
    importlib.import_module(name)
from detectors import DETECTORS
from detectors.text import Text
from gateway.record.pricing import PriceBook
from gateway.record.tokens import TokenCounter
counter = TokenCounter()
print([counter.count("two words", model) for model in ("gpt-4o-mini", "gpt-4", "claude-sonnet-4-6")])
PriceBook({})
print([finding.kind for finding in DETECTORS["pii"]().find(Text("write to someone@example.com"))])
"""


@pytest.mark.covers("T20")
def test_everything_is_imported_and_used_without_a_network() -> None:
    """Vocabularies, prices and models come with the lock. One that is fetched at its first use would be one that nobody has hashed."""
    unshare = shutil.which("unshare")
    assert unshare is not None, "util-linux has it"
    there = [unshare, "-n"] if os.geteuid() == 0 else [unshare, "-rn"]
    done = subprocess.run([*there, sys.executable, "-c", OFFLINE], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode and "unshare failed" in done.stderr:
        pytest.skip("this machine makes no network namespaces")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["[2, 2, 2]", "['EMAIL_ADDRESS']"]
