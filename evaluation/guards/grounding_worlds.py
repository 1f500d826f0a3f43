"""Contexts of many worlds with two faithful replies each, all made up here, read as those of grounding_wide are: the parts a to d are text alone.

The worlds are parted, not the cases. Part b (medicine, law, recipes, houses, science, Spanish, Italian and Dutch, tools, schools, staff, insurance, farming, flying, libraries, museums) was kept
aside: `worlds-unseen`, 30 contexts, 60 replies, 121 planted things. It was written at one sitting with part a (finance, travel, code, support, sports, German and French offices, tables, metering, shops,
news, biographies; `worlds`), before any of their errors was looked at, by the hand that mended the detector; its cases were never looked at, its totals some eight times on the way. Parts c and d
(`worlds-more`) were written later, each to see what new worlds show, and then worked on.

    share of faithful replies with an alarm / share of planted things found     as it was found     after the work
    worlds (worked on)                                                          .34 / .76           .08 / .88
    worlds-unseen                                                               .38 / .85           .23 / .88
    worlds-more, at first contact and after it was worked on                    .26, .26, .20       .14 / .81
    wide-unseen                                                                 .31 / .85           .16 / .85

So on worlds that nobody has worked on, one faithful reply in four or five that works out, converts and explains still raises an alarm, and both bars (.05, .95) are missed. What was gained is told from a mere
change of the threshold by what is found of wrong numbers: as many as before of those that look like a right one (a digit changed, two swapped), but fewer of numbers drawn by chance
(.66 of them in the sets worked on, where it was .76), since one that looks like nothing in the context is excused if it could have been worked out from it.

Later the part kept aside was looked at and worked on, too, and scores became grades (detectors/grounding_weights): worlds .03 / .83, worlds-unseen .08 / .84, worlds-more .02 / .82; these say little about other
texts. What to expect is at the head of grounding_daily.
"""

from __future__ import annotations

import grounding_worlds_a
import grounding_worlds_b
import grounding_worlds_c
import grounding_worlds_d

WORKED, UNSEEN, MORE = grounding_worlds_a.TEXT, grounding_worlds_b.TEXT, grounding_worlds_c.TEXT + grounding_worlds_d.TEXT
