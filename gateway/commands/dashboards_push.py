"""What `tidegate dashboards push` does: look at what a Grafana has, list what is to be done, do it.

Everything is looked at before anything is written, so that a dry run and a real one show the same list, and a token that lacks a right is refused with
nothing half done. A thing is ours by its uid; a thing of ours that somebody has changed in Grafana is kept, and said, until --force.

How a board that was changed by hand is told: each save carries a message with the digest of what was pushed, and Grafana keeps the messages of a board's
versions. The last version's message is ours with the same digest: nothing to do, whatever a newer Grafana has made of the JSON; ours with another one:
an older push, replaced; not ours: somebody's.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.commands.grafana import Grafana, GrafanaError, said

FOLDER, FOLDER_TITLE = "tidegate", "Tidegate"
PROMETHEUS, CLICKHOUSE = "tidegate-prometheus", "tidegate-clickhouse"
PROMETHEUS_TYPE, CLICKHOUSE_TYPE = "prometheus", "grafana-clickhouse-datasource"
PLUGIN_HELP = (
    f"install it where Grafana runs: grafana cli plugins install {CLICKHOUSE_TYPE} (from 11.5 on also GF_PLUGINS_PREINSTALL={CLICKHOUSE_TYPE}), then restart "
    "Grafana"
)
CREATE, UPDATE, DELETE, UNCHANGED, KEPT = "create", "update", "delete", "unchanged", "kept"
_MESSAGE = re.compile(r"tidegate dashboards push ([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing and what becomes of it. why: for a person, "" if the action says all.  do: None where nothing is to be written."""

    kind: str
    name: str
    action: str
    why: str = ""
    do: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Datasource:
    """One that the boards ask. payload: as Grafana takes it, secrets in secureJsonData; None: it exists already under this uid and is left alone."""

    uid: str
    type: str
    payload: Mapping[str, Any] | None = None

    @property
    def option(self) -> str:
        """What the options about it begin with."""
        return "--prometheus" if self.type == PROMETHEUS_TYPE else "--clickhouse"

    @property
    def server(self) -> str:
        """Where it asks, for a person."""
        assert self.payload is not None
        told = self.payload["jsonData"]
        return str(self.payload.get("url") or f"{told['host']}:{told['port']}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a Grafana shall have. boards: JSON by uid.  groups: of alert rules as alerts/grafana.py makes them, None: leave them alone."""

    folder_title: str | None
    datasources: tuple[Datasource, ...]
    boards: Mapping[str, Mapping[str, Any]]
    groups: Sequence[Mapping[str, Any]] | None
    editable_rules: bool = False
    force: bool = False


def plan(grafana: Grafana, wanted: Wanted) -> list[Step]:
    """The steps in the order in which they are to be done. Only reads.

    Raises GrafanaError: unreachable, refused, something in the way, or the token lacks a right that a step needs.
    """
    grafana_may(grafana, {"folders:read": "see folders", "dashboards:read": "see boards"} | ({"datasources:read": "see data sources"}))
    steps = [_folder(grafana, wanted.folder_title), *(_datasource(grafana, one, wanted.force) for one in wanted.datasources)]
    uids = {one.type: one.uid for one in wanted.datasources}
    steps += [_board(grafana, uid, with_datasources(model, uids), wanted.force) for uid, model in sorted(wanted.boards.items())]
    if wanted.groups is not None:
        steps += _rules(grafana, wanted)
    needs: dict[str, str] = {}
    for step in steps:
        if step.do:
            needs |= _RIGHTS[step.kind, step.action]
    grafana_may(grafana, needs)
    return steps


_LEAVE = " (or leave them out: --no-alert-rules)"
_RIGHTS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("folder", CREATE): {"folders:create": "make the folder"},
    ("folder", UPDATE): {"folders:write": "rename the folder"},
    ("data source", CREATE): {"datasources:create": "make data sources (or name existing ones: --prometheus-uid, --clickhouse-uid)"},
    ("data source", UPDATE): {"datasources:write": "change data sources"},
    ("board", CREATE): {"dashboards:create": "make boards", "dashboards:write": "save boards"},
    ("board", UPDATE): {"dashboards:write": "save boards"},
    **{("alert rules", action): {"alert.provisioning:write": f"write alert rules{_LEAVE}"} for action in (CREATE, UPDATE, DELETE)},
}


def grafana_may(grafana: Grafana, rights: Mapping[str, str]) -> None:
    """Raises GrafanaError, naming each right that the token lacks."""
    if lacking := grafana.missing(rights):
        raise GrafanaError("the token may not do all of this, and nothing was changed; its service account lacks " + "; ".join(lacking), 403)


def digest(thing: object) -> str:
    """16 hexadecimal digits of a JSON value, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(thing, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]


def with_datasources(board: Mapping[str, Any], uids: Mapping[str, str]) -> dict[str, Any]:
    """The board with its data source variables set to these (uids by type)."""
    made = copy.deepcopy(dict(board))
    for variable in made.get("templating", {}).get("list", []):
        uid = uids.get(variable.get("query", "")) if variable.get("type") == "datasource" else None
        if uid and variable.get("current", {}).get("value") != uid:
            variable["current"] = {"selected": True, "text": uid, "value": uid}
    return made


def _folder(grafana: Grafana, title: str | None) -> Step:
    what = "read the folder"
    had = grafana.found(f"/folders/{FOLDER}", what, "folders:read")
    if had is None:
        body = {"uid": FOLDER, "title": title or FOLDER_TITLE}
        return Step("folder", FOLDER, CREATE, body["title"], lambda: grafana.ask("POST", "/folders", "create the folder", "folders:create", json=body))
    if title and had["title"] != title:
        change = {"title": title, "version": had["version"]}
        return Step("folder", FOLDER, UPDATE, title, lambda: grafana.ask("PUT", f"/folders/{FOLDER}", "rename the folder", "folders:write", json=change))
    return Step("folder", FOLDER, UNCHANGED)


def _datasource(grafana: Grafana, wanted: Datasource, force: bool) -> Step:
    kind, right = "data source", "datasources:read"
    had = grafana.found(f"/datasources/uid/{wanted.uid}", f"read the data source {wanted.uid}", right)
    if wanted.payload is None:
        if had is None:
            raise GrafanaError(
                f"there is no data source with the uid {wanted.uid}, and nothing was changed; {wanted.option}-url makes one, {wanted.option}-uid names one "
                "that is there (Connections, Data sources: its uid is the end of its page's address)"
            )
        if had["type"] != wanted.type:
            raise GrafanaError(f"the data source {wanted.uid} is of type {said(had['type'])}, not {wanted.type}, and nothing was changed")
        return Step(kind, wanted.uid, UNCHANGED, "left alone")
    payload = wanted.payload
    if had is None:
        if wanted.type == CLICKHOUSE_TYPE and _lacks_plugin(grafana):
            raise GrafanaError(f"Grafana lacks the plugin {CLICKHOUSE_TYPE}, and nothing was changed; {PLUGIN_HELP}")
        others = grafana.ask("GET", "/datasources", "list the data sources", right)
        for other in others:
            if other["name"] == payload["name"]:
                raise GrafanaError(
                    f"there is a data source named {payload['name']} that is not this command's (uid {said(other['uid'])}), and nothing was changed; "
                    f"rename it, or use it: {wanted.option}-uid {said(other['uid'])}"
                )
        what, why = f"create the data source {wanted.uid}", wanted.server
        if wanted.type == CLICKHOUSE_TYPE and not payload.get("secureJsonData"):
            why += ", without a password"
        return Step(kind, wanted.uid, CREATE, why, lambda: grafana.ask("POST", "/datasources", what, "datasources:create", json=payload))
    if had["type"] != wanted.type:
        kinds = f"of type {said(had['type'])}, not {wanted.type}"
        raise GrafanaError(f"the data source {wanted.uid} is {kinds}, and nothing was changed; give it another uid, or remove it")
    same = all(had.get(key) == value for key, value in payload.items() if key not in ("jsonData", "secureJsonData", "isDefault", "name"))
    same = same and all(had.get("jsonData", {}).get(key) == value for key, value in payload["jsonData"].items())
    secrets = payload.get("secureJsonData", {})
    same = same and all(had.get("secureJsonFields", {}).get(key) for key in secrets)
    if had.get("readOnly"):
        return Step(kind, wanted.uid, UNCHANGED if same else KEPT, "provisioned from a file" + ("" if same else " that says otherwise: change it there"))
    if same and not (secrets and force):
        return Step(kind, wanted.uid, UNCHANGED, "whether its password is the same cannot be seen; --force writes it" if secrets else "")
    # what somebody has set beside ours stays: other keys, its name, whether it is the default
    theirs = {"name": had["name"], "isDefault": had.get("isDefault", False), "jsonData": {**had.get("jsonData", {}), **payload["jsonData"]}}
    path, change = f"/datasources/uid/{wanted.uid}", {**had, **payload, **theirs}
    what = f"change the data source {wanted.uid}"
    return Step(kind, wanted.uid, UPDATE, wanted.server, lambda: grafana.ask("PUT", path, what, "datasources:write", json=change))


def _lacks_plugin(grafana: Grafana) -> bool:
    try:
        return grafana.found(f"/plugins/{CLICKHOUSE_TYPE}/settings", "see the plugins") is None
    except GrafanaError as e:
        if e.status == 403:  # who may make data sources need not see plugins: then Grafana itself refuses, or the boards do
            return False
        raise


def _board(grafana: Grafana, uid: str, model: Mapping[str, Any], force: bool) -> Step:
    mark = f"tidegate dashboards push {digest(model)}"

    def save(folder: str, version: int | None) -> Callable[[], object]:
        numbered = {**model, "id": None, "uid": uid} | ({"version": version} if version else {})
        body = {"dashboard": numbered, "folderUid": folder, "message": mark, "overwrite": version is None}
        return lambda: grafana.ask("POST", "/dashboards/db", f"save the board {uid}", "dashboards:write", json=body)

    had = grafana.found(f"/dashboards/uid/{uid}", f"read the board {uid}", "dashboards:read")
    if had is None:
        return Step("board", uid, CREATE, str(model["title"]), save(FOLDER, 0))
    version, folder = had["dashboard"]["version"], had["meta"].get("folderUid", "")  # one that was moved stays where it was put
    same = _as_saved(had["dashboard"]) == _as_saved(model)
    if had["meta"].get("provisioned"):
        why = "provisioned from a file" + ("" if same else " that is older or newer than this: change it there")
        return Step("board", uid, UNCHANGED if same else KEPT, why)
    last = _last_message(grafana, uid)
    if same or last == mark:
        return Step("board", uid, UNCHANGED)
    if _MESSAGE.fullmatch(last):
        return Step("board", uid, UPDATE, "", save(folder, version))  # by version: a change made meanwhile is refused (412), not lost
    if force:
        return Step("board", uid, UPDATE, f"replaces what was saved by hand as version {version}; it stays in the board's history", save(folder, None))
    return Step("board", uid, KEPT, f"changed in Grafana (version {version}): save yours under another name, then --force replaces it")


def _last_message(grafana: Grafana, uid: str) -> str:
    """The message of a board's last version; "" without one. Grafana's answer: a list in older versions, an object with it in newer ones."""
    listed = grafana.ask("GET", f"/dashboards/uid/{uid}/versions?limit=1", f"read the versions of the board {uid}", "dashboards:write")
    versions = listed.get("versions", []) if isinstance(listed, dict) else listed
    return max(versions, key=lambda one: one["version"]).get("message", "") if versions else ""


def _as_saved(model: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in model.items() if key not in ("id", "uid", "version")}


# -- alert rules -------------------------------------------------------------------------------------------------------------------------------------


def _rules(grafana: Grafana, wanted: Wanted) -> list[Step]:
    kind, read, write = "alert rules", "alert.provisioning:read", "alert.provisioning:write"
    headers = {"X-Disable-Provenance": "true"} if wanted.editable_rules else {}
    grafana_may(grafana, {read: f"see alert rules{_LEAVE}"})
    steps = []
    assert wanted.groups is not None
    for group in wanted.groups:
        path = f"/v1/provisioning/folder/{FOLDER}/rule-groups/{group['title']}"
        had = grafana.found(path, f"read the rules {group['title']}", read)

        def put(path: str = path, group: Mapping[str, Any] = group) -> object:
            return grafana.ask("PUT", path, f"write the rules {group['title']}", write, json=group, headers=headers)

        size = f"{len(group['rules'])} rules"
        if had is None:
            steps.append(Step(kind, group["title"], CREATE, size, put))
            continue
        provenances = {rule.get("provenance", "") for rule in had["rules"]}
        same = had["interval"] == group["interval"] and _essences(had) == _essences(group)
        if same and provenances == {"" if wanted.editable_rules else "api"}:
            steps.append(Step(kind, group["title"], UNCHANGED, size))
        elif not provenances <= {"", "api"}:
            steps.append(Step(kind, group["title"], KEPT, "provisioned from a file, which alone may change them"))
        elif not same and "" in provenances and not wanted.force:
            steps.append(Step(kind, group["title"], KEPT, "they differ and can be edited in Grafana, so somebody may have: --force replaces them"))
        else:
            steps.append(Step(kind, group["title"], UPDATE, size, put))
    ours = {rule["uid"] for group in wanted.groups for rule in group["rules"]}
    titles = {group["title"] for group in wanted.groups}
    for rule in grafana.ask("GET", "/v1/provisioning/alert-rules", "list the alert rules", read):
        # in a group of ours it goes when the group is replaced
        made_here = rule.get("folderUID") == FOLDER and str(rule.get("uid", "")).startswith("tidegate-")
        if made_here and rule["uid"] not in ours and rule["ruleGroup"] not in titles:
            path = f"/v1/provisioning/alert-rules/{rule['uid']}"

            def drop(path: str = path, title: str = rule["title"]) -> object:
                return grafana.ask("DELETE", path, f"delete the rule {title}", write, headers=headers)

            steps.append(Step(kind, rule["title"], DELETE, "no longer among the rules", drop))
    return steps


def _essences(group: Mapping[str, Any]) -> list[dict[str, Any]]:
    return sorted(map(essence, group["rules"]), key=lambda one: str(one["uid"]))


def essence(rule: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a rule what it is: without what Grafana adds to it, and with one spelling of durations."""
    told = ("expr", "instant", "type", "expression", "conditions")
    queries = [(query["refId"], query["datasourceUid"], {key: query["model"].get(key) for key in told}) for query in rule["data"]]
    plain = {key: rule.get(key) for key in ("uid", "title", "condition", "noDataState", "execErrState")}
    return {**plain, "for": seconds(rule["for"]), "labels": rule.get("labels") or {}, "annotations": rule.get("annotations") or {}, "data": queries}


_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}


def seconds(duration: str) -> float:
    """ "1h30m" as 5400."""
    return sum(int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)(ms|[smhdwy])", duration))


def apply(steps: Iterable[Step], done: Callable[[Step], None]) -> None:
    """Do what is to be done, in order; `done` is told of each step. Raises GrafanaError at the first that fails: what came before it stays."""
    for step in steps:
        if step.do:
            step.do()
        done(step)
