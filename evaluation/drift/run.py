"""`make eval-drift DATA=directory`: measure drift, write report.json and REPORT.md beside this file, say which bars are missed. `--only PART` measures one part anew and keeps
the rest of the report.

Exit codes: 0 measured, whatever the figures; 2 the set is not there.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # figures are for one core; set before numpy is loaded
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from evaluation.drift import looks, naming, nulls, power, provider, report, speed, structure  # noqa: E402
from evaluation.drift.code import fingerprint  # noqa: E402
from evaluation.drift.corpus import CACHE, VARIABLE, Corpus  # noqa: E402

REPORT = HERE / "report.json"
MODULES = {"time": speed, "nulls": nulls, "nulls_conversations": nulls, "power": power, "structure": structure, "naming": naming, "provider": provider, "looks": looks}


def _parts(corpus: Corpus, seed: int, scale: float) -> dict[str, Callable[[], dict[str, Any]]]:
    def runs(full: int) -> int:
        return max(1, round(scale * full))

    return {
        "time": lambda: speed.measure(corpus, seed),
        "nulls": lambda: nulls.measure(corpus, seed, runs(300)),
        "nulls_conversations": lambda: nulls.measure(corpus, seed, runs(300), conversations=True),
        "power": lambda: power.measure(corpus, seed, runs(40)),
        "structure": lambda: structure.measure(corpus, seed, runs(30), runs(30)),
        "naming": lambda: naming.measure(corpus, seed, runs(12)),
        "provider": lambda: provider.measure(corpus, seed, runs(200)),
        "looks": lambda: looks.measure(corpus, seed, runs(100)),
    }


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure drift and write the report.")
    parser.add_argument("--data", type=Path, default=os.environ.get(VARIABLE, ""), help=f"the directory of the set (default: ${VARIABLE})")
    parser.add_argument("--cache", type=Path, default=CACHE, help="a file for the vectors of its sentences, made if it is not there (default: in the directory for temporary files)")
    parser.add_argument("--only", nargs="+", metavar="PART", help="time, nulls, nulls_conversations, power, structure, naming, provider, looks: measure these and keep the rest of the report")
    parser.add_argument("--write", action="store_true", help="measure nothing: write the report in words again, which says of each part whether it is of the code as it is now")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="times as many runs; figures of less than all go to the terminal and not into the report")
    args = parser.parse_args()
    if args.write:
        _write({}, {}, args.seed)
        return 0
    try:
        corpus = Corpus(Path(args.data), args.cache)
    except FileNotFoundError as e:
        sys.stderr.write(f"{e}\n")
        return 2
    parts = _parts(corpus, args.seed, args.scale)
    if unknown := set(args.only or ()) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    code = {name: fingerprint(module.__name__) for name, module in MODULES.items()}  # of what was loaded: a part may take long enough for somebody to edit a file
    figures: dict[str, Any] = {}
    for name in args.only or parts:
        begun = time.process_time()
        figures[name] = parts[name]()
        sys.stderr.write(f"{name}: {time.process_time() - begun:.0f} s\n")
        corpus.save()
        if args.scale >= 1:
            _write({name: figures[name]}, {name: code[name]}, args.seed)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return 0


def _write(measured: dict[str, Any], code: dict[str, str], seed: int) -> None:
    """code: of each part measured, what it was measured on."""
    kept: dict[str, Any] = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.is_file() else {}
    figures = kept | measured | {"code": kept.get("code", {}) | code, "python": platform.python_version(), "machine": platform.machine(), "seed": seed}
    now = {name: fingerprint(module.__name__) for name, module in MODULES.items()}
    REPORT.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    (HERE / "REPORT.md").write_text(report.written(figures, now), encoding="utf-8")
    sys.stderr.write(report.bars(figures))


if __name__ == "__main__":
    sys.exit(main())
