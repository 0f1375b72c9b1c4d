"""What a new school year asks for, in words: the rows, the workbooks, the messages.

Comes in: an Edition and the rows of `renewals` (policy). Goes out: a workbook and a message, of one
school or of the office. A school's has the rows of its own accounts and of no other.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.finish import describe_workbook, save_workbook
from nmsdreports.views.mail_words import Words, one_line
from nmsdreports.views.rows import records, values
from nmsdreports.views.sentences import (
    be_words,
    capital,
    count_words,
    day_words,
    days_in_words,
    due_words,
    list_words,
    name_words,
    names_words,
)
from nmsdreports.views.sheets import Block, Book, Column, Line, Sheet, add_sheet
from nmsdreports.views.workbook.columns import NOT_RECORDED, school_column

KIND = "new school year"
"""What the property of the program says of the workbook, so that it is never read as input."""
_SHEET, _SCHOOLS = "To renew", "Schools"
_COUNTED = {
    "approve": "to approve",
    "tell parents": "to tell parents of",
    "admin rights": "without a supervisor's admin rights",
    "review": "to review",
    "report or renew": "to report or renew",
    "hand over or close": "to hand over or close",
    "find out": "to find out",
}
"""How the things of each kind are counted, in the order in which they are told."""
_MOST_FIRST = 3


@dataclass(frozen=True)
class Ahead:
    """The school year that is prepared: its name ("2027–28"), its first and last day; today."""

    name: str
    first: pd.Timestamp
    last: pd.Timestamp
    today: pd.Timestamp


@dataclass(frozen=True)
class Reached:
    """A school and what became of its message: `fault` is why there is none, else empty."""

    school_id: str
    fault: str


def rows_to_renew(edition: Edition, due: pd.DataFrame) -> list[dict]:
    """The rows of `due` that the edition may see, each with label, who and rule in words."""
    accounts = {
        row["account_id"]: row
        for row in records(edition.accounts, "account_id", "label", "owner", "school_id")
    }
    principals = dict(zip(edition.schools["school_id"], edition.schools["principal"], strict=True))
    rules = {row["guideline"]: row for row in records(edition.guidelines)}
    told = []
    for row in records(due[due["account_id"].isin(list(accounts))]):
        account = accounts[row["account_id"]]
        rule = rules.get(row["guideline"])
        activity = row["subject"][len(row["account_id"]) + 1 :]
        on = f'Activity "{name_words(activity)}" on ' if activity else ""
        supervisor = rule is None or rule["responsible"] == "supervisor"
        who = principals.get(row["school_id"]) if supervisor else account["owner"]
        told.append(
            row
            | {
                "label": on + account["label"],
                "who": names_words(who, NOT_RECORDED),
                "rule": f"{rule['title']} ({rule['clause']})" if rule else "Watch list",
                "task": capital(row["task"]),
                "reason": capital(days_in_words(row["reason"])),
            }
        )
    return told


def write_new_year(
    edition: Edition,
    rows: Sequence[dict],
    ahead: Ahead,
    path: Path,
    reached: Sequence[Reached] = (),
) -> Path:
    """Write the workbook of what is to be renewed; the office's has its schools first."""
    name = name_words(edition.name)
    book = Book(
        edition.theme, f"{name} · school year {ahead.name} · as of {day_words(ahead.today)}"
    )
    listed = _sheet_rows(edition, rows, ahead)
    if edition.audience == "office":
        add_sheet(book, _sheet_schools(edition, rows, ahead, reached))
        add_sheet(book, listed, _SCHOOLS)
    else:
        add_sheet(book, listed)
    title = f"{name}: to renew for the school year {ahead.name}"
    about = (edition.district["name"], ahead.today, KIND, edition.school_id)
    describe_workbook(book.workbook, title, *about)
    return save_workbook(book.workbook, path, book.alt_texts)


def school_words(edition: Edition, rows: Sequence[dict], ahead: Ahead, file: str) -> Words:
    """The message to a school's principal, with the name of the workbook that it brings."""
    name, principal = name_words(edition.name), edition.school["principal"]
    first = [
        f"{number}. {row['label']}: {row['task']}, {due_words(row['due_on'], row['overdue'])}. "
        f"{row['reason']}."
        for number, row in enumerate(rows[:_MOST_FIRST], start=1)
    ]
    more = [f"And {len(rows) - _MOST_FIRST:,} more, in the workbook."]
    paragraphs = [
        f"Dear {one_line(principal or '') or f'principal of {name}'},",
        f"{_begins(ahead)} By what is on record on {day_words(ahead.today)}, at {name} "
        f"{summary_words(rows)}.",
        "\n".join(["What comes first:", *first, *(more if len(rows) > _MOST_FIRST else [])]),
        f"Attached: {file}. It says of each what is to be done, by when and why, and names who is "
        "to do it; so please keep it to those whose work it is. Tell the office the day on which "
        "each was done: what is not on record counts as not done.",
        f"Questions: {_contact(edition)}.",
        one_line(edition.district["name"]),
    ]
    return Words(
        one_line(f"{name}: what to renew for the school year {ahead.name}"),
        "\n\n".join(paragraphs) + "\n",
    )


def office_words(
    edition: Edition,
    rows: Sequence[dict],
    ahead: Ahead,
    reached: Sequence[Reached],
    file: str,
    older: Sequence[str] = (),
) -> Words:
    """The message to the office: how many things each school has, who has no message and why.

    `older` are the folders in which drafts of earlier runs lie.
    """
    names = dict(zip(edition.schools["school_id"], edition.schools["name"], strict=True))
    counts = Counter(values(rows, "school_id"))
    lines = [
        f"- {name_words(name)}: {_number(counts[school_id])}" for school_id, name in names.items()
    ]
    wrong = [f"- {name_words(names[one.school_id])}: {one.fault}." for one in reached if one.fault]
    drafted = sum(not one.fault for one in reached)
    lie = "lies as a draft" if drafted == 1 else "lie as drafts"
    paragraphs = [
        f"{_begins(ahead)} By what is on record on {day_words(ahead.today)}, in the district "
        f"{summary_words(rows)}.",
        "\n".join(["By school:", *lines]),
        f"{capital(count_words(drafted, 'message'))} to principals {lie} beside this one: look at "
        "each, and send it.",
        *([older_words(older)] if older else []),
        *(["\n".join(["No message was written to:", *wrong])] if wrong else []),
        f"Attached: {file}, with every school. Type the day of what was done into the registry and "
        "the logs; then run rollover once more: what is done is gone from the new list.",
    ]
    return Words(
        one_line(f"School year {ahead.name}: {_number(len(rows))}"),
        "\n\n".join(paragraphs) + "\n",
    )


def older_words(older: Sequence[str]) -> str:
    """That drafts of earlier runs lie in folders, too, and are not to be sent beside these."""
    those = "that folder" if len(older) == 1 else "those folders"
    return (
        f"Drafts of an earlier run still lie in {list_words(older)}. The new ones take their "
        f"place: do not send what is left in {those}."
    )


def summary_words(rows: Sequence[dict]) -> str:
    """How many things are to be done, by kind, and how many are overdue."""
    counts = Counter(values(rows, "kind"))
    kinds = [f"{counts[kind]:,} {words}" for kind, words in _COUNTED.items() if counts[kind]]
    overdue = sum(values(rows, "overdue"))
    many = "all" if overdue == len(rows) else f"{overdue:,}"
    late = f"; {many} of them {'is' if overdue == 1 else 'are'} overdue" if overdue else ""
    return f"{be_words(len(rows), 'thing')} to be done: {list_words(kinds)}{late}" if rows else (
        "nothing is to be renewed"
    )  # fmt: skip


def _state(row: dict, ahead: Ahead) -> str | None:
    """Whether it is overdue or not yet due; of what is no finding, a day that is over says it."""
    if row["overdue"]:
        return "overdue"
    return "not yet due" if row["due_on"] > ahead.today else None


def _begins(ahead: Ahead) -> str:
    verb = "began" if ahead.first <= ahead.today else "begins"
    return f"The school year {ahead.name} {verb} on {day_words(ahead.first)}."


def _number(count: int) -> str:
    return f"{count_words(count, 'thing')} to renew"


def _contact(edition: Edition) -> str:
    known = [edition.district[key] for key in ("contact_name", "contact_email", "contact_phone")]
    return ", ".join(one_line(text) for text in known if text) or "the district office"


def _sheet_rows(edition: Edition, rows: Sequence[dict], ahead: Ahead) -> Sheet:
    lines = [
        Line(f"{_begins(ahead)} {capital(summary_words(rows))}.", "strong"),
        "What comes first stands first. What was done counts from the day that the registry or a "
        "log has for it; tell the office the day.",
        "An approval with a last day holds until then; one without, and what parents were told, "
        "is for one school year.",
    ]
    columns = [
        Column("State", [_state(row, ahead) for row in rows], "state"),
        Column("Due by", values(rows, "due_on"), "date"),
        *school_column(rows, edition),
        Column("What to do", values(rows, "task"), most=34),
        Column("Account", values(rows, "label"), most=40),
        Column("Who", values(rows, "who"), most=22),
        Column("Why", values(rows, "reason"), most=52),
        Column("Guideline and clause", values(rows, "rule"), most=26),
        Column("Account ID", values(rows, "account_id"), most=16),
    ]
    blocks = [Block("ToRenew", columns)] if rows else []
    title = f"To renew for the school year {ahead.name}"
    return Sheet(_SHEET, summary_words(rows), lines, blocks, title=title)


def _sheet_schools(
    edition: Edition, rows: Sequence[dict], ahead: Ahead, reached: Sequence[Reached]
) -> Sheet:
    schools = records(edition.schools, "school_id", "name", "principal")
    faults = {one.school_id: one.fault or "draft written" for one in reached}
    by_kind = Counter((row["school_id"], row["kind"]) for row in rows)
    ids = values(schools, "school_id")
    number = Counter(values(rows, "school_id"))
    overdue = Counter(row["school_id"] for row in rows if row["overdue"])
    columns = [
        Column("School", values(schools, "name"), most=34),
        Column("Principal", values(schools, "principal"), "text", NOT_RECORDED, most=24),
        Column("All", [number[school_id] for school_id in ids], "count"),
        Column("Overdue", [overdue[school_id] for school_id in ids], "count"),
        *(
            Column(capital(kind), [by_kind[school_id, kind] for school_id in ids], "count")
            for kind in _COUNTED
            if any(row["kind"] == kind for row in rows)
        ),
        Column("Message", [faults.get(key, "nothing to renew") for key in ids], most=44),
        Column("School ID", ids, most=16),
    ]
    return Sheet(
        _SCHOOLS,
        count_words(len(schools), "school"),
        [
            Line(f"{_begins(ahead)} {capital(summary_words(rows))}.", "strong"),
            Line(_SHEET, "link", _SHEET),
        ],
        [Block("Schools", columns)],
        title=f"The school year {ahead.name}, school by school",
        fixed_columns=1,
    )
