"""A loaded district that answers: a choice in, the rows and the words for it out.

In: records and the guidelines. Out: standings by month, and Editions of the accounts in question.
Trap: an Edition tells every finding it holds, which takes seconds where there are 50,000 accounts;
so the words are made for the accounts that are shown, judged anew by themselves, and counts come
from the standing of all.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from nmsdreports.intake import Records, load
from nmsdreports.intake.find import find_account
from nmsdreports.intake.looks import near_words
from nmsdreports.policy import Assessment, Standing, assess
from nmsdreports.run.clock import today_in
from nmsdreports.run.plan import last_day, month_range
from nmsdreports.run.what_if import Question, ask
from nmsdreports.settings import InputError, read_settings
from nmsdreports.views.audience import Edition, edition
from nmsdreports.views.explore.choice import EVERY, Choice, choose
from nmsdreports.views.explore.chosen import MOST_ROWS
from nmsdreports.views.explore.counted import MOST_NAMED
from nmsdreports.views.sentences import account_labels

SMALL = 400
"""Accounts up to which a district is judged and told whole."""
_KEPT = 8
_OF_ACCOUNTS = ("accounts", "approvals", "notices", "concerns", "admins", "reviews")
_COUNTED = ("findings", "rates", "incidents", "moves", "in_use")
# What the headline reads of a finding: it makes a plain row of each, and there may be 100,000.
_OF_FINDINGS = [
    *("finding_id", "guideline", "subject", "account_id", "severity", "due_on", "open", "overdue"),
    *("days_open", "excepted"),
]
_DRAWN = ("trend", "in_time", "notifications")


@dataclass(frozen=True)
class Answer:
    """One choice answered.

    `rows` are all that it chooses; `seen` tells the accounts of the first of them; `district` has
    the counts of the whole district or of the chosen school, `drawn` also what charts are made of.
    """

    choice: Choice
    rows: pd.DataFrame
    seen: Edition
    standing: Standing

    @cached_property
    def accounts(self) -> list[str]:
        """The accounts of the registry that the rows name, in their order."""
        ids = self.rows["account_id"].dropna().drop_duplicates()
        return ids[self._registered(ids)].to_list()

    @cached_property
    def most(self) -> pd.DataFrame:
        """The accounts that open findings of month and school name, the most findings first.

        Columns: account_id (str, as the log writes it where the registry has none), registered
        (bool), label (str, of the first MOST_NAMED registered ones), findings (int).
        """
        findings = self.district.findings
        counts = findings.loc[findings["open"], "account_id"].dropna().value_counts(sort=False)
        frame = counts.rename("findings").rename_axis("account_id").reset_index()
        frame["registered"] = self._registered(frame["account_id"])
        frame = frame.sort_values(["findings", "account_id"], ascending=[False, True])
        named = frame.loc[frame["registered"], "account_id"].head(MOST_NAMED)
        known = self.standing.records.accounts
        known = known[known["account_id"].isin(named)]
        labels = dict(zip(known["account_id"], account_labels(known), strict=True))
        return frame.assign(label=frame["account_id"].map(labels))

    def _registered(self, ids: pd.Series) -> np.ndarray:
        """Of each id whether the registry has it; pandas' isin takes ten times as long."""
        return pd.Index(self.standing.records.accounts["account_id"]).get_indexer(ids) >= 0

    @cached_property
    def district(self) -> Edition:
        """The counts of month and school, for the headline; findings without their sentences."""
        district = self._with(_COUNTED, EVERY)
        return replace(district, findings=district.findings[_OF_FINDINGS])

    @cached_property
    def drawn(self) -> Edition:
        """What the charts are drawn from: month, school, and of the trend the guideline."""
        return self._with((*_COUNTED, *_DRAWN), self.choice.guideline)

    def _with(self, names: tuple[str, ...], guideline: str) -> Edition:
        """`seen` with the whole standing's frames of those names, narrowed to the choice."""
        school, frames = self.choice.school_id, {}
        for name in names:
            frame = getattr(self.standing, name)
            if school != EVERY:
                frame = frame[frame["school_id"].eq(school)]
            if guideline != EVERY and name in ("findings", "trend"):
                frame = frame[frame["guideline"].eq(guideline)]
            frames[name] = frame
        if school == EVERY:
            return replace(self.seen, **frames)
        own = self.seen.schools[self.seen.schools["school_id"].eq(school)].iloc[0].to_dict()
        incidents = self.seen.incident_rows
        return replace(
            self.seen,
            school=own,
            incident_rows=incidents[incidents["school_id"].eq(school)],
            unknown_school_incidents=0,
            **frames,
        )


class Desk:
    """A district that was read and judged once, with the last standings kept."""

    def __init__(self, records: Records, assessment: Assessment, today: date) -> None:
        self.records = records
        self.assessment = assessment
        self.today = today
        self.months = _months(*month_range(records, today))
        self.standing = lru_cache(maxsize=_KEPT)(self._standing)
        self._whole = lru_cache(maxsize=_KEPT)(
            lambda month: edition(self.standing(month), "office")
        )

    def _standing(self, month: str) -> Standing:
        if month not in self.months:
            raise InputError(f'"{month}" is no month with data{near_words(month, self.months)}')
        return self.assessment.at(last_day(month))

    def answer(self, choice: Choice) -> Answer:
        """The rows of a choice, and the Edition in which the first of them are told."""
        standing = self.standing(choice.month)
        rows = choose(choice, standing.findings, lambda: standing.status)
        return Answer(choice, rows, self.seen(choice.month, rows.head(MOST_ROWS)), standing)

    def seen(self, month: str, rows: pd.DataFrame, account_id: str | None = None) -> Edition:
        """The office's Edition of the accounts that the rows name, and of every incident.

        Without an `account_id` a large district's has no watch lists: see `watch`.
        """
        if len(self.records.accounts) <= SMALL:
            judged = self.standing(month)
            if account_id is None:
                return self._whole(month)
        else:
            ids = set(rows["account_id"].dropna())
            judged = assess(of_accounts(self.records, ids), self.assessment.policy)
            judged = judged.at(last_day(month))
        return edition(judged, "office", account_id=account_id, watched=account_id is not None)

    def account(self, month: str, text: str) -> Edition:
        """The Edition of the account that an id, a handle or an address names."""
        found = self.account_id(text)
        return self.seen(month, pd.DataFrame({"account_id": [found]}), found)

    def account_id(self, text: str) -> str:
        """The id of the account that an id, a handle or an address names."""
        return find_account(self.records, text)

    def watch(self, choice: Choice) -> pd.DataFrame:
        """The watch lists of the month and the school."""
        watch = self.standing(choice.month).watch
        return (
            watch if choice.school_id == EVERY else watch[watch["school_id"].eq(choice.school_id)]
        )

    def ask(self, choice: Choice, question: Question) -> pd.DataFrame:
        """The subjects of the school that a changed rule or an exception would move."""
        changed = ask(self.standing(choice.month), question)
        if choice.school_id == EVERY:
            return changed
        return changed[changed["school_id"].eq(choice.school_id)].reset_index(drop=True)


def open_desk(folder: Path, told: Callable[[str], None]) -> Desk:
    """Read and judge the spreadsheets of a folder; `told` hears a sentence at each step."""
    told("Reading your spreadsheets ... this takes about half a minute.")
    today = today_in(read_settings(folder))
    records = load(folder, read_on=today)
    refuse_nothing(records)
    told("Judging every account ...")
    return Desk(records, assess(records), today)


def refuse_nothing(records: Records) -> None:
    """Raise InputError where neither an account nor an incident was read, as of empty forms."""
    if records.accounts.empty and records.incidents.empty:
        files = records.counts.set_index("table")["file"].reindex(["schools", "accounts"]).dropna()
        raise InputError(f"There is nothing to explore yet: fill in {' and '.join(files)}.")


def of_accounts(records: Records, ids: set[str]) -> Records:
    """The records with only those accounts and their rows of the logs; every incident stays.

    Schools, staff and exceptions stay whole: a verdict on an account may need them.
    """
    frames, unknowns = {}, []
    for name in _OF_ACCOUNTS:
        frame = getattr(records, name)
        kept = frame[frame["account_id"].isin(ids)]
        places = pd.Series(range(len(kept)), kept.index, dtype="Int64")
        rows = records.unknowns[records.unknowns["table"].eq(name)]
        rows = rows[rows["index"].isin(kept.index) | rows["index"].isna()]
        unknowns.append(rows.assign(index=rows["index"].map(places).astype("Int64")))
        frames[name] = kept.reset_index(drop=True)
    unknowns.append(records.unknowns[~records.unknowns["table"].isin(_OF_ACCOUNTS)])
    return replace(records, **frames, unknowns=pd.concat(unknowns, ignore_index=True))


def _months(first: str, last: str) -> list[str]:
    """The months from the last one back to the first."""
    return [str(month) for month in pd.period_range(first, last, freq="M")[::-1]]
