"""Lines 13 to 18 on every page that `report` wrote, in a real browser and in its source."""

import re
import shutil
import subprocess
from itertools import combinations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from nmsdreports.run.publish import read_manifest
from nmsdreports.views.theme import contrast
from tests.checklist import reading
from tests.checklist.reading import numbers
from tests.views.pages import ARGUMENTS, CHROMIUM

needs_browser = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="needs Chromium in /usr/bin/chromium (apt-get install chromium)"
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
AXE = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
# axe takes seconds a page, so it sees one of each kind
AUDITED = {
    *("sample/S1-pine-elementary", "sample/S6-homestead-learning-program", "sample/district"),
    *("nasty/N1-north-south-a", "nasty/N4", "sample/index", "sample/months"),
    *("sample/board", "sample/board monitoring"),
}
PRINTED = ("sample/S1-pine-elementary", "sample/district", "sample/board")
MOST_BYTES = 1_500_000
NARROW, WIDE = 320, 1200
# a desk's window and a smaller one, in which tables stand beside nothing and are not yet cards
DESKS = (1280, 1000)
# of each chart with numbers on its bars: those that are drawn, and pairs of labels that touch
LABELS = """() => [...document.querySelectorAll('.chart')].map(c => {
  const seen = [...c.querySelectorAll('.bartext')].filter(e => e.getBoundingClientRect().width > 1);
  const ticks = [...c.querySelectorAll('.xtick text')].map(e => e.getBoundingClientRect());
  return { drawn: seen.map(e => e.textContent), touching: ticks.filter((one, at) => at &&
    ticks[at - 1].right > one.left && ticks[at - 1].bottom > one.top).length } })"""
# what stands further to the right than the text does
STICKING_OUT = """() => { const edge = document.querySelector('main').getBoundingClientRect().right;
  return [...document.querySelectorAll('main table, main figure, main .chart, main ol')].filter(
    e => e.getBoundingClientRect().right > edge + 1).map(e => e.innerText.slice(0, 60)) }"""
PRINTABLE = int((8.5 - 2 * 0.5) * 96)
ODD_NAME = "Fwd_ R\u00e9port #1 (50%) & more.html"
# each text with its colour and that of the ground behind it, as the browser computed them
COLOURS = """() => {
  const ground = e => { for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if (!/rgba\\(.*, 0\\)|transparent/.test(c)) return c } return 'rgb(255, 255, 255)' };
  const seen = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; n = walk.nextNode();) {
    const e = n.parentElement;
    if (!n.data.trim() || e.closest('script, style') || !e.getClientRects().length) continue;
    const style = getComputedStyle(e), ink = e.closest('svg') ? style.fill : style.color;
    seen.add(JSON.stringify([ink, ground(e)]));
  } return [...seen].map(JSON.parse) }"""
STOPS = "a[href], button, input, select, [tabindex]:not([tabindex='-1'])"


def every(month) -> dict[str, object]:
    board = (month.edition / "board").glob("*.html")
    return {
        **{name: report.page for name, report in month.reports.items()},
        **{"board monitoring" if "monitoring" in b.name else "board": b for b in board},
    }


@pytest.fixture(scope="module")
def pages(sample_month, nasty_month):
    """The page of every school and of the office, of both months, and the ways in."""
    found = {}
    for month, made in (("sample", sample_month), ("nasty", nasty_month)):
        found |= {f"{month}/{name}": path for name, path in every(made).items()}
        found |= {f"{month}/index": made.edition / "index.html"}
        found |= {f"{month}/months": made.edition.parent / "index.html"}
    return found


@pytest.fixture(scope="module")
def read(pages):
    return {name: reading.Page.of(path) for name, path in pages.items()}


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


def wait_until(page, condition: str) -> None:
    """Wait up to five seconds; the page's own policy forbids Playwright's way of waiting."""
    for _ in range(50):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)


def open_page(browser, path, width=WIDE):
    """The page with everything open; what it asked for and said is in `asked` and `said`."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(path.as_uri())
    wait_until(
        page, "[...document.querySelectorAll('.chart')].every(c => c.querySelector('.main-svg'))"
    )
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    return page


@pytest.fixture(scope="module")
def visited(browser, pages, tmp_path_factory):
    """What a browser finds on each page, opened as an attachment that a person saved."""
    folder = tmp_path_factory.mktemp("attachments")
    return {
        name: visit(browser, shutil.copy(path, folder / ODD_NAME), name in AUDITED)
        for name, path in pages.items()
    }


def visit(browser, path, audited: bool) -> dict:
    page = open_page(browser, path)
    count = {name: page.locator(name).count() for name in ("h1", "h2", "figure", "table")}
    found = {
        **count,
        "title": page.title(),
        "heading": page.locator("h1").inner_text(),
        "drawn": page.locator(".chart").filter(has=page.locator(".main-svg")).count(),
        "axe": Axe().run(page, options=AXE) if audited else None,
        "colours": page.evaluate(COLOURS),
        "stops": page.locator(".chart").locator(STOPS).count(),
        "share": page.get_by_text("Share chart").count() + page.locator(".modebar").count(),
        "asked": page.asked,
        "said": page.said,
        "uri": path.as_uri(),
    }
    found["beyond"] = []
    for width in DESKS:
        page.set_viewport_size({"width": width, "height": 900})
        across = f"document.documentElement.scrollWidth <= {width}"
        wait_until(page, across)
        found["beyond"] += page.evaluate(STICKING_OUT) + [width] * (not page.evaluate(across))
    page.set_viewport_size({"width": 360, "height": 700})
    page.wait_for_timeout(100)
    found["labels"] = page.evaluate(LABELS)
    page.set_viewport_size({"width": NARROW, "height": 700})
    # the charts follow the window a moment later
    wait_until(page, f"document.documentElement.scrollWidth <= {NARROW}")
    found["across"] = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    return found


def test_no_report_is_left_out(pages):
    assert len(pages) == 7 + 5 + 2 * (2 + 2)


@needs_browser
def test_line_13_axe_finds_nothing_once_everything_is_there_and_open(visited, read):
    for name, found in visited.items():
        page = read[name]
        assert found["h1"] == 1 and page.read.headings[0] == found["heading"], name
        assert found["title"] == found["heading"], name
        assert found["h2"] == len(page.read.headings) - 1, name
        assert found["table"] == len(page.tables), name
        assert found["figure"] == found["drawn"] == len(page.read.charts), name
        if not name.endswith(("index", "months")):
            assert "October 2026" in found["title"]
            # where no school year is over the monitoring page has one table less
            least = (3, 2) if "monitoring" in name else (4, 3)
            assert (found["h2"] >= least[0]) and (found["table"] >= least[1])
        if name in AUDITED:
            assert found["axe"].violations_count == 0, (name, found["axe"].generate_report())
    assert sum(found["figure"] for found in visited.values()) > 20


@needs_browser
def test_line_14_a_saved_attachment_asks_no_host_and_says_nothing(visited):
    for name, found in visited.items():
        assert found["asked"] == [found["uri"]], name
        assert found["said"] == [], name


def test_line_14_the_policy_allows_what_is_in_the_file_and_nothing_else(read):
    for name, page in read.items():
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page.html)[1]
        rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        for kind in ("script-src", "style-src"):
            assert re.fullmatch(r"('none'|'sha256-[\w+/]+=*')( 'sha256-[\w+/]+=*')*", rules[kind])
        outside = [
            (tag, attribute, value)
            for tag, attribute, value in page.read.attributes
            if attribute in ("src", "srcset", "style", "action", "data", "poster")
            or attribute.startswith("on")
            or (attribute == "href" and re.match(r"(?!mailto:)[a-z]+:|//", value))
        ]
        assert outside == [], name


def test_line_15_a_page_is_small(pages):
    assert {name for name, path in pages.items() if path.stat().st_size > MOST_BYTES} == set()


@needs_browser
def test_line_15_nothing_scrolls_sideways_on_the_narrowest_phone(visited):
    assert {name: f["across"] for name, f in visited.items() if f["across"] > NARROW} == {}


@needs_browser
def test_line_15_a_phone_shows_every_number_and_no_label_in_another(visited, read):
    for name, found in visited.items():
        for shown, drawing in zip(found["labels"], read[name].read.charts, strict=True):
            assert shown["touching"] == 0, (name, drawing["layout"])
            wanted = [text for trace in drawing["data"] for text in trace.get("text", []) if text]
            if name.startswith("sample/"):
                assert sorted(shown["drawn"]) == sorted(wanted), name


@needs_browser
def test_line_15_no_table_sticks_out_of_its_column_at_a_desk(visited):
    assert {name: f["beyond"] for name, f in visited.items() if f["beyond"]} == {}


@needs_browser
@pytest.mark.parametrize("name", PRINTED)
def test_line_15_paper_does_not_tell_what_the_window_did_before(browser, pages, name):
    """Each chart ends above or beside its table, and is as large as where nobody resized it."""
    boxes = """all => all.map(e => {
      const at = e.querySelector(".main-svg").getBoundingClientRect();
      const below = e.parentElement.querySelector('table').getBoundingClientRect();
      const clear = !below.height || at.bottom <= below.top || at.right <= below.left;
      return [Math.round(at.width), Math.round(at.height), clear] })"""
    seen = []
    for widths in ((), (1000, 1280), (NARROW,)):
        page = open_page(browser, pages[name])
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(200)
        page.emulate_media(media="print")
        page.wait_for_timeout(200)
        seen.append(page.locator(".chart").evaluate_all(boxes))
        page.close()
    assert all(clear for _, _, clear in seen[0])
    assert seen[0] == seen[1] == seen[2]


@needs_browser
@pytest.mark.parametrize("name", PRINTED)
def test_line_15_in_print_headers_repeat_and_no_chart_is_cut(browser, pages, name):
    page = open_page(browser, pages[name])
    page.set_viewport_size({"width": PRINTABLE, "height": 900})
    page.emulate_media(media="print")
    page.wait_for_timeout(200)
    # a browser prints a page that is too wide smaller as a whole
    assert page.evaluate("document.documentElement.scrollWidth") == PRINTABLE
    for thing, style, value in (
        ("thead", "display", "table-header-group"),
        ("figure", "breakInside", "avoid"),
        ("tr", "breakInside", "avoid"),
        ("tbody tr:last-child", "breakBefore", "avoid"),  # no lone row on the next sheet
    ):
        styles = page.locator(thing).evaluate_all(
            f"all => [...new Set(all.map(e => getComputedStyle(e).{style}))]"
        )
        assert styles == [value], thing
    beyond = page.locator(".main-svg").evaluate_all(
        """all => all.filter(e => e.getBoundingClientRect().width)
      .map(e => e.getBoundingClientRect().right -
        e.closest(".chart").getBoundingClientRect().right)"""
    )
    assert beyond and max(beyond) < 1
    page.close()


@needs_browser
@pytest.mark.parametrize("name", ["sample/S1-pine-elementary", "sample/district"])
def test_line_15_what_to_do_first_is_on_the_first_sheet(browser, pages, name, tmp_path):
    page = open_page(browser, pages[name])
    printed = tmp_path / "page.pdf"
    page.pdf(path=printed, prefer_css_page_size=True)
    page.emulate_media(media="print")
    marks = page.locator("summary").evaluate_all(
        "all => [...new Set(all.map(e => getComputedStyle(e).listStyleType))]"
    )
    asked = page.locator(".todo > li > p:first-child").all_inner_texts()
    page.close()
    first = ["pdftotext", "-l", "1", printed, "-"]
    sheet = subprocess.run(first, check=True, capture_output=True, encoding="utf-8").stdout
    assert [text for text in asked if text.partition(":")[0] not in " ".join(sheet.split())] == []
    # no mark tells paper what is shut
    assert (len(asked), marks) == (5, ["none"])


def charts(page: reading.Page) -> list[tuple[dict, str, reading.Shown]]:
    """Each chart of a page: what is drawn, its name, and the table of its numbers."""
    tables = [t for t in page.tables if t.caption.startswith("Numbers of the chart")]
    return list(zip(page.read.charts, page.read.names, tables, strict=True))


def test_line_16_every_chart_is_named_from_its_numbers_and_has_their_table(read):
    found = [chart for name, page in read.items() if "/board" not in name for chart in charts(page)]
    assert len(found) > 20
    for _, name, table in found:
        title = table.caption.removeprefix("Numbers of the chart: ")
        assert title.casefold() in name.casefold()
        cells = {n for row in table.rows for cell in row[1:] for n in numbers(cell)}
        assert cells - {"0"} <= set(numbers(name))
    for name in ("sample/S1-pine-elementary", "sample/district"):
        assert "by the record as it is today" in read[name].words


@needs_browser
def test_line_16_the_skip_link_is_first_and_no_chart_stops_the_keyboard(browser, pages, visited):
    for found in visited.values():
        assert found["stops"] <= found["figure"]
        assert found["share"] == 0
    page = open_page(browser, pages["sample/S1-pine-elementary"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    page.close()


def hexed(colour: str) -> str:
    return "#" + "".join(f"{int(n):02x}" for n in re.findall(r"\d+", colour)[:3])


@needs_browser
def test_line_17_every_text_stands_out_from_its_ground(visited):
    for name, found in visited.items():
        assert found["colours"]
        faint = [pair for pair in found["colours"] if contrast(*map(hexed, pair)) < 4.5]
        assert faint == [], name


def test_line_17_marks_stand_out_and_differ_in_grey(read):
    drawn = [chart for page in read.values() for chart in page.read.charts]
    assert any(len(chart["data"]) > 1 for chart in drawn)
    for chart in (chart for chart in drawn if chart["data"][0]["type"] == "bar"):
        ground = chart["layout"]["plot_bgcolor"]
        looks = [trace["marker"] for trace in chart["data"]]
        # a series that stands alone may have a colour for each of its bars
        colours = [c if isinstance(c, list) else [c] for c in (look["color"] for look in looks)]
        assert all(contrast(colour, ground) >= 3 for own in colours for colour in own)
        # without any colour two series differ in pattern or clearly in lightness
        for one, other in combinations(looks, 2):
            patterns = {look["pattern"].get("shape", "") for look in (one, other)}
            assert len(patterns) == 2 or contrast(one["color"], other["color"]) >= 1.5


def leaves(value) -> list[str]:
    """Every number and text in a piece of JSON."""
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part)]
    return [] if value in ("", None, 0) else [f"{value:,}" if isinstance(value, int) else value]


def test_line_18_nothing_is_in_the_source_that_the_page_does_not_show(read):
    for name, page in read.items():
        assert page.read.comments == [], name
        # what stands on the board's pages beside their charts is looked at in test_board_lines
        for chart, _, table in charts(page) if "/board" not in name else []:
            cells = {cell for row in [table.header, *table.rows] for cell in row}
            for trace in chart["data"]:
                known = {"name", "x", "y", "orientation", "marker", "hoverinfo", "type"}
                known |= {"text", "textposition", "textangle", "cliponaxis"}
                known |= {"constraintext", "textfont"}
                assert set(trace) <= known and trace["hoverinfo"] == "skip"
                values = leaves([trace[key] for key in ("name", "x", "y", "text") if key in trace])
                assert set(values) <= cells, name
            assert not {"meta", "annotations", "images", "shapes"} & set(chart["layout"])
            ticks = leaves(
                [chart["layout"][axis].get("tickvals", []) for axis in ("xaxis", "yaxis")]
            )
            assert set(ticks) <= cells
        hidden = [a for a in page.read.attributes if a[1] in ("title", "hidden", "alt", "content")]
        policy_or_seal = re.compile("default-src|width=device-width|no-referrer|[0-9a-f]{64}$")
        assert [a for a in hidden if not policy_or_seal.match(a[2])] == []
        for tag, attribute, value in page.read.attributes:
            if attribute == "data-label":
                assert any(value in table.header for table in page.tables), value
            assert not attribute.startswith("data-") or attribute in ("data-label", "data-chart")
            assert tag != "template"


def test_line_18_each_page_is_in_the_manifest_with_its_bytes(sample_month, nasty_month):
    for made in (sample_month, nasty_month):
        outputs = read_manifest(made.edition)["outputs"]
        for path in every(made).values():
            told = outputs[path.relative_to(made.edition).as_posix()]
            assert told["bytes"] == path.stat().st_size
