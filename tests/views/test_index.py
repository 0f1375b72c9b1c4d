import re
from urllib.parse import unquote

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from nmsdreports.views.caveats import same_files_words, unfinished_words
from nmsdreports.views.index import (
    Entry,
    Month,
    standing_words,
    write_edition_index,
    write_months_index,
)
from nmsdreports.views.theme import read_theme
from tests.views.editions import office_edition
from tests.views.pages import ARGUMENTS, CHROMIUM

LINE = re.compile("<li>(<a href=.*)</li>")
MARKUP = re.compile("</?span.*?>")
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
        caveats=[unfinished_words("2026-10")],
        said=[same_files_words("2026-09")],
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


def test_the_same_spreadsheets_and_a_month_that_is_not_over_are_no_secret(edition):
    text = edition.read_text("utf-8")
    assert "The spreadsheets are the same as those of September 2026" in text
    above = text.split("reports could not be made")[0]
    assert "<strong>Mind:</strong> October 2026 was not over when this was made" in above


def test_a_failure_is_named_with_cause_and_repair_and_names_stay_texts(edition):
    text = edition.read_text("utf-8")

    assert "1 of 2 reports could not be made" in text.split("Start with")[0]
    assert "KeyError: &#39;x&#39;. What to do: open it." in text
    assert "<script>alert" not in text


def test_months_come_newest_first_with_their_current_edition(tmp_path):
    september = Month(
        "2026-09",
        tmp_path / "2026-09-2",
        published=True,
        restates=True,
        published_before=tmp_path / "2026-09",
        only="only Pine & Sons",
        failed=["Pine & Sons", "Cedar"],
    )
    months = [september, Month("2026-10", tmp_path / "2026-10", published=False, unfinished=True)]
    path = write_months_index(
        tmp_path / "index.html",
        district="Sample District",
        months=months,
        notes=["The folder <b> is left alone."],
        theme=read_theme(),
    )

    text = path.read_text("utf-8").replace("&nbsp;", " ")
    published = '<a href="2026-09/index.html">September 2026 as published before</a>'
    october, september = LINE.findall(MARKUP.sub("", text.split("newest month first")[1]))
    assert f"September 2026</a> ✓ published (restated; {published})" in september
    assert september.endswith("(only Pine &amp; Sons)")
    assert october.endswith("October 2026</a> ✎ draft (made before the month was over)")
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
    root, folder = edition.parents[1] / "index.html", edition.parent
    months = [
        Month("2026-10", folder, False, True, folder, failed=["Cedar"], unfinished=True),
        Month("2026-09", folder.with_name("2026-09"), True),
    ]
    notes = ["A folder is left alone."]
    write_months_index(root, district="District", months=months, notes=notes, theme=read_theme())
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
