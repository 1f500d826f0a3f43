"""Scripts that write no spaces, and others than Latin: beside what is found, in what an operator says, and in the context that a stream has let go."""

# ruff: noqa: RUF001  (letters that look like others are what this is about)

from __future__ import annotations

import base64

import pytest

from detectors.exceptions import Exceptions
from detectors.pii import Options, Pii
from detectors.recognisers.custom import Custom, CustomPattern, compile_linear
from detectors.recognisers.folded_pattern import folded_pattern
from detectors.redact import mask
from detectors.secrets import Options as SecretOptions
from detectors.secrets import Secrets
from detectors.text import Text
from tests.detectors.test_pii_open import check

PII = Pii()


def found(text: str, detector: Pii | Secrets = PII) -> list[str]:
    return [text[each.start : each.end] for each in detector.find(Text(text))]


def streamed(text: str, detector: Pii | Secrets = PII) -> str:
    """Masked as it comes, a character at a time."""
    kept = before = out = ""
    for char in [*text, ""]:
        kept += char
        given = Text(kept, before)
        at = detector.open_from(given) if char else len(kept)
        out += mask(kept[:at], [(each.start, each.end, f"<{each.kind}>") for each in detector.find(given) if each.end <= at])
        before, kept = (before + kept[:at])[-256:], kept[at:]
    return out


def whole(text: str, detector: Pii | Secrets = PII) -> str:
    return mask(text, [(each.start, each.end, f"<{each.kind}>") for each in detector.find(Text(text))])


@pytest.mark.covers("T17")
@pytest.mark.parametrize(
    ("text", "mail"),
    [
        ("请联系ann@example.com如果你有任何问题请随时告诉我们谢谢你的配合和支持我们的工作", "ann@example.com"),
        ("请联系ann@example.com谢谢", "ann@example.com"),
        ("お問い合わせはann@example.comまでお気軽に", "ann@example.com"),
        ("문의사항은ann@example.com으로연락주시기바랍니다", "ann@example.com"),
        ("ติดต่อann@example.comได้ตลอดเวลา", "ann@example.com"),
        ("写信到ann@例子.com 好", "ann@例子.com"),
        ("联系 ann.lee@公司.中国 好", "ann.lee@公司.中国"),
        ("联系ann.lee@公司.中国谢谢", "ann.lee@公司.中国"),
        ("写信到ann@example.com。公司很好", "ann@example.com"),
        ("Писать на ann@example.comпожалуйста, да", "ann@example.com"),
        ("Писать на иван@пример.рф сегодня", "иван@пример.рф"),
        ("Schreib an jürgen@müller.de bitte", "jürgen@müller.de"),
    ],
)
def test_an_address_among_other_scripts(text, mail):
    """It is found without the words beside it, and wherever a stream is cut."""
    assert found(text) == [mail]
    assert streamed(text) == whole(text)
    for cut in range(len(text) + 1):
        check(text, cut)


@pytest.mark.covers("T17")
@pytest.mark.parametrize("text", ["你好@张三 我们走吧", "ann@例子好吗", "很好@example.", "价格@公司.中国"])
def test_what_only_has_an_at_sign(text):
    """A mention, half an address: nothing, in a stream neither."""
    assert found(text) == []
    assert streamed(text) == text


def test_little_is_held_of_prose_after_an_address():
    """What comes after an address in a script without spaces is let go, whatever its length."""
    text = "请联系ann@example.com" + "如果你有任何问题" * 4
    assert PII.open_from(Text(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [("IP是192.168.10.200谢谢", "192.168.10.200"), ("서버는192.168.10.200입니다", "192.168.10.200"), ("地址是2001:db8::1:0:5的", "2001:db8::1:0:5")],
)
def test_an_ip_address_among_other_scripts(text, address):
    """Letters without spaces at either end are no part of it."""
    assert found(text) == [address]
    for cut in range(len(text) + 1):
        check(text, cut)


def test_a_hardware_address_among_other_scripts():
    """The same for hardware addresses."""
    assert found("网卡00:1a:2b:3c:4d:5e号", Pii(Options(kinds=frozenset({"MAC_ADDRESS"})))) == ["00:1a:2b:3c:4d:5e"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (Options(allow={"*": ["jürgen@müller.de"]}), "jürgen@müller.de"),
        (Options(allow={"EMAIL_ADDRESS": ["иван@пример.рф"]}), "иван@пример.рф"),
        (Options(allow_patterns={"*": [r".*@müller\.de"]}), "jürgen@müller.de"),
    ],
)
def test_what_is_allowed_is_folded_as_texts_are(options, text):
    """An accent or a Cyrillic letter in it does not make it another value."""
    assert found(text) and found(text, Pii(options)) == []


def test_allowed_names_are_folded():
    """The names tier asks the same exceptions, with folded names."""
    assert Exceptions({"*": ["Zoë Müller"]}, {}).has("PERSON", "Zoe Muller")


def test_allowed_secrets_are_folded():
    """Exact values and patterns."""
    text = "password=" + "Schlüssel" + "2024!"
    assert found(text, Secrets())
    assert found(text, Secrets(SecretOptions(allow=frozenset({"Schlüssel" + "2024!"})))) == []
    assert found(text, Secrets(SecretOptions(allow_patterns=("Schlüssel[0-9]+!",)))) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("PRÜF-[0-9]{4}", "PRÜF-1234"),
        ("Дело [0-9]{4}", "Дело 1234"),
        ("[А-Я][а-яё]{3} [0-9]{4}", "Дело 1234"),
        ("(?i)проект [0-9]{2}", "ПРОЕКТ 12"),
        ("(?i)ПРОЕКТ [0-9]{2}", "проект 12"),
        ("Straße+ [0-9]", "Straße 1"),
        (r"PR\x{DC}F-[0-9]", "PRÜF-1"),
        ("[ÄÖÜ]-[0-9]{3}", "Ü-123"),
        ("合同[0-9]{3}", "合同123"),
        ("[一-龥]{2}[0-9]{3}", "合同123"),
        ("（[0-9]{3}）", "（123）"),
    ],
)
def test_a_pattern_of_ones_own_in_any_script(pattern, text):
    """It finds what it says, though texts are folded before they are looked at."""
    assert found(text, Pii(Options(kinds=frozenset(), custom=[CustomPattern("OWN", pattern)]))) == [text]


@pytest.mark.parametrize("pattern", ["[À-ÿ]+", "[a-ü]+"])
def test_a_range_of_letters_stays_one(pattern):
    """It does not come to match the signs that stand among its characters, nor digits."""
    assert not any(compile_linear(pattern).fullmatch(sign) for sign in "' \".0129-")


def test_a_word_that_makes_a_match_sure_is_folded():
    """`matrícula` stands in the text as `matricula`."""
    own = Custom(CustomPattern("OWN", "E-[0-9]{6}", 0.3, ("matrícula",)))
    hits: list = []
    own("matricula E-123456", 0, hits)
    assert [hit[3] for hit in hits] == [0.9]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [("gro[ß]e", r"\[ß\]"), (r"\Qü\E", r"\\Q"), ("[я-а]", "lower character first"), ("a[\u0301]", "nothing in")],
)
def test_a_pattern_that_cannot_be_folded_is_refused(pattern, said):
    """With what to write, and not in silence."""
    with pytest.raises(ValueError, match=said):
        compile_linear(pattern)
    with pytest.raises(ValueError, match=said):
        Secrets(SecretOptions(allow_patterns=(pattern,)))


@pytest.mark.parametrize("pattern", [r"EMP-\d{4}", "[a-z]{2,}[^x]", r"\x41\x{42}", "(?i)id[[:digit:]]"])
def test_an_ascii_pattern_is_left_as_it_is(pattern):
    """Nothing of its syntax is touched."""
    assert folded_pattern(pattern) == pattern


@pytest.mark.covers("T17")
@pytest.mark.parametrize(
    "text",
    [
        "t&eacute;l: 0612345678 ok", "t\\u00e9l: 0612345678 ok", "&#115;&#115;&#110; is 219099999 ok", "%73%73%6e is 219099999 ok", "my \\u0073\\u0073\\u006e is 219099999 ok",
        "&amp;#115;&amp;#115;&amp;#110; is 219099999 ok", "&amp;#115;&amp;#115;&amp;#110; is 2190&#57;9999 ok", "DOB\\u003a 03/12/1984 ok",
    ],
)  # fmt: skip
def test_an_escaped_word_names_a_number_in_a_stream(text):
    """What was let go is read as it would be in the whole text."""
    assert found(text)
    assert streamed(text) == whole(text)


@pytest.mark.covers("T17")
@pytest.mark.parametrize("value", ["219-09-9999", "10.20.30.40", "a@bcde.com"])
def test_short_values_in_base64(value):
    """Of base64 the padding counts: sixteen characters hold a number that a person has."""
    run = base64.b64encode(value.encode()).decode()
    assert len(run) == 16 and run.endswith("=")
    for text in (run, f"see {run} there", f"key={run}&more", f"{run}\n{run}"):
        assert found(text) == [run] * text.count(run)
        assert streamed(text) == whole(text)
