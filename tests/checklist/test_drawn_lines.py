"""Lines 5 and 12: what LibreOffice makes of the workbooks, on paper and opened again."""

import html
import re
import shutil
import subprocess
import warnings
import zipfile
from collections import Counter
from datetime import datetime

import pytest
from openpyxl import load_workbook

from tests.views import workbooks

pytestmark = [
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine"),
    pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not on this machine"),
]
DRAWN = {
    "school": ("sample", "S1-pine-elementary"),
    "no accounts": ("sample", "S6-homestead-learning-program"),
    "office": ("sample", "district"),
    "nasty school": ("nasty", "N1-north-south-a"),
    "nasty right to left": ("nasty", "N4"),
}
FOOTER_POINTS = 45


def shown(cell) -> str:
    """A cell as it is drawn."""
    value = cell.value
    if isinstance(value, datetime):
        year_only = cell.number_format == "mmm yyyy"
        return f"{value:%b %Y}" if year_only else f"{value:%b} {value.day}, {value.year}"
    if isinstance(value, int) and "before" in cell.number_format:
        return f"{abs(value)} {'after' if value > 0 else 'before'}" if value else "on the day"
    if isinstance(value, int | float):
        return f"{round(value * 100)}%" if "%" in cell.number_format else f"{value:,}"
    return value or ""


def convert(kind: str, folder, profile) -> None:
    """Convert every workbook of the folder in one call, which must say nothing of an error."""
    files = sorted(map(str, folder.glob("*.xlsx")))
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(folder / kind), *files]
    done = subprocess.run(command, capture_output=True, timeout=240, encoding="utf-8")
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "java" not in line] == []
    assert len(list((folder / kind).iterdir())) == len(files)


@pytest.fixture(scope="module")
def drawn(sample_month, nasty_month, tmp_path_factory):
    """The workbooks under plain names, beside them what LibreOffice made of them."""
    made = {"sample": sample_month, "nasty": nasty_month}
    folder, profile = tmp_path_factory.mktemp("drawn"), tmp_path_factory.mktemp("profile")
    for name, (month, report) in DRAWN.items():
        shutil.copy(made[month].reports[report].workbook, folder / f"{name}.xlsx")
    convert("pdf", folder, profile)
    convert("xlsx", folder, profile)
    return folder


@pytest.fixture(scope="module", params=DRAWN)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def book(drawn, name):
    return workbooks.read(drawn / f"{name}.xlsx")


@pytest.fixture(scope="module")
def pages(drawn, name):
    """Each page of the PDF: its size, and its words with their boxes."""
    command = ["pdftotext", "-bbox", str(drawn / "pdf" / f"{name}.pdf"), "-"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    found = []
    for text in done.stdout.decode("utf-8", "replace").split("<page ")[1:]:
        size = [float(n) for n in re.findall(r'(?:width|height)="([\d.]+)"', text)[:2]]
        words = re.findall(
            r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>', text, re.DOTALL
        )
        found.append((size, [(*map(float, box), html.unescape(word)) for *box, word in words]))
    return found


def pieces(texts) -> Counter:
    """The words of plain letters; one may be broken behind its hyphen."""
    words = (word for text in texts for word in re.split(r"\s+|(?<=-)", text))
    return Counter(word for word in words if word and word.isascii())


def test_line_05_nothing_is_cut_on_paper(book, pages):
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    on_paper = pieces(word for _, words in pages for *_, word in words)
    assert "###" not in "".join(on_paper)
    missing = pieces(map(shown, cells)) - on_paper
    # a word longer than a line is broken anywhere
    assert {word: n for word, n in missing.items() if len(word) <= 20} == {}
    for (width, height), words in pages:
        for left, top, right, bottom, word in words:
            assert 0 <= left <= right <= width and 0 <= top <= bottom <= height, word


def test_line_05_no_page_has_one_lone_column(pages):
    for (width, height), words in pages:
        body = [word for word in words if word[3] < height - FOOTER_POINTS]
        across = max(word[2] for word in body) - min(word[0] for word in body)
        assert across > width / 2, " ".join(word[4] for word in body)[:200]


def test_line_05_each_page_says_which_of_how_many_and_repeats_the_header(book, pages):
    for number, ((_, height), words) in enumerate(pages, start=1):
        footer = " ".join(word[4] for word in words if word[3] > height - FOOTER_POINTS)
        assert f"Page {number} of {len(pages)}" in footer
        assert "October 2026" in footer
    long = {sheet.title: sheet for sheet in book.worksheets if sheet.print_title_rows}
    texts = [" ".join(word[4] for word in words) for _, words in pages]
    for sheet in long.values():
        header = sheet[sheet.print_title_rows.replace("$", "")][0]
        first = header.value if hasattr(header, "value") else header[0].value
        assert sum(first in text for text in texts) >= 1


def test_line_12_libreoffice_reads_every_cell_as_it_was_written(drawn, name, book):
    path = drawn / "xlsx" / f"{name}.xlsx"
    with warnings.catch_warnings():
        # openpyxl cannot read the months of LibreOffice's charts; their parts are counted below
        warnings.simplefilter("ignore")
        again = load_workbook(path)
    assert again.sheetnames == book.sheetnames
    for sheet in book.worksheets:
        other = again[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                value, read = cell.value, other[cell.coordinate].value
                same = value == read or (isinstance(value, float) and abs(value - read) < 1e-9)
                assert same, (sheet.title, cell.coordinate)
        assert sorted(other.tables) == sorted(sheet.tables)
    with zipfile.ZipFile(path) as parts:
        charts = [part for part in parts.namelist() if part.startswith("xl/charts/chart")]
    assert len(charts) == len(workbooks.described(drawn / f"{name}.xlsx"))
