"""What the pool is told: which detectors it runs, in how many processes, within which bounds. Values only; the configuration makes them.

Two sorts of detectors:

- Model: ours, with a model to load. Its processes answer many texts at once, and long texts are cut into slices.
- Custom: the operator's. A Python function in a process of its own, apart from all others and confined (gateway/detection/custom.py), or
  a webhook, asked by the pool itself (gateway/detection/webhook.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SOCKET = "detectors.sock"  # in <data_dir>/run
SECONDS_PER_CHAR = 0.2 / 1000


def following(socket: Path) -> Path:
    """Where a pool listens that is to take the place of the one at `socket`."""
    return socket.with_suffix(".next.sock")


def time_for(base_s: float, chars: int) -> float:
    """Seconds that the pool has for one question, from its send to its answer, waiting for turns among them. base_s: for a short text, what the settings say.

    It grows by 0.2 s for 1,000 characters. Of one processor's time the names model needs 5 to 20 ms for them, so this holds on a machine several times
    slower, or as much busier, while others take their turns: 100 KB have twenty seconds, and need one or two. It is a guard against what never
    comes back, not a promise to those who wait: how long they do is decided by turns (gateway/detection/admission.py), and a process that hangs is
    found by slice_limit_s. It has no upper bound, because pool_bytes is one: what goes over that is refused at once.
    """
    return base_s + chars * SECONDS_PER_CHAR


@dataclass(frozen=True, slots=True)
class Model:
    """A detector of ours that needs a process.

    name: what the pool is asked for.  factory: "package.module:callable", called once in each process with `options` (JSON values); what it makes has
    `find_all(list[Text]) -> list[list[Finding]]`, and maybe a `name`, which its findings then carry in place of this one.  kinds: all that it
    may find.  max_span: code points, as in detectors.base; None: judges whole texts, which are then never cut.  children: processes.
    slice_limit_s: a process that works longer on one slice hangs, and is killed. A slice costs some 0.03 s, 0.1 s at worst: what is killed
    for nothing takes seconds to come back, and its text is not taken again for a minute, so this is for a machine that stands still, too.
    """

    name: str
    factory: str
    kinds: frozenset[str]
    options: Mapping[str, object] = field(default_factory=dict)
    max_span: int | None = None
    children: int = 1
    slice_limit_s: float = 10.0
    memory_bytes: int = 2 << 30  # address space of a process; a spaCy model takes 0.5 GB, and more with every new word it meets


@dataclass(frozen=True, slots=True)
class Custom:
    """A detector of the operator's: `entry` or `webhook`, never both.

    entry: "package.module:function", found in `path` (a directory; None: among what is installed).  webhook: an http(s) URL; token: sent as a bearer
    token; allow_private: its name may resolve to an address that is not public.  deadline_s: for one job, counted from the client's send; the
    client's own deadline holds where it is shorter.  max_span: code points, a longer finding is garbage; None: judges whole texts.
    """

    name: str
    kinds: frozenset[str]
    entry: str = ""
    path: Path | None = None
    webhook: str = ""
    token: str = field(default="", repr=False)
    allow_private: bool = False
    ca_file: Path | None = None
    deadline_s: float = 0.3
    max_span: int | None = None
    children: int = 1  # processes of an entry; calls at a time of a webhook are bounded by CALLS_AT_A_TIME
    memory_bytes: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A moderation service that speaks OpenAI's API: gateway/detection/moderation.py.

    service: its name, kinds, URL, token and deadline.  model: that it is asked for. A Model of the same name answers where it does not.
    """

    service: Custom
    model: str


@dataclass(frozen=True, slots=True)
class PoolTerms:
    """The whole pool.

    socket: `<data_dir>/run/detectors.sock`; any length.  budget_bytes: of texts in the pool at a time, waiting or worked on; what goes over is answered
    "busy" at once.  share_bytes: of it for one connection (a worker has one); None: half.  slice_chars: how much of a model's job is worked on
    before others get their turn; at 15 ms/KB, some 30 ms, which is what a small job waits for.
    """

    socket: Path
    models: tuple[Model, ...] = ()
    customs: tuple[Custom, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    budget_bytes: int = 64 << 20
    share_bytes: int | None = None
    slice_chars: int = 2048
    deaths_to_open: int = 3  # processes of one detector lost in a row, without an answer in between, until its circuit opens
    open_first_s: float = 1.0  # then twice as long each time ...
    open_max_s: float = 30.0  # ... up to this
