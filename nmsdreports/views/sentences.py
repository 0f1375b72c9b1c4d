"""Every sentence that people read, made from columns; no template or sheet words a fact itself."""

import re

import pandas as pd

# Letters that run from right to left, and the marks that turn what stands beside them around.
_TURNING = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
# The frame in which a finding's subject has its own row, by what the guideline judges.
_ROWS = {
    "account": "account",
    "notice": "notification",
    "concern": "concern",
    "emergency": "incident",
}
# What closes an incident, by whether it is known that it was true.
_TO_DECIDE = "record the outcome in the incident log"
_TO_RESOLVE = "enter in the incident log the day on which it was resolved"
_CLOSED = {
    "met": "this was put right on",
    "account closed": "the account was closed on",
    "resolved": "it was resolved on",
}
# What the record notes of an approval, in the words of who was there.
_NOTES = {
    "self-approval does not count": "approved by an owner of the account, which does not count",
    "approver not recorded, does not count": "approved, but who approved is not recorded, so it "
    "does not count",
    "approver without authority on that day does not count": "approved by a person without "
    "authority on that day, which does not count",
    "the duty begins on": "applies from",
}
ONLY_REPORTED = "only reported"
"""How an incident reads that is alleged and that nobody has looked into."""
_STATE = {
    "alleged": "only reported so far",
    "under investigation": "under investigation",
    "substantiated": "substantiated, a violation",
    "unsubstantiated": "unsubstantiated",
    "withdrawn": "withdrawn",
}


def day_words(day: pd.Timestamp) -> str:
    """A day as people write it, "October 31, 2026"; a missing one is "not recorded"."""
    if pd.isna(day):
        return "not recorded"
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def short_day_words(day: pd.Timestamp) -> str:
    """A day for a table's cell, "Oct 31, 2026"."""
    return f"{_MONTHS[day.month - 1][:3]} {day.day}, {day.year}"


def days_in_words(text: str) -> str:
    """The text with each day that it writes as 2026-10-31 written for a reader."""
    return _ISO_DAY.sub(lambda found: short_day_words(pd.Timestamp(found[0])), text)


def note_words(note: str) -> str:
    """What the record notes of an approval or a notice, with its days, for a reader."""
    for short, long in _NOTES.items():
        note = note.replace(short, long)
    return days_in_words(note)


def month_words(month: str) -> str:
    """A month "2026-10" as people write it: "October 2026"."""
    year, number = month.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def count_words(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "no accounts", "1 account", "2 accounts"."""
    many = many or f"{one}s"
    return f"no {many}" if count == 0 else f"{count:,} {one if count == 1 else many}"


def be_words(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun and verb: "no finding is", "1 finding is", "2 findings are"."""
    if count == 0:
        return f"no {one} is"
    return f"{count_words(count, one, many)} {'is' if count == 1 else 'are'}"


def were_words(count: int, noun: str, done: str) -> str:
    """A count with its noun and what was done: "no finding was opened"."""
    if count == 0:
        return f"no {noun} was {done}"
    return f"{count_words(count, noun)} {'was' if count == 1 else 'were'} {done}"


def due_words(day: pd.Timestamp, overdue: bool) -> str:
    """By when something is to be done: "overdue since" its due day, else "due by" it."""
    return f"{'overdue since' if overdue else 'due by'} {day_words(day)}"


def percent(part: int, whole: int) -> int:
    """The whole percentage of part in whole, rounded down; `whole` is not 0."""
    return 100 * int(part) // int(whole)


def share_words(part: int, whole: int, nothing: str = "no accounts") -> str:
    """A share with its counts, "5 of 6 (83%)"; of nothing, the words `nothing`."""
    return nothing if whole == 0 else f"{part:,} of {whole:,} ({percent(part, whole)}%)"


def coverage_words(judged: int, not_assessed: int, nothing: str = "no accounts") -> str:
    """How much of what applies was judged: "all 6", "the only one" or "5 of 6 (83%)"."""
    whole = judged + not_assessed
    if not_assessed or not whole:
        return share_words(judged, whole, nothing)
    return "the only one" if whole == 1 else f"all {whole:,}"


def list_words(items: list[str]) -> str:
    """Items as a sentence lists them: "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def names_words(text: str, nobody: str) -> str:
    """The names in a text joined by "|" as a sentence lists them; `nobody` where it is blank."""
    return (
        nobody
        if pd.isna(text)
        else list_words([name_words(name.strip()) for name in text.split("|")])
    )


def capital(sentence: str) -> str:
    """The sentence with its first letter as a capital."""
    return sentence[:1].upper() + sentence[1:]


def from_day_words(days: int) -> str:
    """Days against the launch or start as people say it; blank where there is no such day."""
    if pd.isna(days):
        return ""
    if days == 0:
        return "on the day"
    return f"{count_words(abs(int(days)), 'day')} {'before' if days < 0 else 'after'}"


def state_words(substantiation: str) -> str:
    """How an incident's substantiation reads: one that is only alleged is "only reported".

    "Reported" alone is a count: of every incident, whatever its outcome.
    """
    return ONLY_REPORTED if substantiation == "alleged" else substantiation


def stranger_words(typed: str) -> str:
    """How we name an account that only the incident log names, by what was typed there."""
    return f"an account that is not in the registry ({name_words(typed.strip())})"


def name_words(text: str, most: int = 120) -> str:
    """A name as it was typed, fit to stand in a sentence: kept from turning around what stands
    beside it where it runs from right to left; what is cut off behind `most` letters is counted.
    """
    if len(text) > most:
        text = f"{text[:most]}… ({len(text) - most:,} more characters)"
    if not _TURNING.search(text):
        return text
    return f"\u2068{_TURNS.sub('', text)}\u2069"


def account_labels(accounts: pd.DataFrame) -> list[str]:
    """How we name each account: 'Facebook "@samplepine"', by its handle, else its address."""
    names = accounts["handle"].fillna(accounts["url"].str.replace(r"^https?://", "", regex=True))
    return [
        f'{platform} "{name_words(name)}"'
        for platform, name in zip(accounts["platform"], names, strict=True)
    ]


def tell_findings(
    findings: pd.DataFrame,
    *,
    guidelines: pd.DataFrame,
    schools: pd.DataFrame,
    accounts: pd.DataFrame,
    incidents: pd.DataFrame,
    concerns: pd.DataFrame,
    approvals: pd.DataFrame,
    notifications: pd.DataFrame,
) -> pd.DataFrame:
    """The findings with columns label, title, clause, responsible, responsible_name, remedy,
    sentence; the other frames are those the words come from, already narrowed to the audience.
    """
    sources = {
        "guideline": _by(guidelines, "guideline"),
        "school": _by(schools, "school_id"),
        "account": _by(accounts, "account_id"),
        "incident": _by(incidents, "incident_id"),
        "concern": _by(concerns, "concern_id"),
        "approval": _by(approvals, "account_id"),
        "notification": _by(notifications, "subject"),
    }
    told = [_told(finding, sources) for finding in findings.to_dict("records")]
    columns = ["label", "title", "clause", "responsible", "responsible_name", "remedy", "sentence"]
    words = pd.DataFrame(told, columns=columns, index=findings.index, dtype="str")
    return findings.join(words)


def _by(frame: pd.DataFrame, key: str) -> dict[str, dict]:
    return {row[key]: row for row in frame.to_dict("records")}


def _told(finding: dict, sources: dict[str, dict]) -> dict:
    guideline = sources["guideline"][finding["guideline"]]
    account = sources["account"].get(finding["account_id"], {})
    incident = finding["finding_id"].startswith(f"{finding['guideline']}:incident:")
    kind = "incident" if incident else _ROWS[guideline["subject"]]
    row = {**account, **sources[kind].get(finding["subject"], {})}
    label = _label(kind, finding["subject"], row, account)
    if incident:
        sentence = _incident_sentence(label, finding, row, guideline)
    else:
        sentence = _duty_sentence(label, finding, row, guideline, sources)
    return {
        "label": label,
        "title": guideline["title"],
        "clause": guideline["clause"],
        "responsible": guideline["responsible"],
        "responsible_name": _who(guideline["responsible"], finding, account, sources),
        "remedy": _incident_remedy(guideline, row) if incident else guideline["remedy"],
        "sentence": sentence,
    }


def _incident_remedy(guideline: dict, row: dict) -> str:
    """The guideline's remedy with what is lacking: the outcome, or the day it was resolved."""
    remedy = guideline["remedy"]
    lacks = _TO_RESOLVE if row["substantiation"] == "substantiated" else _TO_DECIDE
    if _TO_DECIDE in remedy:
        return remedy.replace(_TO_DECIDE, lacks)
    return f"{remedy}; then {lacks}"


def _label(kind: str, subject: str, row: dict, account: dict) -> str:
    on = f" on {account['label']}" if account else ""
    if kind == "incident":
        return f"Incident {subject}{on or _stranger(row)}"
    if kind == "concern":
        return f"Concern {subject}{on}"
    if kind == "notification" and not pd.isna(row["activity"]):
        return f'Activity "{name_words(row["activity"])}"{on}'
    return account.get("label", subject)


def _stranger(row: dict) -> str:
    """Where an incident happened when not on an account of this school.

    An account that is not in the registry has no name but what was typed in the incident log.
    """
    if row["account_registered"]:
        return " on another school's account"
    return "" if pd.isna(row["account_id"]) else f" on {stranger_words(row['account_id'])}"


def _duty_sentence(label: str, finding: dict, row: dict, guideline: dict, sources: dict) -> str:
    lacks = guideline["lacks"].format_map(_Facts(row))
    opened = day_words(finding["opened_on"])
    own = guideline["subject"] in ("account", "notice")
    at_launch = own and finding["opened_on"] == row.get("launched_on")
    since = f"its launch on {opened}" if at_launch else opened
    note = _note(finding, sources)
    if finding["open"]:
        days = count_words(finding["days_open"], "day")
        return f"{label} has had no {lacks} since {since} ({days}){note}."
    how = _CLOSED[finding["closed_by"]]
    if finding["guideline"] == "supervisor-approval" and finding["closed_by"] == "met":
        how = "approval came on"
    closed = f"{how} {day_words(finding['closed_on'])}"
    return f"{label} had no {lacks} from {since}{note}; {closed}."


def _note(finding: dict, sources: dict) -> str:
    """What the record says of an approval or a notice that does not count."""
    kind = {"supervisor-approval": "approval", "parent-notice": "notification"}
    source = sources.get(kind.get(finding["guideline"], ""), {})
    note = source.get(finding["subject"], {}).get("note")
    if note is None or pd.isna(note):
        return ""
    # Each part of a note begins with its day, and what came after the finding tells nothing of it.
    end = "9999" if finding["open"] else f"{finding['closed_on']:%Y-%m-%d}"
    told = [part for part in note.split("; ") if not part[:1].isdigit() or part[:10] < end]
    return f"; {note_words('; '.join(told))}" if told else ""


def _incident_sentence(label: str, finding: dict, row: dict, guideline: dict) -> str:
    facts = [
        f"{verb} on {day_words(row[column])}"
        for verb, column in (("occurred", "occurred_on"), ("was reported", "reported_on"))
        if not pd.isna(row.get(column))
    ]
    state = _STATE[row["substantiation"]]
    end = "open" if finding["open"] else f"closed on {day_words(finding['closed_on'])}"
    days = f" ({count_words(finding['days_open'], 'day')})" if finding["open"] else ""
    title = guideline["title"]
    return f'{label} {list_words(facts)}; it concerns "{title}". {capital(state)}; {end}{days}.'


def _who(responsible: str, finding: dict, account: dict, sources: dict) -> str:
    if responsible == "owner":
        return names_words(account.get("owner"), "the account's owner (not recorded)")
    school = sources["school"].get(finding["school_id"], {})
    return names_words(school.get("principal"), "the supervisor (not recorded)")


class _Facts(dict):
    """A subject's row for filling a template: days in words, blanks said."""

    def __missing__(self, key: str) -> str:
        return "not recorded"

    def __getitem__(self, key: str) -> str:
        value = super().__getitem__(key)
        if isinstance(value, pd.Timestamp):
            return day_words(value)
        return "not recorded" if pd.isna(value) else name_words(str(value).replace("|", ", "))
