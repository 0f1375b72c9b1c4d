"""What `check` prints: how much of each file was read, what is wrong most often, and where.

What is not read stands first. Under each other file the problems stand in groups: what becomes of
the row or the value is said once, in the group's heading.
"""

import re
import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.intake.problems import HIDDEN
from nmsdreports.views.repair import (
    FILE_NAME,
    LEVELS,
    PASTED,
    in_order_of_work,
    level_words,
    outcome_words,
    read_repairs,
)
from nmsdreports.views.sentences import capital, count_words, list_words

if TYPE_CHECKING:
    from nmsdreports.intake import Records

WIDTH = 80
LISTED = 40
"""Problems listed of one file; who has more needs the workbook, not a longer screen."""
_NOT_READ = "Error: not read, and no report can be made before this is mended"
BECOMES = {
    "quarantine": "Error: the row is set aside (quarantined) and in no report before it is mended",
    "unknown": "Error: the row is used, but this value counts as unknown",
    "warn": "Warning: someone should look",
    "note": "Note: only said; nothing has to be done",
}
"""What becomes of a problem's row or value: the heading over all of that outcome."""
_NO_DATA = {
    "identical-row": ("row that stands twice", "rows that stand twice"),
    "concern-completed": ("row that completes another", "rows that complete another"),
    "totals-row": ("line of totals", "lines of totals"),
    "footnote": ("note below a table", "notes below a table"),
}
"""Rows with something in them that are counted as blank all the same."""
_NOT_USED = ("own-workbook", "hidden-sheet", "sheet-not-used", "likely-table")
_TEXT = r'"(?:[^"\\]|\\.)*"'
_LINE = re.compile(rf"((?:{_TEXT}|\w+) = (?:{_TEXT}|\[{_TEXT}(?:, {_TEXT})*\]))\.?")
_FREQUENT = 3
_NUMBERS = ["rows_read", "accepted", "quarantined", "blank"]


def check_lines(records: "Records") -> list[str]:
    """Return the lines of the check, none wider than 80 columns.

    Excepted are long names, and lines to paste, each of which is one line of its own.
    """
    problems = in_order_of_work(records.problems)
    return [
        records.settings.name,
        "",
        *_count_lines(records.counts, problems),
        "",
        *_frequent_lines(problems),
        *_listed_lines(problems),
    ]


def _count_lines(counts: pd.DataFrame, problems: pd.DataFrame) -> list[str]:
    """How much of each file was read; those not read or not used stand there too."""
    names = [_place(row.file, row.sheet) for row in counts.itertuples()]
    left = _left_out(problems)
    wide = max([len(name) for name in [*names, *left]] + [12])
    wide = min(wide, WIDTH - 38)
    lines = [f"{'File':<{wide}}{'read':>8}{'accepted':>10}{'quarantined':>13}{'blank':>7}"]
    for name, numbers in zip(names, counts[_NUMBERS].itertuples(index=False), strict=True):
        read, accepted, quarantined, blank = (f"{number:,}" for number in numbers)
        told = f"{read:>8}{accepted:>10}{quarantined:>13}{blank:>7}"
        lines += _row(name, told, wide)
    for name, told in left.items():
        lines += _row(name, "    " + told, wide)
    return lines + _no_data_lines(problems["code"].value_counts())


def _no_data_lines(counts: pd.Series) -> list[str]:
    told = [count_words(int(counts[code]), *_NO_DATA[code]) for code in _NO_DATA if code in counts]
    return textwrap.wrap(f"Counted as blank too: {list_words(told)}.", WIDTH) if told else []


def _row(name: str, told: str, wide: int) -> list[str]:
    """One line of the table of files; a name that is too long stands above its numbers."""
    return [name, " " * wide + told] if len(name) > wide else [f"{name:<{wide}}{told}"]


def _left_out(problems: pd.DataFrame) -> dict[str, str]:
    """Each file or sheet of which no row was read, and where its reason stands."""
    refused = problems["outcome"].eq("refuse")
    found = problems[(refused | problems["code"].isin(_NOT_USED)) & problems["file"].notna()]
    return {
        _place(row.file, row.sheet): f"not {'used' if row.code in _NOT_USED else 'read'}; "
        f"see the {row.level} below"
        for row in found.sort_values(["file", "sheet"], kind="stable").itertuples()
    }


def _frequent_lines(problems: pd.DataFrame) -> list[str]:
    if problems.empty:
        return ["Nothing is wrong with what was read."]
    lines = [capital(level_words(problems)) + "."]
    if words := outcome_words(problems):
        lines += textwrap.wrap(capital(words) + ".", WIDTH)
    codes = problems.groupby(["level", "code"]).size().rename("count").reset_index()
    if len(codes) > 1 and len(problems) > _FREQUENT:
        codes["rank"] = codes["level"].map(LEVELS.index)
        first = codes.sort_values(["rank", "count", "code"], ascending=[True, False, True])
        lines += ["", "Most frequent, errors first"]
        lines += [
            f"  {row.count:>5} × {read_repairs()[row.code].name}"
            for row in first.head(_FREQUENT).itertuples(index=False)
        ]
    return lines


def _listed_lines(problems: pd.DataFrame) -> list[str]:
    refused = problems["becomes"].eq("refuse")
    lines = ["", _NOT_READ] if refused.any() else []
    for message in problems.loc[refused, "message"]:
        lines += _wrapped(message, "  ", 4)
    # in the order of the problems: the file with the worst stands at the top
    groups = problems[~refused].groupby(["file", "sheet"], dropna=False, sort=False)
    for (file, sheet), group in groups:
        lines += ["", _place(file, sheet)]
        for outcome, same in group.head(LISTED).groupby("becomes", sort=False):
            lines.append(f"  {BECOMES[outcome]}")
            for problem in same.itertuples():
                lines += _problem_lines(problem)
        if len(group) > LISTED:
            lines.append(f"  ... and {len(group) - LISTED:,} more: see {FILE_NAME}.")
    return lines


def _problem_lines(problem) -> list[str]:
    where = "" if pd.isna(problem.cell) else problem.cell
    if not where and pd.notna(problem.row):
        where = f"row {problem.row}"
    said = [problem.message]
    shown = "" if pd.isna(problem.value) or problem.value == HIDDEN else problem.value
    if shown and f"'{shown}'" not in problem.message:
        said.insert(0, f"'{shown}':")
    if problem.code in PASTED:
        said += [problem.instead] if pd.notna(problem.suggestion) else []
    elif pd.notna(problem.suggestion):
        said.append(f"Perhaps '{problem.suggestion}'?")
    return _wrapped(" ".join(said), f"    {where:<8} ", 13)


def _wrapped(text: str, before: str, indent: int) -> list[str]:
    lines: list[str] = []
    for number, part in enumerate(_LINE.split(text)):
        if number % 2:
            lines.append(" " * indent + part)
            continue
        lines += textwrap.wrap(
            part,
            WIDTH,
            initial_indent=" " * indent if lines else before,
            subsequent_indent=" " * indent,
            break_on_hyphens=False,
        )
    return lines


def _place(file: str | float, sheet: str | float) -> str:
    if pd.isna(file):
        return "The folder"
    return file if pd.isna(sheet) else f"{file} · {sheet}"
