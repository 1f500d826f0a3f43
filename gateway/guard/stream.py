"""A streamed reply under guard: events in, the same events out as soon as every text in them is decided (laws 1, 2 and 5).

An event waits until no text to come can change what becomes of the text in it. If nothing was found its bytes go out as they came;
otherwise the strings that hold a part of what was found are rewritten, the placeholder standing where it began, and nothing else of the event
changes. Events of one lane (a choice, a content block) keep their order; what the dialect calls free overtakes what waits. What an event tells
again that was told before gets what was made of it then.

Pure: what must wait for the detector pool is in `asks`; `answer` brings the reply and may release more. What the client has been given
when a rule blocks was decided before; of the text that made it block it has seen nothing, unless the rule judges windows of text, which are
judged as they pass.
"""

from __future__ import annotations

from collections.abc import Callable

from gateway.dialects.base import Operation
from gateway.dialects.fields import Kind, has_shape, is_plain
from gateway.dialects.leaves import Leaf, Unreadable
from gateway.dialects.pieces import BARRIER, FREE, Piece, Shape, Whole
from gateway.dialects.pieces_unknown import BESIDE, Beside
from gateway.guard.channels import Channels, Seams, Speaking, Told
from gateway.guard.engines import Answer, Ask, Work
from gateway.guard.entries import DATA, ODD, Entry, Place, spelled, untold, walked
from gateway.guard.frames import DONE, EVENTS, MAX_VALUES, Arriving, Framing, StreamUnreadable, is_whole, leniently, looks_like_json, value_of
from gateway.guard.guess import reader_of
from gateway.guard.json_run import JsonRun
from gateway.guard.judging import Judging
from gateway.guard.recognised import Recognised, outline
from gateway.guard.runs import Run, TextRun, settle
from gateway.guard.scan import Restoring, Scan
from gateway.guard.waiting import Waiting
from gateway.guard.whole_reply import WholeReply
from gateway.guard.windows import Windows

MAX_EVENT_BYTES, MAX_WAITING_BYTES = 8 << 20, 32 << 20
MAX_CHANNELS, MAX_OUTLINES, MAX_SAME, _SMALL = 2000, 64, 1000, 256  # open at once; events; texts that were looked at, and may be told again; characters


class GuardedStream:
    """One reply stream. asks: questions that have not been put to the pool yet, each with who takes the answer."""

    def __init__(
        self,
        operation: Operation,
        scan: Scan,
        *,
        windows: Windows | None = None,
        hold_all: bool = False,
        hold_head: bool = False,
        stopped: Callable[[], bool] = lambda: False,
        unscannable: Callable[[int], None] = lambda count: None,
        framing: Framing = EVENTS,
        whole_reply: WholeReply | None = None,
    ) -> None:
        """windows, whole_reply: for detectors that judge whole texts, and whole replies.  hold_all: release nothing before the end (a rule may ask for another reply).
        hold_head: release nothing before the first text (a rule may speak in the model's place).  stopped: a rule has blocked: from then on nothing comes out.
        unscannable: told how many pictures and the like have come that no detector can read."""
        self._scan, self._hold_all, self._stopped = scan, hold_all, stopped
        self._judging = Judging(windows, whole_reply, self._submit)
        self._unscannable, self._unread, self._framing, self._arriving = unscannable, 0, framing, Arriving(framing)
        self._reader = reader_of(operation)
        self._waiting = Waiting()
        self._head: list[bytes] | None = [] if hold_head else None  # what goes before the first text; None: it is out
        self._runs: dict[str, Run] = {}  # by channel, or by the chain that it is in
        self._speaking = Speaking()  # of runs: the channel that spoke last
        self._channels, self._beside, self._seams, self._told = Channels(), Beside(), Seams(), Told()
        self._same: dict[tuple[bool, str, str], Run] = {}  # texts that may be told again, with what was made of them
        self._open: dict[int, Run] = {}  # undecided, by identity
        self._stirred: dict[int, Run] = {}  # fed, ended or answered since they were looked at
        self._rewritten: set[str] = set()  # lanes with an edit: their echoes are blanked
        self._clean: set[tuple[str, str]] = set()  # (pointer, text) of small strings that say the same in every event
        self._outlines: dict[bytes, int] = {}  # of events that hold nothing to look at but one fragment -> its leaf
        self._frames = Recognised()
        self._unjudged = self._judging.waits and not operation.ends  # no event says that it is over, so the last one of each choice waits for the end
        self._over = self._ended = False  # the provider has ended; it has said that it has
        self.cut = False  # it has ended in the middle of what may be a finding
        self.asks: list[tuple[Ask | Work, Callable[[Answer], None]]] = []
        self._owed: dict[int, Callable[[Answer], None]] = {}  # who takes the answers that have not come

    # ------------------------------------------------------------------ in and out

    def push(self, data: bytes) -> bytes:
        """Bytes from the provider; what may go to the client now. Raises StreamUnreadable."""
        if arrived := self._arriving.add(data):
            self._take_all(arrived)
        if self._arriving.size > MAX_EVENT_BYTES or self._waiting.size > MAX_WAITING_BYTES:
            raise StreamUnreadable("an event in it is longer than a guard can hold")
        return self._advance()

    def _take_all(self, buffer: bytes) -> None:
        """The whole events at its beginning; the rest is held."""
        start = self._waiting.mark(self._arriving.mark(buffer))
        try:
            for end in self._framing.ends(buffer, self._arriving.size):
                parts = (buffer[start:end],) if self._framing is EVENTS else self._framing.split(buffer[start:end])
                if len(parts) > MAX_VALUES:
                    raise StreamUnreadable("a line in it holds more values than a guard can hold")
                for part in parts:
                    self._take(part)
                    start += len(part)
        finally:
            self._arriving.keep(buffer[start:])  # with the event that could not be read, see `unread`

    def finish(self) -> bytes:
        """The provider has ended. An event that was cut off by that is left out: half an event cannot be judged (FAILURES U10). If it has not said
        that it ends, a text whose end may be the beginning of a finding is cut off before that: see `cut`."""
        rest = self._arriving.rest()
        rest = rest[self._waiting.mark(self._arriving.mark(rest)) :]
        for part in self._framing.split(rest) if rest else ():
            if not part.strip():
                self._waiting.add(Entry(part, None, BARRIER))
            elif is_whole(self._framing.parse(part)):
                self._take(part)
        self._arriving.keep(b"")
        if self._reader.knows and not self._ended and not isinstance(self._scan, Restoring) and self._is_cut():
            return self.broken()
        self._close_all()
        self._judge_reply()
        self._over = True
        return self._advance()

    def broken(self) -> bytes:
        """The provider was cut off: what may still go. Of a text that is not decided only what is; what the pool has not answered for is not."""
        self._arriving.keep(b"")
        self.cut = True
        self._judging.cut()
        out = self._advance()
        if self._stopped() or self._hold_all:
            return b""
        for entry in self._waiting.cut():
            out += self._given(entry, spelled(entry, self._framing, self._rewritten, cut=True))
        self.asks, self._owed = [], {}
        return out

    def unjudged(self) -> None:
        """Nothing more comes, and the row is written: what was given out and not judged yet is none that passed."""
        self._judging.cut() if not self._stopped() else None

    def unread(self) -> bytes:
        """After StreamUnreadable, for whose rules let it pass: all that has come and not been given out, in its order. What was found in what could be
        read is replaced, as if the texts ended here; what could not be read goes as it came. All is then gone from here."""
        self._close_all()
        settle({**self._open, **self._stirred}.values(), self._owed)
        if self._stopped():
            return b""
        held = [*(self._head or ()), *(spelled(entry, self._framing, self._rewritten) for entry in self._waiting), self._arriving.rest()]
        self._waiting.clear()
        self._arriving.keep(b"")
        self._head, self.asks, self._open, self._stirred = None, [], {}, {}
        return b"".join(held)

    def withheld(self) -> bytes:
        """What has come and was not given out, as it came."""
        return b"".join((*self._waiting.missed, *(self._head or ()), *(entry.raw for entry in self._waiting), self._arriving.rest()))

    @property
    def pending(self) -> bool:
        """Something still waits: for text, or for an answer."""
        return len(self._waiting) > 0 or len(self._owed) > 0

    def answered(self, take: Callable[[Answer], None], answer: Answer) -> bytes:
        """The pool's answer to one of `asks`; what may go to the client now."""
        self._owed.pop(id(take), None)
        take(answer)
        self._stirred.update(self._open)
        return self._advance()

    # ------------------------------------------------------------------ events

    def _submit(self, ask: Ask | Work, take: Callable[[Answer], None]) -> None:
        self._owed[id(take)] = take
        self.asks.append((ask, take))

    def _take(self, raw: bytes) -> None:
        """One whole event."""
        self._judging.keep(raw)
        if (known := self._frames.find(raw)) is not None:
            entry = Entry(raw, None, known.shape)
            self._feed(entry, known.shape.pieces[0], known.leaf, known.text)
            self._close_beside()
            self._waiting.add(entry)
            return
        event = self._framing.parse(raw)
        if event is None:  # comments, blank lines, fields without data
            entry = Entry(raw, None, FREE if self._framing is EVENTS else BARRIER)
            self._alone(entry, DATA, Leaf("", "", "", raw.decode("utf-8", "replace")))
            self._waiting.add(entry)
            return
        value = value_of(event.data)
        if value is None and looks_like_json(event.data):
            event = leniently(event) or event
            value = value_of(event.data)
            if value is None and self._framing is EVENTS and getattr(self._scan, "strict", False):
                raise StreamUnreadable("an event in it is no JSON")
        shape = self._reader.read(event, value)
        if shape.unreadable:
            raise StreamUnreadable(shape.unreadable)
        if shape.free and value is None:  # nobody knows what it says, so it keeps its place
            shape = BARRIER
        self._ended = self._ended or shape.ends
        entry = Entry(raw, event, shape)
        fresh = any(self._channels.known(piece) not in self._runs for piece in shape.pieces)
        if fresh or shape.closes or shape.ends or len(shape.pieces) != 1:
            self._frames.clear()  # the reader's state may have changed, and with it whose the next fragment is
        outlined = outline(raw, shape) if self._reader.steady else None
        if outlined is not None and outlined in self._outlines:
            self._feed(entry, shape.pieces[0], self._outlines[outlined])
        else:
            self._take_apart(entry, value)
            if outlined is not None and len(entry.places) == 1 and len(self._outlines) < MAX_OUTLINES:
                self._outlines[outlined] = leaf = entry.places[0].leaf
                if self._framing is EVENTS and not (shape.closes or shape.ends):
                    self._frames.keep(raw, shape, leaf)
        self._close(shape)
        if not shape.free:
            self._close_beside()
        self._waiting.add(entry)

    def _take_apart(self, entry: Entry, value: object) -> None:
        """Feed every text of an event."""
        event, shape = entry.event, entry.shape
        assert event is not None
        if value is None:
            for piece in shape.pieces:
                self._feed(entry, piece, DATA)
            if not shape.pieces and event.data.strip() != DONE:
                self._alone(entry, DATA, Leaf("", "", "", event.data))
        else:
            try:
                walk = walked(event.data, value)
            except Unreadable as e:
                raise StreamUnreadable(str(e)) from e
            leaves = walk.leaves
            if count := untold(walk.unscannable, self._unread):
                self._unread += count
                self._unscannable(count)
            at = {leaf.pointer: index for index, leaf in enumerate(leaves)}
            named: set[int] = set()
            for piece in shape.pieces:
                leaf_at = at.get(piece.pointer)
                if leaf_at is not None:  # else its field is declared as no text, and it has that shape
                    self._feed(entry, piece, leaf_at)
                    named.add(leaf_at)
            wholes = {whole.pointer: whole for whole in shape.wholes}
            echoes = tuple(echo.pointer for echo in shape.echoes)
            anew: dict[str, list[tuple[int, Leaf]]] = {}
            for index, leaf in enumerate(leaves):
                if index in named:
                    continue
                whole = wholes.get(leaf.pointer)
                if whole is not None and whole.channel:
                    self._again(entry, index, leaf, whole, anew)
                    continue
                echoed = bool(echoes) and leaf.pointer.startswith(echoes)
                knows = whole is None and not echoed and not shape.free and self._reader.knows
                grows = self._beside.piece(leaf.pointer, leaf.text) if knows else None
                if grows is not None:
                    self._feed_beside(entry, grows, index, leaf)
                    continue
                if not (echoed and has_shape(Kind.ECHOED, leaf.text)):  # more than a token would be
                    self._alone(entry, index, leaf, whole, echoed=echoed)
            for group in anew.values():
                self._together(entry, group)
        lines = self._framing.odd_lines(entry.raw)
        if lines:
            self._alone(entry, ODD, Leaf("/:", "", "", lines))

    def _feed(self, entry: Entry, piece: Piece, leaf: int, text: str = "") -> None:
        """The next fragment of a growing text. text: if it is not the piece's."""
        text = text or piece.text
        channel = piece.channel
        name = self._channels.name(piece)
        run = self._runs.get(name)
        if run is None:
            run = self._begin(name, piece)
        elif piece.apart or self._speaking[name] != channel:
            run.breaks(loose=piece.apart)
        self._speaking[name] = channel
        start = run.total
        run.feed(text)
        self._open[id(run)] = self._stirred[id(run)] = run
        entry.places.append(Place(leaf, run, start, run.total))
        if self._reader.retells:
            self._told.add(channel, text, run, start)
        self._judging.feed("" if piece.lane == BESIDE else name, text, piece.pointer)

    def _feed_beside(self, entry: Entry, piece: Piece, index: int, leaf: Leaf) -> None:
        """A text that nobody knows to grow: as if it were alone, and joined with what stood there before."""
        channel, plain = piece.channel, False
        if channel not in self._runs and channel not in self._seams:
            self._seams.keep(channel, channel, (leaf.before, "", ""))
            plain = is_plain(leaf.text)
        self._feed(entry, piece, index)
        if plain:  # the name of something, which nothing waits for; what goes on with it is looked at with it
            self._end(channel)
        self._channels.closed.add(channel)
        self._outlines.clear()  # what says the same here is no longer nothing to look at
        self._frames.clear()

    def _close_beside(self) -> None:
        if over := self._beside.over():
            for channel in over & self._runs.keys():
                self._end(channel)

    def _begin(self, name: str, piece: Piece) -> Run:
        if len(self._runs) >= MAX_CHANNELS:
            raise StreamUnreadable("more texts grow in it at once than a guard can hold")
        last, before, past, given = self._seams.pop(name)
        if piece.is_json:
            run: Run = JsonRun(self._scan, self._submit)
        else:
            run = TextRun(self._scan, self._submit, before, given=given, apart=piece.apart or (bool(given) and last != piece.channel), past=past)
        self._runs[name] = run
        return run

    def _again(self, entry: Entry, index: int, leaf: Leaf, whole: Whole, anew: dict[str, list[tuple[int, Leaf]]]) -> None:
        """A text that the pieces of its channel have said, or that they did not: then it is the first to say it. anew: takes what says something else."""
        parts = self._told.parts(whole.channel, leaf.text)
        if parts == []:
            lane = whole.channel.partition("/")[0]
            self._feed(entry, Piece(whole.channel, lane, whole.pointer, leaf.text, whole.is_json, whole.chain), index)
            self._channels.closed.add(whole.channel)
        elif parts is not None:
            at = 0
            for run, start, end in parts:
                entry.places.append(Place(index, run, start, end, at))
                at += end - start
        elif whole.chain:
            anew.setdefault(whole.chain, []).append((index, leaf))
        else:
            self._alone(entry, index, leaf, whole)

    def _together(self, entry: Entry, group: list[tuple[int, Leaf]]) -> None:
        """Texts of one event that a reader sees as one."""
        if len(group) == 1:
            self._alone(entry, *group[0], Whole("", "?"))
            return
        run = TextRun(self._scan.again(entry.kind), self._submit)
        for index, leaf in group:
            run.breaks()
            start = run.total
            run.feed(leaf.text)
            entry.places.append(Place(index, run, start, run.total))
        run.end()
        self._open[id(run)] = self._stirred[id(run)] = run

    def _alone(self, entry: Entry, index: int, leaf: Leaf, whole: Whole | None = None, *, echoed: bool = False) -> None:
        """A text that is whole in this event."""
        same = (leaf.pointer, leaf.text)
        small = whole is None and len(leaf.text) <= _SMALL
        if small and same in self._clean:
            return
        told = echoed or (whole is not None and bool(whole.channel)) or leaf.pointer.startswith("/response/")  # a Responses stream says everything up to four times
        is_json, before = whole is not None and whole.is_json, "" if whole is not None else leaf.before
        run = self._same.get((is_json, before, leaf.text)) if told else None
        if run is None:
            scan = self._scan.again(entry.kind) if told else self._scan
            run = JsonRun(scan, self._submit) if is_json else TextRun(scan, self._submit, before)
            run.feed(leaf.text)
            run.end()
            run.advance()
            if told and len(self._same) < MAX_SAME:
                self._same[is_json, before, leaf.text] = run
            self._judging.feed("", leaf.text, leaf.pointer)
            if run.decided < run.total:
                self._open[id(run)] = run
        if run.decided == run.total and not run.replacements:
            if small and len(self._clean) < 1000:
                self._clean.add(same)
            return
        entry.places.append(Place(index, run, 0, run.total))

    def _close(self, shape: Shape) -> None:
        """What is said to be over is, if the protocol has no way back to it, or if nothing that can be split stands at its end: else it is held."""
        if shape.ends:
            self._close_all()
            self._judge_reply()
        for closed in shape.closes:
            for name in self._speaking.names(closed):
                run, channel = self._runs[name], self._speaking[name]
                self._channels.closed.add(channel)
                seals = shape.seals and name == channel
                if not seals:
                    self._stirred[id(run)] = run
                    run.advance()
                if seals or run.harmless():
                    self._end(name)

    def _judge_reply(self) -> None:
        """The reply is over: who judges it as a whole is asked, and what ends the stream waits for that."""
        self._unjudged = False
        self._judging.over()

    def _close_all(self) -> None:
        for name in list(self._runs):
            self._end(name)

    def _end(self, name: str) -> None:
        """What comes later under this name is a new text, but one that is checked together with the end of this."""
        run = self._runs.pop(name)
        channel = self._speaking.pop(name)
        seam = run.seam()
        if seam[2] and not self._over:
            self._seams.keep(name, channel, seam)
        run.end()
        self._stirred[id(run)] = run
        self._judging.end(name)

    def _is_cut(self) -> bool:
        """Whether a text has ended that nobody has called over, with what may be a part of a finding."""
        for name, run in self._runs.items():
            run.advance()
            self._stirred[id(run)] = run
            if self._speaking[name] not in self._channels.closed and run.strays():
                return True
        return False

    # ------------------------------------------------------------------ release

    def _advance(self) -> bytes:
        """Decide what can be decided, and give what may go."""
        stirred, self._stirred = self._stirred, {}
        waiting = self._waiting
        for key, run in stirred.items():
            run.advance()
            waiting.moved(run)
            if run.decided == run.total:
                self._open.pop(key, None)
            else:
                self._open[key] = run
        if self._stopped() or (self._hold_all and not (self._over and not self._owed)):
            return b""
        owed = self._unjudged or (len(self._owed) > 0 and self._judging.any)
        released = waiting.release(owed=owed)
        out = [spelled(entry, self._framing, self._rewritten) for entry in released]
        if self._head is not None:
            out = list(map(self._given, released, out))
        return out[0] if len(out) == 1 else b"".join(out)

    def _given(self, entry: Entry, raw: bytes) -> bytes:
        """What goes out with an event that goes: nothing while only the head of the stream has come."""
        head = self._head
        if head is None:
            return raw
        head.append(raw)
        if not (entry.shape.pieces or entry.shape.wholes or entry.shape.ends or self._over):
            return b""
        self._head = None
        return b"".join(head)
