"""Why each finding moved in a month, from the dates alone.

In: an assessment and a day. Out: one row a finding and move, with exactly one reason.
Traps: a finding opened and closed in one month moves twice; the first reason that fits counts.
What moved since an earlier edition, for other reasons too, is told by `since`.
"""

import numpy as np
import pandas as pd

from nmsdreports.policy.assess import Assessment
from nmsdreports.policy.intervals import OPEN, Spans, to_days


def moved(
    assessment: Assessment, as_of: pd.Timestamp, first: pd.Timestamp | None = None
) -> pd.DataFrame:
    """Return the findings opened, closed or still open in the month of ``as_of``, with the reason.

    With ``first`` those of the days from it to ``as_of``.

    Columns: finding_id, guideline, subject, account_id, school_id (str), opened_on, closed_on
    (datetime64, NaT while open at ``as_of``), move (opened, closed, still open) and reason:
    exception ended, evidence ran out, new duty, reported · met, account closed, resolved ·
    exception began, became overdue, unchanged.
    """
    first = as_of.replace(day=1) if first is None else first
    found = assessment.findings[assessment.findings["opened_on"] <= as_of]
    found = found.assign(closed_on=found["closed_on"].where(found["closed_on"] <= as_of))
    opened = found[found["opened_on"] >= first]
    closed = found[found["closed_on"] >= first]
    before = found[(found["opened_on"] < first) & found["closed_on"].isna()]
    parts = [
        opened.assign(move="opened", reason=_why_opened(opened, assessment, first, as_of)),
        closed.assign(move="closed", reason=closed["closed_by"]),
        before.assign(move="still open", reason=_why_open(before, assessment, first, as_of)),
    ]
    columns = [
        *("finding_id", "guideline", "subject", "account_id", "school_id"),
        *("opened_on", "closed_on", "move", "reason"),
    ]
    table = pd.concat(parts, ignore_index=True)[columns]
    return table.sort_values(["finding_id", "move"], ascending=[True, False], ignore_index=True)


def _why_opened(
    found: pd.DataFrame, assessment: Assessment, first: pd.Timestamp, as_of: pd.Timestamp
) -> pd.Series:
    opened = found["opened_on"].clip(lower=first)
    incident = (found["position"] < 0).to_numpy()
    exception_ended = _within(assessment.excepted, "stop", found["position"], opened, as_of)
    acts = assessment.acts
    ends = pd.MultiIndex.from_frame(acts.loc[acts["counts"], ["position", "stop"]])
    days = to_days(found["opened_on"], OPEN)
    ran_out = pd.MultiIndex.from_arrays([found["position"], days]).isin(ends)
    reason = np.select(
        [incident, exception_ended, ran_out],
        ["reported", "exception ended", "evidence ran out"],
        "new duty",
    )
    return pd.Series(reason, found.index, dtype="str")


def _why_open(
    found: pd.DataFrame, assessment: Assessment, first: pd.Timestamp, as_of: pd.Timestamp
) -> pd.Series:
    since = pd.Series(first, found.index)
    began = _within(assessment.excepted, "start", found["position"], since, as_of)
    overdue = found["due_on"].between(first, as_of)
    reason = np.select([began, overdue], ["exception began", "became overdue"], "unchanged")
    return pd.Series(reason, found.index, dtype="str")


def _within(
    spans: Spans, end: str, position: pd.Series, since: pd.Series, until: pd.Timestamp
) -> np.ndarray:
    """Return whether a span of each position has that end from ``since`` to ``until``."""
    ends = pd.DataFrame({"position": spans.key, "day": getattr(spans, end)})
    asked = pd.DataFrame({"position": position.to_numpy(), "since": to_days(since, OPEN)})
    asked = asked.rename_axis("asked").reset_index().merge(ends, on="position")
    last = to_days(pd.Series([until]), OPEN)[0]
    hit = asked[asked["day"].between(asked["since"], last)]
    return np.isin(np.arange(len(position)), hit["asked"])
