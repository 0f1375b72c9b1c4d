"""The part of a workbook that holds one chart, as text.

openpyxl builds a tree of objects for a chart and makes XML of it element by element, which takes
longer than all cells of a small school. The charts here differ only in their series, so their text
is put together at once, with what openpyxl leaves out: the numbers they show (a viewer that does
not calculate draws nothing without them) and visible axes.
"""

from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.utils.datetime import to_excel

from nmsdreports.views.chart_counts import category_place, series_place
from nmsdreports.views.theme import Theme

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
_MARKERS = ("circle", "square", "diamond", "triangle")
_DASHES = ("solid", "dash", "sysDot", "dashDot")
# by place of the series, as in the page's charts: none, stripes, none, squares, stripes, dots
_PATTERNS = (None, "wdUpDiag", None, "smGrid", "wdDnDiag", "pct50")
_MONTH_FORMAT = "mmm yyyy"
_FEW = 12
_DAYS_AXIS, _NAMES_AXIS, _COUNTS_AXIS = 500, 10, 100


def chart_xml(
    theme: Theme,
    title: str,
    unit: str,
    sheet: str,
    first_row: int,
    columns: Sequence[tuple[int, str, list]],
    *,
    bars: bool,
) -> str:
    """Lines or stacked bars of whole counts, over the first of `columns`.

    `columns` are (number, header, values) of columns of `sheet` whose values begin in `first_row`;
    the first has texts or days, the others counts. `unit` says what the upright axis counts.
    """
    (_, _, categories), *drawn = columns
    alone = len(drawn) == 1
    smooth = "" if bars else '<smooth val="0" />'
    over = f"<cat>{_source(sheet, first_row, columns[0])}</cat>"
    series = "".join(
        f'<ser><idx val="{number}" /><order val="{number}" />'
        f"{_name(sheet, first_row - 1, column)}"
        f"{_bars(theme, column, categories, alone) if bars else _line(theme, number)}{over}"
        f"<val>{_source(sheet, first_row, column)}</val>"
        f"{smooth}</ser>"
        for number, column in enumerate(drawn)
    )
    days = isinstance(categories[0], datetime)
    axis = _DAYS_AXIS if days else _NAMES_AXIS
    axes = f'<axId val="{axis}" /><axId val="{_COUNTS_AXIS}" />'
    if bars:
        grouping = "clustered" if alone else "stacked"
        overlap = "" if alone else '<overlap val="100" />'
        plot = (
            f'<barChart><barDir val="col" /><grouping val="{grouping}" />{series}'
            f'<gapWidth val="60" />{overlap}{axes}</barChart>'
        )
    else:
        plot = f'<lineChart><grouping val="standard" />{series}{axes}</lineChart>'
    numbers = [values for _, _, values in drawn]
    highest = max(map(sum, zip(*numbers, strict=True)) if bars else map(max, numbers))
    legend = "" if alone else f'<legend><legendPos val="b" />{_small(theme)}</legend>'
    return (
        f'<chartSpace xmlns:a="{_DRAWING}main" xmlns="{_DRAWING}chart"><chart>'
        f"{_title(theme, title, 1200, bold=True)}<plotArea>{plot}"
        f"{_days_axis(theme) if days else _names_axis(theme)}"
        f"{_counts_axis(theme, unit, highest, axis)}</plotArea>{legend}"
        '<plotVisOnly val="1" /><dispBlanksAs val="gap" /></chart></chartSpace>'
    )


def _line(theme: Theme, number: int) -> str:
    """How the line of a series looks, and the marks of its points."""
    colour = _solid(theme.series[number % len(theme.series)])
    dash, mark = _DASHES[number % len(_DASHES)], _MARKERS[number % len(_MARKERS)]
    return (
        f'<spPr><a:ln w="25400">{colour}<a:prstDash val="{dash}" /></a:ln></spPr>'
        f'<marker><symbol val="{mark}" /><size val="5" /><spPr>{colour}'
        f'<a:ln>{colour}<a:prstDash val="solid" /></a:ln></spPr></marker>'
    )


def _bars(theme: Theme, column: tuple[int, str, list], categories: list, alone: bool) -> str:
    """How the bars of a series look; a few that stand alone have their numbers above them, and what
    each of their categories means decides its colour and pattern, as on the page.
    """
    _, header, values = column
    look = _look(theme, series_place(header, alone))
    if not alone:
        return look
    points = "".join(
        f'<dPt><idx val="{at}" /><invertIfNegative val="0" /><bubble3D val="0" />'
        f"{_look(theme, category_place(name))}</dPt>"
        for at, name in enumerate(categories)
        if category_place(name)
    )
    if len(values) > _FEW:
        return f"{look}{points}"
    return (
        f'{look}{points}<dLbls>{_small(theme)}<dLblPos val="outEnd" /><showLegendKey val="0" />'
        '<showVal val="1" /><showCatName val="0" /><showSerName val="0" /><showPercent val="0" />'
        "</dLbls>"
    )


def _look(theme: Theme, place: int) -> str:
    """Colour and pattern of a place among the theme's series."""
    colour = _rgb(theme.series[place % len(theme.series)])
    solid = f"<a:solidFill>{colour}</a:solidFill>"
    fill = solid
    if _PATTERNS[place]:
        fill = (
            f'<a:pattFill prst="{_PATTERNS[place]}"><a:fgClr>{colour}</a:fgClr>'
            f"<a:bgClr>{_rgb(theme.colours['background'])}</a:bgClr></a:pattFill>"
        )
    return f'<spPr>{fill}<a:ln w="9525">{solid}<a:prstDash val="solid" /></a:ln></spPr>'


def _days_axis(theme: Theme) -> str:
    return (
        f"<dateAx>{_axis_start(_DAYS_AXIS)}"
        f'<numFmt formatCode="{_MONTH_FORMAT}" sourceLinked="0" />{_axis_marks(theme)}'
        f'<crossAx val="{_COUNTS_AXIS}" /><baseTimeUnit val="months" /><majorUnit val="6" />'
        '<majorTimeUnit val="months" /></dateAx>'
    )


def _names_axis(theme: Theme) -> str:
    return (
        f"<catAx>{_axis_start(_NAMES_AXIS)}{_axis_marks(theme)}"
        f'<crossAx val="{_COUNTS_AXIS}" /><lblOffset val="100" /></catAx>'
    )


def _counts_axis(theme: Theme, unit: str, highest: int, other: int) -> str:
    line, start = _solid(theme.colours["line"]), _axis_start(_COUNTS_AXIS, '<min val="0" />')
    return (
        f"<valAx>{start}<majorGridlines><spPr>"
        f'<a:ln w="6350">{line}<a:prstDash val="solid" /></a:ln></spPr></majorGridlines>'
        f'{_title(theme, unit, 1000)}<numFmt formatCode="#,##0" sourceLinked="0" />'
        f'{_axis_marks(theme)}<crossAx val="{other}" />'
        f'<majorUnit val="{_step(highest)}" /></valAx>'
    )


def _axis_start(axis: int, bound: str = "") -> str:
    return (
        f'<axId val="{axis}" /><scaling><orientation val="minMax" />{bound}</scaling>'
        '<delete val="0" /><axPos val="l" />'
    )


def _axis_marks(theme: Theme) -> str:
    return f'<majorTickMark val="none" /><minorTickMark val="none" />{_small(theme)}'


def _name(sheet: str, row: int, column: tuple[int, str, list]) -> str:
    number, header, _ = column
    area = escape(_area(sheet, number, row, row))
    return (
        f"<tx><strRef><f>{area}</f><strCache>{_points([escape(header)])}</strCache></strRef></tx>"
    )


def _source(sheet: str, first_row: int, column: tuple[int, str, list]) -> str:
    """The values of a column as a chart's source, numbers or texts, with their cache."""
    number, _, values = column
    area = escape(_area(sheet, number, first_row, first_row + len(values) - 1))
    if isinstance(values[0], str):
        cache = _points([escape(text) for text in values])
        return f"<strRef><f>{area}</f><strCache>{cache}</strCache></strRef>"
    days = isinstance(values[0], datetime)
    cache = _points([f"{to_excel(value) if days else value:.16g}" for value in values])
    shown = _MONTH_FORMAT if days else "0"
    return (
        f"<numRef><f>{area}</f><numCache><formatCode>{shown}</formatCode>{cache}"
        "</numCache></numRef>"
    )


def _points(texts: list[str]) -> str:
    points = "".join(f'<pt idx="{at}"><v>{text}</v></pt>' for at, text in enumerate(texts))
    return f'<ptCount val="{len(texts)}" />{points}'


def _area(sheet: str, column: int, first: int, last: int) -> str:
    letter = get_column_letter(column)
    place = f"${letter}${first}" + ("" if first == last else f":${letter}${last}")
    return f"{quote_sheetname(sheet)}!{place}"


def _step(highest: float) -> int:
    """The distance of the grid's lines: whole, so that about five of them fit."""
    step = 1
    while highest / step > 5:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return step


def _title(theme: Theme, text: str, points: int, bold: bool = False) -> str:
    ink = _ink(theme, points, bold)
    return (
        f"<title><tx><rich><a:bodyPr /><a:p><a:pPr><a:defRPr {ink}</a:defRPr></a:pPr>"
        f"<a:r><a:rPr {ink}</a:rPr><a:t>{escape(text)}</a:t></a:r></a:p></rich></tx>"
        '<overlay val="0" /></title>'
    )


def _small(theme: Theme) -> str:
    """How the texts of axes, legend and bars look."""
    return (
        f"<txPr><a:bodyPr /><a:p><a:pPr><a:defRPr {_ink(theme, 1000, bold=False)}</a:defRPr>"
        "</a:pPr><a:r><a:t /></a:r></a:p></txPr>"
    )


def _ink(theme: Theme, hundredths: int, bold: bool) -> str:
    """Size, weight, colour and font, without the tags around them."""
    return (
        f'sz="{hundredths}" b="{int(bold)}">{_solid(theme.colours["text"])}'
        f'<a:latin typeface="{theme.fonts["sans"]}" />'
    )


def _solid(colour: str) -> str:
    return f"<a:solidFill>{_rgb(colour)}</a:solidFill>"


def _rgb(colour: str) -> str:
    return f'<a:srgbClr val="{colour.removeprefix("#")}" />'
