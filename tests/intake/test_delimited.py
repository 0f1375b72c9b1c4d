import pytest

from nmsdreports.intake.kinds import KINDS
from nmsdreports.settings import InputError

HEAD = "account_id,school_id,platform,handle,title\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_byte_order_marks_and_unicode_text_are_read(district, encoding):
    text = HEAD.replace(",", "\t") + "A1\tS1\tFacebook\t@s\tÉcole\n"
    data = b"\xff\xfe" + text.encode("utf-16-le") if "bom" in encoding else text.encode(encoding)
    (district.folder / "accounts.csv").write_bytes(data)
    records = district.check()
    assert records.accounts["title"].tolist() == ["École"]
    assert records.problems["level"].eq("warning").all()  # only that the incident's A1 … is there
    assert records.problems.empty


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_found_in_the_heading(district, delimiter):
    rows = [["account_id", "school_id", "platform", "handle"], ["A1", "S1", "Facebook", "@s"]]
    records = district.csv("accounts.csv", rows, delimiter=delimiter).check()
    assert records.accounts["handle"].tolist() == ["@s"]
    assert records.problems.empty


def test_a_line_that_names_the_delimiter_is_no_row(district):
    text = "sep=;\r\n" + HEAD.replace(",", ";") + "A1;S1;Facebook;@s;t\r\n"
    records = district.text("accounts.csv", text).check()
    assert records.accounts["row"].tolist() == [2], "as the spreadsheet program counts"
    assert records.problems.empty


def test_windows_1252_is_read_and_a_sample_shown(district, only):
    district.text("accounts.csv", HEAD + "A1,S1,Facebook,@s,Café Peña\n", "cp1252")
    records = district.check()
    assert records.accounts["title"].tolist() == ["Café Peña"]
    problem = only(records, "windows-1252")
    assert problem["level"] == "note"
    assert problem["message"] == "accounts.csv was read as Windows-1252; is 'Café' spelt right?"


def test_bytes_that_are_no_text_are_refused(district):
    (district.folder / "accounts.csv").write_bytes(b"a,b\x00\xff\xfe\x81\n")
    with pytest.raises(InputError, match=r"accounts.csv is no readable text; save it again as CSV"):
        district.load()


def test_a_line_break_inside_quotation_marks_counts_as_one_row(district):
    text = HEAD + 'A1,S1,Facebook,@s,"two\nlines"\nA2,S9,Facebook,@t,\n'
    records = district.text("accounts.csv", text).check()
    assert records.accounts["title"].tolist() == ["two\nlines"]
    assert records.problems["cell"].tolist() == ["B3"], "row 3 as the spreadsheet program shows it"


def test_a_quotation_mark_that_is_never_closed_names_its_line(district):
    text = HEAD + 'A1,S1,Facebook,@s,t\nA2,S1,Facebook,@t,"open\nA3,S1,Facebook,@u,t\n'
    district.text("accounts.csv", text)
    with pytest.raises(InputError, match="a quotation mark opened in line 3 is never closed"):
        district.load()


def test_text_behind_a_closing_quotation_mark_names_its_line(district):
    district.text("accounts.csv", HEAD + 'A1,S1,Facebook,@s,"so" called\n')
    with pytest.raises(InputError, match="text follows a closing quotation mark in line 2"):
        district.load()


def test_rows_swallowed_by_a_quotation_mark_closed_too_late_are_refused(district):
    text = HEAD + 'A1,S1,Facebook,@s,"open\nA2,S1,Facebook,@t,t\nA3,S1,Facebook,@u,t"\n'
    district.text("accounts.csv", text)
    with pytest.raises(InputError, match="a text in row 2 holds whole rows"):
        district.load()


def test_a_row_with_more_cells_than_headings_is_set_aside(district, only):
    text = HEAD + "A1,S1,Facebook,@s,Room 1, upstairs\nA2,S1,Facebook,@t,t\n"
    records = district.text("accounts.csv", text).check()
    assert records.accounts["account_id"].tolist() == ["A2"]
    problem = only(records, "extra-cells")
    assert (problem["cell"], problem["value"]) == ("F2", "…")
    assert problem["outcome"] == "quarantine"
    assert "a comma inside a text needs quotation marks" in problem["message"]


def test_trailing_delimiters_short_and_blank_rows_are_accepted_and_counted(district):
    text = HEAD + "A1,S1,Facebook,@s,t,,,\n\nA2,S1,Facebook,@t\n,,,,\n   \n"
    records = district.text("accounts.csv", text).check()
    count = records.counts.set_index("file").loc["accounts.csv"]
    assert (count["rows_read"], count["accepted"], count["blank"]) == (5, 2, 3)
    assert records.accounts["row"].tolist() == [2, 4]
    assert records.problems.empty


def test_prose_in_a_text_file_is_left_alone(district, only):
    district.text("README.txt", "These are the \"district's files.\n")
    assert only(district.check(), "sheet-not-used")["level"] == "note"
    assert KINDS["sheet-not-used"].outcome == "note"
