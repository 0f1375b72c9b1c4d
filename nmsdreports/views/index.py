"""The way in: the page that leads to every month, and within a month to every school and file."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from nmsdreports.views.caveats import same_files_words
from nmsdreports.views.logo import Logo
from nmsdreports.views.page import render
from nmsdreports.views.sentences import count_words, list_words, month_words
from nmsdreports.views.theme import Theme

FIRST = "All schools"
"""The name of the office's report, with which one begins."""
BOARD = "Board packet"
"""The name of what is made for the board."""

_KINDS = {
    ".html": "page",
    " monitoring.html": "monitoring page",
    ".xlsx": "workbook",
    ".pptx": "slides",
    ".ipynb": "notebook",
}


@dataclass(frozen=True)
class Entry:
    """One line of an edition's index: a school or the office, its files, or why it has none.

    `words` say in a line how it stands.
    """

    name: str
    files: tuple[Path, ...]
    cause: str = ""
    repair: str = ""
    words: str = ""


def standing_words(findings: pd.DataFrame, school_id: str | None = None) -> str:
    """How many findings are open and overdue, so that one sees where to look first.

    `findings` are a standing's; `school_id` picks those of one school.
    """
    found = findings if school_id is None else findings[findings["school_id"].eq(school_id)]
    found = found[found["open"]]
    if found.empty:
        return "no open finding"
    overdue = int((found["overdue"] & ~found["excepted"]).sum())
    some = "none" if overdue == 0 else "all" if overdue == len(found) > 1 else f"{overdue:,}"
    return f"{count_words(len(found), 'open finding')}, {some} overdue"


def write_edition_index(
    path: Path,
    *,
    district: str,
    month: str,
    as_of: pd.Timestamp,
    entries: list[Entry],
    whole: bool,
    same_as: str,
    restates: str,
    theme: Theme,
    logo: Logo | None = None,
) -> Path:
    """Write an edition's index.html; the files of `entries` lie below the folder of `path`.

    `whole` says whether all schools of the month were asked for; `same_as` is the earlier month
    whose spreadsheets were the very same, if there is one; `restates` names the edition whose place
    this one takes.
    """
    rows = [
        {
            "name": entry.name,
            "words": entry.words,
            "links": [
                (_kind(file), _address(file, path.parent))
                for file in sorted(entry.files, key=_order)
            ],
            "cause": entry.cause.rstrip("."),
            "repair": entry.repair,
        }
        for entry in entries
    ]
    html = render(
        "edition.html.j2",
        theme,
        logo=logo,
        district=district,
        title=f"Social media reports, {month_words(month)}",
        as_of=as_of,
        rows=rows,
        whole=whole,
        same=same_files_words(same_as) if same_as else "",
        restates=restates,
        first=FIRST if whole and not entries[0].cause else "",
        failed=[row for row in rows if row["cause"]],
    )
    path.write_text(html, "utf-8", newline="\n")
    return path


def write_months_index(
    path: Path,
    *,
    district: str,
    months: dict[str, Path],
    only: dict[str, str],
    failed: dict[str, list[str]],
    notes: list[str],
    restated: dict[str, Path | None],
    theme: Theme,
    logo: Logo | None = None,
) -> Path:
    """Write reports/index.html: every month, newest first, with its current edition's folder.

    `only` says of a month that is not whole which schools it holds, `failed` names the reports of a
    month that could not be made, `notes` are sentences on what lies beside them, `restated` has of
    each month whose edition restates a published one the folder of that one, None where it is gone.
    """
    rows = [
        {
            "month": month_words(month),
            "address": _address(folder / "index.html", path.parent),
            "restated": month in restated,
            "published": _address(published / "index.html", path.parent)
            if (published := restated.get(month))
            else "",
            "only": only.get(month, ""),
            "failed": list_words(failed.get(month, [])),
        }
        for month, folder in sorted(months.items(), reverse=True)
    ]
    title = "Social media reports"
    html = render(
        "months.html.j2",
        theme,
        logo=logo,
        district=district,
        title=title,
        rows=rows,
        failed=[row for row in rows if row["failed"]],
        notes=notes,
    )
    path.write_text(html, "utf-8", newline="\n")
    return path


def _kind(file: Path) -> str:
    """What a link to a file says: the longest ending that is known of its name, else the name."""
    ends = [end for end in _KINDS if file.name.endswith(end)]
    return _KINDS[max(ends, key=len)] if ends else file.name


def _order(file: Path) -> tuple[int, str]:
    kinds = list(_KINDS.values())
    kind = _kind(file)
    return (kinds.index(kind) if kind in kinds else len(kinds), file.name)


def _address(file: Path, folder: Path) -> str:
    return quote(file.relative_to(folder).as_posix())
