"""What is told of a reading besides its tables: counts, unknown values, places, cells as they came.

In: the stacked sheets of every table. Out: the frames of `Records` of the same names.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nmsdreports.intake.combine import Stacked, lost
from nmsdreports.intake.grid import letter
from nmsdreports.intake.problems import HIDDEN

# Nobody repairs more by hand; kept whole, the rows of a file that is all wrong would fill memory.
_MOST_ORIGINALS = 10_000
_NOTES = ("footnote", "totals-row")


def counts(stacks: dict[str, Stacked]) -> pd.DataFrame:
    """For each sheet: rows_read = accepted + quarantined + blank."""
    rows = []
    for name, stacked in stacks.items():
        for number, piece in enumerate(stacked.pieces):
            mine = stacked.piece_of == number
            accepted = int((stacked.used & mine).sum())
            quarantined = int((stacked.aside & mine).sum())
            blank = piece.rows_read - accepted - quarantined
            place = piece.place
            rows.append(
                (place.file, place.sheet, piece.rows_read, accepted, quarantined, blank, name)
            )
    names = ["file", "sheet", "rows_read", "accepted", "quarantined", "blank", "table"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype({"file": "str", "sheet": "str", "table": "str"})


def unknowns(stacks: dict[str, Stacked]) -> pd.DataFrame:
    """One row per unreadable value, with the label of its row where that was accepted."""
    rows = []
    for name, stacked in stacks.items():
        index = stacked.accepted_index()
        for number, at, column in lost(stacked):
            account = stacked.rows["account_id"].iloc[at] if "account_id" in stacked.rows else None
            place = stacked.pieces[number].place
            label = int(index[at]) if index[at] >= 0 else None
            row = int(stacked.rows["row"].iloc[at])
            rows.append((name, label, account, column, place.file, place.sheet, row))
    names = ["table", "index", "account_id", "column", "file", "sheet", "row"]
    frame = pd.DataFrame(rows, columns=names)
    text = dict.fromkeys(("table", "account_id", "column", "file", "sheet"), "str")
    return frame.astype({**text, "index": "Int64", "row": "Int64"})


def columns(stacks: dict[str, Stacked]) -> pd.DataFrame:
    """Where each recognised column stands."""
    rows = [
        (name, piece.place.file, piece.place.sheet, column, letter(position))
        for name, stacked in stacks.items()
        for piece in stacked.pieces
        for column, position in piece.layout.positions.items()
    ]
    names = ["table", "file", "sheet", "column", "letter"]
    return pd.DataFrame(rows, columns=names).astype("str")


def extras(stacks: dict[str, Stacked]) -> pd.DataFrame:
    """The filled cells of unknown columns, by table and label of the accepted row."""
    parts = []
    for name, stacked in stacks.items():
        labels = stacked.accepted_index()
        for number, piece in enumerate(stacked.pieces):
            mine = labels[stacked.piece_of == number]
            used = set(piece.layout.positions.values())
            for position, coded in enumerate(piece.grid.columns):
                if position in used:
                    continue
                rows = np.flatnonzero(coded.filled()[piece.data] & (mine >= 0))
                if len(rows):
                    header = piece.layout.headers.get(position, letter(position))
                    values = coded.texts.take(coded.codes[piece.data[rows]])
                    part = {"table": name, "index": mine[rows], "column": header}
                    parts.append(pd.DataFrame({**part, "value": values.to_pylist()}))
    empty = pd.DataFrame({"table": [], "index": [], "column": [], "value": []})
    frame = pd.concat(parts, ignore_index=True) if parts else empty
    text = dict.fromkeys(("table", "column", "value"), "str")
    return frame.astype({**text, "index": "int64"})


def originals(stacks: dict[str, Stacked], problems: pd.DataFrame) -> pd.DataFrame:
    """The cells of rows with a problem as they came; "…" where they are or may be restricted.

    Columns that mean nothing and notes below a table may hold anything, and are hidden whole.
    """
    cells: list[tuple] = []
    wanted = problems.dropna(subset=["row"])
    places = dict(list(wanted.groupby(["file", wanted["sheet"].fillna("")])))
    for piece in (piece for stacked in stacks.values() for piece in stacked.pieces):
        place, grid, layout = piece.place, piece.grid, piece.layout
        mine = places.get((place.file, place.sheet or ""))
        if mine is None:
            continue
        notes = set(mine.loc[mine["code"].isin(_NOTES), "row"])
        rows = np.unique(mine["row"].to_numpy("int64")) - grid.first_row
        rows = rows[(rows > layout.header) & (rows < grid.rows)][:_MOST_ORIGINALS]
        if not len(rows):
            continue
        named = {at: name for name, at in layout.positions.items()}
        for position, coded in enumerate(grid.columns):
            column = layout.table.columns.get(named.get(position, ""))
            hidden = position >= layout.first_behind_restricted(place)
            hidden |= column is None or column.restricted
            header = layout.headers.get(position, "")
            texts = coded.texts.take(coded.codes[rows]).to_pylist()
            cells += [
                (place.file, place.sheet, number, letter(position), header, shown)
                for number, text in zip(rows + grid.first_row, texts, strict=True)
                if (
                    shown := HIDDEN
                    if (hidden or number in notes) and text.strip()
                    else text.strip()
                )
            ]
    names = ["file", "sheet", "row", "letter", "header", "value"]
    frame = pd.DataFrame(cells, columns=names)
    return frame.astype({**dict.fromkeys(names, "str"), "row": "Int64"})


def unknown_school(incidents: Stacked) -> int:
    """How many incidents were set aside because their school cannot be told."""
    return int((incidents.rows["school_id"].isna() & incidents.aside).sum())
