"""The columns that several sheets share, and the rows that give an account in words."""

from collections.abc import Iterable, Sequence

from nmsdreports.views.audience import Edition
from nmsdreports.views.nothing import nothing_words
from nmsdreports.views.rows import records, values, verdicts
from nmsdreports.views.sentences import names_words
from nmsdreports.views.sheets import Column
from nmsdreports.views.tables import STATUS_ORDER, said_words, school_names

NOT_RECORDED = "not recorded"
_URGENCY = {status: at for at, status in enumerate(STATUS_ORDER)}


def with_account(rows: Iterable[dict], edition: Edition) -> list[dict]:
    """The rows with `label` and `owner` (words) of their account_id; None where it has none."""
    accounts = {
        row["account_id"]: {
            "label": row["label"],
            "owner": names_words(row["owner"], NOT_RECORDED),
        }
        for row in records(edition.accounts, "account_id", "label", "owner")
    }
    nobody = {"label": None, "owner": None}
    return [row | accounts.get(row["account_id"], nobody) for row in rows]


def by_urgency(rows: list[dict], *then: str) -> list[dict]:
    """The rows in the order of their `status`, what needs action first, then of columns `then`."""
    return sorted(rows, key=lambda row: (_URGENCY[row["status"]], *(row[name] for name in then)))


def with_status(rows: list[dict], edition: Edition, guideline: str, subject: str) -> list[dict]:
    """The rows with `shown` (their status, "meets, late" where it is) and `said`, their note.

    `subject` names the column that holds the subject of the status under `guideline`.
    """
    judged = verdicts(edition).get(guideline, {})
    told = []
    for row in rows:
        verdict = judged.get(row[subject], {})
        shown = "meets, late" if verdict.get("late") else row["status"]
        said = said_words(row, verdict, edition.as_of)
        told.append(row | {"shown": shown, "said": said or None})
    return told


def school_column(rows: Iterable[dict], edition: Edition) -> list[Column]:
    """The column of the school's short name, only for the office."""
    if edition.audience != "office":
        return []
    names = school_names(edition).to_dict()
    return [Column("School", [names.get(row["school_id"]) for row in rows], most=18)]


def judged_of(rate: dict) -> int:
    """How many of a row of `rates` were judged."""
    return rate["meets"] + rate["does_not_meet"] + rate["excepted"]


def rate_columns(rates: list[dict], edition: Edition) -> list[Column]:
    """Counts of rows of `rates`, then rate and coverage: whole percentages, or words."""
    judged = [judged_of(rate) for rate in rates]
    nothing = [
        "" if some else nothing_words(edition, rate)
        for rate, some in zip(rates, judged, strict=True)
    ]
    meets, excepted = values(rates, "meets"), values(rates, "excepted")
    unknown = values(rates, "not_assessed")
    allowed = [sum(pair) for pair in zip(meets, excepted, strict=True)]
    applied = [sum(pair) for pair in zip(judged, unknown, strict=True)]
    return [
        Column("Judged", judged, "count"),
        Column("Meets", meets, "count"),
        Column("Does not meet", values(rates, "does_not_meet"), "count"),
        Column("Excepted", excepted, "count"),
        Column("Not assessed", unknown, "count"),
        Column("Rate", floored(meets, judged, nothing), "percent", most=20),
        Column("Rate with exceptions", floored(allowed, judged, nothing), "percent", most=20),
        Column("Coverage", floored(judged, applied, nothing), "percent", most=20),
    ]


def floored(
    part: Iterable[int], whole: Iterable[int], nothing: Sequence[str] | str
) -> list[float | str]:
    """Each share as a whole percentage rounded down (0.83); words where the whole is 0."""
    pairs = list(zip(part, whole, strict=True))
    words = [nothing] * len(pairs) if isinstance(nothing, str) else nothing
    return [
        word if of == 0 else (100 * int(some) // int(of)) / 100
        for (some, of), word in zip(pairs, words, strict=True)
    ]
