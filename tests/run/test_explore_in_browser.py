"""The real notebook in the real JupyterLab, driven as a person would, in a real browser."""

import os
import re
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import expect, sync_playwright

from nmsdreports import assess, load
from nmsdreports.run.plan import last_day
from nmsdreports.run.what_if import Question, ask
from nmsdreports.views.exports import table_frame
from nmsdreports.views.sentences import short_day_words
from tests.run.processes import ended, first_line
from tests.views.pages import ARGUMENTS, CHROMIUM

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="needs Chromium in /usr/bin/chromium (apt-get install chromium)"
)
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
MONTH = "2026-10"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
WAIT = 90_000


@cache
def standing(month=MONTH):
    day = last_day(month)
    return assess(load(SAMPLE, read_on=day)).at(day)


def table(name, month=MONTH):
    return table_frame(standing(month), name)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The verb in a folder of its own: (address, folder, process)."""
    folder, home = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("home")
    own = {
        name: str(home / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    verb = [sys.executable, "-m", "nmsdreports.cli", "explore", "--no-browser"]
    env = {**os.environ, **own, "NMSDREPORTS_SOURCE": str(SAMPLE)}
    process = subprocess.Popen(
        verb,
        cwd=folder,
        env={**env, "NMSDREPORTS_SAMPLE_MONTH": MONTH},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with ended(process):
        address = first_line(process, WAIT / 1000)
        yield address, folder, process
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "Warning" not in said and "Traceback" not in said
    assert sorted(path.name for path in folder.glob("*.ipynb")) == ["explore.ipynb"]


def hear(page, sent):
    page.sent.append(str(sent))


@pytest.fixture(scope="module")
def page(lab):
    """The notebook, run to its end by itself; what the browser said and asked is on the page."""
    address, _, _ = lab
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1300, "height": 700})
        page.set_default_timeout(WAIT)
        page.said, page.asked, page.sent = [], [], []
        page.on("console", lambda told: page.said.append(told.text) if told.type == "error" else 0)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("websocket", lambda socket: socket.on("framesent", lambda sent: hear(page, sent)))
        page.goto(address)
        heading = page.get_by_role("heading", name="Explore the accounts")
        page.get_by_text("accounts read.").wait_for()
        for _ in range(8):
            # the cells below are running or have run; nobody has moved the view
            expect(heading).to_be_in_viewport()
            page.wait_for_timeout(250)
        page.set_viewport_size({"width": 1300, "height": 8000})
        page.get_by_role("button", name="Take this with me").wait_for(state="attached")
        # the last cell is the last recipe
        page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output").wait_for()
        yield page
        browser.close()


def section(page, heading):
    """The cell that stands below a heading."""
    cells = page.locator(".jp-Cell")
    at = cells.filter(has=page.get_by_role("heading", name=heading, exact=True))
    return at.locator("xpath=following-sibling::*[1]")


def choose(page, waited, **choice):
    """Choose in the boxes, then wait until the line under them says `waited`."""
    for name, words in choice.items():
        page.get_by_label(name, exact=True).select_option(label=words)
    line = section(page, "Choose").get_by_role("status")
    line.filter(has_text=re.compile(f"^{re.escape(waited)}")).wait_for()


def found(page, words=""):
    """The rows of the table of findings that hold some words."""
    rows = section(page, "What was found").locator("table.dataTable tbody tr")
    return rows.filter(has_text=words)


def open_findings(month=MONTH):
    rows = table("findings", month)
    return rows[rows["open"]]


def test_it_runs_by_itself_and_counts_what_the_table_counts(page):
    count = len(open_findings())
    choose(page, f"{count} findings for October 2026 · all schools · all guidelines · open.")
    assert found(page).count() == min(count, 10)
    headline = section(page, "How it stands").inner_text()
    rates = table("rates").set_index(["guideline", "school_id"])
    for guideline in ("supervisor-approval", "parent-notice"):
        row = rates.loc[(guideline, "*"), ["meets", "does_not_meet", "excepted"]].astype(int)
        judged = row["meets"] + row["does_not_meet"] + row["excepted"]
        assert f"{row['meets']} of {judged}" in headline
    assert section(page, "In pictures").locator(".js-plotly-plot .main-svg").count() >= 4
    # the window has grown since they were drawn
    heights = page.locator(".jp-RenderedPlotly").evaluate_all("all => all.map(c => c.clientHeight)")
    assert len(heights) >= 6 and min(heights) >= 300
    assert not page.locator(".jp-OutputArea-output", has_text="Traceback").count()


def column(page, name):
    """The texts of a column of the table of findings, as the page shows them."""
    heads = section(page, "What was found").get_by_role("columnheader").all_inner_texts()
    at = next(place for place, head in enumerate(heads) if head.strip() == name)
    return [row.locator("td").nth(at).inner_text() for row in found(page).all()]


def test_keys_in_a_box_are_the_boxs_own_and_no_cell_is_lost(page):
    cells = page.locator(".jp-Cell")
    count = cells.count()
    month = page.get_by_label("Month", exact=True)
    month.focus()
    was = month.evaluate("box => box.selectedIndex")
    page.keyboard.press("ArrowDown")
    assert month.evaluate("box => box.selectedIndex") == was + 1
    page.keyboard.press("ArrowUp")
    for key in "bdda":
        page.keyboard.press(key)
    expect(month).to_be_focused()
    section(page, "What was found").locator("thead [role=button]").first.focus()
    for key in "bdd":
        page.keyboard.press(key)
    assert cells.count() == count
    choose(page, "37 findings for October 2026", Month="October 2026")


def test_search_and_sort_work_in_the_table(page):
    cell = section(page, "What was found")
    cell.get_by_label("Search:").fill("samplepinechoir")
    wanted = open_findings()["account_id"].eq("A006").sum()
    assert found(page).count() == found(page, "samplepinechoir").count() == wanted > 0
    cell.get_by_label("Search:").fill("")
    head = cell.get_by_role("columnheader", name=re.compile("Days open"))
    head.get_by_role("button").first.focus()
    for order in ("ascending", "descending"):
        page.keyboard.press("Enter")
        expect(head).to_have_attribute("aria-sort", order)
    assert str(open_findings()["days_open"].max()) in found(page).first.inner_text()
    due = cell.get_by_role("columnheader", name=re.compile("Due by"))
    days = open_findings()["due_on"].sort_values()
    for order, wanted in (("ascending", days), ("descending", days[::-1])):
        due.get_by_text("Due by").click()
        expect(due).to_have_attribute("aria-sort", order)
        assert column(page, "Due by") == [short_day_words(day) for day in wanted[:10]]


def test_every_column_is_seen_and_no_cell_says_that_it_is_blank(page):
    cell = section(page, "What was found")
    edges = "box => [box.scrollWidth, box.clientWidth]"
    for width in (1300, 1000):
        page.set_viewport_size({"width": width, "height": 8000})
        table_width, seen_width = cell.locator(".dt-container").first.evaluate(edges)
        assert table_width <= seen_width
        assert cell.locator("tbody tr").first.bounding_box()["height"] < 200
        # "Severity" stands in one line: no word is broken off letter by letter
        head = cell.get_by_role("columnheader", name=re.compile("Severity"))
        assert head.locator(".dt-column-title").bounding_box()["height"] < 20
    page.set_viewport_size({"width": 1300, "height": 8000})
    assert "NaN" not in cell.inner_text()
    first = open_findings().iloc[0]
    assert "What to do" in cell.get_by_role("columnheader").all_inner_texts()[3]
    assert first["account_id"] in "".join(column(page, "Account, incident or concern"))


def test_a_row_is_found_by_an_id_and_by_words_in_any_order(page):
    search = section(page, "What was found").get_by_label("Search:")
    rows = open_findings()
    excepted = rows.loc[rows["excepted"], "account_id"].iloc[0]
    for name in ("A037", excepted):
        search.fill(name)
        expect(found(page)).to_have_count(int(rows["account_id"].eq(name).sum()))
    search.fill("I043")
    expect(found(page)).to_have_count(1)
    search.fill('"Professional 2"')
    assert found(page).count() == found(page, "(Professional 2").count() > 0
    search.fill("supervisor approval pine")
    pine = rows["school_id"].eq("S1") & rows["guideline"].eq("supervisor-approval")
    expect(found(page)).to_have_count(int(pine.sum()))
    search.fill("nothing of the kind")
    section(page, "What was found").get_by_text("No row holds all of these words").wait_for()
    search.fill("")


def test_a_month_that_is_not_over_says_so_under_the_boxes(page):
    choices = section(page, "Choose")
    month = choices.get_by_label("Month", exact=True)
    choices.get_by_text("as of October 31, 2026, the last day of the month").wait_for()
    last = month.locator("option").first.inner_text()
    month.select_option(label=last)
    choices.get_by_text(f"{last} is not over yet: everything below is as of").wait_for()


def test_the_boxes_act_together(page):
    rows = open_findings("2026-09")
    choose(page, f"{len(rows)} findings for September 2026", Month="September 2026")
    rows = rows[rows["school_id"].eq("S4")]
    choose(page, f"{len(rows)} findings", School="Lantern Bay High School")
    rows = rows[rows["guideline"].eq("supervisor-approval")]
    choose(page, f"{len(rows)} findings", Guideline="Supervisor approval (Professional 2)")
    status = table("status", "2026-09")
    mine = status["school_id"].eq("S4") & status["guideline"].eq("supervisor-approval")
    late = int((mine & status["late"].eq(True)).sum())
    choose(page, f"{late} rows", Status="Meets, late")
    accounts = section(page, "All of them at a glance").locator("tbody tr")
    expect(accounts).to_have_count(late)
    assert found(page).count() == min(late, 10)
    assert accounts.first.get_by_label("meets, late").count() >= 1


def test_nothing_found_says_so_in_words(page):
    choose(page, "Nothing is found for September 2026", Status="Not applicable")
    section(page, "What was found").get_by_text("Choose another status").wait_for()
    section(page, "One account, and why").get_by_text(
        "Nothing is found, so there is no account to show."
    ).wait_for()
    choose(
        page,
        f"{len(open_findings())} findings for October 2026",
        Month="October 2026",
        School="All schools",
        Guideline="All guidelines",
        Status="Open",
    )


def test_an_account_shows_its_line_of_time_and_why(page):
    cell = section(page, "One account, and why")
    option = cell.get_by_label("Account", exact=True).locator("option", has_text="A006")
    cell.get_by_label("Account", exact=True).select_option(label=option.inner_text())
    cell.get_by_text("(account A006)").wait_for()
    cell.locator(".js-plotly-plot .main-svg").first.wait_for()
    own = table("status")
    own = own[own["account_id"].eq("A006")]
    shown = cell.locator("table").first.locator("tbody tr").all_inner_texts()
    for status in ("meets", "does not meet"):
        told = sum(re.search(rf"[✓✗]\s{status}\b", row) is not None for row in shown)
        assert told == own["status"].eq(status).sum()
    assert "nobody can approve an account of their own" in cell.inner_text()
    typed = cell.get_by_label("Another one")
    typed.fill("A04O")
    typed.press("Enter")
    cell.get_by_text('There is no account "A04O"').wait_for()
    expect(cell.get_by_role("button", name="Show its notes")).to_be_disabled()
    typed.fill("@samplepinelibrary")
    typed.press("Enter")
    cell.get_by_text("(account A007)").wait_for()
    listed = cell.get_by_label("Account", exact=True)
    assert listed.evaluate("box => box.selectedIndex") == -1
    listed.select_option(label=option.inner_text())
    expect(typed).to_have_value("")
    cell.get_by_text("(account A006)").wait_for()
    # with the keyboard alone: the next of the list, and the box keeps its place
    listed.focus()
    page.keyboard.press("ArrowDown")
    following = listed.evaluate("box => box.value").split(" · ")[1]
    cell.get_by_text(f"(account {following})").wait_for()
    expect(listed).to_be_focused()
    typed.fill("Pine Elementry")
    typed.press("Enter")
    cell.get_by_text('did you mean "Pine Elementary" (A001)?').wait_for()
    typed.fill("A007")
    typed.press("Enter")
    cell.get_by_text("(account A007)").wait_for()


def test_what_if_counts_what_would_change(page):
    cell = section(page, "What if")
    days, which = cell.get_by_label("Days", exact=True), cell.get_by_label("Which")
    expect(days).to_have_value("0")
    # with the keyboard alone: to another question and back, its days, the button
    which.focus()
    page.keyboard.press("ArrowDown")
    expect(days).to_have_value("5")
    page.keyboard.press("ArrowUp")
    expect(days).to_have_value("0")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("14")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    changed = ask(standing(), Question("days", "notice_lead", 14))
    assert len(changed) > 3
    expect(cell.get_by_role("button", name="Ask")).to_be_focused()
    cell.get_by_text("If parents had to be told at least 14 days before the start").wait_for()
    cell.get_by_text(f"{len(changed)} statuses would be different on October 31").wait_for()
    # with the mouse, as fast as it goes: what was typed is what is asked
    button = cell.get_by_role("button", name="Ask").bounding_box()
    for typed, words in (("-5", "from 0 to 3,650 is needed; “-5” is none"), ("7", "least 7 days")):
        days.focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
        page.mouse.click(button["x"] + 9, button["y"] + 9)
        cell.get_by_text(words).wait_for()
    cell.get_by_label("What if").select_option(label="the account shown above had an exception")
    expect(days).to_be_hidden()
    which.select_option(label="Supervisor approval (Professional 2)")
    cell.get_by_role("button", name="Ask").click()
    cell.get_by_text("(A007) had an exception from Supervisor approval").wait_for()
    cell.get_by_text("nothing would change").wait_for()
    # in a thread of its own a click may overtake what was typed before it
    assert len(page.sent) > 50 and not [sent for sent in page.sent if "subshell_req" in sent]


def test_take_this_with_me_writes_the_rows_chosen(page, lab):
    _, folder, _ = lab
    page.get_by_role("button", name="Take this with me").click()
    page.get_by_text("Wrote 37 rows into").wait_for()
    book = load_workbook(folder / f"Chosen {MONTH}.xlsx")
    sheet = book["Chosen"]
    assert sheet.tables["Chosen"].ref.endswith(str(sheet.max_row))
    first = int(re.findall(r"\d+", sheet.tables["Chosen"].ref)[0])
    assert sheet.max_row - first == len(open_findings())


def test_axe_finds_nothing_serious_in_what_we_show(page):
    page.evaluate("document.querySelectorAll('.nmsd details').forEach(d => d.open = true)")
    assert page.locator(".nmsd h4").count() and page.locator(".nmsd table").count() > 5
    ours = {"include": [[".jp-OutputArea-output .jupyter-widgets"]]}
    found = Axe().run(page, ours, {"runOnly": {"type": "tag", "values": RULES}})
    serious = [
        violation
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert len(found.response["passes"]) > 10
    assert serious == [], found.generate_report()


def test_nothing_was_fetched_shared_or_complained_of(page, lab):
    server = re.match(r"https?://[^/]+", lab[0])[0]
    assert [url for url in page.asked if not url.startswith((server, "data:", "blob:"))] == []
    assert page.said == []
    assert page.get_by_text("Share chart").count() == 0
    assert page.locator(".modebar").count() == 0


def test_the_saved_notebook_tells_nothing_of_the_registry(page, lab):
    page.locator(".jp-NotebookPanel").get_by_role("button", name="Save").first.click()
    page.wait_for_timeout(1500)
    text = (lab[1] / "explore.ipynb").read_text("utf-8")
    shown, _, _ = text.partition("For those who know pandas")
    assert '"execution_count": 3' in text
    for word in ("@sample", "samplepinechoir", "Tunesmith", "Facebook"):
        assert word not in shown
