"""Episodes: a baseline and a window of one world, with or without a change between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detectors.drift.base import Row
from evaluation.drift.corpus import Corpus, Traffic

BASELINE = 2000


@dataclass(frozen=True, slots=True)
class Case:
    """kind: `null`; `new` (`topics` new intents are `share` of the window); `mix` (half of the usual intents are asked `share` times as often). bar: the power at 5 % that is wanted."""

    name: str
    kind: str
    window: int = 500
    topics: int = 3
    share: float = 0.0
    bar: float = 0.0


POWER = (
    Case("new topics (3) at 5 %", "new", share=0.05, bar=0.65),
    Case("new topics (3) at 10 %", "new", share=0.10, bar=1.0),
    Case("new topics (3) at 20 %", "new", share=0.20, bar=1.0),
    Case("one new topic at 2 % of 2,000", "new", window=2000, topics=1, share=0.02, bar=0.95),
    Case("mix of known topics, half of them threefold", "mix", share=3.0, bar=0.95),
)


@dataclass(frozen=True, slots=True)
class Episode:
    """news: the new intents, if any."""

    baseline: list[Row]
    window: list[Row]
    news: tuple[str, ...] = ()


def episode(corpus: Corpus, case: Case, rng: np.random.Generator, *, conversations: bool = False, baseline: int = BASELINE) -> Episode:
    """One, drawn anew."""
    traffic = Traffic(corpus, rng, conversations=conversations, most=baseline + case.window)
    before = traffic.rows(baseline)
    if case.kind == "new":
        news = tuple(traffic.news[: case.topics])
        return Episode(before, traffic.rows(case.window, news=news, share=case.share), news)
    if case.kind == "mix":
        shares = traffic.shares.copy()
        shares[rng.permutation(len(shares))[: len(shares) // 2]] *= case.share
        return Episode(before, traffic.rows(case.window, shares=shares / shares.sum()))
    return Episode(before, traffic.rows(case.window))


def episodes(corpus: Corpus, case: Case, runs: int, seed: int, *, conversations: bool = False, baseline: int = BASELINE) -> Iterator[Episode]:
    for run in range(runs):
        yield episode(corpus, case, np.random.default_rng([seed, run]), conversations=conversations, baseline=baseline)
