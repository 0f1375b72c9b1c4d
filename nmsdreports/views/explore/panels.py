"""The panels in which one does something: choose an account, ask what if, take away."""

from collections.abc import Callable
from html import escape

from ipywidgets import HTML, BoundedIntText, Button, Dropdown, HBox, Layout, Output, Text, VBox

from nmsdreports.settings import InputError
from nmsdreports.views.audience import Edition
from nmsdreports.views.explore.blocks import Html, put
from nmsdreports.views.tables import school_names
from nmsdreports.views.theme import Theme

_LABEL = {"description_width": "8em"}
_WIDE = Layout(width="42em")
_WRAP = Layout(flex_flow="row wrap")


class Shown(VBox):
    """What a cell shows. Its plain text, which is saved with the notebook, tells nothing."""

    def __repr__(self) -> str:
        return "Shown in JupyterLab once the cell has run."


class AccountPanel:
    """An account, chosen from the list or typed, and what `told` has on it.

    Of the two boxes one is empty: the one that does not name what is shown.

    `told` gives the blocks of an account named in words; `words` its free words.
    """

    def __init__(
        self, theme: Theme, told: Callable[[str], list], words: Callable[[str], Html]
    ) -> None:
        self.theme, self.told, self.words = theme, told, words
        self.list = Dropdown(description="Account", layout=_WIDE, style=_LABEL)
        self.typed = Text(
            description="Another one",
            placeholder="id, handle, title or address, then Enter",
            continuous_update=False,
            layout=_WIDE,
            style=_LABEL,
        )
        self.button = Button(
            description="Show its notes and descriptions",
            disabled=True,
            layout=Layout(width="20em"),
        )
        self.output, self.free = Output(), Output()
        boxes = HBox([self.list, self.typed], layout=_WRAP)
        self.widget = VBox([boxes, self.output, self.button, self.free])
        self.shown: str | None = None
        self.month = ""
        self.list.observe(self._listed, names="value")
        self.typed.observe(self._typed, names="value")
        self.button.on_click(lambda _: self._show_words())

    def offer(self, accounts: list[tuple[str, str]], month: str) -> None:
        """Offer these accounts (label, id); the first is shown, or the same one as before."""
        ids = [name for _, name in accounts]
        kept = self.shown if self.shown in ids else next(iter(ids), None)
        # new options would choose their first for a moment, and tell all about it
        self.list.unobserve(self._listed, names="value")
        self.list.options = accounts
        self.list.observe(self._listed, names="value")
        self._boxes(listed=kept)
        if (kept, month) != (self.shown, self.month) or kept is None:
            self.month = month
            self.show(kept)

    def show(self, text: str | None) -> None:
        """Show the account that a text names."""
        self.free.outputs = ()
        self.shown, self.button.disabled = None, True
        if not text:
            nobody = "None of these rows is about an account of the registry: name any other above."
            put(self.output, self.theme, nobody)
            return
        try:
            shown = self.told(text)
        except InputError as error:
            put(self.output, self.theme, str(error))
            return
        self.shown, self.button.disabled = text, False
        put(self.output, self.theme, *shown)

    def _boxes(self, listed: str | None = None, typed: str = "") -> None:
        """Set both boxes without hearing of it."""
        self.list.unobserve(self._listed, names="value")
        self.typed.unobserve(self._typed, names="value")
        self.list.value, self.typed.value = listed, typed
        self.list.observe(self._listed, names="value")
        self.typed.observe(self._typed, names="value")

    def _listed(self, _: object) -> None:
        self._boxes(listed=self.list.value)
        self.show(self.list.value)

    def _typed(self, _: object) -> None:
        if text := self.typed.value.strip():
            self._boxes(typed=text)
            self.show(text)

    def _show_words(self) -> None:
        if self.shown:
            put(self.free, self.theme, *_answered(lambda: [self.words(self.shown)]))


class WhatIfPanel:
    """A question about another rule; `answered` gives the blocks that answer it.

    It is called with the kind of the question, what it names, and a number of days.
    """

    def __init__(
        self,
        theme: Theme,
        kinds: list[tuple[str, str]],
        names: Callable[[str], list[tuple[str, str]]],
        answered: Callable[[str, str, int], list],
    ) -> None:
        self.theme, self.names, self.answered = theme, names, answered
        self.kind = Dropdown(description="What if", options=kinds, layout=_WIDE, style=_LABEL)
        self.name = Dropdown(description="Which", layout=_WIDE, style=_LABEL)
        self.days = BoundedIntText(
            description="Days", value=14, min=0, max=3650, layout=Layout(width="16em"), style=_LABEL
        )
        self.button = Button(description="Ask", button_style="primary")
        self.output = Output()
        boxes = HBox([self.name, self.days, self.button], layout=_WRAP)
        self.widget = VBox([self.kind, boxes, self.output])
        self.kind.observe(lambda change: self._offer(), names="value")
        self.button.on_click(lambda _: self._ask())
        self._offer()

    def _offer(self) -> None:
        options = self.names(self.kind.value)
        self.name.options = options
        self.name.value = options[0][1]
        self.output.outputs = ()

    def _ask(self) -> None:
        put(self.output, self.theme, "Judging every account anew ...")
        self.button.disabled = True
        question = (self.kind.value, self.name.value, self.days.value)
        put(self.output, self.theme, *_answered(lambda: self.answered(*question)))
        self.button.disabled = False


class TakePanel:
    """A button that writes the choice as a workbook; `write` does it and says what it wrote."""

    def __init__(self, write: Callable[[], str]) -> None:
        self.write = write
        self.button = Button(description="Take this with me", button_style="primary")
        self.line = HTML("")
        self.widget = VBox([self.button, self.line])
        self.button.on_click(lambda _: self._take())

    def _take(self) -> None:
        self.line.value = '<p role="status">Writing ...</p>'
        self.button.disabled = True
        said = _answered(lambda: [self.write()])[0]
        self.line.value = f'<p role="status">{escape(said)}</p>'
        self.button.disabled = False


def accounts_to_offer(ids: list[str], seen: Edition) -> list[tuple[str, str]]:
    """The accounts as a list offers them: "YouTube "@samplepinechoir" · A006 · Pine"."""
    names = school_names(seen)
    offered = {
        row.account_id: f"{row.label} · {row.account_id} · {names.get(row.school_id, '')}"
        for row in seen.accounts[["account_id", "school_id", "label"]].itertuples(index=False)
    }
    return [(offered[key], key) for key in ids if key in offered]


def _answered(ask: Callable[[], list]) -> list:
    """What was asked for; where it cannot be, the sentence that says why."""
    try:
        return ask()
    except (InputError, OSError) as error:
        return [str(error)]
