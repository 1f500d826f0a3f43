"""The format detector against the public JSON-Schema-Test-Suite, and its language check against whole sentences.

The suite (MIT) is not checked in: it is the directory `json` of the source distribution of `jsonschema` 4.26.0 on the Python package index, or a clone of
json-schema-org/JSON-Schema-Test-Suite. Each schema is compiled and each value judged as a reply would be: written as JSON, parsed, validated.

    python evaluation/guards/format.py --suite jsonschema-4.26.0/json
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent.parent)]

from detectors.format_json import Broken, Schema, parse  # noqa: E402
from detectors.format_language import LANGUAGES, language_of  # noqa: E402

DRAFTS = {
    "draft4": "http://json-schema.org/draft-04/schema#",
    "draft6": "http://json-schema.org/draft-06/schema#",
    "draft7": "http://json-schema.org/draft-07/schema#",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
}
ELSEWHERE = "localhost:1234"  # where the suite's other documents are served from


def measure(suite: Path) -> dict[str, Any]:
    """By draft: how many verdicts, how many equal to the suite's, what was refused. elsewhere: schemas that need another document, which must be refused.

    Raises FileNotFoundError if the suite is not there.
    """
    if not (suite / "tests").is_dir():
        raise FileNotFoundError(f"{suite}: expected the JSON-Schema-Test-Suite, with a directory tests; see the head of {Path(__file__).name}")
    return {draft: _draft(suite / "tests" / draft, name) for draft, name in DRAFTS.items()}


def _draft(folder: Path, name: str) -> dict[str, Any]:
    verdicts = equal = elsewhere = 0
    unequal: list[str] = []
    refused: list[str] = []
    for path in sorted(folder.glob("*.json")):
        for group in json.loads(path.read_text(encoding="utf-8")):
            schema = group["schema"]
            if isinstance(schema, dict) and "$schema" not in schema:
                schema = {"$schema": name, **schema}
            try:
                compiled = Schema(json.dumps(schema))
            except ValueError as failed:
                if ELSEWHERE in json.dumps(schema) and "leaves the schema" in str(failed):
                    elsewhere += 1
                else:
                    refused.append(f"{path.name}: {group['description']}: {failed}")
                continue
            for test in group["tests"]:
                reply = json.dumps(test["data"])
                parsed = parse(reply)
                verdict = not isinstance(parsed, Broken) and compiled.valid(parsed.value)
                verdicts += 1
                equal += verdict == test["valid"]
                if verdict != test["valid"]:
                    unequal.append(f"{path.name}: {group['description']}: {test['description']}")
                elif not verdict and not isinstance(parsed, Broken) and not compiled.violations(parsed.value, len(reply)):
                    unequal.append(f"{path.name}: {group['description']}: {test['description']}: nothing to tell")
    return {"verdicts": verdicts, "equal": equal, "unequal": unequal, "refused": refused, "elsewhere": elsewhere}


def languages() -> dict[str, dict[str, int]]:
    """By language, on the example sentences that spaCy ships (one at a time): right, not told, wrong."""
    found: dict[str, dict[str, int]] = {}
    for language in sorted(LANGUAGES):
        try:
            sentences = importlib.import_module(f"spacy.lang.{'nb' if language == 'no' else language}.examples").sentences
        except ImportError:
            continue
        told = [language_of(each) for each in sentences]
        found[language] = {"right": told.count(language), "untold": told.count(None), "wrong": sum(each not in (language, None) for each in told)}
    return found


def speed() -> dict[str, float]:
    """CPU milliseconds on a reply of 1 KB: parsed and judged by a schema of some depth."""
    item = {"type": "object", "properties": {"sku": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]+$"}, "price": {"type": "number", "minimum": 0}}, "required": ["sku"]}
    schema = Schema(json.dumps({"type": "object", "properties": {"lines": {"type": "array", "items": item}}, "required": ["lines"]}))
    reply = json.dumps({"lines": [{"sku": f"AB-{n}", "price": n / 4} for n in range(32)]})
    least = 1e9
    for _ in range(5):
        start = time.process_time()
        for _ in range(200):
            parsed = parse(reply)
            assert not isinstance(parsed, Broken) and schema.valid(parsed.value)
        least = min(least, time.process_time() - start)
    return {"characters": len(reply), "ms": round(least * 5, 4)}


def main() -> int:
    """Returns the exit code: 0 all verdicts are equal, 1 some are not, 2 the suite is not there."""
    parser = argparse.ArgumentParser(description="Judge the public JSON Schema suite with the format detector.")
    parser.add_argument("--suite", type=Path, required=True, help="the directory that holds tests/draft7 and the others")
    suite = parser.parse_args().suite
    try:
        drafts = measure(suite)
    except FileNotFoundError as failed:
        sys.stderr.write(f"{failed}\n")
        return 2
    sys.stdout.write(json.dumps({"schema": drafts, "languages": languages(), "speed": speed()}, indent=1) + "\n")
    return int(any(draft["unequal"] or draft["refused"] for draft in drafts.values()))


if __name__ == "__main__":
    sys.exit(main())
