"""Incidents are their own findings: opened when reported, closed when resolved.

In: the incident log. Out: findings of all time, and which incidents an emergency's notice judges.
Traps: an incident never changes the record-based status of an account; unsubstantiated and
withdrawn ones are closed on the day they were resolved, else on the day they were opened.
"""

from typing import Any

import numpy as np
import pandas as pd

from nmsdreports.policy.guidelines import Policy

EMERGENCY_GUIDELINES = ("personal-contact", "emergency-notice")
NO_VIOLATION = ("unsubstantiated", "withdrawn")


def is_judged_emergency(incidents: pd.DataFrame) -> pd.Series:
    """Return which incidents are no finding of their own because Personal use 2 judges them."""
    return (incidents["emergency"] == "yes") & incidents["guideline"].isin(EMERGENCY_GUIDELINES)


def incident_findings(records: Any, policy: Policy) -> pd.DataFrame:
    """Return one row an incident finding, with the columns of :attr:`Assessment.findings`.

    Without ``position``, ``rule`` and ``school``, with ``substantiation`` (str). ``subject`` is the
    incident's id, ``severity`` its own where given; ``closed_on`` (datetime64, NaT while open) is
    never before ``opened_on``.
    """
    incidents = records.incidents
    incidents = incidents[~is_judged_emergency(incidents)]
    opened = incidents["reported_on"].fillna(incidents["occurred_on"])
    closed = incidents["resolved_on"].where(
        incidents["resolved_on"].isna() | (incidents["resolved_on"] >= opened), opened
    )
    dismissed = incidents["substantiation"].isin(NO_VIOLATION)
    closed = closed.where(~(dismissed & closed.isna()), opened)
    fix_within = incidents["guideline"].map(policy.guidelines["fix_within"]).astype("int64")
    found = pd.DataFrame(
        {
            "finding_id": incidents["guideline"] + ":incident:" + incidents["incident_id"],
            "guideline": incidents["guideline"],
            "subject": incidents["incident_id"],
            "account_id": incidents["account_id"],
            "school_id": incidents["school_id"],
            "severity": incidents["severity"].fillna(
                incidents["guideline"].map(policy.guidelines["severity"])
            ),
            "opened_on": opened,
            "closed_on": closed,
            "closed_by": pd.Series(
                np.where(closed.notna(), "resolved", None), incidents.index, dtype="str"
            ),
            "due_on": opened + pd.to_timedelta(fix_within, unit="D"),
            "substantiation": incidents["substantiation"],
        }
    )
    return found.reset_index(drop=True)
