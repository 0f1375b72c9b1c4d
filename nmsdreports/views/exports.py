"""The tables that leave the program: names, columns and order that other programs read.

Days are ISO dates, nothing is an empty field, and rows are sorted as text by their columns in
order, so that two files can be compared line by line. In CSV a text that a spreadsheet program
would run as a formula stands behind an apostrophe, which intake takes off again.
"""

import io
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pandas as pd

from nmsdreports.intake.looks import near_words
from nmsdreports.intake.tables import restricted_columns
from nmsdreports.settings import InputError

if TYPE_CHECKING:
    from nmsdreports.intake import Records
    from nmsdreports.policy import Standing

COLUMNS = {
    "status": "guideline subject account_id school_id status underlying_status late reason since",
    "findings": "finding_id guideline subject account_id school_id severity opened_on closed_on "
    "closed_by due_on open overdue days_open excepted",
    "rates": "guideline school_id applicable meets does_not_meet excepted not_assessed upcoming "
    "ended rate rate_with_exceptions coverage",
    "incidents": "guideline school_id reported substantiated unsubstantiated open reported_12m "
    "substantiated_12m unsubstantiated_12m open_12m",
    "moves": "guideline school_id open_before opened closed open_now",
    "problems": "file sheet row column cell value level code message suggestion",
    "counts": "file sheet rows_read accepted quarantined blank",
    "watch": "list subject account_id school_id on message",
}
INPUT_TABLES = ("problems", "counts")
FORMATS = ("csv", "json", "xlsx", "parquet")
_RUN = re.compile(r"[=\t\r]|[+@-](?=.)", re.DOTALL)
_NUMBER = re.compile(r"[+-][\d.,]+%?")


def table_frame(
    source: "Standing | Records", name: str, school_id: str | None = None
) -> pd.DataFrame:
    """The table `name` of a standing (or, for problems and counts, of records) as it leaves.

    Days stay days and fractions are rounded to 4 digits, half up; `school_id` keeps one school's
    rows, which problems and counts do not have.
    """
    frame = table_rows(source, name)
    if school_id is not None:
        if "school_id" not in frame:
            raise InputError(f'The table "{name}" is about files, not schools: leave out --school.')
        frame = frame[frame["school_id"].eq(school_id)]
    order = _texts(frame).sort_values(list(frame.columns), kind="stable", na_position="first")
    return frame.loc[order.index].reset_index(drop=True)


def table_rows(source: "Standing | Records", name: str) -> pd.DataFrame:
    """The rows of `table_frame` in the order in which they are at hand: sorting takes longest."""
    if name not in COLUMNS:
        raise InputError(f'There is no table "{name}"{near_words(name, list(COLUMNS))}')
    if name in INPUT_TABLES:
        frame = getattr(getattr(source, "records", source), name)
    else:
        frame = getattr(source, name)
    frame = frame[COLUMNS[name].split()]
    if name == "problems":
        frame = without_restricted(frame)
    fractions = frame.select_dtypes("float").columns
    return frame.assign(**{column: _half_up(frame[column]) for column in fractions})


def without_restricted(problems: pd.DataFrame) -> pd.DataFrame:
    """The problems with "…" for the values of restricted columns."""
    restricted = problems["column"].isin(restricted_columns()) & problems["value"].notna()
    return problems.assign(value=problems["value"].mask(restricted, "…"))


def write_table(frame: pd.DataFrame, format: str, target: Path | BinaryIO) -> None:
    """Write a frame of `table_frame` as csv, json, xlsx or parquet to a path or a binary stream."""
    data = _WRITERS[format](frame)
    if isinstance(target, Path):
        target.write_bytes(data)
    else:
        target.write(data)


def _half_up(fractions: pd.Series) -> pd.Series:
    # a fraction of whole numbers that ends in 5 may lie just below it as a float
    return ((fractions * 10_000 + 0.5 + 1e-9) // 1) / 10_000


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Every cell as the text that a CSV file has for it; a missing one is missing."""
    return frame.apply(lambda column: column.map(_text, na_action="ignore").astype("str"))


def _text(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _csv(frame: pd.DataFrame) -> bytes:
    texts = _texts(frame)
    for name in frame.select_dtypes(["str", "object"]):
        texts[name] = texts[name].map(_guarded, na_action="ignore").astype("str")
    return texts.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _guarded(text: str) -> str:
    """The text behind an apostrophe where a spreadsheet program would run it."""
    return f"'{text}" if _RUN.match(text) and not _NUMBER.fullmatch(text) else text


def _json(frame: pd.DataFrame) -> bytes:
    days = frame.select_dtypes("datetime")
    plain = frame.assign(**{name: _texts(frame[[name]])[name] for name in days})
    return (plain.to_json(orient="records", indent=1, force_ascii=False) + "\n").encode("utf-8")


def _xlsx(frame: pd.DataFrame) -> bytes:
    # openpyxl takes a while to import, and most tables leave as CSV
    from openpyxl import Workbook
    from openpyxl.packaging.custom import StringProperty
    from openpyxl.writer.excel import ExcelWriter

    from nmsdreports.views.finish import MADE_BY, FixedArchive

    book = Workbook()
    book.properties.creator = "nmsdreports"
    book.properties.created = book.properties.modified = datetime(1980, 1, 1)
    book.custom_doc_props.append(StringProperty(name=MADE_BY, value="table"))
    sheet = book.active
    sheet.title = "table"
    sheet.append(list(frame.columns))
    for row, values in enumerate(frame.itertuples(index=False, name=None), start=2):
        for column, value in enumerate(values, start=1):
            _put(sheet.cell(row, column), value)
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    with FixedArchive(stream) as archive:
        ExcelWriter(book, archive).write_data()
    return stream.getvalue()


def _put(cell, value: object) -> None:
    if pd.isna(value):
        return
    if isinstance(value, str):
        cell.value = "".join(letter for letter in value if letter >= " " or letter in "\n\t")
        cell.data_type = "s"  # a text that begins with "=" stays a text
    elif isinstance(value, pd.Timestamp):
        cell.value = value.to_pydatetime().date()
        cell.number_format = "yyyy-mm-dd"
    else:
        cell.value = value


def _parquet(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.to_parquet(stream, index=False)
    return stream.getvalue()


_WRITERS = {"csv": _csv, "json": _json, "xlsx": _xlsx, "parquet": _parquet}
