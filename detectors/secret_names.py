"""Secrets that are told by their name alone: `DB_PASSWORD=…`, `"api_key": "…"`, `--token …`, "my password is …".

A name is a *stem* (pass, secret, token, key …), what may stand around it, and a separator; right after it the value begins. A stem is
looked for in the lower-cased text, so that the search runs at the speed of a literal; a match never goes past the beginning of its
value, so two of them cannot hide each other, and where a text was cut before the name changes nothing (I3 of detectors.base).

Some values have no name before them but a call, a flag or a header (`auth=("jo", "…")`, `mysql -p…`): secret_stems.LEADS.

What is found is the value; white space ends it, also within quotes: several words are secret_phrases', a name at the head of a column secret_tables'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import re2

from detectors import secret_before
from detectors import secret_values as values
from detectors.later import later
from detectors.secret_stems import LEADS, PASSWORDS, SESSIONS, STEMS
from detectors.secret_verdicts import NEAR, Place, verdicts

MAX_VALUE = 2000
REACH = 160  # characters from the beginning of a name to its value, at most
_BEYOND = 64  # characters of a value that tell that it is none
_MAX_FAILED = 64  # texts
_SHORT = 64  # characters

_QUOTE = r"(?:\\{0,4}[\"'`]|&(?:quot|apos|#34|#39|#x27|#x22);|%2[27])"
_SUFFIX = r"(?:[_\-. ]?(?=[abdelmnoprstv\d])(?:production|prod|dev|test|live|staging|stg|main|root|admin|primary|secondary|value|string|base64|b64|plaintext|plain|raw|data|env|new|old|base|v?\d{1,2}))?"
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
_NEAR_SIGN = rf"(?=[^\0-,/:-@\[-\^`{{-\x7f{_UNSPACED}]{{0,24}}+[=:])"  # necessary, and one class, which is gone through several times as fast
_ECHO = rf"(?![&=]|{_NEAR_SIGN}(?:[^\W{_UNSPACED}]|[.-]){{0,24}}+(?:=[^=\s\"'`,;&)}}<]|(?<=pass|word|cret|oken|_key|ikey|auth)[=:]))"
_BARE = rf"[^\s\0\"'`<>|\\,;{_UNSPACED}]"  # NUL parts what was unpacked (detectors.pieces.GAP)
_CLEAR = _BARE.replace("^", "^&%=:)}", 1)  # where nothing is cut
_AT_ONCE = r"(?:=|:(?![a-z][\w\[\]<>.|?]{0,24} = ))(?=[0-9a-z][0-9a-z!#$()*+./:=?@\[\]^_{}~-]{5})"  # what most separators are, with nothing around them: as _SUFFIX, _SEP and what comes after them have it, and faster
_NO_GROUPS = "(?:(?!)()())?"  # for (1) and (2) of _SEP


@cache
def _pattern(stem: str) -> re.Pattern[str]:
    """A name up to the beginning of its value. Compiled when the stem is first met."""
    after = rf"(?:[rbfnu@]?({_QUOTE}))?(?=[^\s\"`{_UNSPACED}]{{{16 if stem in SESSIONS else 6}}})"
    name = rf"(?:{LEADS[stem]}{_NO_GROUPS}){after}" if stem in LEADS else rf"{STEMS[stem]}(?:{_AT_ONCE}|{_SUFFIX}{_SEP}{after})"
    return re.compile(rf"(?>(?:{name}){_ECHO})(?(3)|(?=({_CLEAR}{{6,99}}+)(?!{_BARE})|{_BARE}{{6}})){'' if stem in PASSWORDS else _NO_DIGIT}")


@cache
def _open(stem: str) -> re.Pattern[str]:
    """The same where a value may have only begun, and the value if it is quoted."""
    name = rf"{LEADS[stem]}{_NO_GROUPS}" if stem in LEADS else rf"{STEMS[stem]}{_SUFFIX}{_BEGUN}"
    return re.compile(rf"(?:{name})(?:[rbfnu@]?({_QUOTE})(?=((?:(?!\3)[^\s\0]){{0,{MAX_VALUE}}}+))|)")


_PLAIN = later(rf"({_CLEAR}*+){_BARE}*+")  # (1) before the first sign that may be where a value is cut
_UP_TO = {sign: later(rf"[^\s\0{sign}]{{6,{MAX_VALUE}}}+") for sign in "\"'`&%"}

_TRAILING = frozenset(".:)]}?!")
_CUT_REACH = 64  # characters that it looks at, at most
_CUT = later(  # begins with a class, which is fast
    r"[^0-9A-Za-z_.\-](?<![\w\s])(?:(?<=&)(?=\w{1,32}=|(?:quot|apos|#34|#39|lt|gt|amp);)|(?<=\})\}|(?<=\))(?=[.)])|(?<=%)26(?=\w{1,32}(?:=|%3d))"
    r"|(?=[^\0-,/:-@\[-\^`{-\x7f]{0,38}+[=:])(?=[\w.-]{0,24}(?:pass|pwd|word|secret|token|key|auth)\w{0,8}[=:]))"
)
# A test's name after its verdict: `--- PASS: TestReset2FA/a=1`, `| PASS | TC1203_Login`, `PASS: gcc.dg/pr4711.c`
_TEST = later(r"(?<![\w.-])PASS(?:: {1,3}| \| {1,3})(?:(?:Test_?[A-Z][A-Za-z]|test_[a-z]|tst_[A-Za-z]|TC[-_]?\d{3})[\w./:,=()\[\]#-]*|[a-z][\w-]*(?:[./][\w-]+)*\.(?:sh|c|cc|cpp|py|js|ts|html|exp))")
_TESTED = later(r"(?<=\| )PASS \| {1,3}(?:[A-Z][a-z]+){2,}\d{0,4}(?![^\n])")  # the last cell of a line: a row of settings has a sign behind it
_SERVER = later(r"(?:backend|upstream|frontend|server|cluster|pool|app)s?[_-][a-z_-]+\d{0,3}")  # of nginx's proxy_pass, which is a proxy's password elsewhere
_BEFORE_PASS = frozenset("deghiklmnrstwy:")  # what stands one sign before `pass` after the words of NO_PASS: most others need not be asked
_DSN = later(r"(?:server|data source|addr|address|host|initial catalog|endpoint|uid|user id|username|user|database|driver)\s?=[^=\n]{1,80}[;]")

NAMED_KINDS = frozenset(("PASSWORD", "SECRET", "TOKEN", "API_KEY", "CREDENTIALS", "CONNECTION_STRING", "AWS_SECRET_KEY", "AZURE_STORAGE_KEY", *(kind for _, kind, _ in secret_before.OWNERS)))


Named = tuple[int, int, str, float]  # where the value begins and ends, kind, score


def lowered(text: str) -> str:
    """Lower case, of the same length."""
    low = text.lower()
    return low if len(low) == len(text) else text.replace("\u0130", "i").lower()


def named(text: str, low: str, floor: int, *, plainly: bool = True) -> list[Named]:
    """Every named secret whose value begins at `floor` or later. low: lowered(text).  plainly: what stands before a name is there as it is written."""
    found: list[Named] = []
    parted = plainly and ";" in low
    for stem in _stems_in(low):
        places = _places(stem, text, low, floor)
        if not places:
            continue
        for (_, name, start, _, _, _), verdict in zip(places, verdicts(text, low, stem, places), strict=True):
            if verdict:
                kind, skip, size, score = verdict
                start += skip
                found.append((start, start + size, "CONNECTION_STRING" if parted and kind == "PASSWORD" and _connects(low, name) else kind, score))
    return found


def _connects(low: str, name: int) -> bool:
    """Whether what stands before a name are settings of a connection."""
    return low.find(";", max(0, name - 2 * NEAR), name) >= 0 and _DSN.search(low, max(0, name - 2 * NEAR), name) is not None


def _places(stem: str, text: str, low: str, floor: int) -> list[Place]:
    """Where a stem names something at `floor` or later that may be a secret, and where that ends."""
    found: list[Place] = []
    bare = clear = uncut = 0
    passwords = stem in PASSWORDS
    for match in _matches(stem, low):
        name, start = match.span()
        if start < floor:
            continue
        said, blank, quote, clear_of_signs = match.groups()
        if blank and not quote and low[name - 1 : name] != "-" and not secret_before.LED.match(low[name - NEAR if name > NEAR else 0 : name][::-1]):
            continue
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
            cut = None if clear == bare or uncut >= limit else _CUT.search(low, start if start > uncut else uncut, limit)
            end = cut.start() if cut else bare
            if cut or limit == bare or limit - _CUT_REACH > uncut:
                uncut = end if cut else bare if limit == bare else limit - _CUT_REACH  # so is this
            value = text[start:end]
            if value[-1:] in _TRAILING:
                value = _trimmed(value)
        if stem == "pass" and (
            (text.startswith("PASS", name) and (_TEST.fullmatch(text, name, start + len(value)) or ((tested := _TESTED.match(text, name)) is not None and tested.end() == start + len(value))))
            or (low[name - 2 : name - 1] in _BEFORE_PASS and secret_before.is_ticket(low, name))
            or (low.endswith("proxy_", 0, name) and _SERVER.fullmatch(value))
        ):
            continue
        size = end - start
        if 6 <= size < MAX_VALUE and not (passwords and size < _SHORT and (values.poor(value) or (size < 12 and value.isalpha() and len(value) == size and values.word(value)))):
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
