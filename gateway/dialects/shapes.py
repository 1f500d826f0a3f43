"""What a string that is no text looks like: names, ids, models, media types. What has another shape is text, whatever its field is for.

The shapes are narrow on purpose. A key, a card or a number of somebody's must not fit one of them because it stands where an id is expected;
what is taken for text without need costs the detectors a tenth of a millisecond, once. tests/dialects/test_shapes.py draws secrets and
ids of every kind against them. Pure; each look is linear in at most MAX_CHARS.

- A word is letters as people write them: small ones, capitals, or humps of two letters at least; 20 at most. Chance does not write like that.
- A piece is a word, or ten characters at most with a few digits (`4o`, `v3p1`, `8x22b`). A name is pieces with marks between them.
- A chance string counts only behind a beginning that says what it is the id of (PREFIXES), as a UUID, in hex, or where it is very short.
"""

from __future__ import annotations

import re

MAX_CHARS = 96
PLAIN_CHARS = 16  # letters alone, up to here, are a name, whatever they are
_DIGITS = 8  # in a name, without its dates: fewer than identify anybody
_REMEMBERED = 2048

_WORD = r"(?=[A-Za-z])[a-z]{0,20}+(?:[A-Z]{1,5}+[a-z]{2,20}+){0,5}+(?:[A-Z]{1,5}+[a-z]?+)?+"
_SHORT = r"(?=[A-Za-z0-9]{1,10}(?![A-Za-z0-9]))[A-Za-z]{0,8}+[0-9]{1,4}+[A-Za-z]{0,8}+(?:[0-9]{1,3}+[A-Za-z]{0,3}+)?"
_DATE = r"(?:20[0-9]{2}-?(?:0[1-9]|1[0-2])-?(?:[0-2][0-9]|3[01])|2[0-9](?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01]))(?![A-Za-z0-9])"
_PIECE = rf"(?>{_DATE}|(?:{_WORD}(?:[0-9]{{1,4}}+(?:{_WORD})?)?|[A-Z]{{1,12}}+|{_SHORT})(?![A-Za-z0-9]))"
_FIRST = rf"(?=[^A-Za-z]{{0,2}}[A-Za-z]){_PIECE}"

_NAME = re.compile(rf"[_$]{{0,2}}{_FIRST}(?:[_.-]{{1,2}}{_PIECE}){{0,11}}+_{{0,2}}").fullmatch
_MODEL = re.compile(rf"@?{_FIRST}(?:(?:[_.:/@-]|::){_PIECE}){{0,15}}+").fullmatch
_TUNED = re.compile(r"(ft:.{1,80}):[A-Za-z0-9]{6,12}").fullmatch
_REFERENCE = re.compile(rf"#(?:/\$?{_PIECE}(?:[_.-]{{1,2}}{_PIECE}){{0,7}}+){{0,7}}+").fullmatch
_MEDIA = re.compile(rf"(?:image|audio|video|text|application|font|model|multipart)/{_FIRST}(?:[.+-]{_PIECE}){{0,9}}+").fullmatch
_DATES = re.compile(rf"(?<![0-9A-Za-z]){_DATE}")
_QUAD = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]")  # an address of a machine
_NUMBERS = re.compile(r"(?<![A-Za-z0-9])[0-9]++(?![A-Za-z0-9])")

PREFIXES = tuple(
    # of providers, and of what runs models: what comes before the separator and the part that chance wrote
    """call tool_call tool-call toolcall chatcmpl chatcmpl-tool chatcmpl-msg cmpl embd resp response rs msg message item fc fco ctc cto ws ig fs ci cu cuo lsh apc mcp mcpl mcpr
    mcptoolu srvtoolu cm toolu toolu_bdrk toolu_vrtx tooluse tool_use tool req request run step thread asst file files batch msgbatch vs vsfb modr ft ftjob ftckpt snap fp gen conv
    cntr container sess session evt event upload part skill org proj task trace span job audio prompt pmpt eval evalrun cachedContents tunedModels corpora operations batches
    function fn func id aitxt aiobj txt obj lc_run lc chat completion text rsn reasoning""".split(),  # noqa: SIM905  reads better than a row of quotes
)
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_EPOCH = r"1[5-9][0-9]{8}(?:[0-9]{3}){0,3}"  # seconds to nanoseconds, this century; no number of a card or a telephone begins like that
_HEX = r"(?=[0-9]{0,11}[a-f])(?![0-9a-f]*[0-9]{12})[0-9a-f]{8,64}|(?=[0-9]{0,11}[A-F])(?![0-9A-F]*[0-9]{12})[0-9A-F]{8,64}"
_CHANCE = rf"(?:{_UUID}|{_HEX}|(?=[0-9]{{0,8}}[A-Za-z])(?![A-Za-z0-9]*[0-9]{{9}})[A-Za-z0-9]{{1,64}})(?![A-Za-z0-9])"
_BARE = (  # without a beginning that says what they are
    rf"{_UUID}|{_HEX}|01[0-9A-HJKMNP-TV-Z]{{24}}"  # ULID
    r"|c[a-z0-9]{24}"  # cuid
    r"|(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?!.*(?:[0-9][_-]?){6})[A-Za-z0-9_-]{21,22}"  # nanoid, 16 bytes in base64
    r"|(?=[0-9]{0,5}[A-Za-z])(?![A-Za-z0-9]*[0-9]{6})[A-Za-z0-9]{1,10}"
)
_PREFIX = rf"(?:{'|'.join(map(re.escape, sorted(PREFIXES, key=len, reverse=True)))})(?:[_:/.-]|--)"
_ID = re.compile(
    rf"(?:{_PREFIX}(?:(?:[0-9]{{1,3}}[_:-])?(?:{_EPOCH}[_-])?{_CHANCE})|{_BARE})(?:[_:.-][0-9]{{1,3}})?"
    rf"|{_PREFIX}(?:{_EPOCH}|[0-9]{{1,3}}[_:-][0-9]{{1,3}}|[0-9]{{1,6}})|tooluse_[A-Za-z0-9_-]{{22}}"
).fullmatch
_COMMON = re.compile(  # nearly all of them, for less
    r"(?:call_|toolu_|fc_|rs_|msg_|resp_|chatcmpl-)(?=[0-9]{0,8}[A-Za-z])(?![A-Za-z0-9]*(?:[0-9]{9}|T3Bl)|A[KS]IA|AIza|eyJ|dapi|SK|AC)[A-Za-z0-9]{4,64}"
).fullmatch
_COUNTED = re.compile(r"(.{1,80}?)[:_.-][0-9]{1,6}").fullmatch
_KEY = re.compile(  # how keys begin that could be taken for one of these
    r"(?:.*[^A-Za-z0-9])?(?:A[KS]IA[A-Z2-7]{8}|AIza[A-Za-z0-9_-]{16}|GOCSPX|eyJ[A-Za-z0-9]{8}|dapi[0-9a-f]{16}|(?:SK|AC)[0-9a-f]{32}"
    r"|(?:[sr]k[-_]|gl[a-z]{2,5}-|gh[a-z]_|github_pat_|hf_|gsk_|r8_|npm_|dckr_[a-z]{3}_|pypi-|xai-|xox[a-z]-|xapp-|nvapi-|pplx-|hv[sb]\.|key-|whsec_|tg-)[A-Za-z0-9_-]{16}|[A-Za-z0-9]*T3Blbk)"
).match

_models: set[str] = set()  # that have been looked at; the same few come with every request
_names: set[str] = set()  # the same: keys, mostly


def is_name(text: str) -> bool:
    """An identifier, as people and programs give them: a key, a property, a tool."""
    if text in _names or (text.isalpha() and text.isascii() and len(text) <= PLAIN_CHARS):
        return True
    if len(text) > 64 or _NAME(text) is None or not _few_digits(text) or _KEY(text) is not None:
        return False
    if len(_names) < _REMEMBERED:
        _names.add(text)
    return True


def is_model(text: str) -> bool:
    """A model's name, with a publisher, a path, a date or a size."""
    if text in _models:
        return True
    if len(text) > MAX_CHARS:
        return False
    tuned = _TUNED(text)
    shown = text if tuned is None else tuned[1]
    if _MODEL(shown.replace("::", ":")) is None or not _few_digits(shown) or _KEY(text) is not None:
        return False
    at = text.find("@", 1)
    if at >= 0 and ("." in text[at:] or "@" in text[at + 1 :]):  # a mail address
        return False
    if len(_models) < _REMEMBERED:
        _models.add(text)
    return True


def is_id(text: str) -> bool:
    """What a machine called something: a known beginning and a chance part, a UUID, hex, a short name with a number."""
    if _COMMON(text) is not None:
        return True
    if len(text) > MAX_CHARS:
        return False
    if _ID(text) is not None:
        return _KEY(text) is None
    if is_name(text) or is_model(text):
        return True
    counted = _COUNTED(text)
    return counted is not None and is_name(counted[1]) and _few_digits(text)


def is_reference(text: str) -> bool:
    """A name, or the path of one in a schema (`#/$defs/Address`)."""
    return is_name(text) or (len(text) <= MAX_CHARS and _REFERENCE(text) is not None and _few_digits(text) and _KEY(text) is None)


def is_media_type(text: str) -> bool:
    """A media type without parameters."""
    return len(text) <= MAX_CHARS and _MEDIA(text) is not None and _few_digits(text) and _KEY(text) is None


def begins_like_key(text: str) -> bool:
    """Whether a credential of a known form begins here."""
    return _KEY(text[:40]) is not None


def _few_digits(text: str) -> bool:
    """Whether the numbers that stand alone in it have too few digits to be anybody's; dates are nobody's."""
    if text.count(".") >= 3 and _QUAD.search(text) is not None:
        return False
    numbers = "".join(_NUMBERS.findall(text))
    return len(numbers) <= _DIGITS or sum(map(len, _NUMBERS.findall(_DATES.sub("", text)))) <= _DIGITS
