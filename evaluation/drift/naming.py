"""Whether what is new is called by its name: keywords, share, examples and rows of the topics found, against the intents that were put in.

`named` asks for a word of the intent's own name (by its stem) among the first five keywords. Some names are not how people speak ("calculator" for sums): `sayable`
is the part of the topics whose intent has a word of its name in at least SAID of its sentences, the most that `named` could be without luck; `named_of_sayable` is among those.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from detectors.drift.base import Row, Topic
from detectors.drift.compare import compare
from evaluation.drift.cases import Case, Episode, episodes
from evaluation.drift.corpus import Corpus

SAID = 0.3
_WITHIN = 0.03  # of the window: a share this near the truth is right
_BARS = {"named": 0.90, "share_within_3_points": 0.90, "exemplars": 0.95}
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ities", "ity", "ies", "ied", "ions", "ion", "ers", "er", "ed", "es", "s", "e", "y")
_WORD = re.compile(r"[a-z0-9']+")
CASES = tuple(
    Case(f"{topics} at {share:.0%} of {window}", "new", window=window, topics=topics, share=share)
    for window in (500, 2000)
    for share in (0.02, 0.05, 0.10, 0.20)
    for topics in (1, 3)
    if window * share / topics >= 5 and window * share / topics <= 150
)


def measure(corpus: Corpus, seed: int = 0, runs: int = 12, cases: Sequence[Case] = CASES, *, alpha: float = 0.05) -> dict[str, Any]:
    """Over all cases together (`all`), and by case. Figures are shares of the topics found that are mostly a new intent's; `f1` is of their rows."""
    sayable = {name: _sayable(corpus, name) >= SAID for name in corpus.names}
    by_case = {case.name: [_judged(corpus, each, alpha, sayable) for each in episodes(corpus, case, runs, seed + 5000 + 100 * number)] for number, case in enumerate(cases)}
    every = [judged for some in by_case.values() for judged in some]
    return {"runs": runs, "bars": _BARS, "all": _figures(every), **{name: _figures(some) for name, some in by_case.items()}}


def _judged(corpus: Corpus, episode: Episode, alpha: float, sayable: dict[str, bool]) -> dict[str, list[float]]:
    """By figure, a value for each topic (or, `seen`, for each new intent)."""
    report = compare(episode.baseline, episode.window, corpus.vectors, alpha=alpha)
    found: dict[str, list[float]] = {}
    met: list[str] = []
    for topic in report.topics:
        if topic.aspect != "topics" or topic.direction not in ("new", "grown"):
            continue
        intent = _most(corpus, [episode.window[row] for row in topic.rows])
        found.setdefault("of_a_known_intent", []).append(intent not in episode.news)
        if intent in episode.news:
            met.append(intent)
            for name, value in _topic(corpus, episode, topic, intent, sayable[intent]).items():
                found.setdefault(name, []).append(value)
    found["seen"] = [float(name in met) for name in episode.news]
    found["topics_of_a_seen_intent"] = [float(count) for count in Counter(met).values()]
    return found


def _topic(corpus: Corpus, episode: Episode, topic: Topic, intent: str, sayable: bool) -> dict[str, float]:
    own = {place for place, row in enumerate(episode.window) if corpus.intent(row) == intent}
    right = len(own.intersection(topic.rows))
    texts = {row.input for row in episode.window if corpus.intent(row) == intent}
    exemplars = [text in texts for text in topic.exemplars]
    said = _WORD.findall(" ".join(topic.keywords))
    named = any(_one_stem(word, own_word) for word in said for own_word in intent.split("_"))
    return {
        "named": named,
        "sayable": sayable,
        **({"named_of_sayable": named} if sayable else {}),
        "called_new": topic.direction == "new",
        "share_within_3_points": abs(topic.share_window - len(own) / len(episode.window)) <= _WITHIN,
        "exemplars": sum(exemplars) / max(len(exemplars), 1),
        "all_exemplars": all(exemplars),
        "f1": 2 * right / (len(own) + len(topic.rows)),
    }


def _figures(judged: Iterable[dict[str, list[float]]]) -> dict[str, float]:
    together: dict[str, list[float]] = {}
    for one in judged:
        for name, values in one.items():
            together.setdefault(name, []).extend(values)
    return {"topics": len(together.get("named", ())), **{name: round(sum(values) / len(values), 4) for name, values in together.items() if values}}


def _most(corpus: Corpus, rows: Sequence[Row]) -> str:
    return Counter(corpus.intent(row) for row in rows).most_common(1)[0][0] if rows else ""


def _sayable(corpus: Corpus, intent: str) -> float:
    """The largest part of an intent's sentences that have one and the same word of its name."""
    sentences = [set(_WORD.findall(text.lower())) for text, name in zip(corpus.texts, corpus.intents.tolist(), strict=True) if name == intent]
    return max(sum(any(_one_stem(word, own) for word in sentence) for sentence in sentences) / len(sentences) for own in intent.split("_"))


def _one_stem(word: str, other: str) -> bool:
    """Fraud and fraudulent, vaccine and vaccinations: the same stem, or the first five letters."""
    word = word.removesuffix("'s").strip("'")
    return _stem(word) == _stem(other) or (min(len(word), len(other)) >= 5 and word[:5] == other[:5])


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
