"""Which table a sheet is, which row holds its headings, and which column each heading means.

The header is the row among the first 25 with the most known names; a sheet is the table that its
headings fit best. Columns named like a credential are found here, before anything else is read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache

from nmsdreports.intake.choices import nearest
from nmsdreports.intake.grid import Grid, letter
from nmsdreports.intake.problems import Place, Refused
from nmsdreports.intake.tables import Column, Table, read_tables
from nmsdreports.intake.texts import tidy
from nmsdreports.settings import InputError, Settings, fold

ROWS_SEARCHED = 25
_FEWEST_KNOWN = 2
_NOWHERE = 10**6
_CREDENTIAL = re.compile(
    r"\b(pass ?(word|code|phrase|wd)s?|pwd|pw|pin( ?(code|number|no))?|log ?ins?|credentials?"
    r"|sign ?ins?|(security|secret) (q|qs|question|answer|word|code)s?|contrase(ñ|n)as?"
    r"|(2|two) ?fa|mfa|(2|two) (factor|step)|totp|(backup|recovery) (code|key|phrase)s?)\b"
)
_PERSON = re.compile(
    r"(student|pupil|child|kid|parent|guardian|mother|father)s?( s)?"
    r"( (first|last|full))?( (and|or) (parent|guardian)s?)?"
    r"( (name|phone|cell|mobile|telephone|e ?mail|address|contact|number|no|id|birthday|dob)s?"
    r"( (number|address|no))?)?|ssn|social security( (number|no))?|date of birth"
)
_JOINED_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NEED = re.compile(r" *\((required|optional|this or [^()]*)\)[ :*]*$", re.IGNORECASE)
_FORM_MARKS = ({"start time", "completion time"}, {"timestamp"})
_FORM_COLUMNS = (
    "id",
    "start time",
    "completion time",
    "email",
    "name",
    "last modified time",
    "language",
    "timestamp",
    "email address",
    "username",
)


@dataclass(frozen=True)
class Layout:
    """Where a table's columns stand in a grid; rows and columns count from 0."""

    table: Table
    header: int
    positions: dict[str, int]
    headers: dict[int, str]
    form: bool = False
    doubles: list[tuple[int, str]] = field(default_factory=list)

    def named(self, column: str) -> str:
        """A column as the file heads it, else by its heading in templates."""
        declared = self.table.columns.get(column)
        return self.headers.get(
            self.positions.get(column, -1), declared.heading if declared else column
        )

    def may_hold_restricted(self, column: str, place: Place) -> bool:
        """Whether a comma without quotation marks may have moved a restricted text into a column.

        In a CSV file that is so for every column to the right of a restricted one.
        """
        return self.positions[column] >= self.first_behind_restricted(place)

    def first_behind_restricted(self, place: Place) -> int:
        """The first position that a restricted text may have been moved into."""
        restricted = [
            position + 1
            for name, position in self.positions.items()
            if name in self.table.columns and self.table.columns[name].restricted
        ]
        return min(restricted, default=_NOWHERE) if place.sheet is None else _NOWHERE

    def unknown(self) -> dict[int, str]:
        """The headings that mean no column; a form's own ones are left out."""
        used = {*self.positions.values(), *(position for position, _ in self.doubles)}
        return {
            position: header
            for position, header in self.headers.items()
            if position not in used and not (self.form and fold(header) in _FORM_COLUMNS)
        }


def tells_of_people(header: str) -> bool:
    """Whether a heading is that of a student's or parent's name, number or address."""
    return bool(_PERSON.fullmatch(fold(_JOINED_WORDS.sub(" ", header))))


def wordings(column: Column) -> tuple[str, ...]:
    """Every wording of a column's heading: its own name and its aliases."""
    return (column.name, *column.aliases)


@cache
def known_headings(table: str) -> dict[str, str]:
    """Folded wording → column of a table; a column's own name wins over another's alias."""
    columns = read_tables()[table].columns.values()
    aliases = {fold(alias): column.name for column in columns for alias in column.aliases}
    return aliases | {fold(column.name): column.name for column in columns}


def check_mapping(settings: Settings) -> None:
    """Raise `InputError` where [files] or [mapping] names no table or column."""
    tables = read_tables()
    for table in settings.files:
        if table not in tables:
            raise InputError(
                f"district.toml: [files] has no table '{table}'; tables are {', '.join(tables)}."
            )
    for wording, target in settings.mapping.items():
        table, _, column = target.rpartition(".")
        columns = {name for each in tables.values() for name in each.columns}
        known = tables[table].columns if table in tables else columns
        if column not in known or (table and table not in tables):
            guess = nearest(column, sorted(known))
            hint = f" (did you mean '{guess}'?)" if guess else ""
            raise InputError(
                f"district.toml: [mapping] '{wording}' names no column '{target}'{hint}."
            )


def headings(grid: Grid, row: int) -> dict[int, str]:
    """Position → heading of the filled cells of a row."""
    found = {position: tidy(text) for position, text in enumerate(grid.row_texts(row))}
    return {position: text for position, text in found.items() if text}


def check_credentials(grid: Grid, header: int | None, settings: Settings) -> None:
    """Raise `Refused` where a heading is a credential's; headings an alias knows are none.

    Without a header every row that could be one is looked at.
    """
    last = header if header is not None else min(grid.rows, ROWS_SEARCHED) - 1
    known = {wording for table in read_tables() for wording in known_headings(table)}
    known |= set(settings.mapping)
    for row in range(last + 1):
        cells = headings(grid, row)
        if len(cells) < _FEWEST_KNOWN and row != header and len(grid.columns) > 1:
            continue
        for position, text in cells.items():
            words = fold(_JOINED_WORDS.sub(" ", text))
            known_wording = _wording(text, settings.mapping) in known
            if len(text) > 80 or known_wording or not _CREDENTIAL.search(words):
                continue
            raise Refused(
                "credential-column",
                file=grid.file,
                sheet=grid.sheet,
                row=row + grid.first_row,
                letter=letter(position),
                header=text[:40],
                others="",
            )


def find_layout(grid: Grid, settings: Settings) -> Layout | None:
    """The layout of a grid, or None where it fits no table; `Refused` where it fits two equally.

    Required columns are checked by `lacks`, once it is known that the sheet is used.
    """
    forced = _forced_table(grid, settings)
    tables = read_tables()
    candidates = [tables[forced]] if forced else list(tables.values())
    rows = [headings(grid, row) for row in range(min(grid.rows, ROWS_SEARCHED))]
    best: tuple[int, list[Layout]] = (0, [])
    for row, cells in enumerate(rows):
        if len(cells) <= best[0]:
            continue
        layouts = [_layout(table, row, cells, settings.mapping) for table in candidates]
        most = max(len(layout.positions) for layout in layouts)
        if most > best[0]:
            best = (most, layouts)
    if not best[0]:
        return None
    named = named_tables(grid.file, grid.sheet)
    return best[1][0] if forced else _choose(grid, best[1], named, settings)


def _forced_table(grid: Grid, settings: Settings) -> str:
    for table, files in settings.files.items():
        for item in files:
            file, _, sheet = item.partition("!")
            if file == grid.file and (not sheet or sheet == grid.sheet):
                return table
    return ""


def is_forced(grid: Grid, settings: Settings) -> bool:
    """Whether [files] in district.toml names this very sheet."""
    named = f"{grid.file}!{grid.sheet}"
    return any(named in files for files in settings.files.values())


def named_tables(file: str, sheet: str | None = None) -> set[str]:
    """Tables that the file's or sheet's name names in whole words."""
    stem = f" {fold(file.rpartition('.')[0])} | {fold(sheet or '')} "
    return {
        table.name
        for table in read_tables().values()
        if any(f" {fold(name)} " in stem for name in table.names)
    }


def likely_table(grid: Grid, *, alone: bool) -> str:
    """The table that a sheet which fits none was most likely meant as, or "".

    The name of the file speaks for a sheet that stands `alone` in it, never for one of several.
    """
    rows = [headings(grid, row).values() for row in range(min(grid.rows, ROWS_SEARCHED))]
    cells = [fold(_NEED.sub("", text)) for text in max(rows, key=len, default=())]
    tables = read_tables()
    near = {
        name: sum(nearest(text, known_headings(name)) is not None for text in cells)
        for name in tables
    }
    named = named_tables(grid.file if alone else "", grid.sheet)
    best = max(named or tables, key=lambda name: near[name])
    return best if named or near[best] >= max(_FEWEST_KNOWN, len(cells) / 2) else ""


def files_line(settings: Settings, table: str, file: str, sheet: str | None) -> str:
    """The line under [files] in district.toml that says which table a sheet is."""
    item = f"{file}!{sheet}" if sheet else file
    known = settings.files.get(table, [])
    return f"{table} = {json.dumps([*known, item] if known else item, ensure_ascii=False)}"


def _layout(table: Table, row: int, cells: dict[int, str], mapping: dict[str, str]) -> Layout:
    known = known_headings(table.name)
    folded = {position: _wording(text, mapping) for position, text in cells.items()}
    form = any(marks <= set(folded.values()) for marks in _FORM_MARKS)
    positions: dict[str, int] = {}
    doubles: list[tuple[int, str]] = []
    # In a form export the questions come first: the form's own columns serve only where none does.
    order = sorted(folded, key=lambda at: (form and folded[at] in _FORM_COLUMNS, at))
    for position in order:
        column = _meaning(folded[position], table, known, mapping)
        if column is None and form:
            column = _meaning(folded[position].rstrip("0123456789 "), table, known, mapping)
        own = form and folded[position] in _FORM_COLUMNS
        if column is None or (own and folded[position] != "id"):
            continue
        if column not in positions:
            positions[column] = position
        elif not own:
            doubles.append((position, column))
    return Layout(table, row, positions, cells, form, doubles)


def _wording(text: str, mapping: dict[str, str]) -> str:
    """A heading folded, without the "(required)" or "(this or …)" of a template or form."""
    folded = fold(text)
    return folded if folded in mapping else fold(_NEED.sub("", text))


def _meaning(
    wording: str, table: Table, known: dict[str, str], mapping: dict[str, str]
) -> str | None:
    target = mapping.get(wording)
    if target is not None:
        name, _, column = target.rpartition(".")
        if column in table.columns and name in ("", table.name):
            return column
    return known.get(wording)


def _satisfied(layout: Layout, sheet_names_school: bool) -> bool:
    return all(
        column.name in layout.positions
        or column.alternative in layout.positions
        or (column.type == "school" and sheet_names_school)
        for column in layout.table.columns.values()
        if column.required
    )


def _choose(
    grid: Grid, layouts: list[Layout], named: set[str], settings: Settings
) -> Layout | None:
    """The best fit: all required columns first, then the number of known headings, then the name.

    A table that lacks a required column but knows many more headings is what was meant all the
    same; it is then refused rather than taken for another table.
    """

    def rank(layout: Layout) -> tuple[float, bool]:
        whole = _satisfied(layout, grid.sheet is not None)
        return len(layout.positions) + 2.5 * whole, layout.table.name in named

    usable = [layout for layout in layouts if len(layout.positions) >= _FEWEST_KNOWN]
    usable += [
        layout
        for layout in layouts
        if len(layout.positions) < _FEWEST_KNOWN
        and layout.positions
        and layout.table.name in named
        and grid.sheet is None
    ]
    if not usable:
        return None
    ranked = sorted(usable, key=rank, reverse=True)
    first = ranked[0]
    equal = [layout for layout in ranked if rank(layout) == rank(first)]
    if len(equal) > 1:
        raise Refused(
            "ambiguous-sheet",
            file=grid.file,
            sheet=grid.sheet,
            tables=" and ".join(layout.table.title for layout in equal),
            lines=" or ".join(
                files_line(settings, layout.table.name, grid.file, grid.sheet) for layout in equal
            ),
        )
    return first
