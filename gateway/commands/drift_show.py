"""How `tidegate drift` shows a report: as sentences, as JSON, as a page in a file; and the bar of who waits for embeddings."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.commands.base import NOT_SO, OK, OutputFailed, complain
from gateway.commands.output import appearing

if TYPE_CHECKING:
    from detectors.drift.base import Report, Vectors

NOT_TESTED = 3  # the exit code under --fail-on-drift, where 1 is drift
_PATIENCE_S = 2.0  # waited before there is a bar
_THREADS = 4
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
    """fails: of --fail-on-drift: 1 is drift, 3 that it could not be tested, so that a pipeline can tell them apart; without it 1 is that it could not be tested."""
    if not report.tested:
        return NOT_TESTED if fails else NOT_SO
    return NOT_SO if fails and report.alarm else OK


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


def unwritable(path: Path) -> str:
    """Why a file cannot be written there, to be asked before hours are spent on what goes into it; "": nothing is known against it."""
    there = path.resolve()
    if there.is_dir():
        return os.strerror(errno.EISDIR)
    if there.exists() and not there.is_file():
        return "" if os.access(there, os.W_OK) else os.strerror(errno.EACCES)
    if not there.parent.is_dir():
        return f"there is no directory {path.parent}"
    return "" if os.access(there.parent, os.W_OK | os.X_OK) else f"{os.strerror(errno.EACCES)} to write into {path.parent}"


def can_write(path: Path | None) -> bool:
    """Whether it can be tried; if not, that was said. None: no file is asked for."""
    problem = unwritable(path) if path is not None else ""
    if problem:
        complain(f"{path}: it cannot be written: {problem}")
    return not problem


def write(path: Path, text: str) -> None:
    """Write a file as `appearing` does. Raises OutputFailed."""
    with appearing(path) as file:
        file.write(text.encode("utf-8", "replace"))


def written(path: Path, text: str) -> bool:
    """Write it; whether that went well, and if not it was said: what was computed is shown all the same."""
    try:
        write(path, text)
    except OutputFailed as e:
        complain(f"{path}: {e}")
        return False
    return True


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
        self._known.update({text: np.zeros(DIMENSIONS, dtype=np.float32) for text in wanted if not text.strip()})
        said = [text for text in wanted if text.strip()]
        if said:
            self._model = self._model or Embedder()
        pieces = [said[at : at + _PIECE] for at in range(0, len(said), _PIECE)]
        with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:  # somebody waits for it; the model lets go of the interpreter's lock
            for number, (piece, vectors) in enumerate(zip(pieces, pool.map(self._embedded, pieces), strict=True), 1):
                self._known.update(zip(piece, vectors, strict=True))
                self._waiting.at(min(number * _PIECE, len(said)), len(said))
        self._waiting.say("comparing")
        return np.stack([self._known[text] for text in texts]) if texts else np.zeros((0, DIMENSIONS), dtype=np.float32)

    def _embedded(self, piece: list[str]) -> Vectors:
        found: Vectors = self._model.embed(piece)
        return found
