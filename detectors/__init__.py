"""Detectors: text in, findings out. Pure, and each usable alone: `python -m detectors NAME < text`.

`pii` has two tiers: patterns (fast, in the proxy's workers) and `names` (a language model, in the detector pool); detectors.tiers joins them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detectors.base import Detector


def _pii() -> Detector:
    from detectors.pii import Pii

    return Pii()


def _names() -> Detector:
    from detectors.names import Names

    return Names()


def _secrets() -> Detector:
    from detectors.secrets import Secrets

    return Secrets()


# Name -> what builds it with its defaults. Builders import, so that a process pays for what it uses and no more.
DETECTORS: Mapping[str, Callable[[], Detector]] = {"pii": _pii, "names": _names, "secrets": _secrets}
