"""Messages about a configuration: names stay readable, keys do not stay."""

from __future__ import annotations

import random
import string

import pytest

from gateway.config import parse
from gateway.errors import ConfigError
from gateway.unsaid import SHOWN, unsaid


@pytest.mark.covers("T2")
@pytest.mark.parametrize("alphabet", [string.ascii_letters + string.digits, string.hexdigits[:16], string.ascii_lowercase + string.digits], ids=["base62", "hex", "small"])
def test_of_a_key_in_the_place_of_a_name_little_is_said(alphabet: str) -> None:
    """`key: ${the key itself}`, a key where a provider's name is due: such messages go to logs, metrics' companions and tickets."""
    chance = random.Random(9)
    for _ in range(50):
        key = "".join(chance.choices(alphabet, k=40))
        for text in (f'providers: {{{key}: 1}}\n', f'{key}: 1\n', f'providers: {{a: {{dialect: "{key}", base_url: "https://h", key: "${{K{key}}}"}}}}\n', f"!!{key} x\n"):
            with pytest.raises(ConfigError) as caught:
                parse(text)
            said = str(caught.value) + "".join(caught.value.problems)
            assert not any(key[at : at + 12] in said for at in range(len(key) - 11)), said
            assert f"{key[:SHOWN]}…" in said or f"K{key[: SHOWN - 1]}…" in said


def test_names_are_said_as_they_are() -> None:
    """Who mends a file must recognise what stands in it."""
    for name in (
        "providers.azure-gpt-4o-mini-eastus2.base_url: expected an http(s) URL", "acme.detectors:FindProjectCodesV2", "the environment variable OPENAI_API_KEY_2_PROD is not set",
        "/etc/tidegate/keys-2026-11-22.yaml: Permission denied", "max_body_bytes", "claude-3-5-sonnet-20241022-v2", "192.168.100.200:8080", "guardrails.no-cards-4-shop-eu-1",
    ):  # fmt: skip
        assert unsaid(name) == name
