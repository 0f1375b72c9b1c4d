"""From returned workbooks to a workbook in which the office looks at them: the list of the steps.

In: a folder of returned workbooks and the records as they are now. Out: one new workbook under
`answers` in the folder of reports. No log is touched here; that is done by :mod:`accept`, and only
with what the office left marked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from nmsdreports.intake.dates import Calendar
from nmsdreports.policy import assess
from nmsdreports.run.answers import match_answers, match_books
from nmsdreports.run.clock import today_in
from nmsdreports.run.log_rows import Proposed, propose
from nmsdreports.run.logs import find_log
from nmsdreports.run.publish import editions, is_published
from nmsdreports.run.returned import FAULTS, Returned, read_returned_folder
from nmsdreports.settings import InputError
from nmsdreports.views.proposal import LogSheet, Proposal, write_proposal

FOLDER = "answers"
"""The folder of the proposals, beside the months."""


@dataclass(frozen=True)
class Collected:
    """What came of a folder: the proposal's `path` and how many answers went where."""

    path: Path
    to_enter: int
    to_look: int
    by_hand: int
    not_taken: int


def collect(
    folder: Path,
    records: Any,
    month: str | None,
    as_of: pd.Timestamp,
    output: Path,
    command: Callable[[Path], str],
) -> Collected:
    """Read the returned workbooks of `folder` and write the proposal.

    `month` is the one of the reports that are answered; left out, the last of which `output` has
    reports that were handed out, else any, else the latest one that came back. `command` is what to
    type to accept a proposal. Raises InputError where nothing came back.
    """
    calendar = Calendar(records.settings.time_zone, as_of.date(), today=today_in(records.settings))
    returned = read_returned_folder(folder, calendar)
    if returned.books.empty and returned.faults.empty:
        raise InputError(
            f'The folder "{folder}" holds no workbook; put those that came back there.'
        )
    chosen = month or _month_answered(output, returned, as_of)
    standing = assess(records).at(as_of)
    names = records.schools.set_index("school_id")["name"]
    answers, of_books = match_books(returned, names, chosen)
    fitting, of_answers = match_answers(answers, standing.findings, as_of)
    proposed, of_rows = propose(fitting, standing)
    told = [*returned.faults.to_dict("records"), *of_books, *of_answers, *of_rows]
    faults = _in_order(pd.DataFrame(told, columns=list(FAULTS)).astype("str"))
    path = _free(output / FOLDER, chosen)
    proposal = Proposal(
        chosen,
        as_of,
        command(path),
        _books(returned, proposed, faults, names),
        _logs(proposed, records, today=calendar.today),
        proposed.by_hand,
        faults,
        proposed.also,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_proposal(proposal, records.settings, path)
    enter = int(proposed.rows["enter"].sum())
    return Collected(
        path, enter, len(proposed.rows) - enter, len(proposed.by_hand), len(proposal.faults)
    )


def _month_answered(output: Path, returned: Returned, as_of: pd.Timestamp) -> str:
    """The month of the reports that principals have: nobody answers a draft."""
    made = editions(output)
    sent = [name for name, found in made.items() if any(map(is_published, found))]
    return max(sent or made or [*returned.books["month"]], default=f"{as_of:%Y-%m}")


def _in_order(faults: pd.DataFrame) -> pd.DataFrame:
    """The faults as somebody goes through the files: by file, sheet, row and column."""
    row = faults["cell"].str.extract(r"(\d+)", expand=False).astype("Float64")
    keys = faults[["file", "sheet", "cell"]].assign(row=row)
    order = keys.sort_values(["file", "sheet", "row", "cell"], na_position="first", kind="stable")
    return faults.loc[order.index].reset_index(drop=True)


def _free(folder: Path, month: str) -> Path:
    """A name that no proposal has yet: the office may have written into the ones there are."""
    number, path = 1, folder / f"answers {month}.xlsx"
    while path.exists():
        number += 1
        path = folder / f"answers {month}-{number}.xlsx"
    return path


def _books(
    returned: Returned, proposed: Proposed, faults: pd.DataFrame, names: pd.Series
) -> pd.DataFrame:
    """One row a workbook: its school and how many of its answers went where."""
    files = pd.concat([returned.books["file"], faults["file"]]).drop_duplicates()
    school = returned.books.drop_duplicates("file").set_index("file")["school_id"].map(names)

    def count(answers: pd.Series) -> list[int]:
        counts = answers.str.partition(" · ")[0].value_counts() if len(answers) else {}
        return [int(counts.get(file, 0)) for file in files]

    rows = proposed.rows
    enter = rows["enter"].astype(bool)
    return pd.DataFrame(
        {
            "File": files.to_numpy(),
            "School": [school.get(file) for file in files],
            "To enter": count(rows.loc[enter, "answer"]),
            "To look at": count(rows.loc[~enter, "answer"]),
            "By hand": count(proposed.by_hand["answer"]),
            "Not taken": count(faults["file"]),
        }
    )


def _logs(proposed: Proposed, records: Any, today: date) -> list[LogSheet]:
    """The sheets of the proposal, one a log, in the order in which the answers came."""
    made = []
    for name, rows in proposed.rows.groupby("table", sort=False):
        log = find_log(records, name, [*rows["values"]], today)
        made.append(LogSheet(log.table, log.words, log.headings, rows.reset_index(drop=True)))
    return made
