from datetime import date

import numpy as np
import pytest

from nmsdreports.intake.dates import Calendar, parse_days

CALENDAR = Calendar("America/Los_Angeles", date(2026, 11, 24))


def read(text, **options):
    parsed = parse_days([text], options.pop("calendar", CALENDAR), **options)
    day = parsed.result[0]
    return None if np.isnat(day) else str(day)[:10], parsed.faults.get(0)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01",
        "2026-9-1",
        "9/1/2026",
        "09/01/2026",
        "9/1/26",
        "Sept 1, 2026",
        "Sep. 1 2026",
        "September 1st, 2026",
        "Tuesday, September 1, 2026",
        "1-Sep-26",
        "1-Sep-2026",
        "1 September 2026",
        "9-1-2026",
        "2026-09-01 14:30:00",
        "2026-09-01T23:59:59",
        "9/1/2026 2:30 PM",
        "9/1/26, 11:05 a.m.",
        "2026-09-02T06:59:00Z",
        "2026-09-01T22:00:00-07:00",
        "2026/09/01 3:00:00 PM GMT+3",
    ],
)
def test_days_as_people_and_programs_write_them(text):
    assert read(text) == ("2026-09-01", None)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-09-02T07:00:00Z", "2026-09-02"), ("2026/09/27 3:00:00 AM GMT+3", "2026-09-26")],
)
def test_a_time_with_an_offset_is_the_districts_day(text, day):
    assert read(text)[0] == day


def test_excels_day_number_is_read_and_said():
    day, fault = read("46266")
    assert day == "2026-09-01"
    assert (fault.code, fault.words["day"]) == ("day-number", "9/1/2026")


def test_a_day_number_of_a_workbook_that_counts_from_1904_is_not_certain():
    day, fault = read("46266", calendar=Calendar("UTC", CALENDAR.read_on, numbers=False))
    assert day is None
    assert "counts days from 1904" in fault.words["because"]


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("2/30/2026", "unreadable-day", "; there is no such day"),
        ("1/0/1900", "unreadable-day", "; there is no such day"),
        ("13/9/2026", "unreadable-day", "; there is no month 13"),
        ("01.09.2026", "unreadable-day", "not certain which number is the month"),
        ("9/2026", "unreadable-day", "; the day of the month is missing"),
        ("2026", "unreadable-day", "; the day of the month is missing"),
        ("Fall 2026", "unreadable-day", "; the day of the month is missing"),
        ("yes", "unreadable-day", "; 'yes' does not say when (it would fit Students?)"),
        ("Yes - emailed 9/3", "unreadable-day", "; write the day alone, with its year"),
        ("soon", "unreadable-day", ""),
        ("20261031", "unreadable-day", "; write it with its year, month and day apart"),
        ("9/1/2026 25:00", "unreadable-day", "; its time of day does not exist"),
        ("0026-09-01", "implausible-day", "0026"),
        ("12/31/9999", "implausible-day", "9999"),
        ("9/1/2003", "implausible-day", "2003"),
        ("1/1/2028", "implausible-day", "2028"),
        ("1899-12-31", "implausible-day", "1899"),
    ],
)
def test_what_is_no_certain_day_is_unknown(text, code, says):
    day, fault = read(text, yes_no_column="Students?")
    assert day is None
    assert fault.code == code
    assert says in "".join(map(str, fault.words.values()))


def test_only_a_turned_day_is_suggested():
    assert read("13/9/2026")[1].suggestion == "9/13/2026"
    assert read("2/30/2026")[1].suggestion is None


def test_columns_of_any_year_have_no_bounds_but_need_whole_years():
    assert read("9/5/1978", any_year=True) == ("1978-09-05", None)
    assert read("12/31/9999", any_year=True, plan=True) == ("9999-12-31", None)
    assert read("9/5/78", any_year=True)[1].words["because"] == "; write the year with four digits"


@pytest.mark.parametrize("text", ["pending", "TBD", "requested", "In progress", "not yet"])
def test_words_for_not_done_yet_are_no_day(text):
    day, fault = read(text)
    assert (day, fault.code) == (None, "pending")


def test_an_act_to_come_is_kept_with_a_warning_and_a_plan_without():
    day, fault = read("11/25/2026")
    assert (day, fault.code) == ("2026-11-25", "future-day")
    assert read("11/25/2026", plan=True) == ("2026-11-25", None)
    assert read("11/24/2026")[1] is None
