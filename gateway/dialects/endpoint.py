"""Turn a path into a template that is safe to group by: fixed words stay, anything that may be an id becomes {id}.

What a client puts into a path must not become a label (law 9), so the words that stay are a literal list, and the depth is bounded.
"""

from __future__ import annotations

MAX_PARTS = 10


def template(path: str, words: frozenset[str]) -> str:
    """path: without query.  words: the segments that are kept as they are."""
    parts = path.split("/")
    kept = [part if not part or part in words else "{id}" for part in parts[: MAX_PARTS + 1]]
    return "/".join(kept) + ("/{rest}" if len(parts) > MAX_PARTS + 1 else "")
