"""Invitations and what meets them, where group names are many or nobody invited them."""

import numpy as np
import pandas as pd

from nmsdreports.policy.intervals import OPEN
from nmsdreports.policy.notices import invitations, matched


def test_every_group_keeps_its_account_however_many_there_are():
    accounts, named = 300_000, 9_000
    own = pd.DataFrame({"activity": pd.Series(pd.NA, range(accounts), dtype="str")})
    inviting = np.arange(accounts - named, accounts)
    names = pd.Series([f"class {number}" for number in range(named)], dtype="str")
    rows = pd.DataFrame(
        {
            "position": np.repeat(inviting, 2),
            "groups_invited": names.repeat(2).array,
            "starts_on": pd.to_datetime(["2026-09-10", "2026-09-01"] * named),
        }
    )
    owed, groups = invitations(rows, own, np.full(accounts, OPEN))
    assert owed["position"].tolist() == list(range(accounts))
    named_ones = owed[owed["position"] >= accounts - named]
    assert [groups[place] for place in named_ones["group"]] == names.tolist()
    assert (named_ones["starts"] == pd.Timestamp(2026, 9, 1).toordinal() - 719_163).all()


def test_telling_a_group_that_nobody_invited_meets_no_other_accounts_duty():
    owed = pd.DataFrame({"position": [0, 1], "group": [1, 0], "starts": [0, 0]})
    told = pd.DataFrame(
        {"position": [1], "group": [-1], "day": [5], "table": [""], "index": [0], "column": [""]}
    )
    assert matched(owed, told, ["all", "wind band"]).empty
