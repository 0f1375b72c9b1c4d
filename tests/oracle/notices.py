"""Parents' notice: every invited group has its own duty and its own first notice."""

from datetime import date

from tests.oracle.facts import Facts, fold, listed, plus

EVERYONE = ("all", "everyone")


def activities(facts: Facts, account_id: str) -> list[str]:
    """Return the folded activities that the notice log names for an account."""
    named = {fold(row["activity"]) for row in facts.rows("notices", account_id)}
    return sorted(named - {""})


def invited(row: dict) -> set[str]:
    """Return the groups a row invites; blank is the one group "all"."""
    groups = listed(row["groups_invited"]) or ["all"]
    return {"all" if group in EVERYONE else group for group in groups}


def tells(row: dict, group: str) -> bool:
    """Say whether a row, once sent, tells the group: by name, or because it tells everyone."""
    groups = listed(row["groups_notified"])
    if not groups or any(name in EVERYONE for name in groups):
        return True
    return group in groups


def registry_notice(account: dict) -> list[date]:
    """Return the registry's notice of the account: it tells everyone and invites nobody."""
    return [account["parents_notified_on"]] if account["parents_notified_on"] else []


def group_duties(
    facts: Facts, account: dict, activity: str | None, launch: date
) -> list[tuple[date, date | None]]:
    """Return for each invited group of a subject: first day of its duty, day it was told.

    `activity` None is the account itself, by its rows without an activity.
    """
    log = facts.rows("notices", account["account_id"])
    rows = [row for row in log if fold(row["activity"]) == (activity or "")]
    by_registry = [] if activity else registry_notice(account)
    if not rows:
        sent = [row["sent_on"] for row in log if row["sent_on"]] + by_registry
        return [(lead(facts, launch), first(sent))]
    duties = []
    for group in sorted(set().union(*(invited(row) for row in rows))):
        starts = [row["starts_on"] or launch for row in rows if group in invited(row)]
        sent = [row["sent_on"] for row in rows if row["sent_on"] and tells(row, group)]
        duties.append((lead(facts, min(starts)), first(sent + by_registry)))
    return duties


def lead(facts: Facts, day: date) -> date:
    return plus(day, -facts.days.notice_lead)


def first(days: list[date]) -> date | None:
    return min(days) if days else None
