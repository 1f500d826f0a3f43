"""The labelled texts: where they are, where to get them, and how they are read."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kinds
from score import Span

FILE = "pii_presidio_research_v2.json.gz"
VARIABLE = "TIDEGATE_EVAL_DATA"
WHERE = f"""{FILE} was not found. It is data/synth_dataset_v2.json of microsoft/presidio-research (MIT), 1,500 made-up texts with
spans, compressed with gzip. Put it into a directory and name that: make eval-guards DATA=directory, or {VARIABLE}=directory.
Without it everything but the scores on that set is measured."""


@dataclass(frozen=True, slots=True)
class Row:
    """A text and its true spans, types as in kinds.TRUE."""

    text: str
    true: tuple[Span, ...]


def read(directory: Path) -> list[Row]:
    """All texts. Raises FileNotFoundError, saying where to get them."""
    path = directory / FILE
    if not path.is_file():
        raise FileNotFoundError(WHERE)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        found: list[dict[str, Any]] = json.load(file)
    return [Row(each["full_text"], tuple((s["start_position"], s["end_position"], kinds.TRUE.get(s["entity_type"], s["entity_type"])) for s in each["spans"])) for each in found]
