import dataclasses
import hashlib
import re
import shutil
import subprocess
import tomllib
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from nmsdreports import views
from nmsdreports.cli import main
from nmsdreports.intake import load
from nmsdreports.intake.headers import known_headings
from nmsdreports.intake.tables import HELP_SHEET, read_tables
from nmsdreports.policy import read_policy
from nmsdreports.settings import Contact, Days, Settings, fold, read_settings
from nmsdreports.views.forms import allowed_words, heading, write_forms
from tests.views import workbooks

DAY = date(2026, 11, 24)
TABLES = read_tables()
SETTINGS = Path(views.__file__).parent / "templates" / "district.toml"
FILLED = {
    "schools": {"school_id": "007", "name": "Pine Elementary", "opened_on": date(1978, 9, 5)},
    "accounts": {
        "account_id": "A1",
        "school_id": "Pine Elementary",
        "platform": "Facebook",
        "handle": "@one",
        "students_invited": "yes",
        "approved_on": date(2026, 8, 27),
        "launched_on": "9/4/2026",
    },
    "incidents": {
        "incident_id": "I1",
        "school_id": "7",
        "account_id": "A1",
        "guideline": "logo-use",
        "occurred_on": date(2026, 10, 7),
        "substantiation": "under investigation",
    },
    "approvals": {"account_id": "A1", "decision": "approved", "decided_on": date(2026, 8, 27)},
    "notices": {"account_id": "A1", "groups_invited": "grade 4|grade 5"},
    "concerns": {"concern_id": "C1", "account_id": "A1", "received_on": date(2026, 10, 5)},
    "admins": {
        "account_id": "A1",
        "person": "Nell Inkpenny",
        "role": "supervisor",
        "granted_on": date(2026, 9, 4),
    },
    "reviews": {"account_id": "A1", "reviewed_on": date(2026, 10, 21)},
    "staff": {"email": "w.noteleaf@example.org", "from": date(2024, 8, 25)},
    "exceptions": {
        "guideline": "audience-privacy",
        "account_id": "A1",
        "starts_on": date(2026, 9, 1),
        "expires_on": date(2026, 12, 31),
    },
}


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forms") / "district"
    write_forms(folder, read_policy().guidelines)
    return folder


@pytest.fixture(scope="module")
def filled(forms, tmp_path_factory):
    """Every template with one row typed below its example."""
    folder = tmp_path_factory.mktemp("filled") / "district"
    shutil.copytree(forms, folder)
    settings = folder / "district.toml"
    settings.write_text(settings.read_text("utf-8").replace("North Mason", "Made-up"), "utf-8")
    for name, values in FILLED.items():
        book = load_workbook(folder / f"{name}.xlsx")
        sheet = book.worksheets[0]
        header, example = sheet[sheet.tables["Rows"].ref]
        for cell, column in zip(header, TABLES[name].columns, strict=True):
            sheet.cell(example[0].row + 1, cell.column).value = values.get(column)
        book.save(folder / f"{name}.xlsx")
    return folder


def rows_of(folder):
    """What every table holds, without where it came from."""
    records = load(folder, read_on=DAY)
    assert records.problems.empty, records.problems[["file", "cell", "message"]].to_string()
    return {
        name: records.table(name).drop(columns=["file", "sheet", "row"]) for name in read_tables()
    }


def test_every_table_has_its_template_beside_the_settings(forms):
    assert {path.name for path in forms.iterdir()} == {
        "district.toml",
        *(f"{name}.xlsx" for name in TABLES),
    }


def test_untouched_templates_are_tables_without_rows(forms):
    records = load(forms, read_on=DAY)

    assert records.problems["code"].tolist() == ["untouched-settings"]
    assert set(records.counts["table"]) == set(TABLES)
    assert records.counts["accepted"].sum() == 0
    assert (records.counts["rows_read"] == records.counts["blank"]).all()


def test_what_is_typed_into_the_templates_is_read(filled):
    rows = rows_of(filled)

    for name, values in FILLED.items():
        assert len(rows[name]) == 1, name
        read = rows[name].iloc[0]
        for column, value in values.items():
            if isinstance(value, date):
                assert read[column] == pd.Timestamp(value), (name, column)
    account, incident = rows["accounts"].iloc[0], rows["incidents"].iloc[0]
    assert rows["schools"]["school_id"].tolist() == ["007"]
    assert (account["school_id"], account["launched_on"]) == ("007", pd.Timestamp("2026-09-04"))
    assert incident["school_id"] == "007" and incident["account_registered"]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_saved_by_libreoffice_they_are_read_alike(filled, tmp_path, ending):
    (tmp_path / "saved").mkdir()
    shutil.copy(filled / "district.toml", tmp_path / "saved")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", ending]
    files = [str(path) for path in sorted(filled.glob("*.xlsx"))]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "saved"), *files],
        check=True,
        capture_output=True,
        timeout=240,
    )

    before, after = rows_of(filled), rows_of(tmp_path / "saved")
    for name in before:
        pd.testing.assert_frame_equal(before[name], after[name])


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_headings_are_known_and_say_what_is_required(table, forms):
    book = load_workbook(forms / f"{table.name}.xlsx")
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[sheet.tables["Rows"].ref][0]]

    assert heads == [heading(table, column) for column in table.columns.values()]
    for head, column in zip(heads, table.columns.values(), strict=True):
        assert known_headings(table.name)[fold(column.heading)] == column.name
        assert ("(required)" in head) == (column.required and not column.alternative)
        assert ("(this or " in head) == bool(column.required and column.alternative)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_cells_offer_what_may_stand_in_them(table, forms):
    book = load_workbook(forms / f"{table.name}.xlsx")
    sheet = book.worksheets[0]
    header, example = sheet[sheet.tables["Rows"].ref]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    for cell, column in zip(header, table.columns.values(), strict=True):
        hint = rules[cell.coordinate]
        assert column.description in hint.prompt and hint.promptTitle == column.heading
        assert len(hint.prompt) < 255 and len(hint.promptTitle) <= 32
        letter = cell.column_letter
        rule = rules.get(f"{letter}{example[0].row + 1}:{letter}{example[0].row + 10_000}")
        day = column.type == "day"
        assert sheet.column_dimensions[letter].number_format == ("m/d/yyyy" if day else "@")
        if column.type in ("choice", "yes-no"):
            options = column.allowed or ("yes", "no")
            assert rule.formula1.strip('"').split(",") == list(options)
        elif column.type == "guideline":
            where, cells = rule.formula1.replace("$", "").split("!")
            named = [c.value for (c,) in book[where.strip("'")][cells]]
            assert named[0] == "program-purpose" and len(named) == 22
        elif day:
            assert rule.type == "date" and rule.errorStyle == "warning"
        elif column.type != "platform":
            assert rule is None
        assert len(rule.formula1 if rule else "") <= 255


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_column_is_explained_and_the_example_is_marked(table, forms):
    book = load_workbook(forms / f"{table.name}.xlsx")
    explained = {row["Column"]: row for row in workbooks.table(book, "Columns")}
    example = workbooks.table(book, "Rows")[0]

    assert list(explained) == [column.heading for column in table.columns.values()]
    for column in table.columns.values():
        row = explained[column.heading]
        assert row["What it means"] == column.description
        assert row["What may stand there"] == allowed_words(column)
    assert next(iter(example.values())).startswith("Example: ")
    assert any(isinstance(value, datetime) for value in example.values())
    assert "colours" in " ".join(workbooks.lines(book[HELP_SHEET]))


def test_a_row_of_somebody_named_like_an_example_is_data(forms, tmp_path):
    shutil.copytree(forms, tmp_path / "district")
    path = tmp_path / "district" / "schools.xlsx"
    book = load_workbook(path)
    sheet = book.worksheets[0]
    sheet.append(["Example-7", "Example Elementary"])
    book.save(path)

    assert load(tmp_path / "district", read_on=DAY).schools["school_id"].tolist() == ["Example-7"]


def test_every_setting_stands_there_with_its_default(forms):
    assert read_settings(forms) == Settings()
    lines = SETTINGS.read_text("utf-8").splitlines()
    spoken = "\n".join(re.sub(r'^# (?=(\w+|".*") = )', "", line) for line in lines)
    values = tomllib.loads(spoken)

    assert set(values) == {field.name for field in dataclasses.fields(Settings)}
    assert set(values["days"]) == {field.name for field in dataclasses.fields(Days)}
    assert set(values["contact"]) == {field.name for field in dataclasses.fields(Contact)}
    assert set(values["mail"]) == {"host", "port", "sender", "office", "security"}
    plain = [line for line in lines if " = " in line and line.count("#") < 2 and line[0] == "#"]
    needless = {"accounts", '"Page goes live"', "port"}
    assert {line[2:].split(" = ")[0] for line in plain} <= needless


def test_the_same_templates_have_the_same_bytes_and_are_marked_as_such(forms, tmp_path):
    again = write_forms(tmp_path / "again", read_policy().guidelines)

    for path in again:
        assert (
            hashlib.sha256(path.read_bytes()).digest()
            == hashlib.sha256((forms / path.name).read_bytes()).digest()
        )
    book = load_workbook(forms / "accounts.xlsx")
    assert {p.name: p.value for p in book.custom_doc_props} == {"nmsdreports": "template"}
    assert not any("openpyxl" in text for text in workbooks.parts(again[1]).values())


def run(*arguments):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_a_new_folder_is_made_and_checked_without_an_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    begun = run("new", "district")

    assert begun.exit_code == 0 and begun.stdout == ""
    assert "Wrote district.toml and 10 templates into district" in begun.stderr
    checked = run("check", "district")
    assert checked.exit_code == 0
    assert "1 warning." in checked.stdout and "Write your district's own there" in checked.stdout


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "letter.docx").write_text("dear")
    refused = run("new", tmp_path)

    assert refused.exit_code == 2
    assert refused.stderr.strip() == (
        f'"{tmp_path}" is not empty; name a new folder, so that nothing is lost.'
    )
    assert [path.name for path in tmp_path.iterdir()] == ["letter.docx"]
    assert run("new", tmp_path / "letter.docx").exit_code == 2


def test_a_guideline_is_chosen_by_its_id_and_known_by_what_it_asks(forms):
    sheet = load_workbook(forms / "incidents.xlsx")[HELP_SHEET]
    rows = [[cell.value for cell in row] for row in sheet[sheet.tables["Guidelines"].ref]]
    assert rows[0] == ["Identifier", "What it asks", "Clause"]
    told = {row[0]: row[1:] for row in rows[1:]}
    assert told["parent-notice"][1] == "Professional 8" and "arents" in told["parent-notice"][0]
    assert "caution" not in told, "advice is nobody's incident"
