"""Keys and people's numbers in the protocol's own words: in an id, a model, a role, a key of metadata they are what they are anywhere (T16)."""

from __future__ import annotations

import json

import pytest

from gateway.dialects.fields import Kind
from gateway.dialects.fields_events import EVENT
from gateway.dialects.json_walk import walk_value
from gateway.dialects.walk import walk_text
from tests.detectors.made_up_secrets import PREFIXED, Drawn
from tests.dialects.test_fields import TABLES, body
from tests.guard.test_fields import at_work, declared, is_echo
from tests.support.planting import BLOCKS, request, whole
from tests.support.planting import CHANNELS as _CHANNELS

_R = Drawn(31)
PLANTED = {kind: PREFIXED[kind][0](_R) for kind in ("AWS_ACCESS_KEY", "GITHUB_TOKEN", "JWT", "OPENAI_KEY", "GITLAB_TOKEN")}
CARD = "id-4111-1111-1111-1111"
DECLARED = (Kind.WORD, Kind.ID, Kind.FILE, Kind.NUMBER, Kind.MODEL, Kind.NAME, Kind.MEDIA, Kind.BLOB)
CHAT = {channel.dialect: channel.operation for channel in _CHANNELS if channel.path.endswith(("completions", "messages"))}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.covers("T16")
def test_a_key_in_the_place_of_a_protocol_word_is_masked(table):
    """It looks like an id to a pattern, and is none."""
    seen = 0
    for at, (path, field) in enumerate(declared(table)):
        if field.kind not in DECLARED or is_echo(path):
            continue
        seen += 1
        kind = list(PLANTED)[at % len(PLANTED)]
        for secret in (PLANTED[kind], *(() if field.kind is Kind.BLOB else (CARD,))):
            got = at_work(table, body(path, secret))
            assert secret.encode() not in got.out and got.tally.verdict == "masked", (path, secret)
    assert seen > 20


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.covers("T16")
def test_a_key_that_is_a_key_is_masked(table):
    """A member's name is the sender's choice too: metadata, properties of schemas, arguments of tools."""
    for at, (path, field) in enumerate(declared(table, 5)):
        if is_echo(path) or field.kind is Kind.ECHOED:
            continue
        secret = list(PLANTED.values())[at % len(PLANTED)]
        got = at_work(table, body(path, {secret: 1}))
        assert secret.encode() not in got.out and got.tally.verdict == "masked", path


def test_the_words_of_events_hide_no_key():
    """One table for the events of all streams."""
    for at, key in enumerate(EVENT.members):
        secret = list(PLANTED.values())[at % len(PLANTED)]
        if EVENT.members[key].kind is not Kind.NOISE:
            assert secret in [leaf.text for leaf in walk_value(json.dumps({"x": {key: secret}}).encode(), EVENT).leaves], key


def test_names_of_parts_and_of_form_fields_hide_no_key():
    """Names, filenames and the names of parameters are the sender's choice."""
    secret = PLANTED["AWS_ACCESS_KEY"]
    part = '--b\r\nContent-Disposition: form-data; name="{}"; filename="{}"; {}=x\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n'
    for at in range(3):
        data = part.format(*(secret if at == place else "file" for place in range(3))).encode()
        walked = walk_text(data, "multipart/form-data; boundary=b")
        assert secret in [leaf.text for leaf in walked.leaves], at
        assert secret in [leaf.text for leaf in walk_text(f"{secret}=x".encode(), "application/x-www-form-urlencoded").leaves]


def test_an_id_that_is_masked_is_masked_alike_wherever_it_stands():
    """The call and its result must still belong together for the provider."""
    first, second = PLANTED["GITHUB_TOKEN"], PLANTED["AWS_ACCESS_KEY"]
    calls = [{"id": each, "type": "function", "function": {"name": "f", "arguments": "{}"}} for each in (first, second)]
    results = [{"role": "tool", "tool_call_id": each, "content": "x"} for each in (second, first)]
    got = json.loads(request("openai", CHAT["openai"], json.dumps({"model": "m", "messages": [{"role": "assistant", "tool_calls": calls}, *results]}).encode()).out)
    made = [call["id"] for call in got["messages"][0]["tool_calls"]]
    assert made == ["<GITHUB_TOKEN_1>", "<AWS_ACCESS_KEY_1>"] and [each["tool_call_id"] for each in got["messages"][1:]] == made[::-1]
    use = {"type": "tool_use", "id": first, "name": "f", "input": {}}
    given = {"type": "tool_result", "tool_use_id": first, "content": "x"}
    got = json.loads(request("anthropic", CHAT["anthropic"], json.dumps({"messages": [{"role": "assistant", "content": [use]}, {"role": "user", "content": [given]}]}).encode()).out)
    assert got["messages"][0]["content"][0]["id"] == got["messages"][1]["content"][0]["tool_use_id"] == "<GITHUB_TOKEN_1>"


@pytest.mark.parametrize("name", ["model", "previous_response_id", "service_tier", "user", "prompt_cache_key", "safety_identifier"])
def test_a_key_in_a_setting_is_refused_under_a_rule_that_blocks(name):
    """Before anything is sent, and in what comes back."""
    data = json.dumps({"model": "gpt-4o", "messages": [], name: PLANTED["GITHUB_TOKEN"]}).encode()
    for got in (request("openai", CHAT["openai"], data, BLOCKS), whole("openai", CHAT["openai"], data, BLOCKS)):
        assert got.out == b"" and got.tally.verdict == "blocked"
