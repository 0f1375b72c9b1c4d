"""A new district's folder: district.toml with every setting explained, a template for each table.

Goes out: one workbook per table with its headings, lists to choose from, formats for days, an
example row and a sheet that explains the columns, all from the declaration that intake reads by.
Traps: an untouched template is its table with no rows, so its example row begins with the word
that intake knows, and its explaining sheet has the name that intake skips.
"""

from copy import copy
from datetime import datetime
from math import ceil
from pathlib import Path

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from nmsdreports.intake.accounts import read_platforms
from nmsdreports.intake.tables import HELP_SHEET, Table, read_tables
from nmsdreports.intake.tables import Column as Declared
from nmsdreports.settings import SETTINGS_FILE
from nmsdreports.views.finish import describe_workbook, save_workbook
from nmsdreports.views.sheets import Block, Book, Column, Line, Sheet, add_sheet
from nmsdreports.views.theme import read_theme

KIND = "template"
EXAMPLE = "Example: "
_SETTINGS = Path(__file__).parent / "templates" / SETTINGS_FILE
_ROWS = 10_000
_LEAST_WIDTH = 15
_PAGE_WIDTH = 170
_DAY_FORMAT = "m/d/yyyy"
_MADE_ON = pd.Timestamp(1980, 1, 1)
_FIRST_DAY = {False: datetime(2004, 1, 1), True: datetime(1900, 1, 1)}
_GUIDELINES = "Guidelines"
_NOT_READ = (
    "What a table cannot hold is not read: colours, crossed-out text, comments and notes pinned to "
    "a cell, pictures and text boxes. Write what they say into a column.",
    "Merged cells are filled down, which may not be what was meant: better fill in every cell. "
    "Leave a cell empty where nothing is known; write no totals below the rows.",
    "Further columns may be added to the right; they are kept, but not used. The names of students "
    "and parents belong in no column.",
)


def write_forms(folder: Path, guidelines: pd.DataFrame) -> list[Path]:
    """Fill the new or empty `folder` with district.toml and a template for each table.

    `guidelines` are those to choose from: id as the index, clause, wording and method (str).
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / SETTINGS_FILE
    settings.write_bytes(_SETTINGS.read_bytes())
    forms = [
        write_form(table, folder / f"{table.name}.xlsx", guidelines)
        for table in read_tables().values()
    ]
    return [settings, *forms]


def write_form(table: Table, path: Path, guidelines: pd.DataFrame) -> Path:
    """Write the template of one table (`guidelines` as in `write_forms`)."""
    book = Book(read_theme(), table.description)
    sheet = add_sheet(book, _sheet_form(table))
    guide = add_sheet(book, _sheet_help(table, guidelines), sheet.title)
    _prepare(book, sheet, guide, table)
    describe_workbook(book.workbook, f"{table.title}: template", "nmsdreports", _MADE_ON, KIND)
    return save_workbook(book.workbook, path)


def heading(table: Table, column: Declared) -> str:
    """A column's heading in the template, with "(required)" where a row needs it."""
    need = need_words(table, column)
    return column.heading if need == "no" else f"{column.heading} ({need})"


def need_words(table: Table, column: Declared) -> str:
    """Whether a row needs the column: "required", "this or Web address", "no"."""
    if column.required and column.alternative:
        return f"this or {table.columns[column.alternative].heading}"
    return "required" if column.required else "no"


def allowed_words(column: Declared) -> str:
    """What may stand in a column, in words."""
    match column.type:
        case "id":
            return "letters and digits; 007 stays 007"
        case "text":
            return "words; shown in no report" if column.restricted else "words"
        case "day":
            future = "" if column.plan else ", not in the future"
            return f"a day such as 9/1/2026{future}"
        case "choice":
            return "one of: " + ", ".join(column.allowed)
        case "yes-no":
            return "yes or no"
        case "email":
            return "one e-mail address"
        case "list":
            return "one or several, with | between them"
        case "url":
            return "a web address"
        case "platform":
            return "the name of the platform, such as Facebook"
        case "school":
            return "the school's ID, or one of its names"
        case "account":
            return "the account's ID as in the registry"
        case "guideline":
            return "the identifier of a guideline"
    raise ValueError(column.type)


def column_rows(table: Table) -> list[tuple[str, str, str, str, str]]:
    """Each column in words: heading, whether it is needed, meaning, what may stand there, example.

    The same rows explain a template and stand in the documentation.
    """
    return [
        (
            column.heading,
            need_words(table, column),
            column.description,
            allowed_words(column),
            column.example,
        )
        for column in table.columns.values()
    ]


def _sheet_form(table: Table) -> Sheet:
    lines = [
        f"Type below the example, one row each; the row that begins with {EXAMPLE.strip()} is "
        "never read.",
        "A row without what is marked (required) cannot be used. Everything else may stay empty.",
        Line(HELP_SHEET, "link", HELP_SHEET),
    ]
    columns = [
        Column(heading(table, column), [_example(column, first=at == 0)], most=34)
        for at, column in enumerate(table.columns.values())
    ]
    return Sheet(table.title, "", lines, [Block("Rows", columns, to_fill=True)], fixed_columns=1)


def _example(column: Declared, first: bool) -> str | pd.Timestamp | None:
    if first:
        return EXAMPLE + column.example
    if column.type == "day" and column.example:
        return pd.to_datetime(column.example, format="%m/%d/%Y")
    return column.example or None


def _sheet_help(table: Table, guidelines: pd.DataFrame) -> Sheet:
    heads, needs, meanings, allowed, examples = zip(*column_rows(table), strict=True)
    columns = [
        Column("Column", heads, most=26),
        Column("Needed", needs, most=20),
        Column("What it means", meanings, most=60),
        Column("What may stand there", allowed, most=44),
        Column("For example", examples, "text", "(empty)", most=32),
    ]
    blocks = [Block("Columns", columns)]
    if _needs_guidelines(table):
        checked = guidelines[guidelines["method"].ne("advice")]
        chosen = [
            Column("Identifier", checked.index),
            Column("What it asks", checked["wording"], most=60),
            Column("Clause", checked["clause"], most=26),
        ]
        blocks.append(Block(_GUIDELINES, chosen, "The guidelines"))
    return Sheet(HELP_SHEET, "", _NOT_READ, blocks)


def _needs_guidelines(table: Table) -> bool:
    return any(column.type == "guideline" for column in table.columns.values())


def _prepare(book: Book, sheet: Worksheet, guide: Worksheet, table: Table) -> None:
    """Formats, lists and widths for the rows that are still to come."""
    header, example = sheet[sheet.tables["Rows"].ref]
    sheet.freeze_panes = sheet.cell(example[0].row, 2)
    sheet.print_title_cols = "A:A"
    for cell, shown, column in zip(header, example, table.columns.values(), strict=True):
        letter = get_column_letter(cell.column)
        shape = sheet.column_dimensions[letter]
        shape.width = max(shape.width, _LEAST_WIDTH)
        shape.number_format = _DAY_FORMAT if column.type == "day" else "@"
        shown._style = copy(book.styles["words"])  # shared by all cells of this look
        shown.number_format = shape.number_format
        below = f"{letter}{shown.row + 1}:{letter}{shown.row + _ROWS}"
        sheet.add_data_validation(_hint(column, cell.coordinate))
        rule = _rule(column, guide)
        if rule is not None:
            rule.add(below)
            sheet.add_data_validation(rule)
    width = sum(shape.width for shape in sheet.column_dimensions.values())
    sheet.page_setup.fitToWidth = ceil(width / _PAGE_WIDTH)


def _hint(column: Declared, cell: str) -> DataValidation:
    """What a column means, shown beside its heading when somebody stands on it."""
    words = f"{column.description}. May stand there: {allowed_words(column)}."
    hint = DataValidation(showInputMessage=True, promptTitle=column.heading, prompt=words[:255])
    hint.add(cell)
    return hint


def _rule(column: Declared, guide: Worksheet) -> DataValidation | None:
    """The list or bound for what is typed into a column; None where anything may stand."""
    match column.type:
        case "day":
            first = _FIRST_DAY[column.any_year]
            serial = (first - datetime(1899, 12, 30)).days
            rule = DataValidation("date", str(serial), operator="greaterThanOrEqual")
            # a warning, no stop: a day may also be typed in words that are read
            rule.errorStyle = "warning"
        case "yes-no":
            rule = DataValidation("list", '"yes,no"')
        case "choice":
            rule = DataValidation("list", f'"{",".join(column.allowed)}"')
        case "platform":
            names = ",".join(platform.name for platform in read_platforms().values())
            rule = DataValidation("list", f'"{names}"')
            rule.errorStyle = "warning"
        case "guideline":
            first, *_, last = (row[0].row for row in guide[guide.tables[_GUIDELINES].ref][1:])
            rule = DataValidation("list", f"'{guide.title}'!$A${first}:$A${last}")
        case _:
            return None
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle, rule.error = column.heading, f"Here stands {allowed_words(column)}."
    return rule
