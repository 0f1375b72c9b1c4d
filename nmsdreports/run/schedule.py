"""Has the system start `monthly` every weekday: puts the entry where its scheduler looks, or away.

Linux has a systemd timer of the user's own, or cron where no such systemd runs; macOS a launch
agent; Windows a task. Only the system's own programs are asked; what else a crontab holds stays.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nmsdreports.run.entries import (
    NAME,
    Entry,
    cron_lines,
    launchd_plist,
    systemd_service,
    systemd_timer,
    windows_task,
    without_cron_lines,
)
from nmsdreports.settings import InputError


@dataclass(frozen=True)
class Scheduler:
    """A way to have something started: what it is called, and what to know of it.

    `show` returns an entry as text, `install` puts it in the place of the one before, `remove`
    takes it away and returns whether there was one; all raise InputError where the system refuses.
    """

    words: str
    advice: str
    show: Callable[[Entry], str]
    install: Callable[[Entry], None]
    remove: Callable[[], bool]


def schedulers() -> list[Scheduler]:
    """Return the schedulers that work here, the best first; raise InputError if there is none."""
    if os.name == "nt":
        return [WINDOWS]
    if sys.platform == "darwin":
        return [LAUNCHD]
    found = [SYSTEMD] if _run("systemctl", "--user", "show-environment") == 0 else []
    if shutil.which("crontab"):
        found.append(CRON)
    if not found:
        raise InputError(
            "Neither a systemd of your own nor cron was found here, so nothing can be started by "
            "itself: have cron installed, or start `monthly` every weekday in another way."
        )
    return found


def install(entry: Entry) -> Scheduler:
    """Install an entry with the best scheduler there is, in place of any before; return which."""
    best, *others = schedulers()
    for other in others:
        other.remove()
    best.install(entry)
    return best


def remove() -> bool:
    """Remove the entry wherever it is; return whether there was one."""
    removed = [scheduler.remove() for scheduler in schedulers()]
    return any(removed)


def _show_systemd(entry: Entry) -> str:
    units = {".service": systemd_service(entry), ".timer": systemd_timer(entry)}
    return "\n".join(f"# {_unit(end)}\n{text}" for end, text in units.items())


def _install_systemd(entry: Entry) -> None:
    _write(_unit(".service"), systemd_service(entry).encode())
    _write(_unit(".timer"), systemd_timer(entry).encode())
    _ask("systemctl", "--user", "daemon-reload")
    _ask("systemctl", "--user", "enable", "--now", f"{NAME}.timer")


def _remove_systemd() -> bool:
    there = [path for path in (_unit(".timer"), _unit(".service")) if path.exists()]
    if there:
        _ask("systemctl", "--user", "disable", "--now", f"{NAME}.timer")
        for path in there:
            path.unlink()
        _ask("systemctl", "--user", "daemon-reload")
    return bool(there)


def _unit(end: str) -> Path:
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "systemd" / "user" / f"{NAME}{end}"


def _install_cron(entry: Entry) -> None:
    kept = without_cron_lines(_crontab())
    if kept and not kept.endswith("\n"):
        kept += "\n"
    _ask("crontab", "-", given=kept + cron_lines(entry))


def _remove_cron() -> bool:
    crontab = _crontab()
    kept = without_cron_lines(crontab)
    if kept != crontab:
        _ask("crontab", "-", given=kept)
    return kept != crontab


def _crontab() -> str:
    """What stands in the user's crontab; what cannot be read must not be replaced."""
    done = subprocess.run(
        ["crontab", "-l"], capture_output=True, env={**os.environ, "LC_ALL": "C"}, check=False
    )
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "surrogateescape")
    said = done.stderr.decode("utf-8", "replace").strip()
    if "no crontab for" in said.lower():
        return ""
    raise InputError(f"The crontab cannot be read, so nothing was changed: {said}")


def _install_launchd(entry: Entry) -> None:
    _remove_launchd()
    _write(_agent(), launchd_plist(entry))
    _ask("launchctl", "bootstrap", f"gui/{os.getuid()}", str(_agent()))


def _remove_launchd() -> bool:
    there = _agent().exists()
    _run("launchctl", "bootout", f"gui/{os.getuid()}/{NAME}")
    _agent().unlink(missing_ok=True)
    return there


def _agent() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{NAME}.plist"


def _install_windows(entry: Entry) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{NAME}.xml")
        path.write_bytes(windows_task(entry))
        _ask("schtasks", "/Create", "/TN", NAME, "/XML", str(path), "/F")


def _remove_windows() -> bool:
    there = _run("schtasks", "/Query", "/TN", NAME) == 0
    if there:
        _ask("schtasks", "/Delete", "/TN", NAME, "/F")
    return there


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _run(*words: str) -> int:
    """Start one of the system's programs; return how it ended, 127 where there is no such one."""
    with suppress(FileNotFoundError):
        return subprocess.run(words, capture_output=True, check=False).returncode
    return 127


def _ask(*words: str, given: str = "") -> None:
    """Have one of the system's programs do something; raise InputError with its words if not."""
    data = given.encode("utf-8", "surrogateescape")
    done = subprocess.run(words, input=data, capture_output=True, check=False)
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).decode("utf-8", "replace").split())
        raise InputError(f"{words[0]} did not do it ({' '.join(words[1:])}): {said or 'no word'}")


SYSTEMD = Scheduler(
    "a timer of systemd",
    "It runs while you are logged in; `loginctl enable-linger` has it run without you, too.",
    _show_systemd,
    _install_systemd,
    _remove_systemd,
)
CRON = Scheduler(
    "cron",
    "It runs while the computer is on. cron cannot open the store of passwords: with --smtp the "
    "password has to stand in the crontab's environment.",
    cron_lines,
    _install_cron,
    _remove_cron,
)
LAUNCHD = Scheduler(
    "a launch agent of macOS",
    "It runs while you are logged in. Keep spreadsheets and reports out of Documents, Desktop and "
    "Downloads: macOS may not let it read there.",
    lambda entry: launchd_plist(entry).decode(),
    _install_launchd,
    _remove_launchd,
)
WINDOWS = Scheduler(
    "a task of the Windows Task Scheduler",
    "It runs while you are logged in.",
    lambda entry: windows_task(entry).decode("utf-16"),
    _install_windows,
    _remove_windows,
)
