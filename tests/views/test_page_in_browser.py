"""Checklist 13 to 17, in a real browser, after everything that a reader can open is open."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from nmsdreports.intake import load
from nmsdreports.policy import assess
from nmsdreports.views.audience import edition
from nmsdreports.views.timeline import explained_page
from tests.views import editions
from tests.views.pages import ARGUMENTS, CHROMIUM, full_page

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="needs Chromium in /usr/bin/chromium (apt-get install chromium)"
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
EDITIONS = {
    "school": lambda: editions.school_edition("S1"),
    "school without accounts": lambda: editions.school_edition("S9"),
    "district": editions.office_edition,
}


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    return {
        name: full_page(make()).write(folder / f"{name}.html") for name, make in EDITIONS.items()
    }


@pytest.fixture
def opened(browser, files):
    """Opens a page at a width; what it asked for and said is in `page.asked`, `page.said`."""
    pages = []

    def open_page(name: str, width: int = 1200, **options):
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(files[name].as_uri())
        page.wait_for_function(
            "[...document.querySelectorAll('.chart')].every(c => c.querySelector('.main-svg'))"
        )
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize("name", EDITIONS)
def test_13_axe_finds_nothing_once_everything_is_there_and_open(opened, name):
    page = opened(name)
    whose = EDITIONS[name]().name
    assert page.title() == f"{whose}: social media accounts in October 2026"
    assert page.locator("h1").inner_text() == f"{whose}: social media accounts in October 2026"
    assert page.locator("h2").count() >= (2 if name == "school without accounts" else 5)
    assert page.locator("figure").count() == page.locator(".chart .main-svg").count() / 3
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", EDITIONS)
def test_14_it_asks_no_host_and_the_console_is_empty(opened, files, name):
    page = opened(name)
    assert page.asked == [files[name].as_uri()]
    assert page.said == []


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("width", [320, 390, 700, 1000])
def test_15_nothing_scrolls_sideways(opened, name, width):
    page = opened(name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_15_in_print_no_chart_is_cut_and_headers_repeat(opened):
    page = opened("school")
    page.emulate_media(media="print")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('thead')).display")
        == "table-header-group"
    )
    printable = (8.5 - 2 * 0.6) * 96
    assert (
        page.evaluate(
            "Math.max(...[...document.querySelectorAll('.main-svg')]"
            ".map(s => s.getBoundingClientRect().width))"
        )
        <= printable
    )
    assert (
        page.evaluate("getComputedStyle(document.querySelector('figure')).breakInside") == "avoid"
    )


def test_16_every_chart_has_its_numbers_in_its_name_and_in_a_table(opened):
    page = opened("school")
    for figure in page.locator("figure").all():
        name = figure.locator("[role=img]").get_attribute("aria-label")
        cells = [cell.inner_text() for cell in figure.locator("td").all()]
        assert len(name) > 40
        assert set(re.findall(r"\b\d+\b", " ".join(cells))) - {"0"} <= set(re.findall(r"\d+", name))


def test_16_the_keyboard_meets_the_skip_link_first_and_no_chart_is_a_trap(opened):
    page = opened("school")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    stops = "a[href], button, input, select, [tabindex]:not([tabindex='-1'])"
    assert page.locator(".chart").locator(stops).count() == 0
    assert "Share" not in page.locator("body").inner_text()
    assert page.locator(".modebar").count() == 0


def test_the_page_can_be_read_without_scripts(opened, browser, files):
    page = browser.new_page(java_script_enabled=False)
    page.goto(files["school"].as_uri())
    assert "its numbers stand below" in page.locator(".chart").first.inner_text()
    page.close()


def test_an_accounts_explanation_meets_the_same_lines(browser, tmp_path):
    seen = edition(assess(load(SAMPLE)).at("2026-10-31"), "office", account_id="A040")
    path = explained_page(seen).write(tmp_path / "why.html")
    page = browser.new_page(viewport={"width": 320, "height": 900})
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector(".chart .main-svg")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.title() == page.locator("h1").inner_text() == seen.heading
    assert page.locator("figure td").count() > 10
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert (asked, said) == ([path.as_uri()], [])
    page.close()
