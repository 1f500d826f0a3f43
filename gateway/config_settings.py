"""The base of every part of `tidegate.yaml`."""

from __future__ import annotations

import os
import re
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationInfo, field_validator

# Secrets go through these models: no other package is to look on. And to look for such packages would be to read what every one of them says of itself, in each process.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


_SENT = frozenset({"key", "token"})  # secrets that stand in a header, where a line end would begin another one
_FIT = re.compile("[!-~]+")


class GuardSettings(BaseModel):
    """Frozen, unknown keys refused; a single word where a list may stand is a list of one."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _as_meant(cls, value: Any, info: ValidationInfo) -> Any:
        hint = cls.model_fields[str(info.field_name)].annotation
        if value == "" and SecretStr in get_args(hint):  # an environment variable that is set to nothing, most often: it would read as if none were asked for
            raise ValueError("is empty; give it a value, or take the key out")
        if info.field_name in _SENT and SecretStr in get_args(hint) and isinstance(value, str) and not _FIT.fullmatch(value):
            raise ValueError("holds a blank, a line end or a sign that is not ASCII, which cannot be sent; expected the bare secret")
        if isinstance(value, bool) and hint in (int, float):
            raise ValueError(f"found {str(value).lower()}; expected a number")  # Python would take it for 1 or 0
        words = get_origin(hint) is tuple and not isinstance(get_args(hint)[0], type(BaseModel))
        return (value,) if isinstance(value, str) and words else value
