"""Each kind by itself, the words that name a value, and texts that recognisers stumbled over."""

from __future__ import annotations

import pytest

from detectors.pii import KINDS, Options, Pii
from detectors.text import Text

PII = Pii(Options(kinds=KINDS))
VALUES = {
    "ABA_ROUTING_NUMBER": "routing 011000015", "AU_MEDICARE": "medicare 2123456701", "AU_TFN": "TFN 123456782", "BR_CPF": "529.982.247-25", "CA_SIN": "SIN 046 454 286", "CH_AHV": "756.9217.0769.85",
    "CREDIT_CARD": "4111-1111-1111-1111", "CRYPTO": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "DATE_OF_BIRTH": "born 12/03/1984", "DE_TAX_ID": "Steuer-ID 12 345 678 901", "EMAIL_ADDRESS": "jane@example.org",
    "ES_NIE": "X1234567L", "ES_NIF": "12345678Z", "FI_PERSONAL_IDENTITY_CODE": "131052-308T", "FR_INSEE": "2 55 08 14 168 025 38", "IBAN_CODE": "GB82 WEST 1234 5698 7654 32", "IN_AADHAAR": "Aadhaar 2341 2341 2346",
    "IN_PAN": "ABCPD1234E", "IP_ADDRESS": "203.0.113.9", "IT_FISCAL_CODE": "RSSMRA85T10A562S", "LOCATION": "12 Main St", "MAC_ADDRESS": "00:1b:44:11:3a:b7", "MEDICAL_LICENSE": "DEA AB1234563", "MEDICAL_RECORD": "MRN 1234567",
    "NL_BSN": "BSN 111222333", "PHONE_NUMBER": "+1 415-555-2671", "PL_PESEL": "PESEL 44051401359", "SE_PERSONNUMMER": "personnummer 811218-9876", "SG_NRIC_FIN": "S1234567D", "UK_NHS": "NHS 943 476 5919",
    "UK_NINO": "AB 12 34 56 C", "URL": "https://example.org/a", "US_BANK_NUMBER": "bank account 12345678", "US_DRIVER_LICENSE": "driver's license D1234567", "US_EIN": "EIN 12-3456789", "US_ITIN": "900-70-1234",
    "US_MBI": "MBI 1EG4-TE5-MK73", "US_PASSPORT": "passport A123456", "US_SSN": "219-09-9999",
}  # fmt: skip


def kinds(text: str, pii: Pii = PII) -> set[str]:
    return {each.kind for each in pii.find(Text(text))}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_is_found_alone_as_among_all(kind):
    """An expression is made for the kinds that are wanted; it must not matter which others are."""
    text = f"I note {VALUES[kind]}, as agreed."
    alone = Pii(Options(kinds=frozenset({kind})))
    assert kinds(text, alone) == {kind}
    assert kind in kinds(text)
    everything = ". ".join(VALUES.values())
    assert kinds(everything, alone) == {kind}


NAMED = """
social security 219-09-9998|my ssns: 219-09-9998|dl number is D1234567|permis de conduire 12AB34567|passeport 12AB34567 and passport 123456789|employer identification 12-3456789|aba 011000015|rtn: 011000015
checking account 12345678|savings acct 12345678|saving account 12345678|acct 12345678|account number 12345678|medicare 1EG4-TE5-MK73|medical record 1234567|patient id 1234567|health insurance 1234567|insurance policy 1234567|member id 1234567
tax file number 123456782|social insurance 046454286|uidai 2341 2341 2346|permanent account ABCDE1234F|burgerservicenummer 111222333|personnr 811218-9876|steuernummer 12/345/67890|securite sociale 255081416802538
insee 255081416802538|nir 255081416802538|secu 255081416802538|birthday: 12/03/1984|dob 1984-03-12|d.o.b. 12 March 1984|naissance 3 mars|geburtsdatum 12.03.1984|nacimiento 12/03/1984|nascita 12/03/1984|birth date Sept 3, 1984
zip 90210|zipcode 90210|zip code 90210|postcode 90210|postal code 90210|post code 90210|plz 80331|cep 12345-678|code postal 75001|codigo postal 28013
""".strip().replace("\n", "|").split("|")


@pytest.mark.parametrize("text", NAMED)
def test_every_way_to_name_a_value(text):
    """Each word that a value may stand after, in small letters and in capitals."""
    assert kinds(f"the {text}, as agreed") & KINDS
    assert kinds(f"THE {text.upper()}, AS AGREED") & KINDS


@pytest.mark.parametrize("number", ["+500 12345678", "+290 1234567", "+682 123 4567", "+500 (0)12 34 56 78", "00682 12 34 567 8"])
def test_country_codes_with_short_numbers_only(number):
    """The Falklands, Saint Helena and the Cook Islands have numbers of five digits; a text that names their code was the end of the detector."""
    assert "PHONE_NUMBER" not in kinds(f"It was {number}, I think.")
    assert kinds(f"Call {number}.") <= {"PHONE_NUMBER"}


def test_the_tail_of_a_word_names_nothing():
    """`xref` is no `ref`, wherever the stretch of text that is looked at begins."""
    for n in range(30, 45):
        assert kinds(f"ref{'/' * n} 415-555-2671") == (set() if n < 37 else {"PHONE_NUMBER"})
        assert kinds(f"xref{'/' * n} 415-555-2671") == {"PHONE_NUMBER"}


@pytest.mark.parametrize("row", ["1800 0000 0000 0000 4111 1111 1111 1111 2345 6789", "4111 1111 1111 1111 4111 1111 1111 1111 9999 8888 7777"])
def test_cards_within_rows_of_fours(row):
    """In a long row a card could begin at every group: the ones that an issuer may have given are found."""
    assert "CREDIT_CARD" in kinds(row)


def test_capitals_that_become_two_letters():
    """A dotted capital I becomes two characters when made small; places must not shift."""
    text = "\u0130\u0130\u0130\u0130 SSN 219-09-9998 and HTTPS://EXAMPLE.ORG/A"
    assert [(each.kind, text[each.start : each.end]) for each in PII.find(Text(text))] == [("US_SSN", "219-09-9998"), ("URL", "HTTPS://EXAMPLE.ORG/A")]
