"""What a reader of everything ever published can work out of the numbers that are hidden.

In: the finished board folders of this and of all published editions, read back from their files.
Out: a sentence for each number that can be known more nearly than the words printed for it promise.
It knows nothing of how the numbers were hidden. For each school year every printed cell is a
condition on whole numbers, and a solver finds the least and the most that each number can be.

Traps: where printed numbers contradict each other something was corrected in between. The newest
are believed first, and once more the oldest first, each as far as it does not contradict what is
believed already; what was corrected is a count as well and must not be a small one. What cannot be
read or worked out counts as told.
"""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from nmsdreports.views.board.printed import bounds, read_printed
from nmsdreports.views.board.reader import Fact, Reader
from nmsdreports.views.board.said import read_named

NO_TABLE = "no table of incidents was found in the board's files"
"""What is wrong with files of which it cannot be told whether they tell of incidents."""
_COUNTS = ("reported", "substantiated")
_ALL = re.compile(r"|(?:sub|grand )?total|sum|all\b.*|every.*|altogether|overall|together")
"""How a row is named that tells of all categories of its year at once."""


def check_hidden(folders: list[Path], min_cell: int) -> list[str]:
    """Return a sentence for each number that what `folders` print together tells too nearly.

    "Fewer than 10" must leave 0 to 9 open and a band its whole width; "not shown" and every number
    that is worked out from others must leave at least `min_cell` open, the latter only where it
    can be below `min_cell`. No printed count may be below it. Never raises.
    """
    tables, faults = [], []
    for folder in folders:
        name = folder.parent.name
        try:
            printed = read_printed(folder)
            faults += _only_in_sentences(folder, printed)
        except Exception as error:  # whatever stops the reading, it has not been checked
            faults.append(f"{name}: {error}.")
            continue
        if printed.empty:
            faults.append(f"{name}: {NO_TABLE}.")
            continue
        tables.append(printed.assign(file=f"{name}/" + printed["file"], folder=str(folder)))
    if not tables:
        return faults or ["Nothing was given to be checked."]
    cells = _cells(pd.concat(tables, ignore_index=True))
    faults += _told_differently(cells)
    for year, rows in cells.groupby("school_year"):
        try:
            faults += _check_year(rows, min_cell)
        except Exception as error:  # no answer is no proof
            faults.append(f"{year}: what its numbers tell cannot be worked out ({error}).")
    return [*dict.fromkeys(faults)]


def _only_in_sentences(folder: Path, printed: pd.DataFrame) -> list[str]:
    """The counts that a sentence of an edition names and no table of it prints, a total say."""
    texts = ["", *printed["reported"], *printed["substantiated"]]
    known = {int(number) for text in texts for number in re.findall(r"\d+", text.replace(",", ""))}
    return [
        f"{folder.parent.name}/{path.relative_to(folder).as_posix()}: a sentence tells of {number} "
        "incidents or concerns, and no table does."
        for path in sorted(path for path in folder.rglob("*") if path.is_file())
        for number in sorted(read_named(path) - known)
    ]


def _cells(printed: pd.DataFrame) -> pd.DataFrame:
    """A row for each printed number: folder, file, as_of, kind, school_year, categories, column
    ("reported", "substantiated"), text. In a chart `as_of` is the day of the table beside it.
    """
    keys = ["folder", "school_year", "kind"]
    cells = printed.melt([*keys, "file", "as_of", "categories"], [*_COUNTS], "column", "text")
    cells = cells[cells["text"] != ""]
    counted = cells.groupby(keys)["as_of"].transform("max")
    texts = cells["text"].str.casefold().str.replace(",", "")
    return cells.assign(as_of=cells["as_of"].fillna(counted), text=texts)


def _told_differently(cells: pd.DataFrame) -> list[str]:
    """The cells for which the files of one edition do not print the same."""
    keys = ["folder", "school_year", "kind", "categories", "column", "as_of"]
    differ = cells.groupby(keys, dropna=False)["text"].transform("nunique") > 1
    return [
        f"{_cell(next(rows.itertuples()))}: the files of one edition print it in two ways."
        for _, rows in cells[differ].groupby(keys, dropna=False)
    ]


def _check_year(cells: pd.DataFrame, least: int) -> list[str]:
    """The faults of one school year; nothing is below a `least` of one that could be hidden."""
    if least == 1:
        return []
    told = ["kind", "categories", "column", "text"]
    # totals of two days are two numbers; of a closed year the same cell is one, whenever printed
    days = cells["as_of"].where(cells["kind"] == "running")
    cells = cells.sort_values("as_of", kind="stable", ascending=False)
    cells = cells[~cells.assign(day=days)[[*told, "day"]].duplicated()]
    faults, corrected = _faults(cells, least)
    if not corrected:
        return faults
    return [*faults, *_faults(cells.sort_values("as_of", kind="stable"), least)[0]]


def _faults(cells: pd.DataFrame, least: int) -> tuple[list[str], bool]:
    """What a reader learns who believes the cells in this order, and whether one was corrected."""
    reader = _reader(cells, least)
    facts = [_fact(reader, cell) for cell in cells.itertuples()]
    doubted = reader.believe(facts)
    reader.believe(_only_more(reader))
    faults = []
    for at, (cell, (sums, low, high)) in enumerate(zip(cells.itertuples(), facts, strict=True)):
        known = reader.range(sums)
        if at in doubted:
            least_moved, most_moved = low - known[1], high - known[0]
            if most_moved - least_moved + 1 < least:
                much = _range(*sorted((abs(least_moved), abs(most_moved))))
                faults.append(f"{_cell(cell)}: “{cell.text}” was corrected elsewhere, by {much}.")
        elif not _kept(cell, known, least):
            faults.append(f"{_cell(cell)}: “{cell.text}” can be worked out to be {_range(*known)}.")
    for words, sums in _worked_out(reader, cells):
        low, high = reader.range(sums)
        if low < least and high - low + 1 < least:
            year = cells["school_year"].iloc[0]
            faults.append(f"{year}, {words}: can be worked out to be {_range(low, high)}.")
    return faults, bool(doubted)


def _reader(cells: pd.DataFrame, least: int) -> Reader:
    closed = cells[cells["kind"] == "closed"]
    named = [name for row in closed["categories"].unique() for name in _names(row)]
    days = sorted(set(cells.loc[cells["kind"] == "running", "as_of"]))
    # far more than any number printed, so that what has no most is wide
    printed = sum(bounds(text)[1] or 0 for text in cells["text"])
    return Reader([*dict.fromkeys(named)], days, printed + 10 * least * (len(cells) + 1))


def _names(categories: str) -> list[str]:
    """The categories of a row; none where it tells of all that there are."""
    return [] if _ALL.fullmatch(categories.casefold()) else categories.split(" + ")


def _fact(reader: Reader, cell: NamedTuple) -> Fact:
    low, high = bounds(cell.text)
    if cell.kind == "running":
        sums = reader.running(cell.as_of)
    else:
        sums = reader.count(cell.column, _names(cell.categories) or reader.categories)
    return sums, low, reader.most if high is None else high


def _only_more(reader: Reader) -> list[Fact]:
    """A year's total only grows: from a day to a later one, and from there to that of the year."""
    totals = [reader.running(day) for day in reader.days]
    if reader.categories:
        totals.append(reader.count("reported", reader.categories))
    pairs = itertools.combinations(totals, 2)
    return [(later - earlier, 0, reader.most) for earlier, later in pairs][::-1]


def _kept(cell: NamedTuple, known: tuple[int, int], least: int) -> bool:
    """Whether what is known of a printed cell is not more than its words promise."""
    low, high = bounds(cell.text)
    wide = known[1] - known[0] + 1 >= least
    if high is None:
        return wide
    if low == high and cell.kind == "closed":
        return low >= least
    return wide and known[0] <= low and known[1] >= high


def _worked_out(reader: Reader, cells: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """Numbers that nobody printed but anybody can form: their name and their sum."""
    closed = cells[cells["kind"] == "closed"]
    printed = {(tuple(_names(row.categories)), row.column) for row in closed.itertuples()}
    rows = dict.fromkeys([*(names for names, _ in printed), *((n,) for n in reader.categories), ()])
    for names in sorted(rows) if reader.categories else []:
        sums = [reader.count(column, names or reader.categories) for column in _COUNTS]
        where = " + ".join(names) or "all categories"
        yield f"{where}, reported less substantiated", sums[0] - sums[1]
        for column, one in zip(_COUNTS, sums, strict=True):
            if (names, column) not in printed:
                yield f"{where}, {column}", one
    totals = [(f"the total on {day:%Y-%m-%d}", reader.running(day)) for day in reader.days]
    if reader.categories:
        totals.append(("that of the year", reader.count("reported", reader.categories)))
    for (one, earlier), (other, later) in itertools.pairwise(totals):
        yield f"{one} less than {other}", later - earlier


def _cell(cell: NamedTuple) -> str:
    """Where a printed number stands: file, table, row and column."""
    if cell.kind == "running":
        return f"{cell.file}, {cell.school_year}, reported so far on {cell.as_of:%Y-%m-%d}"
    return f"{cell.file}, {cell.school_year}, {cell.categories or 'all categories'}, {cell.column}"


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"
