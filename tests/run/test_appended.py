"""Rows at the end of an office's own log: whatever format it has, the rest of it stays."""

import zipfile
from datetime import date, datetime

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from nmsdreports import load
from nmsdreports.run.appended import with_more_rows
from nmsdreports.run.logs import find_log
from tests.run import answered

TODAY = date(2026, 11, 20)
ROW = {"account_id": "A1", "reviewed_on": pd.Timestamp("2026-11-04"), "reviewed_by": 'Ada "A" K'}
HEAD = ["Account ID", "Reviewed on", "Reviewed by"]


@pytest.fixture
def source(tmp_path):
    folder = answered.write_source(tmp_path / "source")
    (folder / "reviews.csv").unlink()
    return folder


def add(source, *rows):
    """The log of reviews with more rows, written and read again; what is new, and the records."""
    records = load(source, read_on=TODAY)
    log = find_log(records, "reviews", [*rows], TODAY)
    before = log.path.read_bytes() if log.grid is not None else b""
    after = with_more_rows(log, before, rows)
    log.path.write_bytes(after)
    again = load(source, read_on=TODAY)
    assert len(again.reviews) == len(records.reviews) + len(rows)
    assert not again.problems["level"].eq("error").any()
    last = again.reviews[again.reviews["account_id"].eq("A1")].iloc[-1]
    assert {name: last[name] for name in ROW} == ROW
    return log, before, after


OLD = "A2,2026-10-20,Otis Paperly"
NEW = 'A1,2026-11-04,"Ada ""A"" K"'


@pytest.mark.parametrize(
    ("before", "after", "encoding"),
    [
        (f"{OLD}\n", f"{OLD}\n{NEW}\n", "utf-8"),
        (OLD, f"{OLD}\n{NEW}\n", "utf-8"),
        (f"{OLD}\r\n", f"{OLD}\r\n{NEW}\r\n", "utf-8-sig"),
        (f"{OLD}\r\n", f"{OLD}\r\n{NEW}\r\n", "utf-16"),
        ("A2,10/20/26,Zoë\n", 'A2,10/20/26,Zoë\nA1,11/4/2026,"Ada ""A"" K"\n', "cp1252"),
        ("A2,09/20/2026,Z\n", 'A2,09/20/2026,Z\nA1,11/04/2026,"Ada ""A"" K"\n', "utf-8"),
        ("A2,10-20-2026,Z\n", 'A2,10-20-2026,Z\nA1,11-04-2026,"Ada ""A"" K"\n', "utf-8"),
        ('A2,2026-10-20,"O\nP"\n', f'A2,2026-10-20,"O\nP"\n{NEW}\n', "utf-8"),
        (f"{OLD}\n\nNote: kept by hand\n", f"{OLD}\n{NEW}\n\nNote: kept by hand\n", "utf-8"),
        ("", 'A1,11/4/2026,"Ada ""A"" K"\n', "utf-8"),
    ],
)
def test_a_csv_file_keeps_encoding_line_ends_days_and_what_stands_below(
    source, before, after, encoding
):
    newline = "\r\n" if "\r\n" in before else "\n"
    head = ",".join(HEAD) + newline
    (source / "reviews.csv").write_bytes((head + before).encode(encoding))
    *_, made = add(source, ROW)
    assert made == (head + after).encode(encoding)


def test_a_file_that_names_its_delimiter_keeps_it(source):
    (source / "reviews.csv").write_bytes(b"sep=;\nAccount ID;Reviewed on\nA2;10/20/2026\n")
    row = {name: ROW[name] for name in ("account_id", "reviewed_on")}
    records = load(source, read_on=TODAY)
    log = find_log(records, "reviews", [row], TODAY)
    made = with_more_rows(log, log.path.read_bytes(), [row])
    assert made == b"sep=;\nAccount ID;Reviewed on\nA2;10/20/2026\nA1;11/4/2026\n"


def write_book(path, *rows):
    book = Workbook()
    book.active.title = "Reviews"
    for row in (HEAD, *rows):
        book.active.append(row)
    book.save(path)
    return book


def test_a_workbook_gets_real_days_or_days_as_texts_as_it_has_them(source):
    for day, shown in (
        (datetime(2026, 10, 20), datetime(2026, 11, 4)),
        ("10/20/2026", "11/4/2026"),
    ):
        write_book(source / "reviews.xlsx", ["A2", day, "Otis Paperly"])
        log, *_ = add(source, ROW)
        sheet = load_workbook(log.path)["Reviews"]
        assert [cell.value for cell in sheet[3]] == ["A1", shown, ROW["reviewed_by"]]


LOST = ("pictures, shapes or notes", "the results of formulas", "a sensitivity label")
UNFIT = ("something stands below the table", "no column for Reviewed by")


@pytest.mark.parametrize("why", [*LOST, *UNFIT])
def test_what_would_lose_something_is_left_and_a_file_beside_it_made(source, why):
    path = source / "reviews.xlsx"
    row = ["A2", datetime(2026, 10, 20), "Otis Paperly"]
    book = write_book(path, row)
    sheet = book["Reviews"]
    if why.startswith("pictures"):
        sheet["A2"].comment = Comment("asked by phone", "office")
    elif why.startswith("the results"):
        book.create_sheet("Sums")["A1"] = "=COUNTA(Reviews!A:A)"
    elif why.startswith("no column"):
        sheet.delete_cols(3)
    elif why.startswith("something"):
        sheet["A4"] = "Note: asked by phone"
    book.save(path)
    if why.startswith("a sensitivity"):
        with zipfile.ZipFile(path, "a") as parts:
            parts.writestr("docMetadata/LabelInfo.xml", "<labelList/>")
    kept = path.read_bytes()
    log, _, made = add(source, ROW)
    assert why in log.words and log.path.name == "reviews added 2026-11-20.csv"
    assert path.read_bytes() == kept and made.startswith(b"\xef\xbb\xbfAccount ID,Reviewed on")
    # the next rows go into the same file
    again, *_ = add(source, ROW | {"reviewed_on": pd.Timestamp("2026-11-04")})
    assert again.path == log.path


def test_a_district_without_that_log_gets_one(source):
    log, _, made = add(source, ROW)
    assert log.words == "the new file reviews.csv"
    assert (
        made.decode("utf-8-sig")
        == 'Account ID,Reviewed on,Reviewed by\r\nA1,11/4/2026,"Ada ""A"" K"\r\n'
    )


def test_an_untouched_template_gets_its_first_rows_below_the_example(source, tmp_path):
    from nmsdreports.intake.tables import read_tables
    from nmsdreports.policy import read_policy
    from nmsdreports.views.forms import write_form

    write_form(read_tables()["reviews"], source / "reviews.xlsx", read_policy().guidelines)
    log, *_ = add(source, ROW, ROW | {"account_id": "A2"}, ROW)
    sheet = load_workbook(log.path)["Reviews of student activity"]
    rows = [cell.value for cell, *_ in sheet[sheet.tables["Rows"].ref]]
    assert rows[0].startswith("Account ID") and rows[1].startswith("Example")
    assert rows[2:] == ["A1", "A2", "A1"]


def test_of_several_files_the_one_goes_on_that_has_the_latest_day(source):
    for name, day in (("reviews 2025.csv", "2025-10-01"), ("reviews old.csv", "2024-01-05")):
        (source / name).write_text(",".join(HEAD) + f"\nA2,{day},Otis Paperly\n", "utf-8")
    assert add(source, ROW)[0].path.name == "reviews 2025.csv"
