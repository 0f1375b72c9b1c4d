"""The to-do sheet of a school's workbook: what can be typed into it, and what tells whose it is."""

import pytest
from openpyxl import load_workbook

from nmsdreports.views.workbook import write_workbook
from tests.views import editions, workbooks

OPEN = ["Done on", "By whom", "Remark"]


@pytest.fixture(scope="module")
def school():
    return editions.school_edition()


@pytest.fixture(scope="module")
def sheet(school, tmp_path_factory):
    path = tmp_path_factory.mktemp("answers") / "Pine.xlsx"
    write_workbook(school, path)
    return load_workbook(path)["To do"]


def columns(sheet):
    header, *rows = sheet[sheet.tables["ToDo"].ref]
    return {
        cell.value: list(column)
        for cell, column in zip(header, zip(*rows, strict=True), strict=True)
    }


def test_only_the_answers_can_be_typed_into_and_there_is_no_password(sheet):
    assert sheet.protection.sheet and not sheet.protection.password
    open_cells = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    wanted = {cell.coordinate for name in OPEN for cell in columns(sheet)[name]}
    assert open_cells == wanted and wanted


def test_filters_and_widths_stay_free(sheet):
    free = ("autoFilter", "sort", "formatColumns", "formatRows")
    assert not any(getattr(sheet.protection, name) for name in free)


def test_a_day_to_come_is_not_taken_and_each_column_says_how_to_answer(sheet):
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    for name in OPEN:
        cells = columns(sheet)[name]
        rule = rules[f"{cells[0].coordinate}:{cells[-1].coordinate}"]
        assert rule.showErrorMessage and rule.showInputMessage and rule.prompt
        if name == "Done on":
            assert (rule.type, rule.operator) == ("date", "between")
            assert rule.formula2 == "TODAY()" and rule.errorStyle in (None, "stop")
            assert cells[0].number_format == "mmm d, yyyy"
        else:
            assert rule.type == "textLength"
        assert ("student" in rule.prompt) is (name == "Remark")


def test_each_row_says_which_finding_it_is_and_the_sheet_which_report(sheet, school):
    found = school.findings[school.findings["open"]].set_index("finding_id")["opened_on"]
    told = columns(sheet)
    ids, days = ([cell.value for cell in told[name]] for name in ("Finding ID", "Open since"))
    shown = dict(zip(ids, days, strict=True))
    assert shown == {name: value.to_pydatetime() for name, value in found.items()}
    assert f"Report {school.month} of {school.school_id}" in workbooks.lines(sheet)


def test_the_offices_own_list_is_not_answered(tmp_path):
    path = write_workbook(editions.office_edition(), tmp_path / "All schools.xlsx")
    sheet = load_workbook(path)["To do"]
    assert not sheet.protection.sheet and not {*OPEN} & {*columns(sheet)}
