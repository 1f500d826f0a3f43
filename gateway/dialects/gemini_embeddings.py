"""Gemini `embedContent` and `batchEmbedContents`. Usage is read where the service gives it; the public API often gives none."""

from __future__ import annotations

from typing import Any

from gateway.dialects.base import Operation, Reply, Request
from gateway.dialects.gemini_content import model_name, read_content
from gateway.dialects.gemini_usage import read_usage
from gateway.dialects.lenient import obj, seq, storable
from gateway.dialects.texts import Texts


class EmbedContent(Operation):
    name = "embeddings"
    parses = True
    bills = True

    def read_request(self, body: Any) -> Request:
        source = obj(body)
        texts = Texts()
        _read_one(texts, "", source)
        requests = seq(source.get("requests"))
        for at, request in enumerate(requests):
            _read_one(texts, f"/requests/{at}", obj(request))
        return Request(model_name(source.get("model") or (obj(requests[0]).get("model") if requests else "")), False, texts.done())

    def read_reply(self, body: Any) -> Reply:
        source = obj(body)
        return Reply(
            usage=read_usage(source.get("usageMetadata"), embeds=True),
            usage_raw=storable(source.get("usageMetadata")),
            complete=isinstance(source.get("embedding"), dict) or isinstance(source.get("embeddings"), list),
        )


def _read_one(texts: Texts, pointer: str, request: dict[str, Any]) -> None:
    texts.add("user", f"{pointer}/title", request.get("title"))
    read_content(texts, "user", f"{pointer}/content", request.get("content"))
