"""What a new school year asks for: approvals, notices, reviews and grants anew, accounts to close.

In: an assessment, a school year and today. Out: one row a thing to do. Nothing is judged here: each
row is a piece of a duty that no evidence covers, an act that lies before the year, or an entry of a
watch list.
Traps: an approval with a term of its own follows that term, not the school year; each group of
parents is told for itself; what lapses every few weeks (reviews) is asked for once, at the start.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nmsdreports.policy import watch
from nmsdreports.policy.assess import Assessment
from nmsdreports.policy.guidelines import Guideline
from nmsdreports.policy.intervals import OPEN, difference, to_dates, to_days
from nmsdreports.policy.school_years import FIRST_MONTH, school_year

COLUMNS = [
    *("kind", "guideline", "subject", "account_id", "school_id"),
    *("due_on", "overdue", "task", "reason"),
]
KINDS = {
    "approvals": "approve",
    "notices": "tell parents",
    "admins": "admin rights",
    "reviews": "review",
    "": "report or renew",
}
"""What is to be done, by the log that shows it; the last is a day in the registry."""
CLOSE, FIND_OUT = "hand over or close", "find out"
_AGAIN = {"approve": "have the account approved again", "tell parents": "tell the parents again"}
_FIRST = {"approve": "have the account approved", "tell parents": "tell the parents"}
_LAST = {"approve": "last approved on ", "tell parents": "parents were last told on "}
_GONE = {
    "owner": "give the account to another owner, or close it",
    "admin": "give the admin rights to somebody else, or close the account",
}
_MEND = "find out and enter it, so that it can be judged"
_SILENT = "close the account, or put on record what was done with it"


@dataclass(frozen=True)
class SchoolYear:
    """A school year: the calendar year in which it begins, its first and its last day."""

    begins: int

    @property
    def first(self) -> pd.Timestamp:
        """September 1."""
        return pd.Timestamp(self.begins, FIRST_MONTH, 1).as_unit("us")

    @property
    def last(self) -> pd.Timestamp:
        """August 31 of the next calendar year."""
        return self.first + pd.DateOffset(years=1, days=-1)

    @property
    def name(self) -> str:
        """The year as people write it, "2027–28"."""
        return school_year(pd.Series([self.first])).iloc[0]


def renewals(assessment: Assessment, year: SchoolYear, today: pd.Timestamp) -> pd.DataFrame:
    """Return what is to be done for a school year by the facts on record, one row a thing.

    Columns: kind (:data:`KINDS`, :data:`CLOSE`, :data:`FIND_OUT`), guideline (str, missing where
    only a watch list speaks), subject, account_id, school_id (str), due_on (datetime64), overdue
    (bool, of a finding that is open today), task, reason (str; days as 2027-09-01). Sorted by
    due_on, kind, subject.
    A year to come is looked at as of its first day, the running one as of today.
    """
    as_of = max(year.first, today)
    missing = _missing(assessment, year, as_of, today)
    old = _old(assessment, year, as_of)
    old = old[~old.index.isin(missing.index)]
    judged = pd.concat([missing, old, _unknown(assessment, year, as_of)])
    named = assessment.subjects.loc[
        judged.index, ["guideline", "subject", "account_id", "school_id"]
    ]
    gone = _gone(assessment, year, today)
    silent = _silent(assessment, year, today)
    watched = [gone, silent[~silent["account_id"].isin(gone["account_id"])]]
    rows = pd.concat(
        [part for part in (judged.join(named), *watched) if len(part)]
        or [pd.DataFrame(columns=COLUMNS)]
    )
    rows = rows.reindex(columns=COLUMNS)
    rows["overdue"] = rows["overdue"].eq(True) & (rows["due_on"] <= today)
    texts = [name for name in COLUMNS if name not in ("due_on", "overdue")]
    rows = rows.astype(
        dict.fromkeys(texts, "str") | {"due_on": "datetime64[us]", "overdue": "bool"}
    )
    return rows.sort_values(["due_on", "kind", "subject", "task"], ignore_index=True)


def _missing(
    assessment: Assessment, year: SchoolYear, as_of: pd.Timestamp, today: pd.Timestamp
) -> pd.DataFrame:
    """What no evidence and no exception covers, on the day or later in the year, by position.

    `overdue` is here whether it is open today: only then can it be.
    """
    rules = _rules(assessment)
    first, last, now, on = (_day(day) for day in (year.first, year.last, today, as_of))
    bare = difference(assessment.gaps, assessment.excepted)
    found = pd.DataFrame({"position": bare.key, "from": bare.start, "to": bare.stop})
    found["guideline"] = assessment.subjects["guideline"].reindex(found["position"]).to_numpy()
    found = found[found["guideline"].isin(rules.index)]
    # What must be done every few days lapses in any year; it is asked for where it is missing now.
    until = np.where(found["guideline"].map(rules["recurs"]).astype("bool"), on, last)
    found = found[(found["from"] <= until) & (found["to"] > on)].drop_duplicates("position")
    found = found.merge(_findings(assessment), on="position")
    found = found[found["opened"].le(found["from"]) & found["from"].lt(found["closed"])]
    fix = found["guideline"].map(rules["fix_within"]).astype("int64")
    due = np.select(
        [found["from"] <= now, found["from"] <= first],
        [found["opened"] + fix, first + fix],
        found["from"],
    )
    since = np.where(found["from"] <= now, " since ", " from ")
    reason = "no " + _told(found["guideline"], rules["lacks"]) + since + _iso(found["from"])
    reason += np.where(found["from"] <= now, "", " on")
    task = _told(found["guideline"], rules["remedy"])
    # The remedy speaks of what is missing already: to pause, say, until it is there.
    kind = _told(found["guideline"], rules["kind"])
    ahead = _told(kind, _FIRST)
    task = task.mask(found["from"].gt(now) & ahead.notna(), ahead)
    ended = found["from"].gt(found["opened"])
    ends = np.where(found["from"] <= now, ", when its exception ended", ", when its exception ends")
    reason = reason.where(~ended, reason + ends)
    return pd.DataFrame(
        {
            "kind": kind.to_numpy(),
            "due_on": to_dates(due).to_numpy(),
            "overdue": found["from"].le(now).to_numpy(),
            "task": task.to_numpy(),
            "reason": reason.to_numpy(),
        },
        index=found["position"].to_numpy(),
    )


def _findings(assessment: Assessment) -> pd.DataFrame:
    gaps = assessment.gaps
    return pd.DataFrame({"position": gaps.key, "opened": gaps.start, "closed": gaps.stop})


def _old(assessment: Assessment, year: SchoolYear, as_of: pd.Timestamp) -> pd.DataFrame:
    """What was approved or told before the year and is in force, by position."""
    rules = _rules(assessment)
    acted = watch.before_the_year(assessment, year.first, as_of)
    guideline = assessment.subjects["guideline"].reindex(acted.index)
    kind = _told(guideline, rules["kind"])
    due = _day(year.first) + guideline.map(rules["fix_within"]).astype("int64")
    done = _told(kind, _LAST)
    return pd.DataFrame(
        {
            "kind": kind,
            "due_on": to_dates(due.to_numpy(np.int64)).to_numpy(),
            "task": _told(kind, _AGAIN),
            "reason": done + _iso(acted) + ", before the school year",
        }
    )


def _unknown(assessment: Assessment, year: SchoolYear, as_of: pd.Timestamp) -> pd.DataFrame:
    """What cannot be judged, by position: each value that is lacking once for its account."""
    subjects = assessment.subjects
    lacking = subjects["undecided"].notna() & subjects["not_applicable"].isna()
    lacking &= subjects["ended_from"].gt(_day(as_of))
    rows = subjects[lacking & subjects["guideline"].isin(_rules(assessment).index)]
    rows = rows.drop_duplicates(["account_id", "undecided"])
    return pd.DataFrame(
        {
            "kind": FIND_OUT,
            "due_on": year.first,
            "task": _MEND,
            "reason": rows["undecided"].astype("str"),
        },
        index=rows.index,
    )


def _gone(assessment: Assessment, year: SchoolYear, today: pd.Timestamp) -> pd.DataFrame:
    """Accounts whose owner or admin has left, or leaves before the year is over."""
    rows = watch.people_gone(assessment, year.last).reindex(columns=[*watch.COLUMNS, "role"])
    rows["on"] = rows["on"].astype("datetime64[us]")
    left = rows["on"] <= today
    verb = np.where(left, " left on ", " leaves on ")
    admin = rows["role"].eq("admin")
    rights = [
        rule.id for rule in assessment.policy.recorded() if rule.met_by.get("log") == "admins"
    ]
    return rows.assign(
        kind=CLOSE,
        guideline=np.where(admin & bool(rights), (rights or [""])[0], None),
        due_on=rows["on"].clip(lower=year.first),
        task=rows["role"].map(_GONE),
        reason="the account's " + rows["role"].astype("str") + verb + watch.iso(rows["on"]),
    )


def _silent(assessment: Assessment, year: SchoolYear, today: pd.Timestamp) -> pd.DataFrame:
    """Accounts of which nothing has been put on record for long."""
    rows = watch.silent(assessment, today)
    return rows.assign(kind=CLOSE, due_on=year.first, task=_SILENT, reason=rows["message"])


def _rules(assessment: Assessment) -> pd.DataFrame:
    """The guidelines that people meet by acts which can be missing or grow old, by id."""
    rules = [rule for rule in assessment.policy.recorded() if _is_renewed(rule)]
    return pd.DataFrame(
        {
            "kind": [KINDS[rule.met_by.get("log", "")] for rule in rules],
            "recurs": [
                "every" in rule.met_by or rule.met_by.get("log") == "reviews" for rule in rules
            ],
            "fix_within": [rule.fix_within for rule in rules],
            "lacks": [rule.lacks for rule in rules],
            "remedy": [rule.remedy for rule in rules],
        },
        index=[rule.id for rule in rules],
    )


def _is_renewed(rule: Guideline) -> bool:
    return "log" in rule.met_by or rule.met_by.get("every") is not None


def _told(names: pd.Series, words: Mapping[str, str] | pd.Series) -> pd.Series:
    """The words of each name as texts, also where there is none to tell of."""
    return names.map(words).astype("str")


def _day(day: pd.Timestamp) -> int:
    return int(to_days(pd.Series([day]), OPEN)[0])


def _iso(days: pd.Series) -> pd.Series:
    return watch.iso(to_dates(days.to_numpy(np.int64)).set_axis(days.index))
