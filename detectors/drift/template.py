"""A prompt's fixed template, learned from traffic: what nearly all prompts of one version share is the template, what is left is what users wrote.

Learned on both samples together (else the template itself would drift), from distinct texts, chosen whatever their order. Versions are told apart by what only templates have:
long lines, long beginnings or ends that many distinct texts share. Of texts with the same ones, fixed is, first, what all begin and end with; then lines and
sentences of nearly all; then, within those left, runs of three words and marks, begin and end among them, that nearly all have.
No template: fewer than LEAST distinct texts (all the same one: it stays as it is, for nothing tells its template from its content), or parts that would leave nothing
of most texts. Pure; linear in the texts, of each of which at most the first and last EDGE characters are looked at: what is between is left as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

LEAST = 8  # distinct texts of a version
EDGE = 16_384  # characters
_SAMPLE = 400  # distinct texts that are learned from
_NEARLY_ALL = 0.9
_MANY = 0.1  # of the sample: what so many begin, end with or have as a line tells a version, if it is long
_LONG = 40  # characters
_VERSIONS = 16
_RUN = 3  # words and marks that are fixed only together
_START, _END = "\x02", "\x03"  # of a sentence, as tokens
_SENTENCE = re.compile(r"(\n|(?<=[.!?:;])[^\S\n]+|(?<=[\u3002\uff01\uff1f]))")
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]+")
_WORD = re.compile(r"\w+|[^\w\s]+")

Run = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """prefix, suffix: what every text begins and ends with.  sentences: or lines, stripped.  runs: of tokens within other sentences, without blanks."""

    prefix: str = ""
    suffix: str = ""
    sentences: frozenset[str] = frozenset()
    runs: frozenset[Run] = frozenset()

    def rest(self, text: str) -> str:
        """What is not fixed, in order, a line per stretch; blanks around it stay."""
        left: list[str] = []
        whole = True  # nothing fixed since the last sentence
        parts = _SENTENCE.split(_without_ends(text, self.prefix, self.suffix))
        for at in range(0, len(parts), 2):
            if parts[at].strip() in self.sentences:
                whole = False
                continue
            kept = self._loose(parts[at])
            if left:
                left.append(parts[at - 1] if whole and kept == [parts[at]] else "\n")
            left.append("\n".join(kept))
            whole = kept == [parts[at]]
        return "".join(left)

    def _loose(self, sentence: str) -> list[str]:
        """The stretches that are not fixed."""
        if not self.runs or self.runs.isdisjoint(_runs(_WORD.findall(sentence))):
            return [sentence]
        tokens = _TOKEN.findall(sentence)
        words = [at for at, token in enumerate(tokens) if not token.isspace()]
        fixed = [False] * len(tokens)
        for number, run in enumerate(_runs([tokens[at] for at in words])):
            if run in self.runs:
                for at in words[max(0, number - _RUN + 1) : number + 1]:
                    fixed[at] = True
        stretches: list[list[str]] = [[]]
        for token, gone in zip(tokens, fixed, strict=True):
            if gone:
                stretches.append([])
            else:
                stretches[-1].append(token)
        return [text for text in ("".join(stretch).strip() for stretch in stretches) if any(map(str.isalnum, text))]


@dataclass(frozen=True, slots=True)
class Template:
    """versions: by the long parts that tell them.  otherwise: of texts that have none of these."""

    versions: dict[frozenset[str], Version] = field(default_factory=dict)
    tells: frozenset[str] = frozenset()
    otherwise: Version = Version()

    def rest(self, text: str) -> str:
        """A text without its template, without blanks around; as it stands, if nothing was learned."""
        if not self.versions and self.otherwise == Version():
            return text
        version = self.versions.get(_tells(text, self.tells))
        middle = text[EDGE:-EDGE] if len(text) > 2 * EDGE else ""
        if not middle:
            return (version or self.otherwise).rest(text).strip()
        first, last = ((version or self.otherwise).rest(part) for part in (text[:EDGE], text[-EDGE:]))
        return f"{first}{middle}{last}".strip()


def learn(texts: Iterable[str]) -> Template:
    """The template of both samples' texts together."""
    distinct = list(dict.fromkeys(text for text in texts if text.strip()))
    if len(distinct) < LEAST:
        return Template()
    sample = [_clipped(text) for text in sorted(distinct, key=lambda text: (crc32(text.encode("utf-8", "surrogatepass")), text))[:_SAMPLE]]
    many = max(LEAST, _MANY * len(sample))
    counts = Counter(part for text in sample for part in _long(text))
    tells = frozenset(part for part, count in counts.items() if count >= many)
    groups: dict[frozenset[str], list[str]] = {}
    for text in sample:
        groups.setdefault(_tells(text, tells), []).append(text)
    largest = sorted((group for group in groups.items() if len(group[1]) >= LEAST), key=lambda group: (-len(group[1]), sorted(group[0])))[:_VERSIONS]
    return Template({told: _version(group) for told, group in largest}, tells, _version(sample))


def _version(texts: Sequence[str]) -> Version:
    prefix = _whole_words(_common(min(texts), max(texts)))
    backwards = [text[len(prefix) :][::-1] for text in texts]
    suffix = _whole_words(_common(min(backwards), max(backwards)))[::-1]
    middles = [_SENTENCE.split(_without_ends(text, prefix, suffix))[::2] for text in texts]
    need = _NEARLY_ALL * len(texts)
    counts = Counter(sentence for middle in middles for sentence in {sentence.strip() for sentence in middle})
    fixed = frozenset(sentence for sentence, count in counts.items() if count >= need and sentence)
    loose = ([sentence for sentence in middle if sentence.strip() not in fixed] for middle in middles)
    runs = Counter(run for middle in loose for run in {run for sentence in middle for run in _runs(_WORD.findall(sentence))})
    version = Version(prefix, suffix, fixed, frozenset(run for run, count in runs.items() if count >= need))
    return Version() if sum(not version.rest(text).strip() for text in texts) * 2 > len(texts) else version


def _common(one: str, other: str) -> str:
    """What both begin with."""
    for at, (here, there) in enumerate(zip(one, other, strict=False)):
        if here != there:
            return one[:at]
    return min(one, other, key=len)


def _whole_words(text: str) -> str:
    """Without a last word, of which the rest may follow."""
    end = len(text)
    while end and (text[end - 1].isalnum() or text[end - 1] == "_"):
        end -= 1
    return text[:end]


def _without_ends(text: str, prefix: str, suffix: str) -> str:
    if prefix and text.startswith(prefix):
        text = text[len(prefix) :]
    return text[: -len(suffix)] if suffix and text.endswith(suffix) else text


def _long(text: str) -> set[str]:
    """What may tell a version: long lines, a long beginning, a long end."""
    return {line.strip() for line in text.split("\n") if len(line.strip()) >= _LONG} | ({_START + text[:_LONG], text[-_LONG:] + _END} if len(text) >= 2 * _LONG else set())


def _tells(text: str, tells: frozenset[str]) -> frozenset[str]:
    return frozenset(tells.intersection(_long(_clipped(text)))) if tells else tells


def _clipped(text: str) -> str:
    return text if len(text) <= 2 * EDGE else f"{text[:EDGE]}\n{text[-EDGE:]}"


def _runs(words: Sequence[str]) -> list[Run]:
    """Runs of a sentence, its start and end among them: the run at number n ends with word n; those beyond hold its end."""
    if not words:
        return []
    padded = [*[_START] * (_RUN - 1), *words, *[_END] * (_RUN - 1)]
    return list(zip(padded, padded[1:], padded[2:], strict=False))
