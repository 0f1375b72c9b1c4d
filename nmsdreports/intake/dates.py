"""Day texts → days, by strict patterns: what is not certain is not read.

Month first, as in the United States; `13/9/2026` is never turned round, only suggested. A time of
day is cut off, after conversion to the district's zone where the text carries an offset.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from nmsdreports.intake.texts import Fault, Parsed

FIRST_YEAR = 2004
PENDING = ("pending", "tbd", "tba", "requested", "in progress", "not yet", "to be determined")
WHOLE_WORDS_OF_YES = ("yes", "y", "no", "x", "true", "false", "✓", "✔")
_MONTH_NAMES = (
    "jan january",
    "feb february",
    "mar march",
    "apr april",
    "may",
    "jun june",
    "jul july",
    "aug august",
    "sep sept september",
    "oct october",
    "nov november",
    "dec december",
)
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()
}
_TIME = (
    r"(?:(?:T|,? +)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"(?: ?(?P<offset>Z|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?|GMT|UTC))?)?"
)
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,? +)?"
_PATTERNS = tuple(
    re.compile(rf"{pattern}{_TIME}", re.IGNORECASE)
    for pattern in (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4}|\d{2})",
        r"(?P<m>\d{1,2})-(?P<d>\d{1,2})-(?P<y>\d{4}|\d{2})",
        r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})",
        rf"{_WEEKDAY}(?P<name>[a-z]{{3,9}})\.? +(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<y>\d{{4}})",
        rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?P<gap>[- ])(?P<name>[a-z]{{3,9}})\.?"
        r"(?P=gap)(?P<y>\d{4}|\d{2})",
    )
)
_PAIR = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-]\d")
_NUMBER = re.compile(r"(\d{5})(?:\.\d+)?")
_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Calendar:
    """What reading a day needs to know: the district's zone, the day of reading, Excel's epoch.

    A report of an old month reads on that month's last day; `today` then keeps what has been
    entered since from being taken for a slip of the keyboard.
    """

    zone: str
    read_on: date
    numbers: bool = True
    today: date = date.min

    @cached_property
    def last_year(self) -> int:
        """The last year that is plausible for an act."""
        return max(self.read_on, self.today).year + 1

    @property
    def is_past(self) -> bool:
        """Whether the day of reading is over, as it is in a report of an old month."""
        return self.read_on < self.today

    @cached_property
    def tz(self) -> ZoneInfo:
        """The district's zone."""
        return ZoneInfo(self.zone)


def parse_days(
    texts: Sequence[str | None],
    calendar: Calendar,
    *,
    any_year: bool = False,
    plan: bool = False,
    yes_no_column: str = "",
) -> Parsed:
    """Days (datetime64[us], NaT = none) of distinct texts, and what is wrong with the others.

    `any_year` lifts the bounds of plausible years, `plan` the warning about days to come.
    """
    days = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]")
    faults: dict[int, Fault] = {}
    turned = _turned(texts)
    for position, text in enumerate(texts):
        if text is None:
            continue
        day, fault = _parse_day(text, calendar, any_year, yes_no_column)
        if day is not None:
            days[position] = np.datetime64(day, "us")
            if fault is None and not plan and day > calendar.read_on:
                fault = Fault("future-day")
            if fault is None and turned and (other := _other_way(text, day)):
                words = {"day": f"{day:%B} {day.day}, {day.year}"}
                fault = Fault("day-or-month", us_style(other), words)
        if fault is not None:
            faults[position] = fault
    return Parsed(days, faults)


def holds_day(text: str) -> bool:
    """Whether a text is a day, or holds one beside other words."""
    return bool(re.search(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?", text)) or any(
        pattern.fullmatch(text) for pattern in _PATTERNS
    )


def us_style(day: date) -> str:
    """A day as an American spreadsheet shows it: 9/1/2026."""
    return f"{day.month}/{day.day}/{day.year}"


def _turned(texts: Sequence[str | None]) -> bool:
    """Whether a column has days that can only be day first, and none that is surely month first."""
    found = [pair.groups() for text in texts if text and (pair := _PAIR.match(text))]
    firsts, seconds = {int(first) for first, _ in found}, {int(second) for _, second in found}
    return max(firsts, default=0) in range(13, 32) and max(seconds) <= 12


def _other_way(text: str, day: date) -> date | None:
    """The day that a text means with its day first, where that is another one."""
    if day.day == day.month or day.day > 12 or not _PAIR.match(text):
        return None
    return date(day.year, day.day, day.month)


def _parse_day(
    text: str, calendar: Calendar, any_year: bool, yes_no_column: str
) -> tuple[date | None, Fault | None]:
    for pattern in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return _from_parts(found.groupdict(), calendar, any_year)
    folded = text.casefold().strip(" .")
    if folded in PENDING:
        return None, Fault("pending")
    number = _NUMBER.fullmatch(text)
    if number:
        return _from_number(int(number.group(1)), calendar, any_year)
    return None, _unreadable(text, folded, yes_no_column)


def _unreadable(text: str, folded: str, yes_no_column: str) -> Fault:
    because = ""
    if folded in WHOLE_WORDS_OF_YES:
        because = f"; '{text}' does not say when"
        if yes_no_column:
            because += f" (it would fit {yes_no_column})"
    elif re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{2,4}", text):
        because = "; with points it is not certain which number is the month"
    elif re.fullmatch(r"\d{1,2}[/-]\d{4}|\d{4}[/-]\d{1,2}|[a-z]+\.? \d{4}|\d{4}", folded):
        because = "; the day of the month is missing"
    elif re.fullmatch(r"\d{8}", text):
        because = "; write it with its year, month and day apart"
    elif holds_day(text):
        because = "; write the day alone, with its year"
    return Fault("unreadable-day", None, {"because": because})


def _from_number(number: int, calendar: Calendar, any_year: bool) -> tuple[date | None, Fault]:
    day = _EPOCH + timedelta(days=number)
    if not calendar.numbers:
        because = "; this workbook counts days from 1904, so the number is not certain"
        return None, Fault("unreadable-day", None, {"because": because})
    fault = _implausible(day, calendar, any_year)
    return (None, fault) if fault else (day, Fault("day-number", None, {"day": us_style(day)}))


def _from_parts(
    parts: dict[str, str | None], calendar: Calendar, any_year: bool
) -> tuple[date | None, Fault | None]:
    month = _MONTHS.get(parts["name"].casefold()) if "name" in parts else int(parts["m"])
    if month is None:
        return None, Fault("unreadable-day", None, {"because": "; the month is not spelt right"})
    year, number = int(parts["y"]), int(parts["d"])
    if len(parts["y"]) == 2:
        if any_year and year >= 30:
            because = "; write the year with four digits"
            return None, Fault("unreadable-day", None, {"because": because})
        year += 2000 if year < 70 else 1900
    try:
        day = date(year, month, number)
    except ValueError:
        return None, _no_such_day(year, month, number)
    try:
        day = _local(day, parts, calendar)
    except (ValueError, OverflowError):
        return None, Fault("unreadable-day", None, {"because": "; its time of day does not exist"})
    fault = _implausible(day, calendar, any_year)
    return (None, fault) if fault else (day, None)


def _no_such_day(year: int, month: int, number: int) -> Fault:
    try:
        turned = date(year, number, month)
    except ValueError:
        return Fault("unreadable-day", None, {"because": "; there is no such day"})
    because = f"; there is no month {month}"
    return Fault("unreadable-day", us_style(turned), {"because": because})


def _implausible(day: date, calendar: Calendar, any_year: bool) -> Fault | None:
    first, last = (1000, 9999) if any_year else (FIRST_YEAR, calendar.last_year)
    if first <= day.year <= last:
        return None
    return Fault("implausible-day", None, {"year": f"{day.year:04d}"})


def _local(day: date, parts: dict[str, str | None], calendar: Calendar) -> date:
    if parts["hour"] is None:
        return day
    hour, half = int(parts["hour"]), parts["half"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half in "pP" else 0)
    moment = datetime(
        day.year, day.month, day.day, hour, int(parts["minute"]), int(parts["second"] or 0)
    )
    if parts["offset"] is None:
        return day
    return moment.replace(tzinfo=_offset(parts["offset"])).astimezone(calendar.tz).date()


def _offset(text: str) -> timezone:
    found = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", text)
    if not found:
        return UTC
    span = timedelta(hours=int(found.group(2)), minutes=int(found.group(3) or 0))
    return timezone(-span if found.group(1) == "-" else span)
