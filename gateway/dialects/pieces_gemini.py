"""The growing texts of a Gemini stream. Channels: candidates/0/text, candidates/0/thought; candidates/0/functionCall/1/$.city for arguments that
Vertex AI streams piece by piece. Lane: the candidate.

The arguments of a functionCall come whole in one event: they are texts of their own. So do code and its output, but each is joined with what is
called so in other events: candidates/0/code, /output. The reader takes the elements of a
stream that is a JSON array just as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.dialects.base import Event
from gateway.dialects.lenient import index, obj, seq, word
from gateway.dialects.pieces import BARRIER, END, FREE, Echo, EventReader, Piece, Shape
from gateway.dialects.pieces_openai import Order, read_tokens

_THINKS, _SPEAKS, _CALLS = 0, 1, 2
_CODE = (("executableCode", "code"), ("executable_code", "code"), ("codeExecutionResult", "output"), ("code_execution_result", "output"))


class CandidatesReader(EventReader):
    """Of streamGenerateContent."""

    def __init__(self) -> None:
        self._candidates: dict[int, _Candidate] = {}

    def read(self, event: Event, value: Any) -> Shape:
        source = obj(value)
        if source.get("error"):
            return END
        listed = seq(source.get("candidates"))
        if not listed:
            if obj(source.get("promptFeedback")).get("blockReason"):
                return END
            return BARRIER if "usageMetadata" in source or "promptFeedback" in source else FREE
        pieces: list[Piece] = []
        echoes: list[Echo] = []
        lanes, closes = set(), set()
        for position, item in enumerate(listed):
            entry = obj(item)
            given = index(entry.get("index"))
            at = position if given is None else given
            candidate = self._candidates.get(at)
            if candidate is None:
                candidate = self._candidates[at] = _Candidate(f"candidates/{at}")
            lanes.add(candidate.lane)
            found = candidate.read(f"/candidates/{position}", entry)
            pieces += found
            closes |= candidate.closes
            if word(entry.get("finishReason")):
                closes.add(candidate.lane)
            more = _tokens(f"/candidates/{position}/logprobsResult", candidate.lane, entry.get("logprobsResult"), found)
            pieces += more[0]
            echoes += more[1]
        return Shape(tuple(pieces), frozenset(lanes), frozenset(closes), echoes=tuple(echoes))


class _Candidate:
    """One candidate. closes: the channels that ended with the event read last."""

    __slots__ = ("_calls", "_order", "closes", "lane")

    def __init__(self, lane: str) -> None:
        self.lane = lane
        self.closes: set[str] = set()
        self._calls = 0
        self._order = Order()

    def read(self, place: str, entry: dict[str, Any]) -> list[Piece]:
        self.closes = set()
        content = obj(entry.get("content")).get("parts")
        parts = [(f"{place}/content/parts", content)] if isinstance(content, dict) else [
            (f"{place}/content/parts/{number}", part) for number, part in enumerate(seq(content))
        ]
        pieces: list[Piece] = []
        ranks: dict[str, int] = {}
        calls = False
        for at, item in parts:
            part = obj(item)
            if word(part.get("text")):
                name, rank = ("thought", _THINKS) if part.get("thought") else ("text", _SPEAKS)
                pieces.append(Piece(f"{self.lane}/{name}", self.lane, f"{at}/text", part["text"]))
                ranks[pieces[-1].channel] = rank
            for key, inner in _CODE:
                text = word(obj(part.get(key)).get(inner))
                if text:  # it comes whole; that it does is for nobody to rely on
                    pieces.append(Piece(f"{self.lane}/{inner}", self.lane, f"{at}/{key}/{inner}", text))
                    self.closes.add(pieces[-1].channel)
            if isinstance(part.get("functionCall"), dict):
                calls = True
                pieces += self._arguments(f"{at}/functionCall", part["functionCall"])
        self.closes |= self._order.over(ranks, _CALLS if calls else -1)
        return pieces

    def _arguments(self, place: str, call: dict[str, Any]) -> Iterator[Piece]:
        """The strings among the partial arguments of a call; the first fragment of a call has its name."""
        if call.get("name"):
            self._calls += 1
        for number, item in enumerate(seq(call.get("partialArgs"))):
            argument = obj(item)
            channel = f"{self.lane}/functionCall/{max(self._calls - 1, 0)}/{word(argument.get('jsonPath'))}"
            if word(argument.get("stringValue")):
                yield Piece(channel, self.lane, f"{place}/partialArgs/{number}/stringValue", argument["stringValue"])
            if not argument.get("willContinue"):
                self.closes.add(channel)


def _tokens(place: str, lane: str, result: Any, pieces: list[Piece]) -> tuple[list[Piece], list[Echo]]:
    """The chosen tokens, and the alternatives, which spell no text."""
    source = obj(result)
    if not source:
        return [], []
    chosen, echoes = read_tokens(f"{place}/chosenCandidates", lane, source.get("chosenCandidates"), [piece.text for piece in pieces])
    if seq(source.get("topCandidates")):
        echoes.append(Echo(f"{place}/topCandidates", lane))
    return chosen, echoes
