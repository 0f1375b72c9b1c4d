"""What `rollover` writes for a new school year, who gets it, and what it refuses."""

import re
import shutil
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from nmsdreports import load
from nmsdreports.cli import main
from nmsdreports.run import clock
from nmsdreports.run.rollover import parse_school_year
from nmsdreports.settings import InputError
from nmsdreports.views.finish import read_properties
from tests.run import mailed

ROOT = Path(__file__).parents[2]
OUTBOX = Path("reports", "outbox", "rollover-2027")
NOVEMBER = date(2026, 11, 24)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a small district, on a day in November 2026."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 11, 24, 20, tzinfo=tz)

    monkeypatch.setattr(clock, "datetime", Clock)
    monkeypatch.chdir(tmp_path)
    mailed.write_source(Path("our-district"))
    return tmp_path


def rollover(*arguments):
    done = CliRunner().invoke(main, ["rollover", *arguments], prog_name="nmsdreports")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stderr.splitlines()


def read_draft(path):
    draft = message_from_bytes(path.read_bytes(), policy=default)
    (attachment,) = draft.iter_attachments()
    return draft, draft.get_body().get_content(), attachment.get_content()


def cells(content):
    """Every text and day of a workbook."""
    sheets = load_workbook(BytesIO(content)).worksheets
    return {cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row} - {None}


def test_each_principal_gets_a_draft_with_the_own_school_and_the_office_all(here):
    status, said = rollover("--year", "2027", "our-district")
    assert status == 0
    assert said[1] == "  Pine Elementary: 3"
    assert said[-2] == (
        "School year 2027–28: 12 things are to be done: 4 to approve, 4 without a supervisor's "
        "admin rights and 4 to find out; 8 of them are overdue."
    )
    assert said[-1] == f"Wrote 5 drafts. Open each one, look at it, send it: {OUTBOX}"

    names = [name for name, _, _ in mailed.SCHOOLS.values()]
    for number, (school_id, (name, principal, address)) in enumerate(mailed.SCHOOLS.items(), 1):
        (path,) = OUTBOX.glob(f"{school_id}-*.eml")
        draft, text, content = read_draft(path)
        assert draft["X-Unsent"] == "1" and draft["From"] is None
        assert draft["To"].addresses[0].addr_spec == address
        assert text.startswith(f"Dear {principal},") and "September 1, 2027" in text
        assert read_properties(content)["school_id"] == school_id
        found = cells(content)
        assert {f"A{number}", "Supervisor approval (Professional 2)"} <= found
        assert not {f"A{other}" for other in range(1, 5) if other != number} & found
        everything = text + " ".join(map(str, found))
        assert not [other for other in names if other != name and other in everything]

    draft, text, content = read_draft(OUTBOX / "office.eml")
    assert draft["To"].addresses[0].addr_spec == "w.quillby@example.org"
    assert {"A1", "A2", "A3", "A4", *names} <= cells(content)
    assert all(name in text for name in names)
    assert [path.name for path in Path("reports").iterdir()] == ["outbox"]  # no edition, no journal
    assert [path.name for path in OUTBOX.parent.iterdir()] == [OUTBOX.name]


def test_the_same_is_not_written_twice_and_an_older_one_stays(here):
    rollover("--year", "2027", "our-district")
    before = {path: path.read_bytes() for path in OUTBOX.rglob("*") if path.is_file()}
    status, said = rollover("--year", "2027", "our-district")
    assert (status, said[-1]) == (0, f"Nothing has changed since {OUTBOX} was written.")

    accounts = Path("our-district", "accounts.csv")
    lines = accounts.read_text("utf-8").splitlines()
    (own,) = OUTBOX.glob("All schools*.xlsx")
    Path("our-district", own.name).write_bytes(own.read_bytes())  # it is never read as input
    accounts.write_text("\n".join([lines[0] + ",Closed on", lines[1] + ",2026-11-20", *lines[2:]]))
    status, said = rollover("--year", "2027", "our-district")
    assert said[-1].endswith(f"{OUTBOX}-2") and said[-1].startswith("Wrote 4 drafts.")
    older = (
        "Drafts of an earlier run still lie in rollover-2027. The new ones take their place: do "
        "not send what is left in that folder."
    )
    assert said[-2] == older and older in read_draft(Path(f"{OUTBOX}-2", "office.eml"))[1]
    again = rollover("--year", "2027", "--quiet", "our-district")
    assert again == (0, [older])
    records = load("our-district", read_on=NOVEMBER)
    assert len(records.accounts) == 4 and "own-workbook" in {*records.problems["code"]}
    assert not [*Path(f"{OUTBOX}-2").glob("S1-*")]  # its only account is closed
    assert {path: path.read_bytes() for path in OUTBOX.rglob("*") if path.is_file()} == before

    shutil.rmtree(OUTBOX)  # thrown away, as the office was told
    assert rollover("--year", "2027", "--quiet", "our-district") == (0, [])
    assert [path.name for path in OUTBOX.parent.iterdir()] == ["rollover-2027-2"]


def test_only_an_open_finding_is_called_overdue(here):
    status, said = rollover("our-district")
    assert status == 0 and said[-2].endswith("4 to find out; 8 of them are overdue.")
    (path,) = Path("reports/outbox/rollover-2026").glob("S1-*/*.xlsx")
    head, *rows = [
        [cell.value for cell in row[:3]]
        for row in load_workbook(path)["To renew"].iter_rows()
        if row[0].value == "State" or isinstance(row[1].value, datetime)
    ]
    assert head == ["State", "Due by", "What to do"] and len(rows) == 3
    for state, due, task in rows:
        assert due.date() < NOVEMBER
        assert (state is None) == task.startswith("Find out"), (state, task)


def test_who_cannot_be_reached_is_named_and_the_workbook_is_there(here):
    schools = {
        "S1": ("Pine Elementary", "Nell Inkpenny", ""),
        "S2": ("École Élan 学校", "Zoë Ünal", "z.unal@elsewhere.example"),
    }
    mailed.write_schools(Path("our-district"), mailed.SCHOOLS | schools)
    table = Path("our-district", "schools.csv")
    head, *rows = table.read_text("utf-8").splitlines()
    closed = [row + (",2027-06-30" if row.startswith("S3") else ",") for row in rows]
    table.write_text("\n".join([head + ",Closed on", *closed]), "utf-8")
    status, said = rollover("--year", "2027", "--quiet", "our-district")
    assert status == 1
    assert said == [
        "NO DRAFT Pine Elementary: schools.csv has no e-mail address of the principal (row 2).",
        "NO DRAFT École Élan 学校: z.unal@elsewhere.example is no address of the district "
        "(example.org).",
        "NO DRAFT Hawk Hollow: it closes on June 30, 2027, before the school year.",
    ]
    assert sorted(path.stem[:2] for path in OUTBOX.glob("*.eml")) == ["S4", "of"]
    assert len([*OUTBOX.glob("S*/*.xlsx")]) == 4
    _, text, _ = read_draft(OUTBOX / "office.eml")
    assert "- Hawk Hollow: it closes on June 30, 2027, before the school year." in text
    assert "1 message to principals lies as a draft beside this one" in text


def test_the_page_shows_what_is_said_of_the_sample(here):
    page = (ROOT / "docs" / "for-the-office" / "the-verbs.md").read_text("utf-8")
    (shown,) = re.findall(r"^nmsdreports rollover (--year.*?)^```", page, re.M | re.S)
    asked, *lines = shown.splitlines()
    shutil.copytree(ROOT / "data", "data")
    status, said = rollover(*asked.split())
    assert status == 0
    assert " ".join(lines) in " ".join(said)


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        (
            "soon",
            '"soon" is not a school year; write the year in which it begins: name 2026 or 2027.',
        ),
        (
            "2027-29",
            '"2027-29" is not a school year; write the year in which it begins: name 2026 or 2027.',
        ),
        (
            "2025",
            "The school year 2025–26 is over: it ended on August 31, 2026; name 2026 or 2027.",
        ),
        (
            "2031",
            "The school year 2031–32 begins on September 1, 2031, too far off to say what it will "
            "ask for; name 2026 or 2027.",
        ),
    ],
)
def test_a_year_that_cannot_be_prepared_is_refused_in_a_sentence(here, year, sentence):
    assert rollover("--quiet", "--year", year, "our-district") == (2, [sentence])
    assert not Path("reports").exists()


def test_a_registry_without_accounts_is_refused(here):
    Path("our-district", "accounts.csv").write_text("Account ID,School,Platform,Handle\n", "utf-8")
    status, said = rollover("--quiet", "our-district")
    assert (status, said) == (
        2,
        ["The registry holds no account, so there is nothing to renew."],
    )
    assert not Path("reports").exists()


@pytest.mark.parametrize(
    ("text", "today", "begins"),
    [
        ("2027", NOVEMBER, 2027),
        (" 2027–28 ", NOVEMBER, 2027),
        ("2026/2027", NOVEMBER, 2026),
        (None, NOVEMBER, 2026),
        (None, date(2027, 2, 28), 2026),
        (None, date(2027, 3, 1), 2027),
        (None, date(2027, 8, 31), 2027),
        ("2026", date(2027, 8, 31), 2026),
    ],
)
def test_a_school_year_is_named_by_the_year_in_which_it_begins(text, today, begins):
    assert parse_school_year(text, today).begins == begins


def test_a_year_is_over_on_its_last_day_s_morrow():
    with pytest.raises(InputError, match="is over"):
        parse_school_year("2026", date(2027, 9, 1))
