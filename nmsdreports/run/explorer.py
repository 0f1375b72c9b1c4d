"""The explorer of a notebook: panels that follow four choosers, and the tables behind them.

In: a source. Out: an object whose members are shown by cells of one line each. Nothing is written
but the workbook that a person takes away.
"""

from collections.abc import Callable
from functools import cache, cached_property
from html import escape
from pathlib import Path

import pandas as pd
from ipywidgets import Dropdown, Output

from nmsdreports.intake import Records
from nmsdreports.intake.looks import Look, Named, looks, near_words
from nmsdreports.intake.tables import read_tables, restricted_columns
from nmsdreports.policy import Policy, Standing
from nmsdreports.run.asking import Asking
from nmsdreports.run.desk import Answer, Desk
from nmsdreports.run.plan import find_school
from nmsdreports.settings import InputError
from nmsdreports.views.explore import blocks, chosen, lists, matrix
from nmsdreports.views.explore.account import account_blocks, free_words
from nmsdreports.views.explore.answers import KINDS
from nmsdreports.views.explore.choice import EVERY, Choice
from nmsdreports.views.explore.choosers import Choosers, key_of
from nmsdreports.views.explore.counted import chart_blocks, headline_blocks
from nmsdreports.views.explore.panels import (
    AccountPanel,
    Shown,
    TakePanel,
    WhatIfPanel,
    accounts_to_offer,
)
from nmsdreports.views.explore.take import MOST_TAKEN, write_chosen
from nmsdreports.views.explore.turns import Turns
from nmsdreports.views.exports import COLUMNS, table_rows
from nmsdreports.views.sentences import count_words, month_words

# The panels in the order in which they follow a choice, what takes longest last.
_ORDER = ("findings", "headline", "map", "account", "what_if", "charts", "watch")
_MEMBERS = (
    *("choosers", "headline", "findings", "account", "map", "charts", "watch", "what_if"),
    *("problems", "take", "choose", "tables", "facts", "selected", "months", "at"),
    *("records", "policy", "standing"),
)


def _look_of_explorer(explorer: "Explorer") -> Look:
    choice = explorer._answer.choice
    return Look(
        f"Explorer of {explorer.records.settings.name}, {month_words(choice.month)}",
        {"rows chosen": len(explorer._answer.rows), "accounts": len(explorer.records.accounts)},
        ("explorer.choosers", "explorer.findings", "explorer.account", "explorer.choose(...)"),
    )


class Explorer:
    """A district to explore. Show a member in a cell of its own; Tab lists them.

    choosers, headline, findings, account, map, charts, watch, what_if, problems and take are
    panels. For pandas: `tables.findings` is a table of verdicts, with the rows of the verb `table`,
    of the chosen month; `facts.accounts` one as it was read, without its restricted columns;
    `selected` the rows chosen now, `at(month)` another month; records, policy and standing are the
    objects behind them.
    """

    def __init__(self, desk: Desk, month: str) -> None:
        self._desk = desk
        # no properties: Tab looks no further than a property's class
        self.records: Records = desk.records
        self.policy: Policy = desk.assessment.policy
        self.tables = Named("Tables of the chosen month", COLUMNS, self._table)
        self.facts = Named("Tables as they were read", read_tables(), self._facts)
        self._followers: dict[str, Callable[[], None]] = {}
        self._turns = Turns()
        self._answer: Answer = desk.answer(Choice(month))
        self._theme = self._answer.seen.theme
        self._choosers = Choosers(desk.months, month, self._answer.seen)
        self._choosers.follow(self._follow)
        self._say()

    __repr__, _repr_html_, __dir__, __getattr__ = looks(_look_of_explorer, _MEMBERS)

    @cached_property
    def choosers(self) -> Shown:
        """The boxes to choose month, school, guideline and status."""
        style = Output()
        blocks.put(style, self._theme, blocks.Html(blocks.style(self._theme)))
        return Shown([style, self._choosers.widget])

    @cached_property
    def headline(self) -> Shown:
        """How month and school stand, in three sentences and four figures."""
        return self._panel(
            "headline",
            lambda answer: headline_blocks(answer.district, answer.choice.guideline, answer.most),
        )

    @cached_property
    def findings(self) -> Shown:
        """The rows chosen, in a table to search and to sort."""
        script = Output()
        script.outputs = (blocks.table_script(),)
        return Shown([script, self._panel("findings", self._findings)])

    @cached_property
    def account(self) -> Shown:
        """One account: how it stands, its line of time, and why."""
        return Shown([self._account.widget])

    @cached_property
    def map(self) -> Shown:
        """The accounts of the rows chosen by guidelines, at a glance."""
        return self._panel("map", self._map)

    @cached_property
    def charts(self) -> Shown:
        """Ageing, two years of findings, approvals against launches, notices against starts."""
        return self._panel(
            "charts", lambda answer: chart_blocks(answer.drawn, answer.choice.guideline)
        )

    @cached_property
    def watch(self) -> Shown:
        """What runs out or falls due soon, and what looks odd."""
        return self._panel(
            "watch",
            lambda answer: [lists.watch_block(self._desk.watch(answer.choice), answer.seen)],
        )

    @cached_property
    def what_if(self) -> Shown:
        """What would change if a rule were another, or an exception were given."""
        asking = Asking(self._desk, lambda: self._answer.choice, lambda: self._account.shown)
        kinds = [(words, kind) for kind, words in KINDS.items()]
        panel = WhatIfPanel(self._theme, kinds, asking.offered, asking.days_now, asking.answer)
        self._followers["what_if"] = panel.follow
        return Shown([panel.widget])

    @cached_property
    def problems(self) -> Shown:
        """What the last reading found wrong, each with its cell."""
        output = Output()
        blocks.put(output, self._theme, lists.problems_block(self.records, self._theme))
        return Shown([output])

    @cached_property
    def take(self) -> Shown:
        """A button that writes the rows chosen as a workbook into the current folder."""
        return Shown([TakePanel(self._take).widget])

    @property
    def standing(self) -> Standing:
        """How everything stood at the end of the chosen month."""
        return self.at(self._answer.choice.month)

    @property
    def selected(self) -> pd.DataFrame:
        """The rows chosen now, all of them."""
        return self._answer.rows.copy()

    @property
    def months(self) -> list[str]:
        """The months with data ("2026-10"), the last one first."""
        return list(self._desk.months)

    def at(self, month: str) -> Standing:
        """How everything stood at the end of a month ("2026-10")."""
        _quiet_plotly()
        return self._desk.standing(month)

    def choose(
        self,
        month: str | None = None,
        school: str | None = None,
        guideline: str | None = None,
        status: str | None = None,
    ) -> None:
        """Choose without the boxes: as their words read, or "2026-10", an id, a key; "all" is all.

        What is left out stays as it is. Raises InputError with the nearest right names for a wrong
        one.
        """
        boxes = self._choosers
        wanted = {
            boxes.month: month,
            boxes.school: school,
            boxes.guideline: guideline,
            boxes.status: status,
        }
        for box, text in wanted.items():
            wanted[box] = None if text is None else self._key(box, text)
        for box, value in wanted.items():
            if value is not None:
                box.value = value

    def _key(self, box: Dropdown, text: str) -> str:
        """The key of what a box offers under these words."""
        found = key_of(box.options, text)
        if found is None and box is self._choosers.school:
            return find_school(text, self.records.schools)
        if found is None:
            known = [word for pair in box.options for word in pair if word != EVERY]
            what = box.description.lower()
            raise InputError(f'There is no {what} "{text}"{near_words(text, known)}')
        return found

    def _follow(self, choice: Choice) -> None:
        self._choosers.say("Looking ...", "")
        self._answer = self._desk.answer(choice)
        self._say()
        self._turns.start(self._followers[name] for name in _ORDER if name in self._followers)

    def _say(self) -> None:
        answer = self._answer
        words = chosen.found_words(answer.choice, answer.rows, answer.seen)
        as_of = chosen.as_of_words(answer.seen, self._desk.today)
        self._choosers.say(escape(words), escape(as_of))

    def _table(self, name: str) -> pd.DataFrame:
        return table_rows(self.standing, name)

    def _facts(self, name: str) -> pd.DataFrame:
        _quiet_plotly()
        frame = self.records.table(name)
        return frame.drop(columns=[c for c in restricted_columns() if c in frame])

    def _panel(self, name: str, shown: Callable[[Answer], list[object]]) -> Shown:
        output = Output()

        def follow() -> None:
            blocks.put(output, self._theme, *shown(self._answer))

        self._followers[name] = follow
        follow()
        return Shown([output])

    def _map(self, answer: Answer) -> list[object]:
        nobody = chosen.nobody_words(answer.rows)
        return [matrix.map_of(answer.seen, answer.accounts, nobody)]

    def _findings(self, answer: Answer) -> list[object]:
        rows, shown = answer.rows, answer.rows.head(chosen.MOST_ROWS)
        words = [chosen.found_words(answer.choice, rows, answer.seen)]
        words.append(chosen.cut_words(rows, len(shown)))
        if rows.empty:
            return words
        table = chosen.table_to_search(chosen.told(shown, answer.seen), shown["subject"])
        return [*words, blocks.Html(table)]

    @cached_property
    def _account(self) -> AccountPanel:
        panel = AccountPanel(
            self._theme,
            self._told_account,
            lambda text: free_words(self.records, self._desk.account_id(text)),
            lambda: self._followers.get("what_if", lambda: None)(),
        )

        def follow() -> None:
            answer, choice = self._answer, self._answer.choice
            offered = accounts_to_offer(answer.accounts, answer.seen)
            nobody = f"{chosen.nobody_words(answer.rows)} You can name any account above."
            panel.offer(offered, (choice.month, choice.guideline), nobody)

        self._followers["account"] = follow
        follow()
        return panel

    def _told_account(self, text: str) -> list[object]:
        choice = self._answer.choice
        return account_blocks(self._desk.account(choice.month, text), choice.guideline)

    def _take(self) -> str:
        answer = self._answer
        rows = answer.rows.head(MOST_TAKEN)
        seen = self._desk.seen(answer.choice.month, rows)
        path = write_chosen(answer.choice, answer.rows, seen, Path())
        wrote = f"Wrote {count_words(len(rows), 'row')} into “{path.name}”"
        return f"{wrote}, beside this notebook, in the folder {path.resolve().parent}."


@cache
def _quiet_plotly() -> None:
    """Own charts of a notebook: no mode bar and no button that sends a chart's data away.

    Done when the first table is asked for, because Plotly takes a second to import.
    """
    import plotly.io as pio

    pio.renderers.default = "plotly_mimetype"
    pio.renderers["plotly_mimetype"].config = {
        "displayModeBar": False,
        "displaylogo": False,
        "showSendToCloud": False,
    }
