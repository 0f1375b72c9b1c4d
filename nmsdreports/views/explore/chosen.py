"""The rows chosen as people read them: one sentence each, in a table to search and to sort."""

import json
import re
from datetime import date

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.explore.choice import EVERY, SEVERITIES, STATES, STATUSES, Choice
from nmsdreports.views.sentences import (
    capital,
    count_words,
    day_words,
    days_in_words,
    month_words,
    short_day_words,
)
from nmsdreports.views.tables import STATUS_ORDER, school_names

MOST_ROWS = 300
"""Rows that a browser shows and searches without a wait."""
_IDS = "Account, incident or concern"
# The columns of the table to search, and how wide each is against the others.
_WIDTHS = {
    "Finding": 20,
    "School": 8,
    "Guideline": 11,
    "What to do": 11,
    "Who": 9,
    "Status": 8,
    "Days open": 7,
    "Due by": 7,
    "Severity": 9,
    _IDS: 10,
}
_UNDERSCORED = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_KIND = {"concern": "Concern", "emergency": "Incident"}


def choice_words(choice: Choice, seen: Edition) -> str:
    """What was chosen, in one line: "October 2026 · all schools · all guidelines · open"."""
    schools = seen.schools.set_index("school_id")["name"]
    titles = seen.guidelines.set_index("guideline")["title"]
    school = "all schools" if choice.school_id == EVERY else schools[choice.school_id]
    title = "all guidelines" if choice.guideline == EVERY else titles[choice.guideline]
    return f"{month_words(choice.month)} · {school} · {title} · {STATUSES[choice.status].lower()}"


def found_words(choice: Choice, rows: pd.DataFrame, seen: Edition) -> str:
    """How many rows were chosen, or that there are none and what to try."""
    what = choice_words(choice, seen)
    if rows.empty:
        return f"Nothing is found for {what}. Choose another status, guideline or school."
    of_findings = rows["finding_id"].notna().all()
    count = count_words(len(rows), "finding" if of_findings else "row")
    late = int(rows["state"].eq("meets, late").sum())
    of_them = f", {late:,} of them late" if choice.status == "meets" and late else ""
    return f"{capital(count)} for {what}{of_them}."


def as_of_words(seen: Edition, today: date) -> str:
    """Which day everything is shown as of, and that the month is not over where it is not."""
    day = day_words(seen.as_of)
    if seen.as_of.date() < today:
        return f"Everything below is as of {day}, the last day of the month."
    return (
        f"{month_words(seen.month)} is not over yet: everything below is as of {day}, and the days "
        "to come are counted as if nothing more happened."
    )


def nobody_words(rows: pd.DataFrame) -> str:
    """Why no account of the rows can be shown."""
    if rows.empty:
        return "Nothing is found, so there is no account to show."
    return "None of these rows is about an account of the registry."


def told(rows: pd.DataFrame, seen: Edition) -> pd.DataFrame:
    """The rows with their words: sentence, school, guideline, clause, status, who, what to do.

    Columns: Finding, School, Guideline, Clause, Status, Days open, Due by, Severity, Who, What to
    do, Account; one row each, in the same order. Every account named must be one of `seen`'s.
    """
    findings = seen.findings.set_index("finding_id")
    rules = seen.guidelines.set_index("guideline")
    known = rows["finding_id"].isin(findings.index)
    own = findings.reindex(rows["finding_id"].where(known))
    other = ~known & rows["reason"].notna()
    sentence = pd.Series(own["sentence"].to_numpy(), rows.index, dtype="object")
    sentence[other] = _reasons(rows[other], seen)
    return pd.DataFrame(
        {
            "Finding": sentence,
            "School": rows["school_id"].map(school_names(seen)),
            "Guideline": rows["guideline"].map(rules["title"]),
            "Clause": rows["guideline"].map(rules["clause"]),
            "Status": rows["state"],
            "Days open": rows["days_open"].astype("Int64"),
            "Due by": rows["due_on"],
            "Severity": rows["severity"],
            "Who": own["responsible_name"].to_numpy(),
            "What to do": [capital(t) if isinstance(t, str) else None for t in own["remedy"]],
            "Account": rows["account_id"],
        },
        index=rows.index,
    )


def table_to_search(frame: pd.DataFrame, subjects: pd.Series) -> str:
    """The told rows as HTML of an itables table: search, sort, pages, all with the keyboard.

    `subjects` has the id of what each row is about; a row is found by it and by its account's id.
    A search finds the rows that hold every word, in any order.
    """
    from itables import JavascriptFunction, to_html_datatable

    shown = frame.drop(columns=["Clause", "Account"]).reset_index(drop=True)
    shown["Guideline"] = frame["Guideline"].str.cat(" (" + frame["Clause"] + ")").to_list()
    shown[_IDS] = _ids(frame["Account"], subjects)
    shown = shown[list(_WIDTHS)].dropna(axis="columns", how="all")
    shown["Status"] = _ordered(shown["Status"], (*STATES, *STATUS_ORDER, "meets, late"))
    if "Severity" in shown:
        shown["Severity"] = _ordered(shown["Severity"], SEVERITIES)
    words = _day_words(shown["Due by"]) if "Due by" in shown else {}
    if words:
        shown["Due by"] = shown["Due by"].dt.strftime("%Y-%m-%d").astype(object).fillna("")
    whole = sum(_WIDTHS[name] for name in shown)
    columns = [
        {"targets": at, "width": f"{100 * _WIDTHS[name] / whole:.1f}%"}
        for at, name in enumerate(shown)
    ]
    if words:
        # sorted by the day as 2026-10-31, shown and searched as words
        told_day = (
            "function (day, type) { return type === 'display' || type === 'filter' "
            f"? ({json.dumps(words)}[day] || '') : day; }}"
        )
        columns[shown.columns.get_loc("Due by")]["render"] = JavascriptFunction(told_day)
    if frame["Days open"].isna().all():
        # what meets, or is not judged, is no finding
        shown = shown.rename(columns={"Finding": "Why it stands so"})
    return to_html_datatable(
        shown,
        connected=False,
        display_logo_when_loading=False,
        classes="display compact",
        style="table-layout:fixed;width:100%;min-width:800px;margin:0;caption-side:top",
        maxBytes=0,
        pageLength=10,
        lengthMenu=[10, 25, 50, 100],
        layout={"topStart": "search", "topEnd": "pageLength"},
        columnDefs=columns,
        autoWidth=False,
        language={
            "zeroRecords": "No row holds all of these words. Write fewer of them, or clear Search.",
            "info": "Rows _START_ to _END_ of _TOTAL_",
            "infoEmpty": "No row",
            "infoFiltered": "(searched: all _MAX_)",
            "lengthMenu": "_MENU_ rows a page",
        },
        text_in_header_can_be_selected=False,
    )


def _ids(accounts: pd.Series, subjects: pd.Series) -> list[str]:
    """The ids by which a row is found: its account's, then that of an incident or a concern.

    What names its account already, as an activity does, stands alone.
    """
    return [
        subject if pd.isna(account) or subject.startswith(account) else f"{account} · {subject}"
        for account, subject in zip(accounts, subjects, strict=True)
    ]


def _day_words(days: pd.Series) -> dict[str, str]:
    return {f"{day:%Y-%m-%d}": short_day_words(day) for day in days.dropna().drop_duplicates()}


def cut_words(rows: pd.DataFrame, shown: int) -> str:
    """That not every row is shown, and how to see the others; nothing where all are."""
    if len(rows) <= shown:
        return ""
    urgent = ", the most urgent first" if rows["finding_id"].notna().all() else ""
    return (
        f"Shown and searched are the first {shown:,} of {len(rows):,} rows{urgent}: choose a "
        "school or a guideline to see the others, or take them all with you."
    )


def _ordered(values: pd.Series, order: tuple[str, ...]) -> pd.Categorical:
    present = set(values.dropna())
    known = [name for name in dict.fromkeys(order) if name in present]
    return pd.Categorical(values, [*known, *sorted(present - set(known))], ordered=True)


def _reasons(rows: pd.DataFrame, seen: Edition) -> list[str]:
    """The sentence of a row without a finding: what it is about, and why it has its status."""
    labels = seen.accounts.set_index("account_id")["label"]
    activity = seen.notifications.set_index("subject")["activity"]
    kinds = seen.guidelines.set_index("guideline")["subject"]
    sentences = []
    for row in rows.itertuples():
        label = labels.get(row.account_id, row.account_id)
        kind = kinds[row.guideline]
        if kind in _KIND:
            on = "" if pd.isna(row.account_id) else f" on {label}"
            label = f"{_KIND[kind]} {row.subject}{on}"
        elif kind == "notice" and pd.notna(activity.get(row.subject)):
            label = f'Activity "{activity[row.subject]}" on {label}'
        why = _UNDERSCORED.sub(lambda found: found[0].replace("_", " "), row.reason)
        sentences.append(f"{label}: {days_in_words(why)}.")
    return sentences
