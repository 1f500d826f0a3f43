"""What is wrong with `guardrails` and `detectors` taken together, where each setting by itself is right.

All of it is found in one go: a check that needs a setting which is wrong by itself is left out, the others are made.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from detectors import names_kinds, pii_kinds
from gateway import config_judges as judges
from gateway.config_guard import LOG_RULES, NAMES, OWN, Allowed, CustomDetector, Detectors, Guard, Guardrail, PiiSettings
from gateway.config_yaml import Place

Problem = tuple[Place, str]
_FEW = 10
_NAME = r"[a-z0-9][a-z0-9._-]{0,63}"


class Broken(frozenset[Place]):
    """Places that are wrong by themselves, and hold something harmless meanwhile."""

    def touches(self, *place: str | int) -> bool:
        """Whether this place, one above it or one in it is broken."""
        return any(each[: len(place)] == place or place[: len(each)] == each for each in self)


def problems_of(rules: Sequence[Guardrail], detectors: Detectors, guard: Guard, broken: Broken) -> Iterator[Problem]:
    """Each with the place to look at."""
    known: dict[str, frozenset[str]] = {}
    yield from _pii(detectors, broken)
    yield from _secrets(detectors, broken)
    known["pii"] = pii_kinds.KINDS | names_kinds.NAME_KINDS | {pattern.kind for pattern in detectors.pii.patterns}
    known["secrets"] = _secret_kinds() if any(rule.detector == "secrets" and rule.kinds for rule in rules) else frozenset()
    for name, (engine,) in judges.engines(detectors.formats).items():
        known[name] = engine.kinds
    yield from _formats(detectors, broken)
    for name, custom in detectors.custom.items():
        known[name] = frozenset(custom.kinds)
        yield from _custom(name, custom, broken)
    if not broken.touches("guard") and guard.overlap_chars >= guard.window_chars:
        yield ("guard", "overlap_chars"), f"{guard.overlap_chars} is not less than window_chars ({guard.window_chars}); make it smaller"
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        place: Place = ("guardrails", index)
        if rule.name in seen:
            yield (*place, "name"), f'two rules have the name "{rule.name}"; give each its own'
        if rule.name in LOG_RULES:
            yield (*place, "name"), f'"{rule.name}" is the name of a rule of the gate\'s own; choose another'
        seen.add(rule.name)
        for fields, wrong, words in _checks(rule):
            if wrong and not any(broken.touches(*place, field) for field in fields):
                yield (*place, fields[0]), words
        if not broken.touches(*place, "detector"):
            yield from _on_kinds(place, rule, detectors, known, broken)


def _checks(rule: Guardrail) -> Iterable[tuple[tuple[str, ...], bool, str]]:
    """(the fields that it hangs on, whether it is wrong, what is)."""
    log = "log" in rule.on
    return (
        (("action", "on"), rule.action == "pseudonymise" and rule.on != ("request",), "pseudonymise works on: request alone; the reply is turned back by itself"),
        (("action", "on"), rule.action == "retry" and rule.on != ("reply",), "retry works on: reply alone, for a request has no other; use block"),
        (("action", "on"), log and rule.action in ("block", "pseudonymise", "retry") and rule.on == ("log",), f"{rule.action} cannot be done on: log; use mask or flag"),
        (("on",), log and len(set(rule.on)) > 1, "log stands alone; write one rule for what is relayed and one on: log"),
        (("on",), len(set(rule.on)) < len(rule.on), "the same word twice; write it once"),
        (("models", "on"), log and bool(rule.models), "a rule on: log cannot name models; leave them out"),
        (("tier", "detector"), rule.tier != "all" and rule.detector != "pii", "only the detector pii has tiers; leave tier out"),
        (("reply", "action"), bool(rule.reply) and rule.action not in ("block", "retry"), "only a rule with action: block or retry replies; leave it out, or block"),
        (("reply",), "reply" in rule.model_fields_set and not rule.reply.strip(), "is empty; write what the app is told, or leave it out for an error"),
        (("retries", "action"), "retries" in rule.model_fields_set and rule.action != "retry", "only a rule with action: retry retries; leave it out"),
        *(((name,), name in rule.model_fields_set and not getattr(rule, name), "is empty; name some, or leave it out to mean all") for name in ("apps", "envs", "models", "prompts")),
        (("kinds",), "kinds" in rule.model_fields_set and not rule.kinds, "is empty; name some, or leave it out to mean the detector's usual ones"),
        *(
            ((name,), True, f'"{value}" {why}')
            for name in ("apps", "envs", "models", "prompts")
            for value in getattr(rule, name)
            if (why := _never_called(value, pattern=name == "models"))
        ),
    )


def _never_called(value: str, *, pattern: bool) -> str:
    """Why no app, environment or model is called that, so that the rule would never hold; "" if one may be."""
    if not value or value != value.strip():
        return "is empty, or has a space around it; write the bare name"
    if "*" in value and not pattern:
        return "is a pattern, but these are spelled exactly; write the names, or leave it out to mean all"
    return ""


def _on_kinds(place: Place, rule: Guardrail, detectors: Detectors, known: dict[str, frozenset[str]], broken: Broken) -> Iterator[Problem]:
    """The rule's detector, its kinds, and what can be done with what it finds."""
    if rule.detector not in known:
        if not broken.touches("detectors", "custom", rule.detector):
            near = difflib.get_close_matches(rule.detector.lower(), known, n=1)
            hint = "names are kinds of pii: PERSON, LOCATION and others; " if rule.detector == NAMES else f'did you mean "{near[0]}"? ' if near else ""
            yield (*place, "detector"), f'unknown detector "{rule.detector}"; {hint}known here: {", ".join(sorted(known))}'
        return
    own_kinds = {pattern.kind for pattern in detectors.pii.patterns}
    sure = not broken.touches("detectors", "custom", rule.detector, "kinds") and not (rule.detector == "pii" and broken.touches("detectors", "pii", "patterns"))
    for kind in rule.kinds if sure else ():
        if kind not in known[rule.detector]:
            yield (*place, "kinds"), unknown(kind, rule.detector, known[rule.detector])
        elif rule.tier == "patterns" and kind in names_kinds.NAME_KINDS - pii_kinds.KINDS - own_kinds:
            yield (*place, "tier"), f"{kind} has no pattern, so with tier: patterns it is never found; leave the tier or the kind out"
    own = detectors.custom.get(rule.detector)
    asks = rule.action in ("mask", "pseudonymise") and not broken.touches(*place, "action") and not broken.touches("detectors", "custom", rule.detector)
    if own is not None and own.max_span is None and asks:
        yield (*place, "action"), f"{rule.detector} judges whole texts, so there is nothing to {rule.action}; give it max_span, or block or flag"
    if (rule.detector in judges.JUDGES or rule.detector in detectors.formats) and asks:
        yield (*place, "action"), f"{rule.detector} judges whole texts, so there is nothing to {rule.action}; block, retry or flag"
    if (rule.detector in judges.REPLY_JUDGES or rule.detector in detectors.formats) and set(rule.on) != {"reply"} and not broken.touches(*place, "on"):
        yield (*place, "on"), f"{rule.detector} judges replies; write on: reply"


def _pii(detectors: Detectors, broken: Broken) -> Iterator[Problem]:
    place: Place = ("detectors", "pii")
    settings = detectors.pii
    known = pii_kinds.KINDS | names_kinds.NAME_KINDS | {pattern.kind for pattern in settings.patterns}
    for language in settings.languages:
        if requirement := names_kinds.missing(language):
            bundle = "" if language == "en" else f"tidegate[{language}], which brings "  # that of English belongs to tidegate itself
            yield (*place, "languages"), f'the model of "{language}" is not installed; install {bundle}{requirement}, or leave the language out'
    if settings.patterns or settings.regions != PiiSettings().regions:
        from gateway import config_engines  # late: most files have neither, and need no recognisers

        for region in settings.regions:
            if (said := config_engines.region_refused(region)) is not None:
                yield (*place, "regions"), said
        for index, own in enumerate(settings.patterns):
            if (said := config_engines.pattern_refused(own)) is not None:
                yield (*place, "patterns", index, "pattern"), said
    yield from _allow((*place, "allow"), settings.allow)
    if not broken.touches(*place, "patterns"):
        for kind in settings.scores:
            if kind not in known:
                yield (*place, "scores", kind), unknown(kind, "pii", known)
        for index, allowed in enumerate(settings.allow):
            yield from (((*place, "allow", index, "kinds"), unknown(kind, "pii", known)) for kind in allowed.kinds if kind not in known)


def _secret_kinds() -> frozenset[str]:
    from gateway.config_engines import SECRET_KINDS  # late: some hundred and seventy, that few rules name

    return SECRET_KINDS


def _secrets(detectors: Detectors, broken: Broken) -> Iterator[Problem]:
    place: Place = ("detectors", "secrets", "allow")
    yield from _allow(place, detectors.secrets.allow)
    for index, allowed in enumerate(detectors.secrets.allow):
        if allowed.kinds:
            yield (*place, index, "kinds"), "kinds are not told apart here; leave kinds out"


def _allow(place: Place, allow: Sequence[Allowed]) -> Iterator[Problem]:
    if all(allowed.pattern is None for allowed in allow):
        return
    from gateway import config_engines  # late, as above

    for index, allowed in enumerate(allow):
        if (said := config_engines.allowed_refused(allowed)) is not None:
            yield (*place, index, "pattern"), said


def _formats(detectors: Detectors, broken: Broken) -> Iterator[Problem]:
    place: Place = ("detectors", "formats")
    for name in detectors.formats:
        if not re.fullmatch(_NAME, name):
            yield (*place, name), 'not a usable name; expected lower-case letters, digits, ".", "_", "-"'
        if name in OWN or name in detectors.custom:
            yield (*place, name), "the name of another detector; choose another"
    if not broken.touches(*place):
        yield from (((*place, *inner), words) for inner, words in judges.problems(detectors.formats))


def _custom(name: str, custom: CustomDetector, broken: Broken) -> Iterator[Problem]:
    place: Place = ("detectors", "custom", name)
    if not re.fullmatch(_NAME, name):
        yield place, 'not a usable name; expected lower-case letters, digits, ".", "_", "-"'
    if name in OWN:
        yield place, "the name of a built-in detector; choose another"
    if not broken.touches(*place):
        if custom.webhook is None:
            for field in ("token", "allow_private"):
                if field in custom.model_fields_set and getattr(custom, field):
                    yield (*place, field), "is for a webhook, and this is an entry; leave it out"
        if len(set(custom.kinds)) < len(custom.kinds):
            yield (*place, "kinds"), "the same kind twice; write it once"


def unknown(kind: str, detector: str, known: Collection[str]) -> str:
    """That a detector finds no such kind, and which it may have been."""
    near = difflib.get_close_matches(kind.upper(), known, n=1) or sorted(each for each in known if kind.upper() in each)
    if near:
        hint = f'did you mean "{near[0]}"?'
    else:
        hint = f"known: {', '.join(sorted(known))}" if len(known) <= _FEW else f'"tidegate guard kinds {detector}" lists them'
    return f'"{kind}" is nothing that {detector} finds; {hint}'
