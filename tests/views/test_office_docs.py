"""The office's pages name every table, column and kind of problem in the words of the program."""

import re
from pathlib import Path

import pytest

from nmsdreports.cli import main
from nmsdreports.intake.kinds import KINDS
from nmsdreports.intake.tables import HELP_SHEET, read_tables
from nmsdreports.settings import SETTINGS_FILE
from nmsdreports.views.forms import column_rows
from nmsdreports.views.repair import FILE_NAME, read_repairs

OFFICE = Path(__file__).parents[2] / "docs" / "for-the-office"
READING = (OFFICE / "reading-your-spreadsheets.md").read_text("utf-8")
BEGINNING = (OFFICE / "start-a-new-district.md").read_text("utf-8")
SECTIONS = {
    "refuse": "A file or sheet is not used",
    "quarantine": "A row is set aside",
    "unknown": "A value is not used",
    "warn": "It is used, but someone should look",
    "note": "It is used, and said",
}


def line(*cells):
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def rows_under(text, heading):
    """The rows of the first table under a heading, without its head."""
    (section,) = re.findall(rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", text, re.M | re.S)
    return [row for row in section.splitlines() if row.startswith("| ")][1:]


@pytest.mark.parametrize("table", read_tables().values(), ids=list(read_tables()))
def test_every_column_of_every_table_stands_there_as_it_is_declared(table):
    wanted = [line(*row[:4]) for row in column_rows(table)]

    assert rows_under(READING, f"{table.title} (`{table.name}`)") == wanted, "\n".join(wanted)


@pytest.mark.parametrize("outcome", SECTIONS)
def test_every_kind_of_problem_stands_under_what_becomes_of_it(outcome):
    wanted = [
        line(words.name, f"`{code}`", words.do)
        for code, words in read_repairs().items()
        if KINDS[code].outcome == outcome
    ]

    assert rows_under(READING, SECTIONS[outcome]) == wanted, "\n".join(wanted)


def test_the_words_a_person_meets_are_the_programs():
    assert f"`{FILE_NAME}`" in READING
    assert HELP_SHEET in BEGINNING and SETTINGS_FILE in BEGINNING
    for verb in set(re.findall(r"^nmsdreports (\w+)", READING + BEGINNING, re.M)):
        assert verb in main.commands
    for name in read_tables():
        assert f"`{name}.xlsx`" in BEGINNING


def test_links_lead_somewhere():
    for text in (READING, BEGINNING):
        for target in re.findall(r"\]\((?!http)([^)#]+)", text):
            assert (OFFICE / target).exists(), target


def test_what_is_red_is_named_as_the_program_names_it():
    steps = (OFFICE / "the-month-in-ten-steps.md").read_text("utf-8")
    assert re.findall(r"^## (\d+)\. ", steps, re.M) == [str(number) for number in range(1, 11)]
    seen = [row.split(" | ")[0] for row in rows_under(steps, "When something is red")]
    phrases = [phrase.strip("*") for cell in seen for phrase in re.findall(r"\*+[^*]+\*+", cell)]
    program = Path(__file__).parents[2] / "nmsdreports"
    files = [path for path in program.rglob("*") if path.suffix in (".py", ".toml", ".j2")]
    said = " ".join(path.read_text("utf-8") for path in files).casefold()

    assert len(seen) > 12 and len(phrases) >= len(seen)
    marks = "! ✗ ? ●●● "
    assert [one for one in phrases if one.lstrip(marks).casefold() not in said] == []
