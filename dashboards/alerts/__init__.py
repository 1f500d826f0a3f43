"""Alert rules: rendered from objectives, for Prometheus (render.py) and as Grafana's own (grafana.py)."""
