"""What a reader finds in a school's and in the office's workbook."""

import re
from datetime import datetime

import pandas as pd
import pytest

from nmsdreports.views.headlines import headline
from nmsdreports.views.repair import read_repairs
from nmsdreports.views.sheet_text import text_width
from nmsdreports.views.workbook import write_workbook
from tests.views import editions, workbooks

ORDER = [
    "Summary",
    "To do",
    "Approvals",
    "Parent notifications",
    "Violations",
    "Incidents by guideline",
    "Accounts",
    "Charts",
    "Trend",
    "Notes",
    "Guidelines",
]
OFFICE = [
    "Summary",
    "Schools",
    "Guidelines by school",
    "To do",
    "Oldest",
    "Watch list",
    "Approvals",
    "Parent notifications",
    "Violations",
    "Incidents by guideline",
    "Accounts",
    "Charts",
    "Trend",
    "Data quality",
    "Problems",
    "Notes",
    "Guidelines",
]


@pytest.fixture(scope="module")
def school():
    return editions.school_edition()


@pytest.fixture(scope="module")
def path(school, tmp_path_factory):
    return write_workbook(
        school, tmp_path_factory.mktemp("school") / "Pine Elementary 2026-10.xlsx"
    )


@pytest.fixture(scope="module")
def book(path):
    return workbooks.read(path)


@pytest.fixture(scope="module")
def office_book(tmp_path_factory):
    path = tmp_path_factory.mktemp("office") / "District 2026-10.xlsx"
    return workbooks.read(write_workbook(editions.office_edition(), path))


def test_sheets_come_in_the_order_in_which_a_principal_reads_them(book, office_book):
    assert book.sheetnames == ORDER
    assert office_book.sheetnames == OFFICE
    assert book.active.title == "Summary"


def test_the_first_sheet_tells_where_the_school_stands(book, school):
    text = workbooks.lines(book["Summary"])
    assert text[0] == "Pine Elementary: social media accounts in October 2026"
    assert text[1] == "Pine Elementary · October 2026 · as of October 31, 2026"
    assert text[2] == "Sample School District"
    assert " ".join(text[3:]).startswith(" ".join(headline(school)))
    assert "Questions: Wren Quillby, w.quillby@example.org, 360-555-0142" in text
    assert "The next report comes after November 30, 2026 and shows that day." in text


def test_to_do_first_names_the_person_and_the_day(book):
    text = workbooks.lines(book["Summary"])
    first = text[text.index("What to do first") + 1 :][:3]
    assert " ".join(first).startswith('1. Incident I002 on Facebook "@sample2": ')
    assert "Nell Inkpenny, overdue since September 12, 2026." in " ".join(first)


def test_every_sheet_is_linked_from_the_summary_and_leads_back(book, office_book):
    for each in (book, office_book):
        targets = set(workbooks.links(each["Summary"]).values())
        for name in each.sheetnames[1:]:
            assert f"'{name}'!A1" in targets
            assert workbooks.links(each[name])["Back to Summary"] == "'Summary'!A1"
        assert "mailto:w.quillby@example.org" in targets


def test_rates_stand_beside_their_counts_as_whole_percentages_rounded_down(book, school):
    rows = {row["Guideline"]: row for row in workbooks.table(book, "Rates")}
    rules = school.guidelines.set_index("guideline")
    rates = school.totals.rates
    assert len(rows) == len(rates) == 11
    for rate in rates.itertuples():
        row = rows[rules["title"][rate.guideline]]
        judged = rate.meets + rate.does_not_meet + rate.excepted
        assert (row["Judged"], row["Meets"]) == (judged, rate.meets)
        assert (row["Does not meet"], row["Excepted"]) == (rate.does_not_meet, rate.excepted)
        assert row["Not assessed"] == rate.not_assessed
        if judged:
            assert row["Rate"] * 100 == pytest.approx(100 * rate.meets // judged)
            assert row["Coverage"] * 100 == pytest.approx(
                100 * judged // (judged + rate.not_assessed)
            )
    assert rows["Answers to parents' concerns"]["Rate"] == "no concerns"
    assert rows["Notice after an emergency"]["Coverage"] == "no emergencies"


def test_moves_add_up_and_the_last_row_is_their_sum(book, school):
    *rows, total = workbooks.table(book, "Moves")
    assert total["Guideline"] == "All guidelines"
    for name, column in (
        ("open_before", "Open before"),
        ("opened", "Opened"),
        ("closed", "Closed"),
        ("open_now", "Open now"),
    ):
        assert sum(row[column] for row in rows) == total[column]
        assert total[column] == school.totals.moves[name].sum()


def test_to_do_lists_every_open_finding_most_urgent_first(book, school):
    rows = workbooks.table(book, "ToDo")
    open_now = school.findings[school.findings["open"]].set_index("finding_id")
    assert sorted(row["Finding ID"] for row in rows) == sorted(open_now.index)
    states = [row["State"] for row in rows]
    assert states == sorted(states, key=["! overdue", "○ not yet due", "◇ excepted"].index)
    for row in rows:
        finding = open_now.loc[row["Finding ID"]]
        assert row["What was found"] == finding["sentence"]
        assert row["Due by"] == finding["due_on"].to_pydatetime()
        assert row["Days open"] == finding["days_open"]
        assert row["Who"] == finding["responsible_name"]
        assert finding["clause"] in row["Guideline and clause"]


def test_approvals_give_days_as_days_and_what_is_missing_as_words(book):
    rows = {row["Account ID"]: row for row in workbooks.table(book, "Approvals")}
    assert rows["A007"]["Status"] == "✓ meets"
    assert rows["A007"]["Approved"] == datetime(2025, 9, 1)
    assert rows["A007"]["Approved by"] == "Nell Inkpenny"
    assert rows["A007"]["Days from launch"] == -2
    (shown,) = {cell.number_format for row in book["Approvals"] for cell in row if cell.value == -2}
    assert re.findall(r'"(.+?)"', shown) == [" after", " before", "on the day"]
    assert rows["A001"]["Approved"] == "not approved"
    assert rows["A001"]["Note"] == "self-approval on Mar 1, 2026 does not count"


def test_notifications_leave_out_who_invites_nobody_and_say_so(book, school):
    rows = workbooks.table(book, "ParentNotifications")
    asked = school.notifications[school.notifications["status"].ne("not applicable")]
    assert {row["Account ID"] for row in rows} == set(asked["account_id"])
    left = len(school.notifications) - len(asked)
    said = " ".join(workbooks.lines(book["Parent notifications"]))
    assert f"Not listed: {left} account" in said


def test_violations_keep_the_outcomes_apart_and_name_no_one(book):
    rows = {row["Incident"]: row for row in workbooks.table(book, "Violations")}
    assert {key: row["Outcome"] for key, row in rows.items()} == {
        "I001": "● substantiated",
        "I002": "○ only reported",
        "I003": "– unsubstantiated",
    }
    assert rows["I002"]["Closed"] == "open"
    assert rows["I002"]["Days open"] == 55
    assert rows["I003"]["Account"] == "no account named"
    assert rows["I001"]["Finding ID"] == "student-identity:incident:I001"


def test_an_emergency_stands_apart_from_the_incidents_that_the_heading_counts(tmp_path):
    seen = editions.edition(editions.with_emergency(editions.standing()), "school", "S1")
    book = workbooks.read(write_workbook(seen, tmp_path / "a.xlsx"))
    *incidents, last = workbooks.table(book, "Violations")
    assert last["Incident"] == "I041"
    assert last["Outcome"] == "emergency: judged under Notice after an emergency"
    assert (last["Closed"], last["Finding ID"]) == ("not recorded", "judged as an emergency")
    said = " ".join(workbooks.lines(book["Violations"]))
    assert "Listed: 3 incidents on record and 1 emergency not counted here." in said
    assert len(incidents) == 3
    assert "3 incidents were reported" in said
    assert sum(row["Outcome"] == "● substantiated" for row in incidents) == 1


def test_what_to_do_is_said_also_where_no_value_is_known(tmp_path):
    standing = editions.standing()
    standing.records.problems["suggestion"] = pd.Series([None], dtype="str")
    seen = editions.edition(standing, "office")
    book = workbooks.read(write_workbook(seen, tmp_path / "a.xlsx"))
    (problem,) = workbooks.table(book, "Problems")
    assert problem["What to do"] == read_repairs()["unreadable-day"].do


def test_incident_counts_equal_the_counts_of_the_edition(book, school):
    rows = workbooks.table(book, "IncidentCounts")
    total = {row["Period"]: row for row in rows if row["Guideline"] == "All guidelines"}
    counts = school.totals.incidents
    for period, suffix in (("October 2026", ""), ("12 months", "_12m")):
        for state in ("reported", "substantiated", "unsubstantiated", "open"):
            assert total[period][state.capitalize()] == counts[state + suffix].sum()


def test_accounts_show_a_word_and_a_mark_under_each_guideline(book, school):
    rows = {row["Account ID"]: row for row in workbooks.table(book, "Accounts")}
    titles = school.guidelines.set_index("guideline")["title"]
    for status in school.status.itertuples():
        shown = rows[status.account_id][titles[status.guideline]]
        assert shown == f"{school.theme.status[status.status].mark} {status.status}"


def test_an_account_with_several_activities_shows_its_worst(tmp_path):
    standing = editions.standing()
    more = standing.status[
        standing.status["guideline"].eq("parent-notice") & standing.status["account_id"].eq("A003")
    ]
    again = [
        more.assign(subject=f"A003/{name}", status=state)
        for name, state in (("trip", "does not meet"), ("club", "meets"))
    ]
    standing.status = pd.concat([standing.status, *again], ignore_index=True)
    edition = editions.edition(standing, "school", "S1")
    book = workbooks.read(write_workbook(edition, tmp_path / "a.xlsx"))
    rows = {row["Account ID"]: row for row in workbooks.table(book, "Accounts")}
    assert rows["A003"]["Parent notification"] == "✗ does not meet (1 of 3)"


def test_a_column_is_as_wide_as_its_longest_word(tmp_path):
    handle = "@sample.pine.elementary.grade5"
    seen = editions.school_edition(
        account_rows=[("A001", "S1", handle, None, "Ann Quill")], incident_rows=[]
    )
    book = workbooks.read(write_workbook(seen, tmp_path / "a.xlsx"))
    assert book["Accounts"].column_dimensions["A"].width > text_width(f'"{handle}"')


def test_the_trend_has_24_months_with_real_days(book):
    rows = workbooks.table(book, "Trend")
    assert len(rows) == 24
    assert rows[0]["End of"] == datetime(2024, 11, 30)
    assert rows[-1]["End of"] == datetime(2026, 10, 31)
    assert rows[0]["Approvals: rate"] == "none"
    assert rows[-1]["Approvals: rate"] == 0.25
    assert (rows[-1]["Approvals: meets"], rows[-1]["Approvals: judged"]) == (1, 4)


def test_notes_explain_every_status_and_guidelines_list_every_clause(book, school):
    words = [row["Word"] for row in workbooks.table(book, "Words")]
    for status, look in school.theme.status.items():
        assert f"{look.mark} {status}" in words
    rows = workbooks.table(book, "Guidelines")
    assert [row["Clause"] for row in rows] == school.guidelines["clause"].to_list()
    assert [row["In our words"] for row in rows] == school.guidelines["wording"].to_list()
    assert "never checked" in rows[-7]["How it is judged"] + rows[-6]["How it is judged"]
    assert re.search(r"from \d+ files?: .*accounts\.xlsx", " ".join(workbooks.lines(book["Notes"])))


def test_a_school_without_accounts_gets_a_short_workbook_that_says_so(tmp_path):
    path = write_workbook(editions.school_edition("S9"), tmp_path / "quiet.xlsx")
    book = workbooks.read(path)
    assert book.sheetnames == ["Summary", "Notes", "Guidelines"]
    text = " ".join(workbooks.lines(book["Summary"]))
    assert "Quiet School has no accounts on record" in text
    assert "Approvals: No accounts, so there is nothing to approve" in text
    assert not book["Summary"].tables


def test_the_office_sees_schools_side_by_side_and_the_quality_of_the_data(office_book):
    schools = {row["School"]: row for row in workbooks.table(office_book, "Schools")}
    assert list(schools) == ["Pine Elementary", "Cedar Creek", "Quiet School"]
    assert schools["Quiet School"]["Approval rate"] == "no accounts"
    assert schools["Pine Elementary"]["Accounts"] == 8
    assert {row["School"] for row in workbooks.table(office_book, "ToDo")} == {"Pine", "Cedar"}
    assert len(workbooks.table(office_book, "GuidelinesBySchool")) == 3 * 11
    (read,) = workbooks.table(office_book, "FilesRead")
    left_out = read["Quarantined"] + read["Blank or repeated"]
    assert read["Rows read"] == read["Accepted"] + left_out
    (problem,) = workbooks.table(office_book, "Problems")
    assert (problem["Cell"], problem["Value"]) == ("L3", "soon")
