"""Grafana boards and Prometheus alert rules as code.

Pure: nothing here imports the gateway, opens a socket or reads a clock. What is made (boards/*.json, deploy/prometheus/tidegate.rules.yaml) is checked in, and
tests hold the two equal. The boards' builders need the extra "dashboards"; the alert rules need nothing but PyYAML.
"""
