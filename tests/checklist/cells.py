"""The cells of a report's tables as texts, and how they are held against what has to be there."""

import re
from datetime import datetime

from tests.checklist.reading import Page
from tests.checklist.truth import day_words
from tests.views import workbooks

REPORTS = (
    *("district", "S1-pine-elementary", "S2-cedar-creek-elementary"),
    *("S3-hawk-hollow-middle-school", "S4-lantern-bay-high-school"),
    *("S6-homestead-learning-program", "DO-district-office"),
)
LEVELS = ("error", "warning", "note")
MARKS = re.compile(r"^[^\w\s]+ ")
CHART = "Numbers of the chart:"


def text(cell) -> str:
    """A cell as it is shown."""
    value = cell.value
    if isinstance(value, datetime):
        return day_words(f"{value:%Y-%m-%d}")
    if isinstance(value, float | int) and "%" in cell.number_format:
        assert abs(value * 100 - round(value * 100)) < 1e-9, "a whole percentage"
        return f"{round(value * 100)}%"
    return "" if value is None else MARKS.sub("", str(value))


def rows_of(book, name: str) -> list[dict[str, str]]:
    """The rows of a table of a workbook as texts; none where there is no such table."""
    for _, found, (header, *rows) in workbooks.tables(book):
        if found == name:
            names = [cell.value for cell in header]
            return [dict(zip(names, map(text, row), strict=True)) for row in rows]
    return []


def on_page(page: Page, caption: str) -> list[dict[str, str]]:
    """The rows of a table of a page, without marks; none where there is no such table."""
    found = page.table(caption)
    rows = found.records() if found else []
    return [{name: MARKS.sub("", cell) for name, cell in row.items()} for row in rows]


def with_columns(page: Page, *columns: str) -> list[dict[str, str]]:
    """The rows of the first table of a page that has these columns; none without one."""
    return next((t.records() for t in page.tables if {*columns} <= {*t.header}), [])


def assert_cells(rows, key: str, wanted: dict, words: str = "") -> None:
    """Each row is one of `wanted`, cell by cell; a number stands only where one is wanted.

    `words` are the columns of texts from the registry, in which anything may stand.
    """
    free = {key, *words.split(" | ")}
    assert sorted(row[key] for row in rows) == sorted(wanted)
    for row in rows:
        for name, shown in row.items():
            told = wanted[row[key]].get(name)
            if told:
                assert shown == told, (row[key], name)
            elif name not in free:
                assert not re.search(r"\d", shown), (row[key], name, shown)


def by_account(book) -> dict[str, str]:
    """The id of each account by the words for it."""
    labels = {row["Account"]: row["Account ID"] for row in rows_of(book, "Accounts")}
    assert len(labels) == len(rows_of(book, "Accounts"))
    return labels


def school_ids(book) -> list[str]:
    """The schools in the order in which the office sees them."""
    return [row["School ID"] for row in rows_of(book, "Schools")]


def chart_rows(page, words: str) -> list[dict[str, int]]:
    """The numbers of the chart whose title holds these words; none where it is not drawn."""
    tables = [t for t in page.tables if t.caption.startswith(CHART) and words in t.caption]
    rows = tables[0].records() if tables else []
    return [{k: int(v.replace(",", "")) for k, v in list(row.items())[1:]} for row in rows]
