"""A table as page and notebook show it: its cells under the words of a reader."""

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd


@dataclass(frozen=True)
class Table:
    """Rows for people: headers are words, cells are texts, whole numbers, days or missing.

    `data` has the cells of each column by its header: most tables are short, and a DataFrame takes
    longer to make than all their cells to write. `kinds` says how a column's cells look: "status",
    "severity" or "state" (of an incident) get mark and colour; `links` has the address of each cell
    of a column, "" for none. `nothing` is the sentence that stands in place of a table without
    rows; `note` stands below it; `wide` prints it on a page turned sideways; `whole` shows every
    row, where no workbook has those that a page leaves out.
    """

    caption: str
    data: dict[str, list] | pd.DataFrame
    kinds: dict[str, str] = field(default_factory=dict)
    nothing: str = "There is nothing to list."
    note: str = ""
    wide: bool = False
    whole: bool = False
    links: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def columns(self) -> dict[str, list]:
        """The cells of each column by its header: Python's own values, None where missing."""
        if isinstance(self.data, pd.DataFrame):
            return {
                header: [None if pd.isna(value) else value for value in column.tolist()]
                for header, column in self.data.items()
            }
        return self.data

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The same as a DataFrame, to look into it or to change it."""
        return self.data if isinstance(self.data, pd.DataFrame) else pd.DataFrame(self.data)

    @property
    def length(self) -> int:
        """How many rows it has."""
        return len(next(iter(self.columns.values()), ()))

    @property
    def empty(self) -> bool:
        """Whether it has no rows, so that a sentence stands in its place."""
        return self.length == 0

    @property
    def numeric(self) -> set[str]:
        """The columns of numbers, which stand to the right."""
        return {
            header
            for header, column in self.columns.items()
            if {type(value) for value in column} - {type(None)} in ({int}, {float}, {int, float})
        }
