"""What counts the whole month and school: the headline, and the charts below it."""

from nmsdreports.views import charts, headlines
from nmsdreports.views.audience import Edition
from nmsdreports.views.explore import blocks
from nmsdreports.views.explore.lists import figure_ageing


def headline_blocks(district: Edition, guideline: str) -> list[object]:
    """The headline of a report, and what the chosen guideline counts where dates decide it."""
    shown = [
        blocks.sentences_html(headlines.headline(district)),
        blocks.facts(district.theme, headlines.key_facts(district)),
    ]
    if guideline in set(district.rates["guideline"]):
        title = district.guidelines.set_index("guideline")["title"][guideline]
        words = headlines.guideline_words(district, guideline, f"{title}: met by", "judged")
        shown.append(blocks.sentences_html(words))
    return shown


def chart_blocks(drawn: Edition, guideline: str) -> list[object]:
    """Ageing, two years of findings, approvals against launches, notices against starts."""
    figures = [
        figure_ageing(drawn),
        charts.figure_trend(drawn),
        charts.figure_approvals(drawn),
        charts.figure_notifications(drawn),
    ]
    if guideline in set(drawn.rates["guideline"]):
        figures.append(charts.figure_guideline(drawn, guideline))
    return figures
