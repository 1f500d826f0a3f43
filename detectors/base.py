"""What a detector is: text in, findings out. Pure: no gateway import, no network, no clock, no state between calls.

A detector looks at `Text` (detectors.text): the raw text, what stands right before it, and the views derived from it (folded, decoded).
Findings always point into the raw text, in code points, so that what was found in a decoded view can be masked where it stands.

Streams are why a detector also says what is still *open*. `open_from(a)` is the first index of `a` that text to come may still
change, and these hold for every text a + b (tests/detectors/test_pii_open.py, test_secrets.py):

  I1  the findings of a + b that start before open_from(a) are exactly the findings of `a` that do, and each ends at or before open_from(a);
  I2  len(a) - open_from(a) <= max_span: what is held back is bounded; a longer match does not exist for this detector;
  I3  forgetting the text before open_from(a), but for its last CONTEXT characters as `Text.before`, changes no finding after it.

From them follows law 2: masking piece by piece equals masking the whole, for every chunking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from detectors.text import Text

CONTEXT = 256  # code points before a text that a detector may look at: context words, the key that names a value


class Finding(NamedTuple):  # made in a third of the time that a frozen dataclass takes, and walls of values hold 80,000 per MB
    """What was found and where; never the matched text. start, end: code points of the raw text. score: 0 to 1."""

    detector: str
    kind: str
    start: int
    end: int
    score: float


class Detector(Protocol):
    """See the module.

    name: as in DETECTORS.  kinds: the closed set of kinds that it can find.  max_span: code points; no finding is longer, as it stands
    in the raw text, evasions included.
    """

    @property
    def name(self) -> str: ...

    @property
    def kinds(self) -> frozenset[str]: ...

    @property
    def max_span(self) -> int: ...

    def find(self, text: Text) -> list[Finding]:
        """Findings, in order of start; they may overlap those of other detectors, not each other. Never raises on any text."""
        ...

    def open_from(self, text: Text) -> int:
        """The first index that text to come may still turn into a finding, or a longer one; len(text.raw) if nothing is open."""
        ...
