"""How `tidegate drift` shows a report: as sentences, as JSON, as a page in a file; and the bar of who waits for embeddings."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.commands.base import NOT_SO, OK, OutputFailed

if TYPE_CHECKING:
    from detectors.drift.base import Report, Vectors

_PATIENCE_S = 2.0  # waited before there is a bar
_PIECE = 32  # texts
_WIDEST = 120


def result(report: Report, *, as_json: bool, every: bool, more: Mapping[str, Any] | None = None, named: Sequence[Mapping[str, Any]] = (), labels: Mapping[int, str] | None = None) -> None:
    """Print it. report: masked.  more: members of the JSON besides the report's own.  named: members of its topics, in their order.  labels: what topics are called, by place."""
    from gateway.drift import report_json, report_text

    if as_json:
        said = {**(more or {}), **report_json.as_json(report, every=every)}
        for topic, own in zip(said["topics"], named, strict=False):
            topic.update(own)
        print("\n".join(shown([json.dumps(said, ensure_ascii=False)])))
    else:
        print("\n".join(shown(report_text.lines(report, look(), labels=labels, every=every))))


def code(report: Report, *, fails: bool) -> int:
    """1 if it could not be tested, or if there is drift and that is what fails."""
    return NOT_SO if not report.tested or (fails and report.alarm) else OK


def look() -> Any:
    """What stdout can show."""
    from gateway.drift.report_text import Look

    terminal = sys.stdout.isatty()
    width = min(_WIDEST, shutil.get_terminal_size((100, 24)).columns)
    return Look(width, colour=terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb", blocks=_says("█▒─"))


def shown(lines: Sequence[str]) -> list[str]:
    """Lines as stdout can print them: what its encoding does not have becomes a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    return [line.encode(encoding, "replace").decode(encoding) for line in lines]


def _says(characters: str) -> bool:
    try:
        characters.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def write(path: Path, text: str) -> None:
    """Write a file that appears under its name only when it is whole, readable by this user alone; what is there and is no file (/dev/null, a pipe) is written to. Raises OutputFailed."""
    path = path.resolve()  # a link stays one
    if path.exists() and not path.is_file():  # a name that is taken from a device is taken from everybody: root's `--html /dev/null` would end the machine's
        try:
            with open(path, "wb") as device:
                device.write(text.encode("utf-8", "replace"))
        except OSError as e:
            raise OutputFailed(e) from e
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        try:
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(text.encode("utf-8", "replace"))
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as e:
        raise OutputFailed(e) from e


class Waiting:
    """A bar on stderr, if that is a terminal, once a thing has taken two seconds."""

    def __init__(self, what: str) -> None:
        self._what, self._began, self._shown = what, time.monotonic(), False
        self._terminal = sys.stderr.isatty()

    def at(self, done: int, total: int) -> None:
        """So many of so many are done."""
        if self._terminal and (self._shown or time.monotonic() - self._began > _PATIENCE_S):
            part = done / total if total else 1.0
            print(f"\r{self._what} [{'#' * round(30 * part):<30}] {done:,} of {total:,}", end="", file=sys.stderr, flush=True)
            self._shown = True

    def say(self, words: str) -> None:
        """What is done now, which nobody can count."""
        if self._terminal and (self._shown or time.monotonic() - self._began > _PATIENCE_S):
            print(f"\r\x1b[K{words} ...", end="", file=sys.stderr, flush=True)
            self._shown = True

    def end(self) -> None:
        """Take it away."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._shown = False


class Embedding:
    """The bundled sentence model, loaded when first asked; each text is embedded once."""

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._model: Any = None
        self._known: dict[str, Any] = {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 (n, 384), in the order of the texts; zeros for one that is blank."""
        import numpy as np

        from detectors.embedding import DIMENSIONS, Embedder

        wanted = [text for text in dict.fromkeys(texts) if text not in self._known]
        for at in range(0, len(wanted), _PIECE):
            self._waiting.at(at, len(wanted))
            piece = wanted[at : at + _PIECE]
            said = [text for text in piece if text.strip()]
            self._known.update({text: np.zeros(DIMENSIONS, dtype=np.float32) for text in piece if not text.strip()})
            if said:
                self._model = self._model or Embedder()
                self._known.update(zip(said, self._model.embed(said), strict=True))
        self._waiting.say("comparing")
        return np.stack([self._known[text] for text in texts]) if texts else np.zeros((0, DIMENSIONS), dtype=np.float32)
