"""Whether what a name stands before is a secret: what the name is, what stands before it, and what the value looks like.

Values are judged together, stem by stem (secret_many): most are told at once, and only the others by themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from detectors import secret_before
from detectors import secret_many as many
from detectors import secret_values as values
from detectors.later import later
from detectors.secret_stems import LEADS, PASSWORDS, SESSIONS

NEAR = 40  # characters before a name that are looked at
_SURE = 0.8  # the score of what its name tells
_CHAIN = 5  # names of which each names the rest
_FIRST = 8  # values that most often show what the others are
_LEAST = 12  # characters that are enough, whatever names what a machine has drawn
_JOINTS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-. ")  # before a key that is a certain one
_DRAWN = {"key": "API_KEY", "secret": "SECRET", "cred": "CREDENTIALS"}  # TOKEN for the others that machines draw

_PAIR = later(r"[\w.@-]{1,32}(?::|/)(?=\S)")
_SAS = later(r"[A-Za-z0-9%+/_-]{40,100}(?:=|%3[dD])?")
_AWS = later(r"[A-Za-z0-9/+=]{40}")
_STORAGE = later(r"[A-Za-z0-9+/]{60,90}={0,2}")

# A name up to the beginning of its value, where both begin, where the value ends; that without what belongs to the sentence or the program around it; whether nothing but a sign stands between them
Place = tuple[re.Match[str], int, int, int, str, bool]
Verdict = tuple[str, int, int, float] | None  # kind, characters to skip, length, score; None if it is no secret


def verdicts(text: str, low: str, stem: str, places: list[Place]) -> Sequence[Verdict]:
    """What each is. Where more than _CHAIN names each name the rest of one run, that is a secret: nobody writes so but to hide one."""
    ends = Counter([place[3] for place in places])
    if len(places) - len(ends) < _CHAIN:
        return _apart(text, low, stem, places)
    others = iter(_apart(text, low, stem, [place for place in places if ends[place[3]] <= _CHAIN]))
    return [_chained(low, stem, place) if ends[place[3]] > _CHAIN else next(others) for place in places]


def _chained(low: str, stem: str, place: Place) -> Verdict:
    """One of a chain, of whose value nothing is asked: whether its name is one for secrets."""
    match, name, start, _, value, _ = place
    if stem in PASSWORDS:
        return "PASSWORD", 0, len(value), _SURE
    if stem == "sig" or (stem == "auth" and low[start - 1] != "=") or (stem == "key" and not (match[1] or low[name - 1 : name] in _JOINTS)):
        return None
    return _DRAWN.get(stem, "TOKEN"), 0, len(value), _SURE


def _apart(text: str, low: str, stem: str, places: list[Place]) -> Sequence[Verdict]:
    """What each is by itself. That hangs on what stands in the key and on nothing else, so the same text again costs a look-up, where many values are alike."""
    if not places:
        return []
    if len({place[4] for place in places}) * 2 > len(places):
        return _judged(text, low, stem, places)
    keys = [(text[name - NEAR if name > NEAR else 0 : end + 1], end - name, end - start) for _, name, start, end, _, _ in places]
    unlike = dict(zip(keys, places, strict=True))
    known = dict(zip(unlike, _judged(text, low, stem, list(unlike.values())), strict=True))
    return list(map(known.__getitem__, keys))


def _judged(text: str, low: str, stem: str, places: Sequence[Place]) -> list[Verdict]:
    """What each is."""
    if any(_is_refused(stem, place) for place in places[:_FIRST]):  # then most are, and need not be asked for more
        refused = [_is_refused(stem, place) for place in places]
        others = iter(_told(text, low, stem, [place for place, each in zip(places, refused, strict=True) if not each], asked=True))
        return [None if each else next(others) for each in refused]
    return _told(text, low, stem, places, asked=False)


def _is_refused(stem: str, place: Place) -> bool:
    """Whether the value alone tells at a glance that it is none."""
    value = place[4]
    if stem in PASSWORDS:
        return place[0][3] is None and values.called(value)
    if stem == "sig" or not values.undrawn(value):
        return False
    pair = _PAIR.match(value) if stem == "cred" else None
    return pair is None or "/" in value[pair.end() :] or values.poor(value[pair.end() :])


def _told(text: str, low: str, stem: str, places: Sequence[Place], *, asked: bool) -> list[Verdict]:
    """What each is by what stands around it, too. asked: none is refused."""
    said = [place[4] for place in places]
    passwords = stem in PASSWORDS
    sure = many.chosen(said) if passwords else many.drawn(said)
    if stem in SESSIONS:
        return [_session(text, place, sure=each) for place, each in zip(places, sure, strict=True)]
    owners = () if passwords else secret_before.owners([low[max(0, name - NEAR) : start] for _, name, start, _, _, _ in places])
    if stem in ("token", "secret") and not owners:
        refused = (secret_before.NO_TOKEN if stem == "token" else secret_before.NO_SECRET).match
        return [  # as with passwords
            (stem.upper(), 0, len(place[4]), _SURE)
            if each and place[5] and len(place[4]) >= _LEAST and not refused(back := low[max(0, place[1] - NEAR) : place[1]][::-1]) and (back[:1] != ":" or stem == "token")
            else _judge(text, low, stem, place, sure=each, asked=asked, owners=owners)
            for place, each in zip(places, sure, strict=True)
        ]
    if not passwords or stem in LEADS:
        return [_judge(text, low, stem, place, sure=each, asked=asked, owners=owners) for place, each in zip(places, sure, strict=True)]
    return [  # most are told by no words, stand in no quotes, and have no letter before their name
        ("PASSWORD", 0, len(value), _SURE)
        if each and place[5] and not low[place[1] - 1 : place[1]].isalpha()
        else _judge(text, low, stem, place, sure=each, asked=asked, owners=owners)
        for place, value, each in zip(places, said, sure, strict=True)
    ]


def _judge(text: str, low: str, stem: str, place: Place, *, sure: bool, asked: bool, owners: Sequence[secret_before.Owner]) -> Verdict:
    """sure: it is chosen, or drawn if it is long enough.  asked: it is not refused.  owners: of which one may be named near it."""
    match, name, start, end, value, _ = place
    prose, bare, quote = match[1] is not None, match[2] is not None, match[3]
    if not sure and not asked and _is_refused(stem, place):
        return None
    if len(value) < 6 or value.startswith("-----") or (quote and text[end : end + 1].isspace()):
        return None  # the last: several words
    before = low[max(0, name - NEAR) : name]
    if bare and (not quote or (stem == "pass" and text[name : name + 4].islower() and not text[name : name + 5].isalpha() and not before[-1:].strip())):  # `pass "x"` is a verb
        back = before[::-1]
        if secret_before.WITH.match(back) or (text[start + len(value) : start + len(value) + 1] in ("", "\n", "\r") and secret_before.LINE.match(back)):
            prose = True
        elif not secret_before.FLAG.match(back):
            return None
    if stem in LEADS and stem.endswith("(") and values.worded(value) and ("_" in value or "-" in value) and not values.signed(value):
        return None  # connect("localhost", 5432, "shop_db2")
    if stem in PASSWORDS:
        return _password(value, stem, text, name, before[-1:], prose=prose, quoted=bool(quote), sure=sure)
    return _machine(value, stem, before, low[name:start], prose=prose, quoted=bool(quote), sure=sure, owners=owners)


_OWNS_PASS = later(r"(?:ssh|pg|ftp|db|my|user|root|admin|smtp|mail|redis|mongo|mysql|imap|ldap|http|login|vnc|zip|wifi|svn|git|app|bind|require|store|key)\Z")


def _session(text: str, place: Place, *, sure: bool) -> Verdict:
    match, _, _, end, value, _ = place
    if len(value) < 6 or value.startswith("-----") or (match[3] and text[end : end + 1].isspace()):
        return None
    drawn = len(value) >= values.RANDOM if sure else values.random(value) and not values.code(value)
    return ("TOKEN", 0, len(value), 0.8) if drawn and not secret_before.UUID.fullmatch(value) else None


def _password(value: str, stem: str, text: str, name: int, last: str, *, prose: bool, quoted: bool, sure: bool) -> Verdict:
    glued = last.isalpha() and not (text[name].isupper() and text[name - 1].islower()) and not _OWNS_PASS.search(text[max(0, name - 8) : name].lower())
    if glued and (stem == "pw" or (stem == "pass" and text[name : name + 5].lower() not in ("passw", "passp", "passc"))):
        return None  # bypass, compass
    if not (sure or (values.said(value) if prose else values.chosen(value, quoted=quoted))):
        return None
    return "PASSWORD", 0, len(value), 0.6 if prose else _SURE


def _machine(value: str, stem: str, before: str, name: str, *, prose: bool, quoted: bool, sure: bool, owners: Sequence[secret_before.Owner]) -> Verdict:
    """Secrets that machines draw."""
    kind, least, back = "TOKEN", 16, before[::-1]
    if not quoted and ((stem == "auth" and not name.endswith("=")) or (not sure and values.code(value))):
        return None
    if stem == "key":
        kind, least = "API_KEY", 10
        if not secret_before.BEFORE_KEY.match(back) and not ((prose or secret_before.QUALIFIED.match(back)) and not secret_before.NO_KEY.match(back) and values.strong(value)) and not (value[-1] == "=" and secret_before.AZURE.search(before + value)):
            return None
    elif stem == "token":
        if secret_before.NO_TOKEN.match(back):
            return None
        least = 10 if before[-1:] in ("_", "-") or before[-1:].isalpha() else 12
    elif stem == "secret":
        if secret_before.NO_SECRET.match(back) or secret_before.ACCOUNT.match(back):
            return None
        kind, least = "SECRET", 8
    elif stem == "cred":
        kind = "CREDENTIALS"
        pair = _PAIR.match(value)
        if pair and "/" not in value[pair.end() :] and values.said(value[pair.end() :]):
            return kind, pair.end(), len(value) - pair.end(), 0.6
    elif stem == "sig":
        return ("AZURE_STORAGE_KEY", 0, len(value), 0.85) if before[-1:] in ("&", "?", ";") and _SAS.fullmatch(value) and not values.stand_in(value) else None
    if prose or "(" in name:  # f("cl100k_base") is a name
        least = max(least, 12)
    if not (len(value) >= least if sure else values.drawn(value, least)):
        return None
    near = before + name
    if stem == "key" and "secret" in near and _AWS.fullmatch(value):
        return "AWS_SECRET_KEY", 0, len(value), 0.9
    if stem == "key" and "account" in near and _STORAGE.fullmatch(value):
        return "AZURE_STORAGE_KEY", 0, len(value), 0.9
    for owner, owned, form in owners:
        if owner.search(near) and form.fullmatch(value):
            return owned, 0, len(value), 0.9
    return kind, 0, len(value), 0.8
