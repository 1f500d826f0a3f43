"""Names that a reply may know without its context: countries and their peoples, states, languages, faiths, feasts, and what everybody's texts speak of.

Not a gazetteer: a country told in passing (`Trondheim, Norway`, `as in most European countries`) is no claim on the context, unless the context has one
of its kind that the reply leaves out.
"""

from __future__ import annotations

_PLACES = """
afghanistan afghan albania albanian algeria algerian argentina argentine argentinian armenia armenian australia australian austria austrian azerbaijan bahrain bangladesh belarus belgium belgian bolivia bosnia brazil brazilian bulgaria bulgarian
cambodia cameroon canada canadian chile chilean china chinese colombia colombian congo croatia croatian cuba cuban cyprus czech czechia denmark danish dane danes ecuador egypt egyptian england english estonia estonian ethiopia ethiopian finland finnish
france french georgia georgian germany german germans ghana ghanaian greece greek greeks hungary hungarian iceland icelandic india indian indonesia indonesian iran iranian iraq iraqi ireland irish israel israeli italy italian jamaica jamaican japan japanese
jordan kazakhstan kenya kenyan korea korean kuwait laos latvia latvian lebanon lebanese libya liechtenstein lithuania lithuanian luxembourg malaysia malaysian malta maltese mexico mexican moldova mongolia montenegro morocco moroccan mozambique
namibia nepal netherlands dutch nigeria nigerian norway norwegian oman pakistan pakistani palestine panama paraguay peru peruvian philippines filipino poland polish portugal portuguese qatar romania romanian russia russian rwanda scotland scottish
senegal serbia serbian singapore slovakia slovak slovenia slovenian somalia spain spanish sudan sweden swedish swede switzerland swiss syria syrian taiwan taiwanese tanzania thailand thai tunisia tunisian turkey turkish uganda ukraine ukrainian
uruguay venezuela vietnam vietnamese wales welsh yemen zambia zimbabwe britain british briton kingdom america american americans states holland
alabama alaska arizona arkansas california californian colorado connecticut delaware florida hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada
hampshire jersey carolina dakota ohio oklahoma oregon pennsylvania tennessee texas texan utah vermont virginia washington wisconsin wyoming bavaria bavarian basque catalan flemish breton galician sicilian tuscan andalusian saxony ontario quebec
"""
_EVERYWHERE = """
europe european europeans america americas africa african asia asian oceania antarctica arctic atlantic pacific mediterranean baltic scandinavia scandinavian nordic caribbean balkans balkan alpine alps iberian latin western eastern northern southern central north south east west
hemisphere earth mars martian moon sun jupiter venus mercury saturn solar christian christians christianity muslim muslims islam jewish catholic catholics protestant protestants buddhist hindu orthodox bible
christmas easter thanksgiving halloween ramadan diwali hanukkah eve boxing valentine celsius fahrenheit kelvin newton newtons joule joules watt watts volt hertz pascal richter sterling franc francs euro euros dollar dollars pound pounds yen rupee krona zloty
internet web linux ubuntu debian windows mac macos ios android unix github gitlab docker kubernetes python java javascript typescript node react postgres postgresql mysql sqlite redis excel word powerpoint outlook google chrome safari firefox slack zoom
bluetooth ethernet usb http https tls ssl html css json yaml xml csv sql api rest oauth gdpr iso nist unicode utf ascii markdown pdf latex greenwich roman greek latin arabic hebrew bc ad world war wars ii iii age era century renaissance industrial revolution
republic union monarchy parliament congress senate wall depression devonian jurassic cretaceous paleozoic mesozoic stoic stoics stoicism victorian gothic baroque medieval vitamin omega covid aids dna rna ldl hdl bmi
unicef unesco nato nasa esa who imf oecd hmrc irs fda fbi nlp llm gpu cpu ram rom vpn dns ssd mbps gbps mbit gbit kbps kcal mah lumens lumen phd bsc msc mba mib gib kib am pm eastern est pst utc gmt cet cest ev ice roi kpi rgb gmt bst
"""
_ONE_OF = ("man", "men")  # a Dutchman, two Frenchwomen
PLACES = frozenset(_PLACES.split())
EVERYWHERE = frozenset(_EVERYWHERE.split())
_SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"), ("isation", "ization"), ("ise", "ize"), ("yse", "yze"), ("ogue", "og"), ("tre", "ter"), ("ence", "ense"), ("ll", "l"), ("gramme", "gram"), ("aluminium", "aluminum"), ("z", "s"))


def spelling(word: str) -> str:
    """A word in lower case, the same for the British and the American way to write it."""
    for one, other in _SPELLINGS:
        if one in word:
            word = word.replace(one, other)
    return word


def place(word: str) -> bool:
    """word: in lower case; a people may be many, or one of it."""
    return word in PLACES or (word.endswith("s") and word[:-1] in PLACES) or (word.endswith(_ONE_OF) and word.removesuffix("man").removesuffix("men").removesuffix("wo") in PLACES)


def everywhere(word: str) -> bool:
    return word in EVERYWHERE or (word.endswith("s") and word[:-1] in EVERYWHERE)
