"""The charts of page and notebook: each answers one question, and its title is the answer.

A chart is drawn from counts only, in Plotly's bars, and carries its numbers as a table; nothing is
in the figure that the table does not show, and there is no hover text.
"""

from dataclasses import dataclass
from html import escape

import pandas as pd
import plotly.graph_objects as go

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import is_incident, own_rate
from nmsdreports.views.sentences import (
    be_words,
    capital,
    count_words,
    day_words,
    month_words,
    percent,
    share_words,
    state_words,
)
from nmsdreports.views.tables import Table, school_names
from nmsdreports.views.theme import Theme

# The mode bar's buttons are eleven stops of the Tab key, and one of them sends the chart away.
CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "responsive": True,
    "showSendToCloud": False,
    "staticPlot": True,
}
# Bars differ by pattern as well as by colour, for grey print and colour-blind readers; what a
# series means decides both: which of the theme's series it takes.
_PATTERNS = ("", "/", "", "x", "\\", ".")
_SERIES = {
    "Does not meet": 1,
    "Late or not at all": 1,
    "Overdue": 1,
    "Substantiated": 1,
    "Excepted": 3,
    "Under investigation": 4,
    "Not assessed": 5,
}
_AGES = ((7, "up to 7 days"), (30, "8 to 30 days"), (90, "31 to 90 days"), (None, "over 90 days"))
# A series that stands alone says its numbers, where there is room for them.
_LABELS = {"textposition": "outside", "textangle": 0, "cliponaxis": False}
# Fewer than this the table says at a glance; a chart would only take room.
_FEW = 4


@dataclass(frozen=True)
class Chart:
    """A figure whose title is a sentence, with the table of its numbers.

    `words` say what is drawn where the numbers are not counts.
    """

    title: str
    figure: go.Figure
    numbers: Table
    words: str = ""

    @property
    def description(self) -> str:
        """The chart in words, made from its numbers: its name for those who cannot see it."""
        return self.words or describe(self.title, self.numbers.frame)

    def _repr_mimebundle_(self, **_: object) -> dict:
        # Plotly's own choice of renderer would put scripts into the notebook
        drawn = {**self.figure.to_plotly_json(), "config": CONFIG}
        return {"application/vnd.plotly.v1+json": drawn, "text/plain": self.description}


def describe(title: str, numbers: pd.DataFrame) -> str:
    """A sentence of a chart's numbers, row by row; rows of zeros only are left out."""
    rows = []
    names = list(numbers.columns[1:])
    for label, *values in numbers.itertuples(index=False, name=None):
        if any(values):
            parts = [f"{name.lower()} {value:,}" for name, value in zip(names, values, strict=True)]
            rows.append(f"{label}: {', '.join(parts)}")
    return f"{title}. Bar chart. {'; '.join(rows) or 'All counts are 0'}."


def figure_trend(edition: Edition) -> Chart | str:
    """Open findings at the end of each of the 24 months, all guidelines together."""
    months = edition.totals.trend.groupby("month", sort=True)["open_findings"].sum()
    if not months.any():
        return "No finding was open at the end of any of these 24 months."
    now, before = int(months.iloc[-1]), int(months.iloc[-13])
    change = now - before
    compared = "as many as" if change == 0 else f"{abs(change):,} {_more(change)} than"
    title = f"{capital(be_words(now, 'finding'))} open at the end of {month_words(edition.month)}"
    # none now and none then is no news
    title += f", {compared} a year before" if now or before else ""
    frame = pd.DataFrame({"Month": _months(months.index), "Open findings": months.to_list()})
    return _bars(edition.theme, title, frame, every=6)


def figure_guideline(edition: Edition, guideline: str) -> Chart | str:
    """How one guideline was met at the end of each of the 24 months, in counts."""
    rows = edition.totals.trend
    rows = rows[rows["guideline"].eq(guideline)].sort_values("month")
    name = edition.guidelines.set_index("guideline")["title"][guideline]
    if not rows[["meets", "does_not_meet", "excepted", "not_assessed"]].any(axis=None):
        return f"{name}: nothing to judge at the end of any of these 24 months."
    row = own_rate(edition, guideline)
    judged = int(row["meets"] + row["does_not_meet"] + row["excepted"])
    share = share_words(int(row["meets"]), judged, "none to judge")
    title = f"{name}: {share} {'meet' if judged else ''}".rstrip()
    title += f" at the end of {month_words(edition.month)}"
    frame = pd.DataFrame(
        {
            "Month": _months(rows["month"]),
            "Meets": rows["meets"].to_list(),
            "Does not meet": rows["does_not_meet"].to_list(),
            "Excepted": rows["excepted"].to_list(),
            "Not assessed": rows["not_assessed"].to_list(),
        }
    )
    return _bars(edition.theme, title, frame, every=6)


def figure_approvals(edition: Edition) -> Chart | str:
    """Accounts approved in time and not, by the month of their launch."""
    months = sorted(edition.trend["month"].unique())
    rows = edition.in_time[edition.in_time["guideline"].eq("supervisor-approval")]
    rows = rows[rows["month"].isin(months)]
    if len(rows) < _FEW:
        return _too_few(len(rows), "account", "launched in these 24 months")
    counts = pd.crosstab(rows["month"], rows["in_time"])
    counts = counts.reindex(index=months, columns=[True, False], fill_value=0)
    share = share_words(int(counts[True].sum()), len(rows))
    title = f"Approved by their launch day: {share} launched in 24 months"
    frame = pd.DataFrame(
        {
            "Month of launch": _months(counts.index),
            "In time": counts[True].to_list(),
            "Late or not at all": counts[False].to_list(),
        }
    )
    return _bars(edition.theme, title, frame, every=6)


def figure_notifications(edition: Edition) -> Chart | str:
    """Launches and activities by the days between the notice to parents and the start."""
    rows = edition.notifications
    rows = rows[rows["status"].isin(["meets", "does not meet", "excepted"])]
    if len(rows) < _FEW:
        return _too_few(len(rows), "launch", "to be told to parents by this day", "launches")
    groups = {
        "14 days or more before": lambda d: d <= -14,
        "1 to 13 days before": lambda d: -13 <= d <= -1,
        "On the day": lambda d: d == 0,
        "1 to 13 days after": lambda d: 1 <= d <= 13,
        "14 days or more after": lambda d: d >= 14,
    }
    known = [int(d) for d in rows["days_from_start"].dropna()]
    counts = {name: sum(map(fits, known)) for name, fits in groups.items()}
    counts["Not all told yet"] = len(rows) - len(known)
    early = sum(d <= 0 for d in known)
    title = f"Parents told by the start: {share_words(early, len(rows))}"
    frame = pd.DataFrame({"When parents were told": list(counts), "Number": list(counts.values())})
    return _bars(edition.theme, title, frame)


def figure_incidents(edition: Edition) -> Chart | str:
    """Open incidents by age, the states of substantiation kept apart."""
    rows = edition.findings[edition.findings["open"] & is_incident(edition)]
    day = day_words(edition.as_of)
    if len(rows) < _FEW:
        return _too_few(len(rows), "incident", f"open on {day}")
    states = edition.incident_rows.set_index("incident_id")["substantiation"]
    state = rows["subject"].map(states)
    ages = [_age(days) for days in rows["days_open"]]
    frame = pd.DataFrame({"Age": [name for _, name in _AGES]})
    usual = ("alleged", "under investigation", "substantiated")
    for name in (*usual, *sorted(set(state) - set(usual))):
        these = [age for age, its in zip(ages, state, strict=True) if its == name]
        frame[capital(state_words(name))] = [these.count(age) for age in frame["Age"]]
    oldest = count_words(int(rows["days_open"].max()), "day")
    title = f"{be_words(len(rows), 'incident')} open on {day}, the oldest for {oldest}"
    return _bars(edition.theme, title, frame)


def figure_schools(edition: Edition) -> Chart | str:
    """Open findings of each school, the overdue ones apart."""
    rows = edition.findings[edition.findings["open"]]
    if rows.empty:
        return "No school has an open finding."
    due = rows["overdue"] & ~rows["excepted"]
    names = school_names(edition)
    overdue = rows[due].groupby("school_id").size().reindex(names.index, fill_value=0)
    others = rows[~due].groupby("school_id").size().reindex(names.index, fill_value=0)
    title = _overdue_title(int(overdue.sum()), len(rows))
    frame = pd.DataFrame(
        {
            "School": names.to_list(),
            "Overdue": overdue.to_list(),
            "Open, not overdue": others.to_list(),
        }
    )
    return _bars(edition.theme, title, frame, flat=True)


def _overdue_title(part: int, whole: int) -> str:
    if whole == 1:
        return f"1 finding is open{' and overdue' if part else ', not overdue'}"
    if part in (0, whole):
        return f"{whole:,} findings are open, {'all' if part else 'none'} of them overdue"
    return f"{part:,} of {whole:,} open findings are overdue ({percent(part, whole)}%)"


def _too_few(count: int, noun: str, what: str, many: str | None = None) -> str:
    """Why there is no chart; of nothing the table says so already."""
    return f"No chart: only {count_words(count, noun, many)} {what}." if count else ""


def _bars(
    theme: Theme, title: str, frame: pd.DataFrame, *, every: int = 1, flat: bool = False
) -> Chart:
    """Stacked bars of `frame`: its first column the categories, each other one a series.

    Of the categories every `every`-th is labelled, counted from the last; `flat` lays bars down.
    """
    label, *names = frame.columns
    names = [name for at, name in enumerate(names) if at == 0 or frame[name].any()]
    frame = frame[[label, *names]]
    categories = frame[label].to_list()
    alone = len(names) == 1
    traces = []
    for name in names:
        place = 0 if alone else _SERIES.get(name, 0)
        colour, pattern = theme.series[place % len(theme.series)], _PATTERNS[place]
        numbers = frame[name].to_list()
        traces.append(
            go.Bar(
                name=name,
                x=numbers if flat else categories,
                y=categories if flat else numbers,
                orientation="h" if flat else "v",
                marker={
                    "color": colour,
                    "pattern": {"shape": pattern, "bgcolor": theme.colours["background"]},
                    "line": {
                        "color": colour,
                        "width": [int(number > 0) for number in numbers],
                    },
                },
                hoverinfo="skip",
                **(_LABELS | {"text": [f"{n:,}" if n else "" for n in numbers]} if alone else {}),
            )
        )
    most = int(frame[names].sum(axis=1).max())
    shown = [c for at, c in enumerate(categories) if (len(categories) - 1 - at) % every == 0]
    counts = _counts_axis(theme, most)
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
    figure = go.Figure(traces, _layout(theme, title, legend=not alone))
    if flat:
        figure.update_layout(xaxis=counts, yaxis={**axis, "autorange": "reversed"})
        figure.update_layout(height=150 + 34 * len(categories))
    else:
        figure.update_layout(xaxis=axis, yaxis=counts)
    return Chart(capital(title), figure, Table(f"Numbers of the chart: {title}", frame))


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


def _layout(theme: Theme, title: str, *, legend: bool) -> dict:
    return {
        "template": "none",
        "title": {"text": capital(title), "x": 0, "xref": "paper", "font": {"size": 15}},
        "font": {"family": theme.fonts["sans"], "size": 13, "color": theme.colours["text"]},
        "barmode": "stack",
        "bargap": 0.25,
        "height": 300,
        "margin": {"l": 10, "r": 10, "t": 48, "b": 10},
        "paper_bgcolor": theme.colours["background"],
        "plot_bgcolor": theme.colours["background"],
        "hovermode": False,
        "dragmode": False,
        "showlegend": legend,
        "uniformtext": {"mode": "hide", "minsize": 10},
        "legend": {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top", "traceorder": "normal"},
    }


def _months(months: pd.Index | pd.Series) -> list[str]:
    return [f"{month_words(m)[:3]} {m[:4]}" for m in months]


def _folded(text: str, flat: bool) -> str:
    """A label on two lines where bars stand, broken at the blank nearest to its middle."""
    blanks = [at for at, letter in enumerate(text) if letter == " "]
    if flat or not blanks:
        return escape(text, quote=False)
    middle = min(blanks, key=lambda at: abs(at - len(text) / 2))
    return "<br>".join(escape(part, quote=False) for part in (text[:middle], text[middle + 1 :]))


def _age(days: int) -> str:
    return next(name for most, name in _AGES if most is None or days <= most)


def _more(change: int) -> str:
    return "more" if change > 0 else "fewer"
