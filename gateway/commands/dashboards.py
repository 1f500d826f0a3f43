"""`tidegate dashboards`: write the Grafana boards and the alert rules to files, or bring them to a Grafana.

The boards are JSON that ships with Tidegate; from a checkout with the extra "dashboards" they are built anew. The alert rules are rendered from the
configuration's objectives each time.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gateway.commands.base import DEFAULT_CONFIG, NOT_SO, OK, Command, OutputFailed, complain, config_option, settings
from gateway.errors import ConfigError

if TYPE_CHECKING:
    from dashboards.alerts.objectives import Objectives
    from gateway.commands.dashboards_push import Datasource, Step
    from gateway.commands.grafana import Credential

EXAMPLES = """\
  tidegate dashboards build --out observability
  tidegate dashboards push --grafana https://grafana.example --token-file token --prometheus-url http://prometheus:9090 \\
      --clickhouse-url http://clickhouse:8123 --dry-run
  GRAFANA_TOKEN=... tidegate dashboards push --grafana https://grafana.example --prometheus-uid main --clickhouse-uid ch --no-alert-rules
"""
TWICE = "A Prometheus that loads tidegate.rules.yaml fires the same alerts: use one of the two, and --no-alert-rules where it is Prometheus"
OUT = Path("tidegate-dashboards")
READER = "tidegate_reader"
QUERY_TIMEOUT = "50"  # seconds: the plugin's driver asks for 5 more (max_execution_time), and the reader may not go above 60


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    build = actions.add_parser(
        "build",
        help="write boards and alert rules to files",
        description="Write boards/*.json and prometheus/tidegate.rules.yaml (from the objectives in the configuration) into a directory.",
        epilog="example: tidegate dashboards build --out observability",
    )
    build.add_argument("--out", type=Path, metavar="DIR", default=OUT, help=f"where to (default: {OUT})")
    build.add_argument("--boards", type=Path, metavar="DIR", help="where the boards go instead (default: boards, in --out)")
    build.add_argument("--rules", type=Path, metavar="FILE", help="where the rules go instead (default: prometheus/tidegate.rules.yaml, in --out)")
    build.add_argument("--check", action="store_true", help="write nothing; exit 1 and name what differs")
    push = actions.add_parser(
        "push",
        help="bring folder, data sources, boards and alert rules to a Grafana",
        description="Bring folder, data sources, boards and alert rules to a Grafana. What is the same already is left alone; what was changed by hand is "
        f"kept, and the exit code is 1, unless --force. {TWICE}.",
        epilog="The token: GRAFANA_TOKEN or --token-file, of a service account with the role Admin (Editor, if data sources exist already and with "
        "--no-alert-rules); or GRAFANA_USER and GRAFANA_PASSWORD. A proxy is used if HTTPS_PROXY names one. The password of ClickHouse: "
        "TIDEGATE_READER_PASSWORD or --clickhouse-password-file. "
        'Needs the extra "dashboards", installed in an environment of its own: it brings an HTTP client that puts itself over urllib3.',
    )
    push.add_argument("--grafana", required=True, metavar="URL", help="where Grafana is, with its path if it has one")
    push.add_argument("--token-file", type=Path, metavar="FILE", help="a file that holds the token alone")
    push.add_argument("--ca-file", type=Path, metavar="FILE", help="trust this authority (PEM) in the place of the machine's")
    push.add_argument("--timeout", type=float, default=15.0, metavar="S", help="seconds that a request may take (default: 15)")
    push.add_argument("--folder", metavar="NAME", help="the folder's title (default: Tidegate, or what it is called there already)")
    for kind, example in (("prometheus", "http://prometheus:9090"), ("clickhouse", "http://clickhouse:8123")):
        which = push.add_mutually_exclusive_group()
        made = f"make or change the data source tidegate-{kind} to ask here, as Grafana sees it ({example})"
        which.add_argument(f"--{kind}-url", metavar="URL", help=made)
        which.add_argument(f"--{kind}-uid", metavar="UID", help="use this data source, which exists already, and leave it as it is")
    push.add_argument("--clickhouse-user", metavar="NAME", default=READER, help=f"who asks there; may only read (default: {READER})")
    push.add_argument("--clickhouse-password-file", type=Path, metavar="FILE", help="a file that holds its password alone")
    push.add_argument("--no-alert-rules", action="store_true", help="leave Grafana's alert rules alone: Prometheus has them")
    push.add_argument("--editable-rules", action="store_true", help="let people edit the rules in Grafana (X-Disable-Provenance); later pushes ask for --force")
    push.add_argument("--force", action="store_true", help="replace what was changed by hand, and write passwords anew")
    push.add_argument("--dry-run", action="store_true", help="only show what would be done")
    push.add_argument("--json", action="store_true", help="print JSON")
    for action, run in ((build, _build), (push, _push)):
        config_option(action)
        action.add_argument("--default-objectives", action="store_true", help="take Tidegate's own objectives, whatever a configuration says")
        action.set_defaults(act=run)


def _run(args: argparse.Namespace) -> int:
    code: int = args.act(args)
    return code


def _objectives(args: argparse.Namespace) -> Objectives:
    """Those of the configuration, or Tidegate's own if there is none and none was asked for."""
    from dashboards.alerts.objectives import Objectives

    if args.default_objectives or (args.config is None and not DEFAULT_CONFIG.exists()):
        return Objectives()
    return settings(args).objectives.meant


# -- build -------------------------------------------------------------------------------------------------------------------------------------------


def _build(args: argparse.Namespace) -> int:
    from dashboards.alerts.render import text as rules_text
    from dashboards.build import spelled

    objectives = _objectives(args)
    boards = args.boards or args.out / "boards"
    rules = args.rules or args.out / "prometheus" / "tidegate.rules.yaml"
    made = {boards / f"{uid}.json": spelled(model) for uid, model in _boards(objectives).items()} | {rules: rules_text(objectives)}
    if not args.check:
        for path, text in made.items():
            _write(path, text)
        print("\n".join(map(str, made)))
        return OK
    differ = [f"{path}: is missing" for path in made if not path.exists()]
    differ += [f"{path}: differs" for path, text in made.items() if path.exists() and path.read_text(encoding="utf-8") != text]
    differ += [f"{path}: is none of the boards" for path in sorted(boards.glob("*.json")) if path not in made]
    for line in differ:
        print(line)
    return NOT_SO if differ else OK


def packaged() -> dict[str, dict[str, Any]]:
    """The boards that ship with Tidegate, by uid."""
    files = resources.files("dashboards").joinpath("boards").iterdir()
    return {file.name.removesuffix(".json"): json.loads(file.read_text(encoding="utf-8")) for file in files if file.name.endswith(".json")}


def _boards(objectives: Objectives) -> dict[str, dict[str, Any]]:
    """Built, with the objectives drawn in; without the extra that builds them those that ship, which show the default ones."""
    from dashboards.build import boards

    try:
        return boards(objectives)
    except ModuleNotFoundError as e:
        if not (e.name or "").startswith("grafana_foundation_sdk"):
            raise
        return packaged()


def _write(path: Path, text: str) -> None:
    """There under its name only when it is whole; readable by whoever may read new files here (Prometheus and Grafana run as others)."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as e:
        raise OutputFailed(e) from e


# -- push --------------------------------------------------------------------------------------------------------------------------------------------


def _push(args: argparse.Namespace) -> int:
    from gateway.commands.dashboards_push import FOLDER, KEPT, Wanted, apply, plan
    from gateway.commands.grafana import GrafanaError, address, connect

    scheme, host, _, _ = address(args.grafana)
    credential = _credential(args)
    if args.ca_file and not args.ca_file.is_file():
        raise ConfigError([f"--ca-file {args.ca_file}: no such file"])
    sources = _datasources(args)
    objectives = _objectives(args)
    boards = _boards(objectives)
    rules = None
    if not args.no_alert_rules:
        from dashboards.alerts.grafana import groups_of
        from dashboards.alerts.render import groups

        alone = groups(objectives, recorded=False)
        rules = groups_of(alone, datasource=sources[0].uid, folder=FOLDER, runbooks=objectives.runbooks, boards=boards)
    if scheme == "http" and host not in ("127.0.0.1", "[::1]", "localhost"):
        complain(f"{args.grafana} is not https: whoever is on the way sees the token")
    grafana = connect(args.grafana, credential, timeout=args.timeout, ca_file=str(args.ca_file) if args.ca_file else None)
    steps = plan(grafana, Wanted(args.folder, sources, boards, rules, editable_rules=args.editable_rules, force=args.force))
    if not args.json:
        print(f"Grafana {grafana.version} at {grafana.url}")
    done: list[Step] = []

    def note(step: Step) -> None:
        done.append(step)
        if not args.json:
            print(f"{step.action:<10} {step.kind:<12} {step.name:<28} {step.why}".rstrip())

    failed = ""
    if args.dry_run:
        for step in steps:
            note(step)
    else:
        try:
            apply(steps, note)
        except GrafanaError as e:
            failed = str(e)
    kept = [step for step in done if step.action == KEPT]
    changed = [step for step in done if step.do]
    if args.json:
        listed = [{"kind": s.kind, "name": s.name, "action": s.action, "why": s.why} for s in done]
        print(json.dumps({"grafana": grafana.url, "version": grafana.version, "dry_run": args.dry_run, "steps": listed, "failed": failed or None}))
    else:
        print(_summary(len(changed), len(kept), args.dry_run, bool(failed)))
    if failed:
        complain(f"{failed} (after {len(changed)} changes; what is done is left as it is on the next push)")
    if rules is not None and not failed:
        complain(f"alert rules: {TWICE}")
    return NOT_SO if failed or kept else OK


def _summary(changed: int, kept: int, dry: bool, failed: bool) -> str:
    if dry:
        head = f"dry run: nothing was changed; {changed} to change"
    else:
        head = f"{changed} changed" if changed or failed else "nothing to change: Grafana has all of it"
    return head + (f"; {kept} kept as somebody made it (see above)" if kept else "")


def _secret(path: Path | None, name: str, option: str) -> str | None:
    """What a file or a variable of the environment holds, without the line's end; None: neither is there.

    Raises ConfigError: unreadable, empty or not one line.
    """
    if path is not None:
        try:
            value, whence = path.read_text(encoding="utf-8").strip(), f"{option} {path}"
        except (OSError, UnicodeDecodeError) as e:
            raise ConfigError([f"{option} {path}: {getattr(e, 'strerror', None) or 'not text'}"]) from None
    else:
        if (given := os.environ.get(name)) is None:
            return None
        value, whence = given.strip(), name
    if not value or not value.isprintable():
        raise ConfigError([f"{whence}: expected one line with the secret alone"])
    return value


def _credential(args: argparse.Namespace) -> Credential:
    if token := _secret(args.token_file, "GRAFANA_TOKEN", "--token-file"):
        if not token.isascii() or " " in token:
            raise ConfigError(["the Grafana token has characters that no token has; expected it alone, without Bearer"])
        return token
    user, password = os.environ.get("GRAFANA_USER"), _secret(None, "GRAFANA_PASSWORD", "")
    if user and password:
        return user, password
    ways = "set GRAFANA_TOKEN, or give --token-file, or set GRAFANA_USER and GRAFANA_PASSWORD"
    raise ConfigError([f"no Grafana token: {ways}; there is no option for it, for others see a command line"])


def _datasources(args: argparse.Namespace) -> tuple[Datasource, Datasource]:
    """Prometheus and ClickHouse as asked for. Without URL and uid: ours, which must be there from an earlier push or a provisioning file."""
    from gateway.commands.dashboards_push import CLICKHOUSE, CLICKHOUSE_TYPE, PROMETHEUS, PROMETHEUS_TYPE, Datasource

    def made(uid: str, kind: str, asked: str | None, url: str | None, payload: Callable[[str], dict[str, Any]]) -> Datasource:
        if url is None:
            return Datasource(asked or uid, kind)
        return Datasource(uid, kind, {"uid": uid, "type": kind, "access": "proxy", "isDefault": False, **payload(url)})

    def prometheus(url: str) -> dict[str, Any]:
        _server("--prometheus-url", url)
        return {"name": "Tidegate Prometheus", "url": url, "jsonData": {"httpMethod": "POST", "manageAlerts": False}}

    def clickhouse(url: str) -> dict[str, Any]:
        host, port, secure, path = _server("--clickhouse-url", url)
        told = {"host": host, "port": port or (8443 if secure else 8123), "protocol": "http", "secure": secure, "username": args.clickhouse_user}
        told |= {"defaultDatabase": "tidegate", "queryTimeout": QUERY_TIMEOUT}
        password = _secret(args.clickhouse_password_file, "TIDEGATE_READER_PASSWORD", "--clickhouse-password-file")
        secret = {"secureJsonData": {"password": password}} if password else {}
        return {"name": "Tidegate ClickHouse", "jsonData": told | ({"path": path} if path else {}), **secret}

    return (
        made(PROMETHEUS, PROMETHEUS_TYPE, args.prometheus_uid, args.prometheus_url, prometheus),
        made(CLICKHOUSE, CLICKHOUSE_TYPE, args.clickhouse_uid, args.clickhouse_url, clickhouse),
    )


def _server(option: str, url: str) -> tuple[str, int | None, bool, str]:
    """Host, port, whether TLS, path. Raises ConfigError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigError([f"{option}: not a URL"]) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        raise ConfigError([f"{option}: expected http(s)://host[:port][/path] without user and password"])
    return parts.hostname, port, parts.scheme == "https", parts.path.strip("/")


COMMAND = Command("dashboards", "write the Grafana boards and alert rules to files, or bring them to a Grafana", EXAMPLES, _arguments, _run)
