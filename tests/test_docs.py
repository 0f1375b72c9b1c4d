"""The documentation names every verb, guideline and column, and shows what the program prints."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from nmsdreports.cli import main
from nmsdreports.policy import read_policy
from nmsdreports.policy.overrides import CHANGEABLE, NEEDED, OPTIONAL, check_policy
from nmsdreports.views.exports import COLUMNS

ROOT = Path(__file__).parents[1]
DOCS = {path: path.read_text("utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))}
DOCS[ROOT / "README.md"] = (ROOT / "README.md").read_text("utf-8")
GUIDELINES = DOCS[ROOT / "docs" / "for-engineers" / "guidelines.md"]
WHY = DOCS[ROOT / "docs" / "for-the-office" / "why-a-verdict.md"]


@pytest.mark.parametrize("verb", main.commands)
def test_every_verb_stands_in_the_docs(verb):
    program = r"(?:nmsdreports|start\.py)"
    assert re.search(rf"(?m)(?:^|`|\$ ).*{program} {verb}\b", "\n".join(DOCS.values()))


def test_every_guideline_stands_there_with_its_clause_severity_and_days():
    for name, rule in read_policy().guidelines.iterrows():
        days = "" if rule["method"] == "advice" else rule["fix_within"]
        assert f"| `{name}` | {rule['clause']} | {rule['severity']} | {days} |" in GUIDELINES


@pytest.mark.parametrize("table", COLUMNS)
def test_every_column_of_a_table_that_leaves_stands_there_in_order(table):
    assert f"| `{table}` | {', '.join(COLUMNS[table].split())} |" in GUIDELINES


@pytest.mark.parametrize("key", dict.fromkeys([*CHANGEABLE, *NEEDED, *OPTIONAL]))
def test_every_key_of_a_policy_file_stands_there(key):
    assert key in WHY or key == "aliases"


def test_the_policy_files_shown_can_be_used(tmp_path):
    shown = re.findall(r"```toml\n(.*?)```", WHY, re.S)
    assert len(shown) == 2
    path = tmp_path / "policy.toml"
    path.write_text("\n".join(shown), encoding="utf-8")
    rules = {name: {} for name in read_policy().guidelines.index}
    assert check_policy(rules, path) == []


def test_the_explanation_shown_is_what_the_program_prints(monkeypatch):
    monkeypatch.chdir(ROOT)
    asked, shown = re.findall(r"```\nnmsdreports (explain .*?)\n```.*?```\n(.*?)```", WHY, re.S)[0]
    printed = CliRunner().invoke(main, asked.split()).stdout
    assert shown in printed
