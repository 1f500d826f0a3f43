"""A Grafana as `tidegate dashboards push` speaks to it: signed in, of a version that will do, each refusal as a sentence.

grafana-client (of the extra "dashboards") does the HTTP; what it leaves open is settled here: a redirect is an error and never followed (the token would
go along), TLS is verified, a request takes at most `timeout` seconds, and an answer that is no JSON (a sign-in page) is not taken for one. A proxy is used
if the environment names one (HTTPS_PROXY, NO_PROXY). Nothing here prints; no message holds a token or a password.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

from gateway.errors import ConfigError, TidegateError

LEAST_VERSION = (10, 0)
WHY_LEAST = "alert rules use threshold expressions and are replaced a group at a time, which older ones do not know"
EXTRA = (
    'this needs the extra "dashboards": pip install "tidegate[dashboards]", in an environment of its own; not in the one that the gate runs in, '
    "for its HTTP client installs itself over urllib3, which other packages there use"
)
SHOWN = 300  # characters of what Grafana says
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
# What allows the same of alert rules alone
_FINER: Mapping[str, tuple[frozenset[str], ...]] = {
    "alert.provisioning:read": (frozenset({"alert.rules.provisioning:read"}), frozenset({"alert.rules:read"})),
    "alert.provisioning:write": (frozenset({"alert.rules.provisioning:write"}), frozenset({"alert.rules:write", "alert.provisioning.provenance:write"})),
}
Credential = str | tuple[str, str]


class GrafanaError(TidegateError):
    """Grafana did not do what was asked. The message says what that was, why not and what to do."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


def said(text: object) -> str:
    """What came from outside, on one line and fit for a terminal."""
    return _CONTROL.sub(" ", str(text))[:SHOWN]


def address(url: str) -> tuple[str, str, int | None, str]:
    """Scheme, host, port and path ("" or "x/y/") of a Grafana's URL. Raises ConfigError: a URL with a password in it is in the shell's history already."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigError([f"--grafana: not a URL: {said(url)}"]) from None
    if parts.username is not None or parts.password is not None:
        raise ConfigError(["--grafana: leave user and password out of the URL; set GRAFANA_USER and GRAFANA_PASSWORD, or GRAFANA_TOKEN"])
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ConfigError([f"--grafana: expected http(s)://host[:port][/path], not {said(url)}"])
    path = parts.path.strip("/")
    return parts.scheme, f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname, port, f"{path}/" if path else ""


class Grafana:
    """api: grafana-client's.  version: as Grafana says it.  rights: what the caller may do, None: this Grafana does not tell."""

    def __init__(self, api: Any, url: str) -> None:
        self.api, self.url = api, url
        self.version = ""
        self.rights: frozenset[str] | None = None

    @contextlib.contextmanager
    def asking(self, what: str, right: str = "") -> Iterator[None]:
        """Every refusal or failure inside becomes a GrafanaError. what: "create the folder".  right: the permission that its page names."""
        from grafana_client.client import GrafanaException, GrafanaTimeoutError
        from niquests.exceptions import RequestException, SSLError

        def fail(why: str, status: int = 0) -> NoReturn:
            raise GrafanaError(f"cannot {what}: {why}", status) from None

        try:
            yield
        except GrafanaTimeoutError:
            fail(f"{self.url} did not answer in time")
        except GrafanaException as e:
            message = said(e.response.get("message", "") if isinstance(e.response, dict) else e.response or e.message)
            if e.status_code == 401:
                how = "make a service account token under Administration, Service accounts"
                fail(f"{self.url} does not know this token or password (401: {message}); {how}", 401)
            if e.status_code == 403:
                needs = f"; the token's service account needs {right} ({role(right)})" if right else ""
                fail(f"not allowed (403: {message}){needs}", 403)
            fail(f"Grafana answers {e.status_code}{': ' if message else ''}{message or f'; is {self.url} a Grafana, with its path?'}", e.status_code)
        except SSLError as e:
            fail(f"{self.url} shows a certificate that this machine does not trust ({said(e)}); --ca-file names an authority to trust")
        except RequestException as e:
            why = getattr(getattr(e.args[0] if e.args else None, "reason", None), "args", ())  # of urllib3's MaxRetryError; its own text begins with objects' addresses
            fail(f"{self.url} cannot be reached: {said(str(why[-1]).rpartition('>: ')[2] if why else e)}")
        except (ValueError, TypeError, KeyError, AttributeError) as e:  # grafana-client reads every answer as JSON of the shape that it expects
            fail(f"{self.url} answers with something that is no Grafana's: {type(e).__name__}")

    def ask(self, method: str, path: str, what: str, right: str = "", *, json: object = None, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON that `path` (below /api) answers, None for no content. Raises GrafanaError."""
        with self.asking(what, right):
            answer = getattr(self.api.client, method)(path, json=json, headers=headers)
            if isinstance(answer, str):
                raise ValueError("no JSON")
            return answer

    def found(self, path: str, what: str, right: str = "") -> Any:
        """The same for GET, None where there is nothing (404)."""
        try:
            return self.ask("GET", path, what, right)
        except GrafanaError as e:
            if e.status == 404:
                return None
            raise

    def missing(self, rights: Mapping[str, str]) -> list[str]:
        """Which of these rights (with what each is for) the token lacks; nothing if this Grafana does not tell."""
        if self.rights is None:
            return []
        return [f"{right} ({role(right)}), to {what}" for right, what in rights.items() if not self._has(right)]

    def _has(self, right: str) -> bool:
        assert self.rights is not None
        return right in self.rights or any(finer <= self.rights for finer in _FINER.get(right, ()))


def role(right: str) -> str:
    """The least basic role that has a right."""
    return "role Editor or Admin" if right.startswith(("folders:", "dashboards:")) else "role Admin"


def _session(niquests: Any) -> Any:
    """A session that follows no redirect."""

    class Session(niquests.Session):  # type: ignore[misc]
        def request(self, method: str, url: str, **options: Any) -> Any:
            answer = super().request(method, url, **{**options, "allow_redirects": False})
            if answer.status_code and 300 <= answer.status_code < 400:
                place = said(answer.headers.get("Location", "?"))
                raise niquests.exceptions.TooManyRedirects(f"it sends its callers to {place}; give that address, if it is Grafana's")
            return answer

    return Session()


def connect(url: str, credential: Credential, *, timeout: float, ca_file: str | None = None, made: Callable[[Any], Any] = _session) -> Grafana:
    """Sign in. credential: a token, or user and password.  Raises ConfigError (the URL, the extra), GrafanaError (unreachable, refused, too old)."""
    scheme, host, port, path = address(url)
    try:
        import niquests
        from grafana_client.api import GrafanaApi
    except ImportError:
        raise ConfigError([EXTRA]) from None
    api = GrafanaApi(credential, protocol=scheme, host=host, port=port, url_path_prefix=path, verify=ca_file or True, timeout=timeout)
    headers = dict(api.client.s.headers)
    api.client.s.close()
    api.client.s = made(niquests)
    api.client.s.headers.update(headers)
    grafana = Grafana(api, url.rstrip("/"))
    health = grafana.ask("GET", "/health", "speak to Grafana")
    database = health.get("database") if isinstance(health, dict) else None
    if database != "ok":
        raise GrafanaError(f"Grafana at {grafana.url} is not well: its database is {said(database or 'not there')}")
    settings = grafana.ask("GET", "/frontend/settings", "sign in")
    with grafana.asking("read its version"):
        grafana.version = said(settings["buildInfo"]["version"])
    numbers = tuple(int(n) for n in re.findall(r"\d+", grafana.version)[:2])
    if numbers < LEAST_VERSION:
        least = ".".join(map(str, LEAST_VERSION))
        raise GrafanaError(f"Grafana at {grafana.url} is {grafana.version}; {least} or newer is needed: {WHY_LEAST}")
    allowed = grafana.found("/access-control/user/permissions", "read what the token may do")
    grafana.rights = frozenset(allowed) if isinstance(allowed, dict) else None
    return grafana
