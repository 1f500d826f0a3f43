"""Numbering plans: which digits are telephones', by country.

Country codes, lengths and national patterns come from the metadata of phonenumbers (Google's libphonenumber), turned into tables once;
its own matcher and parser cost 30 to 80 microseconds a candidate and are not used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata


def unknown(regions: Sequence[str]) -> list[str]:
    """Those that have no numbers."""
    return [region for region in regions if PhoneMetadata.metadata_for_region(region, None) is None]


@lru_cache(maxsize=2048)
def country(digits: str) -> tuple[frozenset[int], re.Pattern[str]] | None:
    """The country whose code these three digits begin with."""
    return next((known for size in (1, 2, 3) if (known := _plan(digits[:size])) is not None), None)


@cache
def _plan(code: str) -> tuple[frozenset[int], re.Pattern[str]] | None:
    """Of numbers with this country code, the code counted: how many digits they have, and which they may be. None if there is no such code."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code else None
    if not regions:
        return None
    shared = regions[0] == "001"  # a code of no country: satellites, freephone
    known = PhoneMetadata.metadata_for_nongeo_region(int(code), None) if shared else PhoneMetadata.metadata_for_region(regions[0], None)
    if known is None or known.general_desc is None:
        return None
    lengths = frozenset(len(code) + n for n in known.general_desc.possible_length if n >= 6)
    if not lengths:
        return None  # a few islands have numbers of five digits only
    return lengths, re.compile(f"{code}(?:{known.general_desc.national_number_pattern})")


@cache
def lines(digits: str) -> re.Pattern[str]:
    """What lines and mobiles have whose country code these three digits begin with, the code counted."""
    code = next((digits[:size] for size in (1, 2, 3) if int(digits[:size]) in COUNTRY_CODE_TO_REGION_CODE), "")
    return re.compile(f"{code}(?:{national(COUNTRY_CODE_TO_REGION_CODE[int(code)]).pattern})" if code else "(?!)")


@lru_cache(maxsize=64)
def national(regions: tuple[str, ...]) -> re.Pattern[str]:
    """The national significant numbers of ordinary lines and mobiles."""
    patterns = []
    for region in regions:
        known = PhoneMetadata.metadata_for_region(region, None)
        for line in (known.fixed_line, known.mobile) if known else ():
            if line is not None and line.national_number_pattern:
                patterns.append(f"(?:{line.national_number_pattern})")
    return re.compile("|".join(dict.fromkeys(patterns)) or "(?!)")
