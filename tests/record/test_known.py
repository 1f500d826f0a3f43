"""What was said of a piece of text is not asked for again."""

from __future__ import annotations

from collections import Counter

import orjson

from detectors.base import Finding
from detectors.text import Text
from gateway.dialects import operation_of
from gateway.guard.engines import Engines
from gateway.guard.policy import Policy
from gateway.record.known import MANY, KnownEngines
from gateway.record.redaction import Redactor
from tests.record.test_redaction import RULES, Keys, Mails, engine

CHAT = operation_of("openai", "POST", "/v1/chat/completions")


class Counting(Mails):
    """Counts what it is shown."""

    def __init__(self) -> None:
        self.shown: Counter[str] = Counter()

    def find(self, text: Text) -> list[Finding]:
        self.shown[f"find {text.before}|{text.raw}"] += 1
        return super().find(text)

    def open_from(self, text: Text) -> int:
        self.shown[f"open {text.before}|{text.raw}"] += 1
        return super().open_from(text)


def turn(number: int) -> bytes:
    """A conversation in which every text ends with a figure, so that where two meet could be a number."""
    talk = [{"role": ("user", "assistant")[n % 2], "content": f"{n}4 boxes of lamps were meant to come on day {n}, and the order that they belong to has the number {n}8"} for n in range(number)]
    return orjson.dumps({"model": "gpt-4o", "messages": talk})


def test_a_turn_of_a_conversation_has_detectors_look_at_what_is_new_alone() -> None:
    """Where texts meet was looked at in every turn anew: of a long conversation that was nine tenths of what its record cost."""
    mails = Counting()
    redactor = Redactor(Policy(RULES), Engines({"pii": (engine(mails),), "secrets": (engine(Keys()),)}))
    for number in (19, 20):
        before = mails.shown.copy()
        redaction = redactor.begin(app="a", env="e")
        assert redaction is not None and redaction.request("openai", CHAT, turn(number), "application/json") == turn(number)
    new = mails.shown - before
    assert before.total() > 40 and new.total() < 10, new
    alone = {shown for shown in new if shown.startswith("find |")}
    assert len(alone) == 1 and "day 19" in alone.pop()


def test_what_is_remembered_is_bounded_and_the_same() -> None:
    """Texts are the callers' doing: answers must not depend on what was asked before, nor memory on how much was."""
    plain, known = Engines({"pii": (engine(Mails()),)}), KnownEngines(Engines({"pii": (engine(Mails()),)}), most=10)
    (one,), (other,) = plain.of(RULES[:1]), known.of(RULES[:1])
    assert one.local is not None and other.local is not None and one.open_from is not None and other.open_from is not None
    for _ in range(2):
        for number in range(50):
            text = Text(f"write to anna.{number % 20}@example.org, or to b{number % 20}", f"mail {number % 3}")
            assert other.local.find(text) == one.local.find(text) and other.open_from(text) == one.open_from(text)
        assert len(known) == 10


def test_a_text_full_of_findings_is_not_remembered() -> None:
    """A thousand addresses in a field are a tenth of a megabyte of findings: ten thousand such fields would be the recorder's memory."""
    known = KnownEngines(Engines({"pii": (engine(Mails()),)}))
    (one,) = known.of(RULES[:1])
    assert one.local is not None
    for number in range(3):
        full = Text(" ".join(f"u{number}x{n}@example.org" for n in range(MANY + 1)), "customer: ")
        assert len(one.local.find(full)) == len(one.local.find(full)) == MANY + 1
    assert len(known) == 0
    one.local.find(Text("anna@example.org and bob@example.org", "customer: "))
    assert len(known) == 1


def test_they_are_engines_like_any() -> None:
    """Which detectors there are, and what they find, is the same."""
    plain = Engines({"pii": (engine(Mails()),), "secrets": (engine(Keys()),)})
    known = KnownEngines(plain)
    assert known.names == plain.names and all(known.kinds(name) == plain.kinds(name) for name in plain.names)
