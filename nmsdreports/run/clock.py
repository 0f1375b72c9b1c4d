"""What day it is in the district, and which month that makes due; imports nothing slow."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nmsdreports.settings import InputError, Settings

_LONGEST_PAUSE = 13


def now_in(settings: Settings) -> datetime:
    """Return the moment it is, in the district's time zone."""
    return datetime.now(ZoneInfo(settings.time_zone))


def today_in(settings: Settings, now: datetime | None = None) -> date:
    """Return the day it is in the district, whatever the clock of this machine is set to."""
    return (now or now_in(settings)).astimezone(ZoneInfo(settings.time_zone)).date()


def last_complete_month(today: date) -> str:
    """Return the month before the one that `today` lies in."""
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def month_by_clock(today: date, months: Iterable[str]) -> str:
    """Return the last complete month, where no month is named; `months` have an edition already.

    Raises InputError where the clock cannot be right: it stands before the last of them, or more
    than 13 months after it.
    """
    chosen, last = last_complete_month(today), max(months, default=None)
    if last is None:
        return chosen
    if f"{today:%Y-%m}" < last or _months_between(last, chosen) > _LONGEST_PAUSE:
        raise InputError(
            f"The clock says that it is {today:%B} {today.year}, but the last month with reports "
            f"is {date(*map(int, last.split('-')), 1):%B %Y}: set the clock; or, if it is right, "
            f"name the month: report --month {chosen}."
        )
    return chosen


def first_due(today: date, workday: int = 1) -> date:
    """Return the day of today's month from which on the month before is due: its n-th weekday."""
    first = today.replace(day=1)
    days = (first + timedelta(days=n) for n in range(28))
    return [day for day in days if day.weekday() < 5][workday - 1]


def _months_between(earlier: str, later: str) -> int:
    years, months = (int(later[part]) - int(earlier[part]) for part in (slice(4), slice(5, 7)))
    return 12 * years + months
