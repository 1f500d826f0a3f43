"""Every error that a user of Tidegate can meet.

    TidegateError                    base; never raised itself
    ├── ConfigError                  a file or an option is wrong: exit code 2
    ├── StoreError                   ClickHouse refused or could not be reached
    │   ├── StoreUnavailable         try again with the same bytes and token
    │   │   └── StoreStarting        soon, for the gate has just been started
    │   └── StoreRejected            the rows are at fault: bisect, quarantine
    ├── NotThere                     what a command is about is not in the record
    ├── EmbeddingError               vectors of texts are not to be had
    ├── JournalError                 a segment cannot be written or read
    ├── StartError                   a process cannot begin: address taken, directory in use
    └── RelayError                   an exchange ends with an answer made by the gate
        status, code, outcome and source are the answer; the message is safe to show: it names settings and
        providers, never a key, a header or a body.

Rules: `code` is stable (clients and alerts match on it); a message says what, where, what was expected and what to do.
Sources: `caller`, `policy`, `provider`, `gateway` (the header x-tidegate-error-source).
"""

from __future__ import annotations

from gateway.exchange import Outcome
from gateway.unsaid import unsaid


class TidegateError(Exception):
    """Base of all errors below."""


class ConfigError(TidegateError):
    """The configuration is wrong. `problems` holds one line each: "path: what; what to do". What looks like a key in them is cut down, whoever put it in the place of a name."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = [unsaid(problem) for problem in problems]
        super().__init__("\n".join(self.problems))


class StoreError(TidegateError):
    """ClickHouse did not do what was asked. `code` is its error code, 0 when it did not answer."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class StoreUnavailable(StoreError):
    """Down, slow, full, read-only or busy: the same bytes with the same token may be sent again."""


class StoreStarting(StoreUnavailable):
    """Not up yet, or without its tables yet: its gate has just been started."""


class StoreRejected(StoreError):
    """The statement or the rows are wrong: sending them again would fail again."""


class NotThere(TidegateError):
    """What a command was asked about is not in the record. The message names what is."""


class EmbeddingError(TidegateError):
    """The embeddings endpoint did not answer, or with something else than vectors. The message holds nothing of a text, a key or a URL's path."""


class JournalError(TidegateError):
    """A journal directory or segment cannot be used."""


class StartError(TidegateError):
    """A process cannot begin its work. The message says what stands in its way."""


class RelayError(TidegateError):
    """The gate answers in the provider's place.

    status: HTTP.  code: stable, snake case.  source: caller | policy | provider | gateway.
    retry: what x-should-retry says; None leaves the header out.  after_s: what Retry-After says; None: one second with a 503, else nothing.
    body: what is said in the place of the dialect's error, with its content_type; b"": the error.  labels: what the gateway key that was shown and has no right stands for, for the record alone.
    """

    __slots__ = ("after_s", "body", "code", "content_type", "labels", "message", "outcome", "retry", "source", "status")  # read for each refusal

    def __init__(self, status: int, code: str, message: str, outcome: Outcome, *, source: str, retry: bool | None = False) -> None:
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.message, self.outcome, self.source, self.retry = status, code, message, outcome, source, retry
        self.after_s: float | None = None
        self.body, self.content_type = b"", "application/json"
        self.labels: dict[str, str] | None = None
