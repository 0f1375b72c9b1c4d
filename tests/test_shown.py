"""Every command that a page of the documentation shows prints what is shown below it."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from nmsdreports.cli import main

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").rglob("*.md"))


def shown():
    """Every command shown, with the lines it is said to print; lines in between may be left out."""
    for page in PAGES:
        for block in re.findall(
            r"^```\n\$ nmsdreports (.*?)^```", page.read_text("utf-8"), re.M | re.S
        ):
            command, *lines = block.splitlines()
            yield pytest.param(command, lines, id=f"{page.stem}: {command.split()[0]}")


@pytest.mark.parametrize(("command", "lines"), list(shown()))
def test_what_is_shown_is_what_is_printed(command, lines, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    if command.startswith("report"):  # a minute's work: its schools may also end in another order
        command, lines = f"{command} --school S6", [lines[0], lines[-2]]

    result = CliRunner().invoke(main, command.split(), prog_name="nmsdreports")
    assert result.exit_code == 0
    printed = iter(result.output.splitlines())
    assert [line for line in lines if line not in printed] == []
