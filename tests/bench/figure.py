"""A figure beside its bar."""

from __future__ import annotations

from dataclasses import dataclass

import table


@dataclass(frozen=True)
class Figure:
    """values: one a round.  bar: None: told, not judged.  least: the bar is what there must be at least."""

    name: str
    values: list[float]
    bar: float | None = None
    least: bool = False
    digits: int = 2

    @property
    def met(self) -> bool | None:
        if self.bar is None:
            return None
        found = table.spread(self.values)["median"]
        return found >= self.bar if self.least else found <= self.bar

    def line(self) -> str:
        found = table.spread(self.values)
        said = f"{found['median']:,.{self.digits}f}" + (f" ({found['min']:,.{self.digits}f}-{found['max']:,.{self.digits}f})" if len(self.values) > 1 else "")
        bar = "" if self.bar is None else f"bar {'>=' if self.least else '<='} {self.bar:g}: {'met' if self.met else 'MISSED'}"
        return f"  {self.name:<78}{said:>26}   {bar}".rstrip()
