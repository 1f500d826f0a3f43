"""The tables of failures and threats: one source, true to the tests, and the same in SECURITY.md."""

from __future__ import annotations

import re
from collections import Counter

from gateway.commands.doctor_defaults import weakened
from gateway.config import parse
from tests import matrix
from tests.matrix import IDS, ROWS, SECURITY, TESTS, Ran, covered, results, written


def test_the_document_has_the_tables_as_they_are() -> None:
    """`make security` writes them; a row that was changed in one place alone would be two promises."""
    text = SECURITY.read_text()
    assert written(text) == text


def test_the_rows_are_those_that_were_agreed_on() -> None:
    """A row that is taken out would be a failure that nobody looks at any more; ids are never used twice, tests carry them."""
    assert Counter(id[0] for id in IDS) == {"U": 23, "C": 17, "S": 10, "D": 11, "G": 17, "T": 24}
    assert [f"{letter}{n}" for letter, count in Counter(id[0] for id in IDS).items() for n in range(1, count + 1)] == IDS


def test_every_row_has_a_test_or_says_why_not() -> None:
    """And none says that it has no test when it has one."""
    found = covered(TESTS)
    assert {row.id: (bool(found.get(row.id)), bool(row.open)) for row in ROWS if bool(found.get(row.id)) == bool(row.open)} == {}


def test_rows_are_sentences_and_name_settings_that_there_are() -> None:
    """A setting that is named and does not exist is a promise that cannot be kept; and the table is read by people."""
    settings = parse("providers: {o: {dialect: openai, base_url: 'https://api.example'}}")
    provider = settings.providers["o"]
    roots = {"timeouts": provider.timeouts, **{name: getattr(settings, name) for name in ("server", "guard", "record", "store", "retries", "breaker", "telemetry", "drift", "detectors")}}
    for row in ROWS:
        assert all(text.endswith((".", ")")) and not text[0].islower() for text in (row.when, row.then, *filter(None, (row.but,)))), row.id
        for root, name in re.findall(r"`([a-z_]+)\.([a-z_]+)(?::[^`]*)?`", " ".join((row.then, row.but))):
            if root in roots:
                assert hasattr(roots[root], name), f"{row.id}: {root}.{name}"
    sources = "".join(path.read_text() for path in (TESTS.parent / "gateway").rglob("*.py"))
    for name in re.findall(r"`(tidegate_[a-z_]+)`", SECURITY.read_text()):
        assert name.removesuffix("_total") in sources, name
    for code in re.findall(r"`((?:provider|gateway|caller|guard|reply)_[a-z_]+|invalid_json|duplicate_key)`", SECURITY.read_text()):
        assert f'"{code}"' in sources, code
    assert weakened(settings)  # what the document says of doctor is of this function


def test_a_run_says_what_became_of_each_row() -> None:
    """Failed beats passed, parameters of one test are one test, an id without a test says why, and one whose tests did not run is not passed."""
    known = {"U1": ["tests/a/test_x.py::test_one", "tests/test_y.py::test_two"], "U2": ["tests/test_y.py::test_two"], "C1": ["tests/test_y.py::test_three"], "T1": ["tests/test_z.py::test_four"]}
    ran = [
        Ran("tests/a/test_x.py::test_one[a]", "passed", ("U1",)),
        Ran("tests/a/test_x.py::test_one[b]", "passed", ("U1",)),
        Ran("tests/test_y.py::test_two", "passed", ("U1", "U2")),
        Ran("tests/test_y.py::test_three[a]", "failed", ("C1",)),
        Ran("tests/test_y.py::test_three[b]", "passed", ("C1",)),
    ]
    assert list(results(ran, known, all=False)) == [
        "U1   passed   2 tests: a/test_x, test_y",
        "U2   passed   1 test: test_y",
        "C1   FAILED   1 of 1 test: tests/test_y.py::test_three",
    ]
    lines = list(results(ran, known, all=True))
    assert len(lines) == len(ROWS) + 1 and lines[-1] == f"2 passed, 1 FAILED, 1 not run, {len(ROWS) - 4} no test, of {len(ROWS)}"
    assert "T1   not run  test_z" in lines
    reason = next(row.open for row in ROWS if row.id == "G14")
    assert f"G14  no test  {reason}" in lines and reason


def test_the_list_of_tests_reads_every_kind_of_mark(tmp_path) -> None:
    """A mark on a case of a parameter counts as well as one on the function; nothing else does."""
    (tmp_path / "tests").mkdir()
    source = 'import pytest\n@pytest.mark.covers("U1", "U2")\ndef test_a(): ...\n@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.covers("C1")), 2])\nasync def test_b(x): ...\ndef test_c(): "covers U9"\n'
    (tmp_path / "tests" / "test_m.py").write_text(source)
    assert covered(tmp_path / "tests") == {"U1": ["tests/test_m.py::test_a"], "U2": ["tests/test_m.py::test_a"], "C1": ["tests/test_m.py::test_b"]}


def test_make_matrix_says_how_many(capsys) -> None:
    """Its last line is read by people and machines."""
    assert matrix.main([]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in lines] == IDS and not any(line.endswith(" -") for line in lines)
    assert last == f"{sum(bool(covered(TESTS).get(id)) for id in IDS)} of {len(IDS)} covered"
