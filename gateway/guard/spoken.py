"""The texts of a body as one who judges them should see them: by who speaks, and not in splinters.

A judge reads what is said, so a text that is long enough is judged by itself, wherever it stands, and all short ones of one source together, a line each: words,
labels and the pieces of something that was cut up say nothing each for itself. Texts that a reader sees as one (the parts of a message) are one here, too. So every text of the walk is judged, unknown fields among them. One that is
very long is judged in parts that overlap: a part takes a judge some tenth of a second, after which the pool gives others their turn.

Two sources: what users, assistants and operators say, and material, which somebody else wrote (results and descriptions of tools). An instruction is
ordinary in the one and suspicious in the other; a judge is told by `Text.before`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.text import Text
from gateway.dialects.leaves import Walked

MATERIAL = "material"  # `Text.before` of such a text
_MATERIAL_ROLES = frozenset({"tool", "function", "tool_definition"})
SHORT = 80  # characters; longer texts are judged by themselves, so that those of a conversation are judged once
_PART = re.compile(r"(?:/\d+(?=/candidates/))?(.*/(?:content|parts|input|system))/\d+(?:/text)?")  # Gemini's streams may be an array of replies
TOGETHER = 4000  # characters of short ones in one text
LONG, OVERLAP = 32_000, 400  # characters: of a part of a long one, and of it again in the next


def spoken(walked: Walked) -> Iterator[Text]:
    """What is to be judged, in no order that matters."""
    short: dict[str, list[str]] = {}
    sizes: dict[str, int] = {}
    for role, text in _messages(walked):
        if not text or text.isspace():
            continue
        source = MATERIAL if role in _MATERIAL_ROLES else ""
        if len(text) > SHORT:
            for start in range(0, max(1, len(text) - OVERLAP), LONG - OVERLAP):
                yield Text(text[start : start + LONG], source)
            continue
        if sizes.get(source, 0) + len(text) > TOGETHER:
            yield Text("\n".join(short.pop(source)), source)
            sizes[source] = 0
        short.setdefault(source, []).append(text)
        sizes[source] = sizes.get(source, 0) + len(text) + 1
    for source, texts in short.items():
        yield Text("\n".join(texts), source)


def _messages(walked: Walked) -> Iterator[tuple[str, str]]:
    """(role, text): the parts of one message are one text, for a reader sees them so; turns of a conversation are several."""
    leaves = walked.leaves
    parts: dict[int, list[int]] = {}  # of a message, by its first
    later: set[int] = set()
    for chain in walked.chains:
        last, first = "", 0
        for index in chain:
            leaf = leaves[index]
            part = _PART.fullmatch(leaf.pointer)
            message = f"{leaf.role} {part[1]}" if part is not None else ""
            if message and message == last:
                parts[first].append(index)
                later.add(index)
            else:
                last, first = message, index
                parts[first] = [index]
    for index, leaf in enumerate(leaves):
        if index not in later:
            yield leaf.role, "".join(leaves[each].text for each in parts[index]) if index in parts else leaf.text
