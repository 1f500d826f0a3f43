"""Which capitalised words are names, and which any sentence may begin with.

What is known of a word is how common it is in lower case and with a capital: the vocabularies that tokenisers use list words by frequency, and the one
read here (cl100k, in the bpe-openai package, which the token counter needs too) has some 40,000 English ones. `revenue` is commoner than `Revenue`; `Paris`
than `paris`; of `Brightwater` neither is known. Read once, when first asked: 0.2 s and 5 MB.
"""

from __future__ import annotations

import base64
import gzip
import importlib.util
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

NAME, COMMON, UNKNOWN = "name", "common", "unknown"
_FEWER, _WITHIN = 1.6, 1.4  # a word is common if in lower case it is not that much rarer, anywhere and within a sentence
_RARE = 70000  # of 100,000 ranks
_FILE = "data/cl100k_base.tiktoken.gz"
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers", "or", "ment", "ments", "able", "ness", "al", "ally", "ation", "ations", "ion", "ions", "ity", "ive", "ful", "less", "ise", "ize", "ised", "ized", "ising", "izing", "isation", "ization", "y", "ist", "ists", "ship", "wide", "like")
_ABSTRACT = ("bility", "bilities", "ness", "ization", "isation", "ically", "tional", "ments", "ology", "ography", "edness", "liness", "fulness", "ectomy", "itis")  # no firm ends so
_BEGINNINGS = ("un", "re", "non", "pre", "post", "over", "under", "sub", "inter", "multi", "mis", "dis", "in", "co", "out", "up", "micro", "tele", "anti", "self", "semi", "on", "off", "back", "down", "cross", "super", "hyper", "bio", "geo", "photo", "cyber", "e")
_LISTED = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz mai juni juli oktober dezember spring summer autumn winter christmas easter i i'm i've i'll i'd ok okay tl dr faq pdf csv json html xml url api ceo cfo cto coo
hr it id usd eur gbp vat am pm uk us usa eu un q a ad bc ce bce gmt utc cet est pst tv pc cv rsvp asap fyi eta etc eg ie vs nb ps mr mrs ms dr prof sir madam yes no hi hello dear thanks thank sincerely regards cheers however therefore moreover
furthermore additionally finally overall meanwhile instead unfortunately fortunately interestingly notably importantly specifically similarly conversely nevertheless nonetheless although though whereas while because since unless until if whether
also besides hence thus consequently accordingly regarding concerning according based given please note summary conclusion introduction overview tldr english internet web wi-fi wifi email e-mail bluetooth usb gps sms pin qr io iot ai ml nda sla kpi roi
answer question source sources context document documents section figure table total subtotal inc ltd llc gmbh ag plc corp co company department team committee board council
mme mmes mlle madame mesdames monsieur messieurs bonjour bonsoir salut cher chere chers cordialement merci veuillez hola buenos buenas estimado estimada querido querida senor senora gracias saludos gentile salve ciao signor signora grazie
geachte beste mevrouw meneer hallo guten tag liebe lieber sehr geehrte geehrter frau herr danke gruss viele freundliche cari cara caro ola prezado prezada senhor senhora obrigado obrigada
lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier avril juillet aout septembre octobre novembre decembre lunes martes miercoles jueves viernes sabado domingo enero febrero junio julio septiembre octubre noviembre diciembre
ihnen ihr ihre ihrem ihren ihrer sie du wir mon ma nous vous votre
"""


@cache
def _ranks() -> dict[str, int]:
    spec = importlib.util.find_spec("bpe_openai")
    folder = next(iter(spec.submodule_search_locations or ()), None) if spec else None
    if folder is None:
        raise FileNotFoundError("bpe_openai: its vocabularies are part of the installation")
    found: dict[str, int] = {}
    with gzip.open(Path(folder) / _FILE) as lines:
        for line in lines:
            token, _, rank = line.partition(b" ")
            word = base64.b64decode(token)
            if word[:1] == b" " and len(word) > 2 and word[1:].isalpha():
                found[word[1:].decode("ascii")] = int(rank)
    return found


@cache
def _longest() -> int:
    """Letters of the longest word that is known."""
    return max(map(len, _ranks()))


@cache
def _listed() -> frozenset[str]:
    return frozenset(_LISTED.split())


def kind_of(word: str) -> str:
    """NAME, COMMON or UNKNOWN, of an ASCII word with a capital, as it is written."""
    low = word.lower().replace(".", "")
    if low in _listed() or (len(low) > 5 and low[-1] == "s" and (low[:-1] in _listed() or low[:-3] + "y" in _listed())):
        return COMMON
    kind = _as_is(word)
    return kind if kind != UNKNOWN else COMMON if _derived(word.lower()) else UNKNOWN


def _as_is(word: str) -> str:
    ranks = _ranks()
    small, capital = ranks.get(word.lower()), ranks.get(word if not word.isupper() else word.capitalize())
    if word.isupper() and len(word) > 1:
        shouted = ranks.get(word)
        capital = min(filter(None, (capital, shouted)), default=None)
    if small is not None and (capital is None or small < _FEWER * capital):
        return COMMON
    return NAME if capital is not None else UNKNOWN


def is_rather_a_name(word: str, *, alone: bool) -> bool:
    """Whether a common word may be a name where no word needs a capital: so rare in lower case that what is listed is most likely a part of an address (`utrecht`); alone, without another
    capital beside it, a good deal commoner with one (`Frankfurt`)."""
    small, capital = _ranks().get(word.lower()), _ranks().get(word)
    if word.isupper() or small is None or word.lower() in _listed():
        return False
    return small > _RARE and not _derived(word.lower()) if capital is None else alone and small > _WITHIN * capital


def is_plain(word: str) -> bool:
    """Whether it is a common word as it stands, not only by its stem."""
    return word.lower().replace(".", "") in _listed() or _as_is(word) == COMMON


def _usual(word: str) -> bool:
    """Whether a word in lower case is common."""
    return len(word) >= 2 and _as_is(word.capitalize()) == COMMON


def _derived(word: str) -> bool:
    """Whether it is a common word with endings or beginnings of the language."""
    if len(word) >= 8 and word.endswith(_ABSTRACT):
        return True
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            if _usual(stem) or _usual(stem + "e") or (stem[-1] == "i" and _usual(stem[:-1] + "y")) or (stem[-1] == stem[-2] and _usual(stem[:-1])):
                return True
    return any(word.startswith(lead) and len(word) - len(lead) >= (3 if lead in ("re", "un", "non", "pre") else 4) and (_usual(word[len(lead) :]) or _plainly(word[len(lead) :])) for lead in _BEGINNINGS)


def _plainly(word: str) -> bool:
    return any(word.endswith(ending) and len(word) - len(ending) >= 3 and (_usual(word[: -len(ending)]) or _usual(word[: -len(ending)] + "e")) for ending in ("s", "ed", "ing", "er", "ion"))


def is_compound(word: str) -> bool:
    """Whether it is two common words written as one, as `workforce` is, and a good many firms."""
    low, longest = word.lower(), _longest()
    return any(_usual(low[:cut]) and _usual(low[cut:]) for cut in range(max(4, len(low) - longest), min(len(low) - 3, longest + 1)))


_PEOPLES = {
    "france": "french", "spain": "spanish", "netherlands": "dutch", "holland": "dutch", "poland": "polish", "denmark": "danish", "finland": "finnish", "ireland": "irish", "wales": "welsh", "greece": "greek",
    "switzerland": "swiss", "thailand": "thai", "philippines": "filipino", "cyprus": "cypriot", "slovakia": "slovak", "czechia": "czech", "serbia": "serb", "croatia": "croat", "belgium": "belgian", "turkey": "turkish",
    "kingdom": "british", "uk": "british", "britain": "british", "england": "english", "us": "american", "usa": "american", "states": "american", "america": "american", "europe": "european", "eu": "european", "quebec": "quebecois", "glasgow": "glaswegian", "paris": "parisian", "london": "londoner",
}  # fmt: skip
_OF_A_PLACE = re.compile(r"(?:an|ian|ean|ese|ish|i|ic|er|ch|ans|ians|ers)\Z")


def peoples(words: Collection[str]) -> frozenset[str]:
    """What those words are `alike` with though it begins with other letters: countries for their peoples, and the other way round; a people may be many."""
    own = {_PEOPLES[word] for word in words if word in _PEOPLES}
    many = {word.rstrip("s") for word in words}
    return frozenset(own | {country for country, people in _PEOPLES.items() if people in words or people in many})


def alike(word: str, other: str) -> bool:
    """Whether one is a people, a language or an adjective of the other: both in lower case."""
    if _PEOPLES.get(word) == other.rstrip("s") or _PEOPLES.get(other) == word.rstrip("s") or _PEOPLES.get(word) == other or _PEOPLES.get(other) == word:
        return True
    if word[:4] != other[:4]:
        return False
    longer, shorter = (word, other) if len(word) >= len(other) else (other, word)
    if not longer.startswith(shorter[:-2]):
        return False
    ends = _OF_A_PLACE.search(longer)
    common = next(len(shorter) - less for less in (0, 1, 2) if longer.startswith(shorter[: len(shorter) - less]))
    return (ends is not None and common >= ends.start() - 2) or _OF_A_PLACE.search(shorter) is not None
