"""What must be known before the numbers, wherever they are read: page, workbook, mail, ways in."""

import json
import shutil
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner

from nmsdreports import Page
from nmsdreports.cli import main
from nmsdreports.intake import load
from nmsdreports.policy import assess
from nmsdreports.run import publish, reports
from nmsdreports.run.compared import read_since
from nmsdreports.run.damage import index_fault
from nmsdreports.run.month import make_month
from nmsdreports.run.plan import last_day, plan_month
from nmsdreports.run.way_in import publish_edition
from nmsdreports.views import headlines, mail_words, since_words
from nmsdreports.views.audience import edition
from nmsdreports.views.workbook import write_workbook
from tests.checklist.months import SAMPLE
from tests.run.quick_night import instead_of_workers, quick_notebook
from tests.views import workbooks

OCTOBER = "2026-10"
BEFORE_ITS_END, AFTER = date(2026, 10, 20), date(2026, 11, 24)
NOT_OVER = "October 2026 was not over when this was made"


@pytest.fixture(scope="module")
def records():
    return load(SAMPLE, read_on=last_day(OCTOBER))


@pytest.fixture(scope="module")
def standing(records):
    return assess(records).at(last_day(OCTOBER))


@pytest.fixture(scope="module")
def september(tmp_path_factory, records):
    """A folder of reports with a published September."""
    output = tmp_path_factory.mktemp("september") / "reports"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reports, "open_workers", instead_of_workers(quick_notebook))
        make(records, output, "2026-09")
    publish_edition(output / "2026-09")
    return output


@pytest.fixture
def output(september, tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "open_workers", instead_of_workers(quick_notebook))
    return shutil.copytree(september, tmp_path / "reports")


def make(records, output, month=OCTOBER, schools=(), today=AFTER):
    plan = plan_month(records, month, schools, output, today)
    return make_month(plan, lambda *said: None).edition


def run(*arguments):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.stderr


def report(output):
    return run("report", "--month", OCTOBER, "--quiet", "--output", output, SAMPLE)


def way_in(folder):
    return (folder / "index.html").read_text("utf-8").replace("&nbsp;", " ")


def seen_in(folder, standing, *audience):
    """What the report in an edition's folder says, as its notebook finds it."""
    since = read_since(str(folder / "schools" / "any"), OCTOBER)
    return edition(standing, *(audience or ("school", "S1")), since=since)


def above_the_numbers(seen, path):
    """What page, notebook, workbook and mail say before the first number."""
    page = Page(seen)
    head = page.head._repr_mimebundle_()["text/html"]
    page.show(headlines.headline(seen))
    first, *_ = headlines.headline(seen)
    lines = workbooks.read(write_workbook(seen, path))["Summary"].iter_rows(values_only=True)
    sheet = "\n".join(str(row[0]) for row in lines if row[0])
    mail = mail_words.school_words(seen, "Nell Inkpenny", "Pine.xlsx").text
    texts = (page.html(), sheet, mail)
    return [head, *(text.partition(first[:30])[0] for text in texts)]


def test_a_month_that_is_not_over_says_so_wherever_it_is_read(output, records, standing, tmp_path):
    early = make(records, output, schools=["S1"], today=BEFORE_ITS_END)
    for text in above_the_numbers(seen_in(early, standing), tmp_path / "early.xlsx"):
        assert NOT_OVER in text
    assert NOT_OVER in way_in(early)
    assert "(made before the month was over)" in way_in(output)
    board = edition(standing, "board", since=read_since(str(early / "board"), OCTOBER))
    assert board.since == {"unfinished": True}

    late = make(records, output, schools=["S1"])
    assert late != early
    for text in above_the_numbers(seen_in(late, standing), tmp_path / "late.xlsx"):
        assert "was not over" not in text and "Mind:" not in text
    assert "was not over" not in way_in(late) and "before the month was over" not in way_in(output)


def test_what_could_not_be_compared_is_told_on_top_and_no_numbers_are_mixed(
    output, records, standing, tmp_path
):
    (output / "2026-09" / "data" / "findings.parquet").write_bytes(b"PAR1")
    made = make(records, output, schools=["S1"])
    seen = seen_in(made, standing)
    told = "This could not be compared with the report of September 2026, so its numbers do not"
    for text in above_the_numbers(seen, tmp_path / "alone.xlsx"):
        assert told in text
    assert told in way_in(made)
    first, *_ = headlines.headline(seen)
    assert first.startswith("In October 2026, ") and first.endswith(" open at its end.")
    none_before = replace(seen, since={**seen.since, "name": "", "cannot": ""})
    assert headlines.headline(none_before)[0].endswith("than at the end of September.")


def test_a_month_put_back_is_compared_again_by_itself(output):
    """10: a damaged snapshot, and then its backup."""
    findings = output / "2026-09" / "data" / "findings.parquet"
    whole = findings.read_bytes()
    findings.write_bytes(whole[:-1])
    status, said = report(output)
    assert status == 1 and "as it was made, so 2026-10 could not be compared with it;" in said
    assert "names what was changed. Put it back as it was, and run report again." in said
    assert "cannot be compared" in told_on(output / OCTOBER)
    report(output)  # still damaged: nothing has changed
    assert not (output / "2026-10-2").exists()

    findings.write_bytes(whole)
    status, said = report(output)
    assert status == 0 and "not as it was made" not in said
    assert "cannot be compared" not in told_on(output / "2026-10-2")
    assert "Mind:" not in way_in(output / "2026-10-2") and not (output / OCTOBER).exists()
    assert report(output)[0] == 0 and not (output / "2026-10-3").exists()

    findings.write_bytes(whole[:-1])
    report(output)
    assert not (output / "2026-10-3").exists()  # it was compared with the whole one


def test_a_published_month_that_could_be_compared_now_stays_and_says_so(output):
    basis = output / "2026-09" / "data" / "basis.json"
    whole = basis.read_bytes()
    basis.unlink()
    assert report(output)[0] == 1
    assert run("publish", OCTOBER, "--output", output)[0] == 0
    basis.write_bytes(whole)
    status, said = report(output)
    assert status == 0
    assert "2026-10 could not be compared with 2026-09, which is whole again now. What is" in said
    assert not (output / "2026-10-2").exists()


def told_on(folder):
    """Whether the reports of an edition were compared, in their words."""
    told = json.loads((folder / "data" / "since.json").read_text("utf-8"))
    return f"cannot be compared: {told['cannot']}" if told["cannot"] else ""


def test_the_page_of_months_says_what_is_published_and_what_is_a_draft(output):
    assert report(output)[0] == 0

    def states():
        rows = way_in(output).split('<li><a href="')[1:]
        return {row[:7]: ("✓</span> published" in row, "✎</span> draft" in row) for row in rows}

    assert states() == {"2026-10": (False, True), "2026-09": (True, False)}
    publish.mark_published(output / OCTOBER)  # as after a verb that was killed there
    assert index_fault(output) == (
        "calls 2026-10 a draft, which is so no more; run report again to mend it"
    )
    status, said = run("publish", OCTOBER, "--output", output)
    assert status == 0 and "is marked as published already" in said
    assert states() == {"2026-10": (True, False), "2026-09": (True, False)}
    assert index_fault(output) == ""


def test_publishing_leaves_a_page_of_months_alone_that_somebody_changed(output):
    assert report(output)[0] == 0
    page = output / "index.html"
    own = page.read_text("utf-8").replace("Reports on", "Our reports on")
    page.write_text(own, "utf-8")
    assert run("publish", OCTOBER, "--output", output)[0] == 0
    assert page.read_text("utf-8") == own
    assert report(output)[0] == 0
    assert index_fault(output) == "" and way_in(output).count("</span> published") == 2


def test_an_account_that_left_the_registry_is_named_on_every_way_in(
    output, records, standing, tmp_path
):
    known = ~records.accounts["account_id"].eq("A001")
    fewer = replace(records, accounts=records.accounts[known].reset_index(drop=True))
    made = make(fewer, output, schools=["S1", "S2"])
    named = "Account A001 (Facebook “@samplepineelementary”) of the report of September 2026"
    named = named.replace("“", '"').replace("”", '"')
    for page in (way_in(made), way_in(output)):
        text = page.replace("&#34;", '"').replace("<wbr>", "")
        assert f"{named} is no longer in the registry" in text
        assert "enter the day under Closed on" in text
    now = assess(fewer).at(last_day(OCTOBER))
    own, other = (
        mail_words.school_words(seen_in(made, now, "school", school), "Nell", "x.xlsx").text
        for school in ("S1", "S2")
    )
    assert named in own and "tell the district office, which keeps the registry" in own
    assert "Put the row back" not in own and "A001" not in other
    assert since_words.changed_words(seen_in(made, now))[3].endswith("still to be put right.")
