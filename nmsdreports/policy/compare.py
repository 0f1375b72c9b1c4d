"""What a proposed policy would change: two standings of one day, laid side by side.

In: the standing by the policy in force, the standing by the proposed one. Out: one row a guideline
and subject whose status differs.
Traps: a guideline that only one of them has gives rows too; severities and days to fix never
change a status.
"""

import pandas as pd

from nmsdreports.policy.standing import Standing

_KEYS = ["guideline", "subject", "account_id", "school_id"]


def compare(before: Standing, after: Standing, late: bool = False) -> pd.DataFrame:
    """Return the subjects whose status differs: guideline, subject, account_id, school_id,

    before and after (str, a status; missing where that policy does not have the guideline).
    With `late`, "meets, late" differs from "meets". Sorted by guideline and subject.
    """
    sides = [
        _status(standing, late).set_index(["guideline", "subject"])[
            ["account_id", "school_id", "status"]
        ]
        for standing in (before, after)
    ]
    both = sides[0].combine_first(sides[1])[["account_id", "school_id"]]
    both = both.assign(before=sides[0]["status"], after=sides[1]["status"])
    moved = both[both["before"].fillna("") != both["after"].fillna("")].sort_index().reset_index()
    return moved[[*_KEYS, "before", "after"]]


def _status(standing: Standing, late: bool) -> pd.DataFrame:
    status = standing.status
    if not late:
        return status
    was_late = status["late"].fillna(False).astype(bool)
    return status.assign(status=status["status"].mask(was_late, "meets, late"))
