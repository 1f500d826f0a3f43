"""What the bench sends and what the mock provider answers: the one place where both sides of the wire agree.

Rules of this file: constants and pure functions; sizes are those of ordinary traffic (request about 1.4 KB, reply about 820 bytes, a
streamed chunk about 280 bytes); every reply is known beforehand, so a client can tell a whole one from one that was cut or changed.

A streamed chunk carries the instant it was sent in its text: sixteen letters in groups of four, a to j for the digits of nanoseconds of CLOCK_MONOTONIC, which
all processes of one machine share. That is how a client knows what a chunk's way took. Letters, because that is what chunks are made of: a guard rightly holds
back rows of digits, which may become a card.
"""

from __future__ import annotations

import base64
import os

import orjson

PATH = "/v1/chat/completions"
CHUNKS = 64  # content chunks of a streamed reply
STAMP_MARK = b'"content":" at '
STAMP_CHARS = 19
DONE = b"data: [DONE]\n\n"
USAGE_MARK = b'"usage":{'
LAST_CHUNK = b"0\r\n\r\n"  # of a chunked reply

_MODEL = "gpt-4o-mini-2024-07-18"
_ID = "chatcmpl-Bq7ZtUe2mWfHkR4xN0sYcLd9aVg1p"
_CREATED = 1_763_769_600
_USAGE = {
    "prompt_tokens": 297,
    "completion_tokens": 64,
    "total_tokens": 361,
    "prompt_tokens_details": {"cached_tokens": 128, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0},
}
_ANSWER = (
    "Your parcel 88-2041 left the depot this morning and should reach you on Thursday between nine and noon. Nobody needs to sign for it. "
    "If the glass shade is broken, send us a photo within two weeks and we will replace it at no charge."
)
_TALK = (
    ("system", "You work at the help desk of a lamp shop. Keep answers short, repeat order numbers as given, never make up a rule."),
    ("user", "Hi! I bought a floor lamp with a glass shade last week, order 88-2041, and I have not heard anything since then."),
    ("assistant", "Hello, and thank you for the order number. I see 88-2041: packed on Monday, waiting for the carrier to collect it."),
    ("user", "Is it one parcel or two? The stand is rather long, and the last time only half of what I had bought was delivered."),
    ("assistant", "Two: the stand travels alone, the shade and the bulbs go together in a padded box. Both have the same number."),
    ("user", "Fine. Can somebody tell me the day before it comes? I am away on most mornings, but my neighbour could wait for it."),
    ("assistant", "The carrier sends a text message on the evening before, with a window of three hours. I have noted your neighbour."),
    ("user", "And what if the shade is cracked again? I do not want to pay for sending it back, as I had to do in the spring."),
    ("assistant", "You will not have to: damage on the way is ours to pay for. Keep the box until we have looked at a photo of it."),
    ("user", "Good. So once more in one go: on which day will it come, must anyone sign, and how long do I have to complain?"),
)


SAY_KB = b'"say":"1 KB"'
_KB = " ".join(text for _, text in _TALK)[:1024]


def request_body(*, stream: bool = False, pace_ms: int = 0, ask_usage: bool = False, image_bytes: int = 0, kilobyte: bool = False) -> bytes:
    """A chat request. pace_ms: what the mock waits between two chunks; 0: nothing. image_bytes: of a picture sent along, before base64.
    kilobyte: one message of 1 KB, to be answered with one of 1 KB; the mock says which by SAY_KB."""
    if kilobyte:
        return orjson.dumps({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": _KB}], "metadata": {"say": "1 KB"}})
    messages: list[dict[str, object]] = [{"role": role, "content": text} for role, text in _TALK]
    if image_bytes:  # random, so that nothing on the way gains from compressing it
        url = "data:image/png;base64," + base64.b64encode(os.urandom(image_bytes)).decode()
        messages.append({"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]})
    body: dict[str, object] = {"model": "gpt-4o-mini", "messages": messages, "temperature": 0.2, "max_tokens": 256}
    if stream:
        body |= {"stream": True, "metadata": {"pace_ms": str(pace_ms)}}
        if ask_usage:
            body["stream_options"] = {"include_usage": True}
    return orjson.dumps(body)


def reply_body(*, kilobyte: bool = False) -> bytes:
    """The reply to a request that did not ask for a stream."""
    message: dict[str, object] = {"role": "assistant", "content": _KB if kilobyte else _ANSWER, "refusal": None, "annotations": []}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    reply = {"id": _ID, "object": "chat.completion", "created": _CREATED, "model": _MODEL, "choices": [choice], "usage": _USAGE}
    return orjson.dumps(reply | {"service_tier": "default", "system_fingerprint": "fp_7c9a1b2e4d"})


_LETTERS, _DIGITS = bytes.maketrans(b"0123456789", b"abcdefghij"), bytes.maketrans(b"abcdefghij", b"0123456789")


def stamp(now_ns: int) -> bytes:
    """An instant as words."""
    said = (b"%016d" % now_ns).translate(_LETTERS)
    return b" ".join((said[:4], said[4:8], said[8:12], said[12:16]))


def stamped(said: bytes) -> int:
    """And back."""
    return int(said.translate(_DIGITS, b" "))


def content_chunk(usage_asked: bool) -> tuple[bytes, bytes]:
    """A content event without its stamp: what comes before it and what comes after."""
    before, _, after = _event({"content": " at "}, None, usage_asked).partition(b" at ")
    return before + b" at ", after


def tail_events(usage_asked: bool) -> tuple[bytes, ...]:
    """The events after the content: the finish, the usage if it was asked for, the end."""
    finish = _event({}, "stop", usage_asked)
    if not usage_asked:
        return finish, DONE
    usage = {"id": _ID, "object": "chat.completion.chunk", "created": _CREATED, "model": _MODEL, "choices": [], "usage": _USAGE}
    return finish, b"data: " + orjson.dumps(usage) + b"\n\n", DONE


def _event(delta: dict[str, str], finish: str | None, usage_asked: bool) -> bytes:
    chunk: dict[str, object] = {"id": _ID, "object": "chat.completion.chunk", "created": _CREATED, "model": _MODEL, "service_tier": "default"}
    chunk |= {"system_fingerprint": "fp_7c9a1b2e4d", "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}
    if usage_asked:
        chunk["usage"] = None  # as OpenAI does in every chunk but the last of such a stream
    return b"data: " + orjson.dumps(chunk) + b"\n\n"
