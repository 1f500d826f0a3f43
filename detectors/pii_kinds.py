"""The kinds of the pattern tier of pii, for those who must not load the recognisers to know them: their expressions take a tenth of a second to compile."""

from __future__ import annotations

NAME = "pii"
_BY_FORM = "CH_AHV CREDIT_CARD CRYPTO EMAIL_ADDRESS ES_NIE ES_NIF FI_PERSONAL_IDENTITY_CODE IBAN_CODE IP_ADDRESS IT_FISCAL_CODE MAC_ADDRESS PHONE_NUMBER SG_NRIC_FIN UK_NINO URL"
_BY_A_WORD = """
    ABA_ROUTING_NUMBER AU_MEDICARE AU_TFN BR_CPF CA_SIN DATE_OF_BIRTH DE_TAX_ID FR_INSEE IN_AADHAAR IN_PAN LOCATION MEDICAL_LICENSE MEDICAL_RECORD NL_BSN
    PL_PESEL SE_PERSONNUMMER UK_NHS US_BANK_NUMBER US_DRIVER_LICENSE US_EIN US_ITIN US_MBI US_PASSPORT US_SSN
"""
KINDS = frozenset((*_BY_FORM.split(), *_BY_A_WORD.split()))
DEFAULT = KINDS - {"MAC_ADDRESS"}  # hardware addresses fill logs and name machines, not people
THRESHOLD = 0.5  # the least score of a finding, where nothing else is said
