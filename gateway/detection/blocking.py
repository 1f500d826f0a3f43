"""How a thread without an event loop asks the pool: the recorder, doctor. One at a time.

The same words and reasons as gateway.detection.client; a connection is kept from one question to the next.
"""

from __future__ import annotations

import itertools
import socket
import time
from pathlib import Path
from typing import Any

import orjson

from detectors.base import Finding
from gateway.detection import frames
from gateway.detection.client import GRACE_S, outcome
from gateway.detection.frames import DetectorFailed, Kind, Texts


class BlockingPool:
    """Of one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ids = itertools.count(1)
        self._socket: socket.socket | None = None
        self._reader = frames.Reader()

    def find(self, detector: str, texts: Texts, *, deadline_s: float) -> list[list[Finding]]:
        """Findings for each text of (raw, before), in its order. Raises DetectorFailed. deadline_s: seconds from now."""
        deadline = time.monotonic() + deadline_s
        id = next(self._ids) & 0xFFFFFFFF
        kind, body = self._ask(detector, id, frames.pack_job(id, detector, texts, deadline), deadline + GRACE_S)
        answer = outcome(detector, len(texts), kind, body)
        if isinstance(answer, DetectorFailed):
            raise answer
        return answer

    def state(self, *, deadline_s: float = 1.0) -> dict[str, Any]:
        """What the pool says about itself. Raises DetectorFailed.

        {"ready", "started_at", "budget_bytes", "used_bytes", "jobs", "detectors": {name: {"ready", "jobs": {"found" or a reason: count}, "failed", ...}}};
        failed: {} or {"count", "reason", "detail", "age_s"}, of the last ten minutes. A detector with processes adds processes, loaded, circuit_open, why (the last
        process was lost), slices, restarts, kills; a webhook calls, calls_now. Counts not there are 0.
        """
        id = next(self._ids) & 0xFFFFFFFF
        _, body = self._ask("", id, frames.frame(Kind.STATE, id), time.monotonic() + deadline_s)
        state: dict[str, Any] = orjson.loads(body)
        return state

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, detector: str, id: int, question: bytes, until: float) -> tuple[int, bytes]:
        kept = self._socket is not None
        try:
            return self._ask_once(id, question, until)
        except TimeoutError:
            self.close()
            raise DetectorFailed(detector, "timeout", "no word from the pool") from None
        except OSError:
            self.close()
            if kept:  # the pool may have been started again since the last question
                return self._ask(detector, id, question, until)
            raise DetectorFailed(detector, "unavailable", "no pool") from None
        except ValueError:
            self.close()
            raise DetectorFailed(detector, "garbage", "the pool's answer") from None

    def _ask_once(self, id: int, question: bytes, until: float) -> tuple[int, bytes]:
        if self._socket is None:
            self._socket, self._reader = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), frames.Reader()
            self._socket.settimeout(_left(until))
            with frames.reachable(self._path) as name:
                self._socket.connect(name)
        connection = self._socket
        connection.settimeout(_left(until))
        connection.sendall(question)
        while True:
            connection.settimeout(_left(until))
            data = connection.recv(1 << 18)
            if not data:
                raise ConnectionResetError
            for kind, answered, body in self._reader.feed(data):
                if answered == id:  # others are late answers to questions given up
                    return kind, body


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
