from datetime import UTC, date, datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from nmsdreports.run import plan as planning
from nmsdreports.run.plan import plan_month, today_in
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
        ("2026-13", "2026-12"),
        ("2026-1", "2026-01"),
        ("10/2026", "2026-10"),
        ("October 2026", "2026-10"),
        ("last", "2026-10"),
        ("2026", "2026-10"),
    ],
)
def test_what_is_no_month_is_refused_with_the_likely_one(records, tmp_path, month, nearest):
    with pytest.raises(InputError, match=f"not a month.* {nearest}\\."):
        plan_month(records, month, [], tmp_path, TODAY)


def test_a_month_without_data_before_it_or_still_to_come_is_refused(records, tmp_path):
    with pytest.raises(InputError, match="first month with data is 2024-09"):
        plan_month(records, "2024-08", [], tmp_path, TODAY)
    with pytest.raises(InputError, match="last month to report on is 2026-10"):
        plan_month(records, "2026-12", [], tmp_path, TODAY)
    # a clock that stands wrong keeps nobody from the months on record
    assert plan_month(records, "2026-11", [], tmp_path, date(2020, 1, 1)).month == "2026-11"


def test_an_unknown_school_is_refused_with_the_one_most_likely_meant(records, tmp_path):
    with pytest.raises(InputError, match=r'no school "s1" \(did you mean S1\?\)'):
        plan_month(records, "2026-10", ["s1"], tmp_path, TODAY)
    with pytest.raises(InputError, match=r"did you mean S1.*has S1, S2, S3, DO"):
        plan_month(records, "2026-10", ["pine elementary"], tmp_path, TODAY)


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
