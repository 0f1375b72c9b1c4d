"""Which cells, or which lines of the guidelines, made a verdict differ from the earlier edition's.

In: the verdicts that a correction or another policy changed, the cells that differ. Out: a text for
each, with the cell, what stood there and what stands there now.
Traps: of an account's cells only those that its guideline asks for count, where there are such; a
school reads no value that names another school, and of the staff table no value at all.
"""

import pandas as pd

from nmsdreports.intake.tables import read_tables
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
_RULE_WORDS = {
    "applies": "where it applies",
    "starts": "from when it is owed",
    "until": "until when it is owed",
    "met_by": "what meets it",
    "needs": "what it needs",
    "severity": "severity",
    "fix_within": "days to put it right",
}


def cell_words(changes: pd.DataFrame, cells: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return for each row of ``changes`` the cells that made it: ``cells``, ``school_cells``.

    ``changes`` has guideline, subject, account_id, school_id and people (of the account, folded,
    between ``|``); ``cells`` are those of :func:`corrections.corrections`. The second text is what
    the row's school may read. ``news`` (bool) says that all of them are facts of days since.
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
    schools = changes.set_index("change")["school_id"].reindex(linked["change"])
    chosen = cells.loc[linked["cell"]].assign(own=schools.to_numpy())
    told = {
        "cells": _cell_texts(chosen),
        "school_cells": _cell_texts(_for_school(chosen)),
    }
    joined = {
        name: texts.groupby(linked["change"].to_numpy()).agg(_some) for name, texts in told.items()
    }
    words = pd.DataFrame(joined, dtype="str").reindex(changes["change"]).fillna("")
    first = linked.groupby("change")["rank"].min().reindex(changes["change"])
    return words.assign(news=first.isin([_NEWS, _OTHER + _NEWS]))


def rule_words(before: Policy, now: Policy) -> dict[str, str]:
    """Return what differs between two policies, by guideline, in words."""
    rules = [{rule.id: rule for rule in policy.rules} for policy in (before, now)]
    words = {}
    for name in rules[0] | rules[1]:
        old, new = (side.get(name) for side in rules)
        if old is None or new is None:
            words[name] = "a new guideline" if old is None else "no guideline any more"
            continue
        parts = [
            f"{_RULE_WORDS[key]}: {values}"
            for key in _RULE_WORDS
            if (values := _differing_words(getattr(old, key), getattr(new, key)))
        ]
        if before.assumed_launch_on != now.assumed_launch_on:
            days = [_plain(policy.assumed_launch_on) for policy in (before, now)]
            parts.append(f"launch day assumed where none is on record: {_from_to(*days)}")
        words[name] = "; ".join(parts)
    return words


def _differing_words(old: object, new: object) -> str:
    """What differs between two values, of tables only the entries that do; nothing where none."""
    if old == new:
        return ""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [key for key in old | new if old.get(key) != new.get(key)]
        if keys == ["days"]:
            return f"{_after_words(new['days'])} (so far {_after_words(old['days'])})"
        if keys == ["every"]:
            return f"{_every_words(new['every'])} (so far {_every_words(old['every'])})"
        old, new = ({key: side.get(key) for key in keys} for side in (old, new))
    return _from_to(_plain(old), _plain(new))


def _after_words(days: int) -> str:
    """A number of days after the day from which a duty counts, before it where negative."""
    if not days:
        return "that very day"
    return f"{abs(days)} day{'s' * (abs(days) != 1)} {'after' if days > 0 else 'before'}"


def _every_words(days: int | None) -> str:
    return "once" if days is None else f"every {days} days"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        shown = [item for item in value.values() if not isinstance(item, dict)]
        return ", ".join(_plain(item) for item in shown)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return "" if value is None else str(value)


def _from_to(before: object, after: object) -> str:
    return f"from {before or 'none'} to {after or 'none'}"


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
    headings = {
        (table.name, column.name): column.heading
        for table in read_tables().values()
        for column in table.columns.values()
    }
    names = [headings.get(pair, "") for pair in zip(cells["table"], cells["column"], strict=True)]
    moved = (cells["place_before"] != "") & (cells["place_before"] != cells["place"]) & ~whole
    place = cells["place"] + (" (was " + cells["place_before"] + ")").where(moved, "")
    old, new = (cells[side].mask(cells[side] == "", "blank") for side in ("before", "after"))
    values = ": from " + old + " to " + new
    text = place + ", " + pd.Series(names, cells.index, dtype="str") + values
    text = text.mask(cells["hidden"], place + ", changed") if "hidden" in cells else text
    text = text.mask(came, CAME + " at " + cells["place"])
    was = ", was at " + cells["place_before"]
    return text.mask(went, WENT + was.where(cells["place_before"] != "", ""))


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
        text = cells[side].mask(of_school & (cells[side] != cells["own"]), "another school")
        # A log's row that stood at another account names that account.
        text = text.mask(cells["column"] == "account_id", "another account")
        shown[side] = cells[side].where(whole, text)
    # So may the sheet on which it stood.
    place = cells["place_before"].mask(moved, "")
    return cells.assign(**shown, place_before=place, hidden=hidden & ~whole)


def _some(texts: pd.Series) -> str:
    """The first few texts, and how many more there are."""
    more = len(texts) - MOST_CELLS
    return "; ".join(texts.iloc[:MOST_CELLS]) + (f"; and {more} more" if more > 0 else "")
