"""Open files: a worker that has none left can neither reach a provider nor begin a segment of its journal, so clients get none of the last ones.

The kernel gives each new connection the lowest number that is free. A connection whose number is high says by that alone that all below are in use.
"""

from __future__ import annotations

import resource
from collections.abc import Sequence
from pathlib import Path

from gateway.proxy.admission import Admission
from gateway.proxy.pool import Pool

KEPT = 64  # for the journal, the store of keys, providers of those that are in
SHARE = 0.9  # of all, that connections of clients may use up together with everything else
MOST = 1 << 16  # more are not asked for
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\n%bContent-Type: text/plain\r\nContent-Length: 32\r\nRetry-After: 2\r\nx-should-retry: false\r\n"
    b"x-tidegate-error-source: gateway\r\nConnection: close\r\n\r\nthe gate is full; try again soon"
)


def allowed() -> None:
    """Have this process open as many files as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Files:
    """Of one worker. limit: files it may have open.  last: the highest number that a client's connection may have."""

    def __init__(self, limit: int, admission: Admission, pools: Sequence[Pool]) -> None:
        limit = MOST if limit == resource.RLIM_INFINITY else limit
        self._limit, self._admission, self._pools = limit, admission, pools
        self.last = max(8, min(int(SHARE * limit), limit - KEPT)) - 1
        self._own = sum(1 for _ in Path("/proc/self/fd").iterdir()) if Path("/proc/self/fd").exists() else 32

    def look(self, connections: int) -> None:
        """To be called with every beat: no more is let in than can have a connection to its provider. connections: of clients."""
        used = self._own + connections
        if used + self._admission.inflight > SHARE * self._limit - sum(pool.idle for pool in self._pools):
            for pool in self._pools:
                pool.close()  # what is idle; others need the files more
        self._admission.at_most(self._limit - KEPT - used)
