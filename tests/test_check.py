"""What `check` leaves behind: the list on the screen and the same list as a workbook."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from nmsdreports.cli import common, main

SAMPLE = Path(__file__).parents[1] / "data" / "sample"


@pytest.fixture
def check(monkeypatch, tmp_path):
    """Check a folder from an empty one; gives exit status, standard output and error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(common.SOURCE_VARIABLE, raising=False)

    def invoke(*arguments):
        result = CliRunner().invoke(main, ["check", *map(str, arguments)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return invoke


@pytest.fixture
def source(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "source")
    return tmp_path / "source"


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_the_list_goes_into_reports_and_nothing_into_the_source(check, source, tmp_path):
    before = contents(source)
    _, out, err = check(source)

    assert err.splitlines()[-1] == "Wrote the list to work through: reports/quarantine.xlsx"
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["quarantine.xlsx"]
    assert contents(source) == before
    listed = load_workbook(tmp_path / "reports" / "quarantine.xlsx")["To repair"]
    lines = listed[listed.tables["ToRepair"].ref][1:]
    printed = [line.split()[0] for line in out.splitlines() if re.match(r"    [A-Z]+\d+ ", line)]
    assert sorted(line[4].value for line in lines) == sorted(printed)


def test_output_is_where_the_list_goes_and_an_older_one_is_replaced(check, source, tmp_path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "quarantine.xlsx").write_text("older")
    check("--quiet", "--output", "lists", source)

    assert [path.name for path in (tmp_path / "lists").iterdir()] == ["quarantine.xlsx"]
    assert load_workbook(tmp_path / "lists" / "quarantine.xlsx").sheetnames[0] == "To repair"
    assert not (tmp_path / "reports").exists()


def test_the_source_is_no_place_for_the_list(check, source):
    before = contents(source)
    status, out, err = check("--output", source, source)

    assert status == 2 and out == ""
    assert "Nothing is written among the spreadsheets" in err
    assert contents(source) == before


def test_a_file_that_cannot_be_used_stands_in_the_list_too(check, source, tmp_path):
    (source / "incidents.csv").write_text("")
    status, out, err = check(source)

    assert status == 2
    assert "incidents.csv is empty" in out
    assert err.splitlines()[-1] == (
        "No report can be made before this is mended: incidents.csv is empty; export it again."
    )
    listed = load_workbook(tmp_path / "reports" / "quarantine.xlsx")["To repair"]
    first = listed[listed.tables["ToRepair"].ref][1]
    assert [cell.value for cell in first][2:5] == ["incidents.csv", None, "all of it"]


def test_three_kinds_of_fault_are_named_in_words_and_headings_get_their_line(check, source):
    text = (source / "schools.csv").read_text("utf-8-sig")
    (source / "schools.csv").write_text(text.replace("Principal,", "Principals here,"), "utf-8")
    _, out, _ = check(source)
    lines = out.splitlines()

    first = lines.index("Most frequent, errors first") + 1
    assert [" × " in line for line in lines[first : first + 4]] == [True, True, True, False]
    assert any(line.endswith(" × a day that cannot be read") for line in lines[first : first + 3])
    plain = " ".join(out.split())
    assert '[mapping] in district.toml: "Principals here" = "principal"' in plain
    assert max(len(line) for line in lines) <= 80


def group(out, place, heading):
    """The lines under a heading of a file's problems, as one text."""
    found = re.search(rf"^{re.escape(place)}\n(.*?)(?=^\S|\Z)", out, re.M | re.S)
    same = re.search(rf"^  {heading}.*?\n(.*?)(?=^  \S|\Z)", found[1], re.M | re.S)
    return " ".join(same[1].split()) if same else ""


def accounts(*rows):
    head = "Account ID,School,Platform,Handle,Launched on,Students invited,Registered e-mail"
    return "\n".join([head, *rows]) + "\n"


@pytest.fixture
def small(tmp_path):
    """A folder with one sound row in each needed table; `files` are put in or replaced."""
    folder = tmp_path / "small"
    folder.mkdir()

    def write(**files):
        sound = {
            "schools": "School ID,School name\nS1,Pine Elementary\n",
            "accounts": accounts("A1,S1,X,@one,9/1/2026,no,"),
            "incidents": "Incident ID,School,Guideline,Happened on\n",
        }
        for name, text in {**sound, **files}.items():
            (folder / f"{name}.csv").write_text(text, "utf-8")
        return folder

    return write


def test_each_problem_says_whether_its_row_or_only_its_value_is_lost(check, small):
    rows = [
        "A1,S1,X,@one,9/1/2026,perhaps,",
        "A2,Nowhere,X,@two,2/30/2026,no,",
        "A3,S1,X,@three,,,",
    ]
    status, out, _ = check(small(accounts=accounts(*rows)))

    assert status == 1
    aside = group(out, "accounts.csv", "Error: the row is set aside")
    # a value in a row that is set aside is not said to be the only thing lost
    assert "'Nowhere'" in aside and "'2/30/2026'" in aside and "perhaps" not in aside
    value = group(out, "accounts.csv", "Error: the row is used, but this value counts as unknown")
    assert "'perhaps'" in value and "Nowhere" not in value
    assert "1 row is set aside and 1 value counts as unknown." in out


def test_a_file_that_is_not_read_stands_in_the_table_of_files(check, small):
    folder = small(reviews="", staff="E-mail,Password,From\nn@example.org,hunter2,9/1/2026\n")
    status, out, err = check(folder)

    table = out.split("\n\n")[1].splitlines()
    assert [line.split(maxsplit=1) for line in table if "see the" in line] == [
        ["reviews.csv", "not read; see the error below"],
        ["staff.csv", "not read; see the error below"],
    ]
    blocks = [block.splitlines() for block in out.split("\n\n")]
    (told,) = [rest for first, *rest in blocks if first.startswith("Error: not read, and no")]
    assert told[0] == "  reviews.csv is empty; export it again."
    assert told[1].startswith("  staff.csv: column B 'Password' is named like a credential; delete")
    assert max(map(len, out.splitlines())) <= 80
    assert status == 2
    assert err.splitlines()[-1].endswith("export it again. (1 more at the top of the list.)")
    assert "hunter2" not in out + err


def test_errors_are_the_most_frequent_even_where_there_are_more_warnings(check, small):
    logs = [f"A{n},10/1/2026" for n in range(50, 70)]
    folder = small(
        accounts=accounts("A1,S1,X,@one,9/1/2026,perhaps,", "A2,,X,@two,9/1/2026,no,"),
        reviews="\n".join(["Account ID,Reviewed on", *logs]) + "\n",
    )
    _, out, _ = check(folder)

    lines = out.splitlines()
    first = lines.index("Most frequent, errors first") + 1
    assert [line.split(" × ")[1] for line in lines[first : first + 3]] == [
        "neither yes nor no",
        "an empty cell that must be filled",
        "an account that is not in the registry",
    ]


def test_a_line_of_totals_is_told_without_a_value_that_is_hidden(check, small):
    _, out, _ = check(small(accounts=accounts("A1,S1,X,@one,9/1/2026,no,", "Total,,,1,,,")))

    assert "    A3       A line of totals: it is no data and is skipped." in out.splitlines()
    assert "Counted as blank too: 1 line of totals." in out.splitlines()
    assert "…" not in out


def test_a_list_that_is_open_in_excel_is_said_to_be_the_older_one(
    check, source, tmp_path, monkeypatch
):
    check("--quiet", source)
    older = (tmp_path / "reports" / "quarantine.xlsx").read_bytes()
    text = (source / "incidents.csv").read_text("utf-8")
    (source / "incidents.csv").write_text(
        text.replace("Lantern Bay High School", "Nowhere", 1), "utf-8"
    )
    replace = Path.replace

    def refuse(self, target):
        if Path(target).name == "quarantine.xlsx":
            raise PermissionError(13, "Access is denied", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    for quiet in ((), ("--quiet",)):
        status, out, err = check(*quiet, source)
        assert status == 1 and "'Nowhere'" in out
        assert err.splitlines()[-2:] == [
            f"{Path('reports') / 'quarantine.xlsx'} is probably open in Excel and still holds the "
            "older list.",
            "Close it there and run check again; the list on the screen is complete.",
        ]
    assert contents(tmp_path / "reports") == {"quarantine.xlsx": older}
