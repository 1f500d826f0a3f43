"""Law 2 in streams: however a provider cuts what it says, the app is told what it would be told of the whole, and the row says the same.

A thousand made-up secrets stand in made-up texts. In short form every secret is cut in two at an eighth of all places in one channel (a kind's secrets at all of them
together), and at some places in every other; TIDEGATE_CHAOS=long cuts at every place in every channel, which takes hours.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects import DIALECTS
from gateway.dialects.reading import read_reply
from gateway.dialects.sse import events as parsed
from gateway.exchange import Segment
from gateway.guard.scan import Restoring
from gateway.guard.stream import GuardedStream
from tests.detectors.made_up_secrets import DIGITS, UPPER, Drawn, Made, secrets
from tests.dialects.corpus import STREAMS, Case
from tests.support.planting import BLOCKS, CHANNELS, FLAGS, MASKS, Channel, Outcome, leaks, streamed, whole

LONG = os.environ.get("TIDEGATE_CHAOS") == "long"
SHORT_STEP = 8
_BY_NAME = {channel.name: channel for channel in CHANNELS}
CHAT = _BY_NAME["chat content"]
_END = re.compile(rb"(?:\r\n|\r|\n)(?:\r\n|\r|\n)")
IDS = {"ids": lambda channel: channel.name}


def _luhn(digits: str) -> str:
    """The digits with the one that makes them a card's."""
    total = sum(d if at % 2 else d * 2 - 9 * (d > 4) for at, d in enumerate(map(int, reversed(digits))))
    return digits + str(-total % 10)


def _iban(rng: Drawn) -> str:
    country, account = rng.choice(("DE", "AT", "NL")), ""
    account = {"DE": rng.of(DIGITS, 18), "AT": rng.of(DIGITS, 16), "NL": rng.of(UPPER, 4) + rng.of(DIGITS, 10)}[country]
    spelled = "".join(str(int(char, 36)) for char in account + country + "00")
    return f"{country}{98 - int(spelled) % 97:02}{account}"


def _spaced(text: str, rng: Drawn) -> str:
    mark = rng.choice(("", " ", "-"))
    return mark.join(text[at : at + 4] for at in range(0, len(text), 4))


_PERSONAL = {
    "CREDIT_CARD": lambda r: _spaced(_luhn("4" + r.of(DIGITS, 14)), r),
    "EMAIL_ADDRESS": lambda r: f"{r.choice(('jo', 'max.muster', 'x_y'))}{r.of(DIGITS, 2)}@{r.choice(('mail', 'dept.corp'))}.{r.choice(('example.org', 'co.uk', 'net'))}",
    "IBAN_CODE": lambda r: _spaced(_iban(r), r).replace("-", " "),
    "PHONE_NUMBER": lambda r: f"+1 {r.choice(('(212) 555', '415-555', '646 555'))}{r.choice((' ', '-'))}01{r.of(DIGITS, 2)}",
}
_SAID = ("Write to {} today.", "{}", "Mine is {}, please.", "a\nb: {}\n", '"{}"', "Ask ({}) é ❄.")


def personal(each: int, seed: int = 5) -> list[Made]:
    rng = Drawn(seed)
    found = []
    for kind, make in _PERSONAL.items():
        for _ in range(each):
            secret, frame = make(rng), rng.choice(_SAID)
            found.append(Made(kind, frame.replace("{}", secret), frame.index("{}"), frame.index("{}") + len(secret)))
    return found


HIDDEN, PERSONAL = list(secrets(14, seed=31)), personal(35)
ALL = HIDDEN + PERSONAL
ONLY = {"secrets": tuple(rule for rule in MASKS if rule.detector == "secrets"), "pii": tuple(rule for rule in MASKS if rule.detector == "pii")}


def cuts(made: Made, number: int, step: int) -> range | list[int]:
    """Places in the secret, from its first character to behind its last, and at its very edges; a long one (PEM) at some."""
    step = max(step, (made.end - made.start) // 60)
    return range(made.start + number % step, made.end + 1, step)


def check(channel: Channel, text: str, expected: Outcome, pieces: list[str], with_rules=MASKS) -> Outcome:
    """One stream against the whole: told alike, counted alike."""
    got = streamed(channel.operation, channel.events(pieces), with_rules)
    assert channel.told(got.out) == channel.told_whole(expected.out), (channel.name, pieces)
    assert got.row == expected.row, (channel.name, pieces)
    return got


def no_leak(channel: Channel, made: Made, got: Outcome, expected: Outcome) -> bool:
    """No event of the stream, whatever it is for, says four characters of the secret in a row. False: the detector does not know this secret at all."""
    known = channel.told_whole(expected.out)
    if made.secret in known:
        return False
    frame = made.text[: made.start] + " " + made.text[made.end :] + channel.told(b"".join(channel.events([channel.wrap("")])))
    bare = b"".join(channel.events([channel.wrap(made.text[: made.start]), channel.wrap(made.text[made.end :])])).decode()
    plain = got.out.decode().replace("\\\\", "\\").replace('\\"', '"')
    found = leaks(plain, made.secret, frame + bare + known)
    assert not found, (channel.name, made.kind, found)
    return True


def test_the_plants_are_a_thousand_and_nearly_all_are_found():
    """A test of leaks is worth what is found at all: what no detector knows is another test's matter."""
    expected = [whole(CHAT.dialect, CHAT.operation, CHAT.body(made.text)) for made in ALL]
    missed = [made.kind for made, outcome in zip(ALL, expected, strict=True) if leaks(CHAT.told_whole(outcome.out), made.secret, made.text[: made.start] + " " + made.text[made.end :])]
    assert len(ALL) >= 1000
    assert len(missed) <= len(ALL) // 50, missed


@pytest.mark.slow
@pytest.mark.covers("T17")
@pytest.mark.parametrize("detector", ["secrets", "pii"])
def test_no_two_way_split_changes_what_is_said_or_leaks(detector):
    """Each secret, cut in two at place after place: the same text, the same row, and not four characters of it in a row in any event."""
    with_rules, plants = ONLY[detector], HIDDEN if detector == "secrets" else PERSONAL
    known = 0
    for number, made in enumerate(plants):
        expected = whole(CHAT.dialect, CHAT.operation, CHAT.body(made.text), with_rules)
        for cut in cuts(made, number, 1 if LONG else SHORT_STEP):
            got = check(CHAT, made.text, expected, [made.text[:cut], made.text[cut:]], with_rules)
        known += no_leak(CHAT, made, got, expected)
    assert known >= 0.98 * len(plants)


@pytest.mark.slow
@pytest.mark.covers("T17")
@pytest.mark.parametrize("channel", CHANNELS, **IDS)
def test_no_channel_of_any_dialect_leaks_at_a_split(channel: Channel):
    """Two pieces and three, with what other choices, calls and pings say in between, and in JSON also through its escapes."""
    luck = random.Random(channel.name)
    plants = ALL if LONG else luck.sample(ALL, 40)
    for number, made in enumerate(plants):
        carried = channel.wrap(made.text)
        expected = whole(channel.dialect, channel.operation, channel.body(carried))
        start, end = carried.find(made.secret[:3]), len(carried)
        two = range(max(start, 0), end) if LONG else [luck.randrange(max(start, 0), end)]
        for cut in two:
            got = check(channel, carried, expected, [piece for piece in (carried[:cut], carried[cut:]) if piece])
            no_leak(channel, made, got, expected)
        if LONG or number % 2 == 0:
            one, other = sorted(luck.sample(range(max(start, 0), end + 1), 2))
            got = check(channel, carried, expected, [piece for piece in (carried[:one], carried[one:other], carried[other:]) if piece])
            no_leak(channel, made, got, expected)


@pytest.mark.covers("T17")
@pytest.mark.parametrize("channel", CHANNELS, **IDS)
def test_bytes_may_be_cut_anywhere(channel: Channel):
    """TCP knows no events: the same stream in pieces of any size, one character a delta, is told and counted the same."""
    luck = random.Random(channel.name)
    for made in luck.sample([each for each in ALL if len(each.text) < 120], 4):
        carried = channel.wrap(made.text)
        expected = whole(channel.dialect, channel.operation, channel.body(carried))
        data = b"".join(channel.events(list(carried)))
        edges = [0, *sorted(luck.sample(range(1, len(data)), 40)), len(data)]
        got = streamed(channel.operation, [data[a:b] for a, b in pairwise(edges)])
        assert channel.told(got.out) == channel.told_whole(expected.out)
        assert got.row == expected.row
        no_leak(channel, made, got, expected)


@pytest.mark.covers("T17")
@pytest.mark.parametrize("channel", CHANNELS, **IDS)
def test_a_blocked_stream_has_said_nothing_of_the_secret(channel: Channel):
    """Under a rule that blocks, what went out before is the text before the secret, and the row is that of the blocked whole."""
    luck = random.Random(channel.name)
    for made in luck.sample(ALL, 15):
        carried = channel.wrap("Well, here it comes, as you asked: " + made.text)
        expected = whole(channel.dialect, channel.operation, channel.body(carried), BLOCKS)
        start, cut = carried.find(made.secret[:3]), luck.randrange(1, len(carried))
        got = streamed(channel.operation, channel.events([carried[:cut], carried[cut:]]), BLOCKS)
        assert (got.tally.verdict == "blocked") is (expected.tally.verdict == "blocked"), made.kind
        if expected.tally.verdict == "blocked" and start > 0:
            said = "".join(channel.read(json.loads(line[6:])) for line in got.out.split(b"\n") if line.startswith(b"data: {"))
            assert carried.startswith(said)
            assert len(said) <= carried.index(made.secret[-3:]) + 3, made.kind


@pytest.mark.covers("T17")
@pytest.mark.parametrize("channel", CHANNELS, **IDS)
def test_a_pseudonym_is_turned_back_wherever_it_is_cut(channel: Channel):
    """The app reads the names, JSON stays JSON, and what only looks like a pseudonym stays as it is."""
    names = {"<PERSON_1>": 'Ann "A." \\ Example', "<EMAIL_ADDRESS_12>": "ann@example.org"}
    text = "Dear <PERSON_1>, <PERSON_2> <b> a < b: is <EMAIL_ADDRESS_12> yours, <PERSON_1>? <PERSON_1"
    carried = channel.wrap(text)
    for cut in range(1, len(carried), 3):
        other = min(cut + 5, len(carried) - 1)
        stream = GuardedStream(channel.operation, Restoring(names))
        pieces = [piece for piece in (carried[:cut], carried[cut:other], carried[other:]) if piece]
        out = b"".join([*map(stream.push, channel.events(pieces)), stream.finish()])
        assert channel.told(out) == text.replace("<PERSON_1>", names["<PERSON_1>"]).replace("<EMAIL_ADDRESS_12>", names["<EMAIL_ADDRESS_12>"]), pieces


@pytest.mark.covers("T16", "T17")
@pytest.mark.parametrize("channel", CHANNELS, **IDS)
def test_a_known_protocol_at_an_unknown_path_is_known_by_its_events(channel: Channel):
    """A server's own path, or a request taken for another dialect's: the reply is joined all the same."""
    opaque = DIALECTS["opaque"].route("POST", "/somewhere").operation
    carried = channel.wrap("Write to alice.smith@example.org or 4111 1111 1111 1111 today.")
    expected = whole(channel.dialect, channel.operation, channel.body(carried))
    data = b"".join(channel.events([carried[at : at + 7] for at in range(0, len(carried), 7)]))
    assert channel.told(streamed(opaque, [data]).out) == channel.told_whole(expected.out)


def test_several_rules_count_in_a_stream_as_in_the_whole():
    """A text with several findings of several kinds, some twice, in every channel: verdict and counts do not know that it was streamed."""
    text = "Mail a.b@example.org or c.d@example.net, again a.b@example.org, card 4111 1111 1111 1111, key " + HIDDEN[0].secret + " end."
    for channel in CHANNELS:
        carried = channel.wrap(text)
        expected = whole(channel.dialect, channel.operation, channel.body(carried))
        assert {(f.kind, f.count) for f in expected.tally.findings()} >= {("EMAIL_ADDRESS", 3), ("CREDIT_CARD", 1)}
        check(channel, carried, expected, [carried[:20], carried[20:70], carried[70:]])


def test_what_a_stream_says_only_at_its_end_is_still_counted():
    """A server that sends no deltas, only the finished item: its text is no repetition of anything."""
    channel = _BY_NAME["responses output_text"]
    for keep in (b"response.output_text.done", b"response.output_item.done", b"response.completed"):
        tail = channel.tail("Mail a.b@example.org").split(b"\n\n")
        only = [event + b"\n\n" for event in tail if event.startswith(b"event: " + keep)]
        got = streamed(channel.operation, only)
        assert b"a.b@" not in got.out and [(f.kind, f.count) for f in got.tally.findings()] == [("EMAIL_ADDRESS", 1)]


# ---------------------------------------------------------------------- any text, any chunks

FRAGMENTS = st.sampled_from(
    ["a ", " ", "\n", ", ", ". ", '"', "'", "\\", "/", "é", "❄", "\u200b", "the card ", "mail ", "key=", "password: ", "{", "}", "[1, 2]", "<EMAIL_ADDRESS_1>", "<", "%40", "&#64;", "\\u0041", "\t", "\x7f", "12 ", "=", "😀"]
    + [made.secret for made in HIDDEN[::60] if len(made.secret) < 200] + [made.secret for made in PERSONAL[::20]]
)  # fmt: skip


def _meant(segment: Segment) -> tuple[str, str, object]:
    """A segment without the spelling of its JSON: a rewritten string has escapes where it may have had none."""
    said: object = segment.text
    if segment.text.startswith(("{", "[")):
        with contextlib.suppress(ValueError):
            said = json.loads(segment.text)
    return segment.role, segment.pointer, said


TEXTS = st.one_of(st.lists(FRAGMENTS, min_size=1, max_size=10).map("".join), st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))


@pytest.mark.slow
@pytest.mark.covers("T17")
@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CHANNELS), TEXTS, st.lists(st.integers(0, 400), max_size=5), st.randoms(use_true_random=False))
def test_the_assembled_stream_is_the_checked_whole(channel: Channel, text: str, places: list[int], luck: random.Random):
    """What the record reads in the guarded stream is what it reads in the guarded whole of the same reply; without findings not a byte differs (law 1)."""
    carried = channel.wrap(text)
    edges = [0, *sorted(min(place, len(carried)) for place in places), len(carried)]
    data = b"".join(channel.events([carried[a:b] for a, b in pairwise(edges)]))
    at = [0, *sorted(luck.randrange(len(data)) for _ in range(4)), len(data)]
    got = streamed(channel.operation, [data[a:b] for a, b in pairwise(at)])
    assembled = json.dumps(channel.operation.assemble(parsed(data)).whole).encode()
    expected = whole(channel.dialect, channel.operation, assembled)
    seen = read_reply(channel.operation, 200, "text/event-stream", got.out)
    wanted = read_reply(channel.operation, 200, "application/json", expected.out)
    assert [_meant(each) for each in seen.segments] == [_meant(each) for each in wanted.segments]
    assert got.row == expected.row
    if not got.tally.findings() and (channel.other or "second choice" in channel.name):  # what one choice holds back the other's events overtake
        assert sorted(got.out.splitlines()) == sorted(data.splitlines())
    elif not got.tally.findings():
        assert got.out == data


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.id)
def test_a_recorded_stream_passes_byte_for_byte(case: Case):
    """Law 1 under guard: every recorded stream, odd line ends, comments and unknown events included, in pieces of any size. What was cut off in the middle of an
    event ends with its last whole one (U10)."""
    luck = random.Random(case.id)
    for _ in range(3):
        edges = [0, *sorted(luck.randrange(len(case.reply)) for _ in range(12)), len(case.reply)]
        got = streamed(case.route.operation, [case.reply[a:b] for a, b in pairwise(edges)], FLAGS)
        if len(got.out) == len(case.reply) and b"DONE" in case.reply:  # comments and other choices may overtake what waits
            assert sorted(_END.split(got.out)) == sorted(_END.split(case.reply))
            assert _texts(case, got.out) == _texts(case, case.reply)
            continue
        assert case.reply.startswith(got.out)
        rest = case.reply[len(got.out) :]
        assert not rest or (rest.strip() and not rest.rstrip(b"\r\n").endswith((b"}", b"[DONE]"))), rest


def _texts(case: Case, reply: bytes) -> object:
    return read_reply(case.route.operation, 200, "text/event-stream", reply)


# ---------------------------------------------------------------------- nothing waits that need not


def test_pings_and_unknown_events_flow_while_text_is_held():
    """An app's watchdog must not fire because a word is not over yet."""
    channel = _BY_NAME["messages text"]
    head, first, _ = channel.events(["Write to alice.smith@exam"])
    got = streamed(channel.operation, [head, first, b"event: ping\ndata: {\"type\": \"ping\"}\n\n", b": keep-alive\n\n", b"event: new\ndata: {\"type\": \"new\", \"x\": 1}\n\n"])
    assert got.pieces[:5] == [head, b"", b"event: ping\ndata: {\"type\": \"ping\"}\n\n", b": keep-alive\n\n", b"event: new\ndata: {\"type\": \"new\", \"x\": 1}\n\n"]


def test_what_one_choice_holds_back_does_not_hold_another():
    """Choices are lanes of their own."""
    mine, other = CHAT, _BY_NAME["chat content, second choice"]
    held, free = mine.events(["mail alice.smith@exam"])[1], other.events(["all is well "])[1]
    got = streamed(mine.operation, [held, free])
    assert got.pieces[:2] == [b"", free]


@pytest.mark.parametrize("channel", [channel for channel in CHANNELS if channel.wrap("x") == "x" and not channel.other], **IDS)
def test_prose_is_at_most_one_chunk_late(channel: Channel):
    """Models emit words with their space before them: a word may wait for what follows it, and no longer."""
    words = "The parcel left our warehouse at noon and should reach you by Friday, unless the weather turns. Shall I write it down for you?".replace(" ", "| ").split("|")
    head, *between = channel.events(words)[:-1]
    got = streamed(channel.operation, [head, *between, channel.tail("".join(words))])
    given = 0
    for number in range(len(between)):
        given += len(got.pieces[1 + number])
        assert given >= sum(map(len, between[:number])), words[number]
    assert got.out == head + b"".join(between) + channel.tail("".join(words))
