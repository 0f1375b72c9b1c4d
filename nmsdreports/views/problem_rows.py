"""What a school reads of the problems in the files: where those of its own rows are."""

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from nmsdreports.intake import Records

SCHOOL_PROBLEM = ["file", "sheet", "row", "column", "cell", "level", "code"]
"""What a school reads of a problem: where it is and what kind.

The value, and a message or a suggestion made from it, may name another school's account.
"""
_TABLES = ("accounts", "incidents", "approvals", "notices", "concerns", "admins", "reviews")


def school_of_problems(records: "Records") -> list[str | None]:
    """The school of each problem that stands in an accepted row of a school or its accounts."""
    problems, place = records.problems, ["file", "sheet", "row"]
    schools = records.accounts.set_index("account_id")["school_id"]
    known: dict[tuple, str] = {}
    for table in (getattr(records, name) for name in _TABLES):
        near = table[table["file"].isin(problems["file"]) & table["row"].isin(problems["row"])]
        own = near["school_id"] if "school_id" in near else near["account_id"].map(schools)
        known |= dict(zip(_keys(near[place]), own, strict=True))
    found = [known.get(key) for key in _keys(problems[place])]
    return [None if pd.isna(school) else school for school in found]


def _keys(places: pd.DataFrame) -> list[tuple]:
    """One key of text per row: file, sheet and row, a missing one as the empty text."""
    return list(places.astype(object).fillna("").astype(str).itertuples(index=False, name=None))
