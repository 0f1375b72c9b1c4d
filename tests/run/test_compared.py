"""An edition beside the one before: compared and told by the reports, or said why it cannot be."""

import json
import shutil
from dataclasses import replace

import openpyxl
import pytest

from nmsdreports.intake import load
from nmsdreports.policy import assess
from nmsdreports.run import publish, reports
from nmsdreports.run.compared import compare, read_since, since_key
from nmsdreports.run.month import unchanged_month
from nmsdreports.run.plan import last_day
from nmsdreports.settings import read_settings
from nmsdreports.views import changed, headlines, since_words
from nmsdreports.views.audience import edition
from nmsdreports.views.workbook import write_workbook
from tests.checklist.months import SAMPLE
from tests.run.quick_night import quick_notebook
from tests.run.test_editions import TODAY, make
from tests.views import workbooks


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "execute_notebook", quick_notebook)
    return shutil.copytree(SAMPLE, tmp_path / "source")


@pytest.fixture(scope="module")
def standing():
    return assess(load(SAMPLE, read_on=last_day("2026-10"))).at(last_day("2026-10"))


@pytest.fixture(scope="module")
def september(tmp_path_factory):
    """A folder of reports with a September of two schools."""
    output = tmp_path_factory.mktemp("september") / "reports"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reports, "execute_notebook", quick_notebook)
        make(SAMPLE, output, "2026-09", ["S1", "S2"])
    return output


def put(source, account, heading, value):
    book = openpyxl.load_workbook(source / "accounts.xlsx")
    sheet = book["Accounts"]
    (column,) = (cell.column for cell in sheet[3] if cell.value == heading)
    row = next(row[0].row for row in sheet.iter_rows(min_row=4) if row[0].value == account)
    sheet.cell(row, column).value = value
    book.save(source / "accounts.xlsx")


def told_in(output, name="2026-10"):
    return json.loads((output / name / "data" / "since.json").read_text("utf-8"))


def test_a_draft_is_made_again_when_the_edition_before_is_another(source, tmp_path):
    output = tmp_path / "reports"
    make(source, output)
    told = told_in(output)
    assert (told["of"], told["name"], told["cannot"]) == ("2026-10", "", "")

    def unchanged():
        return unchanged_month(source, read_settings(source), "2026-10", output, TODAY)

    assert unchanged()
    make(source, output, "2026-09")
    assert unchanged() is None
    assert len(make(source, output)[1]) == 7
    assert told_in(output, "2026-10-2")["name"] == "2026-09"
    assert unchanged()
    publish.mark_published(output / "2026-09")
    assert unchanged()  # the same reports, marked

    # A September that says otherwise asks for another October, but not of one that was published.
    accounts = (source / "accounts.xlsx").read_bytes()
    put(source, "A034", "Purpose", "other")
    make(source, output, "2026-09")
    (source / "accounts.xlsx").write_bytes(accounts)
    assert unchanged() is None
    publish.mark_published(output / "2026-10-2")
    assert unchanged()


def test_a_restated_month_says_so_first_with_what_moved(source, tmp_path):
    output = tmp_path / "reports"
    put(source, "A019", "Registered e-mail", "t.whistleby@example.org")
    make(source, output, schools=["S2"])
    publish.mark_published(output / "2026-10")
    put(source, "A019", "Registered e-mail", "elsewhere@example.com")
    outcome, _ = make(source, output, schools=["S2"])

    assert outcome.restates == "2026-10"
    assert "Restated:" in (output / "2026-10-2" / "index.html").read_text("utf-8")
    months = (output / "index.html").read_text("utf-8")
    assert '2026-10-2/index.html">October 2026</a> (restated and only Cedar Creek' in months

    records = load(source, read_on=last_day("2026-10"))
    since = read_since(output / "2026-10-2" / "schools" / "any", "2026-10")
    seen = edition(assess(records).at(last_day("2026-10")), "school", "S2", since=since)
    first, *_ = headlines.headline(seen)
    assert first.startswith(
        "Restated: since the report of October 2026 that was published, 1 finding was opened and "
        "none closed (1 of these because data, guidelines or the program changed);"
    )
    assert since_words.changed_words(seen)[1] == (
        "1 finding was opened because data were corrected."
    )
    (row,) = changed.table_changed(seen).frame.to_dict("records")
    assert row["What changed"] == "opened"
    assert row["Why"].endswith("from t.whistleby@example.org to elsewhere@example.com")
    assert set(changed.table_since(seen).frame["By corrected data"]) == {0, 1}
    book = workbooks.read(write_workbook(seen, tmp_path / "restated.xlsx"))
    moves = {row["Guideline"]: row for row in workbooks.table(book, "Moves")}
    row = moves["District e-mail"]
    assert (row["Open as published"], row["By corrected data"], row["Open now"]) == (0, 1, 1)


def test_the_first_month_says_that_there_is_none_before_it(standing):
    since = compare(SAMPLE, None, standing)
    seen = edition(standing, "school", "S1", since=since)
    (words,) = since_words.changed_words(seen)
    assert words.startswith("There is no report before this one to compare it with")
    assert headlines.headline(seen)[0].startswith("In October 2026, 12 findings were opened")
    moves = changed.table_changed(seen).frame["What changed"].value_counts()
    assert (moves["opened"], moves["closed"]) == (12, 9)
    by_hand = edition(standing, "school", "S1", since=read_since("reports", "2026-10"))
    assert since_words.changed_words(by_hand)[0].startswith("Made by hand")


DAMAGE = {
    "data/basis.json is missing": lambda data: (data / "basis.json").unlink(),
    "data/findings.parquet was changed since it was made": lambda data: (
        data / "findings.parquet"
    ).write_bytes(b"PAR1"),
    "data/records/staff.parquet is missing": lambda data: (
        data / "records" / "staff.parquet"
    ).unlink(),
}
UNREAD = {
    "basis.json is missing; an older version of the program made it": ("basis.json", None),
    "basis.json cannot be read": ("basis.json", b"[]"),
    "accounts.parquet cannot be read": ("records/accounts.parquet", b"PAR1 cut"),
    "status.parquet is missing": ("status.parquet", None),
}


def said_of(output, standing):
    """What a school's report says when that September is before it."""
    before = publish.edition_before(output, "2026-10")
    since = compare(output, before, standing)
    seen = edition(standing, "school", "S1", since=since)
    assert headlines.headline(seen)[0].startswith("In October 2026")
    return since_words.changed_words(seen)[0]


@pytest.mark.parametrize("words", DAMAGE)
def test_data_that_were_touched_are_not_compared_and_it_is_said_why(
    words, september, standing, tmp_path
):
    output = shutil.copytree(september, tmp_path / "reports")
    DAMAGE[words](output / "2026-09" / "data")
    assert said_of(output, standing).startswith(
        f"The report of September 2026 (folder 2026-09) cannot be compared with this one, because "
        f"{words}: listed is"
    )


@pytest.mark.parametrize("words", UNREAD)
def test_data_that_cannot_be_read_are_named_though_the_list_of_files_fits(
    words, september, standing, tmp_path
):
    output = shutil.copytree(september, tmp_path / "reports")
    name, data = UNREAD[words]
    path = output / "2026-09" / "data" / name
    path.unlink() if data is None else path.write_bytes(data)
    publish.write_manifest(output / "2026-09", publish.read_manifest(output / "2026-09"))
    assert f"because {words}: listed is" in said_of(output, standing)


def test_a_reports_key_holds_what_its_school_shows(september, standing):
    since = compare(september, publish.edition_before(september, "2026-10"), standing)
    rows = since.moved.rows
    assert {"S1", "S2"} <= set(rows["school_id"])
    rows.loc[rows["school_id"].eq("S1"), "cells"] = "another cell"
    again = compare(september, publish.edition_before(september, "2026-10"), standing)
    keys = [[since_key(one, school) for school in ("S1", "S2", None)] for one in (since, again)]
    assert [one == other for one, other in zip(*keys, strict=True)] == [False, True, False]


def test_a_guideline_that_is_no_more_has_its_last_line(september, standing, tmp_path):
    rules = tuple(rule for rule in standing.policy.rules if rule.id != "use-reported")
    fewer = assess(standing.records, replace(standing.policy, rules=rules)).at(standing.as_of)
    since = compare(september, publish.edition_before(september, "2026-10"), fewer)
    counts = since.moved.counts.set_index(["guideline", "school_id"])
    line = counts.loc[("use-reported", "*")]
    assert (line["open_then"], line["by_policy"], line["open_now"]) == (3, -3, 0)
    rows = since.moved.rows
    gone = rows[rows["guideline"].eq("use-reported") & rows["kind"].eq("finding")]
    assert set(gone["cells"]) == {"no guideline any more"} and set(gone["move"]) == {
        "closed",
        "past",
    }
    seen = edition(fewer, "office", since=since)
    book = workbooks.read(write_workbook(seen, tmp_path / "fewer.xlsx"))
    moves = {row["Guideline"]: row for row in workbooks.table(book, "Moves")}
    assert moves["use-reported"]["By guidelines or settings"] == -3
    assert changed.table_changed(seen).frame["Why"].str.endswith("no guideline any more").sum() > 2
