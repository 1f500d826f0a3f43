"""An Exchange is frozen, and a frozen class sets each of its sixty fields by a call: a quarter of what a record costs. So it is filled in as a draft, which
has the same fields and is not frozen, and then becomes what it is.
"""

from __future__ import annotations

from dataclasses import fields, make_dataclass
from typing import TYPE_CHECKING

from gateway.exchange import Exchange

_CONTENT = ("usage_raw", "prompt_text", "reply_text", "request_body", "reply_body")

if TYPE_CHECKING:
    Draft = Exchange
else:
    Draft = make_dataclass("Draft", [(of.name, of.type, of) for of in fields(Exchange)], slots=True, eq=False)


def finished(draft: Exchange) -> Exchange:
    """The draft as the Exchange that it is from now on."""
    object.__setattr__(draft, "__class__", Exchange)
    return draft


def without_content(exchange: Exchange) -> Exchange:
    """The same without what was said: what is left to do once its row is made, where nobody is told of that. The exchange itself, which nobody else may have yet."""
    for name in _CONTENT:
        object.__setattr__(exchange, name, "")
    return exchange
