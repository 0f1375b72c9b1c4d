"""What a run is going to do, with everything checked that can be checked before it starts.

Papermill accepts a wrong parameter without a word, and a month takes minutes: so month, schools and
output folder are examined here, and a wrong one is refused with the nearest value that would do.
"""

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.intake.schools import read_directory
from nmsdreports.run.clock import last_complete_month, today_in
from nmsdreports.settings import InputError, Settings
from nmsdreports.views.sentences import list_words, month_words

if TYPE_CHECKING:
    from nmsdreports.intake import Records

LOGS = ("accounts", "incidents", "approvals", "notices", "concerns", "admins", "reviews")
# Days that may lie ahead of the data without telling up to when it was kept.
PLANS = ("launched_on", "closed_on", "starts_on", "requested_on", "valid_until", "expires_on")
NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

_MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LISTED = 12


@dataclass(frozen=True)
class Plan:
    """One run: the facts, the month with its last day, the schools to report, where to.

    `schools` has the rows of the schools table that get a report; `whole` is whether these are all
    that the month has, so that the office's report and the place of an older draft are due.
    """

    records: "Records"
    month: str
    as_of: pd.Timestamp
    schools: pd.DataFrame
    whole: bool
    output: Path
    today: date


def plan_month(
    records: "Records",
    month: str | None,
    school_ids: Iterable[str],
    output: Path,
    today: date,
) -> Plan:
    """Return the plan for a month; raise InputError for what cannot be done as asked."""
    chosen = chosen_month(month, today)
    check_month(chosen, records, today)
    wanted = list(dict.fromkeys(find_school(text, records.schools) for text in school_ids))
    schools = choose_schools(records.schools, chosen, wanted)
    check_output(output)
    return Plan(records, chosen, last_day(chosen), schools, not wanted, output, today)


def last_day(month: str) -> pd.Timestamp:
    """Return the day as of which a month is judged."""
    return pd.Period(month, "M").end_time.normalize().as_unit("us")


def chosen_month(text: str | None, today: date) -> str:
    """Return the month that `--month` names, the last complete one where it is left out."""
    return last_complete_month(today) if text is None else parse_month(text, today)


def is_over(month: str, today: date) -> bool:
    """Whether `today` lies after the month's last day."""
    return last_day(month).date() < today


def parse_month(text: str, today: date) -> str:
    """Return `text` if it is a month (2026-10); otherwise refuse it, saying how one is written."""
    if _MONTH.fullmatch(text.strip()):
        return text.strip()
    meant = _month_meant(text)
    how = f": {meant}" if meant else f", as in {last_complete_month(today)}"
    raise InputError(f'"{text}" is not a month; write year and month{how}.')


def day_of(text: str | None, settings: Settings) -> pd.Timestamp:
    """Return the day that `--as-of` names, today in the district where it is left out."""
    return parse_day(today_in(settings).isoformat() if text is None else text)


def parse_day(text: str) -> pd.Timestamp:
    """Return `text` as a day (2026-10-31); otherwise refuse it."""
    try:
        # Python reads 20261031 and 2026-W44-6 too, which nobody can tell from a slip.
        if not _DAY.fullmatch(text.strip()):
            raise ValueError(text)
        return pd.Timestamp(date.fromisoformat(text.strip())).as_unit("us")
    except ValueError:
        raise InputError(
            f'"{text}" is not a day; write year, month and day as in 2026-10-31.'
        ) from None


def check_month(month: str, records: "Records", today: date) -> None:
    """Refuse a month before the first fact on record, or one that is still to come."""
    begin, end = month_range(records, today)
    if month < begin:
        raise InputError(
            f"{month_words(month)} lies before the first date on record; "
            f"the first month with data is {begin}."
        )
    if month > end:
        raise InputError(
            f"{month_words(month)} has not begun yet; the last month to report on is "
            f"{max(last_complete_month(today), begin)}."
        )


def month_range(records: "Records", today: date) -> tuple[str, str]:
    """Return the first and the last month that can be reported on; refuse where there is none."""
    days = {
        (table, column): frame[column]
        for table in LOGS
        for frame in [getattr(records, table)]
        for column in frame.columns[frame.dtypes.map(pd.api.types.is_datetime64_any_dtype)]
    }
    first = min((values.min() for values in days.values() if values.notna().any()), default=None)
    if first is None:
        raise InputError(
            "No account and no incident bears a readable date, so there is no month to report on."
        )
    last = max(
        (values.max() for (_, column), values in days.items() if column not in PLANS),
        default=pd.NaT,
    )
    begin, end = str(first.to_period("M")), str(pd.Period(today, "M"))
    if pd.notna(last):
        # A wrong clock must not keep an office from the months its own data reach.
        end = max(end, str(last.to_period("M")))
    return begin, end


def choose_schools(schools: pd.DataFrame, month: str, wanted: list[str]) -> pd.DataFrame:
    """Return the rows of the schools that were open on some day of the month, or those wanted.

    Raises InputError for one wanted that was not open in the month.
    """
    first, last = pd.Period(month, "M").start_time, last_day(month)
    closed_before = schools["closed_on"] <= first
    opened_after = schools["opened_on"] > last
    for school_id in wanted:
        row = schools["school_id"] == school_id
        for shut, column, word in (
            (closed_before, "closed_on", "closed"),
            (opened_after, "opened_on", "opens"),
        ):
            if (row & shut).any():
                day = schools.loc[row, column].iloc[0].date().isoformat()
                name = schools.loc[row, "name"].iloc[0]
                raise InputError(
                    f"{name} ({school_id}) {word} on {day}, so {month_words(month)} has no "
                    "report on it."
                )
    chosen = ~(closed_before | opened_after)
    if wanted:
        chosen &= schools["school_id"].isin(wanted)
    if not chosen.any():
        raise InputError(f"No school was open in {month_words(month)}.")
    return schools[chosen].reset_index(drop=True)


def find_school(text: str, schools: pd.DataFrame) -> str:
    """Return the id of the school that an id, a name, a short name or an alias names.

    Raises InputError with the one that is nearly spelt so, else with those there are.
    """
    directory = read_directory(schools)
    found = directory.find(text)
    if found is not None:
        return found
    near = directory.suggest(text)
    if near is not None:
        raise InputError(f'There is no school "{text}"; did you mean {near}?')
    known = [f"{row.school_id} {row.name}" for row in schools.head(_LISTED).itertuples(index=False)]
    more = [f"{len(schools) - _LISTED} more"] if len(schools) > _LISTED else []
    raise InputError(f'There is no school "{text}"; there are {list_words([*known, *more])}.')


def check_output(output: Path) -> None:
    """Refuse a folder that cannot be written; leave nothing behind."""
    above = output
    while not above.exists() and above != above.parent:
        above = above.parent
    if not above.is_dir():
        raise InputError(f'"{output}" cannot be a folder for reports: "{above}" is a file.')
    try:
        with tempfile.TemporaryDirectory(prefix=".nmsdreports-", dir=above):
            pass
    except OSError as error:
        raise InputError(
            f'Nothing can be written into "{output}" ({error.strerror}); '
            "name another folder with --output."
        ) from None


def _month_meant(text: str) -> str:
    """Return the month that is named in another way (October 2026, 10/2026), or nothing."""
    year = re.search(r"(?<!\d)20\d\d(?!\d)", text)
    rest = text.replace(year.group(), " ", 1) if year else ""
    named = [number for number, word in enumerate(NAMES, 1) if word in rest.casefold()]
    numbers = [int(number) for number in re.findall(r"\d+", rest)]
    months = named or numbers
    certain = len(months) == 1 and 1 <= months[0] <= 12
    return f"{year.group()}-{months[0]:02d}" if year and certain else ""
