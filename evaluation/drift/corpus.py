"""CLINC150 as traffic: 100 intents are what users ask every day, the other 50 are what may come new. Every sentence is in one sample at most.

The set (CC BY 3.0, Larson et al. 2019) is not checked in: FILE is data_full.json of clinc/oos-eval, compressed with gzip. Vectors are the bundled model's, kept in a file
beside the temporary ones unless another is named, so that only the first run pays for them.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Row, Vectors

FILE = "clinc150.json.gz"
VARIABLE = "TIDEGATE_EVAL_DATA"
WHERE = f"""{FILE} was not found. It is data/data_full.json of clinc/oos-eval (CC BY 3.0), 23,700 short questions of 150 intents and none, compressed with gzip.
Put it into a directory and name that: make eval-drift DATA=directory, or {VARIABLE}=directory."""
CACHE = Path(tempfile.gettempdir()) / "tidegate-eval-drift.npz"
_SPLITS = ("train", "val", "test", "oos_train", "oos_val", "oos_test")
OUTSIDE = "oos"
_BASE = 100  # intents
_LONGEST = 8  # turns of a conversation
_STAYS = 0.85  # how likely a turn keeps to the topic of the one before
_MOST = 110  # sentences that one intent is asked for; it has 150


class Corpus:
    """texts, intents: (n,). A sentence's number is its place. vectors() embeds what it has not seen before and remembers; save() keeps that on disk."""

    def __init__(self, directory: Path, cache: Path = CACHE) -> None:
        """Raises FileNotFoundError, saying where to get the set."""
        path = directory / FILE
        if not path.is_file():
            raise FileNotFoundError(WHERE)
        with gzip.open(path, "rt", encoding="utf-8") as file:
            held = json.load(file)
        pairs = [(text, intent) for split in _SPLITS for text, intent in held[split]]
        self.texts: list[str] = [text for text, _ in pairs]
        self.intents: NDArray[np.str_] = np.array([intent for _, intent in pairs])
        self.names: list[str] = sorted(set(self.intents.tolist()) - {OUTSIDE})
        self._cache = cache
        self._embedder: object = None
        self._known: dict[str, NDArray[np.float32]] = {}
        self._new = 0
        if cache.is_file():
            with np.load(cache) as stored:
                self._known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 (n, d), one for each text."""
        missing = list(dict.fromkeys(text for text in texts if text not in self._known))
        if missing:
            from detectors.embedding import Embedder

            if not isinstance(self._embedder, Embedder):
                self._embedder = Embedder()
            self._known.update(zip(missing, self._embedder.embed(missing), strict=True))
            self._new += len(missing)
        return np.array([self._known[text] for text in texts], dtype=np.float32).reshape(len(texts), -1)

    def save(self) -> None:
        if self._new:
            path = self._cache.with_name(f"{self._cache.name}.{os.getpid()}.npz")
            np.savez(path, texts=np.array(list(self._known)), vectors=np.array(list(self._known.values()), dtype=np.float32))
            path.replace(self._cache)
            self._new = 0

    def intent(self, row: Row) -> str:
        """Of a row that `Traffic` made, whatever became of its text."""
        return str(self.intents[int(row.id)])


class Traffic:
    """One world: which intents are usual and how often each is asked. Every sentence is drawn once only.

    shares: (100,) of the usual intents, Dirichlet(concentration), none so large that its sentences could run out (`most` rows are drawn in all).
    conversations: rows come in conversations of 1 to 8 turns that mostly stay with their topic; else each row stands by itself.
    """

    def __init__(self, corpus: Corpus, rng: np.random.Generator, *, conversations: bool = False, most: int = 4000, concentration: float = 1.0) -> None:
        self.corpus, self.rng, self.conversations = corpus, rng, conversations
        names = [str(name) for name in rng.permutation(corpus.names)]
        self.base, self.news = names[:_BASE], names[_BASE:]
        self.shares = rng.dirichlet(np.full(_BASE, concentration))
        for _ in range(50):  # what is cut from the largest goes to the others
            self.shares = np.minimum(self.shares, _MOST / most)
            self.shares /= self.shares.sum()
        self._pool = {name: list(rng.permutation(np.flatnonzero(corpus.intents == name))) for name in names}
        self._conversation = 0

    def rows(self, count: int, *, shares: NDArray[np.float64] | None = None, news: Sequence[str] = (), share: float = 0.0) -> list[Row]:
        """count rows. shares: of the usual intents, None: as in this world.  news, share: round(share * count) rows are evenly of these intents, in random places."""
        fresh = round(count * share) if news else 0
        of_news = [str(news[number % len(news)]) for number in range(fresh)]
        rows = self._conversations(count - fresh, self.shares if shares is None else shares) + self._told(of_news)
        if self.conversations:
            by: dict[str, list[Row]] = {}
            for row in rows:
                by.setdefault(row.session, []).append(row)
            order = self.rng.permutation(list(by))
            return [row for session in order for row in by[str(session)]]
        return [rows[i] for i in self.rng.permutation(len(rows))]

    def _conversations(self, count: int, shares: NDArray[np.float64]) -> list[Row]:
        found: list[Row] = []
        while len(found) < count:
            turns = min(int(self.rng.integers(1, _LONGEST + 1)) if self.conversations else 1, count - len(found))
            self._conversation += 1
            name = ""
            for _ in range(turns):
                if not name or self.rng.random() >= _STAYS:
                    name = str(self.rng.choice(self.base, p=shares))
                while not self._pool[name]:  # `most` was too few
                    name = str(self.rng.choice(self.base, p=shares))
                found.append(self._row(name))
        return found

    def _told(self, names: Sequence[str]) -> list[Row]:
        found: list[Row] = []
        for name in sorted(names):  # turns of one conversation are of one new topic
            if not self.conversations or not found or self.corpus.intent(found[-1]) != name or self.rng.random() < 2 / (1 + _LONGEST):
                self._conversation += 1
            found.append(self._row(name))
        return found

    def _row(self, name: str) -> Row:
        number = int(self._pool[name].pop())
        return Row(self.corpus.texts[number], session=f"c{self._conversation}" if self.conversations else "", id=str(number))
