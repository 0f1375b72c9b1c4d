import json
import os
import platform
import time

import pytest

from nmsdreports.run import lock
from nmsdreports.run.lock import LOCK, only_run
from nmsdreports.settings import InputError


def forge(folder, **holder):
    known = {"pid": os.getppid(), "host": platform.node(), "since": time.time(), "began": ""}
    (folder / LOCK).write_text(json.dumps({**known, **holder}))


def test_a_folder_made_for_a_run_that_failed_goes_again(tmp_path):
    with only_run(tmp_path / "reports"):
        assert (tmp_path / "reports").is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_nobody_holds_is_taken_over_though_its_number_lives(tmp_path):
    forge(tmp_path)
    with only_run(tmp_path):
        assert json.loads((tmp_path / LOCK).read_text())["pid"] == os.getpid()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}'])
def test_a_lock_of_which_nothing_can_be_read_is_taken_over(tmp_path, text):
    (tmp_path / LOCK).write_text(text)
    with only_run(tmp_path):
        pass


def test_another_computers_lock_is_believed_for_a_day(tmp_path):
    forge(tmp_path, host="office-pc", pid=4711)
    with pytest.raises(InputError, match=r"process 4711 on office-pc, since 20.*remove"):
        only_run(tmp_path).__enter__()
    forge(tmp_path, host="office-pc", since=time.time() - 90_000.0)
    with only_run(tmp_path):
        pass


def test_without_locks_of_the_system_the_process_is_known_by_its_start(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "_hold", lambda handle: None)
    with only_run(tmp_path), pytest.raises(InputError, match=f"process {os.getpid()} on"):
        only_run(tmp_path).__enter__()
    forge(tmp_path, began="Mon Jan  1 00:00:00 2001")  # its number was given to another program
    with only_run(tmp_path):
        pass
