"""The panels in which one does something: choose an account, ask what if, take away."""

from collections.abc import Callable
from html import escape

from ipywidgets import HTML, Button, Dropdown, HBox, Layout, Output, Text, VBox

from nmsdreports.settings import InputError
from nmsdreports.views.audience import Edition
from nmsdreports.views.explore.answers import EXCEPTIONS
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

    `told` gives the blocks of an account named in words; `words` its free words; `heard` is called
    when another account is shown.
    """

    def __init__(
        self,
        theme: Theme,
        told: Callable[[str], list],
        words: Callable[[str], Html],
        heard: Callable[[], None],
    ) -> None:
        self.theme, self.told, self.words, self.heard = theme, told, words, heard
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
        self.chosen: object = None
        self.list.observe(self._listed, names="value")
        self.typed.observe(self._typed, names="value")
        self.button.on_click(lambda _: self._show_words())

    def offer(self, accounts: list[tuple[str, str]], chosen: object, nobody: str) -> None:
        """Offer these accounts (label, id); the first is shown, or the same one as before.

        `chosen` is what else the account is told by; `nobody` is said where there is no account.
        """
        ids = [name for _, name in accounts]
        kept = self.shown if self.shown in ids else next(iter(ids), None)
        # new options would choose their first for a moment, and tell all about it
        self.list.unobserve(self._listed, names="value")
        self.list.options = accounts
        self.list.observe(self._listed, names="value")
        self._boxes(listed=kept)
        if kept is None:
            self._show_none(nobody)
        elif (kept, chosen) != (self.shown, self.chosen):
            self.chosen = chosen
            self.show(kept)

    def show(self, text: str) -> None:
        """Show the account that a text names."""
        try:
            shown = self.told(text)
        except InputError as error:
            self._show_none(str(error))
            return
        self.free.outputs = ()
        self.shown, self.button.disabled = text, False
        put(self.output, self.theme, *shown)
        self.heard()

    def _show_none(self, words: str) -> None:
        self.free.outputs = ()
        self.shown, self.button.disabled = None, True
        put(self.output, self.theme, words)
        self.heard()

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
    """A question about another rule.

    `names` gives what a kind of question can be about, `now` today's number of days of one (None
    where it has none), `answered` the blocks that answer it, the days as they were typed.
    """

    def __init__(
        self,
        theme: Theme,
        kinds: list[tuple[str, str]],
        names: Callable[[str], list[tuple[str, str]]],
        now: Callable[[str, str], int | None],
        answered: Callable[[str, str, str], list],
    ) -> None:
        self.theme, self.names, self.now, self.answered = theme, names, now, answered
        self.kind = Dropdown(description="What if", options=kinds, layout=_WIDE, style=_LABEL)
        self.name = Dropdown(description="Which", layout=_WIDE, style=_LABEL)
        # sent once it is left, and not letter by letter
        self.days = Text(
            description="Days",
            continuous_update=False,
            layout=Layout(width="16em"),
            style=_LABEL,
        )
        self.button = Button(description="Ask", button_style="primary")
        self.output = Output()
        boxes = HBox([self.name, self.days, self.button], layout=_WRAP)
        self.widget = VBox([self.kind, boxes, self.output])
        self.kind.observe(lambda _: self._offer(), names="value")
        self.name.observe(self._say_now, names="value")
        self.days.observe(lambda _: self._ask_again(), names="value")
        self.button.on_click(lambda _: self._ask())
        self.asked: tuple[str, str, str] | None = None
        self._offer()

    def follow(self) -> None:
        """Something else is chosen or shown: what an exception can be for, and no old answer."""
        if self.kind.value in EXCEPTIONS:
            self._offer()
        self._forget()

    def _forget(self) -> None:
        self.asked, self.output.outputs = None, ()

    def _offer(self) -> None:
        options = self.names(self.kind.value)
        # new options would choose their first for a moment, which may be of another kind
        self.name.unobserve(self._say_now, names="value")
        self.name.options = options
        self.name.value = options[0][1]
        self.name.observe(self._say_now, names="value")
        self._say_now()

    def _say_now(self, _: object = None) -> None:
        """The days as they are today, to be changed; none for an exception."""
        self._forget()
        lasting = self.kind.value in EXCEPTIONS
        self.days.layout.display = "none" if lasting else None
        now = self.now(self.kind.value, self.name.value)
        self.days.value = "" if now is None else str(now)
        self.days.placeholder = "not set today"

    def _ask(self) -> None:
        question = (self.kind.value, self.name.value, self.days.value)
        if question == self.asked:
            return
        # the button stays enabled: a disabled one would lose the keyboard's place on the page
        put(self.output, self.theme, "Judging every account anew ...")
        put(self.output, self.theme, *_answered(lambda: self.answered(*question)))
        self.asked = question

    def _ask_again(self) -> None:
        """Once asked, a question follows its days: also those that a click has overtaken."""
        if self.asked is not None:
            self._ask()


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
