"""Rows without personal data, of the sorts that applications send to models: what a detector finds here is a false alarm.

Written for this project, before and apart from the expressions that it tries. The numbers are drawn anew for every seed, from the ranges that such
numbers have in life (an epoch is one of these years, an ISBN has its check digit, a tracking number the carrier's form), and not from those that
any detector avoids. Deliberately absent: anything that may be somebody's, and so all addresses of hosts and mailboxes.
"""

from __future__ import annotations

import json
import random
import string
import uuid
from collections.abc import Callable, Iterator

Draw = random.Random
_WORDS = "cache queue worker invoice parcel sensor tenant render shard bucket ledger scheduler retry batch index token buffer gateway replica partition widget panel motor valve".split()
_CITIES = "Lisbon Oslo Denver Kyoto Nairobi Toronto Warsaw Lima Perth Austin".split()
_PRODUCTS = "keyboard lamp chair blender backpack monitor kettle bicycle tent printer".split()


def rows(seed: int = 7, each: int = 16) -> Iterator[tuple[str, str]]:
    """(sort, text): `each` rows of every sort, at least 1,000 in all with the defaults."""
    for kind, make in SORTS.items():
        draw = Draw(f"{seed}/{kind}")
        for _ in range(each):
            yield kind, make(draw)


def _digits(draw: Draw, n: int) -> str:
    return "".join(draw.choices(string.digits, k=n))


def _first(draw: Draw, n: int) -> str:
    return draw.choice("123456789") + _digits(draw, n - 1)


def _hex(draw: Draw, n: int) -> str:
    return "".join(draw.choices("0123456789abcdef", k=n))


def _uuid(draw: Draw) -> str:
    return str(uuid.UUID(int=draw.getrandbits(128), version=4))


def _epoch(draw: Draw) -> int:
    return draw.randint(1_400_000_000, 1_799_999_999)


def _date(draw: Draw) -> str:
    return f"{draw.randint(2009, 2027)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"


def _time(draw: Draw) -> str:
    return f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:{draw.randint(0, 59):02}"


def _isbn13(draw: Draw) -> str:
    body = draw.choice(("978", "979")) + _digits(draw, 9)
    check = (10 - sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(body)) % 10) % 10
    return f"{body[:3]}-{body[3]}-{body[4:7]}-{body[7:]}-{check}" if draw.random() < 0.6 else f"{body}{check}"


def _isbn10(draw: Draw) -> str:
    body = _digits(draw, 9)
    check = (11 - sum(int(d) * (10 - at) for at, d in enumerate(body)) % 11) % 11
    return f"{body[0]}-{body[1:4]}-{body[4:]}-{'X' if check == 10 else check}"


def _log(draw: Draw) -> str:
    level, part = draw.choice(("INFO", "WARN", "ERROR", "DEBUG")), draw.choice(_WORDS)
    tail = draw.choice((f"took {draw.randint(1, 9000)} ms", f"offset={_first(draw, 10)}", f"request_id={_uuid(draw)}", f"retry {draw.randint(1, 9)} of 10", f"heap {_first(draw, 9)} bytes"))
    return f"{_date(draw)}T{_time(draw)}.{_digits(draw, 3)}Z {level} [{part}-{draw.randint(0, 64)}] com.acme.{part}.{part.title()}Service - {tail}"


def _syslog(draw: Draw) -> str:
    return f"{draw.choice(('Jan', 'Mar', 'Jul', 'Nov'))} {draw.randint(1, 28)} {_time(draw)} node{draw.randint(1, 40)} kernel: [{_first(draw, 6)}.{_digits(draw, 6)}] oom-kill: pid={_first(draw, 5)} total-vm:{_first(draw, 8)}kB"


def _trace(draw: Draw) -> str:
    part = draw.choice(_WORDS)
    return f'Traceback (most recent call last):\n  File "app/{part}.py", line {draw.randint(1, 900)}, in {part}\n    raise KeyError({_first(draw, 8)})\nKeyError: {_first(draw, 8)} at 0x{_hex(draw, 12)}'


def _python(draw: Draw) -> str:
    return f"def {draw.choice(_WORDS)}(n: int = {_first(draw, 7)}) -> float:\n    seed = {_first(draw, 10)}\n    return (n * {_first(draw, 9)} + seed) % {2**31 - 1} / {draw.random():.12f}"


def _script(draw: Draw) -> str:
    return f"const {draw.choice(_WORDS)} = await db.items.find({{ id: {_first(draw, 9)}, rev: '{_hex(draw, 7)}' }});\nconsole.log(res.data.length, window.location.port, Math.floor({draw.random():.6f} * {_first(draw, 6)}));"


def _sql(draw: Draw) -> str:
    return f"SELECT id, total FROM orders WHERE id IN ({_first(draw, 8)}, {_first(draw, 8)}, {_first(draw, 8)}) AND created_at > '{_date(draw)} {_time(draw)}' LIMIT {draw.randint(1, 500)};"


def _json(draw: Draw) -> str:
    return json.dumps({"id": int(_first(draw, draw.randint(6, 16))), "order_id": _first(draw, 10), "sku": f"{draw.choice('ABCXYZ')}{_digits(draw, 6)}", "price": round(draw.random() * 900, 2), "ts": _epoch(draw), "ok": True})


def _usage(draw: Draw) -> str:
    return json.dumps({"id": f"chatcmpl-{_hex(draw, 24)}", "object": "chat.completion", "created": _epoch(draw), "usage": {"prompt_tokens": draw.randint(1, 9000), "total_tokens": draw.randint(1, 99999)}}, separators=(",", ":"))


def _csv(draw: Draw) -> str:
    lines = (f"{_first(draw, 6)},{draw.choice(_PRODUCTS)},{draw.randint(1, 50)},{draw.random() * 300:.2f},{_date(draw)}" for _ in range(4))
    return "item,name,qty,price,day\n" + "\n".join(lines)


def _numbers(draw: Draw) -> str:
    return "\n".join(" ".join(f"{draw.randint(0, 9999):5}" for _ in range(6)) for _ in range(4))


def _table(draw: Draw) -> str:
    lines = (f"| {draw.choice(_CITIES)} | {draw.randint(100, 999)} {draw.randint(100, 999)} | {draw.random() * 100:.1f}% | {draw.randint(-20, 40)} |" for _ in range(3))
    return "| city | inhabitants | share | temperature |\n|---|---|---|---|\n" + "\n".join(lines)


def _matrix(draw: Draw) -> str:
    return "[" + ", ".join("[" + ", ".join(f"{draw.uniform(-1, 1):.8f}" for _ in range(3)) + "]" for _ in range(3)) + "]"


def _order(draw: Draw) -> str:
    n = draw.choice((_first(draw, 8), _first(draw, 10), f"{_first(draw, 3)}-{_digits(draw, 7)}-{_digits(draw, 7)}", f"{_first(draw, 3)}-{_digits(draw, 3)}-{_digits(draw, 4)}", f"SO-{_digits(draw, 9)}", f"#{_first(draw, 7)}"))
    return draw.choice(("Where is my order {}? It was due on Monday.", "Order number {} arrived damaged.", "I'd like to return order {} for a refund.", "order_id={} status=shipped", "Your order {} has been confirmed.")).format(n)


def _tracking(draw: Draw) -> str:
    n = draw.choice((f"1Z{_digits(draw, 3)}E{_digits(draw, 2)}0{_digits(draw, 9)}", f"9400 1{_digits(draw, 3)} {_digits(draw, 4)} {_digits(draw, 4)} {_digits(draw, 4)} {_digits(draw, 2)}", _first(draw, 12), f"RR{_digits(draw, 9)}GB", f"JD{_digits(draw, 16)}"))
    return draw.choice(("The parcel with tracking number {} left the depot.", "Tracking: {}", "Can you check shipment {}, it has not moved since Tuesday?")).format(n)


def _ticket(draw: Draw) -> str:
    return draw.choice(("Ticket INC{} was closed by the night shift.", "See case {} for the first report of this.", "JIRA OPS-{} blocks the release.", "Support reference {}: printer jams on tray 2.")).format(_first(draw, draw.choice((4, 7, 8, 9))))


def _invoice(draw: Draw) -> str:
    return f"Invoice {draw.randint(2019, 2026)}-{_digits(draw, 6)}: {draw.randint(1, 40)} x {draw.choice(_PRODUCTS)} at {draw.random() * 90:.2f} EUR, total {draw.random() * 9000:,.2f} EUR, due {draw.randint(1, 28):02}.{draw.randint(1, 12):02}.{draw.randint(2020, 2027)}"


def _price(draw: Draw) -> str:
    return draw.choice(("The {} costs ${:,.2f} now, down from ${:,.2f}.", "{}: {:.2f} \u20ac (was {:.2f} \u20ac)", "Budget for the {} is {:,.0f} this year and {:,.0f} the next.")).format(draw.choice(_PRODUCTS), draw.random() * 90000, draw.random() * 9000000)


def _isbn(draw: Draw) -> str:
    return draw.choice(("ISBN {}, second edition", "The course book is {} (paperback).", "isbn: {}")).format(_isbn13(draw) if draw.random() < 0.7 else _isbn10(draw))


def _ean(draw: Draw) -> str:
    return draw.choice(("EAN {} scans as the wrong {}.", "barcode {} -> {}", "GTIN {}, {}")).format(draw.choice("45607") + _digits(draw, 12), draw.choice(_PRODUCTS))


def _epochs(draw: Draw) -> str:
    e = _epoch(draw)
    return draw.choice((f"The event fired at {e}.", f"timestamp={e}{_digits(draw, 3)}", f"created {e}, expires {e + 3600}", f"{e}.{_digits(draw, 6)} poll", f"ts_ns {e}{_digits(draw, 9)}", f"{{'t0': {e}{_digits(draw, 3)}, 't1': {e + 9}{_digits(draw, 3)}}}"))


def _git(draw: Draw) -> str:
    return draw.choice((f"commit {_hex(draw, 40)}\n    Fix overflow in {draw.choice(_WORDS)}", f"git cherry-pick {_hex(draw, 7)} {_hex(draw, 8)}", f"index {_hex(draw, 7)}..{_hex(draw, 7)} 100644\n@@ -{draw.randint(1, 900)},7 +{draw.randint(1, 900)},9 @@ def {draw.choice(_WORDS)}"))


def _diff(draw: Draw) -> str:
    n = int(_first(draw, 10))
    return f"-    limit = {n}\n+    limit = {n + 1}\n+{_first(draw, 11)}\n-{_first(draw, 10)}"


def _digest(draw: Draw) -> str:
    return draw.choice(("sha256:{}", "md5 {}", "etag: \"{}\"")).format(_hex(draw, draw.choice((32, 64))))


def _ids(draw: Draw) -> str:
    return draw.choice((f"trace {_hex(draw, 32)} span {_hex(draw, 16)}", f"user_id={_first(draw, 18)} session={_uuid(draw)}", f"correlation id {_uuid(draw)} not found", f"arn:aws:sqs:eu-west-1:{_digits(draw, 12)}:{draw.choice(_WORDS)}", f"vol-0{_hex(draw, 16)} attached to i-0{_hex(draw, 16)}"))


def _version(draw: Draw) -> str:
    v = ".".join(str(draw.randint(0, 30)) for _ in range(draw.choice((3, 3, 4))))
    return draw.choice(("Upgrade to version {} before Friday.", "numpy=={}", "Chrome/{} is affected", "Bump left-pad from {} to the latest", "firmware v{} fixes the fan", "Release {} ships dark mode.", "assembly version {} not found")).format(v)


def _agent(draw: Draw) -> str:
    return f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{draw.randint(90, 140)}.0.{draw.randint(1000, 9999)}.{draw.randint(10, 250)} Safari/537.36"


def _sku(draw: Draw) -> str:
    return draw.choice(("SKU {}-{}-{} is out of stock.", "part no. {}/{}/{}", "Model {}{} {}")).format("".join(draw.choices(string.ascii_uppercase, k=3)), _digits(draw, 4), _digits(draw, draw.choice((2, 3, 5))))


def _place(draw: Draw) -> str:
    lat, lon = draw.uniform(-89, 89), draw.uniform(-179, 179)
    return draw.choice((f"{lat:.6f}, {lon:.6f}", f'{{"lat": {lat:.7f}, "lng": {lon:.7f}}}', f"POINT({lon:.5f} {lat:.5f})", f"{abs(int(lat))}\u00b0{draw.randint(0, 59)}'{draw.randint(0, 59)}\" N", f"geo:{lat:.4f},{lon:.4f}"))


def _maths(draw: Draw) -> str:
    return draw.choice((f"{_first(draw, 8)} * {_first(draw, 7)} = {_first(draw, 15)}", f"What is {_first(draw, 5)} + {_first(draw, 6)} - {_first(draw, 4)}?", f"pi is about 3.14159265358979, e is 2.718281828{_digits(draw, 5)}", f"x = ({draw.randint(1, 99)}) {draw.randint(100, 999)}-{draw.randint(1000, 9999)}", f"sum_{{k=1}}^{{{_first(draw, 7)}}} 1/k^2", f"f({_digits(draw, 2)}) = {_digits(draw, 3)}/{_digits(draw, 4)}"))


def _units(draw: Draw) -> str:
    return draw.choice(("The tank holds {:,} litres and fills in {} minutes.", "{} rows in {} ms", "disk: {} of {} blocks free", "population grew from {:,} to {:,}", "{:,} km at {} km/h")).format(int(_first(draw, 7)), int(_first(draw, 4)))


def _dates(draw: Draw) -> str:
    a, b = _date(draw), _date(draw)
    return draw.choice((f"from {a} to {b}", f"The meeting moved from {a} {_time(draw)} to {b}.", f"{draw.randint(1, 28):02}/{draw.randint(1, 12):02}/{draw.randint(2010, 2027)} - {draw.randint(1, 28):02}/{draw.randint(1, 12):02}/{draw.randint(2010, 2027)}", f"backup_{a.replace('-', '')}_{_time(draw).replace(':', '')}.tar.gz", f"{a.replace('-', '')}T{_time(draw).replace(':', '')}Z"))


def _cron(draw: Draw) -> str:
    return f"{draw.randint(0, 59)} {draw.randint(0, 23)} * * {draw.randint(0, 6)} /usr/bin/{draw.choice(_WORDS)} --since {_epoch(draw)} --shard {draw.randint(0, 64)}/{64}"


def _scores(draw: Draw) -> str:
    return f"{draw.choice(_CITIES)} won {draw.randint(60, 130)}-{draw.randint(60, 130)}, {draw.choice(_CITIES)} lost {draw.randint(0, 5)}-{draw.randint(0, 5)}; season {draw.randint(1990, 2025)}-{draw.randint(10, 99)}, attendance {draw.randint(1000, 90000):,}"


def _cite(draw: Draw) -> str:
    y = draw.randint(1950, 2025)
    return draw.choice((f"Nature ({y}) {draw.randint(100, 600)}: {draw.randint(1000, 5000)}-{draw.randint(5001, 9999)}", f"doi 10.{_first(draw, 4)}/s{_digits(draw, 5)}-0{_digits(draw, 2)}-{_digits(draw, 5)}-{_digits(draw, 1)}", f"arXiv:{_digits(draw, 4)}.{_digits(draw, 5)}v2", f"PMID: {_first(draw, 8)}", f"ISSN {_digits(draw, 4)}-{_digits(draw, 4)}, vol. {draw.randint(1, 90)}, pp. {draw.randint(1, 500)}-{draw.randint(501, 900)}"))


def _config(draw: Draw) -> str:
    return f"max_connections: {_first(draw, 4)}\nbuffer_bytes: {_first(draw, 9)}\nbind: 0.0.0.0:{draw.randint(1024, 65535)}\npeers: [127.0.0.1:{draw.randint(1024, 65535)}]\nkey_id: {_hex(draw, 16)}"


def _style(draw: Draw) -> str:
    return f".{draw.choice(_WORDS)} {{ color: #{_hex(draw, 6)}; margin: {draw.randint(0, 90)}px {draw.random():.3f}em; z-index: {_first(draw, 10)}; transition: .{_digits(draw, 2)}s }}"


def _markup(draw: Draw) -> str:
    return f'<path d="M{draw.random() * 99:.3f} {draw.random() * 99:.3f}c-{draw.random():.3f}-.{_digits(draw, 3)}-{draw.random():.2f}-1.{_digits(draw, 3)}-1.{_digits(draw, 2)}-2"/><td id="{_first(draw, 8)}">{draw.choice(_PRODUCTS)}</td>'


def _shell(draw: Draw) -> str:
    return draw.choice((f"dd if=/dev/zero of=disk.img bs={_first(draw, 7)} count={_first(draw, 4)}", f"kill -9 {_first(draw, 5)} {_first(draw, 5)}", f"chmod 0755 build-{_first(draw, 8)}.sh && ./run.sh --seed {_first(draw, 10)}", f"docker run -p {_first(draw, 4)}:{_first(draw, 4)} {draw.choice(_WORDS)}@sha256:{_hex(draw, 64)}", f"-rw-r--r-- 1 root root {_first(draw, 10)} Mar {draw.randint(1, 28)} {_time(draw)[:5]} dump.{_first(draw, 6)}.bin"))


def _decorated(draw: Draw) -> str:
    return f"@app.get('/{draw.choice(_WORDS)}/{{id}}')\n@cache(ttl={_first(draw, 5)})\nasync def show(id: int): return std::vector<int>{{{_first(draw, 4)}, {_first(draw, 4)}}}; // a::b::c and ab::cd::ef"


def _package(draw: Draw) -> str:
    return draw.choice((f"import org.apache.commons.lang3.StringUtils; // build {_first(draw, 9)}", f"System.Net.Http.HttpClient timed out after {_first(draw, 5)} ms", f"see utils.py, main.rs and README.md (rev {_hex(draw, 7)})", f"npm i react@18.{draw.randint(0, 9)}.{draw.randint(0, 9)} vite@5.{draw.randint(0, 9)}.0", f"self.net.{draw.choice(_WORDS)}(x, dim={_first(draw, 4)})", "e.g. Node.js, ASP.NET Core and U.S. imports vs. the rest, i.e. none."))


def _mac(draw: Draw) -> str:
    return f"port {draw.randint(1, 48)} learned {':'.join(_hex(draw, 2) for _ in range(6))} on vlan {draw.randint(1, 4094)}"


def _chat(draw: Draw) -> str:
    return draw.choice(_CHAT).format(n=draw.randint(2, 40), m=_first(draw, draw.choice((4, 5, 6, 7))), c=draw.choice(_CITIES), p=draw.choice(_PRODUCTS), y=draw.randint(1950, 2026))


_CHAT = (
    "Can you write a haiku about a {p} in the rain?",
    "I need {n} ideas for a team outing in {c}, under {m} in total.",
    "In {y} the Main Street Bridge was closed for {n} weeks.",
    "What changed between the {y} and {y} editions?",
    "Summarise the report in {n} bullet points, please, and keep it under {m} characters.",
    "My phone is {n} percent charged, should I replace the battery?",
    "Please call the function with {m} and {n} and tell me what it returns.",
    "The card game needs {n} players and about {n} minutes.",
    "We had {n} Big Ideas and 3 Small Ones about the {p}.",
    "There were {n} people at Park and {m} at the Square.",
    "Translate: the {p} is {n} cm wide and {m} mm long.",
    "Is {m} a prime number? And {m}{n}?",
    "The desk is {n} by {n} inches; the {p} will not fit.",
    "Why does my {p} show error {m} when I text or call from it?",
    "I was born to run a {p} shop in {c}, said the {n} year old.",
    "The contact form takes {m} characters and the office closes at {n}.",
    "My account was charged twice for the {p}: {m} and {m}.",
    "Please post {n} pictures of the {p} by Friday {n} May.",
    "Chapter {n}, page {m}: the drive to {c} took {n} hours.",
    "Level {n} Court {n}: Federer leads 6-4 3-6 7-5 in {c}.",
)


def _sensor(draw: Draw) -> str:
    return " ".join(f"{draw.choice('abcd')}{at}={draw.uniform(0, 5000):.3f}" for at in range(6)) + f" seq={_first(draw, 10)}"


def _bits(draw: Draw) -> str:
    return f"{draw.getrandbits(32):032b} 0x{_hex(draw, 8)} {draw.getrandbits(40):o} {draw.getrandbits(64)}"


def _lottery(draw: Draw) -> str:
    return "Drawn: " + draw.choice((" ", "-", ", ")).join(f"{draw.randint(1, 49):02}" for _ in range(6)) + f". Serial {_first(draw, 9)}."


def _codes(draw: Draw) -> str:
    return draw.choice((f"Your verification code is {_digits(draw, 6)}.", f"PIN {_digits(draw, 4)} expires in {draw.randint(2, 9)} minutes", f"voucher {''.join(draw.choices(string.ascii_uppercase + string.digits, k=12))}", f"booking {''.join(draw.choices(string.ascii_uppercase + string.digits, k=6))}, flight LH{_first(draw, 4)}, gate B{draw.randint(1, 60)}", f"serial no: {_digits(draw, 4)}-{_digits(draw, 4)}-{_digits(draw, 4)}"))


def _rfc(draw: Draw) -> str:
    return draw.choice((f"See RFC {_first(draw, 4)}, section {draw.randint(1, 9)}.{draw.randint(1, 9)}.{draw.randint(1, 9)}.", f"CVE-{draw.randint(2010, 2026)}-{_first(draw, 5)} affects builds before {_first(draw, 8)}", f"OID 1.3.6.1.4.1.{_first(draw, 5)}.{draw.randint(1, 30)}", f"ISO {_first(draw, 5)}-{draw.randint(1, 9)}:{draw.randint(1990, 2025)}", f"Article {draw.randint(1, 99)}, paragraph {draw.randint(1, 9)}({draw.choice('abc')}), Regulation {draw.randint(2000, 2025)}/{_first(draw, 3)}"))


def _phone_like(draw: Draw) -> str:
    """Ids with the shape of telephone numbers, named for what they are."""
    n = draw.choice((f"{_first(draw, 3)}-{_digits(draw, 3)}-{_digits(draw, 4)}", f"{_first(draw, 10)}", f"0{_first(draw, 3)} {_digits(draw, 6)}", f"{_first(draw, 3)} {_digits(draw, 3)} {_digits(draw, 3)}", f"00{_first(draw, 11)}"))
    return draw.choice(("item {} is back in stock", "Article {}: shelf 4", "batch {} passed the test", "lot {} recalled", "customer case {} reopened", "serial {} registered", "transaction {} declined by the bank", "SKU: {}", "Ref {} / shelf B")).format(n)


def _account(draw: Draw) -> str:
    return draw.choice((f"Bank holidays in {draw.randint(2020, 2027)}: 1 January, 25 December.", f"The ledger has {_first(draw, 7)} entries in {_first(draw, 3)} accounts.", f"GDP rose {draw.random() * 5:.1f}% to {_first(draw, 2)}.{_digits(draw, 1)} trillion", f"AMZN {draw.random() * 400:.2f} (+{draw.random() * 4:.2f}), volume {_first(draw, 8)}", f"EUR/USD 1.{_digits(draw, 4)} GBP/USD 1.{_digits(draw, 4)} BTC {_first(draw, 5)}.{_digits(draw, 2)}"))


def _genome(draw: Draw) -> str:
    return draw.choice((f"chr{draw.randint(1, 22)}:{_first(draw, 8)}-{_first(draw, 8)}", f"ENSG{_digits(draw, 11)} log2fc={draw.uniform(-4, 4):.5f} p={draw.random():.3e}", "".join(draw.choices("ACGT", k=60)), f"NM_{_digits(draw, 6)}.{draw.randint(1, 6)}:c.{_first(draw, 4)}A>G", f"CAS {_first(draw, 5)}-{_digits(draw, 2)}-{_digits(draw, 1)}, {draw.random() * 300:.3f} g/mol"))


def _list(draw: Draw) -> str:
    return "\n".join(f"{at}. {draw.choice(_WORDS).title()} {draw.choice(_PRODUCTS)}: {_first(draw, draw.choice((3, 5, 8)))} units" for at in range(1, 6))


def _stamp(draw: Draw) -> str:
    return f"{_date(draw)} {_time(draw)},{_digits(draw, 3)} {_epoch(draw)} {_first(draw, 5)} --- [{draw.choice(_WORDS)}-{draw.randint(1, 16)}] {draw.choice(_WORDS)} {_first(draw, 6)}/{_first(draw, 7)} done"


def _ranges(draw: Draw) -> str:
    return draw.choice((f"bytes {_first(draw, 7)}-{_first(draw, 7)}/{_first(draw, 8)}", f"lines {_first(draw, 4)}-{_first(draw, 4)}", f"years {draw.randint(1900, 1950)}-{draw.randint(1951, 2000)} and {draw.randint(2001, 2010)}-{draw.randint(2011, 2025)}", f"{_first(draw, 3)}/{_first(draw, 3)}/{_first(draw, 4)} wells dry", f"ids {_first(draw, 9)} to {_first(draw, 9)}", f"range({_first(draw, 6)}, {_first(draw, 7)}, {_first(draw, 2)})"))


def _base64(draw: Draw) -> str:
    import base64

    return draw.choice(("image/png;base64,{}", "nonce {}", '"blob": "{}"')).format(base64.b64encode(draw.randbytes(draw.randint(24, 90))).decode())


def _grades(draw: Draw) -> str:
    return "; ".join(f"{name} {draw.randint(0, 100)}/{100} ({draw.random():.2f})" for name in ("recall", "precision", "F1", "AUC")) + f" after {_first(draw, 6)} steps, lr {draw.random() / 1000:.6f}"


def _recipe(draw: Draw) -> str:
    return f"Mix {draw.randint(100, 900)} g flour, {draw.randint(1, 5)}/{draw.randint(2, 4)} cup sugar and {draw.randint(1, 6)} eggs; bake at {draw.randint(150, 230)} C for {draw.randint(10, 60)} minutes. Serves {draw.randint(2, 12)}. {_first(draw, 3)} kcal."


def _headings(draw: Draw) -> str:
    """Capitalised words, as titles and labels have them."""
    a, b = draw.choice(_GRAND), draw.choice(_MATTERS)
    return draw.choice(("# {} {} {}", "{1} {2}\n\nSee below.", "Name: {} {} {}\nStatus: Active", "| {1} {2} | {0} |", "Subject: {0} {1}", "- [ ] {1} {2}", "Agenda: {} {} {}")).format(a, b, draw.choice(_PAPERS))


def _eponyms(draw: Draw) -> str:
    """Things that are called after people and places."""
    return draw.choice(_CALLED).format(n=draw.randint(2, 90))


def _told_off(draw: Draw) -> str:
    """Verbs that are also given names, where a sentence begins."""
    return draw.choice(("Mark {} as done.", "Bill the hours for the {}.", "Grant access to the {}.", "Chase the overdue {} on Friday.", "Pat the {} dry.", "Will the {} run on Linux?", "Rob the {} in level 3.", "Drew a sketch of the {}.", "May I see the {}?")).format(draw.choice(_PRODUCTS))


def _greetings(draw: Draw) -> str:
    """Nobody in particular is greeted."""
    return draw.choice(("Hello World", "Dear Hiring Manager,\nI am excited to apply.", "Dear Customer Support,", "Hi Team,", "Thanks Everyone, good work.", "Welcome Back!", "I'm Fine, thanks.", "Best wishes,\nThe Billing Team", "This is Great News!", "Contact Sales for a quote of {} seats.")).format(draw.randint(2, 99))


def _stock(draw: Draw) -> str:
    """Rows and records of goods: they have names too."""
    rows = [(draw.choice(_GOODS), _first(draw, 3), f"{draw.randint(1, 99)}.{_digits(draw, 2)}") for _ in range(3)]
    if draw.random() < 0.3:
        return json.dumps([{"name": name, "qty": int(qty), "price": float(price)} for name, qty, price in rows])
    mark = draw.choice(",;\t|")
    return "\n".join(mark.join(row) for row in (("name", "qty", "price"), *rows))


def _clubs(draw: Draw) -> str:
    """Places that play."""
    a, b = draw.sample(_CITIES, 2)
    return draw.choice(("{0} {2}-{3} {1}", "{0} United drew {2}-{3} with {1} Rovers.", "{0} beat {1} {2}-{3} after extra time.", "{0} {2}, {1} {3}")).format(a, b, draw.randint(0, 9), draw.randint(0, 9))


def _patch(draw: Draw) -> str:
    """Numbers that were added: they begin with a plus, as telephones do."""
    lines = [f"+{_first(draw, draw.choice((9, 10, 11, 12)))}" for _ in range(draw.randint(1, 3))]
    above = draw.choice((f"@@ -{draw.randint(1, 900)},6 +{draw.randint(1, 900)},8 @@", f"-{_first(draw, 9)}", f"-    n = {_first(draw, 9)}", f"+    n = {_first(draw, 9)}"))
    return "\n".join((f"+++ b/{draw.choice(_WORDS)}.txt", above, *lines))


_GRAND = "Annual Digital Regional Final Weekly Global Smart Internal Advanced Quarterly".split()
_MATTERS = "Budget Market Energy Customer Network Product Quality Climate Health Vendor".split()
_PAPERS = "Report Strategy Review Workshop Checklist Policy Outlook Framework Survey Update".split()
_GOODS = ("Oak Table", "Red Chair", "Coffee Mug", "Desk Lamp", "Wool Rug", "Summer Dress", "Travel Adapter", "Night Stand", "Running Shoes", "Garden Bench")
_CALLED = (
    "The Kalman filter needs {n} readings.",
    "By the Cauchy-Schwarz inequality it is at most {n}.",
    "Parkinson's disease was studied in {n} clinics.",
    "A Hamming distance of {n} corrects errors.",
    "The Pulitzer prize went to {n} papers.",
    "The Stanley Cup final took {n} games.",
    "The Kyoto Protocol has {n} annexes.",
    "See the Geneva Conventions, article {n}.",
    "The Georgia font at {n} pt.",
    "Moore's law held for {n} years.",
    "The Hubble telescope took {n} pictures.",
    "Earth and Mars are {n} degrees apart.",
)


SORTS: dict[str, Callable[[Draw], str]] = {name[1:]: made for name, made in list(globals().items()) if name.startswith("_") and callable(made) and getattr(made, "__module__", "") == __name__ and name not in ("_digits", "_first", "_hex", "_uuid", "_epoch", "_date", "_time", "_isbn13", "_isbn10")}
