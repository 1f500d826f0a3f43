"""Headers read by rules that are looked up by the name as it was spelled: spelling decides nothing, and nobody's inventions are kept."""

from __future__ import annotations

import pytest

from gateway.proxy import headers
from gateway.proxy.headers import Read, reply_lines

NAMES = (b"Content-Type", b"content-type", b"CONTENT-TYPE", b"Authorization", b"aUTHORIZATION", b"X-Tidegate-App", b"x-tidegate-app", b"Connection", b"X-Other", b"Host")


def sorted_out(name: bytes) -> tuple[object, ...]:
    read = Read([(name, b"v")])
    return read.forward, read.credentials, read.notes, read.own, reply_lines([(name, b"v")])


def test_a_spelling_seen_before_is_read_as_one_seen_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was remembered of a name is what would be worked out, for requests and replies."""
    first = []
    for name in NAMES:
        monkeypatch.setattr(headers, "_spelled", {})
        monkeypatch.setattr(headers, "_reply_spelled", {})
        first.append(sorted_out(name))
    assert [sorted_out(name) for name in NAMES * 2] == first * 2
    assert first[0][2] == first[2][2] == {b"content-type": b"v"}
    assert first[3][0] == first[4][0] == []  # a credential is nowhere but among credentials
    assert first[5][3] == first[6][3] == {b"app": b"v"}
    assert first[8][0] == [(b"X-Other", b"v")]


@pytest.mark.parametrize("long", [False, True])
def test_invented_names_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch, *, long: bool) -> None:
    """Whoever sends another name each time is read like anybody else, and is not remembered beyond a number; nor is a long name."""
    known: dict[bytes, tuple[int, bytes]] = {}
    told: dict[bytes, tuple[int, bytes]] = {}
    monkeypatch.setattr(headers, "_spelled", known)
    monkeypatch.setattr(headers, "_reply_spelled", told)
    names = [b"x-%d-" % n + b"y" * (100 if long else 1) for n in range(headers.REMEMBERED + 50)]
    assert Read([(name, b"v") for name in names]).forward == [(name, b"v") for name in names]
    assert len(reply_lines((name, b"v") for name in names)[0]) == 4 * len(names)
    assert len(known) == len(told) == (0 if long else headers.REMEMBERED)
