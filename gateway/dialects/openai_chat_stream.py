"""Put an OpenAI chat stream together: chunks in, the `chat.completion` object out.

Fragments are gathered in lists and joined once, so a long reply costs what it is long. Audio data (base64) is left out of the object: nobody reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.dialects.base import Assembly, Event, ReplyError
from gateway.dialects.lenient import index, load, obj, seq, word
from gateway.dialects.provider_error import read_error

_TEXTS = ("refusal", "reasoning", "reasoning_content")
_PLAIN = frozenset(("role", "content"))
_BARE = frozenset(("index", "delta", "logprobs", "finish_reason"))
_NOT_TOP = frozenset(("choices", "usage", "error", "object"))


def assemble_chat(events: Iterable[Event]) -> Assembly:
    """The `assemble` of chat completions; complete when `[DONE]` came, whatever the choices say about their own end."""
    top: dict[str, Any] = {"object": "chat.completion"}
    choices: dict[int, _Choice] = {}
    usage: Any = None
    error: ReplyError | None = None
    done = False
    settled = set(_NOT_TOP)  # keys whose values stand
    for event in events:
        if event.data.startswith("[DONE]"):
            done = True
            break
        try:
            chunk = obj(load(event.data))
        except ValueError:
            continue
        error = error or read_error(chunk)
        if not chunk.keys() <= settled:
            for key, value in chunk.items():
                if key not in settled:
                    top[key] = value
                    if value:  # Azure's first chunk has model "" and id ""
                        settled.add(key)
        usage = chunk["usage"] if isinstance(chunk.get("usage"), dict) else usage
        for position, item in enumerate(seq(chunk.get("choices"))):
            choice = obj(item)
            at = index(choice.get("index"))
            at = position if at is None else at
            if (gathered := choices.get(at)) is None:
                gathered = choices[at] = _Choice()
            gathered.add(choice)
    whole = top | {"choices": [choices[at].whole(at) for at in sorted(choices)], "usage": usage}
    return Assembly(whole, complete=done and error is None, error=error)


def grown(chunk: Any) -> str:
    """See Operation.grows: of a chunk that does nothing but go on with the content of one choice."""
    source = obj(chunk)
    choices = seq(source.get("choices"))
    if len(choices) != 1 or isinstance(source.get("usage"), dict):
        return ""
    choice = obj(choices[0])
    delta = obj(choice.get("delta"))
    plain = choice.keys() <= _BARE and delta.keys() <= _PLAIN and not choice.get("logprobs") and not choice.get("finish_reason")
    return "/choices/0/delta/content" if plain and isinstance(delta.get("content"), str) else ""


class _Choice:
    """One choice while its chunks arrive."""

    def __init__(self) -> None:
        self._role = ""
        self._content: list[Any] = []
        self._texts: dict[str, list[str]] = {key: [] for key in _TEXTS}
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self._function = _Call()
        self._transcript: list[str] = []
        self._logprobs: dict[str, list[Any]] = {}
        self._rest: dict[str, Any] = {}

    def add(self, choice: dict[str, Any]) -> None:
        delta = obj(choice.get("delta")) or obj(choice.get("message"))
        self._role = self._role or word(delta.get("role"))
        content = delta.get("content")
        if isinstance(content, str):
            if content:
                self._content.append(content)
        else:
            self._content.extend(seq(content))
        if not delta.keys() <= _PLAIN:
            self._add_rest(delta)
        if choice.get("logprobs"):
            for key, values in obj(choice["logprobs"]).items():
                self._logprobs.setdefault(key, []).extend(seq(values))
        for key in ("finish_reason", "content_filter_results"):
            if choice.get(key):
                self._rest[key] = choice[key]

    def _add_rest(self, delta: dict[str, Any]) -> None:
        """What most chunks do not have: a stream of a thousand chunks is read once a chunk."""
        for key, fragments in self._texts.items():
            fragments.append(word(delta.get(key)))
        for fragment in seq(delta.get("tool_calls")):
            self._add_call(obj(fragment))
        if delta.get("function_call"):
            self._function.add(obj(delta.get("function_call")), "arguments")
        self._transcript.append(word(obj(delta.get("audio")).get("transcript")))

    def _add_call(self, fragment: dict[str, Any]) -> None:
        """A fragment belongs to the call of its index; without one to the call of its id, else to the last; a new id is a new call."""
        at, identity = index(fragment.get("index")), word(fragment.get("id"))
        if at is not None:
            call = self._by_index.get(at)
        elif identity:
            call = next((known for known in self._calls if known.id == identity), None)
        else:
            call = self._calls[-1] if self._calls else None
        if call is None or (identity and call.id and call.id != identity):
            call = _Call()
            self._calls.append(call)
        if at is not None:
            self._by_index[at] = call
        call.id = call.id or identity
        call.type = call.type or word(fragment.get("type"))
        if isinstance(fragment.get("custom"), dict):
            call.type = "custom"
            call.add(fragment["custom"], "input")
        call.add(obj(fragment.get("function")), "arguments")

    def whole(self, at: int) -> dict[str, Any]:
        message: dict[str, Any] = {"role": self._role or "assistant", "content": _content(self._content)}
        for key, fragments in self._texts.items():
            text = "".join(fragments)
            if text:
                message[key] = text
        if self._calls:
            message["tool_calls"] = [call.whole() for call in self._calls]
        if self._function.seen:
            message["function_call"] = self._function.spelled("arguments")
        transcript = "".join(self._transcript)
        if transcript:
            message["audio"] = {"transcript": transcript}
        choice = {"index": at, "message": message, "finish_reason": None} | self._rest
        return choice | {"logprobs": self._logprobs} if self._logprobs else choice


class _Call:
    """One tool call, or the legacy function call, while its fragments arrive."""

    def __init__(self) -> None:
        self.id = ""
        self.type = ""
        self.seen = False
        self._name = ""
        self._text: list[str] = []
        self._value: Any = None

    def add(self, fragment: dict[str, Any], key: str) -> None:
        self.seen = True
        self._name = self._name or word(fragment.get("name"))
        value = fragment.get(key)
        if isinstance(value, str):
            self._text.append(value)
        elif value is not None:  # a server that sends arguments as an object, once
            self._value = value

    def spelled(self, key: str) -> dict[str, Any]:
        text = "".join(self._text)
        return {"name": self._name, key: text if text or self._value is None else self._value}

    def whole(self) -> dict[str, Any]:
        if self.type == "custom":
            return {"id": self.id, "type": "custom", "custom": self.spelled("input")}
        return {"id": self.id, "type": self.type or "function", "function": self.spelled("arguments")}


def _content(pieces: list[Any]) -> Any:
    """Fragments of content: a string if all are, None if there are none, else parts with neighbours of one kind joined."""
    if not pieces:
        return None
    if all(isinstance(piece, str) for piece in pieces):
        return "".join(pieces)
    runs: list[tuple[str, list[str]]] = []
    for piece in pieces:
        kind, text = ("text", piece) if isinstance(piece, str) else _part(obj(piece))
        if not runs or runs[-1][0] != kind:
            runs.append((kind, []))
        runs[-1][1].append(text)
    joined = ((kind, "".join(texts)) for kind, texts in runs)
    return [{"type": kind, kind: [{"type": "text", "text": text}] if kind == "thinking" else text} for kind, text in joined]


def _part(part: dict[str, Any]) -> tuple[str, str]:
    if "thinking" in part:
        thinking = part["thinking"]
        return "thinking", thinking if isinstance(thinking, str) else "".join(word(obj(item).get("text")) for item in seq(thinking))
    if "refusal" in part:
        return "refusal", word(part["refusal"])
    return "text", word(part.get("text"))
