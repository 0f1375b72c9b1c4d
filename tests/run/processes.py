"""Which processes a run has started, whether they are gone, and that none outlives its test."""

import os
import signal
import subprocess
import threading
import time
from contextlib import contextmanager


def children_of(pid):
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True).stdout
    pairs = [line.split() for line in listed.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def is_running(pid):
    asked = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return asked.stdout.strip() not in ("", "Z", "Zs")


def still_running(pids, patience=5.0):
    """Those that have not ended after so many seconds."""
    end = time.monotonic() + patience
    while (left := [pid for pid in pids if is_running(pid)]) and time.monotonic() < end:
        time.sleep(0.1)
    return left


@contextmanager
def ended(process):
    """Kill a process with a session of its own, and its children, where it is not over at the end.

    Waiting for one that nothing stops would take for ever.
    """
    with process:
        try:
            yield
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def first_line(process, seconds):
    """The first line that a process with a session of its own says; killed after so long."""
    alarm = threading.Timer(seconds, os.killpg, (process.pid, signal.SIGKILL))
    alarm.start()
    try:
        return process.stdout.readline().strip()
    finally:
        alarm.cancel()
