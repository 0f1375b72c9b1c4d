"""How far a run is, for a person: a bar on a terminal, plain lines anywhere else."""

import sys
import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from nmsdreports.views.sentences import count_words

if TYPE_CHECKING:
    from rich.progress import Progress


FINISHED_BEFORE = "(was finished before)"
_TOLD_EVERY = 20.0
_FEW = 30
"""With so many reports each line says enough."""


class Progress(AbstractContextManager):
    """Tell on standard error how many reports are done; `told` is called after each one."""

    def __init__(self, count: int, quiet: bool = False) -> None:
        self.count = count
        self.quiet = quiet
        self._bar: Progress | None = None
        self._task = None
        self._began = self._told_at = time.monotonic()
        self._made = self._failed = 0

    def __enter__(self) -> "Progress":
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[words]}"),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("Reports", total=self.count, words="")
        return self

    def __exit__(self, *exception) -> None:
        if self._bar is not None:
            self._bar.stop()

    def told(self, done: int, count: int, name: str, failed: bool) -> None:
        """Say that the report of `name` is done (or failed), as `done` of `count`."""
        line = f"  {done} of {count}  {name}{'  FAILED' if failed else ''}"
        now = time.monotonic()
        self._made += FINISHED_BEFORE not in name
        self._failed += failed
        words = how_far(done, count, self._failed, (now - self._began) / max(1, self._made))
        if self._bar is not None:
            self._bar.update(self._task, total=count, completed=done, words=words)
            self._bar.console.print(line, highlight=False, markup=False)
        elif not self.quiet:
            print(line, file=sys.stderr, flush=True)
            if count > _FEW and done < count and now - self._told_at > _TOLD_EVERY:
                self._told_at = now
                print(f"  {words}", file=sys.stderr, flush=True)


def how_far(done: int, count: int, failed: int, seconds_each: float) -> str:
    """Say how many reports are done, failed and left, and about how long these will take."""
    seconds = (count - done) * seconds_each
    time_left = (
        "under a minute" if seconds < 60 else f"about {count_words(round(seconds / 60), 'minute')}"
    )
    ended = f", {failed:,} of them failed" if failed else ""
    return f"{done:,} of {count:,} done{ended}; {count - done:,} left, {time_left}"
