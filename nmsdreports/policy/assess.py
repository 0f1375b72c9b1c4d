"""Duties and findings of all time: ``findings = duties − evidence``.

In: Records and Policy. Out: :class:`Assessment`, computed once, guideline by guideline; every day
is a look-up in it.
Traps: a position is a subject's row label in :attr:`Assessment.subjects`, all guidelines' subjects
one below the other; inside a guideline's part row labels count from 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from nmsdreports.intake.looks import looks
from nmsdreports.policy.duties import Judged, judge
from nmsdreports.policy.evidence import PERSON
from nmsdreports.policy.frames import halved, spelled, stacked, texts
from nmsdreports.policy.guidelines import Policy, read_policy
from nmsdreports.policy.incidents import incident_findings
from nmsdreports.policy.intervals import OPEN, Spans, nothing, to_dates
from nmsdreports.policy.looks import ASSESSMENT, look_of_assessment
from nmsdreports.policy.register import Register
from nmsdreports.policy.undecided import unreadable_values

_TEXTS = ("finding_id", "guideline", "subject", "account_id", "school_id", "severity", "closed_by")
# Each other column of the findings, from a part, its first position and its rule's place.
_NUMBERS: dict[str, Callable[[Judged, int, int], Any]] = {
    "opened_on": lambda part, *_: to_dates(part.gaps.start),
    "closed_on": lambda part, *_: to_dates(part.gaps.stop),
    "due_on": lambda part, *_: to_dates(part.gaps.start + part.rule.fix_within),
    "position": lambda part, first, _: part.gaps.key + np.int32(first),
    "rule": lambda part, _, place: np.full(len(part.gaps), place, dtype=np.int32),
    "school": lambda part, *_: part.subjects["school"].to_numpy()[part.gaps.key],
}


@dataclass(frozen=True)
class Assessment:
    """What was owed and what was missing, for all time.

    ``parts`` one guideline of method record each; the other tables are theirs together.
    """

    records: Any
    policy: Policy
    register: Register
    parts: tuple[Judged, ...]

    __repr__, _repr_html_, __dir__, __getattr__ = looks(look_of_assessment, ASSESSMENT)

    def at(self, day: Any) -> "Standing":  # noqa: F821
        """Return the look-ups of one day (end of day): a date, Timestamp or "YYYY-MM-DD"."""
        from nmsdreports.policy.standing import Standing

        return Standing(self, pd.Timestamp(day).normalize())

    def explain(self, account_id: str, as_of: Any = None) -> pd.DataFrame:
        """Return what led to the verdicts on an account (see :func:`explain.explain`).

        As of the end of a day, or of the one on which the records were read.
        """
        from nmsdreports.policy.explain import explain

        day = self.records.read_on if as_of is None else pd.Timestamp(as_of)
        return explain(self, account_id, day.normalize())

    @cached_property
    def subjects(self) -> pd.DataFrame:
        """One row a guideline and subject.

        guideline, kind, subject, account_id, school_id, not_applicable, undecided (str), planned,
        assumed (bool), first_gap (int day of the first uncovered day, OPEN for none) and the other
        columns of :class:`Judged`.
        """
        return pd.concat(
            [
                texts(part.subjects).assign(
                    guideline=pd.Series(part.rule.id, part.subjects.index, dtype="str"),
                    kind=pd.Series(part.rule.subject, part.subjects.index, dtype="str"),
                    first_gap=part.first_gap,
                )
                for part in self.parts
            ],
            ignore_index=True,
        )

    @cached_property
    def ranks(self) -> np.ndarray:
        """The place of each position among all, by guideline and subject."""
        order = self.subjects[["guideline", "subject"]].sort_values(["guideline", "subject"])
        ranks = np.empty(len(order), dtype=np.int32)
        ranks[order.index] = np.arange(len(order), dtype=np.int32)
        return ranks

    @cached_property
    def spells(self) -> pd.DataFrame:
        """One row a subject and uninterrupted status: position and :attr:`Judged.spells`."""
        return self._placed([part.spells for part in self.parts])

    @cached_property
    def duties(self) -> Spans:
        """What each position owed."""
        return self._keyed("duties")

    @cached_property
    def gaps(self) -> Spans:
        """What of it nothing covered."""
        return self._keyed("gaps")

    @cached_property
    def excepted(self) -> Spans:
        """The days inside an exception in force."""
        return self._keyed("excepted")

    @cached_property
    def acts(self) -> pd.DataFrame:
        """One row a position and piece of evidence.

        position, start, stop, day (int days; ALWAYS of a value), counts (bool), note, table,
        column, person, group (str) and index (with table and column the cell of the day).
        """
        acts = self._placed([texts(part.acts) for part in self.parts])
        person = pd.Series(pd.NA, acts.index, dtype="str")
        for (table, column), who in PERSON.items():
            named = (acts["table"] == table) & (acts["column"] == column)
            person[named] = getattr(self.records, table)[who].reindex(acts["index"][named]).array
        return acts.assign(person=person)

    @cached_property
    def invited(self) -> pd.DataFrame:
        """One row a subject of parent notices and group: position, group (str), starts (int)."""
        return self._placed([texts(part.invited) for part in self.parts])

    @cached_property
    def findings(self) -> pd.DataFrame:
        """One row a finding.

        finding_id, guideline, subject, account_id, school_id, severity (str), opened_on, closed_on
        (NaT: still open), closed_by (met, account closed, resolved), due_on; position (-1 for an
        incident), rule (int, place in the policy's rules), school (int, row label of the schools
        table, -1 for none).
        """
        places = [rule.id for rule in self.policy.rules]
        found = stacked([*map(_texts, self.parts), self.incidents[[*_TEXTS]]])
        # One column at a time, so that only one stands twice in memory, in parts and whole.
        for name, numbers in _NUMBERS.items():
            parts = [
                pd.Series(numbers(part, first, places.index(part.rule.id)))
                for part, first in zip(self.parts, self._offsets, strict=True)
            ]
            found[name] = pd.concat([*parts, self.incidents[name]], ignore_index=True)
        return found

    @cached_property
    def incidents(self) -> pd.DataFrame:
        """The incidents' rows of :attr:`findings`, with ``substantiation`` (str)."""
        found = incident_findings(self.records, self.policy)
        places = pd.Index([rule.id for rule in self.policy.rules])
        return halved(
            found.assign(
                position=-1,
                rule=places.get_indexer(found["guideline"]),
                school=self.register.school_of(found["school_id"]),
            )
        )

    @property
    def _offsets(self) -> np.ndarray:
        return np.cumsum([0, *(len(part.subjects) for part in self.parts)])[:-1]

    def _placed(self, tables: list[pd.DataFrame]) -> pd.DataFrame:
        return pd.concat(
            [
                table.assign(position=table["position"] + offset)
                for table, offset in zip(tables, self._offsets, strict=True)
            ],
            ignore_index=True,
        )

    def _keyed(self, name: str) -> Spans:
        parts = [nothing(), *(getattr(part, name) for part in self.parts)]
        keys = [part.key + at for part, at in zip(parts, [0, *self._offsets], strict=True)]
        return Spans(
            np.concatenate(keys),
            np.concatenate([part.start for part in parts]),
            np.concatenate([part.stop for part in parts]),
        )


def assess(records: Any, policy: Policy | None = None) -> Assessment:
    """Return the assessment of records by a policy (default: the one their settings name)."""
    policy = policy or read_policy(records.settings)
    register = Register(records)
    unreadable = unreadable_values(records)
    parts = tuple(judge(rule, register, policy, unreadable) for rule in policy.recorded())
    return Assessment(records, policy, register, parts)


def _texts(part: Judged) -> pd.DataFrame:
    """Return the texts of one row a maximal uncovered piece of a duty, numbered by subject."""
    gaps, rule = part.gaps, part.rule
    own = part.subjects
    subject = own["subject"].take(gaps.key).reset_index(drop=True)
    of_account = rule.subject == "account"
    last_day = np.full(len(own), OPEN)
    last_day[part.duties.key] = part.duties.stop
    met = gaps.stop < last_day[gaps.key]
    same = np.zeros(len(gaps), dtype=np.int8)
    way = np.where(gaps.stop == OPEN, -1, np.where(met, 0, 1)).astype(np.int8)
    return pd.DataFrame(
        {
            "finding_id": rule.id + ":" + _numbered(subject, gaps.key),
            "guideline": spelled([rule.id], same),
            "subject": subject,
            "account_id": subject if of_account else own["account_id"].take(gaps.key).array,
            "school_id": own["school_id"].take(gaps.key).array,
            "severity": spelled([rule.severity], same),
            "closed_by": spelled(["met", "account closed"], way),
        },
        copy=False,
    )


def _numbered(names: pd.Series, key: np.ndarray) -> pd.Series:
    """Return names with ``:2``, ``:3`` … where their key, in order, comes again."""
    row = np.arange(len(key))
    first = np.append(True, key[1:] != key[:-1])[: len(key)]
    if first.all():
        return names
    before = row - np.maximum.accumulate(np.where(first, row, 0))
    return names + spelled(
        ["", *(f":{number + 1}" for number in range(1, before.max() + 1))], before
    )
