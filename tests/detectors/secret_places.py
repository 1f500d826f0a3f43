"""Keys of many more issuers, and the places where people put secrets: configuration, code, commands, headers, prose in several languages.

Written from the issuers' public descriptions and from what scanners, tickets and chats show, apart from the detector. As in
made_up_secrets.py nothing here is a key: a form says `<w36>`, and what that stands for is drawn when it is asked for.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator

from tests.detectors.made_up_secrets import ALNUM, BASE64, DIGITS, HEX, LOWER, UPPER, URL, Drawn, Made

# w letters and digits, W and - _, a small letters and digits, A capitals and digits, B base64, h hex, n digits, c letters; <u> a UUID
_ALPHABETS = {"w": ALNUM, "W": URL, "a": LOWER + DIGITS, "A": UPPER + DIGITS, "B": BASE64, "h": HEX, "n": DIGITS, "c": LOWER + UPPER}
_SLOT = re.compile(r"<(u|[a-zA-Z](\d+))>")

ISSUED: dict[str, tuple[str, ...]] = {
    "ADYEN_KEY": ("AQE<w60>-<w43>=-<w16>",), "AIVEN_TOKEN": ("AVNS_<w19>",), "ANYSCALE_KEY": ("esecret_<a26>",), "APIFY_TOKEN": ("apify_api_<w36>",), "ARTIFACTORY_KEY": ("AKCp<w69>", "cmVmd<w59>"),
    "ASANA_TOKEN": ("1/<n16>:<h32>", "2/<n16>/<n16>:<h32>"), "ATLASSIAN_TOKEN": ("ATCTT3xFfG<W170>=<h8>", "ATBB<w32>"), "AWS_BEDROCK_KEY": ("ABSK<B128>",), "AWS_MWS_TOKEN": ("amzn.mws.<u>",), "AXIOM_TOKEN": ("xaat-<u>", "xapt-<u>"),
    "AZURE_KEY": ("<B76>+AStw<B4>==", "<B44>AzFu<B4>=="), "BFL_KEY": ("bfl_<w32>",), "BITWARDEN_TOKEN": ("0.<u>.<w30>:<B22>==",), "BRAINTREE_TOKEN": ("access_token$production$<a16>$<h32>",), "BREVO_KEY": ("xkeysib-<h64>-<w16>", "xsmtpsib-<h64>-<w16>"),
    "BROWSERBASE_KEY": ("bb_live_<w27>",), "CANVA_SECRET": ("cnvca<W50>",), "CIRCLECI_TOKEN": ("CCIPAT_<w22>_<h40>", "CCIPRJ_<w22>_<h40>"), "CLICKHOUSE_KEY": ("4b1d<w38>",), "CLOJARS_TOKEN": ("CLOJARS_<h60>",),
    "CLOUDFLARE_TOKEN": ("cfut_<w40>", "v1.0-<h24>-<h146>"), "CONFLUENT_SECRET": ("cflt<B60>",), "CURSOR_KEY": ("key_<h64>",), "DIGITALOCEAN_TOKEN": ("DO00<A16>",), "DATABRICKS_TOKEN": ("dose<h32>",), "DATADOG_KEY": ("ddpat_<w40>",), "DEFINED_KEY": ("dnkey-<A26>-<A52>",), "DISCORD_TOKEN": ("mfa.<W84>",),
    "DOCKER_SWARM_TOKEN": ("SWMTKN-1-<a50>-<a25>",), "DOPPLER_TOKEN": ("dp.ct.<w43>", "dp.sa.<w43>", "dp.scim.<w43>", "dp.st.prd.<w43>"), "DROPBOX_TOKEN": ("sl.<W135>", "sl.u.<W160>"), "E2B_KEY": ("e2b_<h40>",), "EASYPOST_KEY": ("EZTK<w54>",),
    "ELASTIC_KEY": ("essu_<w60>==",), "FACEBOOK_TOKEN": ("EAAG<w120>", "EAAJ<w150>"), "FIRECRAWL_KEY": ("fc-<h32>",), "FLYIO_TOKEN": ("fo1_<W43>", "fm2_<B120>=="), "FRAMEIO_TOKEN": ("fio-u-<W64>",),
    "GITLAB_TOKEN": ("glimt-<W25>", "glagent-<W50>", "glffct-<W20>", "GR1348941<W20>", "glrtr-<W27>.<a2>.<a7>", "glptt-<h40>"), "GOOGLE_API_KEY": ("AQ.Ab8<W50>",), "GOOGLE_OAUTH": ("1//0<n1><W2>CgYIARAA<w80>",), "GRAFANA_TOKEN": ("eyJrIjoi<w72>==",),
    "HARNESS_TOKEN": ("pat.<W22>.<h24>.<w20>", "sat.<W22>.<h24>.<w20>"), "HONEYCOMB_KEY": ("hcaik_<a58>", "hcbik_<a58>"), "HUBSPOT_TOKEN": ("pat-na1-<u>",), "IBM_KEY": ("ApiKey-<u>",), "INFISICAL_TOKEN": ("st.<h24>.<h32>.<h32>",),
    "INSTAGRAM_TOKEN": ("IGQV<W120>",), "INTERCOM_TOKEN": ("dG9rOj<w53>=", "dG9rOm<w53>="), "LAUNCHDARKLY_KEY": ("sdk-<u>", "api-<u>"), "LLAMA_CLOUD_KEY": ("llx-<w48>",), "LOGFIRE_TOKEN": ("pylf_v1_us_<w43>",), "MAILERSEND_TOKEN": ("mlsn.<h64>",),
    "MAILGUN_KEY": ("<h32>-<h8>-<h8>",), "MAPBOX_TOKEN": ("sk.eyJ<w80>.<W22>",), "MONGODB_SECRET": ("mdb_sa_sk_<W40>",), "NEON_KEY": ("napi_<a64>", "npg_<w12>"), "NEWRELIC_KEY": ("<h32>FFFFNRAL",), "NOMIC_KEY": ("nk-<W43>",), "NUGET_KEY": ("oy2<a43>",),
    "ONEPASSWORD_KEY": ("A3-<A6>-<A6>-<A5>-<A5>-<A5>-<A5>",), "ONFIDO_TOKEN": ("api_live.<w11>.<W32>",), "PADDLE_KEY": ("pdl_live_apikey_<a26>_<w22>_<w3>",), "PLAID_TOKEN": ("access-sandbox-<u>", "access-production-<u>"),
    "PLANETSCALE_TOKEN": ("pscale_oauth_<W43>",), "POLAR_TOKEN": ("polar_oat_<w43>",), "POSTHOG_KEY": ("phx_<w43>",), "PREFECT_KEY": ("pnu_<w36>", "pnb_<w36>"), "RAZORPAY_KEY": ("rzp_live_<w14>",), "README_KEY": ("rdme_<a70>",), "RENDER_KEY": ("rnd_<w28>",),
    "RESEND_KEY": ("re_<w8>_<w24>",), "ROOTLY_TOKEN": ("rootly_<h64>",), "SALESFORCE_TOKEN": ("00D<w12>!<w96>", "5Aep861<w60>"), "SCALINGO_TOKEN": ("tk-us-<W48>",), "SHOPIFY_TOKEN": ("shptka_<h32>",), "SNYK_TOKEN": ("snyk_uat.<h8>.<w60>",),
    "SOURCEGRAPH_TOKEN": ("sgp_<h40>", "sgp_<h16>_<h40>"), "TWITCH_TOKEN": ("oauth:<a30>",), "TWITTER_TOKEN": ("AAAAAAAAAAAAAAAAAAAAA<w60>%3D<w40>",), "TYPEFORM_TOKEN": ("tfp_<W44>_<W14>",), "UNKEY_KEY": ("unkey_<w24>",), "VAULT_TOKEN": ("s.<w24>",),
    "VERCEL_TOKEN": ("vcp_<w56>", "vercel_blob_rw_<w16>_<w30>"), "VOYAGE_KEY": ("pa-<W43>",), "WANDB_KEY": ("wandb_v1_<W77>",), "WAKATIME_KEY": ("waka_<u>",), "YANDEX_TOKEN": ("t1.<w7>.<w86>", "AQVN<w35>"), "ZUPLO_KEY": ("zpka_<h32>_<h8>",),
    "API_KEY": ("sk_<a28>", "live_<w40>", "acme_live_<w32>", "zeta_pat_<w36>", "nova_secret_<w32>", "flux_api_key_<a32>", "kite_prod_sk_<w32>"),  # issuers that nobody has heard of write theirs alike
}  # fmt: skip

BARE = ("is \0 still valid?", "{\"content\": \"use \0 for it\"}", "Authorization: Bearer \0", "- \0 (prod)", "[warn] rejected \"\0\" from 10.0.0.3", "<li><code>\0</code></li>", "`\0`", "Mon key,prod,\0,active", "(\0)", "see \0. It failed", "+\0\n")

# Names that say what stands after them, and what it looks like.
NAMES = (
    ("NEWS_API_KEY", "<h32>"), ("BINANCE_API_SECRET", "<w64>"), ("AES_KEY", "<h32>"), ("APP_KEY", "base64:<B43>="), ("SECRET_KEY_BASE", "<h128>"), ("SNYK_TOKEN", "<u>"), ("client_secret", "<w32>"), ("apiKey", "<w32>"), ("GIPHY_KEY", "<w32>"),
    ("VPN_PSK", "<w20>"), ("SSHPASS", "<w12>"), ("FTP_PASS", "<w12>"), ("KEYSTORE_PASSWORD", "<w12>"), ("spring.datasource.password", "<w14>"), ("AWS_SECRET_ACCESS_KEY", "<B40>"), ("DEEPGRAM_API_KEY", "2fa<h37>"),
)  # fmt: skip
NAMED = (
    "env:\n  - name: {n}\n    value: \"\0\"", 'variable "{n}" {{\n  type    = string\n  default = "\0"\n}}', "ENV {n} \0\nCMD app", "setenv {n} \0", "let k: &str = 1; const {n}: &str = \"\0\";", '{{"name": "{n}", "value": "\0"}}', "os.getenv('{n}', '\0')",
    "process.env.{n} || '\0'", "gh secret set {n} --body \"\0\"", "<name>{n}</name>\n  <value>\0</value>", "<key>{n}</key>\n<string>\0</string>", '<string name="{n}">\0</string>', "#define {n} \"\0\"", "--{n} \0", "{n} = '\0'", "| {n} | \0 |", "parameters:\n  {n}:\n    default: \0", "{n}: |\n  \0", "${{{n}:-\0}}",
)  # fmt: skip

PASSWORDS = (
    "Her password was \"\0\" before the reset.", "I set the password to \0 on all servers", "use jo with password \0", "creds are jo:\0", "credentials: jo/\0", "password - \0", "What's the password? It's \0", "the password should be \0", "log in with username jo and password \0",
    "# password for jo: \0", "<b>Password:</b> \0<br>", "<td>Password</td><td>\0</td>", "password \u2192 \0", "try password \0", "Password:\n\0\n",
    "ALTER USER 'a' IDENTIFIED WITH mysql_native_password BY '\0';", "CREATE USER 'a'@'%' IDENTIFIED BY '\0';", "INSERT INTO users (name, password) VALUES ('jo', '\0');", "CREATE LOGIN a WITH PASSWORD = N'\0';",
    "requests.get(url, auth=('jo', '\0'))", "HTTPBasicAuth(\"jo\", \"\0\")", "new NetworkCredential(\"jo\", \"\0\")", "server.login('jo', '\0')", "mysqli_connect('h', 'jo', '\0', 'shop')", "DriverManager.getConnection(url, \"jo\", \"\0\");",
    "page.get_by_label('Password').fill('\0')", "public string Password { get; set; } = \"\0\";", "password: str = \"\0\"",
    "sshpass -p '\0' ssh a@b", "mysql -u root -p\0 shop", "docker login -u jo -p \0 registry.example.org", "redis-cli -h a -a \0 ping", "ldapsearch -x -D cn=a -w \0 -b dc=a", "keytool -storepass \0", "7z x -p\0 a.7z", "ConvertTo-SecureString '\0' -AsPlainText",
    "machine a.example.org\n  login jo\n  password \0\n", "db.example.org:5432:shop:jo:\0\n", "WIFI:T:WPA;S:Home;P:\0;;", "bindpw \0\n", "network={\n  psk=\"\0\"\n}", "http -a jo:\0 GET https://api.example.org", "jdbc:oracle:thin:\0@db:1521/X",
)  # fmt: skip
ABROAD = (
    "Das Passwort lautet \0", "Mein Kennwort ist \0", "mot de passe du wifi : \0", "mdp : \0", "mon mot de passe c'est \0", "La contrase\u00f1a es \0", "clave: \0", "la password \u00e8 \0", "parola d'ordine: \0", "A senha \u00e9 \0", "Het wachtwoord is \0", "Moje has\u0142o to \0",
    "\u043f\u0430\u0440\u043e\u043b\u044c: \0", "\u041f\u0430\u0440\u043e\u043b\u044c - \0", "\u5bc6\u7801\u662f\0", "\u5bc6\u7801\uff1a\0", "\u30d1\u30b9\u30ef\u30fc\u30c9\u306f\0\u3067\u3059", "\ube44\ubc00\ubc88\ud638: \0", "\u015fifre: \0", "l\u00f6senord: \0", "heslo: \0",
    "salasana: \0", "jelsz\u00f3: \0", "m\u1eadt kh\u1ea9u: \0", "\u0643\u0644\u0645\u0629 \u0627\u0644\u0645\u0631\u0648\u0631: \0",
)  # fmt: skip

SESSIONS = ("Cookie: theme=dark; sessionid=\0; a=b", "Set-Cookie: session=\0; HttpOnly", "cookie: auth_token=\0", "curl -b 'sid=\0' https://app.example.org", "Cookie: JSESSIONID=\0", "Authorization: Token \0", '"Authorization": "ApiKey \0"', "https://\0@github.com/a/b.git", "https://api.example.org/x?key=\0&v=2")


def fill(form: str, rng: Drawn) -> str:
    """A form with its slots drawn."""
    return _SLOT.sub(lambda slot: _uuid(rng) if slot[1] == "u" else rng.of(_ALPHABETS[slot[1][0]], int(slot[2])), form)


def _uuid(rng: Drawn) -> str:
    return "-".join(rng.of(HEX, n) for n in (8, 4, 4, 4, 12))


def placed(seed: int = 1, each: int = 1) -> Iterator[Made]:
    """`each` texts of every form, of every name and of every place."""
    rng = Drawn(seed)
    for _ in range(each):
        for kind, forms in ISSUED.items():
            for form in forms:
                yield _put(kind, rng.choice(BARE), fill(form, rng))
        for frame in NAMED:
            name, form = rng.choice(NAMES)
            yield _put("NAMED", frame.replace("{{", "{").replace("}}", "}").replace("{n}", name), fill(form, rng))
        for name, form in NAMES:
            yield _put("NAMED", rng.choice((f"{name}=\0", f"{name}: \0", f'"{name}": "\0"')), fill(form, rng))
        for frame in PASSWORDS + ABROAD:
            value = re.sub("[;&%/:@^]", "x", rng.password())
            yield _put("PASSWORD", frame, f"jo/{value}" if ":thin:" in frame else value)
        for frame in SESSIONS:
            yield _put("TOKEN", frame, rng.of(ALNUM, 32, 44))
        yield from _files(rng)


def _put(kind: str, frame: str, secret: str) -> Made:
    at = frame.index("\0")
    return Made(kind, frame.replace("\0", secret), at, at + len(secret))


def _files(rng: Drawn) -> Iterator[Made]:
    pair = base64.b64encode(f"jo:{rng.password()}".encode()).decode()
    yield _put("TOKEN", '{"auths": {"registry.example.org": {"auth": "\0"}}}', pair)
    yield _put("PRIVATE_KEY", "PuTTY-User-Key-File-3: ssh-ed25519\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\n\0\nPrivate-MAC: 00", rng.of(BASE64, 64))
    yield _put("PRIVATE_KEY", json.dumps({"kty": "EC", "crv": "P-256", "d": "\0"}, ensure_ascii=False).replace("\\u0000", "\0"), rng.of(ALNUM, 43))
    yield _put("PASSWORD_HASH", "jo:\0\n", f"$apr1${rng.of(ALNUM, 8)}${rng.of(ALNUM, 22)}")
    yield _put("PRESIGNED_URL", "https://b.s3.example.org/k?X-Amz-Expires=600&X-Amz-Signature=\0", rng.of(HEX, 64))
    yield _put("PIN", "my card's pin is \0.", rng.of(DIGITS, 4))


# What stands where a secret would, or looks like one. Each raised an alarm once, or is what a scanner takes for a key.
TRAPS = (
    "mongodb+srv://<username>:<password>@cluster0.mongodb.net/", "AWS_SECRET_ACCESS_KEY=\n\ndefault-token-kb37a kubernetes.io/service-account-token", '<input autocomplete="current-password">\nsk-ant-api03-...', "to verify, pass `--keyring=\"${HOME:-~/.gnupg}/p9.kbx\"`",
    "print(f\"password={password!r}\")", 'BytePairEncoding.from_tiktoken("cl100k_base")', "pass     => $self->cause1", "CurrentDataSession|CurrentPass|CurrentX|CurrentY", 'token = r"[-!#$%&*+.^_`|~0-9a-zA-Z]+"', "s3://access_key_id:secret_access_key@bucket",
    "id_kma_keyPkgReceiversV2 = univ", "{\"content\": \"api_key: test\\npk" + "_live_VIQH6yD51Oqkj7SiInr45s7D\"}", "cs" + "_test_a1VIQH6yD51Oqkj7SiInr45s7Da1VIQH6yD51", "image app_prod_0f3a9c0f3a9c0f3a9c0f3a9c0f3a9c0f3a9c0f3a", "cache key: 0f3a9c0f3a9c0f3a9c0f3a9c0f3a9c0f",
    "{\"content\": \"ok\\npublic_key: aB3dE5fG7hJ9kL1mN3pQ5rS7aB3dE5fG7hJ9kL1mN3p=\"}", "S3_OBJECT_KEY=aB3dE5fG7hJ9kL1mN3pQ5rS7", "The key is under the doormat.", "password_hash: $2b$12$aB3dE5fG7hJ9kL1mN3pQ5rS7aB3dE5fG7hJ9kL1mN3pQ5rS7aB3dE", "PIN code: 560001 Bengaluru", "GPIO pin: 2040", 'connect("localhost", 5432, "shop_database_2")', "ps -u root -p 1234567", "Authorization: AWS4-HMAC-SHA256 Credential=ABCDEXAMPLE/20130524/us-east-1/s3/aws4_request",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db_password-a1B2c3", "pin 13 is the built-in LED", "pin: numpy==1.26.4", "session_id: 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
    "wifi password: ask at the front desk", "password: ask-your-team-lead", "la password e obbligatoria", "password? Click here to reset it", "the password should be at least 12 characters", "Kennwort: erforderlich", "\u5bc6\u7801\u662f\u5fc5\u586b\u9879", "\u043f\u0430\u0440\u043e\u043b\u044c: \u043d\u0435\u0432\u0435\u0440\u043d\u044b\u0439",
    "<Password>\n  <Hint>", "public string Password { get; set; }", "page.get_by_label('Password').fill(user.password)", "requests.get(url, auth=(user, password))", "docker login -u jo --password-stdin", "ps -u root -p 4242", "verification code is 482913",
)  # fmt: skip
