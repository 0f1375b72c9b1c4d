"""Fourteen months of a district that changes: what is told of each is what was done to it."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from nmsdreports.policy import assess, read_policy
from nmsdreports.policy.since import Since, moved_since
from nmsdreports.run import snapshots
from nmsdreports.run.snapshots import read_snapshot, write_snapshot
from nmsdreports.views.audience import edition
from nmsdreports.views.changed import since_columns
from nmsdreports.views.exports import COLUMNS, table_frame, write_table
from nmsdreports.views.since_words import changed_findings, changed_words, why_words
from tests.run.simulated import CORRECTED, MONTHS, SETTINGS, month_end, simulated

SEVERITY, DOMAINS, PROGRAM = MONTHS[4], MONTHS[8], MONTHS[11]
BY_POLICY, BY_PROGRAM = "policy or setting changed", "program changed"
LAST = MONTHS[-1]
COMPARED = ("findings", "status", "moves")


def changed_rule(policy, name, **values):
    rules = tuple(replace(r, **values) if r.id == name else r for r in policy.rules)
    return replace(policy, rules=rules)


def policy_of(month):
    """The guidelines in force: a severity changes in one month, a domain comes in another."""
    domains = SETTINGS.email_domains + (("example.org",) if month >= DOMAINS else ())
    policy = read_policy(replace(SETTINGS, email_domains=domains))
    return changed_rule(policy, "admin-rights", severity="low") if month >= SEVERITY else policy


def live(district):
    """What the guidelines and the program do, beside what people do."""
    for n in range(2):
        district.account(f"no-admin-{n}", admin_granted_on=None, admin_holder=None)
        district.account(f"other-mail-{n}", registered_email="olive@example.org")
        district.account(f"public-{n}", audience="class")
        district.expect(SEVERITY, BY_POLICY, f"no-admin-{n}", "admin-rights", "changed")
        district.expect(
            DOMAINS, BY_POLICY, f"other-mail-{n}", "district-email", "closed", "status",
            cell="what meets it: from nmsd.wednet.edu to nmsd.wednet.edu, example.org",
        )  # fmt: skip
        district.expect(PROGRAM, BY_PROGRAM, f"public-{n}", "audience-privacy", "opened", "status")
    # Where two causes meet the last one counts; where the second undoes the first nothing moved.
    row = district.account("earlier", admin_granted_on=None, admin_holder=None)
    district.at(SEVERITY, lambda: row.update(launched_on=date(2024, 8, 20)))
    district.expect(SEVERITY, CORRECTED, "earlier", "admin-rights", "changed")
    mail = district.account("mail", registered_email="olive@example.org")
    district.at(DOMAINS, lambda: mail.update(registered_email="olive@example.net"))


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """For each month from the second on: what moved and the month's standing; and the folders."""
    district = simulated()
    live(district)
    folder = tmp_path_factory.mktemp("snapshots")
    moved = {}
    with pytest.MonkeyPatch.context() as patch:
        # What is compared, and no table more: fourteen months take a while.
        patch.setattr(snapshots, "COLUMNS", {name: COLUMNS[name] for name in COMPARED})
        make_months(district, folder, moved)
    return moved, folder, district


def make_months(district, folder, moved):
    """Let every month come with its changes; compare it with the one before."""
    for before, month in zip([None, *MONTHS], MONTHS, strict=False):
        for change in district.changes[month]:
            change()
        policy = policy_of(month)
        records = district.records()
        standing = assess(records, policy).at(month_end(month))
        if before:
            then = read_snapshot(folder / before)
            moved[month] = moved_since(then, standing, month != PROGRAM), standing
        write_snapshot(standing, folder / month)
        if month == MONTHS[MONTHS.index(PROGRAM) - 1]:
            print_by_another_program(records, policy, month, folder / month)


def print_by_another_program(records, policy, month, folder):
    """What the edition says, had a program made it that judges privacy in another way."""
    other = changed_rule(
        policy, "audience-privacy", met_by={"column": "owner", "values": ["Olive Quill"]}
    )
    standing = assess(records, other).at(month_end(month))
    for name in ("findings", "status"):
        write_table(table_frame(standing, name), "parquet", folder / f"{name}.parquet")


def listed(rows):
    columns = ["kind", "guideline", "subject", "move", "reason"]
    return Counter(rows[columns].itertuples(index=False, name=None))


@pytest.mark.parametrize("month", MONTHS[1:])
def test_every_reason_is_the_change_that_was_made(told, month):
    moved, _, district = told
    rows = moved[month][0].rows

    assert listed(rows) == district.expected[month]
    beside = rows.assign(month=month)[
        ["month", "kind", "guideline", "subject", "move", "reason", "also", "cells", "rules"]
    ]
    for *key, also, cells, rules in beside.itertuples(index=False, name=None):
        assert district.cells.get(tuple(key), "") in cells + rules
        causes = {key[-1], *also.split("|")}
        assert (bool(cells), bool(rules)) == (CORRECTED in causes, BY_POLICY in causes)


def net_of(counts):
    """What program, guidelines and data opened, less what they closed."""
    opened, closed = (
        counts[[f"{move}_by_{by}" for by in ("program", "policy", "data")]].sum(axis=1)
        for move in ("opened", "closed")
    )
    return opened - closed


def numbers_of(words):
    """How many were opened and closed, and all parts of which they are said to be made."""
    told = re.search(r"(\w+) findings? (?:was|were) opened and (\w+) closed(?: \((.*?)\))?;", words)
    opened, closed, parts = told.groups()
    parts = re.findall(r"(\d+|none) and (\d+|none) ", parts) if parts else [(opened, closed)]
    number = {"no": 0, "none": 0}
    return [tuple(number.get(n) if n in number else int(n) for n in pair)
            for pair in ((opened, closed), *parts)]  # fmt: skip


def test_the_columns_add_up_and_are_the_rows_for_every_guideline_and_school(told):
    moved, _, _ = told
    twice = []
    for month, (change, _) in moved.items():
        counts = change.counts.set_index(["guideline", "school_id"])
        led = counts["open_then"] + net_of(counts) + counts["opened"] - counts["closed"]
        assert (led == counts["open_now"]).all(), month
        rows = change.rows[change.rows["kind"] == "finding"]
        key = ["guideline", "subject", "school_id", "opened_on"]
        twice += rows.loc[rows.duplicated(key, keep=False), "move"].to_list()
        rows = pd.concat([rows, rows.assign(school_id="*")])
        for move in ("opened", "closed"):
            shown = counts[[name for name in counts if name.startswith(move)]].sum(axis=1)
            listed = rows[rows["move"] == move].groupby(["guideline", "school_id"]).size()
            assert shown[shown > 0].to_dict() == listed.to_dict(), (month, move)
    # What was opened and closed between two reports stands in two lines, in that order.
    assert len(twice) > 4 and twice == ["opened", "closed"] * (len(twice) // 2)


def test_the_headline_says_what_the_columns_show(told):
    moved, _, _ = told
    causes = set()
    for month in (SEVERITY, DOMAINS, PROGRAM):
        change, standing = moved[month]
        before = MONTHS[MONTHS.index(month) - 1]
        since = Since(before, before, False, "", change)
        for school in [None, *standing.records.schools["school_id"]]:
            seen = edition(standing, "school" if school else "office", school, since=since)
            columns = since_columns(seen)
            total = seen.totals.change_counts[list(columns)].sum()
            said, *parts = numbers_of(changed_words(seen)[0])
            for at, move in enumerate(("opened", "closed")):
                shown = total[[name for name in columns if name.startswith(move)]].sum()
                assert said[at] == sum(part[at] for part in parts) == shown
                assert shown == (changed_findings(seen)["move"] == move).sum(), (month, school)
            # what else was corrected or judged otherwise is told in the same sentence
            rows = changed_findings(seen)
            rows = rows[rows["reason"].isin([CORRECTED, BY_POLICY, BY_PROGRAM])]
            more = re.search(r"; (\d+) more changed in another way, by", changed_words(seen)[0])
            otherwise = rows[rows["move"].isin(["changed", "past"])]
            assert (int(more[1]) if more else 0) == len(otherwise), (month, school)
            causes |= columns.keys()
    # Corrections that cancel out are told all the same: opened at one school, closed at another.
    assert {"opened_by_data", "closed_by_data", "closed_by_policy", "opened_by_program"} <= causes


def test_the_counts_lead_from_one_month_to_the_next_everywhere(told):
    moved, folder, _ = told
    for month, (change, standing) in moved.items():
        counts = change.counts.set_index(["guideline", "school_id"])
        moves = standing.moves.set_index(["guideline", "school_id"])
        early = net_of(counts)
        assert len(counts) == len(moves)
        assert (counts["open_then"] + early == moves["open_before"]).all(), month
        for name in ("opened", "closed", "open_now"):
            assert (counts[name] == moves[name]).all(), (month, name)
        assert (moves["open_before"] + moves["opened"] - moves["closed"] == moves["open_now"]).all()
        before = pd.read_parquet(folder / MONTHS[MONTHS.index(month) - 1] / "moves.parquet")
        printed = before.set_index(["guideline", "school_id"])["open_now"].reindex(counts.index)
        if month != PROGRAM:
            assert (printed == counts["open_then"]).all()


def test_what_had_changed_it_before_its_reason_is_named_beside_it(told):
    moved, _, _ = told
    rows = moved[SEVERITY][0].rows
    (row,) = rows[(rows["subject"] == "earlier") & (rows["kind"] == "finding")].to_dict("records")
    assert (row["reason"], row["also"]) == (CORRECTED, BY_POLICY)
    # which cell, and what the guidelines say now: both are told, each with its own
    why = why_words(row)
    assert "data corrected: accounts.csv!" in why and "Launched on: from " in why
    assert why.endswith(
        "; before that, changed by guidelines or settings: severity: from high to low"
    )
    assert rows.loc[rows["subject"] == "no-admin-0", "also"].tolist() == [""]


def test_every_kind_of_reason_was_given(told):
    moved, _, _ = told
    reasons = {reason for change, _ in moved.values() for reason in change.rows["reason"]}
    assert reasons == {
        *("met", "account closed", "new duty", "evidence ran out", "became overdue", "reported"),
        *("resolved", "exception began", "exception ended", CORRECTED, BY_POLICY, BY_PROGRAM),
    }


def test_a_restated_month_lists_all_of_its_corrections_and_nothing_else(told):
    _, folder, district = told
    row = district.account("too-late", school_id="S1")
    district.tables["accounts"].remove(row)
    district.tables["accounts"].insert(3, row | {"approved_on": None})
    district.tables["accounts"][0]["owner"] = "Somebody Else"  # decides nothing
    standing = assess(district.records(), policy_of(LAST)).at(month_end(LAST))

    change = moved_since(read_snapshot(folder / LAST), standing)
    found = change.rows[change.rows["kind"] == "finding"]
    assert listed(found) == {("finding", "supervisor-approval", "too-late", "opened", CORRECTED): 1}
    assert found["cells"].tolist() == ["a row was added (accounts.csv!5)"]
    assert set(change.rows["subject"]) == {"too-late"}
    assert change.counts["opened"].sum() == change.counts["closed"].sum() == 0
    district.tables["accounts"].pop(3)


def test_where_months_lie_between_the_counts_still_lead_from_then_to_now(told):
    moved, folder, district = told
    standing = moved[LAST][1]
    change = moved_since(read_snapshot(folder / MONTHS[-4]), standing, same_program=False)

    counts = change.counts.set_index(["guideline", "school_id"])
    assert (counts["open_now"] == standing.moves["open_now"].to_numpy()).all()
    led = net_of(counts)
    led += counts["open_then"] + counts["opened"] - counts["closed"]
    assert (led == counts["open_now"]).all()
    expected = sum((district.expected[month] for month in MONTHS[-3:]), Counter())
    wanted = {row for row in expected if row[3] in ("opened", "closed") and row[4] != BY_PROGRAM}
    assert wanted <= set(listed(change.rows))
