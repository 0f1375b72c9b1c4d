"""What one finding for the board is made of, and the words that its parts share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.views.sentences import count_words, day_words

if TYPE_CHECKING:
    from nmsdreports.views.board.edition import BoardEdition


@dataclass(frozen=True)
class BoardChart:
    """One finding for the board: what is drawn, and its numbers as people read them.

    `name` is the stem of its files, `title` the finding, a sentence without its full stop. `frame`
    is what is drawn: the first column has the categories (texts, or the months' last days), each
    other one the whole counts of a series (Int64), missing where one is not shown; `lines` says
    that it is drawn as lines over months, in whole percent, and not as bars. `tables` have the same
    numbers, and words where one is not shown. `meaning` defines the numbers, `source` says where
    they come from. Where nothing can be drawn, `instead` says why (else it is empty).
    """

    name: str
    title: str
    frame: pd.DataFrame
    tables: tuple[pd.DataFrame, ...]
    meaning: str
    source: str
    instead: str = ""
    lines: bool = False


def few_words(edition: BoardEdition) -> str:
    """What stands for a count too small to be shown: "fewer than 10"."""
    return f"fewer than {edition.min_cell}"


def under_words(edition: BoardEdition) -> str:
    """Which guidelines a count of findings is of, where those of few accounts are left out of it.

    Without these words a district of few accounts would be told that no finding is open.
    """
    few = edition.guidelines["shown"].str.startswith(few_words(edition))
    return f" under guidelines that concern at least {edition.min_cell}" if few.any() else ""


def gap_words(what: str, why: str) -> str:
    """What it means that something is not drawn: why, and that it is not 0."""
    return f" No {what}: {why}; that does not stand for 0."


def moved_words(closed: int, opened: int) -> str:
    """How many findings about accounts were closed and opened, in one clause."""
    if not closed + opened:
        return "no finding about accounts was opened or closed"
    was = "was" if closed == 1 else "were"
    moved = f"{count_words(closed, 'finding')} about accounts {was} closed"
    return f"{moved} and {f'{opened:,}' if opened else 'none'} opened"


def source_words(edition: BoardEdition, what: str) -> str:
    """Where numbers come from, and the day on which they stood so; also that they are restated."""
    again = ", restated" if edition.restates else ""
    return f"Source: {what}, as of {day_words(edition.as_of)}{again}."


def year_words(edition: BoardEdition, school_year: str) -> str:
    """A school year in a title: "2026–27 so far" while it runs."""
    return f"{school_year} so far" if school_year == edition.running["school_year"] else school_year


def whole_numbers(values: list) -> pd.Series:
    """Whole counts of a chart, some of which may be missing."""
    return pd.Series(pd.array(values, dtype="Int64"))


def texts_of(frame: pd.DataFrame, missing: str) -> pd.DataFrame:
    """The frame for a table: counts as they are, `missing` in place of those not shown."""
    return frame.astype(object).where(frame.notna(), missing)
