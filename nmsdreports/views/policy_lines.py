"""The guidelines in force as a table for the screen, and what a proposed change of them would do.

In: the frame of a policy's guidelines, the rows of a comparison. Out: lines of 80 columns.
"""

import textwrap
from typing import Any

import pandas as pd

from nmsdreports.views.sentences import be_words, capital, count_words, list_words

WIDTH = 80
_NOT_ASKED = "not asked for"
# What a new guideline says of a subject that nobody needs to act on.
_QUIET = ("meets", "ended", "not applicable", "upcoming")


def policy_lines(guidelines: pd.DataFrame, plain: pd.DataFrame) -> list[str]:
    """The guidelines, one a line; `plain` are those without a district's own changes."""
    lines = [f"{'Clause':<18}{'Guideline':<31}{'Method':<10}{'Severity':<10}{'Fix within':>10}"]
    own = changed = 0
    for name, row in guidelines.iterrows():
        mark = ""
        if name not in plain.index:
            mark, own = "+", own + 1
        elif not row.astype("str").equals(plain.loc[name].astype("str")):
            mark, changed = "*", changed + 1
        days = _days_words(row["fix_within"])
        clause = textwrap.shorten(row["clause"], 17, placeholder="…")
        named = textwrap.shorten(name, 29, placeholder="…") + mark
        line = f"{clause:<18}{named:<31}{row['method']:<10}{row['severity']:<10}{days:>10}"
        lines.append(line.rstrip())
    notes = [
        "record: dates and values on record decide. incident: only the incident log can speak. "
        "advice: left to the employee's own judgement, never checked."
    ]
    if changed:
        notes.append(f"* changed by the district's policy file ({changed}).")
    if own:
        notes.append(f"+ the district's own guideline ({own}).")
    return [*lines, "", *(line for note in notes for line in textwrap.wrap(note, WIDTH))]


def compare_lines(
    moved: pd.DataFrame, overdue: tuple[int, int], day: str, labels: dict[str, str]
) -> list[str]:
    """What would change as of a day (in words): counts first, then each subject.

    Whom a new guideline finds in order is only counted. `overdue` are the overdue findings by the
    policy in force and by the proposed one, without those that an exception covers, as reports
    count them; `labels` are the accounts' names by their ids.
    """
    rows = moved.fillna({"before": _NOT_ASKED, "after": _NOT_ASKED})
    head = f"As of {day}, {be_words(len(rows), 'status', 'statuses')} changed by the proposal."
    was, would = overdue
    lines = [*_wrapped(head), *_wrapped(_overdue_words(was, would))]
    if rows.empty:
        return lines
    lines.append("")
    counts = rows.groupby(["guideline", "before", "after"]).size()
    for (guideline, before, after), count in counts.items():
        lines += _wrapped(f"{count:>5} × {guideline}: {before} → {after}", "          ")
    lines.append("")
    quiet = rows["before"].eq(_NOT_ASKED) & rows["after"].isin(_QUIET)
    for row in rows[~quiet].itertuples():
        named = _subject_words(row, labels)
        lines += _wrapped(f"{row.guideline}, {named}: {row.before} → {row.after}", "    ")
    if quiet.any():
        of_new = list_words(sorted(set(rows.loc[quiet, "guideline"])))
        more = " more" if len(rows) > quiet.sum() else ""
        many = be_words(int(quiet.sum()), f"subject{more}", f"subjects{more}")
        lines += _wrapped(
            f"{capital(many)} not listed, because by {of_new} there is nothing to do for them."
        )
    return lines


def _subject_words(row: Any, labels: dict[str, str]) -> str:
    """The account by its name, with what of it is meant, its id and its school."""
    label = labels.get(row.account_id)
    if label is None:
        return f"{row.subject}" if pd.isna(row.school_id) else f"{row.subject} ({row.school_id})"
    about = "" if row.subject == row.account_id else f" {row.subject},"
    where = "" if pd.isna(row.school_id) else f", school {row.school_id}"
    return f"{label} ({about.lstrip()}{' ' if about else ''}account {row.account_id}{where})"


def check_lines(name: str, faults: list) -> list[str]:
    """What is wrong with the policy file `name`, each fault with its line and key."""
    lines = []
    for fault in faults:
        told = f"{name}, line {fault.line}, {fault.key}: {fault.message}"
        lines += _wrapped(told, "    ")
    return lines


def _days_words(days: int) -> str:
    if pd.isna(days):
        return ""
    return count_words(int(days), "day") if days else "at once"


def _overdue_words(was: int, would: int) -> str:
    if was == would:
        return f"{capital(be_words(was, 'finding'))} overdue, before and after."
    return (
        f"{capital(be_words(was, 'finding'))} overdue now; by the proposal it would be {would:,}."
    )


def _wrapped(text: str, later: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=later, break_on_hyphens=False)
