"""The grounding detector on pairs of context and reply: faithful ones, and the same with one thing planted that the context does not have.

    python evaluation/guards/grounding.py                      # the topics it was worked on
    python evaluation/guards/grounding.py --set held           # those that were held back; `fresh`, `last`: written after the look at the one before
    python evaluation/guards/grounding.py --show 20            # and what was missed or raised for nothing

What is printed of the sets named above is after the detector was worked on with them, so it says less about other texts than their first looks did: held .945 found and .25 false
alarms, fresh .964 and .25, last .981 and .15, wide .95 and .82.

`wide`, `worlds` and `daily` are in the styles of real assistants. All of `wide` and `worlds` was looked at in the end, `daily-unseen` was scored once before it was: the first contact that its head (grounding_daily) tells
is what to expect, and `styles` and `outside-unseen`, which were not worked on. `found_rate_of_numbers_drawn_by_chance`: in place of the wrong numbers that are marked, which mostly are right ones with a digit changed or two swapped, numbers of as many digits are
drawn; fewer of those are found, for they look like nothing in the context. `alarm_rate and found_rate by min_score`: for rules that look at doubtful findings, too, or at sure ones only.

Found is a planted thing with a finding of its kind that overlaps it. A false alarm is a faithful reply with any finding. Findings below MIN_SCORE do not count. All is drawn from a seed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

import grounding_daily  # noqa: E402
import grounding_fresh  # noqa: E402
import grounding_held  # noqa: E402
import grounding_last  # noqa: E402
import grounding_outside  # noqa: E402
import grounding_papers  # noqa: E402
import grounding_styles  # noqa: E402
import grounding_topics  # noqa: E402
import grounding_wide  # noqa: E402
import grounding_worlds  # noqa: E402

from detectors.grounding import Grounding, Source  # noqa: E402

DRAWS, SEED = 4, 20241
MIN_SCORE = 0.5  # as a rule has it by default
THRESHOLDS = (0.1, 0.2, 0.3, 0.36, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8)
SETS: dict[str, Sequence[Any]] = {"worked": grounding_topics.WORKED, "held": grounding_held.HELD, "fresh": grounding_fresh.FRESH, "last": grounding_last.LAST}
WIDE: dict[str, Callable[[], Iterator[grounding_wide.Context]]] = {
    "wide": partial(grounding_wide.contexts, aside=False), "wide-unseen": partial(grounding_wide.contexts, aside=True),
    "worlds": partial(grounding_wide.read, grounding_worlds.WORKED), "worlds-more": partial(grounding_wide.read, grounding_worlds.MORE), "worlds-unseen": partial(grounding_wide.read, grounding_worlds.UNSEEN),
    "daily": partial(grounding_wide.read, grounding_daily.WORKED), "daily-unseen": partial(grounding_wide.read, grounding_daily.UNSEEN),
    "styles": partial(grounding_wide.read, grounding_styles.TEXT),
    "papers": partial(grounding_wide.read, grounding_papers.WORKED), "papers-unseen": partial(grounding_wide.read, grounding_papers.UNSEEN),
    "outside": partial(grounding_outside.contexts, aside=False), "outside-unseen": partial(grounding_outside.contexts, aside=True),
}  # fmt: skip
KINDS = {"n": "UNSUPPORTED_NUMBER", "p": "UNSUPPORTED_NAME", "q": "UNSUPPORTED_QUOTE", "s": "UNKNOWN_SOURCE"}
_MARK = re.compile(r"\{([npqs]):([^{}]*)\}")
_OTHERS = "Ottoline Farquhar|Delmont|Kestrelby|Zoltan Ferrante|Marburg|Hesperia Holdings|Wrexton|Anselm Quiroga|Castlemere|Tadeusz Wolff|Novagen|Radoslav"
_SWAPS = "never always often gladly seldom barely rarely proudly"


@dataclass(frozen=True)
class Pair:
    """planted: the kind, "" for a faithful one, and its span in the reply."""

    topic: str
    context: tuple[Source, ...]
    reply: str
    planted: str = ""
    start: int = 0
    end: int = 0


def pairs(topics: Sequence[Any], seed: int = SEED, draws: int = DRAWS) -> Iterator[Pair]:
    """Every reply of every topic, drawn some times: faithful, and once for each kind that can be planted in it."""
    for draw in range(draws):
        for number, topic in enumerate(topics):
            r = Random(seed + 1000 * draw + number)
            drawn = topic(r)
            context = tuple(Source(name, text) for name, text in drawn.sources)
            for marked in drawn.replies:
                marks = list(_MARK.finditer(marked))
                yield Pair(topic.__name__, context, _MARK.sub(r"\2", marked))
                for mark, kind in KINDS.items():
                    of_kind = [match for match in marks if match[1] == mark]
                    if of_kind:
                        chosen = r.choice(of_kind)
                        wrong = _WRONG[mark](chosen[2], " ".join(source.id + " " + source.text for source in context) + _MARK.sub(r"\2", marked), r)
                        before = _MARK.sub(r"\2", marked[: chosen.start()])
                        if wrong == chosen[2]:
                            continue
                        yield Pair(topic.__name__, context, before + wrong + _MARK.sub(r"\2", marked[chosen.end() :]), kind, len(before), len(before) + len(wrong))


def _marked(contexts: Iterator[grounding_wide.Context]) -> Iterator[Pair]:
    """Each reply: faithful, and once with each thing planted that is marked in it."""
    for key, sources, replies in contexts:
        context = tuple(Source(name, text) for name, text in sources)
        for marked in replies:
            yield Pair(key, context, grounding_wide.MARK.sub(r"\2", marked))
            for mark in grounding_wide.MARK.finditer(marked):
                before = grounding_wide.MARK.sub(r"\2", marked[: mark.start()])
                yield Pair(key, context, before + mark[3] + grounding_wide.MARK.sub(r"\2", marked[mark.end() :]), KINDS[mark[1]], len(before), len(before) + len(mark[3]))


def _drawn(contexts: Iterator[grounding_wide.Context], seed: int) -> Iterator[Pair]:
    """Each marked number with another one of as many digits in the place of one of its numbers, whatever it looks like."""
    r = Random(seed)
    for key, sources, replies in contexts:
        context = tuple(Source(name, text) for name, text in sources)
        said = set(re.findall(r"\d+", " ".join(source.text for source in context)))
        for marked in replies:
            for mark in grounding_wide.MARK.finditer(marked):
                runs = list(re.finditer(r"\d+", mark[2])) if mark[1] == "n" else []
                if runs:
                    run = r.choice(runs)
                    others = [number for _ in range(50) if (number := str(r.randint(10 ** (len(run[0]) - 1), 10 ** len(run[0]) - 1))) not in said]
                    wrong = mark[2][: run.start()] + (others or [run[0]])[0] + mark[2][run.end() :]
                    before = grounding_wide.MARK.sub(r"\2", marked[: mark.start()])
                    if others:
                        yield Pair(key, context, before + wrong + grounding_wide.MARK.sub(r"\2", marked[mark.end() :]), KINDS["n"], len(before), len(before) + len(wrong))


def _number(right: str, context: str, r: Random) -> str:
    """Another digit in the place of one, so that no number of the context comes out."""
    said = set(re.findall(r"\d+", re.sub(r"(?<=\d)[,.'](?=\d)", "", context))) | set(re.findall(r"\d+(?:\.\d+)?", context.replace(",", "")))
    places = [match.start() for match in re.finditer(r"\d", right)]
    if not places:
        return " ".join(["nineteen", *right.split()[1:]])
    for attempt in range(400):
        at = places[0] if len(places) < 3 and attempt < 100 else r.choice(places[: max(2, len(places) - 1)])
        digit = str((int(right[at]) + r.randint(1, 8)) % 10)
        wrong = right[:at] + digit + right[at + 1 :]
        runs = re.findall(r"\d+(?:\.\d+)?", wrong.replace(",", ""))
        was = re.findall(r"\d+(?:\.\d+)?", right.replace(",", ""))
        changed = [run for run, old in zip(runs, was, strict=False) if run != old]
        if len(runs) == len(was) and changed and not any(run in said or run.lstrip("0") in said or run.startswith("0") for run in changed) and not _beyond(wrong, right):
            return wrong
    return right  # nothing near it is wrong


def _beyond(wrong: str, right: str) -> bool:
    """Whether it is no day, month or hour any more."""
    if ":" in right or "-" in right or re.search(r"[A-Z][a-z]{2}|\d\.\d\d\.", right):
        numbers = [int(each) for each in re.findall(r"\d+", wrong)]
        return any((number > 12 and old <= 12) or number > max(28, old) or number == 0 for number, old in zip(numbers, map(int, re.findall(r"\d+", right)), strict=False))
    return False


def _name(right: str, context: str, r: Random) -> str:
    said = context.lower()
    return r.choice([each for each in _OTHERS.split("|") if not any(word.lower() in said for word in each.split())])


def _quote(right: str, context: str, r: Random) -> str:
    words = right.split()
    at = r.randrange(1, len(words) - 1)
    words[at] = r.choice([each for each in _SWAPS.split() if each not in context])
    return " ".join(words)


def _source(right: str, context: str, r: Random) -> str:
    digits = re.search(r"\d+", right)
    if digits:
        return right[: digits.start()] + str(int(digits[0]) + r.choice((13, 27, 41))) + right[digits.end() :]
    return f"doc-{r.randint(20, 90)}"


_WRONG = {"n": _number, "p": _name, "q": _quote, "s": _source}


def measure(topics: str = "worked", seed: int = SEED) -> dict[str, Any]:
    """topics: one of SETS or WIDE. How many planted things are found, by kind, and how many faithful replies raise an alarm. missed, raised: which."""
    detector = Grounding()
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    faithful = alarms = 0
    missed, raised = [], []
    right, wrong = [], []  # scores of the surest finding in faithful replies, and of what is planted
    by_kind: Counter[str] = Counter()
    for pair in _marked(WIDE[topics]()) if topics in WIDE else pairs(SETS[topics], seed):
        if not pair.planted:
            told = detector.check(pair.reply, pair.context)
            right.append(max((finding.score for finding in told), default=0.0))
            findings = [finding for finding in told if finding.score >= MIN_SCORE]
            faithful += 1
            alarms += bool(findings)
            by_kind.update({finding.kind for finding in findings})
            raised += [f"{pair.topic}: {finding.kind} {pair.reply[finding.start : finding.end]!r} in {pair.reply!r}" for finding in findings]
            continue
        planted[pair.planted] += 1
        wrong.append(_sure(detector, pair))
        if wrong[-1] >= MIN_SCORE:
            found[pair.planted] += 1
        else:
            missed.append(f"{pair.topic}: {pair.planted} {pair.reply[pair.start : pair.end]!r} in {pair.reply!r}")
    drawn = [_sure(detector, pair) >= MIN_SCORE for pair in _drawn(WIDE[topics](), seed)] if topics in WIDE else []
    curve = {str(least): [round(sum(score >= least for score in scores) / max(1, len(scores)), 3) for scores in (right, wrong)] for least in THRESHOLDS}
    by_chance = {"found_rate_of_numbers_drawn_by_chance": round(sum(drawn) / len(drawn), 4)} if drawn else {}
    return {
        "faithful": faithful, "alarms": alarms, "alarm_rate": round(alarms / faithful, 4), "alarms_by_kind": dict(by_kind),
        "planted": planted.total(), "found": found.total(), "found_rate": round(found.total() / planted.total(), 4), "by_kind": {kind: [found[kind], planted[kind]] for kind in KINDS.values()}, **by_chance,
        "alarm_rate and found_rate by min_score": curve, "missed": missed, "raised": raised,
    }  # fmt: skip


def _sure(detector: Grounding, pair: Pair) -> float:
    """The score of the surest finding of the planted kind that overlaps what is planted; 0 without one."""
    return max((finding.score for finding in detector.check(pair.reply, pair.context) if finding.kind == pair.planted and finding.start < pair.end and finding.end > pair.start), default=0.0)


def speed() -> dict[str, float]:
    """CPU milliseconds: a reply of 1 KB against 8 KB of context, least of five."""
    topics = list(pairs(grounding_topics.WORKED, draws=1))
    faithful = [pair for pair in topics if not pair.planted]
    context = [source for pair in faithful for source in pair.context]
    texts: list[Source] = []
    for source in context:
        if sum(len(each.text) for each in texts) < 8192:
            texts.append(source)
    reply = " ".join(pair.reply for pair in faithful[:8])[:1024]
    detector = Grounding()
    detector.check(reply, texts)
    least = 1e9
    for _ in range(5):
        start = time.process_time()
        for _ in range(10):
            detector.check(reply, texts)
        least = min(least, time.process_time() - start)
    return {"reply": len(reply), "context": sum(len(each.text) for each in texts), "ms": round(least * 100, 2)}


def main() -> int:
    """Returns the exit code: 0."""
    parser = argparse.ArgumentParser(description="Plant things in faithful replies and see what grounding finds.")
    parser.add_argument("--set", choices=(*SETS, *WIDE), default="worked", help="which topics")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print so many of what was missed and raised")
    parser.add_argument("--seed", type=int, default=SEED)
    args = parser.parse_args()
    figures = measure(args.set, args.seed)
    for name in ("missed", "raised"):
        figures[name] = figures[name][: args.show]
    sys.stdout.write(json.dumps({**figures, "speed": speed()}, indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
