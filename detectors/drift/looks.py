"""Alarms over time: how sure a look must be, when there are many.

A check every day at 1 % would cry wolf more than three times a year. So what is stated is the rate of a year, and each look spends of it what has been saved since the one before:
`yearly` times the elapsed time by a year. All levels of a year add up to `yearly` at most, and by the union bound so does the probability of any false alarm, however the looks
depend on one another: they share a baseline, and windows may overlap. It also does not matter how often is asked: who looks every hour saves an hour's worth.

A look whose level no number of permutations could reach would be for nothing, so none is due before LEAST is saved; and none may spend more than `most`, so that a gap of
months does not make the next look careless. Pure: the caller knows the time.
"""

from __future__ import annotations

from dataclasses import dataclass

YEAR = 365.25 * 86_400.0  # seconds
YEARLY = 0.1  # one false alarm in ten years, for each thing that is watched
LEAST = 1 / 5_000  # of 4,999 permutations, all are less surprising


@dataclass(frozen=True, slots=True)
class Budget:
    """yearly: the probability of any false alarm within a year, 0 < yearly <= 1.  most: what one look may spend.  ValueError out of range."""

    yearly: float = YEARLY
    most: float = 0.01

    def __post_init__(self) -> None:
        if not 0 < self.yearly <= 1 or not LEAST <= self.most < 1:
            raise ValueError(f"yearly {self.yearly} must be above 0 and at most 1, most {self.most} at least {LEAST} and below 1")

    @property
    def wait(self) -> float:
        """Seconds from one look to the next that is worth taking."""
        return LEAST * YEAR / self.yearly

    def level(self, elapsed: float | None) -> float | None:
        """The alpha of a look now, or None: not yet. elapsed: seconds since the last look that was taken; None: there was none yet on this baseline.

        A first look need not wait: it spends LEAST (once for each baseline, beyond the year's rate).
        """
        if elapsed is None:
            return LEAST
        saved = min(self.yearly * elapsed / YEAR, self.most)
        return saved if saved >= LEAST * (1 - 1e-9) else None
