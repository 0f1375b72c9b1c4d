"""JupyterLab for the verb explore: started on this machine only, quiet, and ended with the verb.

In: a folder and the source to explore there. Out: a running JupyterLab and its address.
`settings` keeps it from asking for news, from saving what widgets show, and from sending what a
widget says to a thread of its own; `labextensions` runs the notebook once when it is opened.
Traps: JupyterLab writes lines of log and warnings; they go into a file that is read only where it
does not start. By default ("commsOverSubshells") a box that the kernel has answered is heard in a
second thread and a button in the first one, so that a click overtakes what was typed before it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from nmsdreports.run.reports import find_notebook
from nmsdreports.settings import InputError, Settings

NOTEBOOK = "explore.ipynb"
_HERE = Path(__file__).parent
_START_SECONDS = 60
_END_SECONDS = 10
_LAST_LINES = 5
_OPTIONS = (
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    # A token keeps others of this machine out, so an administrator may run it as well.
    "--ServerApp.allow_root=True",
    "--ServerApp.ip=localhost",
    "--ServerApp.terminals_enabled=False",
    "--Application.log_level=ERROR",
)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: the address to open, and its process."""

    address: str
    process: subprocess.Popen


def copy_notebook(folder: Path, settings: Settings) -> tuple[Path, bool]:
    """Put explore.ipynb, the district's own or ours, into `folder` unless it is there.

    Returns its path and whether it was put there now.

    Raises InputError where the folder may not be written.
    """
    path = folder / NOTEBOOK
    if path.exists():
        return path, False
    try:
        shutil.copyfile(find_notebook(settings, NOTEBOOK), path)
    except OSError as error:
        raise InputError(
            f'{NOTEBOOK} cannot be put into "{folder.resolve()}" ({error.strerror}); '
            "go to a folder of yours and start again."
        ) from error
    return path, True


@contextmanager
def running_lab(folder: Path, environment: dict[str, str], browser: bool) -> Iterator[Lab]:
    """JupyterLab with `folder`'s notebook, opened in the browser or not; ended at the end.

    Raises InputError with its last words where it does not start within a minute.
    """
    with (
        tempfile.TemporaryDirectory(prefix="nmsdreports-lab-") as scratch,
        (Path(scratch) / "log.txt").open("w+", encoding="utf-8", errors="replace") as log,
    ):
        process = subprocess.Popen(
            _command(folder, scratch, browser),
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield Lab(_address(process, log), process)
        finally:
            _end(process)


def _command(folder: Path, scratch: str, browser: bool) -> list[str]:
    return [
        *(sys.executable, "-m", "jupyterlab", *_OPTIONS),
        f"--ServerApp.root_dir={folder.resolve()}",
        # its own list of open tabs: that of the user's other work stays as it is
        f"--LabApp.workspaces_dir={scratch}",
        f"--LabApp.app_settings_dir={_HERE / 'settings'}",
        f"--LabApp.extra_labextensions_path={_HERE / 'labextensions'}",
        f"--LabApp.default_url=/lab/tree/{NOTEBOOK}",
        f"--ServerApp.open_browser={browser}",
    ]


def _address(process: subprocess.Popen, log) -> str:
    """The address with its token, from the file in which a running server tells it."""
    from jupyter_core.paths import jupyter_runtime_dir

    told = Path(jupyter_runtime_dir()) / f"jpserver-{process.pid}.json"
    for _ in range(_START_SECONDS * 10):
        if process.poll() is not None:
            break
        with suppress(OSError, ValueError):
            server = json.loads(told.read_text("utf-8"))
            return f"{server['url']}lab/tree/{NOTEBOOK}?token={server['token']}"
        time.sleep(0.1)
    log.seek(0)
    said = " ".join(log.read().split("\n")[-_LAST_LINES:]).strip()
    raise InputError(f"JupyterLab did not start. {said or 'It said nothing.'}")


def _end(process: subprocess.Popen) -> None:
    """End JupyterLab and with it its kernels; harder where it does not end by itself."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
