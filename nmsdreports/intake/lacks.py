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
from nmsdreports.intake.headers import Layout, tells_of_people, wordings
from nmsdreports.intake.problems import Problems, Refused
from nmsdreports.intake.rows import Piece
from nmsdreports.intake.tables import Column, Table, read_tables
from nmsdreports.settings import Settings, fold

_NEAR = 75
# Of a column whose lack turns verdicts round, a far guess is better than none.
_NEAR_ENOUGH = 60
_LONGEST_LIST = 500
# Words that headings of every meaning share: "Go-live date" is no "Label date".
_COMMON = frozenset("a account by date day from in of on the to was when which".split())  # noqa: SIM905
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


def refuse_together(refusals: list[Refused], table: Table, problems: Problems) -> None:
    """Note the sheets that `check_required` refused; those of a file that lack the same once."""
    alike: dict[tuple, list[Refused]] = {}
    for refused in refusals:
        alike.setdefault((refused.words["file"], refused.words["missing"]), []).append(refused)
    for first, *others in alike.values():
        if others:
            sheets = _quoted(refused.words["sheet"] for refused in (first, *others))
            whole = {"sheet": None, "row": None, "where": f" (sheets {sheets})"}
            first = Refused(first.code, **{**first.words, **whole})
        problems.refuse(first, table=table.name)


def list_headings(pieces: list[Piece], problems: Problems) -> None:
    """Note doubled and unknown headings of a table's sheets, the same on several sheets once."""
    doubles: dict[tuple, list[Piece]] = {}
    unknown: dict[tuple, list[tuple[Piece, int]]] = {}
    for piece in pieces:
        layout = piece.layout
        guesses = {header: column for column, header in _guesses(layout).items()}
        for position, column in layout.doubles:
            place = (piece.heading_row, position, layout.positions[column])
            key = (*place, column, layout.headers[position])
            doubles.setdefault(key, []).append(piece)
        for position, header in layout.unknown().items():
            unknown.setdefault((header, guesses.get(header)), []).append((piece, position))
    for (row, position, other, column, header), found in doubles.items():
        problems.at(
            "double-header",
            found[0].place,
            row=row,
            column=column,
            letter=letter(position),
            value=header,
            header=header,
            meaning=found[0].layout.table.columns[column].heading,
            other=f"{letter(other)}{row}",
            cell=f"{letter(position)}{row}",
            elsewhere=_elsewhere(found),
        )
    for (header, column), found in unknown.items():
        piece, position = found[0]
        problems.at(
            "person-column" if tells_of_people(header) else "extra-column",
            piece.place,
            row=piece.heading_row,
            letter=letter(position),
            value=header,
            header=header[:60],
            suggestion=mapping_line(header, column) if column else None,
            elsewhere=_elsewhere([piece for piece, _ in found]),
        )


def warn_of_lacks(stacks: dict[str, Stacked], problems: Problems) -> None:
    """Warn once per table of columns that decide and have no heading on a sheet with rows."""
    logs = {name for name, stacked in stacks.items() if stacked.pieces}
    for stacked in stacks.values():
        lacking: dict[tuple[str, str], list[int]] = {}
        for number, piece in enumerate(stacked.pieces):
            guesses = _guesses(piece.layout)
            for column in _lacking(piece.layout) if len(piece.rows) else ():
                header = guesses.get(column.name, "")
                lacking.setdefault((column.name, header), []).append(number)
        alike: dict[tuple, list[Column]] = {}
        for (name, header), numbers in lacking.items():
            column = stacked.table.columns[name]
            logged = column.log in logs and not header
            effect = "" if logged else column.absent
            alike.setdefault((tuple(numbers), effect, header), []).append(column)
        for (numbers, effect, header), columns in alike.items():
            pieces = [stacked.pieces[number] for number in numbers]
            _warn(columns, effect, header, pieces, problems)


def warn_of_unused(settings: Settings, layouts: list[Layout], problems: Problems) -> None:
    """Warn of lines under [mapping] whose wording no sheet has among its headings."""
    seen = {fold(header) for layout in layouts for header in layout.headers.values()}
    for wording in settings.mapping:
        if wording not in seen:
            problems.add("unused-mapping", wording=wording)


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
    columns: list[Column], effect: str, header: str, pieces: list[Piece], problems: Problems
) -> None:
    """Warn of columns whose lack has one effect; without effect, a log keeps the same fact."""
    words = {"headings": _listed(columns), "elsewhere": _elsewhere(pieces)}
    place = {"place": pieces[0].place, "row": pieces[0].heading_row}
    if not effect:
        titles = dict.fromkeys(read_tables()[column.log].title for column in columns)
        problems.at("column-in-log", **place, **words, logs=_joined(titles))
        return
    problems.at(
        "lacking-column",
        **place,
        **words,
        column=columns[0].name if len(columns) == 1 else None,
        suggestion=mapping_line(header, columns[0].name) if header else None,
        absent=effect,
        repair=_rename(columns[0], header) if header else _NO_GUESS,
    )


def _elsewhere(pieces: list[Piece]) -> str:
    """Where else the same is so: " here and on 2 other sheets", or nothing."""
    first, *others = [piece.place.file for piece in pieces]
    sheets, files = others.count(first), len({file for file in others if file != first})
    said = [f"on {sheets} other sheet{'s' * (sheets > 1)}"] if sheets else []
    said += [f"in {files} other file{'s' * (files > 1)}"] if files else []
    return f" here and {' and '.join(said)}" if said else ""


def _joined(titles: Iterable[str]) -> str:
    *first, last = titles
    return f"{', '.join(first)} and {last}" if first else last


def _rename(column: Column, header: str) -> str:
    return f"Perhaps '{header[:60]}' is meant; then name it '{column.heading}'"


def _lacking(layout: Layout) -> list[Column]:
    columns = layout.table.columns.values()
    named = layout.positions
    return [
        column
        for column in columns
        if column.absent and column.name not in named and column.alternative not in named
    ]


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
        if tells_of_people(header):
            continue
        near = nearest(header, free, _NEAR)
        if not near:
            telling = {word: column for word, column in needed.items() if _alike(header, word)}
            near = nearest(header, telling, _NEAR_ENOUGH)
        if near:
            found.setdefault(free[near].name, header)
    return found


def _alike(header: str, wording: str) -> bool:
    """Whether two headings share a word that tells what they mean, or nearly so."""
    words, known = (set(fold(text).split()) - _COMMON for text in (header, wording))
    return any(nearest(word, known, _NEAR) for word in words)


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
