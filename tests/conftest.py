"""What holds for every test.

In CI (TIDEGATE_REQUIRE_ALL=1) a skipped test is a failed test: there nothing may be missing.
"""

from __future__ import annotations

import asyncio
import inspect
import os

import pytest

REQUIRE_ALL = os.environ.get("TIDEGATE_REQUIRE_ALL") == "1"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome, report.longrepr = "failed", f"skipped where nothing may be skipped: {reason}"


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Coroutine tests run in an event loop of their own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    asyncio.run(pyfuncitem.obj(**arguments))
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a test wants read where everybody sees it, passed or not: `record_property("said", line)`."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports if getattr(report, "when", "") == "call"]
    said = [str(value) for report in reports for name, value in report.user_properties if name == "said"]
    if said:
        terminalreporter.section("said by tests")
        terminalreporter.write_line("\n".join(said))
