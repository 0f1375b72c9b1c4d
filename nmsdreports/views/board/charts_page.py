"""The board's pages, and the numbers of their charts as CSV files: made without any browser."""

import csv
import io
from pathlib import Path

import pandas as pd

from nmsdreports.views.board.board_chart import BoardChart, few_words, texts_of
from nmsdreports.views.board.counts_rates import by_month
from nmsdreports.views.board.drawing import draw
from nmsdreports.views.board.edition import BoardEdition
from nmsdreports.views.charts import Chart
from nmsdreports.views.page import Page, Shown, render, scripts_for
from nmsdreports.views.sentences import capital, name_words
from nmsdreports.views.table import Table

CHARTS = "charts"
"""The folder of the charts' numbers and pictures, beside the page."""
_NOT_OVER = "The school year that is not over"


class BoardPage(Page):
    """A page for the board: `show` and `show_chart` things in order, then `write`.

    `heading` is the edition's own where it is left out; a `signed` page ends with a line for the
    superintendent's signature and the day. `charts` are those shown so far, `drawn` the drawings
    of those that have one, by name.
    """

    def __init__(self, edition: BoardEdition, heading: str = "", signed: bool = False) -> None:
        super().__init__(edition)
        self.heading = heading or edition.heading
        self.signed = signed
        self.charts: list[BoardChart] = []
        self.drawn: dict[str, Chart] = {}

    @property
    def whose(self) -> str:
        """The district and the month, where a chart stands without the page around it."""
        return f"{name_words(self.edition.district['name'])}, {self.edition.month_name}"

    def show_chart(self, chart: BoardChart) -> "Parts":
        """Begin a section with a chart (or why there is none), its numbers and what they mean."""
        self.charts.append(chart)
        heading = capital(chart.name.replace("-", " "))
        captions = (f"Numbers of the chart: {chart.title}", _NOT_OVER)
        numbers = self._numbers(chart)
        beside = [by_month(chart, self.edition)] if chart.lines and numbers else numbers
        tables = [
            # a month's shares beside each other need the width of the page
            Table(caption, even(frame), whole=True, wide=chart.lines)
            for caption, frame in zip(captions, beside, strict=False)
        ]
        if chart.instead:
            parts = [self.show([f"{chart.title}.", chart.instead], heading)]
            parts += [self.show(table) for table in tables]
        else:
            self.drawn[chart.name] = draw(chart, tables[0], self.edition.theme)
            parts = [self.show(self.drawn[chart.name], heading)]
            parts += [self.show(table) for table in tables[1:]]
        parts.append(self.show([chart.meaning, chart.source]))
        if numbers:
            files = {name: f"{CHARTS}/{name}" for name in _file_names(chart)}
            parts.append(Shown("files", files, None, self.edition))
            self.sections[-1].append(parts[-1])
        return Parts(parts)

    def write(self, path: str | Path) -> Path:
        """Write the page as one HTML file, and the numbers of its charts beside it."""
        path = super().write(path)
        if self.charts:
            self.write_numbers(path.parent)
        return path

    def write_numbers(self, folder: str | Path) -> list[str]:
        """Write the numbers of every chart shown as CSV files; returns their names."""
        folder = Path(folder) / CHARTS
        folder.mkdir(parents=True, exist_ok=True)
        names = []
        for chart in self.charts:
            for name, frame in zip(_file_names(chart), self._numbers(chart), strict=True):
                (folder / name).write_bytes(_csv(frame))
                names.append(name)
        return names

    def html(self) -> str:
        """The whole page as text."""
        sections = [section for section in self.sections if section]
        if not sections:
            raise ValueError("Nothing was shown on the page, so there is nothing to write.")
        return render(
            "board.html.j2",
            self.edition.theme,
            scripts_for(sections),
            self.edition.logo,
            edition=self.edition,
            heading=self.heading,
            signed=self.signed,
            sections=sections,
            month=self.edition.month_name,
        )

    def _numbers(self, chart: BoardChart) -> list[pd.DataFrame]:
        """The tables of a chart; the first has every series that is drawn."""
        if not chart.tables or len(chart.frame) != len(chart.tables[0]):
            return [*chart.tables]
        first, *others = chart.tables
        drawn = texts_of(chart.frame, few_words(self.edition))
        told = [column.tolist() for _, column in first.items()]
        more = {
            name: column.tolist()
            for name, column in drawn.iloc[:, 1:].items()
            if column.tolist() not in told and name not in first
        }
        return [first.assign(**more), *others]


class Parts(list[Shown]):
    """The parts of one finding, which a notebook shows one after the other."""

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for part in self:
            display(part)


def even(frame: pd.DataFrame) -> dict[str, list]:
    """Return the columns of a table, each of numbers only or of texts only, so that it is even."""
    columns = {}
    for header, column in frame.items():
        values = column.tolist()
        mixed = len(set(map(type, values))) > 1
        columns[header] = [_count(value) if mixed else value for value in values]
    return columns


def _file_names(chart: BoardChart) -> list[str]:
    """The CSV files of a chart's numbers, one a table: "incidents-2.csv" has the second."""
    ends = ["" if at == 1 else f"-{at}" for at, _ in enumerate(chart.tables, start=1)]
    return [f"{chart.name}{end}.csv" for end in ends]


def _count(value: str | int) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def _csv(frame: pd.DataFrame) -> bytes:
    """A table as CSV, with the mark by which a spreadsheet program knows its letters."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(frame.columns)
    writer.writerows(frame.itertuples(index=False, name=None))
    return stream.getvalue().encode("utf-8-sig")
