"""The columns that several sheets share, and the joins that give a row its account in words."""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.nothing import nothing_words
from nmsdreports.views.sentences import days_in_words, names_words
from nmsdreports.views.sheets import Column
from nmsdreports.views.tables import STATUS_ORDER, school_names

NOT_RECORDED = "not recorded"


def with_account(rows: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """The rows with `label` and `owner` (words) of their account_id; missing where it has none."""
    accounts = edition.accounts.set_index("account_id")
    owners = accounts["owner"].map(lambda text: names_words(text, NOT_RECORDED))
    keys = rows["account_id"]
    return rows.assign(label=keys.map(accounts["label"]), owner=keys.map(owners))


def by_urgency(rows: pd.DataFrame, *then: str) -> pd.DataFrame:
    """The rows in the order of their `status`, what needs action first, then of columns `then`."""
    rank = rows["status"].map({status: at for at, status in enumerate(STATUS_ORDER)})
    return rows.assign(rank=rank).sort_values(["rank", *then], kind="stable").drop(columns="rank")


def with_status(rows: pd.DataFrame, edition: Edition, guideline: str, subject: str) -> pd.DataFrame:
    """The rows with `shown` (their status, "meets, late" where it is) and `said`, in words: their
    note, else why they have a status that is not "meets" or "ended".

    `subject` names the column that holds the subject of the status under `guideline`.
    """
    own = edition.status[edition.status["guideline"].eq(guideline)].set_index("subject")
    late = rows[subject].isin(own.index[own["late"].fillna(False).astype(bool)])
    reason = rows[subject].map(own["reason"]).astype("str")
    said = rows["note"].fillna(reason.mask(rows["status"].isin(["meets", "ended"])))
    return rows.assign(
        shown=rows["status"].mask(late, "meets, late"),
        said=said.map(days_in_words, na_action="ignore"),
    )


def school_column(rows: pd.DataFrame, edition: Edition) -> list[Column]:
    """The column of the school's short name, only for the office."""
    if edition.audience != "office":
        return []
    return [Column("School", rows["school_id"].map(school_names(edition)), most=18)]


def rate_columns(rates: pd.DataFrame, edition: Edition) -> list[Column]:
    """Counts of rows of `rates`, then rate and coverage: whole percentages, or words."""
    judged = rates["meets"] + rates["does_not_meet"] + rates["excepted"]
    nothing = [
        nothing_words(edition, rate) if none else ""
        for rate, none in zip(rates.to_dict("records"), judged.eq(0), strict=True)
    ]
    return [
        Column("Judged", judged, "count"),
        Column("Meets", rates["meets"], "count"),
        Column("Does not meet", rates["does_not_meet"], "count"),
        Column("Excepted", rates["excepted"], "count"),
        Column("Not assessed", rates["not_assessed"], "count"),
        Column("Rate", floored(rates["meets"], judged, nothing), "percent", most=20),
        Column(
            "Rate with exceptions",
            floored(rates["meets"] + rates["excepted"], judged, nothing),
            "percent",
            most=20,
        ),
        Column(
            "Coverage", floored(judged, judged + rates["not_assessed"], nothing), "percent", most=20
        ),
    ]


def floored(part: pd.Series, whole: pd.Series, nothing: list[str] | str) -> list[float | str]:
    """Each share as a whole percentage rounded down (0.83); words where the whole is 0."""
    words = [nothing] * len(part) if isinstance(nothing, str) else nothing
    return [
        word if of == 0 else (100 * int(some) // int(of)) / 100
        for some, of, word in zip(part, whole, words, strict=True)
    ]
