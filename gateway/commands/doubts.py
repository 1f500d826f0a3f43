"""What `tidegate check` and `tidegate doctor` doubt in a configuration that is valid: rules that can never act, and settings that change nothing.

Pure. A doubt is no error: the gate starts, but what was meant does not happen.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from detectors import catalogue, judge_kinds
from gateway.config import Settings
from gateway.config_guard import Guardrail
from gateway.config_judges import MODERATION
from gateway.guard.policy import Action, Direction, Rule


@dataclass(frozen=True, slots=True)
class Doubt:
    """where: a setting.  what: what is so.  act: what to do about it."""

    where: str
    what: str
    act: str


def doubts(settings: Settings) -> Iterator[Doubt]:
    """Everything that is doubtful about rules and detectors."""
    for written, rule in zip(settings.guardrails, settings.policy.rules, strict=False):  # those of the gate's own come last
        yield from _of_rule(settings, written, rule)
    yield from _shadows(settings)
    yield from _detectors(settings)
    yield from _telemetry(settings)


def _telemetry(settings: Settings) -> Iterator[Doubt]:
    """What of telemetry never happens, and what others can read."""
    asked, content = settings.telemetry, settings.store.content
    if not asked.otlp_endpoint:
        for name in sorted(asked.model_fields_set & {"protocol", "content", "ca_file"}):
            if getattr(asked, name) not in (False, None, "http"):
                yield Doubt(f"telemetry.{name}", "there is no telemetry.otlp_endpoint, so nothing is sent: it changes nothing", "name a collector, or leave it out")
        return
    if asked.content and content != "redacted":
        why = "keeps no text that could be sent" if content == "none" else "stores texts as they are, and none leaves the gate but redacted"
        yield Doubt("telemetry.content", f"store.content: {content} {why}: spans have no messages", "set store.content: redacted, or leave it out")
    if asked.ca_file is not None and not asked.otlp_endpoint.startswith("https://"):
        yield Doubt("telemetry.ca_file", "no certificate is looked at over http", "make telemetry.otlp_endpoint an https URL, or leave it out")
    elif asked.ca_file is not None and not asked.ca_file.is_file():
        yield Doubt("telemetry.ca_file", f"{asked.ca_file}: no such file: nothing will be sent", "name a file of certificates in PEM format")
    if asked.in_the_open:
        what = "names of apps, models and sessions" + (" and, by telemetry.content, what was said" if asked.content and content == "redacted" else "")
        yield Doubt("telemetry.otlp_endpoint", f"{what} go to another machine over http, which anybody on the way can read", "use https, or a collector on this machine that passes them on")


def _of_rule(settings: Settings, written: Guardrail, rule: Rule) -> Iterator[Doubt]:
    where = f"guardrails.{rule.name}"
    content = settings.store.content
    if Direction.LOG in rule.on and content != "redacted":
        yield Doubt(where, f"it is on: log, and store.content: {content} stores {'no text' if content == 'none' else 'texts as they are'}: it does nothing", "set store.content: redacted, or take the rule out")
    if written.on_error is not None and not rule.enforce:
        yield Doubt(f"{where}.on_error", "the rule only observes, which never blocks: it changes nothing", "leave it out, or set mode: enforce")
    if written.reply and not rule.enforce:
        yield Doubt(f"{where}.reply", "the rule only observes: nobody is told this", "leave it out, or set mode: enforce")
    yield from _unseen(settings, rule)
    yield from _scores(settings, rule)
    yield from _unread(settings, rule)
    yield from _who(settings, rule)


def _unseen(settings: Settings, rule: Rule) -> Iterator[Doubt]:
    """Kinds of moderation that the local model cannot tell."""
    if rule.detector == MODERATION and settings.detectors.moderation.service is None and (unseen := sorted(rule.kinds & judge_kinds.BY_SERVICE)):
        what = f"{', '.join(unseen)}: the local model does not tell {'it' if len(unseen) == 1 else 'them'} apart: the rule never finds {'one' if len(unseen) == 1 else 'any of these'}"
        yield Doubt(f"guardrails.{rule.name}.kinds", what, "name the wider kind, such as self-harm, or configure detectors.moderation.service")


def _scores(settings: Settings, rule: Rule) -> Iterator[Doubt]:
    """Kinds that never reach the score that is asked for."""
    own = {pattern.kind for pattern in settings.detectors.pii.patterns}
    named = {guardrail.name: guardrail.kinds for guardrail in settings.guardrails}[rule.name]
    for kind in named:
        highest = None if rule.detector == "pii" and kind in own else catalogue.highest(rule.detector, kind)
        if highest is not None and highest < rule.min_score:
            yield Doubt(f"guardrails.{rule.name}.min_score", f"{kind} never scores {rule.min_score:g}, its highest is {highest:g}: the rule never finds one", f"set min_score: {highest:g} or less")


def _unread(settings: Settings, rule: Rule) -> Iterator[Doubt]:
    """Kinds that the languages of the names tier do not have."""
    written = {guardrail.name: guardrail.kinds for guardrail in settings.guardrails}[rule.name]
    own = {pattern.kind for pattern in settings.detectors.pii.patterns}
    if rule.detector == "pii" and "DATE_TIME" in written and "DATE_TIME" not in own and "en" not in settings.detectors.pii.languages:
        yield Doubt(f"guardrails.{rule.name}.kinds", "DATE_TIME is found in English alone, and en is none of detectors.pii.languages: the rule never finds one", "add en to the languages, or take the kind out")


def _who(settings: Settings, rule: Rule) -> Iterator[Doubt]:
    """Apps and environments that are nearly, but not quite, called like one that is configured."""
    server = settings.server
    known = {
        "apps": {server.default_app} | {key.app for key in settings.keys if key.app},
        "envs": {server.default_env, "prod", "dev", "staging", "test"} | {key.env for key in settings.keys if key.env},
    }
    closed = bool(settings.keys) and all(provider.key is not None for provider in settings.providers.values()) and all(key.app for key in settings.keys)
    for field, names in (("apps", rule.apps), ("envs", rule.envs)):
        for name in sorted(names - known[field]):
            near = difflib.get_close_matches(name.lower(), known[field], n=1, cutoff=0.75)
            where = f"guardrails.{rule.name}.{field}"
            if near:
                yield Doubt(where, f'"{name}" is configured nowhere, but "{near[0]}" is: the rule may never match', "spell it as apps do, or as their keys say")
            elif field == "apps" and closed and not os.path.exists(settings.effective_keys_file):
                yield Doubt(where, f'no key is for the app "{name}", and no app comes without a key: the rule never matches', "give a key this app, or take the name out")


def _shadows(settings: Settings) -> Iterator[Doubt]:
    """Rules all of whose findings fall to one before them."""
    rules = settings.policy.rules
    for index, rule in enumerate(rules[: len(settings.guardrails)]):
        if not rule.enforce:
            continue
        before = next((other for other in rules[:index] if other.enforce and _takes_all(other, rule)), None)
        if before is not None:
            yield Doubt(
                f"guardrails.{rule.name}",
                f"all that it wants falls to {before.name} ({before.action.value}) before it, so it never acts",
                "put the stricter rule first, or make the kinds, apps or directions of the two differ",
            )


def _takes_all(first: Rule, then: Rule) -> bool:
    if first.detector != then.detector or not then.on <= first.on or first.min_score > then.min_score or (first.local_only and not then.local_only):
        return False
    if Direction.LOG in first.on and first.action is Action.FLAG:  # counts, and takes nothing
        return False
    return _covers(first.kinds, then.kinds) and _covers(first.apps, then.apps) and _covers(first.envs, then.envs) and _covers(first.prompts, then.prompts) and (not first.models or first.models == then.models)


def _covers(wide: Collection[str], narrow: Collection[str]) -> bool:
    """Whether the first means all that the second does; none named means all."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def _without_trunk(regions: Iterable[str]) -> list[str]:
    """Those whose national numbers have neither a zero before them nor the North American form: what is looked for there is looked for without them."""
    from phonenumbers import PhoneMetadata  # late: of no use to most

    from detectors.recognisers.phones import GROUPED

    known = [(region, PhoneMetadata.metadata_for_region(region, None)) for region in regions if region not in GROUPED]
    return [
        region
        for region, of in known
        if of is not None and of.national_prefix != "0" and of.country_code != 1 and not str(getattr(of.fixed_line, "example_number", None) or "").startswith("0")
    ]


def _detectors(settings: Settings) -> Iterator[Doubt]:
    written = settings.detectors.pii
    if "regions" in written.model_fields_set and (idle := _without_trunk(written.regions)):
        yield Doubt(
            "detectors.pii.regions",
            f"{', '.join(idle)}: numbers there have no leading 0 in their national form: naming it changes nothing, they are found with + and country code, or after a word such as phone",
            "leave it out; for the bare form write a pattern of your own (detectors.pii.patterns)",
        )
    used = {rule.detector for rule in settings.guardrails}
    for name in settings.detectors.formats:
        if name not in used:
            yield Doubt(f"detectors.formats.{name}", "no rule asks for it, so nothing is held to it", "write a rule with this detector, or take it out")
    moderation = settings.detectors.moderation
    if not moderation.local and moderation.service is None:
        yield Doubt("detectors.moderation.local", "no service is configured, so the local model judges all the same", "configure detectors.moderation.service, or leave it out")
    if moderation.service is not None and moderation.service.key is not None and (moderation.service.url or "").startswith("http://"):
        yield Doubt("detectors.moderation.service.url", "the key is sent over http, which anybody on the way can read", "use https")
    guard = settings.guard
    for name, custom in settings.detectors.custom.items():
        if name not in used:
            yield Doubt(f"detectors.custom.{name}", "no rule asks it, so it never runs", "write a rule with this detector, or take it out")
        elif custom.deadline_ms > guard.request_deadline_ms and "deadline_ms" in custom.model_fields_set:
            yield Doubt(f"detectors.custom.{name}.deadline_ms", f"{custom.deadline_ms} is more than guard.request_deadline_ms ({guard.request_deadline_ms}), which ends it first for short texts", "raise that one too")
    for kind, score in settings.detectors.pii.scores.items():
        highest = catalogue.highest("pii", kind)
        own = kind in {pattern.kind for pattern in settings.detectors.pii.patterns}
        if highest is not None and highest < score and not own:
            yield Doubt(f"detectors.pii.scores.{kind}", f"it never scores {score:g}, its highest is {highest:g}: {kind} is never found", f"set {highest:g} or less")
