"""Made-up secrets in made-up texts, and texts that only look as if they held one.

Everything is drawn from a seed and put together when it is asked for: no line of this file, and no file of the repository, holds
anything that a scanner could take for a key. Beginnings are written in two pieces for the same reason.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LOWER, UPPER, DIGITS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
ALNUM, HEX = LOWER + UPPER + DIGITS, DIGITS + "abcdef"
URL, BASE64 = ALNUM + "-_", ALNUM + "+/"

_NAMES = ("carol", "svc_report", "deploy", "app", "root", "reader")
_HOSTS = ("db.internal:5432", "10.2.3.4:6379", "queue", "mongo-0.example.net:27017", "localhost")
_PROSE = (
    "Hi, can you look at this? {} It stopped working yesterday.",
    "{}",
    "I get a 401 when I use {} with the client, what is wrong?",
    "2026-03-01T10:00:00Z WARN client: rejected credentials {} (attempt 2)",
    "- first step\n- then use {}\n- done",
    "`{}`",
    "<li>{}</li>",
    "see ({}) for details",
    "env:\n  - {}\n",
)
_AFTER_NAME = ('{name}={}', 'export {name}="{}"', '{name}: {}', '"{name}": "{}",', "{name} = '{}'", '{{"{name}":"{}"}}', "--{name} {}", "{name}={}&page=2", '\\"{name}\\": \\"{}\\"', '"{name}" => "{}"')  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A text with one secret in it, at text[start:end]."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def secret(self) -> str:
        return self.text[self.start : self.end]


class Drawn(random.Random):
    """Random strings."""

    def of(self, alphabet: str, low: int, high: int = 0) -> str:
        """Always with a digit and, where the alphabet has them, both cases: as good as any of that length."""
        size = self.randint(low, high or low)
        while True:
            text = "".join(self.choices(alphabet, k=size))
            if size < 16 or any(char.isdigit() for char in text) or not any(char.isdigit() for char in alphabet):
                return text

    def password(self) -> str:
        """As people and password managers choose them."""
        word = self.choice(("Falcon", "sunset", "Tiger", "karaoke", "winter", "Marble", "Saturn"))
        return self.choice(
            (
                f"{word}{self.randint(10, 9999)}",
                f"{word}{self.choice('!@#$%*')}{self.randint(1, 999)}",
                word.replace("a", "@").replace("i", "1").replace("s", "$").replace("o", "0") + f"_{self.randint(10, 99)}!",
                "".join(self.sample(ALNUM, 11)) + str(self.randint(0, 9)),
                "".join(self.sample(ALNUM + "!@#$%^*_-+", 14)) + str(self.randint(0, 9)),
                "".join(self.sample(LOWER + DIGITS, 12)) + str(self.randint(0, 9)),
            )
        )

    def hidden(self, part: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).decode().rstrip("=")

    def jwt(self) -> str:
        head = {"alg": self.choice(("HS256", "RS256", "ES256")), "typ": "JWT"}
        return ".".join((self.hidden(head), self.hidden({"sub": self.of(DIGITS, 9), "iat": self.randint(10**9, 2 * 10**9)}), self.of(URL, 43)))

    def pem(self, label: str, lines: int = 12, end: str = "\n") -> str:
        body = [self.of(BASE64, 64) for _ in range(lines)] + [self.of(BASE64, 22) + "=="]
        return end.join((f"-----BEGIN {label}-----", *body, f"-----END {label}-----"))


_Make = Callable[[Drawn], str]


def _github(letter: str) -> _Make:
    return lambda r: "gh" + letter + r.of(ALNUM, 36)


PREFIXED: dict[str, tuple[_Make, ...]] = {
    "OPENAI_KEY": (lambda r: "sk" + "-" + r.of(ALNUM, 20) + "T3Blbk" + "FJ" + r.of(ALNUM, 20), lambda r: "sk" + "-proj-" + r.of(URL, 74) + "T3Blbk" + "FJ" + r.of(URL, 74), lambda r: "sk" + "-" + r.of(HEX, 32), lambda r: "sk" + "-svcacct-" + r.of(URL, 60)),
    "ANTHROPIC_KEY": (lambda r: "sk" + "-ant-" + "api03-" + r.of(URL, 93) + "AA",),
    "OPENROUTER_KEY": (lambda r: "sk" + "-or-v1-" + r.of(HEX, 64),),
    "GOOGLE_API_KEY": (lambda r: "AI" + "za" + r.of(URL, 35),),
    "GOOGLE_OAUTH": (lambda r: "GOC" + "SPX-" + r.of(URL, 28), lambda r: "ya" + "29." + r.of(URL, 120)),
    "AWS_ACCESS_KEY": (lambda r: "AK" + "IA" + r.of(UPPER + "234567", 16), lambda r: "AS" + "IA" + r.of(UPPER + "234567", 16)),
    "GITHUB_TOKEN": (*(_github(p) for p in ("p_", "o_", "u_", "s_", "r_")), lambda r: "github" + "_pat_" + r.of(ALNUM, 22) + "_" + r.of(ALNUM, 59)),
    "GITLAB_TOKEN": (lambda r: "gl" + "pat-" + r.of(URL, 20), lambda r: "gl" + "rt-" + r.of(URL, 20)),
    "SLACK_TOKEN": (lambda r: "xo" + "xb-" + r.of(DIGITS, 12) + "-" + r.of(DIGITS, 12) + "-" + r.of(ALNUM, 24), lambda r: "xa" + "pp-1-A" + r.of(UPPER + DIGITS, 10) + "-" + r.of(DIGITS, 13) + "-" + r.of(HEX, 64)),
    "SLACK_WEBHOOK": (lambda r: "https://hooks" + ".slack.com/services/T" + r.of(UPPER + DIGITS, 8) + "/B" + r.of(UPPER + DIGITS, 8) + "/" + r.of(ALNUM, 24),),
    "STRIPE_KEY": (lambda r: "sk" + "_live_" + r.of(ALNUM, 24), lambda r: "rk" + "_live_" + r.of(ALNUM, 99), lambda r: "sk" + "_test_" + r.of(ALNUM, 24), lambda r: "wh" + "sec_" + r.of(ALNUM, 32)),
    "TWILIO_KEY": (lambda r: "S" + "K" + r.of(HEX, 32),),
    "SENDGRID_KEY": (lambda r: "S" + "G." + r.of(URL, 22) + "." + r.of(URL, 43),),
    "MAILGUN_KEY": (lambda r: "ke" + "y-" + r.of(HEX, 32),),
    "MAILCHIMP_KEY": (lambda r: r.of(HEX, 32) + "-us" + str(r.randint(1, 21)),),
    "NPM_TOKEN": (lambda r: "np" + "m_" + r.of(ALNUM, 36),),
    "PYPI_TOKEN": (lambda r: "py" + "pi-AgEIcHlwaS5vcmc" + r.of(URL, 150),),
    "HUGGINGFACE_TOKEN": (lambda r: "h" + "f_" + r.of(LOWER + UPPER, 34),),
    "GROQ_KEY": (lambda r: "gs" + "k_" + r.of(ALNUM, 52),),
    "XAI_KEY": (lambda r: "xa" + "i-" + r.of(ALNUM, 80),),
    "PERPLEXITY_KEY": (lambda r: "pp" + "lx-" + r.of(ALNUM, 48),),
    "REPLICATE_TOKEN": (lambda r: "r" + "8_" + r.of(ALNUM, 37),),
    "NVIDIA_KEY": (lambda r: "nv" + "api-" + r.of(URL, 64),),
    "DATABRICKS_TOKEN": (lambda r: "da" + "pi" + r.of(HEX, 32),),
    "DIGITALOCEAN_TOKEN": (lambda r: "do" + "p_v1_" + r.of(HEX, 64),),
    "HEROKU_KEY": (lambda r: "HR" + "KU-AA" + r.of(URL, 58),),
    "SHOPIFY_TOKEN": (lambda r: "sh" + "pat_" + r.of(HEX, 32), lambda r: "sh" + "pss_" + r.of(HEX, 32)),
    "TELEGRAM_BOT": (lambda r: r.choice("123456789") + r.of(DIGITS, 8, 9) + ":" + "AA" + r.of(URL, 32) + r.choice(ALNUM),),
    "DISCORD_TOKEN": (lambda r: "M" + r.of(ALNUM, 23, 25) + "." + r.of(ALNUM, 6) + "." + r.of(URL, 37) + r.choice(ALNUM),),
    "DISCORD_WEBHOOK": (lambda r: "https://discord" + ".com/api/webhooks/" + r.of(DIGITS, 18) + "/" + r.of(URL, 68),),
    "VAULT_TOKEN": (lambda r: "hv" + "s." + r.of(URL, 90),),
    "DOCKER_TOKEN": (lambda r: "dc" + "kr_pat_" + r.of(URL, 27),),
    "LINEAR_KEY": (lambda r: "li" + "n_api_" + r.of(ALNUM, 40),),
    "NOTION_TOKEN": (lambda r: "nt" + "n_" + r.of(ALNUM, 46), lambda r: "sec" + "ret_" + r.of(ALNUM, 43)),
    "AIRTABLE_TOKEN": (lambda r: "pa" + "t" + r.of(ALNUM, 14) + "." + r.of(HEX, 64),),
    "TERRAFORM_TOKEN": (lambda r: r.of(ALNUM, 14) + ".atlas" + "v1." + r.of(URL, 67),),
    "GRAFANA_TOKEN": (lambda r: "gl" + "sa_" + r.of(ALNUM, 32) + "_" + r.of(HEX, 8),),
    "NEWRELIC_KEY": (lambda r: "NR" + "AK-" + r.of(UPPER + DIGITS, 27),),
    "POSTMAN_KEY": (lambda r: "PM" + "AK-" + r.of(HEX, 24) + "-" + r.of(HEX, 34),),
    "FIGMA_TOKEN": (lambda r: "fi" + "gd_" + r.of(URL, 40),),
    "AZURE_CLIENT_SECRET": (lambda r: r.of(ALNUM, 3) + "8Q" + "~" + r.of(ALNUM + "_~.-", 33) + r.choice(ALNUM),),
    "AZURE_OPENAI_KEY": (lambda r: r.of(ALNUM, 52) + "JQ" + "QJ99" + r.of(UPPER + DIGITS, 10) + "ACOG" + r.of(ALNUM, 12),),
    "ATLASSIAN_TOKEN": (lambda r: "ATA" + "TT3x" + r.of(URL, 180) + "=" + r.of(HEX, 8),),
    "AGE_KEY": (lambda r: "AGE-SEC" + "RET-KEY-1" + r.of(UPPER + DIGITS, 58),),
    "TIDEGATE_KEY": (lambda r: "t" + "g-" + r.of(URL, 43),),
    "JWT": (Drawn.jwt,),
}
NAMED: dict[str, tuple[tuple[str, ...], _Make]] = {
    "AWS_SECRET_KEY": (("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "SecretAccessKey", "secretAccessKey"), lambda r: r.of(BASE64, 40)),
    "AZURE_STORAGE_KEY": (("AccountKey", "azure_storage_account_key"), lambda r: r.of(BASE64, 86) + "=="),
    "DATADOG_KEY": (("DD_API_KEY", "datadog_api_key", "datadogApiKey"), lambda r: r.of(HEX, 32)),
    "CLOUDFLARE_TOKEN": (("CLOUDFLARE_API_TOKEN", "cf_api_key", "cloudflare-api-token"), lambda r: r.of(URL, 40)),
    "MISTRAL_KEY": (("MISTRAL_API_KEY", "mistral_api_key", "mistralKey"), lambda r: r.of(ALNUM, 32)),
    "COHERE_KEY": (("COHERE_API_KEY", "CO_API_KEY"), lambda r: r.of(ALNUM, 40)),
    "HEROKU_KEY": (("HEROKU_API_KEY",), lambda r: "-".join(r.of(HEX, n) for n in (8, 4, 4, 4, 12))),
    "PASSWORD": (("password", "DB_PASSWORD", "passwd", "pwd", "dbPassword", "PGPASSWORD", "MYSQL_PWD", "redis_pass", "user.password"), Drawn.password),
    "SECRET": (("client_secret", "CLIENT_SECRET", "secret", "clientSecret", "APP_SECRET", "webhook_secret"), lambda r: r.of(ALNUM, 16, 48)),
    "API_KEY": (("api_key", "apiKey", "x-api-key", "API_KEY", "apikey", "SERVICE_API_KEY", "encryption_key"), lambda r: r.of(r.choice((HEX, ALNUM)), 20, 40)),
    "TOKEN": (("access_token", "auth_token", "refreshToken", "token", "ACCESS_TOKEN", "bot_token"), lambda r: r.of(r.choice((HEX, ALNUM, URL[:-1])), 24, 64)),
}


def _wrapped(text: str, start: int, end: int, kind: str, rng: Drawn) -> Made:
    frame = rng.choice(_PROSE)
    left = frame.index("{}")
    return Made(kind, frame.replace("{}", text), left + start, left + end)


def _within(kind: str, frame: str, secret: str, rng: Drawn) -> Made:
    at = frame.index("\0")
    return _wrapped(frame.replace("\0", secret), at, at + len(secret), kind, rng)


def secrets(each: int, seed: int = 1) -> Iterator[Made]:
    """`each` texts of every kind."""
    rng = Drawn(seed)
    for kind, makers in PREFIXED.items():
        for n in range(each):
            secret = makers[n % len(makers)](rng)
            frame = rng.choice(("\0", "\0", "key \0", 'client = Client("\0")', "KEY=\0", '"value": "\0"', "Authorization: Bearer \0", "https://api.example.org/v1?k=\0&n=1" if "://" not in secret else "\0"))
            yield _within(kind, frame, secret, rng)
    for kind, (names, make) in NAMED.items():
        for _ in range(each):
            frame = rng.choice(_AFTER_NAME)
            secret = make(rng)
            if kind == "PASSWORD":
                secret = secret.replace("&", "x") if "&page" in frame else secret
            at = frame.replace("{name}", rng.choice(names)).replace("{}", "\0").replace("{{", "{").replace("}}", "}")
            yield _within(kind, at, secret, rng)
    for n in range(each):
        label = ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK", "ENCRYPTED PRIVATE KEY")[n % 6]
        yield _within("PRIVATE_KEY", ("\0", '{"private_key": "\0"}')[n // 2 % 2], rng.pem(label, rng.randint(1, 40), ("\n", "\\n")[n // 2 % 2]), rng)
        yield _within("BEARER_TOKEN", rng.choice(("Authorization: Bearer \0", "authorization: bearer \0", '-H "Authorization: Bearer \0"')), rng.of(ALNUM, 32, 64), rng)
        yield _within("BASIC_AUTH", "Authorization: Basic \0", base64.b64encode(f"{rng.choice(_NAMES)}:{rng.password()}".encode()).decode(), rng)
        scheme = rng.choice(("postgres", "postgresql+asyncpg", "mysql", "mongodb+srv", "redis", "amqp", "https", "ftp"))
        yield _within("CONNECTION_STRING", f"{scheme}://\0@{rng.choice(_HOSTS)}/app", f"{rng.choice(_NAMES)}:{rng.password().replace('@', 'a').replace('#', 'b').replace('/', 'c')}", rng)
        yield _within("CONNECTION_STRING", "Server=db.example.net;Database=app;User Id=sa;Password=\0;Encrypt=true", rng.password().replace(";", "x"), rng)
        yield _within("PASSWORD", rng.choice(("my password is \0", "The password for the staging box is \0", "Password: \0", "login carol password \0", "my password was \0", "mot de passe : \0", "das Passwort ist \0")), rng.password(), rng)


_WORDS = "the session was lost when a reader opened the second page and found that every letter had been sorted by hand before noon".split()


def benign(count: int, seed: int = 2) -> Iterator[str]:
    """Texts without a secret that have much of what secrets have."""
    rng = Drawn(seed)
    for n in range(count):
        yield _BENIGN[n % len(_BENIGN)](rng)


def _words(rng: Drawn, n: int) -> list[str]:
    return rng.choices(_WORDS, k=n)


def _uuid(rng: Drawn) -> str:
    return "-".join(rng.of(HEX, n) for n in (8, 4, 4, 4, 12))


_BENIGN: tuple[_Make, ...] = (
    lambda r: f"commit {r.of(HEX, 40)}\nAuthor: Carol <carol@example.org>\n\n    {' '.join(_words(r, 8))}",
    lambda r: f"sha256:{r.of(HEX, 64)}  {r.choice(_WORDS)}.tar.gz",
    lambda r: f"request {_uuid(r)} took {r.randint(1, 999)} ms, trace_id={r.of(HEX, 32)} span_id={r.of(HEX, 16)}",
    lambda r: "![x](data:image/png;base64,iVBORw0KGgo" + r.of(BASE64, 300, 900) + "==)",
    lambda r: f'"integrity": "sha512-{r.of(BASE64, 86)}==",\n"resolved": "https://registry.example.org/{r.choice(_WORDS)}/-/{r.choice(_WORDS)}-1.2.{r.randint(0, 30)}.tgz"',
    lambda r: f"<script src=x.js integrity=\"sha384-{r.of(BASE64, 64)}\" crossorigin=anonymous nonce={r.of(ALNUM, 22)}></script>",
    lambda r: "!function(e,t){for(var n=e.a,i=0;i<n.length;i++)t[n[i].k]=n[i].v;return " + r.choice(LOWER) + "}(" + ",".join(r.of(LOWER, 2) + "[" + str(r.randint(0, 99)) + "]" for _ in range(30)) + ");",
    lambda r: f".sk-{'-'.join(_words(r, 4))}-wrapper{{margin:{r.randint(1, 9)}px}} .sk-fading-circle-{r.randint(1, 12)}-container-element{{opacity:.5}}",
    lambda r: json.dumps({"password": r.choice(("Password", "Passwort", "Mot de passe", "Wachtwoord")), "forgot_password": "Forgot your password?", "token": "Token", "login.password.hint": "At least 8 characters"}),
    lambda r: f"DB_PASSWORD={r.choice(('changeme', '${DB_PASSWORD}', '<your-password>', 'xxxxxxxx', '********', '$DB_PASS', '%DB_PASSWORD%', '{{ db_password }}', 'your_password_here', 'REPLACE_ME_123'))}\nDB_USER=app",
    lambda r: f"OPENAI_API_KEY={r.choice(('sk-...', 'sk-xxxxxxxxxxxxxxxxxxxxxxxx', '<your-key>', 'your-api-key-here', '${OPENAI_API_KEY}', 'sk-your-openai-api-key-goes-here'))}",
    lambda r: "Your password must have at least " + str(r.randint(8, 16)) + " characters. If the password is wrong " + str(r.randint(3, 9)) + " times, the token is revoked and the secret is rotated.",
    lambda r: "A password is hashed with " + r.choice(("bcrypt", "argon2id", "PBKDF2-SHA256", "SHA-512")) + "; the API key is never stored. The secret: use a vault. The password is SHA-256 hashed.",
    lambda r: "password = os.environ['DB_PASSWORD']\ntoken = response.json()['access_token']\napi_key = settings.api_key2\nsecret = get_secret(name='app')\npwd = getpass.getpass()",
    lambda r: "const password = this.form.get('password').value; const token = await getToken({ page: 1 }); client.login(username, password1);",
    lambda r: f"max_tokens: {r.randint(100, 99999)}\ntotal_tokens={r.randint(100, 99999)}\nprompt_tokens: {r.randint(1, 9999)}\nnext_page_token={r.of(ALNUM, 20)}",
    lambda r: r.pem("PUBLIC KEY", 6),
    lambda r: r.pem("CERTIFICATE", 14),
    lambda r: f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{r.of(BASE64, 43)} carol@laptop",
    lambda r: "eyJ" + r.of(URL, 30) + "." + r.of(URL, 40) + "." + r.of(URL, 43),
    lambda r: f"{r.of(ALNUM, 20)}.{r.of(ALNUM, 30)}.{r.of(ALNUM, 43)}",
    lambda r: f"/usr/share/{r.choice(_WORDS)}/{r.of(HEX, 32)}/password-reset/{r.of(HEX, 12)}.html",
    lambda r: f"https://example.org/items/{r.of(DIGITS, 12)}/{_uuid(r)}?page={r.randint(1, 9)}&sort=key&id={r.of(ALNUM, 24)}",
    lambda r: f"order {r.of(DIGITS, 10)} shipped, tracking {r.of(UPPER, 2)}{r.of(DIGITS, 9)}US, invoice INV-{r.of(DIGITS, 6)}",
    lambda r: "_".join(_words(r, 6)) + " " + "".join(word.title() for word in _words(r, 5)) + "FactoryBean" + str(r.randint(1, 99)),
    lambda r: f"password_hash: $2b$12${r.of(ALNUM, 53)}\npassword_changed_at: 2026-01-{r.randint(10, 28)}T10:00:00Z\ntoken_type: bearer\nsecret_name: projects/12/secrets/db",
    lambda r: f"cache_key={r.of(HEX, 32)} primary_key={r.randint(1, 99999)} public_key={r.of(BASE64, 44)} idempotency_key={_uuid(r)}",
    lambda r: "To connect use postgres://user:password@localhost:5432/db or redis://localhost:6379/0, see http://localhost:8080/user@host",
    lambda r: '| field | type | meaning |\n|---|---|---|\n| password | string | at least 8 |\n| token | string | JWT (RFC7519) |\n| api_key | uuid4 | the key |',
    lambda r: "secretKeyRef:\n  name: db-credentials\n  key: password\nimagePullSecrets:\n  - name: registry-cred-" + str(r.randint(1, 9)),
    lambda r: "The basic idea: bearer authentication (RFC 6750) sends `Authorization: Bearer <token>`; Basic authentication sends base64 of user:password.",
    lambda r: f'etag: W/"{r.of(HEX, 32)}"\nx-request-id: {_uuid(r)}\ncf-ray: {r.of(HEX, 16)}-FRA\nset-cookie: theme=dark',
    lambda r: f"docker run -u 1000:1000 -e TOKEN=$TOKEN image@sha256:{r.of(HEX, 64)}",
    lambda r: "A PEM file starts with -----BEGIN RSA PRIVATE KEY----- and ends with -----END RSA PRIVATE KEY-----; in between is base64.",
    lambda r: " ".join(_words(r, 60)) + ". The key to the token economy is no secret: pass it on.",
    lambda r: f"go.sum h1:{r.of(BASE64, 43)}=\nname = \"{r.choice(_WORDS)}\"\nchecksum = \"{r.of(HEX, 64)}\"",
    lambda r: f"<input type=\"password\" name=\"password\" id=\"login-password-field-1\" placeholder=\"Password\" data-key=\"{r.choice(_WORDS)}\">",
    lambda r: f"<svg><path d=\"M{r.randint(1, 99)}.5 3.2L{r.randint(1, 99)} 7.1c.3-.2.6 0 .8.3z\"/></svg> #{r.of(HEX, 6)} rgba(0,0,0,.{r.randint(1, 9)})",
    lambda r: "curl -H 'Authorization: Bearer $TOKEN' -u \"$USER:$PASS\" https://api.example.org/v2/key-value-store/items",
    lambda r: f"ISBN 978-{r.of(DIGITS, 1)}-{r.of(DIGITS, 5)}-{r.of(DIGITS, 3)}-{r.of(DIGITS, 1)}, arXiv:{r.of(DIGITS, 4)}.{r.of(DIGITS, 5)}, tx 0x{r.of(HEX, 64)}, ULID 01H{r.of(UPPER + DIGITS, 23)}",
)
