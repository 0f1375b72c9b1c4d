"""The made-up people: a principal for each school, the owners of accounts, and somebody else."""

import numpy as np
import pandas as pd

from nmsdreports.simulate.plot import Plot

SOMEBODY = "somebody@example.org"
"""One who works for the district and may approve nothing."""


def supervisor(plot: Plot) -> pd.Series:
    """Return the address of each account's principal."""
    return principal(plot.column("school"))


def owner_email(plot: Plot, at: np.ndarray) -> pd.Series:
    """Return the addresses of the owners of the accounts `at`."""
    return person(plot.column("owner")[at])


def principal(number: np.ndarray) -> pd.Series:
    """Return the addresses of principals by the number of their school."""
    return numbered("principal", number) + "@example.org"


def person(number: np.ndarray) -> pd.Series:
    """Return the addresses of people by their number."""
    return numbered("person", number) + "@example.org"


def numbered(prefix: str, number: np.ndarray) -> pd.Series:
    """Return names that end with a number."""
    return prefix + pd.Series(number).astype("str")
