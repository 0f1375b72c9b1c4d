from dataclasses import replace

import pandas as pd
import pytest

from nmsdreports.policy.since import Since, nothing_moved
from nmsdreports.views import definitions, headlines
from nmsdreports.views.audience import edition
from nmsdreports.views.since_words import changed_words
from tests.views import editions


def test_three_sentences_say_what_changed_what_is_overdue_and_what_was_reported():
    first, second, third = headlines.headline(editions.school_edition("S1"))
    assert first == (
        "In October 2026, 23 findings were opened and 2 closed; 22 are open at its end, 21 more "
        "than at the end of September."
    )
    assert second == (
        "4 of these are overdue, the longest since September 12, 2026; 10 are covered by an "
        "exception."
    )
    assert third == (
        "2 incidents were reported in October 2026, 1 of them substantiated (1 violation); "
        "1 incident is still open."
    )


def test_a_school_without_accounts_is_told_so_in_words():
    seen = editions.school_edition("S9")
    words = " ".join(headlines.headline(seen))
    assert "Quiet School has no accounts on record" in words
    assert "nothing to approve" in words
    assert headlines.accounts_words(seen) == "none on record"
    facts = {fact.name: fact.value for fact in headlines.key_facts(seen)}
    assert facts["Supervisor approval"] == "no accounts"
    shown = " ".join([words, *headlines.approvals_words(seen), *facts.values()])
    assert "%" not in shown


def well(seen):
    """The edition as if its school did everything right."""
    none = dict.fromkeys(["does_not_meet", "excepted", "not_assessed"], 0)
    return replace(
        seen,
        findings=seen.findings[~seen.findings["open"]],
        moves=seen.moves.assign(opened=0, closed=0),
        incidents=seen.incidents.assign(reported=0, substantiated=0),
        incident_rows=seen.incident_rows.iloc[:0],
        rates=seen.rates.assign(**none),
    )


def test_all_is_well_only_where_nothing_is_open_unknown_or_reported():
    seen = editions.school_edition("S1")
    good = well(seen)
    assert headlines.headline(good) == [
        "All is well: every guideline that applies is met, and nothing asks for action.",
        "In October 2026, no finding was opened or closed.",
        "No incident was reported in October 2026.",
    ]
    for spoilt in ("findings", "incidents", "rates"):
        assert headlines.all_well(good)
        assert not headlines.all_well(replace(good, **{spoilt: getattr(seen, spoilt)}))
    assert not headlines.all_well(replace(good, unknown_school_incidents=1))


def test_a_closed_school_says_so():
    standing = editions.standing()
    standing.records.schools["closed_on"] = editions.day("2026-07-01")
    seen = edition(standing, "school", "S1")
    assert headlines.headline(seen)[0] == "Pine Elementary is closed July 1, 2026."
    idle = replace(well(seen), in_use=seen.in_use.assign(in_use=0))
    assert headlines.headline(idle)[0] == (
        "Pine Elementary, closed July 1, 2026, has no account in use, so nothing asks for action."
    )
    standing.records.schools["closed_on"] = editions.day("2026-12-01")  # not known yet
    assert "closed July" not in headlines.headline(edition(standing, "school", "S1"))[0]


def test_a_rate_stands_by_its_counts_and_coverage():
    words = headlines.approvals_words(editions.school_edition("S1"))
    assert words == [
        "A supervisor's approval that counts is on record for 1 of 4 accounts (25%); "
        "1 under an exception; assessed: 4 of 5 (80%).",
        "Of the accounts launched in the last 24 months, 5 of 8 (62%) were approved by their "
        "launch day.",
        "On record, but not counted: 7 self-approvals.",
    ]


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        (['"Launched on" is blank'], ', as "Launched on" is blank.'),
        (["b", "a", "a"], ", as a or b."),
        (["a", "b", "c"], ", as dates or values that decide are missing or cannot be read."),
    ],
)
def test_why_not_all_could_be_assessed_stands_beside_how_many(reasons, why):
    seen = editions.school_edition("S1")
    status = seen.status[seen.status["status"].eq("meets")].head(1)
    unknown = [
        status.assign(
            guideline="supervisor-approval", subject=f"B{at}", status="not assessed", reason=reason
        )
        for at, reason in enumerate(reasons)
    ]
    seen = replace(seen, status=pd.concat(unknown, ignore_index=True))
    assert headlines.approvals_words(seen)[0].endswith(f"assessed: 4 of 5 (80%){why}")
    fact = headlines.key_facts(seen)[0]
    assert fact.detail.endswith(f"assessed: 4 of 5 (80%){why.rstrip('.')}")


def test_the_three_numbers_of_parents_told_say_how_they_differ():
    now, start, launched = headlines.notifications_words(editions.school_edition("S1"))
    assert now.startswith("By now, in time or late, all invited parents have been told of ")
    assert start.startswith("By the start they had been told of ")
    assert launched.startswith("Of the accounts alone, those launched in the last 24 months: ")


def test_incidents_of_unknown_school_stand_beside_the_districts_count_only():
    standing = editions.standing()
    standing.records.unknown_school_incidents = 2
    assert "(and 2 of unknown school)" in headlines.headline(edition(standing, "office"))[2]
    assert "unknown school" not in " ".join(headlines.headline(edition(standing, "school", "S1")))


def test_states_of_incidents_are_kept_apart():
    words = headlines.incidents_words(editions.school_edition("S1"))
    assert words[1] == (
        "In the twelve months up to October 31, 2026, 3 incidents were reported: 1 substantiated, "
        "1 unsubstantiated, 1 only reported."
    )
    assert words[2] == "1 incident is open on October 31, 2026 and has been for 55 days."


def test_the_quality_of_the_data_adds_up_in_words():
    words = definitions.quality_words(editions.office_edition())
    assert words[0].startswith("Of 13 rows read, 11 were accepted, 1 quarantined")
    assert words[0].endswith("and 1 left out as blank or as the same row again.")


def test_an_emergency_stands_beside_the_incidents_and_is_not_counted_with_them():
    standing = editions.with_emergency(editions.standing())
    seen = edition(standing, "school", "S1")
    beside = (
        "; 1 more was contact in an emergency and is judged under Notice after an emergency (I041)."
    )
    told = headlines.incidents_words(seen)
    assert [words.endswith(beside) for words in told] == [True, True, False]
    assert "2 incidents were reported, 1 of them substantiated (1 violation);" in told[0]
    assert beside.rstrip(".") in headlines.headline(seen)[2]


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (["alleged"], "1 incident was reported, not substantiated so far."),
        (["withdrawn"], "1 incident was reported, not substantiated."),
        (["substantiated"], "1 incident was reported and substantiated (1 violation)."),
        (["alleged"] * 2, "2 incidents were reported, none of them substantiated so far."),
    ],
)
def test_one_incident_is_no_plural(states, words):
    rows = [
        (f"I{number}", "S1", None, "logo-use", "2026-10-05", state, None)
        for number, state in enumerate(states)
    ]
    seen = editions.school_edition("S1", incident_rows=rows)
    assert headlines.incidents_words(seen)[0].endswith(words)


def test_what_is_open_is_said_without_counting_all_of_all():
    seen = editions.school_edition("S1")
    overdue = seen.findings[seen.findings["overdue"] & ~seen.findings["excepted"]]
    every = replace(seen, findings=overdue)
    assert headlines.open_words(every) == "4 findings are open, all of them overdue."
    one = replace(seen, findings=overdue.head(1))
    assert headlines.open_words(one) == "1 finding is open and overdue."


def test_a_month_that_only_closed_findings_says_so():
    seen = editions.school_edition("S1")
    quiet = seen.moves.assign(opened=0, closed=0)
    quiet.loc[quiet.index[0], "closed"] = 1
    words = headlines.headline(replace(seen, moves=quiet))[0]
    assert "no finding was opened and 1 closed; 22 are open at its end, 1 fewer than" in words
    none = replace(seen, moves=quiet, findings=seen.findings.iloc[:0])
    assert headlines.headline(none)[0].endswith("and 1 closed; none is open at its end.")


def test_what_is_overdue_is_told_of_one_of_all_and_of_none():
    seen = editions.school_edition("S1")
    due = seen.findings["overdue"] & ~seen.findings["excepted"]
    every = replace(seen, findings=seen.findings[due])
    assert headlines.overdue_words(every).startswith("All of these are overdue, the longest since")
    one = replace(seen, findings=seen.findings[due].head(1))
    assert headlines.overdue_words(one) == "It is overdue since September 12, 2026."
    none = replace(seen, findings=seen.findings[seen.findings["open"] & ~seen.findings["overdue"]])
    assert headlines.overdue_words(none).startswith("Nothing is overdue; the next is due by ")


def test_overdue_and_coverage_are_defined_as_they_are_counted():
    words = " ".join(definitions.method_words(editions.school_edition("S1")))
    assert "overdue from the day on by which it is due" in words and "have passed" not in words
    assert "of those judged and those not assessed together" in words


def test_a_guideline_that_applies_to_no_account_gives_its_own_reason():
    seen = editions.school_edition("S1")
    status = seen.status.assign(reason="no students invited", status="not applicable")
    names = ["applicable", "meets", "does_not_meet", "excepted", "not_assessed", "upcoming"]
    none = replace(seen, status=status, rates=seen.rates.assign(**dict.fromkeys(names, 0)))
    facts = {fact.name: fact.value for fact in headlines.key_facts(none)}
    assert facts["Parents told by now"] == "no account invites students"
    later = replace(seen, rates=none.rates.assign(applicable=1, upcoming=1))
    assert headlines.approvals_words(later)[0] == "Nothing to judge yet."


def test_only_the_office_is_told_that_the_spreadsheets_are_last_months():
    standing = editions.standing()
    since = Since("2026-09", "2026-09", False, "", nothing_moved(), "2026-09")
    told = "The spreadsheets are the same as those of September 2026: not one of them has changed"
    office = edition(standing, "office", since=since)
    for words in (definitions.quality_words(office), changed_words(office)):
        assert words[-1].startswith(told)
    assert told not in " ".join(changed_words(edition(standing, "school", "S1", since=since)))
    fresh = edition(standing, "office", since=replace(since, same_as=""))
    assert definitions.quality_words(fresh) == definitions.quality_words(office)[:-1]
