"""Native line charts over a sheet's own cells, with axes, caches and alt texts.

openpyxl writes charts without the numbers they show, so a viewer that does not calculate draws
nothing: the cache is filled here from the same cells. It hides the axes unless told otherwise.
"""

from dataclasses import dataclass

from openpyxl.chart import LineChart
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
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
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

from nmsdreports.views.theme import Theme

ALT_TEXT_LENGTHS = (30, 250)
"""The fewest and the most characters of a chart's alt text."""

_MARKERS = ("circle", "square", "diamond", "triangle")
_DASHES = ("solid", "dash", "sysDot", "dashDot")
_POINTS_12, _POINTS_10 = 1200, 1000
_MONTH_FORMAT = "mmm yyyy"
_ROW_HEIGHT_CM = 0.59


@dataclass(frozen=True)
class LineOver:
    """A chart that draws `columns` (by number, whole counts) of a table over the days in its first.

    `title` says the finding, `alt_text` the numbers, `unit` what the upright axis counts.
    """

    title: str
    alt_text: str
    unit: str
    columns: tuple[int, ...]
    size: tuple[float, float] = (16.0, 6.6)

    def __post_init__(self):
        least, most = ALT_TEXT_LENGTHS
        if not least <= len(self.alt_text) <= most:
            raise ValueError(f"an alt text has {least} to {most} characters: {self.alt_text}")


def rows_high(chart: LineOver) -> int:
    """How many rows of plain text lie beside the chart, and one of space."""
    return int(chart.size[1] / _ROW_HEIGHT_CM) + 2


def draw_lines(
    theme: Theme, sheet: Worksheet, anchor: str, over: LineOver, rows: tuple[int, int]
) -> None:
    """Draw the chart at `anchor`; `rows` are the first and the last row of values."""
    chart = LineChart()
    chart.width, chart.height = over.size
    chart.title = _title(theme, over.title, _POINTS_12, bold=True)
    chart.x_axis = DateAxis(crossAx=chart.y_axis.axId)
    chart.x_axis.baseTimeUnit = chart.x_axis.majorTimeUnit = "months"
    chart.x_axis.number_format = _MONTH_FORMAT
    chart.x_axis.majorUnit = 6
    chart.y_axis.crossAx = chart.x_axis.axId
    chart.y_axis.title = _title(theme, over.unit, _POINTS_10)
    chart.y_axis.number_format = "0"
    chart.y_axis.scaling.min = 0
    counts = (
        sheet.cell(at, col).value for col in over.columns for at in range(rows[0], rows[1] + 1)
    )
    chart.y_axis.majorUnit = _step(max(counts))
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.txPr = _rich(theme, _POINTS_10)
    grid = LineProperties(solidFill=theme.colours["line"].removeprefix("#"), w=6350)
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=grid)
    for number, column in enumerate(over.columns):
        chart.series.append(_series(theme, sheet, number, column, rows))
    if len(over.columns) == 1:
        chart.legend = None
    else:
        chart.legend.position = "b"
        chart.legend.txPr = _rich(theme, _POINTS_10)
    sheet.add_chart(chart, anchor)


def _series(
    theme: Theme, sheet: Worksheet, number: int, column: int, rows: tuple[int, int]
) -> Series:
    colour = theme.series[number % len(theme.series)].removeprefix("#")
    line = LineProperties(solidFill=colour, w=25400, prstDash=_DASHES[number % len(_DASHES)])
    header = rows[0] - 1
    name = StrData(ptCount=1, pt=[StrVal(idx=0, v=sheet.cell(header, column).value)])
    label = SeriesLabel(strRef=StrRef(f=_area(sheet, column, header, header), strCache=name))
    series = Series(
        idx=number,
        order=number,
        tx=label,
        cat=AxDataSource(numRef=_numbers(sheet, 1, rows, _MONTH_FORMAT)),
        val=NumDataSource(numRef=_numbers(sheet, column, rows, "0")),
        smooth=False,
        spPr=GraphicalProperties(ln=line),
    )
    series.marker.symbol = _MARKERS[number % len(_MARKERS)]
    series.marker.size = 5
    series.marker.spPr = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=colour))
    return series


def _numbers(sheet: Worksheet, column: int, rows: tuple[int, int], number_format: str) -> NumRef:
    cells = [sheet.cell(row, column) for row in range(rows[0], rows[1] + 1)]
    values = [to_excel(cell.value) if cell.is_date else cell.value for cell in cells]
    points = [NumVal(idx=at, v=_number(value)) for at, value in enumerate(values)]
    cache = NumData(formatCode=number_format, ptCount=len(points), pt=points)
    return NumRef(f=_area(sheet, column, *rows), numCache=cache)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


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
    colour = theme.colours["text"].removeprefix("#")
    return CharacterProperties(sz=points, b=bold, latin=sans, solidFill=colour)
