"""Words of a reply that say how it came to a number: that it worked it out, supposes it, says it again."""

from __future__ import annotations

import re

SUPPOSED = re.compile(r"\b(?:if|for example|e\.g\.|for instance|say|suppose|assuming|imagine|let's say|example|would be|would need|try|wenn|par exemple)\b[^.!?\n]{0,60}\Z|\b(?:e\.g\.|z\. ?b\.)[^.!?\n]{0,60}\Z|=[ \t\"']{0,3}\Z|\b(?:for|with) an? \Z", re.IGNORECASE)
CUE = re.compile(
    r"\b(?:total|sum|leaving|left|remain\w*|sav\w+|difference|gap|average|mean|each|per|so|i\.e|that's|that is|which is|makes?|altogether|together|combined|lead|ahead|more|less|fewer|heavier|lighter|cheaper|longer|shorter|larger|higher|lower|increase\w*|decrease\w*|"
    r"exceed\w*|grew|rose|fell|dropp?\w*|up|down|by|growth|margin|times|equals?|comes? to|add\w*|without|instead|rather|worth|net|gross|annually|a (?:year|month|week|day)|would|earlier|later|after|about|roughly|around|approximately|over|under|nearly|almost|of (?:which|whom|them)|works? out|also|share|part|profit|yield|rate|ratio|upside)\b|[=~+\u00d7\u00f7*]| x ",
    re.IGNORECASE,
)
AFTERWARDS = re.compile(r"[ -]?(?:\w+ ){0,2}(?:more|less|fewer|cheaper|heavier|lighter|longer|shorter|larger|higher|lower|older|younger|faster|slower|earlier|later|ahead|behind|apart|in total|altogether|combined|overall|each|on average|left|remaining|too (?:much|heavy|late)|per |a (?:month|year|day|week|bottle|box)\b|annually|times\b|extra|in all\b|and under|or)\b", re.IGNORECASE)
STRONG = re.compile(r"(?:\b(?:by|total(?:l?ing)?|sum|leaving(?: [a-z]+){0,2}|left|remaining|saves?|saving|difference|gap|average|that's|i\.e\.,?|which is|makes|combined|lead of|works out (?:to|at)|average[sd]?|comes? to|or|bring(?:s|ing)?|down to|soit|donc|au total|es decir|por tanto|en total|equivale a|ossia|cioe|quindi|in totale|also|d\. ?h\.|macht|ergibt|entspricht|insgesamt|zusammen|dus|oftewel|in totaal|samen)\b|[=~]|\b(?:gross|net|operating)? ?(?:profit|margin)\b)[^.\n\d]{0,30}\Z", re.IGNORECASE)
MAKES = re.compile(r"\b(?:pays?|costs?|price|draws?|spend|needs?|giv(?:es?|ing)|yields?|uses?|takes?|receives?|gets?|contains?|requires?|would be|would have|roughly|about|approximately)\b[^.\n\d]{0,24}\Z", re.IGNORECASE)
AGAIN = re.compile(r"(?:\b(?:i\.e\.|or|that's|that is|which is|means|works out|equals|corresponds to|equivalent|comparison)\b|[(=])[^.!?\n]{0,40}\Z", re.IGNORECASE)
MEAN = re.compile(r"\b(?:averag|mean|midpoint|median)", re.IGNORECASE)
AFTER = re.compile(r"\b(?:by|until|due|deadline|noon|within|tomorrow|next)\b|\(")
WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:[a-z]{0,6})\b[.,]? ?(?:the |\()?\Z", re.IGNORECASE)
DAY_NAME = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|montags?|mon|tues?|weds?|thu|thurs?|fri|sat|sun")
NEXT = re.compile(r"[ _-]([A-Za-z]{4,6})")
STOP = re.compile(r"[.!?](?=\s|\Z)|\n")
OPENED = re.compile(r"\((?:about |approx\.? |i\.e\.,? |= ?|~)?[$\u20ac\u00a3]?\Z")
BRACKET = re.compile(r"(?:[ -][a-z]{3,8})? ?\((?:about |around |roughly |approx\.? |approximately |almost |nearly |i\.e\.,? |= ?|~ ?)?")
PACE = re.compile(r"\bpace\b|\bper k|/ ?(?:km|mi)\b")
ARTICLE = re.compile(r"\b[Aa]n? \Z")
CENTURY = re.compile(r"(?<!\d)(1[5-9]|20)\d\d\s?[-/]\s?\Z")
CODE = re.compile(r"(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{5,}")  # of a booking
STANDARD = re.compile(r"\b(?:TLS|SSL|HTTP|HTML|CSS|ISO|IEC|IEEE|WCAG|USB|PCI|OAuth|IPv|SQL|Bluetooth|Wi-Fi|Python|Java|Level|Grade|Category|Class|Week|Vitamin)[ /-]?\Z|\d:\Z|[^\W\d_]/\Z")
FACTOR = re.compile(r"[x*/\u00f7] ?\Z")
SECONDS = re.compile(r"(\d{1,4}):(\d\d)(?!\d)")
FRACTION = re.compile(r"(\d{1,3}?)([13])/([2348])(?!\d)")
ZONE = re.compile(r"\b(?:utc|gmt|[ecmp][sd]?t|cest?|bst|jst|eastern|pacific|central|mountain|local time)\b", re.IGNORECASE)
TELLING = re.compile(r"[a-z]{4,}")
SMALL = frozenset(word[:5] for word in "that this with from have will your about over under than more less most only also each been were into they them their there then when what which while total euro euros dollar dollars year years month months week weeks days hour hours minute minutes second seconds percent million billion thousand around roughly approximately nearly almost".split())  # noqa: SIM905
# How a sentence says that a number was worked out
DIFFERS = re.compile(
    r"differ|\b(?:more|less|than|left|free|gap|off|up|down|net|fell|add(?:s|ed|ing)?|still|open|owes?|after|before|later|earlier|apart|by|plus|moins|reste|noch|mehr|weniger)\b|"
    r"fewer|leav|remain|short|behind|ahead|above|below|\bsav|longer|higher|lower|cheaper|older|rose|grew|drop|increas|decreas|minus|\bgrow|lead|margin|upside|growth|declin|chang|[-+\u2212]",
    re.IGNORECASE,
)
TOGETHER = re.compile(r"total|together|combined|overall|\b(?:in all|all|sum|both|plus|with|comes? to|so|until|includ\w+|have|pays?|ensemble|somme)\b|\badd|\+|zusammen|insgesamt|gesamt", re.IGNORECASE)
SHARED = re.compile(r"\b(?:per|a (?:day|week|month|year|bottle|piece)|every|je|pro|par|chaque)\b|each|averag|mean|/|almost|about|ratio|times|equal|moyenne|durchschnitt", re.IGNORECASE)
MULTIPLIED = re.compile(r"\b(?:for|a (?:day|week|month|year)|of|pays?|per|pour)\b|x\b|times|each|over|nights|years|days|cost|worth|value|\*|contain|need|mak|take|weigh|would|'d\b|total", re.IGNORECASE)
