"""The repository's own rules, as far as a machine can see them."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

from tests.matrix import IDS, covered

ROOT = Path(__file__).parent.parent
# Rows of the failure table that had a test when this was last touched. The list only ever grows.
COVERED = set("U1 U2 U3 U4 U5 U6 U7 U8 U9 U10 U11 U12 U13 U14 U15 U17 U18 U19 U20 U21 U22 C1 C2 C3 C4 C5 C6 C8 C11 C12 C13 C15 C16 S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 D1 D2 D3 D4 D5 D6 D7 D8 D9 D10 D11 G1 G3 G13 G15 T1 T2 T3 T4 T6 T9 T10 T11 T12 T13 T24".split())


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def tracked() -> list[Path]:
    """Every file git knows, or, in a copy without git, every file of ours."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    return [path for folder in ("gateway", "tests", "lock") for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_covered_rows_are_rows_of_the_table():
    """A typo in an id would claim a row that does not exist and leave the real one open."""
    assert set(covered(ROOT / "tests")) <= set(IDS)


def test_no_row_of_the_failure_table_loses_its_test():
    """What was proven once stays proven."""
    assert set(covered(ROOT / "tests")) >= COVERED


def test_every_module_says_what_it_is():
    """A reader of any file starts with its header."""
    assert [str(path.relative_to(ROOT)) for path in sources("gateway", "tests") if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_every_test_says_why_anyone_cares():
    """A test named for a rule, with the reason beside it, can be argued with."""
    missing = []
    for path in sources("tests"):
        if path.name.startswith("test_"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node):
                    missing.append(f"{path.relative_to(ROOT)}::{node.name}")
    assert missing == []


def test_files_fit_in_the_head():
    """A file that outgrows 450 lines has a second noun in it."""
    assert {str(path.relative_to(ROOT)): n for path in sources("gateway") if (n := len(path.read_text().splitlines())) > 450} == {}


def test_no_machine_and_no_registry_is_named():
    """A clone works anywhere; a lock file that names a host sends everybody there."""
    hosts = [name + ending for name, ending in (("pypi", ".org"), ("python", "hosted"), ("registry.npm", "js"), ("deb.", "debian"))]
    suspicious = re.compile(("/(?:root|home|work)/[a-z]|" + "|".join(map(re.escape, hosts))).encode())
    named = {str(path.relative_to(ROOT)) for path in tracked() if path != Path(__file__) and suspicious.search(path.read_bytes())}
    assert named == set()


def test_every_dependency_of_the_lock_is_pinned_by_hash():
    """`pip install --require-hashes` must have something to require."""
    for lock in (ROOT / "lock").glob("*.txt"):
        if lock.name == "left-out.txt":
            continue
        text = lock.read_text()
        names = re.findall(r"^([A-Za-z0-9._-]+)==", text, re.M)
        entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)
        assert len(names) > 30
        assert all("--hash=sha256:" in entry for entry in entries if "==" in entry), lock.name
        assert "http" not in re.sub(r"^[A-Za-z0-9._-]*http[A-Za-z0-9._-]*==", "", text, flags=re.M), lock.name
