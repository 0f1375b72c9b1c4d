import pandas as pd
import pytest

HEAD = ["account_id", "school_id", "platform", "handle"]


def rows(*schools):
    return [HEAD, *([f"A{n}", school, "X", f"@s{n}"] for n, school in enumerate(schools))]


@pytest.mark.parametrize(
    "text", ["S1", "s1", "Pine Elementary", "PINE  elementary", "Pine", "pes", "Pine Elem."]
)
def test_a_school_is_known_by_any_of_its_names(district, text):
    records = district.csv("accounts.csv", rows(text)).check()
    assert records.accounts["school_id"].tolist() == ["S1"]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("Pine Elementry", "Pine Elementary"), ("S01", "S1"), ("SI", "S1")],
)
def test_a_misspelt_school_is_set_aside_with_a_suggestion(district, only, text, suggestion):
    records = district.csv("accounts.csv", rows(text, "S1")).check()
    problem = only(records, "unknown-school")
    assert (problem["outcome"], problem["suggestion"]) == ("quarantine", suggestion)
    assert problem["message"] == "'school_id' names no school of the schools table."
    assert len(records.accounts) == 1


def test_an_unknown_school_is_set_aside_with_the_list(district, only):
    problem = only(district.csv("accounts.csv", rows("Zzz", "S1")).check(), "unknown-school")
    assert "it has Pine Elementary, Hawk Hollow Middle School" in problem["message"]


def test_the_list_of_schools_stays_a_sentence_however_long_a_name_is(district, only):
    district.csv("schools.csv", [["school_id", "name"], ["S1", "Pine"], ["S2", "x" * 40_000]])
    problem = only(district.csv("accounts.csv", rows("Zzz", "S1")).check(), "unknown-school")
    assert problem["message"].endswith("it has Pine, " + "x" * 60 + ".")


def test_a_name_that_two_schools_share_names_none(district, only):
    district.csv(
        "schools.csv",
        [["school_id", "name", "aliases"], ["S1", "Pine", "North"], ["S2", "Oak", "North"]],
    )
    records = district.csv("accounts.csv", rows("North", "Oak")).check()
    problem = only(records, "ambiguous-school")
    assert problem["message"] == "'North' names 2 schools (S1, S2); write the school's ID instead."
    assert (problem["cell"], problem["outcome"]) == ("B2", "quarantine")
    assert pd.isna(problem["suggestion"])
    warning = only(records, "shared-school-name")
    assert (warning["file"], warning["cell"]) == ("schools.csv", "C3")
    assert warning["message"].startswith("'North' names S2 in C3 and S1 in C2; a row that says")


def test_two_schools_of_one_name_are_told_apart_by_their_ids_only(district, only):
    schools = [["school_id", "name"], ["S1", "Pine Elementary"], ["S9", "Pine  elementary"]]
    district.csv("schools.csv", schools)
    records = district.csv("accounts.csv", rows("Pine Elementary", "S9")).check()
    assert records.accounts["school_id"].tolist() == ["S9"]
    assert "(S1, S9)" in only(records, "ambiguous-school")["message"]
    assert "S9 in B3 and S1 in B2" in only(records, "shared-school-name")["message"]


@pytest.mark.parametrize("schools", [None, "", "school_id,motto\nS1,x\n"])
def test_without_a_table_of_schools_one_sentence_says_so(district, only, schools):
    if schools is None:
        district.without("schools.csv")
    else:
        district.text("schools.csv", schools)
    records = district.check()
    assert only(records, "schools-not-read")["level"] == "note"
    assert (records.problems["outcome"] == "refuse").sum() == 1
    assert "unknown-school" not in set(records.problems["code"])
    assert records.counts["quarantined"].sum() == 0, "what is sound in the other tables stays so"


def test_a_table_of_schools_without_a_row_is_said_to_have_none(district):
    problems = district.csv("schools.csv", [["school_id", "name"]]).check().problems
    assert problems.iloc[0]["message"].endswith("it has no row that can be used.")


def test_without_a_registry_one_sentence_says_so(district, only):
    records = district.text("accounts.csv", "").check()
    assert only(records, "registry-not-read")["level"] == "note"
    codes = set(records.problems["code"])
    assert codes == {"registry-not-read", "empty-file"}
    assert len(records.incidents) == 1


def test_ids_are_text_and_leading_zeros_find_their_way(district):
    accounts = [HEAD, ["007", "S1", "X", "@a"], ["8.0", "S1", "X", "@b"]]
    district.csv("accounts.csv", accounts)
    reviews = [["account_id", "reviewed_on"], ["7", "10/1/2026"], ["8", "10/1/2026"]]
    records = district.csv("reviews.csv", reviews).without("incidents.csv")
    district.csv("incidents.csv", [["incident_id", "school_id", "guideline", "occurred_on"]])
    records = district.check()
    assert records.accounts["account_id"].tolist() == ["007", "8"]
    assert records.reviews["account_id"].tolist() == ["007", "8"]
    assert records.problems.empty


def test_both_007_and_7_are_kept_warned_of_and_never_mixed(district, only):
    accounts = [HEAD, ["007", "S1", "X", "@a"], ["7", "S1", "X", "@b"]]
    district.csv("reviews.csv", [["account_id", "reviewed_on"], ["7", "10/1/2026"]])
    records = district.csv("accounts.csv", accounts).check()
    assert records.accounts["account_id"].tolist() == ["007", "7"]
    assert records.reviews["account_id"].tolist() == ["7"]
    problem = only(records, "similar-ids")
    assert problem["message"] == "'7' and '007' differ only in leading zeros; both kept."
    assert (problem["level"], problem["cell"]) == ("warning", "A3")


def test_an_identical_row_counts_once_and_another_is_set_aside(district):
    accounts = [
        HEAD,
        ["A1", "S1", "X", "@a"],
        ["A1", "S1", "X", "@a"],
        ["A1", "S2", "X", "@a"],
    ]
    records = district.csv("accounts.csv", accounts).check()
    assert records.accounts["row"].tolist() == [2]
    same, other = records.problems.iloc[0], records.problems.iloc[1]
    assert (same["code"], same["level"], same["cell"]) == ("identical-row", "note", "A3")
    assert same["message"] == "The same row stands in A2 already; it counts once."
    assert (other["code"], other["outcome"]) == ("same-id", "quarantine")
    assert other["message"] == "Account ID 'A1' stands in A2 already, with other values."
    count = records.counts.set_index("file").loc["accounts.csv"]
    assert (count["accepted"], count["quarantined"], count["blank"]) == (1, 1, 1)


def test_the_same_id_in_two_files_names_file_and_cell(district, only):
    district.csv("accounts 2.csv", [HEAD, ["A1", "S1", "X", "@other"]])
    problem = only(district.check(), "same-id")
    assert {problem["file"], problem["message"].split(" stands in ")[1].split("!")[0]} == {
        "accounts.csv",
        "accounts 2.csv",
    }


def test_a_later_row_of_a_concern_completes_it(district, only):
    head = ["concern_id", "account_id", "received_on", "responded_on"]
    concerns = [
        head,
        ["C1", "A1", "10/1/2026", ""],
        ["C1", "A1", "10/1/2026", "10/3/2026"],
        ["C1", "A1", "10/2/2026", ""],
    ]
    records = district.csv("concerns.csv", concerns).check()
    assert records.concerns["responded_on"].dt.day.tolist() == [3]
    assert only(records, "concern-completed")["message"] == (
        "This row completes the concern in A2."
    )
    assert only(records, "same-id")["cell"] == "A4"


@pytest.mark.parametrize(
    ("text", "registered", "suggestion"),
    [
        ("ACC-0010O", "ACC-00100", "ACC-00100"),
        ("acc-1O", "ACC-10", "ACC-10"),
        ("A001", "A1", "A1"),
        ("ACC-00123", "ACC-00124", None),
    ],
)
def test_an_account_id_is_suggested_for_its_look_never_for_being_near(
    district, only, text, registered, suggestion
):
    district.csv("accounts.csv", [HEAD, [registered, "S1", "X", "@a"]]).without("incidents.csv")
    district.csv("incidents.csv", [["incident_id", "school_id", "guideline", "occurred_on"]])
    district.csv("reviews.csv", [["account_id", "reviewed_on"], [text, "10/1/2026"]])
    records = district.check()
    assert records.reviews["account_id"].tolist() == [text], "suggested, never put in its place"
    near = only(records, "unknown-account")["suggestion"]
    assert near == suggestion if suggestion else pd.isna(near)


def test_two_ids_that_look_alike_suggest_neither(district, only):
    district.csv("schools.csv", [["school_id", "name"], ["SO1", "Pine"], ["S01", "Oak"]])
    district.csv("incidents.csv", [["incident_id", "school_id", "guideline", "occurred_on"]])
    problem = only(district.csv("accounts.csv", rows("S1", "Oak")).check(), "unknown-school")
    assert pd.isna(problem["suggestion"])


def test_case_and_leading_zeros_of_an_id_are_read_silently(district):
    district.csv("accounts.csv", [HEAD, ["A1", "S1", "X", "@a"], ["007", "s2", "X", "@b"]])
    reviews = [["account_id", "reviewed_on"], ["a1", "10/1/2026"], ["07", "10/1/2026"]]
    records = district.csv("reviews.csv", reviews).check()
    assert records.reviews["account_id"].tolist() == ["A1", "007"]
    assert records.accounts["school_id"].tolist() == ["S1", "S2"]
    assert records.problems.empty


def test_log_rows_and_incidents_on_unknown_accounts_are_kept_with_a_warning(district, only):
    district.csv("reviews.csv", [["account_id", "reviewed_on"], ["A77", "10/1/2026"]])
    district.csv(
        "incidents.csv",
        [
            ["incident_id", "school_id", "account_id", "guideline", "occurred_on"],
            ["I1", "S1", "A78", "student-identity", "10/5/2026"],
        ],
    )
    records = district.check()
    assert (len(records.reviews), len(records.incidents)) == (1, 1)
    assert records.incidents["account_registered"].tolist() == [False]
    assert only(records, "unknown-account")["message"] == (
        "Account 'A77' is not in the registry; the row is kept and judges nothing."
    )
    assert only(records, "unregistered-incident")["level"] == "warning"
