"""The fingerprint by which a report says what it was measured on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation.drift import report
from evaluation.drift.code import ROOT, fingerprint


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A part, what it imports, and what that imports."""
    files = {
        "evaluation/drift/part.py": '"""Says what."""\nfrom detectors.drift import first\nimport json\n',
        "detectors/drift/__init__.py": "",
        "detectors/drift/first.py": "def value():\n    from detectors.drift.second import TEN\n    return TEN\n",
        "detectors/drift/second.py": "TEN = 10\n",
        "detectors/drift/other.py": "OTHER = 1\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text", "same"),
    [
        ("detectors/drift/second.py", "TEN = 11\n", False),
        ("evaluation/drift/part.py", '"""Says what."""\nfrom detectors.drift import first, other\nimport json\n', False),
        ("detectors/drift/second.py", '"""Ten."""\n\nTEN = 10  # fingers\n', True),
        ("detectors/drift/first.py", 'def value():\n    """Ten."""\n    from detectors.drift.second import TEN\n    return TEN\n', True),
        ("detectors/drift/other.py", "OTHER = 2\n", True),
    ],
    ids=["far away", "one more", "comment", "docstring", "not used"],
)
def test_it_is_another_where_the_code_that_runs_is_another(tree: Path, file: str, text: str, same: bool) -> None:
    """A figure of older code must not pass for one of today's; a comment must not cost an hour of measuring."""
    before = fingerprint("evaluation.drift.part", tree)
    (tree / file).write_text(text)
    assert (fingerprint("evaluation.drift.part", tree) == before) is same


def test_what_is_not_there_has_none(tree: Path) -> None:
    """A part that was renamed."""
    with pytest.raises(FileNotFoundError):
        fingerprint("evaluation.drift.parts", tree)


def test_the_report_says_of_each_part_what_it_is_of() -> None:
    """As the code is now, older, or not known."""
    figures = json.loads((ROOT / "evaluation/drift/report.json").read_text())
    now = {"nulls": "a" * 12, "power": "b" * 12, "time": "c" * 12}
    page = report.written({**figures, "code": {"nulls": "a" * 12, "power": "d" * 12}}, now)
    assert f"- nulls: the code beside this report ({'a' * 12})" in page
    assert f"- power: older code ({'d' * 12}; now {'b' * 12})" in page
    assert "- time: older code, not known which" in page
