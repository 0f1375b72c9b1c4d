"""One night with the real command and the real notebooks, of which two fail: what may be in what.

Every text of a school carries its word, the machine's user, home, temporary folder and name are
words found nowhere else, and the data end a year before the clock: so every byte of what was
published can be searched for what it must not hold.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pandas as pd
import pyarrow.parquet
import pytest

from nmsdreports.run.verify import verify
from tests.checklist import months
from tests.run.marked import DIES, FAILS, GOOD, MARKERS, RESTRICTED, write_source

USER, HOST = "ottilieuser", "wilmahost"
MACHINE = f"""
import getpass, os, platform, socket
getpass.getuser = os.getlogin = lambda: "{USER}"
socket.gethostname = socket.getfqdn = platform.node = lambda: "{HOST}"
"""


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """What the command left and said of October 2025, and the environment it ran in."""
    folder = tmp_path_factory.mktemp("night")
    for name in (f"home-of-{USER}", "tempfolder", "machine"):
        (folder / name).mkdir()
    (folder / "machine" / "sitecustomize.py").write_text(MACHINE)
    paths = [str(folder / "machine"), os.environ.get("PYTHONPATH", "")]
    environment = {
        "HOME": str(folder / f"home-of-{USER}"), "TMPDIR": str(folder / "tempfolder"),
        "USER": USER, "USERNAME": USER, "LOGNAME": USER, "HOSTNAME": HOST, "COMPUTERNAME": HOST,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }  # fmt: skip
    source = write_source(folder / "spreadsheets")
    asked = ["report", "--month", "2025-10", "--output", folder / "reports", source]
    return folder, environment, months.run(*asked, cwd=folder, **environment)


def folders_of(edition):
    """Each school's folder by the school's word."""
    return {
        marker: path
        for path in (edition / "schools").iterdir()
        for marker in MARKERS
        if marker in path.name
    }


def unpacked(path):
    """Every piece that a file holds: of an archive each part, of a table of Parquet its cells."""
    if path.suffix == ".parquet":
        metadata = pyarrow.parquet.read_metadata(path)
        yield path.name, f"{metadata.metadata} {metadata.created_by}".encode()
        yield path.name, pd.read_parquet(path).to_csv().encode()
    else:
        yield from opened(path.name, path.read_bytes())


def opened(name, data):
    """The bytes of a file, or those of every part of an archive and of archives in it."""
    if not is_zipfile(BytesIO(data)):
        yield name, data
        return
    with ZipFile(BytesIO(data)) as archive:
        yield name, archive.comment
        for part in archive.namelist():
            yield name, part.encode()
            yield from opened(f"{name}/{part}", archive.read(part))


def pieces(folder):
    """Every piece of every file below a folder with the folder's place in it, by its name."""
    for path in sorted(folder.rglob("*")):
        yield str(path.relative_to(folder)), path.relative_to(folder).as_posix().encode()
        if path.is_file():
            yield from unpacked(path)


def test_reports_never_cross_over_between_schools(night):
    """1: every file of a school, failed ones too, holds only that school's words."""
    edition = night[0] / "reports" / "2025-10"
    found = folders_of(edition)
    assert sorted(found) == sorted(MARKERS)
    for marker, folder in found.items():
        others = [other.lower().encode() for other in MARKERS if other != marker]
        for path in folder.iterdir():
            data = b"".join(piece for _, piece in unpacked(path)).lower()
            # A notebook whose process was killed takes with it what it had shown.
            assert marker.lower().encode() in data or marker == DIES, path.name
            assert [other for other in others if other in data] == [], path.name
    office = b"".join(data for _, data in pieces(edition / "district"))
    assert all(marker.encode() in office for marker in MARKERS)


def test_the_boards_files_hold_no_name_no_id_and_no_school(night):
    """Every text of the registry carries its school's word; the board's files carry none."""
    board = night[0] / "reports" / "2025-10" / "board"
    assert {".html", ".pptx", ".ipynb", ".csv"} <= {path.suffix for path in board.rglob("*")}
    known = [*(marker.lower().encode() for marker in MARKERS), RESTRICTED.lower().encode()]
    for name, data in pieces(board):
        assert [word for word in known if word in data.lower()] == [], name


def test_no_file_holds_restricted_words(night):
    for name, data in pieces(night[0] / "reports"):
        assert RESTRICTED.encode() not in data, name


def test_one_schools_row_makes_its_notebook_raise(night):
    """14, and 3 for the school whose notebook's process is killed: the others are made."""
    folder, _, done = night
    edition = folder / "reports" / "2025-10"
    raised = "ValueError: invalid literal for int() with base 10: 'one'"
    assert done.returncode == 1
    assert f"FAILED {FAILS} School: {raised} What to do: open {FAILS} School" in done.stderr
    died = f"FAILED {DIES} School: the process that ran it died (by signal 9)"
    assert died in done.stderr and "run it once more" in done.stderr
    assert "Wrote 4 of 6 reports." in done.stderr
    files = {
        marker: sorted(path.name for path in place.iterdir())
        for marker, place in folders_of(edition).items()
    }
    for marker in GOOD:
        assert files[marker] == [
            f"{marker} School 2025-10{e}" for e in (".html", ".ipynb", ".xlsx")
        ]
    for marker in (FAILS, DIES):
        assert files[marker] == [f"{marker} School 2025-10 (failed).ipynb"]
    kept = folders_of(edition)[FAILS] / files[FAILS][0]
    cells = json.loads(kept.read_text("utf-8"))["cells"]
    assert "This report could not be finished" in cells[0]["source"]
    (error,) = [o for c in cells for o in c.get("outputs", []) if o["output_type"] == "error"]
    assert error["ename"] == "ValueError" and f"{FAILS}" not in error["evalue"]
    assert len(list((edition / "district").iterdir())) == 3
    assert "2 of 6 reports could not be made" in (edition / "index.html").read_text("utf-8")
    index = (folder / "reports" / "index.html").read_text("utf-8")
    assert f"{FAILS} School" in index and f"{DIES} School" in index
    failed = json.loads((edition / "manifest.json").read_text("utf-8"))["failed"]
    assert {one["name"]: one["cause"][:6] for one in failed} == {
        f"{FAILS} School": "ValueE",
        f"{DIES} School": "the pr",
    }
    assert [one.faults for one in verify(folder / "reports")] == [[], []]


def test_an_edition_tells_nothing_of_the_machine_that_made_it(night):
    folder = night[0]
    today = datetime.now()
    words = [USER, HOST, str(folder), "tempfolder", sys.prefix, sys.base_prefix, "/tmp/", "/root"]
    words += [str(months.ROOT), str(Path.home()), "site-packages", "ipykernel_"]
    for day in (today, today - timedelta(days=1), today + timedelta(days=1)):
        words += [f"{day:%Y-%m-%d}", f"{day:%m/%d/%Y}", f"{day:%Y%m%d}", f"{day:%Y:%m:%d}"]
        words += [f"{day:%B} {day.day}, {day.year}", f"{day:%b} {day.day}, {day.year}"]
    words += [str(int(today.timestamp()))[:6]]
    unwanted = [word.encode() for word in words if len(word) > 3]
    seen = 0
    for name, data in pieces(folder / "reports"):
        assert [word for word in unwanted if word in data] == [], name
        seen += 1
    for path in (folder / "reports").rglob("*.xlsx"):
        with ZipFile(path) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert seen > 200
    assert list((folder / "tempfolder").iterdir()) == []


def test_a_school_comes_out_the_same_in_any_order_and_alone(night):
    """1, once more: nothing of one report stays behind in the next."""
    folder, environment, _ = night
    asked = ["--month", "2025-10", "--school", GOOD[1], "--school", GOOD[0], "--quiet"]
    alone = folder / "alone"
    done = months.run("report", *asked, "--output", alone, folder / "spreadsheets", cwd=folder,
                      **environment)  # fmt: skip
    assert done.returncode == 0, done.stderr
    whole = folders_of(folder / "reports" / "2025-10")
    for marker, place in folders_of(alone / "2025-10").items():
        for path in place.iterdir():
            assert path.read_bytes() == (whole[marker] / path.name).read_bytes(), path.name
