import pytest

from nmsdreports.intake.headers import known_headings
from nmsdreports.intake.tables import read_tables
from nmsdreports.settings import InputError, fold

ROW = ["A1", "S1", "Facebook", "@s"]
HEAD = ["account_id", "school_id", "platform", "handle"]


def test_titles_group_headings_and_notes_stand_around_the_table(district):
    rows = [
        ["Registry of accounts"],
        [],
        ["Kept by the office", "2026-27"],
        ["The account", "", "Where it is", ""],
        HEAD,
        ROW,
        ["* checked in September by the communications office"],
        ["Legend: green means approved"],
    ]
    records = district.csv("accounts.csv", rows).check()
    assert records.accounts["row"].tolist() == [6]
    notes = records.problems
    assert notes["code"].tolist() == ["footnote", "footnote"]
    assert notes["level"].tolist() == ["note", "note"]
    assert set(notes["cell"]) == {"A7", "A8"}
    count = records.counts.set_index("file").loc["accounts.csv"]
    assert (count["rows_read"], count["blank"]) == (3, 2)


def test_a_lone_identifier_at_the_end_is_no_footnote(district, only):
    records = district.csv("accounts.csv", [HEAD, ROW, ["A2"]]).check()
    count = records.counts.set_index("file").loc["accounts.csv"]
    assert count["quarantined"] == 1
    assert records.problems["code"].unique().tolist() == ["required-empty"]


def test_a_missing_required_column_lists_what_was_seen_and_the_nearest(district):
    rows = [["account_id", "school_id", "platfrm", "handle", "owner"], [*ROW, "x"]]
    district.csv("accounts.csv", rows)
    with pytest.raises(InputError) as caught:
        district.load()
    assert str(caught.value) == (
        "accounts.csv: read as Registry of accounts, but there is no column for 'Platform'; the "
        "headings are 'account_id', 'school_id', 'platfrm', 'handle', 'owner'. Perhaps 'platfrm' "
        "is meant; then name it 'Platform', or add under [mapping] in district.toml: "
        '"platfrm" = "platform".'
    )


@pytest.mark.parametrize(
    "heading",
    ["LAUNCHED ON", "Launch\ndate", "launched\u00a0on:", "  Launched-On * ", "Date launched"],
)
def test_headings_in_other_wordings(district, heading):
    records = district.csv("accounts.csv", [[*HEAD, heading], [*ROW, "9/1/2026"]]).check()
    assert records.accounts["launched_on"].notna().all()
    assert records.problems.empty


def test_no_wording_means_two_columns_of_one_table():
    for table in read_tables().values():
        seen: dict[str, str] = {}
        for column in table.columns.values():
            for wording in {fold(alias) for alias in (column.name, *column.aliases)}:
                assert seen.setdefault(wording, column.name) == column.name, (table.name, wording)
        assert set(known_headings(table.name).values()) == set(table.columns)


def test_of_two_equal_headings_the_first_wins(district, only):
    records = district.csv(
        "accounts.csv", [[*HEAD, "Title", "title"], [*ROW, "one", "two"]]
    ).check()
    assert records.accounts["title"].tolist() == ["one"]
    problem = only(records, "double-header")
    assert problem["level"] == "warning"
    assert problem["message"] == "'title' in F1 means 'Title' as E1 does; only E1 is used."
    assert records.extras["value"].tolist() == ["two"], "kept, never dropped"


def test_unknown_and_empty_headings_are_kept_as_extras(district, only):
    rows = [[*HEAD, "", "Room number"], [*ROW, "loose", "12"]]
    records = district.csv("accounts.csv", rows).check()
    warned, noted = only(records, "data-without-header"), only(records, "extra-column")
    assert (warned["level"], warned["cell"]) == ("warning", "E2")
    assert (noted["level"], noted["value"]) == ("note", "Room number")
    assert records.extras["value"].tolist() == ["loose", "12"]
    assert records.extras["column"].tolist() == ["E", "Room number"]


def test_a_heading_that_is_nearly_known_comes_with_the_line_to_paste(district, only):
    records = district.csv("accounts.csv", [[*HEAD, "Launchd date"], [*ROW, "9/1/2026"]]).check()
    suggestion = only(records, "extra-column")["suggestion"]
    assert suggestion == '"Launchd date" = "launched_on"'
    district.text("district.toml", f"[mapping]\n{suggestion}\n")
    assert district.check().accounts["launched_on"].notna().all()


def test_a_tab_for_each_school_is_stacked_and_names_the_school(district):
    head = ["account_id", "platform", "handle"]
    sheets = {
        "Pine Elementary": [head, ["A1", "Facebook", "@s"]],
        "NA": [head, ["A2", "X", "@t"]],
    }
    records = district.without("accounts.csv").xlsx("accounts.xlsx", sheets).check()
    assert records.accounts["school_id"].tolist() == ["S1", "S2"]
    assert records.accounts["sheet"].tolist() == ["Pine Elementary", "NA"]
    assert records.counts.query("table == 'accounts'")["accepted"].tolist() == [1, 1]


def test_a_tab_whose_name_is_no_school_needs_the_column(district):
    sheets = {"Sheet1": [["account_id", "platform", "handle"], ["A1", "Facebook", "@s"]]}
    district.without("accounts.csv").xlsx("accounts.xlsx", sheets)
    with pytest.raises(InputError, match="there is no column for 'School'"):
        district.load()


def test_several_tables_in_one_workbook_and_sheets_that_are_none(district, only):
    sheets = {
        "Registry": [HEAD, ROW],
        "Reviews": [["account_id", "reviewed_on"], ["A1", "10/1/2026"]],
        "Menu": [["Monday", "Soup"], ["Tuesday", "Rice"]],
        "Empty": [],
    }
    records = district.without("accounts.csv").xlsx("office.xlsx", sheets).check()
    assert (len(records.accounts), len(records.reviews)) == (1, 1)
    problem = only(records, "sheet-not-used")
    assert problem["message"] == "office.xlsx (sheet 'Menu') fits no table; it is not used."


def test_a_sheet_that_fits_two_tables_equally_asks_which(district):
    rows = [["account_id", "review date", "sent"], ["A1", "9/1/2026", "9/2/2026"]]
    district.csv("log.csv", rows)
    with pytest.raises(InputError, match=r"fits .* and .* equally; say under \[files\]"):
        district.load()
    district.text("district.toml", '[files]\nnotices = "log.csv"\n')
    assert len(district.check().notices) == 1


def test_files_and_mapping_that_name_nothing_are_settings_errors(district):
    district.text("district.toml", '[files]\nacounts = "accounts.csv"\n')
    with pytest.raises(InputError, match=r"\[files\] has no table 'acounts'"):
        district.load()
    district.text("district.toml", '[files]\naccounts = "gone.csv"\n')
    with pytest.raises(InputError, match=r"names 'gone.csv', which is not in the folder"):
        district.load()
    district.text("district.toml", '[mapping]\n"Who?" = "ownr"\n')
    with pytest.raises(InputError, match=r"names no column 'ownr' \(did you mean 'owner'\?\)"):
        district.load()


@pytest.mark.parametrize(
    "heading",
    ["password", "Passcode", "PIN", "Login", "loginName", "Security answer", "FB pass word"],
)
def test_headings_of_credentials_are_refused(district, heading):
    district.csv("accounts.csv", [[*HEAD, heading], [*ROW, ""]])
    with pytest.raises(InputError, match=r"column E .* is named like a credential"):
        district.load()


@pytest.mark.parametrize(
    "heading", ["Pinterest", "Pinned post", "Login e-mail", "Shipping", "Opinion"]
)
def test_headings_that_only_look_like_credentials_are_read(district, heading):
    assert len(district.csv("accounts.csv", [[*HEAD, heading], [*ROW, ""]]).check().accounts) == 1


def test_credentials_on_a_hidden_second_sheet_are_refused_and_never_shown(district):
    sheets = {"Registry": [HEAD, ROW], "Other": [["who", "password"], ["me", "hunter2"]]}
    district.without("accounts.csv").xlsx("accounts.xlsx", sheets)
    district.hide_sheet("accounts.xlsx", "Other")
    with pytest.raises(InputError) as caught:
        district.load()
    problems = caught.value.problems
    found = problems[problems["code"] == "credential-column"].iloc[0]
    assert (found["sheet"], found["cell"]) == ("Other", "B1")
    assert "hunter2" not in problems.to_csv()
    assert district.load_unrefused().accounts.empty, "the file is not read further"
