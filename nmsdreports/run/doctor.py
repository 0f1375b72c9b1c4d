"""Whether this machine can do everything, in sentences: for the mail when something does not work.

In: the source that is worked with, if any, and the folder worked in. Out: one Sign a question.
Nothing is left behind; of the spreadsheets only counts are told.
"""

import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo

from nmsdreports.settings import InputError, Settings, read_settings
from nmsdreports.views.sentences import count_words, list_words

PROGRAM = "nmsdreports"
_LEAST_PYTHON = (3, 11)
_LEAST_FREE_MB = 500
_KERNEL_SECONDS = 60
_SET_UP = "set up again with start.py"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_APPLICATIONS = (
    "/Applications/Google Chrome.app",
    "/Applications/Chromium.app",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+).*?>=\s*([\d.]+)")


@dataclass(frozen=True)
class Sign:
    """One thing looked at: a sentence, and whether it is as it should be."""

    good: bool
    words: str


def examine(source: Path | None, folder: Path) -> Iterator[Sign]:
    """Look at everything that the program needs, what takes longest last."""
    yield _python()
    yield _packages()
    yield from _folders(folder)
    yield _browser()
    if source is not None:
        yield from _source(source)
    yield _kernel()


def _python() -> Sign:
    system = f"{platform.system()} {platform.release()} ({platform.machine()})"
    words = f"{PROGRAM} {metadata.version(PROGRAM)} on Python {platform.python_version()}, {system}"
    if sys.version_info[:2] < _LEAST_PYTHON:
        return Sign(False, f"{words}: Python 3.11 or newer is needed.")
    return Sign(True, f"{words}.")


def _packages() -> Sign:
    """Every package the program declares, with its version."""
    faults, there = [], []
    for requirement in metadata.requires(PROGRAM) or ():
        found = _REQUIREMENT.match(requirement)
        if found is None or "extra ==" in requirement:
            continue
        name, least = found.groups()
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            faults.append(f"{name} is missing")
            continue
        there.append(f"{name} {version}")
        if _numbers(version) < _numbers(least):
            faults.append(f"{name} is {version}, and {least} or newer is needed")
    if faults:
        return Sign(False, f"Packages: {list_words(faults)}; {_SET_UP}.")
    return Sign(True, f"All {len(there)} packages are there: {', '.join(there)}.")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _folders(folder: Path) -> Iterator[Sign]:
    places = (("The current folder", folder), ("The folder for temporary files", None))
    for name, place in places:
        try:
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError as error:
            yield Sign(False, f"{name} cannot be written ({error.strerror}).")
            continue
        free = shutil.disk_usage(place or tempfile.gettempdir()).free // 2**20
        enough = free >= _LEAST_FREE_MB
        few = "" if enough else f": {_LEAST_FREE_MB} MB should be"
        yield Sign(enough, f"{name} can be written; {free:,} MB are free{few}.")


def _browser() -> Sign:
    """A browser that could draw pictures: reports need none, so none is no fault."""
    found = next(filter(shutil.which, _BROWSERS), None)
    found = found or next((Path(at).stem for at in _APPLICATIONS if Path(at).exists()), None)
    if found is None:
        return Sign(True, "No Chrome or Chromium was found: only pictures of charts need one.")
    return Sign(True, f"A browser for pictures of charts is there: {found}.")


def _source(source: Path) -> Iterator[Sign]:
    """What reading the spreadsheets says: how many rows, files and problems; no value of them.

    And whether what a district has of its own, logo, theme, slides and notebooks, can be used.
    """
    from nmsdreports.intake import load
    from nmsdreports.views.repair import level_words

    try:
        settings = read_settings(source)
        zone = _zone(settings)
        if zone is not None:
            yield zone
            return
        records = load(source)
    except (InputError, OSError) as error:
        yield Sign(False, f"The spreadsheets cannot be used: {error}")
        return
    files = count_words(records.counts["file"].nunique(), "file")
    rows = count_words(int(records.counts["rows_read"].sum()), "row")
    accounts = count_words(len(records.accounts), "account")
    state = level_words(records.problems)
    yield Sign(True, f"The spreadsheets can be used: {files}, {rows}, {accounts}; {state}.")
    if settings.logo or settings.theme or settings.deck or settings.notebooks:
        yield _own(settings)


def _own(settings: Settings) -> Sign:
    """Whether the logo, theme, template and notebooks that the settings name can be used."""
    from nmsdreports.run.month import check_own

    given = {
        "logo": settings.logo,
        "colors and fonts": settings.theme,
        "template for slides": settings.deck.get("template"),
        "notebooks": settings.notebooks,
    }
    try:
        check_own(settings)
    except (InputError, OSError) as error:
        return Sign(False, f"What the district has of its own cannot be used: {error}")
    names = list_words([name for name, path in given.items() if path])
    return Sign(True, f"The district's own {names} can be used.")


def _zone(settings: Settings) -> Sign | None:
    try:
        ZoneInfo(settings.time_zone)
    except (KeyError, OSError, ValueError):
        return Sign(False, f"The time zone {settings.time_zone} is not known here; {_SET_UP}.")
    return None


def _kernel() -> Sign:
    """Start what runs a notebook, ask it for a sum, and end it."""
    from jupyter_client.manager import KernelManager

    began = time.monotonic()
    manager = KernelManager(kernel_name="python3")
    try:
        manager.start_kernel(extra_arguments=["--log-level=ERROR"])
        client = manager.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=_KERNEL_SECONDS)
            reply = client.execute_interactive(
                f"import {PROGRAM}", timeout=_KERNEL_SECONDS, output_hook=lambda message: None
            )
        finally:
            client.stop_channels()
    except (OSError, RuntimeError, TimeoutError) as error:
        return Sign(False, f"A notebook cannot be run here ({error}); {_SET_UP}.")
    finally:
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)
    if reply["content"]["status"] != "ok":
        return Sign(False, f"A notebook runs with another Python, without {PROGRAM}; {_SET_UP}.")
    return Sign(True, f"A notebook can be run; it took {_seconds(began)}.")


def _seconds(began: float) -> str:
    return count_words(max(1, round(time.monotonic() - began)), "second")
