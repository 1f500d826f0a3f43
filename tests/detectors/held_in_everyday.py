r"""Texts with a secret or somebody's data in them, in the habits of benign_everyday.py: what a rule against false alarms must not lose.

A value that must be found stands between brackets with its kind, `[[PASSWORD|<p>]]`; `any` is a secret of whatever kind. `<p>` is a password, `<e>` an address of a mailbox, `<T>` a telephone number of the ranges
that are kept for fiction, `<C>` a card's number, `<I>` an IBAN, `<S>` a social security number; the other slots are those of secret_places.py. Every second sort is in HELD, as there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.detectors.made_up_secrets import DIGITS, LOWER, Drawn
from tests.detectors.secret_places import fill

_MARK = re.compile(r"\[\[(\w+)\|(.*?)\]\]", re.DOTALL)
_OWN = re.compile(r"<([peTCIS])>")
_SURNAMES = "keller moreau lindqvist okafor tanaka silva novak byrne".split()

FORMS: dict[str, tuple[str, ...]] = {
    "dotenv": ("APP_ENV=production\nDB_HOST=db\nDB_PASSWORD=[[any|<p>]]\nCACHE_DRIVER=redis", "MAIL_PASSWORD=[[any|<p>]]\nMAIL_PORT=587", "JWT_SECRET=[[any|<w40>]]\nPORT=3000", 'SECRET_KEY="[[any|<w50>]]"', "export API_TOKEN=[[any|<h40>]]", "REDIS_URL=redis://:[[any|<w20>]]@cache:6379/0", "SENTRY_AUTH_TOKEN=[[any|<h64>]]  # prod"),
    "compose": ("services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: [[any|<p>]]\n      POSTGRES_DB: shop", "    environment:\n      - MYSQL_ROOT_PASSWORD=[[any|<p>]]", '      MINIO_SECRET_KEY: "[[any|<w32>]]"', "    command: redis-server --requirepass [[any|<p>]]", "      RABBITMQ_DEFAULT_PASS: [[any|<p>]]"),
    "kubeconfig": ("users:\n- name: admin\n  user:\n    token: [[any|<w48>]]", "stringData:\n  password: [[any|<p>]]\n  username: app", "data:\n  token: [[any|<B44>]]=", "    client-key-data: [[any|<B120>]]=="),
    "helm_set": ("helm upgrade shop ./chart --set auth.password=[[any|<p>]] --wait", "auth:\n  username: app\n  password: [[any|<p>]]", "kubectl create secret generic db --from-literal=password=[[any|<p>]]", "global:\n  postgresql:\n    auth:\n      postgresPassword: [[any|<w16>]]"),
    "terraform_vars": ('db_password = "[[any|<p>]]"', 'variable "api_key" {\n  default = "[[any|<w40>]]"\n}', 'resource "aws_db_instance" "x" {\n  username = "app"\n  password = "[[any|<p>]]"\n}', 'master_password        = "[[any|<p>]]"'),
    "ci_variables": ("env:\n  DEPLOY_TOKEN: [[any|<w40>]]", "| Variable | Value |\n|---|---|\n| PROD_DB_PASSWORD | [[any|<p>]] |", "  variables:\n    NEXUS_PASSWORD: [[any|<p>]]", "##[debug]token=[[any|<w40>]]", "+ export NPM_TOKEN=[[any|npm_<w36>]]"),
    "curl": ("curl -u admin:[[any|<w14>]] https://api.example.org/v1", "curl -H 'Authorization: Bearer [[any|<w48>]]' https://api.example.org", "curl -X POST -d 'username=jo&password=[[any|<w12>]]' https://example.org/login", 'curl -H "X-Api-Key: [[any|<w32>]]" https://example.org', "wget --user=jo --password=[[any|<w14>]] https://example.org/f.zip"),
    "connection_strings": ("Server=db;Database=shop;User Id=sa;Password=[[any|<w14>]];", "postgresql://app:[[any|<w16>]]@db.example.org:5432/shop", "mongodb+srv://app:[[any|<w16>]]@cluster0.example.net/shop", "jdbc:mysql://db/shop?user=app&password=[[any|<w14>]]", "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=[[any|<B86>]]==", "amqp://svc:[[any|<w18>]]@mq:5672/"),
    "spring": ("spring:\n  datasource:\n    username: app\n    password: [[any|<p>]]", "spring.mail.password=[[any|<p>]]", "server.ssl.key-store-password=[[any|<p>]]", "jwt.secret=[[any|<w44>]]"),
    "python_conf": ('PASSWORD = "[[any|<p>]]"', 'DATABASES = {"default": {"USER": "app", "PASSWORD": "[[any|<p>]]"}}', 'client = Client(api_key="[[any|<w40>]]")', "conn = psycopg2.connect(host='db', user='app', password='[[any|<p>]]')", 'SECRET_KEY = "[[any|<w50>]]"'),
    "js_conf": ("const token = '[[any|<w40>]]';", 'module.exports = { password: "[[any|<p>]]", port: 5432 };', "new Pool({ user: 'app', password: '[[any|<p>]]' })", "apiKey: '[[any|<w39>]]',"),
    "other_code": ('String password = "[[any|<p>]]";', 'private const string ApiKey = "[[any|<w36>]]";', 'let password = "[[any|<p>]]"', '$db_pass = "[[any|<p>]]";', "define('DB_PASSWORD', '[[any|<p>]]');", 'token := "[[any|<w40>]]"', 'val apiSecret = "[[any|<w40>]]"'),
    "logs": ("2026-03-01 10:00:01 DEBUG login user=jo password=[[any|<p>]] ok=true", "INFO config loaded: {db_password: [[any|<p>]], pool: 5}", 'level=debug msg="refresh" token=[[any|<w40>]]', "Mar  3 10:00:01 host app[311]: auth failed password='[[any|<p>]]'", "> Authorization: Bearer [[any|<w60>]]"),
    "traces_with": ("requests.exceptions.HTTPError: 401 for url: https://x.example.org/v1?api_key=[[any|<w32>]]", "OperationalError: connection to postgresql://app:[[any|<w16>]]@db/shop failed", "AssertionError: login('jo', password='[[any|<p>]]') returned None"),
    "tickets_secret": ("Steps: log in as qa-lead with password [[any|<p>]], open the list", "Staging login: jo / [[any|<p>]]", "VPN is set up. Your initial password: [[any|<p>]] (change it)", "The new password is [[any|<p>]], please tell the others", "Root pw: [[any|<p>]]", "pass: [[any|<p>]]\nuser: jo"),
    "chat_secret": ("[10:03] jo: wifi password: [[any|<p>]]", "jo: pass is [[any|<p>]] btw", "here's the token: [[any|<w40>]]", "use key [[any|sk_live_<w24>]] for now", "pwd [[any|<p>]]"),
    "german_secret": ("Zugangsdaten: Benutzer jo, Passwort: [[any|<p>]]", "Das Kennwort ist [[any|<p>]]", "WLAN-Passwort: [[any|<p>]]", "Passwort: [[any|<p>]]\nBitte nach der Anmeldung \u00e4ndern."),
    "french_secret": ("Identifiant : jo\nMot de passe : [[any|<p>]]", "mdp: [[any|<p>]]", "Le mot de passe est [[any|<p>]]", "Mot de passe provisoire : [[any|<p>]]"),
    "spanish_secret": ("Usuario: jo\nContrase\u00f1a: [[any|<p>]]", "clave: [[any|<p>]]", "La contrase\u00f1a es [[any|<p>]]", "Clave de acceso: [[any|<p>]]"),
    "others_secret": ("Wachtwoord: [[any|<p>]]", "Senha: [[any|<p>]]", "L\u00f6senord: [[any|<p>]]", "\u041f\u0430\u0440\u043e\u043b\u044c: [[any|<p>]]", "\u5bc6\u7801\uff1a[[any|<p>]]", "has\u0142o: [[any|<p>]]", "parola: [[any|<p>]]"),
    "digits_and_words": ("PASS=[[any|2fast4youX]]", "mdp: [[any|7nains2024]]", "pass: [[any|3amigos77]]", "Passwort: [[any|99Luftballons!]]", "clave: [[any|4caminos2020]]", "pass: [[any|LH2893xq]]", "password: [[any|TC1234_Login]]"),
    "test_like": ("PASS: [[any|Summer2026!]]", "PASS=[[any|TestUser#2024]]", "password: [[any|Test1234!]]", "ROBOT_PASS: [[any|<p>]]", "db pass: [[any|<p>]]", "pass = [[any|Passed-2024-x]]"),
    "table_secret": ("user,password\njo,[[any|<p>]]\n", "| user | password |\n|---|---|\n| jo | [[any|<p>]] |", "service;api_key\nshop;[[any|<w40>]]\n", "name\ttoken\nci\t[[any|<w40>]]\n"),
    "keyfiles": ("aws_access_key_id = [[any|AKIA<A16>]]\nregion = eu-west-1", "aws_secret_access_key = [[any|<B40>]]", "//packages.example.org/:_authToken=[[any|npm_<w36>]]", "machine git.example.org login jo password [[any|<w20>]]", "[[any|ghp_<w36>]]", "OPENAI_API_KEY=[[any|sk-proj-<w60>]]"),
    "license_keys": ("license_key: [[any|<A25>]]", "LICENSE_SECRET=[[any|<w32>]]", "signing secret: [[any|<h32>]]", "webhook secret: [[any|whsec_<w32>]]"),
    "post_vars": ("password=[[any|<w12>]]&remember=1", '{"username":"jo","password":"[[any|<p>]]"}', "$_POST['password'] = '[[any|<p>]]';", "<input type=\"password\" value=\"[[any|<p>]]\">", "auth.password=[[any|<p>]]"),
    "signature": ("Best regards\nAnna Keller\nSales Manager\nTel. [[PHONE_NUMBER|<T>]]\n[[EMAIL_ADDRESS|<e>]]", "M: [[PHONE_NUMBER|<T>]] | E: [[EMAIL_ADDRESS|<e>]]", "-- \nJ. Byrne, [[PHONE_NUMBER|<T>]]", "Phone: [[PHONE_NUMBER|<T>]]\nFax: none"),
    "cv": ("Curriculum Vitae\nBorn: [[DATE_OF_BIRTH|14.03.19<n2>]]\nE-mail: [[EMAIL_ADDRESS|<e>]]\nMobile: [[PHONE_NUMBER|<T>]]", "Date of birth: [[DATE_OF_BIRTH|19<n2>-07-21]]", "Contact: [[EMAIL_ADDRESS|<e>]] / [[PHONE_NUMBER|<T>]]"),
    "customer_ticket": ("Customer [[EMAIL_ADDRESS|<e>]] says the parcel never came, call back on [[PHONE_NUMBER|<T>]]", "Refund to card [[CREDIT_CARD|<C>]], order 7731", "caller id [[PHONE_NUMBER|<T>]], account blocked", "From: [[EMAIL_ADDRESS|<e>]]\nSubject: login"),
    "hr_mail": ("New starter: SSN [[US_SSN|<S>]], starts Monday", "Please pay the salary to [[IBAN_CODE|<I>]]", "Emergency contact: [[PHONE_NUMBER|<T>]] (mother)", "Her private mail is [[EMAIL_ADDRESS|<e>]]."),
    "medical": ("Patient DOB: [[DATE_OF_BIRTH|03/14/19<n2>]], MRN: [[MEDICAL_RECORD|<n8>]]", "Pat. geb. [[DATE_OF_BIRTH|02.11.19<n2>]], Tel. [[PHONE_NUMBER|<T>]]", "Reach the daughter at [[PHONE_NUMBER|<T>]].", "Medical record number: [[MEDICAL_RECORD|<n7>]]"),
    "bank_letter": ("IBAN: [[IBAN_CODE|<I>]]\nBIC: COBADEFFXXX", "Card [[CREDIT_CARD|<C>]] exp 09/28", "We have transferred 320,00 EUR to [[IBAN_CODE|<I>]].", "Kreditkarte [[CREDIT_CARD|<C>]]"),
    "csv_people": ("name,email,phone\nkeller,[[EMAIL_ADDRESS|<e>]],[[PHONE_NUMBER|<T>]]", "id;iban\n7;[[IBAN_CODE|<I>]]", "ssn,amount\n[[US_SSN|<S>]],320.00", "card,name\n[[CREDIT_CARD|<C>]],moreau"),
    "app_logs_people": ("INFO signup email=[[EMAIL_ADDRESS|<e>]] plan=pro", '{"phone":"[[PHONE_NUMBER|<T>]]","id":31}', "payment card=[[CREDIT_CARD|<C>]] status=declined", "sms to [[PHONE_NUMBER|<T>]] queued"),
    "sql_people": ("INSERT INTO users VALUES (7, 'jo', '[[EMAIL_ADDRESS|<e>]]', '[[PHONE_NUMBER|<T>]]');", "UPDATE u SET iban = '[[IBAN_CODE|<I>]]' WHERE id = 7;", "SELECT * FROM c WHERE ssn = '[[US_SSN|<S>]]';"),
    "part_like_phones": ("order 31, phone [[PHONE_NUMBER|<T>]]", "Kundennummer 4431, Telefon [[PHONE_NUMBER|<T>]]", "part no. 77, ask at [[PHONE_NUMBER|<T>]]", "Serial 8812; support line [[PHONE_NUMBER|<T>]]", "MPN 31, tel [[PHONE_NUMBER|<T>]]"),
    "invoice_people": ("Bill to: moreau, [[EMAIL_ADDRESS|<e>]], T [[PHONE_NUMBER|<T>]]\nTotal: 31.20", "Rechnung 4411, R\u00fcckfragen: [[PHONE_NUMBER|<T>]]", "Virement : [[IBAN_CODE|<I>]]", "Paid with [[CREDIT_CARD|<C>]]"),
    "chat_people": ("[09:12] silva: call me on [[PHONE_NUMBER|<T>]]", "my number's [[PHONE_NUMBER|<T>]]", "silva: ping [[EMAIL_ADDRESS|<e>]] pls", "ma carte c'est [[CREDIT_CARD|<C>]]", "mein iban ist [[IBAN_CODE|<I>]]"),
    "bare_phones": ("[[PHONE_NUMBER|<T>]]", "- [[PHONE_NUMBER|<T>]]\n- ok", "([[PHONE_NUMBER|<T>]])", "novak [[PHONE_NUMBER|<T>]]", "[[PHONE_NUMBER|<T>]] or by mail"),
    "tax_ids": ("US passport number: [[US_PASSPORT|C<n8>]]", "Social Security Number [[US_SSN|<S>]]", "my ssn is [[US_SSN|<S>]]", "EIN: [[US_EIN|12-<n7>]]"),
}  # fmt: skip
TUNED, HELD = (tuple(sort for at, sort in enumerate(FORMS) if at % 2 == half) for half in (0, 1))


@dataclass(frozen=True, slots=True)
class Held:
    """A text, and what must be found in it: (kind or "any", start, end) each."""

    sort: str
    text: str
    values: tuple[tuple[str, int, int], ...]


def held(seed: int = 9, each: int = 8) -> Iterator[Held]:
    """`each` texts of every form."""
    for sort, forms in FORMS.items():
        draw = Drawn(f"{seed}/{sort}")
        for form in forms:
            for _ in range(each):
                yield _held(sort, form, draw)


def _held(sort: str, form: str, draw: Drawn) -> Held:
    text, at, values = "", 0, []
    for mark in _MARK.finditer(form):
        text += _filled(form[at : mark.start()], draw)
        value = _filled(mark[2], draw)
        values.append((mark[1], len(text), len(text) + len(value)))
        text, at = text + value, mark.end()
    return Held(sort, text + _filled(form[at:], draw), tuple(values))


def _filled(form: str, draw: Drawn) -> str:
    return fill(_OWN.sub(lambda slot: _MAKE[slot[1]](draw), form), draw)


def _mailbox(draw: Drawn) -> str:
    return f"{draw.choice(LOWER)}{draw.choice(('.', '', '_'))}{draw.choice(_SURNAMES)}{draw.choice(('', '7', '84'))}@{draw.choice(('example.org', 'mail.example.com', 'example.co.uk'))}"


def _telephone(draw: Drawn) -> str:
    n = lambda size: draw.of(DIGITS, size)  # noqa: E731
    return draw.choice((f"(212) 555-01{n(2)}", f"+1 415-555-01{n(2)}", f"+44 20 7946 0{n(3)}", f"+49 30 23125 {n(3)}", f"+33 6 39 98 {n(2)} {n(2)}", f"415-555-01{n(2)}", f"+1 (303) 555-01{n(2)}", f"+4930231250{n(2)}"))


def _card(draw: Drawn) -> str:
    body = draw.choice(("4111", "5555", "4242")) + draw.of(DIGITS, 11)
    digits = [int(each) for each in body]
    total = sum(sum(divmod(digit * 2, 10)) if at % 2 == 0 else digit for at, digit in enumerate(digits))
    number = body + str(-total % 10)
    return draw.choice((number, " ".join(number[at : at + 4] for at in range(0, 16, 4)), "-".join(number[at : at + 4] for at in range(0, 16, 4))))


def _iban(draw: Drawn) -> str:
    body = draw.of(DIGITS, 18)
    number = f"DE{98 - int(body + '131400') % 97:02}{body}"
    return draw.choice((number, " ".join(number[at : at + 4] for at in range(0, 22, 4))))


_MAKE = {
    "p": lambda draw: re.sub("[;&%/:@^]", "x", draw.password()),
    "e": _mailbox,
    "T": _telephone,
    "C": _card,
    "I": _iban,
    "S": lambda draw: f"{draw.randint(501, 660)}-{draw.randint(11, 98)}-{draw.randint(1001, 9998)}",
}
