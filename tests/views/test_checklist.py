import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from nmsdreports import load
from nmsdreports.views.checklist import LISTED, WIDTH, check_lines

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="module")
def records():
    return load(SAMPLE)


def with_problems(records, **changes):
    return dataclasses.replace(records, problems=records.problems.assign(**changes))


def test_the_summary_comes_first_and_adds_up(records):
    lines = check_lines(records)

    assert lines[0] == records.settings.name
    for line in lines[3:6]:
        read, accepted, quarantined, blank = map(int, line.split()[-4:])
        assert read == accepted + quarantined + blank


def test_problems_stand_under_their_file_worst_first_with_cell_and_value(records):
    lines = check_lines(records)
    accounts = lines.index("accounts.xlsx · Accounts")
    following = lines.index("", accounts)

    assert lines[following + 1] == "admins.csv"
    listed = [line.split()[0] for line in lines[accounts + 1 : following] if line[2:3].strip()]
    assert listed == sorted(listed, key=["Error:", "Warning:", "Note:"].index)
    problem = records.problems.dropna(subset=["value"]).iloc[0]
    (line,) = [line for line in lines if f" {problem.cell} " in line and problem.file]
    assert f"'{problem.value}':" in line


def test_nothing_wrong_is_said_in_words(records):
    fine = dataclasses.replace(records, problems=records.problems.iloc[:0])

    assert check_lines(fine)[-1] == "Nothing is wrong with what was read."


def test_a_restricted_value_is_not_printed(records):
    secret = with_problems(records, column="description", value="a private matter")

    assert "private matter" not in "\n".join(check_lines(secret))


def test_long_lists_and_names_stay_readable(records):
    one = records.problems.iloc[[0]].assign(message="word " * 60, file="a-long-name" * 9 + ".xlsx")
    many = pd.concat([one] * 1500, ignore_index=True)
    counts = records.counts.assign(file="a-long-name" * 9 + ".xlsx")
    lines = check_lines(dataclasses.replace(records, problems=many, counts=counts))

    assert len(lines) < LISTED * 6 + 30
    assert lines[-1] == f"  ... and {1500 - LISTED:,} more: see quarantine.xlsx."
    assert all(len(line) <= WIDTH for line in lines if "a-long-name" not in line)


def test_a_file_that_cannot_be_used_stands_at_the_top(records):
    kinds = records.problems["outcome"].where(records.problems["file"] != "incidents.csv", "refuse")
    refused = records.problems["file"].eq("incidents.csv")
    message = records.problems["message"].mask(refused, "incidents.csv is empty.")
    lines = check_lines(with_problems(records, outcome=kinds, message=message))

    assert lines.index("  incidents.csv is empty.") < lines.index("accounts.xlsx · Accounts")
    assert "incidents.csv" not in lines


def test_a_value_that_the_message_names_is_not_said_twice(records):
    message = "Account 'A9' is not in the registry."
    lines = check_lines(with_problems(records, value="A9", message=message))

    assert "'A9': Account" not in "\n".join(lines)
