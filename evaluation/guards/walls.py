"""Walls of values: texts in which every value is real and none is like another, of each kind in each of its forms.

They are what a recogniser of forms is slowest with, since nearly all that it looks at is found. Drawn from a seed; the checksums are made to hold.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator

from detectors.recognisers import national_ids
from detectors.recognisers.cards import luhn
from detectors.recognisers.keyed import KEYS, Check
from tests.detectors.made_up_secrets import ALNUM, DIGITS, HEX, LOWER, NAMED, PREFIXED, UPPER, Drawn

SEPARATORS = {"": " ", "commas": ", ", "lines": "\n", "JSON": '","'}
WRITTEN: dict[str, Callable[[str], str]] = {  # so that it is read in several views
    "escaped twice": lambda text: f"%2541 {text}",
    "each escaped twice": lambda text: text.replace(" ", " %2520"),
    "in base64": lambda text: base64.b64encode(text.replace(" ", ' \u00e9\\"').encode()).decode(),
}
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_CONSONANTS = "bcdfghklmnprstvz"
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905

_CHECKS: dict[str, Check] = {key.kind: key.check for key in KEYS if key.check}

Make = Callable[[Drawn], str]


def walls(size: int, seed: int = 5) -> Iterator[tuple[str, str]]:
    """A label and a text of about so many characters: each form of each kind with blanks between, and some with other separators."""
    for number, (label, make) in enumerate((PERSONAL | SECRETS).items()):
        rng = Drawn(seed + number)
        for name, separator in SEPARATORS.items():
            if name and label not in _MORE:
                continue
            yield f"{label}, {name}" if name else label, _wall(make, separator, size, rng)
        for name, write in WRITTEN.items():
            if label in _WRITTEN:
                yield f"{label}, {name}", write(_wall(make, " ", size, rng))[:size]


def _wall(make: Make, separator: str, size: int, rng: Drawn) -> str:
    values, length = list[str](), 0
    while length < size:
        values.append(make(rng))
        length += len(values[-1]) + len(separator)
    return separator.join(values)


def _last(digits: str, fits: Check) -> str:
    """The number with the check digit that it takes; any other first if there is none."""
    for check in DIGITS:
        if all(fits([digits + check])):
            return digits + check
    return _last(str((int(digits[0]) + 1) % 10) + digits[1:], fits)


def _until(make: Make, fits: Check) -> Make:
    """The first that is valid."""

    def valid(r: Drawn) -> str:
        while True:
            number = make(r)
            if all(fits([number])):
                return number

    return valid


def _card(r: Drawn) -> str:
    return _last("4" + "".join(r.choices(DIGITS, k=14)), luhn)


def _fours(shown: str, sign: str = " ", many: int = 4) -> str:
    return sign.join(shown[at : at + many] for at in range(0, len(shown), many))


def _iban(country: str, account: str) -> str:
    digits = "".join(str(int(char, 36)) for char in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02}{account}"


def _name(r: Drawn) -> str:
    return "".join(r.choice(_CONSONANTS) + r.choice("aeiou") for _ in range(r.randint(2, 4)))


def _bitcoin(r: Drawn) -> str:
    raw = b"\0" + r.randbytes(20)
    raw += hashlib.sha256(hashlib.sha256(raw).digest()).digest()[:4]
    number, shown = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        shown = _BASE58[rest] + shown
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + shown


def _bech32(r: Drawn) -> str:
    values = [0, *(r.randrange(32) for _ in range(32))]
    check = 1
    for value in (3, 3, 0, 2, 3, *values, 0, 0, 0, 0, 0, 0):
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, word in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= word if top >> bit & 1 else 0
    check ^= 1
    return "bc1" + "".join(_BECH32[value] for value in (*values, *(check >> 5 * (5 - n) & 31 for n in range(6))))


def _digits(r: Drawn, many: int) -> str:
    return str(r.randint(1, 9)) + "".join(r.choices(DIGITS, k=many - 1))


def _letters(r: Drawn, many: int) -> str:
    return "".join(r.choices(UPPER, k=many))


def _date(r: Drawn) -> str:
    return f"{r.randint(1, 12):02}/{r.randint(1, 28):02}/{r.randint(1930, 2010)}"


def _fiscal(r: Drawn) -> str:
    return f"{_letters(r, 6)}{r.randint(10, 99)}{r.choice('ABCDEHLMPRST')}{r.randint(1, 28):02}{r.choice(UPPER)}{r.randint(100, 999)}{r.choice(UPPER)}"


def _insee(r: Drawn) -> str:
    number = f"{r.choice('12')}{r.randint(10, 99)}{r.randint(1, 12):02}{r.randint(10, 95)}{r.randint(100, 999)}{r.randint(100, 999)}"
    number += f"{97 - int(number) % 97:02}"
    return " ".join((number[0], number[1:3], number[3:5], number[5:7], number[7:10], number[10:13], number[13:]))


def _hetu(r: Drawn) -> str:
    born, serial = f"{r.randint(1, 28):02}{r.randint(1, 12):02}{r.randint(10, 99)}", f"{r.randint(2, 899):03}"
    return f"{born}-{serial}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(born + serial) % 31]}"


def _cpf(r: Drawn) -> str:
    digits = "".join(r.choices(DIGITS, k=9))
    return f"{digits[:3]}.{digits[3:6]}.{digits[6:]}-{r.randint(0, 99):02}"


def _medicare(r: Drawn) -> str:
    return _last("2" + "".join(r.choices(DIGITS, k=7)), _CHECKS["AU_MEDICARE"]) + r.choice("123456789")


def _dea(r: Drawn) -> str:
    return f"{_letters(r, 2)}{_digits(r, 7)}"


def _mbi(r: Drawn) -> str:
    letter = "ACDEFGHJKMNPQRTUVWXY"
    return f"{r.randint(1, 9)}{r.choice(letter)}{r.randint(0, 9)}{r.randint(0, 9)}{r.choice(letter)}{r.randint(0, 9)}{r.randint(0, 9)}{r.choice(letter)}{r.choice(letter)}{r.randint(10, 99)}"


def _sixteenth(r: Drawn) -> str:
    return ":".join(r.of(HEX, 4) for _ in range(8))


def _north(r: Drawn) -> str:
    return f"{r.randint(201, 989)}-{r.randint(201, 989)}-{r.randint(0, 9999):04}"


PERSONAL: dict[str, Make] = {
    "cards": lambda r: _fours(_card(r)),
    "cards, bare": _card,
    "cards, dashes": lambda r: _fours(_card(r), "-"),
    "cards, fifteen digits": lambda r: _last("37" + "".join(r.choices(DIGITS, k=12)), luhn),
    "cards, called so": lambda r: "card " + _fours(_card(r), "-", 5),
    "accounts": lambda r: _iban("DE", _digits(r, 18)),
    "accounts, grouped": lambda r: _fours(_iban("GB", _letters(r, 4) + _digits(r, 14))),
    "accounts, letters": lambda r: _iban("MT", _letters(r, 4) + _digits(r, 5) + "".join(r.choices(UPPER + DIGITS, k=18))),
    "mail": lambda r: f"{_name(r)}.{_name(r)}{r.randint(0, 99)}@{_name(r)}.com",
    "mail, short": lambda r: f"{r.of(LOWER + DIGITS, 2, 3)}@{r.of(LOWER, 2)}.de",
    "addresses of machines": lambda r: f"{r.randint(51, 223)}.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}",
    "addresses of machines, low": lambda r: f"ip {r.randint(1, 9)}.{r.randint(0, 39)}.{r.randint(0, 39)}.{r.randint(1, 39)}",
    "addresses of machines, version 6": _sixteenth,
    "addresses of machines, version 6, short": lambda r: f"fe80::{r.of(HEX, 4)}:{r.of(HEX, 4)}",
    "hardware": lambda r: ":".join(r.of(HEX, 2) for _ in range(6)),
    "sites": lambda r: f"https://{_name(r)}.{_name(r)}.com/{_name(r)}?{_name(r)}={r.randint(0, 999)}",
    "sites, with a login": lambda r: f"https://{_name(r)}:{r.of(ALNUM, 12)}@{_name(r)}.com/{_name(r)}",
    "sites, short": lambda r: f"http://{r.of(LOWER, 2)}.{r.of(LOWER, 2)}",
    "sites, www": lambda r: f"www.{_name(r)}.org/{_name(r)}",
    "sites, bare": lambda r: f"{_name(r)}.{r.choice(('com', 'org', 'de'))}",
    "telephones": lambda r: f"+1 {_north(r)}",
    "telephones, north": _north,
    "telephones, brackets": lambda r: f"({r.randint(201, 989)}) {r.randint(201, 989)}-{r.randint(0, 9999):04}",
    "telephones, bare": lambda r: f"+4930{r.randint(1000000, 99999999)}",
    "telephones, grouped": lambda r: f"+44 20 7{r.randint(0, 999):03} {r.randint(0, 9999):04}",
    "telephones, trunk": lambda r: f"020 7{r.randint(0, 999):03} {r.randint(0, 9999):04}",
    "telephones, pairs": lambda r: "06 " + " ".join(f"{r.randint(10, 99)}" for _ in range(4)),
    "telephones, called so": lambda r: f"tel {r.randint(10, 99)} {r.randint(10, 99)} {r.randint(10, 99)}",
    "telephones, called so, bare": lambda r: f"call {r.randint(201, 989)}{r.randint(201, 989)}{r.randint(0, 9999):04}",
    "telephones, zeros": lambda r: f"00336{r.randint(10000000, 99999999)}",
    "social security": lambda r: f"{r.randint(100, 665)}-{r.randint(10, 99)}-{r.randint(1000, 9999)}",
    "social security, called so": lambda r: f"ssn {r.randint(100, 665)}{r.randint(10, 99)}{r.randint(1000, 9999)}",
    "ITIN": lambda r: f"9{r.randint(10, 99)}-7{r.randint(0, 9)}-{r.randint(1000, 9999)}",
    "CPF": _until(_cpf, national_ids.cpf),
    "AHV": lambda r: (lambda n: f"{n[:3]}.{n[3:7]}.{n[7:11]}.{n[11:]}")(_last("756" + "".join(r.choices(DIGITS, k=9)), national_ids.ean13)),
    "INSEE": _insee,
    "NIF": lambda r: f"{(n := r.randint(10_000_000, 99_999_999))}{'TRWAGMYFPDXBNJZSQVHLCKE'[n % 23]}",
    "NIE": lambda r: f"X{(n := r.randint(1_000_000, 9_999_999))}{'TRWAGMYFPDXBNJZSQVHLCKE'[n % 23]}",
    "HETU": _hetu,
    "fiscal codes": lambda r: (lambda code: next(code + last for last in UPPER if all(national_ids.fiscal([code + last]))))(_fiscal(r)[:15]),
    "NRIC": lambda r: (lambda code: next(code + last for last in UPPER if all(national_ids.nric([code + last]))))(f"S{_digits(r, 7)}"),
    "NINO": lambda r: f"AB {r.randint(10, 99)} {r.randint(10, 99)} {r.randint(10, 99)} {r.choice('ABCD')}",
    "PAN": lambda r: f"{_letters(r, 3)}P{_letters(r, 1)}{r.randint(1000, 9999)}{_letters(r, 1)}",
    "wallets": _bitcoin,
    "wallets, bech32": _bech32,
    "wallets, hex": lambda r: "0x" + r.of(HEX, 40),
    "streets": lambda r: f"{r.randint(1, 999)} {_name(r).title()} St",
    "streets, the number last": lambda r: f"{_name(r).title()}strasse {r.randint(1, 99)}",
    "streets, French": lambda r: f"{r.randint(1, 99)} rue {_name(r).title()}",
    "streets, Italian": lambda r: f"Via {_name(r).title()} {r.randint(1, 99)}",
    "boxes": lambda r: f"PO Box {r.randint(1, 99999)}",
    "postcodes": lambda r: f"{r.choice('BDEGLMNS')}{r.randint(1, 9)} {r.randint(1, 9)}{''.join(r.choices('ABDEFGHJLNPQRSTUWXYZ', k=2))}",
    "states": lambda r: f"IL {r.randint(10000, 99999)}",
    "zips": lambda r: f"zip {r.randint(10000, 99999)}",
    "births": lambda r: f"dob {_date(r)}",
    "births, words": lambda r: f"born {r.choice(_MONTHS)} {r.randint(1, 28)}, {r.randint(1930, 2010)}",
    "passports": lambda r: f"passport {r.choice(UPPER)}{r.randint(1000000, 9999999)}",
    "licences": lambda r: f"driver's license {r.choice(UPPER)}{r.randint(1000000, 9999999)}",
    "NHS": lambda r: "nhs " + _until(lambda r: _digits(r, 10), _CHECKS["UK_NHS"])(r),
    "EIN": lambda r: f"ein {r.randint(10, 99)}-{r.randint(1000000, 9999999)}",
    "routing": lambda r: "aba " + _until(lambda r: _digits(r, 9), _CHECKS["ABA_ROUTING_NUMBER"])(r),
    "bank accounts": lambda r: f"acct {_digits(r, 10)}",
    "MBI": lambda r: f"mbi {_mbi(r)}",
    "records": lambda r: f"mrn {_digits(r, 8)}",
    "DEA": lambda r: "dea " + _until(_dea, _CHECKS["MEDICAL_LICENSE"])(r),
    "TFN": lambda r: "tfn " + _until(lambda r: _digits(r, 9), _CHECKS["AU_TFN"])(r),
    "medicare": lambda r: "medicare " + _medicare(r),
    "SIN": lambda r: "sin " + _last(_digits(r, 8), luhn),
    "aadhaar": lambda r: f"aadhaar {r.randint(2000, 9999)} {r.randint(1000, 9999)} {r.randint(1000, 9999)}",
    "PAN, called so": lambda r: f"pan {_letters(r, 5)}{r.randint(1000, 9999)}{_letters(r, 1)}",
    "PESEL": lambda r: "pesel " + _last(_digits(r, 10), _CHECKS["PL_PESEL"]),
    "BSN": lambda r: "bsn " + _until(lambda r: _digits(r, 9), _CHECKS["NL_BSN"])(r),
    "personnummer": lambda r: "personnr " + _last(_digits(r, 9), luhn),
    "tax": lambda r: "steuer-id " + _digits(r, 11),
    "all sorts": lambda r: r.choice(_SORTS)(r),
}
_SORTS = [each for label, each in PERSONAL.items() if label != "all sorts"]


def _named(names: tuple[str, ...], make: Make, frame: str) -> Make:
    return lambda r: frame.replace("{name}", names[0]).replace("{}", make(r))


def _mixed(r: Drawn) -> str:
    return f"{_name(r).title()}{r.randint(10, 9999)}!"


SECRETS: dict[str, Make] = {
    **{f"{kind}{f', {number + 1}' if number else ''}": make for kind, makers in PREFIXED.items() for number, make in enumerate(makers)},
    **{f"{kind}, {frame.replace('{name}', names[0])}": _named(names, make, frame) for kind, (names, make) in NAMED.items() for frame in ("{name}={}", '"{name}": "{}"')},
    "pwd=": lambda r: f"pwd={_mixed(r)}",
    "pwd: ''": lambda r: f"pwd: '{_mixed(r)}'",
    "password=, short": lambda r: f"password={r.of(LOWER + DIGITS, 6)}1",
    "token=": lambda r: f"token={r.of(ALNUM, 16)}",
    "password is": lambda r: f"password is {_mixed(r)}",
    "--password": lambda r: f"--password {_mixed(r)}",
    "&pass=": lambda r: f"&pass={_mixed(r)}",
    "one line of pwd=": lambda r: f"pwd={_mixed(r)},",
    "mysql -p": lambda r: f"mysql -u {_name(r)} -p{_mixed(r)}",
    "sshpass": lambda r: f"sshpass -p {_mixed(r)}",
    "cookies": lambda r: f"Cookie: sessionid={r.of(ALNUM, 24)}",
    "logins": lambda r: f"ftp://{_name(r)}:{r.of(ALNUM, 9)}@{_name(r)}",
    "logins, tokens": lambda r: f"https://{r.of(ALNUM, 24)}@{_name(r)}.com",
    "bearers": lambda r: f"Bearer {r.of(ALNUM, 32)}",
    "basic": lambda r: f"Basic {base64.b64encode(f'{_name(r)}:{_mixed(r)}'.encode()).decode()}",
    "-u": lambda r: f"curl -u {_name(r)}:{_mixed(r)}",
    "PINs": lambda r: f"pin {r.randint(1000, 9999)}, pin: {r.randint(1000, 9999)}",
    "htpasswd": lambda r: f"{_name(r)}:$apr1${r.of(ALNUM, 8)}${r.of(ALNUM, 22)}",
    "pgpass": lambda r: f"{_name(r)}:5432:{_name(r)}:{_name(r)}:{r.of(ALNUM, 12)}",
    "signatures": lambda r: f"X-Amz-Signature={r.of(HEX, 64)}",
    "API_KEY, who_what_drawn": lambda r: f"{_name(r)}_live_{r.of(ALNUM, 20)}",
    "pass phrases": lambda r: f'password: "{" ".join(_name(r) for _ in range(4))}"\n',
    "seeds": lambda r: f'seed phrase: "{" ".join(_name(r)[:6] for _ in range(12))}"\n',
    "private keys": lambda r: r.pem("PRIVATE KEY", 1),
    "tables": lambda r: "user,password\n" + "".join(f"{_name(r)},{_mixed(r)}\n" for _ in range(60)) + "\n",
    "all sorts of secrets": lambda r: r.choice(_SECRETS)(r),
}
_WORDS = "Blue Tree House River Stone Cloud Table Horse Green Light Water Paper".split()  # noqa: SIM905


def _joined(r: Drawn, many: int, sign: str = "-") -> str:
    return sign.join(r.choice(_WORDS) for _ in range(many))


# What is nearly a secret after its name, and none: each is looked at.
NEARLY: dict[str, Make] = {
    "pwd:BLUE_TREE": lambda r: f"pwd:{_joined(r, 2, '_').upper()}",
    "pw:BlueTreeHouse": lambda r: f"pw:{_joined(r, 3, '')}",
    "pass Blue-Tree1-field": lambda r: f"pass {_joined(r, 2)}1-field",
    "pw:${TREE}": lambda r: f"pw:${{{_joined(r, 2, '_').upper()}}}",
    "pass 12345678.": lambda r: f"pass {_digits(r, 8)}.",
    "pwd:2024-01-02": lambda r: f"pwd:20{r.randint(10, 99)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    "pass blue@tree.com": lambda r: f"pass {_joined(r, 2, '@').lower()}.com",
    "pwd:call(x9)": lambda r: f"pwd:{_joined(r, 1).lower()}({r.of(ALNUM, 6)})",
    "cred=xxxx9": lambda r: f"cred=xxxx{r.of(ALNUM, 8)}",
    "secret: BlueTree": lambda r: f"secret: {_joined(r, 3, '')}",
    "token=sha256-Blue": lambda r: f"token=sha{r.randint(1, 512)}-{_joined(r, 1)}",
    "page_token=drawn": lambda r: f"page_token={r.of(ALNUM, 24)}",
    "public_key=drawn": lambda r: f"public_key={r.of(ALNUM, 24)}",
    "heads of tables": lambda r: f"{r.of(HEX, 5)} user,password\n",
    "long heads of tables": lambda r: f"XZ{r.of(HEX, 7)}cookieuser,password\ncookie",
    "each names the rest": lambda r: "-cred:".join(["", *(_joined(r, 5, "_")[:24] for _ in range(5))]),
}


def nearly(size: int, seed: int = 6) -> Iterator[tuple[str, str]]:
    """A label and a text of about so many characters: what only begins to be a secret, with blanks between, and once in several views."""
    for number, (label, make) in enumerate(NEARLY.items()):
        yield f"nearly: {label}", _wall(make, " ", size, Drawn(seed + number))
    yield "nearly: pwd:BLUE_TREE, escaped twice", WRITTEN["escaped twice"](_wall(NEARLY["pwd:BLUE_TREE"], " ", size, Drawn(seed)))[:size]


_SECRETS = [each for label, each in SECRETS.items() if label not in ("all sorts of secrets", "tables", "private keys")]
_MORE = frozenset(("cards", "cards, bare", "accounts", "mail", "mail, short", "addresses of machines", "sites", "sites, bare", "telephones", "telephones, north", "telephones, called so", "telephones, trunk", "telephones, pairs", "telephones, grouped", "social security", "pwd=", "JWT", "AWS_ACCESS_KEY", "logins", "all sorts"))
_WRITTEN = frozenset(("cards", "mail", "telephones", "streets, French", "addresses of machines, version 6, short", "pwd=", "token="))
