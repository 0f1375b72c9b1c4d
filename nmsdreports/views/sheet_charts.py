"""Native charts over a table's cells, with axes, caches and alt texts.

openpyxl writes charts without the numbers they show, so a viewer that does not calculate draws
nothing: the cache is filled here from the same values. It hides the axes unless told otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.axis import DateAxis
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.fill import ColorChoice, PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
)
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from nmsdreports.views.chart_counts import series_place
from nmsdreports.views.theme import Theme

ALT_TEXT_LENGTHS = (30, 250)
"""The fewest and the most characters of a chart's alt text."""

_MARKERS = ("circle", "square", "diamond", "triangle")
_DASHES = ("solid", "dash", "sysDot", "dashDot")
# by place of the series, as in the page's charts: none, stripes, none, squares, stripes, dots
_PATTERNS = (None, "wdUpDiag", None, "smGrid", "wdDnDiag", "pct50")
_POINTS_12, _POINTS_10 = 1200, 1000
_MONTH_FORMAT = "mmm yyyy"
_ROW_HEIGHT_CM = 0.59
_GAP = 60
_FEW = 12


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


def rows_high(chart: ChartOver) -> int:
    """How many rows of plain text lie beside the chart, and one of space."""
    return int(chart.size[1] / _ROW_HEIGHT_CM) + 2


def alt_text(title: str, frame: pd.DataFrame) -> str:
    """A chart's numbers in as many words as an alt text may have: its title, then row by row.

    Rows of zeros are left out, and what has no room is named: the table beside has it all.
    """
    names = [name.lower() for name in frame.columns[1:]]
    text, most = f"{title}.", ALT_TEXT_LENGTHS[1]
    rest = " The rest stands in the table."
    rows = [row for row in frame.itertuples(index=False, name=None) if any(row[1:])]
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
    drawn = [columns[number - 1][1] for number in over.columns]
    alone = len(drawn) == 1
    chart = BarChart() if over.bars else LineChart()
    chart.width, chart.height = over.size
    chart.title = _title(theme, over.title, _POINTS_12, bold=True)
    if over.bars:
        chart.gapWidth = _GAP
    if over.bars and not alone:
        chart.grouping, chart.overlap = "stacked", 100
    if isinstance(columns[0][1][0], datetime):
        chart.x_axis = DateAxis(crossAx=chart.y_axis.axId)
        chart.x_axis.baseTimeUnit = chart.x_axis.majorTimeUnit = "months"
        chart.x_axis.majorUnit = 6
        chart.x_axis.number_format = _MONTH_FORMAT
        chart.y_axis.crossAx = chart.x_axis.axId
    chart.y_axis.title = _title(theme, over.unit, _POINTS_10)
    chart.y_axis.number_format = "#,##0"
    chart.y_axis.scaling.min = 0
    high = map(sum, zip(*drawn, strict=True)) if over.bars else (max(values) for values in drawn)
    chart.y_axis.majorUnit = _step(max(high))
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.txPr = _rich(theme, _POINTS_10)
    grid = LineProperties(solidFill=_plain(theme.colours["line"]), w=6350)
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=grid)
    categories = AxDataSource(**_source(sheet, 1, first_row, columns[0][1]))
    for number, column in enumerate(over.columns):
        header, values = columns[column - 1]
        place = series_place(header, alone)
        look = _bar_look(theme, place) if over.bars else _line_look(theme, number)
        series = Series(
            idx=number,
            order=number,
            tx=_name(sheet, column, first_row - 1, header),
            cat=categories,
            val=NumDataSource(**_source(sheet, column, first_row, values)),
            **look,
        )
        if not over.bars:
            _mark_points(theme, series, number)
        elif alone and len(values) <= _FEW:
            series.dLbls = _labels(theme)
        chart.series.append(series)
    if alone:
        chart.legend = None
    else:
        chart.legend.position = "b"
        chart.legend.txPr = _rich(theme, _POINTS_10)
    sheet.add_chart(chart, anchor)


def _line_look(theme: Theme, number: int) -> dict:
    colour = _plain(theme.series[number % len(theme.series)])
    line = LineProperties(solidFill=colour, w=25400, prstDash=_DASHES[number % len(_DASHES)])
    return {"smooth": False, "spPr": GraphicalProperties(ln=line)}


def _mark_points(theme: Theme, series: Series, number: int) -> None:
    colour = _plain(theme.series[number % len(theme.series)])
    series.marker.symbol = _MARKERS[number % len(_MARKERS)]
    series.marker.size = 5
    series.marker.spPr = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=colour))


def _bar_look(theme: Theme, place: int) -> dict:
    colour = _plain(theme.series[place % len(theme.series)])
    line = LineProperties(solidFill=colour, w=9525)
    pattern = _PATTERNS[place]
    if pattern is None:
        return {"spPr": GraphicalProperties(solidFill=colour, ln=line)}
    ground = ColorChoice(srgbClr=_plain(theme.colours["background"]))
    fill = PatternFillProperties(prst=pattern, fgClr=ColorChoice(srgbClr=colour), bgClr=ground)
    return {"spPr": GraphicalProperties(pattFill=fill, ln=line)}


def _labels(theme: Theme) -> DataLabelList:
    """The number above each bar of a series that stands alone; stacked bars cannot have it."""
    shown = DataLabelList(showVal=True, dLblPos="outEnd")
    shown.showSerName = shown.showCatName = shown.showLegendKey = shown.showPercent = False
    shown.txPr = _rich(theme, _POINTS_10)
    return shown


def _name(sheet: Worksheet, column: int, row: int, header: str) -> SeriesLabel:
    cache = StrData(ptCount=1, pt=[StrVal(idx=0, v=header)])
    return SeriesLabel(strRef=StrRef(f=_area(sheet, column, row, row), strCache=cache))


def _source(sheet: Worksheet, column: int, first_row: int, values: list) -> dict:
    """The values of a column as a chart's source, numbers or texts, with their cache."""
    area = _area(sheet, column, first_row, first_row + len(values) - 1)
    if isinstance(values[0], str):
        texts = [StrVal(idx=at, v=value) for at, value in enumerate(values)]
        return {"strRef": StrRef(f=area, strCache=StrData(ptCount=len(texts), pt=texts))}
    days = isinstance(values[0], datetime)
    numbers = [f"{to_excel(value) if days else value:.16g}" for value in values]
    points = [NumVal(idx=at, v=number) for at, number in enumerate(numbers)]
    shown = _MONTH_FORMAT if days else "0"
    cache = NumData(formatCode=shown, ptCount=len(points), pt=points)
    return {"numRef": NumRef(f=area, numCache=cache)}


def _area(sheet: Worksheet, column: int, first: int, last: int) -> str:
    letter = get_column_letter(column)
    place = f"${letter}${first}" + ("" if first == last else f":${letter}${last}")
    return f"{quote_sheetname(sheet.title)}!{place}"


def _step(highest: float) -> int:
    """The distance of the grid's lines: whole, so that about five of them fit."""
    step = 1
    while highest / step > 5:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return step


def _title(theme: Theme, text: str, points: int, bold: bool = False) -> Title:
    rich = _rich(theme, points, bold)
    run = RegularTextRun(rPr=_ink(theme, points, bold), t=text)
    rich.p[0].r = [run]
    return Title(tx=Text(rich=rich), overlay=False)


def _rich(theme: Theme, points: int, bold: bool = False) -> RichText:
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=_ink(theme, points, bold)))])


def _ink(theme: Theme, points: int, bold: bool) -> CharacterProperties:
    sans = Font(typeface=theme.fonts["sans"])
    colour = _plain(theme.colours["text"])
    return CharacterProperties(sz=points, b=bold, latin=sans, solidFill=colour)


def _plain(colour: str) -> str:
    return colour.removeprefix("#")
