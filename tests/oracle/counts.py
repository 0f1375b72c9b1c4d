"""Counts and rates of a day: per guideline and school, and for the district (`*`)."""

from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.duties import Subject
from tests.oracle.facts import Facts
from tests.oracle.guidelines import GUIDELINES, RECORD
from tests.oracle.status import all_findings, incident_days, is_incident_finding, is_open

DISTRICT = "*"


def places(facts: Facts) -> list[str]:
    """Return the district and every school, also those without a single row."""
    return [DISTRICT] + [school["school_id"] for school in facts.rows("schools")]


def of_place(rows: list[dict], guideline: str, school_id: str) -> list[dict]:
    return [
        row
        for row in rows
        if row["guideline"] == guideline and school_id in (DISTRICT, row["school_id"])
    ]


def rate_rows(facts: Facts, statuses: list[dict]) -> list[dict]:
    """Return the rows of the table `rates`."""
    return [
        rate_row(guideline, school_id, of_place(statuses, guideline, school_id))
        for guideline in RECORD
        for school_id in places(facts)
    ]


def rate_row(guideline: str, school_id: str, rows: list[dict]) -> dict:
    def count(status: str) -> int:
        return sum(row["status"] == status for row in rows)

    judged = count("meets") + count("does not meet") + count("excepted")
    return {
        "guideline": guideline,
        "school_id": school_id,
        "applicable": len(rows) - count("not applicable"),
        "meets": count("meets"),
        "does_not_meet": count("does not meet"),
        "excepted": count("excepted"),
        "not_assessed": count("not assessed"),
        "upcoming": count("upcoming"),
        "ended": count("ended"),
        "rate": fraction(count("meets"), judged),
        "rate_with_exceptions": fraction(count("meets") + count("excepted"), judged),
        "coverage": fraction(judged, judged + count("not assessed")),
    }


def fraction(part: int, whole: int) -> float | None:
    """Return a fraction of four digits; None where nothing applies."""
    return four_digits(Fraction(part, whole)) if whole else None


def four_digits(exact: Fraction) -> float:
    """Round half up to four digits."""
    return int(exact * 10_000 + Fraction(1, 2)) / 10_000


# Months


def month_begins(day: date, months_before: int = 0) -> date:
    """Return the first day of the month so many months before a day's month."""
    months = day.year * 12 + day.month - 1 - months_before
    return date(months // 12, months % 12 + 1, 1)


def incident_rows(facts: Facts, as_of: date) -> list[dict]:
    """Return the rows of the table `incidents`: every guideline but advice, zeros too (Choice)."""
    incidents = [row for row in facts.rows("incidents") if is_incident_finding(row)]
    rows = []
    for guideline in GUIDELINES:
        for school_id in places(facts):
            own = of_place(incidents, guideline, school_id)
            month = incident_counts(own, month_begins(as_of), as_of)
            year = incident_counts(own, month_begins(as_of, 11), as_of)
            rows.append(
                {"guideline": guideline, "school_id": school_id}
                | month
                | {f"{name}_12m": value for name, value in year.items()}
            )
    return rows


def incident_counts(incidents: list[dict], begin: date, as_of: date) -> dict[str, int]:
    """Count incidents opened from a day to the as-of day; withdrawn ones only as reported."""
    opened = [row for row in incidents if begin <= incident_days(row)[0] <= as_of]

    def count(substantiation: str) -> int:
        return sum(row["substantiation"] == substantiation for row in opened)

    still_open = [
        row
        for row in opened
        if row["substantiation"] != "withdrawn"
        and (incident_days(row)[1] is None or incident_days(row)[1] > as_of)
    ]
    return {
        "reported": len(opened),
        "substantiated": count("substantiated"),
        "unsubstantiated": count("unsubstantiated"),
        "open": len(still_open),
    }


def move_rows(facts: Facts, subjects: list[Subject], as_of: date) -> list[dict]:
    """Return the rows of the table `moves`, of the month of a day up to that day."""
    begin = month_begins(as_of)
    before = begin - timedelta(days=1)
    findings = all_findings(facts, subjects)
    rows = []
    for guideline in GUIDELINES:
        for school_id in places(facts):
            own = of_place(findings, guideline, school_id)
            rows.append(
                {
                    "guideline": guideline,
                    "school_id": school_id,
                    "open_before": sum(is_open(row, before) for row in own),
                    "opened": sum(begin <= row["opened_on"] <= as_of for row in own),
                    "closed": sum(
                        row["closed_on"] is not None and begin <= row["closed_on"] <= as_of
                        for row in own
                    ),
                    "open_now": sum(is_open(row, as_of) for row in own),
                }
            )
    return rows
