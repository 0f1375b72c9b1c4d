"""A reader who knows the rules of hiding, and puts every year that prints the same side by side."""

import itertools
from collections import defaultdict

import pandas as pd

from nmsdreports.views.board.suppression import suppress
from tests.views.board.histories import CATEGORIES as NAMES


def narrowed(categories, most, told, least=3):
    """What a reader learns who puts every year that prints the same beside each other.

    Every year of at most `most` reported in a category is printed; years that look the same are all
    that such a reader can tell apart. No hidden number may range over fewer than `least` of them.
    """
    pair = [(r, s) for r in range(most + 1) for s in range(r + 1)]
    cases = {
        str(number): case
        for number, case in enumerate(itertools.product(pair, repeat=categories))
        if sum(r for r, _ in case) >= told
    }
    frames = [
        (year, name, *pair)
        for year, case in cases.items()
        for name, pair in zip(NAMES, case, strict=False)
    ]
    columns = ["school_year", "category", "reported", "substantiated"]
    table = suppress(pd.DataFrame(frames, columns=columns), dict.fromkeys(cases, told), least)
    alike = defaultdict(list)
    for year, rows in table.groupby("school_year", sort=False):
        alike[tuple(rows.drop(columns="school_year").itertuples(index=False, name=None))].append(
            cases[year]
        )
    found = []
    for rows, years in alike.items():
        rows_at = [[NAMES.index(name) for name in names.split(" + ")] for names, *_ in rows]
        if any(sum(year[p][0] for p in row) >= most for year in years for row in rows_at):
            continue  # one category alone could be as large, and such years were not tried
        totals = {sum(r for r, _ in year) for year in years}
        if told and max(totals) < told + least - 1:
            found.append((rows, "the running total"))
        for places, (names, reported, substantiated) in zip(rows_at, rows, strict=True):
            values = [[sum(year[p][i] for p in places) for year in years] for i in (0, 1)]
            values.append([r - s for r, s in zip(*values, strict=True)])
            texts = (reported, substantiated, "the difference")
            for text, numbers in zip(texts, values, strict=True):
                wide = max(numbers) - min(numbers) + 1 >= least
                counted = text == "the difference" and min(numbers) >= least
                if not (text.isdigit() or wide or counted):
                    found.append((rows, names, text, min(numbers), max(numbers)))
    return found
