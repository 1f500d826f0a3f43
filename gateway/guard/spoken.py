"""The texts of a body as one who judges them should see them: by who speaks, and not in splinters.

A judge reads what is said, so a text that is long enough is judged by itself, wherever it stands, and all short ones of one source together, a line each: words,
labels and the pieces of something that was cut up say nothing each for itself. So every text of the walk is judged, unknown fields among them. One that is
very long is judged in parts that overlap: a part takes a judge some tenth of a second, after which the pool gives others their turn.

Two sources: what users, assistants and operators say, and material, which somebody else wrote (results and descriptions of tools). An instruction is
ordinary in the one and suspicious in the other; a judge is told by `Text.before`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detectors.text import Text
from gateway.dialects.leaves import Leaf

MATERIAL = "material"  # `Text.before` of such a text
_MATERIAL_ROLES = frozenset({"tool", "function", "tool_definition"})
SHORT = 80  # characters; longer texts are judged by themselves, so that those of a conversation are judged once
TOGETHER = 4000  # characters of short ones in one text
LONG, OVERLAP = 32_000, 400  # characters: of a part of a long one, and of it again in the next


def spoken(leaves: Iterable[Leaf]) -> Iterator[Text]:
    """What is to be judged, in no order that matters."""
    short: dict[str, list[str]] = {}
    sizes: dict[str, int] = {}
    for leaf in leaves:
        text = leaf.text
        if not text or text.isspace():
            continue
        source = MATERIAL if leaf.role in _MATERIAL_ROLES else ""
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
