"""Trend: the last 24 months as a table, and as native charts over its own cells."""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.sentences import capital, count_words, month_words
from nmsdreports.views.sheet_charts import ChartOver
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.workbook.columns import floored

NAME = "Trend"
_LINES = (("supervisor-approval", "Approvals"), ("parent-notice", "Notices"))


def sheet_trend(edition: Edition) -> Sheet:
    """Month by month: approvals and notices with their counts and rates, and open findings."""
    months = _months(edition)
    if not months.drop(columns="day").to_numpy().any():
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
    return Sheet(
        NAME,
        _open_title(months),
        ["Each row is the state at the end of that month, by the record as it is today."],
        [Block("Trend", columns)],
        [*([_open_chart(months)] if months["open"].any() else []), *_met_charts(months)],
    )


def _months(edition: Edition) -> pd.DataFrame:
    """One row per month: day (its last), open, and for each line its "meets" and "judged"."""
    trend = edition.totals.trend
    trend = trend.assign(judged=trend["meets"] + trend["does_not_meet"] + trend["excepted"])
    months = trend.groupby("month")["open_findings"].sum().rename("open").to_frame()
    for guideline, _ in _LINES:
        own = trend[trend["guideline"].eq(guideline)].set_index("month")
        for count in ("meets", "judged"):
            months[f"{guideline} {count}"] = own[count].reindex(months.index, fill_value=0)
    months = months.astype("int64").sort_index()
    ends = pd.PeriodIndex(months.index, freq="M").to_timestamp(how="end").normalize()
    return months.assign(day=ends)


def _open_title(months: pd.DataFrame) -> str:
    first, last = months["open"].iloc[0], months["open"].iloc[-1]
    then = month_words(months.index[0])
    if not months["open"].any():
        return "No finding was open at the end of any of the last 24 months"
    now = capital(count_words(int(last), "finding"))
    return f"{now} open now, {int(first) or 'none'} in {then}"


def _open_chart(months: pd.DataFrame) -> ChartOver:
    most = months["open"].idxmax()
    return ChartOver(
        title=_open_title(months),
        alt_text=(
            f"Line chart of open findings at the end of each of 24 months: "
            f"{months['open'].iloc[0]} in {month_words(months.index[0])}, at most "
            f"{months['open'][most]} in {month_words(most)}, {months['open'].iloc[-1]} in "
            f"{month_words(months.index[-1])}."
        ),
        unit="findings",
        columns=(2,),
    )


def _met_charts(months: pd.DataFrame) -> list[ChartOver]:
    charts = []
    for number, (guideline, word) in enumerate(_LINES):
        meets, judged = months[f"{guideline} meets"], months[f"{guideline} judged"]
        if not judged.any():
            continue
        first, last = months.index[0], months.index[-1]
        then = f"{_share(meets[first], judged[first])} in {month_words(first)}"
        # that nothing was to judge before there was an account is no news
        compared = f", {then}" if judged[first] else ""
        now = _share(meets[last], judged[last])
        charts.append(
            ChartOver(
                title=f"{word}: {now} now{compared}",
                alt_text=(
                    f"Line chart over 24 months of {word.lower()} that meet the guideline and of "
                    f"all judged: {then}; {now} in {month_words(last)}."
                ),
                unit="accounts" if number == 0 else "accounts, activities",
                columns=(3 + 3 * number, 4 + 3 * number),
            )
        )
    return charts


def _share(meets: int, judged: int) -> str:
    return f"{meets} of {judged} meet" if judged else "none to judge"
