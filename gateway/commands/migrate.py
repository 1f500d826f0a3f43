"""`tidegate migrate`: bring the store to this version's schema. The gate does so at its start; this is for doing it ahead, and by itself."""

from __future__ import annotations

import argparse

import gateway
from gateway.commands.base import OK, Command, config_option, settings

EXAMPLES = """\
  tidegate migrate
  tidegate migrate --config /etc/tidegate/tidegate.yaml
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    config_option(parser)


def _run(args: argparse.Namespace) -> int:
    import asyncio  # late, with what they bring

    from gateway.commands import stored
    from gateway.store.migrate import migrate

    config = settings(args)
    target = stored.target(config)
    applied = asyncio.run(migrate(target, retention_days=config.store.retention_days, gateway_version=gateway.__version__))
    print(f"{target.place}: applied {', '.join(f'{n:04d}' for n in applied)}" if applied else f"{target.place}: up to date")
    return OK


COMMAND = Command("migrate", "create or upgrade the store's schema", EXAMPLES, _arguments, _run)
