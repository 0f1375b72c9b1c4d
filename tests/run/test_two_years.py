"""Two years of mornings: each month made once, nothing early, nothing forgotten."""

import random
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from nmsdreports.cli import main, unattended
from nmsdreports.run import clock, deliver, lock, publish, snapshots
from nmsdreports.run.deliveries import OFFICE_NAME
from nmsdreports.run.journal import DRAFTED, read_journal
from nmsdreports.run.month import write_months
from nmsdreports.run.verify import verify
from nmsdreports.settings import read_settings
from nmsdreports.views.sentences import month_words
from tests.run import mailed

ZONE = ZoneInfo("America/Los_Angeles")
BEGINS, ENDS = date(2026, 10, 1), date(2028, 10, 1)
MISSED = "2027-06"  # the computer stands still all July
CHANGES = [date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7), date(2028, 3, 12)]
LEFT_OUT = 0.3


def moments():
    """When the entry starts: weekday mornings, some left out, and around each clock change.

    The computer's own clock is in the district's zone the first year, in UTC the second.
    """
    chance = random.Random(11)
    day = BEGINS
    while day < ENDS:
        zone = ZONE if day.year == 2026 or day.month < 10 else UTC
        if day in CHANGES:  # all through the night in which an hour is missing or comes twice
            midnight = datetime.combine(day, time(), ZONE).astimezone(UTC)
            yield from (midnight + timedelta(minutes=30 * n) for n in range(8))
        elif day.weekday() < 5 and f"{day:%Y-%m}" != "2027-07" and chance.random() > LEFT_OUT:
            yield datetime.combine(day, time(6, 30), zone)
        day += timedelta(days=1)


def written_for(month, template, output, settings):
    """Put an edition of a month there as if it were made now: the template with another month."""
    folder = Path(shutil.copytree(template, output / month))
    manifest = {**publish.read_manifest(folder), "month": month, "before": None}
    before, now = month_words(mailed.MONTH).encode(), month_words(month).encode()
    for path in folder.rglob("*.xlsx"):
        with ZipFile(path) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
        parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(before, now)
        with ZipFile(path, "w") as packed:
            for name, content in parts.items():
                packed.writestr(name, content)
    publish.write_manifest(folder, {key: manifest[key] for key in manifest if key != "outputs"})
    write_months(settings, output, [])
    return folder


@pytest.fixture
def mornings(mailed_month, tmp_path, monkeypatch, remembered):
    """Start `monthly` at a moment; only making the reports and wording them take no time."""
    source, made = mailed_month
    template = Path(shutil.copytree(made, tmp_path / "template"))
    shutil.rmtree(template / "data")
    settings = read_settings(source)
    then = snapshots.read_snapshot(made / "data")
    words = remembered(made, then, settings)
    monkeypatch.setattr(deliver, "school_editions", lambda *_: words)
    monkeypatch.setattr(deliver, "read_snapshot", lambda _: then)
    monkeypatch.setattr(lock, "_began", lambda _: "")
    monkeypatch.chdir(tmp_path)
    log = []

    def make_reports(month, schools, output, *_):
        log.append(month)
        edition = written_for(month, template, output, settings)
        return 0, SimpleNamespace(edition=edition, failed=[], notes=[], left=[], hints=[])

    monkeypatch.setattr(unattended, "make_reports", make_reports)

    def start(moment):
        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return moment.astimezone(tz)

        with monkeypatch.context() as patch:
            patch.setattr(clock, "datetime", Clock)
            done = CliRunner().invoke(main, ["monthly", str(source)])
        assert isinstance(done.exception, SystemExit | None), done.exception
        return done

    return SimpleNamespace(start=start, made=log)


def due_day(month, mornings_of):
    """The first morning on which a month may be made, and must be."""
    following = (date.fromisoformat(f"{month}-28") + timedelta(days=4)).replace(day=1)
    first = following + timedelta(days={5: 2, 6: 1}.get(following.weekday(), 0))
    days = [day for day in mornings_of if (day.year, day.month) == (first.year, first.month)]
    return next(day for day in days if day >= first)


def test_each_month_is_made_once_nothing_early_and_nothing_forgotten(mornings):
    """25: a month in which nothing ran is named by the next run and by `verify`."""
    made_on, ended = {}, []
    for moment in moments():
        before = len(mornings.made)
        done = mornings.start(moment)
        ended.append((done.exit_code, done.stderr))
        for month in mornings.made[before:]:
            made_on[month] = moment.astimezone(ZONE).date()
    months = [f"{year}-{number:02}" for year in (2026, 2027, 2028) for number in range(1, 13)]
    wanted = [month for month in months if "2026-09" <= month < "2028-09" and month != MISSED]
    assert mornings.made == wanted

    days = sorted({moment.astimezone(ZONE).date() for moment in moments()})
    assert made_on == {month: due_day(month, days) for month in wanted}
    assert {status for status, _ in ended} == {0}
    assert sum("Nothing is due" not in said for _, said in ended) == len(wanted)

    output = Path("reports")
    told = [line for line in read_journal(output) if line.name == OFFICE_NAME]
    assert [line.folder for line in told] == wanted
    assert {line.state for line in told} == {DRAFTED}
    assert len(list(output.glob("outbox/*/*.eml"))) == 5 * len(wanted)
    assert [(one.name, one.faults) for one in verify(output) if one.faults] == [
        (MISSED, ["there are no reports of June 2027"])
    ]
    first_after = (output / "outbox" / "2027-07" / "office.eml").read_text("ascii")
    assert "There are no reports of June 2027." in first_after
    logs = sorted(path.stem for path in output.glob("logs/*.log"))
    assert logs == [
        month for month in months if "2026-10" <= month < "2028-10" and month != "2027-07"
    ]
