"""Redaction: spans of a text replaced. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def mask(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The text with each (start, end, replacement) replaced; code points, in any order.

    Spans that overlap are joined and replaced by the replacement of the first, so that no part of any is left standing. Spans reaching
    outside the text are cut to it. An empty span inserts.
    """
    parts: list[str] = []
    done = 0
    for start, end, replacement in sorted(spans, key=lambda span: (span[0], -span[1])):
        start, end = max(0, start), min(end, len(text))
        if start >= done:
            parts += (text[done:start], replacement)
        done = max(done, end)
    parts.append(text[done:])
    return "".join(parts)
