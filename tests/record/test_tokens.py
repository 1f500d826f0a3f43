"""Token counts where the provider gave none."""

from __future__ import annotations

import gc
import gzip
import importlib
import socket
import sys
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.exchange import Segment, Usage
from gateway.record import tokens
from gateway.record.tokens import EXACT_CHARS, NEWEST, OLDER, PIECE_CHARS, TokenCounter, VocabularyError, encoding_name


@pytest.fixture(scope="module")
def counter() -> TokenCounter:
    return TokenCounter()


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every attempt to make a socket is refused and remembered."""
    attempts: list[Any] = []

    def refuse(*args: Any, **kwargs: Any) -> None:
        attempts.append(args)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return attempts


def test_both_vocabularies_load_without_a_network_or_the_native_module(no_sockets: list[Any]) -> None:
    """A gate behind a firewall counts like any other; 70 MB of native code for two data files would be a poor deal."""
    fresh = TokenCounter()
    # OpenAI's cookbook, "How to count tokens with tiktoken", gives 9 and 8 for the Japanese text.
    counts = [fresh.count(text, model) for model in ("gpt-4", "gpt-4o") for text in ("hello world", "お誕生日おめでとう")]
    assert counts == [2, 9, 2, 8]
    assert no_sockets == []
    assert "bpe_openai._bindings" not in sys.modules


def test_a_vocabulary_with_a_wrong_hash_is_refused_not_fetched(tmp_path: Path, no_sockets: list[Any]) -> None:
    """Counting with a tampered vocabulary would give wrong costs in silence; fetching another would be a surprise connection."""
    (tmp_path / "o200k_base.tiktoken.gz").write_bytes(gzip.compress(b"aGVsbG8= 0\n"))
    (tmp_path / "cl100k_base.tiktoken.gz").write_bytes(b"not gzip")
    broken = TokenCounter(tmp_path)
    with pytest.raises(VocabularyError, match=r"o200k_base\.tiktoken\.gz: not the vocabulary"):
        broken.count("hello", "gpt-4o")
    with pytest.raises(VocabularyError, match=r"cl100k_base\.tiktoken\.gz: cannot be read"):
        broken.count("hello", "gpt-4")
    assert no_sockets == []


def test_without_a_vocabulary_usage_is_unknown_and_says_so(tmp_path: Path) -> None:
    """Law 6: no tokens is not zero tokens, and a broken installation must not stop the recorder."""
    usage = TokenCounter(tmp_path).estimate([Segment("user", "/messages/0/content", "hi")], [], "gpt-4o")
    assert usage == Usage(note="not estimated: o200k_base.tiktoken.gz: cannot be read; install bpe-openai again")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("gpt-4", OLDER),
        ("gpt-4-0613", OLDER),
        ("gpt-3.5-turbo-0125", OLDER),
        ("text-embedding-3-small", OLDER),
        ("openai/gpt-4", OLDER),
        ("ft:gpt-3.5-turbo-0125:acme/lab::x1", OLDER),
        ("text-davinci-003", OLDER),
        ("gpt-4o-mini", NEWEST),
        ("ft:gpt-4.1-mini-2025-04-14:acme::x1", NEWEST),
        ("gpt-5", NEWEST),
        ("o3", NEWEST),
        ("openai/gpt-oss-120b", NEWEST),
        ("claude-sonnet-4-5", NEWEST),
        ("", NEWEST),
    ],
)
def test_models_are_counted_with_their_own_encoding(model: str, name: str) -> None:
    """The two encodings differ by a fifth on code and by half on other languages than English."""
    assert encoding_name(model) == name


def test_harmony_differs_from_o200k_by_special_tokens_only() -> None:
    """This is why gpt-oss is counted without loading a third vocabulary; if tiktoken changes it, this must be known."""
    public = importlib.import_module("tiktoken_ext.openai_public")
    names = vars(public) | {"load_tiktoken_bpe": lambda url, expected_hash: (url, expected_hash)}
    names["o200k_base"] = FunctionType(public.o200k_base.__code__, names)
    base, harmony = (FunctionType(define.__code__, names)() for define in (public.o200k_base, public.o200k_harmony))
    assert [base[key] for key in ("pat_str", "mergeable_ranks")] == [harmony[key] for key in ("pat_str", "mergeable_ranks")]


def test_special_tokens_in_a_text_are_ordinary_text(counter: TokenCounter) -> None:
    """A caller may write about <|endoftext|>; one token, or an error, would both be wrong."""
    assert counter.count("<|endoftext|>", "gpt-4o") > 3


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (" " * 1_000_000, 1_000, 100_000),
        ("a" * 1_000_000, 100_000, 200_000),
        ("\n" * 300_000, 1_000, 100_000),
        ("\ud800" * 1000, 100, 3000),
        ("e\u0301" * 50_000, 50_000, 150_001),
    ],
    ids=["spaces", "one letter", "line ends", "half surrogates", "combining"],
)
def test_hostile_texts_are_counted_and_kill_nothing(counter: TokenCounter, text: str, low: int, high: int) -> None:
    """A million spaces make the tokeniser panic, which no `except Exception` sees; the recorder would die of it again and again."""
    assert low < counter.count(text, "gpt-4o") < high


def test_a_panic_of_the_tokeniser_is_survived_and_nothing_else_is_swallowed() -> None:
    """If another text than the known ones makes it panic, the row is still written; a keyboard interrupt is not a panic."""

    class PanicException(BaseException):
        pass

    class Panicking:
        def __init__(self, error: BaseException) -> None:
            self.error = error

        def encode_ordinary(self, text: str) -> list[int]:
            raise self.error

    broken = TokenCounter()
    broken._encodings[NEWEST] = Panicking(PanicException("stack overflow"))  # type: ignore[assignment]
    assert broken.count("x" * 400, "gpt-4o") == 100
    broken._encodings[NEWEST] = Panicking(KeyboardInterrupt())  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        broken.count("x" * 400, "gpt-4o")


def test_pieces_are_the_text_and_stay_small() -> None:
    """What is cut away is not counted; what is not cut is not bounded."""
    text = ("word " * 30_000) + "x" * 120_000 + "\n".join(["line"] * 30_000)
    pieces = list(tokens._pieces(text))
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= PIECE_CHARS


def test_cutting_a_long_text_does_not_change_its_count(counter: TokenCounter) -> None:
    """The count of a long document must be that of the model, not one that depends on where we cut."""
    line = "In the 3rd year the committee's report (42 pages) found: nothing new.\n"
    text = line * (PIECE_CHARS * 3 // len(line))
    assert len(text) > 2 * PIECE_CHARS
    encoding = counter._encoding(NEWEST)
    assert counter.count(text, "gpt-4o") == len(encoding.encode_ordinary(text))


def test_very_long_texts_are_extrapolated_closely(counter: TokenCounter) -> None:
    """Nobody waits for 20 MB to be counted; the estimate of even text is right to a percent."""
    line = "Sample line with 7 words and a number 12345.\n"
    lines = EXACT_CHARS * 5 // 4 // len(line)
    exact = counter.count(line * 1000, "gpt-4o") / 1000 * lines
    assert counter.count(line * lines, "gpt-4o") == pytest.approx(exact, rel=0.01)


def test_an_estimate_adds_the_framing_of_each_message_once(counter: TokenCounter) -> None:
    """Two parts of one message are framed once: 3 to begin the answer and 4 for each of two messages, beside 1 + 2 + 1 of text."""
    request = [Segment("system", "/messages/0/content", "hi"), Segment("user", "/messages/1/content/0/text", "hello world"), Segment("user", "/messages/1/content/1/text", "hi")]
    reply = [Segment("assistant", "/choices/0/message/content", "hello world")]
    assert counter.estimate(request, reply, "gpt-4o") == Usage(input_tokens=3 + 2 * 4 + 4, output_tokens=2)
    assert counter.estimate(request, None, "text-embedding-3-small", chat=False) == Usage(input_tokens=4)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=300))
def test_counts_are_never_negative_and_bounded_by_the_bytes(counter: TokenCounter, text: str) -> None:
    """A token is at least one byte, so more tokens than bytes would be a bug that costs money."""
    count = counter.count(text, "gpt-4o")
    assert (text != "") <= count <= len(text.encode(errors="replace"))


def test_a_vocabulary_is_held_once() -> None:
    """The encoder has its own copy: 200,000 words of Python's beside it were 40 MB of every recorder."""
    gc.collect()
    before = sys.getallocatedblocks()
    counter = TokenCounter()
    assert counter.count("hello world", "gpt-4o") == 2
    gc.collect()
    assert sys.getallocatedblocks() - before < 20_000
