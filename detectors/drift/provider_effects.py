"""How replies differ, in words: `median reply 210 -> 95 tokens`. Of rows with weights, so that both periods count the same inputs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def length_words(tokens: Sequence[int | None], weights: Floats, in_now: Bools) -> tuple[str, float]:
    """And the largest gap between the two distributions, 0 to 1."""
    known = np.asarray([each is not None for each in tokens])
    values = np.asarray([0 if each is None else each for each in tokens], dtype=np.float64)
    sides = [known & ~in_now, known & in_now]
    if not all(side.any() for side in sides):
        return "length of replies not known on both sides", 0.0
    before, now = (_median(values[side], weights[side]) for side in sides)
    points = np.unique(values[known])
    shares = [np.asarray([weights[side & (values <= point)].sum() for point in points]) / weights[side].sum() for side in sides]
    return f"median reply {before:.0f} -> {now:.0f} tokens on the same kinds of inputs", float(np.abs(shares[0] - shares[1]).max())


def refusal_words(refused: Sequence[bool | None], weights: Floats, in_now: Bools) -> tuple[str, float]:
    """And the difference of the shares, 0 to 1."""
    known = np.asarray([each is not None for each in refused])
    values = np.asarray([bool(each) for each in refused])
    before, now = (_share(values, side, weights) for side in (known & ~in_now, known & in_now))
    return f"refused {percent(before)} -> {percent(now)} of the same kinds of inputs", abs(now - before)


def finish_words(ended: Sequence[str], reasons: Sequence[str], weights: Floats, in_now: Bools) -> tuple[str, float]:
    """Of the reason that moved most; and the difference of its shares, 0 to 1."""
    known = np.asarray([bool(each) for each in ended])
    found = []
    for reason in reasons:
        values = np.asarray([each == reason for each in ended])
        before, now = (_share(values, side, weights) for side in (known & ~in_now, known & in_now))
        found.append((abs(now - before), reason, before, now))
    size, reason, before, now = max(found, default=(0.0, "", 0.0, 0.0))
    return f'finish reason "{reason}" {percent(before)} -> {percent(now)} on the same kinds of inputs', size


def percent(share: float) -> str:
    """`6.2 %`; from 10 % on without places."""
    return f"{share * 100:.0f} %" if share >= 0.1 or share == 0 else f"{share * 100:.1f} %"


def _median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


def _share(values: Bools, side: Bools, weights: Floats) -> float:
    total = float(weights[side].sum())
    return float(weights[side & values].sum()) / total if total else 0.0
