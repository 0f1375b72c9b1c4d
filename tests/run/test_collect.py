"""What comes back from schools and cannot be taken as it is: each named, with what to do."""

import shutil
import zipfile
from datetime import datetime

import pytest
from openpyxl import load_workbook

from tests.run import answered
from tests.run.answered import DAY

NELL, OTIS = "Nell Inkpenny", "Otis Paperly"
FUTURE, EARLY = datetime(2026, 12, 24), datetime(2026, 8, 20)
APPROVAL, RIGHTS, NOTICE = "supervisor-approval:A1", "admin-rights:A1", "parent-notice:A1"


def changed(book, to, change):
    """Save a copy in which `change` did something to the to-do sheet."""
    opened = load_workbook(book)
    change(opened["To do"])
    opened.save(to)


def with_its_result(path):
    """Store the day that a formula gave, as Excel does."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in parts.items():
            shown = data.replace(b"<f>TODAY()</f><v />", b"<f>TODAY()</f><v>46336</v>")
            shown = shown.replace(b"<f>TODAY()</f><v></v>", b"<f>TODAY()</f><v>46336</v>")
            assert b"<f>TODAY()" not in data or shown != data
            packed.writestr(name, shown)


def cell(sheet, finding, heading):
    columns = answered.cells(sheet)
    at = [one.value for one in columns["Finding ID"]].index(finding)
    return columns[heading][at]


def typed(finding, heading, value):
    def change(sheet):
        cell(sheet, finding, heading).value = value

    return change


def without(heading):
    def change(sheet):
        sheet.delete_cols(answered.cells(sheet)[heading][0].column)
        sheet.tables.clear()

    return change


def marked(words):
    def change(sheet):
        for row in sheet.iter_rows(max_row=12, max_col=1):
            if str(row[0].value).startswith("Report 2026-10"):
                row[0].value = words

    return change


def below_the_table(sheet):
    done = answered.cells(sheet)["Done on"][-1]
    sheet.cell(done.row + 2, done.column).value = DAY


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What `collect` makes of a folder full of mishaps: its message and the proposal."""
    folder = tmp_path_factory.mktemp("mishaps")
    source = answered.write_source(folder / "source")
    books = answered.write_books(source, folder / "sent")
    back = folder / "back"
    back.mkdir()
    s1, s2 = books["S1"], books["S2"]

    def say(name, finding, *told, book=s1):
        answered.answer(book, {finding: told}, back / name)

    say("01 one day.xlsx", APPROVAL, DAY, NELL)
    say("02 another day.xlsx", APPROVAL, datetime(2026, 11, 9), NELL)
    say("03 to come.xlsx", RIGHTS, FUTURE, NELL)
    say("04 nobody.xlsx", "student-monitoring:A1", DAY, None)
    say("05 unknown.xlsx", RIGHTS, DAY, "Nell Inkpeny")
    say("06 no authority.xlsx", "supervisor-approval:A2", DAY, NELL, book=s2)
    say("07 closed.xlsx", "concern-response:C1", DAY)
    say("08 remark alone.xlsx", NOTICE, None, None, "we will see")
    say("09 early.xlsx", "parent-notice:A2", EARLY, book=s2)
    say("10 number.xlsx", RIGHTS, DAY, "Nell 555-12-3456")
    say("17b label.xlsx", "professional-label:A1", DAY, "Mrs Tomsmother")
    say("18b incident.xlsx", "supervisor-approval:incident:I1", DAY, "otis paperly", book=s2)
    say("20 twice the same.xlsx", "admin-rights:A2", DAY, OTIS, book=s2)
    say("21 twice the same.xlsx", "admin-rights:A2", DAY, "otis  paperly", book=s2)
    changed(back / "20 twice the same.xlsx", back / "11 formula.xlsx",
            typed("admin-rights:A2", "Done on", "=TODAY()"))  # fmt: skip
    with_its_result(back / "11 formula.xlsx")
    changed(back / "01 one day.xlsx", back / "12 gone.xlsx", without("By whom"))
    changed(back / "01 one day.xlsx", back / "13 month.xlsx", marked("Report 2026-09 of S1"))
    changed(back / "01 one day.xlsx", back / "14 district.xlsx", marked("Report 2026-10 of S9"))
    changed(back / "01 one day.xlsx", back / "15 no mark.xlsx", marked("Hello"))
    changed(back / "01 one day.xlsx", back / "16 school.xlsx", marked("Report 2026-10 of S2"))
    changed(back / "01 one day.xlsx", back / "17 renamed.xlsx",
            typed(APPROVAL, "Finding ID", "supervisor-approval:A77"))  # fmt: skip
    changed(back / "01 one day.xlsx", back / "18 anew.xlsx",
            typed(APPROVAL, "Open since", datetime(2026, 6, 1)))  # fmt: skip
    changed(s2, back / "19 below.xlsx", below_the_table)
    changed(s1, back / "22 words.xlsx", typed("student-monitoring:A1", "Done on", "last week"))
    shutil.copy(back / "01 one day.xlsx", back / "30 macros.xlsm")
    with zipfile.ZipFile(back / "30 macros.xlsm", "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"Sub AutoOpen")
    (back / "31 cut.xlsx").write_bytes((back / "01 one day.xlsx").read_bytes()[:4000])
    (back / "32 list.csv").write_text("Done on\n", "utf-8")
    (back / "33 folder").mkdir()
    (back / "~$01 one day.xlsx").touch()
    (back / ".hidden").touch()
    # answered meanwhile on another way
    answered_since = answered.FILES["concerns.csv"].replace("10/1/2026,", "10/1/2026,11/2/2026")
    (source / "concerns.csv").write_text(answered_since, "utf-8")
    done = answered.collect(back, source=source, output=folder / "reports")
    return done, answered.proposal(folder / "reports"), folder


REASONS = {
    "01 one day.xlsx": ("November 10, 2026, and who it was", "another day.xlsx says in ", "ask"),
    "02 another day.xlsx": ("November 9, 2026", "01 one day.xlsx says in ", "ask which"),
    "03 to come.xlsx": ("December 24, 2026", "up to November 20, 2026", "ask when"),
    "04 nobody.xlsx": ("nothing under By whom", "a name", "ask who"),
    "05 unknown.xlsx": ("a name that is not", "the staff table", "perhaps Nell Inkpenny is meant"),
    "06 no authority.xlsx": ("approver without authority", "what the guideline asks", "explain A2"),
    "07 closed.xlsx": ("closed on November 2, 2026 already", "an open finding", "nothing needs"),
    "08 remark alone.xlsx": ("a remark without a day", "a day under Done on", "read the remark"),
    "10 number.xlsx": ("a private number", "the name of an employee", "take the number out"),
    "11 formula.xlsx": ("a formula", "typed by hand", "type the value itself"),
    "12 gone.xlsx": ("the column By whom is gone", "Open since, Done on", "ask for the"),
    "13 month.xlsx": ("September 2026", "that of October 2026", "--month 2026-09"),
    "14 district.xlsx": ('the school "S9"', "a school of this district", "own district"),
    "15 no mark.xlsx": ("which report this is is gone", "Report 2026-10 of S1", "ask for the"),
    "16 school.xlsx": ("a finding of another school", "findings of S2", "the school that it"),
    "17 renamed.xlsx": ('"supervisor-approval:A77"', "on record", "ask which finding"),
    "18 anew.xlsx": ("open since June 1, 2026", "open since September 1, 2026", "new report"),
    "19 below.xlsx": ("without a Finding ID", "beside its finding", "into the row"),
    "22 words.xlsx": ("a text that is no day", "a day such as", "with its year"),
    "30 macros.xlsm": ("holds macros; none was run", "without macros", "(.xlsx)"),
    "31 cut.xlsx": ("damaged or was cut off", "can be read", "ask for the"),
    "32 list.csv": ("another kind (.csv)", "a workbook", "save the answers"),
    "33 folder": ("a folder", "workbooks", "beside the others"),
    "~$01 one day.xlsx": ("open somewhere", "a closed workbook", "close it"),
}  # fmt: skip
OF_NO_CELL = {"13", "14", "15", "30", "31", "32", "33", "~$"}


@pytest.mark.parametrize("file", REASONS)
def test_what_is_not_taken_says_what_was_found_what_was_expected_and_what_to_do(made, file):
    (row,) = (row for row in made[1]["Not taken"] if row["File"] == file)
    shown = [row[name] for name in ("What was found", "What was expected", "What to do")]
    for words, text in zip(REASONS[file], shown, strict=True):
        assert words.casefold() in text.casefold()
    assert bool(row["Cell"]) is (file[:2] not in OF_NO_CELL)


def test_nothing_else_is_refused_and_the_verb_says_that_something_was(made):
    done, sheets, _ = made
    assert {row["File"] for row in sheets["Not taken"]} == {*REASONS}
    assert [row["File"] for row in sheets["Not taken"]] == sorted(REASONS)
    assert done.exit_code == 1 and f"{len(REASONS)} answers or files were not taken" in done.stderr
    for typed_text in ("555-12", "we will see", "last week", "Inkpeny", "Tomsmother"):
        assert typed_text not in str(sheets)


def test_who_did_what_is_entered_by_hand_is_said_where_the_name_is_on_record(made):
    said = {row["Finding ID"]: row["By whom"] for row in made[1]["To enter by hand"]}
    assert said["professional-label:A1"].startswith("not on record: see ")
    assert said["supervisor-approval:incident:I1"] == OTIS


def test_what_is_entered_by_hand_says_what_to_type(made):
    told = {row["Under"]: row["What to type"] for row in made[1]["To enter by hand"]}
    day, outcome = "November 10, 2026", "under Outcome what came of it"
    assert told == {"Professional label on": day, "Resolved on": f"{day}, and {outcome}"}


def test_who_says_the_same_twice_is_taken_once(made):
    (row,) = made[1]["Administrative rights"]
    assert row["Answer in"].startswith("20 twice") and row["Enter"] == "yes"


def test_a_day_before_the_finding_began_is_asked_about_and_not_marked(made):
    (row,) = made[1]["Notice log"]
    assert row["Enter"] is None and row["Finding ID"] == "parent-notice:A2"
    assert "before the finding began (September 1, 2026)" in row["Look first"]


def test_an_older_months_answers_are_taken_where_they_are_asked_for(made):
    _, _, folder = made
    back = folder / "september"
    back.mkdir(exist_ok=True)
    shutil.copy(folder / "back" / "13 month.xlsx", back)
    where = {"source": folder / "source", "output": folder / "older"}
    assert answered.collect(back, "--month", "2026-09", **where).exit_code == 0
    (row,) = answered.proposal(folder / "older")["Approval log"]
    assert row["Finding ID"] == APPROVAL


def test_a_proposal_that_the_office_may_have_written_into_is_never_replaced(made):
    _, _, folder = made
    first = (folder / "reports" / "answers" / "answers 2026-10.xlsx").read_bytes()
    answered.collect(folder / "back", source=folder / "source", output=folder / "reports")
    names = {path.name for path in (folder / "reports" / "answers").iterdir()}
    assert names == {"answers 2026-10.xlsx", "answers 2026-10-2.xlsx"}
    assert (folder / "reports" / "answers" / "answers 2026-10.xlsx").read_bytes() == first


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{back}/nowhere"], "does not exist; name the folder with the returned workbooks."),
        (["{empty}"], "holds no workbook; put those that came back there."),
        (
            ["--accept", "{back}/01 one day.xlsx"],  # which has a sign of being open beside it
            "is not a workbook that `nmsdreports collect`",
        ),
        (["--accept", "{back}"], "is a folder; name the workbook"),
        (["{back}", "--month", "October"], "is not a month"),
        (["--accept", "{back}", "--month", "2026-10"], "--month belongs to collecting"),
    ],
)
def test_what_cannot_be_collected_is_one_sentence(made, words, said):
    _, _, folder = made
    (folder / "empty").mkdir(exist_ok=True)
    places = {"back": folder / "back", "empty": folder / "empty"}
    done = answered.collect(
        *(word.format(**places) for word in words), source=folder / "source", output=folder / "r"
    )
    assert done.exit_code == 2 and said in done.stderr
    assert done.stderr.count("\n") == 1 and not (folder / "r").exists()


def test_without_a_staff_table_an_unknown_name_is_only_to_be_looked_at(made, tmp_path):
    _, _, folder = made
    source = tmp_path / "source"
    shutil.copytree(folder / "source", source, ignore=shutil.ignore_patterns("staff.csv"))
    (tmp_path / "back").mkdir()
    shutil.copy(folder / "back" / "05 unknown.xlsx", tmp_path / "back")
    where = {"source": source, "output": tmp_path / "reports"}
    done = answered.collect(tmp_path / "back", **where)
    assert done.exit_code == 0 and "1 row has to be looked at first" in done.stderr
    sheets = answered.proposal(tmp_path / "reports")
    (row,) = sheets["Administrative rights"]
    assert "perhaps Nell Inkpenny is meant" in row["Look first"] and row["Role"] == "designee"
    assert (row["Enter"], row["Who"]) == (None, None) and "Inkpeny" not in str(sheets)
    (book,) = sheets["Answers"]
    assert (book["To enter"], book["To look at"]) == (0, 1)


def test_where_nothing_was_answered_the_workbook_says_so(made, tmp_path):
    _, _, folder = made
    shutil.copytree(folder / "sent", tmp_path / "back")
    where = {"source": folder / "source", "output": tmp_path / "reports"}
    done = answered.collect(tmp_path / "back", **where)
    assert done.exit_code == 0 and "No rows can enter the logs." in done.stderr
    (sheet,) = answered.proposal(tmp_path / "reports").values()
    assert [row["School"] for row in sheet] == ["Pine Elementary", "Cedar Creek"]
    (proposal,) = (tmp_path / "reports" / "answers").iterdir()
    done = answered.collect("--accept", proposal, **where)
    assert done.exit_code == 2 and "no row has a yes under Enter" in done.stderr
