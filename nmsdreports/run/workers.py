"""Worker processes that can be lost: what one is at work on fails, and another takes its place.

In: functions and their arguments, by the `submit` of :class:`concurrent.futures.Executor`, so that
any other executor can stand here. Out: futures; a task whose worker died, took too long or grew too
large ends with :class:`LostWorker`.
Each worker is a fresh Python (`worker.serve`) with one task at a time, fed by a thread of its own:
a pool that shares its queue would lose everything that waits when one process dies.
Trap: a worker has a session of its own, so that Ctrl-C reaches only this process, which must then
end them all.
"""

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from nmsdreports.run.worker import read_frame, serve, write_frame

_LOOKED_AT_EVERY = 0.1
_ENDS_WITHIN = 5.0
_READY_WITHIN = 300.0
_GIGABYTE = 2**30
_BEGIN = f"""import sys; sys.path.append(sys.argv[1])
from {serve.__module__} import {serve.__name__} as begin; begin()"""


@dataclass(frozen=True)
class Limits:
    """How long one task may take, in seconds, and how many bytes of memory its worker may hold."""

    seconds: float
    memory: int


class LostWorker(Exception):  # noqa: N818 - it is told to people as what happened, not as an error
    """The process of a task was ended; `cause` and `repair` say why and what to do."""

    def __init__(self, cause: str, repair: str) -> None:
        super().__init__(cause)
        self.cause, self.repair = cause, repair


def memory_of_each(workers: int) -> int:
    """Return how many bytes each of so many workers may hold: its share of most of the machine."""
    return max(_GIGABYTE, int(psutil.virtual_memory().total * 0.8) // workers)


class Workers(Executor):
    """So many worker processes, each warmed by calling `warm` before its first task."""

    def __init__(self, count: int, limits: Limits, warm: Callable[[], object]) -> None:
        self._limits, self._warm = limits, warm
        self._waiting: queue.SimpleQueue = queue.SimpleQueue()
        self._processes: set[_Worker] = set()
        self._lock = threading.Lock()
        self._ended = False
        self._feeders = [
            threading.Thread(target=self._feed, name=f"worker {number}", daemon=True)
            for number in range(count)
        ]
        for feeder in self._feeders:
            feeder.start()

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Have `fn` called in a worker; it and its arguments must be picklable."""
        future: Future = Future()
        self._waiting.put((future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the workers go; those at work finish first unless `cancel_futures`.

        With `cancel_futures` the processes are killed at once: none is left when this returns.
        """
        if cancel_futures:
            with self._lock:
                self._ended = True
                processes = list(self._processes)
            for worker in processes:
                worker.kill()
            with suppress(queue.Empty):
                while item := self._waiting.get_nowait():
                    item[0].cancel()
        for _ in self._feeders:
            self._waiting.put(None)
        if wait:
            for feeder in self._feeders:
                feeder.join()

    def _feed(self) -> None:
        worker = self._start()
        while (item := self._waiting.get()) is not None:
            future, work = item
            if not future.set_running_or_notify_cancel():
                continue
            if worker is None or not worker.usable:
                self._let_go(worker)
                worker = self._start()
            try:
                if worker is None:
                    raise LostWorker("the run was stopped", "run it again")
                future.set_result(worker.call(work, self._limits))
            except BaseException as error:  # whatever it is belongs to who asked
                future.set_exception(error)
        self._let_go(worker)

    def _start(self) -> "_Worker | None":
        with self._lock:
            if self._ended:
                return None
            worker = _Worker(self._warm)
            self._processes.add(worker)
            return worker

    def _let_go(self, worker: "_Worker | None") -> None:
        if worker is not None:
            worker.end()
            with self._lock:
                self._processes.discard(worker)


class _Worker:
    """One process, the way to it, and a thread that listens to it."""

    def __init__(self, warm: Callable[[], object]) -> None:
        root = str(Path(__file__).resolve().parents[2])
        # what a worker that is killed leaves there goes with it
        self._scratch = TemporaryDirectory(prefix="nmsdreports-", ignore_cleanup_errors=True)
        scratch = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._scratch.name)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _BEGIN, root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # any set then comes in the same order in every worker
            env={**os.environ, **scratch, "PYTHONHASHSEED": "0"},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._answers: queue.SimpleQueue = queue.SimpleQueue()
        self._clean, self._ready = True, False
        self._memory = psutil.Process(self._process.pid)
        threading.Thread(target=self._listen, daemon=True).start()
        self._send((warm, (), {}))

    @property
    def usable(self) -> bool:
        """Whether it may be given one more task."""
        return self._clean and self._process.poll() is None

    def call(self, work: tuple[Callable, tuple, dict], limits: Limits) -> Any:
        """Return what the worker returns, or raise what it raises; LostWorker where it is lost."""
        if not self._ready:  # getting ready is not the task's time
            self._answer(replace(limits, seconds=_READY_WITHIN))
            self._ready = True
        self._send(work)
        return self._answer(limits)

    def _answer(self, limits: Limits) -> Any:
        until = time.monotonic() + limits.seconds
        while True:
            try:
                answer = self._answers.get(timeout=_LOOKED_AT_EVERY)
            except queue.Empty:
                self._end_where_too_much(until, limits)
                continue
            if answer is None:
                raise self._died()
            value, error, self._clean = pickle.loads(answer)
            if error is not None:
                raise error
            return value

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        with suppress(psutil.NoSuchProcess):
            for child in self._memory.children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    child.kill()
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._scratch.cleanup()

    def end(self) -> None:
        """Let it go; kill it where it does not."""
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            if self._clean:
                self._process.wait(_ENDS_WITHIN)
        self.kill()
        self._process.stdout.close()

    def _send(self, what: object) -> None:
        # a worker that is gone already is noticed by who waits for its answer
        with suppress(BrokenPipeError):
            write_frame(self._process.stdin, pickle.dumps(what))

    def _listen(self) -> None:
        with suppress(OSError, ValueError):
            while (frame := read_frame(self._process.stdout)) is not None:
                self._answers.put(frame)
        self._answers.put(None)

    def _end_where_too_much(self, until: float, limits: Limits) -> None:
        if time.monotonic() > until:
            self.kill()
            raise LostWorker(
                f"it took longer than {_spelled(limits.seconds)} and was ended",
                "give it more time with --timeout; if it stays so, open the notebook in JupyterLab",
            )
        try:
            held = self._memory.memory_info().rss
        except psutil.Error:  # it is gone, which the listener tells
            return
        if held > limits.memory:
            self.kill()
            raise LostWorker(
                f"it needed more than {limits.memory / _GIGABYTE:.1f} GB of memory and was ended",
                "open the notebook in JupyterLab and see which cell takes so much",
            )

    def _died(self) -> LostWorker:
        status = self._process.wait()
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        return LostWorker(
            f"the process that ran it died ({how})",
            "run it once more; if it stays so, open the notebook in JupyterLab",
        )


def _spelled(seconds: float) -> str:
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"
