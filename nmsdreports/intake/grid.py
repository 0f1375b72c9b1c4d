"""A sheet as it came: columns of texts, each distinct text kept once.

A `Coded` column is an array of whole numbers that point into its distinct texts, so that a
million cells of three wordings are parsed three times. Everything read becomes text first: a real
date is its ISO form, a whole number has no ".0".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ROWS_AT_ONCE = 16_384
FORMULA = "\x00formula "
# The type in which pandas keeps texts, so that a column is never copied on its way into a frame.
TEXT = pa.large_string()


@dataclass(frozen=True)
class Coded:
    """One column: `codes[i]` is the position in `texts` of what stands in row i."""

    codes: np.ndarray
    texts: pa.Array

    def text(self, row: int) -> str:
        """What stands in a row (counted from 0)."""
        return self.texts[int(self.codes[row])].as_py()

    def filled(self) -> np.ndarray:
        """For each row whether anything but white space stands there."""
        blank = pc.match_substring_regex(self.texts, r"^[\s\p{Z}\x{200b}\x{feff}]*$")
        return ~blank.to_numpy(zero_copy_only=False)[self.codes]

    def with_texts(self, changes: dict[int, str]) -> Coded:
        """The column with other texts in the given rows."""
        added = pa.array(changes.values(), TEXT).dictionary_encode()
        codes = self.codes.copy()
        codes[list(changes)] = added.indices.to_numpy() + len(self.texts)
        return Coded(codes, pa.concat_arrays([self.texts, added.dictionary]))


@dataclass(frozen=True)
class Marks:
    """What the raw XML of a sheet says beyond its values; rows and columns count from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """One sheet: `sheet` is None for a CSV file; row 0 is spreadsheet row `first_row`.

    `lengths` is the number of cells that each row came with.
    """

    file: str
    sheet: str | None
    columns: list[Coded]
    lengths: np.ndarray
    first_row: int = 1
    visible: bool = True
    date1904: bool = False
    marks: Marks = field(default_factory=Marks)

    @property
    def rows(self) -> int:
        """The number of rows, blank ones too."""
        return len(self.lengths)

    def row_texts(self, row: int) -> list[str]:
        """The texts of one row (counted from 0)."""
        return [column.text(row) for column in self.columns]


def letter(position: int) -> str:
    """The spreadsheet's name of a column counted from 0: A … Z, AA …"""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def read_rows(
    rows: Iterable[Sequence], as_texts: Callable[[Sequence], Sequence[str]] | None = None
) -> tuple[list[Coded], np.ndarray]:
    """Coded columns of rows and the number of cells that each row came with.

    Short rows are filled up. `as_texts` turns the cells of a column into texts where they are not.
    """
    parts: list[list[pa.Array]] = []
    lengths: list[np.ndarray] = []
    count = 0
    rows = iter(rows)
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        columns = list(zip_longest(*chunk, fillvalue=""))
        for _ in range(len(parts), len(columns)):
            parts.append([_blank(count)] if count else [])
        for position, part in enumerate(parts):
            if position < len(columns):
                cells = columns[position] if as_texts is None else as_texts(columns[position])
                part.append(pa.array(cells, pa.string()).dictionary_encode())
            else:
                part.append(_blank(len(chunk)))
        lengths.append(np.fromiter(map(len, chunk), "int32", len(chunk)))
        count += len(chunk)
    return [_coded(part) for part in parts], np.concatenate(lengths or [np.zeros(0, "int32")])


def _blank(rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, "int32")), pa.array([""]))


def _coded(parts: list[pa.Array]) -> Coded:
    whole = pa.chunked_array(parts).unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    return Coded(whole.indices.to_numpy(), whole.dictionary.cast(TEXT))
