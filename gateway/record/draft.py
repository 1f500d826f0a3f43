"""An Exchange is frozen, and a frozen class sets each of its sixty fields by a call: a quarter of what a record costs. So it is filled in as a draft, which
has the same fields and is not frozen, and then becomes what it is. Field by field, for a call with sixty names takes ten times as long.
"""

from __future__ import annotations

from dataclasses import fields, make_dataclass

from gateway.exchange import Exchange

_CONTENT = ("usage_raw", "prompt_text", "reply_text", "request_body", "reply_body")
_Draft = make_dataclass("_Draft", [(of.name, of.type) for of in fields(Exchange)], slots=True, eq=False, init=False)


def begun() -> Exchange:
    """A draft, none of whose fields is set yet: all of them must be."""
    draft: Exchange = _Draft()
    return draft


def finished(draft: Exchange) -> Exchange:
    """The draft as the Exchange that it is from now on."""
    object.__setattr__(draft, "__class__", Exchange)
    return draft


def without_content(exchange: Exchange) -> Exchange:
    """The same without what was said: what is left to do once its row is made, where nobody is told of that. The exchange itself, which nobody else may have yet."""
    for name in _CONTENT:
        object.__setattr__(exchange, name, "")
    return exchange
