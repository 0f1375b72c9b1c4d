"""Columns without a heading: what decides verdicts is never lacking in silence."""

import pandas as pd
import pytest

from nmsdreports.intake.tables import read_tables
from nmsdreports.settings import InputError
from tests.intake.conftest import ACCOUNTS

MONTHS = ["Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"]
ALL = [column.heading for column in read_tables()["accounts"].columns.values()]
DECIDING = [
    c.heading for c in read_tables()["accounts"].columns.values() if c.absent and not c.alternative
]


def registry(district, *headings, name="accounts.csv"):
    examples = {c.heading: c.example for c in read_tables()["accounts"].columns.values()}
    row = [examples.get(heading, "9/4/2026") for heading in headings]
    return district.csv(name, [list(headings), row])


def lacking(district):
    problems = district.load_whole(refuse=False).problems
    mine = problems["table"] == "accounts"
    return problems[mine & (problems["code"] == "lacking-column")]


def without(*headings):
    return [heading for heading in ALL if heading not in headings]


def test_a_registry_with_all_its_headings_lacks_nothing(district):
    assert lacking(registry(district, *ALL)).empty


@pytest.mark.parametrize("heading", DECIDING)
def test_each_column_that_decides_is_missed(district, heading):
    found = lacking(registry(district, *without(heading)))
    assert len(found) == 1
    assert found.iloc[0]["level"] == "warning"
    assert found.iloc[0]["message"].startswith(f"There is no column for '{heading}': ")


def test_what_decides_is_what_the_guidelines_ask_for():
    assert set(DECIDING) > {"Launched on", "Closed on", "Purpose", "Students invited"}
    assert len(DECIDING) == 14


def test_an_owner_is_missed_only_where_no_e_mail_speaks_for_the_name(district):
    assert lacking(registry(district, *without("Owner"))).empty
    found = lacking(registry(district, *without("Owner", "Owner e-mail")))
    assert found["message"].str.startswith("There is no column for 'Owner': nobody can be").all()
    assert len(found) == 1


def test_a_renamed_heading_is_named_with_the_line_that_repairs_it(district):
    headings = [{"Launched on": "Launching"}.get(heading, heading) for heading in ALL]
    problem = lacking(registry(district, *headings)).iloc[0]
    assert problem["message"] == (
        "There is no column for 'Launched on': every account counts as not launched, so that "
        "hardly anything can be assessed. Perhaps 'Launching' is meant; then name it 'Launched on'."
    )
    district.text("district.toml", f"[mapping]\n{problem['suggestion']}\n")
    assert lacking(district).empty
    assert district.load().accounts["launched_on"].notna().all()


def test_columns_whose_lack_has_one_effect_are_told_together(district):
    messages = lacking(district)["message"].tolist()
    assert len(messages) < 7
    assert sum("'Registered e-mail' or 'Purpose'" in text for text in messages) == 1


def test_a_tab_for_each_school_is_told_once(district):
    district.without("accounts.csv").xlsx(
        "accounts.xlsx", {name: [ACCOUNTS[0], ACCOUNTS[1]] for name in ("one", "two", "three")}
    )
    found = lacking(district)
    assert found["sheet"].unique().tolist() == ["one"]
    assert found["message"].str.contains(" here and on 2 other sheets: ").all()


def test_a_log_that_keeps_the_same_fact_speaks_for_the_column(district, only):
    rows = [["account_id", "decision", "decided_on"], ["A001", "approved", "8/1/2026"]]
    registry(district, *without("Approved on")).csv("approvals.csv", rows)
    records = district.load_whole()
    assert only(records, "column-in-log")["message"] == (
        "There is no column for 'Approved on'; it is kept in Approval log."
    )
    assert lacking(district).empty


def test_a_table_without_rows_lacks_nothing(district):
    assert lacking(district.csv("accounts.csv", [ACCOUNTS[0]])).empty


def test_without_settings_whose_name_and_domain_are_taken_is_said(district, only):
    problem = only(district.load_whole(), "no-settings")
    assert problem["level"] == "warning"
    for word in ("North Mason School District", "nmsd.wednet.edu", "nmsdreports new FOLDER"):
        assert word in problem["message"]
    district.text("district.toml", "# all as it came\n")
    problem = only(district.load_whole(), "untouched-settings")
    assert "North Mason School District" in problem["message"] and problem["level"] == "warning"
    district.text("district.toml", 'name = "Ours"\n')
    codes = set(district.load_whole().problems["code"])
    assert not codes & {"no-settings", "untouched-settings"}


def test_all_headings_are_listed_or_how_many_more_there_are(district):
    many = [f"A column of our own with the number {n}" for n in range(60)]
    district.csv("accounts.csv", [["Account ID", "Platform", "Handle", *many], ["A1", "X", "@a"]])
    with pytest.raises(InputError, match=r"there is no column for 'School'; .* and 4\d more\."):
        district.load()


@pytest.mark.parametrize("book", [True, False], ids=["xlsx", "csv"])
def test_a_registry_whose_headings_were_deleted_is_told_so(district, only, book):
    if book:
        sheets = {"Menu": [["Soup"], ["Rice"]], "Accounts": ACCOUNTS[1:]}
        district.without("accounts.csv").xlsx("accounts.xlsx", sheets)
    else:
        district.csv("accounts.csv", ACCOUNTS[1:])
    problem = only(district.check(), "no-headings")
    place = "accounts.xlsx · Accounts" if book else "accounts.csv"
    assert problem["message"].startswith(
        f"No row with headings was found in {place}; write one above the data, with at least "
        "'Account ID', 'School', 'Platform', 'Handle' or 'Web address'."
    )
    codes = set(district.check().problems["code"])
    assert codes - {"sheet-not-used"} == {"no-headings", "registry-not-read"}


def test_an_unknown_heading_is_said_once(district, only):
    problem = only(registry(district, *ALL, "Room number").load(), "extra-column")
    assert problem["message"] == "This heading is not known; its column is kept, but not used."


def twelve_tabs(district, head, row, name="notices 2026.xlsx"):
    return district.xlsx(name, {month: [head, row] for month in MONTHS})


def test_twelve_tabs_without_a_required_column_are_one_sentence(district, only):
    twelve_tabs(district, ["Account", "Dated", "Reviewer"], ["A1", "", "Nell"], "reviews.xlsx")
    problem = only(district.check(), "missing-columns")
    assert problem["message"] == (
        "reviews.xlsx (sheets 'Sep', 'Oct', 'Nov', 'Dec', 'Jan', 'Feb', 'Mar', 'Apr', 'May', "
        "'Jun', 'Jul', 'Aug'): read as Reviews of student activity, but there is no column for "
        "'Reviewed on'; the headings are 'Account', 'Dated', 'Reviewer'. Name the right heading "
        "'Reviewed on', or add under [mapping] in district.toml: "
        '"your heading" = "reviewed_on".'
    )
    assert problem["file"] == "reviews.xlsx" and pd.isna(problem["sheet"])


def test_twelve_tabs_of_one_kind_are_told_of_once_for_each_column(district):
    head = ["Account ID", "Groups invited", "Room", "Groups", "Sent by whom"]
    twelve_tabs(district, head, ["A1", "grade 4", "12", "", "Nell"])
    problems = district.load_whole().problems.query("table == 'notices'")
    assert problems["code"].value_counts().to_dict() == {
        "double-header": 1,
        "extra-column": 2,
        "lacking-column": 1,
    }
    assert problems["message"].str.contains(" here and on 11 other sheets").all()
    assert problems["sheet"].eq("Sep").all()


def test_tabs_that_differ_are_told_apart_and_a_column_is_named_once(district):
    full = ["Account ID", "Starts on", "Sent on"]
    sheets = {
        "one": [["Account ID", "Starts on"], ["A1", "9/1/2026"]],
        "two": [full, ["A1", "9/1/2026", "9/1/2026"]],
        "three": [["Account ID", "Groups"], ["A1", "grade 4"]],
        "four": [["Account ID", "Groups", "Notice was sent"], ["A1", "grade 4", "9/1/2026"]],
    }
    problems = district.xlsx("notices.xlsx", sheets).load_whole().problems
    found = problems[problems["code"].eq("lacking-column") & problems["table"].eq("notices")]
    assert dict(zip(found["sheet"], found["message"].str.split(": ").str[0], strict=True)) == {
        "one": "There is no column for 'Sent on' here and on 1 other sheet",
        "four": "There is no column for 'Sent on'",
    }
    assert found["suggestion"].dropna().tolist() == ['"Notice was sent" = "sent_on"']


def test_the_same_in_several_files_is_told_once(district, only):
    for name in ("one", "two", "three"):
        district.csv(f"reviews {name}.csv", [["account_id", "reviewed_on", "Room"], ["A1", "", ""]])
    message = only(district.check(), "extra-column")["message"]
    assert message.startswith("This heading is not known here and in 2 other files; ")
