import re
from urllib.parse import unquote

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from nmsdreports.views.index import Entry, standing_words, write_edition_index, write_months_index
from nmsdreports.views.theme import read_theme
from tests.views.editions import office_edition
from tests.views.pages import ARGUMENTS, CHROMIUM

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@pytest.fixture
def edition(tmp_path):
    """An edition's index with a whole report, one with a name that bites, and a failed one."""
    folder = tmp_path / "2026-10" / "schools"
    files = [
        folder / "S1-pine" / f"Pine #1 50% 2026-10{end}" for end in (".xlsx", ".ipynb", ".html")
    ]
    entries = [
        Entry("Pine <script>alert(1)</script> & Sons", tuple(files), words="2 open findings"),
        Entry("Cedar", (folder / "S2" / "Cedar (failed).ipynb",), "KeyError: 'x'.", "open it"),
    ]
    for file in [file for entry in entries for file in entry.files]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    return write_edition_index(
        tmp_path / "2026-10" / "index.html",
        district="Sample District",
        month="2026-10",
        as_of=pd.Timestamp("2026-10-31"),
        entries=entries,
        whole=True,
        same_as="2026-09",
        restates="2026-10",
        theme=read_theme(),
    )


def test_every_file_is_one_click_away_whatever_its_name(edition):
    links = re.findall(r'href="([^"#]+)"', edition.read_text("utf-8"))

    reports = [link for link in links if link.startswith("schools/")]
    assert [link.rsplit(".", 1)[1] for link in reports] == ["html", "xlsx", "ipynb", "ipynb"]
    for link in reports:
        assert (edition.parent / unquote(link)).exists()


def test_one_sees_which_school_needs_attention_and_where_to_start(edition):
    text = edition.read_text("utf-8")
    assert '<td data-label="How it stands">2 open findings</td>' in text
    assert "Start with All schools: it shows which school needs attention." in text
    assert "<strong>Restated:</strong> these reports take the place of those in the folder" in text


def test_a_school_is_told_in_a_line_with_the_numbers_of_its_page():
    findings = office_edition().findings
    assert standing_words(findings, "S1") == "22 open findings, 4 overdue"
    assert standing_words(findings, "S9") == "no open finding"
    due = findings[findings["overdue"] & ~findings["excepted"]]
    assert standing_words(due, "S1").endswith(", all overdue")
    assert standing_words(findings).startswith(f"{findings['open'].sum()} open findings")


def test_the_same_spreadsheets_as_a_month_before_are_no_secret(edition):
    text = edition.read_text("utf-8")
    assert "The spreadsheets are the same as those of September 2026" in text


def test_a_failure_is_named_with_cause_and_repair_and_names_stay_texts(edition):
    text = edition.read_text("utf-8")

    assert "1 of 2 reports could not be made" in text.split("Start with")[0]
    assert "KeyError: &#39;x&#39;. What to do: open it." in text
    assert "<script>alert" not in text


def test_months_come_newest_first_with_their_current_edition(tmp_path):
    months = {"2026-09": tmp_path / "2026-09-2", "2026-10": tmp_path / "2026-10"}
    path = write_months_index(
        tmp_path / "index.html",
        district="Sample District",
        months=months,
        only={"2026-09": "only Pine & Sons"},
        failed={"2026-09": ["Pine & Sons", "Cedar"]},
        notes=["The folder <b> is left alone."],
        restated={"2026-09": tmp_path / "2026-09"},
        theme=read_theme(),
    )

    text = path.read_text("utf-8")
    published = '<a href="2026-09/index.html">September 2026 as published before</a>'
    assert f"September 2026</a> (restated; {published}) (only Pine &amp; Sons)</li>" in text
    assert "October 2026</a></li>" in text
    assert "<li>The folder &lt;b&gt; is left alone.</li>" in text.split("For the office")[1]
    failures, list_of_months = text.split("newest month first")
    assert "September 2026</a>: Pine &amp; Sons and Cedar</li>" in failures
    links = re.findall(r'<a href="([^"]+)">([^<]+)', list_of_months)
    assert links == [
        ("2026-10/index.html", "October 2026"),
        ("2026-09-2/index.html", "September 2026"),
        ("2026-09/index.html", "September 2026 as published before"),
    ]


@pytest.mark.skipif(
    not CHROMIUM.exists(), reason="needs Chromium in /usr/bin/chromium (apt-get install chromium)"
)
def test_the_ways_in_are_open_to_everybody(edition):
    months = {"2026-10": edition.parent}
    root = edition.parents[1] / "index.html"
    failed, notes = {"2026-10": ["Cedar"]}, ["A folder is left alone."]
    write_months_index(
        root,
        district="District",
        months=months,
        only={},
        failed=failed,
        notes=notes,
        restated=months,
        theme=read_theme(),
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for path in (root, edition):
            page = browser.new_page(viewport={"width": 320, "height": 800})
            page.goto(path.as_uri())
            assert page.locator("h1").inner_text().startswith("Social media reports")
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
        browser.close()
