"""Forms and whole addresses: a field that says in one of many languages that an address, a town or a name follows, and addresses that end in a postcode.

A label at the beginning of a field decides what its value is, whatever the value looks like: `Straße: …`, `"city": "…"`, `Prénom : …`, `<addr>…`.
An address from its number to its postcode, with a comma where one belongs, shows as such without a word of it being known.

Rules of this file: pure; linear (every repetition is bounded); looks at one line. Deliberately absent: columns, whose head is lines away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors import gazetteer
from detectors.recognisers.small import linear, plain

_FIELD = r"(?:^|[\n\r{,;|<>(\"'\t]|-\s)[ \t]{0,12}[\"']?"
_IS = r"[\"'*]{0,3}(?:[ \t]{0,3}[:=|][ \t]{0,3}[\"'*]{0,3}|>|\t)"
_KIND = r"(?:(?:home|work|office|shipping|billing|delivery|mailing|postal|street|current|permanent|residential|customer|patient|ship|bill)[ _-]?(?:to[ _-]?)?)?"
_ADDRESS = re.compile(
    rf"{_FIELD}(?:{_KIND}(?:address|addr)|adresse|anschrift|indirizzo|direcci[o\u00f3]n|endere[c\u00e7]o|morada|adres|adress|osoite|adresa|address[ _]?line[ _]?1?|line1)[ _]?\d?{_IS}(?=\S)",
    re.IGNORECASE,
)
_STREET = re.compile(rf"{_FIELD}(?:street(?:[ _](?:name|address))?|stra(?:\u00df|ss)e(?: und hausnummer|/nr\.?)?|rue|calle|ulica|straat|gatuadress|katuosoite|address1|logradouro){_IS}(?=\S)", re.IGNORECASE)
_TOWN = re.compile(
    rf"{_FIELD}(?:city|town|(?:home|birth)[ _-]?(?:town|place|city)|place of birth|ville|commune|lieu de naissance|stadt|ort|wohnort|geburtsort|plz ?[/,]? ?ort|ciudad|localidad|municipio|citt[a\u00e0]|comune|cidade|plaats|woonplaats|stad|postort|miasto|kaupunki|m\u011bsto|mesto){_IS}(?=\S)",
    re.IGNORECASE,
)
_CODE = re.compile(rf"{_FIELD}(?:plz|postleitzahl|code[ _]postal|cp|cap|c[o\u00f3]digo postal|cep|postcode|postnr\.?|postnummer|postinumero|kod pocztowy|ps\u010d|zip(?:[ _-]?code)?|postal[ _-]?code){_IS}(?=\S)", re.IGNORECASE)
_NAME = re.compile(
    rf"{_FIELD}(?:destinataire|exp[e\u00e9]diteur|titulaire|b[e\u00e9]n[e\u00e9]ficiaire|empf[a\u00e4]nger(?:in)?|absender(?:in)?|kunde|kundin|kontoinhaber(?:in)?|mieter(?:in)?|destinatario|remitente|titular|cliente|paciente|paziente|intestatario|destinat[a\u00e1]rio|klant|ontvanger|klient|odbiorca|nadawca|kund|mottagare|kunde|modtager|pr[e\u00e9]nom|nom de famille|nom(?: complet)?|vorname|nachname|familienname|geburtsname|nombre(?: completo)?|apellidos?|cognome|nome(?: completo)?|sobrenome|imi[e\u0119]|nazwisko|voornaam|achternaam|f[o\u00f6]rnamn|efternamn|fornavn|etternavn|etunimi|sukunimi|jm[e\u00e9]no|p[r\u0159]\u00edjmen\u00ed){_IS}(?=\S)",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[^\"<>|;\t\n\r{}\[\]@]{2,120}+")
_PLACE_VALUE = re.compile(r"(?:[A-Z]{1,3}-)?(?:\d{3,6}[ ,]{1,2}(?:\d{2} |[A-Z]{2} )?)?(?=[^\W\d_a-z])[^\W\d_][\w.'\u2019-]{0,30}(?:[ -](?:[^\W\d_][\w.'\u2019-]{0,30}|\([^()\n]{1,20}\))){0,4}")
_NAME_VALUE = re.compile(r"(?=[^\W\d_a-z])[^\W\d_](?:[^\W\d_]|['\u2019.-](?=[^\W\d_])){1,30}(?: (?:[^\W\d_](?:[^\W\d_]|['\u2019.-](?=[^\W\d_])){0,30}\.?)){0,3}")
_CODE_VALUE = re.compile(r"[A-Z]{0,2}-?\d[A-Z\d]{2,6}(?:[ -][A-Z\d]{2,4})?(?![\w.])")
_ENDS = re.compile(r"[ \t]*(?:[\"'<>|;,\t\n\r)}\]]|\Z)")
_DOTTED = re.compile(r"\d+[.:]\d+[.:]|0x|[a-z]+://|/")
_LETTERS = re.compile(r"[^\W\d_]{3}")
_CAPITALISED = re.compile(r"(?<![^\W_])(?=[^\W\d_a-z])[^\W\d_]{2}")

_CAP = r"(?=[^\W\d_a-z])[^\W\d_][\w.'\u2019-]{0,28}+"
_OF = r"(?:d[eiou]|del|della|delle|des|du|da|dos|das|la|le|les|los|las|el|van|von|der|den|am|im|an|zum|zur|nad|pod|u|y|e|sur|sous|of|the|upon|in|i|v|ob)"
_CAPS = rf"{_CAP}(?: (?:{_OF} ){{0,2}}{_CAP}){{0,4}}"
_UNIT = r"(?:[Pp]iano|[Aa]ppartamento|[Ii]nterno|[Ss]cala|[Ii]nterior|[Ii]nt|[Ee]dif|[Dd]epto|[Pp]iso|[Pp]uerta|[Bb]l|[Ss]c|[Ee]t|[Aa]p|[Aa]pt|[Ss]uite|[Uu]nit|[Ff]lat|[Ss]tiege|[Tt]op|[Bb]us|[Bb]te|WE|[Ww]ohnung|[Zz]i)\.? ?\w{1,5}"
_DIGITS = r"(?:[A-Z]{1,3}-)?(?:\d{5,6}(?:-\d{3,4})?|(?!19|20)\d{4}(?: ?[A-Z]{2}(?![A-Za-z]))?|\d{3} \d{2}|\d{2}-\d{3})(?!\d)"
# street and number, postcode and town
_NUMBER_LAST = re.compile(
    rf"(?<![\w.@/'-]){_CAP}(?: (?:{_OF} ){{0,2}}{_CAP}){{0,4}},? (?:[Nn](?:r|\u00b0|\u00ba|o)?\.? ?)?\d{{1,4}} ?[A-Za-z]?(?![A-Za-z])(?:[/-]\d{{1,4}}[A-Za-z]?)?(?:[ ,]{{1,3}}{_UNIT}){{0,3}}"
    rf"(?:, {_CAPS}(?=,))?, ?(?:[A-Z]{{2,4}} )?{_DIGITS}(?:,? {_CAP}(?:[ -](?:{_OF} ){{0,2}}{_CAP}){{0,3}}(?: ?\([A-Z]{{2}}\)|[ ,/-]{{1,3}}[A-Z]{{2}}(?![\w]))?)?"
)
_STATE = r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|NSW|VIC|QLD|TAS|ACT|NT|SA|[A-Z]{2})"
_ANGLO_CODE = rf"(?:{_STATE},? (?:\d{{5}}(?:-\d{{4}})?|\d{{4}}|[A-Z]\d[A-Z] ?\d[A-Z]\d)|[A-Z]{{1,2}}\d{{1,2}}[A-Z]? ?\d[A-Z]{{2}}|[A-Z]\d{{2}} ?[A-Z\d]{{4}}|\d{{6}}|(?!19|20)\d{{4}})(?![\w])"
# number and street, town, state and postcode
_NUMBER_FIRST = re.compile(
    rf"(?<![\w.$/-])(?:(?:Flat|Apt\.?|Suite|Unit|Level|Studio|Shop|H\.? ?No\.?) ?\d\w{{0,4}},? )?(?:(?:\d{{1,5}}[A-Za-z]?(?:[/-]\d{{1,4}}[A-Za-z]?)?,? ){_CAPS}|(?<=\d, ){_CAPS})(?: {_UNIT})?"
    rf"(?:, (?:RD \d{{1,2}}|{_CAPS})){{1,2}}(?:,? |-){_ANGLO_CODE}"
)
# Necessary for those above, in linear time: a byte for each character, so that any but ASCII's is one sign
_MAYBE = linear(r"[0-9] ?[A-Za-z]?,? [A-Z].* [A-Z][a-z]+.*, [A-Z]|[0-9] ?[A-Za-z]?(?:[ /,-].*)?, ?.*(?:[0-9]{4}|[0-9][A-Z]{2}|[0-9]{3} [0-9]{2}|[0-9]{2}-[0-9]{3}|[A-Z][0-9]{2})|No ?[:.]? ?[0-9]")
_LABELS = linear(
    r"(?i)(?:addr(?:ess)?|adress?e?|anschrift|indirizzo|direcci.n|endere.o|morada|osoite|adresa|line ?_?1?|name|hausnummer|nr|stra(?:.|ss)e|street|rue|calle|ulica|straat|gatuadress|katuosoite|logradouro|city|town|place|birth|ville|commune|naissance"
    r"|stadt|ort|ciudad|localidad|municipio|citt.|comune|cidade|plaats|stad|miasto|kaupunki|m.sto|mesto|plz|postleitzahl|postal|cp|cap|cep|code|postn.|postnummer|numero|pocztowy|ps.|zip)[ _]?[0-9]?[\"'*]*(?:[ \t]*[:=|]|>|\t)"
)
_NAMES = linear(r"(?i)(?:[aeo]ire|diteur|nger(?:in)?|absender(?:in)?|kund[ei]?n?|inhaber(?:in)?|mieter(?:in)?|rio|remitente|titular|cliente|paciente|paziente|klant|klient|odbiorca|nadawca|mottagare|modtager|nom|famille|complet|name|nombre|completo|apellidos?|cognome|nome|imi.|nazwisko|naam|namn|navn|nimi|jm.no|jmen.)[\"'*]*(?:[ \t]*[:=|]|>|\t)")
_SUFFIX = (
    r"(?:Alley|Avenue|Bend|Bluffs?|Branch|Bridge|Brook|Bypass|Byway|Canyon|Cape|Center|Circles?|Cliffs?|Close|Common|Copse|Corners?|Course|Court|Cove|Creek|Crescent|Crest|Crossing|Curve|Dale|Dam|Drives?|Estates?|Extension|Falls|Ferry|Fields?|Flats?|Ford|Forest|Forge|Forks?|Fort"
    r"|Freeway|Gardens?|Gateway|Glens?|Greens?|Groves?|Harbors?|Haven|Heights|Highway|Hills?|Hollow|Inlet|Islands?|Isle|Junctions?|Keys?|Knolls?|Lakes?|Landing|Lane|Lights?|Locks?|Lodge|Loop|Manors?|Meadows?|Mews|Mills?|Mission|Mount|Mountains?|Neck|Orchard|Oval|Overpass|Parade|Parks?|Parkways?"
    r"|Pass|Passage|Path|Pike|Pines?|Place|Plains?|Plaza|Points?|Ports?|Prairie|Ramp|Ranch|Rapids|Rest|Ridges?|River|Roads?|Route|Row|Run|Shoals?|Shores?|Skyway|Springs?|Spurs?|Squares?|Station|Stream|Streets?|Summit|Terrace|Trace|Track|Trail|Tunnel|Turnpike|Underpass|Unions?|Valleys?|Via|Viaduct|Views?"
    r"|Villages?|Ville|Vista|Walks?|Wall|Way|Wells?|Wynd|Chowk|Ganj|Nagar|Marg|Path|Zila)"
)
# number, name, what streets are called, a comma and the town
_WITH_TOWN = re.compile(rf"(?<![\w.$#/,-])\d{{1,5}}[A-Za-z]?(?:/\d{{1,4}})?,? (?:{_CAP} ){{1,3}}?{_SUFFIX}(?: {_UNIT})?, {_CAP}(?:[ -]{_CAP}){{0,2}}(?:,? {_ANGLO_CODE})?")
# street and number, rooms, town, state and postcode, as in Brazil; street and number, district and town, as in Turkey
_STATE_LAST = re.compile(
    rf"(?<![\w.-])(?:R(?:ua|\.)|Av(?:enida|\.)|Travessa|Alameda|Al\.|Pra[c\u00e7]a|Rod(?:ovia|\.)|Estrada) (?:{_OF} )?{_CAPS},? (?:n\.?[\u00ba\u00b0o]? ?)?\d{{1,5}}(?:[ ,-]{{1,3}}(?:[Aa]pto?|[Bb]loco|[Bb]l|[Ss]ala|[Cc]asa|[Cc]onj)\.? ?\w{{1,5}}){{0,3}}"
    rf"(?:[ ,-]{{1,3}}{_CAPS}){{1,2}}[ ,/-]{{1,3}}[A-Z]{{2}}[ ,-]{{1,3}}(?:CEP:? ?)?\d{{5}}-?\d{{3}}(?!\w)"
)
_TURKISH = re.compile(
    rf"(?<![\w.-])(?:{_CAP} ){{1,3}}(?:Cad(?:desi|\.)|Sok(?:ak|a[g\u011f][i\u0131]|\.)|Bulvar[i\u0131]|Mah(?:allesi|\.),?)(?: (?:{_CAP} ){{1,3}}(?:Cad(?:desi|\.)|Sok(?:ak|a[g\u011f][i\u0131]|\.)))?,? No ?[:.]? ?\d{{1,4}}(?:/\w{{1,4}})?"
    rf"(?: D(?:aire)?[:.]? ?\d{{1,4}})?(?:[ ,/]{{1,3}}(?:\d{{5}} )?{_CAP}){{0,3}}"
)
_MONTHS = frozenset("jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october november december".split())  # noqa: SIM905
LABELLED, WHOLE, NAMED = 0.86, 0.86, 0.76  # scores


def places(line: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of what a label calls an address, and of addresses with a postcode. May overlap."""
    said = plain(line)
    if _LABELS.search(said) is not None:
        yield from _labelled(line)
    if _MAYBE.search(said) is not None:
        for form in (_NUMBER_LAST, _NUMBER_FIRST, _WITH_TOWN, _STATE_LAST, _TURKISH):
            for found in form.finditer(line):
                words = re.split(r"[^\w']+", found[0])
                if not any(gazetteer.plain(word) in gazetteer.NOT_NAMES or gazetteer.plain(word) in _MONTHS for word in words if word[:1].isupper()):
                    yield found.start(), found.start() + len(found[0].rstrip(".,'-")), WHOLE


def _labelled(line: str) -> Iterator[tuple[int, int, float]]:
    for label in _ADDRESS.finditer(line):
        value = _VALUE.match(line, label.end())
        if value and _is_address(value[0]):
            yield label.end(), label.end() + len(value[0].rstrip(" \t.,'*)")), LABELLED
    for label in _STREET.finditer(line):
        value = _VALUE.match(line, label.end())
        if value and len(value[0]) < 80 and _CAPITALISED.match(value[0]) and _known_as_nothing(value[0]) and not _DOTTED.match(value[0]):
            yield label.end(), label.end() + len(value[0].rstrip(" \t.,'*)")), LABELLED
    for label in _TOWN.finditer(line):
        value = _PLACE_VALUE.match(line, label.end())
        if value and _ENDS.match(line, value.end()) and _known_as_nothing(value[0]):
            yield *value.span(), LABELLED
    for label in _CODE.finditer(line):
        value = _CODE_VALUE.match(line, label.end())
        if value:
            yield *value.span(), LABELLED

def people(line: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of what a label in another language than English calls a name. May overlap."""
    for label in _NAME.finditer(line) if _NAMES.search(plain(line)) is not None else ():
        value = _NAME_VALUE.match(line, label.end())
        if value and _ENDS.match(line, value.end()) and _known_as_nothing(value[0]) and gazetteer.plain(value[0].split()[0]) not in gazetteer.ABROAD and not value[0].isupper() and gazetteer.plain(value[0]) not in gazetteer.PLACES:
            yield *value.span(), NAMED


def _is_address(value: str) -> bool:
    """Something with a number and a capitalised word, and no address of a machine."""
    return any(map(str.isdigit, value)) and _LETTERS.search(value) is not None and _CAPITALISED.search(value) is not None and not _DOTTED.match(value) and len(value.split()) > 1 and _known_as_nothing(value)


def _known_as_nothing(value: str) -> bool:
    """Whether its first word is no ordinary one."""
    first = next((word for word in value.split() if word[0].isalpha()), "")
    return gazetteer.plain(first.strip(".,")) not in gazetteer.NOT_NAMES
