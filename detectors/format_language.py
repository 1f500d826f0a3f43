"""Which language a reply is written in, by its script and its small words.

LANGUAGES lists what can be told. By small words: Latin and Cyrillic ones. By script alone: those that are the one language here that is written so;
so Farsi passes for Arabic where it has no letter of its own, Marathi for Hindi, Cantonese for Chinese.
Code, links, names of files and what is quoted in back-ticks is left out. `None` where the text does not tell: too few words, a table of names and
figures, a language that is not listed, two languages in about equal parts. A reply that mixes is of the language that has most of it.

Rules of this file: pure; linear; at most LOOKED_AT characters are judged, which is enough for any language. No model: what could be had in a wheel
takes 100 MB and a second to load for what whole replies tell by words such as these.
Danish and Norwegian, Croatian and Serbian in Latin letters, Portuguese and Galician are too near each other for sure: see `NEAR`.
"""

from __future__ import annotations

import re
from collections import Counter

LOOKED_AT = 20_000  # code points
LEAST_WORDS, LEAST_LETTERS = 3, 12  # small words that were met; letters of a script
_SURE = 1.6  # times as many small words as the next language

_SMALL = {
    "en": "the and of to in is are was were it that this for with on as be have has had not you your we they he she from by will can would or but if at an which their there been do does what when how all our its about more",
    "de": "der die das und ist nicht ein eine einen einem einer zu den dem des mit auf f\u00fcr von sich auch als an es im werden wird sind war haben hat ich sie wir ihr ihre oder aber wenn kann nach bei aus noch nur wie \u00fcber durch zum zur",
    "fr": "le la les des du de une un est et dans pour que qui pas sur au aux avec par ce cette ces sont il elle nous vous ils je ne plus ou mais se son sa ses \u00eatre avoir \u00e9t\u00e9 \u00e0 en votre notre leur comme tout fait",
    "es": "el la los las de que y en un una es por con para no se del al lo como m\u00e1s pero sus su le ha son est\u00e1 este esta cuando muy sin sobre tambi\u00e9n hay ser fue nos usted o desde todo entre porque",
    "it": "il lo la i gli le di che e un una \u00e8 per non con del della dei delle nel nella si sono da al alla come anche ma pi\u00f9 questo questa ha hanno era essere su suo sua o se ci molto tutti quando dal dalla",
    "pt": "o a os as de que e um uma \u00e9 para com n\u00e3o do da dos das no na nos nas em por mais se como mas foi ao pelo pela seu sua tamb\u00e9m s\u00e3o est\u00e1 ou ser tem quando muito voc\u00ea isso este esta entre",
    "nl": "de het een en van is dat niet in op te voor met zijn aan er ook als maar om ik je u we zij ze hij bij door naar dan wordt worden heeft hebben kan deze dit die of nog wel over uit uw geen was",
    "sv": "och att det \u00e4r en ett som p\u00e5 f\u00f6r med inte av den till har de jag vi du kan om men var fr\u00e5n s\u00e5 ska eller hade n\u00e4r sig detta deras ut upp vid efter under hur mycket \u00e4ven din era denna",
    "da": "og at det er en et som p\u00e5 for med ikke af den til har de jeg vi du kan om men var fra s\u00e5 skal eller havde n\u00e5r sig dette deres ud op ved efter under hvordan meget ogs\u00e5 din blev mange hvad",
    "no": "og \u00e5 det er en et som p\u00e5 for med ikke av den til har de jeg vi du kan om men var fra s\u00e5 skal eller hadde n\u00e5r seg dette deres ut opp ved etter under hvordan mye ogs\u00e5 din ble mange hva",
    "fi": "ja on ei se ett\u00e4 h\u00e4n oli mutta kun my\u00f6s ovat t\u00e4m\u00e4 niin kuin jos tai sen minun joka voi ole ollut vain mit\u00e4 hyvin sek\u00e4 min\u00e4 me te he n\u00e4m\u00e4 koska jo mukaan kanssa jotka voidaan",
    "pl": "i w na z nie to jest \u017ce do si\u0119 jak ale o od po za przez dla jego jej tym ten ta czy by\u0107 by\u0142 s\u0105 oraz lub tylko tak kt\u00f3ry kt\u00f3ra kt\u00f3re mo\u017ce bardzo gdy jako ju\u017c przy co",
    "cs": "a v na se je \u017ee to s z do o k i by jako pro ale ve si po jsou bylo byl kter\u00fd kter\u00e1 kter\u00e9 nebo tak m\u016f\u017ee p\u0159i od za jeho jej\u00ed jen kdy\u017e u\u017e tento v\u0161ak tak\u00e9 aby b\u00fdt",
    "ro": "\u0219i \u00een de la cu pe un o nu este sunt care din pentru mai ca s\u0103 se a al ale fi fost dar sau prin dup\u0103 ce c\u0103 au ai ei lor acest aceast\u0103 foarte c\u00e2nd poate spre f\u0103r\u0103",
    "hu": "a az \u00e9s hogy nem is egy van volt meg de ez ha csak mint m\u00e1r vagy ki azt ami lesz sem nagyon minden mert k\u00f6z\u00f6tt ezt kell szerint ezek pedig lehet amely m\u00e9g itt",
    "tr": "ve bir bu da de i\u00e7in ile \u00e7ok daha olarak gibi ne var olan en o ama kadar sonra her ya ben sen biz de\u011fil veya \u015fey mi g\u00f6re \u00fczerinde taraf\u0131ndan olan ise hem",
    "id": "yang dan di untuk dengan ini itu dari pada tidak adalah dalam akan ke saya anda kami oleh juga atau ada bisa dapat telah sudah karena seperti lebih mereka kita agar bagi para hanya",
    "vi": "v\u00e0 c\u1ee7a l\u00e0 c\u00f3 trong cho kh\u00f4ng v\u1edbi \u0111\u01b0\u1ee3c c\u00e1c m\u1ed9t nh\u1eefng n\u00e0y \u0111\u1ec3 \u0111\u00e3 ng\u01b0\u1eddi t\u1eeb khi \u0111\u1ebfn nh\u01b0 b\u1ea1n t\u00f4i s\u1ebd v\u00e0o ra v\u1ec1",
    "ru": "\u0438 \u0432 \u043d\u0430 \u043d\u0435 \u0447\u0442\u043e \u0441 \u043f\u043e \u044d\u0442\u043e \u043a\u0430\u043a \u043a \u0438\u0437 \u0443 \u0437\u0430 \u043e\u0442 \u0434\u043b\u044f \u043e\u043d \u043e\u043d\u0430 \u043d\u043e \u0436\u0435 \u0431\u044b \u0431\u044b\u043b \u0431\u044b\u043b\u0430 \u0442\u0430\u043a \u0438\u043b\u0438 \u0432\u0441\u0435 \u0435\u0433\u043e \u0435\u0435 \u043c\u044b \u0432\u044b \u043e\u043d\u0438 \u043a\u043e\u0442\u043e\u0440\u044b\u0439 \u0442\u043e\u043b\u044c\u043a\u043e \u0435\u0449\u0435 \u0438\u0445 \u0435\u0441\u043b\u0438 \u043f\u0440\u0438",
    "uk": "\u0456 \u0432 \u0443 \u043d\u0430 \u043d\u0435 \u0449\u043e \u0437 \u0442\u0430 \u0434\u043e \u0446\u0435 \u044f\u043a \u0432\u0456\u0434 \u0434\u043b\u044f \u0432\u0456\u043d \u0432\u043e\u043d\u0430 \u0430\u043b\u0435 \u0437\u0430 \u0439 \u0431\u0443\u0432 \u0431\u0443\u043b\u0430 \u0430\u0431\u043e \u0432\u0441\u0456 \u0439\u043e\u0433\u043e \u0457\u0457 \u043c\u0438 \u0432\u0438 \u0432\u043e\u043d\u0438 \u044f\u043a\u0438\u0439 \u0442\u0456\u043b\u044c\u043a\u0438 \u0449\u0435 \u0457\u0445 \u044f\u043a\u0449\u043e \u043f\u0440\u0438 \u0454",
    "bg": "\u0438 \u0432 \u043d\u0430 \u043d\u0435 \u0447\u0435 \u0441 \u043f\u043e \u0442\u043e\u0432\u0430 \u043a\u0430\u043a\u0442\u043e \u043e\u0442 \u0437\u0430 \u0442\u043e\u0439 \u0442\u044f \u043d\u043e \u0435 \u0441\u0435 \u0434\u0430 \u0441\u0430 \u0431\u0435\u0448\u0435 \u0438\u043b\u0438 \u0432\u0441\u0438\u0447\u043a\u0438 \u043d\u0435\u0433\u043e \u043d\u0438\u0435 \u0432\u0438\u0435 \u0442\u0435 \u043a\u043e\u0439\u0442\u043e \u0441\u0430\u043c\u043e \u043e\u0449\u0435 \u0430\u043a\u043e \u043f\u0440\u0438 \u0442\u043e\u0437\u0438 \u043c\u043d\u043e\u0433\u043e \u0449\u0435",
    "sr": "\u0438 \u0443 \u043d\u0430 \u0458\u0435 \u043d\u0435 \u0434\u0430 \u0441\u0435 \u0441\u0430 \u043e\u0434 \u0437\u0430 \u0442\u043e \u043a\u0430\u043e \u0430\u043b\u0438 \u0441\u0443 \u0438\u043b\u0438 \u043a\u043e\u0458\u0438 \u043a\u043e\u0458\u0430 \u043a\u043e\u0458\u0435 \u0431\u0438\u043b\u043e \u045a\u0435\u0433\u043e\u0432 \u043e\u043d\u0430 \u043c\u0438 \u0432\u0438 \u0441\u0430\u043c\u043e \u0458\u043e\u0448 \u0430\u043a\u043e \u043f\u0440\u0438 \u0448\u0442\u043e \u0438\u0437 \u0434\u043e \u0431\u0438\u043e \u043e\u0432\u0430\u0458",
}
_WORDS: dict[str, list[str]] = {}  # small word -> the languages that have it
for _language, _listed in _SMALL.items():
    for _word in dict.fromkeys(_listed.split()):
        _WORDS.setdefault(_word, []).append(_language)
_TELLING = {  # letters that hardly another language here has; a word with one counts as a small word
    "de": "\u00df", "es": "\u00f1\u00bf\u00a1", "fr": "\u0153\u00fb\u00f9", "pt": "\u00e3\u00f5", "da": "\u00f8\u00e6", "no": "\u00f8\u00e6",
    "pl": "\u0142\u0105\u0119\u015b\u017c\u017a\u0144", "cs": "\u0159\u016f\u011b", "ro": "\u021b\u0219\u0103", "hu": "\u0151\u0171", "tr": "\u0131\u011f",
    "ru": "\u044b\u044d\u0451", "uk": "\u0456\u0457\u0454\u0491", "sr": "\u0452\u0458\u0459\u045a\u045b\u045f",
}  # fmt: skip
_TELLS: dict[str, list[str]] = {}
for _language, _listed in _TELLING.items():
    for _letter in _listed:
        _TELLS.setdefault(_letter, []).append(_language)
_LETTER = re.compile(f"[{''.join(_TELLS)}]")
_SCRIPTS = {  # of one language here
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u0590-\u05ff",
    "ar": "\u0600-\u06ff\u0750-\u077f",
    "hi": "\u0900-\u097f",
    "bn": "\u0980-\u09ff",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "th": "\u0e00-\u0e7f",
    "ka": "\u10a0-\u10ff",
    "hy": "\u0530-\u058f",
    "ko": "\uac00-\ud7af\u1100-\u11ff",
    "ja": "\u3040-\u30ff",
    "zh": "\u4e00-\u9fff\u3400-\u4dbf",
}
_IN_SCRIPT = {language: re.compile(f"[{letters}]") for language, letters in _SCRIPTS.items()}
LANGUAGES = frozenset(_SMALL) | frozenset(_SCRIPTS)  # ISO 639-1
NEAR = ({"da", "no"}, {"ru", "bg", "sr", "uk"})  # told apart with less certainty: one passes for the other in short replies
_CODE = re.compile(r"```[^`]*(?:```|\Z)|`[^`\n]*`")
_NO_WORD = re.compile(r"[\\/_@]|www\.")  # in what stands between spaces: a link, an address, the name of a file
_LETTERS = re.compile(r"[^\W\d_]+")
_SOUNDS_CJK = 0.05  # of Japanese text, at the least, is kana


def language_of(reply: str) -> str | None:
    """One of LANGUAGES, or None."""
    text = " ".join(each for each in _CODE.sub(" ", reply[:LOOKED_AT]).lower().split() if not _NO_WORD.search(each))
    words = _LETTERS.findall(text)
    letters = sum(map(len, words))
    if letters == 0:
        return None
    scripted = _by_script(text, letters)
    if scripted or letters < LEAST_LETTERS:
        return scripted
    counts: Counter[str] = Counter()
    for word in words:
        told = _WORDS.get(word)
        if told is None and (letter := _LETTER.search(word)):
            told = _TELLS[letter[0]]
        for language in told or ():
            counts[language] += 1
    if not counts:
        return None
    best, most = counts.most_common(1)[0]
    far = max((n for language, n in counts.items() if language != best and not _near(best, language)), default=0)
    return best if most >= LEAST_WORDS and most >= _SURE * far and _first(counts, best) else None


def _by_script(text: str, letters: int) -> str | None:
    """A language whose script has at least half of the letters."""
    if text.isascii():
        return None
    found = {language: n for language, pattern in _IN_SCRIPT.items() if (n := len(pattern.findall(text)))}
    if "zh" in found and found.get("ja", 0) >= _SOUNDS_CJK * found["zh"]:
        found["ja"] = found.get("ja", 0) + found.pop("zh")
    best = max(found, key=found.__getitem__, default=None)
    return best if best and 2 * found[best] >= letters and found[best] >= 2 else None


def _near(one: str, other: str) -> bool:
    return any(one in group and other in group for group in NEAR)


def _first(counts: Counter[str], best: str) -> bool:
    """Whether no near language has as many."""
    return all(n < counts[best] for language, n in counts.items() if language != best)


def differs(reply: str, expected: frozenset[str]) -> str | None:
    """The language that the reply is in, if that is surely none of those expected; None otherwise."""
    found = language_of(reply)
    if found is None or found in expected or any(_near(found, each) for each in expected):
        return None
    return found
