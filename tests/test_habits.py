"""The repository's own rules, as far as a machine can see them."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

from tests.matrix import IDS, covered, parsed

ROOT = Path(__file__).parent.parent
# Rows of the failure table that have a test: all but those that tests/failures.yaml leaves open. The list only ever grows.
COVERED = set(IDS) - {"G12", "G14"}


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def documented(text: str) -> bool:
    """Whether a module has a docstring; parsed only where it does not begin with one."""
    return text.startswith('"""') or bool(ast.get_docstring(parsed(text)))


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
    assert [str(path.relative_to(ROOT)) for path in sources("gateway", "tests") if not documented(path.read_text())] == []


def test_every_test_says_why_anyone_cares():
    """A test named for a rule, with the reason beside it, can be argued with."""
    missing = []
    for path in sources("tests"):
        if path.name.startswith("test_"):
            for node in ast.walk(parsed(path.read_text())):
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
