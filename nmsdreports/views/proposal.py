"""The workbook in which the office looks at answers before any of them enters a log.

Comes in: rows for logs, entries for the office, what was not taken, as frames. Goes out: one sheet
a log under the district's own headings, so that a row reads as it will stand there; the office
changes or strikes what it likes, and only rows with "yes" under `ENTER` enter. Trap: the workbook
bears the program's mark, so that it is no input where somebody saves it into the source.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from nmsdreports.intake.tables import Table
from nmsdreports.settings import Settings
from nmsdreports.views.finish import describe_workbook, save_workbook
from nmsdreports.views.sentences import capital, count_words, day_words, month_words
from nmsdreports.views.sheets import Block, Book, Column, Line, Sheet, add_sheet
from nmsdreports.views.theme import read_theme
from nmsdreports.views.workbook.to_do import FINDING_ID, OPEN_SINCE

KIND = "answers"
ENTER, LOOK, ANSWER = "Enter", "Look first", "Answer in"
YES = "yes"
FIRST = "Answers"
_BY_HAND, _NOT_TAKEN = "To enter by hand", "Not taken"
_HOW = (
    f"Look at each sheet. A row enters its log where {YES} stands under {ENTER}: take it away "
    "where the row must not enter, and put it there once you have looked at what asks for it.",
    "What is wrong in a row may be put right here: what stands here is what enters.",
    "Then save and close this workbook, and type:",
)


@dataclass(frozen=True)
class LogSheet:
    """The rows for one log: its table, where they go in words, and its headings.

    `headings` has the heading of each declared column that the log has, in the log's order; `rows`
    are those of `Proposed.rows` of that table.
    """

    table: Table
    target: str
    headings: dict[str, str]
    rows: pd.DataFrame


@dataclass(frozen=True)
class Proposal:
    """All that the workbook shows; `books` has a row a workbook with its counts (columns as shown).

    `by_hand` has finding_id, done_on, by, place, column, type, title and answer; `faults` file,
    sheet, cell, finding_id, found, expected, repair; `also` are findings that close without an
    answer.
    """

    month: str
    as_of: pd.Timestamp
    command: str
    books: pd.DataFrame
    logs: Sequence[LogSheet]
    by_hand: pd.DataFrame
    faults: pd.DataFrame
    also: Sequence[str]


def beside(name: str) -> str:
    """What a column of ours is called where the log has one of that name itself."""
    return f"{name} (answers)"


def write_proposal(proposal: Proposal, settings: Settings, path: Path) -> Path:
    """Write the workbook to `path` and return it."""
    about = f"{settings.name} · as of {day_words(proposal.as_of)}"
    book = Book(read_theme(settings.theme), about)
    sheets = [*map(_sheet_log, proposal.logs), _sheet_by_hand(proposal.by_hand)]
    sheets.append(_sheet_not_taken(proposal.faults))
    add_sheet(book, _sheet_first(proposal, sheets))
    for sheet in sheets:
        if sheet.blocks:
            made = add_sheet(book, sheet, FIRST)
            if sheet.name not in (_BY_HAND, _NOT_TAKEN):
                _offer_yes(made)
    title = f"{settings.name}: answers to the report of {month_words(proposal.month)}"
    describe_workbook(book.workbook, title, settings.name, proposal.as_of, KIND)
    return save_workbook(book.workbook, path)


def _sheet_first(proposal: Proposal, sheets: Sequence[Sheet]) -> Sheet:
    lines = [Line("How to go on", "heading"), *map(Line, _HOW), Line(proposal.command, "strong")]
    if proposal.also:
        which = ", ".join(proposal.also)
        text = f"With these rows on record these findings close as well, unanswered: {which}."
        lines.append(Line(text))
    lines.append(Line("In this workbook", "heading"))
    for sheet in sheets:
        to = sheet.name if sheet.blocks else None
        words = f"{sheet.name}: {sheet.contents}"
        lines.append(Line(words, "link" if to else "lead", to))
    title = f"Answers to the report of {month_words(proposal.month)}"
    columns = [
        Column(name, proposal.books[name], "text" if name in ("File", "School") else "count")
        for name in proposal.books.columns
    ]
    return Sheet(FIRST, "", lines, [Block("Workbooks", columns)] if len(proposal.books) else [],
                 title=title)  # fmt: skip


def _sheet_log(log: LogSheet) -> Sheet:
    rows = log.rows
    taken = {heading.casefold() for heading in log.headings.values()}
    names = (ENTER, LOOK, FINDING_ID, OPEN_SINCE, ANSWER)
    own = {name: beside(name) if name.casefold() in taken else name for name in names}
    enter = [YES if value else None for value in rows["enter"]]
    columns = [Column(own[ENTER], enter, most=10)]
    for name, heading in log.headings.items():
        values = [row.get(name) for row in rows["values"]]
        kind = "date" if log.table.columns[name].type == "day" else "text"
        columns.append(Column(heading, values, kind, most=26))
    columns += [
        Column(own[LOOK], rows["look"], most=44),
        Column(own[FINDING_ID], rows["finding_id"], most=30),
        Column(own[OPEN_SINCE], rows["opened_on"], "date"),
        Column(own[ANSWER], rows["answer"], most=30),
    ]
    ask = int(rows["look"].ne("").sum())
    contents = f"{count_words(len(rows), 'row')} for {log.target}"
    contents += f", {count_words(ask, 'row')} to look at first" if ask else ""
    lines = [f"{capital(count_words(len(rows), 'row'))} for {log.target}."]
    return Sheet(
        log.table.title, contents, lines, [Block(log.table.name.title(), columns, to_fill=True)]
    )


def _sheet_by_hand(rows: pd.DataFrame) -> Sheet:
    if rows.empty:
        return Sheet(_BY_HAND, "nothing")
    columns = [
        Column("Done on", rows["done_on"], "date"),
        Column("By whom", rows["by"], most=24),
        Column("Where to type it", rows["place"], "text", "your own list", most=34),
        Column("Under", rows["column"], "text", "the column that decides", most=20),
        Column("What to type", rows["type"], "text", "what your own list asks for", most=36),
        Column("Guideline", rows["title"], most=30),
        Column(FINDING_ID, rows["finding_id"], most=30),
        Column(ANSWER, rows["answer"], most=30),
    ]
    words = f"{count_words(len(rows), 'answer')} that no log holds: type each into its cell"
    return Sheet(_BY_HAND, words, [f"{capital(words)}."], [Block("ByHand", columns)])


def _sheet_not_taken(faults: pd.DataFrame) -> Sheet:
    if faults.empty:
        return Sheet(_NOT_TAKEN, "nothing")
    columns = [
        Column("File", faults["file"], most=30),
        Column("Sheet", faults["sheet"], most=14),
        Column("Cell", faults["cell"], most=10),
        Column(FINDING_ID, faults["finding_id"], most=30),
        Column("What was found", faults["found"].map(capital), most=44),
        Column("What was expected", faults["expected"].map(capital), most=36),
        Column("What to do", faults["repair"].map(capital), most=44),
    ]
    words = f"{count_words(len(faults), 'entry', 'entries')}, each with its reason"
    return Sheet(_NOT_TAKEN, words, [f"{capital(words)}."], [Block("NotTaken", columns)])


def _offer_yes(made) -> None:
    """Offer yes and no in the first column of the sheet's table."""
    (table,) = made.tables.values()
    first, *_, last = (row[0] for row in made[table.ref])
    rule = DataValidation("list", f'"{YES},no"', allow_blank=True)
    letter = get_column_letter(first.column)
    rule.add(f"{letter}{first.row + 1}:{letter}{last.row}")
    made.add_data_validation(rule)
