"""What finished board files print of incidents, read back from the files themselves.

In: the board's folder of an edition. Out: one row for each cell pair that a table or chart of any
of its files prints. A table is known by its headers, a chart by the names of its series; one that
has these in part is an error, because what cannot be read cannot be checked.
"""

import re
from pathlib import Path

import pandas as pd

from nmsdreports.views.board.grids import Grid, read_grids

COLUMNS = ["file", "as_of", "kind", "school_year", "categories", "reported", "substantiated"]
_RUNNING = ["school year", "reported so far", "as of"]
_COUNTS = ["reported", "substantiated"]
_BESIDE = {"", "school year", "category", "counted on"}
_LABEL = re.compile(r"(?:(\d{4})[–-](\d{2}))?(?:\s*[:,·]\s*)?(.*)")


def read_printed(folder: Path) -> pd.DataFrame:
    """Return what the files of a board's folder, and of folders in it, print of incidents.

    Columns: file (its path in the folder), as_of (the day of a running total, the day on which a
    closed year was counted; missing in charts), kind ("closed", "running"), school_year,
    categories (joined by " + "; empty where a chart names only the year: all of them), reported,
    substantiated (texts as printed, empty where that column or bar is not there).
    Raises ValueError where a file or a table cannot be read; it names the file.
    """
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        file = path.relative_to(folder).as_posix()
        try:
            found += [(file, *row) for row in _dated([*map(_rows, read_grids(path))])]
        except Exception as error:
            raise ValueError(f"{file} cannot be read back: {error}") from error
    table = pd.DataFrame(found, columns=COLUMNS)
    table = table[(table[_COUNTS] != "").any(axis=1)].drop_duplicates(ignore_index=True)
    texts = dict.fromkeys(COLUMNS, "str")
    return table.astype(texts | {"as_of": "datetime64[us]"})


def bounds(text: str) -> tuple[int, int | None]:
    """The least and the most that a printed text leaves open: (10, 19) of "10–19", (0, 9) of
    "fewer than 10"; None where there is no most ("not shown"). Raises ValueError for other texts.
    """
    plain = text.casefold().replace(",", "")
    if plain == "not shown":
        return 0, None
    if match := re.fullmatch(r"fewer than (\d+)", plain):
        return 0, int(match[1]) - 1
    if match := re.fullmatch(r"(\d+)(?:[–-](\d+))?", plain):
        return int(match[1]), int(match[2] or match[1])
    raise ValueError(f"“{text}” is no count")


def _rows(grid: Grid) -> list[tuple]:
    """The rows of a grid that tells of incidents, of another none."""
    grid = [row for row in grid if any(row)]
    for at, row in enumerate(grid):
        header = [cell.casefold() for cell in row]
        if "reported so far" in header:
            if sorted(header) != sorted(_RUNNING):
                raise ValueError(f"a table has the headers {', '.join(row)}")
            return [_running(dict(zip(header, cells, strict=True))) for cells in grid[at + 1 :]]
        if not set(header).isdisjoint(_COUNTS):
            if not set(header) <= {*_COUNTS, *_BESIDE} or len(set(header)) < len(header):
                raise ValueError(f"a table has the headers {', '.join(row)}")
            return [_closed(dict(zip(header, cells, strict=True))) for cells in grid[at + 1 :]]
    return []


def _running(cells: dict[str, str]) -> tuple:
    year, reported, day = (cells[name] for name in _RUNNING)
    bounds(reported)
    return pd.Timestamp(day), "running", _year(year)[0], "", reported, ""


def _closed(cells: dict[str, str]) -> tuple:
    words = [cells.get(name, "") for name in ("school year", "", "category")]
    year, categories = _year(": ".join(filter(None, words)))
    counts = [cells.get(name, "") for name in _COUNTS]
    for text in filter(None, counts):
        bounds(text)
    day = cells.get("counted on", "")
    return pd.Timestamp(day) if day else pd.NaT, "closed", year, categories, *counts


def _year(label: str) -> tuple[str, str]:
    """The school year and the categories of "2025–26: students + conduct", either may be empty."""
    first, last, rest = _LABEL.fullmatch(label).groups()
    return f"{first}–{last}" if first else "", rest


def _dated(grids: list[list[tuple]]) -> list[tuple]:
    """The rows of a file's grids; a chart without years is of the newest year that has its rows."""
    rows = [row for grid in grids for row in grid]
    known = pd.DataFrame(rows, columns=COLUMNS[1:])
    known = known[known["school_year"] != ""].groupby("school_year")["categories"].agg(set)
    dated = []
    for grid in grids:
        bare = {categories for _, _, year, categories, *_ in grid if not year}
        fits = [year for year, names in known.items() if bare <= names]
        if bare and not fits:
            raise ValueError(f"a table or chart of {', '.join(bare)} names no school year")
        dated += [(*row[:2], row[2] or max(fits), *row[3:]) for row in grid]
    return dated
