"""Make the pictures of README and docs from the sample district: `python docs/pictures.py`.

Needs Chromium, LibreOffice Calc and pdftoppm, which nothing else in the project needs but tests.
"""

import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURES = Path(__file__).with_name("pictures")
CHROMIUM = [
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
    *("--no-first-run", "--disable-background-networking", "--disable-sync"),
]


def main() -> None:
    """Run the sample's October and take its first page and its first sheet."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = ["nmsdreports", "report", "--quiet", "--month", "2026-10", "--school", "S1"]
        run([*report, "--output", folder, ROOT / "data" / "sample"])
        school = next(folder.glob("2026-10/schools/S1-*"))
        photograph_page(next(school.glob("*.html")), folder)
        photograph_workbook(next(school.glob("*.xlsx")), folder)


def photograph_page(page: Path, folder: Path) -> None:
    """Take the top of the page at the width of a desk."""
    picture = f"--screenshot={PICTURES / 'page.png'}"
    run(
        [
            *CHROMIUM,
            f"--user-data-dir={folder / 'profile'}",
            "--window-size=1100,900",
            picture,
            page,
        ]
    )


def photograph_workbook(workbook: Path, folder: Path) -> None:
    """Take the first sheet as it prints."""
    run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, workbook])
    pdf = folder / f"{workbook.stem}.pdf"
    run(["pdftoppm", "-png", "-r", "80", "-f", "1", "-singlefile", pdf, PICTURES / "workbook"])


def run(command: list) -> None:
    """Run a program quietly; its own words are shown where it fails."""
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


if __name__ == "__main__":
    main()
