"""What every test shares: long files come first, a skip may be a failure, months are made once."""

import gc
import os
import signal

import pytest

from tests.checklist import months, nasty

LONGEST = [
    "tests/checklist/test_workbook_lines.py",  # makes the month for which others wait
    "tests/oracle/test_against_oracle.py",
    "tests/laws/test_verdicts.py",
    "tests/run/test_nights.py",
    "tests/intake/test_fuzz.py",
    "tests/run/test_explore_in_browser.py",
    "tests/run/test_real_night.py",
    "tests/run/test_workers.py",
    "tests/checklist/test_page_lines.py",
    "tests/run/test_fourteen_months.py",
    "tests/run/test_accept.py",
]
"""The files that take longest, in the order in which workers are to take them."""


def pytest_addoption(parser):
    parser.addoption(
        "--no-skips",
        action="store_true",
        default=os.environ.get("CI") == "true",
        help="report a skipped test as failed (always so where CI=true)",
    )


def pytest_configure():
    """Let what a test starts be stopped by Ctrl-C, where a shell put us into the background too.

    There SIGINT is ignored, and whatever we start would inherit that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    """Begin with the longest files: begun last, one worker would have nothing more to do."""
    place = {name: at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.split("::")[0], len(LONGEST)))


def pytest_collection_finish():
    """What was collected stays to the end, so the garbage collector need not walk it again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    return forbid_skip(report, item.config)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    return forbid_skip(report, collector.config)


def forbid_skip(report, config):
    if report.skipped and not hasattr(report, "wasxfail") and config.getoption("no_skips"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {reason}"
    return report


@pytest.fixture(scope="session")
def made_months(tmp_path_factory):
    """The folder that all workers of one run share."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "months"


@pytest.fixture(scope="session")
def sample_month(made_months):
    """The sample's October 2026 as `report` makes it: every school's files and the office's.

    It follows a September of which some cells have been corrected since.
    """

    def make(folder):
        before = months.as_it_stood_before(folder.with_name("sample before"))
        return months.make(months.SAMPLE, folder, before=before)

    return months.make_once(made_months / "sample", make)


@pytest.fixture(scope="session")
def nasty_month(made_months):
    """The same month of a registry whose texts try to break what shows them."""

    def make(folder):
        # where no browser is found there are no pictures for the board, and all the rest
        nowhere = {"BROWSER_PATH": str(folder / "no browser")}
        return months.make(nasty.write_source(folder / "source"), folder / "made", **nowhere)

    return months.make_once(made_months / "nasty", make)
