"""Gemini `generateContent`, `streamGenerateContent` and `countTokens`.

A stream comes as server-sent events (`?alt=sse`) or as one JSON array of chunks; `read_reply` takes the array as it takes the object. The
end of a stream has no event of its own: it is whole when every candidate has a finishReason, or the prompt was blocked.
Protocol buffers' JSON allows camelCase and snake_case: both are read in requests. The role `model` is called assistant, as in the other dialects.
Source: Gemini API reference, "Generating content"; Vertex AI reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.dialects import sayings
from gateway.dialects.base import Assembly, Event, Operation, Reply, ReplyError, Request
from gateway.dialects.gemini_usage import read_usage
from gateway.dialects.lenient import index, load, obj, seq, storable, word
from gateway.dialects.pieces import EventReader
from gateway.dialects.pieces_gemini import CandidatesReader
from gateway.dialects.provider_error import read_error
from gateway.dialects.texts import REASONING, TOOL_DEFINITION, Texts, role_of

# Objects inside a part whose text is one member, and whether that may be JSON: name, member, role ("" is that of the content).
_PART_TEXTS = (
    ("functionCall", "args", ""),
    ("function_call", "args", ""),
    ("functionResponse", "response", "tool"),
    ("function_response", "response", "tool"),
    ("executableCode", "code", ""),
    ("executable_code", "code", ""),
    ("codeExecutionResult", "output", "tool"),
    ("code_execution_result", "output", "tool"),
    ("toolCall", "args", ""),
    ("toolResponse", "response", "tool"),
)


class GenerateContent(Operation):
    name = "generate_content"
    parses = True
    bills = True
    streams = False  # the path says so, not the body

    def read_request(self, body: Any) -> Request:
        source = obj(body)
        texts = Texts()
        _read_request(texts, "", source)
        return Request(model_name(source.get("model")), self.streams, texts.done())

    def assemble(self, events: Iterable[Event]) -> Assembly:
        chunks = []
        for event in events:
            try:
                chunks.append(load(event.data))
            except ValueError:
                continue
        return merged(chunks)

    def reader(self) -> EventReader:
        return CandidatesReader()

    def say(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        return sayings.content(text, model=model, request_id=request_id, created=created) if self.bills else b""

    def say_stream(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        return sayings.content_stream(text, model=model, request_id=request_id, created=created) if self.bills else b""

    def read_reply(self, body: Any) -> Reply:
        """body: the response object, or a stream's array of them."""
        if isinstance(body, list):
            assembly = merged(body)
            source, complete = obj(assembly.whole), assembly.complete
        else:
            source = obj(body)
            complete = isinstance(source.get("candidates"), list) or bool(_blocked(source))
        texts = Texts()
        finish_reason = _blocked(source)
        for at, item in enumerate(seq(source.get("candidates"))):
            candidate = obj(item)
            read_content(texts, "assistant", f"/candidates/{at}/content", candidate.get("content"))
            if at == 0:
                finish_reason = word(candidate.get("finishReason")) or finish_reason
        return Reply(
            model=model_name(source.get("modelVersion")),
            segments=texts.done(),
            finish_reason=finish_reason,
            usage=read_usage(source.get("usageMetadata")),
            usage_raw=storable(source.get("usageMetadata")),
            complete=complete,
        )


class StreamGenerateContent(GenerateContent):
    streams = True


class CountTokens(GenerateContent):
    name = "count_tokens"
    bills = False

    def read_request(self, body: Any) -> Request:
        source = obj(body)
        key = next((name for name in ("generateContentRequest", "generate_content_request") if name in source), "")
        texts = Texts()
        _read_request(texts, f"/{key}" if key else "", obj(source.get(key)) if key else source)
        return Request(model_name(obj(source.get(key)).get("model") or source.get("model")), False, texts.done())

    def read_reply(self, body: Any) -> Reply:
        return Reply(complete="totalTokens" in obj(body))


def model_name(value: Any) -> str:
    """A model without the collection it is in: "models/gemini-2.5-flash" is "gemini-2.5-flash". A tuned model keeps its prefix."""
    return word(value).removeprefix("models/")


def merged(chunks: list[Any]) -> Assembly:
    """The chunks of a stream as one response object. What later chunks repeat (usage, safety, grounding) replaces what was there."""
    whole: dict[str, Any] = {}
    candidates: dict[int, dict[str, Any]] = {}
    error: ReplyError | None = None
    for item in chunks:
        chunk = obj(item)
        error = error or read_error(chunk)
        whole |= {key: value for key, value in chunk.items() if key not in ("candidates", "error") and value is not None}
        for position, entry in enumerate(seq(chunk.get("candidates"))):
            candidate = obj(entry)
            given = index(candidate.get("index"))
            kept = candidates.setdefault(position if given is None else given, {"parts": [], "role": ""})
            content = obj(candidate.get("content"))
            kept["role"] = kept["role"] or word(content.get("role"))
            kept["parts"].extend(seq(content.get("parts")))
            kept |= {key: value for key, value in candidate.items() if key not in ("content", "parts", "role") and value is not None}
    listed = [_candidate(candidates[at]) for at in sorted(candidates)]
    if listed:
        whole["candidates"] = listed
    ended = all(word(candidate.get("finishReason")) for candidate in listed) if listed else bool(_blocked(whole))
    return Assembly(whole, complete=ended and error is None, error=error)


def _candidate(kept: dict[str, Any]) -> dict[str, Any]:
    """One candidate with the neighbouring pieces of its text joined."""
    runs: list[tuple[Any, list[str]]] = []  # a part, and the fragments of its text; no fragments: another kind of part
    for part in kept["parts"]:
        text = obj(part).get("text")
        if not isinstance(text, str):
            runs.append((part, []))
            continue
        if not runs or not runs[-1][1] or bool(runs[-1][0].get("thought")) != bool(part.get("thought")):
            runs.append((part, []))
        runs[-1][1].append(text)
    parts = [part | {"text": "".join(fragments)} if fragments else part for part, fragments in runs]
    rest = {key: value for key, value in kept.items() if key not in ("parts", "role")}
    return rest | {"content": {"parts": parts, "role": kept["role"] or "model"}}


def _blocked(source: dict[str, Any]) -> str:
    return word(obj(source.get("promptFeedback")).get("blockReason"))


def _read_request(texts: Texts, pointer: str, source: dict[str, Any]) -> None:
    for key in ("systemInstruction", "system_instruction"):
        read_content(texts, "system", f"{pointer}/{key}", source.get(key))
    contents = source.get("contents")
    if isinstance(contents, dict):
        read_content(texts, "user", f"{pointer}/contents", contents)
    for at, content in enumerate(seq(contents)):
        read_content(texts, "user", f"{pointer}/contents/{at}", content)
    for at, tool in enumerate(seq(source.get("tools"))):
        for key in ("functionDeclarations", "function_declarations"):
            for number, function in enumerate(seq(obj(tool).get(key))):
                texts.add_fields(TOOL_DEFINITION, f"{pointer}/tools/{at}/{key}/{number}", function, ("name", "description"))


def read_content(texts: Texts, role: str, pointer: str, value: Any) -> None:
    """A Content: role and parts. A system instruction may also be a string or leave the role out."""
    texts.add(role, pointer, value)
    content = obj(value)
    named = role_of(content.get("role"), role)
    speaker = "system" if role == "system" else "assistant" if named == "model" else named
    parts = content.get("parts")
    listed = [(f"{pointer}/parts", parts)] if isinstance(parts, dict) else [(f"{pointer}/parts/{at}", part) for at, part in enumerate(seq(parts))]
    for place, item in listed:
        part = obj(item)
        texts.add(REASONING if part.get("thought") is True else speaker, f"{place}/text", part.get("text"))
        for key, member, other in _PART_TEXTS:
            texts.add_json(other or speaker, f"{place}/{key}/{member}", obj(part.get(key)).get(member))
