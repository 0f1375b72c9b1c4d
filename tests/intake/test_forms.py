import pytest

MICROSOFT = ["ID", "Start time", "Completion time", "Email", "Name"]


def test_the_forms_own_number_serves_where_no_question_asks(district):
    head = [*MICROSOFT, "Which school?", "Which guideline?", "Date of incident", "What happened?"]
    row = ["7", "", "", "a@example.org", "", "S1", "student identity", "10/5/2026", "photo"]
    records = district.csv("incidents.csv", [head, row]).check()
    assert records.incidents["incident_id"].tolist() == ["7"]
    assert records.problems.empty


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
