"""Secrets that are told by their name alone: `DB_PASSWORD=…`, `"api_key": "…"`, `--token …`, "my password is …".

A name is a *stem* (pass, secret, token, key …), what may stand around it, and a separator; right after it the value begins. A stem is
looked for in the lower-cased text, so that the search runs at the speed of a literal; a match never goes past the beginning of its
value, so two of them cannot hide each other, and where a text was cut before the name changes nothing (I3 of detectors.base).

What is found is the value; white space ends it, also within quotes: a pass phrase of several words is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from detectors import secret_values as values
from detectors.later import later

MAX_VALUE = 2000
NEAR = 40  # characters before a name that are looked at
REACH = 160  # characters from the beginning of a name to its value, at most

_QUOTE = r"(?:\\{0,4}[\"'`]|&(?:quot|apos|#34|#39|#x27|#x22);|%2[27])"
_SUFFIX = r"(?:[_\-. ]?(?:production|prod|dev|test|live|staging|stg|main|root|admin|primary|secondary|value|string|base64|b64|plaintext|plain|raw|env|new|old|v?\d{1,2}))?"
# (1) set by the words of a sentence, (2) by white space alone
_SEP = (
    rf"(?=[\"'`\\\]:=>|,(&%*_-]|\s{{1,8}}+(?:[^\w\s]|is|was|are|es|laut|will|set|equals|for|to|of|on|at|in|d[ue]|f\xfcr|zu|value|\S{{6}}))(?:{_QUOTE}|\]|\*\*|__){{0,3}}+(?:"
    rf"[ \t]{{0,8}}+(?:{_QUOTE}?\s?value ?=|: ?(?:str|string|text|optional\[str\]) ?=|:=|=>|->|={{1,3}}|:(?!:)|%3[ad]|\||,(?=\s?{_QUOTE})|>|\((?={_QUOTE}))(?:\*\*)?\s{{0,16}}+"
    r"|((?: (?:for|to|of|on|at|in|du|de|del|para|f\xfcr|zu)(?: [^\s\"=:;,.!?]{1,16}+){1,5}?)? (?:is|was|are|est|ist|es|lautet|will be|set to|equals)(?: now| currently| still| just)?:?\s{1,4}+)"
    r"|([ \t]{1,8}+))"
)
_BEGUN = _SEP.replace(r"\S{6}", r"\S|\Z")  # before a value that has only begun
# `password=password=`, `a=b=c`: refused in C, so that values in one run do not overlap and a wall of them stays linear
_ECHO = r"(?![&=]|[\w.-]{0,24}(?:=[^=\s\"'`,;&)}<]|(?<=pass|word|cret|oken|_key|ikey|auth)[=:]))"
# What is no secret by its letters alone, as secret_values has it, is refused in C too: short words after a password's name, no digit after a token's
_ENDS = r"(?:\s|\Z|(?(3)\3|[\"'`<>|\\,;]))"
_PLAIN_WORD = rf"(?![a-z]{{6,11}}+{_ENDS})"
_NO_DIGIT = rf"(?![a-z._-]{{6,19}}+{_ENDS})"
_BARE = r"[^\s\0\"'`<>|\\,;]"  # NUL parts what was unpacked (detectors.decoding.GAP)
STEMS: dict[str, str] = {
    "pass": r"pass(?:word|wd|wort|phrase|code|e)?",
    "pwd": "pwd",
    "pw": "pw(?!d)",
    "kennwort": "kennwort",
    "contrase": "contrase(?:\xf1a|na|n\u0303a)",
    "senha": "senha",
    "secret": "secret",
    "token": "token",
    "key": "key",
    "credential": "credentials?",
    "auth": "auth",
    "sig": "sig(?=[=%])",
}
_PASSWORDS = frozenset(("pass", "pwd", "pw", "kennwort", "contrase", "senha"))


@cache
def _pattern(stem: str) -> re.Pattern[str]:
    """A name up to the beginning of its value. Compiled when the stem is first met."""
    return re.compile(rf"(?>{STEMS[stem]}{_SUFFIX}{_SEP}(?:[rbfu@]?({_QUOTE}))?(?=[^\s\"`]{{6}}){_ECHO}){_PLAIN_WORD if stem in _PASSWORDS else _NO_DIGIT}")


@cache
def _open(stem: str) -> re.Pattern[str]:
    """The same where a value may have only begun, and the value."""
    return re.compile(
        rf"{STEMS[stem]}{_SUFFIX}{_BEGUN}(?:[rbfu@]?({_QUOTE})(?=((?:(?!\3)[^\s\0]){{0,{MAX_VALUE}}}+))|(?=({_BARE}{{0,{MAX_VALUE}}}+)))"
    )


_PLAIN = later(rf"{_BARE}++")
_UP_TO = {sign: later(rf"[^\s\0{sign}]{{6,{MAX_VALUE}}}+") for sign in "\"'`&%"}

_BEFORE_KEY = later(
    r"(?:api|access|secret|private|auth|authentication|encryption|signing|master|account|shared[_\- ]?access|shared|service|subscription|licen[sc]e|app|application|client|storage"
    r"|admin|deploy|webhook|integration|consumer|session|personal|developer|project|root|hmac|jwt|rest|server|live|openai|anthropic|azure|aws|gcp|google|stripe|mistral|cohere|groq"
    r"|datadog|dd|cloudflare|cf|heroku|twilio|sendgrid|mailgun|algolia|newrelic|new[_\- ]relic|grafana|gemini|replicate|deepgram|assemblyai|elevenlabs|voyage|pinecone|wandb|maps|github|gitlab)[_\-. ]?\Z"
)
_NO_TOKEN = later(r"(?:csrf|xsrf|page|next|prev|previous|continuation|cancel|cancellation|design|eos|bos|pad|unk|mask|stop|end|start|special|cache|idempotency|sync|num|max|min|total|prompt|completion|input|output|per|last|first|tracking|sort)[_\- ]?\Z")
_NO_SECRET = later(r"(?:kubernetes|image[_\- ]?pull|tls|top)[_\-. ]?\Z")
_CUT = later(r"&(?=\w{1,32}=|(?:quot|apos|#34|#39|lt|gt|amp);)|\}\}|\)(?=[.)])|%26(?=\w{1,32}(?:=|%3d))|[^\w\s.-](?=[\w.-]{0,24}(?:pass|pwd|word|secret|token|key|auth)\w{0,8}[=:])")
_DSN = later(r"(?:server|data source|addr|address|host|initial catalog|endpoint|uid|user id|username|user|database|driver)\s?=[^=\n]{1,80}[;]")
_SAS = later(r"[A-Za-z0-9%+/]{40,100}(?:=|%3[dD])?")

_HEX32 = later(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
_UUID = later(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KEY = later(r"[A-Za-z0-9_-]{30,100}")
# Whose key it is, by the name near it: keys without a form of their own, and the form they do have.
_OWNERS: tuple[tuple[re.Pattern[str], str, re.Pattern[str]], ...] = (
    (later(r"datadog|\bdd_"), "DATADOG_KEY", _HEX32),
    (later(r"cloudflare|\bcf_"), "CLOUDFLARE_TOKEN", _KEY),
    (later("mistral"), "MISTRAL_KEY", _KEY),
    (later(r"cohere|\bco_api"), "COHERE_KEY", _KEY),
    (later("heroku"), "HEROKU_KEY", _UUID),
    (later("twilio"), "TWILIO_KEY", _HEX32),
    (later("azure"), "AZURE_OPENAI_KEY", later(r"[0-9a-fA-F]{32}|[A-Za-z0-9]{84}")),
    (later("algolia"), "ALGOLIA_KEY", _HEX32),
    (later("mailgun"), "MAILGUN_KEY", later(r"[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}|[0-9a-f]{32}")),
    (later("grafana"), "GRAFANA_TOKEN", later(r"[A-Za-z0-9=]{50,300}")),
    (later(r"new.?relic"), "NEWRELIC_KEY", _KEY),
)
_AWS = later(r"[A-Za-z0-9/+=]{40}")
_STORAGE = later(r"[A-Za-z0-9+/]{60,90}={0,2}")
NAMED_KINDS = frozenset(("PASSWORD", "SECRET", "TOKEN", "API_KEY", "CREDENTIALS", "CONNECTION_STRING", "AWS_SECRET_KEY", "AZURE_STORAGE_KEY", *(kind for _, kind, _ in _OWNERS)))


Named = tuple[int, int, int, str, float]  # where the name begins, where the value begins and ends, kind, score


def lowered(text: str) -> str:
    """Lower case, of the same length."""
    low = text.lower()
    return low if len(low) == len(text) else text.replace("\u0130", "i").lower()


def named(text: str, low: str, floor: int, *, whole: bool = True) -> Iterator[Named]:
    """Every named secret whose value begins at `floor` or later. low: lowered(text).  whole: what stands before the name is all there."""
    verdicts: dict[tuple[str, str], tuple[str, int, int, float] | None] = {}
    for stem in STEMS:
        if stem not in low:
            continue
        bare = 0
        for match in _pattern(stem).finditer(low):
            start = match.end()
            if start < floor:
                continue
            name, quote = match.start(), match[3]
            if quote:
                run = _UP_TO[quote.lstrip("\\")[0]].match(text, start)
                end = run.end() if run else start
            else:
                if start >= bare:  # else this value ends where the one before it does: a long run is read once
                    run = _PLAIN.match(text, start)
                    bare = run.end() if run else start
                limit = min(bare, start + MAX_VALUE)
                cut = None if low[start:limit].isalnum() else _CUT.search(low, start, limit)
                end = cut.start() if cut else bare
            if not 6 <= end - start < MAX_VALUE:
                continue
            # the verdict hangs on what is looked at here and on nothing else, so the same text again costs a look-up
            key = (low[max(0, name - NEAR) : name], text[name : end + 1])
            if key in verdicts:
                verdict = verdicts[key]
            else:
                verdict = verdicts[key] = _judge(text, low, stem, match, text[start:end])
            if verdict:
                kind, skip, size, score = verdict
                if kind == "PASSWORD" and whole and low.find(";", max(0, name - 2 * NEAR), name) >= 0 and _DSN.search(low, max(0, name - 2 * NEAR), name):
                    kind = "CONNECTION_STRING"
                yield name, start + skip, start + skip + size, kind, score


def values_at(low: str) -> Iterator[tuple[int, int]]:
    """Start and end of everything that stands where a named value would, complete or not, secret or not. low: lowered text."""
    for stem in STEMS:
        if stem in low:
            for match in _open(stem).finditer(low):
                yield match.span(4 if match[3] else 5)


def _judge(text: str, low: str, stem: str, match: re.Match[str], value: str) -> tuple[str, int, int, float] | None:
    """kind, characters to skip, length, score; None if it is no secret."""
    name, start, prose, bare, quote = match.start(), match.end(), match[1] is not None, match[2] is not None, match[3]
    if quote:
        if text[start + len(value) : start + len(value) + 1].isspace():
            return None  # several words
        value = value.rstrip("\\") if quote.startswith("\\") else value
    else:
        value = value.rstrip(".:)]}")
        value = value if any(map(str.isdigit, value)) else value.rstrip("?!")
    before = low[max(0, name - NEAR) : name]
    if len(value) < 6 or value.startswith("-----") or (bare and not quote and not _FLAG.search(before)):
        return None
    if stem in _PASSWORDS:
        return _password(value, stem, text, name, before[-1:], prose=prose, quoted=bool(quote))
    return _machine(value, stem, before, low[name:start], prose=prose, quoted=bool(quote))


_FLAG = later(r"(?<![a-z0-9_-])--?[a-z0-9_.-]{0,30}\Z|\benv [a-z0-9_]{0,30}\Z|\b(?:login|machine|user) \S{1,30} \Z")


def _password(value: str, stem: str, text: str, name: int, last: str, *, prose: bool, quoted: bool) -> tuple[str, int, int, float] | None:
    glued = last.isalpha() and not (text[name].isupper() and text[name - 1].islower())
    if glued and (stem == "pw" or (stem == "pass" and text[name : name + 5].lower() not in ("passw", "passp", "passc"))):
        return None  # bypass, compass
    if (prose and not values.said(value)) or (not prose and not values.chosen(value, quoted=quoted)):
        return None
    return "PASSWORD", 0, len(value), 0.6 if prose else 0.8


def _machine(value: str, stem: str, before: str, name: str, *, prose: bool, quoted: bool) -> tuple[str, int, int, float] | None:
    """Secrets that machines draw."""
    kind, least = "TOKEN", 16
    if not quoted and ((stem == "auth" and not name.endswith("=")) or values.code(value)):
        return None
    if stem == "key":
        if not _BEFORE_KEY.search(before):
            return None
        kind, least = "API_KEY", 10
    elif stem == "token":
        if _NO_TOKEN.search(before):
            return None
        least = 10 if before[-1:] in ("_", "-") or before[-1:].isalpha() else 12
    elif stem == "secret":
        if _NO_SECRET.search(before):
            return None
        kind, least = "SECRET", 8
    elif stem == "credential":
        kind = "CREDENTIALS"
    elif stem == "sig":
        return ("AZURE_STORAGE_KEY", 0, len(value), 0.85) if before[-1:] in ("&", "?", ";") and _SAS.fullmatch(value) and not values.stand_in(value) else None
    if prose:
        least = max(least, 12)
    if not values.drawn(value, least):
        return None
    near = before + name
    if stem == "key" and "secret" in near and _AWS.fullmatch(value):
        return "AWS_SECRET_KEY", 0, len(value), 0.9
    if stem == "key" and "account" in near and _STORAGE.fullmatch(value):
        return "AZURE_STORAGE_KEY", 0, len(value), 0.9
    for owner, owned, form in _OWNERS:
        if owner.search(near) and form.fullmatch(value):
            return owned, 0, len(value), 0.9
    return kind, 0, len(value), 0.8
