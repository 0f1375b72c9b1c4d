import io
import json

import openpyxl
import pandas as pd
import pytest

from nmsdreports.settings import InputError
from nmsdreports.views.exports import COLUMNS, FORMATS, table_frame, write_table
from tests.views import editions


def written(frame: pd.DataFrame, format: str) -> bytes:
    stream = io.BytesIO()
    write_table(frame, format, stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", COLUMNS)
def test_every_table_has_its_columns_in_order(name):
    frame = table_frame(editions.standing(), name)
    assert list(frame) == COLUMNS[name].split()
    assert not frame.empty


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_gives_equal_bytes(name, format):
    one, other = (written(table_frame(editions.standing(), name), format) for _ in range(2))
    assert one == other


def test_csv_has_iso_days_empty_fields_and_lower_case_flags():
    frame = table_frame(editions.standing(), "findings", "S1")
    lines = written(frame, "csv").decode("utf-8").splitlines()
    assert "2026-10-29" in lines[1]
    assert ",true," in lines[1] or ",false," in lines[1]
    assert "NaT" not in "".join(lines) and "nan" not in "".join(lines)


def test_rows_are_sorted_as_text_by_the_columns_in_order():
    text = written(table_frame(editions.standing(), "moves"), "csv").decode("utf-8")
    rows = [tuple(line.split(",")) for line in text.splitlines()[1:]]
    assert rows == sorted(rows)


def test_fractions_have_four_digits_half_up_and_nothing_is_empty():
    standing = editions.standing()
    standing.rates.loc[0, ["rate", "coverage"]] = [0.00005, 2 / 3]
    guideline, school = standing.rates.loc[0, ["guideline", "school_id"]]
    frame = table_frame(standing, "rates")
    row = frame[frame["guideline"].eq(guideline) & frame["school_id"].eq(school)].iloc[0]
    assert (row["rate"], row["coverage"]) == (0.0001, 0.6667)
    line = next(
        line
        for line in written(frame, "csv").decode().splitlines()
        if line.startswith("supervisor-approval,S9")
    )
    assert line.endswith(",0,0,0,0,0,0,0,,,")


def test_one_school_is_one_school():
    assert set(table_frame(editions.standing(), "status", "S2")["school_id"]) == {"S2"}
    with pytest.raises(InputError, match="about files"):
        table_frame(editions.standing(), "counts", "S1")


def test_problems_come_from_records_alone_and_hide_restricted_values():
    records = editions.standing().records
    records.problems = records.problems.assign(column="description", value="a pupil was named")
    assert table_frame(records, "problems")["value"].to_list() == ["…"]


def test_a_misspelt_name_gets_the_nearest():
    with pytest.raises(InputError, match="did you mean findings"):
        table_frame(editions.standing(), "finding")


def test_a_workbook_keeps_texts_days_and_numbers_apart():
    standing = editions.standing()
    standing.status.loc[:, "reason"] = "=HYPERLINK(1)\x07"
    content = written(table_frame(standing, "status"), "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    header = [cell.value for cell in sheet[1]]
    reason, since = (sheet.cell(2, header.index(name) + 1) for name in ("reason", "since"))
    assert (reason.value, reason.data_type) == ("=HYPERLINK(1)", "s")
    assert since.is_date and since.number_format == "yyyy-mm-dd"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@SUM(1+1)", "'@SUM(1+1)"),
        ("+cmd|'/C calc'!A0", "'+cmd|'/C calc'!A0"),
        ("- emailed 9/3", "'- emailed 9/3"),
        ("\t=1+1", "'\t=1+1"),
        ("-5", "-5"),
        ("+1.5%", "+1.5%"),
        ("-", "-"),
        ("a=b", "a=b"),
        ("'tis", "'tis"),
    ],
)
def test_csv_guards_only_what_a_spreadsheet_would_run(text, shown):
    records = editions.standing().records
    records.problems = records.problems.head(1).assign(column="title", value=text)
    content = written(table_frame(records, "problems"), "csv")
    again = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    assert again["value"].to_list() == [shown]


def test_json_and_parquet_keep_types():
    frame = table_frame(editions.standing(), "findings")
    rows = json.loads(written(frame, "json"))
    assert rows[0]["opened_on"] == "2026-10-29"
    assert rows[0]["open"] is True and isinstance(rows[0]["days_open"], int)
    assert rows[0]["closed_on"] is None
    again = pd.read_parquet(io.BytesIO(written(frame, "parquet")))
    assert again["opened_on"].dtype == frame["opened_on"].dtype


def test_a_table_can_be_written_to_a_file(tmp_path):
    write_table(table_frame(editions.standing(), "rates"), "csv", tmp_path / "rates.csv")
    assert (tmp_path / "rates.csv").read_text().startswith("guideline,school_id,applicable")
