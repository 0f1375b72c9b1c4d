"""What `check` prints: how much of each file was read, what is wrong most often, and where."""

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.views.repair import MAPPED, in_order_of_work, level_words, read_repairs
from nmsdreports.views.sentences import capital

if TYPE_CHECKING:
    from nmsdreports.intake import Records

WIDTH = 80
LISTED = 40
"""Problems listed of one file; who has more needs the table, not a longer screen."""
_FREQUENT = 3
_NUMBERS = ["rows_read", "accepted", "quarantined", "blank"]


def check_lines(records: "Records") -> list[str]:
    """Return the lines of the check, none wider than 80 columns (a long name excepted)."""
    problems = in_order_of_work(records.problems)
    return [
        records.settings.name,
        "",
        *_count_lines(records.counts),
        "",
        *_frequent_lines(problems),
        *_listed_lines(problems),
    ]


def _count_lines(counts: pd.DataFrame) -> list[str]:
    names = [_place(row.file, row.sheet) for row in counts.itertuples()]
    wide = max([len(name) for name in names] + [12])
    wide = min(wide, WIDTH - 38)
    lines = [f"{'File':<{wide}}{'read':>8}{'accepted':>10}{'quarantined':>13}{'blank':>7}"]
    for name, numbers in zip(names, counts[_NUMBERS].itertuples(index=False), strict=True):
        read, accepted, quarantined, blank = (f"{number:,}" for number in numbers)
        head = [name] if len(name) > wide else []
        label = "" if head else name
        lines += [*head, f"{label:<{wide}}{read:>8}{accepted:>10}{quarantined:>13}{blank:>7}"]
    return lines


def _frequent_lines(problems: pd.DataFrame) -> list[str]:
    if problems.empty:
        return ["Nothing is wrong with what was read."]
    lines = [capital(level_words(problems)) + "."]
    codes = problems["code"].value_counts()
    if len(codes) > 1 and len(problems) > _FREQUENT:
        lines += ["", "Most frequent"]
        names = {code: read_repairs()[code].name for code in codes.index}
        lines += [f"  {count:>5} × {names[code]}" for code, count in codes.head(_FREQUENT).items()]
    return lines


def _listed_lines(problems: pd.DataFrame) -> list[str]:
    lines = []
    # in the order of the problems: what keeps a file out stands at the top
    groups = problems.groupby(["file", "sheet"], dropna=False, sort=False)
    for (file, sheet), group in groups:
        lines += ["", _place(file, sheet)]
        for problem in group.head(LISTED).itertuples():
            lines += _problem_lines(problem)
        if len(group) > LISTED:
            more = f"{len(group) - LISTED:,} more; `table problems` has them all."
            lines.append(f"  ... and {more}")
    return lines


def _problem_lines(problem) -> list[str]:
    where = "" if pd.isna(problem.cell) else problem.cell
    if not where and pd.notna(problem.row):
        where = f"row {problem.row}"
    said = [problem.message]
    if pd.notna(problem.value) and problem.value and f"'{problem.value}'" not in problem.message:
        said.insert(0, f"'{problem.value}':")
    if problem.code in MAPPED:
        said += [problem.instead] if pd.notna(problem.suggestion) else []
    elif pd.notna(problem.suggestion):
        said.append(f"Perhaps '{problem.suggestion}'?")
    return textwrap.wrap(
        " ".join(said),
        WIDTH,
        initial_indent=f"  {problem.level:<8} {where:<8} ",
        subsequent_indent=" " * 20,
        break_on_hyphens=False,
    )


def _place(file: str | float, sheet: str | float) -> str:
    if pd.isna(file):
        return "The folder"
    return file if pd.isna(sheet) else f"{file} · {sheet}"
