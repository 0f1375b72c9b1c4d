import pandas as pd
import pytest

from nmsdreports.views import sentences
from nmsdreports.views.audience import edition
from tests.views import editions
from tests.views.editions import AS_OF


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(5, 6, "5 of 6 (83%)"), (0, 4, "0 of 4 (0%)"), (299, 300, "299 of 300 (99%)")],
)
def test_a_percentage_is_rounded_down_and_stands_by_its_counts(part, whole, words):
    assert sentences.share_words(part, whole) == words


def test_of_nothing_there_is_no_percentage():
    assert sentences.share_words(0, 0) == "no accounts"
    assert sentences.coverage_words(0, 0, "no concerns") == "no concerns"


def test_coverage_says_all_or_the_share():
    assert sentences.coverage_words(6, 0) == "all 6"
    assert sentences.coverage_words(1, 0) == "the only one"
    assert sentences.coverage_words(5, 1) == "5 of 6 (83%)"


def test_counts_agree_with_their_nouns():
    words = [sentences.be_words(n, "finding") for n in (0, 1, 1200)]
    assert words == ["no finding is", "1 finding is", "1,200 findings are"]


def test_days_are_written_as_people_write_them():
    assert sentences.day_words(pd.Timestamp("2026-03-01")) == "March 1, 2026"
    assert sentences.day_words(pd.NaT) == "not recorded"
    assert sentences.days_in_words("2026-03-01: own") == "Mar 1, 2026: own"
    words = [sentences.from_day_words(days) for days in (-1, 0, 12, pd.NA)]
    assert words == ["1 day before", "on the day", "12 days after", ""]


def test_lists_and_names():
    assert sentences.list_words(["a", "b", "c"]) == "a, b and c"
    assert sentences.names_words("Ann Quill| Bo Fern", "nobody") == "Ann Quill and Bo Fern"
    assert sentences.names_words(float("nan"), "nobody") == "nobody"


def test_a_duty_not_met_is_told_with_its_facts():
    seen = editions.school_edition("S1").findings.set_index("finding_id")
    row = seen.loc["supervisor-approval:A001"]
    assert row["sentence"] == (
        'Facebook "@sample1" has had no supervisor approval that counts since October 5, 2026 '
        "(27 days); self-approval on Mar 1, 2026 does not count."
    )
    assert (row["responsible_name"], row["clause"]) == ("Ann Quill", "Professional 2")


def test_a_duty_not_met_from_the_first_day_names_the_launch():
    standing = editions.standing()
    standing.records.accounts["launched_on"] = editions.day("2026-10-05")
    told = edition(standing, "school", "S1").findings.set_index("finding_id")["sentence"]
    assert "since its launch on October 5, 2026" in told["supervisor-approval:A001"]


@pytest.mark.parametrize(
    ("incident", "words"),
    [
        ("I001", "Substantiated, a violation; closed on October 6, 2026."),
        ("I002", "Only reported so far; open (55 days)."),
        ("I003", "Unsubstantiated; closed on October 9, 2026."),
    ],
)
def test_an_incident_is_called_a_violation_only_when_substantiated(incident, words):
    told = editions.school_edition("S1").findings.set_index("subject")["sentence"]
    assert told[incident].endswith(words)
    assert ("violation" in told[incident]) == (incident == "I001")


@pytest.mark.parametrize(
    ("guideline", "state", "words"),
    [
        (
            "student-identity",
            "alleged",
            "take it down if it is there, tell the office and record the outcome in the incident "
            "log",
        ),
        (
            "student-identity",
            "substantiated",
            "take it down if it is there, tell the office and enter in the incident log the day on "
            "which it was resolved",
        ),
        (
            "conduct-standards",
            "substantiated",
            "follow the district's procedure for reported incidents and enter in the incident log "
            "the day on which it was resolved",
        ),
        (
            "district-email",
            "under investigation",
            "change the registered e-mail to a district address; then record the outcome in the "
            "incident log",
        ),
    ],
)
def test_what_to_do_about_an_incident_is_what_its_record_lacks(guideline, state, words):
    rows = [("I1", "S1", "A001", guideline, "2026-10-05", state, None)]
    told = editions.school_edition("S1", incident_rows=rows).findings.set_index("subject")
    assert told.loc["I1", "remedy"] == words


def test_an_activity_and_a_concern_are_named_with_their_account():
    standing = editions.standing()
    standing.notifications.loc[3, "activity"] = "spring trip"
    told = edition(standing, "school", "S1").findings.set_index("finding_id")
    assert (
        told.loc["parent-notice:A004", "label"] == 'Activity "spring trip" on Facebook "@sample4"'
    )


def test_an_account_without_a_handle_is_named_by_its_address():
    accounts = pd.DataFrame(
        {"platform": ["Web site"], "handle": [None], "url": ["https://example.org/pine"]},
        dtype="str",
    )
    assert sentences.account_labels(accounts) == ['Web site "example.org/pine"']


def test_an_account_outside_the_registry_is_named_as_it_was_typed():
    standing = editions.standing()
    row = standing.records.incidents["incident_id"].eq("I002")
    standing.records.incidents.loc[row, "account_id"] = "sampleroom99"
    standing.records.incidents.loc[row, "account_registered"] = False
    standing.findings.loc[standing.findings["subject"].eq("I002"), "account_id"] = "sampleroom99"
    told = edition(standing, "school", "S1").findings.set_index("subject")["sentence"]
    assert told["I002"].startswith(
        "Incident I002 on an account that is not in the registry (sampleroom99) occurred"
    )


def test_a_closed_finding_says_what_put_it_in_order():
    standing = editions.standing()
    found = standing.findings
    found["closed_on"], found["closed_by"], found["open"] = AS_OF, "met", False
    told = edition(standing, "school", "S1").findings.set_index("finding_id")["sentence"]
    assert told["supervisor-approval:A001"].endswith("; approval came on October 31, 2026.")
    label = next(text for key, text in told.items() if key.startswith("admin-rights:"))
    assert label.endswith("; this was put right on October 31, 2026.")
