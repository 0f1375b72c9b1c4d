"""Subjects: for each guideline and subject what is owed from when to when, and what meets it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from tests.oracle import notices
from tests.oracle.facts import Facts, as_day, fold, plus, within
from tests.oracle.guidelines import (
    ALWAYS_DECIDE,
    CLASSROOM_AUDIENCES,
    DECIDES,
    DECIDES_A_CONCERN,
    DECIDES_AN_EMERGENCY,
    MUST_BE_GIVEN,
    OF_AN_ACCOUNT,
    ONLY_WHERE_STUDENTS_ARE_INVITED,
    OWNER_COLUMNS,
    OWNERS_DECIDE,
    PURPOSES,
)
from tests.oracle.people import approval_counts, is_owner, same_person

Interval = tuple[date, date | None]
BEGINNING = date(1900, 1, 1)


@dataclass
class Demand:
    """One thing owed in [begin, end), and the intervals in which it was met."""

    begin: date
    end: date | None
    met: list[Interval]

    def uncovered(self, day: date) -> bool:
        owed = within(day, self.begin, self.end)
        return owed and not any(within(day, *interval) for interval in self.met)


@dataclass
class Subject:
    """One subject of one guideline, for all time."""

    guideline: str
    subject: str
    account_id: str | None
    school_id: str
    applicable: bool = True
    ended_on: date | None = None  # "ended" from this day
    lacking: bool = False  # a value that decides is unreadable, contradictory or blank
    requested_only: bool = False  # no launch, but a request: "upcoming"
    known_from: date | None = None  # concerns and emergencies are no subjects before
    demands: list[Demand] = field(default_factory=list)
    exceptions: list[Interval] = field(default_factory=list)

    def uncovered(self, day: date) -> bool:
        return any(demand.uncovered(day) for demand in self.demands)

    def excepted(self, day: date) -> bool:
        return any(within(day, *interval) for interval in self.exceptions)


def subjects(facts: Facts) -> list[Subject]:
    """Return every subject of every guideline of method record."""
    found = []
    for account in facts.rows("accounts"):
        for guideline in OF_AN_ACCOUNT:
            found.append(account_subject(facts, account, guideline, None))
        for activity in notices.activities(facts, account["account_id"]):
            found.append(account_subject(facts, account, "parent-notice", activity))
    found += [concern for row in facts.rows("concerns") for concern in concern_subject(facts, row)]
    found += [
        emergency_subject(facts, row)
        for row in facts.rows("incidents")
        if row["emergency"] == "yes"
    ]
    return found


# An account and its activities


def account_subject(facts: Facts, account: dict, guideline: str, activity: str | None) -> Subject:
    account_id = account["account_id"]
    subject = Subject(
        guideline,
        f"{account_id}/{activity}" if activity else account_id,
        account_id,
        account["school_id"],
    )
    subject.exceptions = exceptions_of(facts, account, guideline)
    subject.ended_on = ended_on(account)
    if guideline in ONLY_WHERE_STUDENTS_ARE_INVITED and account["students_invited"] == "no":
        subject.applicable = False
        return subject
    launch = launch_of(facts, account)
    subject.lacking = lacks_a_value(facts, account, guideline)
    if not subject.lacking and launch is None:
        subject.requested_only = account["requested_on"] is not None
        subject.lacking = not subject.requested_only
    if launch is not None and not subject.lacking:
        subject.demands = account_demands(facts, account, guideline, activity, launch)
    return subject


def ended_on(account: dict) -> date | None:
    """Return the day the account ended: closed, and not before its launch where that is known."""
    launched, closed = account["launched_on"], account["closed_on"]
    if closed is None or (launched is not None and closed < launched):
        return None
    return closed


def launch_of(facts: Facts, account: dict) -> date | None:
    """Return the launch; a blank one is the district's assumed one, where it set that.

    Choices: the setting also judges a row that has a requested_on; and an assumed launch is not
    a known one, so that a closing day before it contradicts nothing.
    """
    return account["launched_on"] or as_day(facts.days.assumed_launch_on)


def lacks_a_value(facts: Facts, account: dict, guideline: str) -> bool:
    """Say whether a value that decides is unreadable, contradictory or blank (launch aside)."""
    account_id = account["account_id"]
    for table, columns in DECIDES[guideline].items():
        if facts.unreadable_of_account(table, account_id) & set(columns):
            return True
    unreadable = facts.unreadable_of_account("accounts", account_id)
    if unreadable & set(ALWAYS_DECIDE):
        return True
    if guideline in OWNERS_DECIDE and unreadable & set(OWNER_COLUMNS):
        acts = approved_rows if guideline == "supervisor-approval" else granted_rows
        if acts(facts, account):
            return True
    if guideline == "audience-privacy" and "public_reason" in unreadable and asks_reason(account):
        return True
    launched, closed = account["launched_on"], account["closed_on"]
    if launched is not None and closed is not None and closed < launched:
        return True
    return any(account[column] is None for column in MUST_BE_GIVEN.get(guideline, []))


def account_demands(
    facts: Facts, account: dict, guideline: str, activity: str | None, launch: date
) -> list[Demand]:
    closed = account["closed_on"]
    if guideline == "parent-notice":
        return [
            Demand(begin, closed, [(told, None)] if told else [])
            for begin, told in notices.group_duties(facts, account, activity, launch)
        ]
    if guideline == "student-monitoring":
        begin = monitoring_begins(facts, account, launch)
        return [Demand(begin, closed, reviews(facts, account))]
    return [Demand(launch, closed, EVIDENCE[guideline](facts, account))]


# What meets each guideline


def purpose(facts: Facts, account: dict) -> list[Interval]:
    return all_days(account["purpose"] in PURPOSES)


def approved_rows(facts: Facts, account: dict) -> list[tuple[date, str | None, date | None]]:
    """Return day, decider and last valid day of each approval, the registry's last."""
    rows = [
        (row["decided_on"], row["decided_by"], row["valid_until"])
        for row in facts.rows("approvals", account["account_id"])
        if row["decision"] == "approved"
    ]
    if account["approved_on"]:
        rows.append((account["approved_on"], account["approved_by"], None))
    return rows


def approvals(facts: Facts, account: dict) -> list[Interval]:
    log = facts.rows("approvals", account["account_id"])
    revoked = [row["decided_on"] for row in log if row["decision"] == "revoked"]
    counting: list[tuple[date, date | None]] = []
    rows = approved_rows(facts, account)
    for number, (day, decider, valid_until) in enumerate(rows, start=1):
        of_registry = account["approved_on"] is not None and number == len(rows)
        if of_registry and day in [other for other, _ in counting]:
            continue  # the log has an approval of that day that counts
        if approval_counts(facts, account, decider, day):
            counting.append((day, valid_until))
    return [(day, approval_ends(day, valid_until, revoked)) for day, valid_until in counting]


def approval_ends(day: date, valid_until: date | None, revoked: list[date]) -> date | None:
    """Return the first of: the day after valid_until, a revocation from that day on."""
    ends = [revocation for revocation in revoked if revocation >= day]
    if valid_until is not None:
        ends.append(plus(valid_until, 1))
    return min(ends) if ends else None


def granted_rows(facts: Facts, account: dict) -> list[tuple[str | None, date, date | None]]:
    """Return person, first and last day of each grant to a supervisor or designee."""
    rows = [
        (row["person"], row["granted_on"], row["revoked_on"])
        for row in facts.rows("admins", account["account_id"])
        if row["role"] in ("supervisor", "designee")
    ]
    holder = account["admin_holder"]
    in_log = any(same_person(facts, holder, person) for person, _, _ in rows)
    if account["admin_granted_on"] and not in_log:
        rows.append((holder, account["admin_granted_on"], None))  # a blank holder counts
    return rows


def admin_grants(facts: Facts, account: dict) -> list[Interval]:
    return [
        (granted_on, revoked_on)
        for person, granted_on, revoked_on in granted_rows(facts, account)
        if not is_owner(facts, account, person)
    ]


def label(facts: Facts, account: dict) -> list[Interval]:
    return since(account["labelled_on"])


def asks_reason(account: dict) -> bool:
    return account["audience"] in CLASSROOM_AUDIENCES and account["visibility"] == "public"


def privacy(facts: Facts, account: dict) -> list[Interval]:
    if account["audience"] is None or account["visibility"] is None:
        return all_days(False)
    return all_days(not asks_reason(account) or account["public_reason"] is not None)


def use_reported(facts: Facts, account: dict) -> list[Interval]:
    reported, every = account["reported_on"], facts.days.report_every
    if reported is None or every is None:
        return since(reported)
    return [(reported, plus(reported, every))]


def review_days(facts: Facts, account: dict) -> list[date]:
    log = [row["reviewed_on"] for row in facts.rows("reviews", account["account_id"])]
    return log + ([account["monitored_on"]] if account["monitored_on"] else [])


def reviews(facts: Facts, account: dict) -> list[Interval]:
    return [(day, plus(day, facts.days.monitor_every)) for day in review_days(facts, account)]


def monitoring_begins(facts: Facts, account: dict, launch: date) -> date:
    """Return the first day judged: monitored_on tells the last review only, a log may tell more."""
    begin = plus(launch, facts.days.monitor_every)
    last = account["monitored_on"]
    log = [row["reviewed_on"] for row in facts.rows("reviews", account["account_id"])]
    if last is None or any(day < last for day in log):
        return begin
    return max(begin, last)


def district_email(facts: Facts, account: dict) -> list[Interval]:
    _, at, domain = fold(account["registered_email"]).rpartition("@")
    return all_days(bool(at) and domain in [fold(known) for known in facts.settings.email_domains])


def all_days(met: bool) -> list[Interval]:
    return [(BEGINNING, None)] if met else []


def since(day: date | None) -> list[Interval]:
    return [(day, None)] if day else []


EVIDENCE: dict[str, Callable[[Facts, dict], list[Interval]]] = {
    "program-purpose": purpose,
    "supervisor-approval": approvals,
    "admin-rights": admin_grants,
    "professional-label": label,
    "audience-privacy": privacy,
    "use-reported": use_reported,
    "district-email": district_email,
}


# Concerns, emergencies, exceptions


def concern_subject(facts: Facts, row: dict) -> list[Subject]:
    """Return the concern's subject; on an unregistered account it judges nothing."""
    account = facts.account(row["account_id"])
    if account is None:
        return []
    subject = Subject(
        "concern-response", row["concern_id"], row["account_id"], account["school_id"]
    )
    subject.known_from = row["received_on"]
    subject.exceptions = exceptions_of(facts, account, "concern-response")
    unreadable = facts.unreadable_in_row("concerns", row["index"])
    subject.lacking = bool(unreadable & set(DECIDES_A_CONCERN))
    if not subject.lacking:
        begin = plus(row["received_on"], facts.days.response)
        subject.demands = [Demand(begin, None, since(row["responded_on"]))]
    return [subject]


def emergency_subject(facts: Facts, row: dict) -> Subject:
    subject = Subject("emergency-notice", row["incident_id"], row["account_id"], row["school_id"])
    subject.known_from = row["occurred_on"] or row["reported_on"]
    unreadable = facts.unreadable_in_row("incidents", row["index"])
    subject.lacking = bool(unreadable & set(DECIDES_AN_EMERGENCY))
    if not subject.lacking:
        begin = plus(subject.known_from, facts.days.emergency_notice)
        subject.demands = [Demand(begin, None, since(row["supervisor_notified_on"]))]
    return subject


def exceptions_of(facts: Facts, account: dict, guideline: str) -> list[Interval]:
    """Return the days of the exceptions that hold for an account; requests are none."""
    return [
        (row["starts_on"], plus(row["expires_on"], 1))
        for row in facts.rows("exceptions")
        if row["guideline"] == guideline
        and row["reason"]
        and row["approved_by"]
        and row["expires_on"]
        and names_account(row, account)
    ]


def names_account(row: dict, account: dict) -> bool:
    if row["account_id"] is not None:
        return row["account_id"] == account["account_id"]
    return row["school_id"] == account["school_id"]
