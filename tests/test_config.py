"""The configuration: what is accepted, what is refused, and in which words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from gateway.commands.serve import default_text
from gateway.config import Settings, load, parse
from gateway.config_yaml import Strict
from gateway.errors import ConfigError

MINIMAL = "providers: {openai: {dialect: openai, base_url: 'https://api.example'}}\n"
CANARY = "sk-canary-7f3a9c"


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return [re.sub(r"^(tidegate\.yaml):[0-9]+: ", r"\1: ", problem) for problem in caught.value.problems]


def fields(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """Every key that a file may have, by its name alone."""
    for name, field in model.model_fields.items():
        yield name
        inner = [field.annotation, *getattr(field.annotation, "__args__", ())]
        for kind in inner:
            if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__name__ != "Listener":
                yield from fields(kind, name)


def names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names(inner)


@pytest.fixture
def every_setting(monkeypatch: pytest.MonkeyPatch) -> str:
    """default.yaml with its commented settings switched on, and their environment."""
    text = re.sub(r"(?m)^#(?! \S|$)", "", default_text())
    for name in re.findall(r"\$\{(\w+)\}", re.sub(r"(?m)^ *# .*$", "", text)):
        monkeypatch.setenv(name, "some-secret-value")
    return text


def test_the_default_file_says_what_the_defaults_are():
    """Someone reads the file to learn the defaults; a value there that is not the default would mislead."""
    written = parse(default_text())
    bare = parse(yaml.safe_dump({"providers": {n: {"dialect": p.dialect, "base_url": p.base_url} for n, p in written.providers.items()}}))
    assert written == bare


def test_every_setting_of_the_default_file_is_accepted(every_setting: str):
    """A documented setting that the gate refuses wastes an hour of somebody's day."""
    assert parse(every_setting).server.admin_token is not None


def test_no_setting_is_undocumented(every_setting: str):
    """A setting nobody can find does not exist."""
    assert sorted(set(fields(Settings)) - set(names(yaml.load(every_setting, Loader=Strict)))) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MINIMAL + "sever: {}\n", ['tidegate.yaml: sever: unknown key; did you mean "server"?']),
        (MINIMAL + "store: {retention_day: 3}\n", ['tidegate.yaml: store.retention_day: unknown key; did you mean "retention_days"?']),
        (
            "providers: {openai: {dialect: openai, base_url: 'https://h', timeouts: {first_bite_s: 3}}}\n",
            ['tidegate.yaml: providers.openai.timeouts.first_bite_s: unknown key; did you mean "first_byte_s"?'],
        ),
        (
            "providers: {openai: {dialect: opneai, base_url: 'https://h'}}\n",
            ["tidegate.yaml: providers.openai.dialect: unknown value \"opneai\"; expected one of 'openai', 'anthropic', 'gemini' or 'opaque'"],
        ),
        ("providers: {openai: {dialect: openai}}\n", ["tidegate.yaml: providers.openai.base_url: missing; expected a URL such as https://api.openai.com"]),
        ("providers: {}\n", ["tidegate.yaml: providers: expected at least one"]),
        (MINIMAL + "server: {workers: 0}\n", ["tidegate.yaml: server.workers: expected auto, or 1 to 256"]),
        (MINIMAL + "server: {workers: many}\n", ["tidegate.yaml: server.workers: expected auto, or 1 to 256"]),
        (MINIMAL + "server: {listen: 8080}\n", ["tidegate.yaml: server.listen: expected HOST:PORT, such as 127.0.0.1:8080"]),
        (MINIMAL + "server: {admin: '0.0.0.0:8081'}\n", ["tidegate.yaml: server.admin: not on loopback, so server.admin_token must be set"]),
        ("providers: [\n", ["tidegate.yaml: not YAML: expected the node content, but found '<stream end>'"]),
        ("just words\n", ["tidegate.yaml: expected a mapping with providers: at the top"]),
        (
            "providers:\n  a: {dialect: openai, base_url: 'https://h', default: true}\n  b: {dialect: openai, base_url: 'https://h', default: true}\n",
            ["tidegate.yaml: providers: more than one default of dialect openai; keep one"],
        ),
        (
            MINIMAL + f"keys: [{{id: a, digest: '{'0' * 64}', providers: [antrophic]}}]\n",
            ['tidegate.yaml: keys.a.providers: "antrophic" is not a configured provider'],
        ),
    ],
)
def test_a_problem_names_its_path_and_the_way_out(text: str, expected: list[str]):
    """The person who must act reads only this line."""
    assert problems(text) == expected


@pytest.mark.parametrize("name", ["v1", "metrics", "Upper", "a/b", "-"])
def test_a_provider_cannot_shadow_a_path_of_the_gate(name: str):
    """A provider called "v1" would swallow the traffic of every default provider."""
    [problem] = problems(yaml.safe_dump({"providers": {name: {"dialect": "openai", "base_url": "https://h"}}}))
    assert problem.startswith(f"tidegate.yaml: providers.{name}: not a usable name; expected lower-case letters")


def test_every_problem_is_named_at_once():
    """Fixing a file one error per start is misery."""
    assert len(problems("providers: {openai: {dialect: x, base_url: ftp}}\nsever: {}\nstore: {retention_days: 0}\n")) == 4


def test_a_value_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    """Secrets have no place in a file, and a prefix such as "Bearer" or a host may surround them."""
    monkeypatch.setenv("TG_TEST_HOST", "api.example")
    monkeypatch.setenv("TG_TEST_KEY", CANARY)
    provider = parse("providers: {openai: {dialect: openai, base_url: 'https://${TG_TEST_HOST}/x', key: '${TG_TEST_KEY}'}}").providers["openai"]
    assert (provider.base_url, provider.key and provider.key.get_secret_value()) == ("https://api.example/x", CANARY)


def test_an_unset_variable_is_named_with_its_path(monkeypatch: pytest.MonkeyPatch):
    """An empty key sent to a provider would look like the provider's fault."""
    monkeypatch.delenv("TG_TEST_UNSET", raising=False)
    assert problems("providers: {openai: {dialect: openai, base_url: 'https://h', key: '${TG_TEST_UNSET}'}}") == [
        "tidegate.yaml: providers.openai.key: the environment variable TG_TEST_UNSET is not set"
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"providers: {{openai: {{dialect: openai, base_url: 'https://u:{CANARY}@h'}}}}",
        f"providers: {{openai: {{dialect: openai, base_url: 'ftp://u:{CANARY}@h'}}}}",
        f"providers: {{openai: {{dialect: openai, base_url: 'https://h', key: [{CANARY}]}}}}",
        f"providers: {{openai: {{dialect: openai, base_url: 'https://h', keey: {CANARY}}}}}",
        MINIMAL + f"server: {{admin_token: {{a: {CANARY}}}}}",
        MINIMAL + f"store: {{url: 'ftp://u:{CANARY}@h'}}",
        MINIMAL + f"keys: [{{id: a, digest: {CANARY}}}]",
        MINIMAL + f"key_pepper: [{CANARY}]",
    ],
)
def test_no_error_shows_a_secret(text: str):
    """Start-up errors end in log systems that many can read (law 8)."""
    assert CANARY not in "\n".join(problems(text))


def test_no_repr_shows_a_secret():
    """A setting that reaches a log line or a traceback must not bring its key along (law 8)."""
    text = f"providers: {{o: {{dialect: openai, base_url: 'https://h', key: {CANARY}}}}}\nkey_pepper: {CANARY}\nserver: {{admin_token: {CANARY}}}\nstore: {{url: 'https://u:{CANARY}@h'}}\n"
    settings = parse(text)
    assert CANARY not in f"{settings!r} {settings} {settings.store!r} {settings.model_dump_json(exclude={'store': {'url'}})}"


def test_settings_are_frozen():
    """Two processes of one tree must not come to hold different settings."""
    with pytest.raises(ValueError, match="frozen"):
        parse(MINIMAL).store.content = "none"  # type: ignore[misc]


def test_paths_are_relative_to_the_file(tmp_path: Path):
    """The supervisor and a command line in another directory must mean the same directory."""
    file = tmp_path / "gate.yaml"
    file.write_text("providers: {o: {dialect: openai, base_url: 'https://h', ca_file: ca.pem}}\ndata_dir: data\nkeys_file: keys/k.yaml\n")
    settings = load(file)
    assert (settings.data_dir, settings.effective_keys_file, settings.providers["o"].ca_file) == (tmp_path / "data", tmp_path / "keys/k.yaml", tmp_path / "ca.pem")


def test_a_missing_file_is_named(tmp_path: Path):
    """"No such file" without the file's name is no help."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "none.yaml")
    assert caught.value.problems == [f"{tmp_path / 'none.yaml'}: No such file or directory; expected a configuration file there"]


def test_a_price_is_the_decimal_that_was_written():
    """0.06 as a double is not 0.06; over a million calls that is a wrong bill."""
    price = parse(MINIMAL + "prices: {gpt-4: {input: 0.06, output: 0.12, per: 1000}}\n").prices["gpt-4"]
    assert (str(price.input), str(price.output), price.per) == ("0.06", "0.12", 1000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("providers: {o: {dialect: openai, base_url: 'https://api.openai.com/v1'}}", "providers.o.base_url: leave \"/v1\" away"),
        ("providers: {g: {dialect: gemini, base_url: 'https://g.example/v1beta'}}", "providers.g.base_url: leave \"/v1beta\" away"),
        ("providers: {o: {dialect: openai, base_url: 'http://10.0.0.7:8000'}}", "providers.o.base_url: an address that is not public"),
        ("providers: {o: {dialect: openai, base_url: 'https://h.example'}}\nserver: {listen: '127.0.0.1:8080', admin: '127.0.0.1:8080'}", "server.admin: the same address"),
        ("providers: {o: {dialect: openai, base_url: 'https://h.example'}}\nproviders: {p: {dialect: openai, base_url: 'https://h.example'}}", "stands here twice"),
    ],
)
def test_what_would_only_fail_later_is_said_now(text: str, said: str) -> None:
    """A file that `check` calls ok and that then fails every call is worse than one that is refused."""
    with pytest.raises(ConfigError, match=re.escape(said)):
        parse(text)


def test_who_only_looks_needs_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """`tidegate sql` and `doctor` run in terminals that have no provider keys; whoever serves must have them."""
    text = "providers: {o: {dialect: openai, base_url: 'https://h.example', key: '${NOT_SET_HERE}'}}"
    monkeypatch.delenv("NOT_SET_HERE", raising=False)
    assert parse(text, needs_secrets=False).providers["o"].key is not None
    with pytest.raises(ConfigError, match="NOT_SET_HERE"):
        parse(text)
