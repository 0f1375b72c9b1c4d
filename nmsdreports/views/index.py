"""The way in: the page that leads to every month, and within a month to every school and file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pandas as pd
from markupsafe import Markup

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


@dataclass(frozen=True)
class Month:
    """One line of the page of every month: the folder of its current edition and what that is.

    `only` says of an edition that is not whole which schools it holds, `failed` names its reports
    that could not be made; where it `restates` a published one, `published_before` is the folder of
    that one, None where it is gone. `unfinished`: it was made before the month was over.
    """

    month: str
    folder: Path
    published: bool
    restates: bool = False
    published_before: Path | None = None
    only: str = ""
    failed: Sequence[str] = ()
    unfinished: bool = False


def write_edition_index(
    path: Path,
    *,
    district: str,
    month: str,
    as_of: pd.Timestamp,
    entries: list[Entry],
    whole: bool,
    caveats: Sequence[str],
    said: Sequence[str],
    restates: str,
    theme: Theme,
    logo: Logo | None = None,
) -> Path:
    """Write an edition's index.html; the files of `entries` lie below the folder of `path`.

    `whole` says whether all schools of the month were asked for; `caveats` are sentences to be
    known before the numbers, `said` those that the office has to know beside them; `restates` names
    the edition whose place this one takes.
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
        said=said,
        restates=restates,
        caveats=caveats,
        first=FIRST if whole and not entries[0].cause else "",
        failed=[row for row in rows if row["cause"]],
    )
    path.write_text(html, "utf-8", newline="\n")
    return path


def write_months_index(
    path: Path,
    *,
    district: str,
    months: Sequence[Month],
    notes: Sequence[str],
    theme: Theme,
    logo: Logo | None = None,
) -> Path:
    """Write reports/index.html: every month, newest first, with its current edition's folder.

    `notes` are sentences on what the office has to look at.
    """
    rows = [
        {
            "month": month_words(one.month),
            "address": _address(one.folder / "index.html", path.parent),
            "state": state_badge(one.folder.name, one.published),
            "unfinished": one.unfinished,
            "restated": one.restates,
            "published": _address(one.published_before / "index.html", path.parent)
            if one.published_before
            else "",
            "only": one.only,
            "failed": list_words(one.failed),
        }
        for one in sorted(months, key=lambda one: one.month, reverse=True)
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


def state_badge(name: str, published: bool) -> Markup:
    """Whether the edition of that name is published or a draft, as the page of every month says it.

    The same text whenever it is asked for: it is found and replaced in a page that stands.
    """
    state, mark = ("published", "\u2713") if published else ("draft", "\u270e")
    return Markup(
        '<span class="badge edition-{}" id="state-{}"><span aria-hidden="true">{}</span>&nbsp;{}'
        "</span>"
    ).format(state, name, mark, state)


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
