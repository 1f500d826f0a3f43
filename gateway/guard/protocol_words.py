"""The words that protocols are made of: what may be kept of a body whose content may not.

A word is one of these, or several of them put together (`tool_use`, `chat.completion.chunk`, `MAX_TOKENS`, `ResponsibleAIPolicyViolation`). They are a
closed list, so that a field that should hold the protocol's word cannot carry one of somebody's own; what is not listed is lost until it is.
"""

from __future__ import annotations

import re

MAX_CHARS = 64
_MAX_PARTS = 8
_MODEL_PART_CHARS = 20  # what is longer, without a separator, is no name but a key
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_DATE = re.compile(r"20[0-9]{6}")  # of a tool's version
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,63}")
_MODEL_PARTS = re.compile(r"[_.:/@-]+")
_LONG_NUMBER = re.compile(r"[0-9]{9}|(?:[0-9]{3,}[-.]){3}")  # dates have 8 digits, or a part of two

_VOCABULARY = frozenset(
    # who speaks; what a thing is; what becomes of it
    """user assistant system developer tool model function critic discriminator
    use used response chat completion completions chunk message messages messagelist list object string number integer boolean array auto none default text image images audio video
    document file files url input output json schema format base 64 ephemeral embedding embeddings moderation batch content block contents part item delta start stop ping event
    created added done completed complete incomplete failed failure cancelled canceled cancelling queued in progress running pending expired searching interpreting generating finished
    annotation annotations citation citations location page char index arguments argument call calls calling code interpreter execution result results bash computer screenshot
    preview editor str replace based edit web search fetch shell local apply patch custom mcp approval request requests required requires action memory skill container upload
    reasoning summary thinking redacted encrypted signature refusal refused transcript speech logprobs obfuscation partial final
    compaction context management server client hosted programmatic advisor
    end turn length max min tokens token filter filtered safety recitation language blocklist prohibited spii malformed unexpected other unspecified missing thought many too
    pause sequence limit limits limited exceeded window eos abort aborted tier standard priority flex scale provisioned throughput on demand
    high medium low modality traffic type count total
    error errors warning invalid insufficient quota rate overloaded overload internal unavailable unknown exhausted resource deadline timeout timed out exception unprocessable entity
    bad gateway service not found no supported unsupported implemented authentication authorization unauthorized unauthenticated permission denied forbidden access account key keys api
    billing hard credit balance payment large small size long short empty parse parsing value parameter params argument precondition conflict already exists range data loss ok
    responsible ai policy violation blocked guard guardrail jailbreak hate self harm sexual violence region country territory project organization credentials expired disabled suspended
    connection upstream provider network stream streaming method allowed media decode failed""".split()  # noqa: SIM905  as in dialects.fields
)


def is_word(text: str) -> bool:
    """Whether it is made of the protocol's words alone."""
    if _WORD.fullmatch(text) is None:
        return False
    parts = _PARTS.findall(text)
    return len(parts) <= _MAX_PARTS and all(part.lower() in _VOCABULARY or _DATE.fullmatch(part) is not None for part in parts)


def is_model(text: str) -> bool:
    """Whether it may be a model's name: short, of short parts, without what looks like a number of somebody's, a mail address or a key."""
    if _MODEL.fullmatch(text) is None or _LONG_NUMBER.search(text) is not None:
        return False
    at = text.find("@")
    if at >= 0 and ("." in text[at:] or "@" in text[at + 1 :]):
        return False
    return all(len(part) <= _MODEL_PART_CHARS for part in _MODEL_PARTS.split(text))
