"""What the office finds in the district's workbook, and how it gets from there to a school's."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest

from nmsdreports.intake import load
from nmsdreports.policy import assess
from nmsdreports.policy.overrides import TAKEN
from nmsdreports.run.compared import compare
from nmsdreports.run.plan import plan_month
from nmsdreports.run.reports import reports_of
from nmsdreports.views.audience import edition
from nmsdreports.views.places import folder_names
from nmsdreports.views.sheets import Block, Book, Column, Sheet, add_sheet
from nmsdreports.views.theme import read_theme
from nmsdreports.views.workbook import write_workbook
from tests.views import editions, workbooks

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="module")
def records():
    return load(SAMPLE, read_on=pd.Timestamp("2026-10-31"))


@pytest.fixture(scope="module")
def standing(records):
    return assess(records).at("2026-10-31")


@pytest.fixture(scope="module")
def office(standing):
    return edition(standing, "office")


@pytest.fixture(scope="module")
def book(office, tmp_path_factory):
    return workbooks.read(write_workbook(office, tmp_path_factory.mktemp("office") / "a.xlsx"))


def schools_links(book) -> dict[str, dict[str, str | None]]:
    """The targets behind the words of each row of the schools' table, by school and header."""
    sheet = book["Schools"]
    header, *rows = sheet[sheet.tables["Schools"].ref]
    names = [cell.value for cell in header]
    return {
        row[0].value: {
            name: cell.hyperlink and cell.hyperlink.target
            for name, cell in zip(names, row, strict=True)
            if name in ("Workbook", "Page")
        }
        for row in rows
    }


def test_each_school_leads_to_the_files_that_the_months_run_makes(
    book, records, standing, tmp_path
):
    plan = plan_month(records, "2026-10", [], tmp_path / "reports", date(2026, 11, 24))
    office, *schools, _ = reports_of(plan, tmp_path, "", compare(tmp_path, None, standing), "")
    made = {}
    for report in schools:
        stem = edition(standing, "school", report.parameters["school_id"]).stem
        made[report.name] = report.folder / stem
    linked = schools_links(book)
    assert {name for name, to in linked.items() if all(to.values())} == set(made)
    for name, stem in made.items():
        for header, ending in (("Workbook", ".xlsx"), ("Page", ".html")):
            target = linked[name][header]
            assert " " not in target
            there = (office.folder / unquote(target)).resolve()
            assert there == Path(f"{stem}{ending}").resolve()


def test_a_school_that_was_closed_has_no_link_and_says_so(book):
    rows = {row["School"]: row for row in workbooks.table(book, "Schools")}
    closed = rows["Bridgeway Alternative School"]
    assert (closed["Workbook"], closed["Page"]) == ("none", "none")
    assert schools_links(book)["Bridgeway Alternative School"] == {"Workbook": None, "Page": None}


def test_schools_of_one_name_have_folders_of_their_own():
    folders = folder_names([("n2", "twin"), ("N2", "Twin"), ("Ä", "…"), ("N 2", "Twin")])
    assert len({folder.lower() for folder in folders.values()}) == 4


def test_schools_stand_side_by_side_with_counts_rate_and_coverage(book, office):
    rows = {
        (row["School"], row["Guideline"]): row
        for row in workbooks.table(book, "GuidelinesBySchool")
    }
    titles = office.guidelines.set_index("guideline")["title"]
    names = office.schools.set_index("school_id")["short_name"]
    rates = office.rates[office.rates["school_id"].ne("*")]
    assert len(rows) == len(rates)
    for rate in rates.to_dict("records"):
        row = rows[names[rate["school_id"]], titles[rate["guideline"]]]
        judged = rate["meets"] + rate["does_not_meet"] + rate["excepted"]
        assert (row["Judged"], row["Meets"]) == (judged, rate["meets"])
        applied = judged + rate["not_assessed"]
        for header, part, whole in (("Rate", "meets", judged), ("Coverage", None, applied)):
            some = judged if part is None else rate[part]
            if judged:
                assert round(100 * row[header]) == 100 * some // whole
            else:
                assert isinstance(row[header], str) and len(row[header]) > 5


def test_the_oldest_findings_come_oldest_first(book, office):
    rows = workbooks.table(book, "OldestFindings")
    open_now = office.findings[office.findings["open"]]
    oldest = sorted(zip(open_now["opened_on"], open_now["finding_id"], strict=True))
    assert [row["Finding ID"] for row in rows] == [finding for _, finding in oldest[: len(rows)]]
    assert rows[0]["Days open"] == open_now["days_open"].max()
    assert len(rows) == 15 < len(oldest)


def test_every_entry_of_the_watch_lists_is_there_in_words(book, office):
    rows = workbooks.table(book, "WatchList")
    assert len(rows) == len(office.watch)
    assert {row["Watch"].lower() for row in rows} == {name.lower() for name in office.watch["list"]}
    for row, day in zip(rows, office.watch["on"], strict=True):
        assert row["Day"] == day.to_pydatetime()
        assert not re.search(r"\d{4}-\d\d|: supervisor-", row["What is known"])
    said = [row for row in rows if row["Watch"] == "Approval runs out"]
    assert said[0]["What is known"] == "The approval is valid until Dec 15, 2026"


def test_no_guideline_may_be_titled_like_another_column_of_the_matrix(book, office):
    sheet = book["Accounts"]
    headings = [cell.value for cell in sheet[sheet.tables["Accounts"].ref][0]]
    others = set(headings) - set(office.guidelines["title"])
    assert len(others) == 4 and others == set(TAKEN)


def test_the_problems_of_each_school_and_file_add_up(book, office):
    schools = workbooks.table(book, "QualityBySchool")
    files = workbooks.table(book, "FilesRead")
    for level, header in (("error", "Errors"), ("warning", "Warnings"), ("note", "Notes")):
        count = int(office.problems["level"].eq(level).sum())
        assert sum(row[header] for row in schools) == count
        assert sum(row[header] for row in files) == count
    pine = next(row for row in schools if row["School"] == "Pine")
    own = office.problems[office.problems["school_id"].eq("S1")]
    assert pine["Errors"] + pine["Warnings"] + pine["Notes"] == len(own) > 0


def test_a_problem_of_a_whole_file_counts_at_its_first_sheet(office, tmp_path):
    problems = office.problems.iloc[:1].assign(file="accounts.xlsx", sheet=None, level="error")
    book = workbooks.read(write_workbook(replace(office, problems=problems), tmp_path / "a.xlsx"))
    errors = {row["File"]: row["Errors"] for row in workbooks.table(book, "FilesRead")}
    assert errors.pop("accounts.xlsx") == 1
    assert not any(errors.values())


def test_what_to_do_first_names_the_school(book):
    text = workbooks.lines(book["Summary"])
    first = " ".join(text[text.index("What to do first") + 1 :])
    assert "(Pine)" in first.split("2. ")[0]
    assert re.search(r"And \d+ more and \d+ under an exception on the sheet To do", first)


def test_charts_stand_on_a_page_of_their_own_and_no_long_table_has_another_below(book):
    assert len(book["Charts"].tables) >= 2
    assert book["Charts"].page_setup.fitToHeight == 1
    for sheet in book.worksheets:
        assert len(sheet.tables) == 1 or not sheet.print_title_rows, sheet.title


@pytest.mark.parametrize(("rows", "pages"), [(20, 0), (47, 1), (60, 0), (90, 2)])
def test_few_rows_more_than_fit_are_printed_on_the_page_before(rows, pages):
    made = Book(read_theme(), "Pine")
    sheet = Sheet("Long", "", [], [Block("Long", [Column("Row", [*range(rows)], "count")])])
    assert add_sheet(made, sheet).page_setup.fitToHeight == pages


def test_a_schools_workbook_holds_its_own_watch_list_only(standing, tmp_path):
    seen = edition(standing, "school", "S2")
    book = workbooks.read(write_workbook(seen, tmp_path / "a.xlsx"))
    rows = workbooks.table(book, "WatchList")
    assert len(rows) == int(standing.watch["school_id"].eq("S2").sum()) > 0
    assert "School" not in rows[0]


def test_all_is_well_is_said_first_and_asks_for_nothing(tmp_path):
    seen = editions.school_edition()
    quiet = seen.incidents.assign(reported=0)
    rates = seen.rates.assign(not_assessed=0)
    well = replace(
        seen, findings=seen.findings.assign(open=False), incidents=quiet, rates=rates,
        incident_rows=seen.incident_rows.iloc[:0],
    )  # fmt: skip
    book = workbooks.read(write_workbook(well, tmp_path / "a.xlsx"))
    text = workbooks.lines(book["Summary"])
    assert text[3].startswith("All is well")
    (said,) = (cell for cell in book["Summary"]["A"] if cell.value == text[3])
    assert said.font.b
    assert "What to do first" not in text
    assert "To do: No finding is open, so nothing is to be done" in text
    assert {"To do", "Violations"} & set(book.sheetnames) == set()
