"""The office's sheets: the schools side by side, and every guideline at every school."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.nothing import nothing_words
from nmsdreports.views.places import report_addresses
from nmsdreports.views.rows import records, values
from nmsdreports.views.sentences import count_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.columns import floored, judged_of, rate_columns, school_column

NAME = "Schools"
BY_GUIDELINE = "Guidelines by school"
_BESIDE = (("supervisor-approval", "Approval"), ("parent-notice", "Notice"))
_FILES = (("Workbook", ".xlsx"), ("Page", ".html"))


def sheet_schools(edition: Edition) -> Sheet:
    """A row per school: its files, accounts, approvals, notices, incidents and what is open."""
    schools = records(edition.schools)
    if not schools:
        return Sheet(NAME, "no school is on record")
    ids = values(schools, "school_id")
    day = edition.as_of.to_pydatetime()
    closed = [
        end if end is not None and end <= day else None for end in values(schools, "closed_on")
    ]
    used = {row["school_id"]: row for row in records(edition.in_use)}
    rates = {(row["guideline"], row["school_id"]): row for row in records(edition.rates)}
    columns = [
        Column("School", values(schools, "name"), most=34),
        *(_files(edition, ids, header, ending) for header, ending in _FILES),
        Column("Closed", closed, "date"),
        Column("Accounts", [used[key]["accounts"] for key in ids], "count"),
        Column("In use", [used[key]["in_use"] for key in ids], "count"),
    ]
    for guideline, word in _BESIDE:
        rows = [rates[guideline, key] for key in ids]
        meets, judged = values(rows, "meets"), [judged_of(row) for row in rows]
        nothing = [
            "" if some else nothing_words(edition, row)
            for row, some in zip(rows, judged, strict=True)
        ]
        columns += [
            Column(f"{word} meets", meets, "count"),
            Column(f"{word} judged", judged, "count"),
            Column(f"{word} rate", floored(meets, judged, nothing), "percent", most=14),
        ]
    columns += _open_columns(edition, ids)
    columns.append(Column("School ID", ids, most=16))
    return Sheet(
        NAME,
        f"{count_words(len(schools), 'school')} side by side",
        [
            "The links open each school's own report, as long as this file stays in its folder.",
            "Rate: meets divided by judged, as a whole percentage rounded down.",
        ],
        [Block("Schools", columns)],
        fixed_columns=1,
    )


def _files(edition: Edition, ids: list[str], header: str, ending: str) -> Column:
    """A column of links to one kind of file of each school."""
    known = report_addresses(edition.schools, edition.month, ending)
    words = [header.lower() if key in known else "none" for key in ids]
    return Column(header, words, most=12, to=[known.get(key) for key in ids])


def _open_columns(edition: Edition, ids: list[str]) -> list[Column]:
    names = ["reported_12m", "substantiated_12m"]
    incidents = edition.incidents.groupby("school_id")[names].sum().reindex(ids)
    found = edition.findings[edition.findings["open"]]
    overdue = found[found["overdue"] & ~found["excepted"]]
    oldest = found.groupby("school_id")["days_open"].max().reindex(ids)
    open_now, late = (
        rows["school_id"].value_counts().reindex(ids, fill_value=0) for rows in (found, overdue)
    )
    return [
        Column("Incidents, 12 months", incidents["reported_12m"], "count"),
        Column("Violations, 12 months", incidents["substantiated_12m"], "count"),
        Column("Open findings", open_now, "count"),
        Column("Overdue", late, "count"),
        Column("Oldest, days", oldest, "count", "none open"),
    ]


def sheet_rates_by_school(edition: Edition) -> Sheet:
    """A row per guideline and school, with its counts, rate and coverage."""
    rates = [row for row in records(edition.rates) if row["school_id"] != "*"]
    if not rates:
        return Sheet(BY_GUIDELINE, "no school is on record")
    rules = edition.guidelines
    titles = dict(zip(rules["guideline"], rules["title"], strict=True))
    columns = [
        Column("Guideline", [titles[row["guideline"]] for row in rates], most=34),
        *school_column(rates, edition),
        *rate_columns(rates, edition),
    ]
    return Sheet(
        BY_GUIDELINE,
        "counts, rate and coverage of every guideline at every school",
        ["Rate: meets divided by judged. Coverage: judged divided by judged and not assessed."],
        [Block("GuidelinesBySchool", columns)],
    )
