"""Counting by guideline and school, on one day or on many, without a loop over rows.

In: arrays of a cell (guideline × school) and days. Out: counts a cell and day, with the district.
Traps: rows of a guideline outside the grid are left out; every cell has its row, zeros too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nmsdreports.policy.duties import Judged
from nmsdreports.policy.frames import spelled
from nmsdreports.policy.guidelines import Policy
from nmsdreports.policy.intervals import OPEN, to_days
from nmsdreports.policy.spells import STATUSES

DISTRICT = "*"
RATED = ("meets", "does not meet", "excepted", "not assessed")


@dataclass(frozen=True)
class Grid:
    """The cells of guidelines × schools; ``*`` comes first in each guideline."""

    rules: Sequence[str]
    schools: Sequence[str]

    @property
    def size(self) -> int:
        """How many cells there are without the district's."""
        return len(self.rules) * len(self.schools)

    def cell(self, rows: pd.DataFrame, policy: Policy) -> np.ndarray:
        """Return the cell of each row, -1 outside the grid.

        ``rows`` have ``rule`` (int, place in the policy's rules) and ``school`` (int, place, -1).
        """
        places = [rule.id for rule in policy.rules]
        rule = pd.Index(self.rules).get_indexer(places)[rows["rule"]]
        school = rows["school"].to_numpy()
        return np.where((rule < 0) | (school < 0), -1, rule * len(self.schools) + school)

    def count(self, rows: pd.DataFrame, policy: Policy) -> np.ndarray:
        """Return how many rows each guideline and school has, the district's first."""
        cell = self.cell(rows, policy)
        counts = np.bincount(cell[cell >= 0], minlength=self.size)
        return self.with_district(counts.reshape(1, self.size))[0]

    def count_statuses(
        self, parts: Sequence[Judged], days: Sequence[int], statuses: Sequence[str]
    ) -> dict[str, np.ndarray]:
        """Return by status (as a column) how many subjects it has, days × cells with the district.

        A guideline without a part has zeros.
        """
        shape = (len(statuses), len(days), len(self.rules), 1 + len(self.schools))
        # Counts of months × guidelines × schools are many and small: half the room does.
        counts = np.zeros(shape, dtype=np.int32)
        for part in parts:
            counted = _statuses(part, days, len(self.schools), statuses)
            counts[:, :, self.rules.index(part.rule.id), 1:] = counted.swapaxes(0, 1)
        counts[..., 0] = counts.sum(axis=-1)
        return {
            column_of(status): counts[place].reshape(len(days), -1)
            for place, status in enumerate(statuses)
        }

    def count_open(self, rows: pd.DataFrame, days: Sequence[int]) -> np.ndarray:
        """Return (days × cells with the district) how many findings are open on each day.

        ``rows`` have ``guideline``, ``school`` (int, place, -1), ``opened_on`` and ``closed_on``.
        """
        counts = np.zeros((len(days), len(self.rules), 1 + len(self.schools)), dtype=np.int32)
        for place, rule in enumerate(self.rules):
            own = rows[rows["guideline"] == rule]
            counts[:, place, 1:] = at_days(
                own["school"].to_numpy(),
                to_days(own["opened_on"], OPEN),
                to_days(own["closed_on"], OPEN),
                days,
                len(self.schools),
            )
        counts[..., 0] = counts.sum(axis=-1)
        return counts.reshape(len(days), -1)

    def with_district(self, counts: np.ndarray) -> np.ndarray:
        """Return counts (days × cells) with the sum over schools put before each guideline's."""
        shaped = counts.reshape(len(counts), len(self.rules), len(self.schools))
        total = shaped.sum(axis=2, keepdims=True)
        return np.concatenate([total, shaped], axis=2).reshape(len(counts), -1)

    def table(self, columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
        """Return one row a guideline and school (``*`` first) with the columns given."""
        places = [DISTRICT, *self.schools]
        place = np.repeat(np.arange(len(self.rules)), len(places))
        school = pd.Series(places, dtype="str")
        frame = pd.DataFrame(
            {
                "guideline": spelled(self.rules, place),
                "school_id": pd.concat([school] * len(self.rules), ignore_index=True),
            }
        )
        return frame.assign(**columns)

    def by_month(self, months: Sequence[str], columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
        """Return one row a month, guideline and school, the columns given as months × cells."""
        cells = self.table({})
        texts = {name: pd.concat([cells[name]] * len(months), ignore_index=True) for name in cells}
        place = np.repeat(np.arange(len(months), dtype=np.int16), len(cells))
        numbers = {name: values.reshape(-1) for name, values in columns.items()}
        return pd.DataFrame({"month": spelled(months, place), **texts, **numbers}, copy=False)


def at_days(
    cell: np.ndarray, start: np.ndarray, stop: np.ndarray, days: Sequence[int], size: int
) -> np.ndarray:
    """Return (days × cells) how many of the intervals ``[start, stop)`` hold each day.

    ``days`` are ascending; each interval counts from the first of them that is not before its
    start, and no longer from the first that is not before its stop. A cell of -1 is left out.
    """
    first, last = int(days[0]), int(days[-1])
    # The place of each day among the days asked for is looked up, not searched.
    place = np.searchsorted(days, np.arange(first, last + 2)).astype(np.int32)
    begins, ends = (place[np.clip(day, first, last + 1) - first] for day in (start, stop))
    counted = np.flatnonzero((begins < ends) & (cell >= 0))
    begun, ended = (
        np.bincount(at[counted] * size + cell[counted], minlength=(len(days) + 1) * size)
        for at in (begins, ends)
    )
    begun -= ended
    return begun.reshape(len(days) + 1, size).cumsum(axis=0)[:-1]


def column_of(status: str) -> str:
    """Return the column that counts a status."""
    return status.replace(" ", "_")


def _statuses(
    part: Judged, days: Sequence[int], schools: int, statuses: Sequence[str]
) -> np.ndarray:
    """Return (days × statuses × schools) how many subjects of a guideline have each status."""
    spells = part.spells
    school = part.subjects["school"].to_numpy()[spells["position"]]
    asked = [statuses.index(name) if name in statuses else -1 for name in STATUSES]
    status = np.array(asked, dtype=np.int32)[spells["status"]]
    counts = at_days(
        np.where((school < 0) | (status < 0), -1, status * schools + school),
        spells["start"].to_numpy(),
        spells["stop"].to_numpy(),
        days,
        len(statuses) * schools,
    )
    return counts.reshape(len(days), len(statuses), schools)
