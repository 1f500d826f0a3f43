"""Fields: what stands where in a dialect's bodies. The tables are `fields_openai.py`, `fields_anthropic.py`, `fields_gemini.py`.

A table is a tree of Fields that the walk goes down beside the body. What a table does not know is `ANY`: text, with its key as context, so a
field that a provider invents tomorrow is scanned. Only what a table declares as no text is left out, and only if it has that shape
(protocol_words.py, shapes.py): a key or somebody's number in the place of an id, a model or a role is text, as everything else.

A change to what is left out is a new FIELDS_VERSION: texts seen under an older one are not known to be clean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from gateway.dialects import shapes
from gateway.dialects.protocol_words import is_word
from gateway.dialects.texts import role_of

FIELDS_VERSION = "2026-11-22.3"


class Kind(IntEnum):
    """What a string (or number) of a field is.

    TEXT     text, with its key as context
    PROSE    text that somebody wrote or said; no context; joins its neighbours where the field is in a chain
    JSON     JSON in a string, walked inside; PROSE if it is none
    URL      the address of a picture or file, or a data: URL that holds it; the address is text too
    BASE64   content in base64, of the media type that a neighbour names; text in it is decoded
    FILE     a provider's id of a file: its content is elsewhere
    the rest is no text, if it has the shape:
    WORD     the protocol's words, a closed list      ID     what a machine called something
    BLOB     opaque to all but the provider           NUMBER a count, a time, a probability (below NUMBER_LIMIT), or a WORD beside them
    ECHOED   one token among others that might have stood in its place: 24 characters without a space at most, no key, no address, 8 digits at most
    MODEL    the name of one                          NAME   of a property or a type, or a reference to it
    MEDIA    a media type                             NOISE  letters and digits that say nothing, 32 at most, and begin like no key
    """

    TEXT = 0
    PROSE = 1
    JSON = 2
    URL = 3
    BASE64 = 4
    FILE = 5
    WORD = 6
    ID = 7
    BLOB = 8
    NUMBER = 9
    ECHOED = 10
    MODEL = 11
    NAME = 12
    MEDIA = 13
    NOISE = 14


_TOKEN = re.compile(r"\s{0,128}\S{0,24}\s{0,8}").fullmatch
# Of all that look for NOISE, also in bytes around an event. Nothing that a key begins with, no number that could be somebody's.
NOISE_SHAPE = r"(?!AIza|GOCSPX|eyJ|dapi|SK|AC|[A-Za-z0-9]*(?:[0-9]{9}|T3Bl|A[KS]IA))(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,32}"
_NOISE = re.compile(NOISE_SHAPE).fullmatch
_DIGITS = re.compile(r"[0-9]")
_ECHOED_DIGITS = 8  # fewer than identify anybody
_NO_KEY = 8  # characters: too short for a key, and for more digits than that
_SHAPES: dict[Kind, Callable[[str], bool]] = {
    Kind.WORD: is_word,
    Kind.NUMBER: is_word,
    Kind.ID: shapes.is_id,
    Kind.FILE: shapes.is_id,
    Kind.MODEL: shapes.is_model,
    Kind.NAME: shapes.is_reference,
    Kind.MEDIA: shapes.is_media_type,
    Kind.ECHOED: lambda text: _is_token(text),
    Kind.NOISE: lambda text: _NOISE(text) is not None,
}
_BLOB = Kind.BLOB
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\r\n"
NUMBER_LIMIT = 10**12
MIN_BLOB = 16  # shorter ones are words
PLAIN_WORDS = frozenset(  # the common ones, so that a look-up answers
    """user assistant system developer tool model text input_text output_text message function object string number integer boolean array auto none
    image_url input_image tool_use tool_result ephemeral""".split()  # noqa: SIM905  reads better than a row of quotes
)

Speaker = Callable[[Mapping[str, Any], str], str]


class Field:
    """One place in a body.

    kind: of a string or number there.  members: of an object there.  other: its members that are not named.  each: elements of an array.
    role: of whoever speaks there; None: as above.  speaker: reads it from the object.
    chain: the text from here down is one to a reader; "*" at its end: for each element by itself.  apart: a string here never joins others.
    numbers: an array of numbers of these types alone is no text: floats too, a vector; int only, tokens, which is text that cannot be read.
    lane: echoes below repeat what is said below here.  echo: it is one.
    """

    __slots__ = ("apart", "chain", "each", "echo", "kind", "lane", "members", "numbers", "other", "role", "speaker")

    def __init__(
        self,
        kind: Kind = Kind.TEXT,
        members: Mapping[str, Field] | None = None,
        *,
        each: Field | None = None,
        other: Field | None = None,
        role: str | None = None,
        speaker: Speaker | None = None,
        chain: str = "",
        apart: bool = False,
        numbers: frozenset[type] = frozenset(),
        lane: bool = False,
        echo: bool = False,
    ) -> None:
        self.kind, self.members = kind, dict(members or {})
        self.other, self.each = other or ANY, each or ANY
        self.role, self.speaker, self.chain, self.apart, self.numbers, self.lane, self.echo = role, speaker, chain, apart, numbers, lane, echo


TOKENS: frozenset[type] = frozenset((int,))
ANY: Field = object.__new__(Field)  # any object's members and any array's elements are ANY again
ANY.__init__(other=ANY, each=ANY)  # type: ignore[misc]


def has_shape(kind: Kind, value: str) -> bool:
    """Whether a string is what its field declares, and so no text."""
    fits = _SHAPES.get(kind)
    if fits is not None:
        return fits(value)
    if kind is _BLOB:
        return len(value) >= MIN_BLOB and is_base64(value) and not shapes.begins_like_key(value)
    return False


def _is_token(text: str) -> bool:
    if _TOKEN(text) is None or "@" in text:
        return False
    return len(text) <= _NO_KEY or (len(_DIGITS.findall(text)) <= _ECHOED_DIGITS and not shapes.begins_like_key(text.strip()))


def is_base64(value: str) -> bool:
    """Whether a string has none but characters of base64, of either alphabet, and line ends."""
    return value.isascii() and not value.encode().translate(None, _BASE64)


def is_plain(key: str) -> bool:
    """Whether a key is a name, as people and programs give them, and so no text: no address, nothing with a space, no credential, no long number."""
    return shapes.is_name(key)


def by_role(source: Mapping[str, Any], inherited: str) -> str:
    """A message says who speaks; Gemini's `model` is called assistant, as everywhere."""
    role = source.get("role")
    if role == "user" or role == "assistant":
        return role  # type: ignore[no-any-return]
    return "assistant" if role == "model" else role_of(role, inherited)


TEXT, PROSE, JSON = Field(), Field(Kind.PROSE), Field(Kind.JSON)
URL, FILE, BLOB, NUMBER, ECHOED = Field(Kind.URL), Field(Kind.FILE), Field(Kind.BLOB), Field(Kind.NUMBER), Field(Kind.ECHOED)
WORD, ID, BASE64 = Field(Kind.WORD), Field(Kind.ID), Field(Kind.BASE64)
MODEL, NAME, MEDIA, NOISE = Field(Kind.MODEL), Field(Kind.NAME), Field(Kind.MEDIA), Field(Kind.NOISE)
for _plain in (WORD, ID, FILE, PROSE, URL, NAME):  # an array of them is one of the same
    _plain.each = _plain
for _deep in (NUMBER, ECHOED):  # usage, alternatives: all that is in them
    _deep.each = _deep.other = _deep
# Switches and counts of a request: named so that the walk need not look at them.
SAMPLING = dict.fromkeys(
    """temperature top_p top_k max_tokens max_completion_tokens max_output_tokens n stream stream_options store seed presence_penalty
    frequency_penalty logprobs top_logprobs parallel_tool_calls strict background min_p repetition_penalty dimensions""".split(),  # noqa: SIM905
    NUMBER,
)
VECTOR = Field(Kind.BLOB, numbers=frozenset((int, float)))
ECHOED.numbers = VECTOR.numbers
TOKEN = Field(Kind.PROSE, dict.fromkeys(("logprob", "logProbability", "log_probability", "tokenId", "token_id"), NUMBER))
TOKEN.members |= {"token": PROSE, "bytes": Field(Kind.NUMBER, numbers=VECTOR.numbers), "top_logprobs": ECHOED}


def _schema() -> Field:
    """JSON Schema, and Gemini's OpenAPI dialect of it: its words are no text, what people wrote into it is."""
    schema = Field()
    named, several = Field(other=schema, members={}), Field(members={}, each=schema)
    schema.members |= {"type": WORD, "format": WORD, "$ref": NAME, "$schema": TEXT, "required": NAME, "propertyOrdering": NAME}
    schema.members |= dict.fromkeys(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"), named)
    schema.members |= dict.fromkeys(("anyOf", "oneOf", "allOf", "prefixItems"), several)
    schema.members |= dict.fromkeys(("items", "additionalProperties", "not", "if", "then", "else"), schema)
    schema.members["description"] = PROSE
    return schema


SCHEMA = _schema()
FORMAT = Field(members={"type": WORD, "name": TEXT, "description": PROSE, "schema": SCHEMA, "json_schema": Field(members={"schema": SCHEMA})})
FORMAT.members["json_schema"].members |= {"name": TEXT, "description": PROSE}
