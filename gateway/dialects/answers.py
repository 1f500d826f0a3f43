"""What a reply says to whoever asked: the text of each choice, without reasoning, refusals, tool calls and transcripts.

For what judges an answer as one text (its form, its sources). The segments that a dialect reads are where these come from, so a stream that was put together
and a body that came whole give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from gateway.dialects.texts import REASONING
from gateway.exchange import Segment

_ANSWER = re.compile(  # the pointer of a piece of it; the choice, where there are several
    r"/choices/(?P<choice>\d+)/(?:message/content(?:/\d+(?:/text)?)?|text)"
    r"|/candidates/(?P<candidate>\d+)/content/parts/\d+/text"
    r"|/output/\d+/content/\d+/text"
    r"|/content/\d+/text"
)


def answers(segments: Iterable[Segment]) -> tuple[str, ...]:
    """The answers of a reply, one for each choice, in order. A choice that says something else only (it calls a tool) has none; a reply without any text has one, ""."""
    said: dict[str, list[str]] = {}
    anything = False
    for segment in segments:
        anything = True
        place = _ANSWER.fullmatch(segment.pointer) if segment.role != REASONING else None
        if place is not None:
            said.setdefault(place["choice"] or place["candidate"] or "0", []).append(segment.text)
    return tuple("".join(parts) for parts in said.values()) or (() if anything else ("",))
