"""The documentation names every verb, guideline and column, and shows what the program prints."""

import html
import re
import tomllib
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from nmsdreports.cli import main
from nmsdreports.policy import read_policy
from nmsdreports.policy.guidelines import board_policy
from nmsdreports.policy.overrides import CHANGEABLE, NEEDED, OPTIONAL, check_policy
from nmsdreports.policy.since import COLUMNS as CHANGES
from nmsdreports.policy.since import COUNTS
from nmsdreports.views.exports import COLUMNS
from nmsdreports.views.theme import read_theme

ROOT = Path(__file__).parents[1]
DOCS = {path: path.read_text("utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))}
DOCS[ROOT / "README.md"] = (ROOT / "README.md").read_text("utf-8")
GUIDELINES = DOCS[ROOT / "docs" / "for-engineers" / "guidelines.md"]
ENGINEERS = ROOT / "docs" / "for-engineers"
PRINCIPALS = [path for path in DOCS if path.parent.name == "for-principals"]
OWN_LOOK = DOCS[ROOT / "docs" / "for-the-office" / "your-own-look.md"]
THEME = tomllib.loads((ROOT / "nmsdreports" / "views" / "theme.toml").read_text("utf-8"))
LARGEST_PICTURE = 150_000
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


def test_every_column_of_what_moved_stands_there_in_order():
    for name, columns in (
        ("changes", CHANGES),
        ("changes_counts", ["guideline", "school_id", *COUNTS]),
    ):
        assert f"| `{name}` | {', '.join(columns)} |" in GUIDELINES


@pytest.mark.parametrize("key", dict.fromkeys([*CHANGEABLE, *NEEDED, *OPTIONAL]))
def test_every_key_of_a_policy_file_stands_there(key):
    assert key in WHY or key == "aliases"


def test_the_policy_files_shown_can_be_used(tmp_path):
    shown = re.findall(r"```toml\n(.*?)```", WHY, re.S)
    assert len(shown) == 2
    path = tmp_path / "policy.toml"
    path.write_text("\n".join(shown), encoding="utf-8")
    assert check_policy(board_policy(), path) == []


def test_the_theme_shown_can_be_used(tmp_path):
    (shown,) = re.findall(r"```toml\n(.*?)```", OWN_LOOK, re.S)
    path = tmp_path / "theme.toml"
    path.write_text(shown, encoding="utf-8")
    assert read_theme(path) != read_theme()


@pytest.mark.parametrize("section", THEME)
def test_every_section_and_key_of_the_theme_stands_there_and_no_other(section):
    looks = isinstance(next(iter(THEME[section].values())), dict)
    named = rf'\[{section}\."…"\]' if looks else rf"\[{section}\]"
    rows = re.findall(rf"(?m)^\| `{named}` \| (.*?) \| (.*?) \|$", OWN_LOOK)
    keys = [key for row, _ in rows for key in re.findall(r"`(.*?)`", row)]
    if not looks:
        assert sorted(keys) == sorted(THEME[section])
        return
    ((_, words),) = rows
    assert {*keys} == {key for look in THEME[section].values() for key in look}
    assert re.findall(r"`(.*?)`", words) == list(THEME[section])


def test_the_explanation_shown_is_what_the_program_prints(monkeypatch):
    monkeypatch.chdir(ROOT)
    asked, shown = re.findall(r"```\nnmsdreports (explain .*?)\n```.*?```\n(.*?)```", WHY, re.S)[0]
    printed = CliRunner().invoke(main, asked.split()).stdout
    assert shown in printed


def slug(heading):
    """A heading as its link's last part."""
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page):
    headings = {path: set(map(slug, re.findall(r"(?m)^#+ (.*)$", DOCS[path]))) for path in DOCS}
    lost = []
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", DOCS[page]):
        name, _, heading = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if not path.exists() or (heading and heading not in headings[path]):
            lost.append(target)
    assert lost == []


def test_every_picture_is_small_is_shown_and_says_what_it_shows():
    shown = {}
    for page, text in DOCS.items():
        for words, name in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text):
            shown.setdefault((page.parent / name).resolve(), []).append(words)
    pictures = set((ROOT / "docs" / "pictures").iterdir())
    assert set(shown) == pictures
    assert {path.name for path in pictures if path.stat().st_size > LARGEST_PICTURE} == set()
    assert [words for found in shown.values() for words in found if len(words) < 30] == []


@pytest.fixture(scope="module")
def pines_report(sample_month):
    """All that Pine Elementary's page says, and its workbook, as one text."""
    report = sample_month.reports["S1-pine-elementary"]
    workbook = openpyxl.load_workbook(report.workbook, read_only=True)
    cells = [str(value) for sheet in workbook for row in sheet.values for value in row if value]
    said = re.sub(
        r"<(script|style).*?</\1>|<[^>]+>", "", report.page.read_text("utf-8"), flags=re.S
    )
    return " ".join([html.unescape(said), *workbook.sheetnames, *cells])


@pytest.mark.parametrize("page", PRINCIPALS, ids=lambda page: page.stem)
def test_what_a_principal_is_shown_stands_so_in_the_report(page, pines_report):
    in_bold = set(re.findall(r"\*\*([^*]+)\*\*", DOCS[page]))
    quoted = re.findall(r"(?m)^> (.*)$", DOCS[page])
    assert quoted and in_bold
    assert [words for words in [*quoted, *in_bold] if words not in pines_report] == []


def test_every_fault_of_a_night_has_its_test():
    rows = re.findall(r"(?m)^\| (\d+) \|.*\| `(\w+)` \|$", DOCS[ENGINEERS / "faults.md"])
    texts = [path.read_text("utf-8") for path in (ROOT / "tests" / "run").glob("test_*.py")]
    for number, name in rows:
        own = [text.split(f"def {name}(")[1] for text in texts if f"def {name}(" in text]
        assert own, name
        assert re.search(rf'"""(?:[^"]*\D)?{number}\b', own[0][:400]), (number, name)
    assert [int(number) for number, _ in rows] == [*range(1, 14), *range(13, 19), *range(18, 26)]
