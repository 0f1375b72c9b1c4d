"""One day's look-ups in an assessment: statuses, open findings, rates, moves, trend.

In: :class:`Assessment` and a day. Out: :class:`Standing`, whose frames are computed when asked
for and kept. No duty is computed here.
Traps: "of the month" means from the month's first day to the as-of day; ``*`` is the district.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from nmsdreports.intake.looks import looks
from nmsdreports.policy import changes, launches, school_years, watch
from nmsdreports.policy.assess import Assessment
from nmsdreports.policy.counts import DISTRICT, RATED, Grid, column_of
from nmsdreports.policy.frames import spelled
from nmsdreports.policy.guidelines import Policy
from nmsdreports.policy.intervals import OPEN, to_dates, to_days
from nmsdreports.policy.looks import STANDING, look_of_standing
from nmsdreports.policy.reasons import reasons
from nmsdreports.policy.spells import STATUSES

MONTHS = 24


@dataclass(frozen=True)
class Standing:
    """How every guideline stood at the end of one day, ``as_of``."""

    assessment: Assessment
    as_of: pd.Timestamp

    __repr__, _repr_html_, __dir__, __getattr__ = looks(look_of_standing, STANDING)

    @property
    def records(self) -> Any:
        """The records that were judged."""
        return self.assessment.records

    @property
    def policy(self) -> Policy:
        """The guidelines they were judged by."""
        return self.assessment.policy

    @property
    def month(self) -> str:
        """The month of the as-of day, as ``2026-10``."""
        return f"{self.as_of:%Y-%m}"

    @cached_property
    def status(self) -> pd.DataFrame:
        """One row a guideline of method record and subject.

        Columns: guideline, subject, account_id, school_id, status, underlying_status (str, of an
        excepted one), late (boolean, NA where it does not meet), reason (str), since
        (datetime64, first day of the present status, NaT where undefined).
        """
        assessment, day = self.assessment, self._day
        spells = assessment.spells
        now = spells[(spells["start"] <= day) & (day < spells["stop"])]
        now = now.take(np.argsort(assessment.ranks[now["position"]])).reset_index(drop=True)
        subjects = assessment.subjects.take(now["position"]).reset_index(drop=True)
        status, excepted = now["status"].to_numpy(), STATUSES.index("excepted")
        meets = status == STATUSES.index("meets")
        late = meets & (subjects["first_gap"] <= day).to_numpy()
        keys = ["guideline", "subject", "account_id", "school_id"]
        return subjects[keys].assign(
            status=spelled(STATUSES, status),
            underlying_status=spelled(["does not meet"], np.where(status == excepted, 0, -1)),
            late=pd.arrays.BooleanArray(late, ~meets),
            reason=reasons(now, subjects, late, assessment, day),
            since=to_dates(now["start"].to_numpy()),
        )

    @cached_property
    def findings(self) -> pd.DataFrame:
        """One row a finding opened on or before the as-of day.

        Columns: finding_id, guideline, subject, account_id, school_id, severity (str), opened_on,
        closed_on (datetime64, NaT while open), closed_by (str), due_on (datetime64), open,
        overdue (bool), days_open (int, calendar days), excepted (bool).
        """
        found = self.assessment.findings
        found = found[found["opened_on"] <= self.as_of]
        closed_on = found["closed_on"].where(found["closed_on"] <= self.as_of)
        still_open = closed_on.isna()
        until = closed_on.fillna(self.as_of + pd.Timedelta(days=1))
        spans = self.assessment.excepted
        now = spans.key[(spans.start <= self._day) & (self._day < spans.stop)]
        found = found.assign(
            closed_on=closed_on,
            closed_by=found["closed_by"].where(~still_open),
            open=still_open,
            overdue=still_open & (found["due_on"] <= self.as_of),
            days_open=(until - found["opened_on"]).dt.days,
            excepted=still_open & found["position"].isin(now),
        )
        columns = [
            *("finding_id", "guideline", "subject", "account_id", "school_id", "severity"),
            *("opened_on", "closed_on", "closed_by", "due_on", "open", "overdue", "days_open"),
            "excepted",
        ]
        return found[columns].sort_values("finding_id", ignore_index=True)

    @cached_property
    def rates(self) -> pd.DataFrame:
        """One row a guideline of method record and school (``*``: district).

        Columns: guideline, school_id (str), applicable, meets, does_not_meet, excepted,
        not_assessed, upcoming, ended (int), rate, rate_with_exceptions, coverage (fractions 0–1,
        NaN where nothing applies).
        """
        rules = [part.rule.id for part in self.assessment.parts]
        grid = self._grid(rules)
        counts = {
            name: by_day[0].astype(np.int64)
            for name, by_day in grid.count_statuses(
                self.assessment.parts, [self._day], STATUSES
            ).items()
        }
        counted = counts["meets"] + counts["does_not_meet"] + counts["excepted"]
        assessed = counted + counts["not_assessed"]
        columns = {
            "applicable": assessed + counts["upcoming"] + counts["ended"],
            **{name: counts[name] for name in map(column_of, RATED)},
            "upcoming": counts["upcoming"],
            "ended": counts["ended"],
            "rate": _fraction(counts["meets"], counted),
            "rate_with_exceptions": _fraction(counts["meets"] + counts["excepted"], counted),
            "coverage": _fraction(counted, assessed),
        }
        return grid.table(columns)

    @cached_property
    def incidents(self) -> pd.DataFrame:
        """One row a guideline but advice and school: incidents opened in the month and in 12.

        Columns: guideline, school_id (str), reported, substantiated, unsubstantiated, open (int;
        of the month of the as-of day, ``open`` those of them still open then) and the same four
        with ``_12m``, of the 12 months ending with it.
        """
        found = self.assessment.incidents
        found = found[found["opened_on"] <= self.as_of]
        is_open = found["closed_on"].isna() | (found["closed_on"] > self.as_of)
        # What was withdrawn counts as reported and as nothing else.
        is_open &= found["substantiation"] != "withdrawn"
        kinds = {
            "reported": pd.Series(True, found.index),
            "substantiated": found["substantiation"] == "substantiated",
            "unsubstantiated": found["substantiation"] == "unsubstantiated",
            "open": is_open,
        }
        first = self.as_of.replace(day=1)
        grid = self._grid(rules=self._judging)
        columns = {}
        for ending, since in (("", first), ("_12m", first - pd.DateOffset(months=11))):
            within = found["opened_on"] >= since
            for name, chosen in kinds.items():
                columns[name + ending] = grid.count(found[within & chosen], self.policy)
        return grid.table(columns)

    @cached_property
    def moves(self) -> pd.DataFrame:
        """One row a guideline but advice and school: findings of the month of the as-of day.

        Columns: guideline, school_id (str), open_before, opened, closed, open_now (int).
        """
        found = self.assessment.findings
        found = found[found["opened_on"] <= self.as_of]
        closed_on = found["closed_on"].where(found["closed_on"] <= self.as_of)
        first = self.as_of.replace(day=1)
        grid = self._grid(rules=self._judging)
        moves = {
            "open_before": found[(found["opened_on"] < first) & ~(closed_on < first)],
            "opened": found[found["opened_on"] >= first],
            "closed": found[closed_on >= first],
            "open_now": found[closed_on.isna()],
        }
        return grid.table({name: grid.count(rows, self.policy) for name, rows in moves.items()})

    @cached_property
    def changes(self) -> pd.DataFrame:
        """One row a finding and move in the month, with its reason (see :func:`changes.moved`)."""
        return changes.moved(self.assessment, self.as_of)

    @cached_property
    def trend(self) -> pd.DataFrame:
        """One row a month of the 24 ending with the as-of day's, guideline but advice and school.

        Columns: month (str, ``2026-10``), guideline, school_id (str), meets, does_not_meet,
        excepted, not_assessed (int, 0 where the guideline has no duty), rate (fraction 0–1, NaN
        where nothing applies), open_findings (int), each at the month's end, the last one at the
        as-of day.
        """
        months = pd.period_range(end=self.as_of.to_period("M"), periods=MONTHS, freq="M")
        ends = pd.Series(months.end_time.normalize())
        ends.iloc[-1] = self.as_of
        days = to_days(ends, OPEN)
        rules = self._judging
        grid = self._grid(rules)
        counts = grid.count_statuses(self.assessment.parts, days, RATED)
        # A subject that does not meet a guideline, excepted or not, has one finding open.
        not_met = counts["does_not_meet"] + counts["excepted"]
        incidents = grid.count_open(self.assessment.incidents, days)
        return grid.by_month(
            months.astype("str"),
            {
                **counts,
                "rate": _fraction(counts["meets"], counts["meets"] + not_met),
                "open_findings": not_met + incidents,
            },
        )

    @cached_property
    def in_time(self) -> pd.DataFrame:
        """One row an account launched by the as-of day (see :func:`launches.in_time`)."""
        return launches.in_time(self.assessment, self.as_of)

    @cached_property
    def approvals(self) -> pd.DataFrame:
        """One row an account of the registry (see :func:`launches.approvals`)."""
        return launches.approvals(self.assessment, self.status, self.as_of)

    @cached_property
    def notifications(self) -> pd.DataFrame:
        """One row a subject of parent notices (see :func:`launches.notifications`)."""
        return launches.notifications(self.assessment, self.status, self.as_of)

    @cached_property
    def in_use(self) -> pd.DataFrame:
        """One row a school (``*``: district): school_id (str), accounts, in_use (int).

        ``in_use`` counts the accounts launched and not closed at the as-of day.
        """
        accounts = self.records.accounts
        launched = accounts["launched_on"] <= self.as_of
        used = launched & ~(accounts["closed_on"] <= self.as_of)
        schools = self.records.schools["school_id"]
        table = pd.DataFrame({"school_id": schools})
        for name, chosen in (("accounts", accounts), ("in_use", accounts[used])):
            count = chosen["school_id"].value_counts()
            table[name] = schools.map(count).fillna(0).astype("int64")
        total = pd.DataFrame(
            {"school_id": [DISTRICT], "accounts": [len(accounts)], "in_use": [int(used.sum())]}
        )
        return pd.concat([total, table], ignore_index=True)

    @cached_property
    def school_years(self) -> pd.DataFrame:
        """One row a school year and board category (see :func:`school_years.school_years`)."""
        return school_years.school_years(self.assessment, self.as_of)

    @cached_property
    def watch(self) -> pd.DataFrame:
        """One row an entry of a watch list (see :func:`watch.watch`)."""
        return watch.watch(self.assessment, self.as_of)

    def explain(self, account_id: str) -> pd.DataFrame:
        """Return what led to the day's verdicts on an account (see :func:`explain.explain`)."""
        return self.assessment.explain(account_id, self.as_of)

    @property
    def _day(self) -> int:
        return int(to_days(pd.Series([self.as_of]), OPEN)[0])

    @property
    def _judging(self) -> list[str]:
        return [rule.id for rule in self.policy.rules if rule.method != "advice"]

    def _grid(self, rules: list[str]) -> Grid:
        return Grid(rules, self.records.schools["school_id"].tolist())


def _fraction(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
