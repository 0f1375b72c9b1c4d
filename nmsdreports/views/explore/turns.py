"""Steps taken one after the other, so that a newer choice does not wait for an older one."""

import asyncio
from collections.abc import Callable, Iterable

_PAUSE_SECONDS = 0.02


class Turns:
    """Runs steps; between two of them a kernel hears what was chosen meanwhile.

    What is started later takes the place of the steps that were still to come. Without a running
    loop, as in a script, all steps run at once.
    """

    def __init__(self) -> None:
        self.steps: list[Callable[[], None]] = []

    def start(self, steps: Iterable[Callable[[], None]]) -> None:
        """Run the first step now and the others in turn."""
        self.steps = list(steps)
        self._next()

    def _next(self) -> None:
        while self.steps:
            self.steps.pop(0)()
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                continue
            loop.call_later(_PAUSE_SECONDS, self._next)
            return
