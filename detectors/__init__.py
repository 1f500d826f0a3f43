"""Detectors: text in, findings out. Pure, and each usable alone: `python -m detectors NAME < text`.

`pii` has two tiers: patterns (fast, in the proxy's workers) and `names` (a language model, in the detector pool); detectors.tiers joins them.
What judges a text as a whole, and not piece by piece, is in JUDGES: it gives a score for every kind, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detectors.base import Detector, Finding
    from detectors.text import Text

    # A text and where it is from (user | material) -> findings, and the score of every kind.
    Judge = Callable[[Text, str], tuple[list[Finding], Mapping[str, float]]]


def _pii() -> Detector:
    from detectors.pii import Pii

    return Pii()


def _names() -> Detector:
    from detectors.names import Names

    return Names()


def _secrets() -> Detector:
    from detectors.secrets import Secrets

    return Secrets()


def _injection() -> Judge:
    from detectors.injection import Injection

    detector = Injection()

    def judge(text: Text, source: str) -> tuple[list[Finding], Mapping[str, float]]:
        judgement = detector.judge(text, "material" if source == "material" else "user")
        return judgement.findings, judgement.scores

    return judge


def _moderation() -> Judge:
    from detectors.moderation import Moderation

    detector = Moderation()
    return lambda text, _: detector.judge(text)


# Name -> what builds it with its defaults. Builders import, so that a process pays for what it uses and no more.
DETECTORS: Mapping[str, Callable[[], Detector]] = {"pii": _pii, "names": _names, "secrets": _secrets}
JUDGES: Mapping[str, Callable[[], Judge]] = {"injection": _injection, "moderation": _moderation}
