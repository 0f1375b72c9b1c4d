"""What the headings of a sheet lack, double or have too much.

A required column without a heading refuses the sheet. Another column that decides verdicts is
warned of, because nobody sees in a report that its heading was renamed; `absent` in tables.toml
says what then becomes of every row, `log` which table may speak in its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from nmsdreports.intake.choices import nearest
from nmsdreports.intake.combine import Stacked
from nmsdreports.intake.grid import Grid, letter
from nmsdreports.intake.headers import Layout, wordings
from nmsdreports.intake.problems import Problems, Refused
from nmsdreports.intake.rows import Piece
from nmsdreports.intake.tables import Column, Table, read_tables

_NEAR = 75
# Of a column whose lack turns verdicts round, a far guess is better than none.
_NEAR_ENOUGH = 60
_LONGEST_LIST = 500
_NO_GUESS = "Name the heading that means it so, or add a line under [mapping] in district.toml"


def check_required(grid: Grid, layout: Layout, named_by_sheet: bool) -> None:
    """Raise `Refused` where a required column has no heading.

    `named_by_sheet` says that the sheet's name is the school of its rows.
    """
    missing = [
        column
        for column in layout.table.columns.values()
        if column.required
        and column.name not in layout.positions
        and column.alternative not in layout.positions
        and not (column.type == "school" and named_by_sheet)
    ]
    if not missing:
        return
    raise Refused(
        "missing-columns",
        file=grid.file,
        sheet=grid.sheet,
        row=layout.header + grid.first_row,
        title=layout.table.title,
        missing=", ".join(dict.fromkeys(_either(column, layout.table) for column in missing)),
        seen=_quoted(layout.headers.values()),
        repair=_repair(missing, layout),
    )


def list_headings(grid: Grid, layout: Layout, problems: Problems) -> None:
    """Note doubled and unknown headings of a sheet that is used."""
    place = {"table": layout.table.name, "file": grid.file, "sheet": grid.sheet}
    row = layout.header + grid.first_row
    for position, column in layout.doubles:
        header = layout.headers[position]
        problems.add(
            "double-header",
            **place,
            row=row,
            column=column,
            letter=letter(position),
            value=header,
            header=header,
            meaning=layout.table.columns[column].heading,
            other=f"{letter(layout.positions[column])}{row}",
            cell=f"{letter(position)}{row}",
        )
    lines = {header: mapping_line(header, column) for column, header in _guesses(layout).items()}
    for position, header in layout.unknown().items():
        problems.add(
            "extra-column",
            **place,
            row=row,
            letter=letter(position),
            value=header,
            suggestion=lines.get(header),
        )


def warn_of_lacks(stacks: dict[str, Stacked], problems: Problems) -> None:
    """Warn once per table of columns that decide and have no heading on a sheet with rows."""
    logs = {name for name, stacked in stacks.items() if stacked.pieces}
    for stacked in stacks.values():
        alike: dict[tuple, list[Piece]] = {}
        for piece in stacked.pieces:
            names = tuple(column.name for column in _lacking(piece.layout))
            guesses = _guesses(piece.layout)
            near = tuple((name, guesses[name]) for name in names if name in guesses)
            if names and len(piece.rows):
                alike.setdefault((names, near), []).append(piece)
        for (names, near), pieces in alike.items():
            columns = [stacked.table.columns[name] for name in names]
            _warn(columns, dict(near), pieces, logs, problems)


def needed_headings(table: Table) -> str:
    """The headings that no sheet of a table can do without, in quotation marks."""
    needed = [column for column in table.columns.values() if column.required]
    return ", ".join(dict.fromkeys(_either(column, table) for column in needed))


def mapping_line(header: str, column: str) -> str:
    """The line under [mapping] in district.toml that gives a heading its column."""
    return f"{json.dumps(header, ensure_ascii=False)} = {json.dumps(column)}"


def _quoted(headers: Iterable[str]) -> str:
    """Headings in quotation marks, as many as can be read, and how many more there are."""
    texts = [f"'{header[:40]}'" for header in headers]
    shown: list[str] = []
    for text in texts:
        if sum(map(len, shown)) + len(text) > _LONGEST_LIST:
            break
        shown.append(text)
    more = len(texts) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _warn(
    columns: list[Column],
    near: dict[str, str],
    pieces: list[Piece],
    logs: set[str],
    problems: Problems,
) -> None:
    """One warning for each column that a heading may mean, one for all others of one effect."""
    place, more = pieces[0].place, len(pieces) - 1
    row = pieces[0].layout.header + pieces[0].grid.first_row
    elsewhere = f" here and on {more} other sheet{'s' if more > 1 else ''}" if more else ""
    logged = [column for column in columns if column.log in logs and column.name not in near]
    groups: dict[tuple[str, str], list[Column]] = {}
    for column in columns:
        if column not in logged:
            header = near.get(column.name, "")
            groups.setdefault((column.absent, header), []).append(column)
    for (absent, header), group in groups.items():
        problems.at(
            "lacking-column",
            place,
            row=row,
            column=group[0].name if len(group) == 1 else None,
            suggestion=mapping_line(header, group[0].name) if header else None,
            headings=_listed(group),
            elsewhere=elsewhere,
            absent=absent,
            repair=_rename(group[0], header) if header else _NO_GUESS,
        )
    if logged:
        titles = dict.fromkeys(read_tables()[column.log].title for column in logged)
        problems.at(
            "column-in-log",
            place,
            row=row,
            headings=_listed(logged),
            elsewhere=elsewhere,
            logs=_joined(titles),
        )


def _joined(titles: Iterable[str]) -> str:
    *first, last = titles
    return f"{', '.join(first)} and {last}" if first else last


def _rename(column: Column, header: str) -> str:
    return f"Perhaps '{header[:60]}' is meant; then name it '{column.heading}'"


def _lacking(layout: Layout) -> list[Column]:
    columns = layout.table.columns.values()
    return [column for column in columns if column.absent and column.name not in layout.positions]


def _listed(columns: list[Column]) -> str:
    *first, last = [f"'{column.heading}'" for column in columns]
    return f"{', '.join(first)} or {last}" if first else last


def _guesses(layout: Layout) -> dict[str, str]:
    """Column without a heading → the unknown heading that may mean it."""
    free = {
        wording: column
        for column in layout.table.columns.values()
        if column.name not in layout.positions
        for wording in (column.heading, *wordings(column))
    }
    needed = {
        wording: column for wording, column in free.items() if column.absent or column.required
    }
    found: dict[str, str] = {}
    for header in layout.unknown().values():
        near = nearest(header, free, _NEAR) or nearest(header, needed, _NEAR_ENOUGH)
        if near:
            found.setdefault(free[near].name, header)
    return found


def _repair(missing: list[Column], layout: Layout) -> str:
    """What to do about missing columns, with the heading that may mean one of them."""
    guesses = _guesses(layout)
    column = next((column for column in missing if column.name in guesses), missing[0])
    header = guesses.get(column.name)
    line = mapping_line(header or "your heading", column.name)
    what = _rename(column, header) if header else f"Name the right heading '{column.heading}'"
    return f"{what}, or add under [mapping] in district.toml: {line}"


def _either(column: Column, table: Table) -> str:
    other = table.columns.get(column.alternative)
    return " or ".join(sorted(f"'{one.heading}'" for one in (column, other) if one))
