"""Columns that a reader fills in: their cells are open, all others of the sheet are locked.

There is no password: who must, lifts the protection. Filter and widths stay free; trap: Excel sorts
no table of which a cell is locked.
"""

from collections.abc import Sequence
from datetime import datetime

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from nmsdreports.views import sheet_parts as parts
from nmsdreports.views.sheet_parts import Answer, Block

LONGEST_ANSWER = 300
"""Characters of an answer in words."""
_FIRST_DAY = (datetime(2004, 1, 1) - datetime(1899, 12, 30)).days
_FREE = ("autoFilter", "sort", "formatColumns", "formatRows", "formatCells")


def open_for_answers(sheet: Worksheet, blocks: Sequence[Block], headers: Sequence[int]) -> None:
    """Open the columns of `blocks` that have an answer; `headers` are the rows of their headers.

    A sheet without such a column stays as it is.
    """
    for block, header in zip(blocks, headers, strict=True):
        for number, column in enumerate(block.columns, start=1):
            if column.answer:
                letter = get_column_letter(number)
                rule = _rule(column.answer)
                rule.add(f"{letter}{header + 1}:{letter}{header + len(column.plain)}")
                sheet.add_data_validation(rule)
                sheet.protection.sheet = True
    for free in _FREE if sheet.protection.sheet else ():
        setattr(sheet.protection, free, False)


def _rule(answer: Answer) -> DataValidation:
    match answer.kind:
        case parts.DAY:
            # the day on which it is typed decides what has not come yet, not that of the report
            bounds = {"formula1": str(_FIRST_DAY), "formula2": "TODAY()"}
            rule = DataValidation("date", operator="between", **bounds)
        case parts.TEXT:
            bounds = {"formula1": "0", "formula2": str(LONGEST_ANSWER)}
            rule = DataValidation("textLength", operator="between", **bounds)
        case _:
            rule = DataValidation("list", f'"{parts.TICK}"')
    rule.allow_blank = True
    rule.showErrorMessage = rule.showInputMessage = True
    rule.errorTitle, rule.error = "Please look again", answer.error
    if answer.prompt:
        rule.promptTitle, rule.prompt = "How to answer", answer.prompt
    return rule
