"""The stems of the names that tell a secret, and what stands for a name where there is none: a call, a flag, a header.

A name is a stem, what may stand around it, and a separator (secret_names). Rules of this file: expressions are of lowered text, which is folded.
"""

from __future__ import annotations

from detectors.folding import fold

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
# Where no name stands right before the value: calls, flags, headers. What leads up to it, fewer than secret_names.REACH characters.
_ARGUMENT = r"\(\s?(?:[rbfu]?[\"'][^\"'\s]{0,64}[\"']|[a-z_$][\w.]{0,32}),\s?(?=[\"'])"
_SLASHED = r"[\w.@-]{1,32} / (?=\S)"
_PAIRED = r"[\w.@-]{1,32}(?: / |:)(?=[^\s/])"
_COOKIE = r"[a-z0-9_.-]{0,20}(?:sess|sid|auth|jwt|login|remember)[a-z0-9_.-]{0,20}="
LEADS: dict[str, str] = {
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
SESSIONS = frozenset(("authorization", 'bearer", ', "cookie", " -b ", "sessid=", "sessionid=", "connect.sid=", "_session="))
STEMS.update(dict.fromkeys(LEADS, ""))
PASSWORDS = frozenset(STEMS) - SESSIONS - {"secret", "token", "key", "cred", "auth", "sig"}
