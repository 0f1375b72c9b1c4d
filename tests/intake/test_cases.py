"""Spreadsheets as they are, and what becomes of each: every case with a real file, to the word.

The catalogue stands in the folder `cases`, its files in tests/files/intake; its first page tells
how to read an entry.
"""

import io
import os
import shutil
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from nmsdreports.settings import InputError
from nmsdreports.views.exports import write_table
from nmsdreports.views.repair import ROWS, write_repair
from tests.files.make_files import MADE
from tests.intake.conftest import SMALL

CATALOGUE = Path(__file__).with_name("cases")
FILES = Path(__file__).parents[1] / "files" / "intake"
NUMBERS = {*map(str, range(1, 43)), "12b"}
COUNTS = ["rows_read", "accepted", "quarantined", "blank"]
TOLD = ["level", "code", "cell", "value", "message", "suggestion"]
# That accounts are not looked up where the registry was refused is told once, and tested elsewhere.
BESIDES = (*SMALL, "registry-not-read")
INCIDENTS = [
    ["incident_id", "school_id", "guideline", "occurred_on"],
    ["I1", "S1", "student-identity", "10/5/2026"],
]


@dataclass(frozen=True)
class Case:
    """One entry of the catalogue, for one of its files."""

    number: str
    title: str
    file: str = ""
    table: str = "accounts"
    named: str = ""
    beside: dict[str, str] = field(default_factory=dict)
    settings: str = ""
    alone: bool = False
    while_read: str = ""
    counts: list[int] = field(default_factory=list)
    cells: dict[str, list[str]] = field(default_factory=dict)
    extras: list[str] | None = None
    problems: list[list[str]] = field(default_factory=list)
    says: str = ""
    hidden: list[str] = field(default_factory=list)

    @property
    def name(self):
        """The name under which the file stands in the folder."""
        return self.named or self.table + Path(self.file).suffix

    @property
    def told(self):
        """Its problems, with the name of the file put in."""
        lines = [[text.replace("{file}", self.name) for text in line] for line in self.problems]
        return sorted(lines)


def read_catalogue():
    entries = [
        entry
        for path in sorted(CATALOGUE.glob("*.toml"))
        for entry in tomllib.loads(path.read_text("utf-8"))["case"]
    ]
    return [
        Case(**{name: value for name, value in entry.items() if name != "files"}, file=file)
        for entry in entries
        for file in entry.get("files", [""])
    ]


def each(cases):
    return pytest.mark.parametrize(
        "case", cases, ids=[f"{case.number}: {case.title} [{case.file}]" for case in cases]
    )


CASES = read_catalogue()
READ = [case for case in CASES if case.counts]
REFUSED = [case for case in CASES if not case.counts]


def lay_out(case, district):
    """Put the file of a case in the place of its table in a sound district, or stand it alone."""
    district.csv("incidents.csv", INCIDENTS)
    for path in district.folder.glob("*.*" if case.alone else f"{case.table}.*"):
        path.unlink()
    for name, file in {case.name: case.file, **case.beside}.items():
        if file:
            shutil.copyfile(FILES / file, district.folder / name)
    if case.settings:
        district.text("district.toml", case.settings)


def told(problems):
    """What a list of problems tells, line by line, as the catalogue writes it."""
    lines = problems.loc[~problems["code"].isin(BESIDES), TOLD]
    return sorted(lines.fillna("").to_numpy().tolist())


def shown(values):
    """A column as the catalogue writes it: days in ISO form, "" for nothing."""
    texts = values.dt.strftime("%Y-%m-%d") if values.dtype.kind == "M" else values
    return texts.astype("str").where(values.notna(), "").tolist()


@each(READ)
def test_a_file_is_read_as_the_catalogue_says(case, district):
    lay_out(case, district)
    records = district.check()
    assert told(records.problems) == case.told
    counts = records.counts[records.counts["table"] == case.table]
    assert counts[COUNTS].sum().tolist() == case.counts
    frame = records.table(case.table)
    assert {name: shown(frame[name]) for name in case.cells} == case.cells
    assert case.extras in (None, records.extras["value"].tolist())
    hold_back(case, records.problems, records.originals)
    district.load()


@each(REFUSED)
def test_a_file_is_refused_as_the_catalogue_says(case, district, monkeypatch):
    lay_out(case, district)
    if case.while_read:
        STAND_INS[case.while_read](monkeypatch, district.folder / case.name)
    with pytest.raises(InputError) as caught:
        district.load()
    if case.says:
        assert str(caught.value) == case.says.replace("{folder}", district.folder.name)
        return
    problems = caught.value.problems
    assert told(problems) == case.told
    assert "error" in set(problems["level"])
    assert str(caught.value) in {line[TOLD.index("message")] for line in case.told}
    hold_back(case, problems)
    monkeypatch.undo()
    if not case.while_read:
        records = district.check()
        assert records.table(case.table).empty, "of a refused file nothing is used"
        hold_back(case, *(value for value in vars(records).values() if hasattr(value, "to_csv")))


def hold_back(case, *tables):
    """What the catalogue says is hidden stands in no table."""
    for text in case.hidden:
        assert all(text not in table.to_csv() for table in tables), text


def opened_as(path, act):
    """`io.open`, which every way of opening a file goes through, with an act before that of one."""
    opened = io.open

    def open_file(file, *arguments, **options):
        if Path(str(file)) == path:
            act()
        return opened(file, *arguments, **options)

    return open_file


def vanishes(monkeypatch, path):
    monkeypatch.setattr(io, "open", opened_as(path, path.unlink))


def changes(monkeypatch, path):
    shorter = path.stat().st_size - 1
    monkeypatch.setattr(io, "open", opened_as(path, lambda: os.truncate(path, shorter)))


def refuses(error):
    def act():
        raise error

    return lambda monkeypatch, path: monkeypatch.setattr(io, "open", opened_as(path, act))


# A sharing violation is what Windows answers while Excel holds the file open.
IN_USE = "The process cannot access the file because it is being used by another process"
STAND_INS = {
    "vanishes": vanishes,
    "changes": changes,
    "may not be read": refuses(PermissionError(13, "Permission denied")),
    "is open in Excel": refuses(PermissionError(13, IN_USE, "accounts.xlsx", 32)),
}


def test_every_case_stands_in_the_catalogue():
    assert {case.number for case in CASES} == NUMBERS


def test_every_file_belongs_to_a_case_and_names_its_program():
    files = {path.name for path in FILES.iterdir()}
    used = {file for case in CASES for file in (case.file, *case.beside.values()) if file}
    assert used == files
    typed = {path for path in files - set(MADE) if not path.endswith((".csv", ".tsv", ".txt"))}
    assert typed == {"19-empty.xlsx", "19-text-renamed.xlsx", "19-lock-file.xlsx"}
    assert set(MADE) <= files
    assert {made.by.partition(",")[0] for made in MADE.values()} == {
        "LibreOffice",
        "openpyxl",
        "xlsxwriter",
        "nmsdreports",
    }
    assert sum((FILES / name).stat().st_size for name in files) < 1_000_000


@each([case for case in READ if case.number == "41"])
def test_41_what_a_spreadsheet_would_run_is_written_back_as_text(case, district, tmp_path):
    lay_out(case, district)
    records = district.check()
    book = openpyxl.load_workbook(write_repair(records, tmp_path / "quarantine.xlsx"))
    cells = [cell for row in book[ROWS].iter_rows() for cell in row]
    texts = [cell.value for cell in cells if cell.data_type == "s"]
    assert {"=Nowhere", '=HYPERLINK("https://example.org")'} <= set(texts)
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    stream = io.BytesIO()
    write_table(records.problems, "csv", stream)
    assert ",'=Nowhere," in stream.getvalue().decode()
    assert pd.read_csv(io.BytesIO(stream.getvalue()))["value"].tolist() == ["'=Nowhere"]
