"""The entries that start `monthly`, read by the systems' own programs where these are here."""

import os
import plistlib
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from nmsdreports.cli import common, main
from nmsdreports.run import schedule
from nmsdreports.run.entries import (
    NAME,
    Entry,
    cron_lines,
    launchd_plist,
    systemd_service,
    systemd_timer,
    windows_task,
    without_cron_lines,
)
from nmsdreports.run.verify import verify
from nmsdreports.settings import InputError
from tests.run import mailed

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a shell stands for the systems' programs")

FILES = Path(__file__).parents[1] / "files" / "notebooks"
AWKWARD = 'Büro 100% "a\'b" $HOME 学校'
OTHERS = "# mine\nMAILTO=me@example.org\n5 4 * * 0 /usr/bin/true # nmsdreports-monthly\n"
CLOCK = """
import datetime
from nmsdreports.run import clock

class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 11, 2, 14, 30, tzinfo=datetime.UTC).astimezone(tz)

clock.datetime = Clock
"""
# What Microsoft's schema of tasks lets stand in an element, in the order in which it wants it.
SCHEMA = {
    "Task": "RegistrationInfo Triggers Settings Data Principals Actions",
    "RegistrationInfo": "URI Source Author Version Date Documentation Description",
    "CalendarTrigger": "Enabled StartBoundary EndBoundary Repetition ExecutionTimeLimit "
    "RandomDelay ScheduleByDay ScheduleByWeek ScheduleByMonth ScheduleByMonthDayOfWeek",
    "ScheduleByWeek": "WeeksInterval DaysOfWeek",
    "DaysOfWeek": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "Settings": "AllowStartOnDemand RestartOnFailure MultipleInstancesPolicy "
    "DisallowStartIfOnBatteries StopIfGoingOnBatteries AllowHardTerminate StartWhenAvailable "
    "RunOnlyIfNetworkAvailable WakeToRun Enabled Hidden IdleSettings ExecutionTimeLimit Priority",
    "Triggers": "CalendarTrigger",
    "Actions": "Exec",
    "Exec": "Command Arguments WorkingDirectory",
}
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


@pytest.fixture
def entry(tmp_path):
    """A program in a folder with an awkward name that writes down what it was given."""
    folder = tmp_path / AWKWARD
    folder.mkdir()
    program = folder / "tell.py"
    told = f'#!{sys.executable}\nimport sys\nprint("\\n".join(sys.argv[1:]))\n'
    program.write_text(told, "utf-8")
    program.chmod(0o755)
    return Entry((str(program), "--output", "50% of %d", str(folder)), 6, 30)


def needs(program):
    if shutil.which(program) is None:
        pytest.skip(f"this machine has no {program}: what it makes of the entry was not seen")


def test_systemd_takes_both_units_and_finds_the_program(entry, tmp_path):
    needs("systemd-analyze")
    home = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}

    def verify(entry):
        units = [tmp_path / f"{NAME}.service", tmp_path / f"{NAME}.timer"]
        units[0].write_text(systemd_service(entry), "utf-8")
        units[1].write_text(systemd_timer(entry), "utf-8")
        words = ["systemd-analyze", "--user", "--man=no", "verify", *units]
        done = subprocess.run(words, capture_output=True, text=True, env=home, check=False)
        return [line for line in done.stderr.splitlines() if NAME in line]

    assert verify(entry) == []  # by way of env, since no program may have such a name
    assert 'ExecStart="/usr/bin/env" "' in systemd_service(entry)
    program = tmp_path / "Büro 50%h $HOME 学校.py"
    shutil.copy(entry.words[0], program)
    plain = Entry((str(program), *entry.words[1:]), 6, 30)
    assert verify(plain) == []
    program.unlink()  # only a path that was read as it is meant is missed now
    assert any(f"{program} is not executable" in line for line in verify(plain))


def test_systemd_starts_it_on_weekdays_only_and_makes_up_for_what_was_missed(entry):
    needs("systemd-analyze")
    timer = systemd_timer(entry)
    assert "\nPersistent=true\n" in timer
    (when,) = re.findall("OnCalendar=(.*)", timer)
    done = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=6", "--base-time=2026-10-29 12:00", when],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C", "TZ": "America/Los_Angeles"},
        check=True,
    )
    days = re.findall(r"(?:elapse|Iter\. #\d): (\w+ [\d-]+ [\d:]+)", done.stdout)
    assert days == [
        "Fri 2026-10-30 06:30:00", "Mon 2026-11-02 06:30:00", "Tue 2026-11-03 06:30:00",
        "Wed 2026-11-04 06:30:00", "Thu 2026-11-05 06:30:00", "Fri 2026-11-06 06:30:00",
    ]  # fmt: skip


def test_cron_takes_the_line_and_gives_it_to_the_shell_as_it_is_meant(entry, tmp_path):
    needs("crontab")
    lines = cron_lines(entry)
    (tmp_path / "tab").write_text(lines, "utf-8")
    done = subprocess.run(["crontab", "-n", tmp_path / "tab"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    line = lines.splitlines()[1]
    assert line.startswith("30 6 * * 1-5 ") and not re.search(r"(?<!\\)%", line)
    given = line.split(" ", 5)[5].replace("\\%", "%")  # what cron does before it asks the shell
    told = subprocess.run(["/bin/sh", "-c", given], capture_output=True, check=True).stdout
    assert told.decode().splitlines() == list(entry.words[1:])


def test_what_cron_cannot_be_told_is_refused():
    for word, why in (("a\\b", "backslash"), ("x" * 1000, "as long as this one")):
        with pytest.raises(InputError, match=why):
            cron_lines(Entry(("/bin/true", word), 6, 30))
    with pytest.raises(InputError, match="line break"):
        Entry(("/bin/true", "a\nb"), 6, 30)


def test_other_lines_of_a_crontab_stay(entry):
    assert without_cron_lines(OTHERS + cron_lines(entry) + "@daily x\n") == OTHERS + "@daily x\n"
    assert without_cron_lines(OTHERS) == OTHERS


def test_launchd_and_windows_are_told_the_same(entry):
    known = plistlib.loads(launchd_plist(entry))
    assert known["ProgramArguments"] == list(entry.words)
    assert known["StartCalendarInterval"] == [
        {"Weekday": day, "Hour": 6, "Minute": 30} for day in (1, 2, 3, 4, 5)
    ]
    assert (known["Label"], set(known)) == (
        NAME, {"Label", "ProgramArguments", "StartCalendarInterval"},
    )  # fmt: skip

    task = ElementTree.fromstring(windows_task(entry))
    texts = {one.tag.removeprefix(TASK): one.text for one in task.iter() if not len(one)}
    assert all(one.tag.startswith(TASK) for one in task.iter())
    assert texts["Command"] == entry.words[0]
    assert texts["Arguments"] == subprocess.list2cmdline(entry.words[1:])
    assert texts["StartBoundary"].endswith("T06:30:00") and texts["StartWhenAvailable"] == "true"
    for parent in (one for one in task.iter() if len(one)):
        order = SCHEMA[parent.tag.removeprefix(TASK)].split()
        places = [order.index(child.tag.removeprefix(TASK)) for child in parent]
        assert places == sorted(set(places))
    days = task.find(f".//{TASK}DaysOfWeek")
    assert [day.tag.removeprefix(TASK) for day in days] == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
    ]  # fmt: skip


@pytest.fixture
def system(tmp_path, monkeypatch):
    """Programs of the systems that write down what they are asked; a file stands for a crontab."""
    programs, asked = tmp_path / "programs", tmp_path / "asked"
    programs.mkdir()
    asked.touch()
    tab = tmp_path / "crontab"

    def program(name, body):
        path = programs / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{asked}"\n{body}\n')
        path.chmod(0o755)

    program(
        "crontab",
        f'[ "$1" = - ] && exec cat > "{tab}"\n[ -f "{tab}" ] && exec cat "{tab}"\n'
        "echo 'no crontab for somebody' >&2\nexit 1",
    )
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv(common.COMMAND_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    Path("our district").mkdir()
    Path("our district", "district.toml").touch()

    def run(*arguments):
        done = CliRunner().invoke(main, ["schedule", *arguments], prog_name="nmsdreports")
        assert isinstance(done.exception, SystemExit | None), done.exception
        lines = asked.read_text().splitlines()
        asked.write_text("")
        return done, lines

    run.program, run.tab = program, tab
    return run


def test_with_cron_alone_the_entry_comes_is_replaced_and_goes(system):
    system.program("systemctl", "exit 1")
    system.tab.write_text(OTHERS)
    done, _ = system("our district")
    assert f"monthly --output {Path.cwd()}/reports '{Path.cwd()}/our district'\n" in done.stdout
    assert "Nothing was changed" in done.stderr and system.tab.read_text() == OTHERS

    done, _ = system("--install", "our district")
    assert done.exit_code == 0 and done.stdout == ""
    assert "From now on cron starts this every weekday at 06:30" in done.stderr
    options = ["--install", "--at", "7:05", "--workday", "3", "our district"]
    assert system(*options)[0].exit_code == 0
    kept, line = system.tab.read_text().split("# nmsdreports-monthly: begin")
    assert kept == OTHERS and line.count("\n5 7 * * 1-5 ") == 1 and "--workday 3" in line
    words = shlex.split(line.splitlines()[1])[5:]
    assert words[:3] == [sys.executable, "-m", "nmsdreports.cli"]

    assert system("--remove")[0].stderr == "The entry is removed.\n"
    assert system.tab.read_text() == OTHERS
    assert system("--remove")[0].stderr == "There was no entry to remove.\n"


def test_a_crontab_that_cannot_be_read_is_not_replaced(system):
    system.program("systemctl", "exit 1")
    system.program("crontab", "echo 'you are not allowed' >&2; exit 1")
    done, lines = system("--install", "our district")
    assert done.exit_code == 2 and "so nothing was changed: you are not allowed" in done.stderr
    assert lines == ["systemctl --user show-environment", "crontab -l"]


def test_systemd_is_preferred_and_an_older_entry_of_cron_goes(system):
    system.program("systemctl", "exit 1")
    assert system("--install", "our district")[0].exit_code == 0
    system.program("systemctl", "exit 0")
    done, lines = system("--install", "our district")
    assert "a timer of systemd" in done.stderr and "enable-linger" in done.stderr
    assert system.tab.read_text() == ""
    units = Path(".config/systemd/user")
    assert sorted(path.name for path in units.iterdir()) == [f"{NAME}.service", f"{NAME}.timer"]
    assert lines[-2:] == [
        "systemctl --user daemon-reload", f"systemctl --user enable --now {NAME}.timer",
    ]  # fmt: skip
    done, lines = system("--remove")
    assert f"systemctl --user disable --now {NAME}.timer" in lines
    assert list(units.iterdir()) == []


@pytest.mark.parametrize("name", ["darwin", "nt"])
def test_on_other_systems_their_programs_are_asked(system, monkeypatch, name):
    way = schedule.LAUNCHD if name == "darwin" else schedule.WINDOWS
    monkeypatch.setattr(schedule, "schedulers", lambda: [way])
    program = "launchctl" if name == "darwin" else "schtasks"
    system.program(program, "exit 0")
    done, lines = system("--install", "our district")
    assert done.exit_code == 0 and way.words in done.stderr
    agent = Path("Library/LaunchAgents", f"{NAME}.plist")
    if name == "darwin":
        assert lines[-1] == f"launchctl bootstrap gui/{os.getuid()} {agent.absolute()}"
        assert plistlib.loads(agent.read_bytes())["ProgramArguments"][0] == sys.executable
    else:
        assert re.fullmatch(f"schtasks /Create /TN {NAME} /XML .*{NAME}.xml /F", lines[-1])
    done, lines = system("--remove")
    assert done.stderr == "The entry is removed.\n" and not agent.exists()
    system.program(program, "echo 'access is denied' >&2; exit 5")
    done, _ = system("--install", "our district")
    assert done.exit_code == 2 and f"{program} did not do it" in done.stderr
    assert "access is denied" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--install", "--remove"], "Either --install or --remove."),
        (["--at", "25:00", "our district"], "write hours and minutes as in 06:30"),
        (["no such folder"], "which must be there"),
        (["--install", "--smtp", "our district"], "needs host and sender under [mail]"),
    ],
)
def test_what_could_not_work_some_morning_is_refused_now(system, arguments, words):
    done, lines = system(*arguments)
    assert done.exit_code == 2 and words in done.stderr
    assert [line for line in lines if "crontab -" in line and line != "crontab -l"] == []


def test_where_nothing_can_start_it_this_is_said(system, monkeypatch):
    monkeypatch.setenv("PATH", "")
    done, _ = system("--install", "our district")
    assert done.exit_code == 2 and "have cron installed" in done.stderr


def test_who_began_with_start_py_has_it_start_so(system, monkeypatch):
    monkeypatch.setenv(common.COMMAND_VARIABLE, "python3 start.py")
    monkeypatch.setattr(schedule, "schedulers", lambda: [schedule.CRON])
    line = system("our district")[0].stdout.splitlines()[1]
    start = Path(schedule.__file__).parents[2] / "start.py"
    assert shlex.split(line)[5:8] == [sys.executable, str(start), "monthly"]


def test_the_entry_that_is_printed_makes_the_month_wherever_it_is_started(system, tmp_path):
    system.program("systemctl", "exit 1")
    source = mailed.write_source(tmp_path / "50% of our district")
    mailed.write_schools(source, {"S1": mailed.SCHOOLS["S1"]})
    (source / "own").mkdir()  # the school's notebook is the real one, the others have two cells
    shutil.copy(FILES / "hello.ipynb", source / "own" / "district_report.ipynb")
    shutil.copy(FILES / "board.ipynb", source / "own" / "board_charts.ipynb")
    (source / "district.toml").write_text(f'notebooks = "own"\n{mailed.SETTINGS}', "utf-8")
    line = system(str(source))[0].stdout.splitlines()[1]
    given = line.split(" ", 5)[5].replace("\\%", "%")
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(CLOCK)
    root = Path(schedule.__file__).parents[2]
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}  # as cron has it, and:
    environment["PYTHONPATH"] = f"{tmp_path / 'clock'}:{root}"

    def start(command):
        words = ["/bin/sh", "-c", command]
        return subprocess.run(
            words, cwd="/", env=environment, capture_output=True, encoding="utf-8", timeout=120
        )

    done = start(given)
    assert done.returncode == 1, done.stderr  # the accounts of three schools that are not there
    assert "Wrote 2 drafts." in done.stderr and "3 rows could not be used" in done.stderr
    reports = tmp_path / "reports"
    assert [one.faults for one in verify(reports)] == [[], []]
    drafts = reports / "outbox" / "2026-10"
    assert sorted(path.name for path in drafts.iterdir()) == [
        "S1-pine-elementary.eml",
        "office.eml",
    ]
    log = (reports / "logs" / "2026-11.log").read_text("utf-8")
    assert log.splitlines()[-1] == "2026-11-02 06:30  Ended with 1."

    again = start(given.replace(" -m ", " -X importtime -m ", 1))
    assert again.returncode == 0 and "Nothing is due: October 2026 is done." in again.stderr
    assert not re.search(r"\| +(pandas|numpy|papermill|openpyxl)$", again.stderr, re.M)
