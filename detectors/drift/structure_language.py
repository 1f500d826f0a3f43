"""Which language a prompt is written in. What people ask is shorter than what models reply, and speaks of I and you, what and how.

For the seven languages below by the small words of such sentences: a word counts by how few of them have it, each word once (a text said twice is
no surer than once). For all others, and where these do not tell, `format_language.language_of`. Pure; linear; only the first LOOKED_AT characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from detectors.format_language import language_of

LOOKED_AT = 400  # characters
_ENOUGH, _SURE = 1.5, 2.0  # points; times as many as the next language
_WORDS = re.compile(r"[^\W\d_]+")
_SMALL = {
    "en": "i me my mine we our you your he she they it its the an is are was were be been do does did don didn can couldn could would should will won what when where why how who which there this that these those and or but if because "
    "for from with without about into of at to not please want need have has had get any some much many more let tell know help as by on whose isn doesn am hey hi",
    "de": "ich mich mir mein meine meinen meiner du dich dir dein deine sie wir uns ihr der die das den dem ein eine einen einem ist sind war bin hat habe haben hast wird werden kann kannst k\u00f6nnen k\u00f6nnte m\u00f6chte will was wann "
    "wo warum wie wer welche und oder aber wenn weil f\u00fcr von mit ohne \u00fcber auf aus bei zu zum zur nicht kein keine bitte noch auch viel mehr gibt es im",
    "fr": "je j ai me m mon ma mes tu te ton ta vous votre vos nous notre il elle ils le la les l un une des du de est sont suis ont avez peux peut pouvez voudrais veux que quoi quand o\u00f9 pourquoi comment qui quel quelle et ou mais si "
    "parce pour avec sans sur dans au aux ne pas n c ce cette ces combien plus pla\u00eet y d qu \u00e0 en fait faire",
    "es": "yo me mi mis t\u00fa te tu tus usted su sus nuestro el la los las un una unos es son era est\u00e1 est\u00e1n soy estoy he ha han hay puedo puede puedes podr\u00eda quiero quisiera necesito qu\u00e9 que cu\u00e1ndo cuando d\u00f3nde donde "
    "por para porque c\u00f3mo como cu\u00e1l cu\u00e1nto cu\u00e1nta y o pero si con sin sobre de del al en no m\u00e1s muy favor lo a esta este",
    "pt": "eu me meu minha meus minhas voc\u00ea seu sua n\u00f3s o a os as um uma \u00e9 s\u00e3o era est\u00e1 estou tem tenho h\u00e1 posso pode poderia quero gostaria preciso que quando onde por para porque como qual quanto e ou mas se com sem "
    "sobre de do da dos das no na em ao n\u00e3o mais muito favor isso eles",
    "it": "io mi mio mia miei tu ti tuo tua lei noi il lo la i gli le un uno una \u00e8 sono era ho hai ha hanno posso pu\u00f2 puoi potrebbe vorrei voglio che cosa quando dove perch\u00e9 come chi quale quanto e o ma se con senza su di del della "
    "al alla in nel non pi\u00f9 molto per favore questo questa",
    "nl": "ik me mij mijn jij je jou jouw u uw wij we ons het de een is zijn was ben heb heeft hebben kan kunt kun zou wil wat wanneer waar waarom hoe wie welke en of maar als omdat voor van met zonder over op uit bij naar niet geen graag "
    "alstublieft nog ook veel meer er dit dat deze te in",
}
_POINTS: dict[str, list[tuple[str, float]]] = {}
for _word in sorted({word for listed in _SMALL.values() for word in listed.split()}):
    _having = [language for language, listed in _SMALL.items() if _word in listed.split()]
    _POINTS[_word] = [(language, 1 / len(_having)) for language in _having]


def spoken(text: str) -> str | None:
    """ISO 639-1, one of `format_language.LANGUAGES`; None: the text does not tell."""
    words = dict.fromkeys(_WORDS.findall(text[:LOOKED_AT].lower()))
    points = _points(words)
    if points:
        best = max(points, key=points.__getitem__)
        others = max((count for language, count in points.items() if language != best), default=0.0)
        if points[best] >= _ENOUGH and points[best] >= _SURE * others:
            return best
    found = language_of(" ".join(words))
    return None if found in _SMALL and points.get(found, 0.0) < 1.0 else found


def _points(words: Iterable[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for word in words:
        for language, count in _POINTS.get(word, ()):
            found[language] = found.get(language, 0.0) + count
    return found
