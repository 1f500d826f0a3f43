"""Ways around a guard that were tried: how a body is spelled, cut, encoded or grown, and a guard that breaks on it."""

from __future__ import annotations

import base64
import gzip
import json
import random
import re

import pytest

from detectors.base import Finding
from detectors.pii import Pii
from detectors.recognisers.custom import Custom, CustomPattern
from detectors.secrets import Secrets
from detectors.text import Text
from gateway.dialects.leaves import Leaf, Walked
from gateway.dialects.multipart import multipart_steps
from gateway.dialects.walk import _drained, text_steps, walk_text
from gateway.exchange import Outcome
from gateway.guard.engines import Ask, Engine, Engines, Unanswered
from gateway.guard.judge import Tally
from gateway.guard.placeholders import Placeholders
from gateway.guard.policy import Action, Direction, Policy, Rule
from gateway.guard.scan import Guarding
from gateway.guard.seen import Seen
from gateway.guard.whole import ASK_CHARS, WINDOW_CHARS, check
from gateway.proxy.guard import GuardTerms
from tests.proxy.test_guard import CARD, CHAT, MAIL, chat, rules
from tests.support.proxy import gate, ok, post, provider, replying, split, upstream

MASK = rules("name: p, detector: pii, on: [request, reply], action: mask, tier: patterns", "name: s, detector: secrets, on: [request, reply], action: mask")
BLOCK = rules("name: p, detector: pii, on: [request, reply], action: block, tier: patterns")
REPLY = ok(b'{"choices":[]}')
FORM = "multipart/form-data; boundary=b0"


def form(head: bytes, content: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    return before + b"--b0\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + content + b"\r\n--b0--\r\n" + after


SPELLINGS = {
    "as a tool would": lambda body: body,
    "tab": lambda body: b"\t" + body,
    "return": lambda body: b"\r\n" + body,
    "byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "twice": lambda body: body[:-1] + b',"model":"other"}',
    "twice in another case": lambda body: body[:-1] + b',"Model":"other"}',
    "twice, escaped": lambda body: body[:-1] + b',"m\\u006fdel":"other"}',
    "garbage after it": lambda body: body + b",",
    "capitals": lambda body: body.replace(b"gpt-4o", b"GPT-4O"),
    "none": lambda body: body.replace(b'"model"', b'"modell"'),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_a_rule_for_a_model_holds_however_the_body_is_spelled(tmp_path, spelling):
    """Where the model is not known for certain, every rule that names one covers the exchange."""
    body = SPELLINGS[spelling](chat(CARD))
    only = rules("name: m, detector: pii, on: request, action: block, tier: patterns, models: ['gpt-*']")
    async with upstream(replying(REPLY)) as up, gate(tmp_path, provider(up.port), more=only) as g:
        assert split(await g.ask(post(CHAT, body)))[0] == 400 and not up.requests
        assert g.exchanges()[0][2].verdict in ("blocked", "error")


async def test_a_rule_for_a_model_holds_for_encoded_bodies_and_forms_and_spares_other_models(tmp_path):
    """gzip and multipart hide the model; a body that names another one, once, is not looked at, even if `model` stands deeper in it as well."""
    only = rules("name: m, detector: pii, on: request, action: block, tier: patterns, models: ['gpt-*']")
    async with upstream(replying(REPLY)) as up, gate(tmp_path, provider(up.port), more=only) as g:
        assert split(await g.ask(post(CHAT, gzip.compress(chat(CARD)), "Content-Encoding: gzip")))[0] == 415
        asked = post("/v1/audio/transcriptions", form(b'name="prompt"', CARD.encode())).replace(b"application/json", FORM.encode())
        assert split(await g.ask(asked))[0] == 400 and not up.requests
        other = chat(CARD, tools=[{"model": "gpt-4o"}]).replace(b'"gpt-4o"', b'"claude-x"', 1)
        assert split(await g.ask(post(CHAT, other)))[0] == 200 and len(up.requests) == 1


async def test_half_a_surrogate_pair_does_not_stop_a_custom_pattern(tmp_path):
    """RE2 reads UTF-8, JSON does not have to be: places stay what they are, and what is around is found."""
    pattern = "detectors: {pii: {patterns: [{kind: EMPLOYEE_ID, pattern: 'E-[0-9]{6}', score: 0.8}], allow: [{pattern: 'test-.*'}]}}\n"
    arguments = '{"a":"hi \\ud83d E-123456"}'
    body = json.dumps({"model": "m", "messages": [{"role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}]}]})
    async with upstream(replying(REPLY)) as up, gate(tmp_path, provider(up.port), more=MASK + pattern) as g:
        assert split(await g.ask(post(CHAT, body.encode())))[0] == 200
        assert b"E-123456" not in up.requests[0] and b"<EMPLOYEE_ID_1>" in up.requests[0]
    hits: list = []
    Custom(CustomPattern("ID", "E-[0-9]{3}"))("\ud83d E-123", 0, hits)
    assert [(hit[0], hit[1]) for hit in hits] == [(2, 7)]


@pytest.mark.parametrize("broken", ["find", "walk"])
async def test_a_guard_that_breaks_lets_nothing_through(tmp_path, monkeypatch, caplog, broken):
    """Law 5 for our own faults: 503 under a rule that fails closed, `error` and not `passed` under one that fails open; the log has no text."""

    def boom(*_: object, **__: object) -> list[Finding]:
        raise LookupError(f"text was {CARD}")

    if broken == "find":
        monkeypatch.setattr(Pii, "find", boom)
    else:
        monkeypatch.setattr("gateway.proxy.guard.request_steps", boom)
    caplog.set_level("INFO", logger="tidegate")
    async with upstream(replying(REPLY)) as up, gate(tmp_path, provider(up.port), more=BLOCK) as g:
        status, _, body = split(await g.ask(post(CHAT, chat(CARD))))
        assert status == 503 and json.loads(body)["error"]["code"] == "guard_unavailable" and not up.requests
        assert (g.exchanges()[0][2].verdict, g.exchanges()[0][2].outcome) == ("error", Outcome.GATEWAY_GUARD)
    opened = rules("name: p, detector: pii, on: request, action: mask, tier: patterns, on_error: allow")
    async with upstream(replying(REPLY)) as up, gate(tmp_path / "open", provider(up.port), more=opened) as g:
        assert split(await g.ask(post(CHAT, chat(CARD))))[0] == 200 and len(up.requests) == 1
        assert g.exchanges()[0][2].verdict == "error"
    told = [record.getMessage() for record in caplog.records if "guard_failed" in record.getMessage()]
    assert len(told) == 2 and all("LookupError" in line and "4111" not in line for line in told)


def test_a_deadline_grows_with_the_text():
    """The names model takes its time for every character; a long prompt is no reason to refuse it."""
    terms = GuardTerms(request_deadline_s=0.3)
    assert terms.for_chars(0) == 0.3 and terms.for_chars(100_000) == pytest.approx(20.3)


def _guarding(*engines: Engine, action: Action = Action.MASK) -> Guarding:
    made = [Rule(engine.name, engine.detector, frozenset({Direction.REQUEST}), action) for engine in engines]
    return Guarding(made, Engines({engine.detector: (engine,) for engine in engines}), Direction.REQUEST, Tally(), Placeholders())


def _local(detector) -> Engine:
    return Engine(detector.name, detector.name, detector.kinds, detector, detector.open_from)


def _run(walked: Walked, scan: Guarding, seen: Seen | None = None, answers=None) -> tuple[dict, int, list[Ask]]:
    """Edits, pauses, and what was asked."""
    checking, answer, pauses, asks = check(walked, scan, seen), None, 0, []
    while True:
        try:
            ask = checking.send(answer)
        except StopIteration as end:
            return end.value, pauses, asks
        answer = None
        if ask is None:
            pauses += 1
        else:
            asks.append(ask)
            answer = answers(len(asks), ask)


def test_what_the_pool_has_answered_need_not_be_asked_again():
    """A long conversation is asked about in parts: if one has no answer, those before it are known next time."""
    engine = Engine("names", "names", frozenset({"PERSON"}))
    walked = Walked(tuple(Leaf(f"/{n}", "", "", f"{n} " + "word " * (ASK_CHARS // 10)) for n in range(4)))
    seen = Seen()
    scan = _guarding(engine)
    _, _, asks = _run(walked, scan, seen, lambda n, ask: [[] for _ in ask.texts] if n == 1 else Unanswered("timeout"))
    assert len(asks) == 2 and scan.failed is not None
    scan = _guarding(engine)
    _, _, again = _run(walked, scan, seen, lambda n, ask: [[] for _ in ask.texts])
    known = {text.raw for text in asks[0].texts}
    assert scan.failed is None and known and not known & {text.raw for ask in again for text in ask.texts}


def _pem() -> str:
    body = base64.encodebytes(random.Random(7).randbytes(1200)).decode()
    return f"-----BEGIN PRIVATE {'KEY'}-----\n{body}-----END PRIVATE {'KEY'}-----\n"


@pytest.mark.parametrize("cuts", [(800,), (28,), (100, 600, 1300), tuple(range(40, 1600, 40))])
@pytest.mark.parametrize("messages", [False, True])
async def test_a_key_cut_over_texts_is_masked_to_its_end(tmp_path, cuts, messages):
    """A secret longer than any window around a seam is followed until it is closed, over parts and over messages. No text of them is left empty:
    some providers refuse that."""
    pem = _pem()
    pieces = [pem[start:end] for start, end in zip((0, *cuts), (*cuts, len(pem)), strict=True)]
    if messages:
        said = [{"role": "user", "content": piece} for piece in pieces]
    else:
        said = [{"role": "user", "content": [{"type": "text", "text": piece} for piece in pieces]}]
    async with upstream(replying(REPLY)) as up, gate(tmp_path, provider(up.port), more=MASK) as g:
        assert split(await g.ask(post(CHAT, json.dumps({"model": "m", "messages": said}).encode())))[0] == 200
        sent = up.requests[0].partition(b"\r\n\r\n")[2]
        assert not [line for line in pem.split("\n")[1:-2] if len(line) > 40 and line[8:40].encode() in sent]
        assert sent.count(b"<PRIVATE_KEY_1>") == len(pieces) - (not pieces[-1].strip()) and not re.search(rb'"(?:text|content)": ""', sent)


def test_a_long_word_cut_in_two_is_seen_whole():
    """A token with more than a few hundred characters before the seam."""
    text = "key " + "eyJhbGciOiJIUzI1NiJ9." + base64.urlsafe_b64encode(b'{"sub":"' + b"ab1" * 500 + b'"}').decode().rstrip("=") + "." + "aB3" * 14 + " end"
    scan = _guarding(_local(Secrets()))
    whole = _run(Walked((Leaf("", "", "", text),)), scan)[0]
    cut = _run(Walked((Leaf("/0", "", "", text[:900]), Leaf("/1", "", "", text[900:])), chains=((0, 1),)), _guarding(_local(Secrets())))[0]
    assert whole[0][0].start == cut[0][0].start and cut[1][-1].end == whole[0][-1].end - 900


def _long_text(seed: int) -> str:
    chosen = random.Random(seed)
    odd = (MAIL, CARD, "password: hunter2Zx9!q", "+49 30 1234567", "https://x.example/" + "a1" * 3000, _pem(), "\u200bal\u0456ce@example.org", "12 Main Street, Springfield, IL 62701")
    return " ".join(chosen.choice(odd) if chosen.random() < 0.03 else chosen.choice("some words of prose, and (code) = 42;".split()) for _ in range(20_000))


@pytest.mark.parametrize("detector", [Pii(), Secrets()], ids=["pii", "secrets"])
@pytest.mark.parametrize("text", [_long_text(1), _long_text(2), "Q1x" * 30_000, "4 1 1 " * 10_000], ids=["mixed", "mixed too", "one word", "digits"])
def test_a_long_text_is_looked_at_in_turns_and_finds_the_same(detector, text):
    """The invariants of open_from make windows equal the whole; no window stops the worker for long."""
    seen = Seen()
    walked = Walked((Leaf("", "", "", text),))
    edits, pauses, _ = _run(walked, _guarding(_local(detector)), seen)
    assert pauses >= len(text) // (4 * WINDOW_CHARS)
    whole = _guarding(_local(detector)).replace(detector.find(Text(text)), text)
    assert list(edits.get(0, ())) == whole


async def test_a_pseudonym_is_never_what_the_caller_wrote_in_another_spelling(tmp_path):
    """`<EMAIL_ADDRESS_1>` with its brackets escaped is the caller's own; the address gets another number."""
    turns = rules("name: p, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: pseudonymise, tier: patterns")
    body = chat("literal \u27e6EMAIL_ADDRESS_1\u27e7 and " + MAIL).replace(b"\\u27e6", b"\\u003c").replace(b"\\u27e7", b"\\u003e")
    said = ok(b'{"choices":[{"message":{"content":"you wrote <EMAIL_ADDRESS_1> and <EMAIL_ADDRESS_2>"}}]}')
    async with upstream(replying(said)) as up, gate(tmp_path, provider(up.port), more=turns) as g:
        _, _, answer = split(await g.ask(post(CHAT, body)))
        assert json.loads(answer)["choices"][0]["message"]["content"] == f"you wrote <EMAIL_ADDRESS_1> and {MAIL}"


HIDDEN = {
    "a line of dashes before": form(b'name="p"', b"hi", before=b"--" + CARD.encode() + b"\r\n"),
    "a line of dashes after": form(b'name="p"', b"hi", after=b"--" + CARD.encode() + b"\r\n"),
    "another parameter": form(b'name="p"; card="' + CARD.encode() + b'"', b"hi"),
    "a parameter of the type": form(b'name="p"\r\nContent-Type: text/plain; x="' + CARD.encode() + b'"', b"hi"),
    "no parameter at all": form(b'name="p", ' + CARD.encode(), b"hi"),
    "a folded header": form(b'\r\n name="p"; filename="' + CARD.encode() + b'"', b"hi"),
    "a header's name": form(b'name="p"\r\n' + CARD.replace(" ", "-").encode() + b": x", b"hi"),
    "quoted-printable": form(b'name="p"\r\nContent-Transfer-Encoding: quoted-printable', b"card 4111=201111 1=\r\n111 1111"),
    "base64": form(b'name="p"\r\nContent-Transfer-Encoding: base64', base64.encodebytes(f"my card is {CARD}, ok?".encode())),
    "a picture in words": form(b'name="p"\r\nContent-Type: image/png', CARD.encode()),
    "a charset nobody knows": form(b'name="p"\r\nContent-Type: text/plain; charset=utf-7', CARD.encode()),
    "a charset it is not in": form(b'name="p"\r\nContent-Type: text/plain; charset=utf-16', CARD.encode() + b" "),
    "padding": form(b'name="p"\r\nContent-Type: text/plain', CARD.encode() + b"\x00\x00"),
    "a control character": form(b'name="p"', CARD.encode() + b" and so on\x00."),
}


@pytest.mark.parametrize("where", HIDDEN)
async def test_a_form_has_no_place_to_hide_a_text(tmp_path, where):
    """What is no boundary is text, whatever the part's head calls it."""
    async with upstream(replying(REPLY)) as up, gate(tmp_path, provider(up.port), more=BLOCK) as g:
        asked = post("/v1/audio/transcriptions", HIDDEN[where]).replace(b"application/json", FORM.encode())
        assert split(await g.ask(asked))[0] == 400 and not up.requests
        assert g.exchanges()[0][2].verdict == "blocked"


@pytest.mark.parametrize("where", HIDDEN)
def test_what_hides_in_a_form_can_be_masked(where):
    """Law 1: without edits the very bytes; with the card's, no card in what is left, decoded or not."""
    data = HIDDEN[where]
    walked = walk_text(data, FORM)
    assert walked.rewrite({}) == data
    scan = _guarding(_local(Pii()))
    changed = walked.rewrite(_run(walked, scan)[0])
    assert changed != data
    assert not Pii().find(Text(changed.decode("latin-1"))) and "CREDIT_CARD" not in str(_found(walk_text(changed, FORM)))


def _found(walked: Walked) -> list[str]:
    return [f.kind for leaf in walked.leaves for f in Pii().find(Text(leaf.text, leaf.before))]


def test_two_boundaries_are_none():
    """Readers differ in which they take: such a body is one text."""
    data = form(b'name="p"', b"hi")
    walked = _drained(multipart_steps(data, FORM + "; boundary=b1", lambda data, *_: text_steps(data, "text/plain")))
    assert [leaf.text for leaf in walked.leaves] == [data.decode()]


def test_a_policy_without_a_known_model_uses_every_rule_that_names_one():
    """Case does not matter where the model is known."""
    policy = Policy([Rule("m", "pii", frozenset({Direction.REQUEST}), Action.BLOCK, models=("GPT-4*",))])
    of = {model: len(policy.rules_for(Direction.REQUEST, app="a", env="e", model=model)) for model in (None, "gpt-4o", "Gpt-4.1 ", "claude", "")}
    assert of == {None: 1, "gpt-4o": 1, "Gpt-4.1 ": 1, "claude": 0, "": 0}
