"""Who keeps every edition of years of corrections works out no hidden number."""

import pandas as pd
import pytest

from nmsdreports.views.board.audit import check_hidden
from tests.views.board import histories
from tests.views.board.attacker import leaks
from tests.views.board.editions import FEW, OUT, write_edition
from tests.views.board.histories import Printed, by_program, by_rule, history

DAYS = pd.to_datetime(["2026-05-31", "2026-06-30", "2026-08-31", "2026-09-30"])


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_hundreds_of_districts_tell_nothing_in_years_of_corrections(first):
    for seed in range(first, first + 50):
        assert leaks(history(seed, by_rule), 10) == []


@pytest.mark.parametrize("min_cell", [3, 20])
def test_another_smallest_count_keeps_its_promise_too(min_cell):
    for seed in range(30):
        assert leaks(history(seed, by_rule, min_cell=min_cell), min_cell) == []


def closed(at, *rows):
    return Printed(DAYS[at], [("2025–26", *row, DAYS[at]) for row in rows])


def running(at, text):
    return Printed(DAYS[at], [], [("2025–26", text, DAYS[at])])


@pytest.mark.parametrize(
    "editions",
    [
        [closed(2, ("accounts", "3", "0"))],
        [closed(2, ("accounts", "12", "11"))],
        [closed(2, ("accounts", "14", FEW)), closed(3, ("accounts", "15", FEW))],
        [running(1, "10–19"), closed(2, ("accounts", "14", FEW))],
        [running(1, "20–29"), closed(2, ("accounts", "14", FEW), ("students", FEW, FEW))],
        # May was corrected in June, and still binds with the year
        [
            *(running(0, "20–29"), running(1, "10–19")),
            closed(2, ("accounts", "12", FEW), ("students", FEW, FEW)),
        ],
        [running(0, "10–19"), running(1, "14–23"), running(1, "14")],
    ],
)
def test_the_attacker_finds_what_is_there_to_find(editions):
    assert leaks(editions, 10)


@pytest.mark.parametrize(
    "editions",
    [
        [closed(2, ("accounts", "14", FEW), ("students", FEW, FEW))],
        [running(1, "10–19"), closed(2, ("accounts", "14", FEW), ("students", FEW, FEW))],
        [running(1, "20–29"), closed(2, ("accounts", "14", FEW), ("students", OUT, FEW))],
        [running(0, FEW), running(1, "10–19"), running(2, "10–19")],
    ],
)
def test_the_attacker_finds_nothing_where_nothing_is(editions):
    assert leaks(editions, 10) == []


def small_ones_only(years, bands, min_cell):
    """Hides what is small and nothing else."""
    table = years[["school_year", "category"]].astype("str")
    for name in ("reported", "substantiated"):
        table[name] = (
            years[name].astype("str").mask(years[name] < min_cell, f"fewer than {min_cell}")
        )
    return table


def forgetting(years, bands, min_cell):
    """Hides as it should, but knows nothing of what was told while a year was running."""
    return histories_suppress(years, {}, min_cell)


histories_suppress = histories.suppress


@pytest.mark.parametrize("hide", [small_ones_only, forgetting])
def test_hiding_less_would_be_found_by_attacker_and_audit(hide, monkeypatch, tmp_path):
    monkeypatch.setattr(histories, "suppress", hide)
    told = {seed: leaks(history(seed, by_rule), 10) for seed in range(20)}
    assert sum(map(bool, told.values())) >= 5
    for seed in [seed for seed, found in told.items() if found][:3]:
        assert check_hidden(written(tmp_path / str(seed), history(seed, by_rule)), 10)


def written(folder, editions):
    return [
        write_edition(folder / str(at), edition.closed, edition.running)
        for at, edition in enumerate(editions)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_the_audit_lets_what_is_safe_be_published(seed, tmp_path):
    editions = history(seed, by_rule)
    assert check_hidden(written(tmp_path, editions)[::-1], 10) == []


@pytest.mark.parametrize("seed", range(2))
def test_the_program_prints_by_that_rule(seed):
    assert history(seed, by_program, years=2) == history(seed, by_rule, years=2)
