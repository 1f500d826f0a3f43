"""Lists of models, the same in every dialect: `GET /v1/models`, `GET /v1beta/models`. Read only to know that the reply is whole."""

from __future__ import annotations

from typing import Any

from gateway.dialects.base import Operation, Reply
from gateway.dialects.lenient import obj


class ModelList(Operation):
    name = "list_models"
    parses = True

    def read_reply(self, body: Any) -> Reply:
        source = obj(body)
        return Reply(complete=isinstance(source.get("data", source.get("models")), list))
