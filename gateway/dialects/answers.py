"""What a reply says to whoever asked: the text of each choice, without reasoning, refusals, tool calls and transcripts.

For what judges an answer as one text (its form, its sources). The segments that a dialect reads are where these come from, so a stream that was put together
and a body that came whole give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from gateway.dialects.lenient import obj, seq
from gateway.dialects.texts import REASONING
from gateway.exchange import Segment

_ANSWER = re.compile(  # the pointer of a piece of it; the choice, where there are several
    r"/choices/(?P<choice>\d+)/(?:message/content(?:/\d+(?:/text)?)?|text)"
    r"|/candidates/(?P<candidate>\d+)/content/parts/\d+/text"
    r"|/output/\d+/content/\d+/text"
    r"|/content/\d+/text"
)
_CHOICE = re.compile(r"/(?:choices|candidates)/(\d+)/")

_RESOURCE = re.compile(  # what is kept at a provider, not asked of a model; and replies that are no text
    r"/v1(?:beta)?/(?:files|uploads|batches|fine_tuning|vector_stores|containers|images|videos|evals|conversations|assistants|cachedContents|tunedModels|corpora|messages/batches|audio/speech)(?:[/:?]|\Z)"
)


def is_resource(path: str) -> bool:
    """Whether a path is one that nothing answers. path: as the provider sees it, without query."""
    return _RESOURCE.match(path) is not None


def answers(segments: Iterable[Segment], whole: Any = None) -> tuple[str, ...]:
    """The answers of a reply, one for each choice, in order. A choice that says something else only (it calls a tool) has none; one without any text has one, "".

    whole: the reply, which knows of choices that say nothing.
    """
    said: dict[str, list[str]] = {}
    spoke: set[str] = set()  # choices that say anything
    for segment in segments:
        place, choice = _ANSWER.fullmatch(segment.pointer) if segment.role != REASONING else None, _CHOICE.match(segment.pointer)
        spoke.add(choice[1] if choice is not None else "0")
        if place is not None:
            said.setdefault(place["choice"] or place["candidate"] or "0", []).append(segment.text)
    for at, calls in enumerate(_choices(whole)):
        if str(at) not in spoke and not calls:
            said[str(at)] = []
    return tuple("".join(said[choice]) for choice in sorted(said, key=int))


def _choices(whole: Any) -> list[bool]:
    """Of each choice whether it calls a tool, which may be without a word."""
    reply = obj(whole)
    for of in ("choices", "candidates"):
        if choices := seq(reply.get(of)):
            return [_calls(choice) for choice in choices]
    return [_calls(reply)]


def _calls(choice: Any) -> bool:
    said = obj(choice)
    message = obj(said.get("message"))
    if message.get("tool_calls") or message.get("function_call"):
        return True
    parts = [*seq(said.get("content")), *seq(said.get("output")), *seq(obj(said.get("content")).get("parts"))]
    return any("functionCall" in part or str(part.get("type", "")).endswith(("_use", "_call")) for part in map(obj, parts))
