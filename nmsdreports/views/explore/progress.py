"""How far a long reading is, shown in a notebook while it lasts."""

from html import escape
from time import monotonic

from ipywidgets import HTML, HBox, IntProgress, Layout

_STEPS = 4
_SLOW = 2.0
_FAILED = (
    "This cannot be shown yet. Put right what stands below, then choose Run ▸ Run All Cells in the "
    "menu above:"
)


class Progress:
    """A bar with a sentence; call it with each step's. The last sentence stays, the bar goes."""

    def __init__(self) -> None:
        self.bar = IntProgress(min=0, max=_STEPS, layout=Layout(width="12em"))
        self.line = HTML("")

    def __enter__(self) -> "Progress":
        from IPython.display import display

        self.began = monotonic()
        display(HBox([self.bar, self.line]))
        return self

    def __exit__(self, failed: type | None, *_: object) -> None:
        self.bar.layout.display = "none"
        if failed is not None:
            self.line.value = f'<span role="status">{_FAILED}</span>'
            return
        taken = monotonic() - self.began
        if taken > _SLOW:
            self.line.value += f" <span>({taken:.0f} seconds)</span>"

    def __call__(self, words: str) -> None:
        """Say what is being done now."""
        self.bar.value += 1
        self.line.value = f'<span role="status">{escape(words)}</span>'
