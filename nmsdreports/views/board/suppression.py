"""Which counts of incidents the board's table prints, and which it hides.

A count below `min_cell` never shows, nor one that lets it be worked out: by a subtraction, by what
was printed while the year was running, or by knowing these rules. So every choice is made in the
order of the categories, never by size, and hangs on nothing hidden beyond what the words allow.

1. Categories are joined from the first on until a row has `min_cell` reported; what is left at the
   end is the rest.
2. Two neighbouring rows that both hide the same column are joined where the row of both hides
   nothing.
3. The rest joins the last row. Where the total could then be so near that the band printed while
   the year was running is narrowed, the rest is a row of its own ("fewer than 10"), or, where even
   that is too near, the last row's reported are "not shown".
"""

from typing import NamedTuple

import pandas as pd

NOT_SHOWN = "not shown"


class _Row(NamedTuple):
    categories: tuple[str, ...]
    reported: int
    substantiated: int


def suppress(years: pd.DataFrame, bands: dict[str, int], min_cell: int) -> pd.DataFrame:
    """What is printed of closed school years: school_year, categories (joined by " + "), reported
    and substantiated, both texts ("14", "fewer than 10", "not shown").

    `years`: school_year, category, reported, substantiated (whole numbers). Name every year and
    every category of the board, also those without a count: one that is left out would tell of its
    zero. The categories stand in the order in which they come first. `bands`: for each school year
    the highest lower end of a band printed while it was running; a year without one was never told.
    """
    keys = ["school_year", "category"]
    counts = years.groupby(keys, sort=False)[["reported", "substantiated"]].sum()
    whole = pd.MultiIndex.from_product([years[key].unique() for key in keys], names=keys)
    counts = counts.reindex(whole, fill_value=0).reset_index()
    printed = [
        (year, " + ".join(row.categories), *texts)
        for year, frame in counts.groupby("school_year", sort=False)
        for row, texts in _year(_single(frame), bands.get(year, 0), min_cell)
    ]
    return pd.DataFrame(
        printed, columns=["school_year", "categories", "reported", "substantiated"], dtype="str"
    )


def band(total: int, min_cell: int) -> str:
    """The band in which a running year's total is told: "fewer than 10", "10–19", "20–29" …"""
    lower = total // min_cell * min_cell
    if min_cell == 1:
        return f"{total}"
    return f"{lower}–{lower + min_cell - 1}" if lower else _fewer(min_cell)


def _year(rows: list[_Row], told: int, least: int) -> list[tuple[_Row, tuple[str, str]]]:
    """The rows of one year with their texts; `told` is the lower end of its highest band."""
    if least == 1:
        return [(row, (f"{row.reported}", f"{row.substantiated}")) for row in rows]
    full, rest = _joined_until(rows, least)
    if not full:
        return [(_join(rows), (_fewer(least), _fewer(least)))]
    full = _pairs(full, least)
    surely = sum(_surely(row, least) for row in full)
    *before, last = [*full[:-1], _join([full[-1], *rest])]
    # With the rest the last row may hide what it shows alone, and then surely has that much less.
    slack = least - 1 if rest else 0
    if not told or surely >= told + least + slack:
        return [(row, _texts(row, least)) for row in (*before, last)]
    if rest and surely >= told:
        own = (_join(rest), (_fewer(least), _fewer(least)))
        return [*((row, _texts(row, least)) for row in full), own]
    others = sum(_surely(row, least) for row in before)
    # Shown only where it leaves the difference to the reported a whole range of `least` numbers.
    safe = least <= last.substantiated <= told - others
    hidden = (NOT_SHOWN, f"{last.substantiated}" if safe else NOT_SHOWN)
    return [*((row, _texts(row, least)) for row in before), (last, hidden)]


def _joined_until(rows: list[_Row], least: int) -> tuple[list[_Row], list[_Row]]:
    """Neighbours joined, each time until `least` are reported; and the rows left at the end."""
    full: list[_Row] = []
    open_rows: list[_Row] = []
    for row in rows:
        open_rows.append(row)
        if sum(one.reported for one in open_rows) >= least:
            full.append(_join(open_rows))
            open_rows = []
    return full, open_rows


def _pairs(rows: list[_Row], least: int) -> list[_Row]:
    """Two neighbours that hide the same column as one row, where that row hides nothing."""
    paired: list[_Row] = []
    for row in rows:
        both = _join([*paired[-1:], row])
        hides = [_hides(one, least) for one in (*paired[-1:], row)]
        if len(hides) == 2 and hides[0] == hides[1] != "" == _hides(both, least):
            paired[-1] = both
        else:
            paired.append(row)
    return paired


def _hides(row: _Row, least: int) -> str:
    """The column that a row of at least `least` reported hides when it stands alone.

    Few that are not substantiated are a small count too: reported less substantiated.
    """
    if row.substantiated < least:
        return "substantiated"
    return "reported" if row.reported - row.substantiated < least else ""


def _texts(row: _Row, least: int) -> tuple[str, str]:
    hides = _hides(row, least)
    return (
        NOT_SHOWN if hides == "reported" else f"{row.reported}",
        _fewer(least) if hides == "substantiated" else f"{row.substantiated}",
    )


def _surely(row: _Row, least: int) -> int:
    """The reported that a reader of this row knows of for sure."""
    return row.substantiated if _hides(row, least) == "reported" else row.reported


def _join(rows: list[_Row]) -> _Row:
    return _Row(
        tuple(name for row in rows for name in row.categories),
        sum(row.reported for row in rows),
        sum(row.substantiated for row in rows),
    )


def _single(counts: pd.DataFrame) -> list[_Row]:
    columns = (counts[name].to_list() for name in ("category", "reported", "substantiated"))
    return [_Row((category,), *numbers) for category, *numbers in zip(*columns, strict=True)]


def _fewer(least: int) -> str:
    return f"fewer than {least}"
