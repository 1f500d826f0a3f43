"""Who is left alone for a while: breakers and cool-downs of one provider, by credential.

By credential, because what one caller's key runs into (its limits, its own private trouble) must not close the door for others (FAILURES U23). Only those in
trouble are remembered, so that a provider that is well costs a look at an empty dict. A breaker counts failures in a row; after enough of them the provider is not
asked (open), until one exchange may try (half-open): its failure opens the breaker again, for twice as long, and any answer closes it. Silence and breaks come
in one moment to all who were asked in one moment (a path that is cut, one app's fan-out to a model that hangs), so of them a row must have lasted. A cool-down is
what a 429 with Retry-After asks for; it only puts the provider behind others. Times are time.monotonic.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

MAX_TROUBLES = 4096  # credentials that are remembered: whoever invents some must not fill the memory
MAX_COOL_S = 3600.0  # a provider may well ask for a year
FORGET_S = 600.0  # after which what nobody has asked about any more is no trouble: while there is any, each exchange has to look
PROBE_S = 5.0  # after which a probe without news is no reason to wait any longer: a long answer says nothing for as long
ROW_S = 3.0  # that silence and breaks must have lasted, with no answer between: where there is other traffic, its answers end the row


@dataclass(frozen=True, slots=True)
class BreakerTerms:
    """failures: in a row; 0: never. See gateway.config_routes.Breaker."""

    failures: int = 10
    open_s: float = 5.0
    open_max_s: float = 60.0


class Trouble:
    """What is known of one credential at one provider. openings: in a row. since, last: the first and the last of the failures."""

    __slots__ = ("cool_until", "failures", "last", "open_until", "openings", "probe_until", "since")

    def __init__(self) -> None:
        self.failures = self.openings = 0
        self.open_until = self.cool_until = self.probe_until = self.since = self.last = 0.0


class Breakers:
    """Those of one provider."""

    __slots__ = ("_ill", "_note", "_tell", "_terms", "_told", "troubles")

    def __init__(self, terms: BreakerTerms, tell: Callable[[int], None], note: Callable[[bool], None] = lambda _: None) -> None:
        """tell: is called with the number of open breakers when that changes.  note: with True when the first one opens, with False when the last one that had has been
        closed by an answer, or is forgotten: not each time that one lets somebody try."""
        self._terms, self._tell, self._told, self._note, self._ill = terms, tell, 0, note, False
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
        opened = trouble.openings
        if trouble.cool_until > time.monotonic():
            trouble.failures = trouble.openings = 0
            trouble.open_until = trouble.probe_until = 0.0
        else:
            del self.troubles[credential]
        if opened:
            self.tell()

    def failed(self, credential: bytes, *, probe: bool, broke: bool = False) -> None:
        """It was not to be reached, or said that it is overloaded; broke: it took the request and was silent, or broke off. probe: this was asked while the breaker was half-open."""
        terms = self._terms
        if not terms.failures:
            return
        trouble, now = self._trouble(credential), time.monotonic()
        if not trouble.failures:
            trouble.since = now
        trouble.failures, trouble.last = trouble.failures + 1, now
        if probe or (not trouble.openings and trouble.failures >= terms.failures and (not broke or now - trouble.since >= ROW_S)):
            pause = min(terms.open_max_s, terms.open_s * 2 ** min(trouble.openings, 30))
            trouble.openings += 1
            trouble.open_until, trouble.probe_until = now + pause * random.uniform(0.9, 1.1), 0.0  # workers need not come back in step
            self.tell()

    def cool(self, credential: bytes, seconds: float) -> None:
        """It asked for a pause."""
        trouble = self._trouble(credential)
        trouble.cool_until = max(trouble.cool_until, time.monotonic() + min(seconds, MAX_COOL_S))

    def tell(self) -> None:
        """Say how many are open now; to be called now and then, for time alone closes them too."""
        now = time.monotonic()
        for credential in [credential for credential, each in self.troubles.items() if max(each.cool_until, each.last + FORGET_S, each.open_until + FORGET_S) < now]:
            del self.troubles[credential]
        ill = [trouble for trouble in self.troubles.values() if trouble.openings]
        if bool(ill) != self._ill:
            self._ill = not self._ill
            self._note(self._ill)
        opened = sum(trouble.open_until > now for trouble in ill)
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
