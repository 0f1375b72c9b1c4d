"""What `check` leaves behind: the list on the screen and the same list as a workbook."""

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
    printed = [
        line.split()[1]
        for line in out.splitlines()
        if line.startswith(("  error", "  warning", "  note"))
    ]
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
    assert err.splitlines()[-1].startswith("No report can be made before this is mended")
    listed = load_workbook(tmp_path / "reports" / "quarantine.xlsx")["To repair"]
    first = listed[listed.tables["ToRepair"].ref][1]
    assert [cell.value for cell in first][2:5] == ["incidents.csv", None, "all of it"]


def test_three_kinds_of_fault_are_named_in_words_and_headings_get_their_line(check, source):
    text = (source / "schools.csv").read_text("utf-8-sig")
    (source / "schools.csv").write_text(text.replace("Principal,", "Principals here,"), "utf-8")
    _, out, _ = check(source)
    lines = out.splitlines()

    first = lines.index("Most frequent") + 1
    assert [" × " in line for line in lines[first : first + 4]] == [True, True, True, False]
    assert any(line.endswith(" × a day that cannot be read") for line in lines[first : first + 3])
    plain = " ".join(out.split())
    assert '[mapping] in district.toml: "Principals here" = "principal"' in plain
    assert max(len(line) for line in lines) <= 80
