"""What holds for every test.

In CI (TIDEGATE_REQUIRE_ALL=1) a skipped test is a failed test: there nothing may be missing.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import os

import pytest

from tests.matrix import TESTS, Ran, covered, results

# Files that take longest, which begin first: begun last, one of them keeps one worker busy while the others have nothing left to do.
DEAR = (
    "alerts/test_end_to_end", "chaos/test_kill", "dashboards/test_live", "chaos/test_reload", "chaos/test_life", "e2e/test_drift_run", "chaos/test_outage", "test_drift_command", "chaos/test_canary",
    "e2e/test_sdk_trouble", "drift/test_main", "chaos/test_drain", "guard/test_canary", "detection/test_pool", "alerts/test_promtool", "proxy/test_guard_failures", "guard/test_splits", "deploy/test_image",
    "test_drift_command_record", "guard/test_fields", "test_supervisor",
)  # fmt: skip
REQUIRE_ALL = os.environ.get("TIDEGATE_REQUIRE_ALL") == "1"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each file's tests stay together and in order."""
    ranks = {f"tests/{name}.py": rank for rank, name in enumerate(DEAR)}
    items.sort(key=lambda item: ranks.get(item.nodeid.partition("::")[0], len(DEAR)))


@pytest.hookimpl(hookwrapper=True)
def pytest_collection():
    """What collecting makes stays: the garbage collector is not to look at it, neither meanwhile nor again and again later. Nothing unfreezes it."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome, report.longrepr = "failed", f"skipped where nothing may be skipped: {reason}"
    if report.when == "call" or report.outcome != "passed":
        report.user_properties += [("covers", id) for mark in item.iter_markers("covers") for id in mark.args]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Coroutine tests run in an event loop of their own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    asyncio.run(pyfuncitem.obj(**arguments))
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What a test wants read where everybody sees it, passed or not: `record_property("said", line)`. And what became of the rows of the failure table."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports if isinstance(report, pytest.TestReport)]  # what was deselected stands there, too
    said = [str(value) for report in reports if report.when == "call" for name, value in report.user_properties if name == "said"]
    if said:
        terminalreporter.section("said by tests")
        terminalreporter.write_line("\n".join(said))
    ran = [Ran(report.nodeid, report.outcome, ids) for report in reports if (ids := tuple(value for name, value in report.user_properties if name == "covers"))]
    everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword and not config.option.markexpr
    if ran:
        terminalreporter.section("failures and threats (SECURITY.md)")
        terminalreporter.write_line("\n".join(results(ran, covered(TESTS), all=everything)))
