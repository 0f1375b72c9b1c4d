"""What counts the whole month and school: the headline, and the charts below it."""

from dataclasses import replace

import pandas as pd

from nmsdreports.views import charts, headlines
from nmsdreports.views.audience import Edition
from nmsdreports.views.chart_counts import Counts, counts_trend
from nmsdreports.views.explore import blocks
from nmsdreports.views.explore.lists import counts_ageing
from nmsdreports.views.judged_words import guideline_words
from nmsdreports.views.sentences import be_words, capital, list_words

MOST_NAMED = 5
"""Accounts with the most open findings that are named."""


def headline_blocks(district: Edition, guideline: str, most: pd.DataFrame) -> list[object]:
    """The headline of a report, what the chosen guideline counts where dates decide it, and the
    accounts with the most open findings (`most`: account_id, registered, label, findings, in that
    order; labels of the first MOST_NAMED).
    """
    shown = [
        blocks.sentences_html(headlines.headline(district)),
        blocks.facts(district.theme, headlines.key_facts(district)),
    ]
    if guideline in set(district.rates["guideline"]):
        title = district.guidelines.set_index("guideline")["title"][guideline]
        words = guideline_words(district, guideline, f"{title}: met by", "judged")
        shown.append(blocks.sentences_html(words))
    shown.append(blocks.sentences_html([most_words(most), *strangers_words(most)]))
    return shown


def most_words(most: pd.DataFrame) -> str:
    """The accounts with the most open findings by name, or that none has more than one."""
    known = most[most["registered"]]
    if known.empty:
        return ""
    several = known[known["findings"] > 1].head(MOST_NAMED)
    if several.empty:
        return "No account has more than one open finding."
    told = [f"{row.label} ({row.account_id}) {row.findings}" for row in several.itertuples()]
    return f"Accounts with the most open findings: {list_words(told)}."


def strangers_words(most: pd.DataFrame) -> list[str]:
    """That findings on accounts which are not registered have no account to choose."""
    rows = most[~most["registered"]]
    count = int(rows["findings"].sum())
    if not count:
        return []
    names = list_words(rows["account_id"].head(MOST_NAMED).to_list())
    more = len(rows) - MOST_NAMED
    others = f" and {more:,} more" if more > 0 else ""
    what = f"{be_words(count, 'open finding')} on an account that is not in the registry"
    return [f"{capital(what)} ({names}{others}): it cannot be chosen under “One account, and why”."]


def chart_blocks(drawn: Edition, guideline: str) -> list[object]:
    """Ageing, two years of findings, approvals against launches, notices against starts.

    The first two follow the chosen guideline, and their titles begin with its name.
    """
    titles = drawn.guidelines.set_index("guideline")["title"]
    ages = _of_guideline(counts_ageing(drawn), titles.get(guideline))
    trend = _of_guideline(counts_trend(drawn), titles.get(guideline))
    figures = [
        charts.bars(drawn.theme, ages, flat=True, apart=True, unit="Open findings"),
        charts.bars(drawn.theme, trend, every=6),
        charts.figure_approvals(drawn),
        charts.figure_notifications(drawn),
    ]
    if guideline in set(drawn.rates["guideline"]):
        figures.append(charts.figure_guideline(drawn, guideline))
    return figures


def _of_guideline(counts: Counts | str, title: str | None) -> Counts | str:
    if title is None:
        return counts
    words = counts if isinstance(counts, str) else counts.title
    named = f"{title}: {words[:1].lower()}{words[1:]}"
    return named if isinstance(counts, str) else replace(counts, title=named)
