"""Model watch, measured: false alarms while users drift, and power when the provider does. Synthetic replies to real questions (CLINC150), so that the truth is known.

    python evaluation/drift/provider.py --data DIRECTORY [--runs 200] [--only CASE] [--json]

The directory is that of `make eval-drift` (corpus.py). A reply's length, refusals and end depend on the intent: intents differ far more from one another
than the provider's change does, and what users ask is not the same before and now, so whoever compares the two periods as they are finds a change every time (`naive`,
Mann-Whitney). Times per token: load with a daily course, an AR(1) process of hours and noise.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import mannwhitneyu

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from detectors.drift.provider import FINISH, LENGTH, PACE, REFUSALS, Call, ProviderReport, compare
from evaluation.drift.corpus import CACHE, OUTSIDE, VARIABLE, Corpus

HOUR, DAY = 3600.0, 86_400.0
ALPHA = 0.05


class World:
    """Intents, and what a model does with each."""

    def __init__(self, corpus: Corpus, rng: np.random.Generator) -> None:
        self.rng, intents = rng, corpus.intents
        names = rng.permutation(np.unique(intents[intents != OUTSIDE]))
        self.base, self.news = names[:100], names[100:]
        self.length = {name: rng.normal(5.0, 0.7) for name in names}  # of log tokens
        self.refusal = {name: rng.beta(0.3, 15) for name in names}
        self._pool = {name: list(rng.permutation(np.flatnonzero(intents == name))) for name in names}

    def asked(self, count: int, shares: Any, news: float) -> list[tuple[str, int]]:
        """Intents and sentences; each sentence once. news: share of three intents nobody asked before."""
        found = []
        while len(found) < count:
            name = str(self.rng.choice(self.base, p=shares) if self.rng.random() >= news else self.news[self.rng.integers(3)])
            if self._pool[name]:
                found.append((name, int(self._pool[name].pop())))
        return found

    def calls(self, asked: list[tuple[str, int]], *, longer: float = 1.0, refuses: float = 0.0, cut: float = 0.0, sessions: bool = False, offset: int = 0) -> list[Call]:
        """longer: times the tokens.  refuses, cut: probability of a refusal, of an end by length, beyond the intent's own."""
        made = []
        for number, (name, sentence) in enumerate(asked):
            refused = self.rng.random() < max(refuses, self.refusal[name])
            tokens = int(np.exp(self.length[name] + self.rng.normal(0, 0.5)) * longer) if not refused else int(self.rng.integers(15, 40))
            ended = "length" if self.rng.random() < cut or tokens > 1200 else "stop"
            session = f"s{offset + number // 4}" if sessions else ""
            made.append(Call("openai", "gpt", 0.0, input=sentence, size=40, session=session, output_tokens=tokens, refused=refused, finish_reason=ended))
        return made


@dataclass(frozen=True)
class Case:
    """What users do and what the provider does. wanted: the feature that must be found; "": none may."""

    name: str
    users: str
    wanted: str = ""
    before: int = 2000
    now: int = 1000
    provider: tuple[tuple[str, float], ...] = ()
    flat: float | None = None  # refusals in every intent alike, so that 1 % is 1 %
    sessions: bool = False


CASES = (
    Case("null, users as ever", "same"),
    Case("null, ten topics threefold", "triple"),
    Case("null, ten topics threefold, 20 % new ones", "triple and new"),
    Case("null, another mix altogether, 20 % new ones", "mix"),
    Case("null, sessions of four, ten topics threefold", "triple", sessions=True),
    Case("replies 20 % longer, ten topics threefold", "triple", LENGTH, now=500, provider=(("longer", 1.2),)),
    Case("replies 20 % longer, another mix, 20 % new", "mix", LENGTH, provider=(("longer", 1.2),)),
    Case("refusals 1 % -> 6 %, ten topics threefold", "triple", REFUSALS, provider=(("refuses", 0.06),), flat=0.01),
    Case("refusals 1 % -> 6 %, window 500", "triple", REFUSALS, now=500, provider=(("refuses", 0.06),), flat=0.01),
    Case("5 % cut off, ten topics threefold", "triple", FINISH, now=500, provider=(("cut", 0.05),)),
)
PACES = tuple(
    Case(f"{name}, time: {course}", users, wanted, provider=provider)
    for name, users, wanted, provider in (("null", "", "", ()), ("30 % slower", "", PACE, (("slower", 1.3),)))
    for course in ("independent hours", "AR .5", "AR .8", "AR .95", "slow days")
)


def outputs(case: Case, corpus: Corpus, seed: int) -> tuple[ProviderReport, float]:
    """One run: the report, and the p-value of who compares lengths as they are."""
    rng = np.random.default_rng(seed)
    world = World(corpus, rng)
    if case.flat is not None:
        world.refusal = dict.fromkeys(world.refusal, case.flat)
    shares = rng.dirichlet(np.ones(100))
    later = shares.copy()
    if case.users == "mix":
        later = rng.dirichlet(np.ones(100))
    elif case.users.startswith("triple"):
        later[rng.choice(100, 10, replace=False)] *= 3
        later /= later.sum()
    news = 0.2 if case.users in ("mix", "triple and new") else 0.0
    asked = world.asked(case.before, shares, 0.0), world.asked(case.now, later, news)
    before, now = world.calls(asked[0], sessions=case.sessions), world.calls(asked[1], sessions=case.sessions, offset=10**6, **dict(case.provider))
    inputs = corpus.vectors([corpus.texts[sentence] for part in asked for _, sentence in part])
    naive = mannwhitneyu([c.output_tokens for c in before], [c.output_tokens for c in now]).pvalue
    return compare(before, now, inputs, alpha=ALPHA, seed=seed), float(naive)


def pace(case: Case, seed: int, *, per_hour: int = 12) -> tuple[ProviderReport, float]:
    """Seven days against one, time alone."""
    rng = np.random.default_rng(seed)
    hours = 8 * 24
    course = case.name.rpartition(": ")[2]
    rho = float(course.removeprefix("AR ")) if course.startswith("AR") else 0.0
    load = np.zeros(hours)
    for hour in range(hours):
        load[hour] = rho * load[hour - 1] + rng.normal(0, np.sqrt(1 - rho**2)) if hour else rng.normal()
    if course == "slow days":
        load = rng.normal(size=8).repeat(24) + 0.5 * rng.normal(size=hours)
    daily = 0.3 * np.sin(np.arange(hours) % 24 / 24 * 2 * np.pi)
    slower = dict(case.provider).get("slower", 1.0)
    calls: tuple[list[Call], list[Call]] = [], []
    start = 20_000 * DAY + int(rng.integers(7)) * DAY
    for hour in range(hours):
        late = hour >= 7 * 24
        for _ in range(rng.poisson(per_hour)):
            tokens = int(np.exp(rng.normal(5 + 0.5 * late, 0.8))) + 1  # users drift here too
            streamed = bool(rng.random() < 0.5)
            seconds = 0.02 * np.exp(0.1 * load[hour] + daily[hour] + rng.normal(0, 0.3)) * (slower if late else 1.0) + (0 if streamed else 0.8 / tokens)
            call = Call("openai", "gpt", start + hour * HOUR + rng.random() * HOUR, output_tokens=tokens, seconds_per_token=float(seconds), streamed=streamed)
            calls[late].append(call)
    naive = mannwhitneyu([c.seconds_per_token for c in calls[0]], [c.seconds_per_token for c in calls[1]]).pvalue
    return compare(*calls, alpha=ALPHA, seed=seed), float(naive)


def measured(case: Case, run: Callable[[int], tuple[ProviderReport, float]], runs: int) -> dict[str, Any]:
    """The shares over runs."""
    began = time.process_time()
    found = [run(seed) for seed in range(runs)]
    seconds = time.process_time() - began
    reports = [report for report, _ in found]
    named = [case.wanted in {f.feature for f in report.features if f.significant} for report in reports] if case.wanted else []
    return {
        "case": case.name,
        "runs": runs,
        "tested": _mean([report.tested for report in reports]),
        "alarms at 5 %": _mean([report.pvalue <= ALPHA for report in reports]),
        "at 1 %": _mean([report.pvalue <= 0.01 for report in reports]),
        "of it named right": _mean(named) if named else None,
        "naive at 5 %": _mean([pvalue <= ALPHA for _, pvalue in found]),
        "seconds a run": round(seconds / runs, 2),
        "bound": None if case.wanted else round(ALPHA + 2 * float(np.sqrt(ALPHA * (1 - ALPHA) / runs)), 3),
    }


def _mean(values: list[bool]) -> float:
    return round(float(np.mean(values)), 3)


def results(corpus: Corpus, runs: int, only: str = "", seed: int = 0) -> Iterator[dict[str, Any]]:
    """Each case, nulls with `runs` runs and the others with a fourth of them."""
    for case in CASES + PACES:
        if only not in case.name:
            continue

        def run(number: int, case: Case = case) -> tuple[ProviderReport, float]:
            return pace(case, seed + number) if case in PACES else outputs(case, corpus, seed + number)

        yield measured(case, run, max(1, runs // 4) if case.wanted else runs)
    corpus.save()


def measure(corpus: Corpus, seed: int = 0, runs: int = 200) -> dict[str, Any]:
    """All cases, for the report."""
    return {"cases": list(results(corpus, runs, seed=seed))}


def main() -> int:
    parser = argparse.ArgumentParser(description="False alarms and power of the model watch.")
    parser.add_argument("--data", type=Path, default=os.environ.get(VARIABLE, ""), help=f"the directory of the set (default: ${VARIABLE})")
    parser.add_argument("--cache", type=Path, default=CACHE, help="a file for the vectors of its sentences")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--only", default="", help="cases whose name has this in it")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    for row in results(Corpus(Path(given.data), given.cache), given.runs, given.only):
        sys.stdout.write((json.dumps(row) if given.json else "  ".join(f"{key}: {value}" for key, value in row.items() if value is not None)) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
