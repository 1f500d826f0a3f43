"""OpenAI responses: `POST /v1/responses`, its compaction and its token count.

A reply made in the background is whole although the model has not begun: its status ("queued") is then the finish reason.
Source: OpenAI API reference, "Responses".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from gateway.dialects import sayings
from gateway.dialects.base import Assembly, Event, Operation, Reply, Request
from gateway.dialects.lenient import obj, seq, storable, word
from gateway.dialects.openai_items import read_items
from gateway.dialects.openai_responses_stream import assemble_response, grown
from gateway.dialects.openai_usage import read_usage
from gateway.dialects.pieces import EventReader
from gateway.dialects.pieces_responses import ResponseReader
from gateway.dialects.texts import TOOL_DEFINITION, Texts, escaped


class Responses(Operation):
    name = "chat"
    ends: ClassVar[tuple[bytes, ...]] = (
        b"event: response.completed",
        b"event:response.completed",
        b"event: response.failed",
        b"event:response.failed",
        b"event: response.incomplete",
        b"event:response.incomplete",
    )
    parses = True
    bills = True
    noise = '"sequence_number":', re.compile(r'"sequence_number":[0-9]{1,9},(?="item_id":)|,"obfuscation":"[A-Za-z0-9]{0,32}"(?=\}\n\n)')

    def read_request(self, body: Any) -> Request:
        source = obj(body)
        texts = Texts()
        read_items(texts, "system", "/instructions", source.get("instructions"))
        for key, value in obj(obj(source.get("prompt")).get("variables")).items():
            place = f"/prompt/variables/{escaped(key)}"
            texts.add("user", place, value)
            texts.add("user", f"{place}/text", obj(value).get("text"))
        read_items(texts, "user", "/input", source.get("input"))
        for at, tool in enumerate(seq(source.get("tools"))):
            texts.add_fields(TOOL_DEFINITION, f"/tools/{at}", tool, ("name", "description", "server_description"))
        return Request(word(source.get("model")), source.get("stream") is True, texts.done())

    def assemble(self, events: Iterable[Event]) -> Assembly:
        return assemble_response(events)

    def grows(self, value: Any) -> str:
        return grown(value)

    def reader(self) -> EventReader:
        return ResponseReader()

    def say(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        return sayings.response(text, model=model, request_id=request_id, created=created) if self.bills else b""

    def say_stream(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        return sayings.response_stream(text, model=model, request_id=request_id, created=created) if self.bills else b""

    def read_reply(self, body: Any) -> Reply:
        source = obj(body)
        texts = Texts()
        read_items(texts, "assistant", "/output", source.get("output"))
        return Reply(
            model=word(source.get("model")),
            segments=texts.done(),
            finish_reason=word(obj(source.get("incomplete_details")).get("reason")) or word(source.get("status")).removeprefix("in_progress"),
            usage=read_usage(source.get("usage")),
            usage_raw=storable(source.get("usage")),
            complete=isinstance(source.get("output"), list),
        )


class ResponseTokens(Responses):
    """`POST /v1/responses/input_tokens`: counts a request without running it."""

    name = "count_tokens"
    ends = ()
    bills = False

    def read_reply(self, body: Any) -> Reply:
        return Reply(complete="input_tokens" in obj(body))
