"""Rules: which findings, in which direction, of whom, do what; and what happens if a detector fails (law 5).

Rules of this file: values and look-ups only. A Policy is built once from the configuration (`config.Settings.policy`) and never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache

from detectors.base import Finding

_NOBODY = "\0"  # is called so by nobody


class Direction(StrEnum):
    """Where a rule looks. LOG shapes what is stored and touches nothing that is relayed."""

    REQUEST = "request"
    REPLY = "reply"
    LOG = "log"


class Action(StrEnum):
    """What a rule does with a finding, from the mildest to the strictest."""

    FLAG = "flag"
    MASK = "mask"
    PSEUDONYMISE = "pseudonymise"  # reversible: the provider sees <PERSON_1>, the app gets the name back
    RETRY = "retry"  # ask the provider again, then block
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. kinds, apps, envs, models, prompts empty: all; models are shell patterns (`gpt-4*`), in any case.

    enforce False: findings are counted and nothing else happens.  fail_closed: what a failing detector means: True blocks.
    local_only: what the detector pool could find is not asked for.
    reply: what a blocked caller is told in the dialect's normal shape; "": the dialect's error with code policy_blocked.
    """

    name: str
    detector: str
    on: frozenset[Direction]
    action: Action
    kinds: frozenset[str] = frozenset()
    min_score: float = 0.5
    apps: frozenset[str] = frozenset()
    envs: frozenset[str] = frozenset()
    models: tuple[str, ...] = ()
    prompts: frozenset[str] = frozenset()
    enforce: bool = True
    fail_closed: bool = True
    local_only: bool = False
    reply: str = ""
    retries: int = 1

    def covers(self, on: Direction, app: str, env: str, model: str | None, prompt: str = "") -> bool:
        """Whether the rule looks at this exchange in this direction. model None: not known for certain, so it may be any that a rule names."""
        return on in self.on and not self.limits(app, env, model, prompt)

    def limits(self, app: str, env: str, model: str | None, prompt: str = "") -> tuple[str, ...]:
        """Which of apps, envs, models, prompts keep the rule from this exchange."""
        fits = {
            "apps": not self.apps or app in self.apps,
            "envs": not self.envs or env in self.envs,
            "models": not self.models or model is None or any(fnmatchcase(model.strip().lower(), pattern.lower()) for pattern in self.models),
            "prompts": not self.prompts or prompt in self.prompts,
        }
        return tuple(name for name, fit in fits.items() if not fit)

    def wants(self, finding: Finding) -> bool:
        """Whether the rule acts on this finding."""
        return finding.detector == self.detector and finding.score >= self.min_score and (not self.kinds or finding.kind in self.kinds)


class Policy:
    """The ordered rules. version: changes with any rule; part of every cache key."""

    def __init__(self, rules: Sequence[Rule], *, unscannable_blocks: bool = False) -> None:
        """unscannable_blocks: what no detector can read (images, audio, binary) is refused instead of flagged."""
        self.rules, self.unscannable_blocks = tuple(rules), unscannable_blocks
        spelled = [[sorted(value) if isinstance(value, frozenset) else value for value in astuple(rule)] for rule in self.rules]
        self.version = hashlib.sha256(repr((spelled, unscannable_blocks)).encode()).hexdigest()[:16]
        self._apps, self._envs, self._prompts = (frozenset(name for rule in self.rules for name in getattr(rule, of)) for of in ("apps", "envs", "prompts"))
        self._by_model = any(rule.models for rule in self.rules)
        self._for = lru_cache(maxsize=512)(self._find)

    def rules_for(self, on: Direction, *, app: str, env: str, model: str | None, prompt: str = "") -> tuple[Rule, ...]:
        """The rules that look at this exchange in this direction, in order. model: see `Rule.covers`.  prompt: its name."""
        return self._for(  # names that no rule has are one, or those that apps make up would fill the cache
            on, app if app in self._apps else _NOBODY, env if env in self._envs else _NOBODY, model if self._by_model else None, prompt if prompt in self._prompts else _NOBODY
        )

    def _find(self, on: Direction, app: str, env: str, model: str | None, prompt: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.covers(on, app, env, model, prompt))


def detectors_of(rules: Iterable[Rule]) -> tuple[str, ...]:
    """The detectors that these rules need, each once, in order."""
    return tuple(dict.fromkeys(rule.detector for rule in rules))
