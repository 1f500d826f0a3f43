"""What may be asked twice: a share of the traffic, so that a provider in trouble never gets much more of it than it had before (FAILURES U5)."""

from __future__ import annotations

START = 10.0  # what a worker may spend before it has earned anything
MOST = 100.0  # what may be saved up: a quiet night is no leave for a storm


class Budget:
    """Each request earns `of_traffic`, asking once more costs 1. One for all who share the terms, in each worker."""

    __slots__ = ("balance", "of_traffic")

    def __init__(self, of_traffic: float) -> None:
        self.of_traffic = of_traffic
        self.balance = START if of_traffic else 0.0

    def earn(self) -> None:
        """A request has come."""
        if self.balance < MOST:
            self.balance += self.of_traffic

    def spend(self) -> bool:
        """Ask once more, if there is enough for it."""
        if self.balance < 1.0:
            return False
        self.balance -= 1.0
        return True
