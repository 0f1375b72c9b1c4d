"""Line 11: every number of page and notebook is the one that `table` prints."""

import re
from collections import Counter

from tests.checklist import reading
from tests.checklist.cells import (
    CHART,
    assert_cells,
    by_account,
    chart_rows,
    on_page,
    rows_of,
    school_ids,
)
from tests.checklist.truth import STATES, beside, covered, of
from tests.views import workbooks


def test_line_11_rates_moves_and_incidents_of_the_page(page, truth):
    rates = {truth.with_clause(name): row for name, row in truth.rates(of, covered).items()}
    assert_cells(on_page(page, "How the guidelines are met"), "Guideline", rates)
    moves = truth.moves()
    if len(moves) == 1:
        moves.pop("All guidelines")
    for cells in moves.values():
        cells["Open before October 2026"] = cells["Open before"]
    assert_cells(on_page(page, "Findings opened and closed"), "Guideline", moves)
    counts = truth.incident_counts()
    counts.pop("All guidelines")
    spans = (("Oct", ""), ("12 months", "_12m"))
    wanted = {
        name: {f"{span}: {state}": str(row[state + end]) for span, end in spans for state in STATES}
        for name, row in counts.items()
    }
    assert_cells(on_page(page, "Incidents by guideline"), "Guideline", wanted)
    incidents = truth.incidents()
    rows = on_page(page, "Incidents that are open or were reported")
    assert {row["Incident"] for row in rows} >= set(truth.open["subject"]) & set(incidents)
    mine = {row["Incident"]: incidents[row["Incident"]] for row in rows}
    assert_cells(rows, "Incident", mine, "Account | Occurred")


def test_line_11_findings_and_statuses_of_the_page(page, book, truth):
    sentences = {row["What was found"]: row["Finding ID"] for row in rows_of(book, "ToDo")}
    assert len(sentences) == len(truth.open)
    wanted = truth.findings(truth.open)
    rows = on_page(page, "Every open finding") or on_page(page, "The oldest open findings")
    for row in rows:
        row["Finding"] = sentences[row["Finding"]]
    if page.table("Every open finding") or not len(truth.open):
        assert len(rows) == len(truth.open)
    wanted = {row["Finding"]: wanted[row["Finding"]] for row in rows}
    assert_cells(rows, "Finding", wanted, "What to do | Who | School")
    labels = by_account(book)
    if truth.key != "*":
        matrix = {labels[r["Account"]]: r for r in on_page(page, "The status of each account")}
        assert list(matrix) == [row["Account ID"] for row in rows_of(book, "Accounts")]
        for account, cells in truth.matrix().items():
            assert {name: matrix[account][name] for name in cells} == cells
        approvals = on_page(page, "Supervisor approval of each")
        shown = {labels[row["Account"]]: row["Status"] for row in approvals}
        assert shown == truth.statuses("supervisor-approval")


def test_line_11_schools_and_files_of_the_offices_page(page, book, truth, report):
    if report.school_id is not None:
        assert page.table("The schools side by side") is None
        return
    schools = truth.schools()
    rows = on_page(page, "The schools side by side")
    for row, key in zip(rows, school_ids(book), strict=True):
        assert_cells([row], "School", {row["School"]: schools[key]}, "Accounts | In use")
    for row, key in zip(on_page(page, "Incidents by school"), school_ids(book), strict=True):
        assert_cells([row], "School", {row["School"]: schools[key]})
    for row in on_page(page, "How many meet each guideline"):
        shown = list(row.values())[1:]
        guideline = next(n for n in truth.titles if truth.with_clause(n) == row["Guideline"])
        for key, cell in zip(["*", *school_ids(book)], shown, strict=True):
            told = beside(truth.narrowed(key).rates_of(guideline))
            assert cell == told if told else "%" not in cell
    counts = [list(row.values()) for row in on_page(page, "What was read")]
    assert sorted(counts) == sorted(truth.rows("counts").to_numpy().tolist())
    kinds = Counter(zip(*(truth.rows("problems")[n] for n in ("level", "code")), strict=True))
    assert {
        (row["Level"], row["Kind of problem"].replace(" ", "-")): int(row["Cells"])
        for row in on_page(page, "Problems by kind")
    } == kinds


def test_line_11_the_first_sentences_and_figures_of_the_page(page, book, truth):
    open_now, overdue = len(truth.open), len(truth.overdue)
    told = " ".join(workbooks.lines(book["Summary"]))
    for words in (page.words, told):
        if open_now > 1:
            assert re.search(rf"\b{open_now} are open at the end of October\b", words)
        if 1 < overdue < open_now:
            assert re.search(rf"\b{overdue} of these are overdue\b", words)
    rates = truth.rates(of)
    for guideline, name in (
        ("supervisor-approval", "Supervisor approval"),
        ("parent-notice", "Parents told by now"),
    ):
        row = rates[guideline]
        if row["Rate"]:
            share = f"{row['Meets']} of {row['Judged']} {row['Rate'].split('(')[1][:-1]}"
            assert f"{name} {share}" in page.words
    assert f"Overdue {overdue or 'none'} " in page.words


def test_line_11_the_charts_of_the_page(page, truth, book):
    moves = truth.moves()["All guidelines"]
    if trend := chart_rows(page, "open at the end of"):
        ends = [row["Open findings"] for row in trend[-2:]]
        assert ends == [int(moves["Open before"]), int(moves["Open now"])]
    for guideline in ("supervisor-approval", "parent-notice"):
        rates = truth.rates(of)[guideline]
        for name, number in (chart_rows(page, f"{truth.titles[guideline]}:") or [{}])[-1].items():
            assert str(number) == rates[name]
    incidents = [row for row in truth.incidents().values() if not row["Closed"]]
    if ages := chart_rows(page, "the oldest for"):
        assert sum(map(sum, (row.values() for row in ages))) == len(incidents)
    schools = truth.schools() if truth.key == "*" else {}
    for row, key in zip(
        chart_rows(page, "open findings are overdue"), school_ids(book), strict=True
    ):
        told = (schools[key]["Overdue"], schools[key]["Open findings"])
        assert (str(row["Overdue"]), str(sum(row.values()))) == told
    for words in ("Approved by their launch day", "Parents told by the start"):
        for table in page.tables:
            if table.caption.startswith(f"{CHART} {words}"):
                part, whole, share = map(int, reading.numbers(table.caption)[:3])
                rows = chart_rows(page, words)
                assert sum(map(sum, (row.values() for row in rows))) == whole
                assert 100 * part // whole == share


READ_ON_PAGE = (
    *(CHART, "How the guidelines are met", "Findings opened and closed", "Incidents by guideline"),
    *("Incidents that are open or were reported", "Every open finding", "The oldest open findings"),
    *("The status of each account", "Supervisor approval of each", "Each finding that changed"),
    *("Each status that changed", "Open findings, from the report of September 2026"),
    *("The schools side by side", "How many meet each guideline", "Incidents by school"),
    *("What was read", "Problems by kind", "Watch lists", "Problems and what could"),
    # words and days of the registry, which no table of numbers has
    *("Notification of parents", "Cells to look at", "The guidelines, clause by clause"),
    "The files read",
)


def test_line_11_the_charts_of_the_workbook_stand_on_the_pages_numbers(page, book):
    charts = {"ApprovedInTime": "Approved by their", "ToldInTime": "Parents told by the start"}
    charts["OpenByAge"] = "the oldest for"
    for name, words in charts.items():
        rows = [[int(n) for n in list(row.values())[1:]] for row in rows_of(book, name)]
        assert rows == [list(row.values()) for row in chart_rows(page, words)], name


def test_line_11_no_table_of_the_page_is_left_out(page):
    assert [t.caption for t in page.tables if not t.caption.startswith(READ_ON_PAGE)] == []


def test_line_11_the_notebook_shows_what_the_page_shows(page, report):
    notebook = reading.shown_in(report.notebook)
    tables = [table for table in page.tables if not table.caption.startswith(CHART)]
    assert notebook.tables == tables
    assert len(notebook.read.charts) == len(page.read.charts)
    for drawn, also in zip(notebook.read.charts, page.read.charts, strict=True):
        assert drawn["data"] == also["data"]
