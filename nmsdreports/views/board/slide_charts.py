"""Native charts on slides: lying bars with their numbers, or lines over months.

python-pptx writes the workbook behind a chart with the clock in it; it is replaced by one of ours
that holds what the chart shows and nothing else. A missing number is a gap and has no label.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
from openpyxl import Workbook
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.util import Pt

from nmsdreports.views.board.slide_parts import LEAST, Box, cell_text, describe_shape, rgb
from nmsdreports.views.chart_counts import series_place
from nmsdreports.views.finish import pack_workbook

if TYPE_CHECKING:
    from pptx.chart.axis import DateAxis
    from pptx.chart.chart import Chart
    from pptx.dml.chtfmt import ChartFormat
    from pptx.slide import Slide
    from pptx.text.text import Font

    from nmsdreports.views.board.slide_parts import Look
    from nmsdreports.views.theme import Theme

MARKS = (
    (XL_MARKER_STYLE.CIRCLE, "●", MSO_LINE.SOLID),
    (XL_MARKER_STYLE.SQUARE, "■", MSO_LINE.DASH),
    (XL_MARKER_STYLE.TRIANGLE, "▲", MSO_LINE.SOLID),
    (XL_MARKER_STYLE.DIAMOND, "◆", MSO_LINE.DASH),
    (XL_MARKER_STYLE.X, "✕", MSO_LINE.SOLID),
)
"""How lines differ but by colour: the mark of their points, the same in a text, and the stroke."""

# by place of the series, as in page and workbook: none, stripes, none, squares, stripes, dots
_PATTERNS = (
    None,
    MSO_PATTERN.WIDE_UPWARD_DIAGONAL,
    None,
    MSO_PATTERN.SMALL_GRID,
    MSO_PATTERN.WIDE_DOWNWARD_DIAGONAL,
    MSO_PATTERN.PERCENT_50,
)
_MONTH, _STEP = "mmm yyyy", 25
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_LANGUAGE = f'<c:lang xmlns:c="{_CHART}" val="en-US"/>'
# a district's slides may be dark: what is drawn stands on our own ground
_GROUND = (
    f'<c:spPr xmlns:c="{_CHART}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>'
)


def add_bars(
    slide: Slide,
    box: Box,
    frame: pd.DataFrame,
    look: Look,
    *,
    name: str,
    words: str,
    size: float = LEAST,
) -> Chart:
    """Lying bars of `frame`: its first column has the categories, each other one a series."""
    theme = look.theme
    chart = _chart(slide, box, frame, XL_CHART_TYPE.BAR_CLUSTERED, theme, name, words, size)
    series = [frame[each] for each in frame.columns[1:]]
    alone = len(series) == 1
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 50, 0
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
    labels.number_format, labels.number_format_is_linked = theme.formats["number"], False
    _letters(labels.font, theme, size)
    # a number is never broken, however little room there is beside its bar
    labels._element.find(f"{{{_CHART}}}txPr")[0].set("wrap", "none")
    for drawn, values in zip(plot.series, series, strict=True):
        _bar(drawn.format, theme, series_place(values.name, alone))
        if alone:
            for at, category in enumerate(frame.iloc[:, 0]):
                if place := series_place(category, alone=False):
                    _bar(drawn.points[at].format, theme, place)
    chart.has_legend = not alone
    if not alone:
        _legend(chart, theme, size)
    names, counts = chart.category_axis, chart.value_axis
    names.reverse_order = True
    # every bar has its name, however many there are
    skip = parse_xml(f'<c:tickLblSkip xmlns:c="{_CHART}" val="1"/>')
    names._element.find(f"{{{_CHART}}}lblOffset").addnext(skip)
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = rgb(theme.colours["muted"])
    # the numbers stand at the bars, so their axis would only repeat them
    counts.visible = False
    counts.has_major_gridlines = False
    most = max((int(values.max()) for values in series if values.notna().any()), default=0) or 1
    widest = max(look.letters.width(text, size) for text in frame.iloc[:, 0])
    room = max(box.width - min(widest, box.width / 2) - 0.4, 1)
    label = look.letters.width(cell_text(most), size) + 0.15
    counts.minimum_scale, counts.maximum_scale = 0, most / (1 - min(label / room, 0.5))
    return chart


def add_lines(
    slide: Slide,
    box: Box,
    frame: pd.DataFrame,
    theme: Theme,
    *,
    name: str,
    words: str,
    lowest: int,
) -> Chart:
    """Lines in whole percent over months, each with a colour, a mark and a stroke of its own.

    `lowest` is the number that the axis must reach down to.
    """
    chart = _chart(slide, box, frame, XL_CHART_TYPE.LINE_MARKERS, theme, name, words, LEAST)
    chart.has_legend = False
    for at, drawn in enumerate(chart.plots[0].series):
        colour = rgb(line_colour(theme, at))
        mark, _, stroke = MARKS[at % len(MARKS)]
        drawn.smooth = False
        drawn.format.line.color.rgb, drawn.format.line.width = colour, Pt(2.5)
        drawn.format.line.dash_style = stroke
        drawn.marker.style, drawn.marker.size = mark, 8
        for part in (drawn.marker.format.fill, drawn.marker.format.line.fill):
            part.solid()
            part.fore_color.rgb = colour
    months, shares = chart.category_axis, chart.value_axis
    shares.minimum_scale = max(lowest - 1, 0) // _STEP * _STEP
    shares.maximum_scale, shares.major_unit = 100, _STEP
    shares.tick_labels.number_format = '0"%"'
    shares.tick_labels.number_format_is_linked = False
    shares.major_gridlines.format.line.color.rgb = rgb(theme.colours["line"])
    shares.format.line.fill.background()
    months.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    # the first month and the last are named; more would run into each other
    first, last = frame.iloc[[0, -1], 0]
    _name_every(months, (last.year - first.year) * 12 + last.month - first.month)
    months.format.line.color.rgb = rgb(theme.colours["muted"])
    return chart


def line_colour(theme: Theme, at: int) -> str:
    """The colour of the line number `at`, the first being 0."""
    return theme.series[at % len(theme.series)]


def _chart(
    slide: Slide,
    box: Box,
    frame: pd.DataFrame,
    kind: XL_CHART_TYPE,
    theme: Theme,
    name: str,
    words: str,
    size: float,
) -> Chart:
    """A chart of `frame` as it is before it has a look, with our own workbook behind it."""
    label, *others = frame.columns
    data = CategoryChartData()
    data.categories = [_plain(value) for value in frame[label]]
    data.categories.number_format = _MONTH
    for each in others:
        data.add_series(each, [_plain(value) for value in frame[each]])
    shape = slide.shapes.add_chart(kind, *box.emu, data)
    describe_shape(shape, name, words)
    chart = shape.chart
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(frame))
    chart.has_title = False
    ground = theme.colours["background"].removeprefix("#").upper()
    space = chart._chartSpace
    space.find(f"{{{_CHART}}}date1904").addnext(parse_xml(_LANGUAGE))
    space.chart.addnext(parse_xml(_GROUND.format(colour=ground)))
    _letters(chart.font, theme, size)
    return chart


def _workbook(frame: pd.DataFrame) -> bytes:
    """The numbers of `frame` as the workbook that opens where the chart's data are edited."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Sheet1"
    sheet.append(list(frame))
    for row in zip(*(frame[name] for name in frame), strict=True):
        sheet.append([_plain(value) for value in row])
    for cell in sheet["A"]:
        if cell.is_date:
            cell.number_format = _MONTH
    sheet.column_dimensions["A"].width = 30
    workbook.properties.creator = ""
    workbook.properties.created = workbook.properties.modified = datetime(1980, 1, 1)
    return pack_workbook(workbook)


def _plain(value: object) -> object:
    """A cell's value without pandas: a day, a whole number, a text, nothing where it is missing."""
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, str):
        return value
    return None if pd.isna(value) else int(value)


def _letters(font: Font, theme: Theme, size: float) -> None:
    font.size, font.bold = Pt(size), False
    font.color.rgb = rgb(theme.colours["text"])


def _bar(look: ChartFormat, theme: Theme, place: int) -> None:
    """Colour and pattern of a series or of one of its bars, by its place in the theme."""
    colour, fill = rgb(theme.series[place % len(theme.series)]), look.fill
    if _PATTERNS[place] is None:
        fill.solid()
        fill.fore_color.rgb = colour
    else:
        fill.patterned()
        fill.pattern = _PATTERNS[place]
        fill.fore_color.rgb, fill.back_color.rgb = colour, rgb(theme.colours["background"])
    look.line.color.rgb, look.line.width = colour, Pt(1)


def _legend(chart: Chart, theme: Theme, size: float) -> None:
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False
    _letters(chart.legend.font, theme, size)


def _name_every(axis: DateAxis, months: int) -> None:
    """Name the first month on an axis and every so many after it."""
    element = axis._element
    for name in ("baseTimeUnit", "majorUnit", "majorTimeUnit"):
        for old in element.findall(f"{{{_CHART}}}{name}"):
            element.remove(old)
    for name, value in (
        ("baseTimeUnit", "months"),
        ("majorUnit", months),
        ("majorTimeUnit", "months"),
    ):
        element.append(parse_xml(f'<c:{name} xmlns:c="{_CHART}" val="{value}"/>'))
