"""Where the store is: read from a URL, told without its passwords."""

from __future__ import annotations

import pytest

from gateway.errors import ConfigError
from gateway.store.target import Target


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://u:p@ch:8124/db", ("ch", 8124, False, "u", "p", "db")),
        ("https://u:p%40%2F@ch.example/", ("ch.example", 8443, True, "u", "p@/", "tidegate")),
        ("http://[::1]", ("::1", 8123, False, "default", "", "tidegate")),
    ],
)
def test_a_url_names_everything(url: str, expected: tuple[object, ...]) -> None:
    """A password with an @ in it is the usual trap."""
    target = Target.from_url(url)
    assert (target.host, target.port, target.secure, target.user, target.password, target.database) == expected


@pytest.mark.covers("T2")
@pytest.mark.parametrize("url", ["ftp://u:hunter2@h/db", "http://u:hunter2@h:port/db", "http://u:hunter2@/db", "http://u:hunter2@h/db?x=1", "http://u:hunter2@[h/db"])
def test_a_wrong_url_is_refused_without_being_quoted(url: str) -> None:
    """The message lands in a terminal, a log, a ticket."""
    with pytest.raises(ConfigError, match=r"^store\.url: ") as raised:
        Target.from_url(url)
    assert "hunter2" not in str(raised.value)


@pytest.mark.covers("T2")
def test_passwords_do_not_show_in_repr() -> None:
    """A target travels through many hands."""
    target = Target.from_url("http://u:hunter2@h/db", reader_user="r", reader_password="hunter3")
    assert "hunter" not in repr(target) + repr(target.reader())


def test_the_reader_is_the_same_place_as_somebody_else() -> None:
    """Without a reader of its own, a server is read as the one user there is."""
    target = Target.from_url("http://u:p@h/db", reader_user="r", reader_password="q")
    assert (target.reader().user, target.reader().password, target.reader().place) == ("r", "q", "h:8123")
    alone = Target.from_url("http://u:p@h/db")
    assert alone.reader() == alone
