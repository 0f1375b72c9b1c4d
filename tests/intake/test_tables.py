"""What is declared is used, and what the declaration shows as an example can be read."""

import re
from pathlib import Path

import pytest

import nmsdreports.intake
from nmsdreports.intake.kinds import KINDS, LEVELS
from nmsdreports.intake.problems import HIDDEN, Problems
from nmsdreports.intake.tables import Column, read_tables

FOLDER = Path(nmsdreports.intake.__file__).parent
CODE = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.py") if path.stem != "kinds")
PACKAGE = "".join(path.read_text("utf-8") for path in FOLDER.parent.rglob("*.py"))


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_of_problem_is_found_somewhere_and_has_a_level(code):
    assert f'"{code}"' in CODE
    assert KINDS[code].outcome in LEVELS
    assert KINDS[code].message.endswith((".", "?"))


def test_every_field_of_a_column_is_read_and_given():
    columns = [column for table in read_tables().values() for column in table.columns.values()]
    for field in Column.__dataclass_fields__:
        assert any(getattr(column, field) for column in columns), field
        assert re.search(rf"\b(column|item|self)\.{field}\b", PACKAGE), field


def test_every_column_is_described_and_its_references_exist():
    for table in read_tables().values():
        assert table.title
        assert table.description
        assert not table.key or table.columns[table.key].type == "id"
        for column in table.columns.values():
            assert column.description
            assert (column.type == "choice") == (column.allowed is not None)
            for other in filter(None, (column.alternative, column.instead)):
                assert other in table.columns


def test_the_examples_of_the_declaration_are_read_without_a_problem(district):
    for table in read_tables().values():
        row = [column.example for column in table.columns.values()]
        district.csv(f"{table.name}.csv", [list(table.columns), row])
    records = district.check()
    assert records.problems.empty, records.problems["message"].to_list()
    assert records.counts["accepted"].tolist() == [1] * len(read_tables())
    for table in read_tables().values():
        frame = records.table(table.name)
        for column in table.columns.values():
            assert frame[column.name].notna().all() == bool(column.example), column.name


def test_values_of_restricted_columns_are_never_kept():
    problems = Problems()
    problems.add("pending", file="a.csv", row=2, letter="C", value="a name", restricted=True)
    assert problems.frame()["value"].tolist() == [HIDDEN]


@pytest.mark.parametrize(
    "code", ["credential-column", "extra-cells", "footnote", "totals-row", "private-number"]
)
def test_some_kinds_keep_their_value_back_whatever_column_it_stands_in(code):
    problems = Problems()
    told = {"value": "360-555-0142", "suggestion": "360-555-0142", "header": "Title", "others": ""}
    problems.add(code, file="a.csv", row=2, letter="C", **told)
    assert problems.frame()["value"].tolist() == [HIDDEN]
    assert "360-555-0142" not in problems.frame().to_csv()


def test_a_very_long_value_is_cut():
    problems = Problems()
    problems.add("pending", file="a.csv", value="x" * 5000)
    assert len(problems.frame()["value"][0]) < 500
