"""The detector of secrets: keys that say what they are (secret_kinds), values that their name gives away (secret_names), private keys in
PEM, and what the configuration adds.

How it is fast: one pass of RE2 over a text says which forms can occur in it at all (a set of literals, linear whatever the text);
only those are then searched for. Ordinary prose ends there.

How it holds for streams: a candidate depends on itself, one character after it and at most CONTEXT before it, never on what was found
before; all but PEM, phrases of words (secret_phrases) and columns of tables (secret_tables) lie within one token. Where findings overlap the one that starts first stays, then the longer, then the surer.

Deliberately absent: entropy alone (it fires on any hash), checksums of tokens (a mistyped key is still one), questions to an issuer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain, compress
from operator import gt, itemgetter
from typing import Any

import re2

from detectors.base import CONTEXT, Finding
from detectors.decoding import unescape
from detectors.folding import fold
from detectors.later import later
from detectors.opening import HALF, MAX_MATCH, UNIT, clear_of, open_run, worth_it
from detectors.readings import readings
from detectors.recognisers.folded_pattern import folded_pattern
from detectors.recognisers.small import linear, plain
from detectors.secret_kinds import FORMS, Form, pem, pem_open
from detectors.secret_many import CHECKS
from detectors.secret_names import MAX_VALUE, NAMED_KINDS, REACH, lowered, named, values_at
from detectors.secret_phrases import MAX_PHRASE, phrase_open, phrases
from detectors.secret_phrases import TRIGGER as PHRASE
from detectors.secret_stems import STEMS
from detectors.secret_tables import TRIGGER as TABLE
from detectors.secret_tables import table_open, table_secrets
from detectors.text import DEPTH, Text, View

NAME = "secrets"
MAX_SPAN = 24_576  # raw code points: a PEM of PEM_CHARS, with room for evasions
PEM_CHARS = 16_384  # the rest of a longer one is not found
MAX_CUSTOM = 512  # characters of a word that a custom pattern sees

_BEGIN = "-----BEGIN"
_BUILT_IN = frozenset(("PRIVATE_KEY", *(form.kind for form in FORMS))) | NAMED_KINDS
_SPARSE = 64  # characters, at least, for each time that what is looked for may begin
_LITERAL = later(r"(?:\w|\\\W)+")
_KIND = later(r"[A-Z][A-Z0-9_]{0,40}")
_WORD = later(r"[A-Za-z0-9_.%+\-@:/=&#;\\~$!*'?]++")
_TABLE = linear(TABLE)
_BLANKED = later("[0-9@]")  # in the context of what was unpacked
_VARIABLE = later(r"%[A-Za-z_]\w*%")  # of Windows; `%DB` is an escape, too
_SURROGATE = later("[\ud800-\udfff]")
# What may hold a character that ends a token (^ ( [ ,) besides named values: userinfo with what follows it, `-u`
_LOOSE = later(rf"://(?=([^\s\"'`<>/@]{{0,{MAX_CUSTOM}}}+(?:@\S*+)?))|\s(?:-[a-zA-Z]{{0,3}}[ua]|--user|--auth)[ =]{{1,3}}[\"']?(?=([^\s\"']{{0,{MAX_CUSTOM}}}+))")

Span = tuple[int, int, str, float]
_new: Any = tuple.__new__  # as in detectors.pii


@dataclass(frozen=True, slots=True)
class Options:
    r"""What a configuration may say about the detector.

    kinds: those looked for; None: all.  allow: values that are no secrets, exact.  allow_patterns: the same, RE2, of the whole value.
    custom: kind -> RE2 pattern, found anywhere in a word of at most MAX_CUSTOM characters: ASCII letters, digits and _.%+-@:/=&#;\~$!*'?
    """

    kinds: frozenset[str] | None = None
    allow: frozenset[str] = frozenset()
    allow_patterns: tuple[str, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)


@lru_cache(8)
def _gate(triggers: tuple[str, ...]) -> re2.Set:
    """All that may begin a finding, in one pass: the forms' triggers, PEM, names, phrases, tables. Made once for all detectors alike, for it takes milliseconds."""
    gate = re2.Set.SearchSet()
    for trigger in triggers:
        gate.Add(trigger)
    gate.Add(_BEGIN)
    gate.Add("(?i)" + "|".join(stem if stem.isalpha() else re2.escape(stem) for stem in STEMS))
    gate.Add(PHRASE)
    gate.Add(TABLE)
    gate.Add("")  # matches every text: without it the pass itself has failed, and nothing may be ruled out
    gate.Compile()
    return gate


class Secrets:
    """See the module. Safe to share between threads: nothing changes after __init__."""

    name = NAME
    max_span = MAX_SPAN

    def __init__(self, options: Options | None = None) -> None:
        """Raises ValueError for an unknown kind and for a pattern that RE2 does not take, naming it."""
        options = options or Options()
        for kind in options.custom:
            if not _KIND.fullmatch(kind):
                raise ValueError(f'custom kind "{kind}": expected capitals, digits and underscores, such as ACME_KEY')
        known = _BUILT_IN | frozenset(options.custom)
        unknown = (options.kinds or frozenset()) - known
        if unknown:
            raise ValueError(f'unknown kind "{min(unknown)}"; expected some of {", ".join(sorted(known))}')
        self.kinds = options.kinds if options.kinds is not None else known
        self._known = len(known)
        self._allow = frozenset(fold(value)[0] for value in options.allow)
        self._allow_patterns = tuple(_compiled("allow", pattern) for pattern in options.allow_patterns)
        self._custom = tuple((kind, _custom(kind, pattern)) for kind, pattern in options.custom.items() if kind in self.kinds)
        self._allows = bool(self._allow or self._allow_patterns)
        self._forms = tuple(form for form in FORMS if form.kind in self.kinds)
        self._pem, self._named = len(self._forms), len(self._forms) + 1
        self._gate = _gate(tuple(form.trigger for form in self._forms))
        self._all = range(len(self._forms) + 4)

    def find(self, text: Text) -> list[Finding]:
        """Findings in raw offsets, in order, apart from each other."""
        found = text.kept.get(self)
        if found is None:
            found = text.kept[self] = tuple(self._found(text))  # open_from asks, and then whoever asked that
        return list(found)

    def _found(self, text: Text) -> list[Finding]:
        spans: list[Span] = []
        for view, before in readings(text):
            spans += self._of_view(view, before[-CONTEXT:], text.raw)
        if len(self.kinds) < self._known:
            spans = [span for span in spans if span[2] in self.kinds]
        spans.sort()
        if any(map(gt, map(itemgetter(1), spans), map(itemgetter(0), spans[1:]))):
            spans = list(_apart(spans))  # what is read alike in several views, too
        return [_new(Finding, (NAME, kind, start, end, score)) for start, end, kind, score in spans]

    def open_from(self, text: Text) -> int:
        """The last token; the value of a name, of userinfo or of `-u` that is not over; a PEM, a phrase, a table from its beginning until it is over."""
        raw, at = text.raw, open_run(text)
        if not raw:
            return 0
        for view, before in readings(text):
            if view.whole:
                at = min(at, _open_in(view, before, at, raw))
        if at < len(raw):
            at = clear_of(text, ((finding.start, finding.end) for finding in self.find(text)), at)
        return worth_it(text, max(at, len(raw) - MAX_SPAN), MAX_SPAN)

    def _of_view(self, view: View, before: str, raw: str) -> list[Span]:
        whole, floor = before + view.text, len(before)
        if not whole.isascii():
            whole = _SURROGATE.sub("\ufffd", whole)  # RE2 reads UTF-8
        hits = self._gate.Match(whole) or self._all
        found: list[Span] = []
        for hit in hits:
            if hit < self._pem:
                found += _of_form(self._forms[hit], whole)
            elif hit == self._pem:
                found += _of_pem(whole)
            elif hit == self._named:
                plainly = view.whole and "unescaped" not in view.name and before == view.before[-CONTEXT:]  # what is undone may come from further away than a stream knows
                found += named(whole, lowered(whole), floor, plainly=plainly)
            elif hit == self._named + 1:
                found += phrases(whole, lowered(whole), floor)
            elif hit == self._named + 2:
                found += self._of_tables(view, whole, floor, raw)
        for kind, search in self._custom:
            found += ((start, end, kind, 0.9) for start, end in search(whole))
        if floor:
            found = [(start - floor, end - floor, kind, score) for start, end, kind, score in found if start >= floor]
        if self._allows:
            found = [span for span in found if not self._allowed(view.text[span[0] : span[1]])]
        if view.layers:
            origins = view.origins([span[:2] for span in found])
            found_at, found = [span[0] for span in found], [(*origin, kind, score) for origin, (_, _, kind, score) in zip(origins, found, strict=True)]
            if "%" in raw:
                kept = [_VARIABLE.fullmatch(raw, start, end) is None for start, end, _, _ in found]
                found_at, found, origins = list(compress(found_at, kept)), list(compress(found, kept)), list(compress(origins, kept))
            if not view.whole:
                found = list(compress(found, _unpacked(view, raw, found_at, [begin for begin, _ in origins])))
        return [span for span in found if span[1] - span[0] <= MAX_MATCH or (span[2] == "PRIVATE_KEY" and view.whole and span[1] - span[0] <= MAX_SPAN)]

    def _of_tables(self, view: View, whole: str, floor: int, raw: str) -> list[Span]:
        """Those of tables. In an unpacked view the head must have been unpacked, too: what stands before it is context of which a stream may know less."""
        tables = list(table_secrets(whole, lowered(whole), floor))
        if not view.whole and tables:
            heads = list(dict.fromkeys(name for name, _ in tables))
            places = [name - floor for name in heads]
            kept = set(compress(heads, _unpacked(view, raw, places, [begin for begin, _ in view.origins([(at, at + 1) for at in places])])))
            tables = [table for table in tables if table[0] in kept]
        return [span for _, span in tables]

    def _allowed(self, value: str) -> bool:
        return value in self._allow or any(pattern.fullmatch(value) for pattern in self._allow_patterns)


def _unpacked(view: View, raw: str, places: Sequence[int], begins: Sequence[int]) -> list[bool]:
    """Whether what stands at each of these places of an unpacked view was unpacked. Else it is context, written as it is in the raw text: that is found there or nowhere. begins: of each in the raw text."""
    found = [_is_other(raw[begin : begin + 4], view.text[at : at + 4]) for at, begin in zip(places, begins, strict=True)]
    if not all(found):
        asked = [at for at, other in zip(places, found, strict=True) if not other]
        shown = iter([_is_shown(raw[begin:end], view.text[at : at + 4]) for at, (begin, end) in zip(asked, view.origins([(at, min(at + 4, len(view.text))) for at in asked]), strict=True)])
        found = [other or not next(shown) for other in found]
    return found


def _is_other(raw: str, text: str) -> bool:
    """Whether letters and digits cannot be others as they stand in the context of what was unpacked: there letters are the same, and no digits are."""
    return raw != text and raw.isalnum() and text.isalnum() and raw.isascii() and text.isascii()


def _is_shown(raw: str, text: str) -> bool:
    shown = fold(raw)[0]
    for _ in range(DEPTH):
        plain = unescape(shown)
        shown = plain[0] if plain else shown
    return _BLANKED.sub("#", shown) == _BLANKED.sub("#", text)


def _order(span: Span) -> tuple[int, int, float, str]:
    return span[0], -span[1], -span[3], span[2]


def _apart(spans: Sequence[Span]) -> Iterator[Span]:
    """Of those in order of where they begin, the ones that begin where none before them is: of those that begin together the longest, then the surest."""
    best = spans[0]
    for span in spans:
        if span[0] >= best[1]:
            yield best
            best = span
        elif span[0] == best[0] and _order(span) < _order(best):
            best = span
    yield best


def _of_form(form: Form, text: str) -> Iterable[Span]:
    group, kind, score = form.group, form.kind, form.score
    spans = [match.span(group) for match in _matches(form, text)]
    if form.lead:
        spans = [(start - form.lead, end) for start, end in spans]
    said = [text[start:end] for start, end in spans]
    unlike = list(dict.fromkeys(said))
    good = CHECKS[form.check](unlike)
    if len(unlike) < len(said):
        good = list(map(dict(zip(unlike, good, strict=True)).__getitem__, said))
    return [(start, end, kind, score) for start, end in compress(spans, good)]


def _matches(form: Form, text: str) -> Iterator[re.Match[str]]:
    """What form.pattern.finditer(text) gives: where it begins with a few fixed characters, str.find gets to them many times faster, as long as they are few."""
    anchor = _anchor(form)
    if not anchor:
        yield from form.pattern.finditer(text)
        return
    match, find, many = form.pattern.match, text.find, 0
    at = find(anchor)
    while at >= 0:
        many += 1
        if many > _SPARSE and many * _SPARSE > at:
            yield from form.pattern.finditer(text, at)
            return
        found = match(text, at)
        if found:
            yield found
        at = find(anchor, found.end() if found else at + 1)


@cache
def _anchor(form: Form) -> str:
    literal = _LITERAL.fullmatch(form.trigger) is not None and form.source.startswith(form.trigger + "(?:")
    return re.sub(r"\\(.)", r"\1", form.trigger) if literal else ""


def _of_pem(text: str) -> Iterator[Span]:
    for match in pem().finditer(text):
        start, body = match.start(), match[1]
        if len(body) >= 40 and len(set(body)) > 10:
            yield start, start + min(PEM_CHARS, len(match[0] if match[2] else match[0].rstrip(" \t\r\n\"',>|#*`\\"))), "PRIVATE_KEY", 1.0


def _open_in(view: View, before: str, at: int, raw: str) -> int:
    """What is open at the end of a view that holds the whole text, in raw offsets: `at`, a raw offset, or what lies across it. before: what stands before it, as in `readings`.  raw: the text."""
    text = view.text
    run = _index(view, at) if view.layers else at
    found = run
    if run and not text[run - 1].isspace():
        word = text[max(0, run - MAX_VALUE - 2) : run].rsplit(None, 1)[-1:]
        window = max(0, run - len(word[0]) - REACH) if word else run
        lead = "" if window else before[-REACH:]
        near = lead + text[window:]
        shift = len(lead) - window
        spans = chain(values_at(lowered(near)), (match.span(match.lastindex or 0) for match in _LOOSE.finditer(near)))
        found = min((start - shift for start, stop in spans if start - shift < run and (run < stop - shift or stop == len(near) or near[stop] == "\\")), default=run)
        found = max(found, 0)
    found = min(found, _several(view, text, before[-CONTEXT:], found, raw))
    begin = text.rfind(_BEGIN, max(0, len(text) - PEM_CHARS))
    if begin >= 0 and pem_open().match(text, begin):
        found = min(found, begin)
    return at if found == run else view.origin(found, found + 1)[0] if found < len(text) else len(raw)


def _several(view: View, text: str, lead: str, found: int, raw: str) -> int:
    """Where what lies in several tokens begins that the end of a view's text may go on with; else `found`. lead: what stands before it. Half an escape may be what ends a phrase or a line.

    Half a one may have been undone as if it were whole: `&#1`, which `&#10;` begins with.
    """
    half = HALF.search(text, max(0, len(text) - UNIT))
    ends = {len(text), half.start() if half else len(text)}
    if "unescaped" in view.name and (half := HALF.search(raw, max(0, len(raw) - UNIT))):
        ends.add(_index(view, half.start()))
    begins = [(said, _begun(lead, said)) for said in map(text.__getitem__, map(slice, sorted(ends)))]
    return min([found, *(begin for said, begin in begins if begin < len(said))])


def _begun(lead: str, text: str) -> int:
    """Where a phrase or a table begins that the text may end within; else its length. lead: what stands before it."""
    near = lead[-REACH:] + text if len(text) <= MAX_PHRASE else text[-MAX_PHRASE - REACH :]
    at = max(0, phrase_open(lowered(near), len(near)) + len(text) - len(near))
    return min(at, table_open(lead + text, lowered(lead + text), len(lead)) - len(lead)) if _TABLE.search(plain(text)) else at


def _index(view: View, at: int) -> int:
    """The first index of a view's text that comes from the raw text at `at` or later."""
    low, high = 0, len(view.text)
    while low < high:
        middle = (low + high) // 2
        if view.origin(middle, middle + 1)[0] < at:
            low = middle + 1
        else:
            high = middle
    return low


def _compiled(what: str, pattern: str) -> Any:
    try:  # a pattern that cannot be folded says why itself
        return re2.compile(folded_pattern(pattern), _quiet())
    except re2.error as error:
        raise ValueError(f'{what}: "{pattern}" is no RE2 pattern (no look-around, no back-references): {error}') from None


def _quiet() -> Any:
    options = re2.Options()
    options.log_errors = False
    return options


def _custom(kind: str, pattern: str) -> Callable[[str], Sequence[tuple[int, int]]]:
    """A search for a custom pattern, word by word, so that a stream need hold no more than a word for it."""
    compiled = _compiled(f"custom.{kind}", pattern)

    def search(text: str) -> list[tuple[int, int]]:
        spans = []
        for word in _WORD.finditer(text):
            if word.end() - word.start() <= MAX_CUSTOM:
                at = word.start()
                spans += [(at + match.start(), at + match.end()) for match in compiled.finditer(word[0]) if match.end() > match.start()]
        return spans

    return search
