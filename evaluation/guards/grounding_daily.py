"""Contexts of 44 worlds with three faithful replies each, all made up here, read as those of grounding_wide are: the parts a and b are text alone.

Tickets, leaflets, contracts, logs, recipes, sport, tables, documentation, letters, bills, tool answers; French and German among them. What is asked of a reply is ordinary: say it again, work a little out,
convert, draft a mail. Of both parts the worlds differ; they were written at one sitting, before the detector's errors on them were known and before it was mended for them, by the hand that
mended it: so less unseen than what somebody else writes. What is planted is a right number with a digit changed, two swapped or another in its place, another name, another word in a quotation.

Part a (`daily`, 66 replies, 132 planted things) was worked on, together with all of grounding_wide and grounding_worlds, whose parts kept aside were looked at then. Part b (`daily-unseen`,
66 replies, 127 planted things) was scored once, when that was done. Its errors were looked at afterwards and five classes of them mended, so from then on it flatters a little, too.

    share of faithful replies with an alarm / share of planted things found
    daily            before .23 / .86      after .00 / .83
    daily-unseen     before .23 / .86      at first contact .15 / .80      after it was looked at .11 / .82

Both bars (.05, .95) are missed. By score, at first contact: from .30 on .27 / .87; from .50 (the default) .15 / .80; from .80 on .08 / .64.
"""

from __future__ import annotations

import grounding_daily_a
import grounding_daily_b

WORKED, UNSEEN = grounding_daily_a.TEXT, grounding_daily_b.TEXT
