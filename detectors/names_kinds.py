"""The kinds of the names tier, for those who must not load a model to know them."""

from __future__ import annotations

NAME_KINDS = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "NRP", "DATE_TIME", "AGE"})
