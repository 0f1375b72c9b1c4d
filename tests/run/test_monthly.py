"""What `monthly` does with a month, morning after morning, and what the office hears of it."""

import json
import os
import shutil
import signal
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from nmsdreports.cli import main, unattended
from nmsdreports.cli.reporting import DiskFull
from nmsdreports.run import clock, deliver, due, post, publish
from nmsdreports.run.journal import JOURNAL, OUTBOX, read_journal
from nmsdreports.settings import InputError
from tests.run import mailed
from tests.run.mail_server import mail_server

OCTOBER = Path("reports/2026-10")
DRAFTS = Path("reports/outbox/2026-10")
TROUBLE = Path("reports/outbox/2026-10 is not done.eml")


@pytest.fixture
def here(mailed_month, tmp_path, monkeypatch, remembered):
    """A folder with the source and the reports of October as a draft, as `report` leaves them."""
    monkeypatch.setattr(deliver, "school_editions", remembered)
    monkeypatch.setenv(post.PASSWORD_VARIABLE, "")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(mailed_month[0], "our district")
    mailed.copy(mailed_month[1], "reports")
    made = []

    def make_reports(month, schools, output, fresh, quiet, source):
        made.append(month)
        return 0, SimpleNamespace(edition=OCTOBER, failed=[], notes=[], left=[], hints=["A hint."])

    monkeypatch.setattr(unattended, "make_reports", make_reports)
    return made


def set_clock(monkeypatch, moment):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromisoformat(moment).astimezone(tz)

    monkeypatch.setattr(clock, "datetime", Clock)


@pytest.fixture
def run(monkeypatch):
    """Run `monthly` on a day in the morning; gives exit status and what was said."""

    def monthly(*options, on="2026-11-02"):
        set_clock(monkeypatch, on if "T" in on else f"{on}T06:30-08:00")
        given = ["monthly", *options, "our district"]
        done = CliRunner().invoke(main, given, prog_name="nmsdreports")
        assert isinstance(done.exception, SystemExit | None), done.exception
        return done.exit_code, done.stderr

    return monthly


def log():
    return "".join(path.read_text("utf-8") for path in sorted(Path("reports/logs").glob("*.log")))


def texts(path):
    mail = message_from_bytes(path.read_bytes(), policy=default)
    return mail, mail.get_body().get_content().replace("\r\n", "\n")


def use_server(port):
    settings = Path("our district", "district.toml")
    mail = (
        f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsender = "r@example.org"\nsecurity = "none"\n'
    )
    settings.write_text(mailed.SETTINGS + mail, "utf-8")


def test_a_month_is_made_once_and_its_drafts_written_once(here, run):
    assert run(on="2026-11-01")[1] == (
        "Nothing is due yet: October 2026 is due from November 2 on.\n"
    )
    assert here == [] and not DRAFTS.exists()
    status, said = run("--quiet")
    assert (status, said, here) == (0, "", ["2026-10"])
    assert publish.is_published(OCTOBER) and len(list(DRAFTS.iterdir())) == 5
    mail, text = texts(DRAFTS / "office.eml")
    assert mail["To"] == "Wren Quillby <w.quillby@example.org>"
    assert "4 messages to principals are ready" in text and "- A hint." in text

    told = log()
    assert "2026-11-02 06:30  Wrote the draft to Pine Elementary" in told
    assert told.endswith("2026-11-02 06:30  Ended with 0.\n")
    with Path("our district", "incidents.csv").open("a", encoding="utf-8") as file:
        file.write("I1,S1,student-identity,2026-10-05\n")
    shutil.rmtree(DRAFTS)  # sent, and tidied away
    for day in ("2026-11-02", "2026-11-03", "2026-11-30"):
        assert run(on=day) == (0, "Nothing is due: October 2026 is done.\n")
    assert here == ["2026-10"] and not DRAFTS.exists()


def test_what_waits_goes_on_the_next_morning_and_nothing_goes_twice(here, run):
    with mail_server() as server:
        use_server(server.port)
        server.faults = {("RCPT", 2): "451 later"}
        status, said = run("--smtp")
        assert status == 1 and "WAITS École Élan 学校" in said
        status, said = run("--smtp", on="2026-11-03")
        assert status == 0 and "The messages of 2026-10 are not all done yet." in said
        assert run("--smtp", on="2026-11-04")[1] == "Nothing is due: October 2026 is done.\n"
    assert here == ["2026-10"]
    assert sorted(server.to) == sorted([*mailed.EVERYBODY, "w.quillby@example.org"])
    first, second = (mail.get_body().get_content() for _, mail in server.accepted[3::2])
    assert "École Élan 学校: 451 later. The next run tries it again." in first
    assert "4 messages to principals are sent" in second and "451 later" not in second


def test_last_months_spreadsheets_are_not_sent_and_the_office_hears_why(here, run):
    manifest = publish.read_manifest(OCTOBER)
    text = publish.manifest_text({**manifest, "same_as": "2026-09"})
    (OCTOBER / "manifest.json").write_text(text, "utf-8", newline="\n")
    status, said = run()
    assert status == 1 and str(TROUBLE) in said
    mail, words = texts(TROUBLE)
    assert mail["Subject"] == "Social media reports of October 2026: not done, please look"
    assert "are made, but they did not go out" in words
    assert "nmsdreports send 2026-10 --unchanged 'our district'" in words
    assert "To try at once: nmsdreports monthly 'our district'\n" in words
    assert not DRAFTS.exists() and not publish.is_published(OCTOBER)

    text = publish.manifest_text(manifest)  # as if made again from newer ones
    (OCTOBER / "manifest.json").write_text(text, "utf-8", newline="\n")
    assert run(on="2026-11-03")[0] == 0
    assert not TROUBLE.exists() and len(list(DRAFTS.iterdir())) == 5
    assert here == ["2026-10", "2026-10"]


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (InputError("a.xlsx cannot be opened."), 2, "a.xlsx cannot be opened."),
        (OSError(5, "Input/output error", "a.xlsx"), 2, 'The system refused "a.xlsx": Input'),
        (DiskFull("The disk is full."), 1, "The disk is full."),
        (KeyError("Ada Pupil"), 2, "The program itself failed (KeyError, test_monthly.py line"),
    ],
)
def test_what_keeps_a_month_from_being_made_is_told_and_tried_again(
    here, run, monkeypatch, error, status, words
):
    def fail(*_):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(unattended, "make_reports", fail)
        done, said = run()
    assert done == status and "Ada Pupil" not in said
    assert ("in fail\n    raise error\nKeyError\n" in said) == isinstance(error, KeyError)
    _, text = texts(TROUBLE)
    assert words in text and "could not be made" in text and "Ada Pupil" not in text
    assert words in log() and "Ada Pupil" not in log()
    assert run(on="2026-11-03")[0] == 0
    assert not TROUBLE.exists()


def test_the_office_hears_of_trouble_by_mail_and_a_server_that_is_down_leaves_a_draft(here, run):
    (OCTOBER / "board" / "added.txt").parent.mkdir(exist_ok=True)
    (OCTOBER / "board" / "added.txt").write_text("by hand")
    with mail_server() as server:
        use_server(server.port)
        assert run("--smtp")[0] == 1
        assert server.to == ["w.quillby@example.org"]
        assert "added.txt was added" in str(server.accepted[0][1])
        status, said = run("--smtp", on="2026-11-03")
        assert status == 1 and "was told so by mail before (w.quillby@example.org)" in said
        assert len(server.to) == 1  # not every weekday the same
        (OCTOBER / "board" / "more.txt").write_text("by hand")
        assert run("--smtp", on="2026-11-04")[0] == 1
        assert len(server.to) == 2 and "more.txt was added" in str(server.accepted[1][1])
    assert not TROUBLE.exists() and not publish.is_published(OCTOBER)
    (OCTOBER / "board" / "more.txt").unlink()
    status, said = run("--smtp", on="2026-11-05")
    assert status == 1 and "It could not be sent: The mail server 127.0.0.1" in said
    assert TROUBLE.exists()


def test_where_the_office_cannot_be_mailed_a_draft_waits_until_it_can(here, run):
    with mail_server() as server:
        use_server(server.port)
    status, said = run("--smtp")
    assert status == 1 and said.count("WAITS") == 5
    _, text = texts(TROUBLE)
    assert "The office's own message did not go out" in text
    with mail_server() as server:
        use_server(server.port)
        assert run("--smtp", on="2026-11-03")[0] == 0
    assert sorted(server.to) == sorted(mailed.EVERYBODY) and not TROUBLE.exists()


def test_settings_that_cannot_be_read_are_told_where_nobody_is(here, run):
    Path("our district", "district.toml").write_text('tme_zone = "x"')
    assert run()[0] == 2
    mail, text = texts(TROUBLE)
    assert mail["To"] is None and "did you mean 'time_zone'?" in text and here == []


def test_a_month_that_the_office_handed_out_itself_is_left_alone(here, run):
    publish.mark_published(OCTOBER)
    assert run() == (0, "Nothing is due: October 2026 is done.\n")
    assert here == [] and not DRAFTS.exists()


@pytest.mark.parametrize("after", [1, 2, 4])
def test_a_delivery_that_was_broken_off_is_finished(here, run, after):
    assert run()[0] == 0
    journal = Path("reports", OUTBOX, JOURNAL)
    lines = journal.read_text("utf-8").splitlines(keepends=True)
    assert json.loads(lines[0])["state"] == "begun" and len(lines) == 6
    journal.write_text("".join(lines[:after]), "utf-8")
    assert run(on="2026-11-03")[0] == 0
    assert here == ["2026-10"]
    assert [line.name for line in read_journal(Path("reports"))[1:]] == [
        *(name for name, _, _ in mailed.SCHOOLS.values()),
        "The office",
    ]


def test_a_month_of_one_school_or_with_a_draft_beside_does_not_count_as_done(here, run):
    manifest = publish.read_manifest(OCTOBER)
    text = publish.manifest_text({**manifest, "whole": False})
    (OCTOBER / "manifest.json").write_text(text, "utf-8", newline="\n")
    publish.mark_published(OCTOBER)
    assert not due.find_due(Path("reports"), date(2026, 11, 2)).done


def test_the_office_chooses_how_many_weekdays_it_needs(here, run):
    for day in ("2026-11-02", "2026-11-03"):
        assert "is due from November 4 on" in run("--workday", "3", on=day)[1]
    assert run("--workday", "3", "--quiet", on="2026-11-04") == (0, "")
    assert run("--workday", "0")[0] == 2
    august = date(2026, 8, 31)  # its first is a Saturday
    days = [clock.first_due(august, workday).day for workday in (1, 5, 6, 10)]
    assert days == [3, 7, 10, 14]


def test_the_day_is_the_districts_and_the_repeated_hour_makes_nothing_twice(here, run):
    """19."""
    for moment in ("2026-11-01T08:30+00:00", "2026-11-01T09:30+00:00", "2026-11-02T07:59+00:00"):
        assert "Nothing is due yet: October" in run(on=moment)[1]
    assert run(on="2026-11-02T08:01+00:00")[0] == 0
    assert run(on="2026-11-02T08:01+00:00")[1] == "Nothing is due: October 2026 is done.\n"
    assert here == ["2026-10"]


@pytest.mark.parametrize("day", ["2026-09-30", "2028-01-03"])
def test_nothing_is_made_by_a_clock_that_cannot_be_right(here, run, day):
    """20."""
    status, said = run(on=day)
    assert status == 2 and "the last month with reports is October 2026: set the clock" in said
    assert "report --month 20" in texts(next(Path("reports/outbox").glob("*.eml")))[1]
    assert here == [] and not DRAFTS.exists()


def test_a_run_that_is_stopped_says_so_and_ends_as_signals_do(here, run, monkeypatch):
    def stop(*_):
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(unattended, "make_reports", stop)
    assert run()[0] == 143
    assert log().endswith("Stopped; the next run goes on where it stopped.\n")


def test_without_a_folder_it_says_what_is_missing(here, monkeypatch):
    monkeypatch.delenv("NMSDREPORTS_SOURCE", raising=False)
    done = CliRunner().invoke(main, ["monthly"])
    assert (done.exit_code, done.stderr) == (
        2, "Name the folder with the district's spreadsheets.\n",
    )  # fmt: skip
