"""What an office is told to paste, and what it is told of tables that nobody recognises."""

import pytest

from nmsdreports.views.checklist import check_lines
from tests.intake.conftest import ACCOUNTS

HEAD, FIRST = ACCOUNTS[0], ACCOUNTS[1]


def test_a_hidden_sheet_comes_with_the_line_that_uses_it(district, only):
    sheets = {"Accounts": ACCOUNTS, "old accounts": [HEAD, ["A9", *FIRST[1:]]]}
    district.without("accounts.csv").xlsx("Register.xlsx", sheets)
    district.hide_sheet("Register.xlsx", "old accounts")
    records = district.check()
    line = only(records, "hidden-sheet")["suggestion"]
    assert line == 'accounts = "Register.xlsx!old accounts"'
    assert f"             {line}" in check_lines(records)
    district.text("district.toml", f"[files]\n{line}\n")
    assert "A9" in district.load().accounts["account_id"].tolist()


def test_a_sheet_that_fits_two_tables_comes_with_both_lines(district):
    records = district.csv("log.csv", [["Account ID", "Note"], ["A1", ""]]).load_unrefused()
    lines = check_lines(records)
    assert any(line.strip().startswith("accounts = ") for line in lines), lines
    pasted = [line.strip() for line in lines if line.strip().endswith(' = "log.csv"')]
    assert len(pasted) > 1
    district.text("district.toml", f"[files]\n{pasted[-1]}\n")
    problems = district.load_unrefused().problems
    assert "ambiguous-sheet" not in problems["code"].tolist()


def test_a_line_to_paste_is_never_broken(district):
    long = "Page launched on the day"
    head = [long if name == "launched_on" else name for name in HEAD]
    records = district.csv("accounts.csv", [head, FIRST]).load_whole(refuse=False)
    lines = [line.strip() for line in check_lines(records)]
    line = f'"{long}" = "launched_on"'
    assert line in lines
    district.text("district.toml", f"[mapping]\n{line}\n")
    assert district.load().accounts["launched_on"].notna().all()


def test_a_line_of_the_settings_that_means_no_heading_is_told(district, only):
    district.text("district.toml", '[mapping]\n"Day one" = "launched_on"\n')
    assert only(district.check(), "unused-mapping")["message"] == (
        "The line of 'day one' under [mapping] in district.toml does nothing: no heading reads so. "
        "Write it there word for word as the heading, or take the line out."
    )
    head = ["Day one" if name == "launched_on" else name for name in HEAD]
    records = district.csv("accounts.csv", [head, FIRST]).check()
    assert "unused-mapping" not in records.problems["code"].tolist()


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("Parent notices.csv", "Acct,Sent date\nA1,9/1/2026\n", "Notice log"),
        ("notices.txt", "Account|Sent\nA1|9/1/2026\n", "Notice log"),
        ("list.csv", "Acount,Reviewed one,Revewed by\nA1,9/1/2026,Pat\n", "Reviews"),
    ],
)
def test_a_table_that_is_not_recognised_is_warned_of(district, only, name, text, title):
    problem = only(district.text(name, text).check(), "likely-table")
    assert problem["level"] == "warning"
    assert problem["message"].startswith(f"{name} seems to be meant as {title}")
    assert "'Account ID'" in problem["message"]


def test_a_sheet_of_words_in_a_workbook_named_like_a_table_is_only_noted(district, only):
    sheets = {"Accounts": ACCOUNTS, "Notes": [["Ask Pat"], ["and Wanda"]]}
    district.without("accounts.csv").xlsx("accounts.xlsx", sheets)
    assert only(district.check(), "sheet-not-used")["level"] == "note"


def test_a_column_that_shows_its_days_first_has_the_unsure_ones_warned_of(district):
    problems = (
        district.accounts("launched_on", "15/9/2026", "5/9/2026", "9/9/2026").check().problems
    )
    found = problems[problems["code"] == "day-or-month"]
    assert found[["level", "cell", "suggestion"]].to_numpy().tolist() == [
        ["warning", "F3", "9/5/2026"]
    ]
    assert found["message"].tolist() == [
        "'launched_on' was read as May 9, 2026, month first; but another cell of this column has "
        "its day first."
    ]


@pytest.mark.parametrize(
    "days",
    [["5/9/2026", "6/9/2026"], ["15/9/2026", "9/15/2026", "5/9/2026"], ["99/9/2026", "5/9/2026"]],
)
def test_other_columns_are_read_month_first_without_a_word(district, days):
    records = district.accounts("launched_on", *days).check()
    assert "day-or-month" not in records.problems["code"].tolist()
    assert records.accounts["launched_on"].iloc[-1].month in (5, 6)


@pytest.mark.parametrize(
    "owner", ["Tom Smith & Jo Lee", "Tom Smith/Jo Lee", "Tom Smith and Jo Lee"]
)
def test_two_owners_in_one_name_are_noted_and_never_taken_apart(district, only, owner):
    records = district.accounts(
        "owner", owner, "Tom Smith|Jo Lee", "Sandy Anders", "Smith, Tom"
    ).check()
    problem = only(records, "two-names")
    assert (problem["level"], problem["value"]) == ("note", owner)
    assert problem["message"] == (
        "'owner' seems to hold two names, and is read as one; separate them with |."
    )
    assert records.accounts["owner"].iloc[0] == owner
