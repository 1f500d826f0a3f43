"""The official SDKs against a gate with rules: every reply that a rule refused, rewrote or asked for again is one that the SDK can read, and its row says so.

One gate; a rule for each situation, chosen by the app's name. The simulated model repeats what it is told to (`sim-echo`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.demo.provider import Provider, Received
from tests.support.gate import RunningGate
from tests.support.sdk import WEATHER, Caller, Case, Seen, user

APIS = ("chat", "completions", "responses", "messages", "gemini")
FORMS = ("whole", "stream")
MAIL, CARD = "alice.smith@example.com", "4111 1111 1111 1111"
WORDS = "I cannot talk about that here."
RULES = f"""guardrails:
  - {{name: mask, apps: mask, on: [request, reply], detector: pii, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns}}
  - {{name: mask-reply, apps: mask-reply, on: reply, detector: pii, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns}}
  - {{name: pseudonyms, apps: pseudonyms, on: request, detector: pii, kinds: [EMAIL_ADDRESS], action: pseudonymise, tier: patterns}}
  - {{name: no-cards, apps: no-cards, on: request, detector: pii, kinds: [CREDIT_CARD], action: block, tier: patterns}}
  - {{name: polite, apps: polite, on: request, detector: pii, kinds: [CREDIT_CARD], action: block, tier: patterns, reply: "{WORDS}"}}
  - {{name: no-cards-back, apps: no-cards-back, on: reply, detector: pii, kinds: [CREDIT_CARD], action: block, tier: patterns}}
  - {{name: polite-back, apps: polite-back, on: reply, detector: pii, kinds: [CREDIT_CARD], action: block, tier: patterns, reply: "{WORDS}"}}
  - {{name: again, apps: again, on: reply, detector: pii, kinds: [CREDIT_CARD], action: retry, retries: 2, tier: patterns}}
  - {{name: again-polite, apps: again-polite, on: reply, detector: pii, kinds: [CREDIT_CARD], action: retry, retries: 1, tier: patterns, reply: "{WORDS}"}}
"""
LONG = "Well, there is much to be said about that, and I will say it all before I come to the point. " * 3
BEFORE = "Well, there is much to be said about that, and I will."
# App and what the model is told to say, for each situation.
SAYS = {
    "mask": f"sim-echo Write to {MAIL} today.",
    "mask-reply": f"sim-echo Write to {MAIL} today.",
    "pseudonyms": f"sim-echo Write to {MAIL} today.",
    "no-cards": f"sim-echo My card is {CARD}.",
    "polite": f"sim-echo My card is {CARD}.",
    "no-cards-back": f"sim-echo {CARD} it is.",
    "polite-back": f"sim-echo {CARD} it is.",
    # said slowly: what comes in one read with the card is not given out
    "late": f"sim-slow sim-echo {BEFORE} It is {CARD}, as you know.",
    "again": f"sim-echo-once {LONG} It is {CARD}, as you know.",
    "again-in-vain": f"sim-echo {LONG} It is {CARD}, as you know.",
    # the same without a rule: what the provider bills
    "plain-back": f"sim-echo {CARD} it is.",
    "plain-again": f"sim-echo {LONG} It is {CARD}, as you know.",
    "plain-late": f"sim-slow sim-echo {BEFORE} It is {CARD}, as you know.",
    "again-polite": f"sim-echo {LONG} It is {CARD}, as you know.",
}
APPS = {"late": "no-cards-back", "again-in-vain": "again"}
_REFUSED = {"chat": "BadRequestError", "completions": "BadRequestError", "responses": "BadRequestError", "messages": "BadRequestError", "gemini": "ClientError"}
_BROKEN = {"chat": "APIError", "completions": "APIError", "responses": "APIError", "messages": "APIStatusError", "gemini": "ClientError"}
_TOOL = {"type": "function", "function": {"name": "get_weather", "description": "The forecast", "parameters": WEATHER}}
Made = dict[tuple[str, str, str], tuple[Seen, list[Received]]]


def case(api: str, form: str, text: str) -> Case:
    """A call of one API."""
    name, more = f"{api}-{form}", {"stream": True} if form == "stream" else {}
    if api == "chat":
        return Case(name, "openai", "chat.completions.create", {"model": "gpt-4o-mini", "messages": user(text), **more})
    if api == "completions":
        return Case(name, "openai", "completions.create", {"model": "gpt-3.5-turbo-instruct", "prompt": text, "max_tokens": 900, **more})
    if api == "responses":
        return Case(name, "openai", "responses.create", {"model": "gpt-4.1-mini", "input": text, **more})
    if api == "messages":
        return Case(name, "anthropic", "messages.create", {"model": "claude-sonnet-4-6", "max_tokens": 900, "messages": user(text), **more})
    return Case(name, "gemini", "models.generate_content_stream" if more else "models.generate_content", {"model": "gemini-2.0-flash", "contents": text})


def said(api: str, items: list[Any]) -> str:
    """What the app read, from whole objects or from the objects of a stream."""
    texts: list[str] = []
    for item in items:
        if api in ("chat", "completions"):
            for choice in item.choices:
                part = getattr(choice, "delta", None) or getattr(choice, "message", None)
                texts.append((choice.text if part is None else part.content) or "")
        elif api == "responses":
            texts.append(item.output_text if hasattr(item, "output_text") else item.delta if item.type == "response.output_text.delta" else "")
        elif api == "messages":
            texts += [block.text for block in getattr(item, "content", ())]
            texts.append(item.delta.text if item.type == "content_block_delta" else "")
        else:
            texts += [part.text or "" for part in item.candidates[0].content.parts or ()]
    return "".join(texts)


@pytest.fixture(scope="module")
def guarded(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGate]:
    lists = (("openai", "openai"), ("anthropic", "anthropic"), ("gemini", "google"))
    lines = [f'  {name}: {{dialect: {name}, base_url: "{provider.url}", allow_private: true, prices_as: {prices}}}' for name, prices in lists]
    with RunningGate(tmp_path_factory.mktemp("guarded"), "\n".join(lines), more=RULES) as running:
        yield running


@pytest.fixture(scope="module")
def made(guarded: RunningGate, provider: Provider) -> Made:
    """Every situation with every API, whole and streamed."""
    found: Made = {}
    for situation, text in SAYS.items():
        with Caller(guarded.base_url, asynchronous=False, headers={"x-tidegate-app": APPS.get(situation, situation)}) as caller:
            for api in APIS:
                for form in FORMS:
                    before = provider.requests
                    seen = caller.make(case(api, form, text))
                    found[situation, api, form] = seen, [each for each in provider.received if each.number > before]
    return found


@pytest.fixture(scope="module")
def rows(guarded: RunningGate, made: Made) -> dict[str, dict[str, Any]]:
    guarded.settle(at_least=len(made))
    return {row["id"].replace("-", ""): row for row in guarded.sql("SELECT * REPLACE (toString(cost_usd) AS cost_usd) FROM exchanges")}


def row_of(rows: dict[str, dict[str, Any]], seen: Seen) -> dict[str, Any]:
    return rows[seen.request_id]


def status_of(error: BaseException | None) -> int:
    return int(getattr(error, "status_code", 0) or getattr(error, "code", 0) or 0)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("api", APIS)
def test_a_masked_exchange_reads_like_any_other(made, rows, api, form):
    """The provider never sees the address, the app reads the placeholder, under a rule for both directions and under one for the reply alone."""
    seen, received = made["mask", api, form]
    assert seen.error is None and said(api, seen.items) == "Write to <EMAIL_ADDRESS_1> today."
    assert [MAIL.encode() in each.body for each in received] == [False]
    assert row_of(rows, seen)["verdict"] == "masked"
    seen, received = made["mask-reply", api, form]
    assert seen.error is None and said(api, seen.items) == "Write to <EMAIL_ADDRESS> today."
    assert [MAIL.encode() in each.body for each in received] == [True]
    row = row_of(rows, seen)
    assert (row["verdict"], row["outcome"]) == ("masked", "ok") and MAIL not in json.dumps(row)
    found = zip(row["findings.kind"], row["findings.direction"], row["findings.action"], row["findings.count"], strict=True)
    assert [each for each in found if each[1] != "log"] == [("EMAIL_ADDRESS", "reply", "mask", 1)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("api", APIS)
def test_a_pseudonym_comes_back_as_the_name(made, rows, api, form):
    """The provider talks about <EMAIL_ADDRESS_1>, the app reads the address, the record keeps the pseudonym."""
    seen, received = made["pseudonyms", api, form]
    assert seen.error is None and said(api, seen.items) == f"Write to {MAIL} today."
    assert [(MAIL.encode() in each.body, b"<EMAIL_ADDRESS_1>" in each.body) for each in received] == [(False, True)]
    row = row_of(rows, seen)
    assert row["verdict"] == "masked" and MAIL not in json.dumps(row) and "<EMAIL_ADDRESS_1>" in row["reply_text"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("api", APIS)
def test_a_blocked_request_is_the_sdks_own_error(made, rows, api, form):
    """Nothing is sent; the class is that of a request the provider itself would refuse, and the code says who did."""
    seen, received = made["no-cards", api, form]
    assert (type(seen.error).__name__, status_of(seen.error), seen.items, received) == (_REFUSED[api], 400, [], [])
    assert "no-cards" in str(seen.error) and CARD not in str(seen.error)
    if api != "gemini":
        assert "policy_blocked" in str(seen.error) or getattr(seen.error, "code", "") == "policy_blocked"
    row = row_of(rows, seen)
    assert (row["verdict"], row["outcome"], row["error_code"], row["upstream_status"]) == ("blocked", "policy_blocked", "policy_blocked", None)
    assert CARD not in json.dumps(row)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("situation", ["polite", "polite-back", "again-polite"])
@pytest.mark.parametrize("api", APIS)
def test_a_configured_reply_is_read_as_the_models_own(made, rows, api, situation, form):
    """For a request that is refused, for a reply, and for a reply that came no better the second time. A stream that has begun cannot begin anew: it ends in the error."""
    seen, received = made[situation, api, form]
    if (situation, form) == ("polite-back", "stream") and seen.error is not None:
        assert type(seen.error).__name__ == _BROKEN[api] and seen.items and said(api, seen.items) == ""
    else:
        assert seen.error is None and said(api, seen.items) == WORDS
    assert len(received) == {"polite": 0, "polite-back": 1, "again-polite": 2}[situation]
    row = row_of(rows, seen)
    assert (row["status"], row["verdict"], row["outcome"]) == (200, "blocked", "policy_blocked")
    assert CARD not in json.dumps(row)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("api", APIS)
def test_a_blocked_reply_is_the_sdks_own_error(made, rows, api, form):
    """Nothing of the reply had been released: the status can still say it, streamed or not. A stream whose head has been released ends as a late one does."""
    seen, _ = made["no-cards-back", api, form]
    assert type(seen.error).__name__ in (_REFUSED[api], *((_BROKEN[api],) if form == "stream" else ()))
    assert "no-cards-back" in str(seen.error)
    assert "4111" not in said(api, seen.items)
    row = row_of(rows, seen)
    assert (row["verdict"], row["outcome"]) == ("blocked", "policy_blocked") and CARD not in json.dumps(row)


@pytest.mark.parametrize("api", APIS)
def test_a_late_block_in_a_stream_raises_the_sdks_error(made, rows, api):
    """What was said before is read, nothing of the card is, and the stream does not look as if it had ended well."""
    seen, _ = made["late", api, "stream"]
    text = said(api, seen.items)
    assert type(seen.error).__name__ == _BROKEN[api] and "no-cards-back" in str(seen.error)
    assert text and (BEFORE + " It is ").startswith(text) and "4111" not in text
    row = row_of(rows, seen)
    assert (row["status"], row["verdict"], row["outcome"], row["error_code"]) == (200, "blocked", "policy_blocked", "policy_blocked")
    assert row["reply_text"].strip() == text.strip()
    whole, _ = made["late", api, "whole"]
    assert (type(whole.error).__name__, status_of(whole.error)) == (_REFUSED[api], 400)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("api", APIS)
def test_a_reply_that_was_asked_for_again_is_read_as_if_it_were_the_first(made, rows, api, form):
    """Not a word of the refused one; the row counts the attempts."""
    seen, received = made["again", api, form]
    assert seen.error is None and len(received) == 2 and received[0].body == received[1].body
    text = said(api, seen.items)
    assert text and "Well, there is much" not in text and "4111" not in text
    row = row_of(rows, seen)
    assert (row["attempts"], row["outcome"], row["verdict"]) == (2, "ok", "flagged")
    assert row["reply_text"].strip() == text.strip()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("api", APIS)
def test_a_reply_that_comes_no_better_is_refused(made, rows, api, form):
    """As often as the rule says, then the error, with the status that says it: nothing of it was released."""
    seen, received = made["again-in-vain", api, form]
    assert (type(seen.error).__name__, status_of(seen.error), seen.items, len(received)) == (_REFUSED[api], 400, [], 3)
    row = row_of(rows, seen)
    assert (row["attempts"], row["verdict"], row["outcome"]) == (3, "blocked", "policy_blocked")


def bill(row: dict[str, Any]) -> tuple[int, int, float, str]:
    assert row["cost_usd"] is not None
    return row["input_tokens"], row["output_tokens"], float(row["cost_usd"]), row["usage_source"]


@pytest.mark.parametrize("api", APIS)
def test_a_reply_that_nobody_got_is_on_record_with_what_the_provider_bills(made, rows, api):
    """Refused, replaced by words of the rule's own, asked for again: the row's tokens and cost are the provider's, of all replies together, and none of their text is there."""
    plain = bill(row_of(rows, made["plain-back", api, "whole"][0]))
    assert plain[0] > 0 and plain[1] > 0 and plain[2] > 0 and plain[3] == "provider"
    for situation in ("no-cards-back", "polite-back"):
        assert bill(row_of(rows, made[situation, api, "whole"][0])) == plain
    sent, came, cost, source = bill(row_of(rows, made["plain-again", api, "whole"][0]))
    assert bill(row_of(rows, made["again-in-vain", api, "whole"][0])) == (3 * sent, 3 * came, pytest.approx(3 * cost), source)
    assert bill(row_of(rows, made["again-polite", api, "whole"][0])) == (2 * sent, 2 * came, pytest.approx(2 * cost), source)
    again = row_of(rows, made["again", api, "whole"][0])
    assert again["usage_source"] == "provider" and again["usage_note"] == "sum of 2 replies" and again["output_tokens"] > came


@pytest.mark.parametrize("api", APIS)
def test_a_stream_that_a_rule_cut_off_is_estimated_as_other_cut_streams_are(made, rows, api):
    """Its provider was left before it could sum up: what it had said by then is counted, whether or not the app was given it."""
    for situation, same, replies in (("again-in-vain", "plain-again", 3), ("again-polite", "plain-again", 2), ("no-cards-back", "plain-back", 1), ("polite-back", "plain-back", 1), ("late", "plain-late", 1)):
        sent, came, cost, _ = bill(row_of(rows, made[same, api, "stream"][0]))
        own = bill(row_of(rows, made[situation, api, "stream"][0]))
        assert replies * sent <= 2 * own[0] <= 4 * replies * sent and 0 < own[1] <= replies * (came + 8) and 0 < own[2] <= 2 * replies * cost, situation


def test_metrics_and_rows_agree_on_what_was_billed(guarded, rows):
    """Dollars and tokens are counted once, from the rows' own figures."""
    counted = {"cost": 0.0, "input": 0.0, "output": 0.0}
    for line in guarded.metrics().splitlines():
        value = float(line.rpartition(" ")[2]) if line.startswith("tidegate_") else 0.0
        if line.startswith("tidegate_cost_usd_total{"):
            counted["cost"] += value
        for kind in ("input", "output"):
            if line.startswith("tidegate_tokens_total{") and f'kind="{kind}"' in line:
                counted[kind] += value
    totals = guarded.sql("SELECT toFloat64(sum(cost_usd)) AS cost, sum(input_tokens) AS input, sum(output_tokens) AS output FROM exchanges")[0]
    assert {kind: float(value) for kind, value in totals.items()} == pytest.approx(counted)


def test_pseudonyms_come_back_in_tool_arguments(guarded, provider):
    """The app calls its tool with the address, through the SDK's own objects, whole and streamed, in the three dialects."""
    text = f"What is the weather? sim-echo {MAIL}"
    gemini = {"function_declarations": [{"name": "get_weather", "parameters_json_schema": WEATHER}]}
    with Caller(guarded.base_url, asynchronous=False, headers={"x-tidegate-app": "pseudonyms"}) as caller:
        for form in FORMS:
            more = {"tools": [_TOOL]}
            chat = caller.make(_with(case("chat", form, text), more))
            deltas = [getattr(choice, "message", None) or choice.delta for item in chat.items for choice in item.choices]
            arguments = "".join(call.function.arguments for delta in deltas for call in delta.tool_calls or ())
            assert json.loads(arguments)["city"] == MAIL, form
            responses = caller.make(_with(case("responses", form, text), {"tools": [{"type": "function", "name": "get_weather", "parameters": WEATHER, "strict": False}]}))
            final = responses.items[-1] if form == "whole" else responses.items[-1].response
            assert json.loads(next(item.arguments for item in final.output if item.type == "function_call"))["city"] == MAIL, form
            messages = caller.make(_with(case("messages", form, text), {"tools": [{"name": "get_weather", "input_schema": WEATHER}]}))
            if form == "whole":
                told = next(block.input for block in messages.items[0].content if block.type == "tool_use")
            else:
                told = json.loads("".join(getattr(item.delta, "partial_json", "") for item in messages.items if item.type == "content_block_delta"))
            assert told["city"] == MAIL, form
            content = caller.make(_with(case("gemini", form, text), {"config": {"tools": [gemini], "automatic_function_calling": {"disable": True}}}))
            calls = [part.function_call for item in content.items for part in item.candidates[0].content.parts or () if part.function_call]
            assert calls[0].args["city"] == MAIL, form
            for received in list(provider.received)[-4:]:
                assert MAIL.encode() not in received.body


def _with(made: Case, more: dict[str, Any]) -> Case:
    return Case(made.id, made.dialect, made.method, {**made.arguments, **more})


def test_no_value_was_written_down(guarded, rows, made):
    """Law 8 at the end of it all: neither in a row, nor in the journal, nor in the logs."""
    del made
    assert rows and not [id for id, row in rows.items() if CARD in json.dumps(row) or MAIL in json.dumps(row)]
    written = [path for path in (guarded.data_dir / "journal").rglob("*") if path.is_file()]
    held = b"".join(path.read_bytes() for path in [*written, Path(guarded.log)])
    assert written and CARD.encode() not in held and MAIL.encode() not in held
