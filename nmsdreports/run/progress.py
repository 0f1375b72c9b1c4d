"""How far a run is, for a person: a bar on a terminal, plain lines anywhere else."""

import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class Progress(AbstractContextManager):
    """Tell on standard error how many reports are done; `told` is called after each one."""

    def __init__(self, count: int, quiet: bool = False) -> None:
        self.count = count
        self.quiet = quiet
        self._bar: Progress | None = None
        self._task = None

    def __enter__(self) -> "Progress":
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("Reports", total=self.count)
        return self

    def __exit__(self, *exception) -> None:
        if self._bar is not None:
            self._bar.stop()

    def told(self, done: int, count: int, name: str, failed: bool) -> None:
        """Say that the report of `name` is done (or failed), as `done` of `count`."""
        line = f"  {done} of {count}  {name}{'  FAILED' if failed else ''}"
        if self._bar is not None:
            self._bar.update(self._task, completed=done)
            self._bar.console.print(line, highlight=False, markup=False)
        elif not self.quiet:
            print(line, file=sys.stderr, flush=True)
