"""Personal data by pattern: what has a form, a checksum or a word that names it. Names of people, places and firms are the names tier's.

Kinds are called as Presidio calls them, where it has them. Nothing here imports it, or a model: this detector runs in the proxy's workers.

Every view of a text is scanned (detectors.text), hits are mapped to the raw text, and of those that overlap the stronger kind stands
(recognisers.hits). A text is scanned once for each thing that begins a recogniser: an @, a `://`, a dot before a known suffix, a run of digits, a word
such as `passport`. All else is left alone, so prose costs little.

Streams: what is open is the last token, a chain of tokens with digits before it (`4111 1111 ..`, `12 Main ..`), a URL, and whatever hit lies
across the place so found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from operator import itemgetter
from typing import Any
from weakref import ref

from detectors import opening
from detectors.base import Finding
from detectors.exceptions import Exceptions
from detectors.pii_kinds import DEFAULT, KINDS, NAME, THRESHOLD
from detectors.readings import readings
from detectors.recognisers import addresses_of_mail, cards, context, crypto, iban, ip, keyed, national_ids, phone_forms, phones, small, street, web
from detectors.recognisers.context import Around
from detectors.recognisers.custom import Custom, CustomPattern, longest
from detectors.recognisers.hits import Hit, resolve
from detectors.recognisers.repeats import Shortened, found_in
from detectors.text import Text

_NEVER = 2.0  # the least score of what is not wanted
_new: Any = tuple.__new__  # of a Finding several times as fast as its own

_DATES = "(?:[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Jj]un|[Jj]ul|[Aa]ug|[Ss]ep|[Oo]ct|[Nn]ov|[Dd]ec)[a-z.]{0,7}"
_BEGINS = (
    rf"[+(]{{0,2}} ?[0-9]|(?<![0-9A-Za-z])[A-Za-z]{{2}}(?:[0-9]{{2}}| [0-9])|(?<![A-Za-z]){_DATES}(?= )|[A-Z][A-Za-z\-]{{2,24}}(?:{street.JOINED})(?= )"
    rf"|(?<![0-9A-Za-z])(?:{street.LEAD}|P\.? ?O\.? ?[Bb]ox|PSC|[Uu]nit|UNIT|CMR|Postfach)(?= )"
)
_GOES_ON = rf"[A-Z(+#\-]|[a-z]{{0,4}}\.?(?![^\s,])|[^\s,]{{0,24}}[0-9]|{_DATES}|(?i:{keyed.MONTH})|{street.LEAD_FRENCH}|apartment|suite|floor|extension|their(?![^\s,])"
_SPACE = "(?:,? {1,2}|,)"
# What can become a hit over several tokens, from a number or what stands before one, over tokens that belong, to the token that is being written.
_OPEN = re.compile(
    rf"(?:(?:{_BEGINS})[^\s,]*+(?:{_SPACE}(?={_GOES_ON})[^\s,]++)*+(?:{_SPACE}[^\s,]*+)?,? {{0,2}}|[+(]{{1,2}} ?|(?<![0-9A-Za-z])(?:[A-Z]{{2}},?|P\.?(?: ?O\.?(?: ?[Bb][Oo]?[Xx]?)?)?) ?)\Z"
)
_DIGITS = b"0123456789"
_MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())  # noqa: SIM905
_SMALL_BEGINS = (*_MONTHS, *(word.lower() for word in "rua via piazza corso largo calle avenida avda carrer paseo plaza camino ul. al. praca travessa estrada strada vicolo postfach".split()))  # noqa: SIM905
_PLAIN = re.compile("(?<![^ ])([a-z]{5,})[,.]? (?=[^ ])")  # a word that ends a chain
_MONTHS_ABROAD = "fevr gennai giugn lugli enero maart maggi avril abril agost settem setem ottob outub okto dezem dicem diciem stycz luteg kwiet czerw lipca sierp wrzes pazdz listopad grudn".split()  # noqa: SIM905
_BELONGS = (*_SMALL_BEGINS, *_MONTHS_ABROAD, *street.LEAD_FRENCH.replace("\\.?", "").split("|"), "apartment", "suite", "floor", "extension", "viale", "their")
_KEYED = small.linear(f"(?i){keyed.TOLD}")
_TOLD = (street.CODES, national_ids.LETTERED, iban.TOLD, crypto.TOLD, ip.TOLD, cards.TOLD, national_ids.DIGITAL, phones.TOLD, cards.ODD)
_CODES, _LETTERED, _IBANS, _WALLETS, _FOURS, _CARDS, _DIGITAL, _PHONES, _ODDS = map(small.linear, _TOLD)
_FORMS, _ROWS, _CARDS_NAMED = small.linear("|".join(_TOLD)), small.linear(cards.ROWS), small.linear(context.necessary(context.CARD))
_LONG = 256
_HELD = 3 * opening.MAX_RUN
_OPEN_REACH = 160
# Necessary for `_OPEN`, or an escape that may end in it.
_MAY_BE_OPEN = small.linear(
    rf"[0-9+(%&\\]|{_DATES} |(?:{street.JOINED}) |\b(?:{street.LEAD}|PSC|[Uu]nit|UNIT|CMR|Postfach|P\.? ?O\.? ?[Bb]ox) |[A-Z][A-Z],? ?$|P\.?(?: ?O\.?(?: ?[Bb][Oo]?[Xx]?)?)? ?$"
)
_OPEN_SITE = re.compile(rf"(?:https?://|ftp://|www\.)[^\s<>\"]{{0,{web.MAX}}}\Z", re.IGNORECASE)


def _between(spans: list[tuple[int, int]], least: int, most: int) -> int | None:
    """The first place from `least` to `most` where a span begins and none lies across. For walls in one token: there each place to cut at, a little before a span, is in the middle of another."""
    reach = least
    for start, end in sorted(spans):
        if start > most:
            break
        if start >= reach:
            return start
        reach = max(reach, end)
    return None


def _may_be_open(text: str) -> bool:
    tail = text[-_OPEN_REACH:]
    return _MAY_BE_OPEN.search(small.plain(tail)) is not None and _MAY_BE_OPEN.search(small.plain(tail[_chain(tail) :])) is not None


def _chain(text: str) -> int:
    """How far back `_OPEN` may match: not over a word of small letters, five or more, unless it is the last one or of those that belong."""
    for word in reversed(list(_PLAIN.finditer(text))):
        if not word[1].startswith(_BELONGS):
            return word.start(1)
    return 0


@dataclass(frozen=True, slots=True)
class Options:
    """kinds: those to look for.  thresholds: the least score by kind (THRESHOLD for the others).  regions: whose national telephone numbers are known.

    allow: by kind, or `*` for all, what is never reported: exact texts.  allow_patterns: the same as RE2 expressions of the whole text.
    custom: the operator's own patterns; their kinds are looked for whatever `kinds` says.
    """

    kinds: frozenset[str] = DEFAULT
    thresholds: Mapping[str, float] = field(default_factory=dict)
    allow: Mapping[str, Sequence[str]] = field(default_factory=dict)
    allow_patterns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    custom: Sequence[CustomPattern] = ()
    regions: Sequence[str] = phones.REGIONS


class Pii:
    """See the module. Built once, used by any number of texts."""

    name = NAME
    max_span = _HELD

    def __init__(self, options: Options | None = None) -> None:
        """Raises ValueError for an unknown kind or region, and for an expression that RE2 refuses."""
        options = options or Options()
        self._custom = [Custom(each) for each in options.custom]
        self._custom_kinds = frozenset(each.kind for each in self._custom)
        if unknown := sorted(options.kinds - KINDS - self._custom_kinds):
            raise ValueError(f"unknown kind {unknown[0]!r}; expected some of {', '.join(sorted(KINDS))}")
        self.kinds = frozenset(options.kinds | self._custom_kinds)
        self._keyed = frozenset(self.kinds & keyed.KINDS)
        self._national = None if national_ids.KINDS.isdisjoint(self.kinds) else national_ids.National(self.kinds)
        self._least = {kind: options.thresholds.get(kind, THRESHOLD) for kind in self.kinds}
        self._allowed = Exceptions(options.allow, options.allow_patterns)
        self._phones = phones.Phones(options.regions) if phone_forms.KIND in self.kinds else None
        self._memo: tuple[ref[Text], list[Hit], Shortened | None] | None = None
        spaced = longest(self._custom)
        self._open_custom = re.compile(rf"\S{{1,{web.MAX}}}\Z") if self._custom else None
        self._spaced_custom = re.compile(rf"(?s:.{{1,{spaced}}})\Z") if spaced else None

    def find(self, text: Text) -> list[Finding]:
        """Findings in order, none over another. Never raises on any text."""
        hits, walls = self._looked_at(text)
        standing = resolve(hits, self._custom_kinds)
        if walls is not None and not walls.steady(standing):
            standing, walls = resolve(walls.spread(hits), self._custom_kinds), None
        if walls is None:
            return [_new(Finding, (NAME, kind, start, end, score)) for start, end, kind, score in standing]
        found: list[Finding] = []
        for some, times in walls.parts(standing):
            if some:  # by columns, which spares a tuple for each
                starts, ends, kinds, scores = zip(*some, strict=True)
                many = len(times)
                columns = zip(repeat(NAME), kinds * many, [start + by for by in times for start in starts], [end + by for by in times for end in ends], scores * many, strict=False)
                found += [_new(Finding, row) for row in columns]
        found.sort(key=itemgetter(2))  # for more than one wall: else it is in order, which is quickly seen
        return found

    def open_from(self, text: Text) -> int:
        """The first index that text to come may still turn into a finding or a longer one."""
        raw = text.raw
        if not raw:
            return 0
        at = opening.open_run(text)
        if any(view.whole and _may_be_open(view.text) for view in text.views):
            at = min(at, opening.open_spaced(text, _OPEN, _OPEN_REACH))
        if any("://" in view.text or "www." in view.text.lower() for view in text.views):
            at = min(at, opening.open_spaced(text, _OPEN_SITE, web.MAX + 16))
        if addresses_of_mail.KIND in self.kinds and any("@" in view.text and not view.text.isascii() for view in text.views):
            at = min(at, opening.open_spaced(text, addresses_of_mail.OPEN, addresses_of_mail.OPEN_REACH))
        if self._open_custom is not None:
            at = min(at, opening.open_spaced(text, self._open_custom, web.MAX))
        if self._spaced_custom is not None:
            at = min(at, opening.open_spaced(text, self._spaced_custom, web.MAX))
        spans = [(hit[0], hit[1]) for hit in self._hits(text)]
        clear, least = opening.clear_of(text, spans, at), len(raw) - _HELD
        between = _between(spans, least, at) if clear < least else None
        return clear if between is None else between

    def _hits(self, text: Text) -> list[Hit]:
        """What all views hold and the options want, in raw offsets, each once; hits may overlap."""
        hits, walls = self._looked_at(text)
        return hits if walls is None else walls.spread(hits)

    def _looked_at(self, text: Text) -> tuple[list[Hit], Shortened | None]:
        """The same, or where there is but one view, and that as it stands: of the text without its walls, and these. The last text's are kept as long as it lives."""
        memo = self._memo
        if memo is not None and memo[0]() is text:
            return memo[1], memo[2]
        found: dict[Hit, None] = {}  # in the order of the scans, which is nearly sorted
        hits, walls = list[Hit](), None
        single = len(text.views) == 1 and not text.before
        for view, before in readings(text):
            whole, begin = before + view.text, len(before)
            hits, walls = found_in(whole, partial(self._scan, begin=begin))
            hits = self._wanted(hits, whole if walls is None else walls.text, begin)
            if walls is not None and not (single and not view.layers):
                hits, walls = walls.spread(hits), None
            if begin or view.layers:
                origins = view.origins([(start - begin, end - begin) for start, end, _, _ in hits])
                hits = [(*origin, kind, score) for origin, (_, _, kind, score) in zip(origins, hits, strict=True)]
            hits = [hit for hit in hits if hit[1] - hit[0] <= opening.MAX_MATCH]
            if not single:
                found.update(dict.fromkeys(hits))
        self._memo = (ref(text), hits if single else list(found), walls)
        return self._memo[1], walls

    def _wanted(self, hits: list[Hit], scanned: str, begin: int) -> list[Hit]:
        """Those that begin in the text itself, are sure enough and not allowed."""
        least, allowed = self._least, self._allowed
        hits = [hit for hit in hits if hit[0] >= begin and hit[3] >= least.get(hit[2], _NEVER)]
        return [hit for hit in hits if not allowed.has(hit[2], scanned[hit[0] : hit[1]])] if allowed else hits

    def _scan(self, text: str, begin: int) -> list[Hit]:
        """Hits in one string; those that start before `begin` do not count."""
        hits: list[Hit] = []
        wanted = self.kinds
        if addresses_of_mail.KIND in wanted and text.find("@", begin) >= 0:
            addresses_of_mail.mails(text, begin, hits)
        if web.KIND in wanted:
            web.sites(text, begin, hits)
        if ip.KIND in wanted and text.find(":", begin) >= 0:
            ip.six(text, begin, hits)
        if ip.HARDWARE in wanted:
            ip.hardware(text, begin, hits)
        flat = small.plain(text)
        if digits := len(flat) - len(flat.translate(None, _DIGITS)):
            self._numbers(text, flat, digits, begin, hits)
        for custom in self._custom:
            custom(text, begin, hits)
        return hits

    def _numbers(self, text: str, flat: bytes, digits: int, begin: int, hits: list[Hit]) -> None:
        """What has a digit in it, which is all the rest. flat: the text as bytes.  digits: how many it has: each form takes some."""
        wanted = self.kinds
        size, low = len(text) - begin, small.lower(text)
        if self._keyed and _KEYED.search(flat, max(0, begin - keyed.REACH)):
            keyed.keyed(text, low, flat, begin, self._keyed, hits)
        if street.KIND in wanted:
            street.streets(text, flat, begin, hits)
        if size < 5:
            return
        around = Around(text, low, flat)
        # Of a short text one question is asked, of a long one as many as it takes to spare it an expression.
        every = _FORMS.search(flat, max(0, begin - 80)) is not None if size < _LONG else None

        def told(form: Any, least: int) -> bool:
            return digits >= least and (every if every is not None else form.search(flat, max(0, begin - 80)) is not None)

        if street.KIND in wanted and told(_CODES, 2):
            street.codes(text, begin, hits)
        if self._national is not None and told(_LETTERED, 4):
            self._national.lettered(text, begin, around, hits)
        if iban.KIND in wanted and told(_IBANS, 2):
            iban.ibans(text, begin, hits)
        if crypto.KIND in wanted and told(_WALLETS, 1):
            crypto.wallets(text, begin, hits)
        numbers: list[Hit] = []
        if ip.KIND in wanted and told(_FOURS, 4):
            ip.four(text, begin, around, numbers)
        if cards.KIND in wanted and (told(_CARDS, 12) or told(_ODDS, 12)):
            named = _CARDS_NAMED.search(flat) is not None
            if told(_CARDS, 12):
                cards.cards(text, flat, begin, told(_ROWS, 24), named, around, numbers)
            if named and told(_ODDS, 12):
                cards.called(text, begin, around, numbers)
        if self._national is not None and told(_DIGITAL, 8):
            self._national.digital(text, begin, around, numbers)
        if self._phones is not None and digits >= phones.LEAST:
            self._phones(text, low, flat, begin, told(_PHONES, phones.LEAST), around, numbers)
        hits += numbers
