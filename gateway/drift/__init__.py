"""Drift: does production still look like what was tested? What the gate does about it; the statistics are in detectors.drift."""
