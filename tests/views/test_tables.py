from dataclasses import replace
from hashlib import sha256

import pandas as pd

from nmsdreports.views import tables, tables_findings, tables_office, tables_watch
from nmsdreports.views.audience import edition
from nmsdreports.views.repair import read_repairs
from nmsdreports.views.workbook.accounts import sheet_accounts
from nmsdreports.views.workbook.approvals import sheet_approvals
from nmsdreports.views.workbook.notes import sheet_notes
from tests.views import editions


def test_what_to_do_is_few_and_asks_nothing_of_what_is_excepted():
    seen = editions.school_edition("S1")
    todo = tables_findings.table_to_do(seen, most=5)
    assert len(todo.rows) == 5
    assert todo.left == "7 more and 10 under an exception"
    assert len(seen.findings[seen.findings["open"]]) == 5 + 7 + 10
    assert not any(row["excepted"] for row in todo.rows)
    assert todo.rows[0]["overdue"]


def test_approvals_show_worst_first_with_days_in_words():
    table = tables.table_approvals(editions.school_edition("S1"))
    assert table.frame["Status"].iloc[0] == "does not meet"
    met = table.frame[table.frame["Status"].eq("meets")].iloc[0]
    assert met["Against the launch"] == "2 days before"
    assert "Valid until" not in table.frame  # nobody's approval ends
    assert len(table.frame) == 8


def test_what_was_met_late_is_said():
    standing = editions.standing()
    meets = standing.status["status"].eq("meets")
    standing.status.loc[meets, "late"] = True
    seen = edition(standing, "school", "S1")
    assert "meets, late" in set(tables.table_approvals(seen).frame["Status"])
    assert "meets, late" in set(tables.table_matrix(seen).frame["Admin rights"])


def test_accounts_that_invite_nobody_are_counted_below_the_notices():
    table = tables.table_notifications(editions.school_edition("S1"))
    assert "not applicable" not in set(table.frame["Status"])
    assert table.note == "Not listed: 1 account that invites no students."


def test_an_accounts_worst_status_stands_for_a_guideline_with_several_subjects():
    standing = editions.standing()
    row = standing.status[
        standing.status["guideline"].eq("parent-notice") & standing.status["account_id"].eq("A003")
    ].iloc[0]
    assert row["status"] == "meets"
    extra = {**row, "subject": "A003/trip", "status": "does not meet"}
    standing.status = pd.concat([standing.status, pd.DataFrame([extra])], ignore_index=True)
    frame = tables.table_matrix(edition(standing, "school", "S1")).frame
    assert frame.set_index("Account").loc['Facebook "@sample3"', "Parent notification"] == (
        "does not meet (1 of 2)"
    )


def test_page_and_workbook_say_the_same_of_an_account_and_the_worst_of_several():
    standing = editions.standing()
    row = standing.status[
        standing.status["guideline"].eq("parent-notice") & standing.status["account_id"].eq("A003")
    ].iloc[0]
    extra = {**row, "subject": "A003/trip", "late": True}
    standing.status = pd.concat([standing.status, pd.DataFrame([extra])], ignore_index=True)
    seen = edition(standing, "school", "S1")
    said = tables.table_matrix(seen).frame.set_index("Account")["Parent notification"]
    assert said['Facebook "@sample3"'] == "meets, late (1 of 2)"
    columns = {c.header: list(c.plain) for c in sheet_accounts(seen).blocks[0].columns}
    assert columns["Parent notification"] == said.to_list()


def test_a_guideline_that_applies_to_nothing_says_so():
    frame = tables.table_guidelines(editions.school_edition("S9")).frame.set_index("Guideline")
    assert set(frame.loc["Supervisor approval (Professional 2)", "Rate":]) == {"no accounts"}
    assert (
        "of those judged and those not assessed together"
        in tables.table_guidelines(editions.school_edition("S9")).note
    )
    rates = frame[["Rate", "Rate with exceptions", "Coverage"]]
    assert not rates.apply(lambda column: column.str.contains("%")).any(axis=None)


def test_incidents_show_ids_states_and_no_names():
    frame = tables.table_incidents(editions.school_edition("S1")).frame
    assert frame["Incident"].to_list() == ["I002", "I001", "I003"]
    assert frame["Outcome"].to_list() == ["only reported", "substantiated", "unsubstantiated"]


def test_guidelines_without_an_incident_read_none_reported():
    table = tables.table_violations(editions.school_edition("S1"))
    assert "None reported in the last twelve months: Program purpose" in table.note
    quiet = tables.table_violations(editions.school_edition("S9"))
    assert quiet.frame.empty and not quiet.note
    assert "none reported" in quiet.nothing


def test_an_emergency_on_record_is_not_denied_by_the_list_of_none_reported():
    standing = editions.standing()
    title = editions.guidelines()["title"]["personal-contact"]
    before = tables.table_violations(edition(standing, "school", "S1"))
    assert title in before.note
    table = tables.table_violations(edition(editions.with_emergency(standing), "school", "S1"))
    assert title not in table.note
    assert "judged under Notice after an emergency (I041)" in table.note
    assert len(table.frame) == len(before.frame)
    office = tables_office.table_incidents_by_school(edition(standing, "office"))
    assert "judged under Notice after an emergency (I041)." in office.note


def test_every_sentence_of_the_guidelines_is_listed_with_how_it_is_known():
    frame = tables.table_clauses(editions.school_edition("S1")).frame
    assert len(frame) == 25
    assert frame["How it is known"].notna().all()


def test_schools_stand_side_by_side_and_add_up_to_the_district():
    seen = editions.office_edition()
    frame = tables_office.table_schools(seen).frame
    assert frame["School"].to_list() == ["Pine", "Cedar", "Quiet"]
    assert frame["Open findings"].sum() == seen.findings["open"].sum()
    assert frame["Supervisor approval"].to_list()[2] == "no accounts"
    by_guideline = tables_office.table_schools_by_guideline(seen).frame
    assert list(by_guideline) == ["Guideline", "District", "Pine", "Cedar", "Quiet"]


def test_a_closed_school_is_marked_beside_the_others():
    standing = editions.standing()
    schools = standing.records.schools
    schools["closed_on"] = pd.Series([pd.NaT, editions.day("2026-07-01"), pd.NaT])
    frame = tables_office.table_schools(edition(standing, "office")).frame
    assert frame["School"].to_list() == ["Pine", "Cedar (closed July 1, 2026)", "Quiet"]


def test_reasons_and_due_days_are_told_in_the_reports_own_dates():
    standing = editions.standing()
    excepted = standing.status["status"].eq("excepted")
    standing.status.loc[excepted, "reason"] = "exception until 2026-10-31"
    standing.approvals["note"] = pd.Series([None] * len(standing.approvals), dtype="str")
    seen = edition(standing, "school", "S1")
    notes = set(tables.table_approvals(seen).frame["Note"])
    assert "exception until Oct 31, 2026" in notes
    assert "Due by" in tables_findings.table_findings(seen).frame


def test_an_approval_that_ran_out_says_so_on_page_and_in_workbook():
    standing = editions.standing()
    lapsed = standing.approvals["status"].eq("does not meet")
    standing.approvals.loc[lapsed, "valid_until"] = editions.day("2026-08-31")
    standing.approvals["note"] = pd.Series([None] * len(standing.approvals), dtype="str")
    seen = edition(standing, "school", "S1")
    (columns,) = (block.columns for block in sheet_approvals(seen).blocks)
    written = {column.header: column.plain for column in columns}
    shown = tables.table_approvals(seen).columns
    for status, note in (
        *zip(shown["Status"], shown["Note"], strict=True),
        *zip(written["Status"], written["Note"], strict=True),
    ):
        assert (note == "ran out on Aug 31, 2026") == (status == "does not meet")


def test_the_districts_own_policy_file_is_among_the_files_read(tmp_path):
    own = tmp_path / "policy.toml"
    own.write_text('[program-purpose]\nseverity = "low"\n', "utf-8")
    standing = editions.standing()
    before = tables.table_sources(edition(standing, "school", "S1"))
    standing.records.settings = replace(standing.records.settings, policy=own)
    seen = edition(standing, "school", "S1")
    listed = tables.table_sources(seen).columns
    assert listed["File"] == [*before.columns["File"], "policy.toml"]
    assert listed["Mark of its content"][-1] == sha256(own.read_bytes()).hexdigest()[:12]
    assert any("and policy.toml." in line.text for line in sheet_notes(seen).lines)


def test_problems_name_their_cell_and_what_to_do():
    frame = tables_office.table_problems(editions.office_edition()).frame
    assert frame["Cell"].to_list() == ["accounts.xlsx · Accounts · L3"]
    assert frame["What to do"].to_list() == ["Write it as 2026-10-31."]


def test_a_problem_without_a_likely_value_says_what_to_do_all_the_same():
    seen = editions.office_edition()
    blank = seen.problems.assign(suggestion=pd.Series([None], dtype="str"))
    frame = tables_office.table_problems(replace(seen, problems=blank)).frame
    assert frame["What to do"].to_list() == [read_repairs()["unreadable-day"].do]


def test_the_office_reads_which_school_a_finding_is_of():
    seen = editions.office_edition()
    assert set(tables_findings.table_oldest(seen).frame["School"]) <= {"Pine", "Cedar"}
    assert "School" not in tables_findings.table_findings(editions.school_edition("S1")).frame
    nothing = replace(seen, findings=seen.findings.iloc[:0])
    assert tables_findings.table_oldest(nothing).frame.empty


def test_watch_lists_are_told_in_words_and_a_school_sees_its_own():
    standing = editions.standing()
    standing.watch = pd.DataFrame(
        [
            ("review due", "A001", "A001", "S1", editions.day("2026-11-04"), "due by 2026-11-04"),
            ("review due", "A009", "A009", "S2", editions.day("2026-11-06"), "due by 2026-11-06"),
        ],
        columns=["list", "subject", "account_id", "school_id", "on", "message"],
    )
    frame = tables_watch.table_watch(edition(standing, "school", "S1")).frame
    assert frame["About"].to_list() == ['Facebook "@sample1"']
    assert frame["What is known"].to_list() == ["Due by Nov 4, 2026"]
    office = tables_watch.table_watch(edition(standing, "office")).frame
    assert office["School"].to_list() == ["Pine", "Cedar"]


def test_the_quality_of_the_data_is_told_school_by_school():
    frame = tables_office.table_quality_by_school(editions.office_edition()).frame
    rows = frame.set_index("School")
    assert rows.loc["Pine", "Warnings"] == 1
    assert rows.loc["Quiet", "Warnings"] == 0
    assert rows.loc["Quiet", "Assessed"] == "nothing to assess"


def test_a_school_in_the_offices_table_leads_to_its_page():
    table = tables_office.table_schools(editions.office_edition())
    assert table.links["School"][0].startswith("../schools/S1-pine-elementary/Pine%20Elementary")
    assert table.links["School"][0].endswith("2026-10.html")
