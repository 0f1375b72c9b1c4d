"""The office's page on the verbs holds what the verbs are and say."""

import re
import shutil
from pathlib import Path

import pytest
from click import Option
from click.testing import CliRunner

from nmsdreports.cli import main, tables

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "for-the-office" / "the-verbs.md").read_text("utf-8")


def section(heading):
    (found,) = re.findall(rf"^## {heading}$(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    return found


def shown():
    """Every command shown on the page, with the lines it is said to print."""
    for block in re.findall(r"^```\n\$ nmsdreports (.*?)^```", PAGE, re.M | re.S):
        command, *lines = block.splitlines()
        yield command, lines


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


def test_its_links_lead_somewhere():
    for page, heading in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", PAGE):
        assert (ROOT / "docs" / "for-the-office" / page).exists()
        assert not heading or section(heading)


@pytest.mark.parametrize(("command", "lines"), list(shown()), ids=lambda value: str(value)[:30])
def test_what_is_shown_is_what_is_printed(command, lines, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    if command.startswith("report"):  # a minute's work: its schools may also end in another order
        command, lines = f"{command} --school S6", [lines[0], lines[-2]]

    result = CliRunner().invoke(main, command.split(), prog_name="nmsdreports")
    assert result.exit_code == 0
    printed = result.output.splitlines()
    assert [line for line in lines if line not in printed] == []
