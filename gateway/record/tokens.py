"""Count tokens where the provider did not say how many there were.

Rules of this file: no network, ever. tiktoken's encoders are built from its own definitions, with the loader that would fetch a
vocabulary replaced by one that reads the data files of the installed bpe-openai wheel (never importing it: it is 70 MB of native code) and
refuses a file whose SHA-256 is not the one tiktoken pins. Special tokens in a text are ordinary text: a caller who writes "<|endoftext|>"
wrote thirteen characters. Work is bounded on hostile text: long texts are counted in pieces, very long ones from a sample.

What is exact: text of models whose encoding tiktoken knows. What is an estimate: other vendors' models (counted as o200k_base),
OpenAI's vocabularies before 2022 (counted as cl100k_base), what a chat's framing costs, images, audio and tool schemas (not
counted at all). Rows say `usage_source = estimated` for all of it.

Deliberately absent: o200k_harmony of the gpt-oss models, which differs from o200k_base by special tokens only and so counts any text alike.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FunctionType

import tiktoken
from tiktoken.model import encoding_name_for_model

from gateway.errors import TidegateError
from gateway.exchange import Segment, Usage

NEWEST, OLDER = "o200k_base", "cl100k_base"
_SAME_OR_NEAREST = {
    "o200k_base": NEWEST,
    "o200k_harmony": NEWEST,
    "cl100k_base": OLDER,
    "p50k_base": OLDER,
    "p50k_edit": OLDER,
    "r50k_base": OLDER,
    "gpt2": OLDER,
}
PIECE_CHARS = 50_000  # at most 200 KB of UTF-8; tiktoken's regex engine gives up on runs of about a million spaces
EXACT_CHARS = 4_000_000  # more is extrapolated from SAMPLES slices of PIECE_CHARS
SAMPLES = 20
CHAT_PRIMING = 3  # tokens that begin the assistant's turn, and
CHAT_MESSAGE = 4  # those around each message: two markers, a role, a line end. OpenAI's own recipe for its chat models since 2023


class VocabularyError(TidegateError):
    """The vocabulary files are missing or not the ones that tiktoken expects: install bpe-openai again."""


class TokenCounter:
    """Counts; loads an encoding (0.3 s, 70 MB at most) when it is first needed. May be used from several threads."""

    def __init__(self, vocabularies: Path | None = None) -> None:
        """vocabularies: the directory of `*.tiktoken.gz` files; None: that of the installed bpe-openai."""
        self._vocabularies = vocabularies
        self._encodings: dict[str, tiktoken.Encoding | VocabularyError] = {}

    def count(self, text: str, model: str) -> int:
        """Tokens of a text as `model` would read it. Raises VocabularyError."""
        encoding = self._encoding(encoding_name(model))
        if len(text) <= PIECE_CHARS:
            return _count(encoding, text)
        if len(text) <= EXACT_CHARS:
            return sum(_count(encoding, piece) for piece in _pieces(text))
        step = len(text) // SAMPLES
        tokens = sum(_count(encoding, text[i * step : i * step + PIECE_CHARS]) for i in range(SAMPLES))
        return tokens * len(text) // (SAMPLES * PIECE_CHARS)

    def estimate(self, request: Sequence[Segment], reply: Sequence[Segment] | None, model: str, *, chat: bool = True) -> Usage:
        """Usage of an exchange about which the provider said nothing.

        request: empty: what went in was no text that the gate can read (numbers of tokens, pictures), so input_tokens stays None.
        reply: None where what came back is unknown or no text, so that output_tokens stays None; empty: nothing was generated.
        chat: add what a chat format puts around messages; segments of one message are those that share the first two parts of their
        pointer ("/messages/3").  Never raises: without a vocabulary both counts are None and `note` says so.
        """
        try:
            tokens_in = sum(self.count(segment.text, model) for segment in request) if request else None
            tokens_out = None if reply is None else sum(self.count(segment.text, model) for segment in reply)
        except VocabularyError as e:
            return Usage(note=f"not estimated: {e}")
        if chat and tokens_in is not None:
            tokens_in += CHAT_PRIMING + CHAT_MESSAGE * len({tuple(segment.pointer.split("/", 3)[:3]) for segment in request})
        return Usage(input_tokens=tokens_in, output_tokens=tokens_out)

    def _encoding(self, name: str) -> tiktoken.Encoding:
        known = self._encodings.get(name)
        if known is None:
            try:
                known = self._load(name)
            except VocabularyError as e:
                known = e  # an installation does not heal while it runs: read the files once
            self._encodings[name] = known
        if isinstance(known, VocabularyError):
            raise known
        return known

    def _load(self, name: str) -> tiktoken.Encoding:
        """tiktoken's definition of an encoding, executed with our loader in the place of the one that downloads."""
        definitions = vars(importlib.import_module("tiktoken_ext.openai_public"))
        define = FunctionType(definitions[name].__code__, definitions | {"load_tiktoken_bpe": self._ranks})
        encoding = tiktoken.Encoding(**define())
        encoding._mergeable_ranks = {}  # the encoder has a copy of its own, and counting asks nobody else
        return encoding

    def _ranks(self, url: str, expected_hash: str) -> dict[bytes, int]:
        """The vocabulary that tiktoken knows by this URL, out of a file of the same name."""
        path = (self._vocabularies or _installed()) / f"{url.rsplit('/', 1)[-1]}.gz"
        try:
            raw = gzip.decompress(path.read_bytes())
        except (OSError, EOFError) as e:
            raise VocabularyError(f"{path.name}: cannot be read; install bpe-openai again") from e
        if hashlib.sha256(raw).hexdigest() != expected_hash:
            raise VocabularyError(f"{path.name}: not the vocabulary that tiktoken {tiktoken.__version__} expects; install bpe-openai again")
        return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in raw.splitlines() if line)}


def tokens_of_length(size: int) -> int:
    """Tokens of a text of which no more is known than how long it is, bytes of UTF-8: English's average, at least one."""
    return -(-size // 4)


def encoding_name(model: str) -> str:
    """The encoding that a model is counted with: one of NEWEST, OLDER. A vendor's prefix and a fine-tune's suffix do not matter."""
    name = model.removeprefix("ft:").split(":", 1)[0] if model.startswith("ft:") else model
    try:
        return _SAME_OR_NEAREST.get(encoding_name_for_model(name.rsplit("/", 1)[-1]), NEWEST)
    except KeyError:
        return NEWEST


def _installed() -> Path:
    spec = importlib.util.find_spec("bpe_openai")
    if spec is None or not spec.submodule_search_locations:
        raise VocabularyError("bpe-openai is not installed; it holds the vocabularies")
    return Path(spec.submodule_search_locations[0]) / "data"


def _pieces(text: str) -> Iterator[str]:
    """Cut a text where a token most likely begins: before a space or after a line end, else anywhere."""
    at = 0
    while at < len(text):
        end = at + PIECE_CHARS
        if end < len(text):
            blank = max(text.rfind(" ", at + 1, end), text.rfind("\n", at, end) + 1)
            end = blank if blank > at else end
        yield text[at:end]
        at = end


def _count(encoding: tiktoken.Encoding, piece: str) -> int:
    try:
        return len(encoding.encode_ordinary(piece))
    except BaseException as e:
        if type(e).__name__ != "PanicException":  # Rust's panics come as a BaseException without a public name
            raise
        return tokens_of_length(len(piece.encode(errors="replace")))  # no text may end the recorder
