"""Drift: does production still look like what was tested? Two samples in, a report out; see compare.py."""
