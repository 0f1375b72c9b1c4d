"""What a workbook's sheets are made of, as plain data: columns, tables, lines, charts.

Nothing here writes a cell; `sheets.add_sheet` does, into a Book.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from openpyxl.styles.cell_style import StyleArray

from nmsdreports.views.logo import Logo
from nmsdreports.views.rows import plain_values
from nmsdreports.views.sheet_charts import ChartOver
from nmsdreports.views.sheet_styles import ThemedWorkbook, state_looks
from nmsdreports.views.theme import Look, Theme

DAY, TEXT, TICK = "day", "text", "✓"
"""What may be typed into a column of answers: a day that has come, some words, or only a tick."""

NUMBERS = ("count", "percent", "days from")
"""The kinds of columns whose values stand to the right."""


@dataclass(frozen=True)
class Answer:
    """What a reader may type into a column: `kind` (`DAY`, `TEXT`, `TICK`), and how, in words.

    `prompt` is shown beside the cell that is being typed into, `error` where it cannot be taken.
    """

    kind: str
    prompt: str
    error: str


@dataclass(frozen=True)
class Column:
    """One column of a table: its header, its values, and what they are.

    `kind` says how values look that are not text (date, month, count, percent as a fraction, days
    from another day: negative before it), or that texts are states: a state, perhaps with more
    after it, gets its mark and colours. A missing value prints as `blank`, words. `most` is the
    greatest width, in characters. `to` has what each value links to: a file's address, or None.
    A column that is open for an `answer` is kept although it is empty, and all others are locked.
    """

    header: str
    values: Sequence | pd.Series
    kind: str = "text"
    blank: str | None = None
    most: int = 40
    to: Sequence[str | None] = ()
    answer: Answer | None = None

    @cached_property
    def plain(self) -> list:
        """The values as Python's own; `blank`, else None, for a missing one."""
        given = plain_values(self.values) if isinstance(self.values, pd.Series) else self.values
        return [self.blank if value is None or value == "" else value for value in given]


@dataclass(frozen=True)
class Block:
    """A named Excel table; `heading` stands above it where a sheet has more than one.

    Columns without any value are left out unless the table is for filling in (`to_fill`).
    """

    name: str
    columns: Sequence[Column]
    heading: str | None = None
    to_fill: bool = False


@dataclass(frozen=True)
class Line:
    """One line of text above the tables; `to` makes it a link to a sheet or an address."""

    text: str
    style: str = "lead"
    to: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet: `lines` above its tables, charts beside the tables they draw, and `contents`, the
    words that follow its name in the list of sheets. Without lines and tables it is only listed.

    `fixed_columns` stay in sight when one scrolls to the right; `one_page` prints it all on one;
    `logo` stands at the top right.
    """

    name: str
    contents: str
    lines: Sequence[Line | str] = ()
    blocks: Sequence[Block] = ()
    charts: Sequence[ChartOver] = ()
    title: str | None = None
    fixed_columns: int = 0
    one_page: bool = False
    logo: Logo | None = None


@dataclass
class Book:
    """A workbook in the making; `about` is its school, month and day, for subtitles and footers.

    `cut` counts the texts that were too long for a cell; `alt_texts` has (name, alt text) of every
    chart, one list for each sheet that has charts, in the order of the sheets.
    """

    theme: Theme
    about: str
    workbook: ThemedWorkbook = field(init=False)
    styles: dict[str, StyleArray] = field(init=False)
    looks: dict[str, Look] = field(init=False)
    points: int = field(init=False)
    alt_texts: list[list[tuple[str, str]]] = field(default_factory=list)
    cut: int = 0

    def __post_init__(self):
        self.workbook = ThemedWorkbook(self.theme)
        self.styles = self.workbook.looks
        self.looks = state_looks(self.theme)
        self.points = self.theme.fonts["size"]
