"""An edition beside the one before: compared and told by the reports, or said why it cannot be."""

import json
import shutil
from dataclasses import replace

import openpyxl
import pytest
from click.testing import CliRunner

from nmsdreports import Page
from nmsdreports.cli import main
from nmsdreports.intake import load
from nmsdreports.policy import assess
from nmsdreports.run import publish, reports
from nmsdreports.run.compared import compare, read_since, since_key
from nmsdreports.run.damage import index_fault
from nmsdreports.run.month import unchanged_month
from nmsdreports.run.plan import last_day
from nmsdreports.run.snapshots import read_snapshot
from nmsdreports.settings import InputError, read_settings
from nmsdreports.views import changed, headlines, since_words
from nmsdreports.views.audience import edition
from nmsdreports.views.workbook import write_workbook
from tests.checklist.months import SAMPLE
from tests.run.quick_night import instead_of_workers, quick_notebook
from tests.run.test_editions import TODAY, make
from tests.views import workbooks


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "open_workers", instead_of_workers(quick_notebook))
    return shutil.copytree(SAMPLE, tmp_path / "source")


@pytest.fixture(scope="module")
def standing():
    return assess(load(SAMPLE, read_on=last_day("2026-10"))).at(last_day("2026-10"))


@pytest.fixture(scope="module")
def september(tmp_path_factory):
    """A folder of reports with a September of two schools."""
    output = tmp_path_factory.mktemp("september") / "reports"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reports, "open_workers", instead_of_workers(quick_notebook))
        make(SAMPLE, output, "2026-09", ["S1", "S2"])
    return output


def put(source, account, heading, value):
    book = openpyxl.load_workbook(source / "accounts.xlsx")
    sheet = book["Accounts"]
    (column,) = (cell.column for cell in sheet[3] if cell.value == heading)
    row = next(row[0].row for row in sheet.iter_rows(min_row=4) if row[0].value == account)
    sheet.cell(row, column).value = value
    book.save(source / "accounts.xlsx")


def remove(source, account):
    book = openpyxl.load_workbook(source / "accounts.xlsx")
    sheet = book["Accounts"]
    sheet.delete_rows(next(row[0].row for row in sheet.iter_rows() if row[0].value == account))
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
    # What the board gets follows what was published: only that is made again.
    publish.mark_published(output / "2026-09")
    assert unchanged() is None
    assert make(source, output)[1] == ["Board packet"]
    assert unchanged()

    # A September that says otherwise asks for another October, but not of one that was published.
    accounts = (source / "accounts.xlsx").read_bytes()
    put(source, "A034", "Purpose", "other")
    make(source, output, "2026-09")
    (source / "accounts.xlsx").write_bytes(accounts)
    assert unchanged() is None
    publish.mark_published(output / "2026-10-3")
    assert unchanged()


def test_a_restated_month_says_so_first_with_what_moved(source, tmp_path):
    output = tmp_path / "reports"
    put(source, "A019", "Registered e-mail", "t.whistleby@example.org")
    make(source, output, schools=["S2"])
    publish.mark_published(output / "2026-10")
    put(source, "A019", "Registered e-mail", "elsewhere@example.com")
    outcome, _ = make(source, output, schools=["S2"])

    assert outcome.restates == "2026-10"
    way_in = (output / "2026-10-2" / "index.html").read_text("utf-8")
    assert "Restated:" in way_in and '<a href="../2026-10/index.html">2026-10</a>' in way_in
    months = (output / "index.html").read_text("utf-8")
    published = '<a href="2026-10/index.html">October 2026 as published before</a>'
    row = months.split('index.html">October 2026</a>')[1].split("</li>")[0]
    assert "draft" in row and f"(restated; {published}) (only Cedar Creek" in row
    assert index_fault(output) == ""
    # What it is known by is for the program alone: nobody reads it on the page.
    assert "seal" not in months.partition("<body>")[2].casefold()

    records = load(source, read_on=last_day("2026-10"))
    since = read_since(output / "2026-10-2" / "schools" / "any", "2026-10")
    seen = edition(assess(records).at(last_day("2026-10")), "school", "S2", since=since)
    first, *_ = headlines.headline(seen)
    assert first.startswith(
        "Restated: since the report of October 2026 that was published, 1 finding was opened and "
        "none closed (by corrected data);"
    )
    assert since_words.changed_words(seen)[1] == (
        "1 finding was opened because data were corrected."
    )
    (row,) = changed.table_changed(seen).frame.to_dict("records")
    assert row["What changed"] == "opened"
    assert row["Why"].endswith("from t.whistleby@example.org to elsewhere@example.com")
    assert list(changed.table_since(seen).frame)[1:] == [
        "Open in the report of October 2026 that was published", "Opened by corrected data",
        "Open now",
    ]  # fmt: skip
    book = workbooks.read(write_workbook(seen, tmp_path / "restated.xlsx"))
    (row,) = (
        row for row in workbooks.table(book, "Since") if row["Guideline"] == "District e-mail"
    )
    assert list(row.values())[1:] == [0, 1, 1]


def test_how_many_are_open_is_compared_in_plain_words(standing):
    seen = edition(standing, "school", "S1", since=compare(SAMPLE, None, standing))
    since = {**seen.since, "name": "2026-09", "month": "2026-09", "cannot": "", "restated": False}

    def told(now):
        findings = seen.findings[seen.findings["open"]].head(now)
        quiet = {"changes": seen.changes[:0], "change_counts": seen.change_counts[:0]}
        made = replace(seen, since=since, findings=findings, **quiet)
        return since_words.changed_words(made)[0]

    assert told(0).endswith("none is open at the end of October, as before.")
    assert told(2).endswith("2 are open at the end of October, as many as it said.")


def test_the_first_month_says_that_there_is_none_before_it(standing):
    since = compare(SAMPLE, None, standing)
    seen = edition(standing, "school", "S1", since=since)
    (words,) = since_words.changed_words(seen)
    assert words.startswith("There is no report before this one to compare it with")
    page = Page(seen)
    page.show(since_words.changed_words(seen), "What changed")
    page.show(changed.table_since(seen))
    assert page.html().count("There is no report before") == 1  # not said again by the table
    assert headlines.headline(seen)[0].startswith("In October 2026, 12 findings were opened")
    moves = changed.table_changed(seen).frame["What changed"].value_counts()
    both = moves["opened and closed"]  # told in one line, counted in both numbers
    assert both > 1 and (moves["opened"] + both, moves["closed"] + both) == (12, 9)
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


def test_a_snapshot_cut_anywhere_is_named(september, tmp_path):
    data = shutil.copytree(september / "2026-09" / "data", tmp_path / "data")
    for name in ("basis.json", "records/schools.parquet"):
        path = data / name
        whole = path.read_bytes()
        for length in range(0, len(whole) - 2, len(whole) // 40):
            path.write_bytes(whole[:length])
            with pytest.raises(InputError, match=f"{path.name} cannot be read"):
                read_snapshot(data)
        path.write_bytes(whole)
    assert len(read_snapshot(data).findings) > 100


def test_a_reports_key_holds_what_its_school_shows(september, standing):
    since = compare(september, publish.edition_before(september, "2026-10"), standing)
    rows = since.moved.rows
    assert {"S1", "S2"} <= set(rows["school_id"])
    rows.loc[rows["school_id"].eq("S1"), "cells"] = "another cell"
    again = compare(september, publish.edition_before(september, "2026-10"), standing)
    keys = [[since_key(one, school) for school in ("S1", "S2", None)] for one in (since, again)]
    assert [one == other for one, other in zip(*keys, strict=True)] == [False, True, False]


def test_an_account_that_left_the_registry_keeps_its_name_and_is_told(source, september, tmp_path):
    output = shutil.copytree(september, tmp_path / "reports")
    remove(source, "A001")
    put(source, "A002", "School", "Nowhere")  # its row is there and is set aside
    outcome, _ = make(source, output, schools=["S1", "S2"])
    sentence, aside = outcome.left
    assert aside.startswith("Account A002 (Instagram ") and "its row in the registry" in aside
    assert sentence.startswith(
        'Account A001 (Facebook "@samplepineelementary") of the report of September 2026 is no '
        "longer in the registry"
    )
    assert "enter the day under Closed on instead of removing the row" in sentence

    records = load(source, read_on=last_day("2026-10"))
    since = read_since(output / "2026-10" / "schools" / "any", "2026-10")
    now = assess(records).at(last_day("2026-10"))
    own, other, office = (
        edition(now, *audience, since=since)
        for audience in (("school", "S1"), ("school", "S2"), ("office",))
    )
    assert {sentence, aside} <= {*since_words.changed_words(office)}
    told = " ".join(since_words.changed_words(own))
    assert sentence.split(" Put the row")[0] in told and "Closed on" not in told
    assert "If it is still in use, tell the district office, which keeps the registry" in told
    assert "its row in the registry could not be used; the district office has been told" in told
    for seen in (own, office):
        gone = seen.changes[seen.changes["account_id"].eq("A001")]
        assert (
            len(gone) > 3 and gone["label"].str.startswith('Facebook "@samplepineelementary"').all()
        )
    assert "A001" not in repr(other.since) + other.changes.to_csv()
    assert "A002" not in repr(other.since)
    checked = CliRunner().invoke(main, ["check", "--output", str(output), str(source)])
    assert sentence.replace("September", "October") not in checked.stdout
    publish.current_edition(publish.editions(output)["2026-10"]).rename(tmp_path / "aside")
    checked = CliRunner().invoke(main, ["check", "--output", str(output), str(source)])
    assert sentence in checked.stdout


def test_a_guideline_that_is_no_more_has_its_last_line(september, standing, tmp_path):
    rules = tuple(rule for rule in standing.policy.rules if rule.id != "use-reported")
    fewer = assess(standing.records, replace(standing.policy, rules=rules)).at(standing.as_of)
    since = compare(september, publish.edition_before(september, "2026-10"), fewer)
    counts = since.moved.counts.set_index(["guideline", "school_id"])
    line = counts.loc[("use-reported", "*")]
    assert (line["open_then"], line["closed_by_policy"], line["open_now"]) == (3, 3, 0)
    rows = since.moved.rows
    gone = rows[rows["guideline"].eq("use-reported") & rows["kind"].eq("finding")]
    assert set(gone["rules"]) == {"no guideline any more"} and set(gone["move"]) == {
        "closed",
        "past",
    }
    seen = edition(fewer, "office", since=since)
    book = workbooks.read(write_workbook(seen, tmp_path / "fewer.xlsx"))
    since = {row["Guideline"]: row for row in workbooks.table(book, "Since")}
    assert since["use-reported"]["Closed by guidelines or settings"] == 3
    # What one rule moved alike is one line of the page, and all of it stands in the workbook.
    why = "a guideline or setting changed: no guideline any more"
    listed = [row for row in workbooks.table(book, "Changes") if row["Why"] == why]
    assert len(listed) == len(gone) > 7
    table = changed.table_changed(seen)
    lines = table.frame[table.frame["Why"] == why]
    assert len(lines) == 4 and "the workbook lists each" in table.note
    statuses = changed.table_changed_statuses(seen).frame
    statuses = statuses[statuses["Why"] == why]
    ended = rows[rows["guideline"].eq("use-reported") & rows["kind"].eq("status")]
    assert len(statuses) < 12 < len(ended) and set(statuses["Now"]) == {"not judged"}
    alike = ended[ended["before"].eq("meets")]
    told = f"{len(alike)} accounts ({alike['school_id'].nunique()} schools)"
    assert told in statuses["Account"].to_list()
    many = lines[["Finding", "School", "What changed"]].iloc[-1].to_list()
    assert many == [
        f"use-reported: {len(gone) - 3} findings",
        "4 schools",
        "were over already, found no more",
    ]
