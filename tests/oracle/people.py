"""Who is an owner, and who may approve: e-mails as e-mails, names as names, staff by the day."""

from datetime import date

from tests.oracle.facts import Facts, fold, listed


def is_email(text: str) -> bool:
    return "@" in text


def staff_email(facts: Facts, person: str | None) -> str | None:
    """Match a person to the staff table: by e-mail, else by a name that only one person has."""
    text = fold(person)
    if is_email(text):
        return text
    emails = {
        fold(row["email"]) for row in facts.rows("staff") if text and fold(row["name"]) == text
    }
    return emails.pop() if len(emails) == 1 else None


def same_person(facts: Facts, one: str | None, other: str | None) -> bool:
    """Say whether two texts name one person: alike, or matched to one person of the staff.

    Choice: a name and an e-mail are one person where the staff table says so.
    """
    if not fold(one) or not fold(other):
        return False
    if fold(one) == fold(other):
        return True
    email = staff_email(facts, one)
    return email is not None and email == staff_email(facts, other)


def owner_texts(account: dict) -> list[str]:
    """Return every text that names an owner of the account in the registry."""
    return listed(account["owner"]) + listed(account["owner_email"])


def owner_emails(facts: Facts, account: dict) -> list[str]:
    """Return the e-mails by which the owners stand in the staff table.

    A lone owner's name matters only where owner_email finds nobody. Choice: of several owners the
    e-mail may be anybody's, so it counts beside the names.
    """
    texts, email = listed(account["owner"]), fold(account["owner_email"])
    in_staff = any(fold(row["email"]) == email for row in facts.rows("staff"))
    if len(texts) == 1 and email and in_staff:
        texts = [text for text in texts if is_email(text)]
    found = [staff_email(facts, text) for text in [*texts, email]]
    return [one for one in found if one]


def is_owner(facts: Facts, account: dict, person: str | None) -> bool:
    """Say whether a person is an owner of the account."""
    text = fold(person)
    if not text:
        return False
    if text in owner_texts(account):
        return True
    return staff_email(facts, person) in owner_emails(facts, account)


def staff_rows_on(facts: Facts, email: str, day: date) -> list[dict]:
    """Return a person's rows of that day; `to` is the first day no longer valid.

    Choice: of overlapping spells each one holds.
    """
    return [
        row
        for row in facts.rows("staff")
        if fold(row["email"]) == email
        and (row["from"] is None or row["from"] <= day)
        and (row["to"] is None or day < row["to"])
    ]


def has_authority(facts: Facts, account: dict, decider: str | None, day: date) -> bool:
    """Say whether the decider could approve this account on that day, by the staff table."""
    email = staff_email(facts, decider)
    if email is None:
        return False
    for owner in owner_emails(facts, account):
        for owners_row in staff_rows_on(facts, owner, day):
            supervisor = fold(owners_row["supervisor_email"])
            if email == supervisor:
                return True
            for supervisors_row in staff_rows_on(facts, supervisor, day):
                if email == fold(supervisors_row["designee_email"]):
                    return True
    for own_row in staff_rows_on(facts, email, day):
        if own_row["approves_for"] == "district":
            return True
        if own_row["approves_for"] == "school" and own_row["school_id"] == account["school_id"]:
            return True
    return False


def approval_counts(facts: Facts, account: dict, decider: str | None, day: date) -> bool:
    """Say whether an approval of that decider on that day counts."""
    if is_owner(facts, account, decider):
        return False
    if not facts.rows("staff"):
        return True  # also a blank decider: "approver not recorded"
    return has_authority(facts, account, decider, day)
