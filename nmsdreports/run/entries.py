"""The entry that starts a command every weekday, as each system's scheduler reads it: text only.

Each has its own traps with what a path may hold: cron takes % for a line break and knows no other
way to escape it than a backslash, systemd expands % and $, and Windows splits at spaces. A run that
was missed, because the machine was off, is made up for where the scheduler can do that.
"""

import plistlib
import re
import shlex
import subprocess
from dataclasses import dataclass
from xml.etree import ElementTree

from nmsdreports.settings import InputError

NAME = "nmsdreports-monthly"
CRON_BEGIN = f"# {NAME}: begin (written by schedule --install)"
CRON_END = f"# {NAME}: end"
_ABOUT = "Monthly reports on the district's social media accounts, where they are due"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_LONGEST_CRON = 990
_UNSAFE = "'\"\\"
_TASKS = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_ANY_PAST_MONDAY = "2026-01-05"


@dataclass(frozen=True)
class Entry:
    """What is to be started every weekday: the command in words, the first a program's path."""

    words: tuple[str, ...]
    hour: int
    minute: int

    def __post_init__(self) -> None:
        wrong = [word for word in self.words if not word.isprintable()]
        if wrong:
            raise InputError(
                f"No scheduler takes {wrong[0]!r}, because of a line break or another sign that "
                "cannot be printed: give the folder another name."
            )

    @property
    def time(self) -> str:
        """The time of day, as 06:30."""
        return f"{self.hour:02d}:{self.minute:02d}"


def systemd_service(entry: Entry) -> str:
    """Return the unit that says what is started."""
    # systemd takes no program whose own path holds a quotation mark or a backslash.
    indirect = ("/usr/bin/env",) if {*entry.words[0]} & {*_UNSAFE} else ()
    program, *rest = (*indirect, *entry.words)
    # In the program's own path systemd puts no variable in, so there $ stands for itself.
    words = [_systemd_word(program), *(_systemd_word(word).replace("$", "$$") for word in rest)]
    return (
        f"[Unit]\nDescription={_ABOUT}\n\n[Service]\nType=oneshot\nNice=10\n"
        f"ExecStart={' '.join(words)}\n"
    )


def systemd_timer(entry: Entry) -> str:
    """Return the unit that says when; what was missed is made up for at the next start."""
    return (
        f"[Unit]\nDescription={_ABOUT}\n\n[Timer]\nOnCalendar=Mon..Fri *-*-* {entry.time}:00\n"
        "Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )


def cron_lines(entry: Entry) -> str:
    """Return the lines for a crontab; raise InputError for what cron cannot be told."""
    command = shlex.join(entry.words)
    if "\\" in command:
        raise InputError(f"cron cannot be told of a backslash: {command}")
    line = f"{entry.minute} {entry.hour} * * 1-5 {command}".replace("%", "\\%")
    if len(line.encode()) > _LONGEST_CRON:
        raise InputError(f"cron takes no line as long as this one: {line}")
    return f"{CRON_BEGIN}\n{line}\n{CRON_END}\n"


def without_cron_lines(crontab: str) -> str:
    """Return a crontab without the lines of an entry; all others stay as they are."""
    block = f"{re.escape(CRON_BEGIN)}\n.*?{re.escape(CRON_END)}\n?"
    return re.sub(block, "", crontab, flags=re.S)


def launchd_plist(entry: Entry) -> bytes:
    """Return the property list of a launch agent; a time slept through is made up for."""
    return plistlib.dumps(
        {
            "Label": NAME,
            "ProgramArguments": list(entry.words),
            "StartCalendarInterval": [
                {"Weekday": day, "Hour": entry.hour, "Minute": entry.minute}
                for day, _ in enumerate(_WEEKDAYS, start=1)
            ],
        }
    )


def windows_task(entry: Entry) -> bytes:
    """Return the task as `schtasks /Create /XML` reads it; what was missed is made up for."""
    program, *rest = entry.words
    task = _element(
        "Task",
        _element("RegistrationInfo", _element("Description", _ABOUT)),
        _element(
            "Triggers",
            _element(
                "CalendarTrigger",
                _element("StartBoundary", f"{_ANY_PAST_MONDAY}T{entry.time}:00"),
                _element(
                    "ScheduleByWeek",
                    _element("WeeksInterval", "1"),
                    _element("DaysOfWeek", *map(_element, _WEEKDAYS)),
                ),
            ),
        ),
        _element(
            "Settings",
            _element("MultipleInstancesPolicy", "IgnoreNew"),
            _element("DisallowStartIfOnBatteries", "false"),
            _element("StopIfGoingOnBatteries", "false"),
            _element("StartWhenAvailable", "true"),
            _element("ExecutionTimeLimit", "PT12H"),
        ),
        _element(
            "Actions",
            _element(
                "Exec",
                _element("Command", program),
                _element("Arguments", subprocess.list2cmdline(rest)),
            ),
        ),
    )
    task.attrib |= {"version": "1.2", "xmlns": _TASKS}
    ElementTree.indent(task)
    text = ElementTree.tostring(task, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-16"?>\n{text}\n'.encode("utf-16")


def _systemd_word(word: str) -> str:
    quoted = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{quoted}"'


def _element(name: str, *content: "ElementTree.Element | str") -> ElementTree.Element:
    element = ElementTree.Element(name)
    for item in content:
        if isinstance(item, str):
            element.text = item
        else:
            element.append(item)
    return element
