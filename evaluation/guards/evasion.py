"""Recall of the deterministic detectors when what they look for is written so that an expression does not see it.

Each transform of tests/detectors/transforms.py is applied to one structured value inside a plain sentence; found means that a finding of
the same kind covers at least half of it. The drop is against the same values as they are; secrets that only the name beside them gives
away are not among them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from detectors.pii import Pii
from detectors.secrets import Secrets
from detectors.text import Text
from tests.detectors import made_up_secrets
from tests.detectors.transforms import TRANSFORMS

# Documented examples and reserved ranges, all of at least 12 characters.
_VALUES = {
    "CREDIT_CARD": ("4111 1111 1111 1111", "5555555555554444", "3782-822463-10005", "6011111111111117", "30569309025904"),
    "IBAN_CODE": ("GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "FR1420041010050500013M02606", "NL91ABNA0417164300"),
    "EMAIL_ADDRESS": ("carol.jones@example.org", "dev+test@mail.example.com", "a.b.c@example.co.uk", "info@example.museum"),
    "IP_ADDRESS": ("203.0.113.195", "198.51.100.237", "2001:db8:85a3::8a2e:370:7334"),
    "PHONE_NUMBER": ("+44 20 7946 0958", "+1 415-555-0132", "(212) 555-0199", "+49 30 901820 12"),
}
_FRAMES = ("please use {} for this", "it is {}, thank you")
_SECRETS_EACH = 3


def measure() -> dict[str, Any]:
    """Recall by transform for each detector, and the worst and mean drop in points."""
    pii, secrets = Pii(), Secrets()
    personal = [(kind, value) for kind, values in _VALUES.items() for value in values]
    made = [(each.kind, each.secret) for each in made_up_secrets.secrets(_SECRETS_EACH, seed=5)]
    keys = [(kind, secret) for kind, secret in made if secret.isascii() and len(secret) >= 12 and _recall(secrets.find, [(kind, secret)], str) == 1]
    return {"pii": _drops(pii.find, personal), "secrets": _drops(secrets.find, keys)}


def _drops(find: Callable[[Text], Any], values: list[tuple[str, str]]) -> dict[str, Any]:
    plain = _recall(find, values, str)
    by_transform = {name: _recall(find, values, transform) for name, transform in TRANSFORMS.items()}
    total = sum(by_transform.values()) / len(by_transform)
    return {
        "values": len(values),
        "plain_recall": round(plain, 3),
        "mean_drop_points": round(100 * (plain - total), 2),
        "transforms": len(by_transform),
        "transforms_with_more_than_2_points": {name: round(100 * (plain - recall), 1) for name, recall in by_transform.items() if plain - recall > 0.02},
    }


def _recall(find: Callable[[Text], Any], values: list[tuple[str, str]], transform: Callable[[str], str]) -> float:
    found = 0
    for kind, value in values:
        for frame in _FRAMES:
            hidden = transform(value)
            start = frame.index("{}")
            text = Text(frame.replace("{}", hidden))
            covered = max((min(f.end, start + len(hidden)) - max(f.start, start) for f in find(text) if f.kind == kind), default=0)
            found += covered >= len(hidden) / 2
    return found / (len(values) * len(_FRAMES))
