"""What runs for each detector's name, made from `detectors` and `guardrails`; and what the detectors refuse of what they are given.

This brings the recognisers, whose expressions take a tenth of a second to compile. So it is imported where one is needed (Settings.engines; a file that has patterns of its own), and
a process that only reads the configuration does without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from detectors import pii, secrets
from detectors.pii_kinds import KINDS, THRESHOLD
from detectors.recognisers.custom import Custom, CustomPattern, compile_linear
from detectors.recognisers.phones import Phones
from gateway import config_guard
from gateway.config_guard import SURE, Allowed, Detectors, Guardrail, OwnPattern, PiiSettings, SecretsSettings
from gateway.guard.engines import Engine, Engines

SECRET_KINDS = secrets.Secrets(secrets.Options()).kinds


def engines(detectors: Detectors, rules: Iterable[Guardrail] = ()) -> Engines:
    """rules: the file's. Raises ValueError."""
    local, hidden = _pii(detectors.pii, rules), _secrets(detectors.secrets)
    found = config_guard.pooled(detectors)
    found["pii"] = (Engine("pii", "pii", local.kinds, local, local.open_from), *found["pii"])
    found["secrets"] = (Engine("secrets", "secrets", hidden.kinds, hidden, hidden.open_from),)
    return Engines(found)


def _least(settings: PiiSettings, rules: Iterable[Guardrail]) -> dict[str, float]:
    """The least score by kind of the team's own: what the humblest rule asks for. No less, or a match that no rule wants would cover another kind's that one does."""
    kinds = {each.kind for each in settings.patterns} - KINDS
    asking = [rule for rule in rules if rule.detector == "pii"]
    return {kind: min([THRESHOLD, *(rule.min_score for rule in asking if kind in rule.kinds or not rule.kinds)]) for kind in kinds}


def _pii(settings: PiiSettings, rules: Iterable[Guardrail]) -> pii.Pii:
    """rules: those that ask it. Raises ValueError."""
    return pii.Pii(
        pii.Options(
            kinds=KINDS,
            thresholds={**_least(settings, rules), **settings.scores},
            **config_guard.allowed(settings),
            custom=[CustomPattern(each.kind, each.pattern, each.score, each.context, max(SURE, each.score)) for each in settings.patterns],
            regions=settings.regions,
        )
    )


def _secrets(settings: SecretsSettings) -> secrets.Secrets:
    """Raises ValueError."""
    texts, patterns = (tuple(v for v in values if v is not None) for values in ([a.text for a in settings.allow], [a.pattern for a in settings.allow]))
    return secrets.Secrets(secrets.Options(allow=frozenset(texts), allow_patterns=patterns))


# ---------------------------------------------------------------------- why something cannot be made; None: it can


def region_refused(region: str) -> str | None:
    return _refused(lambda: Phones((region,)))


def pattern_refused(own: OwnPattern) -> str | None:
    return _refused(lambda: Custom(CustomPattern(own.kind, own.pattern, own.score, own.context)))


def allowed_refused(allowed: Allowed) -> str | None:
    pattern = allowed.pattern
    return None if pattern is None else _refused(lambda: compile_linear(pattern))


def _refused(make: Callable[[], object]) -> str | None:
    try:
        make()
    except ValueError as e:
        return str(e)
    return None
