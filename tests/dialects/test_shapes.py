"""The shapes of what is no text: ids of every maker fit one, keys and people's numbers fit none, wherever they stand (T16)."""

from __future__ import annotations

import base64
import random
import uuid
from collections.abc import Callable

import pytest

from detectors.text import Text
from gateway.dialects import shapes
from gateway.dialects.protocol_words import is_word
from gateway.guard.policy import Action, Direction, Rule
from tests.detectors.made_up_secrets import ALNUM, DIGITS, HEX, LOWER, PREFIXED, UPPER, URL, Drawn
from tests.support.planting import ENGINES

_R = Drawn(7)
LOCAL = [engine.local for engine in ENGINES.of([Rule("", name, frozenset((Direction.REQUEST,)), Action.MASK, local_only=True) for name in ("pii", "secrets")]) if engine.local]
SHAPES = (is_word, shapes.is_id, shapes.is_model, shapes.is_name, shapes.is_reference, shapes.is_media_type)
EPOCH = (1_600_000_000, 1_899_999_999)


def _uuid() -> str:
    return str(uuid.UUID(int=random.Random(_R.random()).getrandbits(128)))


# Ids as who makes them makes them: providers, servers of open models, frameworks.
MADE: dict[str, Callable[[], str]] = {
    "openai call": lambda: "call_" + _R.of(ALNUM, 24),
    "openai item": lambda: _R.choice(("fc_", "rs_", "msg_", "resp_", "ws_", "ig_")) + _R.of(HEX, 48),
    "openai completion": lambda: "chatcmpl-" + _R.of(ALNUM, 29),
    "openai file": lambda: "file-" + _R.of(ALNUM, 22),
    "openai things": lambda: _R.choice(("asst_", "thread_", "run_", "step_", "vs_")) + _R.of(ALNUM, 24),
    "fingerprint": lambda: "fp_" + _R.of(HEX, 10),
    "anthropic tool": lambda: _R.choice(("toolu_01", "srvtoolu_01", "toolu_bdrk_01")) + _R.of(ALNUM, 22),
    "anthropic message": lambda: _R.choice(("msg_01", "req_011", "file_011", "container_011")) + _R.of(ALNUM, 21),
    "bedrock": lambda: "tooluse_" + _R.of(URL, 22),
    "mistral": lambda: _R.of(ALNUM, 9),
    "gemini response": lambda: _R.of(URL, 22),
    "gemini cache": lambda: "cachedContents/" + _R.of(LOWER + DIGITS, 26),
    "vllm": lambda: _R.choice(("chatcmpl-", "chatcmpl-tool-")) + _R.of(HEX, 32),
    "vllm uuid": lambda: "chatcmpl-" + _uuid(),
    "ollama": lambda: "call_" + _R.of(LOWER + DIGITS, 8),
    "groq": lambda: "call_" + _R.of(LOWER + DIGITS, 4),
    "deepseek": lambda: f"call_{_R.randint(0, 9)}_{_uuid()}",
    "kimi": lambda: f"functions.{_R.choice(('get_weather', 'search', 'readFile'))}:{_R.randint(0, 40)}",
    "openrouter": lambda: f"gen-{_R.randint(*EPOCH)}-{_R.of(ALNUM, 20)}",
    "litellm": lambda: "call_" + _uuid(),
    "langchain": lambda: _R.choice(("run-", "lc_run--")) + _uuid() + _R.choice(("", "-0")),
    "ai sdk": lambda: _R.choice(("aitxt-", "msg-")) + _R.of(ALNUM, 24),
    "nanoid": lambda: _R.of(URL, 21),
    "uuid": _uuid,
    "hex": lambda: _R.of(HEX, _R.choice((16, 24, 32))),
    "ulid": lambda: "01" + _R.of("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 24),
    "cuid": lambda: "c" + _R.of(LOWER + DIGITS, 24),
    "ksuid": lambda: _R.of(ALNUM, 27),
    "sixteen": lambda: _R.of(ALNUM, 16),
    "base64": lambda: base64.b64encode(_R.randbytes(16)).decode(),
    "time": lambda: f"call-{_R.randint(*EPOCH)}{_R.randint(0, 999):03}",
    "counted": lambda: f"{_R.choice(('tool', 'get_weather', 'call'))}_{_R.randint(0, 9999)}",
}
UNLISTED = ("ksuid", "sixteen", "base64")  # text, by their looks; the detectors have nothing against them


def _card(joined: str = "") -> str:
    digits = [4, *(_R.randint(0, 9) for _ in range(14))]
    odd = sum(sum(divmod(2 * digit, 10)) if at % 2 == 0 else digit for at, digit in enumerate(digits))
    text = "".join(map(str, [*digits, -odd % 10]))
    return joined.join(text[at : at + 4] for at in range(0, 16, 4))


PERSONAL: dict[str, Callable[[], str]] = {
    "card": _card,
    "card in groups": lambda: _card("-"),
    "social security": lambda: f"{_R.randint(100, 665)}-{_R.randint(10, 99)}-{_R.randint(1000, 9999)}",
    "telephone": lambda: f"{_R.randint(201, 989)}-{_R.randint(200, 999)}-{_R.randint(1000, 9999)}",
    "iban": lambda: "DE89" + _R.choice(("", "-")).join(("3704", "0044", "0532", "0130", "00")),
    "address of a machine": lambda: ".".join(str(_R.randint(1, 250)) for _ in range(4)),
    "mail": lambda: f"{_R.of(LOWER, 6)}@example.org",
}


def found(text: str) -> bool:
    return any(detector.find(Text(text, "")) for detector in LOCAL)


@pytest.mark.parametrize("kind", PREFIXED)
@pytest.mark.covers("T16")
def test_no_key_has_a_shape_that_is_no_text(kind):
    """Bare, and behind what people put before an id: whatever a detector finds must reach it."""
    for make in PREFIXED[kind]:
        for before in ("", "call_", "id:", "x-", "tool/"):
            for _ in range(40):
                text = before + make(_R)
                assert not found(text) or not [shape.__name__ for shape in SHAPES if shape(text)], text


@pytest.mark.parametrize("kind", PERSONAL)
@pytest.mark.covers("T16")
def test_nobodys_number_has_a_shape_that_is_no_text(kind):
    """A card in a tool call's id is a card."""
    for before in ("", "call_", "id:", "x-", "tool/", "c"):
        for _ in range(100):
            text = before + PERSONAL[kind]()
            assert not found(text) or not [shape.__name__ for shape in SHAPES if shape(text)], text


@pytest.mark.parametrize("maker", MADE)
def test_ids_of_every_maker_raise_no_false_alarm(maker):
    """Law 1: an id that is masked breaks the call that it belongs to. Most are not even looked at."""
    made = [MADE[maker]() for _ in range(320)]
    passed = [shapes.is_id(text) for text in made]
    assert sum(passed) >= (0 if maker in UNLISTED else 0.9 * len(made)), next(text for text, ok in zip(made, passed, strict=True) if not ok)
    assert not [text for text, ok in zip(made, passed, strict=True) if not ok and found(text)]


MODELS = """gpt-4o-mini gpt-4o-mini-2024-07-18 claude-sonnet-4-5-20250929 claude-opus-4-1@20250805 meta-llama/Llama-3.3-70B-Instruct-Turbo
accounts/fireworks/models/llama-v3p1-8b-instruct ft:gpt-4o-mini-2024-07-18:my-org:custom_suffix:9abcDEF1 @cf/meta/llama-3.1-8b-instruct
anthropic.claude-3-5-sonnet-20241022-v2:0 us.anthropic.claude-sonnet-4-20250514-v1:0 models/gemini-2.5-flash-preview-05-20 publishers/google/models/gemini-2.5-pro
hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:IQ3_M qwen2.5:7b-instruct-q4_K_M Qwen/Qwen3-235B-A22B-Instruct-2507 doubao-1-5-pro-32k-250115 deepseek/deepseek-r1-0528:free
mistralai/Mixtral-8x22B-Instruct-v0.1 sentence-transformers/all-MiniLM-L6-v2 BAAI/bge-m3 gpt-3.5-turbo-16k-0613 computer-use-preview-2025-03-11 o3 m whisper-1 my-deployment
imagen-3.0-generate-002 gemma3n:e4b TheBloke/Mistral-7B-Instruct-v0.2-AWQ amazon.nova-pro-v1:0 ai21.jamba-1-5-large-v1:0 wizardlm2:8x22b-q4_K_M""".split()


def test_models_are_known_for_what_they_are():
    """Else each request's model would be a text to look at, and a name of somebody's to the names model."""
    assert not [name for name in MODELS if not shapes.is_model(name)]
    assert not [text for text in ("ann@example.org", "john smith", "415-555-0132", "a b", "", "x" * 40, "sk" + "-" + "a1b2" * 8) if shapes.is_model(text)]


@pytest.mark.parametrize("alphabet", [LOWER, UPPER, ALNUM, HEX, "aA", "a1-", "aB1-", "1-", "a.", ":/a", "_", URL + "@:/."])
def test_what_has_no_shape_is_told_at_once(alphabet):
    """The values are the sender's choice: a pattern that tries all ways to read one would stop the worker. Those that do not end would not end here either."""
    for size in (20, 64, 96, 5000):
        for text in (_R.of(alphabet, size), (alphabet * size)[:size], (alphabet * size)[: size - 1] + "!"):
            for shape in SHAPES:
                shape(text)
