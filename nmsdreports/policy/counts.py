"""Counting by guideline and school, on one day or on many, without a loop over rows.

In: arrays of a cell (guideline × school) and days. Out: counts a cell and day, with the district.
Traps: rows of a guideline outside the grid are left out; every cell has its row, zeros too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

DISTRICT = "*"


@dataclass(frozen=True)
class Grid:
    """The cells of guidelines × schools; ``*`` comes first in each guideline."""

    rules: Sequence[str]
    schools: Sequence[str]

    @property
    def size(self) -> int:
        """How many cells there are without the district's."""
        return len(self.rules) * len(self.schools)

    def cell(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the cell of each row's ``guideline`` and ``school_id``."""
        rule = pd.Index(self.rules).get_indexer(rows["guideline"])
        school = pd.Index(self.schools).get_indexer(rows["school_id"])
        return rule * len(self.schools) + school

    def count(self, rows: pd.DataFrame) -> np.ndarray:
        """Return how many rows each guideline and school has, the district's first."""
        counts = np.bincount(self.cell(rows), minlength=self.size)
        return self.with_district(counts.reshape(1, self.size))[0]

    def with_district(self, counts: np.ndarray) -> np.ndarray:
        """Return counts (days × cells) with the sum over schools put before each guideline's."""
        shaped = counts.reshape(len(counts), len(self.rules), len(self.schools))
        total = shaped.sum(axis=2, keepdims=True)
        return np.concatenate([total, shaped], axis=2).reshape(len(counts), -1)

    def table(self, columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
        """Return one row a guideline and school (``*`` first) with the columns given."""
        places = [DISTRICT, *self.schools]
        frame = pd.DataFrame(
            {
                "guideline": pd.Series(np.repeat(self.rules, len(places)), dtype="str"),
                "school_id": pd.Series(places * len(self.rules), dtype="str"),
            }
        )
        return frame.assign(**columns)

    def by_day(self, days: Sequence[int], columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
        """Return one row a day (int), guideline and school, the columns given as days × cells."""
        cells = self.table({})
        frame = pd.concat([cells] * len(days), ignore_index=True)
        frame.insert(0, "day", np.repeat(np.asarray(days), len(cells)))
        return frame.assign(**{name: values.reshape(-1) for name, values in columns.items()})


def at_days(
    cell: np.ndarray, start: np.ndarray, stop: np.ndarray, days: Sequence[int], size: int
) -> np.ndarray:
    """Return (days × cells) how many of the intervals ``[start, stop)`` hold each day.

    ``days`` are ascending; each interval counts from the first of them that is not before its
    start, and no longer from the first that is not before its stop.
    """
    width = len(days) + 1
    steps = np.zeros(size * width, dtype=np.int64)
    for ends, step in ((start, 1), (stop, -1)):
        place = cell * width + np.searchsorted(days, ends, side="left")
        steps += step * np.bincount(place, minlength=size * width)
    return steps.reshape(size, width).cumsum(axis=1)[:, :-1].T
