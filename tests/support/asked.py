"""What users of a shop ask: many sentences of few kinds, of one's own, for samples of drift."""

from __future__ import annotations

import random

KINDS = {
    "order": ("where is the {a} that i ordered {w}", "has my {a} shipped {w}", "track the {a} i bought {w}", "when will the {a} arrive"),
    "login": ("i cannot log in to my {b} account", "reset the password of my {b} account", "my {b} login fails {w}", "the {b} password link is broken"),
    "hours": ("when does the {c} shop open {w}", "is the {c} store open {w}", "opening hours of the {c} branch", "what time do you close in {c}"),
    "refund": ("i want a refund for the {a}", "give me my money back for the {a}", "please refund the {a} i returned {w}", "how do i get a refund for my {a}"),
}
WORDS = {"a": "lamp chair jacket phone kettle bike book table mirror carpet".split(), "b": "shop mail bank photo music game".split(), "c": "paris berlin london madrid rome oslo".split()}
WHEN = ("today", "yesterday", "last week", "on monday", "this morning", "two days ago")
PEOPLE = ("alice", "bruno", "carla", "dmitri")
KNOWN = ("order", "login", "hours")


def sentences(count: int, seed: int, *, refunds: float = 0.0) -> list[str]:
    """What users of a shop ask; `refunds` of them about what none of the others do."""
    at = random.Random(seed)
    texts = []
    for _ in range(count):
        form = at.choice(KINDS["refund" if at.random() < refunds else at.choice(KNOWN)])
        texts.append(form.format(w=at.choice(WHEN), **{key: at.choice(words) for key, words in WORDS.items()}))
        if at.random() < 0.2:
            texts[-1] += f" {at.choice(PEOPLE)}{at.randrange(100)}@example.com"
    return texts
