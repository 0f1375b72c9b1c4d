import pytest

from nmsdreports.settings import InputError


def test_lock_files_are_skipped_with_a_note(district, only):
    district.text("~$accounts.xlsx", "x").text(".~lock.accounts.csv#", "x")
    records = district.check()
    assert records.problems["code"].tolist() == ["lock-file", "lock-file"]
    assert records.problems["level"].eq("note").all()
    assert "only shows that the spreadsheet is open somewhere" in records.problems["message"][0]


def test_a_folder_of_reports_is_not_read_and_another_is_named(district, only):
    for name in ("reports", "last year"):
        (district.folder / name).mkdir()
        (district.folder / name / "accounts.csv").write_text("x")
    problem = only(district.check(), "folder-not-read")
    assert problem["message"] == "The folder last year holds spreadsheets; folders are not read."


def test_one_refused_file_stops_every_verdict_but_not_check(district):
    district.text("reviews.csv", 'account_id,reviewed_on\nA1,"10/1/2026\n')
    with pytest.raises(InputError) as caught:
        district.load()
    assert "reviews.csv" in str(caught.value)
    records = district.check()
    assert len(records.accounts) == 2
    assert records.problems["outcome"].tolist() == ["refuse"]


def test_of_several_refusals_the_first_three_are_told_and_the_others_counted(district):
    names = ["accounts.csv", "concerns.csv", "notices.csv", "reviews.csv", "staff.csv"]
    for name in names:
        district.text(name, "")
    messages = [f"{name} is empty; export it again." for name in names]
    with pytest.raises(InputError) as error:
        district.load()
    more = f"(2 more: run `nmsdreports check {district.folder}`.)"
    assert str(error.value) == " ".join([*messages[:3], more])
    refused = district.check().problems.query("outcome == 'refuse'")
    assert refused["message"].tolist() == messages


def test_prose_in_a_text_file_is_left_alone(district, only):
    district.text("README.txt", "These are the \"district's files.\n")
    problem = only(district.check(), "sheet-not-used")
    assert (problem["level"], problem["message"]) == (
        "note",
        "README.txt fits no table; it is not used.",
    )
