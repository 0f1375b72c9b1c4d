"""What is gathered while a district is planted: cells, rows of logs, and the findings they make.

A day is a whole number counted from 1970-01-01, NEVER for none. Nothing after the last day is
written, as nobody can know it then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

NEVER = np.int64(2**31 - 1)
TRUTH = [
    *("finding_id", "guideline", "subject", "account_id", "school_id", "opened_on", "closed_on"),
    *("closed_by", "excepted", "planted"),
]
_PLANS = ("valid_until", "expires_on", "starts_on")


@dataclass(frozen=True)
class Plot:
    """A district in the making.

    `accounts` has one row an account: account_id, school_id, school (int), owner (int, of the
    people), launched and closed (int days, NEVER while open), students (bool: invited).
    """

    chance: np.random.Generator
    accounts: pd.DataFrame
    last: int
    cells: dict[str, object] = field(default_factory=dict)
    logs: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    gaps: list[pd.DataFrame] = field(default_factory=list)

    def column(self, name: str) -> np.ndarray:
        """Return a column of the accounts as an array."""
        return self.accounts[name].to_numpy()

    def split(self, size: int, **shares: float) -> np.ndarray:
        """Return for each of `size` one of the words, each about as often as its share says."""
        return self.chance.choice(list(shares), size, p=list(shares.values()))

    def days(self, least: int, most: int, size: int) -> np.ndarray:
        """Return so many numbers of days from `least` to below `most`."""
        return self.chance.integers(least, most, size)

    def known(self, days: object) -> pd.Series:
        """Return days as dates, without those that are none or come after the last day."""
        days = np.asarray(days, dtype=np.int64)
        return as_dates(np.where(days > self.last, NEVER, days))

    def log(self, table: str, at: np.ndarray, day: str | None, **columns: object) -> None:
        """Add rows on the accounts `at`; one whose `day` is not known yet is left out."""
        rows = pd.DataFrame({"account_id": self.column("account_id")[at]})
        for name, values in columns.items():
            numbers = np.asarray(values).dtype.kind in "iu"
            dated = as_dates if name in _PLANS else self.known
            rows[name] = dated(values) if numbers else values
        self.logs.setdefault(table, []).append(rows if day is None else rows[rows[day].notna()])

    def tell(
        self,
        guideline: str,
        at: np.ndarray,
        story: np.ndarray,
        cases: Mapping[str, tuple[np.ndarray, object, str]],
        subject: np.ndarray | None = None,
        ends: bool = True,
    ) -> None:
        """Note the findings of the accounts `at`, each of which has a story.

        `cases` has for a story that makes a finding its first day, the first day after it, and what
        was planted in words. `subject` is the account itself where left out; `ends` whether the
        findings end with the account.
        """
        own = self.column("account_id")[at]
        told = pd.DataFrame(
            {
                "guideline": guideline,
                "subject": own if subject is None else subject,
                "account_id": own,
                "school_id": self.column("school_id")[at],
                "closed": self.column("closed")[at] if ends else NEVER,
            }
        )
        for word, (start, stop, planted) in cases.items():
            part = told.assign(start=start, stop=stop, planted=planted)
            self.gaps.append(part[story == word])


def truth_of(plot: Plot) -> pd.DataFrame:
    """Return one row a finding opened by the last day, its columns :data:`TRUTH`, sorted by id.

    Days are dates (NaT: still open then); excepted is whether an exception is in force then.
    """
    found = pd.concat(plot.gaps, ignore_index=True)
    found = found[(found["start"] < found["closed"]) & (found["start"] <= plot.last)]
    by_incident = found["planted"].str.startswith("incident")
    met = found["stop"] < found["closed"]
    end = found[["stop", "closed"]].min(axis=1)
    closed_by = np.select([by_incident, met], ["resolved", "met"], "account closed")
    found = found.assign(
        opened_on=as_dates(found["start"]).array,
        closed_on=plot.known(end).array,
        closed_by=pd.Series(closed_by, found.index, dtype="str").where(end <= plot.last),
    )
    name = found["subject"].mask(by_incident, "incident:" + found["subject"])
    found = found.assign(finding_id=found["guideline"] + ":" + name)
    found["excepted"] = found["planted"].str.endswith("excepted") & found["closed_on"].isna()
    return found.sort_values("finding_id", ignore_index=True)[TRUTH]


def as_dates(days: object) -> pd.Series:
    """Return counted days as dates, NaT for NEVER."""
    days = np.asarray(days, dtype=np.int64)
    dates = days.astype("datetime64[D]").astype("datetime64[us]")
    dates[days >= NEVER] = np.datetime64("NaT")
    return pd.Series(dates)
