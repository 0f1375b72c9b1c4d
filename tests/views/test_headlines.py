from nmsdreports.views import headlines
from nmsdreports.views.audience import edition
from tests.views import editions


def test_three_sentences_say_where_the_school_stands():
    first, second, third = headlines.headline(editions.school_edition("S1"))
    assert first == "Pine Elementary has 8 accounts on record, 8 in use on October 31, 2026."
    assert second == "22 findings are open: 4 overdue and 10 covered by an exception."
    assert third == (
        "In October 2026, 23 findings were opened and 2 closed; 2 incidents were reported, "
        "1 of them substantiated (1 violation)."
    )


def test_a_school_without_accounts_is_told_so_in_words():
    seen = editions.school_edition("S9")
    words = " ".join(headlines.headline(seen))
    assert "Quiet School has no accounts on record" in words
    assert "nothing asks for action" in words
    facts = {fact.name: fact.value for fact in headlines.key_facts(seen)}
    assert facts["Supervisor approval"] == "no accounts"
    shown = " ".join([words, *headlines.approvals_words(seen), *facts.values()])
    assert "%" not in shown


def test_a_rate_stands_by_its_counts_and_coverage():
    words = headlines.approvals_words(editions.school_edition("S1"))
    assert words == [
        "A supervisor's approval that counts is on record for 1 of 4 accounts (25%); "
        "1 under an exception; assessed: 4 of 5 (80%).",
        "Of the accounts launched in the last 24 months, 5 of 8 (62%) were approved by their "
        "launch day.",
    ]


def test_incidents_of_unknown_school_stand_beside_the_districts_count_only():
    standing = editions.standing()
    standing.records.unknown_school_incidents = 2
    assert "(and 2 of unknown school)" in headlines.headline(edition(standing, "office"))[2]
    assert "unknown school" not in " ".join(headlines.headline(edition(standing, "school", "S1")))


def test_states_of_incidents_are_kept_apart():
    words = headlines.incidents_words(editions.school_edition("S1"))
    assert "3 incidents were reported: 1 substantiated, 1 unsubstantiated." in words[0]
    assert words[1] == "1 incident is open on October 31, 2026, the oldest for 55 days."


def test_the_quality_of_the_data_adds_up_in_words():
    words = headlines.quality_words(editions.office_edition())
    assert words[0].startswith("Of 13 rows read, 11 were accepted, 1 quarantined")
