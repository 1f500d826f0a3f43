"""What detectors cost: per KB of ordinary text, and per MB of text that was made to be slow.

A recogniser is measured on texts whose views are made already: all share those, and they have a row of their own. Walls of values that are real, all alike or
(walls.py) all different, have theirs: each is found, masked and reported, which costs more than to pass over what is none.

Times are processor time of this process, the least of some runs: on a busy machine that is still too much, never too little.
"""

from __future__ import annotations

import gc
import os
import random
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import walls

from detectors import addresses, people, places
from detectors.names import Names
from detectors.nlp import NerOnly
from detectors.pii import KINDS, Options, Pii
from detectors.secrets import Secrets
from detectors.text import Text
from detectors.units import open_from, units
from gateway.dialects.leaves import Leaf, Walked
from gateway.guard.policy import Direction
from gateway.guard.whole import check
from tests.detectors import benign
from tests.support.planting import MASKS, guarding

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
_NUMBERS = (  # what begins to look like a value, and is none: labels, wrong checksums, half numbers
    "card 1 2 3 ", "ssn 1 ", "dob 1 ", "zip 1 ", "dl is 1 ", "secu 1 ", "ssn ssn ssn 1 ", "ssn: ", "born on the the the ", "12.com ", "12.de ", "+1 1 ", "1 ", "1-", "0 1 2 3 ",
    "1234567890 ", "1234567, ", "office 1234567 ", "1234567 office ", "415 555 2671 ", "order 415-555-2671 ", "+999 999 999 999 ", "+1234567890123456 ", "(04) 1 ", "0123 45 67 ", "1800 ",
    "1800 0000 0000 ", "visa 4111 1111 1111 1112 ", "card 9999999999999995 ", "1999 1999 1999 1999 card ", "4111 1111 1111 111 ", "card 12 34 56 78 90 12 34 ", "1.2.3.4 ", "version 1.2.3.4 ",
    "S1234567A ", "X1234567A ", "12345678A ", "529.982.247-24 ", "756.9217.0769.84 ", "RSSMRA85T10A562T ", "131052-308U ", "2 55 08 14 168 025 37 ", "order ABCPD1234E ", "AB123456 ", "nhs 1234567890 ",
    "DE89 3704 0044 0532 0130 01 ", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb ", "bc1qqqqqqqqqqqqq ", "1aaaaaaaaaaaaaaaaaaaaaaaaa ", "git@a.bc:", "@example.com ", "x://a:b@c.de ", "A1 ", "PO Box ",
    "2024-01-01T10:10:10Z,", "550e8400-e29b-41d4-a716-446655440000,", "card 1 2 3 ssn 1 12.com +1 1 4111 GB82 dob 1 call 12 34 1.1.1. @a.b (04) 1 12 Main ",
)  # fmt: skip
_VALUES = (
    "4111 1111 1111 1111 ", "4111111111111111,", "378282246310005 ", "jane.doe@example.com ", "a@b.co ", "https://example.com/a ", "aa.com ", "+1 415-555-2671 ", "+49301234567 ", "\n+4930123456", "call 4155552671 ", "tel 12 34 56 ",
    "GB82 WEST 1234 5698 7654 32 ", "DE89370400440532013000 ", "219-09-9999 ", "ssn: 219-09-9998 ", "203.0.113.9 ", "fe80::1 ", "12 Main St ", "PO Box 1 ", "1 rue ", "Hauptweg 1 ", "SW1A 1AA ", "born 12/03/1984 ",
    "S1234567D ", "12345678Z ", "529.982.247-25 ", "RSSMRA85T10A562S ", "2 55 08 14 168 025 38 ", "AB 12 34 56 C ", "nhs 9434765919 ", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ", "passport A123456 ", "zip 12345 ",
)  # fmt: skip
_DRAWN = {  # nothing that a cache could know
    "drawn digits": "0123456789",
    "drawn digits and spaces": "0123456789   ",
    "drawn digits and signs": "0123456789 .-()+/:_",
    "drawn letters and digits": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789      ",
    "drawn capitals and digits": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ",
    "drawn hex and colons": "0123456789abcdef::",
}
_NAMED: dict[str, Callable[[random.Random], str]] = {  # what stands before a value, and the value: as long as it takes for more than one to be named in a run
    "_key=": lambda r: "".join(r.choices(_DRAWN["drawn letters and digits"].strip(), k=26)),
    ".pass:": lambda r: "".join(r.choices(_DRAWN["drawn letters and digits"].strip(), k=26)),
    "-pwd:": lambda r: "-".join(r.choice(("Blue", "Tree", "House", "River")) for _ in range(6)) + "7",
}
_SMALL = 10_000
_SIZE = 60_000  # characters; what is reported is per million
_LIMIT = 100  # ms per MB: values below it need no row
_AGAIN = 4  # of the worst inputs, so many are run again


def _repeated(unit: str) -> str:
    return unit * (_SIZE // len(unit))


def _in_runs(name: str, make: Callable[[random.Random], str], draw: random.Random) -> str:
    """Runs in which each name names all that comes after it."""
    runs = list[str]()
    while sum(map(len, runs)) < _SIZE:
        runs.append("".join(name + make(draw) for _ in range(50))[:1990])
    return " ".join(runs)


def _walls() -> dict[str, str]:
    """Inputs for the pattern tiers in which no value is real, but for a few by chance."""
    draw = random.Random(1)
    drawn = {name: "".join(draw.choices(signs, k=_SIZE)) for name, signs in _DRAWN.items()}
    fours = {"drawn fours": " ".join(f"{draw.randrange(10_000):04}" for _ in range(_SIZE // 5)), "drawn cards": ", ".join(f"4{draw.randrange(10**15):015}" for _ in range(_SIZE // 18))}
    runs = {f"{name}.. in runs of 2,000": _in_runs(name, make, draw) for name, make in _NAMED.items()}
    return {label: make(_SIZE) for label, make in _HOSTILE.items()} | {unit.strip(): _repeated(unit) for unit in _NUMBERS} | drawn | fours | runs | dict(walls.nearly(_SIZE))


def ordinary(names: Names, labelled: Sequence[str]) -> dict[str, Any]:
    """ms per KB: prose, the benign rows of tests/detectors, and the labelled texts, which have a name in every line.

    `model alone` is spaCy's entity recognition of the same text in pieces of 1 KB: what the names tier cannot do without.
    """
    pii, secrets, model = Pii(), Secrets(), NerOnly()
    model.load()
    _as_in_a_worker()
    rows = "\n".join(text for _, text in benign.rows(each=4))
    texts = {"prose, 1 KB": (_PROSE * 3)[:1000], "prose, 20 KB": (_PROSE * 60)[:20000], "code, logs and records, 20 KB": (rows * 3)[:20000]}
    if labelled:
        texts |= {"labelled texts, 1 KB": " ".join(labelled)[:1000], "labelled texts, 20 KB": " ".join(labelled)[:20000]}
    found: dict[str, Any] = {}
    for name, text in texts.items():
        size = len(text.encode()) / 1000
        repeat = 30 if len(text) < 2000 else 8
        found[name] = {
            "pii patterns": round(_least(lambda t: pii.find(Text(t)), text, repeat) / size, 3),
            "secrets": round(_least(lambda t: secrets.find(Text(t)), text, repeat) / size, 3),
            "views alone": round(_least(lambda t: Text(t).views, text, repeat) / size, 3),
            "names": round(_least(lambda t: names.find(Text(t)), text, min(repeat, 10)) / size, 2),
            "model alone": round(_least(lambda t: list(model.entities(t[at : at + 1000] for at in range(0, len(t), 1000))), text, min(repeat, 10)) / size, 2),
        }
    return {"ms_per_kb": found, "processors": os.cpu_count(), "load": round(os.getloadavg()[2], 1)}


def resident_mb() -> int:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def hostile() -> dict[str, Any]:
    """ms per MB, the worst input for every recogniser, each run alone. The views are made beforehand, but for the rows that say so."""
    _as_in_a_worker()
    secrets, everything = Secrets(), Pii()
    inputs = _walls() | {unit.strip(): _repeated(unit) for unit in _VALUES} | dict(walls.walls(_SIZE))
    alone: dict[str, Pii | Secrets] = {f"pii {kind}": Pii(Options(kinds=frozenset({kind}))) for kind in sorted(KINDS)}
    found = {"views": _worst(lambda text: text.views, inputs, views=False)}
    for name, one in (alone | {"secrets": secrets, "pii, all patterns, views made": everything}).items():
        few, full = _parted(one.find, inputs)
        found[name] = _worst(one.find, few, views=True)
        if full and (worst := _worst(one.find, full, views=True))["ms_per_mb"] > _LIMIT:
            found[f"values, {name}"] = worst
    found["pii, all patterns"] = _worst(everything.find, inputs, views=False)
    found["secrets, with views"] = _worst(secrets.find, inputs, views=False)
    found["masked: pii and secrets, a window at a time"] = _worst(_masked, inputs, views=False)
    runs: dict[str, Callable[[Text], object]] = {
        "units": lambda text: units(text.raw),
        "units, where open": lambda text: open_from(text.raw),
        "names: rules of people": lambda text: [(list(people.signed(text.raw[a:b], "")), list(people.known(text.raw[a:b]))) for a, b in units(text.raw) if text.raw[a:b].strip()],
        "names: rules of places": lambda text: [list(places.placed(text.raw[a:b], text.raw[max(0, a - 256) : a])) for a, b in units(text.raw) if text.raw[a:b].strip()],
        "names: addresses": lambda text: [addresses.addresses(text.raw[a:b], text.raw[max(0, a - 256) : a]) for a, b in units(text.raw) if text.raw[a:b].strip()],
    }
    plain = {label: make(_SIZE) for label, make in _HOSTILE.items()}
    return found | {name: _worst(run, plain, views=False) for name, run in runs.items()}


def _as_in_a_worker() -> None:
    """No model and no table of results is gone through whenever a detector makes a few objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def _masked(text: Text) -> object:
    """As the text of a request, under rules that mask what is found."""
    return list(check(Walked((Leaf("", "", "", text.raw),)), guarding(MASKS, Direction.REQUEST)))


def _parted(find: Callable[[Text], Sequence[object]], inputs: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Inputs in which a recogniser finds next to nothing, and walls of what it takes for values: one in 500 characters."""
    found = {label: len(find(Text(raw[:5000]))) > 10 for label, raw in inputs.items()}
    return {label: raw for label, raw in inputs.items() if not found[label]}, {label: raw for label, raw in inputs.items() if found[label]}


def _worst(run: Callable[[Text], object], inputs: Mapping[str, str], *, views: bool) -> dict[str, Any]:
    """The input that costs most. views: whether they are made before the clock starts. What looks worst is run again: one hiccup of the machine is no cost."""
    costs = sorted(((_once(run, _viewed(raw) if views else Text(raw)), label) for label, raw in inputs.items()), reverse=True)
    again = [(min(cost, *(_once(run, _made(inputs[label], views=views)) for _ in range(4))), label) for cost, label in costs[:_AGAIN]]
    ms, label = max([*again, *costs[_AGAIN : _AGAIN + 1]])
    return {"ms_per_mb": round(ms * 1e6 / len(inputs[label]), 1), "input": label}


@cache
def _viewed(raw: str) -> Text:
    """With its views, which all recognisers share: none remembers what another has found."""
    return _made(raw, views=True)


def _made(raw: str, *, views: bool) -> Text:
    text = Text(raw)
    if views:
        assert text.views
    return text


def _once(run: Callable[[Text], object], text: Text) -> float:
    """ms for a text that this has not seen."""
    begun = time.process_time()
    run(text)
    return 1000 * (time.process_time() - begun)


def hostile_to_names(names: Names) -> dict[str, Any]:
    """ms per KB of the whole names tier on the inputs that are hardest for it, and on the average of all."""
    costs = sorted(((_least(lambda t: names.find(Text(t)), make(_SMALL), 1) * 1e3 / _SMALL, label) for label, make in _HOSTILE.items()), reverse=True)
    return {"worst_ms_per_kb": {label: round(cost, 1) for cost, label in costs[:5]}}


def _least(run: Callable[[str], object], text: str, repeat: int) -> float:
    """ms."""
    times = []
    for _ in range(repeat):
        begun = time.process_time()
        run(text)
        times.append(time.process_time() - begun)
    return 1000 * min(times)
