"""Answers all the way: report, typed in, collected, accepted into the logs, reported again."""

import shutil
import subprocess
from datetime import datetime
from types import SimpleNamespace

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference

from nmsdreports.run import accept as accepting
from tests.run import answered
from tests.run.answered import DAY

APPROVAL = "supervisor-approval:A1"
S1 = {
    APPROVAL: (DAY, "Nell Inkpenny", "see drawer 5"),
    "admin-rights:A1": (DAY, "n.inkpenny@example.org"),
    "parent-notice:A1/book week": (DAY, "Ada Chalkwright"),
    "student-monitoring:A1": (DAY, "Ada Chalkwright"),
    "concern-response:C1": (DAY, None),
    "professional-label:A1": (DAY, "Ada Chalkwright"),
}
S2 = {
    "supervisor-approval:A2": (DAY, "otis  paperly"),
    "parent-notice:A2": (datetime(2026, 11, 3),),
    # of an incident no log of approvals can speak, though it names that guideline
    "supervisor-approval:incident:I1": (DAY, "Otis Paperly"),
}
BY_HAND = {
    "professional-label:A1": "accounts.csv!M2",
    "supervisor-approval:incident:I1": "incidents.csv!F2",
}
# the log has no notice about the account itself, so the first sent one of any kind meets it
ALSO = "parent-notice:A1"


def soffice(kind, folder, profile, *paths):
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(folder), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def as_a_person_leaves_it(path, to):
    """Renamed, turned upside down and filtered, its sheet under another name."""
    book = load_workbook(path)
    sheet = book["To do"]
    sheet.protection.sheet = False
    _, *rows = sheet[sheet.tables["ToDo"].ref]
    turned = [[cell.value for cell in row] for row in rows][::-1]
    for row, values in zip(rows, turned, strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value
    for row in rows[::2]:
        sheet.row_dimensions[row[0].row].hidden = True
    sheet.title = "List"
    book.save(to)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The district, its answered workbooks as they came back, and what `collect` said."""
    folder = tmp_path_factory.mktemp("answers")
    source = answered.write_source(folder / "source")
    books = answered.write_books(source, folder / "sent")
    back = folder / "back"
    back.mkdir()
    answered.answer(books["S1"], S1)
    as_a_person_leaves_it(books["S1"], back / "my answers (2).xlsx")
    answered.answer(books["S2"], S2)
    if shutil.which("soffice"):
        soffice("ods", back, folder / "profile", books["S2"])
    else:
        shutil.copy(books["S2"], back)
    done = answered.collect(back, source=source, output=folder / "reports")
    return folder, source, done


@pytest.fixture
def district(made, tmp_path):
    """A copy of the district and of the proposal, to be changed."""
    folder, source, _ = made
    shutil.copytree(source, tmp_path / "source")
    shutil.copytree(folder / "reports", tmp_path / "reports")
    (path,) = (tmp_path / "reports" / "answers").iterdir()

    def accept():
        words = ("--accept", path)
        return answered.collect(*words, source=tmp_path / "source", output=tmp_path / "reports")

    return tmp_path / "source", path, accept


@pytest.fixture(scope="module")
def accepted(made, tmp_path_factory):
    """The district after its answers were accepted, and accepted once more."""
    source = tmp_path_factory.mktemp("accepted") / "source"
    shutil.copytree(made[1], source)
    # a file that several districts share lies outside of the folder
    (source / "policy.toml").rename(source.with_name("policy.toml"))
    settings = source / "district.toml"
    text = settings.read_text("utf-8").replace('"policy.toml"', '"../policy.toml"')
    settings.write_text(text, "utf-8")
    (path,) = (made[0] / "reports" / "answers").iterdir()
    before, ids = files(source), open_ids(source)
    words, where = ("--accept", path), {"source": source, "output": source.with_name("r")}
    done = answered.collect(*words, **where)
    assert done.exit_code == 0, done.stderr
    after = files(source)
    again = answered.collect(*words, **where)
    return SimpleNamespace(
        source=source, before=before, ids=ids, done=done, after=after, again=again
    )


def files(source):
    return {path.name: path.read_bytes() for path in source.iterdir()}


def open_ids(source, day=answered.AS_OF):
    found = answered.standing(source, day).findings
    return {*found.loc[found["open"], "finding_id"]}


def test_collecting_changes_nothing_and_says_what_it_found(made):
    folder, source, done = made
    assert done.exit_code == 0, done.stderr
    assert "7 rows can enter the logs." in done.stderr
    assert "2 answers are to be entered by hand." in done.stderr
    fresh = answered.write_source(folder / "fresh")
    kept = {name: data for name, data in files(source).items() if name != "admins.xlsx"}
    assert kept.items() <= files(fresh).items()


def test_rows_stand_under_the_districts_own_headings_with_their_finding(made):
    sheets = answered.proposal(made[0] / "reports")
    approvals = {row["Finding ID"]: row for row in sheets["Approval log"]}
    row = approvals["supervisor-approval:A1"]
    assert [*row][:6] == [
        *("Enter", "Account ID", "Decision", "Date of decision", "Who decided"),
        "Look first",
    ]
    assert (row["Enter"], row["Date of decision"], row["Who decided"]) == (
        "yes",
        DAY,
        "Nell Inkpenny",
    )
    assert row["Open since"] == datetime(2026, 9, 1)
    assert row["Answer in"].startswith("my answers (2).xlsx · List!")
    by_hand = sheets["To enter by hand"]
    assert {row["Finding ID"]: row["Where to type it"] for row in by_hand} == BY_HAND
    assert {row["Under"] for row in by_hand} == {"Professional label on", "Resolved on"}


def test_a_remark_is_pointed_to_and_never_copied(made):
    text = str(answered.proposal(made[0] / "reports"))
    assert "remark in" in text and "drawer 5" not in text


def test_exactly_what_was_answered_closes_and_is_met(accepted):
    closed = {*S1, *S2} - {*BY_HAND} | {ALSO}
    assert accepted.ids - open_ids(accepted.source) == closed and closed <= accepted.ids
    found = answered.standing(accepted.source, "2026-11-30")
    findings = found.findings.set_index("finding_id").loc[sorted(closed)]
    assert {*findings["closed_by"]} == {"met"}
    moved = found.changes[found.changes["move"].eq("closed")].set_index("finding_id")
    assert {*moved.loc[sorted(closed), "reason"]} == {"met"}


def test_a_finding_that_closes_unanswered_is_named_before(made):
    book = load_workbook(next((made[0] / "reports" / "answers").iterdir()))
    said = " ".join(str(row[0]) for row in book["Answers"].values)
    assert f"unanswered: {ALSO}." in said


def test_each_log_keeps_its_own_format(accepted):
    source = accepted.source
    approvals = (source / "approvals.csv").read_bytes()
    assert approvals.startswith(answered.APPROVALS.encode("cp1252"))
    more = approvals[len(answered.APPROVALS.encode("cp1252")) :].decode("cp1252")
    assert sorted(more.split("\r\n")) == [
        "",
        "A1;approved;11/10/2026;Nell Inkpenny;",
        "A2;approved;11/10/2026;Otis Paperly;",
    ]
    reviews = (source / "reviews.csv").read_text("utf-8")
    assert reviews == answered.FILES["reviews.csv"] + "A1,2026-11-10,Ada Chalkwright\n"
    notices = (source / "notices.csv").read_text("utf-8").splitlines()
    assert notices[2:] == [
        "A2,,,,all,11/3/2026",
        "A1,Book Week,10/5/2026,grade 4|grade 5,all,11/10/2026",
    ]
    book = load_workbook(source / "admins.xlsx")
    rights = book["Rights"]
    assert rights.tables["Rights"].ref == "A2:D4" and rights["A1"].font.b
    assert [cell.value for cell in rights[4]] == ["A1", "n.inkpenny@example.org", "supervisor", DAY]
    assert rights["D4"].number_format == "d mmm yyyy"
    assert book["Our notes"]["B2"].value == "stays"


def test_the_files_before_are_kept_beside_and_are_no_input(accepted):
    kept = {path.name: path.read_bytes() for path in accepted.source.glob("*.bak")}
    changed = ("approvals.csv", "admins.xlsx", "notices.csv", "reviews.csv", "concerns.csv")
    assert {name.partition(".before-")[0]: data for name, data in kept.items()} == {
        name: accepted.before[name] for name in changed
    }
    assert all(name in accepted.done.stderr for name in kept)


def test_accepted_twice_nothing_enters_twice(accepted):
    assert accepted.again.exit_code == 0 and files(accepted.source) == accepted.after
    said = accepted.again.stderr
    assert "7 rows stand in the logs already and did not enter again. Nothing was changed." in said


def test_what_the_office_struck_does_not_enter_and_what_it_changed_does(district):
    source, path, accept = district
    book = load_workbook(path)
    for row in book["Approval log"].iter_rows(min_row=7):
        row[0].value = "no" if row[1].value == "A2" else "yes"
        row[3].value = "11/12/2026"
    book.save(path)
    accept()
    text = (source / "approvals.csv").read_text("cp1252")
    assert "A1;approved;11/12/2026;" in text and "A2;" not in text


UNREADABLE = {
    "D7": ("soon", 'Approval log!D7: "soon" is no day'),
    "E7": ("=A7", "Approval log!E7 holds a formula"),
    "C7": (None, "Approval log!C7 is empty, and no row can do without Decision"),
    "A8": ("perhaps", 'Approval log!A8: "perhaps" is neither yes nor no'),
    "B7": ("A999", 'B7: "A999" is not on record; write the ID of an account in the registry'),
}
REFUSED = {
    "C7": ("maybe", "Approval log!A7: 'Decision' needs one of: requested, approved"),
    "E7": ("Ada Chalkwright", "supervisor-approval:A2 would stay open with this row"),
    "E8": ("Zoë 学校", "approvals.csv cannot hold 学"),
}


@pytest.mark.parametrize("typed", [UNREADABLE, *({at: REFUSED[at]} for at in REFUSED)])
def test_a_row_that_cannot_enter_keeps_all_others_out(district, typed):
    source, path, accept = district
    before = files(source)
    book = load_workbook(path)
    for cell, (value, _) in typed.items():
        book["Approval log"][cell].value = value
    book.save(path)
    done = accept()
    assert (done.exit_code, files(source)) == (2, before)
    for _, words in typed.values():
        assert words in done.stderr
    assert "Nothing was changed" in done.stderr


@pytest.mark.parametrize("sign", ["~$admins.xlsx", ".~lock.reviews.csv#", "~$answers 2026-10.xlsx"])
def test_a_file_that_is_open_somewhere_stops_all(district, sign):
    source, path, accept = district
    before = files(source)
    ((path.parent if "answers" in sign else source) / sign).touch()
    done = accept()
    assert done.exit_code == 2 and "is open somewhere" in done.stderr
    assert files(source).keys() - before.keys() <= {sign}
    assert before.items() <= files(source).items()


@pytest.mark.parametrize("fails", [1, 4])
def test_a_disk_that_fails_at_any_file_leaves_every_file_as_it_was(district, monkeypatch, fails):
    source, _, accept = district
    before, real, calls = files(source), accepting.replace_file, []

    def replace(path, write):
        if not path.name.endswith(".bak") and len(calls) <= fails:
            calls.append(path)
            if len(calls) == fails + 1:
                raise PermissionError(13, "The process cannot access the file")
        return real(path, write)

    monkeypatch.setattr(accepting, "replace_file", replace)
    done = accept()
    assert (done.exit_code, files(source)) == (2, before)
    assert calls[-1].name in done.stderr and "Nothing was changed" in done.stderr


def test_stopped_in_the_middle_every_file_is_as_it_was(district, monkeypatch):
    source, _, accept = district
    before, real = files(source), accepting.replace_file

    def replace(path, write):
        if path.name == "concerns.csv" and path.read_bytes() == before[path.name]:
            raise KeyboardInterrupt
        return real(path, write)

    monkeypatch.setattr(accepting, "replace_file", replace)
    assert accept().exit_code == 130
    assert files(source) == before


def test_a_file_keeps_its_mode_and_a_link_leads_to_the_file_that_got_the_rows(district):
    source, _, accept = district
    (source / "approvals.csv").chmod(0o660)
    kept = source.parent / "kept elsewhere"
    kept.mkdir()
    (source / "reviews.csv").rename(kept / "reviews.csv")
    (source / "reviews.csv").symlink_to(kept / "reviews.csv")
    assert accept().exit_code == 0
    (backup,) = source.glob("approvals.csv.before-*.bak")
    assert (source / "approvals.csv").stat().st_mode & 0o777 == 0o660
    assert backup.stat().st_mode & 0o777 == 0o660
    assert (source / "reviews.csv").is_symlink()
    more = answered.FILES["reviews.csv"] + "A1,2026-11-10,Ada Chalkwright\n"
    assert (kept / "reviews.csv").read_text("utf-8") == more
    assert [path.suffix for path in kept.glob("reviews.csv.before-*")] == [".bak"]


def test_what_cannot_be_put_back_is_named_and_all_others_are_put_back(district, monkeypatch):
    source, _, accept = district
    before, real, calls = files(source), accepting.replace_file, []

    def replace(path, write):
        if not path.name.endswith(".bak"):
            calls.append(path)
            if len(calls) == 4 or (calls.count(calls[0]) == 2 and path == calls[0]):
                raise PermissionError(13, "The process cannot access the file")
        return real(path, write)

    monkeypatch.setattr(accepting, "replace_file", replace)
    done = accept()
    name = calls[0].name
    (backup,) = source.glob("*.bak")
    changed = {one for one, data in files(source).items() if before.get(one) != data}
    assert (done.exit_code, changed) == (2, {name, backup.name})
    assert backup.read_bytes() == before[name]
    assert f"put {backup.name} in the place of {name}" in done.stderr
    assert "Nothing was changed" not in done.stderr


def test_what_is_no_input_is_not_copied_to_be_read_again(district, monkeypatch):
    source, _, accept = district
    names, seen, real = {*files(source)}, [], accepting.load
    (source / "papers of a case").mkdir()
    (source / "case 4.docx").touch()
    monkeypatch.setattr(
        accepting, "load", lambda copy, **day: seen.append({*files(copy)}) or real(copy, **day)
    )
    assert accept().exit_code == 0 and seen == [names]


def test_what_was_closed_meanwhile_in_another_way_keeps_all_out(district):
    source, _, accept = district
    log = source / "approvals.csv"
    log.write_bytes(log.read_bytes() + b"A1;approved;11/05/2026;Nell Inkpenny;\r\n")
    before = files(source)
    done = accept()
    assert (done.exit_code, files(source)) == (2, before)
    assert f"{APPROVAL} is not open any more; take the yes away." in done.stderr


def test_several_logs_in_one_workbook_all_get_their_rows(made, tmp_path):
    folder, source, _ = made
    kept = shutil.ignore_patterns("approvals.csv", "reviews.csv")
    shutil.copytree(source, tmp_path / "source", ignore=kept)
    book = Workbook()
    book.active.title = "Approvals"
    book.active.append(["Account ID", "Decision", "Decided on", "Decided by"])
    book.active.append(["A3", "approved", DAY, "Nell Inkpenny"])
    reviews = book.create_sheet("Reviews")
    reviews.append(["Account ID", "Reviewed on", "Reviewed by"])
    reviews.append(["A2", datetime(2026, 10, 20), "Otis Paperly"])
    book.save(tmp_path / "source" / "logs.xlsx")
    where = {"source": tmp_path / "source", "output": tmp_path / "r"}
    answered.collect(folder / "back", **where)
    (proposal,) = (tmp_path / "r" / "answers").iterdir()
    done = answered.collect("--accept", proposal, **where)
    assert done.exit_code == 0, done.stderr
    assert len([*(tmp_path / "source").glob("logs.xlsx.before-*.bak")]) == 1
    closed = {"supervisor-approval:A1", "supervisor-approval:A2", "student-monitoring:A1"}
    assert not closed & open_ids(tmp_path / "source")


def test_a_workbook_that_would_lose_its_chart_is_left_and_the_rows_go_beside_it(made, tmp_path):
    folder, source, _ = made
    shutil.copytree(source, tmp_path / "source")
    path = tmp_path / "source" / "admins.xlsx"
    book = load_workbook(path)
    chart = BarChart()
    chart.add_data(Reference(book["Rights"], min_col=4, min_row=3, max_row=3))
    book["Our notes"].add_chart(chart, "D4")
    book.save(path)
    before, where = path.read_bytes(), {"source": tmp_path / "source", "output": tmp_path / "r"}
    answered.collect(folder / "back", **where)
    (proposal,) = (tmp_path / "r" / "answers").iterdir()
    done = answered.collect("--accept", proposal, **where)
    assert done.exit_code == 0, done.stderr
    (beside,) = (tmp_path / "source").glob("admins added *.csv")
    assert f"the new file {beside.name} (in admins.xlsx charts" in done.stderr
    assert path.read_bytes() == before
    assert "admin-rights:A1" not in open_ids(tmp_path / "source")
