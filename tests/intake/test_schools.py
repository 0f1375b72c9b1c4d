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
    ("typed", "meant"),
    [("Suny side Elem", "Sunnyside Elementary"), ("Sunnyside", "Sunnyside Elementary"), ("S", "")],
)
def test_a_school_is_suggested_for_what_its_name_begins_with_or_sounds_like(
    district, only, typed, meant
):
    names = [["school_id", "name"], ["S1", "Sunnyside Elementary"], ["S2", "Sunset Middle School"]]
    problem = only(
        district.csv("schools.csv", names).csv("accounts.csv", rows(typed, "S1")).check(),
        "unknown-school",
    )
    assert problem["suggestion"] == meant if meant else pd.isna(problem["suggestion"])


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


def test_a_handle_or_address_in_a_log_is_answered_with_its_account(district):
    accounts = [
        [*HEAD, "url"],
        ["A1", "S1", "X", "@pinebooks", ""],
        ["A2", "S1", "X", "@twice", ""],
        ["A3", "S1", "Facebook", "@twice", "https://www.facebook.com/pine"],
    ]
    named = ["@PineBooks", "pinebooks", "twice", "facebook.com/pine/", "A9"]
    reviews = [["account_id", "reviewed_on"], *([name, "10/1/2026"] for name in named)]
    records = district.csv("accounts.csv", accounts).csv("reviews.csv", reviews).check()
    found = records.problems[records.problems["code"] == "unknown-account"]
    assert found["value"].tolist() == named
    assert found["suggestion"].fillna("").tolist() == ["A1", "A1", "", "A3", ""]


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
