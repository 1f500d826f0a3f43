"""What is called after people and places and is neither: theorems, illnesses, goods, teams, and verbs that are names.

Rules of this file: pure; linear; a name is judged by the words right around it, on its line.
"""

from __future__ import annotations

import re

from detectors import gazetteer

# What a name may stand before that is called so: `Kalman filter`, `Parkinson's disease`, `Pulitzer prize`. Nothing that people own or sign.
_NOUNS = (
    "theorem|laws?|equations?|algorithm|method|scale|disease|syndrome|effect|constants?|distribution|inequality|conjecture|hypothesis|paradox|principle|matrix|matrices|expansion|polynomials?|coefficients?|correlation"
    "|estimator|kernel|operator|criterion|diagram|lemma|cipher|sequence|regression|integral|lymphoma|reflex|prize|medal|trophy|font|typeface|salad|sandwich|cocktail|sponge|mustard"
)
# Verbs too, and goods: after an article alone.
_TOO = (
    "filter|tests?|curve|index|transform|process|chains?|model|numbers?|machine|series|blur|detection|problem|bound|code|tree|cup|peace|sauce|tea|cake|bread|plum|pears?|apples|roses|shirts?|polo|bag|suit|phones?|watch|pan"
    "|drill|truck|cars?|bike|train|set|manual|team|bridge|dolls?|jeans|jacket|guitars?|piano|camera|printers?|notebooks?|laptops?|tablet|shoes|boots|sneakers|skillet|oven|engine|stadium|arena|airport|museum|hotel|committee"
    "|nominations?|awards?|protocol|treaty|convention|framework|library|plugin|API|CLI|SDK|fern|moth|wren|beetle|lizard|frog|warbler|fly|telescope"
)
_NAMES_THING = re.compile(rf" (?:{_NOUNS})(?![\w'\u2019-])")
_NAMES_TOO = re.compile(rf" (?:{_TOO})(?![\w'\u2019-])")
_ARTICLE = re.compile(r"\b(?:the|a|an) \Z", re.IGNORECASE)
_TITLED = re.compile(r" (?:Cup|Prize|Medal|Trophy|Theorem|Effect|Syndrome|Distribution|Filter|Transform)(?![\w'\u2019-])")
_TREATY = re.compile(r" (?:Protocol|Agreement|Conventions?|Accords?|Treaty|Declaration|Cup|Prize)(?![\w'\u2019-])")
_FONT = re.compile(
    r" (?:font|typeface|mustard|ham|sponge|syndrome|sauce|lager|ale|sprouts|sausages?|pepper|cheese|terriers?|shepherds?|dressing|muffins?|pudding|bagels?|estimates?|simulations?|sampling|methods?|algorithm|tree search"
    r"|cheesesteaks?|fries|shirts?|shorts|boots?|brogues?|wool|sourdough|release|milestone)(?![\w'\u2019-])"
)
_FIRM = re.compile(r"(?<![\w'-])[A-Z][\w'-]+, [A-Z][\w'-]+ and [A-Z][\w'-]+(?![\w'-])(?! [A-Z])")
_EMPLOYER = re.compile(r"\b(?:at|joined|employer:?|employed by|work(?:s|ed|ing)? (?:at|for|with)|firm(?: of)?|company|agency|agents|solicitors|lawyers|attorneys|owns?|head of|contract with|partner at|subsidiary of|the) \Z", re.IGNORECASE)
_OWNED = re.compile(r"['\u2019]s? (?:theorem|law|laws|equations?|algorithm|disease|syndrome|constant|inequality|conjecture|paradox|principle|razor|lemma|criterion|number|lace|beard|mantle|reflex)(?![\w'\u2019-])")
_GOODS = frozenset(("earl grey", "lady grey", "granny smith", "bloody mary", "tom yum", "tom collins", "peter pan", "jack daniels", "johnnie walker"))
# Names that are verbs and nouns, where a sentence begins as an order or goes on as none about a person.
_VERBS = frozenset("art bill carol chase drew faith frank gene grace grant hope jack joy mark max may pat pearl ray rob skip sue will".split())  # noqa: SIM905
_ORDERED = re.compile(r" (?:the|a|an|me|us|them|it|to|as|this|that|these|those|your|my|our|its|all|each|any|every|period|down|up|out|off|attempts?|showers|of (?:materials?|lading|rights|sale|exchange|quantities)|and (?:cut|paste|drop))(?![\w'\u2019])")
_GOES_ON = re.compile(r" [a-z]{2,}(?<!ed)(?<![^s]s)(?![\w'\u2019])")
_PERSONAL = re.compile(
    r" (?:fell|won|lost|broke|cut|bought|brought|began|became|built|caught|chose|drank|drove|ate|flew|forgot|grew|hung|heard|held|hid|hit|hurt|led|lent|let|lay|lit|meant|put|quit|read|rang|rose|sang|sank|sold|set|shook|shot"
    r"|shut|slept|slid|stood|stole|stuck|swore|swam|taught|threw|woke|wore"
    r"|told|had|did|will|can|could|would|should|might|must|may|and|or|from|who|whom|at|in|of|on|with|came|went|got|made|wrote|sent|gave|took|left|saw|knew|thought|felt|kept|met|ran|paid|sat|spoke|said|asked|is|was|to|by|for|but|so|if|because|when|while"
    r"|just|also|never|already|only|still|really|always|often|then|here|please|not|cannot|want|need|like|have|think|know|say|go|do|be|call|come|about|that|than)(?![\w'\u2019])"
)
_THE = re.compile(r"(?:^|[.!?]\s|[\n\r])[\s>\"'*#-]*The \Z")
_OF_A_PLACE = re.compile(r" (?:office|branch|region|area|metro|airport|station|city|district|council|trip|flight|project|site|plant|team|and|or|is|was|are|were|in|of|at|to|from|on|has|had|will|can)(?![\w'\u2019])")
_BEGINS = re.compile(r"(?:^|[.!?:]\s|[\n\r])[\s>\"'*#-]*\Z")
_GOALS = r"(?:\d{1,3}[-\u2013]\d{1,3}|\d:\d)(?![\d/:-])"
_SCORE_AFTER = re.compile(rf"(?: (?:United|City|Rovers|FC))?(?:,? {_GOALS}(?! (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))| (?:won|lost|beat|drew|defeated|leads?|trails?|tied) {_GOALS}|,? \d{{1,3}}, [A-Z]\w+ \d{{1,3}}(?!\d))")
_SCORE_BEFORE = re.compile(rf"(?<![\d/:-]){_GOALS} \Z")
_BEATS = re.compile(r" (?:beat|defeated|drew with) [A-Z]")
_BEATEN = re.compile(r"\b(?:beat|defeated) \Z")
_TALLY = re.compile(r"[A-Z]\w+(?: \d{1,3}, [A-Z]\w+)? \d{1,3}(?!\d)")  # Austin 4, Oslo 7
_TALLY_BEFORE = re.compile(r"\b[A-Z]\w+ \d{1,3}, \Z")
_CLUB_AFTER = re.compile(r" (?:United|Rovers|Wanderers|FC|Athletic)(?![\w'\u2019])(?! (?:Street|Road|Avenue))")
_CLUB_BEFORE = re.compile(r"\b(?:Real|Inter|AC|AS|FC|Bayern|Atl\u00e9tico|Sporting) \Z")
_PLAYERS = re.compile(r" (?!Heights|Gardens|Falls|Springs|Hills|Lakes|Woods|States|Islands|Provinces|Suburbs|Headquarters)[A-Z][a-z]+s(?![\w'\u2019])")  # Chicago Bulls
_DISH = re.compile(r"\b(?:chicken|beef|salad|sole|eggs|peach) \Z", re.IGNORECASE)
_ZONE = re.compile(r"\w (?:Standard |Daylight |Summer )?Time\Z")
_LONGEST_WORD = 24
_NEAR = 28  # code points


def is_nobody(line: str, start: int, end: int) -> bool:
    """Whether the name line[start:end] is there for a thing that is called so, or as a verb."""
    if _in_firm(line, start, end):
        return True
    if line[end : end + 1] not in (" ", "'", "\u2019") and not line[start:end].endswith(("'s", "\u2019s")):
        return False
    name = gazetteer.plain(line[start:end])
    if name in _GOODS:
        return True
    near = line[max(0, start - _NEAR) : start]
    if name in _VERBS and _BEGINS.search(near) and (_ORDERED.match(line, end) or (_GOES_ON.match(line, end) and not _PERSONAL.match(line, end)) or line.startswith((" for", " retries", " pooling"), end)):
        return True
    stem = end - (2 if line[start:end].endswith(("'s", "\u2019s")) else 0)
    if _NAMES_TOO.match(line, end) and " " not in name and _ARTICLE.search(line[max(0, start - 5) : start]):
        return True
    return _NAMES_THING.match(line, end) is not None or _TITLED.match(line, end) is not None or (name not in gazetteer.GIVEN and _OWNED.match(line, stem) is not None)


def _is_kind(line: str, near: str, start: int, end: int) -> bool:
    """Whether one word stands in `The Marsh fern is ...`, where a sentence begins."""
    return " " not in line[start:end] and _THE.search(near) is not None and _GOES_ON.match(line, end) is not None and not _OF_A_PLACE.match(line, end)


def _in_firm(line: str, start: int, end: int) -> bool:
    """Whether it stands within `works at Holt, Miller and Sand`, of which none is a given name."""
    if " and " not in line:
        return False
    for found in _FIRM.finditer(line):
        if found.start() <= start and end <= found.end() + 2:
            words = re.split(", | and ", found[0])
            near = line[max(0, found.start() - _NEAR) : found.start()]
            return _EMPLOYER.search(near) is not None and not any(gazetteer.plain(word) in gazetteer.GIVEN for word in words[:-1])
    return False


def is_no_place(line: str, start: int, end: int) -> bool:
    """Whether the place line[start:end] is not meant: a score beside it or the rest of a club's name, a treaty."""
    near = line[max(0, start - _NEAR) : start]
    if gazetteer.plain(line[start:end]) in gazetteer.PLACES:
        if _PLAYERS.match(line, end):
            return True
    elif _is_kind(line, near, start, end) or max(map(len, line[start:end].split()), default=0) > _LONGEST_WORD:
        return True
    if _in_firm(line, start, end) or _TREATY.match(line, end) or _FONT.match(line, end) or _CLUB_AFTER.match(line, end) or _CLUB_BEFORE.search(near) or _DISH.search(near) or _ZONE.search(line, start, end):
        return True
    if (_TALLY_BEFORE.search(near) or ", " in line[start:end]) and _TALLY.match(line, start):
        return True
    if gazetteer.plain(line[start:end]) not in gazetteer.COUNTRIES and (_BEATS.match(line, end) or _BEATEN.search(near)):
        return True  # countries are said to beat each other in more than games
    return _SCORE_AFTER.match(line, end) is not None or _SCORE_BEFORE.search(near) is not None
