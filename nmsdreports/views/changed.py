"""The lists behind what changed since the report before: findings, statuses, and their counts."""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.rows import records
from nmsdreports.views.sentences import list_words, month_words
from nmsdreports.views.since_words import (
    before_words,
    changed_findings,
    follows,
    is_compared,
    is_restated,
    move_words,
    why_not_words,
    why_words,
)
from nmsdreports.views.table import Table
from nmsdreports.views.tables import school_cells, school_names

_NOT_JUDGED = "not judged"
_LEAST = 4


def table_since(edition: Edition) -> Table:
    """One row a guideline: how the open findings of the report before became those of now.

    Without rows where that is what the month itself opened and closed.
    """
    before = before_words(edition)
    caption = f"From {before} to this one: open findings"
    columns = since_columns(edition)
    nothing = _no_since_words(edition, quiet=len(columns) == _LEAST)
    if nothing:
        return Table(caption, {}, nothing=nothing)
    counts = edition.totals.change_counts
    shown = counts[counts[list(columns)].ne(0).any(axis=1)]
    titles = edition.guidelines.set_index("guideline")["title"]
    frame = pd.DataFrame({"Guideline": [titles.get(n, n) for n in shown["guideline"]]})
    for name, header in columns.items():
        frame[header] = shown[name].astype("int64").to_list()
    total = {"Guideline": "All guidelines", **frame.drop(columns="Guideline").sum()}
    return Table(caption, pd.concat([frame, pd.DataFrame([total])], ignore_index=True))


def _no_since_words(edition: Edition, quiet: bool) -> str:
    """Why there is nothing to lead from then to now but the month's own moves; else nothing."""
    if not is_compared(edition):
        return why_not_words(edition)
    before, month = before_words(edition), month_words(edition.month)
    if quiet and is_restated(edition):
        return f"What was open in {before} is open now: nothing of it was corrected."
    if quiet and follows(edition):
        return f"What was open in {before} was open before {month}: nothing of it was corrected."
    return ""


def since_columns(edition: Edition) -> dict[str, str]:
    """The columns of `change_counts` that say how then became now, with their headings.

    What no finding changed by is left out.
    """
    counts = edition.totals.change_counts
    early = {
        "by_data": "By corrected data",
        "by_policy": "By guidelines or settings",
        "by_program": "By the program",
    }
    before = before_words(edition)
    return {
        "open_then": f"Open in {before}",
        **{name: header for name, header in early.items() if counts[name].any()},
        "opened": "Opened since",
        "closed": "Closed since",
        "open_now": "Open now",
    }


def table_changed(edition: Edition) -> Table:
    """One row a finding that changed: what happened to it, and why."""
    rows = records(changed_findings(edition))
    columns = {
        "Finding": [row["sentence"] or f"{row['title']}: {row['label']}" for row in rows],
        **school_cells(edition, rows),
        "What changed": [move_words(row) for row in rows],
        "Why": [why_words(row) for row in rows],
    }
    nothing = "No finding changed."
    return Table("Each finding that changed, and why", columns, nothing=nothing)


def table_changed_statuses(edition: Edition) -> Table:
    """One row an account (or concern, activity, emergency) and change of status, and why."""
    rows = edition.changes[edition.changes["kind"] == "status"]
    nothing = (
        "No status changed."
        if is_compared(edition)
        else "Statuses are compared where there is a report before."
    )
    caption = "Each status that changed, and why"
    if rows.empty:
        return Table(caption, {}, nothing=nothing)
    rows = rows.assign(why=[why_words(row) for row in rows.to_dict("records")])
    keys = ["school_id", "label", "before", "after", "why"]
    grouped = rows.groupby(keys, sort=False, dropna=False)["title"].agg(
        lambda titles: list_words(list(titles))
    )
    table = grouped.reset_index()
    if edition.school is None:
        # A column of its own would leave no room for the others.
        schools = table["school_id"].map(school_names(edition)).fillna("")
        table["label"] = table["label"] + (" (" + schools + ")").where(schools != "", "")
    frame = pd.DataFrame(
        {
            "Account": table["label"],
            "Guidelines": table["title"],
            "Before": table["before"].replace("", _NOT_JUDGED),
            "Now": table["after"].replace("", _NOT_JUDGED),
            "Why": table["why"],
        }
    )
    kinds = {"Before": "status", "Now": "status"}
    return Table(caption, frame, kinds, nothing)
