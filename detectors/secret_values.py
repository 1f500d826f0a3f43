"""Is this value a secret? Tests of shape: what people and machines choose as secrets, against what else stands after `password=`.

Rules of this file: functions of one value, linear in it; every threshold is here. Documented decisions:

  - a stand-in is no secret: `${PASSWORD}`, `<your-key>`, `xxxx`, `********`, `changeme`, `user:password@`, AWS's `…EXAMPLE`;
  - a word is no password ("password: required", "Passwort"), but for the few that people do choose ("letmein") and letters that no word has
    ("utBqnToBPH"); four words joined by one sign are a pass phrase, unless they read as a setting;
  - a test key (`sk_test_`) is a key; the hash of a password in a dump is none, a line of htpasswd is; salts and one-time codes are none;
  - a token is drawn by a machine: what reads as words joined by - _ . is none.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Callable
from functools import cache

from detectors.folding import fold
from detectors.later import later
from detectors.recognisers.small import holding, plain

# In the syntax of RE2: values may be long, and secret_many asks the same of many values at once.
STAND_IN = (
    r"x{4}|\*{3}|\.{3}|_{4}|-{6}|#{4}|(?:^|[^a-z0-9])your|your[-_]|change[-_ ]?(?:me|this|it)|place[-_]?holder|redacted|example|dummy|sample|replace|insert|"
    r"fixme|foobar|not[-_]?a[-_]?real|notreal|masked|hidden|removed|filtered|undefined|secret[-_]?here"
)
FILLER = "(?:^|[-_])(?:fake|todo|tbd|goes|here|my|foo|bar|baz|mock|some|any|the|foobar)(?:$|[-_])"  # what chance writes in a long key, too
_FILLER = later(FILLER)
_REFERENCE = later(
    r"\$_(?:POST|GET|REQUEST|COOKIE|SERVER|SESSION|ENV)(?:\[|\Z)|\$env:[A-Za-z_]\w*\Z|\$\{|\$\(|\$\$|\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+\d{0,2}|[a-z]+(?:[A-Z][a-z]+)+\d?)(?:-?\Z|->)|%\(|%[A-Za-z_]\w*%|%[sdrv]\b|\{\{|#\{|@\{|\{[A-Za-z_][\w.]*(?:![rsa])?(?:\}|\Z)|<[^<>]*>?\Z|\[[^\[\]]*\]\Z"
    r"|![A-Za-z]+(?:/\w+)?\Z|@[A-Z]\w*\(|(?:env|ref|vault|op|ssm|arn|file|kms|secretsmanager|data|urn)[:/]|ENC[\[(]|enc:|-----|\\u003[cC]|&lt;"
)
# what software says about a secret rather than the secret
TECHNICAL = (
    r"(?:sha|md|hs|rs|es|ps|aes|rsa|rc|utf|p|ecdsa|ed|x|tls|ssl|win|base|ipv|http|mp|oauth|v|iso|rfc|argon|int|uint|float|varchar|char|string|str|byte|bytes|u|i|f)[-_ ]?\d{1,5}(?:[-_/]\S{0,12})?"
    r"|(?:bcrypt|argon2|pbkdf2|scrypt|oauth2?|openid|base64|varchar|nvarchar|sha-?\d|hmac|md5|ntlm|kerberos|webauthn|b64(?:enc|dec)|fido2?|saml2?|2fa|mfa|otp|totp)[a-z]*(?:[-_:/.,(]\S*)?"
    r"|\d+(?:\.\d+)?(?:ms|s|m|h|d|w|px|em|rem|%|kb|mb|gb|k|x|st|nd|rd|th|min|sec|hours?|days?|chars?|bits?|bytes?)?"
)
# A rule of length, a measure, a licence: words that are glued to a number. 8-20chars, min8znak, 20Hz-40kHz, 6days/89EUR, GPL-3.0-or-later
_SPELT = r"[^\s0-9!-/:-@\[-`{-~]"  # a letter, or a mark over one
_UNIT = (
    rf"(?:char(?:s|acters?)?|letters?|digits?|numbers?|zeichen|ziffern?|stellen|caract{_SPELT}{{1,7}}|caratteri|n{_SPELT}meros?|numer[io]|chiffres?|cifras?|tekens?|tegn|tecken|znak{_SPELT}{{0,4}}|karakter{_SPELT}{{0,4}}|merkki{_SPELT}{{0,4}}"
    rf"|words?|symbols?|lettres?|letras?|lettere|buchstaben|palabras?|parole|mots|s{_SPELT}mbolos?|simboli|sonderzeichen|days?|tage?|jours?|d{_SPELT}as?|attempts?|times|mins?|sec|hrs?|weeks?|[km]?hz|db|yards|yds?|tb?sp|eur|usd|gbp|chf|kg|mg|ml|cl|dl|km|cm|mm|[smhgk])"
)
_LEAST = rf"(?:(?:at[-_ ]?least|m{_SPELT}n(?:imum|im[oa]|imaal|im|dest(?:ens)?|d|st)?|max(?:imum|imo)?|legal{_SPELT}bb)[-_.]?)"
_MEASURED = rf"{_LEAST}?\d{{1,4}}(?:-\d{{1,4}})?[-_]?{_UNIT}"
TECHNICAL = rf"{TECHNICAL}|0x[0-9a-f]{{1,16}}|utf-?8mb[34]|{_MEASURED}(?:[-/+,&]{_MEASURED}){{0,2}}|\d{{1,3}}-?of-?\d{{1,3}}|(?:[al]?gpl|apache|bsd|mpl|epl|cc-by)-\d(?:\.\d)?(?:-(?:only|or-later|clause))?"
_CHORD = "(?:do|re|mi|fa|sol|la|si)[#b]?(?:m|maj|min|sus|dim|aug)?[0-9]{0,2}"
TECHNICAL = rf"{TECHNICAL}|{_CHORD}(?:[-/]{_CHORD}){{1,7}}"
# The same rules of length in Cyrillic, as it is folded: \u043c\u0438\u043d\u0438\u043c\u0443\u043c8\u0441\u0438\u043c\u0432\u043e\u043b\u043e\u0432. For Python alone: secret_many asks of what is not ASCII one by one.
_CYRILLIC = tuple("|".join(fold(word)[0] for word in words.split()) for words in ("\u043c\u0438\u043d\u0438\u043c\u0443\u043c \u043c\u0456\u043d\u0456\u043c\u0443\u043c \u043c\u0430\u043a\u0441\u0438\u043c\u0443\u043c", "\u0441\u0438\u043c\u0432\u043e\u043b \u0437\u043d\u0430\u043a \u0431\u0443\u043a\u0432 \u043b\u0456\u0442\u0435\u0440 \u0446\u0438\u0444\u0440"))
_TECHNICAL = later(rf"{TECHNICAL}|(?:(?:{_CYRILLIC[0]})[-_.]?)?\d{{1,4}}[-_]?(?:{_CYRILLIC[1]}){_SPELT}{{0,3}}", re.I)
DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.:]\d{1,2}(?:[-/.:]\d{2,4})?\Z|v?\d+(?:\.\d+){1,3}\b"
_DATE = later(DATE)
_ROOT = later(r"[a-z][a-z0-9+.-]*://|//[a-z0-9-]{2,32}\.[a-z]|~/|\.{1,2}/|[A-Za-z]:\\")
_FOLDER = later(r"[a-z][a-z_.-]{2,}")
_MAIL = later(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,32}){0,3}\.[A-Za-z]{2,12}")
_MEMBER = later(r"[A-Za-z_]\w*(?:(?:\.|::|->|\?\.)[A-Za-z_]\w*)+\Z")  # settings.db.password2
_EITHER = later(r"[A-Za-z_]\w*(?:\??\.[A-Za-z_]\w*)+(?:&&|\|\||\?\?)[A-Za-z_][\w.]*\Z")  # c.pass&&l
_CALL = later(r"[A-Za-z_][\w.:]*+(?:!(?=\())?[(\[{]|\w++\[")
_CALLED = later(r"[A-Za-z](?:[\w.:]*+(?:!(?=\())?[(\[{]|\w*+\[)")  # the same with a letter in it, for certain
_PROGRAM = later(r"-{1,2}[a-z]+(?:-[a-z]+)*+[0-9]?\Z|[^\]]*+\]\{")  # -instcombine2, [pass=2col]{login
_CODES = later(r"[A-Z0-9-]*+/[A-Z0-9/-]*+")  # LH4711/12MAR/FRA-JFK
# What a form asks of a value, as Laravel spells it: required|min:8|confirmed
_ASKED = later(r"(?=.*?(?:\A|\|)(?:required|nullable|sometimes|string|confirmed|filled|present|min:|max:|size:|between:|regex:))(?:[a-z_]++(?::[\w,.-]++)?\|)++[a-z_]++(?::[\w,.-]++)?\Z")
NAMES = "pass|pwd|token|secret|key|user|field|input|label|value|text|string|param|arg|var|cred|auth"
_NAMED = later(rf"[A-Za-z_]*(?:{NAMES})(?<!monkey)(?<!donkey)(?<!turkey)(?<!hockey)(?<!whiskey)[A-Za-z_]*\d{{0,2}}\Z", re.I)
_UI = (
    r"siehe[-_]|seite[-_]|pass|pwd|token|secret|field|input|label|form|user|reset|login|text|btn|button|error|page|msg|icon|col|row|step|min|max|length|hint|title|strength|confirm|required|valid|policy|level|mode|type"
    r"|too[-_]|vectorize|combine|unroll|legalize|simplify|hoist"
)
_WORD = "(?:[A-Z]?[a-z]++|[A-Z]{2,}+)*+[0-9]{0,4}+"
_WORDED = later(rf"(?:{_WORD}[^A-Za-z0-9]++)*+{_WORD}")
_ABBREVIATED = later(r"(?<![A-Za-z])(?:tls|ssl|ssh|db|sql|https?|dns|vpn|gpg|jwt|kms|k8s|aws|gcp|rds|svc|cfg|srv|stg|v)(?![A-Za-z])", re.I)  # parts of names: invoice-tls-15, reset-v6
_PIECES = later(r"[A-Z]?[a-z]+|[A-Z]{2,}")
_UUID = later(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = later(r"[0-9a-f]{32,}|[0-9A-F]{32,}")
_KEYLIKE = frozenset(("sk", "pat", "key", "apikey", "secret", "token", "oat", "sat", "uat", "tkn", "oauth", "pw"))
_PHRASE = later(r"[a-z]{3,10}(?:-[a-z]{3,10}){3,7}|[a-z]{3,10}(?:_[a-z]{3,10}){3,7}|[a-z]{3,10}(?:\.[a-z]{3,10}){3,7}")
_NUMBERED = later(r"[a-z]{3,10}(?:-[a-z]{3,10}){2,6}-?\d{1,4}")
_SAYING = later(
    r"(?:^|[-_.])(?:your|the|from|must|not|for|with|see|and|use|via|this|that|will|can|are|has|was|set|get|new|old|please|ask|only|password|pass|secret|token|key|user|name|admin|config|file|path|class|style|card|header"
    r"|footer|container|wrapper|group|item|list|view|service|server|client|test|default|auth|http|https|com|org|net|app|api|env|prod|dev|reset|login|field|input|label|form|text|btn|button|error|page|message|title|hint)(?:$|[-_.])"
)
RANDOM = 16  # characters of a token that only what stands before it tells
_DIGIT, _LETTER, _FOUR_LETTERS = later("[0-9]"), later("[A-Za-z]"), later("(?:[^A-Za-z]*[A-Za-z]){4}")
_ZIGZAG = later("[a-z][A-Z]+[a-z]+[A-Z]|[A-Z][a-z][A-Z][A-Z]?[a-z]")
_UNSPEAKABLE = later("[bcdfghjklmnpqrstvwxz]{5}")
_COMMON = frozenset(["letmein", "qwerty", "qwertyuiop", "qwertz", "azerty", "asdfgh", "asdfghjkl", "zxcvbn", "zxcvbnm", "iloveyou", "opensesame", "trustnoone", "monkey", "dragon", "superman", "batman", "football", "baseball", "princess", "sunshine", "starwars", "pokemon"])
_VOWELS = frozenset("aeiouyAEIOUY")
_SPECIAL = frozenset("@#$%^&*!?+~")
_HAS_SPECIAL = later("[@#$%^&*!?+~]")
FEW = 16  # characters of a value that nearly always tell that it has enough different ones: a larger set takes several times as long
DEFAULTS = frozenset(["password", "passwd", "pass", "pwd", "pw", "secret", "token", "user", "username", "xxx", "none", "null", "empty", "key", "apikey", "api_key", "mypassword", "mypass", "dbpass", "dbpassword", "db_password", "pswd", "changeit", "p@ssw0rd1234example"])

# No password, whatever stands around it: letters with a sign that none of the others has, in one case, few, or words; a date; what begins as a stand-in does. Signs: all but the special ones.
_SIGN, _APART = r"\"'(),\-./:;<=>\[\\\]_`{|}", r"\"'(),/:;<=>\[\\\]`{|}"
_SPOKEN = "(?:(?=[A-Z]?[a-z]*?[aeiouy]|[AEIOUY])(?:[A-Z][a-z]{3,}+|[a-z]{4,}+))"
_BEGINS_STAND_IN = r"(?:\$[{($]|%\(|\{\{|[#@]\{|[xX]{4}|[yY]our|\*{3})"
_POOR = later(
    rf"(?=[^0-9]*+\Z)(?:[A-Za-z{_SIGN}]++[@#$%^&*!?+~]|[A-Za-z_.\-]*+[{_APART}][A-Za-z{_SIGN}]*+|[A-Z_.\-]++|(?=[a-z]*+[A-Z]){_SPOKEN}++"
    rf"|(?!(?:{'|'.join(sorted(_COMMON))})\Z)(?:[a-z_.\-]{{1,11}}+|[a-z]*+(?:[_.\-][a-z]*+){{1,2}}+|(?![a-z]*?[bcdfghjklmnpqrstvwxz]{{5}})[a-z]++|[A-Za-z_.\-]{{1,7}}+)"
    rf"|(?=[a-z_.\-]*+[A-Z])(?=[A-Za-z]*+[_.\-])(?!.*?(?:[a-z][A-Z]++[a-z]++[A-Z]|[A-Z][a-z][A-Z][A-Z]?[a-z]|(?i:[bcdfghjklmnpqrstvwxz]){{5}}))[A-Za-z_.\-]++)"
    rf"|(?:{DATE})[A-Za-z0-9{_SIGN}]*+[@#$%^&*!?+~]?|{_BEGINS_STAND_IN}[!-~]*+",
    re.A,
)
# Drawn by no machine, of ASCII: few characters, no letter, letters alone in one case or with signs, words with small numbers of which only the first may be of three letters, a date, what begins as a stand-in does.
_VOWEL = "(?=[A-Z]?[a-z]*?[aeiouy]|[AEIOUY])"
_LONG_WORD = f"(?:{_VOWEL}(?:[A-Z][a-z]{{3,}}+|[a-z]{{4,}}+))"
_UNDRAWN = later(
    rf".{{0,7}}|[\[(^].*|[^A-Za-z]*+|[^0-9A-Z]*+|[^0-9a-z]*+|[^0-9]{{0,11}}|(?=.{{0,19}}\Z)[A-Za-z]*+[^A-Za-z0-9][^0-9]*+"
    rf"|[^A-Za-z0-9]*+(?:{_VOWEL}(?:[A-Z][a-z]{{2}}|[a-z]{{3}})(?![a-z])[0-9]{{0,4}}+[^A-Za-z0-9]++(?={_LONG_WORD}))?(?:(?:{_LONG_WORD}++[0-9]{{0,4}}+|[0-9]{{1,4}}+)(?:[^A-Za-z0-9]++|\Z))++"
    rf"|(?:{DATE}|{_BEGINS_STAND_IN}).*",
    re.S,
)


def unlike(value: str, many: int) -> bool:
    """Whether it has so many different characters, at most FEW."""
    return len(set(value[:FEW])) >= many or len(set(value)) >= many


def stand_in(value: str) -> bool:
    """Whether the value stands for another: a placeholder, a reference, a mask."""
    low = value.lower()
    return not unlike(value, 4) or bool(_REFERENCE.match(value) or _stands_in(low) or (len(value) < 40 and _FILLER.search(low))) or value.endswith("EXAMPLE")


def _stands_in(low: str) -> bool:
    return "\u2026" in low or _holds(STAND_IN, low)


def _holds(expression: str, low: str) -> bool:
    return _holding(expression)(plain(low))


@cache
def _holding(expression: str) -> Callable[[bytes], bool]:
    return holding(expression)


def worded(value: str) -> bool:
    """Whether the value reads as words, each perhaps with a small number, joined together."""
    if _WORDED.fullmatch(value) is None:
        return False
    pieces = _PIECES.findall(_ABBREVIATED.sub("", value))
    letters = len("".join(pieces))
    return letters >= 3.2 * len(pieces) and (letters - len("".join(filter(_VOWELS.isdisjoint, pieces)))) * 4 >= letters * 3 and len(pieces) > 0


def word(value: str) -> bool:
    """One word, in the case of a sentence: what prose and code put after `password:`."""
    return value.isalpha() and (value.islower() or value.istitle() or value.isupper()) and value.lower() not in _COMMON


def path(value: str) -> bool:
    """A place in a file system or on a host."""
    if "/" not in value and "\\" not in value:
        return False
    return bool(_ROOT.match(value)) or ("/" in value and sum(bool(_FOLDER.fullmatch(part)) for part in value.split("/")) >= 2)


def varied(value: str) -> bool:
    """A prefixed key: enough different characters, and not a CSS class that happens to begin like one."""
    return len(set(value)) >= min(12, 4 + len(value) // 6) and not stand_in(value) and not (("-" in value[4:] or "_" in value[4:]) and worded(value[3:]))


def mixed(value: str) -> bool:
    """A run without a prefix of its own: letters of both cases and digits."""
    return numbered(value) and any(map(str.isupper, value)) and any(map(str.islower, value)) and unlike(value, 10) and not stand_in(value) and not worded(value)


def code(value: str) -> bool:
    """An expression of a program: a call, an index, a member."""
    return bool(_CALL.match(value) or (_MEMBER.match(value) and any(worded(part) for part in value.split(".")[:2])))


def drawn(value: str, least: int = 10) -> bool:
    """A token after its name: letters and digits as a machine draws them; or letters alone, long and in both cases. What most others are refused for, and is quickly told, comes first."""
    if len(value) < least or value[0] in "[(^" or not lettered(value):
        return False
    if not numbered(value) and (value.islower() or value.isupper() or (len(value) < 20 and not (len(value) >= 12 and value.isalpha() and _ZIGZAG.search(value)))):
        return False
    if worded(value) or (len(value) <= 32 and _TECHNICAL.fullmatch(value)) or _DATE.match(value) or ("@" in value and _MAIL.match(value)) or path(value):
        return False
    return unlike(value, 6) and not stand_in(value)


def undrawn(value: str) -> bool:
    """Whether `drawn` refuses it for certain, as long as it may be: most that it does refuse, and many times as fast."""
    return value.isascii() and _UNDRAWN.fullmatch(value) is not None


def called(value: str) -> bool:
    """Whether it is a call or an index, which `chosen` refuses where no quotes stand around it."""
    return _CALLED.match(value) is not None


def numbered(value: str) -> bool:
    """Whether it has a digit."""
    return _DIGIT.search(value) is not None or (not value.isascii() and any(map(str.isdigit, value)))


def lettered(value: str) -> bool:
    """Whether it has a letter."""
    return _LETTER.search(value) is not None or (not value.isascii() and any(map(str.isalpha, value)))


def strong(value: str) -> bool:
    """After a name that alone says little ("the weather key is ..."): drawn, long, and no UUID, which is an id more often than a key."""
    return drawn(value, 20) and not _UUID.fullmatch(value) and (_HEX.fullmatch(value) is not None or mixed(value) or (value.isalnum() and sum(map(str.isdigit, value)) >= 3))


def affixed(value: str, part: str, *, sure: bool = False) -> bool:
    """<who>_<what it is>_<drawn>. A hash after `_prod_` is the name of a build. part: the longest between the signs.  sure: it is no stand-in, and that no word."""
    if _HEX.fullmatch(part) and not _KEYLIKE.intersection(value.split("_")):
        return False
    return (_DIGIT.search(part) is not None or _ZIGZAG.search(part) is not None) and _FOUR_LETTERS.match(part) is not None and len(set(part)) >= 9 and (sure or (not stand_in(value) and not worded(part)))


def random(value: str) -> bool:
    """After `Bearer`."""
    return drawn(value, RANDOM)


def poor(value: str) -> bool:
    """Whether `chosen` refuses it for certain: nearly all that it does refuse, and many times as fast."""
    return _POOR.fullmatch(value) is not None


def chosen(value: str, *, quoted: bool) -> bool:
    """A password after its name: at least six characters, of more than one sort. What is dear to ask comes last, of the few that are left."""
    if len(value) < 6:
        return False
    if value.isdigit() or value in _COMMON:
        return len(value) <= 20 and not stand_in(value)
    if not _mingled(value, quoted=quoted) or value.lower() in DEFAULTS or (len(value) <= 32 and _TECHNICAL.fullmatch(value)):
        return False
    return not stand_in(value)


def signed(value: str) -> bool:
    """Whether it has one of the signs that people put into passwords."""
    return _HAS_SPECIAL.search(value) is not None


def _mingled(value: str, *, quoted: bool) -> bool:
    """Whether it has the sorts of characters that a password has, and is nothing that has them, too: a date, a path, a mailbox, a piece of a program."""
    digits, special = numbered(value), _HAS_SPECIAL.search(value, 0, len(value) - 1) is not None
    if not lettered(value):
        return special and digits
    if not digits and not (_signed(value) if special else _unspoken(value, quoted=quoted)):
        return False
    if (not quoted and (_CALL.match(value) or _MEMBER.match(value) or _EITHER.match(value) or _NAMED.match(value) or _PROGRAM.match(value))) or _DATE.match(value) or path(value) or ("@" in value and _MAIL.fullmatch(value)) or ("/" in value and _CODES.fullmatch(value)) or ("|" in value and _ASKED.match(value)):
        return False
    return special or not digits or not (("-" in value or "_" in value or "." in value) and _holds(_UI, value.lower()) and worded(value))


def _signed(value: str) -> bool:
    """Of letters and special signs."""
    return not value.isascii() or not (value.startswith(("@", "#", "?", "+")) or _SPECIAL.isdisjoint(value))


def _unspoken(value: str, *, quoted: bool) -> bool:
    """Letters that no word has, a pass phrase, or both cases as nobody writes them."""
    if value.islower():
        return (len(value) >= 12 and value.isalpha() and _UNSPEAKABLE.search(value) is not None) or (_PHRASE.fullmatch(value) is not None and not _SAYING.search(value))
    if value.isupper() or len(value) < 8 or not value.replace("_", "").replace("-", "").replace(".", "").isalnum() or worded(value):
        return False
    return ((len(value) >= 12 or quoted) and value.isalnum()) or bool(_ZIGZAG.search(value) or _UNSPEAKABLE.search(value.lower()))


def said(value: str) -> bool:
    """A password in a sentence ("is hunter2"): as chosen, and nothing that prose would put there."""
    digits = numbered(value)
    if not chosen(value, quoted=False) or not lettered(value) or (digits and "-" in value and (not _NUMBERED.fullmatch(value) or _SAYING.search(value)) and worded(value)):
        return False
    if digits or not _SPECIAL.isdisjoint(value.strip("!?")) or value in _COMMON or _PHRASE.fullmatch(value) or _ZIGZAG.search(value):
        return True
    return value[1:] != value[1:].lower() and _UNSPEAKABLE.search(value.lower()) is not None


def userinfo(value: str) -> bool:
    """user:password of an URL. A default ("postgres:postgres") and a stand-in ("user:password") are no secrets."""
    user, _, password = value.partition(":")
    low = password.lower()
    return len(password) >= 3 and low not in DEFAULTS and low != user.lower() and not _stands_in(low) and not _REFERENCE.match(password) and not password.isspace() and len(set(password)) > 2 and not ("_" in low and _NAMED.match(low))


def command(value: str) -> bool:
    """user:password after `-u`; 1000:1000 is a user and a group."""
    return userinfo(value) and chosen(value.partition(":")[2], quoted=True) and not value.replace(":", "").isdigit()


def basic(value: str) -> bool:
    """RFC 7617: base64 of user:password."""
    try:
        plain = binascii.a2b_base64(value + "=" * (-len(value) % 4)).decode()
    except (ValueError, UnicodeDecodeError):
        return False
    return ":" in plain[1:] and plain.isprintable()


def jwt(value: str) -> bool:
    """RFC 7519: the first part is a JSON object that names an algorithm."""
    head = value.partition(".")[0]
    try:
        header = json.loads(binascii.a2b_base64(head.replace("-", "+").replace("_", "/") + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(header, dict) and "alg" in header
