"""What `tidegate doctor` finds in a configuration that is valid but weak: it works, and somebody may regret it.

Pure but for the modes of files. Nothing here makes a system unwell: severity is `warning` (act) or `note` (know).
"""

from __future__ import annotations

import ipaddress
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from gateway.commands.check import beside
from gateway.commands.doubts import doubts
from gateway.config import Settings

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing found. where: a setting, a file or a process.  what: what is so.  act: what to do about it.

    error: something that should work does not. warning: it works, but act.  note: it works; know what it means.
    """

    severity: Severity
    where: str
    what: str
    act: str


@dataclass(slots=True)
class Look:
    """What was seen of one part, ready for JSON, and what there is to say about it."""

    seen: dict[str, Any] = field(default_factory=dict)
    advice: list[Advice] = field(default_factory=list)


def weak_spots(settings: Settings) -> list[Advice]:
    """Everything worth saying about a configuration."""
    return [*_listeners(settings), *_providers(settings), *_keys(settings), *_store(settings), *_guards(settings), *_defaults(settings), *_files(settings)]


def _listeners(settings: Settings) -> Iterator[Advice]:
    server = settings.server
    if not server.listen.loopback:
        yield Advice("warning", "server.listen", f"plain HTTP is offered on {server.listen.host}: prompts and keys cross the network unencrypted", "put TLS in front of the gate, or listen on loopback")
    if not server.admin.loopback:
        yield Advice("warning", "server.admin", f"the records are offered on {server.admin.host}, by plain HTTP and one shared token", "listen on loopback and reach it by a tunnel, or put TLS in front of it")
    if server.admin_token is not None and len(server.admin_token.get_secret_value()) < 20:
        yield Advice("warning", "server.admin_token", "shorter than 20 characters", "make it random, for instance: openssl rand -hex 24")


def _providers(settings: Settings) -> Iterator[Advice]:
    for name, provider in settings.providers.items():
        host = urlsplit(provider.base_url).hostname or ""
        if provider.base_url.startswith("http:") and not loopback(host):
            yield Advice("warning", f"providers.{name}.base_url", f"plain HTTP to {host}: prompts and keys cross the network unencrypted", "use https, or make sure that the network between is yours")
        if provider.allow_private:
            yield Advice("note", f"providers.{name}.allow_private", "addresses inside your network are allowed", "leave it off where the provider is on the internet")


def _keys(settings: Settings) -> Iterator[Advice]:
    held = [name for name, provider in settings.providers.items() if provider.key is not None]
    file = settings.effective_keys_file
    if held and not settings.keys and not os.path.exists(file):  # where a path's own raises OSError, this says no
        yield Advice("warning", f"providers.{held[0]}.key", "held by the gate, and there is no gateway key: no app may use the provider", "make one: tidegate keys add NAME")
    for problem in beside(settings):
        yield Advice("error", "keys and files", problem, "correct it; tidegate check repeats this test")
    for key in settings.keys:
        if key.app is None:
            yield Advice("note", f"keys.{key.id}", "has no app: whoever holds it says which app it is", "give it an app")


def _store(settings: Settings) -> Iterator[Advice]:
    store = settings.store
    if not store.embedded:
        parts = urlsplit(store.url)
        if parts.scheme == "http" and not loopback(parts.hostname or ""):
            yield Advice("warning", "store.url", f"plain HTTP to {parts.hostname}: records and the password cross the network unencrypted", "use https")
        if not parts.username:
            yield Advice("warning", "store.url", "names no user: the store is open to everybody who reaches it", "give the gate a user and a password of its own")
    if store.content == "full":
        yield Advice("note", "store.content", "full: texts are stored as they were sent, personal data included", "set redacted, or none where figures are enough")


def _guards(settings: Settings) -> Iterator[Advice]:
    rules = settings.guardrails
    for doubt in doubts(settings):
        yield Advice("warning", doubt.where, doubt.what, doubt.act)
    if rules and settings.guard.unscannable == "allow":
        yield Advice("note", "guard.unscannable", "allow: images, audio and files pass unseen by every guard, and are flagged", "set block where nothing unchecked may leave")
    for rule in rules:
        where = f"guardrails.{rule.name}"
        if rule.mode == "observe":
            yield Advice("note", where, "mode: observe: it counts and does nothing", "enforce it when its findings are what you want")
        elif rule.action not in ("flag",) and rule.on_error == "allow":
            yield Advice("warning", where, "on_error: allow: what its detector fails to check passes", "leave on_error out, which blocks")
        if rule.min_score > 0.95:
            yield Advice("note", where, f"min_score: {rule.min_score}: it hardly ever acts", "lower it: most kinds score 0.5 to 0.95")
        if rule.envs or (rule.apps and "log" in rule.on):
            yield Advice("note", where, "is for apps or environments by their exact names", "compare with what is recorded: SELECT app, env, count() FROM exchanges GROUP BY app, env")
        named = [key.id for key in settings.keys if key.app in rule.apps]
        if rule.apps and not named:
            yield Advice("note", where, "is for some apps, and an app names itself unless its gateway key does", "give those apps keys with an app")
    if os.path.exists(settings.data_dir) and settings.journal_key is None:
        yield Advice("note", "journal_key", f"not set: the journal's key lies beside it, in {settings.data_dir}", "set it where the disk is shared or backed up")


def _defaults(settings: Settings) -> Iterator[Advice]:
    if "default_env" not in settings.server.model_fields_set:
        yield Advice("note", "server.default_env", f'not set: traffic that names no environment is recorded as "{settings.server.default_env}"', "set it, so that dev and prod never mix")
    if settings.durability == "normal":
        yield Advice("note", "durability", "normal: a power cut may take the last 0.1 s of records", "set strict where every record counts more than a disk sync per exchange")


def _files(settings: Settings) -> Iterator[Advice]:
    private = (
        settings.data_dir,
        settings.data_dir / "pepper",
        settings.data_dir / "journal.key",
        settings.data_dir / "clickhouse" / "credentials.json",
        settings.data_dir / "journal",
        settings.effective_keys_file,
    )
    for path in private:
        wider = _wider(path)
        if wider is not None:
            yield Advice("warning", str(path), f"mode {wider:04o}: others on this machine can read it", f"chmod {'700' if path.is_dir() else '600'} {path}")


def _wider(path: Path) -> int | None:
    """The mode, if anyone but the owner has any right; None if not, or if there is no such file."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None
    return mode if mode & 0o077 else None


def loopback(host: str) -> bool:
    """Whether a host of a URL is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
