"""Detectors that judge a whole text, on a text that is still arriving: one window after the other, each beginning before the last one ended.

Where the windows lie depends on the text alone, so every chunking gives the same judgements. Nothing waits for them but the end of the stream.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from detectors.text import Text
from gateway.guard.engines import Answer, Ask, Engine, Unanswered
from gateway.guard.runs import Submit
from gateway.guard.scan import Guarding

MAX_JUDGED = 1000


@dataclass(slots=True)
class _Growing:
    text: str = ""  # from the beginning of the next window
    fresh: int = 0  # characters that no window has held


class Windows:
    """The windows of all channels of one stream. size, overlap: characters; overlap < size."""

    def __init__(self, scan: Guarding, *, size: int, overlap: int) -> None:
        self._scan, self._size, self._overlap = scan, size, overlap
        self._growing: dict[str, _Growing] = {}
        self._judged: set[str] = set()  # whole texts

    def feed(self, channel: str, text: str, submit: Submit) -> None:
        growing = self._growing.setdefault(channel, _Growing())
        growing.text += text
        growing.fresh += len(text)
        while len(growing.text) >= self._size:
            window = growing.text[: self._size]
            growing.text = growing.text[self._size - self._overlap :]
            growing.fresh = max(0, len(growing.text) - self._overlap)
            self._judge(window, submit)

    def end(self, channel: str, submit: Submit) -> None:
        growing = self._growing.pop(channel, None)
        if growing is not None and growing.fresh:
            self._judge(growing.text, submit)

    def once(self, text: str, submit: Submit) -> None:
        """A text that is whole already. The same text is judged once."""
        if text in self._judged or text.isspace():
            return
        if len(self._judged) < MAX_JUDGED:
            self._judged.add(text)
        self.feed("", text, submit)
        self.end("", submit)

    def _judge(self, window: str, submit: Submit) -> None:
        text = Text(window)
        for engine in self._scan.judges:
            if engine.local is not None:
                self._scan.replace(engine.local.find(text), window)
            else:
                submit(Ask(engine, (text,), in_stream=True), self._taker(engine, window))

    def _taker(self, engine: Engine, window: str) -> Callable[[Answer], None]:
        def take(answer: Answer) -> None:
            if isinstance(answer, Unanswered):
                self._scan.unanswered(engine, answer)
            else:
                self._scan.replace(answer[0], window)

        return take
