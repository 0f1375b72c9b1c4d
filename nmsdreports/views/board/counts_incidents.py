"""Incidents and concerns by school year, as the edition prints them: counts, or words for them.

Nothing is added up or shared out here: a total or a share could tell what a word hides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.views.board.board_chart import BoardChart, gap_words, source_words, whole_numbers
from nmsdreports.views.board.board_words import NOT_AMONG, STAYS
from nmsdreports.views.sentences import capital, short_day_words

if TYPE_CHECKING:
    from nmsdreports.views.board.edition import BoardEdition

INCIDENTS = "incidents-by-school-year"
CLOSED_YEARS = ("School year", "Category", "Reported", "Substantiated", "Counted on")
RUNNING_YEAR = ("School year", "Reported so far", "As of")
"""Headers by which these tables are known again wherever they were printed."""
_PLUS = " “+” joins categories that are counted together."
NOT_DRAWN = "No chart: each count is too small to be shown, or would tell one that is."
"""What stands in place of bars where every count is words."""


def chart_incidents(edition: BoardEdition) -> BoardChart:
    """Incidents and concerns reported and substantiated, by school year and category.

    The first table has the closed school years, newest first, the second the running one.
    """
    rows = edition.incident_years.reset_index(drop=True)
    newest_first = sorted(rows.index, key=lambda at: rows["school_year"][at], reverse=True)
    rows = rows.loc[newest_first].reset_index(drop=True)
    reported, substantiated = (
        [_exact(text) for text in rows[name]] for name in ("reported", "substantiated")
    )
    many = rows["school_year"].duplicated(keep=False)
    labels = rows["school_year"].where(~many, rows["school_year"] + ": " + rows["categories"])
    frame = pd.DataFrame(
        {
            "School year": labels,
            "Reported": whole_numbers(reported),
            "Substantiated": whole_numbers(substantiated),
        }
    )
    shown = frame["Reported"].notna().any()
    hidden = shown and frame.isna().any(axis=None)
    gaps = gap_words("bar", "see the words in the table") if hidden else ""
    plus = _PLUS if rows["categories"].str.contains(" + ", regex=False).any() else ""
    closed, running = _closed_table(rows, frame), _running_table(edition)
    return BoardChart(
        name=INCIDENTS,
        title=_title(edition, rows, frame),
        frame=frame,
        tables=tuple(table for table in (closed, running) if len(table)),
        meaning=f"Reported: whatever the outcome; {NOT_AMONG}. Substantiated: found true."
        f"{plus}{gaps}{_stays(edition)}",
        source=source_words(edition, "the logs of incidents and concerns"),
        instead="" if shown else _instead(rows),
    )


def _running_table(edition: BoardEdition) -> pd.DataFrame:
    """The range of the running school year; no row on the last day of one."""
    running = edition.running
    row = [running["school_year"], running["reported"], short_day_words(edition.as_of)]
    rows = [row] if running["school_year"] else []
    return pd.DataFrame(rows, columns=[*RUNNING_YEAR], dtype=object)


def _closed_table(rows: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    texts = {
        name: [
            text if pd.isna(number) else int(number)
            for text, number in zip(rows[name.casefold()], frame[name], strict=True)
        ]
        for name in ("Reported", "Substantiated")
    }
    days = [short_day_words(day) for day in rows["counted_on"]]
    columns = [rows["school_year"].to_list(), rows["categories"].to_list(), *texts.values(), days]
    return pd.DataFrame(dict(zip(CLOSED_YEARS, columns, strict=True)), dtype=object)


def _title(edition: BoardEdition, rows: pd.DataFrame, frame: pd.DataFrame) -> str:
    """The newest closed year's largest count that is shown, else the words that stand for it."""
    running = edition.running
    if rows.empty and not running["school_year"]:
        return "No school year has a count of incidents and concerns that can be shown"
    if rows.empty:
        so_far = f"{capital(running['reported'])} incidents and concerns so far in "
        return f"{so_far}{running['school_year']}; no earlier school year is counted"
    newest = rows["school_year"].eq(rows["school_year"].iloc[0])
    year = rows["school_year"].iloc[0]
    counted = frame[newest & frame["Reported"].notna()]
    if counted.empty:
        words = rows["reported"].iloc[0]
        if "not shown" in set(rows["reported"][newest]):
            return f"In {year}, no count of incidents and concerns reported can be shown"
        each = "" if newest.sum() == 1 else " in each category"
        return f"In {year}, {words} incidents and concerns were reported{each}"
    at = counted["Reported"].astype(int).idxmax()
    number, found = int(frame["Reported"][at]), rows["substantiated"][at]
    under = "" if newest.sum() == 1 else f" under {rows['categories'][at]}"
    title = f"In {year}, {number:,} incidents and concerns were reported{under}"
    return f"{title}; substantiated: {found}"


def _stays(edition: BoardEdition) -> str:
    """That a correction changes no year that is over, where a reader may look for it."""
    return f" {capital(STAYS)}." if edition.restates else ""


def _instead(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "There is no school year that is over and counted."
    return NOT_DRAWN


def _exact(text: str) -> int | None:
    """The count that a printed text is, or nothing where words stand for it."""
    plain = str(text).replace(",", "")
    return int(plain) if plain.isdigit() else None
