"""What a test started is over when the test is, also where nothing stops it."""

import signal
import subprocess
import sys
import time

import pytest

from tests.run.processes import ended, first_line, is_running

DEAF = "import signal, time; signal.signal(2, signal.SIG_IGN); {}; time.sleep(600)"


def deaf(does):
    """A process that no Ctrl-C ends; first it does something."""
    command = [sys.executable, "-c", DEAF.format(does)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def test_what_ignores_ctrl_c_is_ended_and_so_is_what_says_nothing():
    began, process = time.monotonic(), deaf("print('listening', flush=True)")
    with pytest.raises(subprocess.TimeoutExpired), ended(process):
        assert first_line(process, 30) == "listening"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=0.3)
    mute = deaf("print")
    with ended(mute):
        assert first_line(mute, 0.3) == ""
    assert not is_running(process.pid) and not is_running(mute.pid)
    assert time.monotonic() - began < 20


def test_ctrl_c_reaches_what_a_test_starts_though_a_shell_had_put_us_into_the_background():
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
