"""Secrets of many issuers where people put them, and what stands there instead."""

from __future__ import annotations

from collections import Counter

import pytest

from detectors.secrets import Secrets
from detectors.text import Text
from tests.detectors.made_up_secrets import ALNUM, Drawn, Made
from tests.detectors.secret_places import TRAPS, placed

SECRETS = Secrets()


def covered(made: Made) -> bool:
    """Whether one finding covers the secret to the last character."""
    return any(each.start <= made.start and made.end <= each.end for each in SECRETS.find(Text(made.text)))


def test_secrets_are_found_in_every_place():
    """A key in a place that nobody thought of is a key that leaves; the bar is .98, and no form or place may be a hole."""
    all, missed = Counter[str](), list[Made]()
    for made in placed(seed=3, each=8):
        all[made.kind] += 1
        if not covered(made):
            missed.append(made)
    assert len(missed) <= 0.01 * all.total(), [made.text for made in missed]
    assert {kind: n for kind, n in Counter(made.kind for made in missed).items() if n > 0.2 * all[kind]} == {}


def test_a_key_is_named_for_its_issuer():
    """Whoever reads `<RESEND_KEY_1>` knows which console to open."""
    made = [each for each in placed(seed=4, each=3) if each.kind in SECRETS.kinds and each.kind.endswith(("_KEY", "_TOKEN", "_SECRET"))]
    assert sum(any(each.kind == found.kind for found in SECRETS.find(Text(each.text))) for each in made) >= 0.98 * len(made)


@pytest.mark.parametrize("text", TRAPS)
def test_what_stands_where_a_secret_would_is_none(text: str):
    """Templates, code that handles secrets, ids and public keys outnumber secrets a thousand to one."""
    assert SECRETS.find(Text(text)) == []


def test_a_name_within_a_name_is_judged_for_itself():
    """`auth` looks for what machines draw, `authtok` for a password; the verdict on one is not the verdict on the other."""
    assert covered(Made("PASSWORD", "ldap_default_authtok = abc12!xyz", 23, 32))


def test_words_joined_to_a_pass_phrase_are_found():
    """Pass-phrase generators join four words; three joined words are a name in any configuration."""
    assert covered(Made("PASSWORD", "passphrase: winter-falcon-mango-river", 12, 37))
    assert SECRETS.find(Text("password: login-form-input-field")) == []


def test_a_common_password_is_found_though_it_is_a_word():
    """`password: letmein` is one of the most frequent passwords there are."""
    assert covered(Made("PASSWORD", "password: letmein", 10, 17))
    assert SECRETS.find(Text("password: letters")) == []


def test_letters_in_disorder_are_a_password_and_a_word_is_none():
    """One random password of ten letters in six has no digit."""
    assert covered(Made("PASSWORD", "FTP_PASS=utBqnToBPH", 9, 19))
    assert SECRETS.find(Text("db_password: getUserName")) == []


def test_a_key_may_end_a_sentence_and_begin_a_line_of_a_diff():
    """A full stop belongs to the sentence, a minus to the diff."""
    key = "M" + Drawn(5).of(ALNUM, 23) + "." + Drawn(6).of(ALNUM, 6) + "." + Drawn(7).of(ALNUM, 27)
    assert covered(Made("DISCORD_TOKEN", f"it is {key}. Thanks", 6, 6 + len(key)))
    key = "xo" + "xb-" + Drawn(8).of(ALNUM, 40)
    assert covered(Made("SLACK_TOKEN", f"@@\n-{key}\n+", 4, 4 + len(key)))
