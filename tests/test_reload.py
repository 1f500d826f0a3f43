"""What is said about a configuration that is not taken. That it is not: tests/chaos/test_reload.py."""

from __future__ import annotations

import logging

import pytest

from gateway.reload import Reloads, refuse


def test_a_refused_configuration_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    """Somebody thinks that the gate does what the file says, and it does not: who reads warnings must see it."""
    logger = logging.getLogger("tidegate")
    logger.addHandler(caplog.handler)
    try:
        refuse(Reloads(), ["server.workers: changed, which needs a restart"])
    finally:
        logger.removeHandler(caplog.handler)
    [record] = [record for record in caplog.records if record.getMessage().startswith("configuration_refused")][:1]
    assert record.levelno == logging.WARNING and "server.workers" in record.getMessage()
