"""A made-up district of which every finding is known, because it was planted.

For each guideline an account gets one of a few stories (approved in time, late, by its own owner,
for a term that ran out …); the story says which cells and rows to write and which findings follow.
In: how many accounts, how many months of history, a seed. Out: the tables and the truth.
Traps: the truth comes from the stories, never from judging the tables; the history ends on a fixed
day, so that the same seed gives the same bytes on whatever day it is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nmsdreports.simulate import events, stories
from nmsdreports.simulate.by_chance import ACCOUNTS_PER_SCHOOL, LAST_DAY
from nmsdreports.simulate.names import SOMEBODY, numbered, owner_email, person, principal
from nmsdreports.simulate.plot import NEVER, Plot, as_dates, truth_of

_FEWEST_DAYS = 25
_STORIES = (
    *(stories.values, stories.approvals, stories.admins, stories.registry_days),
    *(stories.notices, stories.activities, stories.reviews),
    *(events.concerns, events.incidents, events.emergencies),
)


@dataclass(frozen=True)
class Planted:
    """A district: its tables by name with the columns of intake, and its findings.

    `truth` has the columns of :data:`plot.TRUTH`, as of the history's last day.
    """

    tables: dict[str, pd.DataFrame]
    truth: pd.DataFrame


def plant(accounts: int, months: int, seed: int | Sequence[int]) -> Planted:
    """Return a district of so many accounts, launched in so many months up to the last day."""
    chance = np.random.default_rng(seed)
    last = int(LAST_DAY.to_datetime64().astype("datetime64[D]").astype(np.int64))
    first = LAST_DAY - pd.DateOffset(months=months)
    begin = int(first.to_datetime64().astype("datetime64[D]").astype(np.int64))
    schools = max(2, accounts // ACCOUNTS_PER_SCHOOL)
    people = schools * max(2, accounts // schools // 4)
    school = chance.integers(0, schools, accounts)
    launched = chance.integers(begin, last - _FEWEST_DAYS, accounts)
    closed = launched + chance.integers(_FEWEST_DAYS, 700, accounts)
    closing = (chance.random(accounts) < 0.15) & (closed <= last)
    plot = Plot(
        chance,
        pd.DataFrame(
            {
                "account_id": numbered("A", np.arange(accounts)),
                "school_id": numbered("S", school),
                "school": school,
                "owner": school + schools * chance.integers(0, people // schools, accounts),
                "launched": launched,
                "closed": np.where(closing, closed, NEVER),
                "students": chance.random(accounts) < 0.5,
            }
        ),
        last,
    )
    for story in _STORIES:
        story(plot)
    tables = {
        "schools": _schools(schools),
        "staff": _staff(schools, people),
        "accounts": _accounts(plot),
        **{name: pd.concat(parts, ignore_index=True) for name, parts in plot.logs.items()},
    }
    return Planted(tables, truth_of(plot))


def _schools(schools: int) -> pd.DataFrame:
    number = np.arange(schools)
    levels = np.array(["elementary", "middle", "high"])
    return pd.DataFrame(
        {
            "school_id": numbered("S", number),
            "name": numbered("Sample School ", number),
            "level": levels[number % 3],
            "principal": numbered("Sample Principal ", number),
            "principal_email": numbered("principal", number) + "@example.org",
        }
    )


def _staff(schools: int, people: int) -> pd.DataFrame:
    leading, working = np.arange(schools), np.arange(people)
    began = as_dates(np.full(schools + people + 1, _long_ago())).array
    return pd.DataFrame(
        {
            "email": [*principal(leading), *person(working), SOMEBODY],
            "name": [
                *numbered("Sample Principal ", leading),
                *numbered("Sample Person ", working),
                "Sample Somebody",
            ],
            "school_id": [*numbered("S", leading), *numbered("S", working % schools), None],
            "supervisor_email": [None] * schools + [*principal(working % schools), None],
            "approves_for": ["school"] * schools + [None] * (people + 1),
            "from": began,
        }
    )


def _accounts(plot: Plot) -> pd.DataFrame:
    number = np.arange(len(plot.accounts))
    platforms = np.array(["facebook", "instagram", "x", "youtube"])
    return pd.DataFrame(
        {
            "account_id": plot.column("account_id"),
            "school_id": plot.column("school_id"),
            "platform": platforms[number % len(platforms)],
            "handle": numbered("@sample", number),
            "owner": numbered("Sample Person ", plot.column("owner")),
            "owner_email": owner_email(plot, number),
            "launched_on": as_dates(plot.column("launched")),
            "closed_on": as_dates(plot.column("closed")),
            **plot.cells,
        }
    )


def _long_ago() -> int:
    return int(np.datetime64("2004-09-01").astype(np.int64))
