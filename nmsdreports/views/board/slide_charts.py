"""Native charts on slides: lying bars with their numbers, or a line over months.

python-pptx writes the workbook behind a chart with the clock in it; it is replaced by one of ours
that holds what the chart shows and nothing else. A missing number is a gap and has no label.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
from openpyxl import Workbook
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.util import Pt

from nmsdreports.views.board.slide_parts import LEAST, Box, cell_text, describe_shape, rgb
from nmsdreports.views.chart_counts import series_place
from nmsdreports.views.finish import pack_workbook

if TYPE_CHECKING:
    from pptx.chart.chart import Chart
    from pptx.dml.chtfmt import ChartFormat
    from pptx.slide import Slide
    from pptx.text.text import Font

    from nmsdreports.views.board.slide_parts import Look
    from nmsdreports.views.theme import Theme

# by place of the series, as in page and workbook: none, stripes, none, squares, stripes, dots
_PATTERNS = (
    None,
    MSO_PATTERN.WIDE_UPWARD_DIAGONAL,
    None,
    MSO_PATTERN.SMALL_GRID,
    MSO_PATTERN.WIDE_DOWNWARD_DIAGONAL,
    MSO_PATTERN.PERCENT_50,
)
_MONTH = "mmm yyyy"
_LABEL_WIDTH, _LABEL_HEIGHT = 0.75, 0.28
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_SEPARATOR = f'<c:separator xmlns:c="{_CHART}"> </c:separator>'
_PERCENT = f"""<c:numFmt xmlns:c="{_CHART}" formatCode='0"%"' sourceLinked="0"/>"""
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
    """Lying bars of `frame`: its first column has the categories, each other one a series.

    Of several series the first bar of each says which it is: that is read at once, and programs do
    not agree on the order of a legend.
    """
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
    named = {} if alone else {values.name: _first_known(values) for values in series}
    for drawn, values in zip(plot.series, series, strict=True):
        _bar(drawn.format, theme, series_place(values.name, alone))
        if (at := named.get(values.name)) is not None:
            _name_bar(drawn, labels, at)
        if alone:
            for at, category in enumerate(frame.iloc[:, 0]):
                if place := series_place(category, alone=False):
                    _bar(drawn.points[at].format, theme, place)
    chart.has_legend = False
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
    widest = max(
        look.letters.width(line, size) for text in frame.iloc[:, 0] for line in text.splitlines()
    )
    room = max(box.width - min(widest, box.width / 2) - 0.4, 1)
    ends = [
        (int(value), look.letters.width(_label(values.name, value, at, named), size) + 0.15)
        for values in series
        for at, value in values.dropna().items()
    ]
    # each bar leaves room for its label
    longest = max((value / (1 - min(label / room, 0.8)) for value, label in ends), default=0) or 1
    counts.minimum_scale, counts.maximum_scale = 0, longest
    return chart


def add_panel(
    slide: Slide, box: Box, frame: pd.DataFrame, theme: Theme, *, name: str, words: str
) -> Chart:
    """One line in whole percent over months, from 0% to 100%, with its first number and its last.

    A month without a share is a gap in the line. The axes have no names: they are the same in every
    panel and are said once.
    """
    chart = _chart(slide, box, frame, XL_CHART_TYPE.LINE_MARKERS, theme, name, words, LEAST)
    chart.has_legend = False
    (drawn,) = chart.plots[0].series
    colour = rgb(theme.series[0])
    drawn.smooth = False
    drawn.format.line.color.rgb, drawn.format.line.width = colour, Pt(2.5)
    # a month alone between two gaps is seen as well
    drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, 4
    for part in (drawn.marker.format.fill, drawn.marker.format.line.fill):
        part.solid()
        part.fore_color.rgb = colour
    values = frame.iloc[:, 1].reset_index(drop=True).dropna()
    drawn.data_labels.show_value = False
    ends = {values.index[-1]: XL_LABEL_POSITION.RIGHT} if len(values) else {}
    if len(values) > 1:
        ends[values.index[0]] = XL_LABEL_POSITION.LEFT
    for at, side in ends.items():
        label = drawn.points[at].data_label
        label.position = side
        _letters(label.font, theme, LEAST)
        label._dLbl.find(f"{{{_CHART}}}txPr")[0].set("wrap", "none")
        label._dLbl.find(f"{{{_CHART}}}idx").addnext(parse_xml(_PERCENT))
    months, shares = chart.category_axis, chart.value_axis
    shares.minimum_scale, shares.maximum_scale, shares.major_unit = 0, 100, 100
    shares.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    shares.major_tick_mark = XL_TICK_MARK.NONE
    shares.major_gridlines.format.line.color.rgb = rgb(theme.colours["line"])
    shares.format.line.fill.background()
    months.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    months.major_tick_mark = XL_TICK_MARK.NONE
    months.format.line.color.rgb = rgb(theme.colours["muted"])
    side, high = _LABEL_WIDTH / box.width, _LABEL_HEIGHT / 2 / box.height
    _place(chart, side, high, 1 - 2 * side, 1 - 2 * high)
    return chart


def _first_known(values: pd.Series) -> int | None:
    """Where the first bar of a series stands."""
    return next(iter(values.dropna().index), None)


def _name_bar(series, labels, at: int) -> None:
    """Let the label of one bar say which series it is of; the others have their numbers alone."""
    own = series.data_labels._element
    for part in list(own):
        own.remove(part)
    for part in labels._element:
        own.append(deepcopy(part))
    named = parse_xml(f'<c:dLbl xmlns:c="{_CHART}"><c:idx val="{at}"/></c:dLbl>')
    for part in labels._element:
        # lines to labels are a matter of all of them
        if part.tag != f"{{{_CHART}}}showLeaderLines":
            named.append(deepcopy(part))
    own.insert(0, named)
    named.find(f"{{{_CHART}}}showSerName").set("val", "1")
    named.find(f"{{{_CHART}}}showBubbleSize").addnext(parse_xml(_SEPARATOR))


def _place(chart: Chart, left: float, top: float, width: float, height: float) -> None:
    """Put what a chart draws at its place, in shares of the chart: so panels stand in line."""
    plot = chart._chartSpace.chart.plotArea
    for old in plot.findall(f"{{{_CHART}}}layout"):
        plot.remove(old)
    sides = zip("xywh", (left, top, width, height), strict=True)
    values = "".join(f'<c:{side} val="{value:.4f}"/>' for side, value in sides)
    layout = f'''<c:layout xmlns:c="{_CHART}"><c:manualLayout><c:layoutTarget val="inner"/>
<c:xMode val="edge"/><c:yMode val="edge"/>{values}</c:manualLayout></c:layout>'''
    plot.insert(0, parse_xml(layout))


def _label(name: str, value: int, at: int, named: dict[str, int | None]) -> str:
    """What stands at the end of a bar."""
    number = cell_text(int(value))
    return f"{name} {number}" if named.get(name) == at else number


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
