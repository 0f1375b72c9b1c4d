"""The way in: the page that leads to every month, and within a month to every school and file."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from nmsdreports.views.page import render
from nmsdreports.views.sentences import month_words
from nmsdreports.views.theme import Theme

_KINDS = {".html": "page", ".xlsx": "workbook", ".ipynb": "notebook"}


@dataclass(frozen=True)
class Entry:
    """One line of an edition's index: a school or the office, its files, or why it has none."""

    name: str
    files: tuple[Path, ...]
    cause: str = ""
    repair: str = ""


def write_edition_index(
    path: Path,
    *,
    district: str,
    month: str,
    as_of: pd.Timestamp,
    entries: list[Entry],
    whole: bool,
    theme: Theme,
) -> Path:
    """Write an edition's index.html; the files of `entries` lie below the folder of `path`.

    `whole` says whether all schools of the month were asked for.
    """
    rows = [
        {
            "name": entry.name,
            "links": [
                (_KINDS.get(file.suffix, file.name), _address(file, path.parent))
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
        district=district,
        title=f"Social media reports, {month_words(month)}",
        as_of=as_of,
        rows=rows,
        whole=whole,
        failed=[row for row in rows if row["cause"]],
    )
    path.write_text(html, "utf-8", newline="\n")
    return path


def write_months_index(path: Path, *, district: str, months: dict[str, Path], theme: Theme) -> Path:
    """Write reports/index.html: every month, newest first, with its current edition's folder."""
    rows = [
        (month_words(month), _address(folder / "index.html", path.parent))
        for month, folder in sorted(months.items(), reverse=True)
    ]
    title = "Social media reports"
    html = render("months.html.j2", theme, district=district, title=title, rows=rows)
    path.write_text(html, "utf-8", newline="\n")
    return path


def _order(file: Path) -> tuple[int, str]:
    known = list(_KINDS)
    return (known.index(file.suffix) if file.suffix in known else len(known), file.name)


def _address(file: Path, folder: Path) -> str:
    return quote(file.relative_to(folder).as_posix())
