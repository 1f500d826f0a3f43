"""The values of drift: rows come in, a report goes out.

A *row* is one exchange as drift sees it. A *sample* is a list of rows: the baseline (what the team tested on) or the window (production). Everything
here is pure: no clock, no network, no random numbers but from the seed that is handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Side = Literal["input", "output"]
Direction = Literal["new", "grown", "shrunk", "gone"]
Vectors = NDArray[np.float32]  # (n, d), rows of length 1; a row of zeros: there is nothing to embed
Labels = NDArray[np.float32]  # (n, p): 1 where a row counts as the window's; column 0 is what was observed, the others are permutations


@dataclass(frozen=True, slots=True)
class Row:
    """One exchange.

    input, output: the texts compared; None: there is none (not the same as empty).
    session: rows of one conversation share it and are permuted together; "": the row stands by itself.
    id: the exchange's id, or a line's number.  turns: messages of the prompt; roles: theirs, in order; tools: names of tools that the reply called.
    finish_reason, violations (number of broken assertions), output_tokens, input_tokens: as recorded; None or "": not known.
    """

    input: str | None
    output: str | None = None
    session: str = ""
    id: str = ""
    turns: int | None = None
    roles: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    finish_reason: str = ""
    violations: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None

    def text(self, side: Side) -> str | None:
        return self.input if side == "input" else self.output


@dataclass(frozen=True, slots=True)
class Aspect:
    """One question: `topics`, `structure` (of inputs), `output_topics`, `output_structure`, `pairs`. pvalue: corrected for all that this run asked at once.

    significant: pvalue is at most alpha and, of topics, what differs is not put down to structure (Report.notes says if it is).
    """

    name: str
    pvalue: float
    significant: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """What moved. rows: positions in the window, from 0.  baseline_rows: in the baseline.  centre: the mean direction, length 1.

    share_*: of the rows of that sample, 0 to 1; *_interval: 95 %, Wilson's.  exemplars: up to three texts, the most central first, as they stand in the sample.
    novelty: the p-value of this topic's own excess, corrected over everything scanned.
    """

    aspect: str
    keywords: tuple[str, ...]
    direction: Direction
    share_baseline: float
    share_window: float
    baseline_interval: tuple[float, float]
    window_interval: tuple[float, float]
    rows: tuple[int, ...]
    baseline_rows: tuple[int, ...]
    exemplars: tuple[str, ...]
    centre: NDArray[np.float32] = field(repr=False, compare=False)
    pvalue: float = 1.0


@dataclass(frozen=True, slots=True)
class Feature:
    """One structural feature. effect: in words, such as "median length 41 -> 88 characters".  size: 0 to 1, the largest gap between the two distributions.

    behind: the feature that says the same, and says it better; "": none does.
    """

    aspect: str
    feature: str
    pvalue: float
    significant: bool
    effect: str
    size: float
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a comparison found. alarm: pvalue <= alpha.  notes: what was not tested and why, in sentences; if `tested` is False they say why nothing was."""

    alarm: bool
    alpha: float
    pvalue: float
    tested: bool
    aspects: tuple[Aspect, ...]
    topics: tuple[Topic, ...]
    structure: tuple[Feature, ...]
    rows_baseline: int
    rows_window: int
    notes: tuple[str, ...] = ()
    permutations: int = 0

    @property
    def novel_share(self) -> float:
        """The share of the window's inputs in topics that are new or have grown, 0 to 1; 0 if the topics are not significant."""
        moved = {row for topic in self.topics if topic.aspect == "topics" and topic.direction in ("new", "grown") for row in topic.rows}
        return len(moved) / self.rows_window if self.rows_window else 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the semantic statistics saw in one aspect, for whoever names it. Over the pooled rows: the baseline's first, then the window's.

    vectors: (n, d).  in_window: (n,) bool.  neighbours: (n, k) indices of the nearest rows by cosine, itself first.
    score: (n,) signed scan score: log-likelihood ratio of the window's share in a row's neighbourhood, best over its sizes; > 0 more window than expected, < 0 less.
    size: (n,) the neighbourhood's size at which `score` was reached.
    threshold: the (1 - alpha) quantile over permutations of the largest |score|.  scan_null: (p,) those maxima, for p-values of single scores.
    clusters: (n,) of the joint clustering.  excess: (clusters,) signed.  excess_threshold: as threshold.
    """

    vectors: Vectors
    in_window: NDArray[np.bool_]
    neighbours: NDArray[np.int32]
    score: NDArray[np.float64]
    size: NDArray[np.int32]
    threshold: float
    scan_null: NDArray[np.float64]
    clusters: NDArray[np.int32]
    excess: NDArray[np.float64]
    excess_threshold: float


Texts = Sequence[str]
