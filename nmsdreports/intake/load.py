"""A folder of spreadsheets → `Records`: the list of the steps of reading.

Trap: schools are read before accounts and accounts before the logs, because each names the other.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from nmsdreports.intake import tallies
from nmsdreports.intake.collector import collector_at_rest
from nmsdreports.intake.combine import (
    Stacked,
    check_accounts,
    check_identifiers,
    check_incidents,
    check_school_names,
    set_aside,
    stack,
)
from nmsdreports.intake.dates import Calendar
from nmsdreports.intake.files import SourceFile, list_files, read_bytes, read_grids
from nmsdreports.intake.grid import Grid
from nmsdreports.intake.headers import (
    Layout,
    check_credentials,
    check_mapping,
    files_line,
    find_layout,
    is_forced,
    likely_table,
    named_tables,
)
from nmsdreports.intake.lacks import (
    check_required,
    list_headings,
    needed_headings,
    refuse_together,
    warn_of_lacks,
    warn_of_unused,
)
from nmsdreports.intake.later import note_later_days
from nmsdreports.intake.problems import Place, Problems, Refused
from nmsdreports.intake.records import Records
from nmsdreports.intake.rows import Context, Piece, known_groups, read_piece
from nmsdreports.intake.schools import NAMES, Directory, accounts_known_as, read_directory
from nmsdreports.intake.tables import HELP_SHEET, Table, read_tables
from nmsdreports.settings import (
    SETTINGS_FILE,
    InputError,
    Settings,
    guideline_names,
    read_settings,
)

_ORDER = ("schools", "accounts")


def load(
    source: str | Path,
    *,
    read_on: date | None = None,
    refuse: bool = True,
    today: date | None = None,
) -> Records:
    """Read all tables of a folder; `read_on` is the day of reading (left out: `today`).

    `today` is the clock's in the district's zone where it is left out. Where the day of reading is
    past, days after it are told once for each file and column, else cell by cell.

    Raises `InputError` where a file cannot be used or a needed table is missing, because a missing
    log would turn into false verdicts. With `refuse=False` such a file is only listed among the
    problems and the rest is read, as `check` needs it.
    """
    folder = Path(source)
    _check_folder(folder)
    settings = read_settings(folder)
    check_mapping(settings)
    if today is None:
        today = datetime.now(ZoneInfo(settings.time_zone)).date()
    # A Timestamp is a date too, but does not compare with one.
    day = today if read_on is None else pd.Timestamp(read_on).date()
    problems = Problems()
    if settings == Settings():
        untouched = (folder / SETTINGS_FILE).is_file()
        taken = {"name": settings.name, "domain": ", ".join(settings.email_domains)}
        problems.add("untouched-settings" if untouched else "no-settings", **taken)
    files = list_files(folder, settings, problems)
    with collector_at_rest():
        sheets, unused, inputs = _read_files(folder, files, settings, problems)
    if not problems.refused():
        warn_of_unused(settings, [layout for _, layout in sheets], problems)
    tables = read_tables()
    calendar = Calendar(settings.time_zone, day, today=today)
    stacks = _read_tables(sheets, settings, calendar, problems)
    note_later_days(stacks, calendar, problems)
    warn_of_lacks(stacks, problems)
    _check_needed(stacks, unused, problems)
    if refuse:
        problems.raise_refusals(folder)
    frames = {name: stacks[name].accepted() for name in tables}
    listed = problems.frame()
    return Records(
        source=folder,
        settings=settings,
        read_on=pd.Timestamp(day).as_unit("us"),
        **frames,
        problems=listed,
        counts=tallies.counts(stacks),
        unknowns=tallies.unknowns(stacks),
        columns=tallies.columns(stacks),
        inputs=inputs,
        extras=tallies.extras(stacks),
        originals=tallies.originals(stacks, listed),
        unknown_school_incidents=tallies.unknown_school(stacks["incidents"]),
    )


def _check_folder(folder: Path) -> None:
    if not folder.exists():
        raise InputError(f"There is no folder '{folder}'; name the folder with the spreadsheets.")
    if not folder.is_dir():
        raise InputError(f"'{folder.name}' is a file; name the folder in which it lies.")


def _read_files(
    folder: Path, files: list[SourceFile], settings: Settings, problems: Problems
) -> tuple[list[tuple[Grid, Layout]], list[Place], pd.DataFrame]:
    """Every sheet that is used with its layout, those that fit no table, and all files read.

    Of a file: its name, hash and size.
    """
    sheets: list[tuple[Grid, Layout]] = []
    unused: list[Place] = []
    inputs = []
    if (folder / SETTINGS_FILE).is_file():
        inputs.append(_input(SETTINGS_FILE, (folder / SETTINGS_FILE).read_bytes()))
    for file in files:
        try:
            data = read_bytes(file)
            inputs.append(_input(file.name, data))
            grids = read_grids(file, data, problems)
            del data
            used, others = _layouts(grids, settings, problems)
            sheets += used
            unused += others
        except Refused as refused:
            problems.refuse(refused)
    return sheets, unused, pd.DataFrame(inputs, columns=["file", "sha256", "bytes"])


def _input(name: str, data: bytes) -> tuple[str, str, int]:
    return name, hashlib.sha256(data).hexdigest(), len(data)


def _layouts(
    grids: list[Grid], settings: Settings, problems: Problems
) -> tuple[list[tuple[Grid, Layout]], list[Place]]:
    """The sheets of one file that are used, and those that fit no table.

    All are searched for credentials before any is used.
    """
    found: list[tuple[Grid, Layout | Refused | None]] = []
    for grid in grids:
        try:
            layout = None if grid.sheet == HELP_SHEET else find_layout(grid, settings)
        except Refused as refused:
            layout = refused
        header = layout.header if isinstance(layout, Layout) else None
        try:
            check_credentials(grid, header, settings)
        except Refused as refused:
            raise Refused(
                refused.code, **{**refused.words, "others": _others(grid, grids)}
            ) from None
        found.append((grid, layout))
    used, unused = [], []
    for grid, layout in found:
        place = {"file": grid.file, "sheet": grid.sheet}
        if isinstance(layout, Refused):
            problems.refuse(layout)
        elif layout is None:
            filled = any(column.filled().any() for column in grid.columns)
            if filled and grid.sheet != HELP_SHEET:
                unused.append(Place(likely_table(grid, alone=len(grids) == 1) or None, **place))
        elif not grid.visible and not is_forced(grid, settings):
            title = layout.table.title
            line = files_line(settings, layout.table.name, grid.file, grid.sheet)
            problems.add("hidden-sheet", **place, title=title, suggestion=line)
        else:
            used.append((grid, layout))
    return used, unused


def _others(grid: Grid, grids: list[Grid]) -> str:
    """The sheets that are left out because of another one of their file, in words."""
    names = [f"'{other.sheet}'" for other in grids if other is not grid]
    if not names:
        return ""
    *first, last = names
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"; until then {listed} {'are' if first else 'is'} not read either"


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
            aside = set_aside(stacks[name], NAMES)
            schools = stacks[name].accepted()
            directory = read_directory(schools, aside) if stacks[name].pieces else None
            context = replace(context, directory=directory)
        if name == "accounts":
            aside = set_aside(stacks[name])
            context = replace(context, aside=aside)
            if stacks[name].pieces:
                accounts = stacks[name].accepted()
                known_as = accounts_known_as(accounts)
                context = replace(context, registered=accounts["account_id"], known_as=known_as)
    return stacks


def _read_table(
    table: Table, sheets: list[tuple[Grid, Layout]], context: Context, problems: Problems
) -> Stacked:
    pieces: list[Piece] = []
    refusals: list[Refused] = []
    context = replace(context, groups=known_groups(sheets))
    for grid, layout in sheets:
        try:
            school = _school_of_sheet(grid, layout, context.directory)
            check_required(grid, layout, named_by_sheet=school is not None)
            pieces.append(read_piece(grid, layout, context, school, problems))
        except Refused as refused:
            refusals.append(refused)
    refuse_together(refusals, table, problems)
    list_headings(pieces, problems)
    stacked = stack(table, pieces)
    check_identifiers(stacked, problems)
    if table.name == "accounts":
        check_accounts(stacked, problems)
    if table.name == "schools":
        check_school_names(stacked, problems)
    if table.name == "incidents":
        check_incidents(stacked, context.registered, problems)
    return stacked


def _school_of_sheet(grid: Grid, layout: Layout, directory: Directory | None) -> str | None:
    column = layout.table.columns.get("school_id")
    if column is None or column.type != "school" or "school_id" in layout.positions:
        return None
    if not grid.sheet:
        return None
    return directory.find(grid.sheet) if directory else grid.sheet


def _check_needed(stacks: dict[str, Stacked], unused: list[Place], problems: Problems) -> None:
    """Note needed tables that no sheet holds, unless the file of that name was itself refused.

    A sheet that bears the table's name but fits nothing has lost its headings.
    """
    refused = problems.refused()
    told = refused | {table for file in refused for table in named_tables(file)}
    for name, stacked in stacks.items():
        table = stacked.table
        if not table.needed or stacked.pieces or name in told:
            continue
        headless = [place for place in unused if name in named_tables("", place.sheet)]
        headless = headless or [place for place in unused if name in named_tables(place.file)]
        for place in headless:
            unused.remove(place)
            wanted = needed_headings(table)
            where = f"{place.file} · {place.sheet}" if place.sheet else place.file
            problems.at("no-headings", replace(place, table=name), spot=where, wanted=wanted)
        if not headless:
            problems.add("missing-table", table=name, title=table.title)
    for place in unused:
        if place.table is None:
            problems.at("sheet-not-used", place)
            continue
        table = read_tables()[place.table]
        wanted = needed_headings(table)
        problems.at("likely-table", place, title=table.title, wanted=wanted)
    for name, code in (("schools", "schools-not-read"), ("accounts", "registry-not-read")):
        if not stacks[name].pieces and any(stacked.pieces for stacked in stacks.values()):
            problems.add(code, table=name)
