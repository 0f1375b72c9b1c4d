"""A folder of spreadsheets → `Records`: the list of the steps of reading.

Trap: schools are read before accounts and accounts before the logs, because each names the other.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from nmsdreports.intake.combine import (
    Stacked,
    check_accounts,
    check_identifiers,
    check_incidents,
    lost,
    stack,
)
from nmsdreports.intake.dates import Calendar
from nmsdreports.intake.files import SourceFile, list_files, read_bytes, read_grids
from nmsdreports.intake.grid import Grid, letter
from nmsdreports.intake.headers import (
    Layout,
    check_credentials,
    check_mapping,
    check_required,
    find_layout,
    is_forced,
    list_headings,
    named_tables,
)
from nmsdreports.intake.problems import HIDDEN, Problems, Refused
from nmsdreports.intake.records import Records
from nmsdreports.intake.rows import Context, Piece, read_piece
from nmsdreports.intake.schools import Directory, read_directory
from nmsdreports.intake.tables import HELP_SHEET, Table, read_tables
from nmsdreports.settings import (
    SETTINGS_FILE,
    InputError,
    Settings,
    guideline_names,
    read_settings,
)

_ORDER = ("schools", "accounts")
# Nobody repairs more by hand; kept whole, the rows of a file that is all wrong would fill memory.
_MOST_ORIGINALS = 10_000


def load(source: str | Path, *, read_on: date | None = None, refuse: bool = True) -> Records:
    """Read all tables of a folder; `read_on` is the day of reading (left out: today).

    Raises `InputError` where a file cannot be used or a needed table is missing, because a missing
    log would turn into false verdicts. With `refuse=False` such a file is only listed among the
    problems and the rest is read, as `check` needs it.
    """
    folder = Path(source)
    _check_folder(folder)
    settings = read_settings(folder)
    check_mapping(settings)
    today = datetime.now(ZoneInfo(settings.time_zone)).date()
    # A Timestamp is a date too, but does not compare with one.
    day = today if read_on is None else pd.Timestamp(read_on).date()
    problems = Problems()
    files = list_files(folder, settings, problems)
    with _collector_at_rest():
        sheets, inputs = _read_files(folder, files, settings, problems)
    tables = read_tables()
    calendar = Calendar(settings.time_zone, day, today=today)
    stacks = _read_tables(sheets, settings, calendar, problems)
    _check_needed(stacks, problems)
    if refuse:
        problems.raise_refusals()
    frames = {name: stacks[name].accepted() for name in tables}
    listed = problems.frame()
    return Records(
        source=folder,
        settings=settings,
        read_on=pd.Timestamp(day).as_unit("us"),
        **frames,
        problems=listed,
        counts=_counts(stacks),
        unknowns=_unknowns(stacks),
        columns=_columns(stacks),
        inputs=inputs,
        extras=_extras(stacks),
        originals=_originals(stacks, listed),
        unknown_school_incidents=_unknown_school(stacks["incidents"]),
    )


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking over millions of cells again and again.

    It costs a third of the reading and finds nothing: cells hold no cycles.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _check_folder(folder: Path) -> None:
    if not folder.exists():
        raise InputError(f"There is no folder '{folder}'; name the folder with the spreadsheets.")
    if not folder.is_dir():
        raise InputError(f"'{folder.name}' is a file; name the folder in which it lies.")


def _read_files(
    folder: Path, files: list[SourceFile], settings: Settings, problems: Problems
) -> tuple[list[tuple[Grid, Layout]], pd.DataFrame]:
    """Every sheet that is used with its layout, and name, hash and size of every file read."""
    sheets: list[tuple[Grid, Layout]] = []
    inputs = []
    if (folder / SETTINGS_FILE).is_file():
        inputs.append(_input(SETTINGS_FILE, (folder / SETTINGS_FILE).read_bytes()))
    for file in files:
        try:
            data = read_bytes(file)
            inputs.append(_input(file.name, data))
            grids = read_grids(file, data, problems)
            del data
            sheets += _layouts(grids, settings, problems)
        except Refused as refused:
            problems.refuse(refused)
    return sheets, pd.DataFrame(inputs, columns=["file", "sha256", "bytes"])


def _input(name: str, data: bytes) -> tuple[str, str, int]:
    return name, hashlib.sha256(data).hexdigest(), len(data)


def _layouts(
    grids: list[Grid], settings: Settings, problems: Problems
) -> Iterator[tuple[Grid, Layout]]:
    """The sheets of one file that are used; all are searched for credentials before any is."""
    found: list[tuple[Grid, Layout | Refused | None]] = []
    for grid in grids:
        try:
            layout = None if grid.sheet == HELP_SHEET else find_layout(grid, settings)
        except Refused as refused:
            layout = refused
        header = layout.header if isinstance(layout, Layout) else None
        check_credentials(grid, header, settings)
        found.append((grid, layout))
    used = []
    for grid, layout in found:
        place = {"file": grid.file, "sheet": grid.sheet}
        if isinstance(layout, Refused):
            problems.refuse(layout)
        elif layout is None:
            filled = any(column.filled().any() for column in grid.columns)
            if filled and grid.sheet != HELP_SHEET:
                problems.add("sheet-not-used", **place)
        elif not grid.visible and not is_forced(grid, settings):
            title = layout.table.title
            problems.add("hidden-sheet", **place, title=title)
        else:
            used.append((grid, layout))
    return iter(used)


def _read_tables(
    sheets: list[tuple[Grid, Layout]], settings: Settings, calendar: Calendar, problems: Problems
) -> dict[str, Stacked]:
    tables = read_tables()
    context = Context(calendar, guideline_names(settings))
    stacks: dict[str, Stacked] = {}
    for name in (*_ORDER, *(name for name in tables if name not in _ORDER)):
        mine = [(grid, layout) for grid, layout in sheets if layout.table.name == name]
        stacks[name] = _read_table(tables[name], mine, context, problems)
        if name == "schools":
            directory = read_directory(stacks[name].accepted())
            context = replace(context, directory=directory)
        if name == "accounts":
            registered = stacks[name].accepted()["account_id"]
            context = replace(context, registered=registered)
    return stacks


def _read_table(
    table: Table, sheets: list[tuple[Grid, Layout]], context: Context, problems: Problems
) -> Stacked:
    pieces: list[Piece] = []
    for grid, layout in sheets:
        try:
            school = _school_of_sheet(grid, layout, context.directory)
            check_required(grid, layout, named_by_sheet=school is not None)
            list_headings(grid, layout, problems)
            pieces.append(read_piece(grid, layout, context, school, problems))
        except Refused as refused:
            problems.refuse(refused, table=table.name)
    stacked = stack(table, pieces)
    check_identifiers(stacked, problems)
    if table.name == "accounts":
        check_accounts(stacked, problems)
    if table.name == "incidents":
        check_incidents(stacked, context.registered, problems)
    return stacked


def _school_of_sheet(grid: Grid, layout: Layout, directory: Directory) -> str | None:
    column = layout.table.columns.get("school_id")
    if column is None or column.type != "school" or "school_id" in layout.positions:
        return None
    return directory.find(grid.sheet) if grid.sheet else None


def _check_needed(stacks: dict[str, Stacked], problems: Problems) -> None:
    """Note needed tables that no sheet holds, unless the file of that name was itself refused."""
    refused = problems.refused()
    told = refused | {table for file in refused for table in named_tables(file)}
    for name, stacked in stacks.items():
        if stacked.table.needed and not stacked.pieces and name not in told:
            problems.add("missing-table", table=name, title=stacked.table.title)


def _counts(stacks: dict[str, Stacked]) -> pd.DataFrame:
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
    columns = ["file", "sheet", "rows_read", "accepted", "quarantined", "blank", "table"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"file": "str", "sheet": "str", "table": "str"})


def _unknowns(stacks: dict[str, Stacked]) -> pd.DataFrame:
    rows = []
    for name, stacked in stacks.items():
        index = stacked.accepted_index()
        for number, at, column in lost(stacked):
            account = stacked.rows["account_id"].iloc[at] if "account_id" in stacked.rows else None
            place = stacked.pieces[number].place
            label = int(index[at]) if index[at] >= 0 else None
            row = int(stacked.rows["row"].iloc[at])
            rows.append((name, label, account, column, place.file, place.sheet, row))
    columns = ["table", "index", "account_id", "column", "file", "sheet", "row"]
    frame = pd.DataFrame(rows, columns=columns)
    text = dict.fromkeys(("table", "account_id", "column", "file", "sheet"), "str")
    return frame.astype({**text, "index": "Int64", "row": "Int64"})


def _columns(stacks: dict[str, Stacked]) -> pd.DataFrame:
    rows = [
        (name, piece.place.file, piece.place.sheet, column, letter(position))
        for name, stacked in stacks.items()
        for piece in stacked.pieces
        for column, position in piece.layout.positions.items()
    ]
    columns = ["table", "file", "sheet", "column", "letter"]
    return pd.DataFrame(rows, columns=columns).astype("str")


def _extras(stacks: dict[str, Stacked]) -> pd.DataFrame:
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


def _originals(stacks: dict[str, Stacked], problems: pd.DataFrame) -> pd.DataFrame:
    """The cells of rows with a problem as they came; restricted ones as "…"."""
    cells: list[tuple] = []
    wanted = problems.dropna(subset=["row"])
    places = dict(list(wanted.groupby(["file", wanted["sheet"].fillna("")])["row"]))
    for piece in (piece for stacked in stacks.values() for piece in stacked.pieces):
        place, grid, layout = piece.place, piece.grid, piece.layout
        rows = places.get((place.file, place.sheet or ""))
        if rows is None:
            continue
        rows = np.unique(rows.to_numpy("int64")) - grid.first_row
        rows = rows[(rows > layout.header) & (rows < grid.rows)][:_MOST_ORIGINALS]
        if not len(rows):
            continue
        named = {at: name for name, at in layout.positions.items()}
        for position, coded in enumerate(grid.columns):
            column = layout.table.columns.get(named.get(position, ""))
            hidden = column is not None and column.restricted
            header = layout.headers.get(position, "")
            texts = coded.texts.take(coded.codes[rows]).to_pylist()
            cells += [
                (place.file, place.sheet, row + grid.first_row, letter(position), header, shown)
                for row, text in zip(rows, texts, strict=True)
                if (shown := HIDDEN if hidden and text.strip() else text.strip())
            ]
    columns = ["file", "sheet", "row", "letter", "header", "value"]
    frame = pd.DataFrame(cells, columns=columns)
    return frame.astype({**dict.fromkeys(columns, "str"), "row": "Int64"})


def _unknown_school(incidents: Stacked) -> int:
    return int((incidents.rows["school_id"].isna() & incidents.aside).sum())
