"""How often a change is seen."""

from __future__ import annotations

from typing import Any

from detectors.drift.compare import compare
from evaluation.drift.cases import POWER, Case, episodes
from evaluation.drift.corpus import Corpus

ALPHAS = (0.01, 0.05)


def measure(corpus: Corpus, seed: int = 0, runs: int = 40, cases: tuple[Case, ...] = POWER, *, conversations: bool = False) -> dict[str, Any]:
    """By case: the share of runs with an alarm at each alpha; of those at 5 %, in how many the topics were significant, and the structure."""
    return {case.name: _power(corpus, case, seed, runs, conversations) for case in cases}


def _power(corpus: Corpus, case: Case, seed: int, runs: int, conversations: bool) -> dict[str, Any]:
    found = [compare(each.baseline, each.window, corpus.vectors, alpha=0.05, seed=seed) for each in episodes(corpus, case, runs, seed + 1000, conversations=conversations)]
    figures: dict[str, Any] = {f"at_{alpha}": round(sum(report.pvalue <= alpha for report in found) / runs, 4) for alpha in ALPHAS}
    for name in ("topics", "structure"):
        figures[name] = round(sum(aspect.significant for report in found for aspect in report.aspects if aspect.name == name) / runs, 4)
    return {"runs": runs, "bar": case.bar, **figures}
