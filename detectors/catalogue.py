"""What the detectors find: each kind with what it is, what one looks like, and the scores that it can have.

A score says how sure a detector is, in fixed steps that belong to what it went by (a checksum, a word before it, the form alone); it is no probability, and
scores of two kinds compare poorly. The patterns' own threshold is 0.5, and so is the usual one of a rule: a kind whose scores are all lower is
found only by a rule that says so. Examples are made up, set aside for documentation, or known for being examples.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detectors import pii_kinds


@dataclass(frozen=True, slots=True)
class Described:
    """what: in a few words.  example: a text in which one stands, "" where none can be shown.  scores: in falling order.  pooled: names tier, whose model runs in the pool."""

    what: str
    example: str
    scores: tuple[float, ...]
    pooled: bool = False


PII: dict[str, Described] = {
    "ABA_ROUTING_NUMBER": Described("US bank routing number, by a word before it and its checksum", "routing number 021000021", (0.75,)),
    "AGE": Described("age of a person, in years", "she is 42 years old", (0.6,), True),
    "AU_MEDICARE": Described("Australian Medicare number, by a word before it and its checksum", "Medicare 2123 45670 1", (0.75,)),
    "AU_TFN": Described("Australian tax file number, by a word before it and its checksum", "TFN 123 456 782", (0.75,)),
    "BR_CPF": Described("Brazilian CPF: dotted, or by a word before it; checksum", "CPF 529.982.247-25", (0.9, 0.85)),
    "CA_SIN": Described("Canadian social insurance number, by a word before it and its checksum", "SIN 046 454 286", (0.75,)),
    "CH_AHV": Described("Swiss AHV number, checksum", "756.9217.0769.85", (0.85,)),
    "CREDIT_CARD": Described("payment card, checksum: grouped 0.8; bare 0.7; no issuer's, after a word 0.6; after a word for something else 0.5", "4111 1111 1111 1111", (0.8, 0.7, 0.6, 0.5)),
    "CRYPTO": Described("wallet address: Bitcoin, Ethereum; checksum", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", (0.9,)),
    "DATE_OF_BIRTH": Described("date after a word for birth", "born 1984-03-12", (0.7,)),
    "DATE_TIME": Described("date: one of birth 0.85, any other 0.4", "on 12 March 2024", (0.85, 0.4), True),
    "DE_TAX_ID": Described("German tax number, by a word before it", "Steuer-ID 12 345 678 901", (0.75,)),
    "EMAIL_ADDRESS": Described("e-mail address", "ann@example.com", (0.9,)),
    "ES_NIE": Described("Spanish NIE (foreigners), checksum", "X1234567L", (0.85,)),
    "ES_NIF": Described("Spanish NIF, checksum", "12345678Z", (0.85,)),
    "FI_PERSONAL_IDENTITY_CODE": Described("Finnish personal identity code, checksum", "131052-308T", (0.85,)),
    "FR_INSEE": Described("French social security number: checksum, or by a word before it", "2 55 08 14 168 025 38", (0.85, 0.75)),
    "IBAN_CODE": Described("IBAN, checksum", "DE89 3704 0044 0532 0130 00", (0.95,)),
    "IN_AADHAAR": Described("Indian Aadhaar number, by a word before it", "Aadhaar 2345 6789 0124", (0.8,)),
    "IN_PAN": Described("Indian PAN: by a word before it 0.75, by its form 0.65", "PAN ABCPE1234F", (0.75, 0.65)),
    "IP_ADDRESS": Described("IP address: v4, v6 0.8; with a port or mask after a word 0.6", "192.0.2.17", (0.8, 0.6)),
    "IT_FISCAL_CODE": Described("Italian codice fiscale, checksum", "RSSMRA85T10A562S", (0.85,)),
    "LOCATION": Described("street, box, postal code 0.6 to 0.55; place by its name (names tier) 0.86 to 0.65", "221 Baker Street, London NW1 6XE", (0.86, 0.75, 0.7, 0.65, 0.6, 0.55)),
    "MAC_ADDRESS": Described("hardware address; only where a rule names this kind", "00:00:5e:00:53:af", (0.7,)),
    "MEDICAL_LICENSE": Described("US DEA number, by a word before it and its checksum", "DEA AB1234563", (0.75,)),
    "MEDICAL_RECORD": Described("patient or insurance number, by a word before it", "MRN 00123456", (0.65,)),
    "NL_BSN": Described("Dutch BSN, by a word before it and its checksum", "BSN 123456782", (0.75,)),
    "NRP": Described("nationality, religion, politics", "a Swedish engineer", (0.4,), True),
    "ORGANIZATION": Described("firm or institution", "she works for Initech", (0.4,), True),
    "PERSON": Described("name of a person: by what stands around it 0.85, 0.76; as the model says 0.7; alone 0.6", "please call Martha Example", (0.85, 0.76, 0.7, 0.6), True),
    "PHONE_NUMBER": Described("with + and country code 0.75; US 0.7; by a word before it 0.6; national, with a trunk 0 0.55; with an area code in brackets 0.5", "+1 415 555 0132", (0.75, 0.7, 0.6, 0.55, 0.5)),
    "PL_PESEL": Described("Polish PESEL, by a word before it and its checksum", "PESEL 44051401359", (0.75,)),
    "SE_PERSONNUMMER": Described("Swedish personnummer, by a word before it and its checksum", "personnummer 811228-9874", (0.75,)),
    "SG_NRIC_FIN": Described("Singaporean NRIC or FIN, checksum", "S1234567D", (0.85,)),
    "UK_NHS": Described("British NHS number, by a word before it and its checksum", "NHS 943 476 5919", (0.9,)),
    "UK_NINO": Described("British national insurance number", "AB 12 34 56 C", (0.65,)),
    "URL": Described("web address: with a scheme 0.8; with www. 0.7; bare 0.5", "https://www.example.com/a", (0.8, 0.7, 0.5)),
    "US_BANK_NUMBER": Described("US account number, by a word before it", "bank account 12345678901", (0.6,)),
    "US_DRIVER_LICENSE": Described("US driver's licence, by a word before it", "driver's license D1234567", (0.75,)),
    "US_EIN": Described("US employer number, by a word before it", "EIN 12-3456789", (0.75,)),
    "US_ITIN": Described("US ITIN: by a word before it 0.75, by its form 0.65", "ITIN 912-70-1234", (0.75, 0.65)),
    "US_MBI": Described("US Medicare beneficiary number, by a word before it", "Medicare 1EG4-TE5-MK73", (0.75,)),
    "US_PASSPORT": Described("passport number, by a word before it", "passport 912803456", (0.75,)),
    "US_SSN": Described("US social security number: by a word before it 0.85, by its form 0.65", "SSN 536-22-8104", (0.85, 0.65)),
}

_SECRETS: dict[str, tuple[str, str]] = {  # those whose form is no fixed beginning: what, example
    "API_KEY": ("key, by its name", "api_key = <16 or more characters drawn at random>"),
    "AWS_ACCESS_KEY": ("AWS access key id", "AKIA..."),
    "AWS_SECRET_KEY": ("AWS secret key, beside its id or by its name", "aws_secret_access_key = <40 characters>"),
    "AZURE_CLIENT_SECRET": ("Azure client secret", "xxx8Q~..."),
    "AZURE_OPENAI_KEY": ("Azure OpenAI key, by its form or its name", "...JQQJ99..."),
    "AZURE_STORAGE_KEY": ("Azure storage key, or signature of a shared access", "AccountKey=<86 characters>=="),
    "BASIC_AUTH": ("user and password of an HTTP request", "Authorization: Basic <base64>, curl -u user:password"),
    "BEARER_TOKEN": ("token of an HTTP request", "Authorization: Bearer <token>"),
    "CONNECTION_STRING": ("password in the URL or string of a connection", "postgres://user:<password>@host/db"),
    "CREDENTIALS": ("credentials, by their name", "credentials = <value drawn at random>"),
    "DISCORD_TOKEN": ("Discord bot token", "<24 characters>.<6>.<27 or more>"),
    "DISCORD_WEBHOOK": ("Discord webhook", "https://discord.com/api/webhooks/..."),
    "JWT": ("JSON web token", "eyJ....eyJ....<signature>"),
    "MAILCHIMP_KEY": ("Mailchimp key", "<32 hexadecimal digits>-us12"),
    "MAILGUN_KEY": ("Mailgun key", "key-<32 characters>"),
    "PASSWORD": ("password, by its name; in a sentence 0.6", "password: <value that somebody chose>"),
    "PRIVATE_KEY": ("private key, PEM, SSH or PGP", "-----BEGIN PRIVATE KEY----- ..."),
    "SECRET": ("secret, by its name", "client_secret = <8 or more characters drawn at random>"),
    "SENDGRID_KEY": ("SendGrid key", "SG.<16 or more characters>.<30 or more>"),
    "SLACK_WEBHOOK": ("Slack webhook", "https://hooks.slack.com/services/..."),
    "TEAMS_WEBHOOK": ("Microsoft Teams webhook", "https://<name>.webhook.office.com/webhookb2/..."),
    "TELEGRAM_BOT": ("Telegram bot token", "<8 to 10 digits>:<35 characters>"),
    "TERRAFORM_TOKEN": ("Terraform Cloud token", "<14 characters>.atlasv1.<60 or more>"),
    "TOKEN": ("token, by its name", "access_token = <16 or more characters drawn at random>"),
    "TWILIO_KEY": ("Twilio key, by its form or its name", "SK<32 hexadecimal digits>"),
    "PASSWORD_HASH": ("user and hash of a password, as in .htpasswd", "ann:$apr1$..."),
    "PIN": ("PIN, by its name", "PIN: <4 or 6 digits>"),
    "PRESIGNED_URL": ("signature of a presigned URL", "https://...&X-Amz-Signature=<64 hexadecimal digits>"),
    "HUBSPOT_TOKEN": ("HubSpot token", "pat-na1-<UUID>"),
    "AIRTABLE_TOKEN": ("Airtable token", "pat<14 characters>.<64 characters>"),
}
_ANCHOR = re.compile(r"(?:[A-Za-z0-9_:/-]|\\[./:-]){2,}")
_BY_NAME: dict[str, tuple[float, ...]] = {  # what is found by a name beside it has these scores; a service's own key 0.9
    "API_KEY": (0.8, 0.6), "AWS_SECRET_KEY": (0.9,), "AZURE_STORAGE_KEY": (0.9, 0.85), "CONNECTION_STRING": (0.8, 0.6), "CREDENTIALS": (0.8, 0.6),
    "PASSWORD": (0.8, 0.6), "SECRET": (0.8, 0.6), "TOKEN": (0.8, 0.6),
}  # fmt: skip


def secrets() -> dict[str, Described]:
    """The kinds of the detector secrets, by name."""
    from detectors.secret_kinds import FORMS  # late: hundreds of forms, which most commands do without
    from detectors.secret_names import NAMED_KINDS

    anchors: dict[str, list[str]] = {}
    scores: dict[str, set[float]] = {"PRIVATE_KEY": {1.0}}
    for form in FORMS:
        scores.setdefault(form.kind, set()).add(form.score)
        begins = anchors.setdefault(form.kind, [])
        found = _ANCHOR.match(form.trigger)
        if found and found[0] not in begins and not form.group and not form.lead:
            begins.append(found[0].replace("\\", ""))
    for kind in NAMED_KINDS:
        scores.setdefault(kind, set()).update(_BY_NAME.get(kind, (0.9,)))
    described = {}
    for kind in sorted(scores):
        owner, _, sort = kind.rpartition("_")
        shown = ", ".join(f"{start}..." for start in anchors.get(kind, [])[:3])
        by_name = f"{owner}_API_KEY = <key>" if kind in NAMED_KINDS else ""
        what, example = _SECRETS.get(kind, (f"{owner.replace('_', ' ').capitalize()} {sort.lower()}".strip(), shown or by_name))
        described[kind] = Described(what, example, tuple(sorted(scores[kind], reverse=True)))
    return described


def highest(detector: str, kind: str) -> float | None:
    """The highest score that a kind can have; None: not one of ours."""
    found = PII.get(kind) if detector == pii_kinds.NAME else secrets().get(kind) if detector == "secrets" else None
    return found.scores[0] if found else None
