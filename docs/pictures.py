"""Make the pictures of README and docs from the sample district: `python docs/pictures.py`.

Needs what the tests need: the packages of `requirements/dev.lock`, Chromium, LibreOffice Calc and
pdftoppm. A page is photographed as its reader sees it; nothing is drawn in.
"""

import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = Path(__file__).with_name("pictures")
DESK = {"width": 1100, "height": 830}
PHONE = {"width": 390, "height": 844}
MARGIN = 16


def main() -> None:
    """Run the sample's October and take its index, its first school's page and first sheet."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = ["nmsdreports", "report", "--quiet", "--month", "2026-10"]
        run([*report, "--output", folder, ROOT / "data" / "sample"])
        month = folder / "2026-10"
        school = next(month.glob("schools/S1-*"))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
            photograph_pages(browser, next(school.glob("*.html")), month / "index.html")
            browser.close()
        photograph_workbook(next(school.glob("*.xlsx")), folder)


def photograph_pages(browser: Browser, school: Path, month: Path) -> None:
    """Take a school's first screen at two widths, what it is to do first, a month's index."""
    page = opened(browser, school, DESK)
    page.screenshot(path=PICTURES / "page.png")
    first = page.locator("section", has=page.locator("ol.todo")).first
    first.locator("details").first.evaluate("reason => reason.open = true")
    page.screenshot(path=PICTURES / "findings.png", full_page=True, clip=around(first))
    opened(browser, school, PHONE).screenshot(path=PICTURES / "phone.png")
    opened(browser, month, DESK).locator("body").screenshot(path=PICTURES / "month.png")


def around(part: Locator) -> dict[str, float]:
    """The place of a part of a page, with a margin."""
    box = part.evaluate("part => part.getBoundingClientRect().toJSON()")
    top = box["y"] + part.evaluate("() => window.scrollY")
    return {
        "x": box["x"] - MARGIN,
        "y": top - MARGIN,
        "width": box["width"] + 2 * MARGIN,
        "height": box["height"] + 2 * MARGIN,
    }


def opened(browser: Browser, path: Path, size: dict[str, int]) -> Page:
    """Open a page in a window of that size, at its top."""
    page = browser.new_page(viewport=size)
    page.goto(path.as_uri())
    return page


def photograph_workbook(workbook: Path, folder: Path) -> None:
    """Take the upper half of the first sheet, as it prints."""
    run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, workbook])
    pdf = folder / f"{workbook.stem}.pdf"
    part = ["-r", "100", "-x", "20", "-y", "50", "-W", "790", "-H", "490"]
    run(["pdftoppm", "-png", *part, "-f", "1", "-singlefile", pdf, PICTURES / "workbook"])


def run(command: list) -> None:
    """Run a program quietly; its own words are shown where it fails."""
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


if __name__ == "__main__":
    main()
