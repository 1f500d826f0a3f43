"""What a report shows of people's texts: masked as the record is by default (patterns of personal data, and secrets), and no longer than anyone reads.

Statistics see the texts as they stand in the samples; whatever leaves the process that compared them goes through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from detectors.base import Detector
from detectors.drift.base import Report, Row, Side, Topic
from detectors.pii import Options, Pii
from detectors.pii_kinds import DEFAULT, THRESHOLD
from detectors.redact import mask
from detectors.secrets import Secrets
from detectors.text import Text

MOST = 2_000  # characters of a text that are shown
_SOME = 40  # texts of a topic by which its keywords are judged
_BEYOND = 500  # that are looked at behind them, so that what begins in the one and ends in the other is found


class Masking:
    """Takes out what was found. Not cheap to make (some 0.1 s), so made once."""

    def __init__(self, finders: Iterable[Detector] | None = None) -> None:
        """finders: None: what masks the record by default, without settings of the operator's."""
        self._finders: tuple[Detector, ...] = (Pii(Options(kinds=DEFAULT - {"URL"})), Secrets()) if finders is None else tuple(finders)

    def text(self, text: str, most: int = MOST) -> str:
        """The text with `<KIND>` in the place of each finding; of one longer than `most` its beginning and an ellipsis."""
        found = self._found(text[: most + _BEYOND])
        if len(text) <= most:
            return mask(text, found)
        at = min([most, *(start for start, end, _ in found if start < most < end)])  # nothing is cut in two
        return mask(text[:at], [span for span in found if span[1] <= at]) + "".join({kind: None for start, _, kind in found if start == at}) + "…"

    def report(self, report: Report, baseline: Sequence[Row] = (), window: Sequence[Row] = ()) -> Report:
        """The same report with what it quotes masked. A keyword that mostly stands in what is masked is left out.

        baseline, window: the samples that it is about, if they are at hand: more to judge keywords by than the exemplars.
        """
        return replace(
            report,
            topics=tuple(self._topic(topic, [*_texts(topic, baseline, topic.baseline_rows), *_texts(topic, window, topic.rows)]) for topic in report.topics),
            structure=tuple(replace(feature, feature=self.text(feature.feature), effect=self.text(feature.effect)) for feature in report.structure),
        )

    def _topic(self, topic: Topic, texts: Sequence[str]) -> Topic:
        raw = [text[:MOST] for text in (*topic.exemplars, *texts)]
        left = [mask(text, [(start, end, "\n.\n") for start, end, _ in self._found(text)]) for text in raw]
        keywords = tuple(word for word in topic.keywords if self.text(word) == word and 2 * _times(word, left) >= _times(word, raw))
        return replace(topic, keywords=keywords, exemplars=tuple(self.text(text) for text in topic.exemplars))

    def _found(self, text: str) -> list[tuple[int, int, str]]:
        raw = Text(text)
        return [(f.start, f.end, f"<{f.kind}>") for finder in self._finders for f in finder.find(raw) if f.score >= THRESHOLD]


def _texts(topic: Topic, sample: Sequence[Row], rows: Sequence[int]) -> list[str]:
    """Some of the topic's own, evenly from all of them."""
    side: Side = "output" if topic.aspect.startswith("output") else "input"
    some = rows[:: max(1, len(rows) // _SOME)][:_SOME]
    return [text for row in some if row < len(sample) and (text := sample[row].text(side))]


def _times(keyword: str, texts: Sequence[str]) -> int:
    """How often it stands in the texts: its words in order, whatever is between them."""
    form = re.compile(r"(?<!\w)" + r"\W+".join(map(re.escape, keyword.split())) + r"(?!\w)", re.IGNORECASE)
    return sum(len(form.findall(text)) for text in texts)
