"""What somebody can know of one school year's counts who believes a number of printed cells.

In: conditions on whole numbers, one after the other. Out: the least and the most that any sum of
counts can be. The unknown numbers are each category's reported and substantiated and the total on
each day on which a running total was printed.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

_SOLVED, _IMPOSSIBLE = 0, 2

Fact = tuple[np.ndarray, float, float]
"""A sum of the unknown numbers (a factor for each), its least and its most."""


class Reader:
    """Knows only that nothing is below zero or above `most`, and nothing substantiated that was
    not reported, until told more.
    """

    def __init__(self, categories: Sequence[str], days: Sequence[object], most: int):
        self.categories, self.days, self.most = [*categories], [*days], most
        self._facts: list[Fact] = []
        for name in self.categories:
            not_substantiated = self.count("reported", [name]) - self.count("substantiated", [name])
            self._facts.append((not_substantiated, 0, most))

    def count(self, column: str, categories: Sequence[str]) -> np.ndarray:
        """The sum of a column ("reported", "substantiated") over categories."""
        sums = self._nothing()
        first = 0 if column == "reported" else len(self.categories)
        sums[[first + self.categories.index(name) for name in categories]] = 1
        return sums

    def running(self, day: object) -> np.ndarray:
        """The total printed on a day while the year was running."""
        sums = self._nothing()
        sums[2 * len(self.categories) + self.days.index(day)] = 1
        return sums

    def believe(self, facts: Sequence[Fact]) -> list[int]:
        """Believe each fact that does not contradict those before it; return the others' places."""
        if self._least(self._nothing(), [*self._facts, *facts]) is not None:
            self._facts += facts
            return []
        if len(facts) == 1:
            return [0]
        half = len(facts) // 2
        doubted = self.believe(facts[:half])
        return [*doubted, *(half + at for at in self.believe(facts[half:]))]

    def range(self, sums: np.ndarray) -> tuple[int, int]:
        """The least and the most that a sum can be, by all that is believed."""
        least, most = self._least(sums, self._facts), self._least(-sums, self._facts)
        if least is None or most is None:
            raise RuntimeError("what was believed contradicts itself")
        return least, -most

    def _nothing(self) -> np.ndarray:
        return np.zeros(2 * len(self.categories) + len(self.days))

    def _least(self, sums: np.ndarray, facts: Sequence[Fact]) -> int | None:
        """The least that a sum can be, or None where the facts contradict each other."""
        factors, lows, highs = zip(*facts, strict=True) if facts else ([self._nothing()], [0], [0])
        found = milp(
            sums,
            integrality=np.ones(len(sums)),
            bounds=Bounds(0, self.most),
            constraints=LinearConstraint(np.array(factors), lows, highs),
            options={"mip_rel_gap": 0},
        )
        if found.status == _IMPOSSIBLE:
            return None
        if found.status != _SOLVED:
            raise RuntimeError(found.message)
        return round(found.fun)
