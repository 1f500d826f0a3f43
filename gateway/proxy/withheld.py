"""What a provider has given and the caller did not get, for the record: how much it was, and nothing of what it said.

A provider bills a reply whether or not a rule lets it pass. So a worker looks, once and only of such a reply, for what its row needs to say what it cost: the provider's
usage, the model's name, and how long the texts were, should there be no usage. The bytes themselves go nowhere.
"""

from __future__ import annotations

from typing import Any

from gateway.dialects.base import Operation
from gateway.dialects.reading import read_reply
from gateway.dialects.shapes import is_model
from gateway.dialects.sse import is_framed
from gateway.exchange import Place
from gateway.proxy.attempt import Attempt
from gateway.proxy.guard import Guarded
from gateway.proxy.kept import Kept
from gateway.proxy.reply_guard import ReplyGuard
from gateway.proxy.restorer import Restorer
from gateway.proxy.trouble import report

MAX_BODY_BYTES = 8 << 20  # of one that is read whole: some 8 ms
MAX_STREAM_BYTES = 1 << 20  # some 2 ms, 20 if no event is like another; of a longer stream its two ends are read
END_BYTES = 64 << 10


def withhold(guarded: Guarded, guard: ReplyGuard | None, restorer: Restorer | None, kept: Kept, attempt: Attempt, *, again: bool = False) -> None:
    """Nothing more of this attempt's reply is given out. again: another one takes its place. Raises nothing: the answer must not depend on it."""
    if not 200 <= attempt.status < 300:
        return
    place = Place.BEFORE if again else Place.REST if kept.replaced is None else Place.WHOLE
    try:
        came = kept.replaced or b""
        if restorer is not None and kept.replaced is not None:  # which has those, too, that are in the journal by now
            came = restorer.withheld() or came
        data = came + (guard.withheld() if guard is not None else b"")
        told = measured(guarded.destination.meaning.operation, attempt.status, data)
    except Exception as e:  # noqa: BLE001
        report("withheld_unread", e)
        told = {}
    if told or place is not Place.REST:
        guarded.withheld.append({"place": place.value, "provider": attempt.provider.name, **told})


def measured(operation: Operation, status: int, data: bytes) -> dict[str, Any]:
    """As `Closed.withheld` has it, without place and provider; {} if there is nothing to measure. data: a reply, or the end of one that has begun."""
    read, share = data, 1.0
    if len(data) > MAX_STREAM_BYTES and is_framed(data):
        read, share = data[:END_BYTES] + b"\n\n" + data[-END_BYTES:], len(data) / (2 * END_BYTES)  # readers leave out what is cut
    if not read.strip() or len(read) > MAX_BODY_BYTES:
        return {}
    reply = read_reply(operation, status, "", read)
    told: dict[str, Any] = {"said_bytes": int(share * sum(len(segment.text.encode("utf-8", "replace")) for segment in reply.segments)), "complete": reply.complete}
    if is_model(reply.model):
        told["model"] = reply.model
    if reply.usage is not None:
        told["tokens"] = {name: count for name, count in reply.usage._asdict().items() if name != "note" and count is not None}
        told["note"] = reply.usage.note
    return told
