"""`${NAME}` from a file: how systemd, Docker and Kubernetes hand out secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config import parse
from gateway.errors import ConfigError

TEXT = "server: {admin_token: '${ADMIN}'}\nproviders: {openai: {dialect: openai, base_url: 'https://api.openai.com'}}\n"


def token(text: str = TEXT) -> str:
    found = parse(text).server.admin_token
    assert found is not None
    return found.get_secret_value()


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ADMIN", "ADMIN_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("content", "value"), [(b"s3cret", "s3cret"), (b"s3cret\n", "s3cret"), (b"s3cret\r\n", "s3cret"), (b" a b \n", " a b "), ("pä$${X}".encode(), "pä$${X}")])
def test_a_file_without_the_line_end_behind_it(content: bytes, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Editors and `echo` put a line end there; nothing else is touched, nor looked into for further variables."""
    (tmp_path / "secret").write_bytes(content)
    monkeypatch.setenv("ADMIN_FILE", str(tmp_path / "secret"))
    assert token() == value


@pytest.mark.parametrize("where", ["server: {admin_token: $ADMIN}", "key_pepper: $ADMIN", "drift: {embeddings: {url: 'https://e.example', model: m, key: $ADMIN}}"])
def test_a_variable_written_as_in_a_shell_is_refused(where: str) -> None:
    """It would be the secret itself, and the first to tell of it would be a provider that refuses it. What stands in a variable is never taken for a name, nor shown."""
    with pytest.raises(ConfigError, match=r"found \$ADMIN, which would be taken as it stands; a variable is written \$\{ADMIN\}"):
        parse(TEXT.replace("server: {admin_token: '${ADMIN}'}", where))


def test_a_secret_that_looks_like_a_variable_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in the environment has been chosen."""
    monkeypatch.setenv("ADMIN", "$ECRET")
    assert token() == "$ECRET"


def test_the_variable_itself_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that somebody can try another value without touching the file; an empty variable is a value, too."""
    (tmp_path / "secret").write_text("from the file")
    monkeypatch.setenv("ADMIN_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("ADMIN", "from the environment")
    assert token() == "from the environment"


def test_what_is_wrong_with_the_file_is_said_without_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable, the path, the reason; and neither variable set is as before."""
    monkeypatch.setenv("ADMIN_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match=r"server\.admin_token: ADMIN_FILE: .*nowhere: No such file or directory"):
        parse(TEXT)
    (tmp_path / "bytes").write_bytes(b"abc\xff\xfe")
    monkeypatch.setenv("ADMIN_FILE", str(tmp_path / "bytes"))
    with pytest.raises(ConfigError, match="not text in UTF-8") as caught:
        parse(TEXT)
    assert "abc" not in str(caught.value)
    monkeypatch.delenv("ADMIN_FILE")
    with pytest.raises(ConfigError, match="the environment variable ADMIN is not set"):
        parse(TEXT)


def test_who_only_looks_needs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`tidegate sql` in a terminal that may not read the admin token."""
    monkeypatch.setenv("ADMIN_FILE", str(tmp_path / "nowhere"))
    assert parse(TEXT, needs_secrets=False).server.admin_token is not None
