"""compose.yaml: its schema, and that everything it names is there and agrees. No Docker runs here; what an engine would make of it is not shown.

ClickHouse's users are tried on the real engine, Prometheus' and Alertmanager's files by their own checkers.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import jsonschema
import pytest
import yaml

from gateway.errors import StoreError
from gateway.store import embedded
from gateway.store.client import Store
from gateway.store.migrate import migrate
from gateway.store.target import Target
from tests.support.clickhouse import ClickHouseServer

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
GATE = yaml.safe_load((DEPLOY / "compose/tidegate.yaml").read_text())
SECRETS = "./compose/secrets"
each_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES.keys())


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What secrets.sh makes."""
    where = tmp_path_factory.mktemp("compose")
    shutil.copy(DEPLOY / "compose/secrets.sh", where)
    subprocess.run(["sh", str(where / "secrets.sh")], check=True, capture_output=True)
    return where / "secrets"


def mounts(service: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Source, and read-only or not, by where it appears."""
    found = {}
    for volume in service.get("volumes", []):
        source, target, *mode = volume.split(":")
        found[target] = (source, mode[0] if mode else "rw")
    return found


def port(service: str) -> int:
    """Inside."""
    (published,) = SERVICES[service]["ports"]
    return int(published.rpartition(":")[2])


def test_the_compose_specification_takes_it() -> None:
    """The schema that check-jsonschema brings."""
    schema = json.loads(resources.files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text())
    jsonschema.validators.validator_for(schema)(schema).validate(COMPOSE)


@each_service
def test_every_service_is_held_tight(service: dict[str, Any]) -> None:
    """Read-only, without capabilities, bounded, with a health check, pinned, published on loopback at most."""
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert service["deploy"]["resources"]["limits"].keys() >= {"cpus", "memory"}
    assert "healthcheck" in service or service is SERVICES["tidegate"]  # the image's
    assert re.search(r":v?[0-9]+\.[0-9]+(\.[0-9]+)?\}?$", service["image"]) and "latest" not in service["image"]
    assert all(published.startswith("127.0.0.1:") for published in service.get("ports", []))
    assert service["networks"] and not service.get("privileged") and "docker.sock" not in str(service)


def test_clickhouse_is_reached_by_two_alone() -> None:
    """It is in the network that has no way out, published nowhere."""
    assert COMPOSE["networks"]["record"] == {"internal": True}
    assert "ports" not in SERVICES["clickhouse"] and SERVICES["clickhouse"]["networks"] == ["record"]
    assert {name for name, service in SERVICES.items() if "record" in service["networks"]} == {"tidegate", "clickhouse", "grafana"}


@each_service
def test_everything_mounted_is_there(service: dict[str, Any]) -> None:
    """Docker makes an empty directory of a file that is missing, and the service fails in a strange way. What is written has a volume or memory."""
    for source, mode in mounts(service).values():
        if source.startswith("."):
            assert (source.startswith(SECRETS) or (DEPLOY / source).exists()) and mode == "ro", source
        else:
            assert source in COMPOSE["volumes"]
    for name in service.get("secrets", []):
        assert (name["source"] if isinstance(name, dict) else name) in COMPOSE["secrets"]
    for other, condition in service.get("depends_on", {}).items():
        assert other in SERVICES and condition == {"condition": "service_healthy"}


def test_every_secret_is_made_and_nobody_else_gets_at_it(secrets: Path) -> None:
    """The script makes all that compose names, once; others on the machine cannot enter the directory."""
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith(SECRETS + "/") and (secrets / secret["file"].removeprefix(SECRETS + "/")).stat().st_size >= 64
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    before = {path.name: path.read_bytes() for path in secrets.iterdir() if path.is_file()}
    subprocess.run(["sh", str(secrets.parent / "secrets.sh")], check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in secrets.iterdir() if path.is_file()} == before
    assert len(set(before.values())) == len(before)
    assert subprocess.run(["git", "check-ignore", "-q", "deploy/compose/secrets/admin_token", "deploy/.env"], cwd=ROOT, check=False).returncode in (0, 128)  # 128: a copy without git


def test_every_variable_is_documented_and_none_else() -> None:
    """.env.example shows what there is, with the values that hold."""
    used = dict(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", (DEPLOY / "compose.yaml").read_text()))
    shown = dict(line.split("=", 1) for line in (DEPLOY / "compose/.env.example").read_text().splitlines() if line and not line.startswith("#"))
    assert used == shown
    assert not re.findall(r"\$\{[A-Z_]+\}", (DEPLOY / "compose.yaml").read_text())  # none without a value


def test_addresses_agree() -> None:
    """The gate listens where compose publishes, asks ClickHouse by its name, and Prometheus scrapes the gate by its."""
    published = [each.rpartition(":")[2] for each in SERVICES["tidegate"]["ports"]]
    assert [GATE["server"]["listen"], GATE["server"]["admin"]] == [f"0.0.0.0:{each}" for each in published]
    store = urlsplit(GATE["store"]["url"].replace("${TIDEGATE_CLICKHOUSE_PASSWORD}", "p"))
    assert (store.hostname, store.port, store.username) == ("clickhouse", 8123, "tidegate")
    assert f":{store.port}/ping" in SERVICES["clickhouse"]["healthcheck"]["test"][-1]
    prometheus = yaml.safe_load((DEPLOY / "compose/prometheus.yml").read_text())
    (job,) = prometheus["scrape_configs"]
    assert (job["job_name"], job["static_configs"]) == ("tidegate", [{"targets": [f"tidegate:{published[1]}"]}])
    assert job["authorization"]["credentials_file"] == "/run/secrets/admin_token" and "admin_token" in SERVICES["prometheus"]["secrets"]
    assert prometheus["alerting"]["alertmanagers"][0]["static_configs"] == [{"targets": [f"alertmanager:{port('alertmanager')}"]}]
    assert prometheus["rule_files"] == [target for target in mounts(SERVICES["prometheus"]) if "rules" in target]
    environment = SERVICES["grafana"]["environment"]
    assert environment["TIDEGATE_PROMETHEUS_URL"] == f"http://prometheus:{port('prometheus')}"
    assert (environment["TIDEGATE_CLICKHOUSE_HOST"], environment["TIDEGATE_CLICKHOUSE_PORT"]) == (store.hostname, str(store.port))
    for name in ("prometheus", "alertmanager", "grafana"):
        assert f"127.0.0.1:{port(name)}/" in SERVICES[name]["healthcheck"]["test"][-1]
    grace = float(SERVICES["tidegate"]["stop_grace_period"].removesuffix("s"))
    assert grace >= GATE["server"]["drain_s"] + 15 + 20 + 15  # gateway/supervisor.py: workers, recorder, the rest


def test_alertmanager_finds_the_secrets_that_its_configuration_names() -> None:
    """A key that is looked for elsewhere is told only when the first alert is: nobody is woken."""
    service, named = SERVICES["alertmanager"], re.findall(r"\w+_file: (\S+)", (DEPLOY / "alertmanager/alertmanager.yml").read_text())
    assert named and "/etc/alertmanager/secrets" in mounts(service)
    assert {str(Path(service["working_dir"], path).parent) for path in named} == {"/etc/alertmanager/secrets"}


def test_grafana_finds_sources_and_boards() -> None:
    """The provisioning's own path is where the boards are mounted; the sources are the repository's with the password from a secret; every variable in them is set."""
    placed = mounts(SERVICES["grafana"])
    (provider,) = yaml.safe_load((DEPLOY / "grafana/provisioning/dashboards/tidegate.yaml").read_text())["providers"]
    assert placed[provider["options"]["path"]][0] == "../dashboards/boards"
    assert placed["/etc/grafana/provisioning/dashboards"][0] == "./grafana/provisioning/dashboards"
    ours = (DEPLOY / "compose/datasources.yaml").read_text()
    theirs = (DEPLOY / "grafana/provisioning/datasources/tidegate.yaml").read_text()
    secret = "$__file{/run/secrets/clickhouse_reader}"
    assert yaml.safe_load(ours.replace(secret, "$TIDEGATE_READER_PASSWORD")) == yaml.safe_load(theirs) and ours.count(secret) == 1, "run deploy/render"
    assert set(re.findall(r"\$(TIDEGATE_\w+)", ours)) <= SERVICES["grafana"]["environment"].keys()
    assert "clickhouse_reader" in SERVICES["grafana"]["secrets"] and SERVICES["grafana"]["environment"]["TIDEGATE_READER_USER"] == "tidegate_reader"


def test_the_gate_takes_its_configuration(secrets: Path, tmp_path: Path) -> None:
    """`tidegate check` on the mounted file, with the environment that compose gives and the secrets where it puts them."""
    environment = {"PATH": os.environ["PATH"]}
    for name, value in SERVICES["tidegate"]["environment"].items():
        secret = value.removeprefix("/run/secrets/")
        assert secret in SERVICES["tidegate"]["secrets"]
        environment[name] = str(secrets / secret)
    file = tmp_path / "tidegate.yaml"
    file.write_text((DEPLOY / "compose/tidegate.yaml").read_text().replace("/var/lib/tidegate", str(tmp_path / "data")))
    done = subprocess.run([sys.executable, "-m", "gateway", "check", "--config", str(file), "--json"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout) == {"ok": True, "problems": [], "warnings": []}


@pytest.mark.parametrize(
    ("program", "arguments", "service"),
    [("promtool", ["check", "config", "--syntax-only"], "prometheus"), ("promtool", ["check", "rules"], "prometheus"), ("amtool", ["check-config"], "alertmanager")],
    ids=["prometheus.yml", "rules", "alertmanager.yml"],
)
def test_watchers_take_their_files(program: str, arguments: list[str], service: str) -> None:
    """By their own checkers."""
    if shutil.which(program) is None:
        pytest.skip(f"needs {program} (Debian: prometheus, prometheus-alertmanager)")
    wanted = "rules.yaml" if "rules" in arguments else ".yml"
    (file,) = [DEPLOY / source for source, _ in mounts(SERVICES[service]).values() if source.endswith(wanted)]
    done = subprocess.run([program, *arguments, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_clickhouse_users_have_the_embedded_stores_rights() -> None:
    """What the embedded store's users need, yours do; what those may not, yours need not."""
    users = ElementTree.parse(DEPLOY / "clickhouse/users.xml").getroot().find("users")
    assert users is not None
    for name, grants in (("tidegate", embedded.WRITER_GRANTS), ("tidegate_reader", embedded.READER_GRANTS)):
        assert [query.text for query in users.findall(f"{name}/grants/query")] == [f"GRANT {grant}" for grant in grants]


def test_clickhouse_users_may_do_what_they_need_and_no_more(secrets: Path, tmp_path: Path) -> None:
    """users.xml with the digests that secrets.sh wrote, merged into a real server: the writer migrates and inserts, the reader reads under limits that it cannot lift, nobody reads files."""
    folder = tmp_path / "clickhouse/run/users.d"
    folder.mkdir(parents=True, mode=0o700)
    digests = folder.parent / "digests.xml"  # the embedded engine sees no files but its own
    shutil.copy(secrets / "clickhouse_digests.xml", digests)
    users = (DEPLOY / "clickhouse/users.xml").read_text().replace("/run/secrets/clickhouse_digests.xml", str(digests))
    users = users.replace('<default remove="remove"/>', "")  # the embedded engine runs as it
    users = re.sub(r"<(/?)(tidegate|tidegate_reader)>", r"<\1served_\2>", users)  # its own two have these names
    (folder / "tidegate.xml").write_text(users)
    with ClickHouseServer(tmp_path) as server:
        at = ("127.0.0.1", server.http_port, False)
        asyncio.run(_rights(Target(*at, "served_tidegate", (secrets / "clickhouse_writer").read_text()), Target(*at, "served_tidegate_reader", (secrets / "clickhouse_reader").read_text())))
    digest = hashlib.sha256((secrets / "clickhouse_writer").read_bytes()).hexdigest()
    assert f"<tidegate_writer_digest>{digest}<" in (secrets / "clickhouse_digests.xml").read_text()


async def _rights(writer_at: Target, reader_at: Target) -> None:
    assert await migrate(writer_at, retention_days=90)
    writer, reader = Store(writer_at), Store(reader_at)
    assert (await reader.query_json("SELECT count() AS n FROM tidegate.exchanges")) == [{"n": 0}]
    assert await writer.query_json("SELECT 1 AS n FROM system.disks LIMIT 1") == [{"n": 1}]
    for store, statement in (
        (reader, "SELECT 1 AS n SETTINGS max_execution_time = 600"), (reader, "SELECT 1 AS n SETTINGS max_memory_usage = 0"), (reader, "SELECT * FROM system.processes"),
        (reader, "SELECT * FROM file('/etc/passwd', 'LineAsString')"), (writer, "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')"),
    ):  # fmt: skip
        with pytest.raises(StoreError):
            await store.query_json(statement)
    for store, statement in ((reader, "DROP TABLE tidegate.exchanges"), (reader, "INSERT INTO tidegate.exchanges (app) VALUES ('x')"), (writer, "CREATE DATABASE other"), (writer, "SYSTEM SHUTDOWN")):
        with pytest.raises(StoreError):
            await store.execute(statement)
    await writer.close()
    await reader.close()
