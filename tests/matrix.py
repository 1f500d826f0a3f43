"""The failure and threat tables: the rows of failures.yaml, and the tests that cover them; the last line is "N of M covered".

    python tests/matrix.py                the ids and the tests that name them; for those without one, why
    python tests/matrix.py --security     SECURITY.md's tables written anew, between their markers

Tests are read from the sources, so that a marker in a test that is not run still shows. Letters: U upstream, C client, S store, D journal, G gateway,
T threats. A row says `when` (what goes wrong), `then` (what the gate does), `but` (what is not so, or not shown), and `open` (why no test carries its id).
"""

from __future__ import annotations

import ast
import functools
import gc
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

TESTS = Path(__file__).parent
SECURITY = TESTS.parent / "SECURITY.md"
SECTIONS = {"U": "Providers", "C": "Clients", "S": "The store", "D": "The journal", "G": "The gate's own processes", "T": "Threats"}
_SHOWN = 3  # files of tests, by name


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the tables. See the module for what the fields say; empty where there is nothing to say."""

    id: str
    when: str
    then: str
    but: str = ""
    open: str = ""


def rows(path: Path = TESTS / "failures.yaml") -> list[Row]:
    """Every row, in the file's order. Raises TypeError for a field that no row has."""
    return [Row(id, **{name: " ".join(str(text).split()) for name, text in fields.items()}) for id, fields in yaml.safe_load(path.read_text()).items()]


ROWS = rows()
IDS = [row.id for row in ROWS]


def parsed(text: str) -> ast.Module:
    """As ast.parse, which before Python 3.11.8 counts its depth in one place for everybody (CPython #106905): if the collector's turn comes meanwhile, and what it frees logs a traceback, whose lines
    are parsed, too, or another thread has its turn, that is a SystemError."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(text)
    finally:
        if collects:
            gc.enable()


@functools.cache
def covered(root: Path) -> Mapping[str, list[str]]:
    """Ids and the tests that name them in `pytest.mark.covers`, as path::function: on the function, or on one of its parameters' cases."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(root.rglob("test_*.py")):
        text = path.read_text()
        if ".covers(" not in text:  # parsing is what takes its time
            continue
        for node in ast.walk(parsed(text)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            named = f"{path.relative_to(root.parent)}::{node.name}"
            for call in (call for mark in node.decorator_list for call in ast.walk(mark) if isinstance(call, ast.Call)):
                if ast.unparse(call.func) == "pytest.mark.covers":
                    for id in map(ast.literal_eval, call.args):
                        if named not in found[id]:
                            found[id].append(named)
    return dict(found)


# ---------------------------------------------------------------------- what a run of the tests prints


@dataclass(frozen=True, slots=True)
class Ran:
    """One test that a run had, by its node id. outcome: passed, failed or skipped."""

    test: str
    outcome: str
    ids: tuple[str, ...]


def results(ran: Iterable[Ran], known: Mapping[str, list[str]], *, all: bool) -> Iterator[str]:
    """A line for each id: what became of its tests, and where they are. all: also ids none of whose tests ran; the last line sums up."""
    by: dict[str, dict[str, str]] = defaultdict(dict)  # id: function: its worst outcome
    for one in ran:
        for id in one.ids:
            name = one.test.partition("[")[0]
            by[id][name] = max(by[id].get(name, ""), one.outcome, key=("", "passed", "skipped", "failed").index)
    count = {"passed": 0, "FAILED": 0, "not run": 0, "no test": 0}
    for row in ROWS:
        tests, went = known.get(row.id, []), by.get(row.id, {})
        wrong = [test for test, outcome in went.items() if outcome == "failed"]
        went_well = [test for test, outcome in went.items() if outcome == "passed"]
        state = "FAILED" if wrong else "passed" if went_well else "not run" if tests else "no test"
        count[state] += 1
        if not all and not went:
            continue
        number = f"{len(went)} test{'' if len(went) == 1 else 's'}"
        said = {"FAILED": f"{len(wrong)} of {number}: {'; '.join(wrong)}", "passed": f"{number}: {_files(went_well)}", "not run": _files(tests), "no test": row.open or "and nobody has said why"}
        yield f"{row.id:4} {state:8} {said[state]}"
    if all:
        yield ", ".join(f"{number} {state}" for state, number in count.items()) + f", of {len(ROWS)}"


def _files(tests: Iterable[str]) -> str:
    names = list(dict.fromkeys(test.partition("::")[0].removeprefix("tests/").removesuffix(".py") for test in tests))
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more files" if len(names) > _SHOWN else "")


# ---------------------------------------------------------------------- SECURITY.md


def tables() -> dict[str, str]:
    """The two tables as Markdown: failures, threats."""
    failures = [f"### {SECTIONS[letter]}\n\n{_table([row for row in ROWS if row.id[0] == letter], 'what goes wrong', 'what the gate does')}" for letter in "UCSDG"]
    return {"failures": "\n\n".join(failures), "threats": _table([row for row in ROWS if row.id[0] == "T"], "threat", "what stands against it")}


def _table(of: Iterable[Row], when: str, then: str) -> str:
    lines = [f"| id | {when} | {then} | what it does not do, or what no test shows |", "|---|---|---|---|"]
    for row in of:
        less = " ".join(part for part in (row.but, f"No test: {row.open}" if row.open else "") if part)
        lines.append(f"| {row.id} | {' | '.join(text.replace('|', '&#124;') for text in (row.when, row.then, less))} |")
    return "\n".join(lines)


def written(text: str) -> str:
    """SECURITY.md with its tables as they are now. Raises ValueError if a marker is missing."""
    for name, table in tables().items():
        begin, end = f"<!-- {name}: made by make security from tests/failures.yaml -->", f"<!-- {name}: end -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{table}\n\n{end}{rest.split(end)[1]}"
    return text


def main(arguments: list[str]) -> int:
    if arguments == ["--security"]:
        SECURITY.write_text(written(SECURITY.read_text()))
        return 0
    found = covered(TESTS)
    for row in ROWS:
        print(f"{row.id:4} {'; '.join(found.get(row.id, [])) or row.open or '-'}")
    print(f"{sum(id in found for id in IDS)} of {len(IDS)} covered")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
