"""OpenAI's other endpoints: embeddings, moderations, models, and what the gate relays as opaque: files, images, audio, batches.

Uploaded files are kept, a few of them, so that their content can be asked for again: the one state of the simulated provider.
"""

from __future__ import annotations

import base64
import hashlib
import random
import re
import struct
import zlib
from dataclasses import dataclass, field
from typing import Any

from gateway.demo.ask import count, identifier, image_tokens
from gateway.demo.wire import EPOCH, BadCall, Call, Served, whole

MODELS = ("gpt-4.1", "gpt-4.1-mini", "gpt-4o", "gpt-4o-mini", "gpt-5-mini", "gpt-5.4", "gpt-5.4-mini", "o4-mini", "gpt-3.5-turbo-instruct", "text-embedding-3-small", "text-embedding-3-large")
CATEGORIES = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm", "self-harm/instructions",
    "self-harm/intent", "sexual", "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip
_OFTEN_SEEN = {"violence": ("kill", "shoot"), "harassment": ("idiot", "stupid"), "self-harm": ("hurt myself",)}
MAX_FILES = 64


def vector(text: str, size: int) -> list[float]:
    """A unit vector that is near for texts that share words: each word votes on a few dimensions. Exactly representable as float32."""
    values = [1e-3] * size
    for word in re.findall(r"\w+", text.lower()):
        rng = random.Random(hashlib.sha256(word.encode()).digest())
        for _ in range(8):
            values[rng.randrange(size)] += rng.choice((-1.0, 1.0))
    norm = sum(v * v for v in values) ** 0.5
    return list(struct.unpack(f"<{size}f", struct.pack(f"<{size}f", *(v / norm for v in values))))


def embeddings(call: Call) -> Served:
    """POST /v1/embeddings: float or base64 (little-endian float32, which the SDK asks for)."""
    body = call.json()
    given, model = body.get("input"), body.get("model")
    if not isinstance(model, str) or not given:
        raise BadCall(400, "Missing required parameter: 'model' and 'input'.")
    tokens_given = isinstance(given, list) and isinstance(given[0], (int, list))
    inputs = [given] if isinstance(given, str) or (tokens_given and isinstance(given[0], int)) else given
    size = body.get("dimensions") or (3072 if "large" in model else 1536)
    rows = []
    for i, one in enumerate(inputs):
        values = vector(one if isinstance(one, str) else " ".join(map(str, one)), size)
        shown: Any = base64.b64encode(struct.pack(f"<{size}f", *values)).decode() if body.get("encoding_format") == "base64" else values
        rows.append({"object": "embedding", "index": i, "embedding": shown})
    tokens = sum(count(one) if isinstance(one, str) else len(one) for one in inputs)
    return whole({"object": "list", "data": rows, "model": model, "usage": {"prompt_tokens": tokens, "total_tokens": tokens}}, seed=tokens)


def moderations(call: Call) -> Served:
    """POST /v1/moderations."""
    body = call.json()
    given = body.get("input")
    if not given:
        raise BadCall(400, "Missing required parameter: 'input'.")
    results = []
    multi = isinstance(given, list) and isinstance(given[0], dict)
    for one in [" ".join(p.get("text", "") for p in given)] if multi else [given] if isinstance(given, str) else given:
        hit = {name for name, words in _OFTEN_SEEN.items() if any(w in one.lower() for w in words)}
        results.append(
            {
                "flagged": bool(hit),
                "categories": {c: c in hit for c in CATEGORIES},
                "category_scores": {c: 0.93 if c in hit else 0.0004 for c in CATEGORIES},
                "category_applied_input_types": {c: ["text"] for c in CATEGORIES},
            }
        )
    seed = zlib.crc32(call.body)
    return whole({"id": identifier("modr-", seed), "model": body.get("model") or "omni-moderation-latest", "results": results}, seed=seed)


def models(call: Call) -> Served:
    """GET /v1/models and /v1/models/{id}."""
    cards = [{"id": name, "object": "model", "created": EPOCH - 30_000_000, "owned_by": "system"} for name in MODELS]
    wanted = call.path.removeprefix("/v1/models").strip("/")
    if not wanted:
        return whole({"object": "list", "data": cards})
    for card in cards:
        if card["id"] == wanted:
            return whole(card)
    raise BadCall(404, f"The model '{wanted}' does not exist or you do not have access to it.", "model_not_found")


def images(call: Call) -> Served:
    """POST /v1/images/generations: a small PNG, as b64_json."""
    body = call.json()
    prompt = str(body.get("prompt") or "")
    if not prompt:
        raise BadCall(400, "Missing required parameter: 'prompt'.")
    seed = zlib.crc32(prompt.encode())
    made = [{"b64_json": base64.b64encode(png(seed + i)).decode()} for i in range(body.get("n") or 1)]
    text, output = count(prompt), 272 * len(made)
    used = {"input_tokens": text, "input_tokens_details": {"text_tokens": text, "image_tokens": 0}, "output_tokens": output, "total_tokens": text + output}
    shape = {"background": "opaque", "output_format": "png", "quality": "low", "size": body.get("size") or "1024x1024"}
    return whole({"created": EPOCH + seed % 1_000_000, **shape, "data": made, "usage": used}, seed=seed, tokens=output)


def png(seed: int, side: int = 32) -> bytes:
    """A PNG of noise, a few kilobytes."""
    rng = random.Random(seed)
    rows = b"".join(b"\0" + rng.randbytes(3 * side) for _ in range(side))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)


def speech(call: Call) -> Served:
    """POST /v1/audio/speech: bytes that no text decoder likes."""
    body = call.json()
    text = str(body.get("input") or "")
    if not text:
        raise BadCall(400, "Missing required parameter: 'input'.")
    seed = zlib.crc32(text.encode())
    sound = b"ID3\x04\x00\x00\x00\x00\x00\x00" + random.Random(seed).randbytes(96 * count(text))
    return Served((sound[: len(sound) // 2], sound[len(sound) // 2 :]), "audio/mpeg", seed, count(text))


def transcription(call: Call) -> Served:
    """POST /v1/audio/transcriptions, multipart."""
    form = parts_of(call)
    if "file" not in form:
        raise BadCall(400, "Missing required parameter: 'file'.")
    sound = form["file"][1]
    seed = zlib.crc32(sound)
    heard = f"This recording has {len(sound)} bytes; I hear a voice saying hello."
    if form.get("response_format", ("", b"json"))[1] == b"text":
        return Served((heard.encode() + b"\n",), "text/plain; charset=utf-8", seed, count(heard))
    audio, output = image_tokens(len(sound)), count(heard)
    used = {"type": "tokens", "input_tokens": audio, "input_token_details": {"audio_tokens": audio, "text_tokens": 0}}
    return whole({"text": heard, "usage": {**used, "output_tokens": output, "total_tokens": audio + output}}, seed=seed, tokens=output)


def batches(call: Call) -> Served:
    """POST /v1/batches."""
    body = call.json()
    if not body.get("input_file_id"):
        raise BadCall(400, "Missing required parameter: 'input_file_id'.")
    seed = zlib.crc32(call.body)
    created = EPOCH + seed % 1_000_000
    known = {k: body.get(k) for k in ("endpoint", "input_file_id", "completion_window", "metadata")}
    counts = {"total": 0, "completed": 0, "failed": 0}
    state = {"object": "batch", "errors": None, "status": "validating", "created_at": created, "expires_at": created + 86_400, "request_counts": counts}
    return whole({"id": identifier("batch_", seed, length=32), **known, **state})


def parts_of(call: Call) -> dict[str, tuple[str, bytes]]:
    """multipart/form-data as {field: (file name, value)}. Raises BadCall if it is anything else."""
    found = re.search(r'boundary="?([^";]+)"?', call.headers.get("content-type", ""))
    if found is None:
        raise BadCall(400, "Expected multipart/form-data.")
    parts = {}
    for part in call.body.split(b"--" + found[1].encode())[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        named = dict(re.findall(r'(\w+)="([^"]*)"', head.decode("utf-8", "replace")))
        parts[named.get("name", "")] = (named.get("filename", ""), value.removesuffix(b"\r\n"))
    return parts


@dataclass
class Files:
    """The files that were uploaded, the newest MAX_FILES: card and content by id."""

    kept: dict[str, tuple[dict[str, Any], bytes]] = field(default_factory=dict)

    def serve(self, call: Call) -> Served:
        """/v1/files: upload and list; /v1/files/{id}: card, delete; /v1/files/{id}/content."""
        _, _, wanted = call.path.partition("/v1/files")
        if not wanted.strip("/"):
            return self._upload(call) if call.method == "POST" else whole({"object": "list", "data": [card for card, _ in self.kept.values()], "has_more": False})
        name, _, rest = wanted.strip("/").partition("/")
        if name not in self.kept:
            raise BadCall(404, f"No such File object: {name}")
        card, content = self.kept[name]
        if rest == "content":
            return Served((content,), "application/octet-stream")
        if call.method == "DELETE":
            del self.kept[name]
            return whole({"id": name, "object": "file", "deleted": True})
        return whole(card)

    def _upload(self, call: Call) -> Served:
        form = parts_of(call)
        if "file" not in form or "purpose" not in form:
            raise BadCall(400, "Missing required parameter: 'file' and 'purpose'.")
        filename, content = form["file"]
        seed = zlib.crc32(content, zlib.crc32(filename.encode()))
        card = {"id": identifier("file-", seed), "object": "file", "bytes": len(content), "created_at": EPOCH + seed % 1_000_000, "filename": filename}
        card |= {"purpose": form["purpose"][1].decode("utf-8", "replace"), "status": "processed", "expires_at": None}
        self.kept[str(card["id"])] = (card, content)
        while len(self.kept) > MAX_FILES:
            del self.kept[next(iter(self.kept))]
        return whole(card)
