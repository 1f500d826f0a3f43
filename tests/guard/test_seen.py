"""What is remembered of texts that were looked at: bounded in texts and in findings, whatever callers send."""

from detectors.base import Finding
from gateway.guard.seen import FINDINGS, FORGET_S, Seen


def finding(at: int) -> Finding:
    return Finding("pii", "EMAIL_ADDRESS", at, at + 1, 1.0)


def test_findings_are_bounded_as_texts_are():
    """Texts that are full of findings push the oldest out long before there are `most` of them; one that holds more than may be kept is not kept."""
    seen, full = Seen(most=1000), [finding(at) for at in range(FINDINGS)]
    for number in range(1000):
        seen.put("pii", b"%d" % number, full)
    held = [number for number in range(1000) if seen.get("pii", b"%d" % number) is not None]
    assert held == list(range(950, 1000))
    seen.put("pii", b"more", [*full, finding(FINDINGS)])
    assert seen.get("pii", b"more") is None


def test_texts_without_findings_are_bounded_by_their_number():
    """The one that was not asked for the longest goes first, and one that is put twice counts once."""
    seen = Seen(most=3)
    for name in (b"a", b"b", b"c", b"a", b"b"):
        seen.put("pii", name, [finding(0)])
    assert seen.get("pii", b"a") == (finding(0),)
    seen.put("pii", b"d", [])
    assert [seen.get("pii", name) for name in (b"a", b"b", b"c", b"d")] == [(finding(0),), None, (finding(0),), ()]


def test_what_nobody_asks_about_any_more_goes():
    """A gate with little to look at would else grow for hours until it holds as many as it may."""
    now = 0.0
    seen = Seen(now=lambda: now)
    for beat in range(40):
        now += FORGET_S / 4
        for number in range(100):
            seen.put("pii", b"%d of %d" % (number, beat), [finding(0)])
        seen.put("pii", b"a conversation", [])
        assert seen.get("pii", b"a conversation") == ()
        assert len(seen._found) <= 9 * 101 and seen._findings == sum(map(len, seen._found.values()))
    assert seen.get("pii", b"7 of 38") is not None and seen.get("pii", b"7 of 30") is None


def test_more_than_may_be_held_goes_whatever_its_age():
    """Where the mark itself is pushed out, all that is there is young."""
    now = 0.0
    seen = Seen(most=10, now=lambda: now)
    for number in range(100):
        now += FORGET_S / 30
        seen.put("pii", b"%d" % number, [])
    assert [number for number in range(100) if seen.get("pii", b"%d" % number) is not None] == list(range(100))[-10:]
