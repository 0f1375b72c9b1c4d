"""One run at a time in a folder of reports.

The system itself holds the lock and lets go of it when the process ends, however it ends: so the
lock of a dead process never stands in the way, whoever has its number now. Where a file system
knows no locks, the process named in the file is looked for, with the second it was started in.
"""

import json
import os
import platform
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from nmsdreports.settings import InputError

LOCK = ".making-reports"
_BYTE = 1 << 20  # locked on Windows, where a locked byte cannot be read: one behind the text
_STALE_SECONDS = 24 * 3600  # no run takes longer; another computer's process cannot be asked for


@contextmanager
def only_run(output: Path) -> Iterator[None]:
    """Hold the folder of reports; raise InputError that names the process that holds it already.

    A folder that was made for this and stayed empty goes again.
    """
    there = output.exists()
    output.mkdir(parents=True, exist_ok=True)
    path = output / LOCK
    handle = _take(path)
    try:
        yield
    finally:
        if os.name == "nt":  # an open file cannot be removed there
            os.close(handle)
        with suppress(OSError):
            path.unlink()
        if os.name != "nt":
            os.close(handle)
        if not there:
            with suppress(OSError):
                output.rmdir()


def _take(path: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            ours = _hold(handle)
            holder = _read(path)
            if ours is False or (holder and _still_runs(holder, ours)):
                raise InputError(_sentence(path, holder or _read(path, patience=1.0)))
            with suppress(OSError):
                # The one before may have removed its file after we opened it.
                if os.path.samestat(os.fstat(handle), path.stat()):
                    _write(handle)
                    return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _hold(handle: int) -> bool | None:
    """Whether the system gave us the lock; nothing where the file system knows no locks."""
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(handle, _BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True


def _still_runs(holder: dict, ours: bool | None) -> bool:
    """Whether the process that a lock names must be believed to run, though we could take it."""
    if holder.get("host") != platform.node():
        return time.time() - holder["since"] < _STALE_SECONDS
    return ours is None and bool(holder.get("began")) and holder["began"] == _began(holder["pid"])


def _began(pid: int) -> str:
    """When a process was started, in the system's words; empty where there is none."""
    with suppress(OSError):
        return subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)],
            capture_output=True,
            text=True,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        ).stdout.strip()
    return ""


def _write(handle: int) -> None:
    pid = os.getpid()
    began = "" if os.name == "nt" else _began(pid)
    holder = {"pid": pid, "host": platform.node(), "since": time.time(), "began": began}
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, json.dumps(holder).encode())


def _read(path: Path, patience: float = 0.0) -> dict:
    """What a lock says of its holder; nothing where that cannot be read, also not a while later."""
    end = time.monotonic() + patience
    while True:
        with suppress(OSError, ValueError, TypeError, KeyError):
            holder = json.loads(path.read_text("utf-8"))
            if isinstance(holder["pid"], int) and isinstance(holder["since"], float):
                return holder
        if time.monotonic() >= end:
            return {}
        time.sleep(0.05)


def _sentence(path: Path, holder: dict) -> str:
    who = "another process"
    if holder:
        since = datetime.fromtimestamp(holder["since"]).strftime("%Y-%m-%d %H:%M:%S")
        who = f"process {holder['pid']} on {holder.get('host')}, since {since}"
    sentence = f'Reports are being made in "{path.parent}" already: {who}. Wait until it has ended'
    if holder.get("host", platform.node()) != platform.node():
        return f'{sentence}; if that computer was switched off meanwhile, remove "{path}".'
    return f"{sentence}."
