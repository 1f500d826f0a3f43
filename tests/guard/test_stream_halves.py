"""Halves of what may not be seen, at the ends of texts: of parts and blocks that another goes on with, and of streams that break off."""

from __future__ import annotations

import json

import pytest

from gateway.guard.policy import Direction
from gateway.guard.stream import GuardedStream
from tests.guard.test_stream_seams import CHAT, MESSAGES, RESPONSES, blocks, chunk, event, response, told_parts, values
from tests.support.planting import DIALECTS, MASKS, guarding, leaks, streamed, whole

HOOK = "https://hooks." + "slack.com/services/" + "TWMP12RVX/B1JE2LR4G/vsmlMIEE0YSu1qhicazYNmmZ"
GROQ = "gsk" + "_FIAsjk6YuO7C1a8uAVBFe20xTebUuasN1FYUQvoAPp4HPrn7bukd"
GITLAB = "glpat" + "-ov71UjmPUSuGVipWjE_A"
TOKEN = "NFWe0UjTKnuIe" + "OOTu5rWWBELGDRL6NQ7uj6z" + "QkdpdUVgFgnZiuZ4RattADMlki"
SEAMS = {
    "an address that goes on as a key": ("see " + HOOK[:49], HOOK[49:] + " ok"),
    "a key that is one without its end": ("it is " + GROQ[:28], GROQ[28:41], GROQ[41:] + " ok"),
    "what names it is in two texts, too": ("use --ACCESS_T", "OKEN " + TOKEN[:13], TOKEN[13:40], TOKEN[40:] + "\nok"),
    "an address before a word": ("Write to bob@example.com", "thanks for that"),
    "an address that a sentence ends with": ("Mine is jo74@dept.corp.example.", "org, please"),
    "groups with a blank between": ("Mine is NL28 WVPB ", "2039 0326 40, please"),
    "a number before a letter": ("It is 4111 1111 1111 1111", "M (attempt 2)"),
}


@pytest.mark.covers("T17")
@pytest.mark.parametrize("texts", SEAMS.values(), ids=SEAMS)
def test_blocks_say_what_the_whole_says(texts):
    """What is found at the end of one is not given out before it is known how it goes on, is replaced once, and eats no word of the next."""
    told, body = blocks(*texts)
    expected = whole("anthropic", MESSAGES, body)
    for got in (streamed(MESSAGES, told), streamed(MESSAGES, [b"".join(told)])):
        said: dict[int, str] = {}
        for value in values(got.out):
            if value["type"] == "content_block_delta":
                said[value["index"]] = said.get(value["index"], "") + value["delta"]["text"]
        assert list(said.values()) == [block["text"] for block in json.loads(expected.out)["content"]]
        assert got.row == expected.row and got.tally.verdict == "masked"


@pytest.mark.covers("T17")
@pytest.mark.parametrize("texts", SEAMS.values(), ids=SEAMS)
def test_parts_say_what_the_whole_says(texts):
    """The same over parts of an item, letter by letter."""
    told, body = response([[("text", list(text)) for text in texts]])
    want = [part["text"] for item in json.loads(whole("openai", RESPONSES, body).out)["output"] for part in item["content"]]
    deltas, ends, items, last = told_parts(streamed(RESPONSES, told).out)
    assert deltas == ends == items == last == want


def broken_off(text: str, cut: bool) -> str:
    """What a client has been given of a text after which nothing comes. cut: by a reset."""
    scan = guarding(MASKS, Direction.REPLY)
    stream = GuardedStream(CHAT, scan, stopped=lambda: scan.stopped)
    out = stream.push(chunk(content="All is well. ") + chunk(content=text))
    out += stream.broken() if cut else stream.finish()
    return "".join(value["choices"][0]["delta"]["content"] for value in values(out))


@pytest.mark.covers("U10")
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("text", ['Client("' + GITLAB[:11], "see " + HOOK[:43], "see https://api.example.org/v1?k=hf_" + "qHLsFlm", "mail jo10"])
def test_a_stream_that_breaks_off_gives_no_half_of_a_key(text, cut):
    """Neither because a part of it reads like words, nor because it would be something harmless if it ended there."""
    assert not leaks(broken_off(text, cut), text.split(" ")[-1].removeprefix('Client("'), "All is well. see mail Client(")


def test_a_stream_that_breaks_off_after_words_has_them():
    """Only what may be a part of something is left out, and what a rule replaces is no part."""
    assert broken_off("It was a well-known so", False) == "All is well. It was a well-known so"
    assert broken_off("mail bob@example.com", False) == "All is well. mail <EMAIL_ADDRESS>"


@pytest.mark.covers("T17")
@pytest.mark.parametrize("dialect", ["openai", "anthropic", "gemini", "opaque"])
def test_plain_text_in_events_is_one_text_whatever_the_endpoint(dialect):
    """A server that streams bare words: what is split over two events is found, and a blank between two words is one."""
    paths = {"openai": "/v1/chat/completions", "anthropic": "/v1/messages", "gemini": "/v1beta/models/m:streamGenerateContent", "opaque": "/x"}
    operation = DIALECTS[dialect].route("POST", paths[dialect]).operation
    told = [b"data: " + text.encode() + b"\n\n" for text in ("credentials", " ", GITLAB[:9], GITLAB[9:], " ", "7", " ok")]
    got = streamed(operation, told)
    assert "".join(line[6:].decode() for line in got.out.split(b"\n") if line.startswith(b"data: ")) == "credentials <GITLAB_TOKEN> 7 ok"
    plain = [b"data: " + text + b"\n\n" for text in (b"all", b" ", b"is", b" well")]
    assert streamed(operation, plain).out == b"".join(plain)


def test_plain_text_keeps_its_place_among_events():
    """What comes behind it says something that it does not pass."""
    told = [chunk(content="so "), b"data: is\n\n", b"data:  well\n\n", event({"choices": [], "usage": {"total_tokens": 3}}), b"data: [DONE]\n\n"]
    assert streamed(CHAT, told).out == b"".join(told)
