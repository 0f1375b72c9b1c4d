"""What happens to accounts: concerns, incidents and emergencies, and the findings they are."""

import numpy as np

from nmsdreports.simulate.names import numbered
from nmsdreports.simulate.plot import NEVER, Plot

_ANSWER = 5


def concerns(plot: Plot) -> None:
    """Parents' concerns, answered in time, late or never; they do not end with their account."""
    size = len(plot.accounts) // 10
    at = plot.chance.integers(0, len(plot.accounts), size)
    received = plot.chance.integers(plot.column("launched")[at], plot.last + 1)
    story = plot.split(size, early=0.7, late=0.2, never=0.1)
    late = received + _ANSWER + plot.days(1, 30, size)
    early = received + plot.days(0, _ANSWER + 1, size)
    answered = np.select([story == "early", story == "late"], [early, late], NEVER)
    ids = numbered("C", np.arange(size)).to_numpy()
    category = plot.split(size, privacy=0.5, content=0.3, access=0.2)
    row = {"concern_id": ids, "received_on": received, "category": category}
    plot.log("concerns", at, "received_on", responded_on=answered, **row)
    start = received + _ANSWER
    cases = {
        "late": (start, late, "a concern answered late"),
        "never": (start, NEVER, "a concern never answered"),
    }
    plot.tell("concern-response", at, story, cases, ids, ends=False)


def incidents(plot: Plot) -> None:
    """Incidents: each is a finding of its guideline from its report until it is resolved."""
    size = len(plot.accounts) // 10
    at = plot.chance.integers(0, len(plot.accounts), size)
    reported = plot.chance.integers(plot.column("launched")[at], plot.last + 1)
    shares = {"conduct-standards": 0.5, "student-identity": 0.3, "logo-use": 0.2}
    guideline = plot.split(size, **shares)
    outcome = plot.split(size, alleged=0.3, substantiated=0.4, unsubstantiated=0.3)
    resolved = reported + plot.days(0, 90, size)
    resolved = np.where(plot.chance.random(size) < 0.7, resolved, NEVER)
    ids = numbered("I", np.arange(size)).to_numpy()
    row = {"incident_id": ids, "guideline": guideline, "substantiation": outcome}
    _log_incidents(plot, at, reported_on=reported, resolved_on=resolved, **row)
    # What was not substantiated is closed, be it on the day on which it was reported.
    shut = (outcome == "unsubstantiated") & (resolved > plot.last)
    stop = np.where(shut, reported, resolved)
    for name in np.unique(guideline):
        cases = {name: (reported, stop, "incident")}
        plot.tell(name, at, guideline, cases, ids, ends=False)


def emergencies(plot: Plot) -> None:
    """Contact in an emergency: the supervisor is told within a day, late or never."""
    size = len(plot.accounts) // 50
    at = plot.chance.integers(0, len(plot.accounts), size)
    occurred = plot.chance.integers(plot.column("launched")[at], plot.last + 1)
    story = plot.split(size, early=0.6, late=0.25, never=0.15)
    late = occurred + 1 + plot.days(1, 10, size)
    told = np.select([story == "early", story == "late"], [occurred + 1, late], NEVER)
    ids = numbered("E", np.arange(size)).to_numpy()
    row = {"incident_id": ids, "guideline": "personal-contact", "emergency": "yes"}
    _log_incidents(plot, at, occurred_on=occurred, supervisor_notified_on=told, **row)
    start = occurred + 1
    cases = {
        "late": (start, late, "an emergency told late"),
        "never": (start, NEVER, "an emergency never told"),
    }
    plot.tell("emergency-notice", at, story, cases, ids, ends=False)


def _log_incidents(plot: Plot, at: np.ndarray, **columns: object) -> None:
    plot.log("incidents", at, None, school_id=plot.column("school_id")[at], **columns)
