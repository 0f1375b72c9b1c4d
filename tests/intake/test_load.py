import hashlib
from pathlib import Path

import pandas as pd
import pytest

from nmsdreports.intake import load
from nmsdreports.intake.tables import read_tables
from nmsdreports.settings import InputError

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def test_every_row_of_the_sample_is_accepted_quarantined_or_blank():
    records = load(SAMPLE)
    counts = records.counts
    assert list(counts["file"])[:3] == ["schools.csv", "accounts.xlsx", "incidents.csv"]
    whole = counts["accepted"] + counts["quarantined"] + counts["blank"]
    assert counts["rows_read"].eq(whole).all()
    assert len(records.accounts) == counts.loc[1, "accepted"]


def test_tables_have_all_declared_columns_in_their_types(district):
    records = district.load()
    for name, table in read_tables().items():
        frame = records.table(name)
        expected = [*table.columns, "file", "sheet", "row"]
        assert list(frame.columns)[: len(expected)] == expected
        assert isinstance(frame.index, pd.RangeIndex)
        for column in table.columns.values():
            kind = "datetime64[us]" if column.type == "day" else "str"
            assert str(frame[column.name].dtype) == kind, (name, column.name)


def test_values_and_their_cells(district):
    records = district.load()
    account = records.accounts.loc[0]
    assert account["launched_on"] == pd.Timestamp("2026-09-01")
    assert (account["platform"], account["key"]) == ("Facebook", "facebook:samplepine")
    assert pd.isna(account["closed_on"])
    assert pd.isna(account["title"])
    assert records.cell("accounts", 0, "launched_on") == "accounts.csv!F2"
    assert records.incidents["substantiation"].tolist() == ["alleged"]
    assert records.incidents["account_registered"].tolist() == [True]


def test_a_cell_of_a_workbook_names_its_sheet():
    records = load(SAMPLE)
    address = records.cell("accounts", 0, "launched_on")
    assert address == f"accounts.xlsx · Accounts!X{records.accounts.loc[0, 'row']}"


def test_all_ten_tables_are_read(district):
    logs = {
        "approvals": [["account_id", "decision", "decided_on"], ["A1", "approved", "8/1/2026"]],
        "notices": [
            ["account_id", "groups_invited", "groups_notified", "sent_on"],
            ["A1", "grade 4 | grade 5", "grade 4", "8/2/2026"],
        ],
        "concerns": [["concern_id", "account_id", "received_on"], ["C1", "A1", "10/1/2026"]],
        "admins": [
            ["account_id", "person", "role", "granted_on"],
            ["A1", "Nell", "supervisor", "9/1/2026"],
        ],
        "reviews": [["account_id", "reviewed_on"], ["A1", "10/2/2026"]],
        "staff": [["email", "name", "from"], ["n@example.org", "Nell", "8/25/2019"]],
        "exceptions": [
            ["guideline", "account_id", "starts_on", "expires_on"],
            ["audience-privacy", "A1", "9/1/2026", "12/31/2026"],
        ],
    }
    for name, rows in logs.items():
        district.csv(f"{name}.csv", rows)
    records = district.load()
    assert {name: len(records.table(name)) for name in logs} == dict.fromkeys(logs, 1)
    assert records.notices.loc[0, "groups_invited"] == "grade 4|grade 5"
    assert records.staff.loc[0, "from"] == pd.Timestamp("2019-08-25")
    assert records.problems.empty


def test_inputs_are_every_file_with_its_hash(district):
    district.text("district.toml", 'name = "Sample"\n')
    records = district.load()
    assert set(records.inputs["file"]) == {
        "district.toml",
        "schools.csv",
        "accounts.csv",
        "incidents.csv",
    }
    data = (district.folder / "accounts.csv").read_bytes()
    row = records.inputs[records.inputs["file"] == "accounts.csv"].iloc[0]
    assert (row["sha256"], row["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))


def test_an_unreadable_value_is_unknown_and_its_row_stays(district):
    records = district.accounts("approved_on", "2/30/2026", "9/1/2026").check()
    assert len(records.accounts) == 2
    assert pd.isna(records.accounts.loc[0, "approved_on"])
    unknown = records.unknowns.iloc[0]
    assert (unknown["table"], unknown["index"], unknown["account_id"]) == ("accounts", 0, "A0")
    assert (unknown["column"], unknown["row"]) == ("approved_on", 2)


def test_an_unreadable_required_value_costs_the_row_and_is_listed(district):
    district.csv(
        "reviews.csv", [["account_id", "reviewed_on"], ["A1", "soon"], ["A1", "10/1/2026"]]
    )
    records = district.check()
    assert records.reviews["row"].tolist() == [3]
    unknown = records.unknowns.iloc[0]
    assert pd.isna(unknown["index"])
    assert (unknown["account_id"], unknown["column"]) == ("A1", "reviewed_on")
    assert records.problems.loc[0, "outcome"] == "quarantine"


def test_incidents_of_unknown_schools_are_counted(district):
    rows = [
        ["incident_id", "school_id", "guideline", "occurred_on"],
        ["I1", "Nowhere High", "student-identity", "10/5/2026"],
        ["I2", "", "student-identity", "10/5/2026"],
        ["I3", "S1", "student-identity", "10/5/2026"],
    ]
    assert district.csv("incidents.csv", rows).check().unknown_school_incidents == 2


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (lambda d: d.without("accounts.csv"), "There is no file for Registry of accounts"),
        (
            lambda d: d.csv("incidents.csv", [["incident_id", "school_id", "occurred_on"]]),
            "incidents.csv: read as Incident log, but there is no column for 'Guideline'",
        ),
        (
            lambda d: d.csv("reviews.csv", [["account_id", "reviewd"], ["A1", "9/1/2026"]]),
            "there is no column for 'Reviewed on'; the headings are 'account_id', 'reviewd'. "
            "Perhaps 'reviewd' is meant; then name it 'Reviewed on'",
        ),
    ],
)
def test_what_cannot_be_judged_is_refused_in_one_sentence(district, break_it, sentence):
    break_it(district)
    with pytest.raises(InputError) as caught:
        district.load()
    assert sentence in str(caught.value)
    assert not caught.value.problems.empty


def test_no_folder_a_file_and_no_spreadsheet(tmp_path):
    with pytest.raises(InputError, match="There is no folder"):
        load(tmp_path / "gone")
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(InputError, match="is a file; name the folder in which it lies"):
        load(tmp_path / "notes.md")
    with pytest.raises(InputError, match="holds no spreadsheet"):
        load(tmp_path)


def test_a_row_with_a_problem_is_kept_as_it_came_but_for_restricted_and_unknown_cells(district):
    head = ["account_id", "school_id", "platform", "handle", "launched_on", "Room", "Notes"]
    row = ["A1", "Nowhere", "Facebook", "@s", "2/30/2026", "12", "a secret remark"]
    records = district.csv("accounts.csv", [head, row]).check()
    cells = records.originals.query("file == 'accounts.csv'")
    assert cells["value"].tolist() == [*row[:5], "…", "…"]
    assert cells["letter"].tolist() == list("ABCDEFG")
    assert cells["header"].tolist() == head
    assert cells["row"].eq(2).all()
