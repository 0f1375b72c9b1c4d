import pandas as pd
import pytest

YES = ["Yes", "Y", "x", "X", "✓", "TRUE", "true", "1", "1.0", "Yes\u00a0", "yes."]
NO = ["no", "N", "0", "FALSE", "No "]
BLANK = ["", "N/A", "n/a", "none", "-", "?", "NA"]


@pytest.mark.parametrize("text", YES + NO + BLANK)
def test_yes_no_and_nothing_in_every_usual_form(district, text):
    records = district.accounts("students_invited", text).check()
    value = records.accounts.loc[0, "students_invited"]
    expected = "yes" if text in YES else "no" if text in NO else None
    assert value == expected if expected else pd.isna(value)
    assert set(records.problems["code"]) <= {"unregistered-incident"}


def test_a_choice_is_read_in_other_wordings_and_suggested_when_misspelt(district, only):
    records = district.accounts("purpose", "Extra-Curricular", "Instructonal", "N/A").check()
    assert records.accounts["purpose"].tolist()[:1] == ["extracurricular"]
    problem = only(records, "not-allowed")
    assert problem["suggestion"] == "instructional"
    assert problem["message"] == (
        "'purpose' needs one of: instructional, educational, communication, extracurricular, other."
    )


def test_a_guideline_is_read_by_id_alias_or_clause_and_suggested(district):
    rows = [
        ["incident_id", "school_id", "guideline", "occurred_on"],
        ["I1", "S1", "Student-Identity", "10/1/2026"],
        ["I2", "S1", "boundaries", "10/1/2026"],
        ["I3", "S1", "Professional 7", "10/1/2026"],
        ["I4", "S1", "student identitty", "10/1/2026"],
    ]
    records = district.csv("incidents.csv", rows).check()
    assert records.incidents["guideline"].tolist() == [
        "student-identity",
        "professional-boundaries",
        "professional-boundaries",
    ]
    problem = records.problems.iloc[0]
    assert (problem["code"], problem["outcome"]) == ("unknown-guideline", "quarantine")
    assert problem["suggestion"] == "student-identity"
    assert problem["message"] == "'guideline' names no guideline."


def test_a_guideline_that_is_like_none_gets_those_it_is_likest(district, only):
    rows = [
        ["incident_id", "school_id", "guideline", "occurred_on"],
        ["I1", "S1", "privacy breach", "10/1/2026"],
    ]
    problem = only(district.csv("incidents.csv", rows).check(), "unknown-guideline")
    assert pd.isna(problem["suggestion"])
    assert "'guideline' names no guideline; the likest of " in problem["message"]
    assert "audience-privacy" in problem["message"]
