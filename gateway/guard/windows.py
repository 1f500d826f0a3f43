"""Detectors that judge a whole text, on a text that is still arriving: one window after the other, each beginning before the last one ended.

Where the windows lie depends on the text alone, so every chunking gives the same judgements. Nothing waits for them but the end of the stream.
Short texts that stand by themselves in events are judged together, as in gateway.guard.spoken: fragments of which nobody knows that they grow are among them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from detectors.text import Text
from gateway.guard.engines import Answer, Ask, Engine, Reads, Unanswered
from gateway.guard.runs import Submit
from gateway.guard.scan import Guarding
from gateway.guard.spoken import SHORT

MAX_JUDGED = 1000
_TOGETHER = "\n"  # the channel of short texts; no dialect's


@dataclass(slots=True)
class _Growing:
    text: str = ""  # from the beginning of the next window
    fresh: int = 0  # characters that no window has held


class Windows:
    """The windows of all channels of one stream. size, overlap: characters; overlap < size."""

    def __init__(self, scan: Guarding, *, size: int, overlap: int) -> None:
        self._scan, self._size, self._overlap = scan, size, overlap
        self._spoken = [engine for engine in scan.judges if engine.reads is Reads.SPOKEN]
        self._texts = [engine for engine in scan.judges if engine.reads is Reads.TEXTS]
        self._growing: dict[str, _Growing] = {}
        self._judged: set[int] = set()  # whole texts, by their hashes
        self._place = ""  # of the last short text
        self._owed = 0  # windows without an answer

    def feed(self, channel: str, text: str, submit: Submit) -> None:
        growing = self._growing.setdefault(channel, _Growing())
        growing.text += text
        growing.fresh += len(text)
        while len(growing.text) >= self._size:
            window = growing.text[: self._size]
            growing.text = growing.text[self._size - self._overlap :]
            growing.fresh = max(0, len(growing.text) - self._overlap)
            self._judge(window, submit, self._scan.judges if channel != _TOGETHER else self._spoken)

    def end(self, channel: str, submit: Submit) -> None:
        growing = self._growing.pop(channel, None)
        if growing is not None and growing.fresh:
            self._judge(growing.text, submit, self._scan.judges if channel != _TOGETHER else self._spoken)

    def once(self, text: str, submit: Submit, place: str = "") -> None:
        """A text that is whole already, as far as anybody knows. The same long text is judged once.  place: where it stands; what stands there in turn is one text."""
        short = len(text) <= SHORT
        if short and text and self._spoken:
            self.feed(_TOGETHER, text if place and place == self._place else f"\n{text}", submit)
            self._place = place
        if text.isspace() or (short and not self._texts) or (known := hash(text)) in self._judged:
            return
        if len(self._judged) < MAX_JUDGED:
            self._judged.add(known)
        if short:
            self._judge(text, submit, self._texts)
        else:
            self.feed("", text, submit)
            self.end("", submit)

    def over(self, submit: Submit) -> None:
        """Nothing more comes."""
        self.end(_TOGETHER, submit)

    def cut(self) -> None:
        """The stream has broken off: what has come since the last window, and what has no answer yet, was given out unjudged. Nothing the second time."""
        if self._owed > 0 or any(growing.fresh and not growing.text.isspace() for growing in self._growing.values()):
            for engine in self._scan.judges:
                self._scan.tally.fail(engine.detector)
        self._growing.clear()
        self._owed = 0

    def _judge(self, window: str, submit: Submit, engines: Sequence[Engine]) -> None:
        if engines is self._spoken:
            window = window.removeprefix("\n")
        if not window or window.isspace():
            return
        text = Text(window)
        for engine in engines:
            if engine.local is not None:
                self._scan.replace(engine.local.find(text), window)
            else:
                self._owed += 1
                submit(Ask(engine, (text,)), self._taker(engine, window))

    def _taker(self, engine: Engine, window: str) -> Callable[[Answer], None]:
        def take(answer: Answer) -> None:
            self._owed -= 1
            if isinstance(answer, Unanswered):
                self._scan.unanswered(engine, answer)
            else:
                self._scan.replace(answer[0], window)

        return take
