"""People by what stands around their names: `my name is`, `Dear`, `Dr.`, a sign-off above, a known given name before a capitalised word.

Rules of this file: pure; linear (every repetition is bounded); looks at one line and at what stands before it. A name said by such a sign
may be one that no model has seen, and in lower case where the sign is strong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detectors import forms, gazetteer, people_abroad, records
from detectors.recognisers.small import Among, plain
from detectors.things import is_nobody

SURE, SIGNED, LIKELY = 0.85, 0.76, 0.6  # scores

_NAME = r"(?!(?i:i|we|you|they|he|she|it|that|there|here|what|who|let|don|can|won|isn)['\u2019])[^\W\d_](?:[^\W\d_]|['\u2019-](?=[^\W\d_])){0,30}"
_RUN = rf"{_NAME}(?:\.?[ \t]{{1,2}}{_NAME}){{0,4}}"
_WORD = re.compile(rf"{_NAME}\.?")
_PARTICLES = frozenset("de del della di da do dos das du la le van der den von zu al el bin ibn ter ten st mac mc o' san y e af av".split())  # noqa: SIM905
# Months and things that people are called, too, where a sign stands before the name
_GIVEN_TOO = frozenset("april june may august summer ruby".split())  # noqa: SIM905
_FAMILY_TOO = frozenset("may march august summer winter".split())  # noqa: SIM905
_FAMILY_OF_KNOWN = frozenset("page best field price".split())  # noqa: SIM905  after a given name that is one
STOP = frozenset(
    "a about after again all also always am an and any are as ask asked at aus be because been before being but by called came can could did do does doing down each else even ever every everyone few for friend from "  # noqa: SIM905
    "get give going gone good got great had has have having he hello help her here him his how i if in into is it its just know last left let like live lives lived living living look looking made make "
    "many maybe me mine more most much must my name named need never new no nor not nothing now of off on once one only or other our out over own please put really right said same say says see sent she should "
    "since so some somebody something soon still such sure than thank thanks that the their them then there these they thing this those though through to today tomorrow too two under until up upon us "
    "use using very via want wants was we well went were what when where which while who whose why will with without work working would yes yesterday yet you your missing misspelled wrong incorrect incorrectly "
    "spelled changed listed required unknown invalid empty available already taken too based calling writing trying ready happy sorry afraid interested unable able".split()
)

# (sign, whether a name in lower case counts, score). The name is what follows.
_SIGNS = tuple(
    (re.compile(pattern, re.IGNORECASE), lower, score)
    for pattern, lower, score in (
        (r"\b(?:my|his|her|their|whose|your|maiden|first|last|middle|family|full|legal|birth|user'?s?|customer'?s?|patient'?s?|client'?s?|child'?s?)\s(?:(?:full|first|last|middle|maiden|legal|real|family|user)\s)?name(?:s?\s?(?:is|was|are|:|=|should be)| to| into)\s{1,2}(?=\S)", True, SURE),
        (r"\b(?:people |friends |everyone |they |you can |just |please )(?:just )?calls? me\s", True, SURE),
        (r"\b(?:mr|mrs|ms|mx|miss|messrs|dr|prof|professor|doctor|sir|madame|mme|monsieur|herr|frau|se\u00f1or|se\u00f1ora|signor|signora|judge|sergeant|captain|senator|president|nurse)\b\.?\s", False, SURE),
        (r"\b(?:mr|mrs|ms|dr)\.\s|\b(?:mrs|mr)\s(?=[^\W\d_]{3})", True, SURE),
        (r"(?:^|[\n\r>])[ \t]*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)),?\s(?=[^\n]{1,60}(?:[,!:]|$))", False, SURE),
        (r"\b(?:(?:grand|step)?(?:mother|father|son|daughter|child)|mum|mom|dad|brother|sister|wife|husband|kid|friend|boss|neighbou?r|uncle|aunt|cousin|girlfriend|boyfriend|fianc\u00e9e?|nephew|niece|colleague|roommate)(?:,| (?:is|was))?(?: (?:called|named))?\s", False, SIGNED),
        (r"\b(?:this is|i am|i'm|it's|i\u2019m)\s(?=[^\W\d_]{2,}(?: [^\W\d_]{2,})? (?:from|speaking|calling|here|writing)\b|[^\W\d_]{2,}(?: [A-Z][^\W\d_]+)?[,.!])", False, SIGNED),
        (r"(?:^|[\n\r>])[ \t]*(?:thanks|thank you|thx|ok|okay|sorry|congrats|congratulations|welcome(?: back)?|bye|goodbye|happy birthday|well done|great job|nice work)[, ]\s?(?=[^\W\d_][^\s,.!?]{1,24}(?: [^\W\d_][^\s,.!?]{1,24})?(?:[,.!?]|\s*$))", False, SIGNED),
        (r"\b(?:tell|ask|asked|told|remind|thank|invite|inform|notify)\s(?=[^\W\d_]{3,}(?: [^\W\d_]{2,})? (?:i|to|that|about|for|if|whether|we|not|when|how|what|where|why)\b)", False, LIKELY),
        (r"\b(?:who (?:is|was|'s)|(?:spoke|speak|talk(?:ed)?|met|meeting|interview|appointment) with|under the name(?: of)?)\s(?=(?-i:[A-Z][^\W\d_]+(?:[ -][A-Z][^\W\d_]+)+)(?![^\W\d_]))", False, LIKELY),
        (r"\b(?:reach|contact|call|phone|ring|text|e-?mail)\s(?=(?-i:[A-Z])[^\W\d_]+(?: (?-i:[A-Z])[^\W\d_]+)? (?:at|on|via|under)\b)", False, LIKELY),
        (r"(?:^|[\n\r>])[ \t]*attn\.?\s(?=[^\W\d_]+ [^\W\d_])", False, SIGNED),
        (r"\b(?:surname|(?:given|first|last|family|maiden|middle) name|account holder|cardholder)s?:?\s(?=(?-i:[A-Z]))", False, SIGNED),
        (r"\b(?:i )?go(?:es)? by (?:the name )?(?:of )?(?=(?-i:[A-Z])[^\W\d_]+[,.!]|(?-i:[A-Z])[^\W\d_]+ (?:not|instead|now|these))", False, SIGNED),
        (r"(?:^|[\n\r>|])[ \t]*(?:full |first |last |customer |patient |client |contact |employee |account )?(?:name|attn|attention|patient|contact person|signed|signed by|from|to|cc|recipient|sender|passenger|guest name|cardholder|card holder|beneficiary|payee|applicant|employee|prepared by|reported by|author|customer|client|tenant|guests?|student|member|candidate|caller|driver|buyer|seller|present|absent|attendees|participants|next of kin|emergency contact)\s{0,2}:[ \t]{0,12}", False, SIGNED),
        (r"[\"']?\b(?:first|last|full|given|family|sur|middle|maiden|customer|patient|client|employee|contact|recipient|sender|cardholder|passenger|holder|legal|guest)[_ -]?name[\"']?\s{0,2}(?:[:=]\s{0,2}[\"']|>(?=[^\W\d_]))", True, SURE),
        (r"\b(?:directed|written|created|edited|reviewed|approved|submitted|posted|hosted|signed|taught|represented|owned|prepared|authored)[ -]by:?\s{1,6}(?=[^\W\d_]+[. ]{1,2}[^\W\d_])", False, SIGNED),
        (r"\b(?:author|owner|assignee|assigned_to|requester|reporter|approver|reviewer|maintainer|sender|recipient|customer|patient|employee|manager|doctor|user|client|guest|passenger|tenant|cardholder)[\"']?\s?[:=]\s?[\"']", False, SIGNED),
        (r"(?:\bcc|\bbcc)[: ]\s?(?=[^\W\d_]+ [^\W\d_])", False, SIGNED),
        (r"[\"'\u201d],?\s?(?:said|says|asked|replied|told)\s", False, SIGNED),
        (r"\b(?:regards|sincerely|cheers|thanks|love|yours|thank you|best)[,!]?[ \t]{0,3}[\r\n]{1,4}[ \t>-]{0,6}(?=[^\n]{1,60}$)", False, SIGNED),
    )
)  # fmt: skip
# Look-ahead and look-behind, with up to two groups within each other
_ASSERTED = re.compile(r"\((?=\?<?[=!])(?:[^()\\\[]|\\.|\[(?:[^\]\\]|\\.)+\]|\((?:[^()\\\[]|\\.|\[(?:[^\]\\]|\\.)+\]|\((?:[^()\\\[]|\\.|\[(?:[^\]\\]|\\.)+\])*\))*\))*\)")
_SPACE = r"[\s\v\x1c-\x1f?]"


def _necessary(pattern: str) -> str:
    """An RE2 expression over `plain` that is found wherever this one is: without what looks around; any but ASCII's is one sign, which a class may hold."""
    held = _ASSERTED.sub("", pattern).replace(r"\b", "").replace(r"\s", _SPACE)
    return re.sub(r"\\u[0-9a-f]{4}", r"\?", held)


_GATE = Among(_necessary(sign.pattern) for sign, _, _ in _SIGNS)  # which signs a line can have: one pass for all of them
_OTHER_CASES = re.compile("[\u0130\u0131\u017f\u212a]")  # are i, s and k where no case counts
_KIN = re.compile(rf"(?<![\w'-])((?=[A-Z]){_NAME}(?: (?=[A-Z]){_NAME})?)['\u2019]s (?:husband|wife|mother|father|mum|mom|dad|son|daughter|brother|sister|boyfriend|girlfriend|partner|parents|uncle|aunt|cousin|boss|doctor|birthday|salary|medical|surgery|widow)\b")
_I_AM = re.compile(rf"\b(?:i am|i'?m|this is|it's|hello,?|hi,?|hey,?) ({_NAME})(?= )")
_MENTION = re.compile(r"(?<![^\s(,])@([A-Z][a-z]{2,20})(?=[\s,!?:;)]|\Z)(?! ?\()")
# `1) Ann Example - 01914 960989`
_REACHED = re.compile(rf"^[ \t]*(?:\d{{1,2}}[.)] ?|[-*\u2022] ?)?((?=[^\W\d_a-z]){_NAME}(?: (?=[^\W\d_a-z]){_NAME}){{1,2}})(?: ?[-\u2013:,] ?| \()(?=\+?\(?\d[\d ()./-]{{6,18}}(?:[\s);,x]|\Z))")
# `Min-jun Park`: two syllables joined, and one of the few names that most families have
_KOREAN = re.compile(
    r"(?<![\w'-])[A-Z][a-z]{1,6}-[A-Za-z][a-z]{1,6} (?:Kim|Lee|Yi|Park|Pak|Choi|Choe|Jung|Jeong|Kang|Cho|Yoon|Yun|Jang|Lim|Im|Han|Oh|Seo|Shin|Kwon|Hwang|Ahn|Song|Yoo|Hong|Moon|Bae|Baek|Nam|Noh|Ryu|Chen|Wang|Li|Liu|Lin|Zhang|Chang|Wu|Huang|Tsai|Yang|Hsu|Wong|Chan|Lau|Leung|Cheung|Ho|Tan|Lim|Ng|Goh)(?![\w'-])"
)
# `[10:14] Ann: hi`, `12/03/2026, 10:14 - Ann Example: hi`: who speaks in a chat. With seconds it is a log as often.
_SPEAKS = re.compile(rf"^[ \t]*[\[(]?(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}},? )?\d{{1,2}}:\d\d(?: ?[AaPp][Mm])?[\])]?(?: -)? ((?=[A-Z][^\W\d_A-Z]){_NAME}(?: (?=[^\W\d_a-z]){_NAME}){{0,2}}): (?=[^\W_])")
_DASHES = re.compile(r"(?:^|[\r\n])--[ ]?\r?\n\Z")  # a signature begins
_CALLED = re.compile(r"(?:^|[\n\r>])[ \t]*(?:dear|hi|hello|hey),? \Z|\b(?:first|given|my|his|her)[ _-]?name[\"']?(?: is|\s?[:=])\s?[\"']?\Z", re.IGNORECASE)  # before a name of one word
_NAME_OVER = re.compile(r"[ \t]*(?:[,;|()\"'<\r\n!]|\Z|\.(?:\s|\Z)| (?:and|from|is|at|here|has|to|who|said|called|asked|wants?)\b)")
_LABEL = re.compile(r"[:=][\s\"']*\Z")
_SIGNED = re.compile(r"\b(?:regards|sincerely|cheers|thanks|love|yours|thank you|wishes|best),?!?[\s>-]{0,8}[\r\n][\s>-]{0,8}\Z", re.IGNORECASE)
# what only people do, at the start of a sentence
_DOES = re.compile(
    r"^[\s>\"'*-]{0,4}([A-Z][a-z]{2,15}(?: [A-Z][a-z]{2,15})?) (?:lives?|lived|said|says|told|asked|wrote|was born|grew up|married|moved|emailed|phoned|texted|died|retired|loves|hates|apologi[sz]ed|cried|laughed|smiled|replied|shouted|whispered|resigned|graduated|is (?:allergic|married)|was (?:admitted|hospitali[sz]ed|diagnosed)|spent (?:the|his|her|two|three)|passed away|turned \d)\b"
)
_AGES = re.compile(
    r"\b(?:aged?|age(?: is|:)|turn(?:s|ed|ing)?|(?:he|she|i|they|who)(?:'s| is| am| was| were|'m)|i'll be|will be)\s{1,2}(\d{1,3})(?=\s?(?:[.,;!?)\n]|$|years|yrs|and\b|y/o|yo\b|next|today|this|last|in\b|on\b|when|old))"
    r"|\b(\d{1,3})(?=[- ]?(?:years?|yrs?)[- ]old\b|[- ]?(?:y/o|yo)\b|[- ]year[- ]olds?\b|\syears of age\b)"
    r"|\b(?:DOB|age)[\"']?\s?[:=]\s{0,3}[\"']?(\d{1,3})(?![\w./-])"
    r"|\b(?:father|mother|dad|mum|mom|brother|sister|son|daughter|husband|wife|uncle|aunt|grand(?:mother|father|ma|pa)|patient|victim|suspect) is (\d{1,3})(?=\s?(?:[.,;!?)\n]|$|and\b|now\b|but\b))"
    r"|\bat the age of\s(\d{1,3})\b",
    re.IGNORECASE,
)
# `Ann Holt, 41, of`, `Ann Holt (41)`, `Holt was 41 when`, `Ann turned 41 yesterday`
_AGED = re.compile(r"\b([A-Z][^\W\d_]{1,20})(?: [A-Z][^\W\d_.'-]{0,24}(?:, | \()| \()([1-9]\d)(?=[,)])|\b[A-Z][^\W\d_]{2,25}, ([1-9]\d)(?=, (?:to|for|after|as)\b)|\b[^\W\d_]{3,25}, ([1-9]\d)(?=, (?:of|from|was|is|who|has|had|said|told|pleaded|died)\b)|(?:^|[.!?] )At ([1-9]\d)(?=, (?:he|she|[A-Z]))|\b[A-Z][^\W\d_]{1,24} (?:was (?:only |just )?([1-9]\d)(?= when)|(?:turned|turns|is turning) ([1-9]\d)(?= (?:yesterday|today|tomorrow|last|this|next|in|on)\b|[.,!]))")
_ADULT = re.compile(r"\A(?:he|she|i|they|who)\b", re.IGNORECASE)


def signs(line: str) -> Sequence[int]:
    """Which of the signs a line may have, by their numbers."""
    return _GATE(plain(line)) if line.isascii() or not _OTHER_CASES.search(line) else range(len(_SIGNS))


def signed(line: str, before: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of names that a sign stands before, or a record says. May overlap."""
    yield from records.people(line, before)
    yield from forms.people(line)
    for found in _KIN.finditer(line) if "'s " in line or "\u2019s " in line else ():
        if _plausible(found[1].split(" ")[0]) and _plausible(found[1].split(" ")[-1]):
            yield *found.span(1), SIGNED
    for start, lower, score in people_abroad.announced(line):
        end = _name_end(line, start, lower)
        if end:
            yield start, end, score
    for number in signs(line):
        sign, lower, score = _SIGNS[number]
        for found in sign.finditer(line):
            end = _name_end(line, found.end(), lower)
            if end and (score > SIGNED or not _LABEL.search(found[0]) or _likely(line[found.end() : end])):
                yield found.end(), end, score
    if _DASHES.search(before[-8:]):
        start = len(line) - len(line.lstrip())
        end = _name_end(line, start, False)
        if " " in line[start:end] and line[end : end + 3].lstrip(" \t")[:1] in ("", "|", "\n", "\r", ","):
            yield start, end, SIGNED
    if _SIGNED.search(before[-60:]) or people_abroad.ends_letter(before):
        stripped = line.strip()
        start = len(line) - len(line.lstrip())
        end = _name_end(line, start, False)
        if stripped and end == start + len(stripped):
            yield start, end, SIGNED
    for found in _DOES.finditer(line):
        start, end = found.span(1)
        folded = gazetteer.plain(found[1])
        if folded not in STOP and folded not in gazetteer.NOBODY and folded not in gazetteer.PLACES and folded not in gazetteer.PEOPLES and not found[1].isupper():
            yield start, end, SIGNED
    for found in _REACHED.finditer(line):
        if _plausible(found[1].split(" ")[0]) and gazetteer.plain(found[1].split(" ")[-1]) not in gazetteer.NOT_NAMES and not found[1].endswith(" ID"):
            yield *found.span(1), SIGNED
    for found in _SPEAKS.finditer(line) if ": " in line else ():
        if all(map(_plausible, found[1].split(" "))):
            yield *found.span(1), LIKELY
    for found in _KOREAN.finditer(line) if "-" in line else ():
        yield *found.span(), SURE
    for found in _MENTION.finditer(line) if "@" in line else ():
        if gazetteer.plain(found[1]) in gazetteer.GIVEN:
            yield *found.span(1), SIGNED
    if line.islower():
        for found in _I_AM.finditer(line):
            if gazetteer.plain(found[1]) in gazetteer.GIVEN and not _SIGN.search(line):
                yield found.start(1), _name_end(line, found.start(1), True) or found.end(1), SIGNED


def _likely(name: str) -> bool:
    """Whether what a label like `Name:` names is a person rather than a thing."""
    words = name.split()
    if FIRM_END.search(name) or any(gazetteer.plain(word) in INSTITUTIONS for word in words):
        return False
    return gazetteer.plain(words[0]) in gazetteer.GIVEN or (len(words) > 1 and gazetteer.plain(name) not in gazetteer.PLACES)


def known(line: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of a given name with a capitalised word or an initial after it, or alone. May overlap."""
    words = [(w.start(), w.end(), w[0].rstrip(".")) for w in _WORD.finditer(line)]
    small = line.islower() and not _SIGN.search(line)
    at = 0
    while at < len(words):
        start, end, word = words[at]
        first = gazetteer.plain(word)
        if first not in gazetteer.GIVEN or not (word[0].isupper() or (small and first in gazetteer.GIVEN_SMALL)) or not _alone(line, start, end):
            at += 1
            continue
        last = at
        if word[0].isupper():
            while last + 1 < len(words) and last - at < 4 and _joined(line, words[last], words[last + 1], words, last + 1):
                last += 1
            while last > at and gazetteer.plain(words[last][2]) in _PARTICLES:
                last -= 1
        if FIRM.match(line, words[last][1]) or any(word.lower() in INSTITUTIONS for _, _, word in words[at : last + 1]) or FIRM_END.search(line[start : words[last][1]]) or is_nobody(line, start, words[last][1]):
            pass
        elif last > at:
            yield start, words[last][0] + len(words[last][2]), SURE
        elif first not in gazetteer.PLACES and not (_DATED if first in _MONTHS else _VERSIONED).match(line, end) and not (first in _MONTHS and _DAY.search(line, max(0, start - 6), start)):
            yield start, start + len(word.removesuffix("'s")), LIKELY
        at = last + 1


def listed(line: str, people: list[tuple[int, int]]) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of single words that stand in a list with people: `Ann, Brosca and Iwase`."""
    known = set(people)
    for start, end in people:
        at = end
        while (found := _LISTED_RIGHT.match(line, at)) and found.span(1) not in known:  # from the next one the list is gone on with anyway
            if not _plausible(found[1]):
                break
            yield *found.span(1), LIKELY
            at = found.end()
        at = start
        while found := _LISTED_LEFT.search(line[max(0, at - 40) : at]):
            shift = max(0, at - 40)
            left, right = found.start(1) + shift, found.end(1) + shift
            if (left, right) in known or not _plausible(found[1]):
                break
            yield left, right, LIKELY
            at = left


def _plausible(word: str) -> bool:
    folded = gazetteer.plain(word)
    return not (_CAMEL.search(word) or folded in gazetteer.NOBODY or folded in gazetteer.ABROAD or folded in gazetteer.PLACES or folded in gazetteer.PEOPLES or folded in STOP or word.isupper())


def initialled(line: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of `Martha Q. Example`: a capitalised word, an initial, a capitalised word."""
    for found in _INITIAL.finditer(line):
        if not any(gazetteer.plain(word) in gazetteer.NOBODY for word in found[0].split()) and _alone(line, found.start(), found.end()):
            yield found.start(), found.end(), SURE


_CAMEL = re.compile(r"[a-z][A-Z]{2}")
_SIGN = re.compile(r"[{}<=;_/\\|()\[\]]")  # in small letters, these make it code
_DATED = re.compile(r"[.:]?\s{1,2}\d")  # Jan 12
_DAY = re.compile(r"\d(?:st|nd|rd|th|\.)? \Z")  # 4 Jan.
_VERSIONED = re.compile(r"\s{1,2}v?\d+\.\d")  # Julia 1.10
_MONTHS = frozenset(("jan", "jun", "june", "april", "august", "may", "mar"))
_INSTITUTIONS = "hospital school college university church cathedral airport station street road avenue square bridge park museum hotel theater theatre award prize theorem law day inc llc ltd corp"
INSTITUTIONS = frozenset(_INSTITUTIONS.split())  # what is called after people
FIRM = re.compile(r"[ ,.]{1,2}(?:&|and) (?:Sons?|Co|Company|Associates|Partners|Brothers)\b|,? (?:Inc|LLC|Ltd|Corp|GmbH|Group|Holdings?|Investments?|Partners|Consulting|Bank|University|Foundation|Institute|Company|Industries|Ventures|Capital)\b")
FIRM_END = re.compile(r"\s(?:Inc|LLC|Ltd|PLC|Corp|GmbH|Group|Holdings?|Investments?|Partners|Consulting|Bank|University|Foundation|Institute|Company|Industries|Ventures|Capital|Traders|Logistics)\.?\Z")
_LISTED_RIGHT = re.compile(r"(?:,| and| &|, and) ([A-Z][^\W\d_]{1,20}(?:-[A-Z][^\W\d_]{1,20})?)(?=[,.;!?:\n]|$| and\b| or\b)")
_LISTED_LEFT = re.compile(r"(?:^|[\s(])([A-Z][^\W\d_]{1,20}(?:-[A-Z][^\W\d_]{1,20})?)(?:,| and| &|, and) \Z")
_INITIAL = re.compile(r"\b[A-Z][a-z'-]{1,20} [A-Z]\.? (?:[Mm]c|[Dd]e |[Vv]an |[Vv]on |O')?[A-Z][a-z'-]{1,24}(?:-[A-Z][a-z]{1,20})?\b")


def ages(line: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of the ages of people, in years."""
    for found in _AGES.finditer(line):
        group = found.lastindex or 0
        if 0 < int(found[group]) < 121:
            yield found.start(group), found.end(group), LIKELY
    for found in _AGED.finditer(line):
        if found[1] is None or gazetteer.plain(found[1]) in gazetteer.GIVEN:
            yield *found.span(found.lastindex or 0), LIKELY


def _name_end(line: str, start: int, lower: bool) -> int:
    """The end of the name at `start`: up to five words, capitalised, or any but ordinary words if `lower`; 0 if there is none."""
    end, count, at = 0, 0, start
    while count < 5:
        found = _WORD.match(line, at)
        if found is None:
            break
        word = found[0].rstrip(".")
        folded = gazetteer.plain(word)
        capital = word[0].isupper()
        particle = folded in _PARTICLES and word != "I"
        if not particle and (folded in STOP or ((folded in gazetteer.NOBODY or (not count and folded in gazetteer.ABROAD)) and not (capital and _is_name_too(line, start, at, found.end(), folded))) or not (capital or (lower and count < 3))):
            break
        if len(word) > 1 and len(set(folded)) == 1:  # `XXX`, which stands for any
            break
        if not particle or capital:
            end = found.start() + len(word.removesuffix("'s").removesuffix("\u2019s"))
            if end < found.start() + len(word):
                break
        at = found.end()
        if not (line[at : at + 1] in (" ", "\t") and line[at + 1 : at + 2].isalpha()):
            break
        at += 1
        count += 1
    return end if end and _alone(line, start, end) and (end - start > 1) else 0


def _is_name_too(line: str, start: int, at: int, end: int, folded: str) -> bool:
    """Whether a word that is no name elsewhere, line[at:end], is one of the name that begins at `start`."""
    if at > start:
        return (folded in _FAMILY_TOO or (folded in _FAMILY_OF_KNOWN and gazetteer.plain(line[start:at].split()[0]) in gazetteer.GIVEN)) and _NAME_OVER.match(line, end) is not None
    if folded not in _GIVEN_TOO:
        return False
    following = _WORD.match(line, end + 1) if line[end : end + 1] == " " else None
    if following is None or not following[0][0].isupper():
        return _NAME_OVER.match(line, end) is not None and _CALLED.search(line[max(0, start - 24) : start]) is not None
    family = gazetteer.plain(following[0].rstrip("."))
    return (family in _FAMILY_TOO or not (family in STOP or family in gazetteer.NOBODY)) and _NAME_OVER.match(line, following.end()) is not None


def _alone(line: str, start: int, end: int) -> bool:
    """Whether these characters are words of their own, not a part of an identifier, a path or an address."""
    left, right = line[start - 1 : start] if start else "", line[end : end + 1]
    if left and (left in "_@/\\#$=&%+~" or left.isalnum() or (left in ".-" and line[start - 2 : start - 1].strip() != "")):
        return False
    return not (right and (right in "_@/\\=(&%+~" or right.isdigit() or (right in ".:-" and line[end + 1 : end + 2].strip(" \"'\n\r)") != "")))


def _joined(line: str, one: tuple[int, int, str], two: tuple[int, int, str], words: list[tuple[int, int, str]], at: int) -> bool:
    """Whether word two goes on with the name that word one belongs to."""
    between = line[one[0] + len(one[2]) : two[0]]
    if between not in (" ", ". ", "\t", "  ") or (between == ". " and len(one[2]) > 1):
        return False
    folded = gazetteer.plain(two[2])
    if folded in _PARTICLES:
        return at + 1 < len(words) and words[at + 1][2][0].isupper()
    return two[2][0].isupper() and folded not in gazetteer.NOBODY and folded not in gazetteer.COUNTRIES and folded not in STOP and not two[2].startswith("I'")
