"""Recognisers of the pattern tier: each file knows one noun.

Rules of this folder, from which the invariants of detectors.base follow:
- a recogniser looks at one string and yields hits that start at or after a given index; what is left of it is context;
- whether there is a hit at a place depends on at most 100 characters left of it and on what follows up to one token after its end;
- every expression is bounded: no quantifier without a limit inside another, no two ways to read the same character. Time is linear.
- a hit never crosses a line end, unless its file says so.
"""
