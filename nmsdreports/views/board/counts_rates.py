"""How the share of accounts that meets each guideline went over 24 months.

A month in which too few were judged, or nobody, has no share: it is a gap in a line, and words in a
table, never 0%.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.views.board.board_chart import (
    BoardChart,
    few_words,
    gap_words,
    source_words,
    whole_numbers,
)
from nmsdreports.views.chart_counts import month_ends
from nmsdreports.views.sentences import month_words, percent

if TYPE_CHECKING:
    from nmsdreports.views.board.edition import BoardEdition

# Guidelines whose shares stand beside each other in a table, a month a row.
_MOST_ACROSS = 14


def chart_rates(edition: BoardEdition) -> BoardChart:
    """Rates in whole percent at the end of each month, a column a guideline.

    The table has a row for each month and guideline, with the counts behind the rate.
    """
    rows = edition.trend
    judged = rows["meets"] + rows["does_not_meet"] + rows["excepted"]
    rows = rows.assign(judged=judged)[judged.gt(0)]
    rows = rows.assign(
        percent=[percent(*pair) for pair in zip(rows["meets"], rows["judged"], strict=True)]
    )
    titles = dict(zip(edition.guidelines["guideline"], edition.guidelines["title"], strict=True))
    order = [name for name in titles if name in set(rows["guideline"])]
    known = sorted(rows["month"].unique())
    # also the months of which nothing can be shown: a line leads to the next one over a gap
    months = [*pd.period_range(known[0], edition.month, freq="M").astype("str")] if known else []
    wide = rows.pivot_table(index="month", columns="guideline", values="percent", aggfunc="first")
    wide = wide.reindex(months)
    frame = pd.DataFrame(
        {
            "Month": month_ends(months),
            **{titles[name]: whole_numbers(_listed(wide[name])) for name in order},
        }
    )
    place = {name: at for at, name in enumerate(order)}
    by_guideline = rows.assign(place=rows["guideline"].map(place)).sort_values(["place", "month"])
    table = pd.DataFrame(
        {
            "Guideline": [titles[name] for name in by_guideline["guideline"]],
            "Month": [month_words(month) for month in by_guideline["month"]],
            "Meets": by_guideline["meets"].astype(int).to_list(),
            "Judged": by_guideline["judged"].astype(int).to_list(),
            "Share": [f"{share}%" for share in by_guideline["percent"]],
        },
        dtype=object,
    )
    drawn = len(known) > 1
    few = f"{few_words(edition)} judged that month, perhaps nobody"
    gaps = gap_words("point", few) if drawn and frame.isna().any(axis=None) else ""
    return BoardChart(
        name="rates-over-24-months",
        title=_title(edition, frame if drawn else frame.iloc[:0]),
        frame=frame,
        tables=(table,) if len(table) else (),
        meaning=f"Share: those that meet the guideline, of all that were judged.{gaps}",
        source=source_words(edition, "the registry and its logs"),
        instead="" if drawn else "A line needs two months in which enough accounts were judged.",
        lines=True,
    )


def by_month(chart: BoardChart, edition: BoardEdition) -> pd.DataFrame:
    """The table of a chart of rates with a row a month and a column a guideline.

    More guidelines than fit beside each other stay below each other, as in the chart's own table.
    """
    rows = chart.tables[0]
    names = [*chart.frame.columns[1:]]
    if len(names) > _MOST_ACROSS:
        return rows
    counts = zip(rows["Meets"], rows["Judged"], rows["Share"], strict=True)
    told = pd.Series(
        [f"{meets:,} of {judged:,} ({share})" for meets, judged, share in counts],
        pd.MultiIndex.from_frame(rows[["Guideline", "Month"]]),
    )
    months = [month_words(f"{day:%Y-%m}") for day in chart.frame["Month"]]
    few = few_words(edition)
    columns = {name: told[name].reindex(months).fillna(few).to_list() for name in names}
    return pd.DataFrame({"Month": [*map(short_month, chart.frame["Month"])], **columns})


def _title(edition: BoardEdition, frame: pd.DataFrame) -> str:
    """On how many guidelines the share rose between the first and the last month shown."""
    shares = frame.drop(columns="Month")
    if len(frame) < 2:
        few = edition.min_cell
        return f"Shares over time need {few} accounts and two months, which are not there yet"
    first, last = shares.iloc[0], shares.iloc[-1]
    both = first.notna() & last.notna()
    rose, fell = (int(moved[both].sum()) for moved in (last > first, last < first))
    since = month_words(f"{frame['Month'].iloc[0]:%Y-%m}")
    if not both.any():
        return f"No guideline has a share for both {since} and {month_words(edition.month)}"
    whole, same = len(both), int(both.sum()) - rose - fell
    if same == whole:
        return f"The shares in which guidelines are met are the same as in {since}"
    verb = "are" if rose > 1 else "is"
    title = f"{rose or 'None'} of {whole} guidelines {verb} met by a larger share than in {since}"
    title += f", {fell or 'none'} by a smaller one" + (f", {same} by the same" if same else "")
    if both.all():
        return title
    when = "now" if first[~both].notna().all() else "then or now"
    when = "then" if last[~both].notna().all() else when
    return f"{title}; {whole - int(both.sum())} had too few to judge {when}"


def span_words(frame: pd.DataFrame, name: str) -> str:
    """The first share of a guideline and its last, and between which months if not all: one wording
    for slide, page and what is read out.
    """
    known = frame.loc[frame[name].notna(), ["Month", name]]
    if known.empty:
        return "not shown"
    (start, first), (end, last) = (known.iloc[at] for at in (0, -1))
    words = f"{first}% to {last}%" if len(known) > 1 else f"{last}%"
    if start > frame["Month"].iloc[0]:
        words += f" since {short_month(start)}"
    return words if end == frame["Month"].iloc[-1] else f"{words} until {short_month(end)}"


def short_month(day: pd.Timestamp) -> str:
    """A month where there is little room: "Oct 2026"."""
    return f"{month_words(f'{day:%Y-%m}')[:3]} {day.year}"


def _listed(column: pd.Series) -> list:
    return [None if pd.isna(value) else int(value) for value in column]
