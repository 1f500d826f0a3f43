"""What a provider gave and a rule kept from the caller: its row has what the provider bills, and nothing of what it said."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from gateway import journal
from gateway.exchange import Exchange
from gateway.journal import PART_BYTES
from gateway.journal_seal import journal_key
from gateway.record.tokens import TokenCounter
from tests.proxy.test_guard import CARD, CHAT, DONE, MAIL, STOP, chat, chunk, rules
from tests.support.enriched import rows
from tests.support.proxy import Gate, chunked, gate, ok, post, provider, replying, split, upstream

WORDS = "Nothing to say."
BLOCKS = rules("name: out, detector: pii, on: reply, kinds: [CREDIT_CARD], action: block, tier: patterns")
SPEAKS = rules(f'name: out, detector: pii, on: reply, kinds: [CREDIT_CARD], action: block, tier: patterns, reply: "{WORDS}"')
AGAIN = rules("name: out, detector: pii, on: reply, kinds: [CREDIT_CARD], action: retry, retries: 2, tier: patterns")
USAGE = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150, "prompt_tokens_details": {"cached_tokens": 40}, "completion_tokens_details": {"reasoning_tokens": 20}}
PROSE = "The quick brown fox jumps over the lazy dog and then goes home to sleep for a while. "
PER_S = 60


def whole(text: str, usage: object = USAGE) -> bytes:
    return ok(json.dumps({"model": "gpt-4o", "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}], "usage": usage}).encode())


def usage_chunk(usage: object = USAGE) -> bytes:
    return b"data: " + json.dumps({"id": "chatcmpl-1", "model": "gpt-4o", "choices": [], "usage": usage}).encode() + b"\n\n"


def streamed(text: str, usage: object = USAGE) -> bytes:
    return chunked(chunk(content=text[:9]), chunk(content=text[9:]), STOP, usage_chunk(usage), DONE)


def only_row(g: Gate) -> Exchange:
    (row,) = rows(g.worker, g.root)
    return row


def figures(row: Exchange) -> tuple[int | None, int | None, int | None, int | None, str]:
    return row.input_tokens, row.output_tokens, row.cache_read_tokens, row.reasoning_tokens, row.usage_source


def journalled(g: Gate) -> bytes:
    """All that was written down, decrypted."""
    return b"".join(frame.meta + frame.body for segment in journal.segments(g.worker.journal.directory) for frame in journal.read(segment, journal_key(g.root)))


@pytest.mark.parametrize("reply", [whole, streamed])
@pytest.mark.parametrize("more", [BLOCKS, SPEAKS])
async def test_a_blocked_reply_has_the_providers_figures(tmp_path: Path, reply, more: str) -> None:
    """Words that a rule speaks say of themselves that they cost nothing; the reply that they stand for did not."""
    async with upstream(replying(reply(f"It is {CARD}, I think."))) as up, gate(tmp_path, provider(up.port), more=more) as g:
        await g.ask(post(CHAT, chat("hi", stream=reply is streamed)))
        row = only_row(g)
        assert figures(row) == (100, 50, 40, 20, "provider") and row.outcome == "policy_blocked"
        assert CARD.encode() not in journalled(g) and b"I think" not in journalled(g) and CARD not in row.reply_body + row.reply_text + row.usage_raw


@pytest.mark.parametrize("reply", [whole, streamed])
@pytest.mark.parametrize("better", [True, False])
async def test_replies_that_were_made_anew_are_summed(tmp_path: Path, reply, better: bool) -> None:
    """Each was billed. The row says that it is a sum, and of how many."""
    replies = [reply(f"It is {CARD}."), reply(f"Still {CARD}.", USAGE | {"completion_tokens": 60, "total_tokens": 160}), reply("Clean." if better else f"Oh, {CARD}.")]
    async with upstream(replying(*replies)) as up, gate(tmp_path, provider(up.port), more=AGAIN) as g:
        status, _, _ = split(await g.ask(post(CHAT, chat("hi", stream=reply is streamed))))
        row = only_row(g)
        assert status == (200 if better else 400)
        assert figures(row) == (300, 160, 120, 60, "provider") and row.attempts == 3 and row.usage_note == "sum of 3 replies"


async def test_a_sum_of_which_a_part_has_no_usage_is_an_estimate(tmp_path: Path) -> None:
    """What one provider did not say is guessed, and the row says so for the whole."""
    text = f"{PROSE * 4} It is {CARD}."
    async with upstream(replying(whole(text, None), whole("Clean."))) as up, gate(tmp_path, provider(up.port), more=AGAIN) as g:
        assert split(await g.ask(post(CHAT, chat("hi"))))[0] == 200
        row = only_row(g)
        assert row.usage_source == "estimated" and "by length" in row.usage_note and 110 > row.input_tokens > 100
        exact = TokenCounter().count(text, "gpt-4o")
        assert 0.7 * exact < row.output_tokens - 50 < 1.4 * exact


@pytest.mark.parametrize("late", [True, False])
async def test_a_stream_that_is_cut_off_by_a_rule_is_estimated(tmp_path: Path, late: bool) -> None:
    """The provider is left there and then, so it never says what it took: what it had said is counted, given out or not, as in a stream that its provider cut off."""
    said = PROSE * 8
    pieces, last = [said[at : at + 40] for at in range(0, len(said), 40)], (f"{CARD} and", " more. ", PROSE, PROSE)
    end = asyncio.Event()

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(chunked(*(chunk(content=piece) for piece in ((*pieces, *last) if late else last)), end=False))
        await end.wait()

    async def cut(up, reader, writer):
        await up.read_request(reader)
        writer.write(chunked(*(chunk(content=piece) for piece in ((*pieces, *last) if late else last)), end=False))

    async with upstream(script) as up, gate(tmp_path / "blocked", provider(up.port), more=BLOCKS) as g:
        reader, writer = await g.connect()
        writer.write(post(CHAT, chat("hi", stream=True)))
        assert b"policy_blocked" in await asyncio.wait_for(reader.readuntil(b"policy_blocked"), PER_S)
        writer.close()
        end.set()
        blocked = only_row(g)
        assert CARD.encode() not in journalled(g)
    async with upstream(cut) as up, gate(tmp_path / "cut", provider(up.port), more="retries: {per_request: 0}\n") as g:
        reader, writer = await g.connect()
        writer.write(post(CHAT, chat("hi", stream=True)))
        await asyncio.wait_for(reader.read(), PER_S)
        writer.close()
        other = only_row(g)
    assert (blocked.usage_source, other.usage_source) == ("estimated", "estimated") and blocked.input_tokens == other.input_tokens
    assert abs(blocked.output_tokens - other.output_tokens) <= 0.1 * other.output_tokens + 8  # what was not given out is known by its length alone


async def test_without_content_the_figures_are_there_and_no_word_is(tmp_path: Path) -> None:
    """store.content: none. Counts are no content."""
    async with upstream(replying(whole(f"It is {CARD}."))) as up, gate(tmp_path, provider(up.port), more=BLOCKS + "store: {content: none}\n") as g:
        await g.ask(post(CHAT, chat("hi")))
        assert figures(only_row(g)) == (100, 50, 40, 20, "provider") and CARD.encode() not in journalled(g)


async def test_a_reply_that_a_guard_could_not_see_to_its_end_has_its_figures(tmp_path: Path) -> None:
    """A detector that fails keeps the reply from its caller; nobody tells the provider."""
    names = rules("name: n, detector: pii, kinds: [PERSON], on: reply, action: mask")
    async with upstream(replying(whole("I am Bob."))) as up, gate(tmp_path, provider(up.port), more=names) as g:
        assert split(await g.ask(post(CHAT, chat("hi"))))[0] == 503
        assert figures(only_row(g)) == (100, 50, 40, 20, "provider")


@pytest.mark.parametrize("more", [BLOCKS, rules("name: p, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: pseudonymise, tier: patterns")])
async def test_a_held_reply_that_breaks_off_is_estimated_as_one_that_was_relayed(tmp_path: Path, more: str) -> None:
    """A guard waits for the end of a body that is no stream, and whoever turns pseudonyms back does; its provider worked all the same."""
    body = b'{"model":"gpt-4o","choices":[{"message":{"role":"assistant","content":"' + PROSE.encode() * 4

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n" + body)

    async with upstream(script) as up, gate(tmp_path, provider(up.port), more=more + "retries: {per_request: 0}\n") as g:
        assert split(await g.ask(post(CHAT, chat(f"hi {MAIL}"))))[0] == 502
        row = only_row(g)
        exact = TokenCounter().count(PROSE * 4, "gpt-4o")
        assert row.usage_source == "estimated" and row.outcome.startswith("provider_") and 0.7 * exact < row.output_tokens < 1.4 * exact


async def test_a_long_held_reply_that_breaks_off_is_not_glued_before_the_gates_own_error(tmp_path: Path) -> None:
    """Parts of it are in the journal by then. The row has what the caller got, and what the provider had said is counted."""
    body = b'{"model":"gpt-4o","choices":[{"message":{"role":"assistant","content":"' + PROSE.encode() * 5000

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999999\r\n\r\n" + body)

    turns_back = rules("name: p, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: pseudonymise, tier: patterns")
    async with upstream(script) as up, gate(tmp_path, provider(up.port), more=turns_back + "retries: {per_request: 0}\n") as g:
        status, _, answer = split(await g.ask(post(CHAT, chat(f"hi {MAIL}"))))
        row = only_row(g)
        assert len(body) > PART_BYTES and status == 502 and row.reply_body.encode() == answer and row.body_note == "" and row.reply_bytes == len(answer)
        exact = TokenCounter().count(PROSE * 5000, "gpt-4o")
        assert row.usage_source == "estimated" and row.outcome.startswith("provider_") and 0.7 * exact < row.output_tokens < 1.4 * exact


async def test_a_client_that_leaves_while_its_reply_is_looked_at_is_billed(tmp_path: Path) -> None:
    """What was held for it when it left is what a client without a guard would have got."""
    asked, end = asyncio.Event(), asyncio.Event()
    body = b'{"model":"gpt-4o","choices":[{"message":{"role":"assistant","content":"' + PROSE.encode() * 4

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n" + body)
        asked.set()
        await end.wait()

    async with upstream(script) as up, gate(tmp_path, provider(up.port), more=BLOCKS) as g:
        _, writer = await g.connect()
        writer.write(post(CHAT, chat("hi")))
        await asyncio.wait_for(asked.wait(), PER_S)
        await asyncio.sleep(0.05)
        writer.close()
        while g.exchanges()[-1][2] is None:
            await asyncio.sleep(0.01)
        end.set()
        row = only_row(g)
        assert row.outcome == "caller_cancelled" and row.usage_source == "estimated" and row.output_tokens > 40




async def test_what_is_kept_back_of_a_long_stream_is_measured_by_its_ends() -> None:
    """A reply of megabytes must not hold a worker up for being refused: its usage stands at its ends."""
    from gateway.dialects import operation_of
    from gateway.proxy.withheld import MAX_STREAM_BYTES, measured

    operation = operation_of("openai", "POST", CHAT)
    events = b"".join(chunk(content=f"word {number} ") for number in range(12_000))
    assert len(events) > MAX_STREAM_BYTES
    told = measured(operation, 200, events + STOP + usage_chunk() + DONE)
    assert told["tokens"]["output_tokens"] == 50 and told["complete"] and told["model"] == "gpt-4o"
    said = sum(len(f"word {number} ") for number in range(12_000))
    assert 0.8 * said < measured(operation, 200, events)["said_bytes"] < 1.2 * said


