"""Pages in a real browser beyond the checklist: more widths, no scripts, an explanation."""

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
    """Opens a page at a width, with everything open that a reader can open."""
    pages = []

    def open_page(name: str, width: int = 1200, **options):
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        page.goto(files[name].as_uri())
        for chart in page.locator(".chart").all():
            chart.locator(".main-svg").first.wait_for(state="attached")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("width", [320, 390, 700, 1000])
def test_nothing_scrolls_sideways(opened, name, width):
    page = opened(name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_zeros_share_a_line_and_a_short_list_of_numbers_stays_a_table(opened):
    page = opened("school", 390)
    boxes = page.locator("table.many td.zero").evaluate_all(
        "all => all.map(e => [e.parentElement.rowIndex, e.getClientRects()[0].y, e.innerText])"
    )
    assert len(boxes) > 5 and {text for *_, text in boxes} == {"0"}
    assert len({(row, y) for row, y, _ in boxes}) < len(boxes)
    heads = page.locator("table.slim thead").evaluate_all(
        "all => all.map(e => getComputedStyle(e).display + e.getBoundingClientRect().width)"
    )
    assert heads and all(head.startswith("table-header-group") for head in heads)
    many = page.locator("table.many thead").evaluate_all("all => all.map(e => e.offsetWidth)")
    assert many and set(many) == {1}  # its cards name each number


def test_the_page_can_be_read_without_scripts(browser, files):
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
