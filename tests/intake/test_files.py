import pytest

from nmsdreports.intake import files, load
from nmsdreports.intake.problems import Refused
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


def test_a_folder_with_lock_files_alone_holds_no_spreadsheet(tmp_path):
    (tmp_path / "~$accounts.xlsx").write_text("x")
    with pytest.raises(InputError, match="holds no spreadsheet"):
        load(tmp_path)


def test_a_file_that_changes_while_it_is_read_is_refused(district, monkeypatch):
    path = district.folder / "accounts.csv"
    read = type(path).read_bytes

    def read_and_change(self):
        data = read(self)
        if self.name == "accounts.csv":
            self.write_bytes(data + b"A9,S1,X,@late,,\n")
        return data

    monkeypatch.setattr(type(path), "read_bytes", read_and_change)
    with pytest.raises(InputError, match=r"accounts.csv changed while it was being read"):
        district.load()


def test_a_file_that_disappears_is_refused(district):
    file = files.SourceFile(district.folder / "gone.csv")
    with pytest.raises(Refused) as caught:
        files.read_bytes(file)
    assert caught.value.code == "changed-while-reading"


def test_a_file_that_may_not_be_read_is_refused(district, monkeypatch):
    def forbid(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(district.folder), "read_bytes", forbid)
    with pytest.raises(InputError, match="may not be read; close it elsewhere or ask for access"):
        district.load()


def test_one_refused_file_stops_every_verdict_but_not_check(district):
    district.text("reviews.csv", 'account_id,reviewed_on\nA1,"10/1/2026\n')
    with pytest.raises(InputError) as caught:
        district.load()
    assert "reviews.csv" in str(caught.value)
    records = district.check()
    assert len(records.accounts) == 2
    assert records.problems["outcome"].tolist() == ["refuse"]


def test_of_several_refusals_the_first_is_told_and_the_others_counted(district):
    district.text("accounts.csv", "").text("reviews.csv", "")
    with pytest.raises(InputError, match=r"1 more: run `nmsdreports check`"):
        district.load()
    refused = district.check().problems.query("outcome == 'refuse'")
    assert refused["message"].tolist() == [
        "accounts.csv is empty; export it again.",
        "reviews.csv is empty; export it again.",
    ]
