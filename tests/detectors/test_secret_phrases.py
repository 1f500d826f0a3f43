"""Secrets that are more than one word, and those that the head of their column names: found whole, in streams too, and told from prose."""

from __future__ import annotations

import random

import pytest

from detectors import secret_tables, secrets
from detectors.base import CONTEXT
from detectors.secrets import Secrets
from detectors.text import Text
from tests.guard.test_stream_hostile import CHAT, chunk
from tests.support.planting import streamed as streamed_chat

SECRETS = Secrets()

FOUND = [
    ("password: velvet anchor pickle thunder\nregards", ["velvet anchor pickle thunder"]),
    ('{"db_password": "velvet anchor pickle thunder", "port": 1}', ["velvet anchor pickle thunder"]),
    ("PASSPHRASE='Velvet Anchor Pickle'", ["Velvet Anchor Pickle"]),
    ("my passphrase is velvet anchor7 pickle thunder, thanks", ["velvet anchor7 pickle thunder"]),
    ("mot de passe : velours ancre cornichon tonnerre", ["velours ancre cornichon tonnerre"]),
    ("seed phrase:\n" + " ".join(["zebra", "yellow", "wrist", "wolf", "wing", "width", "whale", "west", "wasp", "warm", "wall", "about"]) + ".", ["zebra yellow wrist wolf wing width whale west wasp warm wall about"]),
    ("echo 'Velv3t!Anchor' | docker login -u ci --password-stdin registry", ["Velv3t!Anchor"]),
    ("user,e-mail,password\nbo,bo@example.org,Velv3t!Anchor\nal,al@example.org,9pickleThunder\n\ndone", ["Velv3t!Anchor", "9pickleThunder"]),
    ("| Service | API key |\n| --- | --- |\n| maps | 8f2hX02lsPq9Zt4vUw |\n| mail | 7Bf2hQ02lsPq9Zt4vU |\n\nthat is all", ["8f2hX02lsPq9Zt4vUw", "7Bf2hQ02lsPq9Zt4vU"]),
    ("host\tlogin\tpwd\nvpn1\tops\tVelv3tAnchor\n", ["Velv3tAnchor"]),
    ('"name","password","token"\n"a, b","Velv3t!Anchor","k3J9sLq02mZx81Qw"\n', ["Velv3t!Anchor", "k3J9sLq02mZx81Qw"]),
    ('a,password,"mail"\nbo,Velv3t!Anchor,1\n', ["Velv3t!Anchor"]),  # of the cell after the name only a quote has come
    ("password , mail\nVelv3t!Anchor,1\n", ["Velv3t!Anchor"]),
    ("mysql://root:velv@t@anch0r@db.internal/shop", ["root:velv@t@anch0r"]),
    ("setx API_TOKEN k3J9sLq02mZx81QwPd77", ["k3J9sLq02mZx81QwPd77"]),
    ("aws configure set aws_secret_access_key " + "k3J9sLq02m/Zx81QwPd77k3J9sLq02mZx81QwPd7", ["k3J9sLq02m/Zx81QwPd77k3J9sLq02mZx81QwPd7"]),
    ("try logging in with admin / Velv3t!Anchor", ["Velv3t!Anchor"]),
    ('connect(password="mfash5hga")', ["mfash5hga"]),  # it begins as `mfa` does
]
NOT = [
    "password: must be at least eight characters long",
    "Password: Enter your new password here",
    "password: string format minimum eight",
    "The password is blue or green depending on the team",
    "my passphrase is too long to remember",
    "passphrase: none set yet today",
    "recovery phrase: write down the twelve words you will be shown and keep them somewhere safe please",
    "wallet: leather brown small cheap",
    "password: !vault |",
    "echo changeme | docker login --password-stdin",
    "| Parameter | Token |\n|---|---|\n| a | bearer |\n| b | opaque |",
    "token,count,logprob\nhello,12,-0.33\nwor1d,13,-0.2",
    "Field,Type,Key\nid,int(11),PRI\nname,varchar(255),MUL",
    "| Setting | Password |\n|---|---|\n| min length | 12 chars |\n| rotation | 90 days |",
    "The user, password, and email are required, see section 3.2a.",
    "login with Google / Facebook",
]


def found(text: str) -> list[str]:
    return [text[f.start : f.end] for f in SECRETS.find(Text(text))]


@pytest.mark.parametrize(("text", "values"), FOUND)
def test_each_is_found_whole(text: str, values: list[str]):
    """Phrases, cells and what is piped, and nothing around them."""
    assert found(text) == values


@pytest.mark.parametrize("text", NOT)
def test_prose_and_tables_of_words_are_left_alone(text: str):
    """A sentence about passwords, a column of words."""
    assert found(text) == []


def streamed(text: str, cuts: list[int]) -> list[tuple[str, int, int]]:
    """What a stream finds that lets go of what is decided."""
    found, held, before, at = [], "", "", 0
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        held += text[start:end]
        piece = Text(held, before)
        gone = len(held) if end == len(text) else SECRETS.open_from(piece)
        for f in SECRETS.find(piece):
            if f.start < gone:
                assert f.end <= gone
                found.append((f.kind, at + f.start, at + f.end))
        before, held, at = (before + held[:gone])[-CONTEXT:], held[gone:], at + gone
    return found


@pytest.mark.parametrize("text", [*(text for text, _ in FOUND), *NOT])
def test_a_stream_finds_what_the_whole_text_shows(text: str):
    """For every cut in two, for single characters, and for some drawn."""
    text = "so: " + text + "\nand so on, as it was"
    whole = [(f.kind, f.start, f.end) for f in SECRETS.find(Text(text))]
    drawn = random.Random(len(text))
    for cuts in [*([cut] for cut in range(1, len(text))), list(range(1, len(text))), *(sorted(drawn.sample(range(1, len(text)), 4)) for _ in range(10))]:
        assert streamed(text, cuts) == whole


@pytest.mark.parametrize("sign", ["&#44;", "%2c", "\\u002c", "%252c"])
def test_a_head_whose_beginning_was_let_go_is_read_as_the_whole(sign: str):
    """What stood before a name is context in a stream, with its escapes as they came: without them undone the line was no head, and what came under it went on."""
    text = f"so:\nuser{sign} password\nbo{sign} Velv3t!Anchor\nal{sign} Br0nze?Lantern\n"
    whole = [(f.kind, f.start, f.end) for f in SECRETS.find(Text(text))]
    assert len(whole) == 2
    for cuts in [*([cut] for cut in range(1, len(text))), list(range(1, len(text)))]:
        assert streamed(text, cuts) == whole


def test_a_table_is_open_only_while_it_may_go_on():
    """From the name in its head to its end; one without secrets is let go after two rows."""
    head = "user,password\n"
    assert SECRETS.open_from(Text(head + "bo,Velv3t!Anchor\n")) <= head.index("password")
    ended = head + "bo,Velv3t!Anchor\n\nand then "
    assert SECRETS.open_from(Text(ended)) == len(ended)
    words = head + "bo,required\nal,optional\n"
    assert SECRETS.open_from(Text(words)) > len(head)


def test_a_row_of_secrets_heads_no_table_of_its_own():
    """Rows that name secrets, in turns: each is read once, and the cost grows as the text does."""
    text = "token,a\n" + "token,k3J9sLq02mZx81Qw\nk3J9sLq02mZx81Qw,token\n" * 100
    assert len(found(text)) == 100


@pytest.mark.parametrize("unit", ["| key | token |\n", "key,\n", "a,token\n", "token|" * 20 + "\n", "token,a\nabcdefgh,d\n"])
def test_a_wall_of_heads_is_read_once(unit: str, monkeypatch: pytest.MonkeyPatch):
    """What comes again, a head and the rows after it, costs a look-up: else each line would be read as a head and as a row of those before it."""
    read = []
    cells = secret_tables.cells_of
    monkeypatch.setattr(secret_tables, "cells_of", lambda *args: read.append(args) or cells(*args))
    assert found(unit * 1000) == []
    assert len(read) < 20


def test_heads_that_differ_read_no_more_than_the_rows_right_after_them():
    """However many columns a head names, its rows are taken apart once for all of them; the rest of the text is not looked at for it."""
    read = []
    wall = "".join(f"key{' ' * (n % 13)}|a{n}|token\n" for n in range(500))
    with pytest.MonkeyPatch.context() as patch:
        cells = secret_tables.cells_of
        patch.setattr(secret_tables, "cells_of", lambda *args: read.append(args) or cells(*args))
        assert found(wall) == []
    assert len(read) <= 3 * 500


@pytest.mark.covers("T14")
@pytest.mark.parametrize("unit", ["| key | token |\n", "token,\n", "user,password\n" + "bo,Velv3t!Anchor\n" * 600])
def test_a_stream_of_tables_in_single_characters_costs_no_square(unit: str, monkeypatch: pytest.MonkeyPatch):
    """What is held of a table is looked at again when it has grown by an eighth, not with every character."""
    looked = []
    opens = secrets.table_open
    monkeypatch.setattr(secrets, "table_open", lambda text, low, floor: looked.append(len(text)) or opens(text, low, floor))
    costs = []
    for size in (6000, 12000):
        looked.clear()
        streamed_chat(CHAT, [chunk(content=char) for char in (unit * (size // len(unit) + 1))[:size]])
        costs.append(sum(looked) / size)
    assert costs[1] < 1.5 * costs[0] + 100
