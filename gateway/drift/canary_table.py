"""What a canary is, and how it is asked in each dialect: path below the provider's name, headers, body.

Pure. A canary goes through the gate like any call, so it is recorded, priced and guarded like any; its tags say which canary it is, of which batch, and of which wording,
so that replies to another prompt, model or temperature are never compared with those to this one; its session, which the store has an index for, finds it. Tags are spelled in letters: numbers and hexadecimal digits might
be taken for somebody's, and masked.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import orjson

ENV = "canary"
NAME_TAG, BATCH_TAG, WORDING_TAG = "canary", "canary_batch", "canary_wording"
GATEWAY_KEY = "tg-"  # what gateway keys begin with
_REASONING = re.compile(r"(?:o[1-9]|gpt-5)")  # models of OpenAI's that take no temperature and another name for max_tokens
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


@dataclass(frozen=True, slots=True)
class Canary:
    """One. messages: role (system, user, assistant) and text.  key: a gateway key, or the provider's own where the gate holds none; "": neither.

    repeat: calls of a batch.  every_s: from batch to batch.  temperature None: not sent.
    """

    name: str
    provider: str
    dialect: str
    model: str
    messages: tuple[tuple[str, str], ...]
    repeat: int = 5
    every_s: float = 21_600.0
    app: str = "canary"
    max_tokens: int = 256
    temperature: float | None = 0.0
    key: str = field(default="", repr=False)

    @property
    def wording(self) -> str:
        """The same for what is the same question."""
        asked = [self.provider, self.dialect, self.model, [list(each) for each in self.messages], self.max_tokens, self.temperature]
        return hashlib.sha256(orjson.dumps(asked)).hexdigest()[:12].translate(_LETTERS)

    @property
    def session(self) -> str:
        """Of all its calls."""
        return f"{ENV}-{self.name}"

    @property
    def path(self) -> str:
        """Below the gate's address."""
        tail = {"anthropic": "v1/messages", "gemini": f"v1beta/models/{quote(self.model, safe='')}:generateContent"}.get(self.dialect, "v1/chat/completions")
        return f"/{self.provider}/{tail}"

    @property
    def body(self) -> bytes:
        """The request's body, always the same bytes."""
        make = {"anthropic": self._anthropic, "gemini": self._gemini}.get(self.dialect, self._openai)
        return orjson.dumps(make())

    def headers(self, batch: str) -> dict[str, str]:
        """Of one call. batch: as `batch_of` names it."""
        tags = {NAME_TAG: self.name, BATCH_TAG: batch, WORDING_TAG: self.wording}
        said = {
            "content-type": "application/json",
            "x-tidegate-app": self.app,
            "x-tidegate-env": ENV,
            "x-tidegate-session": self.session,
            "x-tidegate-tags": ",".join(f"{key}={value}" for key, value in tags.items()),
        }
        if self.dialect == "anthropic":
            said["anthropic-version"] = "2023-06-01"
        if self.key.startswith(GATEWAY_KEY):
            said["x-tidegate-key"] = self.key
        elif self.key:
            name, value = {"anthropic": ("x-api-key", self.key), "gemini": ("x-goog-api-key", self.key)}.get(self.dialect, ("authorization", f"Bearer {self.key}"))
            said[name] = value
        return said

    def _openai(self) -> Mapping[str, Any]:
        body: dict[str, Any] = {"model": self.model, "messages": [{"role": role, "content": text} for role, text in self.messages]}
        if _REASONING.match(self.model):
            return {**body, "max_completion_tokens": self.max_tokens}
        return {**body, "max_tokens": self.max_tokens, **self._heat}

    def _anthropic(self) -> Mapping[str, Any]:
        said = [{"role": role, "content": text} for role, text in self.messages if role != "system"]
        return {"model": self.model, "max_tokens": self.max_tokens, "messages": said, **({"system": self._system} if self._system else {}), **self._heat}

    def _gemini(self) -> Mapping[str, Any]:
        said = [{"role": "model" if role == "assistant" else "user", "parts": [{"text": text}]} for role, text in self.messages if role != "system"]
        system = {"systemInstruction": {"parts": [{"text": self._system}]}} if self._system else {}
        return {"contents": said, **system, "generationConfig": {"maxOutputTokens": self.max_tokens, **self._heat}}

    @property
    def _system(self) -> str:
        return "\n\n".join(text for role, text in self.messages if role == "system")

    @property
    def _heat(self) -> dict[str, float]:
        return {} if self.temperature is None else {"temperature": self.temperature}


def batch_of(moment: dt.datetime) -> str:
    """A batch's name: when it was asked, to the millisecond, in letters. Names of equal length sort by time."""
    return f"{int(moment.timestamp() * 1000):012x}".translate(_LETTERS)
