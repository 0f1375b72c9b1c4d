"""Thousands of districts published for years: `python -m tests.views.board.soak 2000 [seed]`.

At the root. Prints what an attacker and the audit found (nothing, else it ends with 1), and the
share of cells that is hidden beside the usual way: each row with a small count hidden whole, and
with it the next smallest row, so that no subtraction helps.
"""

import random
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from nmsdreports.views.board.audit import check_hidden
from tests.views.board.attacker import leaks
from tests.views.board.editions import write_edition
from tests.views.board.histories import by_rule, history
from tests.views.board.knowing import narrowed

MIN_CELL = 10
SIZES = (10, 20, 50, 100, 200)
AUDITED = 20


def soak(districts: int, seed: int) -> int:
    """Publish so many districts and attack each; return how many told something."""
    cells, leaking, editions = defaultdict(list), 0, 0
    for number in range(districts):
        told = history(seed + number, by_rule, years=4)
        editions += len(told)
        found = leaks(told, MIN_CELL)
        if number % AUDITED == 0:
            found += audited(told)
        if found:
            leaking += 1
            print(f"district {seed + number}: {found[0]} ({len(found)} in all)")
        for edition in told:
            for year in {row[0] for row in edition.counted}:
                count(cells, edition, year)
    print(f"{districts} districts, {editions} editions: {leaking} told what was hidden")
    shares(cells)
    return leaking


def audited(editions):
    with tempfile.TemporaryDirectory() as folder:
        parts = [
            write_edition(Path(folder) / str(at), edition.closed, edition.running)
            for at, edition in enumerate(editions)
        ]
        return check_hidden(parts[::-1], MIN_CELL)


def count(cells, edition, year):
    """The cells of a year that is printed first: all and shown, ours and in whole rows."""
    exact = [row[4:] for row in edition.counted if row[0] == year]
    texts = [text for row in edition.closed if row[0] == year for text in row[2:4]]
    total = sum(reported for reported, _ in exact)
    size = next((f"fewer than {most}" for most in SIZES if total < most), f"{SIZES[-1]} or more")
    cells[size].append(
        (len(texts), sum(map(str.isdigit, texts)), 2 * len(exact), whole_rows(exact))
    )


def whole_rows(exact):
    """The cells that stay where every row with a small count is hidden, and the next smallest."""
    kept = sorted(row for row in exact if min(*row, row[0] - row[1]) >= MIN_CELL)
    if kept and len(kept) < len(exact):
        kept = kept[1:]
    return 2 * len(kept)


def shares(cells):
    print(f"{'reported in a year':>20} years  hidden  in whole rows   exact numbers a year, both")
    for size in [*(f"fewer than {most}" for most in SIZES), f"{SIZES[-1]} or more", "all"]:
        years = (
            [year for found in cells.values() for year in found] if size == "all" else cells[size]
        )
        if years:
            all_, shown, rows, kept = map(sum, zip(*years, strict=True))
            hidden, usual = 1 - shown / all_, 1 - kept / rows
            print(
                f"{size:>20} {len(years):5}   {hidden:4.0%}       {usual:4.0%}"
                f"          {shown / len(years):.1f}  {kept / len(years):.1f}"
            )


def knowing():
    """Who knows the rules, with three categories and every year of at most 7 in each."""
    found = [words for told in (0, 3, 6) for words in narrowed(3, 7, told)]
    print(f"every small year of three categories beside each other: {len(found)} told")
    return len(found)


if __name__ == "__main__":
    drawn = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(f"seed {drawn}")
    sys.exit(bool(soak(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, drawn) + knowing()))
