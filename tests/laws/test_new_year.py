"""What a new school year asks for agrees with the verdicts of the day, on random registries."""

from datetime import timedelta

import pandas as pd
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from nmsdreports.policy import assess
from nmsdreports.policy.renewals import SchoolYear, renewals
from tests.laws.strategies import FIRST_DAY, registries
from tests.laws.test_verdicts import SOME

LOGS = ["approvals", "notices", "admins", "reviews"]


@hypothesis_settings(SOME, max_examples=8)
@given(registries(logs=True), st.integers(0, 500), st.integers(0, 1))
def test_every_open_finding_and_every_unknown_is_asked_for_and_nothing_that_is_in_order(
    records, days, ahead
):
    today = pd.Timestamp(FIRST_DAY) + timedelta(days=days)
    year = SchoolYear(today.year - (today.month < 9) + ahead)
    assessment = assess(records)
    rules = {rule.id for rule in assessment.policy.recorded() if rule.met_by.get("log") in LOGS}
    rows = renewals(assessment, year, today)
    asked = rows[rows["guideline"].isin(rules) & rows["kind"].ne("hand over or close")]
    standing = assessment.at(max(year.first, today))
    status = standing.status[standing.status["guideline"].isin(rules)]
    status = status.set_index(["guideline", "subject"])["status"]

    unmet = status[status.eq("does not meet")].index
    unknown = standing.status[standing.status["status"].eq("not assessed")]
    unknown = unknown[unknown["guideline"].isin(rules)]
    finding_out = asked[asked["kind"].eq("find out")]
    assert {*unmet} <= {*zip(asked["guideline"], asked["subject"], strict=True)}
    assert {*unknown["account_id"]} == {*finding_out["account_id"]}

    due = asked.drop(finding_out.index)
    found = status.loc[zip(due["guideline"], due["subject"], strict=True)].to_numpy()
    again = due["task"].str.endswith(" again").to_numpy()
    assert not due.duplicated(["guideline", "subject"]).any()
    assert {*found[again]} <= {"meets"}
    # What is met or excepted on the day runs out later in the year.
    later = due["due_on"].gt(standing.as_of).to_numpy()
    assert {*found[~again & ~later]} <= {"does not meet"}
