"""The registry with all that points to it, looked up once for every guideline.

In: Records. Out: :class:`Register`: whose account a log's row is, who a text names.
Traps: a log's row on an account that is not in the registry judges nothing; row labels of the
registry count from 0, so that an account's label is its place.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nmsdreports.policy.people import People, read_people

LOGGING = (
    *("approvals", "notices", "concerns", "admins", "reviews", "incidents"),
    "exceptions",
)


@dataclass(frozen=True)
class Register:
    """The records with their accounts, schools and people as whole numbers."""

    records: Any

    @cached_property
    def account(self) -> dict[str, np.ndarray]:
        """For each log the account of each row (int, row label of the registry, -1: none)."""
        known = self.records.accounts["account_id"]
        asked = [getattr(self.records, name)["account_id"] for name in LOGGING]
        # All at once, so that the ids are taken in once.
        found = pc.index_in(pa.array(pd.concat(asked)), value_set=pa.array(known))
        account = found.fill_null(-1).to_numpy().astype(np.int64)
        return dict(zip(LOGGING, np.split(account, np.cumsum([*map(len, asked)])), strict=False))

    @cached_property
    def logs(self) -> dict[str, pd.DataFrame]:
        """Each log's rows on accounts of the registry, with ``account`` (int, row label)."""
        return {name: self._registered(name) for name in LOGGING}

    @cached_property
    def people(self) -> People:
        """Who the texts of the records name."""
        return read_people(self.records)

    @cached_property
    def school(self) -> np.ndarray:
        """The school of each account (int, row label of the schools table, -1: none)."""
        return self.school_of(self.records.accounts["school_id"])

    def school_of(self, school_id: pd.Series) -> np.ndarray:
        """Return the row labels in the schools table (-1: none)."""
        return pd.Index(self.records.schools["school_id"]).get_indexer(school_id)

    def _registered(self, name: str) -> pd.DataFrame:
        account = self.account[name]
        log = getattr(self.records, name).assign(account=account)
        return log if (account >= 0).all() else log[account >= 0]
