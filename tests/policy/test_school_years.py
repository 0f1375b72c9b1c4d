"""Incidents and concerns by school year: each counted once, in the year of its report."""

from datetime import date

import pandas as pd

from nmsdreports.policy import assess
from tests.laws.registry import records_from

SCHOOL = {"school_id": "S1", "name": "Pine", "level": "high"}
ACCOUNT = {"account_id": "A1", "school_id": "S1", "launched_on": date(2024, 10, 1)}


def incident(number, guideline, day, **more):
    facts = {"incident_id": f"I{number}", "school_id": "S1", "guideline": guideline}
    return {**facts, "reported_on": day, "substantiation": "alleged", **more}


INCIDENTS = [
    incident(1, "logo-use", date(2025, 8, 31), substantiation="substantiated"),
    incident(2, "logo-use", date(2025, 9, 1), substantiation="withdrawn"),
    incident(3, "personal-contact", date(2025, 9, 2), emergency="yes"),
    incident(4, "logo-use", date(2023, 10, 1)),
    incident(5, "logo-use", date(2026, 10, 2)),
]
CONCERNS = [
    {"concern_id": "C1", "account_id": "A1", "received_on": date(2026, 8, 31)},
    {"concern_id": "C2", "account_id": "nobody's", "received_on": date(2026, 8, 31)},
]


def counted(day):
    tables = {"schools": [SCHOOL], "accounts": [ACCOUNT]}
    records = records_from({**tables, "incidents": INCIDENTS, "concerns": CONCERNS})
    years = assess(records).at(day).school_years
    return years.set_index(["school_year", "category"])


def test_each_is_counted_in_its_year_and_category_and_emergencies_in_none():
    years = counted("2026-09-30")
    assert [*years.loc["2024–25"].index] == [
        *("accounts", "conduct", "families", "students", "personal use")
    ]
    found = years[years["reported"] > 0]
    assert found[["reported", "substantiated"]].to_dict("index") == {
        ("2023–24", "personal use"): {"reported": 1, "substantiated": 0},
        ("2024–25", "personal use"): {"reported": 1, "substantiated": 1},
        ("2025–26", "personal use"): {"reported": 1, "substantiated": 0},
        ("2025–26", "families"): {"reported": 1, "substantiated": 0},
    }


def test_no_incident_is_too_old_and_years_before_the_first_launch_are_marked():
    years = counted("2026-08-31").groupby(level=0)[["closed", "launched"]].all()
    assert years["closed"].to_dict() == {"2023–24": True, "2024–25": True, "2025–26": True}
    assert years["launched"].to_list() == [False, True, True]
    assert not counted("2026-08-30")["closed"].loc["2025–26"].any()


def test_the_sample_has_every_incident_and_judged_concern_of_its_years(sample):
    years = sample.at("2026-10-31").school_years
    incidents = sample.incidents["opened_on"]
    concerns = sample.records.concerns
    known = concerns["account_id"].isin(sample.records.accounts["account_id"])
    asked = pd.concat([incidents, concerns.loc[known, "received_on"]])
    assert years["reported"].sum() == (asked <= pd.Timestamp("2026-10-31")).sum() > 40
