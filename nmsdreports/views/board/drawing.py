"""The board's charts as Plotly draws them, for the page, the notebook and the pictures.

In: a BoardChart, with its counts. Out: a Chart. A number that is not shown is a gap; the words that
stand for it in the table stand in the gap too, which would look like 0.
"""

import textwrap
from html import escape

import pandas as pd

from nmsdreports.views.board.board_chart import BoardChart
from nmsdreports.views.board.counts_rates import short_month, span_words
from nmsdreports.views.chart_counts import Counts
from nmsdreports.views.charts import Chart, bars, layout_of
from nmsdreports.views.sentences import month_words
from nmsdreports.views.table import Table
from nmsdreports.views.theme import Theme

# How long a line of a label beside a bar may be, and how high a line of it is, in pixels.
_LONGEST_LINE, _LINE = 20, 18
WIDTH, HEIGHT = 1280, 720
"""The size of a picture, that of a slide, in pixels."""
_PICTURE_LINE, _PICTURE_LETTERS, _ACROSS = 85, 20, 3
# The lines at its foot: their letters, height and length, how far below axis or legend they are.
_FOOT_LETTERS, _FOOT_HEIGHT, _FOOT_LINE, _UNDER_AXIS, _UNDER_LEGEND = 16, 24, 130, 60, 100
_CLOSER = 30
# What the bars of a category have of its height together, where they stand beside each other.
_FILLED = 0.75
# Of a guideline's panel, in pixels: its words' first line, and all below them; of that the part in
# which its line is drawn; and the letters that a line of its words has room for.
_WORDS, _DRAWN, _LINES, _LONGEST_LABEL = 24, 76, 0.74, 34


def draw(chart: BoardChart, numbers: Table, theme: Theme) -> Chart:
    """Return the drawing of a chart that has something to draw; `numbers` has what is drawn."""
    if chart.lines:
        return Chart(chart.title, _panels(chart, theme), numbers, _line_words(chart))
    frame = chart.frame
    missing = frame.iloc[:, 1:].isna()
    counts = {
        name: [0 if pd.isna(number) else int(number) for number in frame[name]] for name in missing
    }
    filled = Counts(chart.title, {frame.columns[0]: frame.iloc[:, 0].to_list(), **counts})
    # those substantiated are among those reported, so these stand beside each other
    apart = "Substantiated" in frame
    drawn = bars(theme, filled, flat=True, apart=apart).drawing
    for at, trace in enumerate(drawn["data"]):
        hidden = missing[trace["name"]]
        trace["x"] = [None if none else x for none, x in zip(hidden, trace["x"], strict=True)]
        if apart:
            # a count that is not shown keeps its place: there its words stand
            width = _FILLED / missing.shape[1]
            trace |= {"width": width, "offset": width * (at - missing.shape[1] / 2)}
    if apart:
        drawn["layout"]["height"] += _LINE * len(frame)
    _wrap_labels(drawn["layout"])
    # the legend is nearer to the bars than among the school's charts, which stand one on a sheet
    drawn["layout"]["height"] -= _CLOSER
    drawn["layout"]["legend"]["y"] *= 0.6
    drawn["layout"]["annotations"] = _gaps(drawn["data"], missing, numbers, theme)
    return Chart(chart.title, drawn, numbers, _bar_words(chart))


def _gaps(traces: list[dict], missing: pd.DataFrame, numbers: Table, theme: Theme) -> list[dict]:
    """The words in place of bars; of bars on one line with others, once where all are missing."""
    apart = "offset" in traces[0]
    _, whole, *_ = numbers.columns
    gaps = []
    for trace in traces if apart else traces[:1]:
        name = trace["name"]
        for at in missing.index[missing[name]]:
            words = numbers.columns[name if apart else whole][at]
            middle = trace["offset"] + trace["width"] / 2 if apart else 0
            gaps.append(
                {
                    "text": f"{name.lower()}: {words}" if apart else words,
                    "showarrow": False,
                    "font": {"color": theme.colours["muted"]},
                    **{"x": 0, "xanchor": "left", "xshift": 4},
                    **{"y": at + middle, "yanchor": "middle"},
                }
            )
    return gaps


def picture(chart: BoardChart, drawn: Chart, theme: Theme, whose: str) -> dict:
    """Return a chart as a picture of its own, of the size of a slide and with its title.

    Below it stands `whose` it is, what a gap in it is, and the source with the as-of day.
    """
    drawing = _panels(chart, theme, _ACROSS) if chart.lines else drawn.drawing
    layout = drawing["layout"]
    title = "<br>".join(textwrap.wrap(escape(chart.title, quote=False), _PICTURE_LINE))
    size = _PICTURE_LETTERS if not chart.lines else _PICTURE_LETTERS - 4
    below = [
        line
        for text in (chart.meaning, f"{whose}. {chart.source}")
        for line in textwrap.wrap(escape(text, quote=False), _FOOT_LINE)
    ]
    under = _UNDER_LEGEND if layout.get("showlegend") else _UNDER_AXIS
    foot = {
        "text": "<br>".join(below),
        "showarrow": False,
        "align": "left",
        "font": {"size": _FOOT_LETTERS, "color": theme.colours["muted"]},
        **{"x": 0, "xref": "paper", "xanchor": "left"},
        **{"y": 0, "yref": "paper", "yanchor": "top", "yshift": -under},
    }
    return {
        "data": drawing["data"],
        "layout": {
            **layout,
            "annotations": [*layout.get("annotations", []), *_ends(chart, drawing), foot],
            "title": {**layout["title"], "text": title, "font": {"size": 26}},
            "font": {**layout["font"], "size": size},
            "legend": {**layout.get("legend", {}), "y": -0.12},
            "margin": {"l": 40, "r": 40, "t": 110, "b": under + _FOOT_HEIGHT * (len(below) + 1)},
            "width": WIDTH,
            "height": HEIGHT,
            "template": "none",
        },
    }


def _ends(chart: BoardChart, drawing: dict) -> list[dict]:
    """At the end of a bar of several parts the numbers of its parts, where no table is beside."""
    if chart.lines or drawing["layout"]["barmode"] != "stack" or len(drawing["data"]) < 2:
        return []
    rows = enumerate(zip(*(trace["x"] for trace in drawing["data"]), strict=True))
    return [
        {
            "text": " + ".join(f"{part:,}" for part in parts),
            "showarrow": False,
            **{"x": sum(parts), "xanchor": "left", "xshift": 4},
            **{"y": at, "yanchor": "middle"},
        }
        for at, parts in rows
        if None not in parts
    ]


def _wrap_labels(layout: dict) -> None:
    """Break the labels beside the bars into lines, each category as high as its label asks."""
    axis = layout["yaxis"]
    lines = [textwrap.wrap(text, _LONGEST_LINE) for text in axis["tickvals"]]
    axis["ticktext"] = ["<br>".join(escape(line, quote=False) for line in its) for its in lines]
    layout["height"] += sum(max(0, _LINE * (len(its) - 1) - _LINE // 2) for its in lines)


def _panels(chart: BoardChart, theme: Theme, across: int = 1) -> dict:
    """One line a guideline, `across` of them beside each other, its first and last share above."""
    months, shares = chart.frame.iloc[:, 0], chart.frame.iloc[:, 1:]
    days = [f"{day:%Y-%m-%d}" for day in months]
    rows = -(-shares.shape[1] // across)
    layout = layout_of(theme, chart.title) | {"showlegend": False, "annotations": []}
    # a phone has room for as many letters; a picture's panel is as narrow
    labels = [
        textwrap.wrap(f"{name}: {span_words(chart.frame, name)}", _LONGEST_LABEL) for name in shares
    ]
    words = _WORDS + _LINE * (max(map(len, labels)) - 1)
    panel = words + _DRAWN
    layout["height"] = 40 + panel * rows
    data = []
    for at, name in enumerate(shares):
        values = [None if pd.isna(value) else int(value) for value in shares[name]]
        axis = "" if at == 0 else str(at + 1)
        row, column = divmod(at, across)
        top, left = 1 - row / rows, column / across
        data.append(_line(theme, name, days, values, axis))
        lowest = at + across >= shares.shape[1]
        layout[f"xaxis{axis}"] = _months_axis(theme, days, f"y{axis}", lowest) | {
            "domain": [left, left + (1 if across == 1 else 0.85 / across)]
        }
        upper = top - words / panel / rows
        high = _LINES * _DRAWN / panel / rows
        layout[f"yaxis{axis}"] = _share_axis(theme, upper, high, f"x{axis}")
        layout["annotations"].append(
            {
                "text": "<br>".join(escape(line, quote=False) for line in labels[at]),
                "showarrow": False,
                "align": "left",
                **{"x": left, "xref": "paper", "xanchor": "left"},
                **{"y": upper, "yref": "paper", "yanchor": "bottom"},
            }
        )
    return {"data": data, "layout": layout}


def _line(theme: Theme, name: str, days: list[str], values: list, axis: str) -> dict:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": days,
        "y": values,
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "line": {"color": theme.series[0], "width": 2},
        "marker": {"color": theme.series[0], "size": 4},
        "connectgaps": False,
        "hoverinfo": "skip",
    }


def _months_axis(theme: Theme, days: list[str], anchor: str, labelled: bool) -> dict:
    shown = [days[0], days[-1]]
    return {
        "type": "date",
        "anchor": anchor,
        "tickvals": shown,
        "ticktext": [short_month(pd.Timestamp(day)) for day in shown],
        "tickangle": 0,
        "showticklabels": labelled,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "linecolor": theme.colours["muted"],
        "automargin": True,
    }


def _share_axis(theme: Theme, upper: float, high: float, anchor: str) -> dict:
    return {
        "anchor": anchor,
        "domain": [max(0, upper - high), upper],
        "range": [0, 105],
        "tickvals": [0, 50, 100],
        "ticktext": ["0%", "50%", "100%"],
        "gridcolor": theme.colours["line"],
        "zerolinecolor": theme.colours["muted"],
        "fixedrange": True,
        "automargin": True,
    }


def _line_words(chart: BoardChart) -> str:
    """The chart's name for those who cannot see it: each line from its first to its last share."""
    frame = chart.frame
    first, last = (month_words(f"{day:%Y-%m}") for day in frame.iloc[[0, -1], 0])
    lines = [f"{name}: {span_words(frame, name)}" for name in frame.columns[1:]]
    return f"{chart.title}. Line chart, {first} to {last}. {'; '.join(lines)}."


def _bar_words(chart: BoardChart) -> str:
    """The same of bars: row by row what the table has, words where a number is not shown."""
    table = chart.tables[0]
    names = table.columns[1:]
    rows = [
        f"{label}: {', '.join(f'{n.lower()} {v}' for n, v in zip(names, row, strict=True))}"
        for label, *row in table.itertuples(index=False, name=None)
    ]
    return f"{chart.title}. Bar chart. {'; '.join(rows)}."
