"""Answers against the findings on record: which can be taken, which not and why.

In: answers (as of :mod:`returned`), the findings of a day and the schools, all frames. Out: the
answers that fit exactly one open finding, and a fault for each of the others. Pure: reads no file.
Traps: a finding is `finding_id` with `opened_on`, because its number may shift when facts are
corrected; a day before the finding began may be right, where somebody found an old letter, so such
an answer is kept and asked about.
"""

import pandas as pd

from nmsdreports.intake.choices import nearest
from nmsdreports.run.returned import Returned, fault
from nmsdreports.settings import fold
from nmsdreports.views.sentences import day_words, month_words
from nmsdreports.views.workbook.to_do import DONE_ON

_LEAVE = "nothing needs to be done; the next report shows how it stands"
_KEY = ["finding_id", "opened_on"]


def match_books(
    returned: Returned, schools: pd.Series, month: str
) -> tuple[pd.DataFrame, list[dict]]:
    """The answers of the workbooks that belong here, and a fault for each other workbook.

    `schools` has the names by school_id; `month` is that of the report that is answered.
    """
    faults = []
    for book in returned.books.to_dict("records"):
        file = book["file"]
        if book["school_id"] not in schools.index:
            near = nearest(book["school_id"], schools.index)
            hint = f"; the nearest is {near}" if near else ""
            found = f'a report of the school "{book["school_id"]}"'
            repair = f"put it into the folder of its own district{hint}"
            faults.append(fault(file, found, "a school of this district", repair))
        elif book["month"] != month:
            found = f"answers to the report of {month_words(book['month'])}"
            wanted = f"answers to that of {month_words(month)}"
            repair = f"collect them apart with --month {book['month']}, if they are still meant"
            faults.append(fault(file, found, wanted, repair))
    other = {one["file"] for one in faults}
    answers = returned.answers
    return answers[~answers["file"].isin(other)].reset_index(drop=True), faults


def match_answers(
    answers: pd.DataFrame, findings: pd.DataFrame, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, list[dict]]:
    """The answers that fit an open finding, with guideline, subject, account_id; and the faults.

    `findings` has those opened by `as_of`, open and closed (as of `Standing.findings`). `early`
    (bool) marks an answer whose day lies before the finding began.
    """
    known = findings.set_index(_KEY)
    latest = findings.sort_values("opened_on").drop_duplicates("finding_id", keep="last")
    latest = latest.set_index("finding_id")
    kept, faults = [], []
    for answer in answers.to_dict("records"):
        told = _fault_of(answer, known, latest, as_of)
        if told is None:
            kept.append(answer)
        else:
            faults.append(told)
    fitting = pd.DataFrame(kept, columns=answers.columns).astype(answers.dtypes)
    fitting, contradicting = _contradictions(fitting)
    columns = [*_KEY, "guideline", "subject", "account_id"]
    fitting = fitting.merge(findings[columns], on=_KEY, how="left")
    return fitting.assign(early=fitting["done_on"] < fitting["opened_on"]), faults + contradicting


def _fault_of(
    answer: dict, known: pd.DataFrame, latest: pd.DataFrame, as_of: pd.Timestamp
) -> dict | None:
    """Why an answer by itself cannot be taken; nothing where it can."""
    name, opened, done = answer["finding_id"], answer["opened_on"], answer["done_on"]
    if pd.isna(done):
        said = "a remark" if answer["remark"] else "a name"
        found = f"{said} without a day"
        repair = "read the remark in that workbook" if answer["remark"] else "ask for the day"
        return answer_fault(answer, "done_cell", found, f"a day under {DONE_ON}", repair)
    if done > as_of:
        wanted = f"a day up to {day_words(as_of)}"
        repair = "ask when it was done; what is only planned is answered later"
        return answer_fault(answer, "done_cell", day_words(done), wanted, repair)
    if name not in latest.index:
        repair = "ask which finding is meant; the records may have been corrected since the report"
        return answer_fault(answer, "id_cell", f'"{name}"', "a finding that is on record", repair)
    if (name, opened) not in known.index:
        found = f"open since {day_words(opened)}" if pd.notna(opened) else "no day of its beginning"
        wanted = f"open since {day_words(latest['opened_on'][name])}"
        repair = (
            "the finding of the report is gone, and another one was opened since: send the new "
            "report and ask again"
        )
        return answer_fault(answer, "id_cell", found, wanted, repair)
    finding = known.loc[(name, opened)]
    if finding["school_id"] != answer["school_id"]:
        found = "a finding of another school"
        wanted = f"findings of {answer['school_id']}"
        repair = "have it answered in the workbook of the school that it belongs to"
        return answer_fault(answer, "id_cell", found, wanted, repair)
    if not finding["open"]:
        found = f"closed on {day_words(finding['closed_on'])} already"
        return answer_fault(answer, "id_cell", found, "an open finding", _LEAVE)
    return None


def _contradictions(answers: pd.DataFrame) -> tuple[pd.DataFrame, list[dict]]:
    """The answers of which each finding has one, and a fault for those that contradict another.

    Where two say the same, the first counts.
    """
    said = answers["done_on"].dt.strftime("%Y-%m-%d") + "|" + answers["by"].fillna("").map(fold)
    answers = answers.assign(said=said)
    sayings = answers.groupby(_KEY)["said"].transform("nunique")
    faults = []
    for answer in answers[sayings > 1].to_dict("records"):
        same = (answers["finding_id"] == answer["finding_id"]) & (answers["said"] != answer["said"])
        other = answers[same].iloc[0]
        found = _said(answer)
        wanted = f"what {other['file']} says in {other['done_cell']}: {_said(other)}"
        repair = "ask which is right, and empty the other cell"
        faults.append(answer_fault(answer, "done_cell", found, wanted, repair))
    kept = answers[sayings <= 1].drop_duplicates(_KEY).drop(columns="said")
    return kept.reset_index(drop=True), faults


def _said(answer: dict | pd.Series) -> str:
    by = f", and who it was in {answer['by_cell']}" if pd.notna(answer["by"]) else ""
    return f"{day_words(answer['done_on'])}{by}"


def answer_fault(answer: dict, cell: str, found: str, expected: str, repair: str) -> dict:
    """A fault of one answer; `cell` names the column of `answers` with the address."""
    where = {"sheet": answer["sheet"], "cell": answer[cell], "finding_id": answer["finding_id"]}
    return fault(answer["file"], found, expected, repair, **where)
