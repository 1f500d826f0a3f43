"""The words that protocols are made of: what is no text in a body, and what may be kept of one whose content may not.

A word is one of these, or several of them put together (`tool_use`, `chat.completion.chunk`, `MAX_TOKENS`, `ResponsibleAIPolicyViolation`). They are a
closed list, so that a field that should hold the protocol's word cannot carry one of somebody's own; what is not listed is lost until it is.
"""

from __future__ import annotations

import re

MAX_CHARS = 64
_MAX_PARTS = 8
_REMEMBERED = 2048
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,63}")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_DATE = re.compile(r"(?<![0-9])20[0-9]{2}([-_]?)[01][0-9]\1[0-3][0-9](?![0-9])")  # of a tool's version

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
    connection upstream provider network stream streaming method allowed media decode failed
    minimal xhigh max concise detailed original enabled adaptive on off only above none any validated unspecified null enum date time email uri hostname ipv4 ipv6 uuid double float byte
    int int32 int64 int8 int16 uint8 binary ubinary grammar regex lark syntax definition outputs sources encrypted output_text wav mp3 flac opus pcm16 pcm aac png jpeg jpg webp gif pdf
    alloy ash ballad coral echo fable onyx nova sage shimmer verse marin cedar python javascript outcome post get put delete
    retrieval query semantic similarity classification clustering question answering fact verification category harassment dangerous speech sexually explicit civic integrity negligible safe
    probability severity llm computer_use current past interrupted stale deferred accepted rejected""".split()  # noqa: SIM905  as in dialects.fields
)


_known = {"5m", "1h", "24h", "1.0", "base64"}  # what people measure by, and all that have been looked at: the same few come with every request


def is_word(text: str) -> bool:
    """Whether it is made of the protocol's words alone."""
    if text in _known:
        return True
    if _WORD.fullmatch(text) is None:
        return False
    parts = _PARTS.findall(_DATE.sub("", text, count=1))
    if len(parts) > _MAX_PARTS or not all(part.lower() in _VOCABULARY for part in parts):
        return False
    if len(_known) < _REMEMBERED:
        _known.add(text)
    return True
