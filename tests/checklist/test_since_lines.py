"""Line 11 for what changed: held against what the two editions printed, each by itself."""

import re
from collections import Counter

from nmsdreports.views.workbook.changed import REFERENCE
from tests.checklist.cells import assert_cells, on_page, rows_of
from tests.checklist.months import STOOD_BEFORE
from tests.views import workbooks

KEY = ["guideline", "subject", "school_id", "opened_on"]
MOVED = ("opened", "closed")
CAUSES = {
    "data corrected": "by corrected data",
    "a guideline or setting changed": "by guidelines or settings",
}


def told_together(rows):
    """The rows, the first alone of more than three that were over already and moved alike."""
    over, kept = {}, []
    for row in rows:
        what = re.sub(r"^was over already(; .*| \(.*\))?", "were over already", row["What changed"])
        same = over.setdefault((what, row["Guideline"], row["Why"]), [])
        same.append(row)
        kept.append((row, what, same))
    return [
        row | {"What changed": what} if what.startswith("were over") and len(same) > 3 else row
        for row, what, same in kept
        if row is same[0] or not what.startswith("were over") or len(same) <= 3
    ]


def statuses_that_differ(truth):
    """What each edition says of a guideline and subject of which they say different things."""
    key = ["guideline", "subject", "school_id"]
    sides, told = [], []
    for rows in (truth.rows_then("status"), truth.rows("status")):
        late = rows["late"].eq("true")
        sides.append(rows.set_index(key)["status"].to_dict())
        told.append(
            rows.assign(status=rows["status"].mask(late, "meets, late"))
            .set_index(key)["status"]
            .to_dict()
        )
    keys = sides[0].keys() | sides[1].keys()
    return {
        key: tuple(side.get(key, "not judged") for side in told)
        for key in keys
        if sides[0].get(key) != sides[1].get(key)
    }


def open_ones(truth):
    """The identity of each finding that is open, then and now."""
    sides = []
    for rows in (truth.rows_then("findings"), truth.rows("findings")):
        rows = rows[rows["open"].eq("true")]
        sides.append(set(rows[KEY].itertuples(index=False, name=None)))
    return sides


def test_line_11_findings_that_changed_are_those_that_differ(book, page, truth):
    rows = rows_of(book, "Changes")
    shown = Counter(row["What changed"] for row in rows if row["What changed"] in MOVED)
    then, now = open_ones(truth)
    assert shown["opened"] - shown["closed"] == len(now) - len(then)
    # Every finding that is open in one of them only is named, with the move that it made.
    ids = Counter((row[REFERENCE], row["What changed"]) for row in rows)
    by_key = {
        tuple(row[k] for k in KEY): row["finding_id"]
        for table in (truth.rows("findings"), truth.rows_then("findings"))
        for row in table.to_dict("records")
    }
    for key in now - then:
        assert ids[(by_key[key], "opened")] == 1
    for key in then - now:
        masked = ids[("another school's", "closed")]
        assert ids[(by_key[key], "closed")] == 1 or masked
    told = on_page(page, "Each finding that changed")
    assert lines_of(rows) == [(row["What changed"], row["Why"]) for row in told]
    assert not any(row["What changed"] == "opened and closed" for row in rows)


def lines_of(rows):
    """The workbook's rows as a page tells them: what was opened and then closed is one line.

    So are more than three that were over already, of one guideline and one cause.
    """
    rows, lines = told_together(rows), []
    for before, row in zip([{}, *rows], rows, strict=False):
        key = [REFERENCE, "Begun", "About", "School"]
        same = before and all(row.get(name) == before.get(name) for name in key)
        if same and (before["What changed"], row["What changed"]) == ("opened", "closed"):
            lines[-1] = ("opened and closed", f"{before['Why']}; then {row['Why']}")
        else:
            lines.append((row["What changed"], row["Why"]))
    return lines


def test_line_11_statuses_that_changed_are_those_that_differ(book, page, truth):
    wanted = Counter(
        (truth.titles[guideline], *pair)
        for (guideline, *_), pair in statuses_that_differ(truth).items()
    )
    names = ("Guideline", "Before", "Now", "Why")
    rows = [tuple(row[name] for name in names) for row in rows_of(book, "StatusChanges")]
    assert Counter(row[:3] for row in rows) == wanted
    on = on_page(page, "Each status that changed")
    assert {tuple(row[name] for name in names[1:]) for row in on} == {row[1:] for row in rows}


def test_line_11_the_sentences_of_what_changed(book, page, truth):
    rows = rows_of(book, "Changes")
    moves = Counter(row["What changed"] for row in rows)
    then, now = open_ones(truth)
    more = len(now) - len(then)
    compared = f"{abs(more)} {'more' if more > 0 else 'fewer'} than it said"
    if not more:
        compared = "as many as it said" if len(now) else "as before"
    opened = {0: "no finding was", 1: "1 finding was"}.get(moves["opened"])
    opened = opened or f"{moves['opened']} findings were"
    moved = f"{opened} opened and {moves['closed'] or 'none'} closed"
    first = f"Since the report of September 2026, {moved}"
    corrected = {(row[REFERENCE], row["Begun"]) for row in rows if "data corrected" in row["Why"]}
    both = {(row[REFERENCE], row["Begun"]) for row in rows if row["What changed"] in MOVED}
    others = [row for row in rows if (row[REFERENCE], row["Begun"]) not in both]
    others = [by for row in others for why, by in CAUSES.items() if row["Why"].startswith(why)]
    if others:
        by = " and ".join(sorted({*others}))
        compared += f"; {len(others)} more changed in another way, {by}"
    for words in (page.words, " ".join(workbooks.lines(book["Summary"]))):
        assert first in words and f"{compared}." in words
        said = re.findall(r"(\d+) findings? (?:was|were|changed)[^.]*? because data were", words)
        assert {int(number) for number in said} == ({len(corrected)} if corrected else set())


def test_line_11_from_then_to_now_in_counts(book, page, truth):
    rows = on_page(page, "Open findings, from the report of September 2026")
    changes = [row for row in rows_of(book, "Changes") if row["What changed"] in MOVED]
    corrected = any("data corrected" in row["Why"] for row in changes)
    assert bool(rows) == corrected
    values = [[list(row.values()) for row in table] for table in (rows, rows_of(book, "Since"))]
    assert values[0] == values[1]
    if not rows:
        return
    signs = [
        0 if name in ("Guideline", "Open now") else -1 if name.startswith("Closed") else 1
        for name in rows[0]
    ]
    for row in rows:
        numbers = [int(cell) if sign else 0 for cell, sign in zip(row.values(), signs, strict=True)]
        led = sum(number * sign for number, sign in zip(numbers, signs, strict=True))
        assert led == int(row["Open now"])
    # What was corrected is what must have been, for the others to make what is open now.
    rows = [{name: row[name] for name in row if "corrected" not in name} for row in rows]
    moves = truth.moves_since()
    assert_cells(rows, "Guideline", {row["Guideline"]: moves[row["Guideline"]] for row in rows})
    named = {row["Guideline"] for row in rows}
    assert {title for title, cells in moves.items() if {*cells.values()} != {"0"}} <= named


def test_each_cell_that_was_corrected_is_told_where_it_decides(book, truth):
    told = " ".join(
        row["Why"] for name in ("Changes", "StatusChanges") for row in rows_of(book, name)
    )
    cells = {
        "A034": ("S4", "Purpose: from other to communication"),
        "A016": ("S2", "Registered e-mail: from room3@example.com to q.pasteby@example.org"),
        "A022": ("S2", "School: from another school to this school"),
        "A025": ("S3", "Launched on: from not readable to"),
    }
    assert {account for account, *_ in STOOD_BEFORE} == cells.keys()
    for school, words in cells.values():
        if truth.key == "*":
            words = words.replace("another school", "Lantern Bay High School")
            words = words.replace("this school", "Cedar Creek Elementary")
        assert (words in told) == (truth.key in ("*", school)), words
    assert ("severity: from low to medium" in told) == (truth.key in ("*", "S4"))


def test_a_school_reads_nothing_of_an_account_that_another_school_has_now(sample_month):
    lantern = sample_month.reports["S4-lantern-bay-high-school"]
    told = rows_of(workbooks.read(lantern.workbook), "Changes")
    gone = [row for row in told if row["About"].startswith("What another school has now")]
    assert [row[REFERENCE] for row in gone] == ["another school's"]
    for path in (lantern.page, lantern.notebook):
        text = path.read_text("utf-8")
        assert "samplecedarart" not in text and "A022" not in text
