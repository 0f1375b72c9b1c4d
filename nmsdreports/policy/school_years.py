"""Incidents and parents' concerns by school year and the board's category, counted exactly.

In: an assessment and a day. Out: one row a school year and category, zeros too.
Traps: these counts are small and name a person to whoever knows the school: nobody but the office
may see them before they have gone through suppression. That a year before the first launch is here
tells that it has a record: who lists such a year must not go by that.
"""

import numpy as np
import pandas as pd

from nmsdreports.policy.assess import Assessment
from nmsdreports.policy.intervals import to_dates

FIRST_MONTH = 9
"""School years run from September 1 to August 31."""


def school_years(assessment: Assessment, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return how many incidents and concerns each school year has, by category.

    Columns: school_year (str, "2025–26"), closed (bool, its last day is on or before the as-of
    day), launched (bool, the first launch on record lies in it or before it), category (str, those
    of the guidelines in their order), reported, substantiated (int).
    A concern counts as reported, in the year in which it was received; an incident in the one in
    which it was opened. Emergencies that a guideline of their own judges are in none.
    """
    rules = assessment.policy.guidelines
    categories = [name for name in rules["board_category"].unique() if name]
    found = pd.concat([_incidents(assessment), _concerns(assessment)], ignore_index=True)
    found = found[found["on"] <= as_of]
    launched = assessment.records.accounts["launched_on"]
    last = int(_year(pd.Series([as_of])).iloc[0])
    launch, record = (
        last if pd.isna(first) else int(first)
        for first in (_year(launched[launched <= as_of]).min(), _year(found["on"]).min())
    )
    years = range(min(launch, record), last + 1)
    cells = pd.MultiIndex.from_product([years, categories], names=["year", "category"])
    grouped = found.assign(
        year=_year(found["on"]), category=found["guideline"].map(rules["board_category"])
    ).groupby(["year", "category"])["substantiated"]
    table = pd.DataFrame({"reported": grouped.size(), "substantiated": grouped.sum()})
    table = table.reindex(cells).fillna(0).astype("int64").reset_index()
    ends = pd.to_datetime({"year": table["year"] + 1, "month": FIRST_MONTH, "day": 1})
    return pd.DataFrame(
        {
            "school_year": _names(table["year"]),
            "closed": ends - pd.Timedelta(days=1) <= as_of,
            "launched": table["year"] >= launch,
            "category": table["category"].astype("str"),
            "reported": table["reported"],
            "substantiated": table["substantiated"],
        }
    )


def school_year(days: pd.Series) -> pd.Series:
    """Return the school year of each day, as "2025–26"; the days are not missing."""
    return _names(_year(days).astype("int64"))


def _incidents(assessment: Assessment) -> pd.DataFrame:
    found = assessment.incidents
    return pd.DataFrame(
        {
            "guideline": found["guideline"],
            "on": found["opened_on"],
            "substantiated": found["substantiation"] == "substantiated",
        }
    )


def _concerns(assessment: Assessment) -> pd.DataFrame:
    """The concerns that are judged: those of accounts on record."""
    subjects = assessment.subjects
    subjects = subjects[subjects["kind"] == "concern"]
    received = to_dates(subjects["known_from"].to_numpy(np.int64)).to_numpy()
    return pd.DataFrame(
        {"guideline": subjects["guideline"], "on": received, "substantiated": False}
    )


def _year(days: pd.Series) -> pd.Series:
    """The calendar year in which each day's school year began."""
    return days.dt.year - (days.dt.month < FIRST_MONTH)


def _names(years: pd.Series) -> pd.Series:
    ends = ((years + 1) % 100).astype("str").str.zfill(2)
    return (years.astype("str") + "–" + ends).astype("str")
