"""Train the injection detector: `python evaluation/training/injection.py --sets DIRECTORY [--packages SITE_PACKAGES]`.

Writes detectors/weights/injection.npz (two linear heads over detectors.lexical) and injection.json (the logistic judgement over them, and what it was
trained on: seed, SHA-256 of the sets, counts). Needs numpy and scikit-learn, and pyarrow for one of the sets; the detector itself needs numpy alone.
The same seed, files and versions give the same figures.

1  Texts of the training side alone (evaluation/guards/injection_sets.py says which that is), nothing that nearly is a test text, and texts of
   our own (injection_texts.py). A quarter of the attacks of the sets is also shown in disguise: digits for letters, points between, capitals.
2  Each is cut into the windows that the detector will see. A document with an attack planted in it gives attacks where that stands, and nowhere else.
3  A head per source by logistic regression. Material has attacks of its own (orders to whoever reads a document); prompts of an app's owner are
   clean in what a user says and left out of material.
4  The judgement over windows and rules is fitted on margins of heads that have not seen the text (FOLDS folds by group), on whole texts of all
   lengths. Its bias is then set so that at 0.5 no sort of clean text of the training side alarms more often than CEILING says.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "evaluation" / "training"), str(ROOT / "evaluation" / "guards"), str(ROOT)]

import injection_abroad as abroad  # noqa: E402
import injection_grammar as grammar  # noqa: E402
import injection_languages as languages  # noqa: E402
import injection_material as material  # noqa: E402
import injection_sets as sets  # noqa: E402
import injection_texts as own  # noqa: E402
import lookalikes  # noqa: E402
import phrases  # noqa: E402
from injection_sets import ATTACK, CLEAN, Example  # noqa: E402
from scipy.optimize import minimize  # noqa: E402
from scipy.sparse import csr_matrix  # noqa: E402
from scipy.special import expit  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

from detectors import injection, lexical  # noqa: E402
from detectors.text import Text  # noqa: E402

SEED, FOLDS, BITS = 20251, 4, 18
INVERSE_REGULARISATION = 12.0
WEIGHTS = ROOT / "detectors" / "weights"
# How often clean texts of the training side may alarm at 0.5, by sort; of sorts not named: OTHERWISE.
CEILING = {"look-alikes": 0.05, "role prompts": 0.07, "articles": 0.05, "s-labs": 0.03, "neuralchemy": 0.05, "everyday": 0.03, "requests": 0.03, "stretches": 0.04, "abroad": 0.03, "talk": 0.03, "documents": 0.025}
OTHERWISE = 0.01
# The least that each term of the judgement must count. Rules hardly ever fire on clean text, wherever it is from; on texts like those that the heads
# were trained on they add nothing, which says little about others. The loudest window counts too: an attack may be a small part of what a user pastes.
LEAST = {
    "user": {"top": 0.6, injection.INSTRUCTION_OVERRIDE: 3.0, injection.ROLE_PLAY: 3.0, injection.EXFILTRATION: 3.0, injection.HIDDEN_TEXT: 3.0, injection.TEMPLATE_TOKENS: 1.5},
    "material": {"top": 0.6, injection.INSTRUCTION_OVERRIDE: 3.0, injection.ROLE_PLAY: 2.0, injection.EXFILTRATION: 3.0, injection.HIDDEN_TEXT: 3.0, injection.TEMPLATE_TOKENS: 1.5, injection.ADDRESSES_MODEL: 3.0},
}
LONGEST = -0.3  # the most that being e times as long may speak for a text: long attacks are attacks all along
NOT_FOR = {"user": {"orders", "planted"}, "material": {"role prompts"}}
LEET = str.maketrans("aeiost", "4310$7")


def out(*told: object) -> None:
    sys.stdout.write(" ".join(map(str, told)) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the injection detector.")
    parser.add_argument("--sets", type=Path, required=True, help="the directory of the labelled sets")
    parser.add_argument("--packages", type=Path, help="where Python packages are installed, whose documents are the clean ones (default: this Python's)")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    r = Random(SEED)
    texts, about = gathered(args.sets, args.packages, r)
    out({f"{origin} {label}": n for (origin, label), n in sorted(Counter((e.origin, e.label) for e in texts).items())})
    shown = [(e, window, label) for e in texts for window, label in windows(e)]
    rows, rarities = matrix([window for _, window, _ in shown])
    labels = np.array([label for _, _, label in shown])
    folds = np.array([fold(e) for e, _, _ in shown])
    weight = np.array([weight_of(e, window) for e, window, _ in shown])
    out("windows", rows.shape, "attacks", int(labels.sum()))

    used = {source: np.array([e.origin not in NOT_FOR[source] or (source == "user" and label == ATTACK and e.origin == "orders") for e, _, label in shown]) for source in injection.SOURCES}
    by_fold = []
    for number in range(FOLDS):
        by_fold.append(heads(rows, rarities, labels, weight, {source: used[source] & (folds != number) for source in used}))
        out("fold", number)
    final = heads(rows, rarities, labels, weight, used)
    final.save(args.out / "injection.npz")

    figures: dict[str, Any] = {"terms": list(injection.TERMS)}
    for source in injection.SOURCES:
        judged = [e for e in sampled(texts, r) if e.origin not in NOT_FOR[source]]
        terms = np.array([injection.gather(Text(e.text), source, by_fold[fold(e)]).terms for e in judged])
        figures[source] = weighed(terms, judged, source)
    figures["trained"] = about | {"seed": SEED, "folds": FOLDS, "bits": BITS, "inverse_regularisation": INVERSE_REGULARISATION, "windows": len(shown), "texts": {f"{origin}, {'attacks' if label else 'clean'}": n for (origin, label), n in sorted(Counter((e.origin, e.label) for e in texts).items())}}
    (args.out / "injection.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def gathered(folder: Path, packages: Path | None, r: Random) -> tuple[list[Example], dict[str, Any]]:
    """The training texts, and what is to be written down about them."""
    train, test, hashes = sets.labelled(folder)
    clean, clean_test = sets.documents(packages)
    before = len(train)
    train = sets.apart(train, test)
    users = [e for e in train if e.origin == "clinc150"]
    train = [e for e in train if e.origin != "clinc150"] + r.sample(users, 6000)
    clean = sets.apart(clean, clean_test)
    long = [e._replace(text=e.text[at : at + size], group=e.group) for e in clean for at, size in [(r.randrange(max(1, len(e.text) - 2000)), int(math.exp(r.uniform(6, 9.9))))]]
    texts = train + [e for e in clean if e.origin == "documents"] + r.sample([e for e in clean if e.origin == "code"], min(150, sum(e.origin == "code" for e in clean)))
    attacks = [e for e in train if e.label == ATTACK]
    for e in r.sample(attacks, len(attacks) // 4):
        texts.append(Example(disguised(e.text, r), ATTACK, "disguised", e.group or e.text[:60]))
    for name, make, label, count in (
        ("role prompts", own.role_prompt, CLEAN, 1200),
        ("look-alikes", own.look_alike, CLEAN, 2500),
        ("articles", own.article, CLEAN, 400),
        ("tool results", own.tool_result, CLEAN, 1200),
        ("orders", own.order, ATTACK, 1200),
        ("role plays", own.role_play, ATTACK, 900),
        ("other languages", languages.attack, ATTACK, 3500),
        ("takeovers", grammar.attack, ATTACK, 4000),
        ("requests", grammar.request, CLEAN, 4000),
        ("role prompts", grammar.owner, CLEAN, 500),
        ("talk", grammar.talk, CLEAN, 2500),
        ("orders", material.order, ATTACK, 2500),
        ("stretches", material.clean, CLEAN, 3000),
        ("other languages", abroad.attack, ATTACK, 3500),
        ("abroad", abroad.request, CLEAN, 2500),
        ("orders", abroad.order, ATTACK, 2000),
        ("abroad", abroad.document, CLEAN, 1000),
    ):
        for made in (make(r) for _ in range(count)):
            texts.append(Example(made, label, name) if isinstance(made, str) else Example(made[0], label, name, made[1]))
    for origin, lines, label, count in (("foreign", own.FOREIGN, ATTACK, 14), ("everyday", own.EVERYDAY, CLEAN, 14)):
        for line in lines:
            texts += [Example(" ".join([line, *r.sample(lines, k)]), label, origin, line) for k in [0] * (count // 2) + [1] * (count // 2)]
    harmful = [text for text, _ in phrases.meant()]  # which is no injection
    texts += [Example(text, CLEAN, "said", text) for text in (*harmful, *phrases.close(), *lookalikes.sentences(lookalikes.TRAINING))]
    texts += sets.translations()
    hosts = [e.text for e in long if len(e.text) > 500] + [own.tool_result(r) for _ in range(300)]
    for _ in range(2500):
        what = r.choice((own.order(r), own.order(r), material.order(r)[0], material.order(r)[0], abroad.order(r)[0]))
        text, start, end = own.planted(r, r.choice(hosts), what)
        texts.append(Example(text, ATTACK, "planted", f"{start}:{end}"))
    return texts, {"sha256": hashes, "near_duplicates_left_out": before - len(train) - (len(users) - 6000)}


def disguised(text: str, r: Random) -> str:
    sort = r.randrange(5)
    if sort == 0:
        return text.lower().translate(LEET)
    if sort == 1:
        return text.upper()
    if sort == 2:
        return "".join(c + r.choice(("", "", "", ".", "-", "_")) if c.isalpha() else c for c in text)
    if sort == 3:
        return "".join(c if r.random() > 0.06 else r.choice(("", c + c, r.choice("aeioutns"))) for c in text)
    return " ".join(word if r.random() > 0.25 else word.translate(LEET) for word in text.lower().split())


def fold(e: Example) -> int:
    group = e.text if e.origin == "planted" or not e.group else e.group
    return sha256(group.encode("utf-8", "surrogatepass")).digest()[0] % FOLDS


def windows(e: Example) -> list[tuple[str, int]]:
    """What the detector sees of a text, and whether that is an attack. Of a planted document: the windows with the half of the attack in them, and three without."""
    text = Text(e.text).folded
    spans, _ = injection.cut(text.text, 400)
    if e.origin != "planted":
        return [(text.text[start:end], e.label) for start, end in spans]
    begin, stop = (int(at) for at in e.group.split(":"))
    hit = [span for span in spans if min(span[1], stop) - max(span[0], begin) >= min(80, (stop - begin) / 2)]
    others = [span for span in spans if span[1] <= begin or span[0] >= stop][:3]
    return [(text.text[start:end], ATTACK) for start, end in hit] + [(text.text[start:end], CLEAN) for start, end in others]


def weight_of(e: Example, window: str) -> float:
    """Windows of one text count as one or two, those of our own templates less than what people wrote."""
    many = max(1.0, len(e.text) / injection.STRIDE)
    base = {"disguised": 0.4, "orders": 0.5, "role plays": 0.5, "other languages": 0.7, "look-alikes": 0.5, "role prompts": 0.5, "tool results": 0.5, "foreign": 0.4, "everyday": 0.4, "articles": 0.5, "planted": 0.4, "takeovers": 0.5, "requests": 0.5, "stretches": 0.5, "abroad": 0.5, "talk": 0.5}.get(e.origin, 1.0)
    return base * (1.0 if e.label == CLEAN or e.origin == "planted" else min(1.0, 2 / many))


def matrix(texts: list[str]) -> tuple[csr_matrix, np.ndarray]:
    """Windows as rows of a sparse matrix, weighed by how rare each place is, and that."""
    sparse = [lexical.vector(text, BITS) for text in texts]
    rarities = lexical.rarity(sparse, BITS)
    sparse = [lexical.weighed(each, rarities) for each in sparse]
    ends = np.cumsum([0, *(len(each.at) for each in sparse)])
    made = csr_matrix((np.concatenate([each.values for each in sparse]), np.concatenate([each.at for each in sparse]), ends), shape=(len(texts), 1 << BITS))
    made.sum_duplicates()
    return made, rarities


def heads(rows: csr_matrix, rarities: np.ndarray, labels: np.ndarray, weight: np.ndarray, used: dict[str, np.ndarray]) -> lexical.Heads:
    names, weights, biases = [], [], []
    for source, mask in used.items():
        model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=300, tol=1e-4)
        model.fit(rows[mask], labels[mask], sample_weight=weight[mask])
        names.append(source)
        weights.append(model.coef_[0])
        biases.append(model.intercept_[0])
    return lexical.Heads.quantised(names, np.array(weights), np.array(biases), rarities)


def never_less(terms: np.ndarray, labels: np.ndarray, share: np.ndarray, least: dict[str, float]) -> tuple[np.ndarray, float]:
    """Weights and bias of a logistic regression in which more of anything but windows never speaks for a text, and each counts at least `least`."""
    signs = 2.0 * labels - 1

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (terms @ at[:-1] + at[-1])
        slope = -share * signs * expit(-margins)
        return float(share @ np.logaddexp(0, -margins) + 0.5 * at[:-1] @ at[:-1]), np.append(slope @ terms + at[:-1], slope.sum())

    bounds = [(LONGEST, 0.0) if term == "ln_windows" else (least.get(term, 0.0), None) for term in injection.TERMS] + [(None, None)]
    found = minimize(loss, np.array([low or 0.0 for low, _ in bounds]), jac=True, method="L-BFGS-B", bounds=bounds)
    return found.x[:-1], float(found.x[-1])


def sampled(texts: list[Example], r: Random) -> list[Example]:
    """Whole texts for the judgement: fewer of the short ones."""
    by: dict[tuple[str, int], list[Example]] = {}
    for e in texts:
        by.setdefault((e.origin, e.label), []).append(e)
    return [e._replace(text=e.text[: r.choice((3000, 10000, 30000))]) if e.origin != "planted" else e for group in by.values() for e in r.sample(group, min(len(group), 1200))]


def weighed(terms: np.ndarray, judged: list[Example], source: str) -> dict[str, Any]:
    """The logistic judgement of one source."""
    labels = np.array([e.label for e in judged])
    sort = np.array([e.origin for e in judged])
    share = np.array([1 / np.sqrt(np.sum((sort == e.origin) & (labels == e.label))) for e in judged])
    weights, bias = never_less(terms, labels, share * len(share) / share.sum(), LEAST[source])
    logits = terms @ weights
    clean = labels == CLEAN
    levels = {name: float(np.quantile(logits[clean & (sort == name)], 1 - CEILING.get(name, OTHERWISE))) for name in sorted(set(sort[clean]))}
    level = max(levels.values())
    out(source, {name: round(value, 2) for name, value in zip(injection.TERMS, weights.tolist(), strict=True)}, "bias", round(bias, 2))
    out(" levels", {k: round(v, 2) for k, v in levels.items()})
    for name in sorted(set(sort)):
        for label in (CLEAN, ATTACK):
            mask = (sort == name) & (labels == label)
            if mask.any():
                out(f"   {name:24} {label} n {mask.sum():5} over the level {(logits[mask] > level).mean():.3f}")
    return {"weights": [round(value, 4) for value in weights.tolist()], "bias": round(-level, 4), "bias_as_fitted": round(bias, 4)}


if __name__ == "__main__":
    main()
