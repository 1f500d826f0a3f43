"""Exchanges out of the store, one after the other, newest first, as what guards look at: for commands that try rules and detectors on them.

What is stored is what the provider was sent and the client given, without what `on: log` rules took out. A detector of what they take finds their
placeholders in its place, which is nothing; `masked` says of an exchange that it holds some.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import orjson

from gateway.commands import stored
from gateway.commands.export import stamp
from gateway.dialects import operation_of
from gateway.dialects.base import Operation
from gateway.dialects.leaves import Unreadable, Walked
from gateway.dialects.sse import events
from gateway.dialects.text_body import WalkedText
from gateway.dialects.walk import walk_reply, walk_request
from gateway.exchange import Outcome
from gateway.store.target import Target

PAGE = 200  # exchanges in one question to the store: they are held while they are judged
_COLUMNS = "id, started_at, app, env, prompt_name, request_model, dialect, method, endpoint, ifNull(status, 0) AS status, ifNull(upstream_status, 0) AS upstream_status, outcome, verdict, request_body, reply_body, body_note"
_LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff"
_PLACEHOLDER = re.compile(r"<[A-Z][A-Z0-9_]{2,39}(?:_\d+)?>")


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One exchange. verdict: the one that it had.  note: why a body is not there, or not whole (`body_note`).  status, upstream_status: 0 where there is none."""

    id: str
    started_at: str
    app: str
    env: str
    prompt: str
    model: str
    dialect: str
    method: str
    operation: Operation
    verdict: str
    request_body: bytes
    reply_body: bytes
    note: str
    status: int = 200
    upstream_status: int = 200
    outcome: str = Outcome.OK.value

    @property
    def masked(self) -> bool:
        """Whether a placeholder stands in it."""
        return any(_PLACEHOLDER.search(body.decode(errors="replace")) is not None for body in (self.request_body, self.reply_body))

    @property
    def gates_own(self) -> bool:
        """Whether the gate made the reply, at which no rule looks. What the provider had said, if it was asked, is not there then."""
        if not self.reply_body or self.outcome == Outcome.GATEWAY_CRASH:
            return False
        said = self.outcome == Outcome.POLICY_BLOCKED and self.id.replace("-", "").encode() in self.reply_body  # a rule's own words, which have the exchange's id
        return said or not self.upstream_status or (self.status > 0 and self.status != self.upstream_status)

    @property
    def is_error(self) -> bool:
        """Whether the reply says why there is none, in the gate's words or the provider's."""
        return self.gates_own or (bool(self.reply_body) and self.status >= 400)

    @property
    def has_answer(self) -> bool:
        """Whether rules on answers look at it, as in the gate: no error, and nothing that was only fetched from an endpoint that nobody reads."""
        return bool(self.reply_body) and self.status < 400 and (self.operation.parses or self.method == "POST")

    @property
    def reply_json(self) -> bytes:
        """The body of its reply; of a stream what the endpoint would have sent in one piece."""
        body = self.reply_body
        return orjson.dumps(dict(self.operation.assemble(events(body)).whole)) if body and self.operation.parses and _is_no_json(body) else body

    def request(self) -> Walked:
        """The texts of its request; a body that is not the dialect's JSON is one text."""
        return _walked(self.request_body, lambda body: walk_request(self.dialect, self.operation, body, "application/json"))

    def reply(self) -> Walked:
        """The texts of its reply. A stream is put together first: rules find the same in either (law 2)."""
        return _walked(self.reply_json, lambda body: walk_reply(self.dialect, self.operation, body, "application/json"))


def exchanges(target: Target, *, since: dt.datetime, until: dt.datetime | None = None, app: str = "", env: str = "", limit: int) -> Iterator[Exchanged]:
    """The newest `limit` of them. Raises as gateway.commands.stored does."""
    options = _window(since, app, env)
    at, id = _before(until), _LAST
    left = limit
    while left > 0:
        rows = stored.ask(target, _query(app, env), {**options, "param_at": at, "param_id": id, "param_count": str(min(PAGE, left))})
        for row in rows:
            yield _exchanged(row)
        if len(rows) < min(PAGE, left):
            return
        left -= len(rows)
        at, id = str(rows[-1]["started_at"]), str(rows[-1]["id"])


def number(target: Target, *, since: dt.datetime, until: dt.datetime | None = None, app: str = "", env: str = "", limit: int) -> int:
    """How many of them there are. Raises as gateway.commands.stored does."""
    (row,) = stored.ask(target, f"SELECT count() AS n FROM exchanges WHERE {_conditions(app, env)}", {**_window(since, app, env), "param_at": _before(until), "param_id": _LAST})
    return min(limit, int(str(row["n"])))


def _window(since: dt.datetime, app: str, env: str) -> dict[str, str]:
    return {"param_since": stamp(since), "param_app": app, "param_env": env}


def _before(until: dt.datetime | None) -> str:
    return stamp(until or dt.datetime(2200, 1, 1, tzinfo=dt.UTC))


def _conditions(app: str, env: str) -> str:
    conditions = ["started_at >= {since:DateTime64(6, 'UTC')}", "(started_at, id) < ({at:DateTime64(6, 'UTC')}, {id:UUID})"]
    return " AND ".join(conditions + [f"{name} = {{{name}:String}}" for name, wanted in (("app", app), ("env", env)) if wanted])


def _query(app: str, env: str) -> str:
    return f"SELECT {_COLUMNS} FROM exchanges WHERE {_conditions(app, env)} ORDER BY started_at DESC, id DESC LIMIT {{count:UInt32}}"


def _exchanged(row: Mapping[str, object]) -> Exchanged:
    said = {name: str(value) for name, value in row.items()}
    return Exchanged(
        id=said["id"],
        started_at=said["started_at"],
        app=said["app"],
        env=said["env"],
        prompt=said["prompt_name"],
        model=said["request_model"],
        dialect=said["dialect"],
        method=said["method"],
        operation=operation_of(said["dialect"], said["method"], said["endpoint"]),
        verdict=said["verdict"],
        request_body=said["request_body"].encode("utf-8", "surrogatepass"),
        reply_body=said["reply_body"].encode("utf-8", "surrogatepass"),
        note=said["body_note"],
        status=int(said["status"]),
        upstream_status=int(said["upstream_status"]),
        outcome=said["outcome"],
    )


def _walked(body: bytes, walk: Callable[[bytes], Walked]) -> Walked:
    if not body:
        return Walked()
    try:
        return walk(body)
    except Unreadable:
        return WalkedText(body)


def _is_no_json(body: bytes) -> bool:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return True
    return False
