"""What a person at the keyboard reads of `send`, and what it leaves."""

import re
import shutil
import socket
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from click.testing import CliRunner

from nmsdreports.cli import main
from nmsdreports.run import clock, deliver, post, publish
from nmsdreports.run.lock import only_run
from tests.checklist import months
from tests.run import mailed
from tests.run.mail_server import HANG_UP, mail_server

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "for-the-office" / "the-verbs.md").read_text("utf-8")


@pytest.fixture
def here(mailed_month, tmp_path, monkeypatch, remembered):
    """A folder with the source and the reports of October, on a day in November."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 11, 4, 20, tzinfo=tz)

    monkeypatch.setattr(clock, "datetime", Clock)
    monkeypatch.setattr(deliver, "school_editions", remembered)
    monkeypatch.setenv(post.PASSWORD_VARIABLE, "")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(mailed_month[0], "our-district")
    mailed.copy(mailed_month[1], "reports")
    return tmp_path


def send(*arguments):
    done = CliRunner().invoke(main, ["send", *map(str, arguments)], prog_name="nmsdreports")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stderr.splitlines()


def use_server(port):
    Path("our-district", "district.toml").write_text(
        f'{mailed.SETTINGS}[mail]\nhost = "127.0.0.1"\nport = {port}\n'
        'sender = "reports@example.org"\noffice = "office@example.org"\nsecurity = "none"\n',
        "utf-8",
    )


def test_drafts_are_written_told_and_written_once(here):
    way_in = Path("reports", "index.html").read_text("utf-8")
    assert "draft</span>" in way_in and "published</span>" not in way_in
    status, said = send("our-district")  # the last complete month
    assert status == 0
    assert said[1] == "Wrote the draft to Pine Elementary (n.inkpenny@example.org)"
    assert said[-1] == "Wrote 5 drafts. Open each one, look at it, send it: reports/outbox/2026-10"
    assert publish.is_published(Path("reports/2026-10"))
    way_in = Path("reports", "index.html").read_text("utf-8")
    assert "published</span>" in way_in and "draft</span>" not in way_in
    drafts = sorted(Path("reports/outbox/2026-10").iterdir())
    assert len(drafts) == 5
    for path in drafts:
        draft = message_from_bytes(path.read_bytes(), policy=default)
        assert draft["X-Unsent"] == "1" and draft["From"] is None and draft["Date"] is None
        assert next(draft.iter_attachments()).get_filename().endswith("2026-10.xlsx")
    drafts[0].unlink()  # sent, and tidied away

    status, said = send("2026-10", "our-district")
    assert status == 0 and said[-1] == "Wrote no messages now."
    assert re.match(r"Done before: Pine .*: draft written on \w+ \d+, 20\d\d$", said[1])
    assert not drafts[0].exists()
    status, said = send("2026-10", "our-district", "--again", "pine elementary")
    assert status == 0 and said[-1].startswith("Wrote 1 draft.")


def test_what_did_not_go_out_is_named_with_what_to_do(here):
    with mail_server() as server:
        use_server(server.port)
        server.faults = {("RCPT", 1): "451 later", ("RCPT", 2): "550 no", ("ENDED", 1): HANG_UP}
        status, said = send("2026-10", "our-district", "--smtp", "--quiet")
        assert status == 1
        assert said == [
            "WAITS Pine Elementary (n.inkpenny@example.org): 451 later. The next run tries it "
            "again.",
            "REFUSED École Élan 学校 (z.unal@example.org): 550 no. Mend the address; or mend the "
            "cause and add --again S2.",
            "ASK Hawk Hollow (g.rulerton@example.org): it was on its way when that was broken off "
            "(Connection unexpectedly closed), so it may have arrived. Find out whether it did; "
            "then add --arrived S3 or --again S3.",
        ]
        assert server.to[-1] == "office@example.org"

        asked = ["2026-10", "our-district", "--smtp", "--arrived", "S3", "--again", "S2"]
        status, said = send(*asked)
    assert status == 0
    assert said[1:] == [
        "Sent to Pine Elementary (n.inkpenny@example.org)",
        "Sent to École Élan 学校 (z.unal@example.org)",
        "Done before: Hawk Hollow (g.rulerton@example.org): the office says that it arrived",
        said[4],
        "Sent to The office (office@example.org)",
        "Sent 3 messages now.",
    ]
    assert said[4].startswith("Done before: Lantern Bay (m.globeworth@example.org): sent on ")
    assert {server.to.count(to) for to in mailed.PRINCIPALS} == {1}


def test_a_server_that_is_down_ends_with_1_and_one_school_can_be_sent_alone(here):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        use_server(closed.getsockname()[1])
        status, said = send("2026-10", "our-district", "--smtp")
    assert status == 1
    assert sum(line.startswith("WAITS") for line in said) == 5
    assert "Connection refused. The next run tries it again." in said[1]
    assert said[-1] == "Sent no messages now."
    with mail_server() as server:
        use_server(server.port)
        assert send("2026-10", "our-district", "--smtp", "--school", "Hawk Hollow")[0] == 0
    assert server.to == ["g.rulerton@example.org"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["2026-10", "our-district", "--smtp"], "district.toml needs host and sender under [mail]"),
        (
            ["2026-09", "our-district"],
            'There are no reports "2026-09" in "reports"; there are',
        ),
        (
            ["2026-10", "our-district", "--again", "Pine Elementery"],
            "did you mean Pine Elementary?",
        ),
        (["our-district", "--again", "S1", "--arrived", "S1"], "S1: either --again or --arrived."),
    ],
)
def test_what_cannot_be_done_as_asked_is_refused(here, arguments, words):
    status, said = send(*arguments)
    assert status == 2
    assert words in said[-1]
    assert not Path("reports/outbox").exists()


def test_nothing_is_sent_while_another_run_is_at_work(here):
    with only_run(Path("reports")):
        status, said = send("2026-10", "our-district")
    assert status == 2 and "Reports are being made" in said[-1]
    assert not Path("reports/outbox").exists()


def test_the_samples_month_goes_out_as_the_page_on_the_verbs_shows_it(
    sample_month, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(sample_month.edition.parent, "reports")
    shutil.copytree(months.SAMPLE, "data/sample")
    (shown,) = re.findall(r"```\n(nmsdreports send .*?)```", PAGE, re.S)
    command, *lines = shown.splitlines()
    status, said = send(*command.split()[2:])
    assert status == 0
    assert [line for line in lines if line not in said] == []
    for name, report in sample_month.reports.items():
        draft = Path("reports/outbox/2026-10", f"{'office' if not report.school_id else name}.eml")
        attached = [
            part.get_content()
            for part in message_from_bytes(draft.read_bytes(), policy=default).iter_attachments()
        ]
        assert attached[0] == report.workbook.read_bytes()
        assert len(attached) == (1 if report.school_id else 2)


def test_a_restated_month_says_so_and_what_of_the_old_one_still_lies_about(here):
    send("our-district")
    accounts = Path("our-district", "accounts.csv")
    rows = accounts.read_text("utf-8").replace("@S2x,2026-10-02", "@S2x,2025-10-02")
    accounts.write_text(rows, "utf-8")
    assert mailed.make(Path("our-district"), Path("reports")).name == "2026-10-2"
    status, said = send("our-district", "--quiet")
    lying = "Drafts of 2026-10 still lie in reports/outbox/2026-10; do not send them any more."
    assert (status, said) == (0, [lying])

    def draft(name):
        content = Path("reports/outbox/2026-10-2", name).read_bytes()
        mail = message_from_bytes(content, policy=default)
        return mail["Subject"], mail.get_body().get_content()

    subject, text = draft("S1-pine-elementary.eml")
    assert subject == "Pine Elementary: social media report of October 2026 (restated)"
    assert (
        text.splitlines()[2]
        == "This report takes the place of the one of October 2026 that was sent before."
    )
    assert "What was done after October 31, 2026, shows in the next report;" in text
    subject, text = draft("office.eml")
    assert subject == "Reports of October 2026 (restated): 4 messages to principals ready"
    stands = (
        "Across the district, as of October 31, 2026, 20 findings are open, all of them overdue."
    )
    assert text.splitlines()[0] == stands
    assert "take the place of those of October 2026 that were published as 2026-10." in text
    assert "another one now at: École Élan 学校." in text
    assert "None is another one at: Pine Elementary, Hawk Hollow and Lantern Bay." in text
    assert lying in text
    first_one = Path("reports/outbox/2026-10/office.eml").read_text("utf-8")
    assert "restate" not in first_one and "Drafts of" not in first_one
