"""What detectors cost: per KB of ordinary text, and per MB of text that was made to be slow.

Times are processor time of this process, the least of some runs: on a busy machine that is still too much, never too little.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Sequence
from typing import Any

from detectors import addresses, people, places
from detectors.names import Names
from detectors.nlp import NerOnly
from detectors.pii import KINDS, Options, Pii
from detectors.secrets import Secrets
from detectors.text import Text
from detectors.units import open_from, units
from tests.detectors import benign

_PROSE = (
    "Thanks for getting back to me so quickly. I have looked at the figures again and they seem right, although the second table is still "
    "missing the totals for last year. Could you ask Maria Keller whether her team in Hamburg has sent theirs? If not, we should call them on "
    "Thursday. The meeting with the people from Northwind is at 14:30, and Peter will bring the contract. My own view is that we ought to wait "
    "until the audit is done, because the numbers may change once more. Please keep the draft to yourself for now.\n"
)
_HOSTILE: dict[str, Callable[[int], str]] = {
    "digits": lambda n: "4" * n,
    "digits and spaces": lambda n: "4111 " * (n // 5),
    "digits and dashes": lambda n: "41-" * (n // 3),
    "digits and dots": lambda n: "1.1." * (n // 4),
    "plus and digits": lambda n: "+1 " * (n // 3),
    "brackets": lambda n: "(4) " * (n // 4),
    "www.": lambda n: "www." * (n // 4),
    "a.": lambda n: "a." * (n // 2),
    "a.b-": lambda n: "a.b-" * (n // 4),
    "a.b- then @x": lambda n: "a.b-" * (n // 4) + "@x",
    "@": lambda n: "@" * n,
    "a@": lambda n: "a@" * (n // 2),
    "://": lambda n: "http://" * (n // 7),
    "colons": lambda n: "a:" * (n // 2),
    "1:": lambda n: "1::" * (n // 3),
    "GB82": lambda n: "GB82 " * (n // 5),
    "eyJ": lambda n: "eyJ" * (n // 3),
    "sk-": lambda n: "sk-" * (n // 3),
    "password=": lambda n: "password=" * (n // 9),
    "key quoted": lambda n: 'api_key="' * (n // 9),
    "-----BEGIN": lambda n: "-----BEGIN PRIVATE KEY-----" * (n // 27),
    "base64": lambda n: "QUJD" * (n // 4),
    "hex": lambda n: "4142" * (n // 4),
    "percent": lambda n: "%41%42" * (n // 6),
    "entities": lambda n: "&#65;" * (n // 5),
    "escapes": lambda n: "\\u0041" * (n // 6),
    "zero-width": lambda n: "4\u200b" * (n // 2),
    "marks": lambda n: "a\u0336" * (n // 2),
    "full-width": lambda n: "\uff14" * n,
    "spaces": lambda n: " " * n,
    "line ends": lambda n: "\n" * n,
    "full stops": lambda n: ". " * (n // 2),
    "street": lambda n: "12 Main " * (n // 8),
    "Apt.": lambda n: "Apt. 1 " * (n // 7),
    "capitals": lambda n: "Anna " * (n // 5),
    "name is": lambda n: "name is " * (n // 8),
    "corner of": lambda n: "the corner of 1 A and " * (n // 22),
    "one word": lambda n: "a" * n,
}
_SMALL = 10_000
_SIZE = 60_000  # characters; what is reported is per million


def ordinary(names: Names, labelled: Sequence[str]) -> dict[str, Any]:
    """ms per KB: prose, the benign rows of tests/detectors, and the labelled texts, which have a name in every line.

    `model alone` is spaCy's entity recognition of the same text in pieces of 1 KB: what the names tier cannot do without.
    """
    pii, secrets, model = Pii(), Secrets(), NerOnly()
    model.load()
    rows = "\n".join(text for _, text in benign.rows(each=4))
    texts = {"prose, 1 KB": (_PROSE * 3)[:1000], "prose, 20 KB": (_PROSE * 60)[:20000], "code, logs and records, 20 KB": (rows * 3)[:20000]}
    if labelled:
        texts |= {"labelled texts, 1 KB": " ".join(labelled)[:1000], "labelled texts, 20 KB": " ".join(labelled)[:20000]}
    found: dict[str, Any] = {}
    for name, text in texts.items():
        size = len(text.encode()) / 1000
        repeat = 30 if len(text) < 2000 else 3
        found[name] = {
            "pii patterns": round(_least(lambda t: pii.find(Text(t)), text, repeat) / size, 3),
            "secrets": round(_least(lambda t: secrets.find(Text(t)), text, repeat) / size, 3),
            "views alone": round(_least(lambda t: Text(t).views, text, repeat) / size, 3),
            "names": round(_least(lambda t: names.find(Text(t)), text, min(repeat, 10)) / size, 2),
            "model alone": round(_least(lambda t: list(model.entities(t[at : at + 1000] for at in range(0, len(t), 1000))), text, min(repeat, 10)) / size, 2),
        }
    return {"ms_per_kb": found, "processors": os.cpu_count()}


def resident_mb() -> int:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def hostile() -> dict[str, Any]:
    """ms per MB, the worst input for every recogniser; each is run alone, with the views that it needs."""
    secrets, everything = Secrets(), Pii()
    runs: dict[str, Callable[[str], object]] = {f"pii {kind}": _alone(kind) for kind in sorted(KINDS)}
    runs |= {
        "pii, all patterns": lambda text: everything.find(Text(text)),
        "secrets": lambda text: secrets.find(Text(text)),
        "views": lambda text: Text(text).views,
        "units": units,
        "units, where open": open_from,
        "names: rules of people": lambda text: [(list(people.signed(text[a:b], "")), list(people.known(text[a:b]))) for a, b in units(text) if text[a:b].strip()],
        "names: rules of places": lambda text: [list(places.placed(text[a:b], text[max(0, a - 256) : a])) for a, b in units(text) if text[a:b].strip()],
        "names: addresses": lambda text: [addresses.addresses(text[a:b], text[max(0, a - 256) : a]) for a, b in units(text) if text[a:b].strip()],
    }
    found = {}
    for name, run in runs.items():
        worst = max(((_least(run, make(_SIZE), 1) * 1e6 / _SIZE, label) for label, make in _HOSTILE.items()), key=lambda each: each[0])
        found[name] = {"ms_per_mb": round(worst[0], 1), "input": worst[1]}
    return found


def hostile_to_names(names: Names) -> dict[str, Any]:
    """ms per KB of the whole names tier on the inputs that are hardest for it, and on the average of all."""
    costs = sorted(((_least(lambda t: names.find(Text(t)), make(_SMALL), 1) * 1e3 / _SMALL, label) for label, make in _HOSTILE.items()), reverse=True)
    return {"worst_ms_per_kb": {label: round(cost, 1) for cost, label in costs[:5]}}


def _alone(kind: str) -> Callable[[str], object]:
    """One recogniser, with the views that all share."""
    one = Pii(Options(kinds=frozenset({kind})))
    return lambda text: one.find(Text(text))


def _least(run: Callable[[str], object], text: str, repeat: int) -> float:
    """ms."""
    times = []
    for _ in range(repeat):
        begun = time.process_time()
        run(text)
        times.append(time.process_time() - begun)
    return 1000 * min(times)
