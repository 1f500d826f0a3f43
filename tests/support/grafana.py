"""A Grafana that is none: the part of its HTTP API that `tidegate dashboards push` speaks to, and its refusals, on a free port of loopback.

    with Grafana() as grafana:
        push(grafana.url, token=grafana.token)
        assert grafana.boards["tidegate-overview"].now["title"] == "Overview"
        assert grafana.writes == []                       what was asked with another method than GET

No Grafana can be installed where these tests run: there is none on any package registry that they may use. What is enforced here is what Grafana's
pages "Dashboard HTTP API", "Dashboard Versions HTTP API", "Folder HTTP API", "Data source HTTP API", "Alerting Provisioning HTTP API",
"Authentication HTTP API", "Service account HTTP API" and "Other HTTP API" state; where a page is silent (texts of refusals, what is checked of a rule),
what Grafana's published source does. So what passes here is proven against the documents and not against a Grafana: not proven are the drawing of
panels, the evaluation of rules, what newer versions rewrite in a board that they store, and single sign-on in front of it.
"""

from __future__ import annotations

import asyncio
import base64
import copy
import json
import re
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from aiohttp import web

UID = re.compile(r"[a-zA-Z0-9_-]{1,40}")  # "Dashboard HTTP API", "Folder HTTP API": at most 40 characters
DURATION = re.compile(r"(?:\d+(?:ms|[smhdwy]))+")
EXPRESSIONS = ("__expr__", "-100")  # both names of Grafana's own expressions appear in "Alerting Provisioning HTTP API"
COMMANDS = ("math", "reduce", "resample", "threshold", "classic_conditions", "sql")
ADMIN = frozenset(
    "folders:create folders:read folders:write dashboards:create dashboards:read dashboards:write datasources:create datasources:read datasources:write "
    "alert.provisioning:read alert.provisioning:write".split()
)
EDITOR = frozenset("folders:create folders:read folders:write dashboards:create dashboards:read dashboards:write".split())
VIEWER = frozenset({"folders:read", "dashboards:read"})
RIGHTS, BODY = web.RequestKey("rights", frozenset[str]), web.RequestKey("body", object)


class Asked(NamedTuple):
    """One request as it came. json: its body, None without one."""

    method: str
    path: str
    headers: Mapping[str, str]
    json: Any


@dataclass(slots=True)
class Board:
    """versions: (message, model) from the first on; a version's number is its place, from 1."""

    id: int
    folder: str
    versions: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    provisioned: bool = False

    @property
    def now(self) -> dict[str, Any]:
        return self.versions[-1][1]

    def save(self, message: str, model: Mapping[str, Any]) -> None:
        self.versions.append((message, {**model, "id": self.id, "version": len(self.versions) + 1}))


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, code: int, message: str, /, **more: str) -> None:
        super().__init__(message)
        self.code, self.body = code, {"message": message, **more}


class Grafana:
    """One server with its state.

    prefix: the path that it is served below.  same_titles: whether a folder takes two boards of one title, as newer versions do.  tls: serve HTTPS.
    tokens: what each allows.  users: passwords of those with every right.  answer_with: a reply in the place of the server's own, if it is not None.
    """

    def __init__(self, *, version: str = "12.4.0", prefix: str = "", same_titles: bool = True, tls: ssl.SSLContext | None = None) -> None:
        self.version, self.prefix, self.same_titles, self.tls = version, prefix, same_titles, tls
        self.plugins = {"grafana-clickhouse-datasource"}
        self.token = "glsa_test_of_an_admin"
        self.tokens: dict[str, frozenset[str]] = {self.token: ADMIN}
        self.users = {"admin": "correct horse"}
        self.asked: list[Asked] = []
        self.folders: dict[str, dict[str, Any]] = {}
        self.datasources: dict[str, dict[str, Any]] = {}
        self.secrets: dict[str, dict[str, str]] = {}
        self.boards: dict[str, Board] = {}
        self.rules: dict[str, dict[str, Any]] = {}
        self.intervals: dict[tuple[str, str], int] = {}
        self.knows_permissions = True
        self.answer_with: Callable[[web.Request], web.Response | None] = lambda request: None
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._ids = iter(range(1, 10_000))
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def writes(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.method != "GET"]

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)

    def _serve(self) -> None:
        async def begin() -> web.AppRunner:
            app = web.Application(middlewares=[self._enforce])
            for method, path, needs, handle in self._routes():
                app.router.add_route(method, f"{self.prefix}/api{path}", self._allowed(needs, handle))
            runner = web.AppRunner(app)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self.tls).start()
            self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{runner.addresses[0][1]}{self.prefix}"
            return runner

        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(begin())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    def _routes(self) -> list[tuple[str, str, str, Callable[[web.Request, Any], Any]]]:
        """Method, path, the right that the page of it names ("": anybody who is signed in), what answers."""
        return [
            ("GET", "/health", "", lambda r, b: {"commit": "0", "database": "ok", "version": self.version}),
            ("GET", "/frontend/settings", "", lambda r, b: {"buildInfo": {"version": self.version, "commit": "0"}}),
            ("GET", "/access-control/user/permissions", "", self._permissions),
            ("GET", "/plugins/{id}/settings", "", self._plugin),
            ("GET", "/folders/{uid}", "folders:read", lambda r, b: self._there(self.folders, r, "folder not found")),
            ("POST", "/folders", "folders:create", self._create_folder),
            ("PUT", "/folders/{uid}", "folders:write", self._update_folder),
            ("GET", "/datasources", "datasources:read", lambda r, b: list(self.datasources.values())),
            ("GET", "/datasources/uid/{uid}", "datasources:read", lambda r, b: self._there(self.datasources, r, "Data source not found")),
            ("POST", "/datasources", "datasources:create", self._create_datasource),
            ("PUT", "/datasources/uid/{uid}", "datasources:write", self._update_datasource),
            ("POST", "/dashboards/db", "dashboards:write", self._save_board),
            ("GET", "/dashboards/uid/{uid}", "dashboards:read", self._board),
            ("GET", "/dashboards/uid/{uid}/versions", "dashboards:write", self._versions),
            ("GET", "/v1/provisioning/alert-rules", "alert.provisioning:read", lambda r, b: list(self.rules.values())),
            ("DELETE", "/v1/provisioning/alert-rules/{uid}", "alert.provisioning:write", self._delete_rule),
            ("GET", "/v1/provisioning/folder/{folder}/rule-groups/{group}", "alert.provisioning:read", self._group),
            ("PUT", "/v1/provisioning/folder/{folder}/rule-groups/{group}", "alert.provisioning:write", self._replace_group),
        ]

    @web.middleware
    async def _enforce(self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
        body = await request.read()
        try:
            said = json.loads(body) if body else None
        except ValueError:
            said = body
        self.asked.append(Asked(request.method, request.path.removeprefix(self.prefix), dict(request.headers), said))
        if (other := self.answer_with(request)) is not None:
            return other
        try:
            if not request.path.endswith("/api/health"):  # "Other HTTP API": alone needs nobody to be signed in
                request[RIGHTS] = self._signed_in(request)
            # "Dashboard HTTP API", "Folder HTTP API": 400 for invalid JSON; every example sends application/json
            if request.method in ("POST", "PUT") and (request.content_type != "application/json" or not isinstance(said, dict)):
                raise Refused(400, "bad request data")
            request[BODY] = said
            return await handler(request)
        except Refused as e:
            return web.json_response(e.body, status=e.code)

    def _signed_in(self, request: web.Request) -> frozenset[str]:
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Bearer" and value in self.tokens:
            return self.tokens[value]
        if scheme == "Basic":
            user, _, password = base64.b64decode(value).decode().partition(":")
            if self.users.get(user) == password:
                return ADMIN
        raise Refused(401, "Invalid API key" if scheme == "Bearer" else "Unauthorized")  # every page: 401 Unauthorized

    def _allowed(self, needs: str, handle: Callable[[web.Request, Any], Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            finer = needs.replace("alert.provisioning", "alert.rules.provisioning")  # "RBAC permissions, actions, and scopes": of rules alone
            if needs and not request[RIGHTS] & {needs, finer}:  # every page: 403 Access denied
                raise Refused(403, f"You'll need additional permissions to perform this action. Permissions needed: {needs}", title="Access denied")
            made = handle(request, request[BODY])
            if made is None:
                return web.Response(status=204)
            return web.json_response(copy.deepcopy(made), status=200)

        return answer

    @staticmethod
    def _there(things: Mapping[str, Any], request: web.Request, absent: str) -> Any:
        if request.match_info["uid"] not in things:
            raise Refused(404, absent)
        return things[request.match_info["uid"]]

    def _permissions(self, request: web.Request, body: Any) -> Any:
        """ "Service accounts": "List a service account token's permissions"; older versions have no such address."""
        if not self.knows_permissions:
            raise Refused(404, "Not found")
        return {right: ["*"] for right in request[RIGHTS]}

    def _plugin(self, request: web.Request, body: Any) -> Any:
        if request.match_info["id"] not in self.plugins:
            raise Refused(404, "Plugin not found, no installed plugin with that id")
        return {"id": request.match_info["id"], "type": "datasource", "enabled": True}

    # -- folders -------------------------------------------------------------------------------------------------------------------------------------

    def _create_folder(self, request: web.Request, body: Any) -> Any:
        uid, title = body.get("uid") or f"made{next(self._ids)}", body.get("title")
        if not title:
            raise Refused(400, "folder title cannot be empty")  # "Folder HTTP API": 400 missing or invalid fields
        if not UID.fullmatch(uid):
            raise Refused(400, "invalid uid for folder provided")
        if uid in self.folders:
            raise Refused(409, "a folder/dashboard with the same uid already exists")  # "Folder HTTP API": 409 Folder already exists
        self.folders[uid] = {"id": next(self._ids), "uid": uid, "title": title, "version": 1, "url": f"/dashboards/f/{uid}/x"}
        return self.folders[uid]

    def _update_folder(self, request: web.Request, body: Any) -> Any:
        folder = self._there(self.folders, request, "folder not found")
        if not body.get("overwrite") and body.get("version") != folder["version"]:
            raise Refused(412, "the folder has been changed by someone else", status="version-mismatch")  # "Folder HTTP API": 412
        folder |= {"title": body.get("title") or folder["title"], "version": folder["version"] + 1}
        return folder

    # -- data sources --------------------------------------------------------------------------------------------------------------------------------

    def _create_datasource(self, request: web.Request, body: Any) -> Any:
        for name in ("name", "type", "access"):
            if not body.get(name):
                raise Refused(400, f"bad request data: {name} is required")
        uid = body.get("uid") or f"made{next(self._ids)}"
        if not UID.fullmatch(uid):
            raise Refused(400, "invalid UID")
        if any(other["name"] == body["name"] for other in self.datasources.values()):
            raise Refused(409, "data source with the same name already exists")  # "Data source HTTP API" gives no code; Grafana's API specification: 409
        if uid in self.datasources:
            raise Refused(409, "data source with the same uid already exists")
        return self._keep_datasource(uid, body, {"id": next(self._ids), "version": 0}, "Datasource added")

    def _update_datasource(self, request: web.Request, body: Any) -> Any:
        had = self._there(self.datasources, request, "Data source not found")
        if had["readOnly"]:
            raise Refused(403, "Cannot update read-only data source")
        if body.get("version") not in (None, had["version"]):
            raise Refused(409, "Datasource has already been updated by someone else. Please reload and try again")
        return self._keep_datasource(request.match_info["uid"], body, had, "Datasource updated")

    def _keep_datasource(self, uid: str, body: Mapping[str, Any], had: Mapping[str, Any], message: str) -> Any:
        self.secrets.setdefault(uid, {}).update(body.get("secureJsonData") or {})
        plain = {"user": "", "database": "", "basicAuth": False, "basicAuthUser": "", "isDefault": False, "readOnly": False, "url": "", "jsonData": {}}
        kept = {**plain, **{k: v for k, v in body.items() if k != "secureJsonData"}, "id": had["id"], "orgId": 1, "uid": uid, "version": had["version"] + 1}
        # "Data source HTTP API": what was in secureJsonData never comes back, only that it is set
        self.datasources[uid] = kept | {"secureJsonFields": dict.fromkeys(self.secrets[uid], True)}
        return {"datasource": self.datasources[uid], "id": kept["id"], "message": message, "name": kept["name"]}

    # -- boards --------------------------------------------------------------------------------------------------------------------------------------

    def _save_board(self, request: web.Request, body: Any) -> Any:
        model = body.get("dashboard")
        if not isinstance(model, dict):
            raise Refused(400, "bad request data")
        uid, title, folder = model.get("uid") or f"made{next(self._ids)}", model.get("title"), body.get("folderUid", "")
        if not title:
            raise Refused(400, "Dashboard title cannot be empty", status="empty-name")
        if len(uid) > 40:
            raise Refused(400, "uid too long, max 40 characters")  # "Dashboard HTTP API": "a maximum length of 40 characters"
        if not UID.fullmatch(uid):
            raise Refused(400, "uid contains illegal characters")
        if len(body.get("message", "")) > 500:
            raise Refused(400, "message too long, max 500 characters")
        _check_model(model)
        if folder and folder not in self.folders:
            raise Refused(404, "Folder not found")
        if model.get("id") and all(board.id != model["id"] for board in self.boards.values()):
            raise Refused(404, "Dashboard not found", status="not-found")
        had = self.boards.get(uid)
        if had and had.provisioned:
            raise Refused(400, "Cannot save provisioned dashboard")
        if had and not body.get("overwrite") and model.get("version") != len(had.versions):
            # "Dashboard HTTP API": 412, status=version-mismatch, or name-exists where no version is given
            if model.get("version"):
                raise Refused(412, "The dashboard has been changed by someone else", status="version-mismatch")
            raise Refused(412, "A dashboard with the same uid already exists", status="name-exists")
        if not self.same_titles and any(other.folder == folder and other.now["title"] == title for name, other in self.boards.items() if name != uid):
            raise Refused(412, "A dashboard with the same name in the folder already exists", status="name-exists")  # "Dashboard HTTP API" of 10.0
        board = self.boards.setdefault(uid, Board(next(self._ids), folder))
        board.folder = folder  # "Dashboard HTTP API": without folderUid it moves to the root
        board.save(body.get("message", ""), {**model, "uid": uid})
        return {"id": board.id, "uid": uid, "url": f"/d/{uid}/x", "status": "success", "version": len(board.versions), "slug": "x"}

    def _board(self, request: web.Request, body: Any) -> Any:
        board: Board = self._there(self.boards, request, "Dashboard not found")
        return {"dashboard": board.now, "meta": {"folderUid": board.folder, "version": len(board.versions), "provisioned": board.provisioned}}

    def _versions(self, request: web.Request, body: Any) -> Any:
        board: Board = self._there(self.boards, request, "Dashboard not found")
        listed = [{"version": n, "message": message, "createdBy": "x"} for n, (message, _) in enumerate(board.versions, 1)][::-1]
        listed = listed[: int(request.query.get("limit", 1000))]
        # "Dashboard Versions HTTP API": a list in older versions, an object with a token to continue in newer ones
        return listed if int(self.version.split(".")[0]) < 12 else {"continueToken": "", "versions": listed}

    # -- alert rules ---------------------------------------------------------------------------------------------------------------------------------

    def _in_group(self, request: web.Request) -> list[dict[str, Any]]:
        folder, group = request.match_info["folder"], request.match_info["group"]
        return [rule for rule in self.rules.values() if rule["folderUID"] == folder and rule["ruleGroup"] == group]

    def _group(self, request: web.Request, body: Any) -> Any:
        if not (rules := self._in_group(request)):
            raise Refused(404, "rule group not found")
        folder, group = request.match_info["folder"], request.match_info["group"]
        return {"title": group, "folderUid": folder, "interval": self.intervals[folder, group], "rules": rules}

    def _replace_group(self, request: web.Request, body: Any) -> Any:
        """ "Alerting Provisioning HTTP API": replaces the group whole; 400 what is invalid; provenance "api" unless X-Disable-Provenance is sent."""
        folder, group = request.match_info["folder"], request.match_info["group"]
        provenance = "" if "X-Disable-Provenance" in request.headers else "api"
        if folder not in self.folders:
            raise Refused(400, "invalid alert rule: folder does not exist")
        if not isinstance(body.get("interval"), int) or body["interval"] <= 0 or body["interval"] % 10:
            raise Refused(400, "invalid alert rule: interval should be non-zero and divided exactly by scheduler interval: 10")
        had, rules = self._in_group(request), body.get("rules", [])
        for rule in had:
            if rule["provenance"] not in ("", provenance, "" if provenance else "api"):
                raise Refused(500, f"cannot update with provided provenance '{provenance}', needs '{rule['provenance']}'")
        outside = {r["title"] for r in self.rules.values() if r["folderUID"] == folder and r not in had and r["uid"] not in {n.get("uid") for n in rules}}
        for rule in rules:
            _check_rule(rule, self.datasources)
            if rule["title"] in outside:
                raise Refused(400, "a conflicting alert rule is found: rule title under the same organisation and folder should be unique")
            outside.add(rule["title"])
        for rule in had:
            del self.rules[rule["uid"]]
        for rule in copy.deepcopy(rules):
            for query in rule["data"]:
                query["model"] = {"intervalMs": 1000, "maxDataPoints": 43200, **query["model"]}
            uid = rule.get("uid") or f"made{next(self._ids)}"
            stored = {"id": next(self._ids), "isPaused": False, "notification_settings": None, "record": None, "updated": "2026-01-01T00:00:00Z", **rule}
            self.rules[uid] = stored | {"uid": uid, "orgID": 1, "folderUID": folder, "ruleGroup": group, "provenance": provenance}
        self.intervals[folder, group] = body["interval"]
        return body

    def _delete_rule(self, request: web.Request, body: Any) -> Any:
        had = self.rules.get(request.match_info["uid"])
        if had and had["provenance"] not in ("", "" if "X-Disable-Provenance" in request.headers else "api"):
            raise Refused(500, "cannot delete with provided provenance")
        self.rules.pop(request.match_info["uid"], None)


def _check_model(model: Mapping[str, Any]) -> None:
    """What of a board's model makes it one that cannot be shown ("Dashboard JSON model")."""
    panels = model.get("panels", [])
    if not isinstance(model.get("schemaVersion"), int) or not isinstance(panels, list) or not all(isinstance(p, dict) and p.get("type") for p in panels):
        raise Refused(400, "bad request data")
    numbers = [inner["id"] for p in panels for inner in (p, *p.get("panels", [])) if "id" in inner]
    if len(numbers) != len(set(numbers)):
        raise Refused(400, "bad request data: panels share an id")


def _check_rule(rule: Mapping[str, Any], datasources: Mapping[str, Any]) -> None:
    def invalid(why: str) -> Refused:
        return Refused(400, f"invalid alert rule: {why}")

    # "Alerting Provisioning HTTP API", ProvisionedAlertRule: what is required
    for name in ("title", "condition", "data", "noDataState", "execErrState", "for", "folderUID", "ruleGroup", "orgID"):
        if not rule.get(name):
            raise invalid(f"{name} is missing")
    if len(rule["title"]) > 190 or len(rule["ruleGroup"]) > 190:
        raise invalid("a name is too long, 190 characters are the most")
    if rule.get("uid") and not UID.fullmatch(rule["uid"]):
        raise invalid("cannot create rule with UID")
    if rule["noDataState"] not in ("OK", "NoData", "Alerting", "KeepLast") or rule["execErrState"] not in ("OK", "Error", "Alerting", "KeepLast"):
        raise invalid("unknown state option")
    if not DURATION.fullmatch(rule["for"]):
        raise invalid("not a valid duration string")
    if rule["condition"] not in {query.get("refId") for query in rule["data"]}:
        raise invalid(f"condition {rule['condition']} does not exist")
    for query in rule["data"]:
        expression = query.get("datasourceUid") in EXPRESSIONS
        if not expression and query.get("datasourceUid") not in datasources:
            raise invalid(f"data source not found: {query.get('datasourceUid')}")
        span = query.get("relativeTimeRange") or {}
        if not expression and not span.get("from", 0) > span.get("to", 0):
            raise invalid("invalid relative time range")
        if not isinstance(query.get("model"), dict) or (expression and query["model"].get("type") not in COMMANDS):
            raise invalid("unknown expression")
    notes = rule.get("annotations") or {}
    if ("__dashboardUid__" in notes) != ("__panelId__" in notes):
        raise invalid("both annotations __dashboardUid__ and __panelId__ must be specified")
    if not all(isinstance(v, str) for v in [*notes.values(), *(rule.get("labels") or {}).values()]):
        raise invalid("bad request data")
