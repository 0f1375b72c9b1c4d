"""Duty, evidence, uncovered days, exceptions and incidents of one account on one axis of dates.

In: the edition of one account. Out: a chart, and the page that holds it above the sentences.
Traps: Plotly's basic bundle has no ranges, so a span is a bar with a base; a bar's length is in
milliseconds; kinds differ by place and pattern as well as by colour.
"""

from html import escape

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.charts import Chart, layout_of
from nmsdreports.views.explained import (
    opening_words,
    silent_words,
    table_verdicts,
    verdicts,
    watch_words,
)
from nmsdreports.views.page import Page
from nmsdreports.views.sentences import capital, day_words, short_day_words
from nmsdreports.views.table import Table
from nmsdreports.views.theme import Theme

_DAY = pd.Timedelta(days=1)
# Each kind's name, its place below the top of its row, how high it is, and its pattern.
_KINDS = {
    "duty": ("Days on which it applies", 0.0, 0.46, ""),
    "evidence": ("Met", 0.07, 0.32, ""),
    "uncovered": ("Not met", 0.07, 0.32, "/"),
    "exception": ("Exception", 0.5, 0.14, "x"),
    "incident": ("Incident reported", 0.3, 0.0, ""),
}
_MONTHS_APART = 240
_SERIES = {"evidence": 0, "uncovered": 1, "exception": 3}


def figure_timeline(edition: Edition) -> Chart | str:
    """What each guideline asked of the account, and what it had, day by day until the as-of day."""
    spans = _spans(edition)
    if spans.empty:
        return f"No guideline has bound the account up to {day_words(edition.as_of)}."
    title = _title(edition)
    rows = list(dict.fromkeys(spans["row"]))
    traces = [_trace(spans, kind, rows, edition.theme) for kind in _KINDS]
    drawing = {
        "data": [trace for trace in traces if trace is not None],
        "layout": _layout(edition, title, rows, spans),
    }
    words = " ".join(_words(row, spans[spans["row"].eq(row)]) for row in rows)
    numbers = Table(f"Days of the chart: {title}", _table(spans))
    return Chart(title, drawing, numbers, f"{title}. Timeline. {words}")


def _title(edition: Edition) -> str:
    """How many of the account's duties are met on the day, and how many are excepted."""
    counts = edition.status["status"].value_counts()
    meets, not_met, excepted = (
        int(counts.get(name, 0)) for name in ("meets", "does not meet", "excepted")
    )
    day, judged = day_words(edition.as_of), meets + not_met + excepted
    if not judged:
        return f"Nothing is asked of the account on {day}"
    also = f", {excepted} under an exception" if excepted else ""
    if not not_met:
        return f"Everything that is asked of the account is met on {day}{also}"
    are = "is" if not_met == 1 else "are"
    return f"{not_met} of {judged} things asked of the account {are} not met on {day}{also}"


def explained_page(edition: Edition) -> Page:
    """The page of one account: statuses, timeline, then each verdict in sentences."""
    page = Page(edition)
    told = verdicts(edition)
    page.show(opening_words(edition))
    page.show(table_verdicts(told), "At a glance")
    page.show(figure_timeline(edition), "On one line of time")
    for verdict in told:
        page.show([capital(f"{verdict.standing}."), *verdict.sentences], verdict.heading)
    if watched := watch_words(edition):
        page.show(watched, "To watch")
    page.show(silent_words(edition), "The other guidelines")
    return page


def _spans(edition: Edition) -> pd.DataFrame:
    """One row a bar or mark: row (the guideline and what it is about), kind, start, stop.

    What lies beyond the as-of day is cut off there; the evidence shown is that of days of duty.
    """
    end = edition.as_of + _DAY
    facts = edition.explanation
    facts = facts.assign(row=_row_names(edition), stop=facts["stop"].fillna(end).clip(upper=end))
    spans = []
    for row, own in facts.groupby("row", sort=False):
        duty = own[own["kind"].eq("duty") & (own["start"] < end)]
        uncovered = _pairs(own[own["kind"].eq("uncovered")])
        if len(duty):
            bounds = (duty["start"].min(), duty["stop"].max())
            spans.append((row, "duty", *bounds))
            spans += [(row, "evidence", *span) for span in _between(bounds, uncovered)]
            spans += [(row, "uncovered", *span) for span in uncovered]
            spans += [(row, "exception", *s) for s in _pairs(own[own["kind"].eq("exception")])]
        spans += [(row, "incident", *s) for s in _pairs(own[own["kind"].eq("incident")])]
    return pd.DataFrame(spans, columns=["row", "kind", "start", "stop"])


def _row_names(edition: Edition) -> pd.Series:
    """The guideline's title for the account and its incidents; else with activity or concern."""
    facts = edition.explanation
    titles = facts["guideline"].map(edition.guidelines.set_index("guideline")["title"])
    activity = edition.notifications.set_index("subject")["activity"]
    about = facts["subject"].map(activity).fillna(facts["subject"])
    plain = facts["subject"].eq(facts["account_id"]) | facts["kind"].eq("incident")
    return titles.where(plain, titles + ": " + about)


def _between(bounds: tuple, gaps: list[tuple]) -> list[tuple]:
    """What is left of a span between its gaps, which come in date order."""
    starts = [bounds[0], *(stop for _, stop in gaps)]
    stops = [*(start for start, _ in gaps), bounds[1]]
    return [(start, stop) for start, stop in zip(starts, stops, strict=True) if start < stop]


def _trace(spans: pd.DataFrame, kind: str, rows: list[str], theme: Theme) -> dict | None:
    own = spans[spans["kind"].eq(kind)]
    if own.empty:
        return None
    name, below, height, pattern = _KINDS[kind]
    place = own["row"].map(rows.index) - 0.3 + below
    if kind == "incident":
        return {
            "type": "scatter",
            "name": name,
            "x": _iso(own["start"]),
            "y": place.to_list(),
            "mode": "markers",
            "marker": {"symbol": "diamond", "size": 9, "color": theme.colours["text"]},
            "hoverinfo": "skip",
        }
    colour = theme.colours["muted"] if kind == "duty" else theme.series[_SERIES[kind]]
    return {
        "type": "bar",
        "name": name,
        "orientation": "h",
        "base": _iso(own["start"]),
        "x": [(stop - start) / pd.Timedelta(milliseconds=1) for start, stop in _pairs(own)],
        "y": (place + height / 2).to_list(),
        "width": height,
        "marker": {
            "color": theme.colours["band"] if kind == "duty" else colour,
            "pattern": {"shape": pattern, "bgcolor": theme.colours["background"]},
            "line": {"color": colour, "width": 1},
        },
        "hoverinfo": "skip",
    }


def _layout(edition: Edition, title: str, rows: list[str], spans: pd.DataFrame) -> dict:
    theme = edition.theme
    first, end = spans["start"].min(), edition.as_of + _DAY
    margin = max((end - first) * 0.02, _DAY)
    return layout_of(theme, title) | {
        "barmode": "overlay",
        "margin": {"l": 10, "r": 40, "t": 48, "b": 10},
        "height": 120 + 44 * len(rows),
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": -40 / (44 * len(rows)), "yanchor": "top"},
        "xaxis": {
            "type": "date",
            "range": _iso(pd.Series([first - margin, end + margin])),
            # on a short line several labels would name the same month
            "tickformat": "%b %Y" if (end - first).days > _MONTHS_APART else "%b %-d",
            "nticks": 8,
            # a line at the very end would stand without its label
            "ticklabeloverflow": "allow",
            "gridcolor": theme.colours["line"],
            "fixedrange": True,
        },
        "yaxis": {
            "range": [len(rows) - 0.4, -0.6],
            "tickmode": "array",
            "tickvals": list(range(len(rows))),
            "ticktext": [_folded(row) for row in rows],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        },
    }


def _words(row: str, spans: pd.DataFrame) -> str:
    """One row of the chart in words: each kind with its days."""
    parts = []
    for kind, (name, *_) in _KINDS.items():
        own = spans[spans["kind"].eq(kind)]
        if kind == "incident":
            days = [short_day_words(start) for start in own["start"]]
        else:
            days = [
                f"{short_day_words(start)} to {short_day_words(stop - _DAY)}"
                for start, stop in _pairs(own)
            ]
        if days:
            parts.append(f"{name.lower()} {', '.join(days)}")
    return f"{row}: {'; '.join(parts)}."


def _table(spans: pd.DataFrame) -> pd.DataFrame:
    last = (spans["stop"] - _DAY).where(spans["kind"].ne("incident"))
    return pd.DataFrame(
        {
            "Guideline": spans["row"],
            "What": spans["kind"].map({kind: name for kind, (name, *_) in _KINDS.items()}),
            "From": spans["start"],
            "To": last,
        }
    )


def _pairs(spans: pd.DataFrame) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    return list(zip(spans["start"], spans["stop"], strict=True))


def _iso(days: pd.Series) -> list[str]:
    return days.dt.strftime("%Y-%m-%d").to_list()


def _folded(text: str) -> str:
    """A label on two lines where it is long; it cannot write markup."""
    head, _, tail = text.partition(": ")
    lines = [head, tail] if tail else [head]
    return "<br>".join(escape(line, quote=False) for line in lines)
