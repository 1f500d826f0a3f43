"""`make eval-guards`: measure the detectors, write report.json and REPORT.md beside this file, say which bars are missed. `--only judges` and `--only speed` measure
their part anew and keep the rest of the report; `--only grounding` that of grounding and what judges cost, for which no outside set is needed.

Exit codes: 0 measured, whatever the figures; 2 the labelled texts are not there (the rest is measured all the same).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # figures are for one core; set before numpy is loaded
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

import alarms  # noqa: E402
import entities  # noqa: E402
import evasion  # noqa: E402
import judges  # noqa: E402
import report  # noqa: E402
import rows  # noqa: E402
import speed  # noqa: E402

from detectors.names import Names  # noqa: E402
from detectors.text import Text  # noqa: E402


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure the detectors and write the report.")
    parser.add_argument("--data", type=Path, default=os.environ.get(rows.VARIABLE, ""), help=f"the directory of the labelled texts (default: ${rows.VARIABLE})")
    parser.add_argument("--packages", type=Path, help="the directory of the packages that carry sets for judges: see judges.py")
    parser.add_argument("--only", choices=("all", "quality", "speed", "judges", "grounding"), default="all", help="measure a part; quality is printed, and the report is left as it is")
    args = parser.parse_args()
    if args.only == "judges":
        figures: dict[str, Any] = json.loads((HERE / "report.json").read_text(encoding="utf-8"))
        return _write(figures | {"judges": judges.measure(args.data or None, args.packages)})
    if args.only == "grounding":
        figures = json.loads((HERE / "report.json").read_text(encoding="utf-8"))
        return _write(figures | {"judges": judges.grounded(figures["judges"])})
    names = Names()
    figures = {"python": platform.python_version(), "machine": platform.machine()}
    names.find(Text("Anna Keller lives in Oslo."))
    figures["resident_mb_with_model"] = speed.resident_mb()
    code, labelled = 0, []
    try:
        labelled = rows.read(args.data)
    except FileNotFoundError as e:
        sys.stderr.write(f"{e}\n")
        code = 2
    if args.only != "speed":
        if labelled:
            figures["entities"] = entities.measure(labelled, names)
        figures |= {"personal_false_alarms": alarms.personal(names), "secrets": alarms.keys(), "evasion": evasion.measure()}
    if args.only != "quality":
        figures |= {"cost": speed.ordinary(names, [row.text for row in labelled]), "hostile": speed.hostile(), "hostile_to_names": speed.hostile_to_names(names)}
    if args.only == "all" and not code:
        return _write(figures | {"judges": judges.measure(args.data, args.packages)})
    if args.only == "speed" and not code:
        return _write(json.loads((HERE / "report.json").read_text(encoding="utf-8")) | figures)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return code


def _write(figures: dict[str, Any]) -> int:
    (HERE / "report.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (HERE / "REPORT.md").write_text(report.written(figures), encoding="utf-8")
    sys.stdout.write(report.bars(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
