"""The verbs that say why: explain, policy."""

import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from nmsdreports.cli import common, main
from nmsdreports.intake import load
from nmsdreports.policy import assess
from nmsdreports.views.audience import edition
from nmsdreports.views.headlines import key_facts

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
CHANGES = """
[supervisor-approval]
severity = "critical"

[student-monitoring]
applies = { column = "students_invited", values = ["no"] }
"""
NEW = """
[asked-before]
clause = "District 1"
wording = "An account is requested before it is launched."
severity = "low"
fix_within = 30
from = { column = "launched_on" }
met_by = { column = "requested_on" }
"""
FAULTS = """
[supervisor-aproval]
severity = "critical"

[parent-notice]
severty = "high"
fix_within = "soon"
"""


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the program in an empty folder; gives exit status, standard output and error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(common.SOURCE_VARIABLE, raising=False)

    def invoke(*arguments):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return invoke


def written(tmp_path, text):
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_account_is_explained_statuses_first(run):
    status, out, _ = run("explain", "A003", SAMPLE, "--as-of", "2026-10-31")
    lines = out.splitlines()
    assert status in (0, 1)
    assert max(map(len, lines)) <= 80 and "\x1b" not in out
    assert "As of October 31, 2026" in out
    heads = [line for line in lines if "Supervisor approval (Professional 2)" in line]
    assert len(heads) == 2 and heads[0].startswith("  ") and not heads[1].startswith(" ")
    assert "accounts.xlsx · Accounts!" in out
    assert "launched_on" not in out and "supervisor-approval" not in out


def test_a_handle_or_a_link_will_do_where_it_means_one_account(run):
    by_id = run("explain", "A003", SAMPLE, "--as-of", "2026-10-31")[1]
    for name in ("a003", "@samplepineroom1", "https://facebook.com/SamplePineRoom1/"):
        assert run("explain", name, SAMPLE, "--as-of", "2026-10-31")[1] == by_id


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["explain", "A999", SAMPLE], "the ids run from A001 to A062"),
        (["explain", "@samplepineelementary", SAMPLE], "A001 on Facebook or A002 on Instagram"),
        (["explain", "A003", SAMPLE, "--as-of", "soon"], "is not a day"),
        (["explain", "@samplepine", SAMPLE], "A003 (Facebook @samplepineroom1)"),
        (["explain", "Chalkwright", SAMPLE], "A003 (Facebook @samplepineroom1)"),
        (["policy", "nowhere"], 'There is no folder "nowhere"'),
        (["policy", SAMPLE / "no-policy.toml"], "There is no folder"),
        (["policy", "--check", "nowhere.toml"], 'There is no file "nowhere.toml".'),
        (["policy", "--compare", "nowhere.toml", SAMPLE], 'There is no file "nowhere.toml".'),
        (["policy", "--check", "a.toml", "--compare", "b.toml"], "two questions"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run, arguments, sentence):
    status, out, err = run(*arguments)
    assert status == 2 and out == ""
    assert len(err.splitlines()) == 1 and sentence in err


def test_an_explanation_as_a_page(run, tmp_path):
    run("explain", "A003", SAMPLE, "--as-of", "2026-10-31", "--page", "why.html")
    page = (tmp_path / "why.html").read_text(encoding="utf-8")
    assert "Supervisor approval (Professional 2)" in page and "Days of the chart" in page


def test_the_guidelines_in_force(run, tmp_path):
    status, out, _ = run("policy")
    assert status == 0 and max(map(len, out.splitlines())) <= 80
    (line,) = [line for line in out.splitlines() if "supervisor-approval" in line]
    assert line.split() == [
        "Professional",
        "2",
        "supervisor-approval",
        "record",
        "high",
        "5",
        "days",
    ]
    assert "*" not in out

    (tmp_path / "district.toml").write_text('policy = "policy.toml"\n', encoding="utf-8")
    written(tmp_path, CHANGES)
    changed = run("policy")[1]
    assert "supervisor-approval*" in changed and "critical" in changed
    # a guideline that only applies to others is changed as well
    assert "student-monitoring*" in changed

    status, out, err = run("policy", tmp_path / "policy.toml")
    assert status == 2 and out == "" and "--check" in err and "--compare" in err


def test_a_policy_file_is_checked_with_line_and_key(run, tmp_path):
    status, out, err = run("policy", "--check", written(tmp_path, FAULTS))
    assert status == 2 and "3 faults" in err
    assert "policy.toml, line 2, supervisor-aproval" in out
    assert "policy.toml, line 6, severty" in out and "did you mean 'severity'?" in " ".join(
        out.split()
    )
    assert "policy.toml, line 7, fix_within" in out
    assert max(map(len, out.splitlines())) <= 80
    assert run("policy", "--check", written(tmp_path, CHANGES))[0] == 0


def test_what_a_proposed_policy_would_change(run, tmp_path):
    path = written(tmp_path, CHANGES)
    _, out, _ = run("policy", "--compare", path, SAMPLE, "--as-of", "2026-10-31")
    lines = out.splitlines()
    assert "changed by the proposal" in lines[0] and max(map(len, lines)) <= 80
    assert any("student-monitoring: not applicable → " in line for line in lines)
    assert any("student-monitoring: meets → not applicable" in line for line in lines)
    counts = [int(line.split("×")[0]) for line in lines if "×" in line]
    assert sum(counts) == int(lines[0].split("2026, ")[1].split()[0])

    path = written(tmp_path, '[supervisor-approval]\nseverity = "low"\n')
    _, out, _ = run("policy", "--compare", path, SAMPLE, "--as-of", "2026-10-31")
    assert "no status is changed by the proposal" in out
    # As the report counts them: what an exception covers is not among the overdue.
    standing = assess(load(SAMPLE, read_on=pd.Timestamp("2026-10-31"))).at("2026-10-31")
    told = {fact.name: fact.value for fact in key_facts(edition(standing, "office"))}
    assert f"{told['Overdue']} findings are overdue" in out


def test_of_a_new_guideline_only_those_are_listed_who_have_to_do_something(run, tmp_path):
    path = written(tmp_path, NEW)
    _, out, _ = run("policy", "--compare", path, SAMPLE, "--as-of", "2026-10-31")
    lines = out.splitlines()
    counts = {
        line.rsplit("→ ")[-1]: int(line.split("×")[0]) for line in lines if "× asked-before" in line
    }
    assert {"meets", "does not meet"} <= set(counts)
    words = " ".join(out.split("\n\n")[2].split())
    assert words.count("asked-before, ") == counts["does not meet"] + counts["not assessed"]
    listed = sum(counts.values()) - counts["does not meet"] - counts["not assessed"]
    assert f"{listed} subjects more are not listed" in words
    # by the name that people know, not by the id alone
    assert re.search(r'asked-before, \w+ "@\w+" \(account A\d+, school S\d\): ', words)
