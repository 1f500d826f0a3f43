"""What stands between a provider's reply and the client under the rules of one exchange: the guard on it, and who turns pseudonyms back."""

from __future__ import annotations

from collections.abc import Callable

from gateway.proxy.guard import Guarded
from gateway.proxy.reply_guard import ReplyGuard
from gateway.proxy.reply_head import ReplyHead
from gateway.proxy.restorer import Restorer


def begin(guarded: Guarded, head: ReplyHead, wake: Callable[[], None]) -> tuple[ReplyGuard | None, Restorer | None]:
    """Made when the reply's head has come; None: none is needed. wake: see ReplyGuard. Raises RelayError if a rule lets nothing of this kind through."""
    stream, content_type = head.is_stream and not head.encoded, head.content_type.lower()
    guard = restorer = None
    if guarded.reply_rules:
        guard = ReplyGuard(guarded, stream=stream, content_type=content_type, encoded=head.encoded, wake=wake, status=head.status)
        if guard.error is not None:
            raise guard.error
    if guarded.placeholders.restored and not head.encoded:
        restorer = Restorer(guarded, stream=stream, content_type=content_type)
    return guard, restorer
