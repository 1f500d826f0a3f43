"""OpenAI embeddings: `POST /v1/embeddings`. Vectors are not text; token numbers given as input are not either."""

from __future__ import annotations

from typing import Any

from gateway.dialects.base import Operation, Reply, Request
from gateway.dialects.lenient import obj, storable, word
from gateway.dialects.openai_usage import read_usage
from gateway.dialects.texts import Texts


class Embeddings(Operation):
    name = "embeddings"
    parses = True
    bills = True

    def read_request(self, body: Any) -> Request:
        source = obj(body)
        texts = Texts()
        texts.add_parts("user", "/input", source.get("input"), ("text",))
        return Request(word(source.get("model")), False, texts.done())

    def read_reply(self, body: Any) -> Reply:
        source = obj(body)
        return Reply(
            model=word(source.get("model")),
            usage=read_usage(source.get("usage"), embeds=True),
            usage_raw=storable(source.get("usage")),
            complete=isinstance(source.get("data"), list),
        )
