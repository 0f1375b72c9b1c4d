"""Board folders as they are published, their tables written as CSV files."""

import csv

FEW, OUT = "fewer than 10", "not shown"
CLOSED = ["School year", "Category", "Reported", "Substantiated", "Counted on"]
RUNNING = ["School year", "Reported so far", "As of"]


def write_edition(folder, closed=(), running=()):
    """The board's folder of an edition in `folder`, of rows as the two tables have them."""
    board = folder / "board"
    board.mkdir(parents=True)
    for name, header, rows in (("closed", CLOSED, closed), ("running", RUNNING, running)):
        if rows:
            write_rows(board / f"{name}.csv", [header, *rows])
    return board


def write_rows(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
