"""What the board's files of a month hold: the numbers of the tables, and nothing that is hidden."""

import csv
import json
import re
from itertools import chain
from xml.etree import ElementTree

import pandas as pd
import pytest
from playwright.sync_api import sync_playwright

from nmsdreports import assess, load
from nmsdreports.intake.tables import read_tables
from nmsdreports.run.plan import last_day
from nmsdreports.run.publish import read_manifest
from nmsdreports.views.board.audit import check_hidden
from nmsdreports.views.board.images import NO_BROWSER
from tests.checklist import months, reading
from tests.checklist.reading import numbers
from tests.checklist.test_page_lines import needs_browser
from tests.run.test_real_night import pieces
from tests.views.pages import ARGUMENTS, CHROMIUM

MONTH = "2026-10"
CHARTS = [
    *("accounts-in-use", "approvals-in-time", "parents-told-in-time", "admin-rights"),
    *("incidents-by-school-year", "ageing-of-open-findings", "rates-over-24-months", "what-moved"),
]
# Columns of the tables whose texts name a person, an account, a school or a case.
NAMING = [
    *("incident_id", "concern_id", "account_id", "handle", "url", "owner", "owner_email", "title"),
    *("registered_email", "approved_by", "admin_holder", "principal", "principal_email", "name"),
    *("short_name", "decided_by", "person", "reviewed_by", "email", "activity", "description"),
    *("action", "note", "reason"),
]
CONTACT = "wren quillby, communications office w.quillby@example.org"
BUNDLE = (months.ROOT / "nmsdreports/views/vendor/plotly-basic.min.js").read_text("utf-8").strip()
LONGEST_WORD = 4


@pytest.fixture(scope="module")
def board(sample_month):
    return sample_month.edition / "board"


@pytest.fixture(scope="module")
def page(board):
    return reading.Page.of(board / f"Board {MONTH}.html")


@pytest.fixture(scope="module")
def monitoring(board):
    return reading.Page.of(board / f"Board {MONTH} monitoring.html")


@pytest.fixture(scope="module")
def standing(sample_month):
    day = last_day(MONTH)
    return assess(load(sample_month.source, read_on=day)).at(day)


def test_the_packet_is_whole_and_passes_its_own_check(board, sample_month):
    names = sorted(path.name for path in board.iterdir())
    stem = f"Board {MONTH}"
    ends = (" monitoring.html", ".html", ".ipynb", ".pptx")
    assert names == [*(stem + end for end in ends), "charts"]
    files = {path.name for path in (board / "charts").iterdir()}
    assert {f"{name}{end}" for name in CHARTS for end in (".csv", ".svg", ".png")} <= files
    assert check_hidden([board], 10) == []
    index = reading.Page.of(sample_month.edition / "index.html")
    row = next(row for row in index.tables[0].rows if row[0] == "Board packet")
    assert row[-1] == "page, monitoring page, slides, notebook, charts"
    outputs = read_manifest(sample_month.edition)["outputs"]
    assert {f"board/{path.relative_to(board).as_posix()}" for path in board.rglob("*.*")} <= {
        *outputs
    }


def test_without_a_browser_only_the_pictures_are_missing_and_it_says_what_to_install(nasty_month):
    assert NO_BROWSER in nasty_month.said.splitlines()
    found = {path.suffix for path in (nasty_month.edition / "board").rglob("*.*")}
    assert found == {".html", ".pptx", ".ipynb", ".csv"}


def test_no_byte_of_the_packet_names_anybody_or_anything(board, standing):
    """Names, ids, handles, e-mails and restricted texts of the spreadsheets: none of them."""
    known = set()
    for table in read_tables():
        frame = getattr(standing.records, table)
        for name in (name for name in NAMING if name in frame):
            known |= set(chain(*frame[name].dropna().astype("str").str.split("|")))
    known = {text.strip().lower() for text in known}
    own = f"{standing.records.settings.name} {CONTACT}".lower()
    known = {text for text in known if len(text) > LONGEST_WORD and text not in own}
    assert len(known) > 300
    ids = re.compile(r"\b(a0\d\d|s[1-6]|c0\d\d|i\d{3})\b")
    for name, data in pieces(board):
        if name.endswith(".png"):
            continue
        # the district's contact stands on the page; the bundle that draws is the same on every page
        text = data.decode("utf-8", "replace").replace(BUNDLE, "").lower()
        assert sorted(word for word in known if word in text) == [], name
        if name.endswith((".html", ".csv", ".ipynb")):
            assert ids.findall(text) == [], name


def test_a_chart_draws_what_stands_in_the_tables_beside_it(page):
    told = [" ".join(row) for table in page.tables for row in table.rows]
    shown = {number for text in told for number in numbers(text)}
    assert len(page.read.charts) == len(CHARTS)
    for chart in page.read.charts:
        for trace in chart["data"]:
            values = trace["y"] if trace["type"] == "scatter" else trace["x"]
            assert {f"{value}" for value in values if value is not None} <= shown | {"0"}
            assert trace["hoverinfo"] == "skip" and "customdata" not in trace
        for text in chart["layout"].get("annotations", []):
            assert text["text"].replace("<br>", " ").split(": ")[0] in page.words


def test_a_chart_is_named_from_its_numbers(page):
    for name in page.read.names:
        title, _, rest = re.split(r"\. (Bar|Line) chart", name)
        assert title in page.words and numbers(rest)


def test_each_chart_has_its_numbers_as_csv(board, page):
    for name in CHARTS:
        text = (board / "charts" / f"{name}.csv").read_text("utf-8-sig")
        header, *rows = csv.reader(text.splitlines())
        if name == "rates-over-24-months":
            # on the page a month's shares stand beside each other
            (table,) = (t for t in page.tables if t.header[0] == "Month")
            told = {(name, row["Month"]): row[name] for row in table.records() for name in row}
            cells = [(g, f"{month[:3]} {month[-4:]}", *rest) for g, month, *rest in rows]
            assert len(cells) > 200 and {told[cell[:2]] for cell in cells} > {"27 of 27 (100%)"}
            assert all(told[g, m] == f"{n} of {of} ({share})" for g, m, n, of, share in cells)
            continue
        table = next(t for t in page.tables if t.header == header)
        assert [[cell.replace(",", "") for cell in row] for row in table.rows] == [
            [cell.replace(",", "") for cell in row] for row in rows
        ]


def test_the_page_shows_every_row_and_leads_to_files_that_are_there(board, page):
    assert "workbook" not in page.words
    links = [value for _, name, value in page.read.attributes if name == "href"]
    files = [link for link in links if not link.startswith(("#", "mailto:"))]
    assert {f"charts/{name}.csv" for name in CHARTS} <= {*files}
    assert [file for file in files if not (board / file).is_file()] == []


@needs_browser
def test_on_paper_also_the_numbers_stand_that_are_folded_away(board):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.goto((board / f"Board {MONTH}.html").as_uri())
        page.emulate_media(media="print")
        heights = page.locator("details:not([open]) tr").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect().height)"
        )
        browser.close()
    assert len(heights) > 30 and min(heights) > 10


def test_a_picture_says_whose_it_is_of_which_day_and_where_its_numbers_come_from(board):
    for name in CHARTS:
        drawn = ElementTree.parse(board / "charts" / f"{name}.svg")
        texts = [" ".join(e.itertext()) for e in drawn.iter("{http://www.w3.org/2000/svg}text")]
        said = " ".join(" ".join(texts).split())
        assert "Sample School District (made up), October 2026. Source: " in said, name
        assert "as of October 31, 2026." in said, name


def test_the_numbers_are_those_of_the_tables_rates_and_moves(page, monitoring, standing):
    rates = standing.rates[standing.rates["school_id"] == "*"].set_index("guideline")
    rules = standing.policy.guidelines
    rows = {row[0]: row for row in monitoring.tables[0].rows}
    assert len(rows) == len(rules)
    for guideline, rule in rules.iterrows():
        row = rows[f"{rule['clause']}: {rule['title']}"]
        if rule["method"] != "record" or rule["subject"] not in ("account", "notice"):
            assert not numbers(" ".join(row[2:])) and len(row[2]) > 20, guideline
            continue
        rate = rates.loc[guideline]
        judged = rate["meets"] + rate["does_not_meet"] + rate["excepted"]
        assert numbers(row[2])[:2] == [f"{rate['meets']}", f"{judged:.0f}"], guideline
        assert numbers(row[3])[:2] == [f"{judged:.0f}", f"{judged + rate['not_assessed']:.0f}"]
        assert (
            row[4] == "none" if rate["excepted"] == 0 else row[4].startswith(str(rate["excepted"]))
        )
    # in a month of no published one before: the month's moves, less those of incidents
    moved = next(t for t in page.tables if t.header[0] == "Guideline" and "Opened" in t.header)
    moves = standing.moves[standing.moves["school_id"] == "*"].set_index("guideline")
    titles = rules["title"].to_dict()
    told = {row[0]: row[1:] for row in moved.rows}
    of_incidents = set(standing.assessment.incidents["guideline"])
    for guideline in set(moves.index) - of_incidents:
        if titles[guideline] in told:
            columns = ["open_before", "opened", "closed", "open_now"]
            assert told[titles[guideline]] == [f"{n}" for n in moves.loc[guideline, columns]]
    assert len(told) > 5


def test_incidents_are_counted_by_year_and_no_small_count_is_printed(page, standing):
    closed = next(t for t in page.tables if "Counted on" in t.header)
    exact = standing.school_years
    exact = exact[exact["closed"]].groupby(["school_year", "category"])
    reported = exact["reported"].sum()
    for row in closed.records():
        parts = [(row["School year"], name) for name in row["Category"].split(" + ")]
        whole = reported.loc[parts].sum()
        wanted = {f"{whole}"} if whole >= 10 else {"fewer than 10"}
        assert row["Reported"] in {*wanted, "not shown"}
        assert (
            row["Substantiated"] in ("fewer than 10", "not shown")
            or int(row["Substantiated"]) >= 10
        )
    assert len(closed.rows) >= 2


def test_the_notebook_tells_of_no_machine_and_shows_every_chart(board):
    cells = json.loads((board / f"Board {MONTH}.ipynb").read_text("utf-8"))["cells"]
    drawn = [o for c in cells for o in c.get("outputs", []) if reading.PLOTLY in o.get("data", {})]
    assert len(drawn) == len(CHARTS)
    assert all(o["output_type"] in ("display_data", "execute_result") for c in cells
               for o in c.get("outputs", []))  # fmt: skip
    text = json.dumps(cells)
    assert "/tmp/" not in text and not re.search(r"<(script|iframe|style)", text)


def test_days_are_days_and_not_moments(page):
    days = {text for row in page.tables for record in row.rows for text in record}
    assert not any(re.search(r"\d\d:\d\d", text) for text in days)
    assert any(pd.Timestamp(day) for day in days if re.fullmatch(r"\w{3} \d{1,2}, 20\d\d", day))
