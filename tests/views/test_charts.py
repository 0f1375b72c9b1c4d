import json
from dataclasses import replace

import pytest

from nmsdreports.views import charts
from nmsdreports.views.charts import Chart
from tests.views import editions

DRAWN = {
    "trend": charts.figure_trend,
    "guideline": lambda seen: charts.figure_guideline(seen, "supervisor-approval"),
    "approvals": charts.figure_approvals,
    "notifications": charts.figure_notifications,
    "incidents": charts.figure_incidents,
}


def many_incidents():
    rows = [
        (f"I{n}", "S1", None, "logo-use", f"2026-0{n}-11", state, None)
        for n, state in zip(range(4, 10), ["alleged", "substantiated"] * 3, strict=True)
    ]
    accounts = [(f"A{n:03}", "S1", f"@sample{n}", None, "Ann Quill") for n in range(1, 20)]
    return editions.school_edition("S1", incident_rows=rows, account_rows=accounts)


@pytest.fixture(params=DRAWN)
def chart(request) -> Chart:
    return DRAWN[request.param](many_incidents())


def test_a_figure_holds_the_numbers_of_its_table_and_no_others(chart):
    frame = chart.numbers.frame
    assert [trace.name for trace in chart.figure.data] == list(frame.columns[1:])
    for trace in chart.figure.data:
        flat = trace.orientation == "h"
        labels, numbers = (trace.y, trace.x) if flat else (trace.x, trace.y)
        assert list(numbers) == frame[trace.name].to_list()
        assert list(labels) == frame.iloc[:, 0].to_list()
        assert trace.hoverinfo == "skip"
        assert trace.customdata is None and trace.hovertext is None


def test_only_what_the_basic_bundle_draws(chart):
    assert {trace.type for trace in chart.figure.data} <= {"bar", "scatter", "pie"}


def test_a_description_holds_every_number(chart):
    frame = chart.numbers.frame
    for label, *numbers in frame.itertuples(index=False, name=None):
        if any(numbers):
            assert str(label) in chart.description
    assert chart.description.startswith(chart.title)


def test_a_notebook_shows_the_chart_without_script_or_share_button(chart):
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.plotly.v1+json", "text/plain"}
    drawn = json.loads(json.dumps(bundle["application/vnd.plotly.v1+json"]))
    assert drawn["config"]["showSendToCloud"] is False
    assert drawn["config"]["displayModeBar"] is False
    assert drawn["layout"]["title"]["text"] == chart.title


def test_a_title_is_the_answer():
    titles = {name: draw(many_incidents()).title for name, draw in DRAWN.items()}
    assert titles["incidents"] == (
        "6 incidents are open on October 31, 2026, the oldest for 204 days"
    )
    assert (
        titles["approvals"] == "Approved by their launch day: 12 of 19 (63%) launched in 24 months"
    )
    assert titles["guideline"].startswith("Supervisor approval: 2 of 8 (25%) meet at the end of")


def test_few_things_need_no_chart():
    few = editions.school_edition("S2")
    assert charts.figure_approvals(few) == (
        "No chart: only 3 accounts launched in these 24 months."
    )


def test_of_nothing_there_is_no_empty_chart():
    quiet = editions.school_edition("S9")
    assert charts.figure_approvals(quiet) == ""
    assert charts.figure_incidents(quiet) == ""
    assert charts.figure_notifications(quiet) == ""
    assert charts.figure_trend(quiet).startswith("No finding was open")
    assert charts.figure_guideline(quiet, "parent-notice").endswith("any of these 24 months.")


def test_of_zeros_there_are_words_and_what_goes_without_saying_is_in_no_title():
    seen = editions.office_edition()
    none = replace(seen, findings=seen.findings.iloc[:0])
    assert charts.figure_schools(none) == "No school has an open finding."
    overdue = seen.findings[seen.findings["overdue"] & ~seen.findings["excepted"]]
    title = charts.figure_schools(replace(seen, findings=overdue)).title
    assert title == f"{len(overdue)} findings are open, all of them overdue"
    past = seen.trend["month"].isin(["2026-10", "2025-10"])
    trend = seen.trend.assign(open_findings=seen.trend["open_findings"].mask(past, 0))
    title = charts.figure_trend(replace(seen, trend=trend)).title
    assert title == "No finding is open at the end of October 2026"


def test_one_launch_two_launches():
    few = charts.figure_notifications(editions.school_edition("S2"))
    assert few == "No chart: only 2 launches to be told to parents by this day."


def test_schools_are_compared_by_open_and_overdue_findings():
    chart = charts.figure_schools(editions.office_edition())
    frame = chart.numbers.frame
    assert frame["School"].to_list() == ["Pine", "Cedar", "Quiet"]
    assert f"{frame['Overdue'].sum()} of" in chart.title


def test_a_label_cannot_write_markup():
    chart = charts.figure_schools(editions.office_edition(names={"S1": "<b>A", "S2": "B"}))
    assert chart.figure.layout.yaxis.ticktext[0] == "&lt;b&gt;A"
