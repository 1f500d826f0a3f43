"""The recorded corpus, tests/corpus/<dialect>/<case>/, as values: what was asked, what came back, what must be read in it.

request.json and reply.{json,sse,txt} are bodies; expected.json says the path, the status and what `reading` must find. `same_as` names the
case of the same dialect that is this one unstreamed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.dialects import DIALECTS
from gateway.dialects.base import Reply, ReplyError, Request, Route
from gateway.exchange import Segment

ROOT = Path(__file__).parent.parent / "corpus"


@dataclass(frozen=True)
class Case:
    id: str
    dialect: str
    expected: dict[str, Any]
    request: bytes
    reply: bytes
    is_sse: bool

    @property
    def route(self) -> Route:
        return DIALECTS[self.dialect].route("POST", self.expected["path"])

    @property
    def expected_request(self) -> Request:
        said = self.expected["request"]
        return Request(said["model"], said["is_stream"], tuple(Segment(*each) for each in said["segments"]))


def spelled(reply: Reply) -> dict[str, Any]:
    """A reply as expected.json spells it: usage without what is not known, everything else whole."""
    usage = None
    if reply.usage is not None:
        usage = {name: value for name, value in reply.usage._asdict().items() if value not in (None, "")}
    error: ReplyError | None = reply.error
    return {
        "model": reply.model,
        "finish_reason": reply.finish_reason,
        "segments": [[each.role, each.pointer, each.text] for each in reply.segments],
        "usage": usage,
        "complete": reply.complete,
        "error": None if error is None else [error.type, error.code, error.message],
    }


def _cases() -> list[Case]:
    found = []
    for place in sorted(ROOT.glob("*/*/expected.json")):
        folder = place.parent
        body = next(folder.glob("reply.*"))
        found.append(
            Case(
                f"{folder.parent.name}/{folder.name}",
                folder.parent.name,
                json.loads(place.read_text()),
                (folder / "request.json").read_bytes(),
                body.read_bytes(),
                body.suffix == ".sse",
            )
        )
    return found


CASES = _cases()
STREAMS = [case for case in CASES if case.is_sse]
