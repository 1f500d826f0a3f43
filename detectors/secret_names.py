"""Secrets that are told by their name alone: `DB_PASSWORD=…`, `"api_key": "…"`, `--token …`, "my password is …".

A name is a *stem* (pass, secret, token, key …), what may stand around it, and a separator; right after it the value begins. A stem is
looked for in the lower-cased text, so that the search runs at the speed of a literal; a match never goes past the beginning of its
value, so two of them cannot hide each other, and where a text was cut before the name changes nothing (I3 of detectors.base).

Some values have no name before them but a call, a flag or a header (`auth=("jo", "…")`, `mysql -p…`): _LEADS.

What is found is the value; white space ends it, also within quotes: several words are secret_phrases', a name at the head of a column secret_tables'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import re2

from detectors import secret_before
from detectors import secret_many as many
from detectors import secret_values as values
from detectors.folding import fold
from detectors.later import later

MAX_VALUE = 2000
NEAR = 40  # characters before a name that are looked at
REACH = 160  # characters from the beginning of a name to its value, at most
_BEYOND = 64  # characters of a value that tell that it is none
_MAX_FAILED = 64  # texts
_SURE = 0.8  # the score of what its name tells
_LEAST = 12  # characters that are enough, whatever names what a machine has drawn

_QUOTE = r"(?:\\{0,4}[\"'`]|&(?:quot|apos|#34|#39|#x27|#x22);|%2[27])"
_SUFFIX = r"(?:[_\-. ]?(?=[abdelmnoprstv\d])(?:production|prod|dev|test|live|staging|stg|main|root|admin|primary|secondary|value|string|base64|b64|plaintext|plain|raw|env|new|old|base|v?\d{1,2}))?"
_COPULA = "\u662f\u4e3a\u70ba\u306f\ub294\uc740"  # "is", where it is written without spaces: Chinese, Japanese, Korean
# (1) set by the words of a sentence, (2) by white space alone. Texts are folded: no accents.
_SEP = (
    rf"(?=[\"'`\\\]:=>|,(&%*_<?)\-\u2192{_COPULA}]|\s{{1,8}}+(?:[^\w\s]|is|was|are|e |es|as |we |i |you|th|wh|laut|will|set|equals|jest|lyder|vale|should|must|can |c.est|could|m[ai]|--|be |for|to|of|on|at|in|d[ue]|fur|zu|per|pour|pro |vo|value|\S{{6}}))(?:(?=[\"'`\\&%\]*_])(?:{_QUOTE}|\]|\*\*|__){{0,3}}+)?+(?:"
    rf"[ \t]{{0,8}}+(?=[=\\\"'`&%v,\s{{:)?<|\-\u2192>(])(?:=>|={{1,3}}(?![^\S\n]{{0,16}}+\n\s{{0,64}}+[^\s\"'])|{_QUOTE}?\s?value ?=|(?:,\s{{0,24}}|\s{{1,24}})[\"']?(?:value|parametervalue)[\"']?\s?[:=]|,parametervalue=|\s?\{{[^{{}}]{{0,90}}?default\s{{0,12}}=|: ?&?(?:'static )?[a-z][\w\[\]<>.|?]{{0,24}} = |\)\s?values\s?\((?:[^(),]{{1,40}},\s?){{0,3}}(?={_QUOTE})|\??\s?\{{ ?get;[ a-z;]{{0,16}}\}} ?=|</[a-z][\w-]{{0,16}}>\s{{0,24}}<[a-z][\w-]{{0,16}}(?: [^<>]{{0,24}})?>(?=[^\s<])|:</[a-z]{{1,8}}>|:=|:-|\|\||\?\?|\)\.(?:fill|type|send_keys|sendkeys|set_value|input)\((?={_QUOTE})|->|\u2192|--(?:body|value)[ =]"
    rf"|: {{0,2}}[|>][-+]? {{0,2}}\n|:\s{{1,24}}(?:default|value):|:(?!:)|%3[ad]|\||,(?=\s{{0,12}}{_QUOTE})|>(?![\s@])|\((?={_QUOTE}))(?:\*\*)?\s{{0,16}}+"
    r"|((?: (?:for|to|of|on|at|in|du|de|del|do|da|della|para|fur|zu|per|pour|pro|von|vom|we|i|you|they|that|which)(?: [^\s\"=:;,.!?]{1,16}+){1,5}?)?"
    rf" (?:(?:should |must |can |could |might |may )?be|is|was|are|(?:c.)?est|ist|es|e|lautet|jest|lyder|vale|will be|set to|equals|to|as)(?: now| currently| still| just)?:?\s{{1,4}}+|\s?[{_COPULA}]\s{{0,2}}+| - |\? (?:it(?:'?s| is) )?|(?: (?:for|on|of|zu|pour|para|fur|du|de|del|do|van|voor) [^\s\"=:;,.!?]{{1,24}}+){{1,2}}+ ?: )"
    r"|([ \t]{1,8}+))"
)
_BEGUN = _SEP.replace(r"\S{6}", r"\S|\Z")  # before a value that has only begun
# What is no secret by its letters alone, as secret_values has it, is refused in C too: no digit after a token's name
_ENDS = r"(?:\s|\Z|(?(3)\3|[\"'`<>|\\,;]))"
_NO_DIGIT = rf"(?![a-z._-]{{6,11}}+{_ENDS})"
_UNSPACED = r"\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3"  # scripts that write no spaces: there a value ends
# `password=password=`, `a=b=c`: refused in C, so that values in one run do not overlap and a wall of them stays linear; what stands beyond the value's end is another matter
_ECHO = rf"(?![&=]|(?:[^\W{_UNSPACED}]|[.-]){{0,24}}+(?:=[^=\s\"'`,;&)}}<]|(?<=pass|word|cret|oken|_key|ikey|auth)[=:]))"
_BARE = rf"[^\s\0\"'`<>|\\,;{_UNSPACED}]"  # NUL parts what was unpacked (detectors.pieces.GAP)
_CLEAR = _BARE.replace("^", "^&%=:)}", 1)  # where nothing is cut
STEMS: dict[str, str] = {
    "pass": r"pass(?:word|wd|wort|phrase|code|frase|ord|e)?",
    "pwd": "pwd",
    "pw": "pw(?!d)",
    "kennwort": "kennwort",
    "contrase": "contrase(?:\xf1a|na|n\u0303a)",
    "senha": "senha",
    "secret": "secret",
    "token": "token",
    "key": "key",
    "cred": r"cred(?:ential)?s?(?![a-z])",
    "auth": "auth(?:tok)?",
    "sig": "sig(?=[=%])",
}


def _cases(word: str) -> tuple[str, ...]:
    """Capitals are folded to other letters than small ones."""
    return word, word.capitalize(), word.upper()


# The word for it elsewhere, as it is folded; one in Latin letters must begin a word.
_ABROAD = (
    "mdp wachtwoord losenord adgangskode salasana lykilord has\u0142o sifre parola heslo jelszo lozinka zaporka geslo clave kata\xa0sandi mat\xa0khau fjalekalimi slaptazodis parole parool \u043f\u0430\u0440\u043e\u043b\u044c \u043f\u0430\u0440\u043e\u043b\u0430"
    " \u03ba\u03c9\u03b4\u03b9\u03ba\u03cc\u03c2 \u5bc6\u7801 \u5bc6\u78bc \u53e3\u4ee4 \u30d1\u30b9\u30ef\u30fc\u30c9 \u6697\u8a3c\u756a\u53f7 \ube44\ubc00\ubc88\ud638 \uc554\ud638 \ud328\uc2a4\uc6cc\ub4dc"
    " \u0643\u0644\u0645\u0629\xa0\u0627\u0644\u0645\u0631\u0648\u0631 \u0643\u0644\u0645\u0629\xa0\u0627\u0644\u0633\u0631 \u05e1\u05d9\u05e1\u05de\u05d4 \u05e1\u05d9\u05e1\u05de\u05d0 \u092a\u093e\u0938\u0935\u0930\u094d\u0921 \u0e23\u0e2b\u0e31\u0e2a\u0e1c\u0e48\u0e32\u0e19 psk authtok"
)
for _word in dict.fromkeys(fold(form)[0].lower() for word in _ABROAD.split(" ") for form in _cases(word.replace("\xa0", " "))):
    STEMS[_word] = rf"{_word}(?<![a-z]{_word})" if _word.isascii() else _word
STEMS["parola"] += "(?: d.ordine| chiave)?"
# Where no name stands right before the value: calls, flags, headers. What leads up to it, fewer than REACH characters.
_ARGUMENT = r"\(\s?(?:[rbfu]?[\"'][^\"'\s]{0,64}[\"']|[a-z_$][\w.]{0,32}),\s?(?=[\"'])"
_SLASHED = r"[\w.@-]{1,32} / (?=\S)"
_PAIRED = r"[\w.@-]{1,32}(?: / |:)(?=[^\s/])"
_COOKIE = r"[a-z0-9_.-]{0,20}(?:sess|sid|auth|jwt|login|remember)[a-z0-9_.-]{0,20}="
_LEADS: dict[str, str] = {
    "identified by ": "identified by ",
    "auth=(": "auth=" + _ARGUMENT,
    "auth(": "auth" + _ARGUMENT,
    "credential(": "credential" + _ARGUMENT,
    "credentials(": "credentials" + _ARGUMENT,
    "login(": "login" + _ARGUMENT,
    "connect(": r"connect\(\s?[^(),\n]{1,60},\s?[^(),\n]{1,60},\s?(?=[\"'])",
    "connection(": r"connection\(\s?[^(),\n]{1,60},\s?[^(),\n]{1,60},\s?(?=[\"'])",
    "pdo(": r"pdo\(\s?[^(),\n]{1,80},\s?[^(),\n]{1,60},\s?(?=[\"'])",
    "sshpass -p": "sshpass -p ?",
    "login -": r"login -[^\n|;&]{0,80}?\s-p ",
    " -u ": r" -u [^\s]{1,60} (?:--?[^\s]{1,30} ){0,2}?-p (?![0-9]+(?:\s|\Z))",
    "password by ": "password by ",
    "log in with ": "log in with " + _PAIRED,
    "login with ": "login with " + _PAIRED,
    "creds: ": "creds: " + _SLASHED,
    "credentials: ": "credentials: " + _SLASHED,
    "login: ": "login: " + _SLASHED,
    "sqlplus ": r"sqlplus (?:-\w{1,8} ){0,2}[\w$]{1,32}/(?=[^\s/@])",
    "snmp-server community ": "snmp-server community ",
    "ging in with ": "ging in with " + _PAIRED,
    "ged in with ": "ged in with " + _PAIRED,
    "log in as ": "log in as " + _PAIRED,
    "net user ": r"net user \S{1,32} (?=[^\s/*])",
    "/user:": r"/user:\S{1,64} (?![/-])",
    "rabbitmqctl ": r"rabbitmqctl (?:add_user|change_password) \S{1,40} ",
    "htpasswd -": r"htpasswd -[a-z]{0,4}b[a-z]{0,4} \S{1,60} \S{1,40} ",
    "mysql": r"mysql(?:dump|admin)? [^\n|;&]{0,80}?\s-p(?!ort|assw|roto|lugin)(?=\S)",
    "redis-cli": r"redis-cli [^\n|;&]{0,80}?(?<=\s)-a ",
    "ldap": r"ldap(?:search|modify|add|whoami|passwd|delete) [^\n|;&]{0,120}?(?<=\s)-w ",
    "7z": r"7za? [aeltux] [^\n|;&]{0,60}?(?<=\s)-p(?!ass)(?=\S)|7za? [aeltux] -p(?!ass)(?=\S)",
    "unzip ": r"unzip [^\n|;&]{0,60}?(?<=\s)-p ",
    "-securestring ": r"-securestring (?:-string )?",
    "wifi:": r"wifi:\S{0,80}?;p:(?=[^\s;]{6})",
    "authorization": r"authorization[\"'\]]{0,2}\s?[:=,]\s?(?:[fu$]?[\"'`](?=[a-z][a-z-]{0,20} ))?(?:(?!basic|bearer|digest|aws4)[a-z][a-z-]{0,20} )?(?!basic|bearer|digest|aws4)",
    'bearer", ': r'bearer", (?=")',
    "cookie": r"cookie[\"']?\s?[:=,]\s?[\"'`]?(?:[^\n]{0,60}?[\s;])?" + _COOKIE + r"|cookies\s?=\s?\{\s?[\"'][\w.-]{1,40}[\"']\s?:\s?(?=[\"'])|cookie [\"']?" + _COOKIE,
    " -b ": r" -b [\"']?" + _COOKIE,
    "sessid=": "sessid=",
    "sessionid=": "sessionid=",
    "connect.sid=": r"connect\.sid=",
    "_session=": "_session=",
}
_SESSIONS = frozenset(("authorization", 'bearer", ', "cookie", " -b ", "sessid=", "sessionid=", "connect.sid=", "_session="))
STEMS.update(dict.fromkeys(_LEADS, ""))
_PASSWORDS = frozenset(STEMS) - _SESSIONS - {"secret", "token", "key", "cred", "auth", "sig"}


_AT_ONCE = r"=(?=[0-9a-z][0-9a-z!#$()*+./:=?@\[\]^_{}~-]{5})"  # what most separators are, with nothing around them: as _SUFFIX, _SEP and what comes after them have it, and faster
_NO_GROUPS = "(?:(?!)()())?"  # for (1) and (2) of _SEP


@cache
def _pattern(stem: str) -> re.Pattern[str]:
    """A name up to the beginning of its value. Compiled when the stem is first met."""
    after = rf"(?:[rbfnu@]?({_QUOTE}))?(?=[^\s\"`{_UNSPACED}]{{{16 if stem in _SESSIONS else 6}}})"
    name = rf"(?:{_LEADS[stem]}{_NO_GROUPS}){after}" if stem in _LEADS else rf"{STEMS[stem]}(?:{_AT_ONCE}|{_SUFFIX}{_SEP}{after})"
    return re.compile(rf"(?>(?:{name}){_ECHO})(?(3)|(?=({_CLEAR}{{6,99}}+)(?!{_BARE})|{_BARE}{{6}})){'' if stem in _PASSWORDS else _NO_DIGIT}")


@cache
def _open(stem: str) -> re.Pattern[str]:
    """The same where a value may have only begun, and the value if it is quoted."""
    name = rf"{_LEADS[stem]}{_NO_GROUPS}" if stem in _LEADS else rf"{STEMS[stem]}{_SUFFIX}{_BEGUN}"
    return re.compile(rf"(?:{name})(?:[rbfnu@]?({_QUOTE})(?=((?:(?!\3)[^\s\0]){{0,{MAX_VALUE}}}+))|)")


_PLAIN = later(rf"({_CLEAR}*+){_BARE}*+")  # (1) before the first sign that may be where a value is cut
_UP_TO = {sign: later(rf"[^\s\0{sign}]{{6,{MAX_VALUE}}}+") for sign in "\"'`&%"}

_PAIR = later(r"[\w.@-]{1,32}(?::|/)(?=\S)")
_TRAILING = frozenset(".:)]}?!")
_CUT_REACH = 64  # characters that it looks at, at most
_CUT = later(r"&(?=\w{1,32}=|(?:quot|apos|#34|#39|lt|gt|amp);)|\}\}|\)(?=[.)])|%26(?=\w{1,32}(?:=|%3d))|[^\w\s.-](?=[\w.-]{0,48}+[=:])(?=[\w.-]{0,24}(?:pass|pwd|word|secret|token|key|auth)\w{0,8}[=:])")
_DSN = later(r"(?:server|data source|addr|address|host|initial catalog|endpoint|uid|user id|username|user|database|driver)\s?=[^=\n]{1,80}[;]")
_SAS = later(r"[A-Za-z0-9%+/_-]{40,100}(?:=|%3[dD])?")

_AWS = later(r"[A-Za-z0-9/+=]{40}")
_STORAGE = later(r"[A-Za-z0-9+/]{60,90}={0,2}")
NAMED_KINDS = frozenset(("PASSWORD", "SECRET", "TOKEN", "API_KEY", "CREDENTIALS", "CONNECTION_STRING", "AWS_SECRET_KEY", "AZURE_STORAGE_KEY", *(kind for _, kind, _ in secret_before.OWNERS)))


Named = tuple[int, int, str, float]  # where the value begins and ends, kind, score
# A name up to the beginning of its value, where both begin, where the value ends; that without what belongs to the sentence or the program around it; whether nothing but a sign stands between them
Place = tuple[re.Match[str], int, int, int, str, bool]
Verdict = tuple[str, int, int, float] | None  # kind, characters to skip, length, score; None if it is no secret


def lowered(text: str) -> str:
    """Lower case, of the same length."""
    low = text.lower()
    return low if len(low) == len(text) else text.replace("\u0130", "i").lower()


def named(text: str, low: str, floor: int, *, whole: bool = True) -> list[Named]:
    """Every named secret whose value begins at `floor` or later. low: lowered(text).  whole: what stands before the name is all there."""
    found: list[Named] = []
    parted = whole and ";" in low
    for stem in _stems_in(low):
        places = _places(stem, text, low, floor)
        if not places:
            continue
        for (_, name, start, _, _, _), verdict in zip(places, _verdicts(text, low, stem, places), strict=True):
            if verdict:
                kind, skip, size, score = verdict
                start += skip
                found.append((start, start + size, "CONNECTION_STRING" if parted and kind == "PASSWORD" and _connects(low, name) else kind, score))
    return found


def _verdicts(text: str, low: str, stem: str, places: list[Place]) -> Sequence[Verdict]:
    """What each is. That hangs on what stands in the key and on nothing else, so the same text again costs a look-up, where many values are alike."""
    if len({place[4] for place in places}) * 2 > len(places):
        return _judged(text, low, stem, places)
    keys = [(text[name - NEAR if name > NEAR else 0 : end + 1], end - name, end - start) for _, name, start, end, _, _ in places]
    unlike = dict(zip(keys, places, strict=True))
    known = dict(zip(unlike, _judged(text, low, stem, list(unlike.values())), strict=True))
    return list(map(known.__getitem__, keys))


def _connects(low: str, name: int) -> bool:
    """Whether what stands before a name are settings of a connection."""
    return low.find(";", max(0, name - 2 * NEAR), name) >= 0 and _DSN.search(low, max(0, name - 2 * NEAR), name) is not None


def _places(stem: str, text: str, low: str, floor: int) -> list[Place]:
    """Where a stem names something at `floor` or later that may be a secret, and where that ends."""
    found: list[Place] = []
    bare = clear = uncut = 0
    passwords = stem in _PASSWORDS
    for match in _matches(stem, low):
        name, start = match.span()
        if start < floor:
            continue
        said, blank, quote, clear_of_signs = match.groups()
        if clear_of_signs:  # most are, and not long
            end = start + len(clear_of_signs)
            value = text[start:end]
            if value[-1] in _TRAILING:
                value = _trimmed(value)
        elif quote:
            run = _UP_TO[quote.lstrip("\\")[0]].match(text, start)
            end = run.end() if run else start
            value = text[start:end].rstrip("\\") if quote[0] == "\\" else text[start:end]
        else:
            if start >= bare:  # else this value ends where the one before it does: a long run is read once
                run = _PLAIN.match(text, start)
                clear, bare = (run.end(1), run.end()) if run else (start, start)
            limit = bare if bare < start + MAX_VALUE else start + MAX_VALUE
            cut = None if clear == bare else _CUT.search(low, start if start > uncut else uncut, limit)
            end = cut.start() if cut else bare
            if cut or limit - _CUT_REACH > uncut:
                uncut = end if cut else limit - _CUT_REACH  # so is this
            value = text[start:end]
            if value[-1:] in _TRAILING:
                value = _trimmed(value)
        size = end - start
        if 6 <= size < MAX_VALUE and not (passwords and size < 12 and value.isalpha() and len(value) == size and values.word(value)):
            found.append((match, name, start, end, value, not (said or blank or quote)))
    return found


def _trimmed(value: str) -> str:
    """Without what ends a sentence or the call that it stands in."""
    value = value.rstrip(".:)]}")
    return value.rstrip("?!") if value[-1:] in ("?", "!") and not (value[-2:-1].isdigit() or any(map(str.isdigit, value))) else value


@cache
def _stems() -> Any:
    found = re2.Set.SearchSet()
    for stem in STEMS:
        found.Add(re2.escape(stem) if stem.isascii() else stem)
    found.Add("")  # as in detectors.secrets: without it the search itself has failed
    found.Compile()
    return found


def _stems_in(low: str) -> list[str]:
    """The stems that are somewhere in the text, in the order of STEMS; all at once, as they are many."""
    if not low.isascii():
        low = low.encode("utf-8", "replace").decode()  # RE2 takes no surrogates
    hits, stems = _stems().Match(low), tuple(STEMS)
    return [stems[number] for number in sorted(hits)[:-1]] if hits else list(stems)


def _matches(stem: str, low: str) -> Iterator[re.Match[str]]:
    """What _pattern(stem).finditer(low) gives, for patterns that begin with the stem. Where the same text did not match before, it does not match now."""
    match, find, reach = _pattern(stem).match, low.find, REACH + _BEYOND
    failed: set[str] = set()
    repeats = 0
    at = find(stem)
    while at >= 0:
        if failed and (len(failed) < _MAX_FAILED or repeats) and low[at - 1 if at else 0 : at + reach] in failed:
            repeats += 1
            at = find(stem, at + 1)
        elif found := match(low, at):
            yield found
            at = find(stem, found.end())
        else:
            if len(failed) < _MAX_FAILED:
                failed.add(low[at - 1 if at else 0 : at + reach])
            at = find(stem, at + 1)


def values_at(low: str) -> Iterator[tuple[int, int]]:
    """Start and end of everything that stands where a named value would, complete or not, secret or not. low: lowered text."""
    for stem in _stems_in(low):
        bare = 0
        for match in _open(stem).finditer(low):
            if match[3]:
                yield match.span(4)
                continue
            start = match.end()
            if start >= bare:  # a long run is read once
                run = _PLAIN.match(low, start)
                bare = run.end() if run else start
            yield start, min(bare, start + MAX_VALUE)


def _judged(text: str, low: str, stem: str, places: Sequence[Place]) -> list[Verdict]:
    """What each is."""
    said = [place[4] for place in places]
    passwords = stem in _PASSWORDS
    sure = many.chosen(said) if passwords else many.drawn(said)
    if stem in _SESSIONS:
        return [_session(text, place, sure=each) for place, each in zip(places, sure, strict=True)]
    owners = () if passwords else secret_before.owners([low[max(0, name - NEAR) : start] for _, name, start, _, _, _ in places])
    if stem in ("token", "secret") and not owners:
        refused = (secret_before.NO_TOKEN if stem == "token" else secret_before.NO_SECRET).match
        return [  # as with passwords
            (stem.upper(), 0, len(place[4]), _SURE)
            if each and place[5] and len(place[4]) >= _LEAST and not refused(back := low[max(0, place[1] - NEAR) : place[1]][::-1]) and (back[:1] != ":" or stem == "token")
            else _judge(text, low, stem, place, sure=each, owners=owners)
            for place, each in zip(places, sure, strict=True)
        ]
    if not passwords or stem in _LEADS:
        return [_judge(text, low, stem, place, sure=each, owners=owners) for place, each in zip(places, sure, strict=True)]
    return [  # most are told by no words, stand in no quotes, and have no letter before their name
        ("PASSWORD", 0, len(value), _SURE)
        if each and place[5] and not low[place[1] - 1 : place[1]].isalpha()
        else _judge(text, low, stem, place, sure=each, owners=owners)
        for place, value, each in zip(places, said, sure, strict=True)
    ]


def _judge(text: str, low: str, stem: str, place: Place, *, sure: bool, owners: Sequence[secret_before.Owner]) -> Verdict:
    """sure: it is chosen, or drawn if it is long enough.  owners: of which one may be named near it."""
    match, name, start, end, value, _ = place
    prose, bare, quote = match[1] is not None, match[2] is not None, match[3]
    if len(value) < 6 or value.startswith("-----") or (quote and text[end : end + 1].isspace()):
        return None  # the last: several words
    before = low[max(0, name - NEAR) : name]
    if bare and (not quote or (stem == "pass" and text[name : name + 4].islower() and not text[name : name + 5].isalpha() and not before[-1:].strip())):  # `pass "x"` is a verb
        if (before[-1:] == " " and _WITH.search(before)) or (text[start + len(value) : start + len(value) + 1] in ("", "\n", "\r") and _LINE.search(before)):
            prose = True
        elif not (_is_flag(before) or _FLAG.search(before)):
            return None
    if stem in _LEADS and stem.endswith("(") and values.worded(value) and ("_" in value or "-" in value):
        return None  # connect("localhost", 5432, "shop_db2")
    if stem in _PASSWORDS:
        return _password(value, stem, text, name, before[-1:], prose=prose, quoted=bool(quote), sure=sure)
    return _machine(value, stem, before, low[name:start], prose=prose, quoted=bool(quote), sure=sure, owners=owners)


_FLAG = later(r"(?<![a-z0-9_-])--?[a-z0-9_.-]{0,30}\Z|\b(?:env|setenv|setx|set -[a-z]{1,3}|config(?:ure|:)? ?set) [a-z0-9_.-]{0,30}\Z|\b(?:login|machine|usr|user|username)\s{1,4}\S{1,30}\s{1,6}\Z")
_WITH = later(r"\b(?:(?:with|using|use|via|try|enter)(?: the| my| this| your| a)?(?: [a-z]{2,10})?|my|(?:user(?:name)?|login|email) \S{1,30} and(?: the)?|wi-?fi|wlan|vpn|gpg|router|admin|root|guest|temp|temporary|database|db|ssh|ftp|zip|e?mail) \Z")
_LINE = later(r"(?:\A|\n)[ \t]{0,8}[a-z0-9_.-]{0,30}\Z")  # `bindpw hunter2`: a line of a configuration


def _is_flag(before: str) -> bool:
    """What most of them are, of `_FLAG`: `--password`."""
    name = before.rstrip("-")
    return 0 < len(before) - len(name) < 3 and name[-1:] not in _IN_FLAG


_IN_FLAG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
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
