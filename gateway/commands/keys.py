"""`tidegate keys`: make, list and revoke gateway keys. A running gate follows within a second.

A key is printed once, alone on stdout, and is nowhere to be found afterwards; what is kept is its digest.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys

from gateway.commands.base import NOT_SO, OK, USAGE, Command, complain, config_option, settings
from gateway.config import Settings
from gateway.keys import KeyRecord, KeysFile, digest, new_key, pepper

EXAMPLES = """\
  tidegate keys add checkout-prod --app checkout --env prod --provider anthropic
  tidegate keys list
  tidegate keys revoke checkout-prod
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="make a key and print it once", description="Make a key and print it once.", epilog="example: tidegate keys add checkout-prod --app checkout --env prod")
    add.add_argument("id", help="a name for the key, as it will appear in the records; never used twice")
    add.add_argument("--app", help="record its traffic as this app's, whatever the caller says")
    add.add_argument("--env", help="record its traffic as of this environment (dev, prod, ...)")
    add.add_argument("--provider", action="append", default=[], dest="providers", metavar="NAME", help="allow this provider; repeatable (default: all)")
    show = actions.add_parser("list", help="show the keys, never their values", description="Show the keys, never their values.", epilog="example: tidegate keys list --json")
    revoke = actions.add_parser("revoke", help="make a key invalid", description="Make a key invalid within a second.", epilog="example: tidegate keys revoke checkout-prod")
    revoke.add_argument("id")
    for action, run in ((add, _add), (show, _list), (revoke, _revoke)):
        config_option(action)
        action.add_argument("--json", action="store_true", help="print JSON")
        action.set_defaults(act=run)


def _run(args: argparse.Namespace) -> int:
    code: int = args.act(args, settings(args))
    return code


def _add(args: argparse.Namespace, config: Settings) -> int:
    unknown = [p for p in args.providers if p not in config.providers]
    if unknown:
        complain(f'--provider {unknown[0]}: not a configured provider; expected one of {", ".join(config.providers)}')
        return USAGE
    if any(key.id == args.id for key in config.keys):
        complain(f'the id "{args.id}" is taken by a key in the configuration')
        return NOT_SO
    key = new_key()
    secret = config.key_pepper.get_secret_value() if config.key_pepper else None
    hexed = digest(pepper(config.data_dir, secret), key)
    record = KeyRecord(args.id, hexed, args.app, args.env, tuple(args.providers), dt.datetime.now(dt.UTC))
    try:
        KeysFile(config.effective_keys_file).add(record)
    except ValueError as e:
        complain(str(e))
        return NOT_SO
    print(json.dumps({"id": args.id, "key": key}) if args.json else key)
    print(f"This is the only time the key is shown. Kept: its digest, in {config.effective_keys_file}", file=sys.stderr)
    return OK


def _list(args: argparse.Namespace, config: Settings) -> int:
    rows = [
        {"id": k.id, "state": "config", "app": k.app, "env": k.env, "providers": list(k.providers), "created_at": None, "revoked_at": None} for k in config.keys
    ] + [
        {
            "id": r.id,
            "state": "revoked" if r.revoked_at else "active",
            "app": r.app,
            "env": r.env,
            "providers": list(r.providers),
            "created_at": r.created_at.isoformat(),
            "revoked_at": r.revoked_at.isoformat() if r.revoked_at else None,
        }
        for r in KeysFile(config.effective_keys_file).list()
    ]
    if args.json:
        print(json.dumps(rows))
        return OK
    if not rows:
        print("no gateway keys; make one with: tidegate keys add NAME")
        return OK
    layout = "{:<24} {:<8} {:<16} {:<8} {:<24} {}"
    print(layout.format("ID", "STATE", "APP", "ENV", "PROVIDERS", "CREATED"))
    for row in rows:
        cells = (row["id"], row["state"], row["app"] or "-", row["env"] or "-", ",".join(row["providers"] or []) or "all", str(row["created_at"] or "-")[:19])
        print(layout.format(*cells).rstrip())
    return OK


def _revoke(args: argparse.Namespace, config: Settings) -> int:
    if any(key.id == args.id for key in config.keys):
        complain(f'"{args.id}" is in the configuration itself: take it out of keys there')
        return NOT_SO
    try:
        record = KeysFile(config.effective_keys_file).revoke(args.id, dt.datetime.now(dt.UTC))
    except LookupError as e:
        complain(str(e.args[0]))
        return NOT_SO
    when = record.revoked_at.isoformat() if record.revoked_at else None
    print(json.dumps({"id": record.id, "revoked_at": when}) if args.json else f"{record.id}: revoked at {when}")
    return OK


COMMAND = Command("keys", "make, list and revoke gateway keys", EXAMPLES, _arguments, _run)
