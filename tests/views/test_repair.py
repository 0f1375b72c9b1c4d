import csv
import hashlib
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from nmsdreports.intake import load
from nmsdreports.intake.kinds import KINDS
from nmsdreports.views import repair
from nmsdreports.views.exports import write_table
from nmsdreports.views.repair import in_order_of_work, read_repairs, write_repair
from nmsdreports.views.workbook import write_workbook
from tests.views import editions, workbooks

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
DAY = date(2026, 11, 24)
TABLES = {
    "district.toml": 'name = "Made-up School District"\n',
    "schools.csv": "School ID,School name\nS1,Pine Elementary\nS2,Cedar Creek\n",
    "accounts.csv": (
        "Account ID,School,Platform,Handle,Launched on,Title,Note,\n"
        "A1,Pine Elementary,Facebook,@one,2/30/2026,=1+1,ask the secret uncle,\n"
        "A2,Pine Elementry,X,@two,9/1/2026,,,stray\n"
        "A3,Cedar Creek,,@three,9/1/2026,,call 360-555-0142,\n"
    ),
    "incidents.csv": (
        "Incident ID,School,Guideline,Happened on,Account ID,Action taken\n"
        "I1,Cedar Creek,logo-use,9/1/2026,A9,a private matter\n"
    ),
}


@pytest.fixture
def district(tmp_path):
    """Write the files of a district with one of most kinds of fault; `changes` replace files."""

    def write(**changes):
        folder = tmp_path / "source"
        folder.mkdir(exist_ok=True)
        files = TABLES | {f"{name}.csv": text for name, text in changes.items()}
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        return folder

    return write


def read_again(folder):
    return load(folder, read_on=DAY, refuse=False)


@pytest.fixture
def written(district, tmp_path):
    """The workbook of the faulty district, as a reader finds it."""
    return workbooks.read(write_repair(read_again(district()), tmp_path / "quarantine.xlsx"))


def test_every_kind_of_problem_has_its_words():
    assert set(read_repairs()) == set(KINDS)
    for words in read_repairs().values():
        assert words.do.endswith(".") and len(words.do) < 90
        assert words.name[0].islower() and len(words.name) < 50


def test_the_worst_comes_first_and_every_problem_has_its_line(written, district):
    lines = workbooks.table(written, "ToRepair")
    problems = read_again(district()).problems

    assert len(lines) == len(problems)
    levels = [line["Level"].split()[-1] for line in lines]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert {line["File"] for line in lines} == {"accounts.csv", "incidents.csv"}
    accounts = {line["Cell"]: line for line in lines if line["File"] == "accounts.csv"}
    assert accounts["B3"]["Value"] == "Pine Elementry"
    assert accounts["B3"]["Type instead"] == "Pine Elementary"
    assert accounts["E2"]["Type instead"] == "The whole day, as 9/1/2026."
    assert accounts["C4"]["Value"] == "(empty)"
    until = {cell: accounts[cell]["Until then"] for cell in ("B3", "E2", "C4")}
    assert until == {"B3": "row set aside", "E2": "value unknown", "C4": "row set aside"}
    assert all(line["Done"] is None for line in lines)


def test_a_file_that_cannot_be_used_comes_before_everything(district):
    records = read_again(district(incidents='Incident ID\n"never closed\n'))
    first = in_order_of_work(records.problems).iloc[0]

    assert (first["file"], first["code"]) == ("incidents.csv", "unclosed-quote")


def test_an_unknown_heading_gets_the_line_for_the_settings(district, tmp_path):
    text = TABLES["schools.csv"].replace("School name", "School name,Principals")
    records = read_again(district(schools=text))
    book = workbooks.read(write_repair(records, tmp_path / "q.xlsx"))
    lines = [line for line in workbooks.table(book, "ToRepair") if line["Value"] == "Principals"]

    (line,) = lines
    assert line["Type instead"].endswith('[mapping] in district.toml: "Principals" = "principal"')


def test_each_problem_leads_to_its_row_as_it_came_and_back(written):
    first, second = written[repair.REPAIR], written[repair.ROWS]
    for line in first[first.tables["ToRepair"].ref][1:]:
        file, cell = line[2].value, line[3]
        if cell.hyperlink is None:
            # a heading is no row of data
            assert cell.value[1:] == "1" or cell.value == "row 1"
            continue
        sheet, _, place = cell.hyperlink.location.rpartition("!")
        assert sheet == "'Rows as they came'"
        assert second[place].value == f"{file}, row {cell.value[1:]}"
    back = {c.value: c.hyperlink.location for (c,) in second["B1:B60"] if c.hyperlink}
    assert {"E2", "B3", "C4"} <= set(back)
    for cell, to in back.items():
        row = first[to.rpartition("!")[2]].row
        assert cell in [c.value for c in first[row]]


def test_rows_are_there_with_all_their_cells_and_restricted_ones_hidden(written, tmp_path):
    rows = workbooks.table(written, "RowsAsTheyCame")
    second = [row for row in rows if row["Row"] == "accounts.csv, row 2"]

    assert {row["Heading"]: row["As it came"] for row in second} == {
        "Account ID": "A1",
        "School": "Pine Elementary",
        "Platform": "Facebook",
        "Handle": "@one",
        "Launched on": "2/30/2026",
        "Note": "…",
        "Title": "=1+1",
    }
    assert [row["Cell"] for row in second if row["Problem"]] == ["E2"]
    empty = next(row for row in rows if row["Cell"] == "C4")
    assert (empty["Heading"], empty["As it came"]) == ("Platform", "(empty)")
    everything = "".join(workbooks.parts(tmp_path / "quarantine.xlsx").values())
    for secret in ("secret uncle", "private matter", "555-0142"):
        assert secret not in everything
    assert all(c.data_type != "f" for s in written.worksheets for row in s.iter_rows() for c in row)


def test_only_the_ticks_can_be_typed(written):
    sheet = written[repair.REPAIR]
    rows = sheet[sheet.tables["ToRepair"].ref][1:]

    assert sheet.protection.sheet and not sheet.protection.password
    assert all(not row[0].protection.locked for row in rows)
    assert all(cell.protection.locked for row in rows for cell in row[1:])
    (tick,) = sheet.data_validations.dataValidation
    assert (tick.type, tick.formula1, tick.allow_blank) == ("list", '"✓"', True)
    assert str(tick.sqref) == f"{rows[0][0].coordinate}:{rows[-1][0].coordinate}"


def test_it_says_what_to_do_with_it(written):
    text = " ".join(workbooks.lines(written[repair.REPAIR]))

    assert "Repair your own files, not this one" in text
    assert "run check again" in text


def test_what_we_wrote_is_no_input_where_somebody_saves_it_among_the_spreadsheets(district):
    folder = district()
    before = read_again(folder)
    write_repair(before, folder / "quarantine.xlsx")
    write_table(before.accounts, "xlsx", folder / "table.xlsx")
    write_workbook(editions.school_edition(), folder / "report.xlsx")
    after = read_again(folder)

    own = after.problems[after.problems["code"] == "own-workbook"]
    assert list(own["file"]) == ["quarantine.xlsx", "report.xlsx", "table.xlsx"]
    assert len(after.problems) == len(before.problems) + 3
    assert after.counts.equals(before.counts)


def test_properties_are_clean_and_the_same_records_give_the_same_bytes(district, tmp_path):
    records = read_again(district())
    one, two = (write_repair(records, tmp_path / name) for name in ("one.xlsx", "two.xlsx"))
    book = workbooks.read(one)

    assert len({hashlib.sha256(path.read_bytes()).digest() for path in (one, two)}) == 1
    assert book.properties.creator == "Made-up School District"
    assert book.properties.created == datetime(2026, 11, 24)
    assert {p.name: p.value for p in book.custom_doc_props} == {"nmsdreports": "repair"}
    assert str(tmp_path) not in "".join(workbooks.parts(one).values())


def test_nothing_to_repair_is_said_in_words(tmp_path, district):
    accounts = "Account ID,School,Platform,Handle\n"
    incidents = "Incident ID,School,Guideline,Happened on\n"
    records = read_again(district(accounts=accounts, incidents=incidents))
    book = workbooks.read(write_repair(records, tmp_path / "q.xlsx"))

    assert book.sheetnames == [repair.REPAIR]
    assert workbooks.lines(book[repair.REPAIR])[-1] == "Nothing is to be repaired."


def test_a_list_too_long_to_work_through_is_cut_and_says_so(district, tmp_path, monkeypatch):
    monkeypatch.setattr(repair, "LISTED", 2)
    records = read_again(district())
    book = workbooks.read(write_repair(records, tmp_path / "q.xlsx"))

    assert len(workbooks.table(book, "ToRepair")) == 2
    said = " ".join(workbooks.lines(book[repair.REPAIR]))
    assert f"the first 2 of {len(records.problems)} problems" in said


ANSWERS = {
    "unreadable-day": "9/3/2026",
    "unknown-school": "Pine Elementary",
    "closed-before-launch": "6/30/2026",
    "unregistered-incident": "",
    "unknown-account": "A001",
    "pending": "",
    "identical-row": None,
}
"""What an office types where the list has no likely value; None: it deletes the row."""


def mend(folder, problem):
    """Repair one problem in the office's own file, as the list says."""
    known = isinstance(problem.suggestion, str)
    answer = problem.instead if known else ANSWERS[problem.code]
    path = folder / problem.file
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        column = ord(problem.cell[0]) - ord("A")
        rows[problem.row - 1][column] = answer
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    else:
        book = workbooks.read(path)
        sheet = book[problem.sheet]
        cells = sheet[int(problem.row)] if answer is None else [sheet[problem.cell]]
        for cell in cells:
            cell.value = answer or None
        book.save(path)


def to_mend(records):
    """The problems that ask for anything; some notes say that nothing is to be done."""
    ordered = in_order_of_work(records.problems)
    return ordered[~ordered["instead"].str.startswith("Nothing")]


def places(records):
    return set(zip(records.problems["file"], records.problems["cell"], strict=True))


def test_the_samples_faults_go_one_by_one_when_repaired_as_the_list_says(tmp_path):
    before = read_again(SAMPLE)
    assert len(before.problems) > 5
    for problem in to_mend(before).itertuples():
        folder = tmp_path / f"{problem.file}-{problem.cell}"
        shutil.copytree(SAMPLE, folder)
        mend(folder, problem)

        assert places(before) - places(read_again(folder)) == {(problem.file, problem.cell)}


def test_the_sample_repaired_as_the_list_says_is_read_without_a_problem(tmp_path):
    folder = tmp_path / "repaired"
    shutil.copytree(SAMPLE, folder)
    for problem in to_mend(read_again(SAMPLE)).itertuples():
        mend(folder, problem)
    after = read_again(folder)

    assert to_mend(after).empty
    assert set(after.problems["level"]) <= {"note"}
    assert after.counts["quarantined"].sum() == 0
