"""Drift, measured on CLINC150: run.py writes REPORT.md."""
