"""What would change: one setting, one deadline or one exception other than it is, judged anew.

In: the standing of a day and a question. Out: one row a subject that would stand otherwise, with
`before` and `after`. Nothing on record and no setting is changed by asking.
"""

from dataclasses import dataclass, replace

import pandas as pd

from nmsdreports.policy import Policy, Standing, assess, read_policy
from nmsdreports.policy.compare import compare
from nmsdreports.settings import InputError
from nmsdreports.views.explore.choice import open_states

_KEYS = ["guideline", "subject", "account_id", "school_id"]


@dataclass(frozen=True)
class Question:
    """What is asked: `kind` "days" (a length that a district sets), "fix" (days to put right) or
    "exception".

    `name` is the setting or the guideline, `days` their new length or how long an exception lasts,
    `account_id` or `school_id` whom an exception is for.
    """

    kind: str
    name: str
    days: int
    account_id: str | None = None
    school_id: str | None = None


def ask(standing: Standing, question: Question) -> pd.DataFrame:
    """The subjects that would stand otherwise on the standing's day.

    Columns: guideline, subject, account_id, school_id, before, after (statuses; for "fix" whether
    a finding is overdue, not yet due or excepted, with due_before and due_after, the days it is
    due). Raises InputError for an exception for nobody.
    """
    if question.kind == "fix":
        return _overdue(standing, question)
    return compare(standing, _other(standing, question), late=True)


def _other(standing: Standing, question: Question) -> Standing:
    records, policy = standing.records, standing.policy
    if question.kind == "days":
        days = replace(records.settings.days, **{question.name: question.days})
        policy = read_policy(replace(records.settings, days=days))
    else:
        row = _exception(standing, question)
        records = replace(records, exceptions=_with_row(records.exceptions, row))
    return assess(records, policy).at(standing.as_of)


def _exception(standing: Standing, question: Question) -> dict:
    if question.account_id is None and question.school_id is None:
        raise InputError(
            "Choose whom the exception is for: an account under “One account, and why”, or a "
            "school in the box School at the top."
        )
    return {
        "guideline": question.name,
        "account_id": question.account_id,
        "school_id": question.school_id,
        "reason": "what if",
        "approved_by": "what if",
        "starts_on": standing.as_of,
        "expires_on": standing.as_of + pd.Timedelta(days=question.days),
    }


def _with_row(frame: pd.DataFrame, row: dict) -> pd.DataFrame:
    one = pd.DataFrame([row]).reindex(columns=frame.columns)
    days = {name: frame[name].dtype for name in frame.columns if name.endswith("_on")}
    texts = dict.fromkeys(("guideline", "account_id", "school_id"), "str")
    both = [frame.astype(texts), one.astype({**texts, **days})] if len(frame) else [one]
    return pd.concat(both, ignore_index=True).astype({**texts, **days})


def _overdue(standing: Standing, question: Question) -> pd.DataFrame:
    rules = tuple(
        replace(rule, fix_within=question.days) if rule.id == question.name else rule
        for rule in standing.policy.rules
    )
    policy = Policy(rules, standing.policy.assumed_launch_on)
    after = assess(standing.records, policy).at(standing.as_of)
    sides = [
        side.findings[side.findings["open"]].set_index("finding_id") for side in (standing, after)
    ]
    words = [open_states(side) for side in sides]
    due = [side["due_on"] for side in sides]
    both = sides[0][_KEYS].assign(
        before=words[0], after=words[1], due_before=due[0], due_after=due[1]
    )
    moved = words[0].ne(words[1]) | (due[0].notna() & due[0].ne(due[1]))
    return both[moved].reset_index(drop=True)
