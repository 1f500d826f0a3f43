"""What `tidegate doctor` names of defaults that a configuration has weakened, and of those that are open until somebody closes them (SECURITY.md lists all).

Beside gateway.commands.doctor_config, whose advice is of what is weak in any configuration. Pure but for files that are looked at. Severity is
`warning` (act) where something is given away that nobody gains by, `note` (know) where it is a choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from gateway.commands.doctor_config import Advice, loopback
from gateway.commands.literals import written
from gateway.config import Settings
from gateway.config_routes import Retries
from gateway.errors import ConfigError
from gateway.keys import KeysFile

SHORT_DRAIN_S = 5.0
MAX_BODY_BYTES = 256 << 20
MAX_HEADER_S, MAX_BODY_S = 60.0, 900.0
MUCH_OF_TRAFFIC = 0.5
LEAST_HOLD_S = 60.0
_NAMED = 5  # keys, by name


def weakened(settings: Settings, file: Path | None = None) -> list[Advice]:
    """Everything that protects less than it could. file: where the settings were written, if there is one."""
    return [*_server(settings), *_bounds(settings), *_retries(settings), *_keys(settings), *_others(settings), *(_written(file) if file is not None else ())]


def _server(settings: Settings) -> Iterator[Advice]:
    server = settings.server
    if server.admin_token is None:
        yield Advice("note", "server.admin_token", f"not set: every user and container of this machine that reaches port {server.admin.port} reads the record", "set it: openssl rand -hex 24")
    if server.drain_s < SHORT_DRAIN_S:
        yield Advice("warning", "server.drain_s", f"{server.drain_s:g}: a restart or a changed configuration cuts the replies that are under way", "give it as long as your longest stream takes; 300 is the default")
    open_to_all = [name for name, provider in settings.providers.items() if provider.key is None]
    if open_to_all and not server.listen.loopback:
        yield Advice("note", "server.listen", f"beyond loopback, and {', '.join(open_to_all)} takes callers' own keys: whoever reaches the port may use the gate, as any app", "let the gate hold the keys and give apps gateway keys, or keep others off the port")


def _bounds(settings: Settings) -> Iterator[Advice]:
    """What holds memory or a connection for a caller."""
    sizes = {"server.max_body_bytes": settings.server.max_body_bytes, "guard.max_reply_bytes": settings.guard.max_reply_bytes, "record.max_body_bytes": settings.record.max_body_bytes}
    for where, size in sizes.items():
        if size > MAX_BODY_BYTES:
            yield Advice("warning", where, f"{size >> 20} MiB: a few bodies of that size fill a machine's memory", f"set what your largest call needs, at most {MAX_BODY_BYTES >> 20} MiB")
    for where, seconds, most in (("server.header_timeout_s", settings.server.header_timeout_s, MAX_HEADER_S), ("server.body_timeout_s", settings.server.body_timeout_s, MAX_BODY_S)):
        if seconds > most:
            yield Advice("warning", where, f"{seconds:g}: so long a client may hold a connection by dripping bytes", f"{most:g} is much already")
    if settings.record.hold_s < LEAST_HOLD_S:
        yield Advice("note", "record.hold_s", f"{settings.record.hold_s:g}: the journal does not keep what is stored, so what the store then loses is lost", "600 is the default")


def _retries(settings: Settings) -> Iterator[Advice]:
    named: dict[str, Retries | None] = {"retries": settings.retries}
    named |= {f"providers.{name}.retries": provider.retries for name, provider in settings.providers.items()}
    named |= {f"routes.{name}.retries": route.retries for name, route in settings.routes.items()}
    for where, asked in named.items():
        if asked is None:
            continue
        if risky := [reason for reason in asked.on if reason in ("timeout", "reset")]:
            yield Advice("warning", f"{where}.on", f"{' and '.join(risky)}: a call may be carried out and billed twice", "leave it out where a call does more than answer")
        if asked.of_traffic > MUCH_OF_TRAFFIC:
            yield Advice("note", f"{where}.of_traffic", f"{asked.of_traffic:g}: a provider that is in trouble gets up to {1 + asked.of_traffic:g} times the requests", "0.1 is the default")
    if settings.breaker.failures == 0:
        yield Advice("note", "breaker.failures", "0: a provider that is down is asked every time, and every caller waits for it", "10 is the default")


def _keys(settings: Settings) -> Iterator[Advice]:
    held = [name for name, provider in settings.providers.items() if provider.key is not None]
    try:
        filed = [record for record in KeysFile(settings.effective_keys_file).list() if record.revoked_at is None]
    except (ConfigError, OSError):  # said elsewhere
        filed = []
    wide = [key.id for key in settings.keys if not key.providers] + [record.id for record in filed if not record.providers]
    if len(held) > 1 and wide:
        shown = ", ".join(wide[:_NAMED]) + (f" and {len(wide) - _NAMED} more" if len(wide) > _NAMED else "")
        yield Advice("note", "keys", f"{shown}: good for every provider whose key the gate holds ({', '.join(held)})", "name the providers that each needs")
    if settings.key_pepper is None and (settings.keys or filed) and settings.effective_keys_file.parent == settings.data_dir:
        yield Advice("note", "key_pepper", f"not set: the keys' digests and their secret lie in one place, {settings.data_dir}", "set it where the disk is shared or backed up")


def _others(settings: Settings) -> Iterator[Advice]:
    """What goes to services beside the providers."""
    if settings.telemetry.otlp_endpoint and settings.telemetry.content and settings.store.content == "redacted":
        yield Advice("note", "telemetry.content", "on: whoever reads traces reads prompts and replies, as they are stored", "leave it out where more people read traces than may read the record")
    moderation, embeddings = settings.detectors.moderation.service, settings.drift.embeddings
    services: dict[str, tuple[str | None, bool]] = {f"detectors.custom.{name}.webhook": (custom.webhook, custom.allow_private) for name, custom in settings.detectors.custom.items()}
    if moderation is not None:
        services["detectors.moderation.service.url"] = moderation.url, moderation.allow_private
    if embeddings is not None:
        services["drift.embeddings.url"] = embeddings.url, embeddings.allow_private
    for where, (url, private) in services.items():
        host = urlsplit(url or "").hostname or ""
        if url and url.startswith("http:") and not loopback(host):
            yield Advice("warning", where, f"plain HTTP to {host}: texts cross the network unencrypted", "use https")
        if private and not loopback(host):
            yield Advice("note", f"{where.rpartition('.')[0]}.allow_private", "addresses inside your network are allowed", "leave it off where the service is on the internet")


def _written(file: Path) -> Iterator[Advice]:
    """Secrets that stand in the file itself."""
    if (found := written(file)) is not None:
        yield Advice("warning" if found.open_to_others else "note", str(file), found.what, found.act)
