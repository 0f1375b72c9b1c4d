"""The charts of page and notebook: each answers one question, and its title is the answer.

A chart is drawn from counts only, in Plotly's bars, and carries its numbers as a table; nothing is
in the drawing that the table does not show, and there is no hover text. A drawing is plain data:
checking it as a Figure costs more than all the rest of a page, so only who wants a Figure pays.
"""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.chart_counts import (
    Counts,
    category_place,
    counts_approvals,
    counts_guideline,
    counts_incidents,
    counts_notifications,
    counts_schools,
    counts_trend,
    series_place,
)
from nmsdreports.views.sentences import month_words
from nmsdreports.views.table import Table
from nmsdreports.views.theme import Theme

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# The mode bar's buttons are eleven stops of the Tab key, and one of them sends the chart away.
CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "responsive": True,
    "showSendToCloud": False,
    "staticPlot": True,
}
# Bars differ by pattern as well as by colour, for grey print and colour-blind readers.
_PATTERNS = ("", "/", "", "x", "\\", ".")
# A series that stands alone says its numbers, where there is room for them.
_MANY, _THREE_DIGITS = 12, 100
# Heights in pixels: what stands above and below the bars, and how far below them the legend is.
_AROUND, _UNDER_AXIS = 150, 45
# What the bars of one category have of its height together.
_FILLED = 0.75
_LABELS = {"textposition": "outside", "textangle": 0, "cliponaxis": False}


@dataclass(frozen=True)
class Chart:
    """A drawing whose title is a sentence, with the table of its numbers.

    `drawing` has Plotly's `data` and `layout`; `words` say what is drawn where the numbers are not
    counts.
    """

    title: str
    drawing: dict
    numbers: Table
    words: str = ""

    @property
    def figure(self) -> "Figure":
        """The drawing as a Plotly figure, to look into it or to change it."""
        from plotly.graph_objects import Figure

        return Figure(self.drawing["data"], {**self.drawing["layout"], "template": "none"})

    @property
    def description(self) -> str:
        """The chart in words, made from its numbers: its name for those who cannot see it."""
        return self.words or describe(self.title, self.numbers.columns)

    def _repr_mimebundle_(self, **_: object) -> dict:
        # Plotly's own choice of renderer would put scripts into the notebook. JupyterLab tells a
        # chart of a new width; told by itself as well, one that was drawn twice loses its height.
        drawn = {**self.drawing, "config": {**CONFIG, "responsive": False}}
        return {"application/vnd.plotly.v1+json": drawn, "text/plain": self.description}


def describe(title: str, numbers: dict[str, list]) -> str:
    """A sentence of a chart's numbers, row by row; rows of zeros only are left out."""
    rows = []
    _, *names = numbers
    for label, *values in zip(*numbers.values(), strict=True):
        if any(values):
            parts = [f"{name.lower()} {value:,}" for name, value in zip(names, values, strict=True)]
            rows.append(f"{label}: {', '.join(parts)}")
    return f"{title}. Bar chart. {'; '.join(rows) or 'All counts are 0'}."


def figure_trend(edition: Edition) -> Chart | str:
    """Open findings at the end of each of the 24 months, all guidelines together."""
    return bars(edition.theme, counts_trend(edition), every=6)


def figure_guideline(edition: Edition, guideline: str) -> Chart | str:
    """How one guideline was met at the end of each of the 24 months, in counts."""
    return bars(edition.theme, counts_guideline(edition, guideline), every=6)


def figure_approvals(edition: Edition) -> Chart | str:
    """Accounts approved in time and not, by the month of their launch."""
    return bars(edition.theme, counts_approvals(edition), every=6)


def figure_notifications(edition: Edition) -> Chart | str:
    """Launches and activities by the days between the notice to parents and the start."""
    return bars(edition.theme, counts_notifications(edition), flat=True)


def figure_incidents(edition: Edition) -> Chart | str:
    """Open incidents by age, the states of substantiation kept apart."""
    return bars(edition.theme, counts_incidents(edition))


def figure_schools(edition: Edition) -> Chart | str:
    """Open findings of each school, the overdue ones apart."""
    return bars(edition.theme, counts_schools(edition), flat=True)


def bars(
    theme: Theme,
    counts: Counts | str,
    *,
    every: int = 1,
    flat: bool = False,
    apart: bool = False,
    unit: str = "",
) -> Chart | str:
    """Stacked bars of `counts`; words stay words.

    Of the categories every `every`-th is labelled, counted from the last; `flat` lays bars down.
    With `apart` the series stand side by side, each with its numbers, and one that stands alone
    has the colour that it has among others. `unit` says on the axis what is counted.
    """
    if isinstance(counts, str):
        return counts
    columns = _with_month_labels(counts.columns)
    names = [*columns][1:]
    categories, *numbers = columns.values()
    alone = len(names) == 1 and not apart
    traces = [
        _trace(theme, categories, name, its, alone=alone, flat=flat, told=alone or apart)
        for name, its in zip(names, numbers, strict=True)
    ]
    most = max(map(max if apart else sum, zip(*numbers, strict=True)))
    shown = [c for at, c in enumerate(categories) if (len(categories) - 1 - at) % every == 0]
    if apart:
        _side_by_side(traces, pd.DataFrame(columns)[names])
    scale = _counts_axis(theme, most) | ({"title": _axis_title(unit)} if unit else {})
    axis = {
        "type": "category",
        "tickmode": "array",
        "tickvals": shown,
        "ticktext": [_folded(text, flat) for text in shown],
        "fixedrange": True,
        "automargin": True,
        "linecolor": theme.colours["muted"],
        "tickangle": 0,
    }
    height = _AROUND + 34 * len(categories) if flat else 300
    layout = layout_of(theme, counts.title) | {
        "barmode": "overlay" if apart else "stack",
        "bargap": 0.25,
        "height": height,
        "showlegend": not alone,
        "uniformtext": {"mode": "hide", "minsize": 10},
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": -_UNDER_AXIS / (height - _AROUND),
            "yanchor": "top",
            "traceorder": "normal",
        },
        "xaxis": scale if flat else axis,
        "yaxis": {**axis, "autorange": "reversed"} if flat else scale,
    }
    table = Table(f"Numbers of the chart: {counts.title}", columns)
    return Chart(counts.title, {"data": traces, "layout": layout}, table)


def _trace(
    theme: Theme,
    categories: list[str],
    name: str,
    numbers: list[int],
    *,
    alone: bool,
    flat: bool,
    told: bool,
) -> dict:
    """The bars of one series, with their numbers where they are `told`."""
    places = [category_place(c) if alone else series_place(name, alone) for c in categories]
    colours = [theme.series[place % len(theme.series)] for place in places]
    # a list of equal ones would leave the legend without its colour
    same = len(set(places)) == 1
    labels = {"text": [f"{n:,}" if n else "" for n in numbers], **_LABELS} if told else {}
    if alone and len(numbers) > _MANY and max(numbers) < _THREE_DIGITS:
        # on a phone two digits are wider than their bar; hidden, the last month would have none
        labels |= {"constraintext": "none", "textfont": {"size": 10}}
    return {
        "type": "bar",
        "name": name,
        "x": numbers if flat else categories,
        "y": categories if flat else numbers,
        "orientation": "h" if flat else "v",
        "marker": {
            "color": colours[0] if same else colours,
            "pattern": {
                "shape": _PATTERNS[places[0]] if same else [_PATTERNS[at] for at in places],
                "bgcolor": theme.colours["background"],
            },
            "line": {
                "color": colours[0] if same else colours,
                "width": [int(number > 0) for number in numbers],
            },
        },
        "hoverinfo": "skip",
        **labels,
    }


def _axis_title(text: str) -> dict:
    return {"text": text, "standoff": 6, "font": {"size": 13}}


def _side_by_side(traces: list[dict], counts: pd.DataFrame) -> None:
    """Put the bars that a category has beside each other, together in its middle.

    Plotly's own groups keep a place for every series, so a lone bar would stand beside its label.
    """
    there = counts.gt(0)
    width = _FILLED / int(there.sum(axis=1).max())
    before = there.cumsum(axis=1) - there
    offsets = before.sub(there.sum(axis=1) / 2, axis=0) * width
    for trace, name in zip(traces, counts, strict=True):
        trace |= {"width": width, "offset": offsets[name].to_list()}


def _counts_axis(theme: Theme, most: int) -> dict:
    few = {"dtick": 1} if most <= 6 else {"nticks": 7}
    return {
        "range": [0, max(1, most) * 1.1],
        "tickformat": ",d",
        "gridcolor": theme.colours["line"],
        "zerolinecolor": theme.colours["muted"],
        "fixedrange": True,
        "automargin": True,
        **few,
    }


def layout_of(theme: Theme, title: str) -> dict:
    """What the layouts of all our charts have in common."""
    return {
        "title": {"text": title, "x": 0, "xref": "paper", "font": {"size": 15}},
        "font": {"family": theme.fonts["sans"], "size": 13, "color": theme.colours["text"]},
        "margin": {"l": 10, "r": 10, "t": 48, "b": 10},
        "paper_bgcolor": theme.colours["background"],
        "plot_bgcolor": theme.colours["background"],
        "hovermode": False,
        "dragmode": False,
    }


def _with_month_labels(columns: dict[str, list]) -> dict[str, list]:
    """The columns with months as texts, "Oct 2026", where the first has days."""
    name, first = next(iter(columns.items()))
    if not all(isinstance(day, datetime) for day in first):
        return columns
    labels = [f"{month_words(f'{day.year}-{day.month}')[:3]} {day.year}" for day in first]
    return {**columns, name: labels}


def _folded(text: str, flat: bool) -> str:
    """A label on two lines where bars stand, broken at the blank nearest to its middle."""
    blanks = [at for at, letter in enumerate(text) if letter == " "]
    if flat or not blanks:
        return escape(text, quote=False)
    middle = min(blanks, key=lambda at: abs(at - len(text) / 2))
    return "<br>".join(escape(part, quote=False) for part in (text[:middle], text[middle + 1 :]))
