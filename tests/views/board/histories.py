"""Made-up districts whose log of incidents is published for years while it is being corrected.

A month adds rows, some of an earlier month or year; rows are substantiated late, moved to another
category or year, or taken out. Some months are published, some of them again later. What is printed
is made by the program: closed years as they were first printed, the running one in bands.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace

import pandas as pd

from nmsdreports.views.board.edition import incidents_printed
from nmsdreports.views.board.suppression import band, suppress

CATEGORIES = ["accounts", "families", "students", "conduct", "personal use"]
FIRST = 2020
NAMES = ["school_year", "closed", "launched", "category", "reported", "substantiated"]


@dataclass
class Printed:
    """What one published edition prints of incidents, as the two tables have it, and nobody sees:
    the counts of the years that it prints first.
    """

    as_of: pd.Timestamp
    closed: list[tuple] = field(default_factory=list)
    running: list[tuple] = field(default_factory=list)
    counted: list[tuple] = field(default_factory=list, compare=False)


def history(seed, make, years=3, min_cell=10):
    """The published editions of a made-up district, in the order of their publication.

    `make` prints one (`by_rule`, quick, or `by_program`).
    """
    draw = random.Random(seed)
    categories = CATEGORIES[: draw.randint(1, len(CATEGORIES))]
    shares = [draw.expovariate(1) for _ in categories]
    a_year = draw.choice([4, 10, 20, 40, 80, 160]) * min_cell / 10
    substantiated, restless = draw.random(), draw.choice([0, 0.01, 0.05])
    published = draw.choice([0.3, 0.6, 0.9])
    launch = random.Random(seed + 1).choice([0, 0, 1, 2])
    district = (categories, launch)
    rows, editions = [], []
    months = pd.date_range(f"{FIRST}-09-30", periods=12 * years + 2, freq="ME")
    for at, month in enumerate(months):
        _correct(draw, rows, categories, restless, at)
        for _ in range(_drawn(draw, a_year / 12)):
            late = draw.choice([0, 0, 0, 0, 1, 3, 12])
            place = draw.choices(range(len(categories)), shares)[0]
            rows.append([max(0, at - late), place, draw.random() < substantiated / 2])
        for row in rows:  # an investigation ends
            row[2] = row[2] or draw.random() < substantiated / 20
        if draw.random() < published:
            editions.append(_print(rows, at, month, district, editions, min_cell, make))
        if at and draw.random() < 0.05:  # an earlier month once more, from the log of now
            back = draw.randrange(max(0, at - 8), at)
            editions.append(_print(rows, back, months[back], district, editions, min_cell, make))
    return editions


def _correct(draw, rows, categories, restless, at):
    for row in [*rows]:
        if draw.random() < restless:
            change = draw.randrange(4)
            if change == 0:
                rows.remove(row)
            elif change == 1:
                row[1] = draw.randrange(len(categories))
            elif change == 2:
                row[0] = min(at, max(0, row[0] + draw.choice([-12, 12])))
            else:
                row[2] = not row[2]


def _drawn(draw, mean):
    """How many came in a month."""
    return sum(draw.random() < mean / 20 for _ in range(20)) if mean < 20 else round(mean)


def _print(rows, at, month, district, editions, min_cell, make):
    """One edition; `rows` after the month are not known to it yet."""
    categories, launch = district
    reported = Counter((row[0] // 12, row[1]) for row in rows if row[0] <= at)
    true = Counter((row[0] // 12, row[1]) for row in rows if row[0] <= at and row[2])
    found = [
        (
            _name(year),
            12 * year + 11 <= at,
            year >= launch,
            name,
            reported[year, place],
            true[year, place],
        )
        for year in range(at // 12 + 1)
        for place, name in enumerate(categories)
    ]
    return make(month, found, editions, min_cell)


def by_rule(month, found, editions, min_cell):
    """An edition by the rule of closed and running years, told anew: closed ones are frozen."""
    before = {row[0]: edition.closed for edition in editions for row in edition.closed}
    told = {}
    for edition in editions:
        for year, text, _ in edition.running:
            lower = int(text.split("–")[0]) if "–" in text else 0
            told[year] = max(told.get(year, 0), lower)
    over = [row for row in found if row[1] or row[0] in before]
    years = sorted(
        {row[0] for row in over if _is_told(row, over, editions, before, told, min_cell)}
    )
    years = years[-5:]
    fresh = [row for row in over if row[0] in years and row[0] not in before]
    new = []
    if fresh:
        table = pd.DataFrame(fresh, columns=NAMES).drop(columns=["closed", "launched"])
        table = suppress(table, told, min_cell)
        new = [(*row, month) for row in table.itertuples(index=False, name=None)]
    closed = [row for year in years for row in before.get(year, new) if row[0] == year]
    now = [row for row in found if row not in over]
    running = [(now[0][0], band(sum(row[4] for row in now), min_cell), month)] if now else []
    return Printed(month, closed, running, fresh)


def _is_told(row, over, editions, before, told, min_cell):
    """Whether a closed year is printed: one before the first launch only where it has many."""
    year, _, launched, *_ = row
    if launched or year in before or year in told:
        return True
    end = pd.Timestamp(f"{int(year[:4]) + 1}-08-31")
    passed = any(edition.as_of >= end for edition in editions)
    return not passed and sum(other[4] for other in over if other[0] == year) >= min_cell


def by_program(month, found, editions, min_cell):
    """The same edition as the program makes it."""
    standing = SimpleNamespace(school_years=pd.DataFrame(found, columns=NAMES), as_of=month)
    closed, running = incidents_printed(standing, _before(editions), min_cell)
    told = [(running["school_year"], running["reported"], month)] if running["school_year"] else []
    return Printed(month, [*closed.itertuples(index=False, name=None)], told)


def _name(year):
    return f"{FIRST + year}–{(FIRST + year + 1) % 100:02}"


def _before(editions):
    """What editions printed, as it is read back from their files."""
    closed = dict.fromkeys(row for edition in editions for row in edition.closed)
    running = dict.fromkeys(row for edition in editions for row in edition.running)
    rows = [
        *(("file", day, "closed", *texts) for *texts, day in closed),
        *(("file", day, "running", year, "", text, "") for year, text, day in running),
    ]
    names = ["file", "as_of", "kind", "school_year", "categories", "reported", "substantiated"]
    return pd.DataFrame(rows, columns=names) if rows else None
