"""`tidegate migrate`: bring the store to this version's schema. The gate does so at its start; this is for doing it ahead, and by itself.

`--print` writes the statements instead, for an administrator who makes tables and lets no gateway do so. It asks nobody, and needs no configuration.
"""

from __future__ import annotations

import argparse

import gateway
from gateway.commands.base import OK, USAGE, Command, complain, config_option, config_path, settings

EXAMPLES = """\
  tidegate migrate
  tidegate migrate --config /etc/tidegate/tidegate.yaml
  tidegate migrate --print --cluster main | clickhouse-client --multiquery
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    config_option(parser)
    parser.add_argument("--print", action="store_true", dest="shown", help="print the statements for an empty server, run nothing")
    parser.add_argument("--cluster", metavar="NAME", help="with --print: for this cluster (default: store.cluster, if there is a configuration)")
    parser.add_argument("--database", metavar="NAME", help="with --print: in this database (default: that of store.url, or tidegate)")


def _run(args: argparse.Namespace) -> int:
    if args.shown:
        return _print(args)
    if args.cluster or args.database:
        complain("--cluster and --database go with --print; a migration takes both from the configuration's store")
        return USAGE
    import asyncio  # late, with what they bring

    from gateway.commands import stored
    from gateway.store.migrate import migrate

    config = settings(args)
    target = stored.place(config)
    applied = asyncio.run(migrate(target, retention_days=config.store.retention_days, gateway_version=gateway.__version__))
    print(f"{target.place}: applied {', '.join(f'{n:04d}' for n in applied)}" if applied else f"{target.place}: up to date")
    return OK


def _print(args: argparse.Namespace) -> int:
    from gateway.config import Store  # late, with what they bring
    from gateway.store.migrate import script
    from gateway.store.target import Target
    from gateway.store.topology import Topology

    store = settings(args).store if args.config or config_path(args).exists() else Store()
    database = args.database or ("tidegate" if store.embedded else Target.from_url(store.url).database)
    try:
        topology = Topology(database=database, cluster=args.cluster or store.cluster)
    except ValueError as e:
        complain(str(e))
        return USAGE
    print(";\n\n".join(script(topology, retention_days=store.retention_days)) + ";")
    return OK


COMMAND = Command("migrate", "create or upgrade the store's schema", EXAMPLES, _arguments, _run)
