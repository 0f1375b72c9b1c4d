"""One day's statuses and findings, by walking days."""

from datetime import date, timedelta

from tests.oracle.duties import BEGINNING, Subject
from tests.oracle.facts import Facts, plus
from tests.oracle.guidelines import GUIDELINES, NEVER_INCIDENT_FINDINGS_IN_AN_EMERGENCY

ONE_DAY = timedelta(days=1)


def status_on(subject: Subject, day: date) -> str | None:
    """Return the status at the end of a day, the first that fits; None: no subject yet."""
    if subject.known_from is not None and subject.known_from > day:
        return None
    if not subject.applicable:
        return "not applicable"
    if subject.ended_on is not None and subject.ended_on <= day:
        return "ended"
    if subject.lacking:
        return "not assessed"
    if subject.requested_only or min(demand.begin for demand in subject.demands) > day:
        return "upcoming"
    if not subject.uncovered(day):
        return "meets"
    return "excepted" if subject.excepted(day) else "does not meet"


def status_rows(subjects: list[Subject], as_of: date) -> list[dict]:
    """Return the rows of the table `status`, without the reason."""
    rows = []
    for subject in subjects:
        status = status_on(subject, as_of)
        if status is None:
            continue
        rows.append(
            {
                "guideline": subject.guideline,
                "subject": subject.subject,
                "account_id": subject.account_id,
                "school_id": subject.school_id,
                "status": status,
                "underlying_status": "does not meet" if status == "excepted" else None,
                "late": was_uncovered_before(subject, as_of) if status == "meets" else None,
                "since": since(subject, as_of),
            }
        )
    return rows


def was_uncovered_before(subject: Subject, as_of: date) -> bool:
    day = first_day(subject)
    while day < as_of:
        if subject.uncovered(day):
            return True
        day += ONE_DAY
    return False


def since(subject: Subject, as_of: date) -> date | None:
    """Return the first day of the present status, walking back; None where it has none."""
    present, day, earliest = status_on(subject, as_of), as_of, first_day(subject)
    while day >= earliest:
        if status_on(subject, day - ONE_DAY) != present:
            return day
        day -= ONE_DAY
    return None


def boundaries(subject: Subject) -> list[date]:
    """Return every day on which anything about the subject can change."""
    days = [subject.known_from, subject.ended_on]
    for demand in subject.demands:
        days += [demand.begin, demand.end]
        days += [day for interval in demand.met for day in interval]
    days += [day for interval in subject.exceptions for day in interval]
    return [day for day in days if day is not None and day != BEGINNING]


def first_day(subject: Subject) -> date:
    """Return a day before which nothing changes any more."""
    return min(boundaries(subject), default=date(2026, 1, 1))


# Findings


def pieces(subject: Subject) -> list[tuple[date, date | None]]:
    """Return the maximal runs of uncovered days: first day, first day after (None: never)."""
    found, opened = [], None
    if not subject.demands:
        return found
    day, last = first_day(subject), max(boundaries(subject))
    while day <= last:  # from `last` on nothing changes any more
        if subject.uncovered(day) and opened is None:
            opened = day
        if not subject.uncovered(day) and opened is not None:
            found.append((opened, day))
            opened = None
        day += ONE_DAY
    return found + ([(opened, None)] if opened is not None else [])


def record_findings(subject: Subject) -> list[dict]:
    """Return a subject's findings of all time."""
    rows = []
    for number, (opened_on, closed_on) in enumerate(pieces(subject), start=1):
        suffix = "" if number == 1 else f":{number}"
        rows.append(
            {
                "finding_id": f"{subject.guideline}:{subject.subject}{suffix}",
                "guideline": subject.guideline,
                "subject": subject.subject,
                "account_id": subject.account_id,
                "school_id": subject.school_id,
                "severity": GUIDELINES[subject.guideline][1],
                "opened_on": opened_on,
                "closed_on": closed_on,
                "closed_by": closed_by(subject, closed_on),
                "of": subject,
            }
        )
    return rows


def closed_by(subject: Subject, closed_on: date | None) -> str | None:
    if closed_on is None:
        return None
    past_the_duty = all(
        demand.end is not None and demand.end <= closed_on for demand in subject.demands
    )
    return "account closed" if past_the_duty else "met"


def is_incident_finding(incident: dict) -> bool:
    """Say whether an incident is a finding of its own, not an emergency that is judged instead."""
    judged = incident["guideline"] in NEVER_INCIDENT_FINDINGS_IN_AN_EMERGENCY
    return not (incident["emergency"] == "yes" and judged)


def incident_days(incident: dict) -> tuple[date, date | None]:
    """Return the day an incident's finding opens and the day it closes."""
    opened_on = incident["reported_on"] or incident["occurred_on"]
    closed_on = incident["resolved_on"]
    if closed_on is None and incident["substantiation"] in ("unsubstantiated", "withdrawn"):
        closed_on = opened_on
    if closed_on is not None:
        closed_on = max(closed_on, opened_on)  # resolved before it was reported
    return opened_on, closed_on


def incident_finding(incident: dict) -> dict:
    opened_on, closed_on = incident_days(incident)
    guideline, incident_id = incident["guideline"], incident["incident_id"]
    return {
        "finding_id": f"{guideline}:incident:{incident_id}",
        "guideline": guideline,
        "subject": incident_id,
        "account_id": incident["account_id"],
        "school_id": incident["school_id"],
        "severity": incident["severity"] or GUIDELINES[guideline][1],
        "opened_on": opened_on,
        "closed_on": closed_on,
        "closed_by": None if closed_on is None else "resolved",
        "of": None,
    }


def all_findings(facts: Facts, subjects: list[Subject]) -> list[dict]:
    """Return the findings of all time, of records and of incidents."""
    rows = [row for subject in subjects for row in record_findings(subject)]
    return rows + [
        incident_finding(incident)
        for incident in facts.rows("incidents")
        if is_incident_finding(incident)
    ]


def is_open(finding: dict, day: date) -> bool:
    closed_on = finding["closed_on"]
    return finding["opened_on"] <= day and (closed_on is None or closed_on > day)


def finding_rows(facts: Facts, subjects: list[Subject], as_of: date) -> list[dict]:
    """Return the rows of the table `findings`."""
    return [
        finding_at(finding, as_of)
        for finding in all_findings(facts, subjects)
        if finding["opened_on"] <= as_of
    ]


def finding_at(finding: dict, as_of: date) -> dict:
    row = {name: value for name, value in finding.items() if name != "of"}
    opened_on, closed_on = row["opened_on"], row["closed_on"]
    if closed_on is not None and closed_on > as_of:
        row["closed_on"] = row["closed_by"] = closed_on = None
    row["due_on"] = plus(opened_on, GUIDELINES[row["guideline"]][2])
    row["open"] = is_open(finding, as_of)
    row["overdue"] = row["open"] and row["due_on"] <= as_of
    row["days_open"] = ((closed_on or plus(as_of, 1)) - opened_on).days
    subject = finding["of"]
    row["excepted"] = row["open"] and subject is not None and subject.excepted(as_of)
    return row
