"""What the pattern tier of personal data finds, and what it leaves alone."""

from __future__ import annotations

import warnings

import pytest

from detectors.base import Finding
from detectors.pii import DEFAULT, KINDS, Options, Pii
from detectors.recognisers.custom import Custom, CustomPattern
from detectors.text import Text

PII = Pii()


def found(text: str, pii: Pii = PII, before: str = "") -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end]) for each in pii.find(Text(text, before))]


CARDS = """
4111 1111 1111 1111|4111-1111-1111-1111|4111.1111.1111.1111|4111_1111_1111_1111|4111111111111111|4111\u00a01111\u00a01111\u00a01111|4652943034623769885
5555555555554444|2223003122003222|2223 0031 2200 3222|378282246310005|3782 822463 10005|6011111111111117|3530111333300000|180065008155082|30569309025904
""".replace("\n", "|").strip("|").split("|")


@pytest.mark.parametrize("number", CARDS)
def test_cards_of_all_issuers_and_groupings(number):
    """What the best-known package misses (new Mastercard series, 19-digit Visa, 15-digit JCB, dots and underscores) is found here."""
    assert found(f"It was {number}, I think.") == [("CREDIT_CARD", number)]


@pytest.mark.parametrize("number", ["4111 1111 1111 1112", "1111 1111 1111 1111", "1700000000000", "9780306406157", "41111111111111110000"])
def test_what_fails_the_sum_or_the_prefix_is_no_card(number):
    """A checksum and an issuer, or nothing."""
    assert found(f"It was {number}, I think.") == []


def test_a_number_of_no_known_issuer_takes_the_word():
    """Twelve-digit Maestro and private cards: Luhn alone lets one number in ten pass."""
    assert found("the serial 584528792610 is on the back") == []
    assert found("limit for card 584528792610?") == [("CREDIT_CARD", "584528792610")]


PHONES = """
+1 415 555 2671|+14155552671|(415) 555-2671|415-555-2671|415.555.2671|1-800-555-0199|(212) 555-0142 ext. 33|345-899-3560x4587|+44 20 7946 0958|020 7946 0958|07700 900123|+44 (0)20 7946 0958
0044 20 7946 0958|01 42 68 53 00|01.42.68.53.00|+33 (0)1 42 68 53 00|030 12345678|089/12345678|+49 (30) 1234-5678|+34 612 345 678|06 6982 1234|+91 98765 43210|+86 138 0013 8000|03-1234-5678
+55 11 91234-5678|(11) 91234-5678|(02) 9374 4000|0412 345 678|044 668 18 00|08-123 456 78|06-12345678|0475/12.34.56|+971 50 123 4567|+52 55 1234 5678
""".replace("\n", "|").strip("|").split("|")


@pytest.mark.parametrize("number", PHONES)
def test_telephone_numbers_of_many_countries(number):
    """As people write them, without a word that says so."""
    assert found(f"Thanks, {number} is best, Anna") == [("PHONE_NUMBER", number)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Phone: 2125550142", "2125550142"),
        ('{"mobile": "612345678"}', "612345678"),
        ("customerPhone=4155552671&x=1", "4155552671"),
        ("call me at 9472 7916 please", "9472 7916"),
        ("my number is 415 555 2671", "415 555 2671"),
        ("416 60 039 office", "416 60 039"),
    ],
)
def test_a_word_makes_digits_a_telephone(text, number):
    """A key, a label, a verb before the digits, or the place of the telephone right after."""
    assert found(text) == [("PHONE_NUMBER", number)]


@pytest.mark.parametrize("text", ["order 415-555-2671", "It was 2125550142 rows", "ISBN 978-3-16-148410-0", "at 1700000000", "2024-01-05 10:22:31", "call order 12345678", "Nature (2019) 123-4567", "0.123456789"])
def test_ids_and_dates_are_no_telephones(text):
    """False alarms on such are what makes people switch a guard off."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("EMAIL_ADDRESS", "jane.doe+tag@example.co.uk"),
        ("EMAIL_ADDRESS", "o'brien@example.ie"),
        ("EMAIL_ADDRESS", "m\u00fcller@b\u00fccher.example"),
        ("IBAN_CODE", "DE89 3704 0044 0532 0130 00"),
        ("IBAN_CODE", "gb82west12345698765432"),
        ("IBAN_CODE", "FR14 2004 1010 0505 0001 3M02 606"),
        ("US_SSN", "219-09-9999"),
        ("IP_ADDRESS", "203.0.113.9"),
        ("IP_ADDRESS", "2001:0db8:85a3:0000:0000:8a2e:0370:7334"),
        ("IP_ADDRESS", "fe80::1ff:fe23:4567:890a"),
        ("URL", "https://example.com/a/b,c?d=e"),
        ("URL", "www.example.org"),
        ("URL", "example.com"),
        ("CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("CRYPTO", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
        ("LOCATION", "12 Main St, Springfield, IL 62704"),
        ("LOCATION", "10 rue de la Paix"),
        ("LOCATION", "Hauptstra\u00dfe 12"),
        ("LOCATION", "Calle Mayor 5"),
        ("LOCATION", "P.O. Box 1234"),
        ("LOCATION", "SW1A 1AA"),
        ("UK_NINO", "AB 12 34 56 C"),
        ("ES_NIF", "12345678Z"),
        ("ES_NIE", "X1234567L"),
        ("BR_CPF", "529.982.247-25"),
        ("FR_INSEE", "2 55 08 14 168 025 38"),
        ("IT_FISCAL_CODE", "RSSMRA85T10A562S"),
        ("FI_PERSONAL_IDENTITY_CODE", "131052-308T"),
        ("SG_NRIC_FIN", "S1234567D"),
    ],
)
def test_what_shows_by_itself(kind, value):
    """By form or checksum, without a word."""
    assert found(f"I have {value} for you") == [(kind, value)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("my SSN is 219099999", "US_SSN", "219099999"),
        ("My social is 219 09 9999, thanks", "US_SSN", "219 09 9999"),
        ("ssn on file: 219 09 9999", "US_SSN", "219 09 9999"),
        ("Driver's license S515-471-72-398-8", "US_DRIVER_LICENSE", "S515-471-72-398-8"),
        ("driver's license number is D1234567.", "US_DRIVER_LICENSE", "D1234567"),
        ("My driver's license number is 2270-66-1551", "US_DRIVER_LICENSE", "2270-66-1551"),
        ("passport no. C12345678", "US_PASSPORT", "C12345678"),
        ("NHS number 943 476 5919", "UK_NHS", "943 476 5919"),
        ('"date_of_birth": "1984-03-12"', "DATE_OF_BIRTH", "1984-03-12"),
        ("I was born on 3rd March 1984", "DATE_OF_BIRTH", "3rd March 1984"),
        ("zip code 90210", "LOCATION", "90210"),
        ("routing number 021000021", "ABA_ROUTING_NUMBER", "021000021"),
        ("SIN 046 454 286", "CA_SIN", "046 454 286"),
        ("MRN: 00123456", "MEDICAL_RECORD", "00123456"),
        ("passeport n\u00b0 12AB34567", "US_PASSPORT", "12AB34567"),
        ("Reisepass Nr. C01X00T47", "US_PASSPORT", "C01X00T47"),
        ("pasaporte AAA123456", "US_PASSPORT", "AAA123456"),
        ("driving licence EXAMP657054SM9IJ", "US_DRIVER_LICENSE", "EXAMP657054SM9IJ"),
        ("sort code 20-45-26, account 12345678", "US_BANK_NUMBER", "12345678"),
        ('"accountNumber": "12345678901"', "US_BANK_NUMBER", "12345678901"),
        ("IdNr. 86095742719", "DE_TAX_ID", "86095742719"),
        ("Meine Steuer-ID ist 86 095 742 719.", "DE_TAX_ID", "86 095 742 719"),
        ("o CPF do titular \u00e9 52998224725", "BR_CPF", "52998224725"),
        ("mitt personnummer \u00e4r 811228-9874", "SE_PERSONNUMMER", "811228-9874"),
        ("codice fiscale rssmra85t10a562s", "IT_FISCAL_CODE", "rssmra85t10a562s"),
        ("national insurance ab123456c", "UK_NINO", "ab123456c"),
        ('"birthDate":"1984-03-12T00:00:00Z"', "DATE_OF_BIRTH", "1984-03-12T00:00:00Z"),
        ("dob=19840312", "DATE_OF_BIRTH", "19840312"),
        ("Date of Birth (DD/MM/YYYY): 12/03/1984", "DATE_OF_BIRTH", "12/03/1984"),
        ("DOB/Age: 03/12/1984", "DATE_OF_BIRTH", "03/12/1984"),
        ("dob 12 march 84", "DATE_OF_BIRTH", "12 march 84"),
        ("date of birth - 12th March, 1984", "DATE_OF_BIRTH", "12th March, 1984"),
        ('"passport": {"number": "912803456"}', "US_PASSPORT", "912803456"),
        ("Passport (USA): 912803456", "US_PASSPORT", "912803456"),
        ("Driver License: CA D1234567", "US_DRIVER_LICENSE", "CA D1234567"),
        ("driver license: CA AB12345", "US_DRIVER_LICENSE", "CA AB12345"),
        ('"medicalRecordNumber": "00123456"', "MEDICAL_RECORD", "00123456"),
        ("Tax ID 219-09-9999", "US_SSN", "219-09-9999"),
        ("tax id: 12-3456789", "US_EIN", "12-3456789"),
        ('"contactNumber": "9876543210"', "PHONE_NUMBER", "9876543210"),
    ],
)
def test_what_a_word_names(text, kind, value):
    """Numbers without a form of their own, dates, postcodes."""
    assert found(text) == [(kind, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("n\u00e9 le 12/03/1984", "12/03/1984"),
        ("n\u00e9e \u00e0 Pau le 1er f\u00e9vrier 1984", "1er f\u00e9vrier 1984"),
        ("geb. 6. Dezember 1984", "6. Dezember 1984"),
        ("geboren in Ulm am 06.12.1984", "06.12.1984"),
        ("nata a Pisa il 6 dicembre 1984", "6 dicembre 1984"),
        ("nacido en Vigo el 6 de marzo de 1984", "6 de marzo de 1984"),
        ("nascida em 06/12/1984", "06/12/1984"),
        ("geboortedatum 06-12-1984", "06-12-1984"),
        ("data urodzenia: 06.12.1984", "06.12.1984"),
        ("f\u00f6dd 1984-12-06", "1984-12-06"),
        ("She was born in New Town on 6th of December 1984", "6th of December 1984"),
    ],
)
def test_a_date_of_birth_in_other_languages(text, value):
    """Letters, forms and records in the languages of the telephones and tax numbers that are found."""
    assert found(text) == [("DATE_OF_BIRTH", value)]


@pytest.mark.parametrize("text", ["birth: 3 out of 10", "born 5 outlets", "n\u00e9e le 3 marathon", "Geburtstag: 12 macht", "birth 5 list items", "birth 1 genome"])
def test_words_that_begin_like_a_month_are_no_date(text):
    """A month behind a number is one by its whole name, or by a short one that is nothing else."""
    assert Pii().find(Text(text)) == []


@pytest.mark.parametrize("text", ["IdNr. 86095742710", "le contrat est n\u00e9 le jour", "geb. Holt", "passport-0.7.0 and passport-jwt 4.0.1", "passport photographs", "cf abc12", "sort code 20-45-26", "the data set was born in 2019", "il nato 4"])
def test_a_word_alone_makes_no_number(text):
    """What a word announces must look like it, and fit its checksum where it has one."""
    assert found(text) == []


@pytest.mark.parametrize("line", ["@@ -1,2 +3,4 @@", "-517597079", "-    limit = 4", "+    limit = 5", "-1\n+5939044106\n+13816966070"])
def test_a_number_that_a_diff_adds_is_no_telephone(line):
    """A plus at the start of a line is the diff's; in a list of telephones it is the number's."""
    assert found(f"{line}\n+13816966070\n") == []
    assert found(f"-+13816966070\n{line}\n+13816966070\n") == []
    assert [kind for kind, _ in found("Call\n+13816966070\n+13816966071\n")] == ["PHONE_NUMBER"] * 2
    assert found("- Ann Holt\n+13816966070\n") == [("PHONE_NUMBER", "+13816966070")]


@pytest.mark.parametrize("number", ["512-982-1140", "089 9977699", "(512) 982-1140", "0171/2345678"])
def test_a_telephone_in_a_row_without_spaces(number):
    """A comma after a word is a delimiter, after a digit it belongs to a number."""
    assert ("PHONE_NUMBER", number) in found(f"Ann Holt,ann@example.org,{number},Oslo")
    assert found(f"4,{number}") == []


@pytest.mark.parametrize("host", ["shop.example.com.mx", "example.co.kr", "example.org.au", "example.gov.in"])
def test_a_bare_host_under_a_national_suffix(host):
    """Second-level suffixes of many countries, whole."""
    assert found(f"I ordered at {host} yesterday") == [("URL", host)]


def test_a_key_before_the_text_counts_as_context():
    """A guard reads JSON leaf by leaf; the name of the leaf stands in `before`."""
    assert found("219099999") == []
    assert found("219099999", before="ssn: ") == [("US_SSN", "219099999")]
    assert found("4155552671", before="phone: ") == [("PHONE_NUMBER", "4155552671")]


@pytest.mark.parametrize("text", ["git@example.com:org/repo", "version 1.2.3.4", "127.0.0.1:80", "std::vector a::b::c", "10:22:31", "self.net(x)", "org.apache.commons.net", "https://localhost:8080/x", "@app.route", "acct_895472584198"])
def test_code_is_not_a_person(text):
    """Attributes, versions, loopback hosts and scopes look like addresses."""
    assert found(f"see {text} here") == []


def test_where_kinds_overlap_the_stronger_one_stands():
    """A URL covers the mailbox in it; without URLs the mailbox is found."""
    text = "https://example.com/?mail=jane@example.com"
    assert found(text) == [("URL", text)]
    assert found(text, Pii(Options(kinds=frozenset({"EMAIL_ADDRESS"})))) == [("EMAIL_ADDRESS", "jane@example.com")]


@pytest.mark.parametrize(("text", "raw"), [("\uff14\uff11\uff11\uff11 1111 1111 1111", None), ("jane%40example.com", None), ("4111\u200b1111\u200b1111\u200b1111", None), ("jane&#64;example.com", None)])
def test_disguises_are_found_where_they_stand(text, raw):
    """The finding covers the disguised text, so that masking takes all of it."""
    start = len("so: ")
    spans = [(each.start, each.end) for each in PII.find(Text(f"so: {text} ok"))]
    assert spans == [(start, start + len(text))]


def test_only_what_is_wanted():
    """Kinds, thresholds and allow-lists are the operator's."""
    text = "jane@example.com, bob@corp.example, 020 7946 0958"
    assert found(text, Pii(Options(kinds=frozenset({"EMAIL_ADDRESS"}), allow={"EMAIL_ADDRESS": ["jane@example.com"]}))) == [("EMAIL_ADDRESS", "bob@corp.example")]
    assert found(text, Pii(Options(allow_patterns={"*": [r".*@corp\.example"]}, thresholds={"PHONE_NUMBER": 0.7}))) == [("EMAIL_ADDRESS", "jane@example.com")]


@pytest.mark.parametrize(
    ("hint", "text", "sure"),
    [
        ("order number", "the order number is AB123456", True),
        ("order number", '{"orderNumber":"AB123456"}', True),
        ("Order-Number", "order_number=AB123456", True),
        ("order number", "the number of the order AB123456", False),
        ("order number", "order AB123456", False),
        ("order number", "order number one two three four AB123456", False),
        ("Pr\u00fcfziffer Nr.", "Pr\u00fcfziffer Nr. AB123456", True),
        ("\u043d\u043e\u043c\u0435\u0440 \u0437\u0430\u043a\u0430\u0437\u0430", "\u043d\u043e\u043c\u0435\u0440 \u0437\u0430\u043a\u0430\u0437\u0430 AB123456", True),
        ("\u793e\u54e1\u756a\u53f7", "\u793e\u54e1\u756a\u53f7 AB123456", True),
        ("#", "12 AB123456", False),
        (" ", "12 AB123456", False),
    ],
)
def test_a_hint_of_an_own_pattern_may_be_several_words(hint: str, text: str, sure: bool):
    """In their order, as prose and keys write them, in any script; what holds no word at all is no hint."""
    pii = Pii(Options(custom=(CustomPattern("STAFF", r"[A-Z]{2}\d{6}", 0.5, (hint,)),)))
    (found,) = [finding for finding in pii.find(Text(text)) if finding.kind == "STAFF"]
    assert found.score == (0.9 if sure else 0.5)


@pytest.mark.parametrize(
    ("pattern", "text", "value"),
    [
        (r"\p{L}{3}-\d{4}", "x \u00e9t\u00e9-1234 y", "\u00e9t\u00e9-1234"),
        (r"\p{Cyrillic}{3}-\d{4}", "x \u0430\u0431\u0432-1234 y", "\u0430\u0431\u0432-1234"),
        (r"(?i)\p{Greek}{2}\d{4}", "x \u0391\u03b21234 y", "\u0391\u03b21234"),
        (r"[\p{Cyrillic}\d]{6}", "x 1\u0430\u0431\u0432\u04332 y", "1\u0430\u0431\u0432\u04332"),
        (r"[^\p{L}]{2}\d{4}Z", "x --1234Z y", "--1234Z"),
    ],
)
def test_classes_of_unicode_are_taken_in_own_patterns(pattern: str, text: str, value: str):
    """As RE2 knows them; letters that are read as Latin ones are still of their script."""
    (found,) = [finding for finding in Pii(Options(custom=(CustomPattern("STAFF", pattern),))).find(Text(text)) if finding.kind == "STAFF"]
    assert text[found.start : found.end] == value


def test_an_own_pattern_says_nothing_on_the_terminal():
    """RE2's classes of POSIX are a doubt to Python's expressions, which measure them; that is not for who runs a command."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Custom(CustomPattern("STAFF", "[[:alpha:]]{3}[0-9]{3}")).reach >= 6


def test_patterns_of_the_operator():
    """Found, raised by their words, and stronger than what else would claim the ground."""
    pii = Pii(Options(custom=(CustomPattern("STAFF", r"EMP-\d{6}", 0.4, ("badge",)),)))
    assert found("EMP-123456", pii) == []
    assert found("badge EMP-123456", pii) == [("STAFF", "EMP-123456")]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (lambda: Options(custom=(CustomPattern("X", r"(?=a)b"),)), "look-around"),
        (lambda: Options(custom=(CustomPattern("X", r"a*"),)), "empty"),
        (lambda: Options(custom=(CustomPattern("lower", "a"),)), "capitals"),
        (lambda: Options(kinds=frozenset({"SHOE_SIZE"})), "SHOE_SIZE"),
        (lambda: Options(regions=("XX",)), "XX"),
        (lambda: Options(allow_patterns={"*": ["("]}), "RE2"),
    ],
)
def test_options_that_cannot_be_are_refused(options, named):
    """At the start, and with what to do about it, not at the first text."""
    with pytest.raises(ValueError, match=named):
        Pii(options())


def test_findings_say_where_and_never_what():
    """A finding may be logged."""
    assert PII.find(Text("mail jane@example.com")) == [Finding("pii", "EMAIL_ADDRESS", 5, 21, 0.9)]


def test_hardware_addresses_only_if_asked():
    """They fill network logs and name machines."""
    text = "port 3 learned 00:1a:2b:3c:4d:5e"
    assert found(text) == [] and "MAC_ADDRESS" not in DEFAULT
    assert found(text, Pii(Options(kinds=KINDS))) == [("MAC_ADDRESS", "00:1a:2b:3c:4d:5e")]
