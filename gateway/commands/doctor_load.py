"""What `tidegate doctor` sees of the load: providers that are left alone, requests that were refused, memory that is short. From the workers' vitals alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.commands.doctor_config import Advice
from gateway.vitals import BREAKERS
from gateway.workers import Worker

MEMORY = 0.8  # of a worker's share: from here on it ends connections
_SHED = {"shed_queue": "the queue was full", "shed_wait": "they waited too long", "shed_memory": "memory was short", "shed_files": "open files were short"}


def breakers(found: Sequence[Worker], providers: Sequence[str]) -> dict[str, int]:
    """How many breakers are open now, by provider, where any is. providers: in the order of the file."""
    opened = {name: int(sum(worker.page[field] for worker in found if worker.lives)) for name, field in zip(providers, BREAKERS, strict=False)}
    return {name: count for name, count in opened.items() if count}


def loaded(found: Sequence[Worker], providers: Sequence[str]) -> Iterator[Advice]:
    """What is wrong now, or was since the workers started."""
    for provider, count in breakers(found, providers).items():
        what = f"its last calls have all failed, so it is left alone but for one now and then (breakers open: {count})"
        yield Advice("warning", f"providers.{provider}", what, "read its status page; the last exchanges' phases say how attempts ended")
    for worker in found:
        if not worker.lives:
            continue
        page, name = worker.page, f"worker-{worker.name}"
        refused = {why: int(page[field]) for field, why in _SHED.items() if page[field]}
        if refused:
            what = f"{sum(refused.values())} requests were refused since it started: " + ", ".join(f"{why} {count} times" for why, count in refused.items())
            now = f"{page['inflight']:.0f} are under way and {page['queued']:.0f} wait now"
            yield Advice("warning", name, f"{what}; {now}", "see who asks for more than usual or which provider is slow; then server.max_inflight, server.memory_bytes, workers")
        if page["memory_limit_bytes"] and page["rss_bytes"] > MEMORY * page["memory_limit_bytes"]:
            what = f"holds {page['rss_bytes'] / 1e6:.0f} MB of the {page['memory_limit_bytes'] / 1e6:.0f} MB that are its share; at 90% it refuses requests"
            yield Advice("warning", name, what, "raise server.memory_bytes if the machine has more, or lower server.max_body_bytes or server.max_inflight")
        if page["retries_denied"] > page["retries"]:
            what = f"{page['retries_denied']:.0f} retries were denied, {page['retries']:.0f} made: more fails than the budget covers"
            yield Advice("note", name, what, "see which provider fails; more budget (retries.of_traffic) burdens one that is down already")
