import pytest

from nmsdreports.intake.headers import known_headings
from nmsdreports.intake.tables import read_tables
from nmsdreports.settings import InputError, fold

ROW = ["A1", "S1", "Facebook", "@s"]
HEAD = ["account_id", "school_id", "platform", "handle"]


def test_a_lone_identifier_at_the_end_is_no_footnote(district, only):
    records = district.csv("accounts.csv", [HEAD, ROW, ["A2"]]).check()
    count = records.counts.set_index("file").loc["accounts.csv"]
    assert count["quarantined"] == 1
    assert records.problems["code"].unique().tolist() == ["required-empty"]


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


def test_a_heading_that_is_nearly_known_comes_with_the_line_to_paste(district, only):
    records = district.csv("accounts.csv", [[*HEAD, "Launchd date"], [*ROW, "9/1/2026"]]).check()
    suggestion = only(records, "extra-column")["suggestion"]
    assert suggestion == '"Launchd date" = "launched_on"'
    district.text("district.toml", f"[mapping]\n{suggestion}\n")
    assert district.check().accounts["launched_on"].notna().all()


def test_a_tab_whose_name_is_no_school_needs_the_column(district):
    sheets = {"Sheet1": [["account_id", "platform", "handle"], ["A1", "Facebook", "@s"]]}
    district.without("accounts.csv").xlsx("accounts.xlsx", sheets)
    with pytest.raises(InputError, match="there is no column for 'School'"):
        district.load()


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
    [
        *("password", "Passcode", "PIN", "Login", "loginName", "Security answer", "FB pass word"),
        *("PW", "FB PW", "Security Q", "2FA backup", "Two-factor code", "Recovery codes"),
        *("Sign-in", "Sign in name", "Contraseña"),
    ],
)
def test_headings_of_credentials_are_refused(district, heading):
    district.csv("accounts.csv", [[*HEAD, heading], [*ROW, ""]])
    with pytest.raises(InputError, match=r"column E .* is named like a credential"):
        district.load()


@pytest.mark.parametrize(
    "heading",
    ["Pinterest", "Pinned post", "Login e-mail", "Sign-in e-mail", "Shipping", "Opinion", "PWA"],
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
