"""The rows of what changed, as an audience may read them: narrowed to a school, with their words.

In: what moved since the edition before (a `Since` of the policy floor, or None where nothing is
known of one). Out: the frames `changes` and `change_counts` of an Edition.
Traps: where nothing could be compared the rows are what the dates of the month itself moved; a
school may not read the name of an account that another school has now.
"""

from typing import Any

import pandas as pd

GONE = "What another school has now"
_MOVED = "it is another school's now"
# What a subject that is no account is called.
_NAMED = {"concern": "Concern ", "emergency": "Incident "}
_ROWS = [
    *("kind", "guideline", "subject", "account_id", "school_id", "finding_id", "opened_on"),
    *("move", "before", "after", "reason", "also", "cells", "school_cells", "rules"),
]
MOVES = ("opened", "closed")
BY = ("by_data", "by_policy", "by_program")
_EARLY = tuple(f"{move}_{by}" for by in BY for move in MOVES)
COUNTS = ("guideline", "school_id", "open_then", *_EARLY, *MOVES, "open_now")
_ALTERED = {
    "became overdue": ("not overdue", "overdue"),
    "exception began": ("not excepted", "excepted"),
}


def change_frames(since: Any, standing: Any) -> dict[str, pd.DataFrame]:
    """Return the rows of what changed and the counts of how then became now, of all schools."""
    counts = pd.DataFrame(columns=COUNTS) if since is None else since.moved.counts
    if since is None:
        rows = pd.DataFrame(columns=_ROWS)
    else:
        rows = since.moved.rows if is_compared(since) else _of_month(standing.changes)
    rows = rows[_ROWS].reset_index(drop=True)
    account = rows["account_id"].mask(rows["account_id"] == "")
    rows = rows.assign(account_id=account, gone=_gone(rows, standing))
    return {"changes": rows, "change_counts": counts[list(COUNTS)]}


def _gone(rows: pd.DataFrame, standing: Any) -> pd.Series:
    """Which rows are about an account or an incident that another school has now."""
    if rows.empty:
        return pd.Series(dtype="bool")
    schools = {
        name: standing.records.table(name).set_index(key)["school_id"].to_dict()
        for name, key in (("accounts", "account_id"), ("incidents", "incident_id"))
    }
    kinds = standing.policy.guidelines["subject"].to_dict()
    gone = []
    names = ["guideline", "subject", "account_id", "school_id", "finding_id"]
    for guideline, subject, account, school, finding in rows[names].itertuples(index=False):
        own = finding == f"{guideline}:incident:{subject}" or kinds.get(guideline) == "emergency"
        now = schools["incidents"].get(subject) if own else schools["accounts"].get(account)
        gone.append(now is not None and now != school)
    return pd.Series(gone, rows.index, dtype="bool")


def is_compared(since: Any) -> bool:
    """Whether there is an edition before, and it could be compared."""
    return bool(since.name) and not since.cannot


def about_since(since: Any, school_id: str | None) -> dict | None:
    """Return what an Edition says of the edition before.

    That is name, month, restated, cannot, same_as, whether its own month was `unfinished`, and of
    the accounts that left the registry (`left`) those of the school.
    """
    if since is None:
        return None
    names = ("name", "month", "restated", "cannot", "same_as", "unfinished")
    own = [one for one in since.left if school_id in (None, one["school_id"])]
    return {name: getattr(since, name) for name in names} | {"left": own}


def for_school(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a school's rows with the cells that it may read.

    What is another school's now is named no more.
    """
    names = ["subject", "finding_id", "account_id"]
    masked = rows.assign(cells=rows["school_cells"])
    masked[names] = masked[names].mask(rows["gone"])
    masked["cells"] = masked["cells"].mask(rows["gone"], _MOVED)
    return masked


def tell_changes(frames: dict[str, pd.DataFrame], about: dict | None) -> pd.DataFrame:
    """Return the rows with columns title, label and sentence (of a finding that still is one).

    The other frames of the edition give the words, and what it says of the one before gives those
    of accounts that left the registry (`about`, as of `about_since`); all are narrowed already.
    """
    rows, findings, guidelines = (frames[n] for n in ("changes", "findings", "guidelines"))
    columns = ["title", "label", "sentence"]
    if rows.empty:
        return rows.assign(**dict.fromkeys(columns, ""))
    rules = guidelines.set_index("guideline")[["title", "subject"]].to_dict("index")
    accounts = {one["account_id"]: one["label"] for one in (about or {}).get("left", [])}
    accounts |= frames["accounts"].set_index("account_id")["label"].to_dict()
    names = ["guideline", "subject", "finding_id", "opened_on", "label", "sentence"]
    known, by_subject = {}, {}
    for guideline, subject, *found in findings[names].itertuples(index=False, name=None):
        known[tuple(found[:2])] = tuple(found[2:])
        by_subject[guideline, subject] = found[2]
    told = []
    for row in rows.to_dict("records"):
        rule = rules.get(row["guideline"], {"title": row["guideline"], "subject": ""})
        same = by_subject.get((row["guideline"], row["subject"]))
        label, sentence = known.get((row["finding_id"], row["opened_on"]), (same, None))
        told.append(
            (rule["title"], label or _subject_words(row, rule["subject"], accounts), sentence)
        )
    return rows.join(pd.DataFrame(told, columns=columns, index=rows.index, dtype="str"))


def _subject_words(row: dict, kind: str, accounts: dict[str, str]) -> str:
    """How a subject is named of which no finding tells: its account, and what of it."""
    subject, account = row["subject"], row["account_id"]
    if pd.isna(subject):
        return GONE
    label = "" if pd.isna(account) else accounts.get(account, account)
    if subject == account:
        return label
    if kind in _NAMED:
        subject = _NAMED[kind] + subject
    elif "/" in subject:
        subject = f'Activity "{subject.partition("/")[2]}"'
    return f"{subject} on {label}" if label else subject


def _of_month(moved: pd.DataFrame) -> pd.DataFrame:
    """What the dates on record moved in the month, as rows of what changed."""
    rows = moved[moved["reason"] != "unchanged"]
    words = [_ALTERED.get(reason, ("", "")) for reason in rows["reason"]]
    return rows.assign(
        kind="finding",
        move=rows["move"].replace("still open", "changed"),
        before=[before for before, _ in words],
        after=[after for _, after in words],
        also="",
        cells="",
        school_cells="",
        rules="",
    )
