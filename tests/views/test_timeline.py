"""One account's explanation: its sentences, its line of time, its page."""

from pathlib import Path

import pandas as pd
import pytest

from nmsdreports.intake import load
from nmsdreports.policy import assess
from nmsdreports.settings import InputError
from nmsdreports.views.audience import edition
from nmsdreports.views.explained import explain_lines, verdicts
from nmsdreports.views.timeline import explained_page, figure_timeline

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
DAY = pd.Timestamp("2026-10-31")
DUTY = "Days on which it applies"


@pytest.fixture(scope="module")
def standing():
    return assess(load(SAMPLE)).at(DAY)


@pytest.fixture(scope="module")
def busy(standing):
    """Return the edition of the account of which most is to be told."""
    found = standing.findings["account_id"].value_counts()
    return edition(standing, "office", account_id=found.index[0])


@pytest.fixture(scope="module")
def everyone(standing):
    """Return edition and lines of every other account of the sample: each takes half a second."""
    accounts = standing.records.accounts["account_id"][::2]
    editions = [edition(standing, "office", account_id=account) for account in accounts]
    return [(seen, explain_lines(seen)) for seen in editions]


@pytest.fixture(scope="module")
def chart(busy):
    return figure_timeline(busy)


def drawn(chart, name):
    """Return the spans that a trace draws: row, first day, day after the last."""
    (trace,) = [trace for trace in chart.figure.data if trace.name == name]
    rows = chart.figure.layout.yaxis.ticktext
    spans = []
    for base, length, place in zip(trace.base, trace.x, trace.y, strict=True):
        start = pd.Timestamp(base)
        spans.append((rows[round(place)], start, start + pd.Timedelta(milliseconds=length)))
    return spans


def test_covered_and_uncovered_days_make_up_the_duty(chart):
    days = {}
    for name in (DUTY, "Met", "Not met"):
        for row, start, stop in drawn(chart, name):
            days[name, row] = days.get((name, row), 0) + (stop - start).days
    rows = {row for name, row in days if name == DUTY}
    assert rows
    for row in rows:
        parts = [days.get((name, row), 0) for name in ("Met", "Not met")]
        assert sum(parts) == days[DUTY, row], row


def test_uncovered_days_are_those_of_the_findings(busy, chart):
    found = busy.findings[~busy.findings["finding_id"].str.contains(":incident:")]
    stops = found["closed_on"].fillna(DAY + pd.Timedelta(days=1))
    wanted = sorted(zip(found["opened_on"], stops, strict=True))
    assert sorted((start, stop) for _, start, stop in drawn(chart, "Not met")) == wanted


def test_nothing_is_drawn_after_the_day(chart):
    for name in (DUTY, "Met", "Not met"):
        assert all(stop <= DAY + pd.Timedelta(days=1) for _, _, stop in drawn(chart, name))


def test_kinds_differ_by_more_than_colour_and_carry_nothing_unseen(chart):
    assert {trace.type for trace in chart.figure.data} <= {"bar", "scatter"}
    looks = []
    for trace in chart.figure.data:
        assert trace.hoverinfo == "skip" and trace.customdata is None and trace.text is None
        shape = trace.marker.symbol if trace.type == "scatter" else trace.marker.pattern.shape
        looks.append((trace.type, shape, getattr(trace, "width", None)))
    assert len(set(looks)) == len(looks)


def test_the_words_for_those_who_cannot_see_it_hold_every_span(chart):
    assert chart.description.startswith(chart.title)
    for _, row in chart.numbers.frame.iterrows():
        day = row["From"]
        assert f"{day:%b} {day.day}, {day.year}" in chart.description
        assert row["Guideline"] in chart.description


def test_of_an_account_not_launched_there_is_no_empty_chart(standing):
    status = standing.status
    planned = status[(status["status"] == "upcoming") & (status["subject"] == status["account_id"])]
    seen = edition(standing, "office", account_id=planned["account_id"].iloc[0])
    assert figure_timeline(seen) == "No guideline has bound the account up to October 31, 2026."
    assert "No guideline has bound" in explained_page(seen).html()


def test_accounts_are_told_in_eighty_columns_and_sentences(everyone):
    for seen, lines in everyone:
        assert max(map(len, lines)) <= 80
        assert all(letter.isprintable() for line in lines for letter in line)
        columns = {name for name in {**seen.findings, **seen.explanation} if "_" in name}
        assert not {word for line in lines for word in line.split() if word in columns}
        for verdict in verdicts(seen):
            assert all(sentence.endswith(".") for sentence in verdict.sentences)
            assert len(verdict.sentences) > 1, verdict


def test_every_guideline_is_named_with_its_clause(standing):
    text = " ".join(explain_lines(edition(standing, "office", account_id="A003")))
    for _, rule in standing.policy.guidelines.iterrows():
        assert f"{rule['title']} ({rule['clause']})" in " ".join(text.split())


def test_no_restricted_text_is_told(standing, everyone):
    records = standing.records
    secret = pd.concat(
        [records.incidents["description"], records.incidents["action"], records.accounts["note"]]
    ).dropna()
    for _, lines in everyone:
        text = " ".join(lines)
        assert not [words for words in secret if len(words) > 12 and words in text]


def test_a_school_has_only_its_own_accounts_explained(standing):
    accounts = standing.records.accounts.set_index("account_id")["school_id"]
    mine, other = accounts.index[0], accounts.index[accounts != accounts.iloc[0]][0]
    assert len(edition(standing, "school", accounts[mine], mine).explanation)
    with pytest.raises(InputError, match="is not an account of school"):
        edition(standing, "school", accounts[mine], other)


def test_the_page_asks_no_host_and_has_the_days_as_a_table(busy):
    html = explained_page(busy).html()
    assert busy.heading.replace('"', "&#34;") in html
    assert "Days of the chart" in html and 'role="img"' in html
    assert html == explained_page(busy).html()
