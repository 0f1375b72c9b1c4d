"""Whatever arrives: read, or refused in a sentence; never a traceback, never a row lost.

Seeds and counts are fixed: some four thousand texts in cells, two thousand mutated files. They are
read in a process of their own, because a reader written in another language may end the process.
NMSDREPORTS_FUZZ=10 in the environment goes ten times as far.
"""

import csv
import io
import multiprocessing
import os
import random
import resource
import shutil
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from nmsdreports.cli import main
from nmsdreports.intake import load
from nmsdreports.intake.tables import read_tables
from nmsdreports.settings import InputError, read_settings
from tests.intake.conftest import ACCOUNTS, INCIDENTS, READ_ON, SCHOOLS

FUZZ = int(os.environ.get("NMSDREPORTS_FUZZ", "1"))
SECONDS = 20
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
NAUGHTY = [
    "",
    "undefined",
    "null",
    "NaN",
    "-1E+02",
    "0x0",
    "1/0",
    "9" * 400,
    "1e309",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "<script>alert(1)</script>",
    "'; DROP TABLE schools; --",
    "{0.__class__}",
    "%s%n%d",
    "{}{{}}{header}",
    "../../etc/passwd",
    "\ufeff",
    "\u202eevil",
    "ﷺ",
    "田中さん",
    "👩‍👩‍👧‍👦",
    "Ṱ̺̺̕o͞ ̷i̲̬n",
    "İıßŐ",
    "١/٢/٢٠٢٦",
    "２０２６-０９-０１",
    "2026-09-01\u2028",
    "9/1/2026 99:99",
    "2026-02-29T25:61:61+99:99",
    "https://",
    "http://[::1",
    "https://www.facebook.com/%zz%00",
    "https://x.com/" + "a" * 3000,
    "a@b@c",
    "<<<@>>>",
    "|||;;;,,,",
    "\x01\x1f",
    "x" * 40_000,
    "TRUE",
    "total",
    "Example",
    "#N/A",
    "=1+1",
    "\t\t",
    "line\nbreak",
]


def check_counts(records):
    counts = records.counts
    whole = counts["accepted"] + counts["quarantined"] + counts["blank"]
    assert counts["rows_read"].eq(whole).all(), counts.to_string()
    assert (counts[["accepted", "quarantined", "blank"]] >= 0).all(axis=None)
    for name in counts["table"].unique():
        mine = counts[counts["table"] == name]
        assert mine["accepted"].sum() == len(records.table(name))


def try_folder(folder):
    """Read a folder as `check` does; nothing may be raised, and no row lost."""
    records = load(folder, read_on=READ_ON, refuse=False)
    check_counts(records)
    assert records.problems["message"].str.len().between(1, 1000).all()
    return records


def write(folder, name, rows):
    with (folder / name).open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)


@pytest.fixture
def folder(tmp_path):
    for name, rows in (("schools", SCHOOLS), ("accounts", ACCOUNTS), ("incidents", INCIDENTS)):
        write(tmp_path, f"{name}.csv", rows)
    return tmp_path


@pytest.mark.parametrize("table", read_tables())
def test_naughty_texts_in_every_column_of_every_table(folder, table):
    columns = read_tables()[table].columns
    examples = [column.example or "x" for column in columns.values()]
    rows = [
        [text if at == place else examples[at] for at in range(len(examples))]
        for place in range(len(examples))
        for text in NAUGHTY
    ]
    write(folder, f"{table}.csv", [list(columns), *rows])
    records = try_folder(folder)
    assert records.counts.set_index("table").loc[table, "rows_read"] == len(rows)


@pytest.mark.parametrize("seed", range(2))
def test_cells_shuffled_dropped_and_replaced(folder, seed):
    chance = random.Random(seed)
    tables = {"schools": SCHOOLS, "accounts": ACCOUNTS, "incidents": INCIDENTS}
    for _ in range(35 * FUZZ):
        for name, rows in tables.items():
            made = [list(row) for row in rows]
            for _ in range(chance.randrange(6)):
                row = chance.choice(made)
                at = chance.randrange(len(row) + 1)
                text = chance.choice(NAUGHTY + [cell for line in rows for cell in line])
                row[at : at + chance.randrange(3)] = [text] * chance.randrange(3)
            write(folder, f"{name}.csv", made)
        try_folder(folder)


def mutated(data, chance):
    """The bytes with a few of them changed, dropped, doubled or cut off."""
    data = bytearray(data)
    for _ in range(1 + chance.randrange(8)):
        at = chance.randrange(len(data) or 1)
        kind = chance.randrange(4)
        if kind == 0 and data:
            data[at] = chance.randrange(256)
        elif kind == 1:
            del data[at : at + chance.randrange(20)]
        elif kind == 2:
            data[at:at] = data[at : at + chance.randrange(40)]
        else:
            data[at:at] = chance.choice(NAUGHTY).encode()[:200]
    return bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.1 else data)


def mutated_cells(data, chance):
    """The rows of a CSV file with a few cells replaced, dropped or doubled."""
    rows = list(csv.reader(data.decode("utf-8").splitlines()))
    for _ in range(1 + chance.randrange(8)):
        row = chance.choice(rows)
        at = chance.randrange(len(row) + 1)
        text = chance.choice(NAUGHTY + [cell for line in rows for cell in line])
        row[at : at + chance.randrange(3)] = [text] * chance.randrange(3)
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("utf-8", "surrogatepass")


def mutated_part(data, chance):
    """A workbook with one of its parts mutated and packed again, as its checksums demand."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = {entry: package.read(entry) for entry in package.namelist()}
    part = chance.choice(sorted(entries))
    entries[part] = mutated(entries[part], chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for entry, content in entries.items():
            package.writestr(entry, content)
    return stream.getvalue()


def read_mutated(folder, names, seed, rounds):
    """Mutate the files of a folder again and again, each as bytes or inside, and read them.

    Runs in a process of its own, with an end to its memory and to the time of one reading.
    """
    resource.setrlimit(resource.RLIMIT_AS, (6_000_000_000, 6_000_000_000))
    chance = random.Random(seed)
    whole = {name: (folder / name).read_bytes() for name in names}
    for number in range(rounds):
        for name, data in whole.items():
            inside = mutated_cells if name.endswith(".csv") else mutated_part
            change = chance.choice([mutated, inside])
            (folder / name).write_bytes(change(data, chance))
        start = time.process_time()
        try_folder(folder)
        assert time.process_time() - start < SECONDS, (seed, number)


def check_mutated(folder, seed, rounds):
    """Mutate or remove a few files of the sample again and again, and check what is left."""
    chance = random.Random(seed)
    source, out = folder / "source", folder / "out"
    for _ in range(rounds):
        shutil.rmtree(source, ignore_errors=True)
        shutil.copytree(SAMPLE, source)
        for path in chance.sample(sorted(source.iterdir()), 1 + chance.randrange(3)):
            if chance.random() < 0.1:
                path.unlink()
            else:
                path.write_bytes(mutated(path.read_bytes(), chance))
        done = CliRunner().invoke(main, ["check", "--output", str(out), str(source)])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code in (0, 1, 2), done.output
        assert "Traceback" not in done.output
        assert done.output.strip()


def in_a_process(work, *args):
    """Run `work` where a reader that ends its process ends no test."""
    worker = multiprocessing.get_context("spawn").Process(target=work, args=args)
    worker.start()
    worker.join(240 * FUZZ)
    alive = worker.is_alive()
    if alive:
        worker.kill()
    assert not alive, "reading takes bounded time"
    assert worker.exitcode == 0


@pytest.mark.parametrize("seed", range(2))
def test_every_spreadsheet_of_the_sample_mutated_again_and_again(tmp_path, seed):
    names = sorted(path.name for path in SAMPLE.iterdir() if path.suffix != ".toml")
    assert {Path(name).suffix for name in names} == {".csv", ".xlsx"}
    for name in names:
        shutil.copy(SAMPLE / name, tmp_path)
    in_a_process(read_mutated, tmp_path, names, seed, 70 * FUZZ)


def test_the_samples_settings_mutated_are_read_or_refused_in_a_sentence(folder):
    data, chance = (SAMPLE / "district.toml").read_bytes(), random.Random(2026)
    for number in range(500 * FUZZ):
        (folder / "district.toml").write_bytes(mutated(data, chance))
        try:
            if number % 10:
                read_settings(folder)
            else:
                try_folder(folder)
        except InputError as error:  # settings that cannot be read are told also to `check`
            assert str(error).startswith("district.toml")


def test_mutated_workbooks_end_no_process(folder):
    (folder / "accounts.csv").unlink()
    book = openpyxl.Workbook()
    for row in ACCOUNTS:
        book.active.append(row)
    book.active["G2"] = "=1+1"
    book.active["D2"].hyperlink = "https://www.facebook.com/samplepine"
    book.active.merge_cells("B2:B3")
    book.save(folder / "accounts.xlsx")
    in_a_process(read_mutated, folder, ["accounts.xlsx"], 2026, 120 * FUZZ)


@pytest.mark.parametrize("seed", range(2))
def test_check_ends_with_a_status_and_a_sentence_never_with_a_traceback(tmp_path, seed):
    in_a_process(check_mutated, tmp_path, seed, 4 * FUZZ)
