"""A small district to which each test adds the one awkward thing that it is about."""

import csv
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pandera.pandas as pandera
import pytest

from nmsdreports.intake import load
from nmsdreports.intake.tables import read_tables

READ_ON = date(2026, 11, 24)
SMALL = ("lacking-column", "column-in-log", "no-settings", "untouched-settings")
SCHOOLS = [
    ["school_id", "name", "short_name", "level", "aliases"],
    ["S1", "Pine Elementary", "Pine", "elementary", "Pine Elem|PES"],
    ["S2", "Hawk Hollow Middle School", "NA", "middle", ""],
]
ACCOUNTS = [
    ["account_id", "school_id", "platform", "handle", "students_invited", "launched_on"],
    ["A1", "S1", "Facebook", "@samplepine", "yes", "9/1/2026"],
    ["A2", "S2", "Instagram", "@samplehawk", "no", "9/2/2026"],
]
INCIDENTS = [
    ["incident_id", "school_id", "account_id", "guideline", "occurred_on"],
    ["I1", "S1", "A1", "student-identity", "10/5/2026"],
]


@cache
def schema(table):
    """What every accepted row of a table keeps to, from its declaration."""
    columns = {}
    for column in read_tables()[table].columns.values():
        allowed = {"choice": column.allowed, "yes-no": ("yes", "no")}.get(column.type)
        columns[column.name] = pandera.Column(
            "datetime64[us]" if column.type == "day" else "str",
            pandera.Check.isin(list(allowed)) if allowed else None,
            nullable=not column.required or bool(column.alternative),
            unique=column.name == read_tables()[table].key,
        )
    columns["file"] = pandera.Column("str")
    columns["sheet"] = pandera.Column("str", nullable=True)
    columns["row"] = pandera.Column("Int64")
    return pandera.DataFrameSchema(columns, ordered=True)


class District:
    """A folder of spreadsheets: three sound tables, any of which a test replaces."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.csv("schools.csv", SCHOOLS)
        self.csv("accounts.csv", ACCOUNTS)
        self.csv("incidents.csv", INCIDENTS)

    def csv(self, name, rows, encoding="utf-8", **options):
        with (self.folder / name).open("w", newline="", encoding=encoding) as stream:
            csv.writer(stream, **options).writerows(rows)
        return self

    def text(self, name, text, encoding="utf-8"):
        (self.folder / name).write_bytes(text.encode(encoding))
        return self

    def xlsx(self, name, sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(self.folder / name)
        return self

    def hide_sheet(self, name, title):
        book = openpyxl.load_workbook(self.folder / name)
        book[title].sheet_state = "hidden"
        book.save(self.folder / name)
        return self

    def edit_xml(self, name, part, change):
        """Change the raw XML of one part of a workbook, as no program would on purpose."""
        path = self.folder / name
        with zipfile.ZipFile(path) as package:
            parts = {entry: package.read(entry) for entry in package.namelist()}
        parts[part] = change(parts.get(part, b""))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for entry, data in parts.items():
                package.writestr(entry, data)
        return self

    def without(self, name):
        (self.folder / name).unlink()
        return self

    def accounts(self, column, *values, **more):
        """The registry with one more column, one value per row (rows are made as needed)."""
        header = [*ACCOUNTS[0], column]
        if column in ACCOUNTS[0]:
            at = ACCOUNTS[0].index(column)
            rows = [[f"A{n}", "S1", "Facebook", f"@s{n}", "no", ""] for n in range(len(values))]
            for row, value in zip(rows, values, strict=True):
                row[at] = value
            return self.csv("accounts.csv", [ACCOUNTS[0], *rows], **more)
        rows = [
            [f"A{n}", "S1", "Facebook", f"@s{n}", "no", "", value] for n, value in enumerate(values)
        ]
        return self.csv("accounts.csv", [header, *rows], **more)

    def load(self, **options):
        """The records, without the warnings that tables as small as these cannot but raise."""
        records = self.load_whole(**options)
        problems = records.problems[~records.problems["code"].isin(SMALL)]
        return replace(records, problems=problems.reset_index(drop=True))

    def load_whole(self, **options):
        return load(self.folder, **{"read_on": READ_ON, "today": READ_ON, **options})

    def load_unrefused(self):
        """What is left where something was refused."""
        return self.load(refuse=False)

    def check(self):
        """What `check` reads: refused files are listed, the rest is there."""
        records = self.load(refuse=False)
        counts = records.counts
        whole = counts["accepted"] + counts["quarantined"] + counts["blank"]
        assert counts["rows_read"].eq(whole).all(), counts
        for table in counts["table"].unique():
            accepted = counts.loc[counts["table"] == table, "accepted"].sum()
            assert accepted == len(records.table(table))
        for table in records.counts["table"].unique():
            frame = records.table(table)
            schema(table).validate(
                frame.drop(columns=["key", "account_registered"], errors="ignore")
            )
        return records


@pytest.fixture
def district(tmp_path):
    return District(tmp_path)


@pytest.fixture
def only():
    """The one problem of a code, as a mapping."""

    def pick(records, code):
        found = records.problems[records.problems["code"] == code]
        assert len(found) == 1, records.problems[["code", "message"]].to_string()
        return found.iloc[0].to_dict()

    return pick
