import pandas as pd
import pytest

MICROSOFT = ["ID", "Start time", "Completion time", "Email", "Name"]


def test_a_microsoft_forms_export_is_read_without_hand_work(district):
    head = [
        *MICROSOFT,
        "Account number",
        "Which school?",
        "Which platform?",
        "Account name",
        "Who runs the account?",
        "Are students invited?",
        "Name1",
    ]
    meta = ["9/1/2026 10:00", "9/1/2026 10:05", "anonymous", ""]
    rows = [
        head,
        ["1", *meta, "A1", "Pine Elementary", "Facebook", "@s", "Ann Lee;Bo Ray;", "Yes", "x"],
        ["2", *meta, "A2", "NA", "X", "@t", "Cy Day;", "No", "x"],
    ]
    records = district.csv("accounts.csv", rows).check()
    assert records.accounts["account_id"].tolist() == ["A1", "A2"], (
        "the question, not the form's ID"
    )
    assert records.accounts["owner"].tolist() == ["Ann Lee|Bo Ray", "Cy Day"]
    assert records.accounts["students_invited"].tolist() == ["yes", "no"]
    assert "double-header" not in set(records.problems["code"])


def test_the_forms_own_number_serves_where_no_question_asks(district):
    head = [*MICROSOFT, "Which school?", "Which guideline?", "Date of incident", "What happened?"]
    row = ["7", "", "", "a@example.org", "", "S1", "student identity", "10/5/2026", "photo"]
    records = district.csv("incidents.csv", [head, row]).check()
    assert records.incidents["incident_id"].tolist() == ["7"]
    assert records.problems.empty


def test_a_google_forms_export_with_joined_choices_is_read(district):
    sheets = {
        "Form Responses 1": [
            ["Timestamp", "Account", "Invited groups", "Notified groups", "Date sent"],
            ["2026/09/27 3:00:00 PM GMT+3", "A1", "Band, brass", "Band, brass", "9/27/2026"],
            ["2026/09/28 3:00:00 PM GMT+3", "A1", "Choir", "Band", "2026/09/27 3:00:00 PM GMT+3"],
            ["2026/09/28 3:00:00 PM GMT+3", "A1", "Choir, Band", "brass", "9/29/2026"],
        ]
    }
    records = district.xlsx("notices.xlsx", sheets).check()
    assert records.notices["sent_on"].dt.day.tolist() == [27, 27, 29]
    assert records.notices["groups_invited"].tolist()[2] == "Choir|Band"


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        # what | sets apart in one cell is known in every other; the longest option comes first
        (["Band, brass|Choir", "Band", "Band, brass, Choir"], "Band, brass|Choir"),
        (["Band, brass|", "Band", "brass", "Choir", "Choir, Band, brass"], "Choir|Band, brass"),
        # what stands alone and again inside a longer cell, and in parts nowhere
        (["Band, brass", "Choir", "Band, brass, Choir"], "Band, brass|Choir"),
        (["Band, brass", "Band", "Choir", "Band, brass, Choir"], "Band|brass|Choir"),
        (["Choir", "Band", "Choir, Band"], "Choir|Band"),
    ],
)
@pytest.mark.parametrize("column", ["groups_invited", "groups_notified"])
def test_an_option_with_a_comma_is_known_from_the_other_cells(district, cells, read, column):
    others = [["account_id", column, "sent_on"], *(["A1", cell, "9/1/2026"] for cell in cells[:-1])]
    mine = [["account_id", "groups_invited", "sent_on"], ["A1", cells[-1], "9/1/2026"]]
    district.xlsx("notices.xlsx", {"2025-26": others, "2026-27": mine})
    assert district.check().notices["groups_invited"].tolist()[-1] == read


def test_what_is_known_stays_whole_beside_what_is_not(district, only):
    cells = ["Band, brass|Choir", "Band, brass, Flute, Choir"]
    rows = [["account_id", "groups_invited"], *(["A1", cell] for cell in cells)]
    records = district.csv("notices.csv", rows).check()
    assert records.notices["groups_invited"].tolist()[1] == "Band, brass|Flute|Choir"
    assert only(records, "split-list")["message"] == (
        "Read as the list Band, brass|Flute|Choir; separate with | to be sure."
    )


def test_groups_that_no_option_tells_apart_are_split_with_a_note(district, only):
    rows = [["account_id", "groups_invited", "sent_on"], ["A1", "grade 4, grade 5", "9/1/2026"]]
    records = district.csv("notices.csv", rows).check()
    assert records.notices["groups_invited"].tolist() == ["grade 4|grade 5"]
    assert only(records, "split-list")["message"] == (
        "Read as the list grade 4|grade 5; separate with | to be sure."
    )


def test_what_no_alias_knows_is_mapped_in_the_settings(district):
    head = [*MICROSOFT, "Your number, please", "Site", "Network", "How is it called there?"]
    row = ["1", "", "", "", "", "A1", "S1", "X", "@s"]
    district.csv("accounts.csv", [head, row])
    district.text(
        "district.toml",
        '[mapping]\n"Your number, please" = "account_id"\n'
        '"How is it called there?" = "accounts.handle"\n',
    )
    records = district.check()
    assert records.accounts.loc[0, ["account_id", "handle"]].tolist() == ["A1", "@s"]
    assert pd.isna(records.accounts.loc[0, "owner"])
