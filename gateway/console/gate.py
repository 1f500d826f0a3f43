"""Who may ask the admin port, and what every answer carries.

Rules of this file: only GET and HEAD; a Host that is not ours is refused, which is what makes DNS rebinding fail (a web page can make
a browser connect here, but not under our name); the bearer token, where one is configured, is asked for everything but the two
probes, and compared in constant time; every answer is uncached, unsniffed, frameless and silent about the server's version; every error is
JSON `{"error": {"code", "message"}}` without a traceback and without an echo of what was sent.

A request that carries the right token may use any Host: a page that rebinds a name does not know the token, and a scraper
that reaches us by a service name does.

Deliberately absent: cookies and sessions (so nothing for CSRF to ride on), CORS (no other origin is welcome).
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
import traceback
from http import HTTPStatus

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_protocol import RequestHandler

from gateway import log

OPEN_PATHS = frozenset({"/-/healthy", "/-/ready"})
HEADERS = {
    "Server": "tidegate",  # in the place of aiohttp's, which names versions
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Problem(Exception):
    """An answer that says what was wrong with the question, or why there is no answer. message: safe to show."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers


def answer(value: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A JSON response. value: whatever orjson encodes; Decimals and the like as text."""
    return web.Response(body=orjson.dumps(value, default=str), status=status, content_type="application/json", charset="utf-8", headers=headers)


def refusal(problem: Problem) -> web.Response:
    """A problem as a response."""
    return answer({"error": {"code": problem.code, "message": problem.message}}, problem.status, problem.headers)


def middleware(host: str, token: str | None) -> Middleware:
    """Check every request, and turn whatever goes wrong into a JSON error. host: the configured one; token None: none is asked."""
    expected = None if token is None else token.encode()

    @web.middleware
    async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            _admit(request, host, expected)
            return await handler(request)
        except Problem as e:
            return refusal(e)
        except web.HTTPException as e:
            pages = sorted({resource.canonical for resource in request.app.router.resources()})
            said = f"there is nothing here; what there is: {', '.join(pages)}" if e.status == 404 else HTTPStatus(e.status).description or HTTPStatus(e.status).phrase
            return refusal(Problem(e.status, _code(e.status), said))
        except Exception as e:  # noqa: BLE001  the last line of defence of a public answer: nothing of the error may reach the client
            where = traceback.extract_tb(e.__traceback__)[-1]
            log.event("console_request_failed", level=logging.ERROR, error=type(e).__name__, at=f"{where.filename}:{where.lineno}")
            return refusal(Problem(500, "internal_error", "the console failed on this request; its log names the place"))

    return gate


async def dress(_request: web.Request, response: web.StreamResponse) -> None:
    """Put the common headers on a response that is about to be sent, in the place of aiohttp's own."""
    response.headers.update(HEADERS)


def _admit(request: web.Request, host: str, expected: bytes | None) -> None:
    knows = expected is not None and hmac.compare_digest(_bearer(request), expected)
    if not knows and not ours(request.headers.get("Host", ""), host):
        raise Problem(421, "misdirected_request", "this name is not one of the admin port's; use localhost, server.admin's host, or the admin token")
    if request.method not in ("GET", "HEAD"):
        raise Problem(405, "method_not_allowed", "the admin port only answers GET and HEAD", {"Allow": "GET, HEAD"})
    if expected is not None and not knows and request.path not in OPEN_PATHS:
        raise Problem(401, "unauthorized", "expected server.admin_token as a bearer token", {"WWW-Authenticate": "Bearer"})


def _bearer(request: web.Request) -> bytes:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip().encode("utf-8", "surrogateescape") if scheme.lower() == "bearer" else b""


def ours(header: str, host: str) -> bool:
    """True if a Host header names this listener. The port is not looked at: a rebinding page cannot choose a name of ours.

    A listener on every address (0.0.0.0, ::) is also known by any literal address: a browser that went to one was not led by DNS.
    """
    if header.startswith("["):
        name, _, rest = header[1:].partition("]")
    else:
        name, colon, port = header.rpartition(":") if ":" in header else (header, "", "")
        rest = colon + port
    name = name.lower().rstrip(".")
    if not name or (rest and not (rest[0] == ":" and rest[1:].isdigit())):
        return False
    if name in _LOOPBACK or name == host.lower():
        return True
    try:
        ipaddress.ip_address(name)
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _code(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")


class Protocol(RequestHandler):
    """aiohttp's connection, but what it says to broken HTTP is ours: its own page echoes the broken line, a credential included."""

    __slots__ = ()

    def handle_error(self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None) -> web.StreamResponse:
        """Answer what could not be parsed, and close. Nothing of `exc` or `message` is shown or logged but the error's class."""
        log.event("console_request_unreadable", status=status, error=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun; no error can follow")
        response = refusal(Problem(status, _code(status), "not an HTTP request that can be read" if status < 500 else "the console failed"))
        response.headers.update(HEADERS)
        response.force_close()
        return response
