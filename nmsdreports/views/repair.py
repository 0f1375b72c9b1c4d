"""The workbook to work through: what is to be repaired in an office's own files, cell by cell.

Comes in: Records. Goes out: quarantine.xlsx, the same bytes for the same records. Its first sheet
has a line for each problem, its second the rows concerned as they came, restricted cells as "…".
Traps: the office repairs its own files, never this one, so only the ticks can be typed; the file
bears the program's mark, so that it is no input where somebody saves it into the source.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from nmsdreports.intake import Records
from nmsdreports.intake.tables import read_tables
from nmsdreports.views.exports import without_restricted
from nmsdreports.views.finish import describe_workbook, save_workbook
from nmsdreports.views.sentences import capital, count_words, day_words, list_words
from nmsdreports.views.sheet_parts import TICK, Answer
from nmsdreports.views.sheets import Block, Book, Column, Line, Sheet, add_sheet
from nmsdreports.views.theme import read_theme

FILE_NAME = "quarantine.xlsx"
KIND = "repair"
REPAIR = "To repair"
ROWS = "Rows as they came"
LISTED = 2000
"""Problems listed at most; once they are repaired the next check lists the others."""
PASTED = {"extra-column": "mapping", "lacking-column": "mapping", "hidden-sheet": "files"}
"""Problems of headings and sheets: what is suggested is a line of this part of the settings."""
LEVELS = ("error", "warning", "note")
OUTCOMES = {
    "refuse": ("not read", "file or sheet is not read", "files or sheets are not read"),
    "quarantine": ("row set aside", "row is set aside", "rows are set aside"),
    "unknown": ("value unknown", "value counts as unknown", "values count as unknown"),
    "warn": ("used", "", ""),
    "note": ("used", "", ""),
}
"""What becomes of a problem's file, row or value: in the list, and of one and of several."""
UNUSED = {
    **dict.fromkeys(("hidden-sheet", "sheet-not-used", "own-workbook"), "not used"),
    **dict.fromkeys(("likely-table", "unused-mapping"), "not used"),
    **dict.fromkeys(("extra-column", "person-column", "double-header"), "not used"),
    **dict.fromkeys(("data-without-header", "folder-not-read", "lock-file"), "not used"),
    **dict.fromkeys(("footnote", "totals-row"), "skipped"),
    "identical-row": "counted once",
}
"""Warnings and notes of what is not used all the same, and what then stands in the list."""
_DONE, _CELL = "Done", "Cell"
_TICKED = Answer(TICK, "", f"Choose {TICK}, or leave it empty.")
_REPAIRS = Path(__file__).with_name("repairs.toml")
LEVELS_MEAN = (
    "An error keeps a value, a row or a file out of the reports. What bears a warning is used, but "
    "someone should look at it. A note only says how something was read; it needs no repair."
)
_HOW = (
    "Repair your own files, not this one: open the file, go to the cell, and type what stands "
    "under Type instead. The link under Cell shows the row as it came.",
    f"Choose {TICK} under Done for what is repaired. Then save your file, close it and run check "
    "again: what is repaired is gone from the new list.",
    LEVELS_MEAN,
)


@dataclass(frozen=True)
class Repair:
    """A kind of problem in words: its name, and what to type or do instead."""

    name: str
    do: str


@cache
def read_repairs() -> dict[str, Repair]:
    """The words for every kind of problem, by its code."""
    declared = tomllib.loads(_REPAIRS.read_text(encoding="utf-8"))
    return {code: Repair(**words) for code, words in declared.items()}


def write_repair(records: Records, path: str | Path, as_of: pd.Timestamp | None = None) -> Path:
    """Write the list of what is to be repaired, and the rows concerned, to `path`.

    It bears the day of reading, beside a month's reports their day `as_of`.
    """
    problems = in_order_of_work(records.problems)
    listed = problems.head(LISTED)
    rows = rows_as_they_came(records, listed)
    settings = records.settings
    day = records.read_on if as_of is None else as_of
    about = f"{settings.name} · {'read on' if as_of is None else 'as of'} {day_words(day)}"
    book = Book(read_theme(settings.theme), about)
    first = add_sheet(book, _sheet_repair(listed, problems, rows))
    if len(rows):
        _link(book, first, add_sheet(book, _sheet_rows(rows), REPAIR), listed, rows)
    title = f"{settings.name}: what to repair in its files"
    describe_workbook(book.workbook, title, settings.name, day, KIND)
    return save_workbook(book.workbook, Path(path))


def in_order_of_work(problems: pd.DataFrame) -> pd.DataFrame:
    """The problems as one works through them, with `instead`: what to type or do.

    `becomes` is the outcome; a value that cannot be read in a row that is set aside goes with its
    row. What keeps a whole file out comes first, then what costs a row, then other errors, warnings
    and notes; by file, sheet, cell.
    """
    rows = (
        problems["file"] + "!" + problems["sheet"].fillna("") + "!" + problems["row"].astype("str")
    )
    aside = rows.isin(rows[problems["outcome"].eq("quarantine")])
    becomes = problems["outcome"].mask(aside & problems["outcome"].eq("unknown"), "quarantine")
    problems = problems.assign(becomes=becomes)
    rank = becomes.map({outcome: rank for rank, outcome in enumerate(OUTCOMES)})
    ordered = without_restricted(problems).assign(rank=rank, letters=_letters(problems["cell"]))
    by = ["rank", "file", "sheet", "row", "letters"]
    ordered = ordered.sort_values(by, kind="stable", na_position="first")
    words = [
        instead_words(code, suggestion)
        for code, suggestion in zip(ordered["code"], ordered["suggestion"], strict=True)
    ]
    made = ordered.assign(instead=pd.Series(words, ordered.index, dtype="str"))
    return made.drop(columns=["rank", "letters"]).reset_index(drop=True)


def _until(problems: pd.DataFrame) -> pd.Series:
    """What holds until a problem is mended: of the file, row, value or column concerned."""
    words = problems["becomes"].map({outcome: words[0] for outcome, words in OUTCOMES.items()})
    return problems["code"].map(UNUSED).fillna(words)


def instead_words(code: str, suggestion: str | float | None) -> str:
    """What to type instead: the value most likely meant, else what this kind of problem asks."""
    if pd.isna(suggestion):
        return read_repairs()[code].do
    if code in PASTED:
        return f"To use it, add under [{PASTED[code]}] in district.toml: {suggestion}"
    return suggestion


def rows_as_they_came(records: Records, listed: pd.DataFrame) -> pd.DataFrame:
    """The cells of the rows of the problems `listed`: place, cell, heading, value, level.

    `place` names file, sheet and row; `level` is that of the worst problem of the cell, missing
    where it has none. An empty cell that has a problem is there too, its value missing.
    """
    keys = ["file", "sheet", "row"]
    faults = listed.dropna(subset=["cell", "row"]).drop_duplicates([*keys, "cell"])
    faults = faults[[*keys, "cell", "level", "table", "column"]]
    wanted = listed.dropna(subset=["row"])[keys].drop_duplicates()
    cells = records.originals.merge(wanted, on=keys)
    cells = cells.assign(cell=cells["letter"] + cells["row"].astype("str"))
    # a problem of a heading has no row among the data
    faults = faults.merge(cells[keys].drop_duplicates(), on=keys)
    cells = cells.merge(faults, on=[*keys, "cell"], how="outer")
    cells["header"] = cells["header"].fillna(_headings(cells))
    cells = cells.assign(letters=_letters(cells["cell"]))
    order = [*keys, "letters"]
    cells = cells.sort_values(order, kind="stable", na_position="first", ignore_index=True)
    return cells.assign(place=_places(cells))[["place", "cell", "header", "value", "level"]]


def _headings(cells: pd.DataFrame) -> pd.Series:
    tables = read_tables()
    texts = [
        None if pd.isna(table) or pd.isna(column) else tables[table].columns[column].heading
        for table, column in zip(cells["table"], cells["column"], strict=True)
    ]
    return pd.Series(texts, cells.index, dtype="str")


def _letters(cells: pd.Series) -> pd.Series:
    """The column letters of cells, as texts that sort like columns: Z before AA."""
    return cells.str.extract(r"^([A-Z]+)", expand=False).str.rjust(3)


def _places(rows: pd.DataFrame) -> pd.Series:
    """File, sheet and row in words: "accounts.xlsx · Accounts, row 12"."""
    sheets = (" · " + rows["sheet"]).fillna("")
    return rows["file"] + sheets + ", row " + rows["row"].astype("str")


def level_words(problems: pd.DataFrame) -> str:
    """How many problems of each level there are: "4 errors, 2 warnings and 1 note"."""
    counts = problems["level"].value_counts()
    said = [count_words(int(counts[level]), level) for level in LEVELS if level in counts]
    return list_words(said) or "nothing to repair"


def outcome_words(problems: pd.DataFrame) -> str:
    """What the errors cost: "2 rows are set aside and 1 value counts as unknown", or nothing."""
    rows = problems.drop_duplicates(["file", "sheet", "row", "becomes"])
    told = []
    for outcome, (_, one, many) in OUTCOMES.items():
        found = rows if outcome == "quarantine" else problems
        count = int(found["becomes"].eq(outcome).sum())
        if count and one:
            told.append(f"{count:,} {one if count == 1 else many}")
    return list_words(told)


def _sheet_repair(listed: pd.DataFrame, problems: pd.DataFrame, rows: pd.DataFrame) -> Sheet:
    title = "What to repair"
    if listed.empty:
        return Sheet(REPAIR, "", ["Nothing is to be repaired."], title=title)
    lines = [Line(capital(level_words(problems)) + ".", "strong")]
    if len(problems) > len(listed):
        count = f"{len(listed):,} of {len(problems):,}"
        text = f"These are the first {count} problems; repair them, and"
        lines.append(Line(f"{text} the next check lists the others.", "strong"))
    lines += [Line("How to work through this list", "heading"), *map(Line, _HOW)]
    if len(rows):
        lines.append(Line(ROWS, "link", ROWS))
    empty = listed["cell"].notna() & listed["value"].fillna("").eq("")
    empty &= listed["code"].ne("merged-cells")  # its cell is the first of many
    cell = listed["cell"].fillna("row " + listed["row"].astype("str"))
    columns = [
        Column(_DONE, [None] * len(listed), most=8, answer=_TICKED),
        Column("Level", listed["level"], "state"),
        Column("File", listed["file"], "text", "the folder", most=24),
        Column("Sheet", listed["sheet"], most=18),
        Column(_CELL, cell, "text", "all of it", most=12),
        Column("Value", listed["value"].mask(empty, "(empty)"), most=24),
        Column("What is wrong", listed["message"], most=52),
        Column("Until then", _until(listed), most=14),
        Column("Type instead", listed["instead"], most=36),
    ]
    if listed["sheet"].isna().all():
        columns.pop(3)
    return Sheet(REPAIR, "", lines, [Block("ToRepair", columns, to_fill=True)], title=title)


def _sheet_rows(rows: pd.DataFrame) -> Sheet:
    lines = [
        "One line for each cell of every row with a problem; the cell at fault says so.",
        "Restricted texts, and what stands in columns that are not known, are shown as …",
    ]
    columns = [
        Column("Row", rows["place"], most=40),
        Column(_CELL, rows["cell"], most=10),
        Column("Heading", rows["header"], "text", "(none)", most=30),
        Column("As it came", rows["value"], "text", "(empty)", most=60),
        Column("Problem", rows["level"], "state"),
    ]
    return Sheet(ROWS, "", lines, [Block("RowsAsTheyCame", columns)])


def _link(
    book: Book, first: Worksheet, second: Worksheet, listed: pd.DataFrame, rows: pd.DataFrame
) -> None:
    """Link the cell of each problem to its row as it came, and the faulty cell there back."""
    there = _column(second, "RowsAsTheyCame", _CELL)
    targets: dict[str, int] = {}
    exact: dict[tuple[str, str], int] = {}
    for at, (place, cell) in enumerate(zip(rows["place"], rows["cell"], strict=True)):
        targets.setdefault(place, at)
        exact[place, cell] = at
    places = _places(listed)
    for at, cell in enumerate(_column(first, "ToRepair", _CELL)):
        place = places.iloc[at]
        target = targets.get(place) if pd.notna(place) else None
        if target is None:
            continue
        _put_link(book, cell, ROWS, there[target].row)
        back = exact.get((place, listed["cell"].iloc[at]))
        if back is not None and there[back].hyperlink is None:
            _put_link(book, there[back], REPAIR, cell.row)


def _put_link(book: Book, cell, sheet: str, row: int) -> None:
    cell._style = book.styles["linked"]
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A{row}")


def _column(sheet: Worksheet, table: str, header: str) -> list:
    """The cells of a table's column, without its header."""
    head, *rows = sheet[sheet.tables[table].ref]
    position = next(at for at, cell in enumerate(head) if cell.value == header)
    return [row[position] for row in rows]
