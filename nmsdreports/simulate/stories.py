"""The stories of accounts: what is written for each, and which findings follow from it.

Each function gives every account one story of one guideline, writes its cells and rows, and tells
the findings. In time is in time, late is late by some days, and so on: nothing is judged here.
"""

import numpy as np
import pandas as pd

from nmsdreports.simulate.names import SOMEBODY, owner_email, supervisor
from nmsdreports.simulate.plot import NEVER, Plot

_EVERY = 30


def values(plot: Plot) -> None:
    """Purpose, audience and registered e-mail: given well, or wrong from the launch on."""
    size, launched = len(plot.accounts), plot.column("launched")
    every = np.arange(size)
    purpose = plot.split(
        size,
        instructional=0.4,
        educational=0.2,
        communication=0.2,
        extracurricular=0.15,
        other=0.05,
    )
    cases = {"other": (launched, NEVER, "another purpose")}
    plot.tell("program-purpose", every, purpose, cases)
    audience = plot.split(size, **{"class": 0.3, "team": 0.2, "school": 0.3, "public": 0.2})
    small = np.isin(audience, ["class", "team"])
    story = plot.split(size, private=0.8, reason=0.15, bare=0.05)
    story = np.where(small, story, "any")
    cases = {"bare": (launched, NEVER, "public without a reason")}
    plot.tell("audience-privacy", every, story, cases)
    away = plot.chance.random(size) < 0.05
    cases = {"away": (launched, NEVER, "registered with another address")}
    plot.tell("district-email", every, np.where(away, "away", "own"), cases)
    own = owner_email(plot, every)
    plot.cells.update(
        purpose=purpose,
        audience=audience,
        visibility=np.where(story == "private", "private", "public"),
        public_reason=pd.Series("families follow it", every).where(story == "reason"),
        registered_email=own.where(~away, own.str.replace("example.org", "example.net")),
    )


def approvals(plot: Plot) -> None:
    """Approvals: in time or late (in the registry or the log), by nobody entitled, for a term."""
    size, launched = len(plot.accounts), plot.column("launched")
    story = plot.split(
        size,
        early=0.58,
        late=0.12,
        never=0.05,
        own=0.05,
        stranger=0.04,
        renewed=0.08,
        lapsed=0.04,
        revoked=0.04,
    )
    late = plot.days(1, 60, size)
    before = launched - plot.days(0, 30, size)
    day = np.where(story == "late", launched + late, before)
    until = launched + plot.days(20, 300, size)
    again = until + 1 + plot.days(1, 40, size)
    leader, owner = supervisor(plot), owner_email(plot, np.arange(size))
    decider = leader.mask(story == "own", owner).mask(story == "stranger", SOMEBODY)
    in_registry = np.isin(story, ["early", "late"]) & (plot.chance.random(size) < 0.5)
    plot.cells.update(
        approved_on=plot.known(np.where(in_registry, day, NEVER)),
        approved_by=leader.where(in_registry & (day <= plot.last)),
    )
    logged = np.flatnonzero((story != "never") & ~in_registry)
    term = np.isin(story, ["renewed", "lapsed"])
    row = {"decision": "approved", "decided_by": decider[logged].array}
    plot.log(
        "approvals",
        logged,
        "decided_on",
        decided_on=day[logged],
        valid_until=np.where(term, until, NEVER)[logged],
        **row,
    )
    for word, decision, when in (("renewed", "approved", again), ("revoked", "revoked", until)):
        at = np.flatnonzero(story == word)
        by = {"decided_by": leader[at].array}
        plot.log("approvals", at, "decided_on", decision=decision, decided_on=when[at], **by)
    cases = {
        "late": (launched, launched + late, "approved late"),
        "never": (launched, NEVER, "never approved"),
        "own": (launched, NEVER, "approved by its owner"),
        "stranger": (launched, NEVER, "approved by somebody without authority"),
        "renewed": (until + 1, again, "the approval ran out and was renewed late"),
        "lapsed": (until + 1, NEVER, "the approval ran out"),
        "revoked": (until, NEVER, "the approval was revoked"),
    }
    plot.tell("supervisor-approval", np.arange(size), story, cases)


def admins(plot: Plot) -> None:
    """Admin rights: granted in time or late (in the registry or the log), to the owner, taken."""
    size, launched = len(plot.accounts), plot.column("launched")
    story = plot.split(size, early=0.74, late=0.1, never=0.05, own=0.05, taken=0.06)
    late, taken = plot.days(1, 60, size), launched + plot.days(20, 300, size)
    day = np.where(story == "late", launched + late, launched - plot.days(0, 20, size))
    leader, owner = supervisor(plot), owner_email(plot, np.arange(size))
    in_registry = np.isin(story, ["early", "late"]) & (plot.chance.random(size) < 0.5)
    plot.cells.update(
        admin_granted_on=plot.known(np.where(in_registry, day, NEVER)),
        admin_holder=leader.where(in_registry & (day <= plot.last)),
    )
    at = np.flatnonzero((story != "never") & ~in_registry)
    plot.log(
        "admins",
        at,
        "granted_on",
        person=leader.mask(story == "own", owner)[at].array,
        role=np.where(story == "own", "owner", "supervisor")[at],
        granted_on=day[at],
        revoked_on=np.where(story == "taken", taken, NEVER)[at],
    )
    cases = {
        "late": (launched, launched + late, "admin rights given late"),
        "never": (launched, NEVER, "admin rights never given"),
        "own": (launched, NEVER, "only the owner has admin rights"),
        "taken": (taken, NEVER, "admin rights taken back"),
    }
    plot.tell("admin-rights", np.arange(size), story, cases)


def registry_days(plot: Plot) -> None:
    """Label and report of use: one day in the registry; some missing labels are excepted."""
    size, launched = len(plot.accounts), plot.column("launched")
    every = np.arange(size)
    for guideline, column in (
        ("professional-label", "labelled_on"),
        ("use-reported", "reported_on"),
    ):
        shares = {"early": 0.82, "late": 0.12, "never": 0.06}
        if column == "labelled_on":
            shares |= {"never": 0.04, "excepted": 0.02}
        story = plot.split(size, **shares)
        late = launched + plot.days(1, 60, size)
        early = launched - plot.days(0, 10, size)
        day = np.select([story == "early", story == "late"], [early, late], NEVER)
        plot.cells[column] = plot.known(day)
        words = {"late": "late", "never": "never done", "excepted": "excepted"}
        cases = {
            word: (launched, late if word == "late" else NEVER, f"{column}: {said}")
            for word, said in words.items()
        }
        plot.tell(guideline, every, story, cases)
        at = np.flatnonzero(story == "excepted")
        if len(at):
            plot.log(
                "exceptions",
                at,
                "starts_on",
                guideline=guideline,
                reason="the site is being moved",
                approved_by=supervisor(plot)[at].array,
                starts_on=launched[at] + 10,
                expires_on=np.full(len(at), plot.last + 60),
            )


def notices(plot: Plot) -> None:
    """What parents are told of the account, in the registry or as a row of its own in the log."""
    size, launched, students = len(plot.accounts), plot.column("launched"), plot.column("students")
    story = np.where(students, plot.split(size, early=0.78, late=0.14, never=0.08), "none")
    late = launched + plot.days(1, 60, size)
    early = launched - plot.days(0, 14, size)
    day = np.select([story == "early", story == "late"], [early, late], NEVER)
    in_registry = plot.chance.random(size) < 0.5
    plot.cells["students_invited"] = np.where(students, "yes", "no")
    plot.cells["parents_notified_on"] = plot.known(np.where(in_registry, day, NEVER))
    at = np.flatnonzero(students & ~in_registry)
    plot.log("notices", at, None, sent_on=day[at], channel="letter")
    cases = {
        "late": (launched, late, "parents told late"),
        "never": (launched, NEVER, "parents never told"),
    }
    plot.tell("parent-notice", np.arange(size), story, cases)


def activities(plot: Plot) -> None:
    """An activity to which two groups are invited, of which one is told in time, late or never."""
    # Only on accounts with a notice in the log: elsewhere a first notice of any kind would count.
    told = plot.logs["notices"][0]["account_id"]
    known = np.flatnonzero(plot.accounts["account_id"].isin(told))
    at = known[plot.chance.random(len(known)) < 0.4]
    starts = plot.column("launched")[at] + plot.days(20, 200, len(at))
    story = plot.split(len(at), early=0.7, late=0.2, never=0.1)
    late = starts + plot.days(1, 30, len(at))
    second = np.select([story == "early", story == "late"], [starts - 3, late], NEVER)
    both = {"activity": "class trip", "starts_on": starts, "channel": "e-mail"}
    for invited, group, sent in (
        ("room 1|room 2", "room 1", starts - 3),
        ("room 2", "room 2", second),
    ):
        groups = {"groups_invited": invited, "groups_notified": group}
        plot.log("notices", at, None, sent_on=sent, **both, **groups)
    cases = {
        "late": (starts, late, "one invited group told late"),
        "never": (starts, NEVER, "one invited group never told"),
    }
    subject = plot.column("account_id")[at] + "/class trip"
    plot.tell("parent-notice", at, story, cases, subject)


def reviews(plot: Plot) -> None:
    """Reviews every 30 days: kept up, once late, or stopped."""
    at = np.flatnonzero(plot.column("students"))
    launched = plot.column("launched")[at]
    due = np.maximum(0, (plot.last - launched) // _EVERY)
    story = plot.split(len(at), kept=0.65, late=0.2, stopped=0.15)
    turn = plot.chance.integers(0, due + 1)
    delay = np.where(story == "late", plot.days(1, 20, len(at)), 0)
    made = np.where(story == "stopped", turn, due)
    which = np.repeat(np.arange(len(at)), made)
    number = np.arange(len(which)) - np.repeat(np.cumsum(made) - made, made)
    day = launched[which] + _EVERY * (number + 1) + delay[which] * (number >= turn[which])
    kept = (day <= plot.last) & (day < plot.column("closed")[at][which])
    plot.cells["monitored_on"] = pd.NaT  # the log has them all
    plot.log("reviews", at[which[kept]], "reviewed_on", reviewed_on=day[kept])
    start = launched + _EVERY * (turn + 1)
    cases = {
        "late": (start, start + delay, "a review late"),
        "stopped": (start, NEVER, "reviews stopped"),
    }
    plot.tell("student-monitoring", at, story, cases)
