"""Words that belong to numbers: units and what they measure, multipliers, currencies, numbers in words."""

from __future__ import annotations

from decimal import Decimal

# Unit -> (dimension, so many of the dimension's base)
_MEASURES: dict[str, tuple[str, str]] = {
    "second": ("time", "1"), "minute": ("time", "60"), "hour": ("time", "3600"), "day": ("time", "86400"), "week": ("time", "604800"),
    "month": ("months", "1"), "quarter_year": ("months", "3"), "year": ("months", "12"), "decade": ("months", "120"), "century": ("months", "1200"), "ms": ("time", "0.001"),
    "mm": ("length", "0.001"), "um": ("length", "0.000001"), "cm": ("length", "0.01"), "m": ("length", "1"), "km": ("length", "1000"), "mile": ("length", "1609.344"), "foot": ("length", "0.3048"), "inch": ("length", "0.0254"), "yard": ("length", "0.9144"),
    "mg": ("mass", "0.000001"), "ug": ("mass", "0.000000001"), "g": ("mass", "0.001"), "kg": ("mass", "1"), "tonne": ("mass", "1000"), "pound_mass": ("mass", "0.45359237"), "ounce": ("mass", "0.028349523"),
    "ml": ("volume", "0.001"), "ul": ("volume", "0.000001"), "cl": ("volume", "0.01"), "litre": ("volume", "1"), "gallon": ("volume", "3.785411784"), "m3": ("volume", "1000"),
    "w": ("power", "1"), "kw": ("power", "1000"), "mw": ("power", "1000000"), "gw": ("power", "1000000000"), "wh": ("energy", "1"), "kwh": ("energy", "1000"), "mwh": ("energy", "1000000"), "gwh": ("energy", "1000000000"),
    "kcal": ("energy", "1.163"), "kj": ("energy", "0.2777778"), "bar": ("pressure", "100"), "kpa": ("pressure", "1"), "mpa": ("pressure", "1000"), "psi": ("pressure", "6.894757"), "newton": ("force", "1"), "kn": ("force", "1000"), "joule": ("energy", "0.0002777778"), "mj": ("energy", "277.7778"), "hp": ("power", "745.7"),
    "cup": ("volume", "0.2365882"), "fl_oz": ("volume", "0.0295735"), "tbsp": ("volume", "0.0147868"), "tsp": ("volume", "0.0049289"), "cm3": ("volume", "0.001"),
    "nm": ("length", "1852"), "ft2": ("area", "0.09290304"), "cm2": ("area", "0.0001"), "light_year": ("far", "1"), "parsec": ("far", "3.26156"),
    "kib": ("bytes", "1024"), "mib": ("bytes", "1048576"), "gib": ("bytes", "1073741824"), "byte": ("bytes", "1"), "kb": ("bytes", "1000"), "mb": ("bytes", "1000000"), "gb": ("bytes", "1000000000"), "tb": ("bytes", "1000000000000"),
    "hectare": ("area", "10000"), "m2": ("area", "1"), "km2": ("area", "1000000"), "acre": ("area", "4046.8564"),
    "m/s": ("speed", "3.6"), "knot": ("speed", "1.852"), "km/h": ("speed", "1"), "mph": ("speed", "1.609344"), "celsius": ("heat", "1"), "fahrenheit": ("fahrenheit", "1"), "bp": ("points", "1"),
}  # fmt: skip
MEASURES = {unit: (dimension, Decimal(factor)) for unit, (dimension, factor) in _MEASURES.items()}

_SPELLINGS = {
    "second": "s sec secs second seconds sekunden", "minute": "min mins minute minutes minuten minutos minuti", "hour": "h hr hrs hour hours stunde stunden heure heures horas ore uren", "day": "day days tage tagen jours dias giorni dagen", "week": "week weeks woche wochen semaine semaines semanas settimane weken",
    "month": "month months monat monate monaten mois meses mesi maanden", "year": "year years yr yrs jahr jahre jahren ans anos anni jaar years-old", "decade": "decade decades", "century": "century centuries", "ms": "ms millisecond milliseconds",
    "mm": "mm millimetre millimetres millimeter millimeters", "cm": "cm centimetre centimetres centimeter centimeters", "m": "m metre metres meter meters", "km": "km kms kilometre kilometres kilometer kilometers",
    "mile": "mi mile miles", "foot": "ft foot feet", "inch": "inch inches", "yard": "yard yards", "mg": "mg milligram milligrams", "ug": "\u03bcg mcg microgram micrograms", "ul": "\u03bcl \u03bcL microlitre microlitres microliter microliters", "uM": "\u03bcM micromolar", "um": "\u03bcm micron microns micrometre micrometres micrometer micrometers", "g": "g gram grams gramme grammes", "kg": "kg kgs kilo kilos kilogram kilograms",
    "tonne": "t tonne tonnes ton tons", "pound_mass": "lb lbs", "ounce": "oz ounce ounces", "ml": "ml millilitre millilitres milliliter milliliters", "cl": "cl", "litre": "l litre litres liter liters", "gallon": "gallon gallons",
    "m3": "m3 cubic%metres cubic%meters", "w": "W watt watts", "kw": "kW KW kw kilowatt kilowatts", "mw": "MW megawatt megawatts", "gw": "GW gigawatt gigawatts", "wh": "Wh", "kwh": "kWh kwh", "mwh": "MWh", "gwh": "GWh",
    "byte": "byte bytes", "kb": "KB kB kb kilobyte kilobytes", "mb": "MB megabyte megabytes", "gb": "GB gb gigabyte gigabytes", "tb": "TB terabyte terabytes", "hectare": "ha hectare hectares", "m2": "m2 sqm sq%m square%metres square%meters square%metre quadratmeter quadratmetern", "km2": "km2 sq%km square%kilometres square%kilometers square%kilometre", "acre": "acre acres",
    "kcal": "kcal calories", "kj": "kJ", "bar": "bar bars", "kpa": "kPa", "mpa": "MPa", "psi": "psi", "newton": "N newton newtons", "kn": "kN", "joule": "J joule joules", "mj": "MJ", "hp": "hp bhp horsepower", "cup": "cup cups", "fl_oz": "fl%oz", "tbsp": "tbsp tablespoon tablespoons", "tsp": "tsp teaspoon teaspoons", "cm3": "cm3 ccm",
    "nm": "NM nautical%mile nautical%miles", "ft2": "sq%ft sq%feet square%feet square%foot ft2 sqft", "cm2": "cm2", "light_year": "light-years light-year light%years light%year", "parsec": "pc parsec parsecs", "kib": "KiB Ki", "mib": "MiB Mi", "gib": "GiB Gi",
    "m/s": "m/s", "knot": "kt kts kn knots knot", "km/h": "km/h kmh kph", "mph": "mph", "celsius": "\u00b0C \u00b0 C degrees%C degrees%Celsius degrees%celsius", "fahrenheit": "\u00b0F degrees%F degrees%Fahrenheit degrees%fahrenheit", "bp": "bp bps",
    "USD": "$ USD usd dollar dollars", "EUR": "\u20ac EUR eur euro euros", "GBP": "\u00a3 GBP gbp quid", "CHF": "CHF chf francs", "JPY": "JPY yen", "INR": "INR rupee rupees", "CAD": "CAD", "AUD": "AUD", "SEK": "SEK kronor", "NOK": "NOK", "DKK": "DKK", "PLN": "PLN zloty", "CNY": "CNY RMB yuan",
    "cent": "cent cents ct p pence penny",
}  # fmt: skip
UNITS = {spelling.replace("%", " "): unit for unit, spellings in _SPELLINGS.items() for spelling in spellings.split() if spelling != "C"}
CURRENCIES = {"US$": "USD", "C$": "CAD", "A$": "AUD", "$": "USD", "\u20ac": "EUR", "\u00a3": "GBP", "\u00a5": "JPY", "\u20b9": "INR"} | {code: code for code in "USD EUR GBP CHF JPY INR CAD AUD SEK NOK DKK PLN CNY".split()}  # noqa: SIM905
MULTIPLIERS = {
    word: Decimal(value)
    for value, words in {
        10**2: "hundred", 10**3: "k K thousand tsd tausend mille mil", 10**5: "lakh lakhs", 10**6: "M m mn mln mm mio million millions millionen millones", 10**7: "crore crores",
        10**9: "B b bn bln mrd billion billions milliarden milliards", 10**12: "T tn trn trillion trillions",
    }.items()
    for word in words.split()
    if word not in ("mm", "mil", "T")
}  # fmt: skip
# What a key of a record may end with: `temp_c`, `elapsed_ms`
KEYS = {
    "c": "celsius", "f": "fahrenheit", "pct": "%", "percent": "%", "ms": "ms", "s": "second", "sec": "second", "secs": "second", "seconds": "second", "min": "minute", "minutes": "minute", "h": "hour", "hours": "hour", "days": "day", "months": "month", "years": "year",
    "mm": "mm", "cm": "cm", "m": "m", "km": "km", "mg": "mg", "g": "g", "kg": "kg", "ml": "ml", "l": "litre", "w": "w", "kw": "kw", "kwh": "kwh", "bytes": "byte", "kb": "kb", "mb": "mb", "gb": "gb", "kph": "km/h", "kmh": "km/h", "mph": "mph",
    "eur": "EUR", "usd": "USD", "gbp": "GBP", "chf": "CHF", "cents": "cent", "ct": "cent",
}  # fmt: skip
_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
VALUES_OF_WORDS = {
    **{word: Decimal(value) for value, word in enumerate(_SMALL.split())},
    **{word: Decimal(value * 10) for value, word in enumerate(_TENS.split(), 2)},
    **{"hundred": Decimal(100), "thousand": Decimal(1000), "million": Decimal(10**6), "billion": Decimal(10**9), "trillion": Decimal(10**12), "dozen": Decimal(12)},
}
# What a context may say instead of a number. A reply that says it is not checked: these words mean too much else.
LOOSE = {
    word: Decimal(value)
    for word, value in {
        "half": "0.5", "quarter": "0.25", "single": "1", "once": "1", "twice": "2", "double": "2", "doubled": "2", "both": "2", "couple": "2", "pair": "2", "triple": "3", "tripled": "3", "thrice": "3", "quadruple": "4",
        "annual": "1", "no": "0", "none": "0", "midnight": "0", "noon": "12",
    }.items()
}  # fmt: skip
PART = {"half": Decimal("0.5"), "quarter of": Decimal("0.25"), "three quarters of": Decimal("0.75"), "": Decimal(1)}  # of an hour
ORDINALS = {word: Decimal(value) for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1)}  # noqa: SIM905
FRACTIONS = {"third": 1 / Decimal(3), "thirds": 2 / Decimal(3), "quarter": Decimal("0.25"), "quarters": Decimal("0.75"), "half": Decimal("0.5"), "fifth": Decimal("0.2"), "fifths": Decimal("0.6"), "tenth": Decimal("0.1"), "eighth": Decimal("0.125")}
# Numbers of other languages: in a context whose reply is English, and in a reply before a unit
FOREIGN = {
    word: Decimal(value)
    for value, words in {
        1: "ein eine einer einem een un une uno una", 2: "zwei deux dos due dwa tva twee dois", 3: "drie drei trois tres tre trzy", 4: "vier quatre cuatro quattro cztery fyra", 5: "vijf funf cinq cinco cinque piec fem", 6: "zes sechs six seis sei szesc sex", 7: "zeven sieben sept siete sette siedem sju", 8: "acht huit ocho otto osiem atta",
        9: "neun negen neuf nueve nove nio", 10: "tien zehn dix diez dieci dziesiec tio", 11: "elf onze once undici", 12: "zwolf douze doce dodici", 13: "dreizehn treize trece", 14: "vierzehn quatorze catorce", 15: "funfzehn quinze quince quindici", 16: "sechzehn seize", 18: "achtzehn",
        20: "zwanzig vingt veinte venti", 30: "dreissig trente treinta trenta", 40: "vierzig quarante cuarenta", 50: "funfzig cinquante cincuenta", 100: "hundert cent cien cento",
    }.items()
    for word in words.split()
}  # fmt: skip
