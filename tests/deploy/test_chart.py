"""The Helm chart, rendered by the real Helm engine, held against Kubernetes' own schemas, the restricted pod security standard, and the gate's own check.

There is no Kubernetes here: what a cluster would do with these objects is not shown. ServiceMonitor and PrometheusRule have no schema in the validator; their shape is checked by hand.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy/helm/tidegate"
NAMESPACE = "llm"
MONITORING = {"serviceMonitor": {"enabled": True, "labels": {"release": "kps"}}, "prometheusRule": {"enabled": True, "labels": {"release": "kps"}}, "boards": {"enabled": True}}
SETS: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "a Deployment": {"workload": "Deployment", "replicas": 3},
    "a cluster of stores": {"clickhouse": {"host": "chi.ch.svc", "port": 8443, "scheme": "https", "cluster": "main", "database": "llm"}},
    "watched and scaled": {"monitoring": MONITORING, "autoscaling": {"enabled": True, "inflight": 50}, "ingress": {"enabled": True, "className": "nginx", "host": "llm.example.com", "tlsSecret": "llm-tls"}},
    "other secrets": {
        "secret": {"name": "vault-made", "adminToken": "a", "journalKey": "", "keyPepper": "p", "clickhousePassword": "c"},
        "keysFile": {"secret": "gateway-keys", "key": "keys.yaml"},
        "env": [{"name": "OPENAI_API_KEY", "valueFrom": {"secretKeyRef": {"name": "providers", "key": "openai"}}}],
        "envFrom": [{"secretRef": {"name": "more"}}],
        "config": {"providers": {"openai": {"key": "${OPENAI_API_KEY}"}}, "server": {"drain_s": 300}},
        "image": {"repository": "registry.example.com/tidegate", "digest": "sha256:" + "0" * 64},
        "imagePullSecrets": [{"name": "pull"}], "networkPolicy": {"apps": [{"namespaceSelector": {}}], "clickhouse": [{"namespaceSelector": {}}]},
        "fullnameOverride": "gate", "podLabels": {"team": "llm"}, "podAnnotations": {"a/b": "c"}, "nodeSelector": {"pool": "llm"}, "tolerations": [{"operator": "Exists"}],
    },
    "bare": {"podDisruptionBudget": {"enabled": False}, "networkPolicy": {"enabled": False}, "persistence": {"storageClass": "fast", "size": "5Gi"}, "replicas": 1},
}  # fmt: skip
every = pytest.mark.parametrize("values", SETS.values(), ids=SETS.keys())


def rendered(values: dict[str, Any]) -> list[dict[str, Any]]:
    """All objects."""
    with helm_python.Chart.load(CHART) as chart:
        manifests = chart.render(values=values, name="prod", namespace=NAMESPACE)
    return [each for name, text in manifests.items() if name.endswith(".yaml") for each in yaml.safe_load_all(text) if each]


def one(objects: list[dict[str, Any]], kind: str, ending: str = "") -> dict[str, Any]:
    (found,) = [each for each in objects if each["kind"] == kind and each["metadata"]["name"].endswith(ending)]
    return found


def workload(objects: list[dict[str, Any]]) -> dict[str, Any]:
    (found,) = [each for each in objects if each["kind"] in ("StatefulSet", "Deployment")]
    return found


def pod(objects: list[dict[str, Any]]) -> dict[str, Any]:
    spec: dict[str, Any] = workload(objects)["spec"]["template"]["spec"]
    return spec


def matches(selector: dict[str, str], labels: dict[str, str]) -> bool:
    return bool(selector) and selector.items() <= labels.items()


def test_helm_lint() -> None:
    """Strict; the one remark left is that there is no icon."""
    report = helm_python.lint(CHART, strict=True)
    assert report["errors"] == []
    assert [message["error"] for message in report["messages"]] == ["icon is recommended"]


@every
def test_kubernetes_takes_every_object(values: dict[str, Any]) -> None:
    """A misspelled field is dropped in silence by a cluster and missed when it matters: strict schemas, of the oldest version that the chart allows and of the newest known."""
    for each in rendered(values):
        if each["apiVersion"].startswith("monitoring.coreos.com/"):
            continue
        for version in ("1.27", kubernetes_validate.latest_version()):
            kubernetes_validate.validate(each, version, strict=True)


@every
def test_pods_keep_to_the_restricted_standard(values: dict[str, Any]) -> None:
    """The namespace of a platform team enforces it: a pod that breaks it is never made."""
    spec = pod(rendered(values))
    assert not any(spec.get(host) for host in ("hostNetwork", "hostPID", "hostIPC")) and spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True and spec["securityContext"]["runAsUser"] == 10001
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in spec["containers"] + spec.get("initContainers", []):
        context = container["securityContext"]
        assert (context["allowPrivilegeEscalation"], context["readOnlyRootFilesystem"], context["capabilities"]) == (False, True, {"drop": ["ALL"]})
        assert not context.get("privileged") and not any(port.get("hostPort") for port in container["ports"])
        assert container["resources"]["requests"]["cpu"] and container["resources"]["limits"]["memory"]
    assert {next(iter(set(volume) - {"name"})) for volume in spec["volumes"]} <= {"configMap", "secret", "emptyDir", "projected", "persistentVolumeClaim"}


@every
def test_selectors_find_what_they_mean_and_ports_have_names(values: dict[str, Any]) -> None:
    """A service whose selector matches nothing answers nobody, and no schema says so."""
    objects = rendered(values)
    template = workload(objects)["spec"]["template"]
    labels, ports = template["metadata"]["labels"], {port["name"]: port["containerPort"] for port in template["spec"]["containers"][0]["ports"]}
    assert ports == {"http": 8080, "admin": 8081}
    assert matches(workload(objects)["spec"]["selector"]["matchLabels"], labels)
    for service in (each for each in objects if each["kind"] == "Service"):
        assert matches(service["spec"]["selector"], labels)
        assert all(port["targetPort"] in ports for port in service["spec"]["ports"])
    for each in objects:
        spec = each.get("spec", {})
        if each["kind"] == "PodDisruptionBudget":
            assert matches(spec["selector"]["matchLabels"], labels)
        if each["kind"] == "NetworkPolicy":
            assert matches(spec["podSelector"]["matchLabels"], labels) and spec["policyTypes"] == ["Ingress", "Egress"]
            assert {port["port"] for rule in spec["ingress"] for port in rule["ports"]} == set(ports)
            assert all(rule.get("from") for rule in spec["ingress"])  # none lets everybody in
        if each["kind"] == "HorizontalPodAutoscaler":
            assert (spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"]) == (workload(objects)["kind"], workload(objects)["metadata"]["name"])
            assert "replicas" not in workload(objects)["spec"]
        if each["kind"] == "ServiceMonitor":
            (service,) = [service for service in objects if service["kind"] == "Service" and matches(spec["selector"]["matchLabels"], service["metadata"]["labels"])]
            assert [endpoint["port"] for endpoint in spec["endpoints"]] == [port["name"] for port in service["spec"]["ports"]] == ["admin"]
        if each["kind"] == "Ingress":
            backend = spec["rules"][0]["http"]["paths"][0]["backend"]["service"]
            assert backend["port"]["name"] in [port["name"] for port in next(o for o in objects if o["kind"] == "Service" and o["metadata"]["name"] == backend["name"])["spec"]["ports"]]
    if workload(objects)["kind"] == "StatefulSet":
        assert one(objects, "Service", workload(objects)["spec"]["serviceName"])["spec"]["clusterIP"] == "None"
    assert len({(each["kind"], each["metadata"]["name"]) for each in objects}) == len(objects)


@every
def test_the_gate_takes_its_configuration(values: dict[str, Any], tmp_path: Path) -> None:
    """`tidegate check` on the very tidegate.yaml of the ConfigMap, its secrets read from the files that the pod mounts; and what the pod promises agrees with it."""
    objects = rendered(values)
    spec = pod(objects)
    (container,) = spec["containers"]
    text = one(objects, "ConfigMap", workload(objects)["metadata"]["name"])["data"]["tidegate.yaml"]
    config = yaml.safe_load(text)
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    volumes = {volume["name"] for volume in spec["volumes"]} | {claim["metadata"]["name"] for claim in workload(objects)["spec"].get("volumeClaimTemplates", [])}
    assert set(mounts) == volumes
    assert config["data_dir"] == mounts["data"] == "/var/lib/tidegate" and f"{mounts['config']}/tidegate.yaml" in container["args"]
    assert (config["server"]["listen"], config["server"]["admin"]) == ("0.0.0.0:8080", "0.0.0.0:8081")
    pause = 10  # lifecycle.preStop
    assert f"time.sleep({pause})" in container["lifecycle"]["preStop"]["exec"]["command"][-1]
    assert spec["terminationGracePeriodSeconds"] >= config["server"]["drain_s"] + pause + 15 + 20 + 15  # gateway/supervisor.py: workers, recorder, the rest
    environment = {"PATH": "/usr/bin:/bin"}
    for entry in container["env"]:
        if "value" in entry:  # a mounted secret
            assert entry["name"].endswith("_FILE") and entry["value"].startswith(mounts["secret"] + "/")
            (tmp_path / entry["name"]).write_text("s" * 40 + "\n")
            environment[entry["name"]] = str(tmp_path / entry["name"])
        else:
            environment[entry["name"]] = "value-of-a-secret"
    file = tmp_path / "tidegate.yaml"
    file.write_text(text.replace("/var/lib/tidegate", str(tmp_path / "data")))
    done = subprocess.run([sys.executable, "-m", "gateway", "check", "--config", str(file), "--json"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout) == {"ok": True, "problems": [], "warnings": []}, done.stdout + done.stderr
    assert "s" * 40 not in text and "value-of-a-secret" not in text


def test_a_store_cluster_reaches_the_gate() -> None:
    """The URL's parts and the cluster's name."""
    objects = rendered(SETS["a cluster of stores"])
    config = yaml.safe_load(one(objects, "ConfigMap")["data"]["tidegate.yaml"])
    assert config["store"]["url"] == "https://tidegate:${TIDEGATE_CLICKHOUSE_PASSWORD}@chi.ch.svc:8443/llm"
    assert config["store"]["cluster"] == "main"
    assert {port["port"] for rule in one(objects, "NetworkPolicy")["spec"]["egress"] for port in rule["ports"]} == {53, 443, 8443}


def test_the_journal_outlives_its_pod_unless_somebody_says_otherwise() -> None:
    """What the journal holds is owed to the store: by default it lies on a volume that stays."""
    objects = rendered({})
    spec = workload(objects)["spec"]
    assert workload(objects)["kind"] == "StatefulSet" and spec["volumeClaimTemplates"][0]["metadata"]["name"] == "data"
    assert spec["persistentVolumeClaimRetentionPolicy"] == {"whenScaled": "Retain", "whenDeleted": "Retain"}
    other = pod(rendered(SETS["a Deployment"]))
    assert next(volume for volume in other["volumes"] if volume["name"] == "data")["emptyDir"] == {"sizeLimit": "10Gi"}


def test_a_changed_configuration_makes_new_pods() -> None:
    """Whatever a running gate may make of a changed file, new pods start with it; and what is not the configuration restarts nobody."""
    def checksum(values: dict[str, Any]) -> str:
        return str(workload(rendered(values))["spec"]["template"]["metadata"]["annotations"]["checksum/config"])

    assert checksum({}) == checksum({"replicas": 5}) != checksum({"config": {"store": {"retention_days": 30}}})


def test_what_prometheus_and_grafana_get_is_what_is_checked_in() -> None:
    """The chart ships copies, since Helm reads no files above it: `deploy/render` makes them."""
    objects = rendered(SETS["watched and scaled"])
    rules, monitor = one(objects, "PrometheusRule"), one(objects, "ServiceMonitor")
    assert rules["spec"] == yaml.safe_load((ROOT / "deploy/prometheus/tidegate.rules.yaml").read_text()), "run deploy/render"
    assert all(rule.get("alert") or rule.get("record") for group in rules["spec"]["groups"] for rule in group["rules"])
    boards = {name: json.loads(text) for each in objects if each["kind"] == "ConfigMap" and "-board-" in each["metadata"]["name"] for name, text in each["data"].items()}
    assert boards == {path.name: json.loads(path.read_text()) for path in (ROOT / "dashboards/boards").glob("*.json")}, "run deploy/render"
    assert boards
    for each in (rules, monitor):
        assert each["apiVersion"] == "monitoring.coreos.com/v1" and each["metadata"]["labels"]["release"] == "kps"
    (endpoint,) = monitor["spec"]["endpoints"]
    assert endpoint["authorization"]["credentials"] == {"name": "tidegate", "key": "admin-token"}
    assert endpoint["relabelings"] == [{"targetLabel": "job", "replacement": "tidegate"}] and monitor["spec"]["namespaceSelector"] == {"matchNames": [NAMESPACE]}
    assert max(len(json.dumps(each)) for each in objects) < 1_000_000  # of a ConfigMap


def test_alerts_lead_to_runbooks_that_can_be_read_and_rules_can_be_ones_own() -> None:
    """A path inside this repository is no link in a pager."""
    on = {"enabled": True, "runbooks": "https://wiki.example/tidegate/"}
    rules = [rule for group in one(rendered({"monitoring": {"prometheusRule": on}}), "PrometheusRule")["spec"]["groups"] for rule in group["rules"] if "alert" in rule]
    assert rules and all(rule["annotations"]["runbook_url"] == f"https://wiki.example/tidegate/{rule['alert']}.md" for rule in rules)
    own = {"groups": [{"name": "mine", "rules": [{"alert": "Mine", "expr": "up == 0", "annotations": {"runbook_url": "deploy/runbooks/Mine.md"}}]}]}
    (mine,) = one(rendered({"monitoring": {"prometheusRule": on | {"rules": yaml.safe_dump(own)}}}), "PrometheusRule")["spec"]["groups"][0]["rules"]
    assert mine["alert"] == "Mine" and mine["annotations"]["runbook_url"] == "https://wiki.example/tidegate/Mine.md"


def test_boards_ask_the_database_that_the_gate_writes() -> None:
    """The files name the default one in full."""
    objects = rendered({"clickhouse": {"database": "llm"}, "monitoring": MONITORING})
    asked = [target["rawSql"] for each in objects if "-board-" in each["metadata"]["name"] for text in each["data"].values() for panel in json.loads(text)["panels"] for target in panel["targets"] if "rawSql" in target]
    assert asked and all("FROM llm." in sql and not re.search(r"\btidegate\.", sql) for sql in asked)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"replicaCount": 3}, "replicaCount"),
        ({"workload": "DaemonSet"}, "workload"),
        ({"config": {"store": {"url": "http://elsewhere"}}}, "config/store"),
        ({"config": {"server": {"admin_token": "in the clear"}}}, "config/server"),
        ({"secret": {"name": ""}}, "secret/name"),
        ({"image": {"digest": "latest"}}, "image/digest"),
        ({"ingress": {"enabled": True}}, "ingress.host"),
    ],
)
def test_wrong_values_are_refused_with_their_place(values: dict[str, Any], words: str) -> None:
    """Before anything is installed, and not by a pod that does not start."""
    with pytest.raises(helm_python.HelmError, match=words):
        rendered(values)


def test_no_value_of_the_chart_goes_unchecked() -> None:
    """The schema knows every value that values.yaml shows, and no other."""
    schema = json.loads((CHART / "values.schema.json").read_text())
    assert set(yaml.safe_load((CHART / "values.yaml").read_text())) == set(schema["properties"]) - {"global"}


def test_the_notes_say_how_to_get_in() -> None:
    """What `helm install` prints is the first thing that anybody reads."""
    with helm_python.Chart.load(CHART) as chart:
        (notes,) = [text for name, text in chart.render(values={"workload": "Deployment", "autoscaling": {"enabled": True, "inflight": 9}}, name="prod", namespace=NAMESPACE).items() if name.endswith("NOTES.txt")]
    assert "http://prod-tidegate.llm.svc:80/v1" in notes and "deploy/prod-tidegate -- tidegate doctor" in notes and "is lost" in notes and "tidegate_inflight_requests" in notes
