"""All boards as JSON: what Grafana imports, what is checked in under boards/, and the text in between.

Needs the extra "dashboards" (grafana-foundation-sdk); what is checked in needs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboards.alerts.objectives import Objectives

CHECKED_IN = Path(__file__).parent / "boards"


def boards(objectives: Objectives | None = None) -> dict[str, Any]:
    """Every board as a plain JSON object, by uid; the same at every call. objectives: where thresholds are drawn; None: the defaults, as checked in.

    Raises ModuleNotFoundError if the extra is not installed.
    """
    try:
        from grafana_foundation_sdk.cog.encoder import JSONEncoder
    except ModuleNotFoundError as e:
        raise ModuleNotFoundError("boards are built with grafana-foundation-sdk: install the extra \"dashboards\" (pip install 'tidegate[dashboards]')", name=e.name) from e
    from dashboards.cost import cost
    from dashboards.drift import drift
    from dashboards.guards import guards
    from dashboards.itself import itself
    from dashboards.overview import overview

    promised = objectives or Objectives()
    made = (json.loads(JSONEncoder().encode(build(promised))) for build in (overview, cost, guards, drift, itself))
    return {board["uid"]: mended(board) for board in made}


def spelled(board: Mapping[str, Any]) -> str:
    """The text that is checked in: sorted names, so that a change of a library's order is no change."""
    return json.dumps(board, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write(directory: Path = CHECKED_IN, objectives: Objectives | None = None) -> list[Path]:
    """Write every board to <uid>.json, and return the files. Other files are left alone. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    files = []
    for uid, board in boards(objectives).items():
        files.append(directory / f"{uid}.json")
        files[-1].write_text(spelled(board), encoding="utf-8")
    return files


def mended(board: dict[str, Any]) -> dict[str, Any]:
    """Without what the SDK adds of itself, in place: the place of links, which is a menu that must be opened first; settings of interval variables in all others;
    a table's footer where Grafana no longer has it."""
    for link in board["links"]:
        link.pop("placement", None)
    for variable in board["templating"]["list"]:
        if variable["type"] != "interval":
            for name in ("auto", "auto_min", "auto_count"):
                variable.pop(name, None)
    for panel in board["panels"]:
        if panel["type"] == "table":
            panel["options"].pop("footer", None)
    return board
