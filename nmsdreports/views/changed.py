"""The lists behind what changed since the report before: findings, statuses, and their counts."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.change_rows import BY, MOVES
from nmsdreports.views.rows import records, values
from nmsdreports.views.sentences import capital, count_words, list_words, month_words
from nmsdreports.views.since_words import (
    BY_WORDS,
    POLICY,
    PROGRAM,
    alike_words,
    before_words,
    changed_findings,
    count_findings,
    follows,
    is_compared,
    is_restated,
    move_words,
    span_words,
    why_words,
)
from nmsdreports.views.table import Table
from nmsdreports.views.tables import school_names

_NOT_JUDGED = "not judged"
_BOTH = "opened and closed"
_ALIKE = 3
"""So many changes alike, by one and the same rule, stand one by one; more of them in one line."""
_IN_THE_WORKBOOK = "Where a line speaks of many, the workbook lists each of them."


def table_since(edition: Edition) -> Table:
    """One row a guideline: how the open findings of the report before became those of now.

    Without rows where that is what the month itself opened and closed.
    """
    caption = f"Open findings, from {before_words(edition)} to this one"
    nothing = _no_since_words(edition)
    if nothing or not is_compared(edition):
        return Table(caption, {}, nothing=nothing)
    columns = since_columns(edition)
    counts = records(edition.totals.change_counts)
    shown = [row for row in counts if any(row[name] for name in columns)]
    titles = dict(zip(edition.guidelines["guideline"], edition.guidelines["title"], strict=True))
    names = [titles.get(row["guideline"], row["guideline"]) for row in shown]
    numbers = {header: values(shown, name) for name, header in columns.items()}
    totals = {header: [*column, sum(column)] for header, column in numbers.items()}
    return Table(caption, {"Guideline": [*names, "All guidelines"], **totals})


def _no_since_words(edition: Edition) -> str:
    """Why there is nothing to lead from then to now but the month's own moves; else nothing.

    Where nothing was compared the sentences above the table have said why.
    """
    if not is_compared(edition) or _early(edition):
        return ""
    before, month = before_words(edition), month_words(edition.month)
    if is_restated(edition):
        return f"What was open in {before} is open now."
    if follows(edition):
        return f"What was open in {before}, and nothing else, was open when {month} began."
    return ""


def since_columns(edition: Edition) -> dict[str, str]:
    """The columns of `change_counts` that say how then became now, with their headings.

    The first, all that was opened and less all that was closed make the last. What corrections,
    guidelines or the program moved is left out where they moved nothing, and so are the days
    between two reports of the same month.
    """
    days = {move: f"{capital(move)} {span_words(edition)}" for move in MOVES}
    return {
        "open_then": f"Open in {before_words(edition)}",
        **_early(edition),
        **({} if is_restated(edition) else days),
        "open_now": "Open now",
    }


def _early(edition: Edition) -> dict[str, str]:
    """The columns of what anything but the days opened or closed, with their headings."""
    counts = edition.totals.change_counts
    named = {f"{move}_{by}": f"{capital(move)} {BY_WORDS[by]}" for by in BY for move in MOVES}
    return {name: header for name, header in named.items() if counts[name].any()}


def table_changed(edition: Edition) -> Table:
    """One row a finding that changed: what happened to it, and why.

    One that was opened and closed is told once. What a rule that changed moved in the same way is
    one line where it is much.
    """
    found = changed_findings(edition)
    rows = [row | {"why": why_words(row), "alike": alike_words(row)} for row in records(found)]
    lines = _alike(_once(rows), ("title", "alike", "why"))
    findings = count_findings(found)
    caption = "Each finding that changed, and why"
    if findings < len(rows):
        caption += f" ({count_words(findings, 'finding')}, {len(rows):,} changes)"
    columns = {"Finding": [_finding_words(same) for same in lines]}
    if edition.school is None:
        columns["School"] = _schools_of(edition, lines)
    columns["What changed"] = [
        row["alike"] if others or row["move"] == _BOTH else move_words(row)
        for row, *others in lines
    ]
    columns["Why"] = [row["why"] for row, *_ in lines]
    nothing = "No finding changed."
    note = _IN_THE_WORKBOOK if any(len(same) > 1 for same in lines) else ""
    return Table(caption, columns, nothing=nothing, note=note)


def table_changed_statuses(edition: Edition) -> Table:
    """One row an account (or concern, activity, emergency) and change of status, and why.

    What a rule that changed made of many is one line.
    """
    found = records(edition.changes[edition.changes["kind"] == "status"])
    nothing = (
        "No status changed."
        if is_compared(edition)
        else "Statuses are compared where there is a report before."
    )
    rows = [
        row
        | {name: row[name] or _NOT_JUDGED for name in ("before", "after")}
        | {"why": why_words(row)}
        for row in found
    ]
    lines = _alike(rows, ("title", "before", "after", "why"))
    guidelines: dict[tuple, list[str]] = {}
    for (row, *others), school in zip(lines, _schools_of(edition, lines), strict=True):
        label = _subjects_words([row, *others]) if others else row["label"]
        # A column of its own would leave no room for the others.
        label += f" ({school})" if school and edition.school is None else ""
        key = (label, row["before"], row["after"], row["why"])
        guidelines.setdefault(key, []).append(row["title"])
    names = ("Account", "Before", "Now", "Why")
    columns = {name: [key[at] for key in guidelines] for at, name in enumerate(names)}
    titles = [list_words(found) for found in guidelines.values()]
    columns = {"Account": columns.pop("Account"), "Guidelines": titles, **columns}
    note = _IN_THE_WORKBOOK if len(lines) < len(rows) else ""
    kinds = {"Before": "status", "Now": "status"}
    return Table("Each status that changed, and why", columns, kinds, nothing, note)


def _once(rows: list[dict]) -> list[dict]:
    """The rows, those of a finding that was opened and then closed as one."""
    told: list[dict] = []
    for row in rows:
        last = told[-1] if told else {}
        same = row["finding_id"] and all(
            row[name] == last.get(name) for name in ("finding_id", "opened_on", "school_id")
        )
        if same and (last["move"], row["move"]) == ("opened", "closed"):
            why = row["why"] if row["why"] == last["why"] else f"{last['why']}; then {row['why']}"
            told[-1] = last | {"move": _BOTH, "alike": _BOTH, "why": why}
        else:
            told.append(row)
    return told


def _alike(rows: list[dict], keys: tuple[str, ...]) -> list[list[dict]]:
    """The rows, each by itself, but together where a rule moved more than a few of them alike.

    So do those that were over already, whatever moved them.
    """
    groups: dict[tuple, list[dict]] = {}
    for at, row in enumerate(rows):
        by_rule = row["reason"] in (POLICY, PROGRAM) or row["move"] == "past"
        key = tuple(row[name] for name in keys) if by_rule else (at,)
        groups.setdefault(key, []).append(row)
    few = {id(row): [row] for same in groups.values() if len(same) <= _ALIKE for row in same}
    many = {id(same[0]): same for same in groups.values() if len(same) > _ALIKE}
    lines = few | many
    return [lines[id(row)] for row in rows if id(row) in lines]


def _finding_words(same: list[dict]) -> str:
    """A finding in its sentence; of several their guideline and how many they are."""
    first, *others = same
    if others:
        about = {row["label"] for row in same}
        of = f" of {about.pop()}" if len(about) == 1 else ""
        return f"{first['title']}: {count_words(len(same), 'finding')}{of}"
    return first["sentence"] or f"{first['title']}: {first['label']}"


def _subjects_words(same: list[dict]) -> str:
    """How many accounts, or what belongs to them, the rows are about."""
    if all(row["subject"] == row["account_id"] for row in same):
        return count_words(len(same), "account")
    return f"{len(same):,} accounts, activities, concerns or incidents"


def _schools_of(edition: Edition, lines: list[list[dict]]) -> list[str]:
    """The school of each line by its short name, or in how many schools it is."""
    names = school_names(edition).to_dict()
    found = [{row["school_id"] for row in same} for same in lines]
    return [
        count_words(len(ids), "school") if len(ids) > 1 else names.get(next(iter(ids)), "")
        for ids in found
    ]
