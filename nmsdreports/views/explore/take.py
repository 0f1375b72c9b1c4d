"""Take this with me: what was chosen as a formatted workbook, under a name that is free."""

from pathlib import Path

import pandas as pd

from nmsdreports.settings import InputError
from nmsdreports.views.audience import Edition
from nmsdreports.views.explore.choice import Choice
from nmsdreports.views.explore.chosen import choice_words, found_words, told
from nmsdreports.views.finish import describe_workbook, save_workbook
from nmsdreports.views.sentences import capital, day_words
from nmsdreports.views.sheets import Block, Book, Column, Sheet, add_sheet
from nmsdreports.views.tables import table_matrix
from nmsdreports.views.workbook import KIND
from nmsdreports.views.workbook.notes import sheet_guidelines

MOST_TAKEN = 5000
"""Rows of one workbook; who needs more has the verb `table`."""


def write_chosen(choice: Choice, rows: pd.DataFrame, seen: Edition, folder: Path) -> Path:
    """Write the rows (at most MOST_TAKEN) into a new file in `folder` and return its path.

    `seen` tells every account of those rows. Raises InputError where there are none.
    """
    if rows.empty:
        raise InputError(f"Nothing was written. {found_words(choice, rows, seen)}")
    book = Book(seen.theme, f"{seen.name} · as of {day_words(seen.as_of)}")
    add_sheet(book, _sheet_chosen(choice, rows, seen))
    matrix = _sheet_map(rows.head(MOST_TAKEN), seen)
    if matrix.blocks:
        add_sheet(book, matrix)
    add_sheet(book, sheet_guidelines(seen))
    title = f"{seen.name}: {choice_words(choice, seen)}"
    describe_workbook(book.workbook, title, seen.district["name"], seen.as_of, KIND)
    return save_workbook(book.workbook, _free_name(folder, choice), book.alt_texts)


def _sheet_chosen(choice: Choice, rows: pd.DataFrame, seen: Edition) -> Sheet:
    taken = told(rows.head(MOST_TAKEN), seen)
    lines = [found_words(choice, rows, seen)]
    if len(rows) > len(taken):
        lines.append(f"These are the first {len(taken):,}, the most urgent first.")
    kinds = {"Status": "state", "Severity": "state", "Due by": "date", "Days open": "count"}
    most = {"Finding": 50, "What to do": 26, "Guideline": 24, "School": 20, "Who": 20}
    columns = [
        Column(name, taken[name].astype(object), kinds.get(name, "text"), most=most.get(name, 40))
        for name in taken
    ]
    blocks = [Block("Chosen", columns)]
    return Sheet(
        "Chosen", "what was chosen", lines, blocks, title=capital(choice_words(choice, seen))
    )


def _sheet_map(rows: pd.DataFrame, seen: Edition) -> Sheet:
    frame = table_matrix(seen).frame
    named = seen.accounts["account_id"].isin(rows["account_id"])
    if not named.any():
        return Sheet("Map", "no row is about an account of the registry")
    frame = frame[named.to_numpy()]
    columns = [
        Column(name, frame[name], "state" if at else "text") for at, name in enumerate(frame)
    ]
    lines = ["The status of each chosen account under each guideline."]
    return Sheet("Map", "accounts by guidelines", lines, [Block("Map", columns)], fixed_columns=1)


def _free_name(folder: Path, choice: Choice) -> Path:
    """A name that no file has yet, so that nothing taken earlier is lost."""
    number = 1
    while True:
        end = "" if number == 1 else f" {number}"
        path = folder / f"Chosen {choice.month}{end}.xlsx"
        if not path.exists():
            return path
        number += 1
