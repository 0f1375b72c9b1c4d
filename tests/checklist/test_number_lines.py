"""Line 11: every number of a workbook is the one that `table` prints."""

from collections import Counter

from tests.checklist.cells import LEVELS, REPORTS, assert_cells, rows_of, school_ids, with_columns
from tests.checklist.truth import STATES, day_words, percent
from tests.views import workbooks


def test_line_11_no_report_is_left_out(sample_month):
    assert sorted(sample_month.reports) == sorted(REPORTS)


def test_line_11_rates_and_moves_of_the_workbook(book, truth):
    rates = truth.titled(truth.rates(percent))
    accounts = truth.rows("status")
    if len(accounts):
        assert_cells(rows_of(book, "Rates"), "Guideline", rates)
    moves = rows_of(book, "Moves")
    if moves or len(truth.moves()) > 1:
        assert_cells(moves, "Guideline", truth.moves())


def test_line_11_what_is_to_do_in_the_workbook(book, truth):
    words = "What was found | What to do | Who | School"
    wanted = truth.findings(truth.open)
    assert_cells(rows_of(book, "ToDo"), "Finding ID", wanted, words)
    oldest = rows_of(book, "OldestFindings")
    wanted = {row["Finding ID"]: wanted[row["Finding ID"]] for row in oldest}
    assert_cells(oldest, "Finding ID", wanted, words)
    days = truth.open["days_open"].astype(int).sort_values(ascending=False)
    assert [int(row["Days open"]) for row in oldest] == days.head(len(oldest)).to_list()


def test_line_11_what_to_watch(book, page, truth):
    days = [day_words(day) for day in truth.rows("watch")["on"] if day]
    for rows in (rows_of(book, "WatchList"), with_columns(page, "Watch", "Day")):
        assert len(rows) == len(truth.rows("watch"))
        assert sorted(filter(None, (row.get("Day", "") for row in rows))) == sorted(days)


def test_line_11_each_accounts_statuses_in_the_workbook(book, truth):
    assert_cells(rows_of(book, "Accounts"), "Account ID", truth.matrix(), "Account | Title")
    approvals = {row["Account ID"]: row["Status"] for row in rows_of(book, "Approvals")}
    assert approvals == truth.statuses("supervisor-approval")
    notices = Counter(row["Status"] for row in rows_of(book, "ParentNotifications"))
    told = Counter(truth.statuses("parent-notice").values())
    del told["not applicable"]
    assert notices == told


def test_line_11_days_between_are_those_of_the_two_cells(book):
    for name, first, last, days in (
        ("Approvals", "Launched", "Approved", "Days from launch"),
        ("ParentNotifications", "Starts", "Parents told", "Days from start"),
    ):
        for row in workbooks.table(book, name) if rows_of(book, name) else []:
            if isinstance(row.get(days), int):
                assert row[days] == (row[last] - row[first]).days


def test_line_11_incidents_of_the_workbook(book, truth):
    rows = [r for r in rows_of(book, "Violations") if r["Finding ID"] != "judged as an emergency"]
    words = "Occurred | Account | Guideline | School | Clause"
    for row in rows:
        row["Closed"] = row["Closed"].removeprefix("open")
    assert_cells(rows, "Incident", truth.incidents(), words)
    counts = truth.incident_counts()
    shown = rows_of(book, "IncidentCounts")
    assert {row["Guideline"] for row in shown} == (set(counts) if shown else set())
    assert shown or not any(counts["All guidelines"].values())
    for row in shown:
        end = "" if row["Period"] == "October 2026" else "_12m"
        assert [row[state.capitalize()] for state in STATES] == [
            str(counts[row["Guideline"]][state + end]) for state in STATES
        ]


def test_line_11_the_trend_ends_with_the_month(book, truth):
    rows = rows_of(book, "Trend")
    if not rows:
        assert not truth.moves()["All guidelines"]["Open before"].strip("0")
        return
    total = truth.moves()["All guidelines"]
    assert (rows[-2]["Open findings"], rows[-1]["Open findings"]) == (
        total["Open before"],
        total["Open now"],
    )
    rates = truth.rates(percent)
    for guideline, word in (("supervisor-approval", "Approvals"), ("parent-notice", "Notices")):
        for shown, told in (("meets", "Meets"), ("judged", "Judged"), ("rate", "Rate")):
            wanted = rates[guideline][told] or "none"
            assert rows[-1][f"{word}: {shown}"] == wanted
        for row in rows:
            meets, judged = (int(row[f"{word}: {name}"]) for name in ("meets", "judged"))
            assert row[f"{word}: rate"] == (percent(meets, judged) or "none")


def test_line_11_schools_and_files_of_the_offices_workbook(book, truth, report):
    if report.school_id is not None:
        assert not {"Schools", "FilesRead", "Problems"} & {n for _, n, _ in workbooks.tables(book)}
        return
    schools = truth.schools()
    assert_cells(
        rows_of(book, "Schools"), "School ID", schools, "School | Closed | Accounts | In use"
    )
    shown = {(r["School"], r["Guideline"]): r for r in rows_of(book, "GuidelinesBySchool")}
    names = [row["School"] for row in rows_of(book, "GuidelinesBySchool")]
    for key, name in zip(school_ids(book), dict.fromkeys(names), strict=True):
        rates = truth.titled(truth.narrowed(key).rates(percent))
        own = [row for (school, _), row in shown.items() if school == name]
        assert_cells(own, "Guideline", rates)
    counts = [list(row.values())[:6] for row in rows_of(book, "FilesRead")]
    assert sorted(counts) == sorted(truth.rows("counts").to_numpy().tolist())
    kinds = truth.rows("problems").groupby(["file", "sheet", "level"]).size().to_dict()
    for row in rows_of(book, "FilesRead"):
        for level in LEVELS:
            number = kinds.get((row["File"], row["Sheet"], level), 0)
            assert row[f"{level.capitalize()}s"] == str(number)
    names = {"file": "File", "sheet": "Sheet", "row": "Row", "column": "Column", "cell": "Cell"}
    names |= {"value": "Value", "level": "Level", "code": "Code"}
    problems = [[row[name] for name in names.values()] for row in rows_of(book, "Problems")]
    assert sorted(problems) == sorted(truth.rows("problems")[list(names)].to_numpy().tolist())


QUALITY = ("School", "Errors", "Warnings", "Notes")


def test_line_11_the_quality_of_the_data_by_school(book, page, truth, report):
    ids = school_ids(book)
    rows = rows_of(book, "QualityBySchool")
    if rows and rows[-1]["School"] == "School not known":
        assert (rows[-1]["Judged"], rows[-1]["Not assessed"]) == ("0", "0")
        rows = rows[:-1]
    for row, key in zip(rows, ids, strict=True):
        rates = truth.narrowed(key).rows("rates")[["meets", "does_not_meet", "excepted"]]
        judged = int(rates.astype(int).to_numpy().sum())
        unknown = int(truth.narrowed(key).rows("rates")["not_assessed"].astype(int).sum())
        assert (row["Judged"], row["Not assessed"]) == (str(judged), str(unknown))
    levels = Counter(truth.rows("problems")["level"])
    for rows in (rows_of(book, "QualityBySchool"), with_columns(page, *QUALITY)):
        for level in LEVELS if rows else ():
            assert sum(int(row[f"{level.capitalize()}s"]) for row in rows) == levels[level]


WORDS_ONLY = {"Words", "Guidelines"}
COMPARED = {
    *(
        "Rates",
        "Since",
        "Moves",
        "ToDo",
        "Accounts",
        "Approvals",
        "ParentNotifications",
        "Violations",
    ),
    *("IncidentCounts", "Trend", "Schools", "GuidelinesBySchool", "FilesRead", "Problems"),
    *("WatchList", "OldestFindings", "QualityBySchool"),
    *("ApprovedInTime", "ToldInTime", "OpenByAge", "Changes", "StatusChanges"),
}


def test_line_11_no_table_of_the_workbook_is_left_out(book):
    assert {name for _, name, _ in workbooks.tables(book)} <= COMPARED | WORDS_ONLY
