"""Which cells, or which lines of the guidelines, made a verdict differ from the earlier edition's.

In: the verdicts that a correction or another policy changed, the cells that differ. Out: a text for
each, with the cell, what stood there and what stands there now.
Traps: of an account's cells only those that its guideline asks for count, where there are such; a
school reads no value that names another school, and of the staff table no value at all.
"""

import numpy as np
import pandas as pd

from nmsdreports.intake.tables import heading, read_tables
from nmsdreports.policy.corrections import CAME, WENT
from nmsdreports.policy.guidelines import Guideline, Policy

MOST_CELLS = 5
# Of the cells that may have made a difference those of the lowest number are told.
_PEOPLE, _NEWS, _OTHER, _ANYBODY = 1, 2, 4, 8
_ALWAYS = ("launched_on", "closed_on", "school_id", "requested_on")
_OWNERS = ("owner", "owner_email")
_BY_PEOPLE = ("approvals", "admins")
_LOGS = ("approvals", "notices", "admins", "reviews", "accounts")
_OWN_KEY = ("incidents", "concerns")


def cell_words(
    changes: pd.DataFrame, cells: pd.DataFrame, policy: Policy, schools: dict[str, str]
) -> pd.DataFrame:
    """Return for each row of ``changes`` the cells that made it: ``cells``, ``school_cells``.

    ``changes`` has guideline, subject, account_id, school_id and people (of the account, folded,
    between ``|``); ``cells`` are those of :func:`corrections.corrections`, ``schools`` the names of
    schools by their id. The second text is what the row's school may read. ``news`` (bool) says
    that all of them are facts of days since.
    """
    changes = changes.rename_axis("change").reset_index()
    linked = pd.concat(
        [
            _of_account(changes, cells, policy),
            _of_subject(changes, cells),
            _of_exception(changes, cells),
            _of_staff(changes, cells, policy),
        ],
        ignore_index=True,
    ).drop_duplicates(["change", "cell"])
    best = linked.groupby("change")["rank"].transform("min")
    linked = linked[linked["rank"] == best].sort_values(["change", "cell"])
    own = changes.set_index("change")[["school_id", "account_id"]].reindex(linked["change"])
    own = own.to_numpy().T
    chosen = cells.loc[linked["cell"]].assign(own=own[0], own_account=own[1])
    told = {
        "cells": _cell_texts(_with_names(chosen, schools)),
        "school_cells": _cell_texts(_for_school(chosen)),
    }
    joined = {
        name: texts.groupby(linked["change"].to_numpy()).agg(_some) for name, texts in told.items()
    }
    words = pd.DataFrame(joined, dtype="str").reindex(changes["change"]).fillna("")
    first = linked.groupby("change")["rank"].min().reindex(changes["change"])
    return words.assign(news=first.isin([_NEWS, _OTHER + _NEWS]))


def _of_account(changes: pd.DataFrame, cells: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The cells of the account's own rows, then and now."""
    rows = cells[cells["table"].isin(_LOGS)]
    rows = rows[["table", "column", "later", "account_id", "account_before"]]
    rows = rows.rename_axis("cell").reset_index()
    named = changes[changes["account_id"] != ""][["change", "guideline", "account_id"]]
    pairs = pd.concat(
        [
            named.merge(rows.drop(columns="account_before"), on="account_id"),
            named.merge(
                rows.drop(columns="account_id").rename(columns={"account_before": "account_id"}),
                on="account_id",
            ),
        ]
    )
    asked = {rule.id: _asked(rule) for rule in policy.rules}
    fits = [
        (column == "" and table == "accounts")
        or table in asked.get(guideline, {}).get("logs", ())
        or column in asked.get(guideline, {}).get("columns", ())
        for guideline, table, column in zip(
            pairs["guideline"], pairs["table"], pairs["column"], strict=True
        )
    ]
    rank = pd.Series(fits, pairs.index, dtype="bool").map({True: 0, False: _OTHER})
    return pairs.assign(rank=rank + pairs["later"].map({True: _NEWS, False: 0}))[
        ["change", "cell", "rank"]
    ]


def _asked(rule: Guideline) -> dict[str, set[str]]:
    """The columns of the registry that decide a guideline, and its log."""
    met, starts = rule.met_by, rule.starts
    columns = {
        *(_ALWAYS if rule.method == "record" else ()),
        *rule.needs,
        *((rule.applies or {}).get("column"), rule.until, starts.get("column"), starts.get("else")),
        *(met.get(key) for key in ("column", "or_given", "where")),
    }
    log = met.get("log")
    if log:
        accounts = read_tables()["accounts"].columns.values()
        columns |= {column.name for column in accounts if column.log == log}
    if log == "approvals":
        columns |= {"approved_by"}
    if log in _BY_PEOPLE:
        columns |= {"admin_holder"} if log == "admins" else set()
        columns |= set(_OWNERS)
    return {"columns": columns - {None, ""}, "logs": {log} - {None}}


def _of_subject(changes: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """The cells of the incident or the concern that the verdict is about."""
    rows = cells[cells["table"].isin(_OWN_KEY)].rename_axis("cell").reset_index()
    pairs = changes[["change", "subject"]].merge(
        rows[["cell", "key", "later"]], left_on="subject", right_on="key"
    )
    return pairs.assign(rank=pairs["later"].map({True: _NEWS, False: 0}))[
        ["change", "cell", "rank"]
    ]


def _of_exception(changes: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    rows = cells[cells["table"] == "exceptions"].rename_axis("cell").reset_index()
    parts = []
    for key in ("account_id", "school_id"):
        named = rows[(rows[key] != "") & ((key == "account_id") | (rows["account_id"] == ""))]
        parts.append(
            changes[["change", "guideline", key]].merge(
                named[["cell", "guideline", key, "later"]], on=["guideline", key]
            )
        )
    pairs = pd.concat(parts)
    return pairs.assign(rank=pairs["later"].map({True: _NEWS, False: 0}))[
        ["change", "cell", "rank"]
    ]


def _of_staff(changes: pd.DataFrame, cells: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The cells of the people of the account; of anybody else's where nothing else differs."""
    rows = cells[cells["table"].isin(["staff", "schools"])].rename_axis("cell").reset_index()
    judged = [rule.id for rule in policy.rules if rule.met_by.get("log") in _BY_PEOPLE]
    asked = changes[changes["guideline"].isin(judged)][["change", "people"]]
    people = asked.assign(person=asked["people"].str.split("|")).explode("person")
    theirs = rows.assign(person=rows["people"].str.split("|")).explode("person")
    pairs = people[people["person"] != ""].merge(theirs[["cell", "person"]], on="person")
    near = pairs[["change", "cell"]].assign(rank=_PEOPLE)
    far = asked[["change"]].merge(rows[["cell"]], how="cross").assign(rank=_ANYBODY)
    return pd.concat([near, far])


def _cell_texts(cells: pd.DataFrame) -> pd.Series:
    """Each cell in words: where it is, its column, what stood there and what stands there now."""
    came, went = cells["after"] == CAME, cells["before"] == WENT
    whole = (cells["column"] == "") & (came | went)
    names = [
        heading(column, table) if column else ""
        for table, column in zip(cells["table"], cells["column"], strict=True)
    ]
    moved = (cells["place_before"] != "") & (cells["place_before"] != cells["place"]) & ~whole
    place = cells["place"] + (" (was " + cells["place_before"] + ")").where(moved, "")
    old, new = (cells[side].mask(cells[side] == "", "blank") for side in ("before", "after"))
    values = ": from " + old + " to " + new
    text = place + ", " + pd.Series(names, cells.index, dtype="str") + values
    text = text.mask(cells["hidden"], place + ", changed") if "hidden" in cells else text
    text = text.mask(came, CAME + " (" + cells["place"] + ")")
    stood = " (it stood at " + cells["place_before"] + ")"
    return text.mask(went, WENT + stood.where(cells["place_before"] != "", ""))


def _with_names(cells: pd.DataFrame, schools: dict[str, str]) -> pd.DataFrame:
    """The cells with the names of schools in place of their ids."""
    of_school = cells["column"] == "school_id"
    named = {
        side: cells[side].mask(of_school, cells[side].map(schools).fillna(cells[side]))
        for side in ("before", "after")
    }
    return cells.assign(**named)


def _for_school(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells as their school may read them."""
    whole = cells["column"] == ""
    of_school = cells["column"] == "school_id"
    of_account = of_school & (cells["table"] == "accounts")
    moved = cells["account_id"].isin(cells.loc[of_account, "account_id"])
    # What stood in the rows of an account that another school had then may name its people.
    hidden = cells["table"].isin(["staff", "schools"]) | (moved & ~of_school)
    shown = {}
    for side in ("before", "after"):
        own = pd.Series(
            np.where(cells[side] == cells["own"], "this school", "another school"), cells.index
        )
        text = cells[side].mask(of_school & (cells[side] != ""), own)
        # A log's row that stood at another account names that account.
        other = (cells["column"] == "account_id") & (cells[side] != cells["own_account"])
        text = text.mask(other & (cells[side] != ""), "another account")
        shown[side] = cells[side].where(whole, text)
    # So may the sheet on which it stood.
    place = cells["place_before"].mask(moved, "")
    return cells.assign(**shown, place_before=place, hidden=hidden & ~whole)


def _some(texts: pd.Series) -> str:
    """The first few texts, and how many more there are."""
    more = len(texts) - MOST_CELLS
    return "; ".join(texts.iloc[:MOST_CELLS]) + (f"; and {more} more" if more > 0 else "")
