"""Invitations of a state's size: many accounts, and group names that hardly any two share."""

import numpy as np
import pandas as pd

from nmsdreports.policy.intervals import OPEN
from nmsdreports.policy.notices import invitations


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
