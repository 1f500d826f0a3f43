"""How sure it is that a number of a reply is wrong, from what speaks for it and against it.

For it: that it can be worked out, the less likely by chance the better; that the reply says so; that it is made up for an example. Against it: that it looks like one which the context has and
the reply leaves out, the less likely by chance the better; that what stands beside it in brackets comes to something else. Each has a weight, in log odds; the weights were fitted by a
logistic regression (evaluation/guards/grounding_fit.py, which names the sets) on right and wrong numbers of replies, and so is the place of the threshold of .5.

So a score is a grade of evidence and no probability: how many numbers of traffic are wrong is not known here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from detectors.grounding_places import IN_PLACE, LIKE, Likeness

_LEAST, _MOST = 1e-4, 8.0  # chances beyond are as good as these
_UNLIKE = 1e-3
# So much it adds, in log odds, that a number is wrong; as grounding_fit.py --weights prints them
BIAS = -0.79
WEIGHTS = {
    "chance": 1.26, "unreached": -0.33, "like_chance": -0.28, "like_unreached": 1.76, "like": 1.47, "by_chance": -0.84, "words": 0.26, "swapped": 2.29, "like_unit": 1.10, "in_place": 0.86, "in_place_unit": 0.70, "cue_1": -0.28, "cue_2": -1.40, "cue_3": -1.06, "like_cue_3": -1.00, "small": -0.31, "again": -5.73, "between": -3.01, "supposed": -1.07, "like_excused": 0.85, "conflict": 4.16, "percent": -1.04, "about": -1.55, "unit": -0.63, "spelled": -0.43, "digits": -0.05, "one_digit": -0.95,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """chance: as in grounding_ways.  cue: how plainly the reply says that it worked the number out, 3 to 0.  digits: those that tell something.  excuse: why it may be right without being worked out:
    small, again, between, supposed; or "".  conflict: the reply puts it beside another measure that it does not come to."""

    chance: float
    likeness: Likeness
    cue: int
    digits: int
    excuse: str
    conflict: bool
    percent: bool
    about: bool
    unit: bool
    spelled: bool


def features(of: Evidence) -> dict[str, float]:
    """What the weights are for."""
    like, unreached, place = of.likeness.how == LIKE, of.chance > _MOST, of.likeness.how == IN_PLACE
    chance = math.log10(min(max(of.chance, _LEAST), _MOST))
    return {
        "chance": chance, "unreached": unreached, "like_chance": chance * like, "like_unreached": like and unreached,
        "like": like, "by_chance": math.log10(max(of.likeness.chance, _UNLIKE)) * like, "words": min(of.likeness.words, 4) * like, "swapped": of.likeness.swapped, "like_unit": like and of.likeness.unit,
        "in_place": place, "in_place_unit": place and of.likeness.unit,
        "cue_1": of.cue == 1, "cue_2": of.cue == 2, "cue_3": of.cue == 3, "like_cue_3": like and of.cue == 3,
        "small": of.excuse == "small", "again": of.excuse == "again", "between": of.excuse == "between", "supposed": of.excuse == "supposed", "like_excused": like and of.excuse != "",
        "conflict": of.conflict, "percent": of.percent, "about": of.about, "unit": of.unit, "spelled": of.spelled, "digits": min(of.digits, 5), "one_digit": of.digits <= 1,
    }  # fmt: skip


def doubt(of: Evidence) -> float:
    """The score of a finding, from 0 to 1."""
    return round(1 / (1 + math.exp(-BIAS - sum(WEIGHTS[name] * value for name, value in features(of).items()))), 3)
