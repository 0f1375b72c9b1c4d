"""The guidelines as data: all of Board Policy 2026, and what a district may change."""

import pytest

from nmsdreports.policy import read_policy
from nmsdreports.policy.guidelines import board_policy
from nmsdreports.policy.overrides import check_policy
from nmsdreports.settings import Days, InputError, Settings

# Guideline, clause, severity, days within which it is to be put right.
IN_FORCE = """
program-purpose | Professional 1 | medium | 10
supervisor-approval | Professional 2 | high | 5
admin-rights | Professional 3 | high | 5
professional-label | Professional 4 | medium | 10
audience-privacy | Professional 5 | medium | 10
conduct-standards | Professional 6 | high | 5
professional-boundaries | Professional 7 | critical | 1
parent-notice | Professional 8 | high | 3
concern-response | Professional 8 | medium | 5
use-reported | Professional 9 | medium | 10
policy-and-law | Professional 10 | high | 5
confidential-information | Professional 11 | critical | 1
prohibited-language | Professional 12 | high | 2
student-identity | Professional 13 | critical | 1
student-monitoring | Professional 14 | medium | 5
district-email | Separate 1–2 | medium | 10
separate-email | Separate 1, 3 | medium | 10
personal-contact | Personal use 1 | critical | 1
emergency-notice | Personal use 2 | high | 1
personal-student-information | Personal sites 5 | critical | 1
logo-use | Personal sites 6 | medium | 5
school-disruption | Personal sites 4 | high | 5
"""
ADVICE = {"caution", "privacy-settings", "private-becomes-public"}


def test_every_guideline_with_its_clause_severity_and_days():
    table = read_policy().guidelines
    rows = (row.split(" | ") for row in IN_FORCE.strip().splitlines())
    expected = {guideline: facts for guideline, *facts in rows}
    assert set(table.index) == set(expected) | ADVICE
    for guideline, (clause, severity, days) in expected.items():
        row = table.loc[guideline]
        assert [row["clause"], row["severity"], str(row["fix_within"])] == [clause, severity, days]
        assert row["remedy"], guideline
        assert row["responsible"] in ("owner", "supervisor")
        assert row["board_category"] in (
            *("accounts", "families", "students", "conduct", "personal use"),
        )


def test_advice_is_listed_and_never_judged(sample):
    assert set(read_policy().guidelines.query("method == 'advice'").index) == ADVICE
    standing = sample.at("2026-10-31")
    for table in (standing.status, standing.rates, standing.moves, standing.incidents):
        assert not set(table["guideline"]) & ADVICE


def test_settings_give_the_days(tmp_path):
    settings = Settings(days=Days(notice_lead=14, response=3, monitor_every=7, report_every=90))
    rules = {rule.id: rule for rule in read_policy(settings).rules}
    assert rules["parent-notice"].starts["days"] == -14
    assert rules["concern-response"].starts["days"] == 3
    assert rules["student-monitoring"].met_by["every"] == 7
    assert rules["use-reported"].met_by["every"] == 90


def policy_file(tmp_path, text: str) -> Settings:
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return Settings(policy=path)


def test_a_district_changes_severity_and_wording(tmp_path):
    settings = policy_file(
        tmp_path,
        '[supervisor-approval]\nseverity = "critical"\nfix_within = 2\n'
        'board_words = "No account without approval."\n',
    )
    row = read_policy(settings).guidelines.loc["supervisor-approval"]
    assert (row["severity"], row["fix_within"]) == ("critical", 2)
    assert row["board_words"] == "No account without approval."
    assert row["clause"] == "Professional 2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[supervisor-aproval]\nseverity = "high"\n',
            "policy.toml, line 1: there is no guideline [supervisor-aproval] "
            "(did you mean 'supervisor-approval'?); a new one still needs "
            "clause, wording, fix_within, from, met_by.",
        ),
        (
            '[parent-notice]\nseverity = "high"\nsevrity = "high"\n',
            "policy.toml, line 3: [parent-notice] `sevrity` cannot be set here "
            "(did you mean 'severity'?)",
        ),
        (
            '\n\n[parent-notice]\nfix_within = "3"\n',
            "policy.toml, line 4: [parent-notice] fix_within = '3': expected a whole number",
        ),
        (
            '[parent-notice]\nseverity = "urgent"\n',
            "policy.toml, line 2: [parent-notice] severity = 'urgent': expected one of critical",
        ),
        (
            '[yearly]\nclause = "District 1"\nwording = "x"\nseverity = "low"\nfix_within = 1\n'
            'from = { column = "launched" }\nmet_by = { log = "reviews", every = 365 }\n',
            "policy.toml, line 6: [yearly] from = { column = 'launched' }: accounts have no column "
            "'launched' (did you mean 'launched_on'?); expected { column = a day column",
        ),
        (
            '[concern-response]\napplies = { column = "purpose", values = ["other"] }\n',
            "policy.toml, line 2: [concern-response] `applies` cannot be set here",
        ),
        (
            '[parent-notice]\napplies = { column = "students_invited", values = ["Yes"] }\n',
            "policy.toml, line 2: [parent-notice] applies = { column = 'students_invited', "
            "values = ['Yes'] }: 'students_invited' has no value 'Yes' (did you mean 'yes'?); its "
            "values are yes, no; expected { column = a column of accounts",
        ),
        (
            "[parent-notice]\nfix_within = 9999999999\n",
            "policy.toml, line 2: [parent-notice] fix_within = 9999999999: "
            "expected a whole number of calendar days, 0 to 36500",
        ),
        (
            '[caution]\nseverity = "high"\n',
            "policy.toml, line 2: [caution] `severity` cannot be set here; what can: wording, ",
        ),
        ("severity = 1\n", "policy.toml, line 1: `severity` stands outside a guideline's table"),
        ("[parent-notice\n", "policy.toml is not a TOML file"),
    ],
)
def test_faults_name_line_and_key(tmp_path, text, message):
    with pytest.raises(InputError) as caught:
        read_policy(policy_file(tmp_path, text))
    assert str(caught.value).startswith(message)


def test_every_fault_is_named_and_which_part_is_wrong(tmp_path):
    text = """[supervisor-aproval]
severity = "urgent"
severty = "low"
[my-own]
clause = "District 3"
severity = "low"
fix_within = 3
from = { column = "audience", days = 7 }
met_by = { log = "review", every = 365 }
[parent-notice]
applies = { column = "audiance", values = ["class"] }
[audience-privacy]
applies = { column = "audience", values = ["clas"] }
"""
    path = policy_file(tmp_path, text).policy
    faults = {fault.line: fault.message for fault in check_policy(board_policy(), path)}
    assert list(faults) == [1, 2, 3, 4, 8, 9, 11, 13]
    assert "did you mean 'severity'?" in faults[3]
    assert "a new one still needs wording" in faults[4]
    assert "'audience' is a column of accounts, but holds no day" in faults[8]
    assert "there is no log 'review' (did you mean 'reviews'?)" in faults[9]
    assert "accounts have no column 'audiance' (did you mean 'audience'?)" in faults[11]
    assert "'audience' has no value 'clas' (did you mean 'class'?)" in faults[13]


def test_two_guidelines_of_one_title_are_refused(tmp_path):
    rule = """
clause = "District 1"
wording = "An account is requested."
severity = "low"
fix_within = 30
from = { column = "launched_on" }
met_by = { column = "requested_on" }
"""
    text = (
        f'[asked]\ntitle = "supervisor  Approval"{rule}[a-plan]{rule}[plan]\ntitle = "A plan"{rule}'
    )
    path = policy_file(tmp_path, text).policy
    faults = {fault.line: fault.message for fault in check_policy(board_policy(), path)}
    assert faults == {
        2: '[asked] `title`: "supervisor  Approval" is that of [supervisor-approval]; '
        "choose another one.",
        17: '[plan] `title`: "A plan" is that of [a-plan]; choose another one.',
    }
    # Its title heads a column beside those of the account: one heading is never two columns.
    for title in ("Account", "account ID", "School", "Title"):
        path = policy_file(tmp_path, f'[own]\ntitle = "{title}"{rule}').policy
        (fault,) = check_policy(board_policy(), path)
        assert fault.line == 2 and "is a heading of the reports; choose" in fault.message
