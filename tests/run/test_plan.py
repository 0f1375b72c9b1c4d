from datetime import UTC, date, datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from nmsdreports.run import plan as planning
from nmsdreports.run.clock import today_in
from nmsdreports.run.plan import find_school, is_over, plan_month
from nmsdreports.settings import InputError, Settings

TODAY = date(2026, 11, 24)


def days(*texts):
    return pd.Series(pd.to_datetime(list(texts), format="ISO8601"), dtype="datetime64[us]")


@pytest.fixture
def records():
    schools = pd.DataFrame(
        {
            "school_id": ["S1", "S2", "S3", "DO"],
            "name": ["Pine Elementary", "Cedar Creek", "Old Mill", "District Office"],
            "short_name": pd.Series(["Pine", None, None, None], dtype="str"),
            "aliases": pd.Series(["Pine Elem|PES", None, None, None], dtype="str"),
            "opened_on": days("1990-09-01", "2026-11-02", None, None),
            "closed_on": days(None, None, "2026-10-01", None),
        }
    )
    tables = {name: pd.DataFrame({"day": days()}) for name in planning.LOGS}
    tables["accounts"] = pd.DataFrame(
        {"launched_on": days("2024-09-10", "2027-08-01"), "closed_on": days(None, None)}
    )
    tables["incidents"] = pd.DataFrame({"reported_on": days("2026-11-03")})
    return SimpleNamespace(schools=schools, settings=Settings(), **tables)


def test_left_out_the_month_is_the_last_complete_one_in_the_districts_zone(records, tmp_path):
    # Half past seven in the evening of October 31 in Washington is November in Greenwich.
    now = datetime(2026, 11, 1, 2, 30, tzinfo=UTC)
    assert today_in(Settings(), now) == date(2026, 10, 31)

    made = plan_month(records, None, [], tmp_path, date(2026, 11, 1))
    assert made.month == "2026-10"
    assert made.as_of == pd.Timestamp("2026-10-31")
    assert plan_month(records, None, [], tmp_path, date(2026, 10, 31)).month == "2026-09"


def test_schools_open_on_a_day_of_the_month_are_reported(records, tmp_path):
    def ids(month):
        return list(plan_month(records, month, [], tmp_path, TODAY).schools["school_id"])

    assert ids("2026-09") == ["S1", "S3", "DO"]  # closed on October 1: its last month
    assert ids("2026-10") == ["S1", "DO"]
    assert ids("2026-11") == ["S1", "S2", "DO"]  # opened in November


@pytest.mark.parametrize(
    ("month", "nearest"),
    [
        ("2026-1", "year and month: 2026-01"),
        ("10/2026", "year and month: 2026-10"),
        ("October 2026", "year and month: 2026-10"),
        ("2026-13", "year and month, as in 2026-10"),
        ("2026-00", "year and month, as in 2026-10"),
        ("0000-10", "year and month, as in 2026-10"),
        ("last", "year and month, as in 2026-10"),
        ("2026", "year and month, as in 2026-10"),
    ],
)
def test_what_is_no_month_is_refused_and_nothing_is_guessed_wildly(
    records, tmp_path, month, nearest
):
    with pytest.raises(InputError, match=f"not a month; write {nearest}\\."):
        plan_month(records, month, [], tmp_path, TODAY)


def test_a_month_without_data_before_it_or_still_to_come_is_refused(records, tmp_path):
    with pytest.raises(InputError, match="first month with data is 2024-09"):
        plan_month(records, "2024-08", [], tmp_path, TODAY)
    with pytest.raises(InputError, match="last month to report on is 2026-10"):
        plan_month(records, "2026-12", [], tmp_path, TODAY)
    # a clock that stands wrong keeps nobody from the months on record
    assert plan_month(records, "2026-11", [], tmp_path, date(2020, 1, 1)).month == "2026-11"


@pytest.mark.parametrize("text", ["S1", "s1", "pine elementary", "PINE", "pine elem", "pes"])
def test_a_school_is_known_by_id_name_short_name_and_alias(records, tmp_path, text):
    made = plan_month(records, "2026-10", [text], tmp_path, TODAY)
    assert list(made.schools["school_id"]) == ["S1"]


def test_an_unknown_school_is_refused_and_only_a_near_one_named(records):
    with pytest.raises(InputError, match=r'no school "Pine Elementery"; did you mean Pine Elem'):
        find_school("Pine Elementery", records.schools)
    for text in ("XX", "S77"):
        with pytest.raises(InputError, match=r"there are S1 Pine Elementary, .* and DO District"):
            find_school(text, records.schools)


@pytest.mark.parametrize(
    ("today", "over"), [((2026, 11, 24), False), ((2026, 11, 30), False), ((2026, 12, 1), True)]
)
def test_a_month_is_over_on_the_day_after_its_last(today, over):
    assert is_over("2026-11", date(*today)) == over


def test_a_school_that_was_not_open_is_refused_with_its_day(records, tmp_path):
    with pytest.raises(InputError, match=r"Old Mill \(S3\) closed on 2026-10-01"):
        plan_month(records, "2026-10", ["S3"], tmp_path, TODAY)
    with pytest.raises(InputError, match=r"Cedar Creek \(S2\) opens on 2026-11-02"):
        plan_month(records, "2026-10", ["S2"], tmp_path, TODAY)


def test_schools_may_be_named_twice_and_are_then_not_the_whole(records, tmp_path):
    made = plan_month(records, "2026-10", ["DO", "S1", "S1"], tmp_path, TODAY)

    assert list(made.schools["school_id"]) == ["S1", "DO"]
    assert not made.whole


def test_a_folder_that_cannot_be_written_is_refused_and_nothing_made(records, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file.* is a file"):
        plan_month(records, "2026-10", [], tmp_path / "file" / "reports", TODAY)

    plan_month(records, "2026-10", [], tmp_path / "a" / "b", TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_records_without_any_date_have_no_month(records, tmp_path):
    for name in planning.LOGS:
        setattr(records, name, pd.DataFrame({"day": days()}))
    with pytest.raises(InputError, match="no month to report on"):
        plan_month(records, "2026-10", [], tmp_path, TODAY)


@pytest.mark.parametrize("text", ["20261031", "2026-W44-6", "2026-10-32", "10/31/2026", "today"])
def test_a_day_is_written_as_a_day_and_nothing_else(text):
    assert planning.parse_day(" 2026-10-31 ") == pd.Timestamp("2026-10-31")
    with pytest.raises(InputError, match="is not a day; write year, month and day as in 2026-10-"):
        planning.parse_day(text)
