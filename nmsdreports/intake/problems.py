"""The list of what is wrong with an input, in the words of its kinds.

`Problems` collects; `frame()` is the table `problems` of the program, with `table` and `outcome`
after its columns.
Trap: the value of a restricted column and of a kind marked `hide` is shown as "…".
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from nmsdreports.intake.kinds import KINDS, LEVELS
from nmsdreports.settings import InputError

HIDDEN = "…"
COLUMNS = (
    "file sheet row column cell value level code message suggestion table outcome".split()  # noqa: SIM905
)
_LONGEST_VALUE = 300
_MOST_TOLD = 3


class Refused(Exception):  # noqa: N818 - it is an outcome, and is always caught
    """A file or sheet cannot be used; carries the code and the words of its message."""

    def __init__(self, code: str, **words: Any) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


@dataclass(frozen=True)
class Place:
    """Where rows come from; `sheet` is None for a CSV file."""

    table: str | None
    file: str
    sheet: str | None

    @property
    def where(self) -> str:
        """The sheet as a message names it behind its file."""
        return f" (sheet '{self.sheet}')" if self.sheet is not None else ""


class Problems:
    """The list of what was found, in the order of finding."""

    def __init__(self) -> None:
        self._rows: list[tuple] = []

    def add(
        self,
        code: str,
        *,
        table: str | None = None,
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        letter: str = "",
        value: str | None = None,
        suggestion: str | None = None,
        restricted: bool = False,
        quarantine: bool = False,
        **words: Any,
    ) -> None:
        """Note one problem; `quarantine` says that an unknown value costs the whole row."""
        kind = KINDS[code]
        outcome = "quarantine" if quarantine and kind.outcome == "unknown" else kind.outcome
        shown = HIDDEN if value is not None and (restricted or kind.hide) else _short(value)
        cell = f"{letter}{row}" if letter and row is not None else None
        given = {"file": file, "table": table, "column": column, "value": shown, "cell": cell}
        given |= {"row": row, "letter": letter, "where": Place(table, file or "", sheet).where}
        message = kind.message.format(**{**given, **words}).replace("?.", "?")
        if restricted or kind.hide:
            suggestion = None
        self._rows.append(
            (
                file,
                sheet,
                row,
                column,
                cell,
                shown,
                LEVELS[outcome],
                code,
                message,
                suggestion,
                table,
                outcome,
            )
        )

    def at(self, code: str, place: Place, **words: Any) -> None:
        """Note one problem of a table's sheet."""
        self.add(code, table=place.table, file=place.file, sheet=place.sheet, **words)

    def refuse(self, refused: Refused, **place: Any) -> None:
        """Note that a file or sheet is not used."""
        self.add(refused.code, **{**place, **refused.words})

    def frame(self) -> pd.DataFrame:
        """Everything found: file, sheet, row, column, cell, value, level, code, message …"""
        table = pd.DataFrame(self._rows, columns=COLUMNS)
        text = [name for name in COLUMNS if name != "row"]
        return table.astype({**dict.fromkeys(text, "str"), "row": "Int64"})

    def refused(self) -> set[str]:
        """The files and tables of which something is not used."""
        places = [
            (row[0], row[COLUMNS.index("table")]) for row in self._rows if row[-1] == "refuse"
        ]
        return {name for place in places for name in place if name is not None}

    def raise_refusals(self, folder: Path) -> None:
        """Raise an `InputError` that says what to do about the first refusals and counts others."""
        told = [row[COLUMNS.index("message")] for row in self._rows if row[-1] == "refuse"]
        if told:
            others = len(told) - _MOST_TOLD
            where = (
                "" if folder == Path() else f' "{folder}"' if " " in str(folder) else f" {folder}"
            )
            more = [f"({others} more: run `nmsdreports check{where}`.)"] if others > 0 else []
            raise InputError(" ".join([*told[:_MOST_TOLD], *more]), self.frame())


def _short(value: str | None) -> str | None:
    if value is None or len(value) <= _LONGEST_VALUE:
        return value
    return value[:_LONGEST_VALUE] + HIDDEN
