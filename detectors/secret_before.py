"""What stands before a name for a key, a token or a secret: what makes it one, what makes it none, and whose it is.

Most of it is read backwards, from the name on: `xiferp_tekcub`. Rules of this file: texts are in small letters; what is told hangs on secret_verdicts.NEAR characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from detectors.later import later
from detectors.recognisers.small import Among, plain

_SIGN = re.compile(r"\[[^\]]*\]\??|.\??")


def ending(words: str, after: str, before: str = "") -> re.Pattern[str]:
    """Whether something ends in one of some words, for who reads it backwards, which needs no search. after: what may stand behind the word.  before: it, as it is met."""
    return later(f"{after}(?:{'|'.join(''.join(reversed(_SIGN.findall(word))) for word in words.split('|'))}){before}")


BEFORE_KEY = ending(
    r"api|access|secret|private|auth|authentication|encryption|signing|master|account|shared[_\- ]?access|shared|pre[_\- ]?shared|aes|vapid[_\- ]?private|master|cipher|crypto|ssh[_\- ]?private|service|subscription|licen[sc]e|app|application|client|storage"
    r"|admin|deploy|webhook|integration|consumer|session|personal|developer|project|root|hmac|jwt|rest|server|live|openai|anthropic|azure|aws|gcp|google|stripe|mistral|cohere|groq"
    r"|datadog|dd|cloudflare|cf|heroku|twilio|sendgrid|mailgun|algolia|newrelic|new[_\- ]relic|grafana|gemini|replicate|deepgram|assemblyai|elevenlabs|voyage|pinecone|wandb|maps|github|gitlab", r"[_\-. ]?"
)
QUALIFIED = later(r"[_-][a-z0-9]|[?&]")  # read backwards
NO_KEY = ending(
    r"public|pub|publishable|site|cache|foreign|sort|partition|row|object|s3|bucket|file|idempotency|dedup|deduplication|lookup|translation|i18n|group|hot|short|map|dict|search|index|shard|routing|message|event"
    r"|track|tracking|unique|composite|natural|surrogate|business|issue|host|ssh|rsa|dkim|gpg|pgp|verification|etag|asset|image|media|upload|path|job|task|state|lock|item|list|node|component|meta|metadata|custom"
    r"|config|setting|feature|flag|hash|range|websocket|primary|secondary|order|column|label|parent|child|query|request|record|entity|session[_-]cache|license[_-]public|x|y", r"[_\- ]?", r"(?:(?![a-z])|(?=[nrt]\\))"
)
AZURE = later(r"(?:primary|secondary)[_-]?[A-Za-z0-9+/]{43}(?:[A-Za-z0-9+/]{43}=)?=\Z")  # of the name and the value, read forwards
NO_TOKEN = ending(r"csrf|xsrf|page|next|prev|previous|continuation|cancel|cancellation|design|eos|bos|pad|unk|mask|stop|end|start|special|cache|idempotency|sync|num|max|min|total|prompt|completion|input|output|per|last|first|tracking|sort", r"[_\- ]?")
NO_SECRET = ending(r"kubernetes|image[_\- ]?pull|tls|top|checksum/", r"[_\-. ]?")
# A pass that opens no computer: a ticket, a filter, the verdict of a filter, a setting of nginx whose value is a server
NO_PASS = ending("boarding[- ]|ski[- ]|season[- ]|interrail |eurail |rail |train |tram |bus |day |annual |monthly |weekly |museum |park |parking |lift |hall |press |stage |transit |battle[- ]|travel[- ]|band[- ]|high[- ]|low[- ]|fastcgi_|uwsgi_|scgi_|filter: ?|filter=", "", "(?![a-z])")
_TICKET = 16  # characters that are looked at for it
ACCOUNT = later(":[0-9]{12}:")  # read backwards
# What must stand before a name that white space alone parts from its value: a flag or a setting, the words of a sentence, the beginning of a line.
_FLAG = (
    r"[a-z0-9_.-]{0,30}(?:-(?:(?![a-z0-9_-])|-(?![a-z0-9_-]))| (?:vne|vnetes|xtes|[a-z]{1,3}- tes|tes ?(?:eru|:)?gifnoc)\b)|\s{1,6}+\S{1,30}+\s{1,4}+(?:nigol|enihcam|rsu|resu|emanresu)\b"
)
_WITH = (
    r" (?:(?:[a-z]{2,10} )?(?:eht |ym |siht |ruoy |a )?(?:htiw|gnisu|esu|aiv|yrt|retne)|ym|(?:eht )?dna \S{1,30} (?:(?:eman)?resu|nigol|liame)|if-?iw|nalw|npv|gpg|retuor|nimda|toor|tseug|pmet|yraropmet|esabatad|bd|hss|ptf|piz|liame?)\b"
)
_LINE = r"[a-z0-9_.-]{0,30}[ \t]{0,8}(?:\Z|\n)"  # `bindpw hunter2`: a line of a configuration


FLAG, WITH, LINE = later(_FLAG), later(_WITH), later(_LINE)
LED = later(rf"{_LINE}|{_FLAG}|{_WITH}")  # one of the three


_HEX32 = later(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
UUID = later(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KEY = later(r"[A-Za-z0-9_-]{30,100}")
# Whose key it is, by the name near it: keys without a form of their own, and the form they do have.
Owner = tuple[re.Pattern[str], str, re.Pattern[str]]
OWNERS: tuple[Owner, ...] = (
    (later(r"datadog|\bdd_"), "DATADOG_KEY", _HEX32),
    (later(r"cloudflare|\bcf_"), "CLOUDFLARE_TOKEN", _KEY),
    (later("mistral"), "MISTRAL_KEY", _KEY),
    (later(r"cohere|\bco_api"), "COHERE_KEY", _KEY),
    (later("heroku"), "HEROKU_KEY", UUID),
    (later("twilio"), "TWILIO_KEY", _HEX32),
    (later("azure"), "AZURE_OPENAI_KEY", later(r"[0-9a-fA-F]{32}|[A-Za-z0-9]{84}")),
    (later("algolia"), "ALGOLIA_KEY", _HEX32),
    (later("mailgun"), "MAILGUN_KEY", later(r"[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}|[0-9a-f]{32}")),
    (later("grafana"), "GRAFANA_TOKEN", later(r"[A-Za-z0-9=]{50,300}")),
    (later(r"new.?relic"), "NEWRELIC_KEY", _KEY),
)


def is_ticket(low: str, name: int) -> bool:
    """Whether the word at `name` is `pass` itself, after what makes it one that opens no computer."""
    return not low[name + 4 : name + 5].isalpha() and NO_PASS.match(low[name - _TICKET if name > _TICKET else 0 : name][::-1]) is not None


def owners(near: Sequence[str]) -> list[Owner]:
    """Those that are named in any of some texts."""
    return [OWNERS[number] for number in _among()(plain("\n".join(near)))]


@cache
def _among() -> Among:
    return Among(owner.pattern for owner, _, _ in OWNERS)
