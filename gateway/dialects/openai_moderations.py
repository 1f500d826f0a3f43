"""OpenAI moderations: `POST /v1/moderations`. Free of charge, so nothing is counted."""

from __future__ import annotations

from typing import Any

from gateway.dialects.base import Operation, Reply, Request
from gateway.dialects.lenient import obj, word
from gateway.dialects.texts import Texts


class Moderations(Operation):
    name = "moderation"
    parses = True

    def read_request(self, body: Any) -> Request:
        source = obj(body)
        texts = Texts()
        texts.add_parts("user", "/input", source.get("input"), ("text",))
        return Request(word(source.get("model")), False, texts.done())

    def read_reply(self, body: Any) -> Reply:
        source = obj(body)
        return Reply(model=word(source.get("model")), complete=isinstance(source.get("results"), list))
