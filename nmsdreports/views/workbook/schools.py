"""The office's sheets: the schools side by side, and every guideline at every school."""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.nothing import nothing_words
from nmsdreports.views.sentences import count_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.columns import floored, rate_columns, school_column

_BESIDE = (("supervisor-approval", "Approval"), ("parent-notice", "Notice"))


def sheet_schools(edition: Edition) -> Sheet:
    """A row per school: accounts, approvals, notices, incidents and what is open."""
    schools = edition.schools.set_index("school_id")
    if schools.empty:
        return Sheet("Schools", "no school is on record")
    ids = schools.index
    closed = schools["closed_on"].where(schools["closed_on"] <= edition.as_of)
    in_use = edition.in_use.set_index("school_id").reindex(ids)
    columns = [
        Column("School", schools["name"], most=34),
        Column("Level", schools["level"], most=14),
        Column("Closed", closed, "date"),
        Column("Accounts", in_use["accounts"], "count"),
        Column("In use", in_use["in_use"], "count"),
    ]
    for guideline, word in _BESIDE:
        rates = edition.rates[edition.rates["guideline"].eq(guideline)]
        rates = rates.set_index("school_id", drop=False).reindex(ids)
        nothing = [nothing_words(edition, rate) for rate in rates.to_dict("records")]
        judged = rates["meets"] + rates["does_not_meet"] + rates["excepted"]
        columns += [
            Column(f"{word} meets", rates["meets"], "count"),
            Column(f"{word} judged", judged, "count"),
            Column(
                f"{word} rate",
                floored(rates["meets"], judged, nothing),
                "percent",
                most=14,
            ),
        ]
    columns += _open_columns(edition, ids)
    columns.append(Column("School ID", ids, most=16))
    return Sheet(
        "Schools",
        f"{count_words(len(schools), 'school')} side by side",
        ["Rate: meets divided by judged, as a whole percentage rounded down."],
        [Block("Schools", columns)],
        fixed_columns=1,
    )


def _open_columns(edition: Edition, ids: pd.Index) -> list[Column]:
    incidents = edition.incidents.groupby("school_id").sum(numeric_only=True).reindex(ids)
    findings = edition.findings[edition.findings["open"]]
    overdue = findings[findings["overdue"] & ~findings["excepted"]]
    return [
        Column("Incidents, 12 months", incidents["reported_12m"], "count"),
        Column("Violations, 12 months", incidents["substantiated_12m"], "count"),
        Column("Open findings", _per_school(findings, ids), "count"),
        Column("Overdue", _per_school(overdue, ids), "count"),
        Column(
            "Oldest, days",
            findings.groupby("school_id")["days_open"].max().reindex(ids),
            "count",
            "none open",
        ),
    ]


def _per_school(rows: pd.DataFrame, ids: pd.Index) -> pd.Series:
    return rows["school_id"].value_counts().reindex(ids, fill_value=0)


def sheet_rates_by_school(edition: Edition) -> Sheet:
    """A row per guideline and school, with its counts, rate and coverage."""
    rates = edition.rates[edition.rates["school_id"].ne("*")]
    if rates.empty:
        return Sheet("Guidelines by school", "no school is on record")
    rules = edition.guidelines.set_index("guideline")
    columns = [
        Column("Guideline", rates["guideline"].map(rules["title"]), most=34),
        *school_column(rates, edition),
        *rate_columns(rates, edition),
    ]
    return Sheet(
        "Guidelines by school",
        "counts, rate and coverage of every guideline at every school",
        ["Rate: meets divided by judged. Coverage: judged divided by judged and not assessed."],
        [Block("GuidelinesBySchool", columns)],
    )
