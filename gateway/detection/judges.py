"""How the pool asks our detectors that judge whole texts. Each is loaded in the processes of its own model; what `Text.before` says is theirs alone:

    injection    whether it is material (gateway.guard.spoken.MATERIAL), written by somebody else
    format       the name of the assertions that hold, as in `detectors.formats`
    grounding    what was asked, as JSON: [{"id", "text"}, ...] (gateway.guard.whole_reply)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from detectors.base import Finding
from detectors.text import Text
from gateway.guard.spoken import MATERIAL

if TYPE_CHECKING:
    from detectors.format import Assertions


class Injections:
    """What users say, and what tools and documents do, each by its own measure."""

    name = "injection"

    def __init__(self) -> None:
        from detectors.injection import Injection

        self._said, self._material = Injection("user"), Injection("material")

    def find_all(self, texts: Sequence[Text]) -> list[list[Finding]]:
        return [(self._material if text.before == MATERIAL else self._said).find(Text(text.raw)) for text in texts]


def assertions(fields: Mapping[str, Any]) -> Assertions:
    """fields: as JSON has them."""
    from detectors.format import Assertions

    said: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    return Assertions(**said)


class Formats:
    """All assertions of the configuration."""

    name = "format"

    def __init__(self, formats: Mapping[str, Mapping[str, Any]]) -> None:
        """formats: by name, the fields of detectors.format.Assertions as JSON has them. Raises ValueError for what cannot be asserted."""
        from detectors.format import Format

        self._formats = {name: Format(assertions(fields)) for name, fields in formats.items()}

    def find_all(self, texts: Sequence[Text]) -> list[list[Finding]]:
        return [self._formats[text.before].find(Text(text.raw)) if text.before else [] for text in texts]  # a process that begins is given a text for nobody


class Groundings:
    """Answers against what was asked."""

    name = "grounding"

    def __init__(self) -> None:
        from detectors.grounding import Grounding, Source

        self._grounding, self._source = Grounding(), Source

    def find_all(self, texts: Sequence[Text]) -> list[list[Finding]]:
        return [self._grounding.check(text.raw, [self._source(each["id"], each["text"]) for each in json.loads(text.before or "[]")]) for text in texts]
