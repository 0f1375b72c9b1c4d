"""The explorer without a browser: what its panels say, and its answers for large districts."""

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pandas as pd
import pytest
from IPython.core.completer import IPCompleter, provisionalcompleter
from nbclient import NotebookClient

from nmsdreports import assess, explore, load
from nmsdreports.intake.tables import read_tables
from nmsdreports.run import desk as desks
from nmsdreports.run.desk import Desk, of_accounts, open_desk
from nmsdreports.run.plan import last_day
from nmsdreports.run.what_if import Question, ask
from nmsdreports.settings import InputError
from nmsdreports.views.explore.choice import STATUSES, Choice
from nmsdreports.views.explore.chosen import as_of_words, told
from nmsdreports.views.explore.counted import chart_blocks
from nmsdreports.views.exports import COLUMNS

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
MONTH = "2026-10"
PANELS = ("headline", "findings", "account", "map", "charts", "watch", "problems")


@pytest.fixture(scope="module")
def explorer():
    return explore(SAMPLE, MONTH)


def shown(panel) -> str:
    """All HTML of a panel and of what it holds."""
    html = [getattr(panel, "value", "")] if hasattr(panel, "value") else []
    for output in getattr(panel, "outputs", ()):
        html.append(output["data"].get("text/html", ""))
    for child in getattr(panel, "children", ()):
        html.append(shown(child))
    return " ".join(str(text) for text in html)


def test_a_sentence_is_said_at_each_step_of_reading():
    heard = []
    open_desk(SAMPLE, heard.append)
    assert [sentence.split()[0] for sentence in heard] == ["Reading", "Judging"]


def test_every_status_gives_the_rows_that_the_tables_have(explorer):
    findings, status = explorer.tables.findings, explorer.tables.status
    explorer.choose(status="open")
    assert len(explorer.selected) == findings["open"].sum()
    late = status["late"].eq(True)
    for name in set(STATUSES) & set(status["status"]):
        explorer.choose(status=name)
        assert len(explorer.selected) == status["status"].eq(name).sum() > 0
    explorer.choose(status="late")
    assert len(explorer.selected) == late.sum()
    explorer.choose(status="overdue")
    overdue = findings["overdue"] & ~findings["excepted"]
    assert len(explorer.selected) == overdue.sum()
    explorer.choose(status="open")


def test_every_row_of_every_status_has_a_sentence(explorer):
    desk = explorer._desk
    for name in STATUSES:
        answer = desk.answer(Choice(MONTH, status=name))
        words = told(answer.rows, answer.seen)
        assert words["Finding"].str.endswith(".").all(), name
        assert not words["Finding"].str.contains(r"nan\b|None|_on\b").any(), name


def test_a_large_district_is_told_as_a_small_one(monkeypatch, explorer):
    small = explorer._desk
    monkeypatch.setattr(desks, "SMALL", 0)
    large = Desk(small.records, small.assessment, small.today)
    for choice in (Choice(MONTH), Choice(MONTH, "S4", status="late"), Choice("2026-02", "S1")):
        one, other = small.answer(choice), large.answer(choice)
        pd.testing.assert_frame_equal(one.rows, other.rows)
        pd.testing.assert_frame_equal(told(one.rows, one.seen), told(other.rows, other.seen))
        assert one.district.totals.in_use.equals(other.district.totals.in_use)


def test_judged_alone_an_account_stands_as_among_all():
    day = last_day(MONTH)
    records = load(SAMPLE, read_on=day)
    whole = assess(records).at(day)
    for some in (["A006"], ["A010", "A021", "A029"], list(records.accounts["account_id"][::3])):
        alone = assess(of_accounts(records, set(some))).at(day)
        for name in ("status", "findings"):
            mine = getattr(whole, name)
            mine = mine[mine["account_id"].isin(some)].reset_index(drop=True)
            again = getattr(alone, name)
            again = again[again["account_id"].isin(some)].reset_index(drop=True)
            pd.testing.assert_frame_equal(mine, again, check_dtype=False)


def test_more_rows_than_a_browser_holds_are_cut_aloud(monkeypatch, explorer):
    monkeypatch.setattr("nmsdreports.views.explore.chosen.MOST_ROWS", 5)
    explorer.choose(status="overdue")
    explorer.choose(status="open")
    assert "the first 5 of 37 rows" in shown(explorer.findings)


def test_what_if_an_exception_were_given_or_more_days(explorer):
    standing = explorer.at(MONTH)
    changed = ask(standing, Question("exception", "supervisor-approval", 30, account_id="A006"))
    assert changed[["subject", "before", "after"]].to_numpy().tolist() == [
        ["A006", "does not meet", "excepted"]
    ]
    school = ask(standing, Question("exception", "admin-rights", 30, school_id="S4"))
    assert len(school) == (
        standing.status.query("guideline == 'admin-rights' and school_id == 'S4'")["status"]
        .eq("does not meet")
        .sum()
    )
    longer = ask(standing, Question("fix", "supervisor-approval", 3650))
    assert "overdue" in set(longer["before"]) and set(longer["after"]) == {"not yet due"}
    assert (longer["due_after"] > longer["due_before"]).all()
    own = standing.findings.query("open and guideline == 'supervisor-approval'")
    assert len(longer) == own["due_on"].notna().sum()
    explorer.choose(status="open")
    with pytest.raises(InputError, match=r"an account under .* or a school in the box School"):
        ask(standing, Question("exception", "admin-rights", 30))
    assert ask(standing, Question("days", "notice_lead", 0)).empty
    earlier = ask(standing, Question("days", "notice_lead", 14))
    days = standing.notifications.set_index("subject")["days_from_start"]
    short = earlier.loc[earlier["after"].eq("meets, late"), "subject"]
    assert len(short) > 3 and days[short].between(-13, 0).all()


def test_a_question_begins_with_todays_rule_and_its_answer_repeats_it(explorer):
    explorer.choose(status="open", school="all")
    kind, boxes, output = explorer.what_if.children[0].children
    name, days, button = boxes.children

    def asked(text: str) -> str:
        days.value = text
        button.click()
        return shown(output)

    assert (name.value, days.value) == ("notice_lead", "0")
    name.value = "monitor_every"
    assert days.value == "30"
    kind.value = "fix"
    name.value = "supervisor-approval"
    assert days.value == "5"
    words = asked("3650")
    assert "If a finding under Supervisor approval (Professional 2) had to be put right" in words
    assert "within 3,650 days (today: 5), " in words
    assert "from “overdue” to “not yet due”" in words
    days.value = "3649"  # as if the click had overtaken it
    assert "within 3,649 days (today: 5), " in shown(output)
    for wrong in ("-5", "", "99999", "2.5"):
        assert "a whole number from 0 to 3,650 is needed" in asked(wrong)
    explorer._account.show("A011")
    kind.value = "exception-account"
    assert days.layout.display == "none"
    assert name.label.endswith(": not met") and "does not meet" in asked("")
    assert "(A011) had an exception from" in shown(output)
    explorer._account.show("A001")
    assert shown(output) == ""


def test_the_last_month_is_not_over_and_every_other_one_says_its_day(explorer):
    desk = explorer._desk
    seen = desk.answer(Choice(MONTH)).seen
    assert "October 2026 is not over yet" in as_of_words(seen, date(2026, 10, 31))
    assert as_of_words(seen, date(2026, 11, 1)).startswith("Everything below is as of October 31")
    assert "as of October 31, 2026" in shown(explorer.choosers)


def test_the_headline_names_the_accounts_with_most_findings_and_who_cannot_be_chosen(explorer):
    explorer.choose(status="open", school="all")
    found = explorer.tables.findings
    found = found[found["open"]]
    most = found["account_id"].value_counts()
    words = shown(explorer.headline)
    assert f"({most.index[0]}) {most.iloc[0]}" in words
    assert "(sampleroom99): it cannot be chosen under" in words
    past = found["overdue"] & found["excepted"]
    assert f"of {len(found)} open findings; {past.sum()} more past their day under" in words
    overdue = found["overdue"] & ~found["excepted"]
    assert f"{overdue.sum()} of them overdue, {past.sum()} more past" in repr(explorer.standing)


def test_map_and_list_count_late_ones_among_those_that_meet(explorer):
    status = explorer.tables.status
    late = int(status["late"].eq(True).sum())
    explorer.choose(status="meets")
    count = int(status["status"].eq("meets").sum())
    assert f"{count} rows" in shown(explorer.choosers)
    assert f"meets, {late} of them late." in shown(explorer.choosers)
    explorer.choose(status="open")
    assert re.search(r"meets: \d+, \d+ of them late", shown(explorer.map))
    assert "A011 · Facebook" in shown(explorer.map)


def test_what_a_guideline_chooses_is_named_by_the_charts_and_open_under_the_account(explorer):
    explorer.choose(guideline="Admin rights")
    titles = [
        out["data"]["application/vnd.plotly.v1+json"]["layout"]["title"]["text"]
        for out in explorer.charts.children[0].outputs
        if "application/vnd.plotly.v1+json" in out["data"]
    ]
    assert [title.startswith("Admin rights: ") for title in titles[:2]] == [True, True]
    opened = re.search("<details open><summary>([^<]*)", shown(explorer.account))
    assert opened[1].startswith("Admin rights")
    explorer.choose(guideline="all")


def test_words_of_the_boxes_choose_as_well_and_all_is_a_way_back(explorer):
    explorer.choose(
        month="october 2026",
        school="pine",
        guideline="SUPERVISOR APPROVAL",
        status="Open and overdue",
    )
    boxes = [box.value for box in explorer._choosers.boxes]
    assert boxes == ["2026-10", "S1", "supervisor-approval", "overdue"]
    explorer.choose(school="All schools", guideline="all", status="open")
    assert len(explorer.selected) == explorer.tables.findings["open"].sum()


def test_free_words_come_only_after_a_click(explorer):
    log = load(SAMPLE).incidents.dropna(subset=["description", "account_id"]).iloc[0]
    panel = explorer._account
    panel.show(log["account_id"])
    everything = " ".join(shown(getattr(explorer, name)) for name in PANELS)
    assert log["description"] not in everything
    panel.button.click()
    assert log["description"] in shown(panel.free)
    panel.show("A007")
    assert shown(panel.free) == ""


def test_taken_away_are_all_rows_but_no_free_words_and_nothing_where_nothing_is(
    explorer, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    panel = explorer.take.children[0]
    button, line = panel.children
    for number in (1, 2):
        button.click()
        assert f"Wrote {len(explorer.selected)} rows" in line.value
        assert len(list(tmp_path.iterdir())) == number
    with ZipFile(tmp_path / f"Chosen {MONTH}.xlsx") as parts:
        text = "".join(parts.read(name).decode("utf-8") for name in parts.namelist())
    log = load(SAMPLE).incidents
    typed = [*log["description"].dropna(), *log["action"].dropna()]
    assert len(typed) > 10 and not [words for words in typed if words in text]
    explorer.choose(status="not applicable", school="S6")
    button.click()
    assert "Nothing was written" in line.value and len(list(tmp_path.iterdir())) == 2
    explorer.choose(status="open", school="*")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda e: e.tables.finding, "findings"),
        (lambda e: e.facts.acounts, "accounts"),
        (lambda e: e.choose(guideline="supervisor-aproval"), "supervisor-approval"),
        (lambda e: e.choose(school="Pine Elementry"), "Pine Elementary"),
        (lambda e: e.choose(month="2026-13"), "2026-1"),
        (lambda e: e.choose(status="opn"), "open"),
        (lambda e: e.chooser, "choosers"),
        (lambda e: e.standing.finding, "findings"),
        (lambda e: e.records.acounts, "accounts"),
        (lambda e: e.records.table("acounts"), "accounts"),
        (lambda e: e.policy.guideline, "guidelines"),
        (lambda e: e._desk.assessment.finding, "findings"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest_right_ones(explorer, call, words):
    with pytest.raises((InputError, AttributeError)) as error:
        call(explorer)
    assert words in str(error.value)


def test_tab_lists_the_tables_by_name(explorer):
    completer = IPCompleter(namespace={"explorer": explorer})
    with provisionalcompleter():
        for typed, names in (
            ("explorer.tables.", list(COLUMNS)),
            ("explorer.facts.", list(read_tables())),
            ("explorer.facts.app", ["approvals"]),
            ("explorer.records.acc", ["accounts"]),
            ("explorer.policy.guide", ["guidelines"]),
        ):
            offered = [found.text for found in completer.completions(typed, len(typed))]
            assert sorted(offered) == sorted(names), typed
    assert "status, findings" in repr(explorer.tables)


def test_a_wrong_name_of_a_member_is_one_sentence_in_a_notebook(explorer):
    with pytest.raises(AttributeError) as error:
        _ = explorer.tabel
    assert error.value._render_traceback_() == [
        "Explorer has no 'tabel'; did you mean tables or take?"
    ]


def test_an_unknown_account_is_answered_with_the_nearest_or_who_names_it(explorer):
    known, logged = explorer.facts.accounts, explorer.facts.incidents
    titled = known[known["title"].notna() & ~known["title"].duplicated(keep=False)].iloc[0]
    assert explorer._desk.account_id(titled["title"].upper()) == titled["account_id"]
    other = logged[logged["account_id"].notna() & ~logged["account_id"].isin(known["account_id"])]
    for text, words in (
        ("@samplepinechoire", '"@samplepinechoir" (A006)'),
        (other["account_id"].iloc[0], f"only {other['incident_id'].iloc[0]} of the log"),
        ("nonsense words", "by its id, its handle, its title or its address"),
    ):
        with pytest.raises(InputError) as error:
            explorer._desk.account_id(text)
        assert words in str(error.value)


def test_the_chart_of_ages_colours_a_kind_alike_alone_and_among_others(explorer):
    seen = explorer._desk.answer(Choice(MONTH)).drawn
    findings = seen.findings
    alone = replace(seen, findings=findings[findings["overdue"] & ~findings["excepted"]])
    kinds = [
        {trace["name"]: trace["marker"] for trace in chart_blocks(one, "*")[0].drawing["data"]}
        for one in (seen, alone)
    ]
    assert len(kinds[0]) > 1 and list(kinds[1]) == ["Overdue"]
    assert kinds[0]["Overdue"]["color"] == kinds[1]["Overdue"]["color"]


def test_objects_say_what_they_are_and_what_to_try(explorer):
    count = len(explorer.records.accounts)
    assert f"{count} accounts" in repr(explorer.records)
    for thing in (explorer, explorer.records, explorer.policy, explorer.standing):
        assert "Try" in repr(thing) and "<table>" in thing._repr_html_()
        assert 3 < len(dir(thing)) < 25
        assert all(hasattr(thing, name) for name in dir(thing))


def test_a_source_that_cannot_be_used_is_one_sentence(tmp_path):
    shutil.copy(SAMPLE / "accounts.xlsx", tmp_path)
    with pytest.raises(InputError) as error:
        explore(tmp_path)
    assert error.value._render_traceback_() == [str(error.value)]
    assert "schools" in str(error.value)


def test_the_notebook_runs_to_its_end_and_its_file_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("NMSDREPORTS_SOURCE", str(SAMPLE))
    monkeypatch.setenv("NMSDREPORTS_SAMPLE_MONTH", MONTH)
    notebook = nbformat.read(ROOT / "notebooks" / "explore.ipynb", 4)
    client = NotebookClient(
        notebook, resources={"metadata": {"path": str(tmp_path)}}, store_widget_state=False
    )
    client.execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert {out["output_type"] for out in outputs} == {"execute_result", "display_data"}
    panels = [
        out["data"]
        for out in outputs
        if "application/vnd.jupyter.widget-view+json" in out.get("data", {})
    ]
    kept = [panel["text/plain"] for panel in panels]
    assert kept[1:] == ["Shown in JupyterLab once the cell has run."] * 10
    assert "@sample" not in json.dumps(panels)
    assert list(tmp_path.iterdir()) == []
