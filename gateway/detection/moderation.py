"""Moderation by somebody's service that speaks OpenAI's API: the pool asks it, and may have the local model as its second.

    POST <url>      {"model": "omni-moderation-latest", "input": ["...", ...]}
    200             {"results": [{"flagged": true, "categories": {"hate": true, ...}, "category_scores": {"hate": 0.93, ...}}, ...]}

A finding is a category with its score, over the whole text. Where the service flags a category below our usual threshold its score is raised to it,
since its own thresholds lie elsewhere: a rule that says nothing about scores means what the service calls flagged, or surer than half.

With a model of the same name in the pool, a service that is slow, wrong or gone costs its deadline and is answered for by the local model, within the deadline of the job. Without, it is a failure like any. After
FAILURES_TO_OPEN calls in a row without an answer it is left alone for a while, and nobody waits for it.

Source: OpenAI's API reference, "Moderations".
"""

from __future__ import annotations

import asyncio
import math
import time
from typing import Protocol

from detectors.base import Finding
from gateway.detection.circuit import Circuit
from gateway.detection.failures import Failures
from gateway.detection.job import Job
from gateway.detection.terms import Endpoint
from gateway.detection.verify import Garbage
from gateway.detection.webhook import Webhook

FLAGGED = 0.5  # the usual threshold of a rule
LEAST = 0.01  # scores below say nothing
FAILURES_TO_OPEN, OPEN_FIRST_S, OPEN_MAX_S = 5, 1.0, 30.0
_NO_ANSWER = ("timeout", "unavailable")  # and errors of its own; what it has against a text is an answer


class Second(Protocol):
    """What answers in its place: a crew."""

    settled: asyncio.Event

    @property
    def ready(self) -> bool: ...
    def start(self) -> None: ...
    async def stop(self) -> None: ...
    def submit(self, job: Job) -> None: ...
    def state(self) -> dict[str, object]: ...


class ModerationEndpoint(Webhook):
    """See the module."""

    def __init__(self, endpoint: Endpoint, second: Second | None) -> None:
        super().__init__(endpoint.service)
        self._model, self._second = endpoint.model, second
        self.failures = Failures(endpoint.service.name)  # its pool's, which tells of them
        self._circuit = Circuit(FAILURES_TO_OPEN, OPEN_FIRST_S, OPEN_MAX_S)
        if second is not None:
            self.settled = second.settled

    def start(self) -> None:
        super().start()
        if self._second is not None:
            self._second.start()

    async def stop(self) -> None:
        await super().stop()
        if self._second is not None:
            await self._second.stop()

    @property
    def ready(self) -> bool:
        return self._second is None or self._second.ready

    def state(self) -> dict[str, object]:
        second = {} if self._second is None else self._second.state()
        return {**second, **super().state(), "ready": self.ready, "circuit_open": self._circuit.open}

    def submit(self, job: Job) -> None:
        if job.texts and self._circuit.open:
            self._instead(job, ("unavailable", "its circuit is open"))
        else:
            super().submit(job)

    def _until(self, job: Job) -> float:
        return min(job.deadline, time.monotonic() + self._custom.deadline_s)

    def _end(self, job: Job, outcome: list[list[Finding]] | tuple[str, str]) -> None:
        if not isinstance(outcome, tuple):
            self._circuit.answered()
        elif outcome[0] in _NO_ANSWER or outcome[1].startswith(("HTTP 5", "HTTP 429")):
            self._circuit.lost()
        self._instead(job, outcome)

    def _instead(self, job: Job, outcome: list[list[Finding]] | tuple[str, str]) -> None:
        if isinstance(outcome, tuple) and self._second is not None and not job.over:
            self.counts["answered_by_model"] += 1
            self.failures.note(*outcome)  # else nobody would see that the service has not judged
            self._second.submit(job)
        else:
            job.end(outcome)

    def _question(self, texts: list[str]) -> object:
        return {"model": self._model, "input": [text or " " for text in texts]}

    def _found(self, answer: dict[str, object], texts: list[str]) -> list[list[Finding]]:
        results = answer.get("results")
        if not isinstance(results, list) or len(results) != len(texts):
            raise Garbage("not one result for each text")
        return [self._judged(result, len(text)) for result, text in zip(results, texts, strict=True)]

    def _judged(self, result: object, length: int) -> list[Finding]:
        scores = result.get("category_scores") if isinstance(result, dict) else None
        flags = result.get("categories") if isinstance(result, dict) else None
        if not isinstance(scores, dict) or not isinstance(flags, dict):
            raise Garbage("a result without categories and their scores")
        found = []
        known = self._custom.kinds & (scores.keys() | flags.keys())  # a category that we do not know is no kind of ours
        if not known:
            raise Garbage("a result with none of our categories")
        for kind in sorted(known):
            flagged = flags.get(kind) is True
            score = FLAGGED if flagged and scores.get(kind) is None else scores.get(kind)
            if score is None:  # not applied to this kind of input
                continue
            if type(score) not in (int, float) or not math.isfinite(score) or not 0 <= score <= 1:
                raise Garbage("a score that is not between 0 and 1")
            score = max(score, FLAGGED) if flagged else score
            if score >= LEAST and length:
                found.append(Finding(self._custom.name, kind, 0, length, float(score)))
        return found
