"""Who judges a stream beside what is rewritten in it: windows of its texts as they pass, and all of it when it is over. Either may not be there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gateway.guard.engines import Answer, Ask, Work
from gateway.guard.whole_reply import Steps, Take, WholeReply
from gateway.guard.windows import Windows

Submit = Callable[[Ask | Work, Callable[[Answer], None]], None]


class Judging:
    """One stream's. submit: puts a question."""

    def __init__(self, windows: Windows | None, whole_reply: WholeReply | None, submit: Submit) -> None:
        self._windows, self._whole_reply, self._submit = windows, whole_reply, submit
        self.any = windows is not None or whole_reply is not None
        self.waits = whole_reply is not None  # the end of the stream waits

    def keep(self, raw: bytes) -> None:
        """An event has come."""
        if self._whole_reply is not None:
            self._whole_reply.keep(raw)

    def feed(self, name: str, text: str, place: str) -> None:
        """The next fragment of a text. name: of the text; "": nobody knows whether it grows, and it stands at `place`."""
        if self._windows is not None:
            self._windows.feed(name, text, self._submit) if name else self._windows.once(text, self._submit, place)

    def end(self, name: str) -> None:
        """A text is over."""
        if self._windows is not None:
            self._windows.end(name, self._submit)

    def over(self) -> None:
        """The stream is: no text is open any more."""
        if self._windows is not None:
            self._windows.over(self._submit)
        if self._whole_reply is not None:
            self._put(self._whole_reply.ended())

    def cut(self) -> None:
        """It has broken off, and may be so more than once: what nobody has judged is none that passed (law 5)."""
        for judge in (self._windows, self._whole_reply):
            if judge is not None:
                judge.cut()

    def _put(self, steps: Steps) -> None:
        for ask, take in steps:
            if isinstance(ask, Work):  # what is asked next is known when it is done
                self._submit(ask, partial(self._go_on, steps, take))
                return
            self._submit(ask, take)

    def _go_on(self, steps: Steps, take: Take, answer: Answer) -> None:
        take(answer)
        self._put(steps)
