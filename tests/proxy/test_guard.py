"""Rules at work in a worker: what the provider gets, what the app gets, and what is on record."""

from __future__ import annotations

import asyncio
import gc
import json

import pytest

from gateway.dialects import json_text
from gateway.dialects.json_rewrite import WalkedJson
from gateway.exchange import Outcome
from gateway.proxy.intake import REFUSED_BYTES
from gateway.proxy.relay import Relay
from tests.support.proxy import chunked, gate, ok, post, provider, replying, split, upstream

CHAT = "/v1/chat/completions"
CARD = "4111 1111 1111 1111"
MAIL = "alice.smith@example.com"


def rules(*each: str, more: str = "") -> str:
    return "guardrails:\n" + "".join(f"  - {{{rule}}}\n" for rule in each) + more


def chat(text: str, **more: object) -> bytes:
    return json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": text}], **more}).encode()


def chunk(index: int = 0, **delta: object) -> bytes:
    event = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "gpt-4o", "choices": [{"index": index, "delta": delta, "finish_reason": None}]}
    return b"data: " + json.dumps(event).encode() + b"\n\n"


STOP = b'data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
DONE = b"data: [DONE]\n\n"


def said(body: bytes) -> str:
    """What the content deltas of a stream join to."""
    events = [json.loads(line[6:]) for line in body.split(b"\n") if line.startswith(b"data: {")]
    return "".join(choice["delta"].get("content") or "" for event in events for choice in event.get("choices", ()))


async def test_a_masked_request_keeps_every_other_byte(tmp_path):
    """Law 1: only what was found is replaced; the provider, the journal and the row's verdict agree."""
    body = b'{ "model":"gpt-4o",  "messages":[{"role":"user","content":"mail ' + MAIL.encode() + b' now \\u00e9"}], "n": 1.50 }\n'
    async with upstream(replying(ok(b'{"choices":[]}'))) as up, gate(tmp_path, provider(up.port), more=rules("name: in, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns")) as g:
        assert split(await g.ask(post(CHAT, body)))[0] == 200
        sent = up.requests[0].partition(b"\r\n\r\n")[2]
        assert sent == body.replace(MAIL.encode(), b"<EMAIL_ADDRESS_1>")
        ((opened, kept, closed, _),) = g.exchanges()
        assert kept == sent and closed.verdict == "masked" and opened.verdict == "masked"
        assert closed.findings == [["pii", "EMAIL_ADDRESS", "request", "mask", closed.findings[0][4], 1]]


async def test_an_exchange_without_findings_is_not_touched(tmp_path):
    """Law 1 under guard: nothing found, nothing changed, in both directions, and the verdict says that somebody looked."""
    body, reply = chat("nothing to see"), b'{ "choices" : [ {"message":{"role":"assistant","content":"all \\u00e9 well"}} ] }'
    both = rules("name: both, detector: pii, on: [request, reply], action: mask, tier: patterns")
    async with upstream(replying(ok(reply))) as up, gate(tmp_path, provider(up.port), more=both) as g:
        status, headers, seen = split(await g.ask(post(CHAT, body)))
        assert (status, seen, headers["content-length"]) == (200, reply, str(len(reply)))
        assert up.requests[0].endswith(body)
        assert g.exchanges()[0][2].verdict == "passed"


async def test_a_blocked_request_never_leaves(tmp_path):
    """The provider is not contacted; the app gets its dialect's own error, and there is a row of it."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more=rules("name: no-cards, detector: pii, on: request, kinds: [CREDIT_CARD], action: block")) as g:
        status, headers, body = split(await g.ask(post(CHAT, chat(f"my card is {CARD}"))))
        assert status == 400 and json.loads(body)["error"]["code"] == "policy_blocked" and "no-cards" in json.loads(body)["error"]["message"]
        assert headers["x-tidegate-error-source"] == "policy" and headers["x-should-retry"] == "false"
        assert not up.requests
        ((_, kept, closed, _),) = g.exchanges()
        assert (closed.outcome, closed.verdict, closed.error_code) == (Outcome.POLICY_BLOCKED, "blocked", "policy_blocked")
        assert CARD.encode() in kept


@pytest.mark.parametrize(("words", "whole"), [(150_000, True), (2_000_000, False)])
async def test_a_long_request_that_is_blocked_is_on_record(tmp_path, words, whole):
    """Its row says which model was asked for and what was said: a long paste is what most blocks are about. Only what is longer than the record keeps anyway is cut, and says so."""
    body = chat("word " * words + CARD)
    rule = rules("name: no-cards, detector: pii, on: request, kinds: [CREDIT_CARD], action: block, tier: patterns")
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more=f"server: {{max_body_bytes: 33554432}}\n{rule}") as g:
        status, _, _ = split(await g.ask(post(CHAT, body)))
        assert status == 400 and not up.requests
        ((opened, kept, closed, _),) = g.exchanges()
        assert closed.outcome == Outcome.POLICY_BLOCKED
        assert (kept == body, opened.body_note) == (whole, "" if whole else "truncated")
        assert body.startswith(kept) and len(kept) == min(len(body), REFUSED_BYTES)


async def test_a_rule_may_speak_in_the_models_place(tmp_path):
    """reply: the app gets a normal reply of its dialect, streamed if it asked for a stream."""
    rule = 'name: polite, detector: pii, on: request, kinds: [CREDIT_CARD], action: block, reply: "No cards, please."'
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more=rules(rule)) as g:
        status, _, body = split(await g.ask(post(CHAT, chat(CARD))))
        assert status == 200 and json.loads(body)["choices"][0]["message"]["content"] == "No cards, please."
        status, headers, body = split(await g.ask(post(CHAT, chat(CARD, stream=True))))
        assert status == 200 and headers["content-type"] == "text/event-stream"
        assert said(body) == "No cards, please." and body.endswith(DONE)
        assert not up.requests and {closed.outcome for _, _, closed, _ in g.exchanges()} == {Outcome.POLICY_BLOCKED}


async def test_a_streamed_reply_is_masked_across_its_chunks(tmp_path):
    """Law 2: what was split over three events is one placeholder; the other events go out as they came."""
    events = [chunk(role="assistant", content=""), chunk(content="Write to alice.sm"), chunk(content="ith@exam"), chunk(content="ple.com"), chunk(content=" today."), STOP, DONE]
    masks = rules("name: out, detector: pii, on: reply, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns")
    async with upstream(replying(chunked(*events))) as up, gate(tmp_path, provider(up.port, more="ask_usage: false"), more=masks) as g:
        status, _, body = split(await g.ask(post(CHAT, chat("hi", stream=True))))
        assert status == 200 and said(body) == "Write to <EMAIL_ADDRESS> today."
        assert body.startswith(events[0]) and body.endswith(STOP + DONE) and chunk(content=" today.") in body
        ((_, _, closed, kept),) = g.exchanges()
        assert kept == body and (closed.verdict, closed.outcome) == ("masked", Outcome.OK)


async def test_a_block_before_the_first_byte_is_a_plain_error(tmp_path):
    """Nothing was released, so the status can still say it."""
    events = [chunk(content=f"It is {CARD}"), chunk(content=" ok"), STOP, DONE]
    blocks = rules("name: out, detector: pii, on: reply, kinds: [CREDIT_CARD], action: block, tier: patterns")
    async with upstream(replying(chunked(*events))) as up, gate(tmp_path, provider(up.port), more=blocks) as g:
        status, headers, body = split(await g.ask(post(CHAT, chat("hi", stream=True))))
        assert status == 400 and json.loads(body)["error"]["code"] == "policy_blocked" and headers["x-tidegate-error-source"] == "policy"


async def test_a_late_block_ends_the_stream(tmp_path):
    """What went before is out; of the text that made it block nothing is; then comes the dialect's error event and no end."""
    events = [chunk(content="All good so far. "), chunk(content="Card: "), chunk(content=CARD), chunk(content=" ok"), STOP, DONE]
    blocks = rules("name: out, detector: pii, on: reply, kinds: [CREDIT_CARD], action: block, tier: patterns")
    pieces = [event for event in events]
    async with upstream(replying(chunked(*pieces))) as up, gate(tmp_path, provider(up.port), more=blocks) as g:
        reader, writer = await g.connect()
        writer.write(post(CHAT, chat("hi", stream=True)))
        answer = await reader.read()
        writer.close()
        assert b"4111" not in answer and b"policy_blocked" in answer and b"[DONE]" not in answer
        ((_, _, closed, kept),) = g.exchanges()
        assert (closed.outcome, closed.verdict) == (Outcome.POLICY_BLOCKED, "blocked") and b"4111" not in kept


async def test_pseudonyms_are_turned_back_for_the_app_alone(tmp_path):
    """The provider and the record see <EMAIL_ADDRESS_1>, the app gets the address, also from pieces and from a tool's arguments."""
    turns = rules("name: p, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: pseudonymise, tier: patterns")
    arguments = json.dumps({"to": "<EMAIL_ADDRESS_1>"})
    events = [
        chunk(content="Hello <EMAIL_"), chunk(content="ADDRESS_1>, fine <b>"), chunk(tool_calls=[{"index": 0, "id": "call_1", "function": {"name": "send", "arguments": arguments[:12]}}]),
        chunk(tool_calls=[{"index": 0, "function": {"arguments": arguments[12:]}}]), STOP, DONE,
    ]  # fmt: skip
    whole = json.dumps({"choices": [{"message": {"role": "assistant", "content": "To <EMAIL_ADDRESS_1>."}}]}).encode()
    async with upstream(replying(chunked(*events), ok(whole))) as up, gate(tmp_path, provider(up.port), more=turns) as g:
        _, _, body = split(await g.ask(post(CHAT, chat(f"write {MAIL}", stream=True))))
        assert MAIL.encode() not in up.requests[0] and b"<EMAIL_ADDRESS_1>" in up.requests[0]
        assert said(body) == f"Hello {MAIL}, fine <b>"
        events_out = [json.loads(line[6:]) for line in body.split(b"\n") if line.startswith(b"data: {")]
        calls = [call["function"]["arguments"] for event in events_out for c in event["choices"] for call in c["delta"].get("tool_calls", ())]
        assert json.loads("".join(calls)) == {"to": MAIL}
        _, headers, body = split(await g.ask(post(CHAT, chat(f"write {MAIL}"))))
        assert json.loads(body)["choices"][0]["message"]["content"] == f"To {MAIL}." and int(headers["content-length"]) == len(body)
        for segment in g.worker.journal.directory.glob("*.seg"):
            assert MAIL.encode() not in segment.read_bytes()
        assert all(MAIL.encode() not in kept + reply for _, kept, _, reply in g.exchanges())


@pytest.mark.parametrize("stream", [False, True])
async def test_retry_asks_again_and_then_gives_up(tmp_path, stream):
    """A reply that a rule refuses is asked for again; the app sees only the one that passes, or the refusal."""

    def reply(text: str) -> bytes:
        if stream:
            return chunked(chunk(content=text[:9]), chunk(content=text[9:]), STOP, DONE)
        return ok(json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode())

    again = rules("name: again, detector: pii, on: reply, kinds: [CREDIT_CARD], action: retry, retries: 2, tier: patterns")
    async with upstream(replying(reply(f"Card {CARD}."), reply(f"Still {CARD}."), reply("Clean as can be."))) as up, gate(tmp_path, provider(up.port), more=again) as g:
        status, _, body = split(await g.ask(post(CHAT, chat("hi", stream=stream))))
        assert status == 200 and len(up.requests) == 3 and b"Clean as" in body and b"4111" not in body
        ((_, _, closed, kept),) = g.exchanges()
        assert (closed.attempts, closed.verdict, closed.outcome) == (3, "flagged", Outcome.OK) and b"4111" not in kept
    async with upstream(replying(reply(f"Card {CARD}."))) as up, gate(tmp_path / "two", provider(up.port), more=again) as g:
        status, _, body = split(await g.ask(post(CHAT, chat("hi", stream=stream))))
        assert status == 400 and json.loads(body)["error"]["code"] == "policy_blocked" and len(up.requests) == 3
        assert g.exchanges()[0][2].verdict == "blocked"


async def test_observe_changes_nothing_and_counts(tmp_path):
    """mode: observe shows what a rule would do."""
    watches = rules("name: o, detector: pii, on: [request, reply], action: block, mode: observe, tier: patterns")
    reply = json.dumps({"choices": [{"message": {"content": f"{CARD}"}}]}).encode()
    async with upstream(replying(ok(reply))) as up, gate(tmp_path, provider(up.port), more=watches) as g:
        status, _, body = split(await g.ask(post(CHAT, chat(MAIL))))
        assert (status, body) == (200, reply) and MAIL.encode() in up.requests[0]
        closed = g.exchanges()[0][2]
        assert closed.verdict == "flagged" and {(f[1], f[2], f[3]) for f in closed.findings} == {("EMAIL_ADDRESS", "request", "observe"), ("CREDIT_CARD", "reply", "observe")}


@pytest.mark.parametrize(("body", "code"), [(b'{"model":"m","messages":[{"content":"a"}', "invalid_json"), (b'{"a":"1","a":"2"}', "duplicate_key")])
@pytest.mark.covers("C6", "C7")
async def test_what_cannot_be_read_for_certain_is_refused_under_guard(tmp_path, body, code):
    """A guard that reads one copy while the provider reads another would be no guard; without one the bytes go through."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more=rules("name: s, detector: secrets, on: request, action: block")) as g:
        status, _, seen = split(await g.ask(post(CHAT, body)))
        assert status == 400 and json.loads(seen)["error"]["code"] == code and not up.requests
        assert g.exchanges()[0][2].verdict == "error"
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path / "open", provider(up.port)) as g:
        assert split(await g.ask(post(CHAT, body)))[0] == 200 and up.requests[0].endswith(body)


async def test_a_detector_that_gives_no_answer_blocks_or_not_as_the_rule_says(tmp_path):
    """Law 5: with the pool gone, a rule that fails closed lets nothing through, one that fails open says so in the verdict."""
    names = "detector: pii, kinds: [PERSON]"
    async with upstream(replying(ok(b'{"choices":[]}'))) as up, gate(tmp_path, provider(up.port), more=rules(f"name: n, {names}, on: request, action: mask")) as g:
        status, headers, body = split(await g.ask(post(CHAT, chat("I am Bob"))))
        assert status == 503 and json.loads(body)["error"]["code"] == "guard_unavailable" and headers["x-should-retry"] == "true" and not up.requests
        assert (g.exchanges()[0][2].verdict, g.exchanges()[0][2].outcome) == ("error", Outcome.GATEWAY_GUARD)
    async with upstream(replying(ok(b'{"choices":[]}'))) as up, gate(tmp_path / "open", provider(up.port), more=rules(f"name: n, {names}, on: request, action: flag")) as g:
        assert split(await g.ask(post(CHAT, chat("I am Bob"))))[0] == 200
        assert g.exchanges()[0][2].verdict == "error"


async def test_without_content_the_journal_never_holds_a_text(tmp_path):
    """store.content: none. What is in the journal, decrypted, has the shape of the exchange and none of its words."""
    none = "store: {content: none}\n"
    events = [chunk(content="secret words"), STOP, DONE]
    async with upstream(replying(chunked(*events))) as up, gate(tmp_path, provider(up.port, more="ask_usage: false"), more=none) as g:
        _, _, body = split(await g.ask(post(CHAT, chat("private words", stream=True))))
        assert said(body) == "secret words" and b"private words" in up.requests[0]
        ((opened, kept, closed, reply),) = g.exchanges()
        assert b"words" not in kept + reply and b"gpt-4o" in kept and b"[DONE]" in reply
        assert (opened.body_note, closed.body_note) == ("withheld", "withheld")


@pytest.mark.parametrize("failing", ["observe", "enforce"])
async def test_a_failure_of_our_own_ends_the_exchange(tmp_path, monkeypatch, failing):
    """A detector that breaks in the worker hangs nobody, lets nothing out, and the row does not say passed (laws 5 and 8)."""
    watches = rules(f"name: o, detector: pii, on: reply, action: mask, mode: {failing}, tier: patterns")
    reply = json.dumps({"choices": [{"message": {"content": f"{CARD}"}}]}).encode()

    def breaks(self, text):
        raise LookupError(f"it said {text.raw}")

    async with upstream(replying(ok(reply), chunked(chunk(content=CARD), STOP, DONE))) as up, gate(tmp_path, provider(up.port), more=watches) as g:
        monkeypatch.setattr("detectors.pii.Pii.find", breaks)
        monkeypatch.setattr("detectors.pii.Pii.open_from", breaks)
        for stream in (False, True):
            status, _, body = split(await g.ask(post(CHAT, chat("hi", stream=stream))))
            assert status == 500 and b"4111" not in body and json.loads(body)["error"]["code"] == "gateway_error"
        assert {(closed.verdict, closed.outcome) for _, _, closed, _ in g.exchanges()} == {("error", Outcome.GATEWAY_ERROR)}


async def test_what_a_rule_lets_pass_unread_passes_whole(tmp_path):
    """mode: observe on a stream that cannot be read for certain: every byte still arrives, in its order (law 1)."""
    watches = rules("name: o, detector: pii, on: reply, action: mask, mode: observe, tier: patterns")
    events = [chunk(content="one"), b'data: {"choices":[{"index":0,"index":1,"delta":{"content":"two"}}]}\n\n', chunk(content=" three"), STOP, DONE]
    async with upstream(replying(chunked(b"".join(events)), chunked(*events))) as up, gate(tmp_path, provider(up.port, more="ask_usage: false"), more=watches) as g:
        for _ in range(2):
            status, _, body = split(await g.ask(post(CHAT, chat("hi", stream=True))))
            assert status == 200 and body == b"".join(events)
        assert {closed.verdict for _, _, closed, _ in g.exchanges()} == {"error"}


async def test_a_stream_that_calls_itself_something_else_is_a_stream(tmp_path):
    """SDKs that asked for a stream parse whatever comes; so does the guard, and joins what was split."""
    masks = rules("name: out, detector: pii, on: reply, kinds: [CREDIT_CARD], action: mask, tier: patterns")
    events = b"".join([chunk(content="card 4111 1111 "), chunk(content="1111 1111 ok"), STOP, DONE])
    for content_type in ("text/plain", "application/json", "application/octet-stream"):
        async with upstream(replying(ok(events, content_type=content_type))) as up, gate(tmp_path / content_type.replace("/", "-"), provider(up.port), more=masks) as g:
            _, _, body = split(await g.ask(post(CHAT, chat("hi", stream=True))))
            assert said(body) == "card <CREDIT_CARD> ok"


async def test_a_large_reply_is_masked_in_turns(tmp_path, monkeypatch):
    """Law 4: finding its literals, spelling them anew, putting it together and writing it down are each at least a turn of the loop; others have theirs in between."""
    turn, turns = 0, {"spelled": [], "put together": [], "written down": []}

    def seen(what, real):
        def noting(*args, **more):
            turns[what].append(turn)
            return real(*args, **more)

        return noting

    monkeypatch.setattr(json_text.json, "dumps", seen("spelled", json.dumps))
    monkeypatch.setattr(WalkedJson, "rewrite", seen("put together", WalkedJson.rewrite))
    text = "no news is good news, " * 150_000 + MAIL
    reply = b'{"choices":[{"index":0,"message":{"role":"assistant","content":"' + text.encode() + b'"},"finish_reason":"stop"}]}'
    async with upstream(replying(ok(reply))) as up, gate(tmp_path, provider(up.port), more=rules("name: out, detector: pii, on: reply, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns")) as g:
        monkeypatch.setattr(g.worker.journal, "part", seen("written down", g.worker.journal.part))
        loop = asyncio.get_running_loop()

        def tick():
            nonlocal turn
            turn += 1
            if turn:
                loop.call_soon(tick)

        tick()
        status, _, body = split(await g.ask(post(CHAT, chat("hi"))))
        turn = -1
        assert status == 200 and body == reply.replace(MAIL.encode(), b"<EMAIL_ADDRESS>")
    assert len(set(turns["spelled"])) >= 10
    [made] = turns["put together"]
    assert max(turns["spelled"]) < made < min(turns["written down"])


PLAIN = b'{"choices":[{"index":0,"message":{"role":"assistant","content":"well"},"finish_reason":"stop"}]}'
STREAM = chunked(chunk(content="all "), chunk(content="well"), STOP, DONE)
REPLIES = {"whole": ok(PLAIN), "stream": STREAM, "blocked": ok(PLAIN.replace(b"well", CARD.encode())), "blocked stream": chunked(chunk(content=f"it is {CARD} "), STOP, DONE)}


@pytest.mark.parametrize("name", REPLIES)
async def test_an_exchange_under_guard_leaves_nothing_to_the_garbage_collector(tmp_path, name):
    """What the collector has to find costs a loop as much again as the looking does, and is held until then: bodies, too."""
    both = rules("name: in, detector: pii, on: request, action: pseudonymise, tier: patterns", "name: out, detector: pii, on: reply, kinds: [CREDIT_CARD], action: block")
    async with upstream(replying(REPLIES[name])) as up, gate(tmp_path, provider(up.port), more=both) as g:
        gc.collect()
        gc.disable()
        try:
            await g.ask(post(CHAT, chat(f"I am {MAIL}", stream="stream" in name)))
            async with asyncio.timeout(10):
                while any(isinstance(each, Relay) for each in gc.get_objects()):
                    await asyncio.sleep(0.005)  # until the loop has let go of it
        finally:
            gc.enable()
