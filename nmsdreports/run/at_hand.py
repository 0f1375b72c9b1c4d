"""What a worker has read and judged once, for every notebook that asks for the same again.

`load` and `assess` as a notebook imports them from the package; both give what the real ones give.
Each notebook gets frames of its own: pandas copies one when it is written to, so what a notebook
does to its records reaches no other; and records that it did change are judged anew.
"""

import dataclasses
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import nmsdreports
from nmsdreports import intake, policy
from nmsdreports.intake import Records
from nmsdreports.policy import Assessment, Policy, Standing

# What an edition looks up of a day.
_LOOKED_UP = (
    *("status", "findings", "rates", "incidents", "moves", "trend", "in_time", "approvals"),
    *("notifications", "in_use", "watch"),
)


def keep_at_hand() -> None:
    """Let the notebooks that run in this process have what was read and judged before."""
    nmsdreports.load, nmsdreports.assess = load, assess


def load(source: str | Path, *, read_on: date | None = None, **how: Any) -> Records:
    """Read a folder as :func:`intake.load` does, once for each day of reading."""
    if read_on is None or how:
        return intake.load(source, read_on=read_on, **how)
    return dataclasses.replace(_read(str(source), read_on), **_own(_read(str(source), read_on)))


def assess(records: Records, by: Policy | None = None) -> Assessment:
    """Judge records as :func:`policy.assess` does; those of :func:`load` once."""
    key = (str(records.source), records.read_on)
    if by is not None or not _unchanged(records, _read(*key)):
        return policy.assess(records, by)
    kept = object.__new__(_Kept)
    vars(kept).update(_own(_judged(*key)), records=records)
    return kept


class _Kept(Assessment):
    """An assessment whose days are looked up once."""

    def at(self, day: Any) -> Standing:
        """Return the look-ups of one day, as of :meth:`Assessment.at`."""
        standing = super().at(day)
        key = (str(self.records.source), self.records.read_on)
        vars(standing).update(_own(_seen(*key, standing.as_of)), assessment=self)
        return standing


@cache
def _read(source: str, read_on: date) -> Records:
    return intake.load(source, read_on=read_on)


@cache
def _judged(source: str, read_on: date) -> Assessment:
    return policy.assess(_read(source, read_on))


@cache
def _seen(source: str, read_on: date, day: pd.Timestamp) -> Standing:
    standing = _judged(source, read_on).at(day)
    for name in _LOOKED_UP:
        getattr(standing, name)
    return standing


def _own(one: object) -> dict[str, Any]:
    """What an object holds, each frame as one that can be changed without changing the other."""
    return {
        name: value.copy(deep=False) if isinstance(value, pd.DataFrame) else value
        for name, value in vars(one).items()
    }


def _unchanged(records: Records, kept: Records) -> bool:
    ours, theirs = vars(records), vars(kept)
    return all(
        value.equals(theirs[name]) if isinstance(value, pd.DataFrame) else value == theirs[name]
        for name, value in ours.items()
    )
