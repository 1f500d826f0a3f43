"""How the types of the data and the kinds of the detectors are made comparable."""

from __future__ import annotations

# data type -> kind; types that are not named here stay as they are
TRUE = {"STREET_ADDRESS": "LOCATION", "GPE": "LOCATION", "ZIP_CODE": "LOCATION", "DOMAIN_NAME": "URL"}
# kind of a detector -> kind
FOUND = {"STREET_ADDRESS": "LOCATION", "DATE_OF_BIRTH": "DATE_TIME"}
IGNORED = frozenset({"ORGANIZATION", "DATE_TIME", "NRP"})  # left out of the headline, as in the reference figures
DISPUTED = frozenset({"TITLE", "AGE"})  # job titles and ages: the headline is reported without and with them
STRUCTURED = frozenset({"CREDIT_CARD", "PHONE_NUMBER", "EMAIL_ADDRESS", "URL", "IBAN_CODE", "US_SSN", "IP_ADDRESS", "US_DRIVER_LICENSE"})
