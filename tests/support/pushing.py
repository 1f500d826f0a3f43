"""What the tests of `tidegate dashboards` share: how they call it, and what they say to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

URLS = ("--prometheus-url", "http://prometheus:9090", "--clickhouse-url", "https://clickhouse.example/ch")
PASSWORD = "reader-password-that-nobody-may-see"
PROVIDERS = "providers: {openai: {dialect: openai, base_url: 'https://api.example'}}\n"
GROUPS = ["tidegate-drift", "tidegate-guards", "tidegate-itself", "tidegate-money", "tidegate-service"]

Run = Callable[..., tuple[int, str, str]]  # of arguments: exit code, stdout, stderr


def steps(out: str) -> dict[str, str]:
    """Actions by the name of the thing, from the command's JSON."""
    return {step["name"]: step["action"] for step in json.loads(out)["steps"]}


def datasource(uid: str, kind: str, name: str = "Theirs") -> dict[str, Any]:
    """One of somebody else's, as Grafana keeps it."""
    return {"id": 5, "uid": uid, "type": kind, "name": f"{name} {uid}" if name == "Theirs" else name, "access": "proxy", "url": "", "jsonData": {}, "readOnly": False, "version": 1}
