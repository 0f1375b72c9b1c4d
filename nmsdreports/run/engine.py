"""A notebook run in this very process, for Papermill: no kernel is started.

In: a parameterised notebook. Out: the same notebook with what a kernel would have left in it. The
shell is the kernel's own, and what it publishes goes through the notebook client's own handling of
messages, so that outputs come out as they do there.
Traps: only the namespace is the notebook's own; what else it changes :mod:`surroundings` puts back.
A hang cannot be ended from inside, so this belongs into a process that can be killed.
"""

import asyncio
import atexit
import builtins
import contextvars
import getpass
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOBase
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from types import SimpleNamespace
from typing import Any

import comm
from comm.base_comm import BaseComm
from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

from nmsdreports.run.surroundings import kept_surroundings

_NO_INPUT = "{} was called, but this frontend does not support input requests."


class InProcessEngine(Engine):
    """Papermill's way to a notebook that runs where Papermill runs."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        resources: dict | None = None,
        **_: Any,
    ) -> None:
        """Run all cells; `resources` names the folder to run in, as for a kernel."""
        folder = (resources or {}).get("metadata", {}).get("path")
        _Client(nb_man).run(Path(folder or Path.cwd()))


def register(name: str) -> None:
    """Let Papermill know the engine by a name."""
    papermill_engines.register(name, InProcessEngine)


class _Client(PapermillNotebookClient):
    """The notebook client with a shell at hand instead of a kernel far away."""

    def run(self, folder: Path) -> None:
        """Execute the notebook in a fresh namespace, in `folder`."""
        self.reset_execution_trackers()
        with kept_surroundings(), _opened_shell(self._heard, folder) as self._shell:
            self._loop = asyncio.new_event_loop()
            self._context = contextvars.copy_context()
            asyncio.set_event_loop(self._loop)
            try:
                self.papermill_execute_cells()
            finally:
                _end_loop(self._loop)
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        self.set_widgets_metadata()

    def execute_cell(self, cell: Any, cell_index: int) -> None:
        """Run one cell as a kernel does, and raise as the client does where it failed."""
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or skipped:
            return
        self._at = (cell, cell_index)
        cell.outputs = []
        self.clear_before_next_output = False
        work = _reply(self._shell, cell.source)
        reply = self._loop.run_until_complete(self._loop.create_task(work, context=self._context))
        cell.execution_count = reply["execution_count"]
        if self._shell.exit_now:
            raise DeadKernelError("Kernel died")
        check = self._check_raise_for_error(cell, cell_index, {"content": reply})
        self._loop.run_until_complete(check)

    def _heard(self, message: dict) -> None:
        self.process_message(message, *self._at)


async def _reply(shell: ZMQInteractiveShell, code: str) -> dict:
    """Run code and say what a kernel replies."""
    shell._last_traceback = None
    shell._last_traceback_during_displayhook = False
    fault = None
    try:
        transformed = shell.transform_cell(code)
    except Exception:  # whatever a transformer of the notebook's own raises, it is the cell's fault
        transformed, fault = code, sys.exc_info()
    result = None
    with _no_input():
        try:
            result = await shell.run_cell_async(
                code,
                store_history=True,
                transformed_cell=transformed,
                preprocessing_exc_tuple=fault,
            )
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
            sys.stdout.flush()
            sys.stderr.flush()
    reply = {"status": "ok", "execution_count": shell.execution_count - 1}
    if not result.success or shell._last_traceback_during_displayhook:
        error = result.error_before_exec or result.error_in_exec
        reply |= {"status": "error", "ename": type(error).__name__, "evalue": str(error)}
        reply["traceback"] = shell._last_traceback or []
    shell.payload_manager.clear_payload()
    return reply


@contextmanager
def _no_input() -> Iterator[None]:
    """Refuse what asks the person at the keyboard: there is none."""

    def refuse_input(prompt: object = "") -> str:
        raise StdinNotImplementedError(_NO_INPUT.format("raw_input"))

    def refuse_password(*_: object, **__: object) -> str:
        raise StdinNotImplementedError(_NO_INPUT.format("getpass"))

    before = builtins.input, getpass.getpass
    builtins.input, getpass.getpass = refuse_input, refuse_password
    try:
        yield
    finally:
        builtins.input, getpass.getpass = before


@contextmanager
def _opened_shell(heard: Callable[[dict], None], folder: Path) -> Iterator[ZMQInteractiveShell]:
    """A shell of its own with streams, displays and comms that are heard; nothing stays of it."""
    channel = _Channel(heard)
    config = Config()
    config.HistoryManager.enabled = False
    with TemporaryDirectory(prefix="nmsdreports-") as scratch, _captured(channel):
        os.chdir(folder)
        sys.path.insert(_place_of_the_folder(), "")
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        comm.create_comm = channel.comm
        ZMQInteractiveShell.clear_instance()
        shell = ZMQInteractiveShell.instance(
            config=config,
            ipython_dir=scratch,
            compiler_class=XCachingCompiler,
            kernel=SimpleNamespace(eventloop=None),
            user_ns={},
        )
        shell.displayhook.session = shell.display_pub.session = channel
        shell.displayhook.pub_socket = shell.display_pub.pub_socket = None
        shell.displayhook.topic = b"execute_result"
        try:
            yield shell
        finally:
            # Its own hook would keep the namespace alive and take its time when the process ends.
            atexit.unregister(shell.atexit_operations)
            shell.atexit_operations()
            shell.restore_sys_module_state()
            ZMQInteractiveShell.clear_instance()
            sys.last_type = sys.last_value = sys.last_traceback = None


class _Channel(Session):
    """What the shell takes for the way to its client; a message is heard at once."""

    def __init__(self, heard: Callable[[dict], None]) -> None:
        super().__init__()
        self._heard = heard

    def send(
        self,
        stream: object,
        msg_or_type: dict | str,
        content: dict | None = None,
        parent: object = None,
        ident: object = None,
        buffers: list | None = None,
        **_: object,
    ) -> None:
        """Hand the message on as it would arrive: through JSON, so that nothing is shared."""
        named = isinstance(msg_or_type, str)
        kind = msg_or_type if named else msg_or_type["msg_type"]
        plain = self.unpack(self.pack(content if named else msg_or_type["content"]))
        message = {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {}}
        self._heard({**message, "content": plain, "buffers": buffers or []})

    def comm(self, *arguments: Any, **options: Any) -> BaseComm:
        """Open a comm, as of a widget."""
        return _Comm(self, *arguments, **options)


class _Comm(BaseComm):
    def __init__(self, channel: _Channel, *arguments: Any, **options: Any) -> None:
        self._channel = channel
        super().__init__(*arguments, **options)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        """Send a message of this comm."""
        content = {"data": data or {}, "comm_id": self.comm_id, **keys}
        self._channel.send(None, msg_type, content, buffers=buffers)


class _Stream(TextIOBase):
    """sys.stdout or sys.stderr of a notebook: kept until it is flushed, as by a kernel.

    What programs write past Python (`os.write`, a child process) goes to a file and comes in with
    the next flush.
    """

    encoding = "UTF-8"

    def __init__(self, name: str, number: int, channel: _Channel) -> None:
        super().__init__()
        self.name = f"<{name}>"
        self._kind, self._number, self._channel = name, number, channel
        self._texts: list[str] = []
        self._lock = threading.Lock()
        self._past = TemporaryFile("a+b", buffering=0)  # noqa: SIM115 - closed in `end`
        self._read = 0
        self._before = os.dup(number)
        os.dup2(self._past.fileno(), number)

    def fileno(self) -> int:
        """The number under which a child process writes to the same stream."""
        return self._number

    def writable(self) -> bool:
        """Whether it can be written: always."""
        return True

    def write(self, text: str) -> int:
        """Keep the text for the next flush."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._take_past()
        self._texts.append(text)
        return len(text)

    def flush(self) -> None:
        """Publish what was written since the last time."""
        self._take_past()
        text = "".join(self._texts)
        self._texts.clear()
        if text:
            self._channel.send(None, "stream", {"name": self._kind, "text": text})

    def end(self) -> None:
        """Give the process its own stream back."""
        os.dup2(self._before, self._number)
        os.close(self._before)
        self._past.close()

    def _take_past(self) -> None:
        with self._lock:
            size = os.fstat(self._past.fileno()).st_size
            if size > self._read:
                self._past.seek(self._read)
                data = self._past.read(size - self._read)
                self._read = size
                self._texts.append(data.decode("utf-8", "replace"))


@contextmanager
def _captured(channel: _Channel) -> Iterator[None]:
    """Have all that is written go to the channel."""
    before = sys.stdout, sys.stderr
    streams = _Stream("stdout", 1, channel), _Stream("stderr", 2, channel)
    sys.stdout, sys.stderr = streams
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for stream in streams:
            stream.end()


def _place_of_the_folder() -> int:
    """Where a kernel puts the notebook's folder among the places of modules: behind Python's."""
    kinds = ("site-packages", "dist-packages")
    places = (at for at, path in enumerate(sys.path) if Path(path).name in kinds)
    return next(places, 0)


def _end_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Let nothing run on that a cell began."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left, timeout=1))
    loop.close()
    asyncio.set_event_loop(None)
