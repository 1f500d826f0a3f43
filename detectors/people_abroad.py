"""What stands before a name in other languages than English: `ich heiße`, `je m'appelle`, a greeting, a farewell.

As the signs of detectors.people, which asks them all: (sign, whether a name in lower case counts, score); the name is what follows. Accents may be gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors.recognisers.small import linear, plain

SURE, SIGNED = 0.85, 0.76  # scores

_NAMED = (
    r"je m['\u2019 ]appelle|mon nom est|mon pr[e\u00e9]nom est|nomm[e\u00e9]e?|ich hei(?:\u00df|ss)e|mein name ist|ich bin der|me llamo|mi nombre es|mi chiamo|il mio nome [e\u00e8]|mi presento[,:]|me chamo|meu nome [e\u00e9]|mijn naam is|ik heet|jag heter|mitt namn [a\u00e4]r"
    r"|jeg (?:heter|hedder)|mit navn er|mitt navn er|nimeni on|nazywam si[e\u0119]|mam na imi[e\u0119]|jmenuji se|vol[a\u00e1]m sa|m[a\u0103] numesc|a nevem|zovem se|benim ad[\u0131i]m|nama saya|t[o\u00f4]i t[e\u00ea]n l[a\u00e0]"
)
_GREETING = r"bonjour|bonsoir|salut|ch[e\u00e8]re?s?|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rs]?|hola|estimad[oa]s?|querid[oa]s?|ciao|gentile|car[oa]|buongiorno|ol[a\u00e1]|prezad[oa]s?|beste|geachte|hej|hei|k[\u00e6a]re|cze[s\u015b][c\u0107]|ahoj|szia|kedves|merhaba|dobr[y\u00fd] den"
_TITLE = r"(?:(?:madame|monsieur|mme|mlle|m\.|frau|herrn?|dr\.?|prof\.?|se\u00f1ora?|senora?|sra?\.|signora?|sig\.(?:ra)?|dott\.(?:ssa)?|senhora?|mevrouw|mevr\.|(?:de )?heer|meneer|dhr\.|fru|pani?|pan[ui]) )?"
_FAREWELL = (
    r"cordialement|bien (?:cordialement|[a\u00e0] vous)|sinc[e\u00e8]res salutations|amicalement|bises|bisous|merci|mit freundlichen gr[u\u00fc](?:\u00df|ss)en|(?:viele|liebe|beste|sch[o\u00f6]ne|freundliche) gr[u\u00fc](?:\u00df|ss)e|gru(?:\u00df|ss)|lg|vg|mfg|danke|saludos(?: cordiales)?|un (?:cordial )?saludo|atentamente|gracias"
    r"|(?:cordiali|distinti) saluti|saluti|grazie|atenciosamente|cumprimentos|abra[c\u00e7]os?|obrigad[oa]|(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|groet(?:en|jes)?|bedankt|(?:med )?v[a\u00e4e]n(?:n)?lig(?:a)? h[a\u00e4i]ls(?:ningar|ning|en)|mvh|hilsen|tack|takk|pozdrawiam|z powa\u017caniem|s pozdravem|yst[a\u00e4]v[a\u00e4]llisin terveisin"
)
_SIGNS = tuple(
    (re.compile(pattern, re.IGNORECASE), lower, score)
    for pattern, lower, score in (
        (rf"(?<!\w)(?:{_NAMED})\s{{1,2}}(?=\S)", False, SURE),
        (r"(?<!\w)(?:je suis|ich bin|soy|sono|eu sou|ik ben|jag [a\u00e4]r|jeg er)\s(?=(?-i:[^\W\d_a-z])[^\W\d_]+[ -](?-i:[^\W\d_a-z])[^\W\d_]+)", False, SIGNED),
        (rf"(?:^|[\n\r>])[ \t]*(?:{_GREETING}),?\s{_TITLE}(?=[^\n]{{1,60}}(?:[,!:]|$))", False, SURE),
        (r"(?<!\w)(?:madame|monsieur|mme|mlle|frau|herrn?|sra?\.|signora|sig\.(?:ra)?|dott\.(?:ssa)?|senhora?|mevrouw|mevr\.|meneer|dhr\.)\s(?=(?-i:[^\W\d_a-z]))", False, SURE),
        (r"(?<![\w.])(?-i:MM?\.)\s(?=(?-i:[^\W\d_a-z])[^\W\d_]{2})", False, SIGNED),
        (rf"(?:^|[\n\r>.!?]\s?)[ \t]*(?:{_FAREWELL})[,!]?[ \t\r\n]{{1,6}}(?=(?-i:[^\W\d_a-z])[^\W\d_]+(?:[ -](?-i:[^\W\d_a-z])[^\W\d_]+){{0,3}}\s*$)", False, SIGNED),
    )
)
_FAREWELL_ABOVE = re.compile(rf"(?:^|[\n\r>.!?]\s?)[ \t]*(?:{_FAREWELL}),?!?[\s>-]{{0,8}}[\r\n][\s>-]{{0,8}}\Z", re.IGNORECASE)  # on the line above
# Necessary for those, in linear time: a byte for each character, so that any but ASCII's is one sign
_TITLES = r"je suis|ich bin|soy|sono|eu sou|ik ben|jag .r|jeg er|m|mm|madame|monsieur|mme|mlle|frau|herrn?|sra?|signora|sig|dott|senhora?|mevrouw|mevr|meneer|dhr"
_SAYS = linear(r"(?i)\b(?:" + re.sub(r"\\u[0-9a-f]{4}", ".", re.sub(r"\[[^\]]*\\u[^\]]*\]", ".", f"{_NAMED}|{_GREETING}|{_FAREWELL}|{_TITLES}")) + r")[ ,.!\r\n]")


def announced(line: str) -> Iterator[tuple[int, bool, float]]:
    """Where a name may begin, whether it may be in lower case, its score."""
    if _SAYS.search(plain(line)) is not None:
        for sign, lower, score in _SIGNS:
            for found in sign.finditer(line):
                yield found.end(), lower, score


def ends_letter(before: str) -> bool:
    """Whether the line above is a farewell."""
    return "\n" in before[-12:] and _FAREWELL_ABOVE.search(before[-60:]) is not None
