"""Every problem of a file at once, each on one line: its place, its line, what is so and what was expected."""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any, get_args, get_origin

import pytest
import yaml
from pydantic import BaseModel

from gateway.config import Settings, load, parse
from gateway.config_words import expected
from gateway.errors import ConfigError
from tests.support.growth import assert_within

PROVIDERS = "providers: {openai: {dialect: openai, base_url: 'https://api.example'}}\n"
FOREIGN = re.compile(r"(?i:pydantic|input should|valid (?:integer|string|number|boolean|list|dictionary)|_type\b|_parsing\b|validation error)|<class|\bNone\b|Literal|Annotated")
WRONG: tuple[Any, ...] = (None, True, -3, 10**12, 1.5, "", "a b!", [], [1], [None], [[]], {}, {"a": 1}, {1: 2}, dt.date(2026, 1, 31))


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return caught.value.problems


def every_place(model: type[BaseModel], above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of each setting, with an item in each list and each mapping."""
    for name, field in model.model_fields.items():
        place = (*above, name)
        yield place
        for hint in (field.annotation, *get_args(field.annotation)):
            inner = hint if isinstance(hint, type) and issubclass(hint, BaseModel) else None
            if inner is not None:
                item = (0,) if get_origin(field.annotation) is tuple else ("chat" if name == "routes" else "one",) if get_origin(field.annotation) is dict else ()
                yield from every_place(inner, (*place, *item))


GOOD = {
    "providers": {"one": {"dialect": "openai", "base_url": "https://api.example"}},
    "guardrails": [{"name": "r", "detector": "pii", "on": ["request"], "action": "flag"}],
    "keys": [{"id": "k", "digest": "0" * 64}],
    "detectors": {"pii": {"patterns": [{"kind": "OWN", "pattern": "o"}], "allow": [{"text": "t"}]}, "secrets": {"allow": [{"text": "t"}]}, "custom": {"one": {"kinds": ["ONE"], "entry": "a:b"}}},
    "prices": {"one": {"input": 1}},
    "routes": {"chat": {"targets": [{"provider": "one"}]}},
    "drift": {"canaries": [{"name": "c", "provider": "one", "model": "m", "messages": [{"role": "user", "content": "Hi"}], "key": "k"}]},
}
PLACES = sorted({place for place in every_place(Settings) if place[-1] not in ("host",)}, key=str)


def with_wrong(place: tuple[str | int, ...], value: Any) -> str:
    """A file that is right but for one place."""
    text: Any = copy.deepcopy({name: GOOD[name] for name in {"providers", place[0]} & GOOD.keys()})  # the rest costs time and tells nothing
    at = text
    for part, after in pairwise(place):
        at = at.setdefault(part, [] if after == 0 else {}) if isinstance(at, dict) else at[part]
    at[place[-1]] = value
    return str(yaml.dump(text, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper)))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
def test_a_wrong_value_is_told_in_words_of_ours(place: tuple[str | int, ...]):
    """Whoever edits the file knows YAML, and neither Python nor the library that validates it. Every setting, with values of every type."""
    refused = 0
    for value in WRONG:
        try:
            parse(with_wrong(place, value))
        except ConfigError as e:
            refused += 1
            for problem in e.problems:
                assert re.match(r"tidegate\.yaml(?::[0-9]+)?: \S", problem), problem
                assert "\n" not in problem and not FOREIGN.search(problem), problem
            assert any(str(part) in e.problems[0] for part in place if isinstance(part, str)), (place, value, e.problems)
    assert refused or place[-1] in ("prices_as",), place


def test_nothing_hides_behind_another_problem():
    """Mending a file one problem a run is misery: what is wrong by itself, together with something else, and in the environment, all at once."""
    text = PROVIDERS + """
store: {url: '${TG_NOT_THERE}'}
sever: {}
guard: {unscannable: pass}
guardrails:
  - {name: in, detector: pii, on: request, action: bock, kinds: [EMAIL], reply: "No."}
  - {name: in, detector: pi, on: request, action: retry}
  - {name: own, detector: own, on: reply, action: mask}
detectors:
  custom: {own: {entry: "a:b", kinds: [ONE], max_spam: 3}}
  pii: {regions: [XX], patterns: [{kind: A1, pattern: "(a"}, {kind: A2, pattern: "(b"}], scores: {URI: 0.5}}
server: {admin: "0.0.0.0:1"}
server: {admin: "0.0.0.0:8081"}
"""
    found = problems(text)
    places = [problem.split(": ")[1] for problem in found]
    assert places == [
        "store.url", "sever", "guard.unscannable", "guardrails.in.action", "guardrails.in.kinds", "guardrails.in.name", "guardrails.in.action", "guardrails.in.detector",
        "detectors.custom.own.max_spam", "detectors.pii.regions", "detectors.pii.patterns.0.pattern", "detectors.pii.patterns.1.pattern", "detectors.pii.scores.URI",
        'the key "server" stands here twice; keep one', "server.admin",
    ], found  # fmt: skip


def test_what_is_wrong_by_itself_breeds_no_other_problems():
    """A detector whose settings are wrong is no unknown detector, and a key's provider is no stranger because its URL is missing."""
    text = """
providers: {mine: {dialect: openai}}
keys: [{id: k, digest: 'x', providers: [mine]}]
guardrails: [{name: r, detector: own, on: request, action: mask, kinds: [ONE]}]
detectors: {custom: {own: {kinds: {ONE: 1}, entry: 'a:b', max_span: many}}}
"""
    assert [problem.split(": ")[1] for problem in problems(text)] == ["providers.mine.base_url", "keys.k.digest", "detectors.custom.own.kinds", "detectors.custom.own.max_span"]


def test_a_problem_names_its_line():
    """In a file of two hundred lines the place alone is a search. What is missing has the line of what it is missing from."""
    text = "providers:\n  one:\n    dialect: openai\n\n  two:\n    dialect: opneai\n    base_url: https://h.example\nguardrails:\n  - name: r\n    detector: pii\n    on: request\n    action: drop\n"
    assert [problem.split(": ")[:2] for problem in problems(text)] == [["tidegate.yaml:2", "providers.one.base_url"], ["tidegate.yaml:6", "providers.two.dialect"], ["tidegate.yaml:12", "guardrails.r.action"]]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("guardrails:\n", "guardrails: nothing stands here; expected a list of rules"),
        ("store: {cluster: }\n", "tidegate.yaml:2: store.cluster: nothing stands here; expected text, or take the key out"),
        ("keys_file:\n", "keys_file: nothing stands here; expected a path, or take the key out"),
        ("journal_key:\n", "journal_key: nothing stands here; expected text, or take the key out"),
        ("guardrails: {name: r}\n", "guardrails: found a mapping; expected a list of rules"),
        ("guardrails: [block]\n", "guardrails.0: found text; expected a mapping with some of: action, "),
        ("unscannable: block\n", "unscannable: unknown key; it belongs to guard"),
        ("guard: {unscanable: block}\n", 'guard.unscanable: unknown key; did you mean "unscannable"?'),
        ("guard: {unscannable: blok}\n", "guard.unscannable: unknown value \"blok\"; expected one of 'allow' or 'block'"),
        ("guard: {processes: true}\n", "guard.processes: found true; expected a number"),
        ("guard: {processes: two}\n", "guard.processes: found text; expected a whole number, 1 to 32"),
        ("gu\u0430rd: {}\n", 'guard" '.replace("guard", "gu\\u0430rd").rstrip() + ': unknown key; did you mean "guard"?'),
        ("gu\u001b[31mard: {}\n", "not YAML: it holds the character U+001B; save the file as plain text"),
        ("server: &s {default_app: *s}\n", "not usable: a value that holds itself"),
        ("server: {drain_s: !!float x}\n", "not usable: a value is not what its tag says"),
        ("server: {drain_s: !!bool x}\n", "tidegate.yaml:2: not usable: a value is not what its tag says"),
        ("server: {drain_s: !!timestamp x}\n", "not usable: a value is not what its tag says"),
        ("server: {drain_s: Falsehood}\n", "server.drain_s: found text; expected a number, at least 0"),
        ("server: {default_app: !!timestamp 2026-01-31}\n", "server.default_app: found a date; expected text, put it in quotes"),
        ("server: !ours {workers: 1}\n", "not YAML: the tag !ours is not known here; leave it out"),
        ("server: {drain_s: 1:30}\n", "server.drain_s: found text; expected a number, at least 0"),
        ("server: {workers: 010}\n", "server.workers: expected auto, or 1 to 256"),
        ("server: {drain_s: .inf}\n", "server.drain_s: inf is out of bounds; expected a number, at least 0"),
        (f"server: {{workers: {'9' * 5000}}}\n", "server.workers: expected auto, or 1 to 256"),
        ("true: {}\n", "tidegate.yaml:2: true: unknown key; "),
        ("~: {}\n", 'tidegate.yaml:2: "~": unknown key; '),
        ("? [a, b]\n: 1\n", "tidegate.yaml:2: not usable: a key that is a list or a mapping; expected text"),
        ('data_dir: "\\ud800"\n', "tidegate.yaml:2: not usable: half a surrogate pair"),
        ("detectors: {pii: {patterns: [{kind: AB, pattern: \"(a\\nb\"}]}}\n", "detectors.pii.patterns.0.pattern: pattern '(a\\nb': missing )"),
        ("telemetry: {otlp_endpoint: collector}\n", "telemetry.otlp_endpoint: expected an http(s) URL such as "),
        ("store: {url: 'http://h:port/db'}\n", "store.url: expected a port from 1 to 65535, or none"),
        ("server: {default_app: 12}\n", "server.default_app: found a whole number; expected text, put it in quotes"),
        ("journal_key: short\n", "journal_key: 5 characters; give it at least 16, random ones, or leave it out"),
    ],
)
def test_what_operators_write(more: str, said: str):
    """Slips that happen: an emptied list, a missing dash, a letter of another alphabet, yes for a number."""
    found = problems(PROVIDERS + more)
    assert len(found) == 1 and said in found[0], found


@pytest.mark.parametrize("key", ["", "''", "${NOTHING}"])
def test_a_secret_that_is_empty_is_no_way_to_go_without_one(key: str, monkeypatch: pytest.MonkeyPatch):
    """Nobody would see that the gate holds no key, or that an admin port which all may reach asks for no token. Who means it says null, or takes the key out."""
    monkeypatch.setenv("NOTHING", "")
    text = "providers:\n  one:\n    dialect: openai\n    base_url: https://h.example\n    key: {}\nserver:\n  admin: 0.0.0.0:8081\n  admin_token: {}\n".replace("{}", key)
    assert [problem.split(";")[0] for problem in problems(text)] == [
        f"tidegate.yaml:{line}: {place}: {'is empty' if key else 'nothing stands here'}" for line, place in ((5, "providers.one.key"), (8, "server.admin_token"))
    ]
    settings = parse(text.replace(f"key: {key}\n", "key: null\n").replace(f"admin_token: {key}\n", "admin_token: of-sixteen-characters\n"))
    assert settings.providers["one"].key is None and settings.server.admin_token is not None


@pytest.mark.parametrize("key", ["  ", "sk-a\nx-evil: 1", "sk-a\r\n", "sk a", "schl\u00fcssel", "sk-a\x7f"])
def test_a_secret_that_no_header_can_hold_is_not_sent(key: str, monkeypatch: pytest.MonkeyPatch):
    """A line end in it would begin another header of the request to the provider. The secret is not said."""
    monkeypatch.setenv("HELD", key)
    (found,) = problems("providers:\n  one:\n    dialect: openai\n    base_url: https://h.example\n    key: ${HELD}\n")
    assert found.startswith("tidegate.yaml:5: providers.one.key: holds a blank, a line end or a sign that is not ASCII") and "evil" not in found and "sk" not in found


@pytest.mark.parametrize("address", ["127.0.0.1:\u096e\u0966", "127.0.0.1:\u00b2", "127.0.0.1:" + "9" * 5000, "http://127.0.0.1:80", "a b:80", ":8080", "127.0.0.1:+80", "127.0.0.1"])
def test_an_address_is_a_name_and_plain_digits(address: str):
    """Python reads digits of forty scripts as numbers, and stumbles over others that it calls digits; a place that nobody can listen on is said here, not at the start."""
    (found,) = problems(f"{PROVIDERS}server: {{listen: '{address}'}}\n")
    assert found.startswith("tidegate.yaml:2: server.listen: ") and found.endswith(" is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080")


@pytest.mark.parametrize("url", ["https://host:hunter2-secret", "https://[hunter2-secret", "https://u:hunter2-secret@h.example", "ftp://hunter2-secret"])
def test_what_is_wrong_with_a_url_is_said_without_it(url: str):
    """It may hold a password where none belongs, and Python's own words repeat it (law 8)."""
    for text in (f"providers: {{o: {{dialect: openai, base_url: '{url}'}}}}", f"{PROVIDERS}detectors: {{custom: {{x: {{webhook: '{url}', kinds: [AB]}}}}}}"):
        assert "hunter2" not in "".join(problems(text))


def test_merge_keys_are_read_and_their_lines_known():
    """Everybody who keeps several providers in a file writes them; what is said beside the merge key holds, and a wrong value is found where it is written."""
    text = "providers:\n  one: &base\n    dialect: openai\n    base_url: https://api.example\n    on_disconnect: drain\n  two:\n    base_url: https://two.example\n    <<: *base\n"
    providers = parse(text).providers
    assert (providers["two"].base_url, providers["two"].on_disconnect, providers["one"].base_url) == ("https://two.example", "drain", "https://api.example")
    assert problems(text.replace("drain", "dry")) == [f"tidegate.yaml:5: providers.{name}.on_disconnect: unknown value \"dry\"; expected one of 'abort' or 'drain'" for name in ("one", "two")]
    assert problems(text + "    <<: *base\n") == ['tidegate.yaml:9: the key "<<" stands here twice; keep one']
    assert "expected a mapping or list of mappings for merging" in problems("providers:\n  <<: 3\n")[0]


def test_what_is_written_small_and_reads_large_is_refused_at_once():
    """Nine aliases of nine aliases, seven times over, took five minutes."""

    def refuse(names: str) -> None:
        steps = "".join(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in pairwise(names))
        assert problems(f"a: &a [x]\n{steps}{PROVIDERS}") == ["tidegate.yaml:1: not usable: more than 100000 values, with what aliases repeat"]

    assert_within(4.0, partial(refuse, "abcdefgh"), partial(refuse, "abcdef"))  # eighty times what it reads


def test_a_file_that_is_no_text_is_named(tmp_path):
    """A file saved by another editor in another encoding; one with a byte order mark is no problem."""
    file = tmp_path / "tidegate.yaml"
    file.write_bytes(PROVIDERS.encode() + "server: {default_app: caf\u00e9}\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=re.escape(f"{file}: not text in UTF-8")):
        load(file)
    file.write_bytes(b"\xef\xbb\xbf" + PROVIDERS.encode())
    assert load(file).providers.keys() == {"openai"}


def test_who_only_looks_needs_no_journal_key(monkeypatch):
    """`guard try` and `sql` run in terminals without the gate's secrets; whoever serves must have them."""
    monkeypatch.delenv("TG_TEST_UNSET", raising=False)
    text = PROVIDERS + "journal_key: ${TG_TEST_UNSET}\n"
    assert parse(text, needs_secrets=False).providers
    assert problems(text) == ["tidegate.yaml:2: journal_key: the environment variable TG_TEST_UNSET is not set"]


@pytest.mark.parametrize(("place", "said"), [(("store", "retention_days"), "a whole number, 1 to 3650"), (("guardrails", 0, "mode"), "one of 'enforce' or 'observe'"), (("guard", "pool_bytes"), "a whole number, at least 65536"), (("server", "keepalive_s"), "a number, more than 0"), (("providers", "x", "ask_usage"), "true or false")])
def test_what_was_expected_comes_from_the_setting_itself(place, said):
    """Bounds are written once, in the settings."""
    assert expected(place, Settings) == said
