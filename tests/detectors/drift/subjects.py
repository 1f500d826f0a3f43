"""Traffic made up for the naming of topics: subjects with words of their own, as texts and as vectors around a centre for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detectors.drift.base import Evidence, Vectors
from detectors.drift.semantic import Semantic

WORDS = {
    "parcels": ("parcel", "courier", "doorstep", "delivery"),
    "invoices": ("invoice", "total", "payment", "ledger"),
    "gardens": ("tomato", "compost", "seedling", "soil"),
    "trains": ("platform", "conductor", "carriage", "timetable"),
    "violins": ("violin", "bow", "orchestra", "rosin"),
    "glaciers": ("glacier", "crevasse", "moraine", "summit"),
}
DIMENSIONS = 24
_FRAMES = ("what about the {0} and the {1}", "please tell me how a {0} gets to its {1}", "i need my {1} with a {0} today", "where is the {0} for this {1}")


@dataclass(frozen=True, slots=True)
class World:
    """Pooled rows, the baseline's first. subjects: what each is about."""

    texts: list[str]
    subjects: list[str]
    vectors: Vectors
    in_window: np.ndarray

    def evidence(self, permutations: int = 199, level: float = 0.02) -> Evidence:
        chance = np.random.default_rng(1)
        labels = np.stack([self.in_window, *(chance.permutation(self.in_window) for _ in range(permutations))], axis=1).astype(np.float32)
        semantic = Semantic(self.vectors, self.texts, 0)
        return semantic.evidence(labels[:, :1], semantic.values(labels), level)

    def places(self, subject: str, *, window: bool) -> list[int]:
        """Positions in their sample, from 0."""
        return [place for place, about in enumerate(about for about, inside in zip(self.subjects, self.in_window, strict=True) if inside == window) if about == subject]


def world(baseline: Mapping[str, int], window: Mapping[str, int], *, spread: float = 0.12, near: Sequence[tuple[str, str]] = (), seed: int = 0) -> World:
    """So many rows of each subject. spread: of the vectors around their centre.  near: pairs of subjects whose centres have a cosine of about 0.9."""
    chance = np.random.default_rng(seed)
    centres = {subject: _unit(np.random.default_rng(number).normal(size=DIMENSIONS)) for number, subject in enumerate(WORDS)}
    for one, other in near:
        centres[other] = _unit(centres[one] + 0.1 * centres[other] * np.sqrt(DIMENSIONS))
    subjects = [subject for sample in (baseline, window) for subject, count in sample.items() for _ in range(count)]
    texts = [f"{chance.choice(_FRAMES).format(*chance.choice(WORDS[subject], 2, replace=False))} {number}" for number, subject in enumerate(subjects)]
    vectors = np.stack([_unit(centres[subject] + spread * chance.normal(size=DIMENSIONS)) for subject in subjects]).astype(np.float32)
    inside = np.arange(len(subjects)) >= sum(baseline.values())
    return World(texts, subjects, vectors, inside)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)
