"""The tables of the district office: schools side by side, and the quality of the data."""

from collections import Counter

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import closed_words
from nmsdreports.views.nothing import nothing_words
from nmsdreports.views.outcomes import emergency_words
from nmsdreports.views.places import report_addresses
from nmsdreports.views.repair import instead_words
from nmsdreports.views.rows import of_incident, open_rows
from nmsdreports.views.sentences import coverage_words, month_words, share_words
from nmsdreports.views.table import Table
from nmsdreports.views.tables import school_names

_MOST_PROBLEMS = 60
_LEVELS = (("error", "Errors"), ("warning", "Warnings"), ("note", "Notes"))


def table_schools(edition: Edition) -> Table:
    """One row a school: accounts in use, open and overdue findings, approvals, notices."""
    findings = edition.findings[edition.findings["open"]]
    due = findings[findings["overdue"] & ~findings["excepted"]]
    names = school_names(edition)
    ends = edition.schools.set_index("school_id")["closed_on"]
    closed = ends.map(lambda day: closed_words(day, edition))
    rates = edition.rates.set_index(["guideline", "school_id"], drop=False)
    used = edition.in_use.set_index("school_id")
    month = edition.incidents.groupby("school_id")[["reported", "substantiated"]].sum()
    rows = [
        {
            "School": f"{name} ({closed[key]})" if closed[key] else name,
            "Accounts": int(used["accounts"][key]),
            "In use": int(used["in_use"][key]),
            "Open findings": int(findings["school_id"].eq(key).sum()),
            "Overdue": int(due["school_id"].eq(key).sum()),
            "Supervisor approval": _share(edition, rates, "supervisor-approval", key),
            "Parents told by now": _share(edition, rates, "parent-notice", key),
            "Incidents reported": int(month["reported"][key]),
            "Violations": int(month["substantiated"][key]),
        }
        for key, name in names.items()
    ]
    note = (
        f"Incidents and violations are those of {month_words(edition.month)}; a violation is a "
        "substantiated incident."
    )
    addresses = report_addresses(edition.schools, edition.month, ".html")
    links = {"School": [addresses.get(key, "") for key in names.index]}
    return Table("The schools side by side", pd.DataFrame(rows), note=note, links=links)


def table_schools_by_guideline(edition: Edition) -> Table:
    """One row a guideline, one column a school: how many meet it, of those judged."""
    names = school_names(edition)
    rates = edition.rates.set_index(["guideline", "school_id"], drop=False)
    judged = edition.guidelines[edition.guidelines["method"].eq("record")]
    rows = []
    for guideline in judged.to_dict("records"):
        row = {"Guideline": f"{guideline['title']} ({guideline['clause']})"}
        for key, name in {"*": "District", **names}.items():
            row[name] = _share(edition, rates, guideline["guideline"], key)
        rows.append(row)
    note = (
        "Those that meet, of all that were judged, and how many could be assessed where not all "
        "could; percentages are rounded down."
    )
    return Table("How many meet each guideline", pd.DataFrame(rows), note=note, wide=True)


def table_incidents_by_school(edition: Edition) -> Table:
    """One row a school: incidents of twelve months by state, and those still open."""
    counts = edition.incidents.groupby("school_id")[
        ["reported_12m", "substantiated_12m", "unsubstantiated_12m"]
    ].sum()
    still = Counter(row["school_id"] for row in open_rows(edition) if of_incident(row))
    rows = [
        {
            "School": name,
            "Reported": int(counts["reported_12m"][key]),
            "Substantiated": int(counts["substantiated_12m"][key]),
            "Unsubstantiated": int(counts["unsubstantiated_12m"][key]),
            "Still open, of any age": still[key],
        }
        for key, name in school_names(edition).items()
    ]
    month = month_words(edition.month)
    caption = f"Incidents by school, the twelve months up to the end of {month}"
    beside = emergency_words(edition, 12)
    note = "Reported: every incident, whatever its outcome."
    return Table(caption, pd.DataFrame(rows), note=f"{note} {beside}." if beside else note)


def table_counts(edition: Edition) -> Table:
    """One row a file or sheet: rows read, accepted, quarantined, blank or repeated."""
    frame = edition.counts.rename(
        columns={
            "file": "File",
            "sheet": "Sheet",
            "rows_read": "Rows read",
            "accepted": "Accepted",
            "quarantined": "Quarantined",
            "blank": "Blank or repeated",
        }
    )
    return Table("What was read", frame)


def table_quality_by_school(edition: Edition) -> Table:
    """One row a school: problems in its rows by level, and how much could be assessed."""
    problems = edition.problems.assign(school_id=edition.problems["school_id"].fillna(""))
    levels = pd.crosstab(problems["school_id"], problems["level"])
    rates = edition.rates.groupby("school_id")[
        ["meets", "does_not_meet", "excepted", "not_assessed"]
    ].sum()
    judged = rates.drop(columns="not_assessed").sum(axis=1)
    rows = [
        {
            "School": name,
            **{header: int(levels.get(level, {}).get(key, 0)) for level, header in _LEVELS},
            "Assessed": coverage_words(
                int(judged[key]), int(rates["not_assessed"][key]), "nothing to assess"
            )
            if key
            else "",
        }
        for key, name in {**school_names(edition), "": "School not known"}.items()
        if key or (problems["school_id"] == "").any()
    ]
    note = (
        "Problems stand in the rows of the school or of its accounts. Assessed: of the verdicts "
        "that apply, those that the dates and values on record can decide."
    )
    return Table("Problems and what could be assessed, by school", pd.DataFrame(rows), note=note)


def table_problem_kinds(edition: Edition) -> Table:
    """One row a level and kind of problem, with how many cells have it."""
    counts = edition.problems.groupby(["level", "code"], sort=True).size()
    frame = counts.rename("Cells").reset_index()
    frame["code"] = frame["code"].str.replace("-", " ")
    frame.columns = ["Level", "Kind of problem", "Cells"]
    return Table("Problems by kind", frame, nothing="No problem was found in the files.")


def table_problems(edition: Edition) -> Table:
    """One row a problem: where it stands, what is there, and what would be right."""
    problems = edition.problems
    rank = problems["level"].map({"error": 0, "warning": 1, "note": 2})
    rows = problems.loc[rank.sort_values(kind="stable").index].head(_MOST_PROBLEMS)
    frame = pd.DataFrame(
        {
            "Cell": [_place(row) for row in rows.to_dict("records")],
            "Level": rows["level"],
            "Value": rows["value"],
            "Problem": rows["message"],
            "What to do": [
                instead_words(code, suggestion)
                for code, suggestion in zip(rows["code"], rows["suggestion"], strict=True)
            ],
        }
    )
    left = len(problems) - len(rows)
    note = f"{left:,} more stand in the workbook." if left else ""
    return Table("Cells to look at", frame, nothing="No problem was found in the files.", note=note)


def _share(edition: Edition, rates: pd.DataFrame, guideline: str, school_id: str) -> str:
    row = rates.loc[(guideline, school_id)]
    judged = int(row["meets"] + row["does_not_meet"] + row["excepted"])
    nothing = "" if judged else nothing_words(edition, row)
    words = share_words(int(row["meets"]), judged, nothing)
    unknown = int(row["not_assessed"])
    return f"{words}; assessed: {coverage_words(judged, unknown)}" if unknown else words


def _place(row: dict) -> str:
    parts = [row["file"], row["sheet"], row["cell"]]
    return " · ".join(str(part) for part in parts if not pd.isna(part))
