"""The panels that are lists: what to watch, the problems of the reading, the age of findings."""

from dataclasses import replace

import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.views.audience import Edition
from nmsdreports.views.chart_counts import Counts
from nmsdreports.views.explore.blocks import Html, details_html, table_html
from nmsdreports.views.explore.choice import open_states
from nmsdreports.views.repair import in_order_of_work, level_words
from nmsdreports.views.sentences import (
    be_words,
    capital,
    count_words,
    day_words,
    short_day_words,
)
from nmsdreports.views.table import Table
from nmsdreports.views.tables_watch import table_watch

MOST_LISTED = 100
"""Rows of one list that are shown."""
_AGES = ((7, "up to 7 days"), (30, "8 to 30 days"), (90, "31 to 90 days"), (365, "91 to 365 days"))
_NO_FINDINGS = "None of them is a finding by itself; some of these accounts have one as well."
_OLDER = "over a year"
_STATES = {"overdue": "Overdue", "not yet due": "Not yet due", "excepted": "Excepted"}


def counts_ageing(seen: Edition) -> Counts | str:
    """Open findings by the days since they were opened, what is overdue apart."""
    rows = seen.findings[seen.findings["open"]]
    if rows.empty:
        return f"No finding is open on {day_words(seen.as_of)}."
    edges = [-1, *(most for most, _ in _AGES), float("inf")]
    names = [*(name for _, name in _AGES), _OLDER]
    ages = pd.cut(rows["days_open"], edges, labels=names)
    counts = pd.crosstab(ages, open_states(rows)).reindex(index=names, fill_value=0)
    columns = {"Open for": names}
    for state, words in _STATES.items():
        if state in counts and counts[state].any():
            columns[words] = counts[state].to_list()
    oldest = count_words(int(rows["days_open"].max()), "day")
    title = f"{capital(be_words(len(rows), 'finding'))} open, the oldest for {oldest}"
    return Counts(title, columns)


def watch_block(watch: pd.DataFrame, seen: Edition) -> Html:
    """Every watch list that has an entry, to be opened; or that there is nothing to watch."""
    shown = watch.groupby("list", sort=False).head(MOST_LISTED)
    table = table_watch(replace(seen, watch=shown.reset_index(drop=True)))
    if watch.empty:
        return Html(f"<p>{table.nothing}</p>")
    # two accounts may have the same handle
    table.frame.insert(2, "Account", shown["account_id"].fillna("").to_list())
    counts = watch["list"].map(capital).value_counts()
    lists = []
    for name, rows in table.frame.groupby("Watch", sort=False):
        more = int(counts[name]) - len(rows)
        note = f"{more:,} more are not shown: choose a school to see them." if more else ""
        own = Table(name, rows.drop(columns="Watch"), note=note)
        lists.append(details_html(f"{name}: {counts[name]:,}", table_html(seen.theme, own)))
    count = capital(count_words(len(watch), "entry", "entries"))
    return Html(f"<p>{count}. {_NO_FINDINGS}</p>{''.join(lists)}")


def problems_block(records: Records, theme: object) -> Html:
    """The problems of the last load, each with its cell; restricted values as `…`."""
    problems = in_order_of_work(records.problems)
    if problems.empty:
        return Html("<p>Nothing is wrong with what was read.</p>")
    shown = problems.head(MOST_LISTED)
    frame = pd.DataFrame(
        {
            "Cell": [_place(row) for row in shown.to_dict("records")],
            "Level": shown["level"],
            "Value": shown["value"],
            "Problem": shown["message"],
            "What to do": shown["instead"],
        }
    )
    left = len(problems) - len(shown)
    note = (
        f"{left:,} more: the verb check lists them all, in a workbook to tick off." if left else ""
    )
    words = f"Read on {short_day_words(records.read_on)}: {level_words(problems)}."
    return Html(f"<p>{words}</p>{table_html(theme, Table('Cells to look at', frame, note=note))}")


def _place(row: dict) -> str:
    parts = [row["file"], row["sheet"], row["cell"]]
    return " · ".join(str(part) for part in parts if not pd.isna(part)) or "the folder"
