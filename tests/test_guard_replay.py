"""`tidegate guard replay` and `tidegate eval` on a real store: what changed rules would have done to what was recorded."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detectors.base import Finding
from detectors.pii import Pii
from detectors.text import Text
from gateway import cli
from gateway.commands import judging, stored, traffic
from gateway.config import load
from gateway.exchange import Exchange, Outcome
from gateway.store.client import Store
from gateway.store.rows import encode
from tests.support.exchanges import exchange
from tests.support.filled import filled

PROVIDERS = "providers: {openai: {dialect: openai, base_url: 'https://api.example'}}\n"
CARD = "4111 1111 1111 1111"
TODAY = "guardrails:\n  - {name: cards, detector: pii, on: request, kinds: [CREDIT_CARD], action: flag, tier: patterns}\n"
CHANGED = """\
guardrails:
  - {name: cards, detector: pii, on: [request, reply], kinds: [CREDIT_CARD], action: block, tier: patterns}
  - {name: mails, detector: pii, on: reply, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns}
"""


def asked(text: str) -> str:
    return json.dumps({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": text}]})


def said(text: str) -> str:
    return json.dumps({"id": "chatcmpl-1", "object": "chat.completion", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]})


def streamed(*deltas: str) -> str:
    chunks = [{"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": delta}}]} for delta in deltas]
    return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"


EXCHANGES: list[dict[str, Any]] = [
    {"request_body": asked(f"my card is {CARD}, call ann@example.com"), "reply_body": said("Thanks.")},  # flagged today, blocked by the new ones
    {"request_body": asked("hello"), "reply_body": streamed("write to ", "ann.lee@exa", "mple.com now")},  # found across the chunks of a stream
    {"request_body": asked("hello again"), "reply_body": said("Nothing here.")},
    {"request_body": asked("my card is <CREDIT_CARD_1>"), "reply_body": said("Thanks for <CREDIT_CARD_1>.")},  # masked at rest
    {"request_body": "", "reply_body": "", "body_note": "none"},
    {"request_body": f"no JSON {CARD}", "reply_body": "neither", "app": "other", "verdict": "flagged"},
    {"request_body": asked(f"old card {CARD}"), "reply_body": said("ok"), "started_at": dt.datetime.now(dt.UTC) - dt.timedelta(days=9)},
]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A configuration whose store runs and holds EXCHANGES, a second apart, the first one the newest."""
    now = dt.datetime.now(dt.UTC)
    rows = [exchange(i, **{"id": uuid.UUID(int=i + 1), "started_at": now - dt.timedelta(seconds=i), "app": "shop", **each}) for i, each in enumerate(EXCHANGES)]
    with filled(tmp_path_factory.mktemp("replay"), PROVIDERS + TODAY, rows) as file:
        yield file


def fill(recorded: Path, rows: list[Exchange]) -> None:
    """Put more into the store."""

    async def insert() -> None:
        writer = Store(stored.target(load(recorded)))
        await writer.insert([encode(row) for row in rows], token=str(rows[0].id))
        await writer.close()

    asyncio.run(insert())


def replayed(recorded: Path, rules: str, capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    new = recorded.parent / "new.yaml"
    new.write_text(rules)
    capsys.readouterr()
    assert cli.main(["guard", "replay", "--config", str(recorded), "--rules", str(new), "--json", *args]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_what_changed_rules_would_have_done(recorded: Path, capsys: pytest.CaptureFixture[str]):
    """Both sets of rules see the same week: verdicts side by side, who changed, each rule's findings, examples without what was found."""
    result = replayed(recorded, CHANGED, capsys)
    assert (result["exchanges"], result["without_bodies"], result["masked"], result["gates_own"]) == (6, 1, 1, 0)
    assert result["verdicts"] == {"recorded": {"not_checked": 5, "flagged": 1}, "now": {"flagged": 2, "passed": 4}, "new": {"blocked": 2, "masked": 1, "passed": 3}}
    assert {(each["now"], each["new"]): each["exchanges"] for each in result["changes"]} == {("flagged", "blocked"): 2, ("passed", "masked"): 1}
    rules = {each["name"]: each for each in result["rules"]}
    assert rules["cards"]["now"] == {"action": "flag", "exchanges": 2, "findings": 2} and rules["cards"]["new"] == {"action": "block", "exchanges": 2, "findings": 2}
    assert rules["mails"]["now"] is None and rules["mails"]["new"] == {"action": "mask", "exchanges": 1, "findings": 1}
    example = next(each for each in result["examples"] if each["rule"] == "mails")
    assert example["excerpt"] == "write to <EMAIL_ADDRESS> now" and example["id"] == str(uuid.UUID(int=2))
    assert CARD not in json.dumps(result) and "ann@example.com" not in json.dumps(result)  # what stands beside a finding is masked too


def test_a_rule_that_only_observes_shows_what_it_would_do(recorded: Path, capsys: pytest.CaptureFixture[str]):
    """That is how a rule is tried before it is enforced."""
    result = replayed(recorded, TODAY.replace("action: flag", "action: block, mode: observe"), capsys)
    assert [each["new"] for each in result["rules"]] == [{"action": "observe block", "exchanges": 2, "findings": 2}]
    assert result["changes"] == [] and {each["side"] for each in result["examples"]} == {"now", "new"}


@pytest.mark.parametrize(("args", "count"), [(["--app", "other"], 1), (["--since", "30d"], 7), (["--limit", "2"], 2), (["--env", "dev"], 0)])
def test_which_exchanges(recorded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, args: list[str], count: int):
    """App, environment, time and number, over more than one page of the store's."""
    monkeypatch.setattr(traffic, "PAGE", 2)
    result = replayed(recorded, CHANGED, capsys, *args)
    assert (result["exchanges"], result["limited"]) == (count, "--limit" in args)


def test_in_words(recorded: Path, capsys: pytest.CaptureFixture[str]):
    """Without --json it is a table that says what it cannot see."""
    new = recorded.parent / "words.yaml"
    new.write_text(PROVIDERS + CHANGED)  # a whole configuration will do too
    assert cli.main(["guard", "replay", "--config", str(recorded), "--rules", str(new)]) == 0
    out = capsys.readouterr().out
    assert "6 exchanges, judged by today's rules and by the new ones" in out and "1 were stored with something masked" in out and "1 have no stored body" in out
    assert re.search(r"^verdict +as recorded +now +new$", out, re.MULTILINE) and re.search(r"^flagged +1 +2 +0$", out, re.MULTILINE)
    assert "changed: 2 from flagged to blocked, 1 from passed to masked" in out and CARD not in out


def test_faults_of_the_new_rules_are_named_with_their_lines(recorded: Path, capsys: pytest.CaptureFixture[str]):
    """The line is that of the file with the rules, which is not a whole configuration."""
    new = recorded.parent / "wrong.yaml"
    new.write_text(CHANGED.replace("action: mask", "action: hide"))
    assert cli.main(["guard", "replay", "--config", str(recorded), "--rules", str(new)]) == 2
    err = capsys.readouterr().err
    assert "wrong.yaml:3: guardrails.mails.action" in err and "Traceback" not in err
    assert cli.main(["guard", "replay", "--config", str(recorded), "--rules", str(recorded.parent / "none.yaml")]) == 2


def test_one_detector_over_stored_exchanges(recorded: Path, capsys: pytest.CaptureFixture[str]):
    """Whether a rule names it or not: what it finds, at which threshold, where."""
    capsys.readouterr()
    assert cli.main(["eval", "--config", str(recorded), "--detector", "pii", "--kinds", "EMAIL_ADDRESS,CREDIT_CARD", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["exchanges"] == 6 and {kind: each["exchanges"] for kind, each in result["kinds"].items()} == {"CREDIT_CARD": 2, "EMAIL_ADDRESS": 2}
    assert result["kinds"]["EMAIL_ADDRESS"]["at_least"]["0.9"] == 2 and result["kinds"]["EMAIL_ADDRESS"]["at_least"]["0.95"] == 0
    assert result["apps"] == {"shop": 2, "other": 1} and CARD not in json.dumps(result)
    assert cli.main(["eval", "--config", str(recorded), "--detector", "secrets", "--on", "reply"]) == 0
    assert "nothing found" in capsys.readouterr().out
    assert cli.main(["eval", "--config", str(recorded), "--detector", "pie"]) == 2


FORMATS = """\
detectors:
  formats: {brief: {max_chars: 12}}
guardrails:
  - {name: form, detector: brief, on: reply, action: block}
"""
LONG_AGO = dt.datetime.now(dt.UTC) - dt.timedelta(days=40)
OLDER: list[dict[str, Any]] = [
    {"reply_body": said("fine")},
    {"reply_body": said("far more than twelve characters \x1b[2J\u202e")},
    {"reply_body": said("far more than that, but it was cut off"), "body_note": "truncated"},
    {"reply_body": "", "body_note": "none"},
    {"reply_body": "<html>Bad gateway</html>", "status": 502, "upstream_status": 502},
    {"reply_body": json.dumps({"object": "file", "id": "f"}), "method": "GET", "endpoint": "/v1/files/{id}"},
    {"reply_body": streamed(*["word "] * 600)},  # longer than what is put together in one turn
]


@pytest.fixture(scope="module")
def older(recorded: Path) -> None:
    """The same store holds OLDER, from before what the other tests look at."""

    fill(recorded, [exchange(100 + i, **{"id": uuid.UUID(int=100 + i), "started_at": LONG_AGO, "app": "old", "request_body": asked("hello"), **each}) for i, each in enumerate(OLDER)])


def test_a_rule_on_answers_judges_what_the_gate_would_have(recorded: Path, older: None, capsys: pytest.CaptureFixture[str]):
    """Errors, files and what was not stored are no answers; what was not stored whole is not called judged."""
    result = replayed(recorded, FORMATS, capsys, "--since", "60d", "--app", "old")
    assert result["exchanges"] == 7 and result["verdicts"]["new"] == {"passed": 4, "blocked": 2, "error": 1}
    assert {example["id"] for example in result["examples"]} == {str(uuid.UUID(int=100 + i)) for i in (1, 6)}


REFUSED = {"app": "refused", "request_body": asked("hello ann@example.com"), "started_at": LONG_AGO}
REFUSALS: list[dict[str, Any]] = [
    {"reply_body": '{"error":{"message":"write to help@example.com"}}', "status": 400, "upstream_status": None, "outcome": Outcome.POLICY_BLOCKED, "verdict": "blocked"},  # its request was
    {"reply_body": '{"error":{"message":"write to help@example.com"}}', "status": 400, "outcome": Outcome.POLICY_BLOCKED, "verdict": "blocked"},  # its reply was
    {"reply_body": said("ask help@example.com").replace("chatcmpl-1", f"chatcmpl-{uuid.UUID(int=202).hex}"), "outcome": Outcome.POLICY_BLOCKED, "verdict": "blocked"},  # in a rule's own words
    {"reply_body": streamed("write to ", "ann.lee@example.com"), "outcome": Outcome.POLICY_BLOCKED, "verdict": "blocked"},  # in the middle of a stream: that was the provider's
    {"reply_body": '{"error":{"message":"ann@example.com has no key"}}', "status": 401, "upstream_status": 401, "outcome": Outcome.CALLER_REJECTED},
    {"reply_body": streamed("write to ", "ann.lee@example.com"), "status": None, "upstream_status": None, "outcome": Outcome.GATEWAY_CRASH},  # what had come by then
    {"reply_body": streamed("write to ", "ann.lee@example.com"), "status": 0, "outcome": Outcome.CALLER_CANCELLED},
]


@pytest.fixture(scope="module")
def refused(recorded: Path) -> None:
    """The same store holds REFUSALS."""
    fill(recorded, [exchange(200 + i, **{"id": uuid.UUID(int=200 + i), **REFUSED, **each}) for i, each in enumerate(REFUSALS)])


def test_the_gates_own_words_are_nobodys_reply(recorded: Path, refused: None, capsys: pytest.CaptureFixture[str]):
    """A refusal that names an address is no leak of a model's: no rule looked at it when it was given, and a threshold must not be set by it. How many there were is said."""
    result = replayed(recorded, CHANGED, capsys, "--since", "60d", "--app", "refused")
    assert (result["exchanges"], result["gates_own"], result["verdicts"]["recorded"]) == (7, 3, {"blocked": 4, "not_checked": 3})
    assert result["verdicts"]["new"] == {"passed": 3, "masked": 4}  # a rule looks at an error of the provider's, too
    evaluated = ["eval", "--config", str(recorded), "--detector", "pii", "--kinds", "EMAIL_ADDRESS", "--on", "reply", "--since", "60d", "--app", "refused"]
    assert cli.main([*evaluated, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["exchanges"], result["errors"], result["kinds"]["EMAIL_ADDRESS"]["exchanges"]) == (7, 4, 3)
    assert cli.main(evaluated) == 0
    assert "4 replies are errors, in words of the provider or the gate: left out" in capsys.readouterr().out


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were looked through for personal data, each time."""
    texts: list[str] = []
    find = Pii.find

    def counted(self: Pii, text: Text) -> list[Finding]:
        texts.append(text.raw)
        return find(self, text)

    monkeypatch.setattr(Pii, "find", counted)
    return texts


def test_what_was_found_in_a_text_is_not_looked_for_again(recorded: Path, looked: list[str], capsys: pytest.CaptureFixture[str]):
    """A conversation comes again with each turn, and under both sets of rules: looked at each time, a replay takes twice what it must. Detectors that are set up differently find for themselves."""
    replayed(recorded, CHANGED, capsys)
    text = f"my card is {CARD}, call ann@example.com"
    once = looked.count(text)
    looked.clear()
    result = replayed(recorded, CHANGED + "detectors: {pii: {allow: [{text: ann.lee@example.com}]}}\n", capsys)
    assert (once, looked.count(text)) == (1, 2)
    assert next(rule for rule in result["rules"] if rule["name"] == "mails")["new"]["findings"] == 0


def test_what_was_recorded_does_not_command_a_terminal(recorded: Path, older: None, capsys: pytest.CaptureFixture[str]):
    """A reply may hold anything."""
    result = replayed(recorded, FORMATS, capsys, "--since", "60d", "--app", "old")
    assert all(example["excerpt"].isprintable() for example in result["examples"])


@pytest.mark.parametrize("command", ["replay", "eval"])
def test_ctrl_c_ends_it_with_what_was_read_so_far(recorded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str):
    """A replay of a week may take an hour, of which a minute may be enough. What is told is whole exchanges, says that it is not all, and the exit code says so, too."""
    new = recorded.parent / "stopped.yaml"
    new.write_text(CHANGED)
    judged = judging.Configured.judged
    looked: list[str] = []

    def interrupted(self: judging.Configured, exchange: traffic.Exchanged, *, replies: bool = True) -> Any:
        looked.append(exchange.id)
        if looked == [str(uuid.UUID(int=1))] * (len(looked) - 1) + [str(uuid.UUID(int=2))]:  # at the second exchange, once
            signal.raise_signal(signal.SIGINT)
        return judged(self, exchange, replies=replies)

    monkeypatch.setattr(judging.Configured, "judged", interrupted)
    before = signal.getsignal(signal.SIGINT)
    args = ["guard", "replay", "--rules", str(new)] if command == "replay" else ["eval", "--detector", "pii", "--kinds", "EMAIL_ADDRESS"]
    capsys.readouterr()
    assert cli.main([*args, "--config", str(recorded), "--json"]) == 130
    result = json.loads(capsys.readouterr().out)
    assert (result["exchanges"], result["of"], result["stopped"]) == (2, 6, True) and signal.getsignal(signal.SIGINT) is before


def test_a_text_with_many_findings_is_looked_at_once(recorded: Path, looked: list[str], capsys: pytest.CaptureFixture[str]):
    """It is what takes longest, and formats, which judge whole replies, are no reason to look again."""
    text = " ".join(f"user{number}@example.com" for number in range(150))
    fill(recorded, [exchange(900, id=uuid.uuid4(), app="many", env="prod", started_at=dt.datetime.now(dt.UTC), request_body=asked(text), reply_body=said("ok"))])
    result = replayed(recorded, TODAY.replace("CREDIT_CARD", "EMAIL_ADDRESS") + "detectors: {formats: {brief: {max_chars: 10}}}\n", capsys, "--app", "many")
    assert looked.count(text) == 1 and result["rules"][0]["new"]["findings"] == 150


@pytest.mark.parametrize("args", [["--limit", "0"], ["--limit", "-3"], ["--limit", "x"], ["--since", "1d", "--until", "2d"]])
def test_wrong_bounds_are_wrong_usage(recorded: Path, capsys: pytest.CaptureFixture[str], args: list[str]):
    """And not an empty week, in which nothing would be found."""
    new = recorded.parent / "bounds.yaml"
    new.write_text(CHANGED)
    assert cli.main(["guard", "replay", "--config", str(recorded), "--rules", str(new), *args]) == 2
    assert cli.main(["eval", "--config", str(recorded), "--detector", "pii", *args]) == 2


def test_what_a_detector_cannot_find_is_wrong_usage(recorded: Path, capsys: pytest.CaptureFixture[str]):
    """A kind that it does not have, a side that it does not judge: "nothing found" would be read as good news."""
    assert cli.main(["eval", "--config", str(recorded), "--detector", "pii", "--kinds", "EMAIL"]) == 2
    assert 'did you mean "EMAIL_ADDRESS"?' in capsys.readouterr().err
    assert cli.main(["eval", "--config", str(recorded), "--detector", "grounding", "--on", "request"]) == 2


def test_a_detector_that_fails_on_a_text_is_told(recorded: Path, older: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """The others are still judged, no text is shown, and the exit code says so."""
    from gateway.detection import judges

    monkeypatch.setattr(judges.Formats, "find_all", lambda self, texts: 1 / 0)
    new = recorded.parent / "fails.yaml"
    new.write_text(FORMATS)
    capsys.readouterr()
    assert cli.main(["guard", "replay", "--config", str(recorded), "--rules", str(new), "--json", "--since", "60d", "--app", "old"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert result["failed"] == {"brief": "failed: ZeroDivisionError"} and result["verdicts"]["new"]["error"] == 4
