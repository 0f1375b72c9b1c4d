"""What is said of what changed: every cause that had a part in it, and which cell."""

from dataclasses import replace

import pandas as pd
import pytest

from nmsdreports.policy.since import nothing_moved
from nmsdreports.views.changed import table_changed, table_changed_statuses, table_since
from nmsdreports.views.since_words import changed_words, move_words, why_words
from tests.views import editions

CELL = "accounts.xlsx · Accounts!P6, Approved on: from blank to 2024-09-30"
RULE = "days to put it right: from 30 to 5"
DATA, POLICY = "data corrected", "policy or setting changed"
SINCE = {
    **{"name": "2026-09", "month": "2026-09", "restated": False, "cannot": ""},
    **{"same_as": "", "left": []},
}
FINDING = {
    **{"kind": "finding", "guideline": "supervisor-approval", "subject": "A1", "school_id": "S1"},
    **{"account_id": "A1", "finding_id": "supervisor-approval:A1", "title": "Supervisor approval"},
    **{"opened_on": pd.Timestamp("2026-09-10"), "move": "closed", "before": "", "after": ""},
    **{"reason": "met", "also": "", "cells": "", "rules": "", "label": "Page A", "sentence": ""},
}


@pytest.fixture(scope="module")
def seen():
    return editions.school_edition("S1")


def told(seen, *rows):
    """The edition, with these rows as all that changed."""
    frame = pd.DataFrame([FINDING | row for row in rows]).astype(
        {"also": "str", "reason": "str", "finding_id": "str"}
    )
    counts = nothing_moved().counts
    return replace(seen, since=SINCE, changes=frame, change_counts=counts)


def test_what_guidelines_or_corrections_moved_before_another_cause_is_not_denied(seen):
    _, data, policy = changed_words(told(seen, {"also": f"{POLICY}|{DATA}"}))
    assert data == "1 finding changed because data were corrected, then again for another reason."
    assert policy == (
        "1 finding changed because guidelines or settings changed, then again for another reason."
    )
    _, data, policy = changed_words(
        told(
            seen,
            {"reason": POLICY, "move": "changed"},
            {"also": POLICY, "finding_id": "supervisor-approval:A2"},
        )
    )
    assert data == "No finding changed because data were corrected."
    assert policy == (
        "1 finding changed because guidelines or settings changed: it has another day, severity or "
        "exception; 1 more changed for that reason first, then for another one."
    )
    _, _, policy = changed_words(told(seen, {}))
    assert policy == "None changed because of the guidelines, the settings or the program."


def test_statuses_that_changed_alone_are_not_denied_either(seen):
    _, data, _ = changed_words(told(seen, {"kind": "status", "reason": DATA}))
    assert data == "No finding, but 1 status changed because data were corrected."


def test_the_cell_and_the_guideline_stand_beside_the_reason_that_came_after_them():
    row = FINDING | {"also": f"{POLICY}|{DATA}", "cells": CELL, "rules": RULE}
    assert why_words(row) == (
        "met: what was missing is on record now; before that, changed by guidelines or settings: "
        f"{RULE}; and by corrected data: accounts.xlsx · Accounts!P6, Approved on: from blank to "
        "Sep 30, 2024"
    )
    assert why_words(FINDING | {"reason": DATA, "cells": CELL, "rules": ""}).startswith(
        "data corrected: accounts.xlsx · Accounts!P6"
    )


def test_what_was_over_already_is_told_in_plain_words():
    past = FINDING | {"move": "past"}
    found = {"before": "not found", "after": "closed 2025-11-14"}
    assert move_words(past | found) == "was over already (closed Nov 14, 2025), found only now"
    lost = {"before": found["after"], "after": found["before"]}
    assert move_words(past | lost) == "was over already (closed Nov 14, 2025), found no more"
    other = {"before": "begun 2025-10-11", "after": "begun 2025-10-09"}
    assert move_words(past | other) == (
        "was over already; begun Oct 9, 2025 (before: begun Oct 11, 2025)"
    )


def test_a_finding_that_was_opened_and_closed_is_told_once(seen):
    opened = {"move": "opened", "reason": "new duty", "sentence": "Page A had none."}
    rows = [opened, {"sentence": "Page A had none."}, {"finding_id": "supervisor-approval:A2"}]
    table = table_changed(told(seen, *rows)).columns
    assert table["Finding"] == ["Page A had none.", "Supervisor approval: Page A"]
    assert table["What changed"] == ["opened and closed", "closed"]
    assert table["Why"][0] == "a new duty began; then met: what was missing is on record now"


def test_a_correction_of_what_was_over_already_is_one_line(seen):
    rows = [
        {
            **{"move": "past", "reason": DATA, "cells": CELL, "before": "not found"},
            **{"after": f"closed 2025-0{n}-01", "finding_id": f"supervisor-approval:A1:{n}"},
        }
        for n in range(1, 6)
    ]
    edition = told(seen, *rows)
    (line,) = table_changed(edition).frame.to_dict("records")
    assert line["Finding"] == "Supervisor approval: 5 findings of Page A"
    assert line["What changed"] == "were over already, found only now"
    assert changed_words(edition)[1] == (
        "5 findings changed because data were corrected: all were over already."
    )
    # Nothing beside it says that nothing was corrected.
    assert "corrected" not in table_since(edition).nothing


def test_what_is_met_late_says_so_where_its_status_changed(seen):
    row = {"kind": "status", "before": "does not meet", "after": "meets, late"}
    assert table_changed_statuses(told(seen, row)).columns["Now"] == ["meets, late"]
