"""Columns that nobody knows: never shown in clear, and suggested only for what they may mean."""

import openpyxl
import pytest

from nmsdreports.views.repair import REPAIR, ROWS, write_repair
from tests.intake.conftest import ACCOUNTS, INCIDENTS

HEAD, FIRST = ACCOUNTS[0], ACCOUNTS[1]


def written(records, tmp_path):
    """Every text of the list to work through, by sheet."""
    book = openpyxl.load_workbook(write_repair(records, tmp_path / "quarantine.xlsx"))
    return {
        sheet.title: [str(cell.value) for row in sheet for cell in row if cell.value is not None]
        for sheet in book
    }


def test_what_stands_in_an_unknown_column_is_shown_nowhere(district, tmp_path):
    head = [*HEAD, "Student name", "Room", ""]
    row = [*FIRST[:5], "13/9/2026", "Zoe Pupil", "Room of Zoe", "Zoe said so"]
    records = district.csv("accounts.csv", [head, row]).check()
    texts = written(records, tmp_path)
    assert "13/9/2026" in texts[ROWS]
    assert {"Student name", "Room"} <= set(texts[ROWS])
    assert not [text for sheet in texts.values() for text in sheet if "Zoe" in text]
    assert not records.problems.to_csv().count("Zoe")


@pytest.mark.parametrize(
    "heading", ["Student name", "Parent phone", "Students' names", "ParentEmail", "Guardian", "SSN"]
)
def test_a_column_of_students_or_parents_is_to_be_deleted(district, only, heading):
    problem = only(
        district.csv("accounts.csv", [[*HEAD, heading], [*FIRST, "x"]]).check(), "person-column"
    )
    assert (problem["level"], problem["cell"]) == ("warning", "G1")
    assert problem["message"] == (
        f"'{heading}' seems to tell of students or parents, who are named in no table; it is not "
        "used. Delete that column."
    )


@pytest.mark.parametrize("heading", ["Student council", "Parents' evening on", "Child page"])
def test_other_words_about_students_are_only_noted(district, only, heading):
    records = district.csv("accounts.csv", [[*HEAD, heading], [*FIRST, "x"]]).check()
    assert only(records, "extra-column")["level"] == "note"


def test_a_question_about_the_account_is_understood_in_the_incident_log(district):
    rows = [
        ["Which account is concerned?" if name == "account_id" else name for name in row]
        for row in INCIDENTS
    ]
    records = district.csv("incidents.csv", rows).load_whole()
    assert records.incidents["account_id"].tolist() == ["A1"]


def test_incidents_without_their_account_are_warned_of_with_a_line_to_paste(district):
    rows = [
        ["Account it was about" if name == "account_id" else name for name in row]
        for row in INCIDENTS
    ]
    problems = district.csv("incidents.csv", rows).load_whole().problems
    found = problems[problems["code"].eq("lacking-column") & problems["file"].eq("incidents.csv")]
    told = found.loc[found["message"].str.contains("no incident is tied to an account")]
    assert told["suggestion"].tolist() == ['"Account it was about" = "account_id"']


def test_a_day_of_going_live_is_a_launch_and_no_label(district):
    head = ["Go-live date" if name == "launched_on" else name for name in HEAD]
    records = district.csv("accounts.csv", [head, FIRST]).load_whole()
    assert records.accounts["launched_on"].dt.strftime("%Y-%m-%d").tolist() == ["2026-09-01"]
    assert not records.problems["suggestion"].str.contains("Go-live").any()


@pytest.mark.parametrize("heading", ["Big date", "Date of the big fair"])
def test_a_heading_that_only_shares_common_words_is_not_suggested(district, heading):
    records = district.csv("accounts.csv", [[*HEAD, heading], [*FIRST, "9/1/2026"]]).load_whole()
    assert records.problems["suggestion"].dropna().empty


def test_the_list_says_what_is_not_used_and_what_is_skipped(district, tmp_path):
    rows = [[*HEAD, "Room"], [*FIRST, "12"], [*FIRST, "12"], ["Total", "", "", "", "2", "", ""]]
    records = district.csv("accounts.csv", rows).text("minutes.csv", "We,met\nand,went\n").check()
    book = openpyxl.load_workbook(write_repair(records, tmp_path / "quarantine.xlsx"))
    lines = [[cell.value for cell in row] for row in book[REPAIR]]
    at = next(line for line in lines if "Until then" in line)
    wrong, until = at.index("What is wrong"), at.index("Until then")
    told = {line[wrong]: line[until] for line in lines if line[until]}
    assert told["This heading is not known; its column is kept, but not used."] == "not used"
    assert told["A line of totals: it is no data and is skipped."] == "skipped"
    assert told["minutes.csv fits no table; it is not used."] == "not used"
    assert told["The same row stands in A2 already; it counts once."] == "counted once"
