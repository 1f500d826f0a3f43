"""151 contexts in the styles of retrieval and tool answers, with two faithful replies each: all made up here, before the detector was changed for it.

Asked of a reply is what assistants do: work out, convert, round, translate, tell the country of a town, greet and offer. Much more of that than most traffic has.

    === KEY                         a context
    [SOURCE] text                   one or more
    --- reply, and another          in it `<<n:right|wrong>>`: what is planted there instead (n number, p name, q quotation, s source)

UNSEEN, a third drawn by the hash of KEY (37 contexts, 74 replies, 80 planted things): none of its cases was looked at while the detector was mended, but its totals were printed
some times on the way, and its writer also mended the detector. The detector as it was found: 57 of the 74 with an alarm (.77), 75 of 80 found (.94). After the work, at
first contact: 23 with an alarm (.31; bar .05), 67 found (.84; bar .95). On the 114 contexts it was mended on: .82 and .95 before, .11 and .93 after. So both bars are missed.
Fewer alarms were bought with things no longer found: a wrong number that some sum of the context's comes to by chance is doubtful, not a finding. Since derivations are weighed by
how likely they come out by chance: 12 of the 74 (.16), 68 of the 80 (.85); still none of these cases was looked at.

Later these cases were looked at and worked on, too, and scores became grades (detectors/grounding_weights): wide .03 / .85, wide-unseen .05 / .79 (alarms / found). What to expect of other texts is at the
head of grounding_daily.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import grounding_wide_a
import grounding_wide_b
import grounding_wide_c
import grounding_wide_d

PARTS = (grounding_wide_a, grounding_wide_b, grounding_wide_c, grounding_wide_d)
MARK = re.compile(r"<<([npqs]):([^<>|]*)\|([^<>|]*)>>")
_SOURCE = re.compile(r"^\[([\w.() -]+)\] ", re.MULTILINE)
Context = tuple[str, list[tuple[str, str]], list[str]]  # key, sources (id, text), marked replies


def unseen(key: str) -> bool:
    """Whether a context is of the third that was kept aside."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % 3 == 0


def contexts(*, aside: bool) -> Iterator[Context]:
    """Those kept aside, or the others."""
    return (each for part in PARTS for each in read(part.TEXT) if unseen(each[0]) is aside)


def read(text: str) -> Iterator[Context]:
    """The contexts of a text as the head of this file says it is written."""
    for block in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        key, rest = block.split("\n", 1)
        context, *replies = re.split(r"^---\n", rest, flags=re.MULTILINE)
        _, *pieces = _SOURCE.split(context)
        yield key, [(name, told.strip()) for name, told in zip(pieces[::2], pieces[1::2], strict=True)], [reply.strip() for reply in replies]
