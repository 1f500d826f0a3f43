"""Who is left alone for a while: breakers and cool-downs of one provider, by credential.

By credential, because what one caller's key runs into (its limits, its own private trouble) must not close the door for others (FAILURES U23). Only those in
trouble are remembered, so that a provider that is well costs a look at an empty dict. A breaker counts failures in a row; after enough of them the provider is not
asked (open), until one exchange may try (half-open): its failure opens the breaker again, for twice as long, and any answer closes it. A cool-down is
what a 429 with Retry-After asks for; it only puts the provider behind others. Times are time.monotonic.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

MAX_TROUBLES = 4096  # credentials that are remembered: whoever invents some must not fill the memory
MAX_COOL_S = 3600.0  # a provider may well ask for a year
PROBE_S = 30.0  # after which a probe without news is no reason to wait any longer


@dataclass(frozen=True, slots=True)
class BreakerTerms:
    """failures: in a row; 0: never. See gateway.config_routes.Breaker."""

    failures: int = 10
    open_s: float = 5.0
    open_max_s: float = 60.0


class Trouble:
    """What is known of one credential at one provider. openings: in a row."""

    __slots__ = ("cool_until", "failures", "open_until", "openings", "probe_until")

    def __init__(self) -> None:
        self.failures = self.openings = 0
        self.open_until = self.cool_until = self.probe_until = 0.0


class Breakers:
    """Those of one provider."""

    __slots__ = ("_tell", "_terms", "_told", "troubles")

    def __init__(self, terms: BreakerTerms, tell: Callable[[int], None]) -> None:
        """tell: is called with the number of open breakers when that changes."""
        self._terms, self._tell, self._told = terms, tell, 0
        self.troubles: dict[bytes, Trouble] = {}

    def closed_for(self, credential: bytes) -> float:
        """Seconds until the provider may be asked; 0.0: now. Asks for nothing: see `enter`."""
        trouble = self.troubles.get(credential)
        if trouble is None or not trouble.openings:
            return 0.0
        now = time.monotonic()
        return trouble.open_until - now if trouble.open_until > now else 1.0 if trouble.probe_until > now else 0.0

    def cools_for(self, credential: bytes) -> float:
        """Seconds until the provider wants to be asked again; 0.0: now."""
        trouble = self.troubles.get(credential)
        return max(0.0, trouble.cool_until - time.monotonic()) if trouble is not None else 0.0

    def enter(self, credential: bytes) -> bool:
        """The provider is about to be asked; whether this is the probe, which then is owed `succeeded`, `failed` or `left`."""
        trouble = self.troubles.get(credential)
        if trouble is None or not trouble.openings:
            return False
        trouble.probe_until = time.monotonic() + PROBE_S
        return True

    def left(self, credential: bytes) -> None:
        """The probe has ended and proved nothing: another may try."""
        trouble = self.troubles.get(credential)
        if trouble is not None:
            trouble.probe_until = 0.0

    def succeeded(self, credential: bytes) -> None:
        """It answered, with whatever is no failure."""
        trouble = self.troubles.get(credential)
        if trouble is None:
            return
        if trouble.cool_until > time.monotonic():
            trouble.failures = trouble.openings = 0
            trouble.open_until = trouble.probe_until = 0.0
        else:
            del self.troubles[credential]
        self.tell()

    def failed(self, credential: bytes, *, probe: bool) -> None:
        """It was not to be reached, was silent, broke off, or said that it is overloaded. probe: this was asked while the breaker was half-open."""
        terms = self._terms
        if not terms.failures:
            return
        trouble = self._trouble(credential)
        trouble.failures += 1
        if probe or (not trouble.openings and trouble.failures >= terms.failures):
            pause = min(terms.open_max_s, terms.open_s * 2 ** min(trouble.openings, 30))
            trouble.openings += 1
            trouble.open_until, trouble.probe_until = time.monotonic() + pause * random.uniform(0.9, 1.1), 0.0  # workers need not come back in step
            self.tell()

    def cool(self, credential: bytes, seconds: float) -> None:
        """It asked for a pause."""
        trouble = self._trouble(credential)
        trouble.cool_until = max(trouble.cool_until, time.monotonic() + min(seconds, MAX_COOL_S))

    def tell(self) -> None:
        """Say how many are open now; to be called now and then, for time alone closes them too."""
        now = time.monotonic()
        opened = sum(1 for trouble in self.troubles.values() if trouble.openings and trouble.open_until > now) if self.troubles else 0
        if opened != self._told:
            self._told = opened
            self._tell(opened)

    def _trouble(self, credential: bytes) -> Trouble:
        trouble = self.troubles.get(credential)
        if trouble is None:
            if len(self.troubles) >= MAX_TROUBLES:
                del self.troubles[next(iter(self.troubles))]
            trouble = self.troubles[credential] = Trouble()
        return trouble
