"""Somebody who keeps every edition ever published and works out what the hidden numbers can be.

Written apart from the program, without a solver: each number is an interval of whole numbers, and
what is printed narrows it from all sides until nothing moves any more. A year's cells hang together
like a tree (reported, substantiated and their difference in a row, the rows in the total, the total
with those of the months before), so that this finds the narrowest intervals there are. Where the
editions contradict each other, every way of believing a part of them is tried.
"""

import math
import re
from itertools import pairwise

NO_END = 10**6


def interval(text):
    numbers = [*map(int, re.findall(r"\d+", text))]
    if text.startswith("fewer"):
        return (0, numbers[0] - 1)
    return (numbers[0], numbers[-1]) if numbers else (0, NO_END)


def leaks(editions, least):
    """Every number that is known more nearly than its words promise, as a sentence."""
    found = []
    for year in sorted({row[0] for e in editions for row in (*e.closed, *e.running)}):
        closed = [tuple(row[1:4] for row in e.closed if row[0] == year) for e in editions]
        tables = [*dict.fromkeys(table for table in closed if table)]
        months = {}
        for e in editions:
            for name, text, day in e.running:
                if name == year:
                    months.setdefault(day, []).append(interval(text))
        found += [f"{year}: {words}" for words in corrected(tables, months, least)]
        for table in tables or [()]:
            for chain in chains(months):
                known = consequences(table, chain)
                if known is not None:
                    found += [f"{year}: {words}" for words in too_near(table, chain, known, least)]
    return [*dict.fromkeys(found)]


def corrected(tables, months, least):
    """Cells printed in two ways: by how much they were corrected is a number as well."""
    for one, other in pairwise(tables):
        texts = {row[0]: row[1:] for row in one}
        for names, *others in other:
            for before, after in zip(texts.get(names, ()), others, strict=False):
                (a, b), (c, d) = interval(before), interval(after)
                if before != after and (b - a) + (d - c) + 1 < least:
                    yield f"{names}: corrected from {before} to {after}"
    for day, told in months.items():
        for (a, b), (c, d) in pairwise(told):
            if (a, b) != (c, d) and (b - a) + (d - c) + 1 < least:
                yield f"the total on {day}: corrected"


def chains(months):
    """The totals of the months that are believed: all, those from one on, one alone, none.

    Of a month told twice each is tried.
    """
    days = sorted(months)
    for which in (0, -1):
        told = [months[day][which] for day in days]
        yield from (told[at:] for at in range(len(told)))
        yield from ([one] for one in told)
        # of those before a correction the ones that still fit
        fits = []
        for one in reversed(told):
            if not fits or one[0] <= fits[0][1]:
                fits.insert(0, one)
        yield fits
    yield []


def consequences(table, chain):
    """The interval of each row's reported, substantiated and difference and of each month's total;
    None where they contradict each other.
    """
    rows = [[interval(r), interval(s), (0, NO_END)] for _, r, s in table]
    months = [*chain]
    while True:
        before = ([row[:] for row in rows], months[:])
        for row in rows:
            (r0, r1), (s0, s1), (d0, d1) = row
            row[0] = (max(r0, s0 + d0), min(r1, s1 + d1))
            row[1] = (max(s0, r0 - d1), min(s1, r1 - d0))
            row[2] = (max(d0, r0 - s1), min(d1, r1 - s0))
        for at in range(1, len(months)):
            months[at] = (max(months[at][0], months[at - 1][0]), months[at][1])
        most = sum(row[0][1] for row in rows) if rows else math.inf
        for at in reversed(range(len(months))):
            most = min(most, months[at][1])
            months[at] = (months[at][0], most)
        for row in rows if months else []:
            others = sum(other[0][1] for other in rows) - row[0][1]
            row[0] = (max(row[0][0], months[-1][0] - others), row[0][1])
        if any(low > high for row in (*rows, months) for low, high in row):
            return None
        if before == (rows, months):
            return rows, months


def too_near(table, chain, known, least):
    rows, months = known
    for (names, *texts), (r, s, d) in zip(table, rows, strict=True):
        for text, (low, high) in zip(texts, (r, s), strict=True):
            if text.isdigit():
                kept = low >= least
            else:
                start, end = interval(text)
                kept = (low, high) == (start, end) if end < NO_END else high - low + 1 >= least
            if not kept:
                yield f"{names}: {text} is {low} to {high}"
        if d[0] < least and d[1] - d[0] + 1 < least:
            yield f"{names}: {d[0]} to {d[1]} were not substantiated"
    for promised, (low, high) in zip(chain, months, strict=True):
        if (low, high) != promised or high - low + 1 < least:
            yield f"a month's total of {promised[0]} to {promised[1]} is {low} to {high}"
    later = [*months[1:], (sum(r[0] for r, _, _ in rows), sum(r[1] for r, _, _ in rows))]
    for (low, high), (after, most) in zip(months, later if rows else months[1:], strict=False):
        if max(0, after - high) < least and most - low - max(0, after - high) + 1 < least:
            yield f"{max(0, after - high)} to {most - low} came after a month"
