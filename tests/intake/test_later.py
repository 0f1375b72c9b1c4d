"""Days after the day of reading: cell by cell on the day itself, together in a past month."""

from datetime import date
from pathlib import Path

import pandas as pd

from nmsdreports.intake import load

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
JUNE, OCTOBER, TODAY = date(2026, 6, 30), date(2026, 10, 31), date(2026, 11, 24)
LATER = ("future-day", "later-days")
APPROVALS = [
    ["account_id", "decision", "decided_on"],
    ["A1", "approved", "6/1/2026"],
    ["A1", "revoked", "11/2/2026"],
    ["A2", "approved", "11/3/2026"],
]


def later(records):
    return records.problems[records.problems["code"].isin(LATER)]


def test_in_a_past_month_a_column_is_told_once_with_its_count_and_first_cell(district, only):
    records = district.csv("approvals.csv", APPROVALS).load(read_on=OCTOBER)
    problem = only(records, "later-days")
    assert problem["message"] == (
        "2 days in 'decided_on' of approvals.csv lie after October 31, 2026, the first in C3; "
        "they do not count on that day yet."
    )
    assert (problem["level"], problem["cell"]) == ("warning", "C3")
    assert records.approvals["decided_on"].max() == pd.Timestamp("2026-11-03")


def test_a_single_later_day_is_told_as_one(district, only):
    records = district.csv("approvals.csv", APPROVALS[:3]).load(read_on=OCTOBER)
    assert only(records, "later-days")["message"] == (
        "1 day in 'decided_on' of approvals.csv lies after October 31, 2026; "
        "it does not count on that day yet."
    )


def test_a_workbook_with_a_sheet_a_month_is_told_once_for_all_its_sheets(district, only):
    sheets = dict.fromkeys(("May", "June"), APPROVALS)
    records = district.xlsx("approvals.xlsx", sheets).load(read_on=OCTOBER)
    problem = only(records, "later-days")
    assert problem["message"].startswith("4 days in 'decided_on' of approvals.xlsx lie")
    assert (problem["sheet"], problem["cell"]) == ("May", "C3")


def test_on_the_day_itself_every_cell_is_listed(district):
    records = district.csv("approvals.csv", APPROVALS).load(read_on=OCTOBER, today=OCTOBER)
    found = later(records)
    assert found["code"].eq("future-day").all()
    assert found["cell"].tolist() == ["C3", "C4"]


def test_together_and_cell_by_cell_are_the_same_days():
    each = later(load(SAMPLE, read_on=JUNE, today=JUNE))
    told = later(load(SAMPLE, read_on=JUNE, today=TODAY))
    assert len(each) > 100 > 30 > len(told)
    counted = (
        told["message"].str.extract(r"^([\d,]+) days? in ")[0].str.replace(",", "").astype(int)
    )
    wanted = each.groupby(["file", "column"], sort=True).agg(
        days=("cell", "size"), cell=("cell", "first")
    )
    found = told.assign(days=counted).set_index(["file", "column"])[["days", "cell"]].sort_index()
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False)
