"""Grounding: wrong numbers, names, quotations and ids as models make them up, and the right ones that look like them."""

from __future__ import annotations

import pytest

from detectors.grounding import Grounding, Source

MIN_SCORE = 0.5
WRONG = [
    # a day, an hour or a year of the context is no number of something else
    ("On weekdays a bus runs every 12 minutes until 20:08.", "Buses run every 20 minutes on weekdays.", "20 minutes"),
    # more of a thing than the context counts
    ("Leave may be taken in at most three blocks until the second birthday.", "You can split it into up to five blocks.", "five"),
    ("Hotel Almendro, 4 nights at EUR 118.", "The hotel costs \u20ac472 for five nights.", "five"),
    # a day moved by a month or a year, a time by an hour
    ("The lease runs from 1 August 2025 to 31 July 2026. Rent is due each month.", "The lease ends on July 31, 2027.", "July 31, 2027"),
    ('{"flight": "LH 2032", "dep": "06:45", "arr": "07:55"}', "If you need to be there by 8, take LH 2032, which leaves at 5:45.", "5:45"),
    # an id of a shape that the context has
    ("Issues VL-01 and VL-02 were found; 7 engineers fixed them.", "The worst issue was VL-07.", "VL-07"),
    # what is said after a `but` is said, whatever is denied before it
    ("Report before 9:30 to your lead. Sick leave needs a certificate from the fourth day on.", "You don't need one, but let your lead know before 10:30.", "10:30"),
    # numbers of other languages before a unit
    ("Bicicleta Ruta 500: carga en 5 h, garantia 3 anos.", "La bicicleta se carga en siete horas.", "siete horas"),
    # between the words of a number that the reply leaves out
    ("Corvid Assist: answers in 9 languages, docs indexed nightly, 412,000 documents from 14 sources.", "I can search documents from 24 sources and answer in 9 languages.", "24"),
    # names that are listed as common words only as parts of addresses, surnames with a known given name, and who is cited
    ("Quillon was founded in Eindhoven by Femke Dijkgraaf and Arun Venkataraman.", "It was founded by Arun Venkataraman in Utrecht.", "Utrecht"),
    ("Quillon was founded in Eindhoven by Femke Dijkgraaf and Arun Venkataraman.", "It was founded by Femke Bakker and Arun Venkataraman.", "Bakker"),
    ("Corresponding author: Adaeze Onyekachi, University of Ghent. The effect was large.", "Okafor et al. report a large effect after eight weeks, which still held half a year later. The study was funded by the university.", "Okafor"),
    ("She took her doctorate in Pavia in 1895.", "- 1895: doctorate (Bologna)", "Bologna"),
    # what follows from a supposition is not supposed; a year of another century; a month's name is no day of the week
    ("Filed on 8 May 2019. Patents last 20 years from filing.", "If the usual 20 years from filing apply, it would expire in May 2036.", "May 2036"),
    ('{"start": "2026-09-17", "end": "2026-09-18"}', "It ends on 2139-09-18.", "2139-09-18"),
    ("Bought on 15 March 2021; serviced every month.", "It was bought on 22 March 2021.", "22 March 2021"),
    # a quotation at the beginning, before who said it; and of four words
    ('"She is in better shape than I am," said mission manager Orsolya Keleti.', '"She is in perfect shape after all", said Orsolya Keleti.', '"She is in perfect shape after all"'),
    ("Keynote by Nkechi Obiora: Latency is a feature.", 'Nkechi Obiora will speak on "Latency is a bug".', '"Latency is a bug"'),
    # ids in round brackets
    ("Building began in 1294 and ended in 1331.", "Building began in 1294 (doc-9).", "(doc-9)"),
]
RIGHT = [
    ("Runner beans take 98 days to the first harvest.", "If you sow on 1 March, the first beans are ready on 7 June."),
    ("Outbound: Amsterdam 14:05 - Madrid 16:40.", "You leave at 2:05 pm and arrive at 4:40 pm (two hours and 35 minutes)."),
    ("Last transactions: 02/11 Salary 2,310.00; 01/11 Rent 995.00.", "Your salary came in on 2 November."),
    ("Contrat sign\u00e9 le 2 septembre 2024, p\u00e9riode d'essai de 6 mois, jusqu'au 01/03/2025.", "La p\u00e9riode d'essai dure jusqu'au 1er mars 2025."),
    ("She took her doctorate in Pavia in 1895.", "In 1895 she received her PhD in Pavia."),
    ("Riga has 605,270 residents.", "Riga has 605,000 residents."),
    ("General release: 3 November 2026.", 'You could ask me "What is our travel policy about?" or "Summarise the last few incidents for me".'),
    ("Leave may be taken in at most three blocks, two of them after the birth.", "You can take two blocks after the birth, three in all."),
    ("The contract of 5 May 2025 runs for 3 months.", "The contract ends on 5 August 2025."),
    ("Chair 1990-98: Ilse Moor.", "Ilse Moor was in the chair until 1998."),
]


def sure(reply: str, context: str) -> list[str]:
    return [reply[each.start : each.end] for each in Grounding().check(reply, [Source("doc-1", context)]) if each.score >= MIN_SCORE]


@pytest.mark.parametrize(("context", "reply", "wrong"), WRONG)
def test_what_a_model_makes_up_is_found(context: str, reply: str, wrong: str):
    """At the score that a rule takes by default."""
    assert any(wrong in each or each in wrong for each in sure(reply, context))


@pytest.mark.parametrize(("context", "reply"), RIGHT)
def test_what_is_said_in_another_way_is_not(context: str, reply: str):
    """Right things that look like those above."""
    assert sure(reply, context) == []
