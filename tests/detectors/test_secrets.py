"""The detector of secrets: what it finds, what it leaves alone, and what it holds back in a stream."""

from __future__ import annotations

import base64
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import secret_stems
from detectors.base import CONTEXT
from detectors.secret_kinds import FORMS
from detectors.secrets import MAX_SPAN, Options, Secrets, _matches
from detectors.text import Text
from tests.detectors.made_up_secrets import ALNUM, BASE64, HEX, Drawn, Made, benign, secrets
from tests.support.growth import Work, assert_linear, assert_within

SECRETS = Secrets()


def found(text: str, before: str = "", detector: Secrets = SECRETS) -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end]) for each in detector.find(Text(text, before))]


def spans(text: str, before: str = "") -> list[tuple[str, int, int, float]]:
    return [(each.kind, each.start, each.end, each.score) for each in SECRETS.find(Text(text, before))]


def draw(size: int, alphabet: str = ALNUM, seed: int = 11) -> str:
    return Drawn(seed).of(alphabet, size)


def test_made_up_secrets_of_every_kind_are_found_whole():
    """The bar is .98 for all kinds together; a kind below .9 is a hole even so. Found means covered to the last character."""
    all, hit = Counter[str](), Counter[str]()
    for made in secrets(20, seed=7):
        all[made.kind] += 1
        hit[made.kind] += any(each.start <= made.start and made.end <= each.end for each in SECRETS.find(Text(made.text)))
    assert len(all) >= 50
    assert hit.total() / all.total() >= 0.98
    assert {kind: hit[kind] for kind in all if hit[kind] < 0.9 * all[kind]} == {}


def test_a_secret_is_named_for_its_issuer():
    """`<OPENAI_KEY_1>` tells the reader of a record whom to write to; `<TOKEN_1>` does not."""
    all = list(secrets(10, seed=8))
    assert sum(any(each.kind == made.kind for each in SECRETS.find(Text(made.text))) for made in all) / len(all) >= 0.98


def test_what_looks_like_a_secret_is_left_alone():
    """One false alarm in a thousand benign texts is the bar: a guard that cries wolf is switched off."""
    alarms = [text for text in benign(2000, seed=9) if SECRETS.find(Text(text))]
    assert len(alarms) <= 2, alarms


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("my password is hunter2, please help", "hunter2"),
        ("password: P@ssw0rd!", "P@ssw0rd!"),
        ("The password for the db on host four is Sunset77.", "Sunset77"),
        ('"password":"a,b;c<d1"', "a,b;c<d1"),
        ("https://example.org/?user=a&password=abc123&next=1", "abc123"),
        ("<password>hunter2</password>", "hunter2"),
        ('<add key="DbPassword" value="hunter2"/>', "hunter2"),
        ("define('DB_PASSWORD', 'hunter2');", "hunter2"),
        ("PGPASSWORD=abc123 psql -h db", "abc123"),
        ('password: str = "hunter2"', "hunter2"),
        (r"{\"password\": \"hunter2\"}", "hunter2"),
        ("| Password | hunter2 |", "hunter2"),
        ("d['password'] = 'hunter2'", "hunter2"),
        ("machine example.org login carol password hunter2", "hunter2"),
        ("redis://:hunter2x@cache:6379/0", ":hunter2x"),
        ("my password is lorem-ipsum-dolor7 and it stopped working", "lorem-ipsum-dolor7"),
        ("wifi password Hunter22%", "Hunter22%"),
        ("The VPN password hunter2x still works", "hunter2x"),
        ("creds: admin / hunter2x", "hunter2x"),
        ("<password>orbitMonkey11</password>", "orbitMonkey11"),
        ('Headers.Authorization = new("Bearer", "0f1E2d3C4b5A69788796a5B4c3D2");', "0f1E2d3C4b5A69788796a5B4c3D2"),
        ('{"key":"password","value":"hunter2x","type":"string"}', "hunter2x"),
        ("net user carol hunter2x /add", "hunter2x"),
        ("usr carol pwd hunter2x", "hunter2x"),
        ("log in with admin:Hunter22$", "Hunter22$"),
        ("sqlplus system/hunter2x@XE", "hunter2x@XE"),
        ("snmp-server community hunter2x RO", "hunter2x"),
        ('headers = {"Authorization": f"Token 0f1e2d3c4b5a69788796a5b4c3d2e1f0"}', "0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
    ],
)
def test_a_named_value_is_found_without_its_name(text: str, secret: str):
    """The finding is the value only: what names it stays readable for the model."""
    assert [value for _, value in found(text)] == [secret]


@pytest.mark.parametrize(
    "text",
    [
        "password=${DB_PASSWORD}", "password=changeme", "password=<your-password>", "password: ********", "api_key=xxxxxxxxxxxxxxxxxxxx",
        "snmp-server community public RO", "log in with google:oauth2", "logged in as bob:staff", "login: ann / see below", "sqlplus / as sysdba", "net user carol /delete", "net user carol *", "the wifi password is on the fridge", "root password required",
        "the password is user-name-field2", "password: required", '"password": "Mot de passe"', "password=None", "bypass=abc12345", "compass: n0rth-west", "token_type: bearer1234",
        "max_tokens=123456", "the token was abc", "password is SHA-256 hashed", "API key: your-api-key-1234567890ab", "password = get_password(12)",
        "token=self.config.token_2", "secret: projects/12/secrets/name1", "ssh-rsa " + "AAAAB3NzaC1yc2EA" * 8, "postgres://user:password@host/db",
        "postgres://postgres:postgres@localhost/db", "https://example.org:8080/a@b", "docker run -u 1000:1000 x", "AK" + "IAIOSFODNN7EXAMPLE",
        "Basic authentication", "bearer of good news everyone listens", "-----BEGIN PUBLIC KEY-----\n" + "MIIBIjANBgkqhkiG9w0B" * 8 + "\n-----END PUBLIC KEY-----",
    ],
)  # fmt: skip
def test_stand_ins_prose_and_code_are_no_secrets(text: str):
    """Documentation is full of places where a secret would stand."""
    assert found(text) == []


def test_the_name_may_stand_before_the_text():
    """A JSON value is walked as a text of its own; its key is all the context there is."""
    assert found("hunter2", before='"db_password": ') == [("PASSWORD", "hunter2")]
    assert found("hunter2", before="db_password: ") == [("PASSWORD", "hunter2")]
    assert found("hunter2", before="city: ") == []


@pytest.mark.parametrize("glue", ["\n", "\r\n", "\\n", "\\\\n", "\n    ", "\n> "])
@pytest.mark.parametrize("label", ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"])
def test_a_private_key_is_one_finding_however_its_lines_are_joined(label: str, glue: str):
    """Keys travel in JSON, in YAML, in quoted mail; a part left standing is the key."""
    key = Drawn(3).pem(label, 20, glue)
    assert found(f"a {key} z") == [("PRIVATE_KEY", key)]


def test_a_private_key_that_is_cut_short_is_found():
    """A model that stops in the middle of a key has still printed half of it."""
    key = Drawn(3).pem("RSA PRIVATE KEY", 20)[:700]
    assert found(key) == [("PRIVATE_KEY", key)]


def test_headers_of_an_encrypted_key_belong_to_it():
    """RFC 1421 headers stand between the first line and the key."""
    first, rest = Drawn(3).pem("RSA PRIVATE KEY", 6).split("\n", 1)
    key = f"{first}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{draw(32, HEX).upper()}\n\n{rest}"
    assert found(key) == [("PRIVATE_KEY", key)]


@pytest.mark.parametrize("text", ["\ud800", "password=\ud800hunter2 x", "\x00" * 50, "\u0130 password=hunter2", "", "-----BEGIN", "eyJ..", "://:@"])
def test_no_text_raises(text: str):
    """Half a surrogate pair is valid in JSON; an exception would be an error of the guard."""
    SECRETS.find(Text(text))
    assert 0 <= SECRETS.open_from(Text(text)) <= len(text)


def test_the_gate_rules_out_nothing_that_a_pattern_finds():
    """The fast pass decides what is looked for at all; a trigger narrower than its pattern would be a silent hole."""
    slow = Secrets()
    slow._gate = type("Open", (), {"Match": staticmethod(lambda text: None)})()  # as if RE2 had given up: everything is looked for
    for made in secrets(6, seed=10):
        assert slow.find(Text(made.text)) == SECRETS.find(Text(made.text))


def test_options_narrow_what_is_looked_for():
    """A policy that names kinds gets those only, and the others do not shadow them."""
    key = "gh" + "p_" + draw(36)
    text = f"token={key} password=hunter2"
    assert found(text, detector=Secrets(Options(kinds=frozenset(("GITHUB_TOKEN",))))) == [("GITHUB_TOKEN", key)]
    assert found(text, detector=Secrets(Options(allow=frozenset((key,))))) == [("PASSWORD", "hunter2")]
    assert found(text, detector=Secrets(Options(allow_patterns=("hunter[0-9]",)))) == [("GITHUB_TOKEN", key)]


def test_a_custom_pattern_finds_its_kind():
    """Every company has a token of its own."""
    detector = Secrets(Options(custom={"ACME_KEY": "acme_[a-z0-9]{8}"}))
    assert found('see "acme_12ab34cd", ok', detector=detector) == [("ACME_KEY", "acme_12ab34cd")]
    assert "ACME_KEY" in detector.kinds


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (Options(custom={"ACME_KEY": "(?=a)b"}), "ACME_KEY"), (Options(custom={"ACME_KEY": r"(a)\1"}), "ACME_KEY"), (Options(allow_patterns=("(",)), "allow"),
        (Options(kinds=frozenset(("OPNEAI_KEY",))), "OPNEAI_KEY"), (Options(custom={"acme": "a"}), "acme"),
    ],
)  # fmt: skip
@pytest.mark.covers("T14")
def test_what_cannot_run_in_linear_time_is_refused_by_name(options: Options, named: str):
    """A pattern with look-around or back-references would let one caller stop the gateway."""
    with pytest.raises(ValueError, match=named):
        Secrets(options)


HOSTILE = (
    "eyJ", "eyJhbGciOiJIUzI1NiJ9.", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----\nComment: a\n", "password=", "password for ", "key is ",
    "sk-", "sk- ", "://", "a://b:c", "AKIA", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo", "12345678:", "bearer ", "1Q~", "&sig=", 'password="a', "pass", "-u a:", "key-", "(token:a1b2c3d4)", "login(a,", "connect(a,b,", "mysql -u a ", "cookie: a=b; ", "authorization: a ", "login -a ", " -u a -b ", "password { default", "key for a b c ", "a_live_", "acme_live_sk_",
    "</a> <b>password", "password: a ", "passwd) values (a,", ":5432:", "Private-Lines: 1\nQUJDREVGR0hJSktMTU5P\n", ":$1$a", "\u5bc6\u7801\u662f", "wifi:;p:", "A" * 21 + "a", "blue-horse-", "pin is ",
)  # fmt: skip


def looks(text: str) -> Work:
    def work() -> None:
        SECRETS.find(Text(text))
        SECRETS.open_from(Text(text))

    return work


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.covers("T14")
def test_hostile_text_costs_no_more_than_its_length(piece: str):
    """A pattern that looks at everything again from every place costs the square."""
    assert_linear(lambda size: looks((piece * (size // len(piece) + 1))[:size]), 160_000)


@pytest.mark.parametrize(("head", "filler", "tail"), [("pass=", "\n", '"'), ("pass=", " \n", '"'), ("password=", "a1", ""), ("-u a:", "b2", ""), ("key-", "0", "")])
@pytest.mark.covers("T14")
def test_what_follows_a_name_costs_no_more_than_its_length(head: str, filler: str, tail: str):
    """One name, then a great deal of the same: a look ahead that goes back and forth in it costs its square."""
    assert_linear(lambda size: looks(head + filler * (size // len(filler)) + tail), 80_000)


@pytest.mark.parametrize("piece", ["password=", "api_key=\"", "token: ", "%41", "-----BEGIN PRIVATE KEY-----\n"])
@pytest.mark.covers("T14")
def test_a_stream_of_names_is_let_go_in_steps(piece: str):
    """Nothing, or enough that looking at all that is held was worth it: a wall of names took ten seconds a KB when it was let go in drops."""
    for size in range(4000, 9000, 20):
        at = SECRETS.open_from(Text((piece * 1200)[:size]))
        assert at == 0 or 8 * at >= size or size - at <= 512, size


def test_names_begin_with_what_they_are_looked_for_by():
    """The search runs from one beginning to the next; a pattern that began elsewhere would never be tried."""
    for stem in secret_stems.STEMS:
        source = secret_stems.LEADS.get(stem) or secret_stems.STEMS[stem]
        assert source.replace("\\", "").startswith(stem), stem


def test_a_fixed_beginning_finds_what_the_pattern_finds():
    """Ways to search for the same: of few, and of many, for which the pattern takes over."""
    text = " ".join(made.text for made in secrets(2, seed=14))
    many = " ".join(made.text for made in secrets(70, seed=14) if made.kind in ("AWS_ACCESS_KEY", "STRIPE_KEY", "JWT", "API_KEY"))
    for form in FORMS:
        for whole in (text, many):
            assert [match.span() for match in _matches(form, whole)] == [match.span() for match in form.pattern.finditer(whole)], form


def test_what_was_found_is_the_callers_own():
    """A text is asked twice, for what is open and for what is found; whoever adds to the answer does not add to the next."""
    text = Text("password=hunter2!")
    first = SECRETS.find(text)
    first.clear()
    assert len(SECRETS.find(text)) == 1
    assert Secrets(Options(kinds=frozenset(("JWT",)))).find(text) == []


# streams


def leaked(made: Made, cut: int) -> int:
    """Leading characters of the secret that are let go when the text has arrived up to `cut`, and that no finding covers then."""
    text = Text(made.text[:cut])
    return SECRETS.open_from(text) - made.start


@pytest.mark.covers("T17")
def test_no_two_way_split_lets_the_beginning_of_a_secret_go():
    """What is let go cannot be called back; three characters of a key are its prefix and nothing more."""
    for made in secrets(3, seed=12):
        step = max(1, (made.end - made.start) // 120)
        for cut in [*range(made.start + 1, made.end, step), made.end]:
            assert leaked(made, cut) <= 3, (made.kind, made.text[:cut])


def test_prose_is_held_by_its_last_word_only():
    """First text is not delayed beyond the longest open match, and prose has none."""
    text = "The key to the token economy is no secret, and the password for it is not either; it was plain to every read"
    for cut in range(1, len(text)):
        held = text[SECRETS.open_from(Text(text[:cut])) : cut]
        assert not any(char.isspace() for char in held), held


def test_prose_about_private_keys_is_let_go():
    """Sixteen KB of an explanation must not wait for a key that does not come."""
    text = "A PEM file starts with -----BEGIN RSA PRIVATE KEY----- and then come many lines of text, "
    assert SECRETS.open_from(Text(text)) == len(text)


_RNG = Drawn(21)
FRAGMENTS = st.sampled_from(
    [
        " ", "\n", ", ", ". ", "; ", '"', "'", "`", "=", ": ", "&", "the ", "password", "Password: ", "my password is ", "api_key=", '"token": "', "secret = '", "--token ", "hunter2", "P@ss^w(rd1",
        "Bearer ", "Basic ", "Authorization: ", "postgres://", "bob:s3cr3t^x", "@db/x ", "-u ", "\\n", "\\", "%3D", "&quot;", "\u200b", "\u00e9", "\u5bc6", "\\u0041", "-----BEGIN ", "RSA PRIVATE KEY-----",
        "-----END RSA PRIVATE KEY-----", "Proc-Type: 4,ENCRYPTED\n", "Server=db;", "aws_secret_access_key ", "gh" + "p_", "login(", "auth=(", "(a, b, ", "docker login ", "-p ", " -u a ", "mysql ", "identified by '", "Cookie: ", "sid=", "sessionid=", "wifi:", ";P:", "PIN is ", "4821", "Private-Lines: 1\n",
        "acme" + "_live_", "sk" + "_", "db:5432:app:bob:", "bob:$apr1$", "-Signature=", '"d": "', "creds: bob/", "</td><td>", " { default = ", '", "value": "', ": str = ", ").fill(", "\u5bc6\u7801", "\u662f", "\n-", "wachtwoord ", " is ", " - ", "? It's ",
        "with ", "authorization: token ", "s" + "k-", "AK" + "IA", "ey" + "J", "tg" + "-", ":AA", ".", "-", "_", "/",
        _RNG.of(ALNUM, 16), _RNG.of(ALNUM, 40), _RNG.of(HEX, 32), _RNG.of(BASE64, 64) + "\n", _RNG.of(BASE64, 64) + "\\n", "gh" + "p_" + _RNG.of(ALNUM, 36), "sk" + "-" + _RNG.of(ALNUM, 48), "AK" + "IA" + _RNG.of("ABCDEF234567", 16),
        _RNG.jwt(), _RNG.pem("RSA PRIVATE KEY", 2), _RNG.pem("EC PRIVATE KEY", 1, "\\n"), "cGFzc3dvcmQ9aHVudGVyMg==", "password%3Dhunter2x",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAGMENTS, max_size=14).map("".join), st.data())
def test_what_is_decided_stays_decided(text: str, data: st.DataObject):
    """I1, I2, I3 of detectors.base for a text cut anywhere: masking piece by piece equals masking the whole (law 2)."""
    assert_settled(text, data.draw(st.integers(0, len(text)), label="cut"))


def assert_settled(text: str, cut: int) -> None:
    begun = Text(text[:cut])
    at = SECRETS.open_from(begun)
    whole = spans(text)
    assert 0 <= cut - at <= MAX_SPAN
    assert [each for each in spans(text[:cut]) if each[1] < at] == [each for each in whole if each[1] < at]
    assert all(each[2] <= at for each in whole if each[1] < at)
    rest = spans(text[at:], text[max(0, at - CONTEXT) : at])
    assert [(kind, start + at, end + at, score) for kind, start, end, score in rest] == [each for each in whole if each[1] >= at]


@pytest.mark.parametrize("after", ["", "S", "Server=db;", "password=other99x"])
def test_a_value_ends_where_a_script_without_spaces_begins(after: str):
    """Whatever follows is another matter: else what was decided at the end of a stream's chunk would be taken back."""
    assert spans(f"password=hunter2x\u5bc6{after}")[0][:3] == ("PASSWORD", 9, 17)


@pytest.mark.parametrize(
    "text",
    [
        'seed phrase: lemon city cable trout cover table orbit actor urban chase stress cliff\\n"',
        "password: correct horse battery staple&quot;, please",
        "password: correct horse battery staple\\n",
        "password: correct horse battery staple          @",
        "senha,\\ncorr42,",
        "\u30d1\u30b9\u30ef\u30fc\u30c9://:p@1\uff0c",
        "AccountKey%3A%7Passwort%3Do ",
        "pass:1a&XcY;{\\\\",
        "tpass%2C &#9&#10&#;&##1&#44",
    ],
)
@pytest.mark.covers("T17")
def test_every_cut_of_what_half_an_escape_may_end(text: str):
    """Words of a phrase, lines of a table and values that lie across each other, cut within the escape after them, or within one that means nothing."""
    whole = spans(text)
    for cut in range(len(text) + 1):
        at = SECRETS.open_from(Text(text[:cut]))
        assert [each for each in spans(text[:cut]) if each[1] < at] == [each for each in whole if each[1] < at]
        assert all(each[2] <= at for each in whole if each[1] < at)


@pytest.mark.parametrize(
    "text",
    [
        ":ret,contrase\u00f1a\nd41d8cd98f00b204e9800998ecf8427e,DE89040044053201",
        "\u2192c, Kennwort,numero\ncorrect-horse-battery-staple,DE89040044053201",
        "-n\u00faoPasswort,apikey\ncorrect-horse-battery-staple,DE893704004405320130",
    ],
)
def test_a_head_that_is_context_of_what_was_unpacked_heads_nothing(text: str):
    """An account number read as base64 is no password because of a line that stands before it; and as context is short, a stream would not see the head."""
    assert not [each for each in spans(text) if text[each[1] : each[2]].startswith("DE89")]
    for cut in range(len(text) + 1):
        assert_settled(text, cut)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("user,password\njoe,{}\n", "PASSWORD"),
        ("notes of a day that was long enough\nuser,team,room,password,more\njoe,a,b,c,d\nann,infrastructure,second floor,{},x\n", "PASSWORD"),
        ("name,secret\ndb,{}\n", "SECRET"),
    ],
)
def test_a_cell_in_base64_under_a_plain_head_is_read(text: str, kind: str):
    """Padded, what it spells tells it, wherever the head stands; and in a stream as in the whole."""
    packed = base64.b64encode(b"hunterTiger389").decode()
    text = text.format(packed)
    assert [(each[0], text[each[1] : each[2]]) for each in spans(text)] == [(kind, packed)]
    for cut in range(len(text) + 1):
        assert_settled(text, cut)


def test_a_table_in_what_was_unpacked_is_read():
    """Head and rows in base64 hide nothing."""
    packed = base64.b64encode(b"user,password\nbo,Velv3t!Anchor\nal,9pickleThunder\n").decode()
    assert [each[0] for each in spans(packed)] == ["PASSWORD", "PASSWORD"]


def test_the_kind_of_a_password_hangs_on_nothing_that_a_stream_forgets():
    """Escapes are up to ten times as long as what they spell: of what stands before a value a stream knows that many characters less."""
    lead = "".join(f"&#{ord(char)};" for char in "Server=h;User=rue de la Paix, 75002 Paris")
    for text in (f'{lead}token:{{"cred": "06"}} {{&quot;has\u0142o&quot;: &quot;123456x', "Server=h;Uid=u;Pwd=Velv3t!Anchor;"):
        for cut in range(len(text) + 1):
            assert_settled(text, cut)
    assert spans("Server=h;Uid=u;Pwd=Velv3t!Anchor;")[0][0] == "CONNECTION_STRING" and spans("Server%3Dh%3BUid%3Du%3BPwd%3DVelv3t!Anchor%3B")


def test_findings_are_in_order_and_apart():
    """The contract of every detector; an overlap would be masked twice."""
    for made in secrets(4, seed=13):
        text = f"{made.text} {made.text}\npassword={made.secret}"
        result = SECRETS.find(Text(text))
        assert all(left.end <= right.start for left, right in pairwise(result))
        assert all(each.start < each.end <= len(text) and each.end - each.start <= MAX_SPAN and each.kind in SECRETS.kinds for each in result)


def test_every_form_is_triggered_by_what_it_matches():
    """A table of forms is only as good as its weakest line: none is empty, all kinds are spelled alike."""
    assert all(form.kind.isupper() and form.trigger and form.kind in SECRETS.kinds for form in FORMS)


@pytest.mark.covers("T14")
def test_no_value_takes_its_exponential():
    """Values that look almost like words: every way to cut them into words must not be tried (this hung once)."""
    detector = Secrets()
    for value in ("x" * 60 + "9" * 5 + "x", "Ab" * 40 + "_1!", "AB" * 40 + "9x9", "a-" * 60 + "1"):
        detector.find(Text(f"password={value} db_password: {value}"))


@pytest.mark.covers("T14")
@pytest.mark.parametrize("name", ["-pwd:", "_key=", ".token="])
def test_names_that_each_name_the_rest_of_a_run_cost_no_hundredfold(name):
    """All that comes after each of them is looked at again, up to 2,000 characters, and no more of it than in C."""
    draw = Drawn(5)
    values = [name + (draw.of(ALNUM, 26) if name == "_key=" else "-".join(draw.choices(("Blue", "Tree", "House", "River"), k=6)) + "7") for _ in range(600)]
    apart, runs = " ".join(values), " ".join("".join(values[at : at + 50]) for at in range(0, len(values), 50))
    assert_within(25.0, lambda: SECRETS.find(Text(runs)), lambda: SECRETS.find(Text(apart)))


@pytest.mark.parametrize("lead", ["cookie: sid=", "Cookie: a=1; sessionid=", "cookies={'sid': ", "7z a x.7z -p", "7z x -p"])
def test_what_leads_up_to_a_value_may_stand_before_quotes(lead):
    """Each way to write it, not the last one alone."""
    value = "dNUxHUxA3EyEQAh6HHfOpp7eckJs0fOk" + "Vroc6"
    for sign in ('"', "'"):
        assert value in [each for _, each in found(f"{lead}{sign}{value}{sign} x")], sign


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("    client-key-data: wIAWQKUH5GdWlmVAHWA+9TAElDr8RaKwH3BImdAZdAjeBhl6DWSfvu4QGBv0T5pZ", "wIAWQKUH5GdWlmVAHWA+9TAElDr8RaKwH3BImdAZdAjeBhl6DWSfvu4QGBv0T5pZ"),
        ('DriverManager.getConnection(url, "jo", "Mxrble_99!");', "Mxrble_99!"),
        ("mysqli_connect('h', 'jo', 'Mxrble_95!', 'shop')", "Mxrble_95!"),
    ],
)
def test_a_key_of_a_cluster_and_a_password_in_a_call_are_found(text: str, secret: str):
    """A name of words in such a call is none, one with a sign that names have not is."""
    assert secret in {text[f.start : f.end] for f in Secrets().find(Text(text))}
