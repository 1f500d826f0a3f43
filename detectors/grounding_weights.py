"""How sure it is that a number of a reply is wrong, from what speaks for it and against it.

For it: that it can be worked out, the less likely by chance the better; that the reply says so; that it is made up for an example. Against it: that it looks like one which the context has and
the reply leaves out, the less likely by chance the better; that it stands where one of those would. Each has a weight, in log odds; the weights were fitted by a
logistic regression (evaluation/guards/grounding_fit.py, which names the sets) on right and wrong numbers of replies, and so is the place of the threshold of .5. One that comes out of nothing has at least
INVENTED: wrong numbers that people plant look like right ones, so a regression on those cannot know it.

So a score is a grade of evidence and no probability: how many numbers of traffic are wrong is not known here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from detectors.grounding_aligned import UNKNOWN, Alignment
from detectors.grounding_places import IN_PLACE, LIKE, Likeness

_LEAST, _MOST = 1e-4, 8.0  # chances beyond are as good as these
_LITTLE = 1e-2
_UNLIKE = 1e-3
# So much it adds, in log odds, that a number is wrong; as grounding_fit.py --weights prints them
BIAS = -1.20
INVENTED = 0.6  # of a number that comes out of nothing
WEIGHTS = {
    "chance": 0.99, "unreached": 1.20, "tried": 0.28, "like_chance": -0.37, "like_unreached": 0.95, "like": 2.00, "by_chance": -0.74, "words": 0.09, "swapped": 1.08, "like_unit": 1.63, "in_place": 0.16, "in_place_unit": 0.83, "in_place_words": 0.14, "in_place_shape": 1.01, "in_place_all": 0.24, "cue_1": -0.02, "cue_2": -0.72, "cue_3": -1.15, "like_cue_3": -0.18, "small": -0.47, "again": -4.07, "rounded": 0.24, "between": -3.02, "supposed": -1.41, "like_excused": 0.99, "worked": -0.41, "like_worked": 0.33, "percent": -0.71, "about": -0.86, "unit": -1.03, "spelled": -0.41, "digits": -0.12, "one_digit": -0.62, "two_steps": 0.79, "left": 0.04, "left_shape": 0.81, "many": -0.13, "beside": -0.10, "told": -0.78, "told_chance": 1.01, "joined": -0.72, "joined_chance": 0.12, "exceeds": 1.19, "replaces": 1.08,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """reached, chance: as in grounding_ways.  cue: how plainly the reply says that it worked the number out, 3 to 0.  digits: those that tell something.  excuse: why it may be right without being worked out:
    small, again, rounded, between, supposed; or "".
    worked: grounding_sums takes it for worked out.  exceeds: it is more of a thing than the context counts.  replaces: it stands between the words of
    one that is left out."""

    reached: bool
    chance: float
    likeness: Likeness
    cue: int
    digits: int
    excuse: str
    worked: bool
    percent: bool
    about: bool
    unit: bool
    spelled: bool
    two_steps: bool = False
    aligned: Alignment = UNKNOWN
    exceeds: bool = False
    replaces: bool = False


def features(of: Evidence) -> dict[str, float]:
    """What the weights are for."""
    like, unreached, place = of.likeness.how == LIKE, not of.reached, of.likeness.how == IN_PLACE
    chance = math.log10(min(max(of.chance, _LEAST), _MOST)) * of.reached
    near = of.aligned
    tried = math.log10(min(max(of.chance, _LITTLE), _MOST)) * unreached
    return {
        "chance": chance, "unreached": unreached, "tried": tried, "like_chance": chance * like, "like_unreached": like and unreached,
        "like": like, "by_chance": math.log10(max(of.likeness.chance, _UNLIKE)) * like, "words": min(of.likeness.words, 4) * like, "swapped": like and of.likeness.swapped, "like_unit": like and of.likeness.unit,
        "in_place": place, "in_place_unit": not like and of.likeness.unit, "in_place_words": min(of.likeness.words, 4) * (not like), "in_place_shape": not like and of.likeness.swapped, "in_place_all": not like and of.likeness.swapped and of.likeness.unit and of.likeness.words > 0,
        "cue_1": of.cue == 1, "cue_2": of.cue == 2, "cue_3": of.cue == 3, "like_cue_3": like and of.cue == 3,
        "small": of.excuse == "small", "again": of.excuse == "again", "rounded": of.excuse == "rounded", "between": of.excuse == "between", "supposed": of.excuse == "supposed", "like_excused": like and of.excuse != "",
        "worked": of.worked, "like_worked": like and of.worked, "percent": of.percent, "about": of.about, "unit": of.unit, "spelled": of.spelled, "digits": min(of.digits, 5), "one_digit": of.digits <= 1,
        "two_steps": of.two_steps, "left": near.left, "left_shape": near.left * near.shape, "many": min(near.many, 5), "beside": near.beside,
        "told": near.told[0], "told_chance": _log(near.told), "joined": near.joined[0], "joined_chance": _log(near.joined), "exceeds": of.exceeds, "replaces": of.replaces,
    }  # fmt: skip


def _log(way: tuple[bool, float]) -> float:
    return way[0] * math.log10(min(max(way[1], _LEAST), _MOST))


def doubt(of: Evidence) -> float:
    """The score of a finding, from .01 to .99."""
    score = min(0.99, max(0.01, round(1 / (1 + math.exp(-BIAS - sum(WEIGHTS[name] * value for name, value in features(of).items()))), 2)))
    return max(score, INVENTED) if _from_nowhere(of) else score


def _from_nowhere(of: Evidence) -> bool:
    """It comes out of nothing in the context, and nothing is said for it."""
    return not (of.reached or of.worked or of.cue or of.excuse or of.about or of.spelled) and of.digits > 1
