"""Charts: one below the other, each beside its numbers, with the question that it answers."""

from datetime import datetime

from nmsdreports.views.audience import Edition
from nmsdreports.views.chart_counts import (
    Counts,
    counts_approvals,
    counts_incidents,
    counts_notifications,
)
from nmsdreports.views.sentences import list_words
from nmsdreports.views.sheet_charts import ChartOver, alt_text
from nmsdreports.views.sheets import Block, Column, Line, Sheet

NAME = "Charts"
# What is counted, the name of its table, what it is about, its question, what one bar counts.
_DRAWN = (
    (
        counts_approvals,
        "ApprovedInTime",
        "approvals in time",
        "How many accounts were approved in time?",
        "accounts",
    ),
    (
        counts_notifications,
        "ToldInTime",
        "parents told in time",
        "How long before or after the start were parents told?",
        "launches, activities",
    ),
    (
        counts_incidents,
        "OpenByAge",
        "open incidents by age",
        "How long have the open incidents been open?",
        "open incidents",
    ),
)
_SIZE = (19.0, 8.5)


def sheet_charts(edition: Edition) -> Sheet:
    """Each chart for which enough is on record, on one page."""
    blocks, charts, about = [], [], []
    for count, name, what, question, unit in _DRAWN:
        counts = count(edition)
        if isinstance(counts, str):
            continue
        columns = _columns(counts)
        charts.append(
            ChartOver(
                title=counts.title,
                alt_text=alt_text(counts.title, counts.columns),
                unit=unit,
                columns=tuple(range(2, len(columns) + 1)),
                bars=True,
                table=len(blocks),
                size=_SIZE,
            )
        )
        blocks.append(Block(name, columns, question))
        about.append(what)
    if not blocks:
        return Sheet(NAME, "too little on record to draw")
    lines = ["The title of each chart is the answer; its numbers stand beside it."]
    # a lone one keeps its header in sight like any other table
    several = len(blocks) > 1
    return Sheet(NAME, list_words(about), lines, blocks, charts, one_page=several)


def chart_line(counts: Counts | str) -> list[Line]:
    """What the sheet of a chart's accounts or incidents says of it: its answer, which leads there.

    Where there is nothing to draw, the sentence that says so.
    """
    if isinstance(counts, str):
        return [Line(counts, "muted")] if counts else []
    return [Line(f"Chart: {counts.title}", "link", NAME)]


def _columns(counts: Counts) -> list[Column]:
    (label, categories), *series = counts.columns.items()
    kind = "month" if isinstance(categories[0], datetime) else "text"
    return [Column(label, categories, kind), *(Column(name, n, "count") for name, n in series)]
