"""The office's page on the verbs holds what the verbs are and say."""

import re
from pathlib import Path

import pytest
from click import Option

from nmsdreports.cli import main, tables

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "for-the-office" / "the-verbs.md").read_text("utf-8")


def section(heading):
    (found,) = re.findall(rf"^## {heading}$(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    return found


@pytest.mark.parametrize("verb", main.commands)
def test_every_verb_stands_there_with_exactly_its_options(verb):
    options = {
        f"{parameter.opts[-1]} {parameter.metavar or ''}".strip()
        for parameter in main.commands[verb].params
        if isinstance(parameter, Option)
    }
    assert set(re.findall(r"^\| `(--[^`]+)`", section(verb), re.M)) == options
    assert f"| [`{verb}`](#{verb}) |" in PAGE


def test_every_table_stands_there_in_the_words_of_the_help():
    for name, words in tables.TABLES.items():
        assert f"| `{name}` | {words} |" in section("table")


def test_every_exit_status_stands_there():
    assert re.findall(r"^\| (\d+) \|", section("How a verb ends"), re.M) == [
        "0", "1", "2", "130", "143",
    ]  # fmt: skip
