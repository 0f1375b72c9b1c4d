"""The tables that are read, as declared in tables.toml.

Out: one `Table` for each, with its `Column`s in the order of the declaration. Reading, messages,
templates and documentation come from these; nothing about a column is written anywhere else.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

_DECLARATION = Path(__file__).with_name("tables.toml")
HELP_SHEET = "How to fill this in"
"""The sheet of a template that explains it; it is never read."""
PROVENANCE = ("file", "sheet", "row")


@dataclass(frozen=True)
class Column:
    """One declared column; the meaning of each field stands at the head of tables.toml."""

    name: str
    type: str
    description: str
    example: str = ""
    required: bool = False
    alternative: str = ""
    allowed: dict[str, list[str]] | None = None
    aliases: tuple[str, ...] = ()
    any_year: bool = False
    plan: bool = False
    restricted: bool = False
    instead: str = ""
    absent: str = ""
    log: str = ""
    title: str = ""

    @property
    def heading(self) -> str:
        """Its heading in templates: its title, else its name in words ("Owner e-mail")."""
        words = self.name.replace("_id", " ID").replace("email", "e-mail").replace("_", " ")
        return self.title or words[0].upper() + words[1:]


@dataclass(frozen=True)
class Table:
    """One declared table; `key` is the column with its own identifier, empty for a log."""

    name: str
    title: str
    description: str
    columns: dict[str, Column]
    names: tuple[str, ...]
    needed: bool = False
    key: str = ""

    def empty(self) -> pd.DataFrame:
        """A frame of no rows with every column in its dtype and the provenance at the end."""
        return _empty_frame(self.name).copy()


def heading(column: str, table: str = "accounts") -> str:
    """The heading of a column of a table, by their names."""
    return read_tables()[table].columns[column].heading


def dtype(column: Column) -> str:
    """The dtype in which a column's readable values are kept."""
    return "datetime64[us]" if column.type == "day" else "str"


@cache
def read_tables() -> dict[str, Table]:
    """All declared tables by name, in the order of their declaration."""
    declared = tomllib.loads(_DECLARATION.read_text(encoding="utf-8"))
    return {name: _table(name, values) for name, values in declared.items()}


@cache
def _empty_frame(table: str) -> pd.DataFrame:
    kinds = {name: dtype(column) for name, column in read_tables()[table].columns.items()}
    kinds |= {"file": "str", "sheet": "str", "row": "Int64"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


@cache
def restricted_columns() -> frozenset[str]:
    """The columns whose text only the office may read, and only on a screen."""
    declared = (column for table in read_tables().values() for column in table.columns.values())
    return frozenset(column.name for column in declared if column.restricted)


def _table(name: str, values: dict) -> Table:
    columns = {key: _column(key, item) for key, item in values.pop("columns").items()}
    return Table(name, columns=columns, **{**values, "names": tuple(values["names"])})


def _column(name: str, values: dict) -> Column:
    facts = {**values, "aliases": tuple(values.get("aliases", ()))}
    return Column(name, alternative=facts.pop("or", ""), **facts)
