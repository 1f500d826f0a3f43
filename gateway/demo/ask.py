"""What is asked of the simulated model, and what it answers: no wire format, no I/O, no clock.

Rules of this file: an answer depends on nothing but the question (`Ask`), so the same call made twice, directly or through the gate,
streamed or whole, says the same in the same number of tokens. Randomness is a generator seeded with a digest of the question.
Tokens are runs of up to six word characters, or single other characters: near enough to a real tokenizer to be plausible,
and cheap. Deliberately absent: any understanding. A tool is called when a word of its name is in the question.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gateway.demo.prose import ENGLISH, OPENERS, REFUSAL, SPANISH, SPANISH_OPENERS, THOUGHTS

_TOKEN = re.compile(r"\w{1,6}|[^\w\s]")
_FRAGMENT = re.compile(r"\s*\S{1,12}|\s+$")
_WORD = re.compile(r"[^\W\d_]{5,}")
_NAME = re.compile(r"(?<=[^\W\d_,] )[A-ZÀ-Þ][^\W\d_]+")
_SPANISH_WORDS = frozenset(("qué", "cómo", "cuándo", "dónde", "quiero", "puedo", "pedido", "reembolso", "devolución", "dinero", "gracias", "hola", "para", "llegó"))
_ECHO = re.compile(r"sim-echo(?:-once)?\s+(\S.*)", re.DOTALL)
_NOT_ANSWERED = ("hack into", "build a bomb", "sim-refuse")


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that may be called. schema: JSON schema of its arguments."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question in no dialect.

    texts: every text the model is given, in order.  question: the user's last words, "" if the last turn is a tool's.
    schema: None prose, {} any JSON object, otherwise JSON that fits.  images: size of each, in characters of base64.
    forced: a tool must be called.  thinks: reasoning comes first, and is billed.
    """

    model: str
    texts: tuple[str, ...]
    question: str
    tool_result: str = ""
    tools: tuple[Tool, ...] = ()
    forced: bool = False
    parallel: bool = True
    choices: int = 1
    max_tokens: int | None = None
    schema: Mapping[str, Any] | None = None
    images: tuple[int, ...] = ()
    thinks: bool = False

    @property
    def seed(self) -> int:
        """A number that is the same for the same question, 64 bits."""
        parts = [self.model, self.texts, self.tool_result, [t.name for t in self.tools], self.schema is not None, list(self.images), self.max_tokens]
        return int.from_bytes(hashlib.sha256(orjson.dumps(parts)).digest()[:8], "big")

    @property
    def input_tokens(self) -> int:
        """Of all texts, tools and images, with a few for the format around each text."""
        tools = sum(count(t.name) + count(orjson.dumps(t.schema).decode()) for t in self.tools)
        return sum(count(text) + 4 for text in self.texts) + tools + self.image_tokens + 3

    @property
    def image_tokens(self) -> int:
        return sum(image_tokens(size) for size in self.images)


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call. arguments: JSON text."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One choice. finish: stop | length | tools | refusal. Exactly one of text, refusal and calls says something."""

    text: str
    calls: tuple[Call, ...]
    refusal: str
    reasoning: str
    finish: str

    @property
    def reasoning_tokens(self) -> int:
        return count(self.reasoning)

    @property
    def output_tokens(self) -> int:
        """What is billed as output, reasoning included."""
        calls = sum(count(c.name) + count(c.arguments) + 6 for c in self.calls)
        return count(self.text) + count(self.refusal) + calls + self.reasoning_tokens + 1


def count(text: str) -> int:
    """Tokens of a text."""
    return len(_TOKEN.findall(text))


def image_tokens(size: int) -> int:
    """Tokens of an image whose base64 has `size` characters."""
    return max(85, min(1600, size // 300))


def fragments(text: str) -> list[str]:
    """Cut a text as a model emits it; joined, the pieces are the text."""
    return _FRAGMENT.findall(text)


def identifier(prefix: str, seed: int, *parts: object, length: int = 24) -> str:
    """An id that looks like the provider's and is the same for the same question."""
    return prefix + hashlib.sha256(f"{seed}/{parts}".encode()).hexdigest()[:length]


def answers(ask: Ask) -> tuple[Answer, ...]:
    """One answer a choice."""
    return tuple(_answer(ask, random.Random(ask.seed + n)) for n in range(max(1, min(ask.choices, 8))))


def _answer(ask: Ask, rng: random.Random) -> Answer:
    reasoning = " ".join(rng.sample(THOUGHTS, rng.randint(2, 5))) if ask.thinks else ""
    question = ask.question.lower()
    if any(words in question for words in _NOT_ANSWERED):
        return Answer("", (), REFUSAL, reasoning, "refusal")
    calls = _calls(ask, rng)
    if calls:
        return Answer("", calls, "", reasoning, "tools")
    text = orjson.dumps(_value(ask.schema or _ANY, "", rng)).decode() if ask.schema is not None else _prose(ask, rng)
    if ask.max_tokens is not None:
        tokens = list(_TOKEN.finditer(text))
        if len(tokens) > ask.max_tokens:
            return Answer(text[: tokens[ask.max_tokens].start()].rstrip(), (), "", reasoning, "length")
    return Answer(text, (), "", reasoning, "stop")


def _prose(ask: Ask, rng: random.Random) -> str:
    words = _WORD.findall(ask.question)
    spanish = "¿" in ask.question or len(_SPANISH_WORDS & {w.lower() for w in re.findall(r"\w+", ask.question)}) > 1
    openers, bank = (SPANISH_OPENERS, SPANISH) if spanish else (OPENERS, ENGLISH)
    topic = rng.choice(words).lower() if words else "that"
    echoed = _ECHO.search(ask.question)
    if echoed:
        return echoed[1]
    sentences = [rng.choice(openers).format(topic=topic)]
    if ask.tool_result:
        sentences.append(f"The system reports: {ask.tool_result[:200]}.")
    if ask.images:
        sentences.append(f"I looked at {len(ask.images)} image(s); the main object is {rng.choice(('a receipt', 'a red shoe', 'a floor plan', 'a bar chart'))}.")
    long = "in detail" in ask.question.lower() or "sim-slow" in ask.model + ask.question
    sentences += rng.sample(bank, len(bank) if long else rng.randint(2, 6))
    return " ".join(sentences)


def _calls(ask: Ask, rng: random.Random) -> tuple[Call, ...]:
    if ask.tool_result or not ask.tools:
        return ()
    question = ask.question.lower()
    asked = [t for t in ask.tools if any(len(part) > 3 and part in question for part in re.split(r"[^a-z]+", t.name.lower()))]
    if not asked and ask.forced:
        asked = [ask.tools[0]]
    echoed = _ECHO.search(ask.question)
    names = [echoed[1]] if echoed else list(dict.fromkeys(_NAME.findall(ask.question)))[:3] or [""]
    calls = [Call(t.name, orjson.dumps(_value(t.schema, name, rng)).decode()) for t in asked for name in names]
    return tuple(calls if ask.parallel else calls[:1])


_ANY: Mapping[str, Any] = {"type": "object", "properties": {"summary": {"type": "string"}, "confidence": {"type": "number"}, "items": {"type": "array"}}}


def _value(schema: Mapping[str, Any], name: str, rng: random.Random) -> Any:
    """A value that fits a JSON schema, as far as this file knows schemas. name: what the first string should be, "" for any."""
    if schema.get("enum"):
        return rng.choice(list(schema["enum"]))
    kind = schema.get("type", "string")
    kind = str(kind[0] if isinstance(kind, list) and kind else kind).lower()
    if kind == "object":
        filled: dict[str, Any] = {}
        for key, part in dict(schema.get("properties") or {}).items():
            filled[key] = _value(part, name, rng)
            if isinstance(filled[key], str) and "enum" not in part:
                name = ""
        return filled
    if kind == "array":
        return [_value(schema.get("items") or {}, name, rng) for _ in range(2)]
    if kind == "integer":
        return rng.randint(1, 40)
    if kind == "number":
        return round(rng.random(), 3)
    if kind == "boolean":
        return rng.random() < 0.5
    return name or rng.choice(("standard", "café crème", "A-1042", "two weeks", "north entrance"))
