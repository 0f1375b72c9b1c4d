"""Native charts over a table's cells, with the alt texts that openpyxl cannot give them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl.chart._chart import ChartBase
from openpyxl.worksheet.worksheet import Worksheet

from nmsdreports.views.chart_xml import chart_xml
from nmsdreports.views.theme import Theme

ALT_TEXT_LENGTHS = (30, 250)
"""The fewest and the most characters of a chart's alt text."""

_ROW_HEIGHT_CM = 0.59


@dataclass(frozen=True)
class ChartOver:
    """A chart that draws `columns` (by number, whole counts) of a table over its first column.

    `title` says the finding, `alt_text` the numbers, `unit` what the upright axis counts. Columns
    of days are drawn as lines unless `bars`; `table` is the number of the table on its sheet.
    """

    title: str
    alt_text: str
    unit: str
    columns: tuple[int, ...]
    bars: bool = False
    table: int = 0
    size: tuple[float, float] = (16.0, 6.6)

    def __post_init__(self):
        least, most = ALT_TEXT_LENGTHS
        if not least <= len(self.alt_text) <= most:
            raise ValueError(f"an alt text has {least} to {most} characters: {self.alt_text}")


class DrawnChart(ChartBase):
    """A chart of openpyxl's whose part is ready as text, so that no objects are made for it."""

    def __init__(self, text: str, size: tuple[float, float]):
        self.text = text
        self.width, self.height = size


def rows_high(chart: ChartOver) -> int:
    """How many rows of plain text lie beside the chart, and one of space."""
    return int(chart.size[1] / _ROW_HEIGHT_CM) + 2


def alt_text(title: str, columns: dict[str, list]) -> str:
    """A chart's numbers in as many words as an alt text may have: its title, then row by row.

    Rows of zeros are left out, and what has no room is named: the table beside has it all.
    """
    names = [name.lower() for name in columns][1:]
    text, most = f"{title}.", ALT_TEXT_LENGTHS[1]
    rest = " The rest stands in the table."
    rows = [row for row in zip(*columns.values(), strict=True) if any(row[1:])]
    for at, (label, *numbers) in enumerate(rows):
        label = f"{label:%b %Y}" if isinstance(label, datetime) else label
        told = [f"{name} {n:,}" for name, n in zip(names, numbers, strict=True) if n]
        more = f" {label}: {', '.join(told)}."
        last = at == len(rows) - 1
        if len(text) + len(more) + (0 if last else len(rest)) > most:
            return text + rest
        text += more
    return text


def draw_chart(
    theme: Theme,
    sheet: Worksheet,
    anchor: str,
    over: ChartOver,
    first_row: int,
    columns: Sequence[tuple[str, list]],
) -> None:
    """Draw the chart at `anchor` over `columns` (header, values) whose values begin in a row."""
    drawn = [(number, *columns[number - 1]) for number in (1, *over.columns)]
    text = chart_xml(theme, over.title, over.unit, sheet.title, first_row, drawn, bars=over.bars)
    sheet.add_chart(DrawnChart(text, over.size), anchor)
