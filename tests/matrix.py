"""Print the failure table's ids and the tests that cover them; the last line is "N of M covered".

    python tests/matrix.py

Read from the sources, so that a marker in a test that is not run still shows. The ids are the rows of the project's failure and threat tables: U upstream,
C client, S store, D journal, G gateway, T threats.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

ROWS = {"U": 23, "C": 17, "S": 10, "D": 11, "G": 17, "T": 24}
IDS = [f"{letter}{n}" for letter, count in ROWS.items() for n in range(1, count + 1)]


def covered(root: Path) -> dict[str, list[str]]:
    """Ids and the tests that name them in `@pytest.mark.covers`, as path::function."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(root.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.covers":
                    for argument in mark.args:
                        found[ast.literal_eval(argument)].append(f"{path.relative_to(root.parent)}::{node.name}")
    return dict(found)


def main() -> int:
    found = covered(Path(__file__).parent)
    for id in IDS:
        tests = found.get(id, [])
        print(f"{id:4} {'; '.join(tests) if tests else '-'}")
    print(f"{sum(id in found for id in IDS)} of {len(IDS)} covered")
    return 0


if __name__ == "__main__":
    sys.exit(main())
