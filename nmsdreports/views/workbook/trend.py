"""Trend: the last 24 months as a table, and as native charts over its own cells."""

from collections import Counter
from datetime import datetime

from nmsdreports.views.audience import Edition
from nmsdreports.views.chart_counts import (
    AS_OF_TODAY,
    Counts,
    counts_guideline,
    counts_trend,
    month_ends,
    trend_rows,
)
from nmsdreports.views.sentences import month_words
from nmsdreports.views.sheet_charts import ChartOver
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.columns import floored

NAME = "Trend"
_LINES = (("supervisor-approval", "Approvals"), ("parent-notice", "Notices"))


def sheet_trend(edition: Edition) -> Sheet:
    """Month by month: approvals and notices with their counts and rates, and open findings."""
    months = _months(edition)
    if not any(any(months[name]) for name in months if name != "day"):
        return Sheet(NAME, "nothing on record in the last 24 months")
    columns = [
        Column("End of", months["day"], "month"),
        Column("Open findings", months["open"], "count"),
    ]
    for guideline, word in _LINES:
        meets, judged = months[f"{guideline} meets"], months[f"{guideline} judged"]
        columns += [
            Column(f"{word}: meets", meets, "count"),
            Column(f"{word}: judged", judged, "count"),
            Column(f"{word}: rate", floored(meets, judged, "none"), "percent"),
        ]
    counts = counts_trend(edition)
    words = counts.title if isinstance(counts, Counts) else counts.rstrip(".")
    return Sheet(
        NAME,
        words,
        [AS_OF_TODAY.format("row")],
        [Block("Trend", columns)],
        [*_open_chart(counts, months), *_met_charts(edition, months)],
    )


def _months(edition: Edition) -> dict[str, list]:
    """By month: its last day, the open findings, and for each line its "meets" and "judged"."""
    found, meets, judged = Counter(), Counter(), Counter()
    for month, guideline, meeting, missing, excepted, _, open_findings in trend_rows(edition):
        found[month] += open_findings
        meets[guideline, month] += meeting
        judged[guideline, month] += meeting + missing + excepted
    names = [*found]
    months = {"day": month_ends(names), "open": [found[name] for name in names]}
    for guideline, _ in _LINES:
        months[f"{guideline} meets"] = [meets[guideline, name] for name in names]
        months[f"{guideline} judged"] = [judged[guideline, name] for name in names]
    return months


def _words(day: datetime) -> str:
    return month_words(f"{day:%Y-%m}")


def _open_chart(counts: Counts | str, months: dict[str, list]) -> list[ChartOver]:
    if isinstance(counts, str):
        return []
    found, days = months["open"], months["day"]
    most = found.index(max(found))
    alt = (
        f"Line chart of open findings at the end of each of 24 months: {found[0]} in "
        f"{_words(days[0])}, at most {found[most]} in {_words(days[most])}, {found[-13]} a year "
        f"before the end, {found[-1]} in {_words(days[-1])}."
    )
    return [ChartOver(title=counts.title, alt_text=alt, unit="findings", columns=(2,))]


def _met_charts(edition: Edition, months: dict[str, list]) -> list[ChartOver]:
    charts = []
    first, last = _words(months["day"][0]), _words(months["day"][-1])
    for number, (guideline, word) in enumerate(_LINES):
        meets, judged = months[f"{guideline} meets"], months[f"{guideline} judged"]
        counts = counts_guideline(edition, guideline)
        if isinstance(counts, str) or not any(judged):
            continue
        then, now = _share(meets[0], judged[0]), _share(meets[-1], judged[-1])
        alt = (
            f"Line chart over 24 months of {word.lower()} that meet the guideline and of all "
            f"judged: {then} in {first}; {now} in {last}."
        )
        unit = "accounts" if number == 0 else "accounts, activities"
        columns = (3 + 3 * number, 4 + 3 * number)
        charts.append(ChartOver(title=counts.title, alt_text=alt, unit=unit, columns=columns))
    return charts


def _share(meets: int, judged: int) -> str:
    return f"{meets} of {judged} meet" if judged else "none to judge"
