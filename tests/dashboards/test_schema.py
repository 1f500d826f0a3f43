"""The boards against Grafana's own types: @grafana/schema, checked by the TypeScript compiler.

Types are all that Grafana publishes of the classic format; there is no server here that would load a board. Enums of texts are taken as the texts that they
stand for, which is what JSON has. What the types leave open (`options` of a panel, `custom` of a field) is checked against the types of that very kind of panel.

schema/package-lock.json says which packages, by their hashes and without a host, so that npm asks whichever registry it is told to.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent / "schema"
BOARDS = Path(__file__).parents[2] / "dashboards/boards"
KINDS = {"timeseries": "TimeSeries", "stat": "Stat", "table": "Table"}
HEAD = """import type { Dashboard } from "@grafana/schema";
type Plain<T> = unknown extends T ? T : T extends string ? `${T}` : T extends number | boolean | null | undefined ? T
  : T extends (infer U)[] ? Plain<U>[] : { [K in keyof T]: Plain<T[K]> };
"""
CONFIG = {"compilerOptions": {"strict": True, "noEmit": True, "module": "esnext", "moduleResolution": "bundler", "target": "es2022", "skipLibCheck": True, "types": []}}


def imported(kind: str) -> str:
    """The types of one kind of panel. A figure has no settings of its own for a field, a table has those of every table."""
    names = {"timeseries": "Options, FieldConfig", "stat": "Options", "table": "Options, FieldConfig"}[kind]
    renamed = ", ".join(f"{name} as {KINDS[kind]}{name}" for name in names.split(", "))
    return f'import type {{ {renamed} }} from "@grafana/schema/dist/esm/raw/composable/{kind}/panelcfg/x/{KINDS[kind]}PanelCfg_types.gen";'


def program(board: dict[str, Any]) -> str:
    """One board as TypeScript that compiles if its types are right."""
    lines = [*map(imported, KINDS), HEAD, f"export const board = {json.dumps(board)} satisfies Plain<Dashboard>;"]
    for panel in board["panels"]:
        name = KINDS[panel["type"]]
        lines.append(f"({json.dumps(panel['options'])}) satisfies Plain<Partial<{name}Options>>;")
        if custom := panel["fieldConfig"]["defaults"].get("custom"):
            lines.append(f"({json.dumps(custom)}) satisfies Plain<Partial<{name}FieldConfig>>;")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> Callable[[dict[str, str]], dict[str, list[str]]]:
    """Compile programs by name, all at once; of each what the compiler says against it."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm is not installed: Grafana's types cannot be had")
    directory = tmp_path_factory.mktemp("schema")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, directory)
    installed = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], cwd=directory, capture_output=True, text=True, check=False, timeout=300)
    if installed.returncode:
        pytest.skip(f"npm could not install Grafana's types: {installed.stderr[-400:]}")

    def check(programs: dict[str, str]) -> dict[str, list[str]]:
        for name, text in programs.items():
            (directory / f"{name}.ts").write_text(text, encoding="utf-8")
        (directory / "tsconfig.json").write_text(json.dumps({**CONFIG, "files": [f"{name}.ts" for name in programs]}))
        told = subprocess.run([node, "node_modules/typescript/bin/tsc", "--pretty", "false", "-p", "."], cwd=directory, capture_output=True, text=True, check=False, timeout=300)
        found: dict[str, list[str]] = {name: [] for name in programs}
        for line in told.stdout.splitlines():
            if (said := re.match(r"([\w-]+)\.ts\(\d+,\d+\): (error .*)", line)) is not None:
                found[said[1]].append(said[2][:300])
        assert (told.returncode == 0) == (not any(found.values())), told.stdout[:2000]
        return found

    return check


def wrong(change: Callable[[dict[str, Any]], object]) -> str:
    """The overview with one thing in it that Grafana would not take."""
    board = json.loads((BOARDS / "tidegate-overview.json").read_text(encoding="utf-8"))
    change(board)
    return program(board)


def test_boards_have_the_types_that_grafana_says(compiled):
    """A board that Grafana reads otherwise than it was meant shows something else, or nothing; and a check that nothing fails checks nothing."""
    boards = {file.stem: program(json.loads(file.read_text(encoding="utf-8"))) for file in sorted(BOARDS.glob("*.json"))}
    assert boards
    mistakes = {
        "number_as_text": wrong(lambda board: board["panels"][0]["gridPos"].update(w="8")),
        "unknown_field": wrong(lambda board: board["panels"][0].update(descripton="a typo")),
        "unknown_word": wrong(lambda board: board["panels"][0]["fieldConfig"]["defaults"]["color"].update(mode="rainbow")),
        "no_such_hiding": wrong(lambda board: board["templating"]["list"][0].update(hide=9)),
        "wrong_option": wrong(lambda board: board["panels"][0]["options"]["legend"].update(displayMode="tables")),
        "wrong_custom": wrong(lambda board: board["panels"][0]["fieldConfig"]["defaults"]["custom"].update(lineWidth="thick")),
        "link_without_title": wrong(lambda board: board["links"][0].pop("title")),
    }
    found = compiled({**boards, **mistakes})
    assert {name: found[name] for name in boards} == {name: [] for name in boards}
    assert [name for name in mistakes if not found[name]] == []


def test_the_lock_names_hashes_and_no_host():
    """What is compiled against is the same everywhere, wherever it comes from."""
    lock = json.loads((HERE / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert {name.removeprefix("node_modules/"): entry["version"] for name, entry in packages.items()} == json.loads((HERE / "package.json").read_text())["dependencies"]
    assert all(entry["integrity"].startswith("sha512-") and "resolved" not in entry for entry in packages.values())
