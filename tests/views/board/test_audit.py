"""The audit finds what a reader can work out from all that was printed."""

import pytest

from nmsdreports.views.board import reader
from nmsdreports.views.board.audit import check_hidden
from tests.views.board.editions import CLOSED, FEW, OUT, write_edition, write_rows

YEAR, DAY = "2025–26", "Aug 31, 2026"


def audit(tmp_path, *editions, min_cell=10):
    """What is found in editions, the newest first: each a dict of the rows of its tables."""
    parts = [write_edition(tmp_path / f"e{at}", **each) for at, each in enumerate(editions)]
    return check_hidden(parts, min_cell)


def closed(*rows, year=YEAR, day=DAY):
    return {"closed": [(year, *row, day) for row in rows]}


def running(band, day="Jun 30, 2026", year=YEAR):
    return {"running": [(year, band, day)]}


SAFE = [
    closed(("accounts", FEW, FEW), ("families", "14", FEW)),
    closed(("accounts", "31", "12"), ("families", OUT, "16")),
    closed(("accounts + families", OUT, OUT)),
    running("20–29"),
    running(FEW) | closed(("accounts", "14", FEW), year="2024–25", day="Aug 31, 2025"),
]


@pytest.mark.parametrize("edition", SAFE)
def test_what_keeps_its_words_passes(tmp_path, edition):
    assert audit(tmp_path, edition) == []


@pytest.mark.parametrize(
    ("edition", "cell", "known"),
    [
        # a small count itself, and none at all
        (closed(("accounts", "12", "3")), "accounts, substantiated: “3”", "3"),
        (closed(("accounts", "12", "0")), "accounts, substantiated: “0”", "0"),
        # 12 and 11: one was not substantiated
        (closed(("accounts", "12", "11")), "accounts, reported less substantiated", "1"),
        # the total beside the rows, however the row is named
        (
            closed(("accounts", FEW, FEW), ("families", "14", FEW), ("Total", "18", FEW)),
            "accounts, reported",
            "4",
        ),
        (
            closed(
                ("accounts", FEW, FEW), ("families", "14", FEW), ("accounts + families", OUT, "17")
            ),
            "families, substantiated",
            "8 to 9",
        ),
        # a total that leaves a row too little
        (
            closed(("accounts", OUT, "11"), ("families", "14", FEW), ("all", "31", FEW)),
            "accounts, reported",
            "17",
        ),
    ],
)
def test_what_one_table_tells_is_named_with_table_and_cell(tmp_path, edition, cell, known):
    faults = audit(tmp_path, edition)
    assert [fault for fault in faults if f"{YEAR}, {cell}" in fault and f"be {known}." in fault]


def test_a_restated_year_tells_by_the_difference(tmp_path):
    before = closed(("accounts", "14", FEW), ("families", FEW, FEW))
    after = closed(("accounts", "15", FEW), ("families", FEW, FEW), day="Sep 30, 2026")
    (fault, *_) = audit(tmp_path, after, before)
    assert fault == (
        "e1/closed.csv, 2025–26, accounts, reported: “14” was corrected elsewhere, by 1."
    )


def test_a_year_printed_again_as_it_was_tells_nothing(tmp_path):
    edition = closed(("accounts", "14", FEW), ("families", FEW, FEW))
    assert audit(tmp_path, edition, edition | running("10–19", year="2026–27")) == []


def test_categories_joined_in_another_way_tell_by_the_difference(tmp_path):
    before = closed(("accounts + families", "25", "12"), ("students", FEW, FEW))
    after = closed(("accounts", "17", FEW), ("families + students", OUT, OUT))
    faults = audit(tmp_path, after, before)
    assert "2025–26, families, reported: can be worked out to be 8." in faults


def test_a_hidden_number_is_told_by_another_edition(tmp_path):
    before = closed(("accounts + families", "25", FEW))
    told = "families, reported: “not shown” can be worked out to be 11."
    for text, found in (("14", told), (OUT, "")):
        faults = audit(
            tmp_path / text, closed(("accounts", text, FEW), ("families", OUT, FEW)), before
        )
        assert any(found in fault for fault in faults) if found else faults == []


def test_a_correction_that_may_be_a_large_one_tells_of_no_small_one(tmp_path):
    editions = [closed(("accounts", text, FEW)) for text in ("14", FEW)]
    assert audit(tmp_path, *editions) == []  # five to fourteen were added


def test_who_believes_the_older_edition_more_learns_nothing_either(tmp_path):
    before = closed(("accounts + families", "30", OUT))
    after = closed(("accounts", "14", FEW), ("families", OUT, "20"), day="Sep 30, 2026")
    assert audit(tmp_path / "alone", after) == []
    faults = audit(tmp_path, after, before)
    assert any("families, reported: “not shown” can be worked out to be 16." in f for f in faults)


@pytest.mark.parametrize(
    ("june", "rows", "found"),
    [
        ("20–29", [("accounts", "12", FEW), ("families", FEW, FEW)], "families, reported"),
        ("20–29", [("accounts", "22", FEW)], "reported so far on 2026-06-30"),
        ("20–29", [("accounts", "29", FEW)], None),
        ("20–29", [("accounts", "12", FEW), ("families", OUT, FEW)], None),
        ("10–19", [("accounts", "12", FEW), ("families", FEW, FEW)], None),
        # fewer in the year than in June: something was withdrawn, at least six of them
        ("20–29", [("accounts", "14", FEW)], None),
    ],
)
def test_what_was_told_while_the_year_was_running_binds(tmp_path, june, rows, found):
    faults = audit(tmp_path, closed(*rows), running(june))
    assert any(found in fault for fault in faults) if found else faults == []


def test_a_running_total_that_is_no_band_is_found(tmp_path):
    (fault,) = audit(tmp_path, running("14"))
    assert "reported so far on 2026-06-30: “14” can be worked out to be 14." in fault


def test_bands_of_months_bind_each_other(tmp_path):
    months = [running("10–19", "Jan 31, 2026"), running("20–29", "Feb 28, 2026")]
    assert audit(tmp_path, *months) == []
    faults = audit(tmp_path / "2", *months, running("14–23", "Jan 31, 2026"))
    assert "“10–19” can be worked out to be 14 to 19." in "".join(faults)


def test_files_of_one_edition_must_print_the_same(tmp_path):
    board = write_edition(tmp_path / "e", **closed(("accounts", "31", "12")))
    write_rows(board / "twin.csv", [CLOSED, (YEAR, "accounts", "45", "12", DAY)])
    faults = check_hidden([board], 10)
    assert "accounts, reported: the files of one edition print it in two ways." in faults[0]


def test_a_thousand_is_the_same_with_and_without_its_comma(tmp_path):
    board = write_edition(tmp_path / "e", **closed(("accounts", "1,031", "12")))
    write_rows(board / "twin.csv", [CLOSED, (YEAR, "accounts", "1031", "12", DAY)])
    assert check_hidden([board], 10) == []


def test_a_folder_without_a_table_fails(tmp_path):
    board = write_edition(tmp_path / "2026-10")
    assert check_hidden([board], 10) == [
        "2026-10: no table of incidents was found in the board's files."
    ]
    assert check_hidden([], 10)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([[*CLOSED, "Share"], (YEAR, "accounts", "40", "10", DAY, "25%")], "Share"),
        ([CLOSED, (YEAR, "accounts", "about ten", FEW, DAY)], "about ten"),
        ([CLOSED, (YEAR, "accounts", "14", FEW)], "closed.csv"),
        ([CLOSED, ("accounts", "", "14", FEW, DAY)], "no school year"),
        ([["Year", "Category", "Reported"], (YEAR, "accounts", "14")], "Year"),
        ([["School year", "Reported so far"], (YEAR, "10–19")], "Reported so far"),
    ],
)
def test_a_table_that_cannot_be_understood_fails(tmp_path, rows, why):
    board = write_edition(tmp_path / "2026-10")
    write_rows(board / "closed.csv", rows)
    (fault,) = check_hidden([board], 10)
    assert fault.startswith("2026-10: closed.csv cannot be read back") and why in fault


@pytest.mark.parametrize("name", ["deck.pptx", "page.ipynb", "book.xlsx", "notes.docx"])
def test_a_file_that_cannot_be_read_fails(tmp_path, name):
    board = write_edition(tmp_path / "2026-10", **SAFE[0])
    (board / name).write_bytes(b"PK torn")
    (fault,) = check_hidden([board], 10)
    assert name in fault


def test_a_solver_that_gives_no_answer_fails(tmp_path, monkeypatch):
    class NoTime:
        status, message, fun = 1, "Time limit reached", None

    monkeypatch.setattr(reader, "milp", lambda *_, **__: NoTime)
    (fault,) = audit(tmp_path, SAFE[0])
    assert fault == "2025–26: what its numbers tell cannot be worked out (Time limit reached)."


def test_where_nothing_is_to_be_hidden_nothing_is_found(tmp_path):
    assert audit(tmp_path, closed(("accounts", "3", "2")), min_cell=1) == []
