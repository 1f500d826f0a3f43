"""How often an alarm is raised although nothing changed: the whole procedure on two samples of one world."""

from __future__ import annotations

from math import sqrt
from typing import Any

from detectors.drift.compare import compare
from evaluation.drift.cases import Case, episodes
from evaluation.drift.corpus import Corpus

ALPHAS = (0.01, 0.05)
_CASE = Case("no change", "null", window=500)


def measure(corpus: Corpus, seed: int = 0, runs: int = 300, *, conversations: bool = False) -> dict[str, Any]:
    """The share of alarms at each alpha, with the most that is allowed: alpha and two standard errors of a share of alpha in so many runs."""
    found = [compare(each.baseline, each.window, corpus.vectors, seed=seed + run) for run, each in enumerate(episodes(corpus, _CASE, runs, seed + 2000, conversations=conversations))]
    figures: dict[str, Any] = {"runs": runs, "untested": sum(not report.tested for report in found), "one_row_of_each_conversation": sum(bool(report.notes) for report in found)}
    for alpha in ALPHAS:
        figures[f"at_{alpha}"] = round(sum(report.pvalue <= alpha for report in found) / runs, 4)
        figures[f"most_{alpha}"] = round(alpha + 2 * sqrt(alpha * (1 - alpha) / runs), 4)
    figures["mean_pvalue"] = round(sum(report.pvalue for report in found) / runs, 3)
    return figures
