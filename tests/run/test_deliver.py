"""An edition goes out over a real mail server that fails at every step; counted at the server."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from nmsdreports import load
from nmsdreports.run import deliver, journal, post, publish
from nmsdreports.run.deliveries import ASKED, BEFORE, FAULT, Order
from nmsdreports.run.journal import DRAFTED, QUEUED, REFUSED, SENT
from nmsdreports.run.recipients import recipients
from nmsdreports.settings import InputError
from tests.run import mailed
from tests.run.mail_server import HANG_UP, WAIT, mail_server
from tests.run.mailed import EVERYBODY, PRINCIPALS

TODAY = pd.Timestamp("2026-11-24").date()
ALL = [*mailed.SCHOOLS, "*"]


@pytest.fixture
def standing(mailed_month, tmp_path, monkeypatch, remembered):
    """A copy of the edition, with words computed once."""
    monkeypatch.setattr(deliver, "school_editions", remembered)
    monkeypatch.setenv(post.PASSWORD_VARIABLE, "")
    return mailed.copy(mailed_month[1], tmp_path / "reports")


@cache
def load_once(source, texts):
    return load(source, read_on=TODAY, today=TODAY)


def read(source):
    """The records of a source, read once while its files are the same."""
    return load_once(source, tuple(path.read_bytes() for path in sorted(source.iterdir())))


@pytest.fixture
def source(mailed_month, tmp_path):
    return Path(shutil.copytree(mailed_month[0], tmp_path / "source"))


def sends(edition, source, port=None, **order):
    """Run once; gives what became of each message by whose it is, and what was done."""
    if port:
        settings = mailed.SETTINGS + (
            f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsender = "reports@example.org"\n'
            'security = "none"\n'
        )
        (source / "district.toml").write_text(settings, "utf-8")
    told = []
    done = deliver.deliver(edition, read(source), Order(smtp=bool(port), **order), told.append)
    assert told == done.outcomes
    return {outcome.whose: outcome for outcome in done.outcomes}


def states(outcomes):
    return [outcomes[whose].state for whose in ALL]


def workbook_of(edition, folder):
    (path,) = (edition / folder).glob("*.xlsx")
    return path.read_bytes()


def test_each_principal_gets_one_message_with_only_the_own_workbook(standing, source):
    with mail_server() as server:
        outcomes = sends(standing, source, server.port)

    assert states(outcomes) == [SENT] * 5
    assert server.to == EVERYBODY
    folders = sorted(path.name for path in (standing / "schools").iterdir())
    for (to, message), folder, (name, principal, _) in zip(
        server.accepted, folders, mailed.SCHOOLS.values(), strict=False
    ):
        (attached,) = message.iter_attachments()
        assert attached.get_content() == workbook_of(standing, f"schools/{folder}")
        assert attached.get_filename() == f"{name} 2026-10.xlsx"
        assert message["To"].addresses[0].display_name == principal
        assert [address.addr_spec for address in message["To"].addresses] == [to]
        assert message["Subject"] == f"{name}: social media report of October 2026"
        text = message.get_body().get_content()
        assert f"Dear {principal}," in text and "In October 2026, 5 findings were opened" in text
        assert "due" in text.split("What to do first:")[1] and "w.quillby@example.org" in text
        others = {other for other, _, _ in mailed.SCHOOLS.values()} - {name}
        assert [other for other in others if other in text] == []
    office = server.accepted[-1][1]
    assert office["Subject"] == "Reports of October 2026: 4 messages to principals sent"
    names = [part.get_filename() for part in office.iter_attachments()]
    assert names == ["Made-up District 2026-10.xlsx", "quarantine.xlsx"]
    assert publish.is_published(standing)


STEPS = [
    (step, number, fault)
    for step, numbers in {
        "CONNECT": (1, 2),
        "EHLO": (1,),
        "MAIL": (1, 3),
        "RCPT": (1, 4),
        "DATA": (2,),
        "CONTENT": (1, 3),
        "ENDED": (1, 3, 5),
        "QUIT": (1,),
    }.items()
    for number in numbers
    for fault in (HANG_UP, *([WAIT] if number in (1, 5) and step != "CONTENT" else []))
]


@pytest.mark.parametrize(("step", "number", "fault"), STEPS)
def test_no_one_gets_a_message_twice_or_is_left_out_unnamed(
    standing, source, step, number, fault, monkeypatch
):
    with mail_server() as server:
        server.faults[step, number] = fault
        with monkeypatch.context() as little:
            for name in ("PATIENCE_SECONDS", "LAST_PATIENCE_SECONDS"):
                little.setattr(post, name, 1.0 if fault == WAIT else 60.0)
            first = sends(standing, source, server.port)
        assert len(server.to) == len(set(server.to))
        asked = {one.to for one in first.values() if one.state == ASKED}
        waits = {one.to for one in first.values() if one.state == QUEUED}
        assert set(server.to) | asked | waits == set(EVERYBODY)
        assert waits.isdisjoint(server.to)
        if step == "ENDED":
            assert asked == {EVERYBODY[number - 1]} and asked < set(server.to)
        if step in ("CONNECT", "EHLO"):
            assert asked == set()

        second = sends(standing, source, server.port)
        told = [to for to in server.to if to in PRINCIPALS]
        assert len(told) == len(set(told))
        assert {one.to for one in second.values() if one.state == ASKED} == asked
        there = [one.whose for one in second.values() if one.state == ASKED and one.to in server.to]
        third = sends(standing, source, server.port, arrived=there, again=["all"])

    assert sorted(to for to in server.to if to in PRINCIPALS) == sorted(PRINCIPALS)
    assert server.to[-1] == EVERYBODY[-1] or "*" in there
    assert {one.state for one in third.values()} <= {SENT, BEFORE}


def test_a_server_that_is_down_leaves_all_queued_and_the_next_run_sends_them(standing, source):
    """21."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        down = sends(standing, source, closed.getsockname()[1])
    assert states(down) == [QUEUED] * 5
    assert "cannot be reached: Connection refused" in down["S1"].words
    assert not publish.is_published(standing)

    with mail_server() as server:
        assert states(sends(standing, source, server.port)) == [SENT] * 5
        assert states(sends(standing, source, server.port)) == [BEFORE] * 5
    assert server.to == EVERYBODY


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "ENDED"])
def test_a_no_for_now_is_tried_again_and_a_no_for_good_is_not(standing, source, step):
    """22."""
    with mail_server() as server:
        server.faults = {(step, 3): "451 try later", (step, 4): "550 no such person"}
        first = sends(standing, source, server.port)
        assert states(first) == [SENT, SENT, QUEUED, REFUSED, SENT]
        assert (first["S3"].words, first["S4"].words) == ("451 try later", "550 no such person")
        assert server.to == [*PRINCIPALS[:2], EVERYBODY[-1]]
        text = server.accepted[-1][1].get_body().get_content()
        assert "2 of 4 messages to principals are sent, with the reports of October" in text
        assert "- Hawk Hollow: 451 try later. The next run tries it again." in text
        assert "- Lantern Bay: 550 no such person." in text

        second = sends(standing, source, server.port)
        assert states(second) == [BEFORE, BEFORE, SENT, REFUSED, SENT]
        assert "it was not tried again" in second["S4"].words
        assert server.to[3:] == [PRINCIPALS[2], EVERYBODY[-1]]

        schools = {**mailed.SCHOOLS, "S4": ("Lantern Bay", "Milo", "m.globe@example.org")}
        mailed.write_schools(source, schools)
        third = sends(standing, source, server.port)
        assert states(third) == [BEFORE, BEFORE, BEFORE, SENT, SENT]
        assert third["S4"].to == "m.globe@example.org"


def test_a_server_that_wants_a_login_gets_no_further_message(standing, source):
    with mail_server() as server:
        server.faults["MAIL", 1] = "530 log in first"
        assert states(sends(standing, source, server.port)) == [QUEUED] * 5
    assert server.to == [] and server.reached["MAIL"] == 1


KILLED = """
import sys
from tests.run.test_deliver import read, deliver, Order
from pathlib import Path
deliver.deliver(Path(sys.argv[1]), read(Path(sys.argv[2])), Order(smtp=True), lambda one: None)
"""


def test_killed_between_the_servers_yes_and_our_record_the_office_is_asked(standing, source):
    """23."""
    with mail_server() as server:
        sends(standing, source, server.port, only=["S1"])
        server.killed = lambda to: to == PRINCIPALS[2] and os.kill(run.pid, signal.SIGKILL)
        command = [sys.executable, "-c", KILLED, str(standing), str(source)]
        run = subprocess.Popen(command, cwd=Path(__file__).parents[2])
        assert run.wait(60) == -signal.SIGKILL
        server.killed = None
        assert server.to == PRINCIPALS[:3]

        second = sends(standing, source, server.port)
        assert states(second) == [BEFORE, BEFORE, ASKED, SENT, SENT]
        assert "so it may have arrived" in second["S3"].words
        assert states(sends(standing, source, server.port)) == [BEFORE] * 2 + [ASKED] + [BEFORE] * 2
        assert server.to[:4] == PRINCIPALS
        sends(standing, source, server.port, again=["S3"])

    ids = [message["Message-ID"] for to, message in server.accepted if to == PRINCIPALS[2]]
    assert len(ids) == 2 and len(set(ids)) == 1
    assert publish.is_published(standing)


def test_what_cannot_be_put_on_record_does_not_leave(standing, source, monkeypatch):
    def full(output, line):
        if line.whose == "S2":
            raise OSError(28, "No space left on device")
        return journal.write_line(output, line)

    with mail_server() as server:
        with monkeypatch.context() as disk, pytest.raises(OSError, match="No space left"):
            disk.setattr(deliver, "write_line", full)
            sends(standing, source, server.port)
        assert server.to == PRINCIPALS[:1]
        assert states(sends(standing, source, server.port)) == [BEFORE, *[SENT] * 4]
    assert server.to == EVERYBODY


def swapped(source, *, names=False, addresses=False):
    schools = {key: list(row) for key, row in mailed.SCHOOLS.items()}
    one, two = schools["S1"], schools["S3"]
    if names:
        one[0], two[0] = two[0], one[0]
    if addresses:
        one[1:], two[1:] = two[1:], one[1:]
    mailed.write_schools(source, schools)


def exchange_workbooks(edition):
    """Each of two schools' folders holds the other's workbook, and the manifest agrees."""
    one, two = (
        next((edition / "schools" / folder).glob("*.xlsx"))
        for folder in ("S1-pine-elementary", "S3-hawk-hollow")
    )
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    reseal(edition)


def reseal(edition, **facts):
    publish.write_manifest(edition, {**publish.read_manifest(edition), **facts})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda edition, source: swapped(source, names=True), "the schools table calls S1 Hawk"),
        (lambda edition, source: swapped(source, addresses=True), "was that of Hawk Hollow when"),
        (lambda edition, source: exchange_workbooks(edition), "its workbook is that of S3"),
    ],
)
def test_a_report_never_goes_to_another_schools_principal(standing, source, change, words):
    """24."""
    change(standing, source)
    with mail_server() as server:
        outcomes = sends(standing, source, server.port)
    assert states(outcomes) == [FAULT, SENT, FAULT, SENT, SENT]
    assert words in outcomes["S1"].words
    assert server.to == [PRINCIPALS[1], PRINCIPALS[3], EVERYBODY[-1]]
    assert words in server.accepted[-1][1].get_body().get_content()


def test_an_address_that_the_staff_table_gives_to_another_school_is_not_used(standing, source):
    schools = {**mailed.SCHOOLS, "S3": ("Hawk Hollow", "Ulla", "u.maplewood@example.org")}
    mailed.write_schools(source, schools)
    rows = "E-mail,Name,School ID,From\nu.maplewood@example.org,Ulla Maplewood,S1,2020-07-01\n"
    (source / "staff.csv").write_text(rows, "utf-8")
    records = read(source)
    found = recipients(standing, records, records.schools, ())
    words = "u.maplewood@example.org works at Pine Elementary by the staff table"
    assert [one.fault for one in found] == ["", "", words, ""]
    # who works for the district's office, or leads both schools, may get the other's report, too
    schools = records.schools.copy()
    schools.loc[schools["school_id"] == "S1", "level"] = "district"
    both = records.schools.copy()
    both.loc[both["school_id"] == "S1", "principal_email"] = "u.maplewood@example.org"
    for table in (schools, both):
        found = recipients(standing, replace(records, schools=table), table, ())
        assert {one.fault for one in found} == {""}


def test_last_months_spreadsheets_are_not_mailed_unless_the_office_says_so(standing, source):
    """13."""
    reseal(standing, same_as="2026-09")
    with mail_server() as server:
        with pytest.raises(InputError, match=r"same as those of September 2026.*--unchanged"):
            sends(standing, source, server.port)
        assert server.reached == {} and not publish.is_published(standing)
        assert states(sends(standing, source, server.port, unchanged=True)) == [SENT] * 5


def test_the_office_is_told_what_left_the_registry_and_that_the_month_is_not_over(standing, source):
    told = standing / "data" / "since.json"
    left = {"account_id": "A9", "school_id": "S1", "label": 'X "@gone"', "set_aside": False}
    known = {**json.loads(told.read_text("utf-8")), "month": "2026-09", "unfinished": True}
    told.write_text(json.dumps({**known, "left": [left]}), "utf-8")
    reseal(standing)
    with mail_server() as server:
        sends(standing, source, server.port)
    office = server.accepted[-1][1].get_body().get_content()
    assert 'Account A9 (X "@gone") of the report of September 2026 is no longer in' in office
    assert "enter the day under Closed on" in office and "October 2026 was not over" in office


def test_an_edition_that_was_changed_does_not_leave(standing, source):
    page = next(standing.rglob("schools/S1*/*.xlsx"))
    page.write_bytes(page.read_bytes() + b" ")
    with mail_server() as server:
        with pytest.raises(InputError, match=r"not as it was made, so nothing was sent: .*changed"):
            sends(standing, source, server.port)
        assert server.reached == {}


def test_addresses_that_cannot_be_used_are_named_with_their_cell(standing, source):
    schools = {
        **mailed.SCHOOLS,
        "S1": ("Pine Elementary", "Nell", ""),
        "S2": ("École Élan 学校", "Zoë", "no address"),
        "S3": ("Hawk Hollow", "Greta", "greta@example.com"),
    }
    mailed.write_schools(source, schools)
    outcomes = sends(standing, source)
    assert states(outcomes) == [FAULT, FAULT, FAULT, DRAFTED, DRAFTED]
    assert [outcomes[whose].words for whose in ("S1", "S2", "S3")] == [
        "schools.csv has no e-mail address of the principal (row 2)",
        "the principal's e-mail in schools.csv, cell D3, cannot be read",
        "greta@example.com is no address of the district (example.org)",
    ]


def test_a_draft_may_have_been_sent_so_it_is_asked_about(standing, source):
    assert states(sends(standing, source)) == [DRAFTED] * 5
    drafts = sorted((standing.parent / "outbox" / "2026-10").iterdir())
    before = [path.read_bytes() for path in drafts]
    assert states(sends(standing, source)) == [BEFORE] * 5
    with mail_server() as server:
        assert states(sends(standing, source, server.port)) == [*[ASKED] * 4, SENT]
        outcomes = sends(standing, source, server.port, again=["S1"], arrived=["all"])
    assert states(outcomes) == [SENT, *[BEFORE] * 4]
    assert server.to == [EVERYBODY[-1], PRINCIPALS[0]]
    assert [path.read_bytes() for path in drafts] == before


def test_a_cut_last_line_of_the_journal_counts_as_not_written(standing, source):
    with mail_server() as server:
        sends(standing, source, server.port)
        path = standing.parent / "outbox" / journal.JOURNAL
        lines = path.read_bytes().splitlines(keepends=True)
        office_sent = len(lines) - 1
        for cut in range(0, len(lines[office_sent]), 120):
            path.write_bytes(b"".join(lines[:office_sent]) + lines[office_sent][:cut])
            assert states(sends(standing, source, server.port)) == [*[BEFORE] * 4, ASKED]
        sends(standing, source, server.port, arrived=["*"])
        assert states(sends(standing, source, server.port)) == [BEFORE] * 5
        assert server.to == EVERYBODY
        undated = re.sub(rb'"on": "[^"]+"', b'"on": ""', lines[2])
        for spoilt in (b"{}\n", undated):
            path.write_bytes(b"".join([*lines[:2], spoilt, *lines[3:]]))
            with pytest.raises(InputError, match=r"Line 3 of .* cannot be read"):
                sends(standing, source, server.port)
        assert server.to == EVERYBODY


def test_what_an_older_month_still_owes_is_named(standing, source):
    reseal(shutil.copytree(standing, standing.with_name("2026-09")), month="2026-09")
    owed = journal.Line("hash", "2026-09", "S3", "Hawk Hollow", "<id>", "to@example.org", QUEUED)
    journal.write_line(standing.parent, owed)
    done = deliver.deliver(standing, read(source), Order(), lambda one: None)
    assert done.left_over == {"2026-09": ["Hawk Hollow"]}
