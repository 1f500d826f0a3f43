"""Log lines as events: `batch_inserted rows=812 bytes=401233 duration_s=0.041`, one line each, on stderr.

Rules: a name in the past tense, then fields. A value that holds anything but plain text is quoted and escaped, so that nothing that came
from outside (a newline, an ANSI sequence, a bidi mark) can forge a line or move a terminal's cursor. Values are short: nothing here is a place
for a body, a header or a key (law 8). What is deliberately absent: levels below INFO, JSON, files, rotation; stderr belongs to
whoever runs the process.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time

MAX_VALUE = 500
_PLAIN = re.compile(r"[A-Za-z0-9_.:/@+,-]+")


def event(name: str, /, *, level: int = logging.INFO, **fields: object) -> None:
    """Log an event. Floats are shown to six significant digits, None as `-`, anything else as its `str`."""
    logging.getLogger("tidegate").log(level, "%s", line(name, fields))


def line(name: str, fields: dict[str, object]) -> str:
    """The text of an event, without time and level."""
    return " ".join([name, *(f"{key}={_shown(value)}" for key, value in fields.items())])


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    if len(text) > MAX_VALUE:
        text = text[: MAX_VALUE - 1] + "…"
    return text if _PLAIN.fullmatch(text) else json.dumps(text)  # ASCII only: control, bidi and zero-width characters become \u escapes


def configure(process: str) -> None:
    """Send events to stderr as `2026-11-22T03:33:25.123Z INFO recorder name field=value`. For main functions only."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(process))
    logger = logging.getLogger("tidegate")
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


class _Lines(logging.Formatter):
    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        return f"{at}.{int(record.msecs):03d}Z {record.levelname} {self._process} {record.getMessage()}"
