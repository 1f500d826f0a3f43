"""Forty worlds with two faithful replies each, read as those of grounding_wide are: papers of an office, a laboratory, a club and a household. The parts a and b are text alone.

Both parts were written at one sitting before the detector was changed for them, by the hand that changed it then; part a (`papers`) was looked at while it did, part b (`papers-unseen`) was scored before and after,
and its errors were not looked at. What is planted is mostly a right number with digits changed, or one of the same size; some stand elsewhere in the context, which the detector cannot see. Nothing was fitted on either part.

    share of faithful replies with an alarm / share of planted things found / of numbers drawn by chance
    papers           .13 / .62 / .50
    papers-unseen    .13 / .60 / .42

Most of a reply is worked out here, and most numbers are short: far from both bars (.05, .95). Taken for right are mostly wrong numbers of two or three digits that some sum, share or product of the others comes to.
"""

from __future__ import annotations

import grounding_papers_a
import grounding_papers_b

WORKED, UNSEEN = grounding_papers_a.TEXT, grounding_papers_b.TEXT
