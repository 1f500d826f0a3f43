"""What is disguised is found all the same (T15): two hundred positives in more than forty disguises, each as a message of a whole request.

Claimed for deterministic disguises only, which a reader or a model undoes by a rule: other letters, invisible ones, codes, escapes. Not for paraphrase.
"""

from __future__ import annotations

import json
import random

import pytest

from gateway.dialects import DIALECTS
from tests.detectors.made_up_secrets import Made, secrets
from tests.detectors.transforms import TRANSFORMS
from tests.guard.test_splits import personal
from tests.support.planting import FLAGS, request

CHAT = DIALECTS["openai"].route("POST", "/v1/chat/completions").operation
MOST_LOST = 2.0  # points of recall
_LUCK = random.Random(15)
_FRAMES = ("Please keep this for later: {} and thanks.", "{}", "first line\nnote {}\n\nlast line", "What does ({}) mean?")
POSITIVES = {
    "secrets": _LUCK.sample([made for made in secrets(4, seed=41) if made.end - made.start < 400], 100),
    "pii": [made for made in personal(30, seed=42) if made.text.isascii()][:100],
}


def seen(made: Made, text: str) -> bool:
    """Whether a request that says so is known to hold what it holds: personal data of that kind, a secret of whatever name."""
    got = request("openai", CHAT, json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]}).encode(), FLAGS)
    return any(f.kind == made.kind or (f.detector == "secrets" and made in POSITIVES["secrets"]) for f in got.tally.findings())


def recall(group: str, disguise: str) -> float:
    """In points. The text around a secret often says what it is (`password=`), so it is disguised with it; a frame around that is not."""
    change = TRANSFORMS[disguise] if disguise else str
    found = [seen(made, _FRAMES[n % len(_FRAMES)].replace("{}", change(made.text))) for n, made in enumerate(POSITIVES[group])]
    return 100 * sum(found) / len(found)



@pytest.fixture(scope="module")
def plain() -> dict[str, float]:
    return {group: recall(group, "") for group in POSITIVES}


def test_there_is_enough_to_find(plain):
    """A drop is only worth something from a height."""
    assert len(TRANSFORMS) >= 20 and all(len(group) == 100 for group in POSITIVES.values())
    assert all(found >= 98 for found in plain.values()), plain


@pytest.mark.slow
@pytest.mark.covers("T15")
@pytest.mark.parametrize("disguise", TRANSFORMS)
def test_a_disguise_costs_at_most_two_points(plain, disguise):
    """For secrets and for personal data each."""
    lost = {group: plain[group] - recall(group, disguise) for group in POSITIVES}
    assert all(each <= MOST_LOST for each in lost.values()), lost
